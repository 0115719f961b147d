//! Khalti, Nepal's other wallet, by its web checkout (KPG-2), as a [`PaymentProvider`].
//!
//! A payment is opened server to server; Khalti names it by a `pidx`, and the payer is sent to Khalti's page.
//! The way back carries nothing that is signed, so it is only ever a reason to ask.
//!
//! | the lookup says | here |
//! |---|---|
//! | `Completed` | `Paid`, with the amount and the `transaction_id` that it names |
//! | `Pending`, `Initiated` | `Pending` |
//! | `Expired` | `NotPaid(Expired)` |
//! | `User canceled`, and the `Canceled` and `Failed` that Khalti's notes name beside it | `NotPaid(Canceled)` |
//! | `Refunded`, `Partially Refunded` | `Refunded`; the returned part is not told |
//! | any other word, an answer about another `pidx`, an answer that is none | `Unknown` |
//! | a 5xx, a 429, no answer in time, a key that is refused | an error, which says nothing about the payment |
//!
//! Amounts are paisa on the wire as they are here. The facts are those of Khalti's own pages, "Web Checkout
//! (KPG-2)" and "Refund API", as of 2025; nothing here was tried against Khalti's servers.

mod answer;
mod callback;
mod config;
mod fetch;

mod refund;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

pub use self::config::{
    KhaltiBuilder, KhaltiEndpoints, KhaltiKey, KhaltiKeyError, KhaltiMerchant, KhaltiSetupError,
};
pub use self::fetch::KhaltiError;

use crate::model::{Intent, NotPaid, Outcome, Why};
use crate::provider::{
    Begun, Callback, CallbackRefused, Capabilities, NextStep, PaymentProvider, ProviderError, RawCallback,
};
use crate::{Currency, IdError, IdempotencyKey, Money, PayeeId, ProviderHandle, ProviderId, ProviderRef};

/// The smallest payment that Khalti takes: ten rupees, in paisa.
const LEAST_PAISA: u64 = 1_000;

/// Khalti's web checkout. Its id is `khalti`; the payment's id is Khalti's `purchase_order_id`, the handle is
/// its `pidx`.
///
/// Khalti's lookup names no receiver: the key decides whose payments can be asked about. So the payee is the
/// name that the host gives to the account behind the key, and two accounts need two names.
///
/// Its payment page is good for an hour by default, half an hour in the sandbox. Keep the policy's
/// [`with_checkout_ttl`](crate::Policy::with_checkout_ttl) within that.
///
/// ```
/// use paygate::PayeeId;
/// use paygate::khalti::{Khalti, KhaltiEndpoints, KhaltiKey, KhaltiMerchant};
///
/// let khalti = Khalti::builder(
///     KhaltiEndpoints::sandbox(),
///     KhaltiMerchant {
///         key: KhaltiKey::new("0123456789abcdef0123456789abcdef")?,
///         payee: PayeeId::new("rooms.example")?,
///         return_url: "https://rooms.example/khalti-return/".parse()?,
///         website_url: "https://rooms.example/".parse()?,
///     },
/// )
/// .timeout_ms(8_000)
/// .build()?;
/// assert!(!format!("{khalti:?}").contains("0123456789abcdef"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Khalti {
    http: fetch::Http,
    endpoints: KhaltiEndpoints,
    merchant: KhaltiMerchant,
    id: ProviderId,
    /// One refund at a time: Khalti knows no idempotency key, so each looks first at what the last one did.
    refunding: Mutex<()>,
}

/// What opens a payment.
#[derive(Serialize)]
struct Initiate<'a> {
    return_url: &'a Url,
    website_url: &'a Url,
    amount: u64,
    purchase_order_id: &'a str,
    purchase_order_name: &'a str,
}

/// An opened payment. How long it is good for is told too, and not needed.
#[derive(Deserialize)]
struct Initiated {
    pidx: String,
    payment_url: String,
}

#[derive(Serialize)]
struct Lookup<'a> {
    pidx: &'a str,
}

#[async_trait]
impl PaymentProvider for Khalti {
    fn id(&self) -> ProviderId {
        self.id.clone()
    }

    fn payee(&self) -> PayeeId {
        self.merchant.payee.clone()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::charging(vec![Currency::Npr]).with_refund().with_least_minor(LEAST_PAISA)
    }

    /// Opens the payment at Khalti, or leads back to the one that is open: a second `pidx` for one payment
    /// would be a second way to pay.
    async fn begin(&self, intent: &Intent) -> Result<Begun, ProviderError> {
        if let Some(handle) = &intent.handle {
            let next = NextStep::Redirect(self.page_of(handle)?);
            return Ok(Begun { handle: Some(handle.clone()), next });
        }
        let request = Initiate {
            return_url: &self.merchant.return_url,
            website_url: &self.merchant.website_url,
            amount: intent.offer.price.minor,
            purchase_order_id: intent.id.as_str(),
            purchase_order_name: intent.offer.resource.as_str(),
        };
        let answer = self.http.post(self.endpoints.initiate()?, &request).await?;
        let opened: Initiated = answer.success()?;
        let handle = ProviderHandle::new(&opened.pidx).map_err(|_| KhaltiError::Malformed)?;
        let page = config::web_address(&opened.payment_url).ok_or(KhaltiError::Malformed)?;
        Ok(Begun { handle: Some(handle), next: NextStep::Redirect(page) })
    }

    fn read_callback(&self, raw: RawCallback<'_>) -> Result<Callback, CallbackRefused> {
        callback::read(raw.query, &self.merchant.payee)
    }

    fn reference(&self, typed: &str) -> Result<ProviderRef, IdError> {
        answer::reference(typed).ok_or(IdError::BadCharacter)
    }

    /// Asks by the intent's own `pidx`. An intent without one was never opened as far as a payer could know:
    /// he is sent away only after it is stored.
    async fn query(&self, intent: &Intent) -> Result<Outcome, ProviderError> {
        let Some(handle) = &intent.handle else { return Ok(Outcome::NotPaid(NotPaid::Unseen)) };
        let request = Lookup { pidx: handle.as_str() };
        match self.http.post(self.endpoints.lookup()?, &request).await {
            Ok(answer) => Ok(answer::outcome(&answer, handle, &self.merchant.payee)?),
            // An answer came and is none: that is no reason to believe that nothing was paid.
            Err(KhaltiError::TooLarge { .. }) => Ok(Outcome::Unknown(Why::Malformed)),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives money back, as far as Khalti's lookup says that none went back yet: Khalti has no idempotency
    /// key, so this look is what keeps a repeated order from refunding twice. After a part went back, the rest
    /// is for an operator, in Khalti's own dashboard.
    ///
    /// Payments that came through a bank need the payer's mobile number, which is nowhere here: Khalti
    /// refuses them, and an operator refunds them there too.
    async fn refund(
        &self,
        intent: &Intent,
        total: Money,
        _: &IdempotencyKey,
    ) -> Result<Outcome, ProviderError> {
        let _turn = self.refunding.lock().await;
        match self.query(intent).await? {
            Outcome::Paid { reference, .. } => refund::give_back(self, intent, reference, total).await,
            seen => Ok(seen),
        }
    }
}

impl Khalti {
    fn page_of(&self, handle: &ProviderHandle) -> Result<http::Uri, ProviderError> {
        let mut page = self.endpoints.pay_url.clone();
        page.query_pairs_mut().append_pair("pidx", handle.as_str());
        config::web_address(page.as_str())
            .ok_or_else(|| ProviderError::Misconfigured(Box::new(KhaltiSetupError::Url("pay_url"))))
    }
}
