//! A scripted provider of which each call first waits for a test's own hook.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use paygate::testing::{ScriptedProvider, handle};
use paygate::{
    Begun, Callback, CallbackRefused, Capabilities, IdError, IdempotencyKey, Intent, Money, NextStep,
    Outcome, PayeeId, PaymentId, PaymentProvider, ProviderError, ProviderId, ProviderRef, RawCallback,
};

/// What a call waits for: its name (`begin`, `query`) and the payment that it is about.
type Hook = Box<dyn Fn(&'static str, PaymentId) -> BoxFuture<'static, ()> + Send + Sync>;

pub struct Hooked {
    pub scripted: ScriptedProvider,
    hook: Hook,
    queries: Mutex<HashMap<PaymentId, u32>>,
    /// Gives each checkout that it begins a handle of its own.
    has_handles: bool,
    begun: AtomicU32,
    /// Refunds by a call, whose answer is lost.
    refunds: bool,
}

impl Hooked {
    pub fn new(
        hook: impl Fn(&'static str, PaymentId) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        Self {
            scripted: ScriptedProvider::new(),
            hook: Box::new(hook),
            queries: Mutex::default(),
            has_handles: false,
            begun: AtomicU32::new(0),
            refunds: false,
        }
    }

    pub fn with_handles(mut self) -> Self {
        self.has_handles = true;
        self
    }

    pub fn with_refunds_whose_answer_is_lost(mut self) -> Self {
        self.refunds = true;
        self
    }

    /// How often it was asked about each payment.
    pub fn queries(&self) -> HashMap<PaymentId, u32> {
        self.queries.lock().expect("a lock").clone()
    }
}

#[async_trait]
impl PaymentProvider for Hooked {
    fn id(&self) -> ProviderId {
        self.scripted.id()
    }

    fn payee(&self) -> PayeeId {
        self.scripted.payee()
    }

    fn capabilities(&self) -> Capabilities {
        let capabilities = self.scripted.capabilities();
        if self.refunds { capabilities.with_refund() } else { capabilities }
    }

    async fn begin(&self, intent: &Intent) -> Result<Begun, ProviderError> {
        (self.hook)("begin", intent.id.clone()).await;
        if !self.has_handles {
            return self.scripted.begin(intent).await;
        }
        let begun = || handle(&format!("checkout-{}", self.begun.fetch_add(1, Ordering::SeqCst)));
        let handle = intent.handle.clone().unwrap_or_else(begun);
        let page = format!("https://pay.example/{handle}").parse().expect("an address");
        Ok(Begun { handle: Some(handle), next: NextStep::Redirect(page) })
    }

    fn read_callback(&self, raw: RawCallback<'_>) -> Result<Callback, CallbackRefused> {
        self.scripted.read_callback(raw)
    }

    fn reference(&self, typed: &str) -> Result<ProviderRef, IdError> {
        self.scripted.reference(typed)
    }

    async fn query(&self, intent: &Intent) -> Result<Outcome, ProviderError> {
        *self.queries.lock().expect("a lock").entry(intent.id.clone()).or_default() += 1;
        (self.hook)("query", intent.id.clone()).await;
        self.scripted.query(intent).await
    }

    async fn refund(&self, _: &Intent, _: Money, _: &IdempotencyKey) -> Result<Outcome, ProviderError> {
        Err(if self.refunds { ProviderError::Transient("cut".into()) } else { ProviderError::Unsupported })
    }
}
