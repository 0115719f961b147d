//! Verifying what eSewa's mobile SDK says that it paid.
//!
//! The SDK hands its result to the merchant's *app*, on the payer's own phone, where anybody can
//! write one; live builds were also seen to get obfuscated ones. So the app passes on its reference
//! or the product id only, and the merchant's server asks: `GET /mobile/transaction` with
//! `txnRefId`, or with `productId` and `amount`, and the credentials in the headers `merchantId` and
//! `merchantSecret`. Documented on eSewa's pages *Android*, *Ios* and *Flutter*.
//!
//! A found payment is an **array** of one object; one that is not found is an **object** with an
//! error message, both under HTTP 200.

use std::fmt;

use url::Url;
use zeroize::Zeroizing;

use crate::environment::{ShownUrl, fixed_url, is_open_to_all};
use crate::ids::ReferenceId;
use crate::order::Order;

mod answer;
#[cfg(feature = "client")]
mod ask;

pub use self::answer::{MobileAnswer, MobileBodyError, MobileConfirmation, MobileReport};

/// A merchant of the mobile SDK: its client id, its client secret and the host.
///
/// The two are other credentials than those of ePay and Intent. `Debug` shows neither.
#[derive(Clone)]
pub struct MobileMerchant {
    verify_url: Url,
    client_id: Zeroizing<String>,
    client_secret: Zeroizing<String>,
}

/// What to ask by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MobileQuery<'q> {
    /// By eSewa's reference, as the SDK gave it to the app.
    Reference(&'q ReferenceId),
    /// By the merchant's own product id and the sum, for an app that gave no reference.
    Order(&'q Order),
}

impl MobileMerchant {
    /// The published test credentials on eSewa's test host.
    #[must_use]
    pub fn test() -> Self {
        Self::published(&fixed_url("https://rc.esewa.com.np/"))
    }

    /// The published test credentials on an emulator that answers at `origin`.
    #[must_use]
    pub fn sandbox(origin: &Url) -> Self {
        Self::published(origin)
    }

    /// A merchant where real money moves.
    ///
    /// # Errors
    /// [`MobileConfigError`] for credentials that fit in no header, and for the published ones.
    pub fn production(
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Result<Self, MobileConfigError> {
        Self::at(&fixed_url("https://esewa.com.np/"), client_id, client_secret)
    }

    /// A merchant at any other origin.
    ///
    /// # Errors
    /// [`MobileConfigError`] for credentials that fit in no header, and for the published ones or plain http at
    /// the production host.
    pub fn at(
        origin: &Url,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Result<Self, MobileConfigError> {
        let merchant = Self::unchecked(origin, client_id.into(), client_secret.into());
        for (name, text) in [("client id", &merchant.client_id), ("client secret", &merchant.client_secret)] {
            let fits = (1..=CREDENTIAL_BYTES_MAX).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_graphic());
            if !fits {
                return Err(MobileConfigError::Credential(name));
            }
        }
        let published =
            *merchant.client_secret == TEST_CLIENT_SECRET || *merchant.client_id == TEST_CLIENT_ID;
        if published && origin.host_str() == Some("esewa.com.np") {
            return Err(MobileConfigError::TestCredentialsInProduction);
        }
        if origin.host_str() == Some("esewa.com.np") && is_open_to_all(origin) {
            return Err(MobileConfigError::NotHttps);
        }
        Ok(merchant)
    }

    /// The address that answers `query`.
    ///
    /// ```
    /// use esewa_client::ReferenceId;
    /// use esewa_client::mobile::{MobileMerchant, MobileQuery};
    ///
    /// let reference = ReferenceId::new("0004VZR")?;
    /// let url = MobileMerchant::test().url(MobileQuery::Reference(&reference));
    /// assert_eq!(url.as_str(), "https://rc.esewa.com.np/mobile/transaction?txnRefId=0004VZR");
    /// # Ok::<(), esewa_client::IdError>(())
    /// ```
    #[must_use]
    pub fn url(&self, query: MobileQuery<'_>) -> Url {
        let mut url = self.verify_url.clone();
        match query {
            MobileQuery::Reference(reference) => {
                url.query_pairs_mut().append_pair("txnRefId", reference.as_str());
            }
            MobileQuery::Order(order) => {
                url.query_pairs_mut()
                    .append_pair("productId", order.transaction_uuid.as_str())
                    .append_pair("amount", &order.total_amount.to_string());
            }
        }
        url
    }

    /// The headers to ask with. Two of them are credentials: keep them out of logs.
    #[must_use]
    pub fn headers(&self) -> [(&'static str, &str); 3] {
        [
            ("merchantId", self.client_id.as_str()),
            ("merchantSecret", self.client_secret.as_str()),
            ("Content-Type", "application/json"),
        ]
    }

    fn published(origin: &Url) -> Self {
        Self::unchecked(origin, TEST_CLIENT_ID.to_owned(), TEST_CLIENT_SECRET.to_owned())
    }

    fn unchecked(origin: &Url, client_id: String, client_secret: String) -> Self {
        let mut verify_url = origin.clone();
        verify_url.set_path(VERIFY_PATH);
        Self { verify_url, client_id: client_id.into(), client_secret: client_secret.into() }
    }
}

impl fmt::Debug for MobileMerchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MobileMerchant")
            .field("verify_url", &ShownUrl(&self.verify_url))
            .field("client_id", &"[redacted]")
            .field("client_secret", &"[redacted]")
            .finish()
    }
}

/// Why a merchant of the mobile SDK cannot be set up like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MobileConfigError {
    /// Empty, longer than 512 bytes, or with characters that no header takes.
    #[error("the {0} is not 1 to 512 visible ASCII characters")]
    Credential(&'static str),
    /// Everybody knows the published credentials.
    #[error("the published test credentials cannot be used where real money moves")]
    TestCredentialsInProduction,
    /// The credentials go along with every question.
    #[error("eSewa's production host is asked over https")]
    NotHttps,
}

const VERIFY_PATH: &str = "/mobile/transaction";
const CREDENTIAL_BYTES_MAX: usize = 512;
const TEST_CLIENT_ID: &str = "JB0BBQ4aD0UqIThFJwAKBgAXEUkEGQUBBAwdOgABHD4DChwUAB0R";
const TEST_CLIENT_SECRET: &str = "BhwIWQQADhIYSxILExMcAgFXFhcOBwAKBgAXEQ==";

#[cfg(test)]
mod tests;
