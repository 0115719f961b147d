//! A provider that keeps its books in a folder, so that they outlive the process that asked it.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use paygate::testing::{handle, payee, provider_id, reference};
use paygate::{
    Begun, Callback, CallbackRefused, Capabilities, Currency, IdError, IdempotencyKey, Intent, Money,
    NextStep, NotPaid, Outcome, PayeeId, PaymentId, PaymentProvider, ProviderError, ProviderId, ProviderRef,
    RawCallback, RefundSize, Trust,
};

/// What the provider's ledger says of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Booked {
    Begun,
    Paid,
    Refunded,
}

/// It gives out handles, signs its callbacks (`signed=<id>`; `hint=<id>` is anybody's), and refunds by a call.
#[derive(Debug)]
pub struct Books {
    folder: PathBuf,
    out_of_order: AtomicBool,
}

impl Books {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, out_of_order: AtomicBool::new(false) }
    }

    pub fn is_out_of_order(&self, is: bool) {
        self.out_of_order.store(is, Ordering::SeqCst);
    }

    pub fn of(&self, id: &PaymentId) -> Option<Booked> {
        match fs::read_to_string(self.folder.join(id.as_str())).ok()?.as_str() {
            "paid" => Some(Booked::Paid),
            "refunded" => Some(Booked::Refunded),
            _ => Some(Booked::Begun),
        }
    }

    /// The payer pays, if the order was begun and nobody has paid it.
    pub fn pay(&self, id: &PaymentId) {
        if self.of(id) == Some(Booked::Begun) {
            self.write(id, "paid");
        }
    }

    /// Written beside and renamed: books have no half entries.
    fn write(&self, id: &PaymentId, word: &str) {
        let file = self.folder.join(id.as_str());
        let beside = file.with_extension("new");
        fs::write(&beside, word).and_then(|()| fs::rename(beside, file)).expect("a folder for the books");
    }

    fn in_order(&self) -> Result<(), ProviderError> {
        if self.out_of_order.load(Ordering::SeqCst) {
            return Err(ProviderError::Transient("out of order".into()));
        }
        Ok(())
    }
}

#[async_trait]
impl PaymentProvider for Books {
    fn id(&self) -> ProviderId {
        provider_id("books")
    }

    fn payee(&self) -> PayeeId {
        payee("US")
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::charging(vec![Currency::Npr]).with_signed_callback().with_refund()
    }

    async fn begin(&self, intent: &Intent) -> Result<Begun, ProviderError> {
        self.in_order()?;
        if self.of(&intent.id).is_none() {
            self.write(&intent.id, "begun");
        }
        let next = NextStep::Redirect(http::Uri::from_static("https://pay.example/"));
        Ok(Begun { handle: Some(handle(&format!("handle-{}", intent.id))), next })
    }

    fn read_callback(&self, raw: RawCallback<'_>) -> Result<Callback, CallbackRefused> {
        let (word, id) = raw.query.split_once('=').ok_or(CallbackRefused::Malformed)?;
        let trust = if word == "signed" { Trust::Signed } else { Trust::Hint };
        let payment = PaymentId::new(id).map_err(|_| CallbackRefused::Malformed)?;
        Ok(Callback { payment, trust, claims: Outcome::Pending, handle: None })
    }

    fn reference(&self, typed: &str) -> Result<ProviderRef, IdError> {
        ProviderRef::new(typed)
    }

    async fn query(&self, intent: &Intent) -> Result<Outcome, ProviderError> {
        self.in_order()?;
        let name = reference(&format!("REF-{}", intent.id));
        Ok(match self.of(&intent.id) {
            Some(Booked::Paid) => {
                Outcome::Paid { reference: name, amount: intent.offer.price, payee: payee("US") }
            }
            Some(Booked::Refunded) => Outcome::Refunded { reference: Some(name), size: RefundSize::Full },
            Some(Booked::Begun) | None => Outcome::NotPaid(NotPaid::Unseen),
        })
    }

    async fn refund(&self, intent: &Intent, _: Money, _: &IdempotencyKey) -> Result<Outcome, ProviderError> {
        self.in_order()?;
        if self.of(&intent.id) == Some(Booked::Paid) {
            self.write(&intent.id, "refunded");
        }
        self.query(intent).await
    }
}
