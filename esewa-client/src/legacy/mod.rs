//! ePay v1, for merchants that still have it: an unsigned form, and `transrec` to verify.
//!
//! Nothing in v1 is signed, so the payer can change every amount on the way. Only `transrec`, asked
//! with the *order's* amount, proves anything. It needs the reference that came with the redirect:
//! a payer who closes the tab before that is lost to v1, which is the best reason to move to v2.

use std::fmt;

use url::Url;

use crate::checkout::CheckoutRequest;
use crate::environment::{ShownUrl, fixed_url};
use crate::ids::ProductCode;

mod redirect;
mod transrec;
#[cfg(feature = "client")]
mod verify;

pub use self::redirect::{LegacyRedirect, RedirectError};
pub use self::transrec::{Transrec, TransrecError};

/// A merchant of ePay v1: its code (`scd`) and the two addresses.
#[derive(Clone, PartialEq, Eq)]
pub struct LegacyMerchant {
    product_code: ProductCode,
    form_url: Url,
    verify_url: Url,
}

impl LegacyMerchant {
    /// The published test merchant on eSewa's test host.
    #[must_use]
    pub fn test() -> Self {
        Self::at(&fixed_url("https://rc.esewa.com.np/"), ProductCode::test())
    }

    /// A merchant where real money moves.
    #[must_use]
    pub fn production(product_code: ProductCode) -> Self {
        Self::at(&fixed_url("https://esewa.com.np/"), product_code)
    }

    /// A merchant at any other origin, such as an emulator's.
    #[must_use]
    pub fn at(origin: &Url, product_code: ProductCode) -> Self {
        let with_path = |path: &str| {
            let mut url = origin.clone();
            url.set_path(path);
            url
        };
        Self { product_code, form_url: with_path("/epay/main"), verify_url: with_path("/epay/transrec") }
    }

    /// The merchant's code, called `scd` in v1.
    #[must_use]
    pub fn product_code(&self) -> &ProductCode {
        &self.product_code
    }

    /// Where the payer's browser posts the form.
    #[must_use]
    pub fn form_url(&self) -> &Url {
        &self.form_url
    }

    /// Where a payment is verified, by POST of [`verify_fields`](Self::verify_fields).
    #[must_use]
    pub fn verify_url(&self) -> &Url {
        &self.verify_url
    }

    /// The nine fields of the form, in the documented order.
    ///
    /// ```
    /// use esewa_client::legacy::LegacyMerchant;
    /// use esewa_client::{CheckoutRequest, TransactionUuid};
    ///
    /// let back = "https://shop.example/paid/1".parse::<url::Url>()?;
    /// let request = CheckoutRequest::new(TransactionUuid::new("1")?, "100".parse()?, back.clone(), back)?;
    /// let fields = LegacyMerchant::test().form_fields(&request.with_tax("13".parse()?)?);
    /// assert_eq!(fields[4], ("tAmt", "113".to_owned()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn form_fields(&self, request: &CheckoutRequest) -> [(&'static str, String); 9] {
        let [amount, tax, service, delivery] = request.parts();
        let (success_url, failure_url) = request.ways_back();
        let order = request.order();
        [
            ("amt", amount.to_string()),
            ("txAmt", tax.to_string()),
            ("psc", service.to_string()),
            ("pdc", delivery.to_string()),
            ("tAmt", order.total_amount.to_string()),
            ("pid", order.transaction_uuid.to_string()),
            ("scd", self.product_code.to_string()),
            ("su", success_url.to_string()),
            ("fu", failure_url.to_string()),
        ]
    }
}

impl fmt::Debug for LegacyMerchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LegacyMerchant")
            .field("product_code", &self.product_code)
            .field("form_url", &ShownUrl(&self.form_url))
            .field("verify_url", &ShownUrl(&self.verify_url))
            .finish()
    }
}

#[cfg(test)]
mod tests;
