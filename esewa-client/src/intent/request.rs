//! What is posted: a booking, a question, a cancellation, each signed over its documented fields.

use std::fmt;

use serde::Serialize;
use url::Url;

use super::{BookedIntent, IntentMerchant};
use crate::environment::ShownUrl;
use crate::order::Order;

/// A payment to book. `Debug` hides what it says of the customer, and the private parts of its addresses.
#[derive(Clone, PartialEq, Eq)]
pub struct IntentRequest {
    order: Order,
    callback_url: Url,
    redirect_url: Url,
    customer_id: Option<String>,
    remarks: Option<String>,
}

impl IntentRequest {
    /// A booking of `order`. eSewa posts its signed callback to `callback_url`, and the app sends
    /// the payer to `redirect_url` afterwards.
    ///
    /// # Errors
    /// [`IntentRequestError`] for an amount of nothing, or an address that is not of the web.
    pub fn new(order: Order, callback_url: Url, redirect_url: Url) -> Result<Self, IntentRequestError> {
        if order.total_amount.paisa() == 0 {
            return Err(IntentRequestError::NoAmount);
        }
        for (name, url) in [("callback_url", &callback_url), ("redirect_url", &redirect_url)] {
            if !matches!(url.scheme(), "http" | "https") {
                return Err(IntentRequestError::NotWeb(name));
            }
        }
        Ok(Self { order, callback_url, redirect_url, customer_id: None, remarks: None })
    }

    /// Adds the merchant's own id of the customer, at most 100 characters.
    ///
    /// # Errors
    /// [`IntentRequestError::TooLong`].
    pub fn with_customer_id(mut self, customer_id: impl Into<String>) -> Result<Self, IntentRequestError> {
        self.customer_id = Some(bounded("customer_id", customer_id.into())?);
        Ok(self)
    }

    /// Adds words for the payer, at most 100 characters.
    ///
    /// # Errors
    /// [`IntentRequestError::TooLong`].
    pub fn with_remarks(mut self, remarks: impl Into<String>) -> Result<Self, IntentRequestError> {
        self.remarks = Some(bounded("remarks", remarks.into())?);
        Ok(self)
    }

    /// The order to hold all later answers against.
    #[must_use]
    pub fn order(&self) -> &Order {
        &self.order
    }
}

impl fmt::Debug for IntentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntentRequest")
            .field("order", &self.order)
            .field("callback_url", &ShownUrl(&self.callback_url))
            .field("redirect_url", &ShownUrl(&self.redirect_url))
            .field("customer_id", &self.customer_id.as_ref().map(|_| "[redacted]"))
            .field("remarks", &self.remarks.as_ref().map(|_| "[redacted]"))
            .finish()
    }
}

impl IntentMerchant {
    /// The JSON that books `request`, signed over `product_code,amount,transaction_uuid`.
    #[must_use]
    pub fn book_body(&self, request: &IntentRequest) -> String {
        let amount = request.order.total_amount.to_string();
        let uuid = request.order.transaction_uuid.as_str();
        let code = self.product_code().as_str();
        let signed = [("product_code", code), ("amount", &*amount), ("transaction_uuid", uuid)];
        to_json(&BookBody {
            product_code: code,
            amount: &amount,
            transaction_uuid: uuid,
            callback_url: &request.callback_url,
            redirect_url: &request.redirect_url,
            properties: Properties {
                customer_id: request.customer_id.as_deref(),
                remarks: request.remarks.as_deref(),
            },
            signed_field_names: names(&signed),
            signature: self.sign(&signed),
        })
    }

    /// The JSON that asks for the state of a booking, signed over
    /// `booking_id,product_code,correlation_id`.
    #[must_use]
    pub fn status_body(&self, booked: &BookedIntent) -> String {
        self.signed_object(&[
            ("booking_id", booked.booking_id.as_str()),
            ("product_code", self.product_code().as_str()),
            ("correlation_id", booked.correlation_id.as_str()),
        ])
    }

    /// The JSON that cancels a booking, signed over `booking_id,product_code`.
    #[must_use]
    pub fn cancel_body(&self, booked: &BookedIntent) -> String {
        self.signed_object(&[
            ("booking_id", booked.booking_id.as_str()),
            ("product_code", self.product_code().as_str()),
        ])
    }

    fn signed_object(&self, signed: &[(&str, &str)]) -> String {
        let (names, signature) = (names(signed), self.sign(signed));
        let more = [("signed_field_names", names.as_str()), ("signature", signature.as_str())];
        let pairs = signed.iter().copied().chain(more);
        let object: serde_json::Map<String, serde_json::Value> =
            pairs.map(|(name, value)| (name.to_owned(), value.into())).collect();
        serde_json::Value::Object(object).to_string()
    }
}

/// Why a booking cannot be made like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IntentRequestError {
    /// Nothing to pay.
    #[error("the amount is zero")]
    NoAmount,
    /// eSewa posts and redirects to web addresses only.
    #[error("`{0}` is not an http or https address")]
    NotWeb(&'static str),
    /// More than 100 characters.
    #[error("`{0}` is longer than {TEXT_CHARACTERS_MAX} characters")]
    TooLong(&'static str),
}

const TEXT_CHARACTERS_MAX: usize = 100;

fn bounded(name: &'static str, text: String) -> Result<String, IntentRequestError> {
    match text.chars().count() > TEXT_CHARACTERS_MAX {
        true => Err(IntentRequestError::TooLong(name)),
        false => Ok(text),
    }
}

#[derive(Serialize)]
struct BookBody<'r> {
    product_code: &'r str,
    /// Text, so that what is signed is what is read.
    amount: &'r str,
    transaction_uuid: &'r str,
    callback_url: &'r Url,
    redirect_url: &'r Url,
    properties: Properties<'r>,
    signed_field_names: String,
    signature: String,
}

#[derive(Serialize)]
struct Properties<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remarks: Option<&'r str>,
}

fn names(signed: &[(&str, &str)]) -> String {
    signed.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",")
}

fn to_json(body: &impl Serialize) -> String {
    // Texts and addresses always serialize; an empty body would be refused, never booked.
    serde_json::to_string(body).unwrap_or_default()
}
