//! Reading a status body: a report, an outage, a refusal, a page, or nothing that makes sense.

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use url::Url;

use super::{Status, StatusReport};
use crate::amount::Amount;
use crate::ids::{ProductCode, ReferenceId, TransactionUuid};
use crate::order::Order;

/// Why a body tells no status. None of these says anything about the payment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatusBodyError {
    /// eSewa says that it is out of service (`code` 0). Ask again later.
    #[error("eSewa says that its service is unavailable")]
    Outage,
    /// eSewa does not know the merchant (`code` 0 as well, told by its words): it cannot fetch the key of that
    /// product code in this environment.
    #[error("eSewa does not know the merchant's product code")]
    UnknownMerchant,
    /// The signature is wrong (`ES104`); [`diagnose`](crate::diagnose()) names the mistake.
    #[error("eSewa refuses the signature (ES104)")]
    InvalidSignature,
    /// eSewa refuses the request under another code of its own.
    #[error("eSewa refuses the request under the code {code}")]
    Refused {
        /// eSewa's code.
        code: String,
    },
    /// A page for people: a gateway's error page, or a log-in page. Ask again later.
    #[error("there is an HTML page where JSON was expected")]
    UnexpectedHtml,
    /// Anything else, such as a body that was cut. Ask again.
    #[error("the body is no status: {0}")]
    Malformed(&'static str),
}

impl StatusBodyError {
    /// Whether the same question may well be answered later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Outage | Self::UnexpectedHtml | Self::Malformed(_))
    }
}

pub(super) fn parse(body: &[u8]) -> Result<StatusReport, StatusBodyError> {
    let text = std::str::from_utf8(body).map_err(|_| StatusBodyError::Malformed("it is not UTF-8"))?;
    if is_html(text) {
        return Err(StatusBodyError::UnexpectedHtml);
    }
    let fields = object_fields(text).map_err(StatusBodyError::Malformed)?;
    let find = |name| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    let told = |name| find(name).filter(|value| !matches!(value, Field::Other));
    // An error is looked for first: its body must never pass for the state of a payment, whatever else it says.
    let is_error = ["error_message", "errorMessage"].into_iter().any(|name| find(name).is_some());
    if is_error || told("code").is_some() || find("status").is_none() {
        let message = find("error_message").or_else(|| find("errorMessage"));
        return Err(error_of(find("code"), message.and_then(Field::text)));
    }
    let malformed = StatusBodyError::Malformed;
    let text = |names| one_text(&fields, names);
    // A number under this name is the HTTP status in the error body of a web framework.
    let Some(Field::Text(word)) = find("status") else { return Err(malformed("its status is no text")) };
    Ok(StatusReport {
        status: Status::from_wire(word).ok_or(malformed("its status is no word"))?,
        ref_id: text(["ref_id", "refId"])?
            .map(ReferenceId::new)
            .transpose()
            .map_err(|_| malformed("its reference is none"))?,
        total_amount: text(["total_amount", "totalAmount"])?
            .map(Amount::from_wire)
            .transpose()
            .map_err(|_| malformed("its amount is none"))?,
        transaction_uuid: text(["transaction_uuid", "transactionUuid"])?
            .map(TransactionUuid::lenient)
            .transpose()
            .map_err(|_| malformed("its transaction id is none"))?,
        product_code: text(["product_code", "productCode"])?
            .map(ProductCode::new)
            .transpose()
            .map_err(|_| malformed("its product code is none"))?,
    })
}

/// The text under either spelling of a name. Two that differ, or one that is there beside nothing, say nothing.
fn one_text<'f>(fields: &'f [(String, Field)], names: [&str; 2]) -> Result<Option<&'f str>, StatusBodyError> {
    let mut found = fields.iter().filter(|(known, _)| names.contains(&known.as_str()));
    let text = |(_, field): &'f (String, Field)| field.text().filter(|text| !text.is_empty());
    let first = found.next().and_then(text);
    match found.next() {
        Some(second) if text(second) != first => {
            Err(StatusBodyError::Malformed("it tells one thing in two ways"))
        }
        _ => Ok(first),
    }
}

/// The address to ask: the order's own amount in the same text as in the form.
pub(crate) fn query_url(base: &Url, order: &Order, product_code: &ProductCode) -> Url {
    let mut url = base.clone();
    url.query_pairs_mut()
        .append_pair("product_code", product_code.as_str())
        .append_pair("total_amount", &order.total_amount.to_string())
        .append_pair("transaction_uuid", order.transaction_uuid.as_str());
    url
}

/// A value of a JSON object that has a text, or one that has not.
#[derive(Debug)]
pub(crate) enum Field {
    Text(String),
    Number(String),
    Other,
}

impl Field {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text),
            Self::Other => None,
        }
    }
}

/// The fields of a JSON object: numbers by their raw token, a repeated name refused.
pub(crate) fn object_fields(text: &str) -> Result<Vec<(String, Field)>, &'static str> {
    let Fields(fields) =
        serde_json::from_str(text).map_err(|_| "it is not a JSON object with unique keys")?;
    Ok(fields)
}

pub(super) struct Fields(Vec<(String, Field)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields: Vec<(String, Field)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
            if fields.len() == FIELDS_MAX || fields.iter().any(|(earlier, _)| *earlier == name) {
                return Err(A::Error::custom("repeated or too many fields"));
            }
            let token = value.get();
            let field = match token.as_bytes().first() {
                Some(b'"') => Field::Text(serde_json::from_str(token).map_err(A::Error::custom)?),
                Some(b'-' | b'0'..=b'9') => Field::Number(token.to_owned()),
                _ => Field::Other,
            };
            fields.push((name, field));
        }
        Ok(Fields(fields))
    }
}

const FIELDS_MAX: usize = 32;
/// How the message about a product code that the environment does not know begins.
const UNKNOWN_MERCHANT: &str = "Unable to fetch merchant key";
const INVALID_SIGNATURE: &str = "ES104";
const CODE_CHARACTERS_MAX: usize = 32;

/// An integer 0 is an outage or an unknown merchant, which only the words tell apart; a text such as `ES104` is a
/// refusal.
fn error_of(code: Option<&Field>, message: Option<&str>) -> StatusBodyError {
    match code {
        Some(Field::Number(number)) if number == "0" => match message {
            Some(message) if message.starts_with(UNKNOWN_MERCHANT) => StatusBodyError::UnknownMerchant,
            _ => StatusBodyError::Outage,
        },
        Some(Field::Text(code)) if code == INVALID_SIGNATURE => StatusBodyError::InvalidSignature,
        Some(Field::Text(code) | Field::Number(code)) => {
            let plain = |character: &char| character.is_ascii_alphanumeric() || *character == '-';
            StatusBodyError::Refused { code: code.chars().filter(plain).take(CODE_CHARACTERS_MAX).collect() }
        }
        Some(Field::Other) | None => StatusBodyError::Malformed("it has no status"),
    }
}

/// A page begins with a tag; content types are not to be trusted, as eSewa calls XML `text/html`.
pub(crate) fn is_html(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('<')
}
