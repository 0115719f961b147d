//! The answer: an array of one payment, or an object that says why there is none.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::amount::Amount;
use crate::ids::{ReferenceId, TransactionUuid};
use crate::order::Order;
use crate::status::{Field, Status, is_html, object_fields};

/// What `/mobile/transaction` said.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum MobileAnswer {
    /// The payment that it knows.
    Found(MobileReport),
    /// It knows none of that reference, or of that product id and sum, *now*.
    NotFound,
}

/// A payment that the mobile SDK made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MobileReport {
    product_id: TransactionUuid,
    total_amount: Amount,
    code: Option<String>,
    reference: ReferenceId,
    status: Status,
    date: Option<String>,
}

impl MobileReport {
    /// The merchant's own product id.
    #[must_use]
    pub fn product_id(&self) -> &TransactionUuid {
        &self.product_id
    }

    /// The sum.
    #[must_use]
    pub fn total_amount(&self) -> Amount {
        self.total_amount
    }

    /// eSewa's code, `00` for success.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// eSewa's reference.
    #[must_use]
    pub fn reference(&self) -> &ReferenceId {
        &self.reference
    }

    /// The state, in the words of ePay v2.
    #[must_use]
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// When it was paid, in eSewa's own words, such as `Mon Dec 26 12:58:14 NPT 2022`. The zone is
    /// written differently by server and device, so the text is kept as it is.
    #[must_use]
    pub fn date(&self) -> Option<&str> {
        self.date.as_deref()
    }
}

/// What a verification came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum MobileConfirmation {
    /// Complete, with the order's product id and sum. Deliver once for each reference.
    ///
    /// That is no [`ConfirmedPayment`](crate::ConfirmedPayment), which names the product code that was paid: this
    /// answer has none, and whose payments it tells depends on the credentials in the question alone.
    Paid(MobileReport),
    /// A payment, but not complete.
    Other(MobileReport),
    /// The payment of another order or sum. Do not deliver; somebody showed a receipt twice.
    Mismatch(MobileReport),
    /// eSewa knows no such payment now.
    NotFound,
}

impl MobileAnswer {
    /// Reads the body of an answer.
    ///
    /// Who brings their own HTTP believes [`NotFound`](Self::NotFound) under a 2xx status only, where eSewa tells
    /// it: a refusal of the credentials, or a failure of the server, may have the same words under 401 or 500.
    ///
    /// # Errors
    /// [`MobileBodyError`] for anything that tells neither a payment nor that there is none.
    pub fn parse(body: &[u8]) -> Result<Self, MobileBodyError> {
        let text = std::str::from_utf8(body).map_err(|_| MobileBodyError::Malformed("it is not UTF-8"))?;
        if is_html(text) {
            return Err(MobileBodyError::UnexpectedHtml);
        }
        if text.trim_start().starts_with('{') {
            return no_payment(text);
        }
        let list: Vec<&RawValue> = serde_json::from_str(text)
            .map_err(|_| MobileBodyError::Malformed("it is neither an array nor an object"))?;
        match list.as_slice() {
            [] => Ok(Self::NotFound),
            [payment] => read(payment.get()).map(Self::Found),
            _ => Err(MobileBodyError::Malformed("it has more than one payment")),
        }
    }

    /// Holds the answer against the order that was asked about.
    pub fn confirm(self, order: &Order) -> MobileConfirmation {
        let Self::Found(report) = self else { return MobileConfirmation::NotFound };
        if report.product_id != order.transaction_uuid || report.total_amount != order.total_amount {
            MobileConfirmation::Mismatch(report)
        } else if report.status.is_paid() && report.code.as_deref().is_none_or(|code| code == "00") {
            MobileConfirmation::Paid(report)
        } else {
            MobileConfirmation::Other(report)
        }
    }
}

/// Why a body tells nothing. None of these says anything about the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MobileBodyError {
    /// eSewa says that it is out of service (`code` 0). Ask again later.
    #[error("eSewa says that its service is unavailable")]
    Outage,
    /// A page for people. Ask again later.
    #[error("there is an HTML page where JSON was expected")]
    UnexpectedHtml,
    /// Anything else, such as a body that was cut. Ask again.
    #[error("the body is no answer of the mobile verification: {0}")]
    Malformed(&'static str),
}

impl MobileBodyError {
    /// Whether the same question may well be answered later, which it may after all of these.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Outage | Self::UnexpectedHtml | Self::Malformed(_))
    }
}

#[derive(Deserialize)]
struct Payment<'b> {
    #[serde(rename = "productId")]
    product_id: String,
    /// A text in every known answer; a number's token would do as well.
    #[serde(rename = "totalAmount", borrow)]
    total_amount: &'b RawValue,
    #[serde(default)]
    code: Option<String>,
    #[serde(rename = "transactionDetails")]
    details: Details,
}

#[derive(Deserialize)]
struct Details {
    #[serde(default)]
    date: Option<String>,
    #[serde(rename = "referenceId")]
    reference_id: String,
    status: String,
}

const DATE_CHARACTERS_MAX: usize = 64;
const CODE_CHARACTERS_MAX: usize = 32;

fn read(text: &str) -> Result<MobileReport, MobileBodyError> {
    let malformed = MobileBodyError::Malformed;
    let payment: Payment<'_> = serde_json::from_str(text).map_err(|_| malformed("a field is missing"))?;
    let cut = |text: String, characters: usize| text.chars().take(characters).collect::<String>();
    Ok(MobileReport {
        product_id: TransactionUuid::lenient(payment.product_id)
            .map_err(|_| malformed("its product id is none"))?,
        total_amount: Amount::from_wire(payment.total_amount.get().trim_matches('"'))
            .map_err(|_| malformed("its amount is none"))?,
        code: payment.code.map(|code| cut(code, CODE_CHARACTERS_MAX)),
        reference: ReferenceId::new(payment.details.reference_id)
            .map_err(|_| malformed("its reference is none"))?,
        status: Status::from_wire(&payment.details.status).ok_or(malformed("its status is no word"))?,
        date: payment.details.date.map(|date| cut(date, DATE_CHARACTERS_MAX)),
    })
}

/// An object stands for no payment only where it says so, in words. What the SDK hands to the app is an
/// object as well, with an object of messages in it: that one says nothing here.
fn no_payment(text: &str) -> Result<MobileAnswer, MobileBodyError> {
    let fields = object_fields(text).map_err(MobileBodyError::Malformed)?;
    let find = |names: &[&str]| fields.iter().find(|(name, _)| names.contains(&name.as_str()));
    match (find(&["code"]), find(&["error_message", "errorMessage", "message", "error"])) {
        (Some((_, Field::Number(code))), Some(_)) if code == "0" => Err(MobileBodyError::Outage),
        (_, Some((_, Field::Text(_)))) => Ok(MobileAnswer::NotFound),
        _ => Err(MobileBodyError::Malformed("it is an object without a message")),
    }
}
