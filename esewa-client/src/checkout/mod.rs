//! Starting a payment: a request that adds up, and the signed form made from it.

use std::fmt;

use url::Url;

use crate::amount::Amount;
use crate::environment::ShownUrl;
use crate::ids::{ProductCode, TransactionUuid};
use crate::order::Order;
use crate::secret::SecretKey;
use crate::signature::Signature;

/// What is to be paid, and where the payer comes back to. `Debug` hides the private parts of these addresses.
#[derive(Clone, PartialEq, Eq)]
pub struct CheckoutRequest {
    transaction_uuid: TransactionUuid,
    amount: Amount,
    tax: Amount,
    service_charge: Amount,
    delivery_charge: Amount,
    total: Amount,
    success_url: Url,
    failure_url: Url,
}

impl CheckoutRequest {
    /// A payment of `amount` before taxes and charges.
    ///
    /// The failure redirect brings no data at all, and the success redirect appends `?data=` even
    /// to an address that has a query already. So put your order's id in the *path* of both.
    ///
    /// # Errors
    /// [`CheckoutError`] for a sum of zero, an address that is not http(s), a `success_url` with a query, and
    /// either address with a fragment or an escaped control character such as a line break.
    pub fn new(
        transaction_uuid: TransactionUuid,
        amount: Amount,
        success_url: Url,
        failure_url: Url,
    ) -> Result<Self, CheckoutError> {
        if amount == Amount::ZERO {
            return Err(CheckoutError::ZeroAmount);
        }
        if success_url.query().is_some() || success_url.fragment().is_some() {
            return Err(CheckoutError::SuccessUrlWithQuery);
        }
        if [&success_url, &failure_url].iter().any(|url| !matches!(url.scheme(), "http" | "https")) {
            return Err(CheckoutError::NotHttp);
        }
        if failure_url.fragment().is_some() {
            return Err(CheckoutError::FailureUrlWithFragment);
        }
        if [&success_url, &failure_url].iter().any(|url| has_control_character(url)) {
            return Err(CheckoutError::ControlCharacter);
        }
        let zero = Amount::ZERO;
        Ok(Self {
            transaction_uuid,
            amount,
            tax: zero,
            service_charge: zero,
            delivery_charge: zero,
            total: amount,
            success_url,
            failure_url,
        })
    }

    /// Adds a tax to the sum (`tax_amount`).
    ///
    /// # Errors
    /// [`CheckoutError::TooLarge`] when the sum does not fit.
    pub fn with_tax(mut self, tax: Amount) -> Result<Self, CheckoutError> {
        self.tax = tax;
        self.add_up()
    }

    /// Adds a service charge to the sum (`product_service_charge`).
    ///
    /// # Errors
    /// [`CheckoutError::TooLarge`] when the sum does not fit.
    pub fn with_service_charge(mut self, charge: Amount) -> Result<Self, CheckoutError> {
        self.service_charge = charge;
        self.add_up()
    }

    /// Adds a delivery charge to the sum (`product_delivery_charge`).
    ///
    /// # Errors
    /// [`CheckoutError::TooLarge`] when the sum does not fit.
    pub fn with_delivery_charge(mut self, charge: Amount) -> Result<Self, CheckoutError> {
        self.delivery_charge = charge;
        self.add_up()
    }

    /// The sum of the price, the tax and the charges.
    #[must_use]
    pub fn total_amount(&self) -> Amount {
        self.total
    }

    /// What to keep in your records, to hold the callback and the status against.
    #[must_use]
    pub fn order(&self) -> Order {
        Order { transaction_uuid: self.transaction_uuid.clone(), total_amount: self.total }
    }

    /// The price, the tax, the service charge and the delivery charge.
    #[cfg(feature = "legacy")]
    pub(crate) fn parts(&self) -> [Amount; 4] {
        [self.amount, self.tax, self.service_charge, self.delivery_charge]
    }

    /// The success and the failure address.
    #[cfg(feature = "legacy")]
    pub(crate) fn ways_back(&self) -> (&Url, &Url) {
        (&self.success_url, &self.failure_url)
    }

    fn add_up(mut self) -> Result<Self, CheckoutError> {
        self.total = [self.tax, self.service_charge, self.delivery_charge]
            .into_iter()
            .try_fold(self.amount, Amount::checked_add)
            .ok_or(CheckoutError::TooLarge)?;
        Ok(self)
    }
}

/// The form that the payer's browser posts to eSewa: eleven fields, in the documented order.
///
/// Its signature is for the payer to see, yet `Debug` hides it: logs outlive payments.
#[derive(Clone)]
pub struct CheckoutForm {
    action: Url,
    fields: [(&'static str, String); FIELDS],
}

impl CheckoutForm {
    /// Where to post.
    #[must_use]
    pub fn action(&self) -> &Url {
        &self.action
    }

    /// Names and values, to be posted exactly as they are.
    #[must_use]
    pub fn fields(&self) -> &[(&'static str, String)] {
        &self.fields
    }
}

impl fmt::Debug for CheckoutRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckoutRequest")
            .field("transaction_uuid", &self.transaction_uuid)
            .field("amount", &self.amount)
            .field("tax", &self.tax)
            .field("service_charge", &self.service_charge)
            .field("delivery_charge", &self.delivery_charge)
            .field("total", &self.total)
            .field("success_url", &ShownUrl(&self.success_url))
            .field("failure_url", &ShownUrl(&self.failure_url))
            .finish()
    }
}

impl fmt::Debug for CheckoutForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckoutForm ")?;
        let mut shown = f.debug_map();
        shown.entry(&"action", &ShownUrl(&self.action));
        for (name, value) in &self.fields {
            match (*name, Url::parse(value)) {
                ("signature", _) => shown.entry(name, &"[redacted]"),
                ("success_url" | "failure_url", Ok(url)) => shown.entry(name, &ShownUrl(&url)),
                _ => shown.entry(name, value),
            };
        }
        shown.finish()
    }
}

/// Why a checkout cannot be made like this. All of these are the caller's mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckoutError {
    /// There is nothing to pay.
    #[error("the amount of a checkout cannot be zero")]
    ZeroAmount,
    /// eSewa glues `?data=` onto the address, so that a query in it swallows the answer.
    #[error("the success address cannot have a query or a fragment: eSewa appends `?data=` to it")]
    SuccessUrlWithQuery,
    /// A browser must be able to go there.
    #[error("the addresses to come back to must be http or https")]
    NotHttp,
    /// No server ever sees a fragment, so nothing in it comes back.
    #[error("the failure address cannot have a fragment")]
    FailureUrlWithFragment,
    /// A line break in an address ends a header somewhere on its way.
    #[error("the addresses to come back to cannot have a control character such as a line break")]
    ControlCharacter,
    /// Price, tax and charges together do not fit.
    #[error("the sum of the checkout is too large")]
    TooLarge,
}

/// `Url` has dropped raw ones or escaped them, so only escapes are left to find.
fn has_control_character(url: &Url) -> bool {
    url.as_str().as_bytes().windows(3).any(|window| match window {
        [b'%', b'0' | b'1', low] => low.is_ascii_hexdigit(),
        [b'%', b'7', b'f' | b'F'] => true,
        _ => false,
    })
}

pub(crate) const REQUEST_SIGNED_FIELDS: &str = "total_amount,transaction_uuid,product_code";
const FIELDS: usize = 11;

pub(crate) fn build_form(
    request: &CheckoutRequest,
    action: &Url,
    product_code: &ProductCode,
    key: &SecretKey,
) -> CheckoutForm {
    // The text of the sum is written once: the same characters are posted and signed.
    let total = request.total.to_string();
    let signature = Signature::sign(
        key,
        [
            ("total_amount", &*total),
            ("transaction_uuid", request.transaction_uuid.as_str()),
            ("product_code", product_code.as_str()),
        ],
    );
    CheckoutForm {
        action: action.clone(),
        fields: [
            ("amount", request.amount.to_string()),
            ("tax_amount", request.tax.to_string()),
            ("product_service_charge", request.service_charge.to_string()),
            ("product_delivery_charge", request.delivery_charge.to_string()),
            ("total_amount", total),
            ("transaction_uuid", request.transaction_uuid.to_string()),
            ("product_code", product_code.to_string()),
            ("success_url", request.success_url.to_string()),
            ("failure_url", request.failure_url.to_string()),
            ("signed_field_names", REQUEST_SIGNED_FIELDS.to_owned()),
            ("signature", signature.to_base64()),
        ],
    }
}

#[cfg(test)]
mod tests;
