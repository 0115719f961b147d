//! T31: what a granted request allocates: nothing for the look-up; and what the whole layer adds is counted.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::request::Parts;
use http::{Request, Response};
use paygate::testing::{key, minute, paid, payment, resource, subject};
use paygate::{
    Access, AccessChange, CachedStore, Change, Checkout, Committed, Demand, GateError, Gatekeeper,
    GrantEffect, GrantStore, ManualClock, MemoryStore, Money, Offer, Opened, Opening, PaygateLayer,
    PaymentStore, Policy, ResourceId, SubjectId, step,
};
use tower::{Layer as _, Service, service_fn};

/// Of a granted request behind the layer, on top of the inner service: three for the proof in the request's
/// extensions (their map, its table, the proof), two for the `cache-control` header of an answer without headers.
const FOR_PROOF: u64 = 3;
const FOR_HEADER: u64 = 2;

#[test]
fn t31_a_granted_request_allocates_for_its_proof_and_its_header_and_nothing_else() {
    let store = MemoryStore::new();
    grant(&store);
    let cached = CachedStore::new(store.clone(), 1_000, 10).unwrap();
    look(&cached);
    assert_eq!(
        allocations(|| passes(&mut service_fn(inner), Request::new(()))),
        0,
        "the inner service's own"
    );
    assert_eq!(through(store), FOR_PROOF + FOR_HEADER);
    assert_eq!(through(cached), FOR_PROOF + FOR_HEADER);
}

/// Who he is was made in front of the gate, as a session makes it.
#[derive(Clone)]
struct Known(SubjectId, Offer);

impl Gatekeeper for Known {
    async fn demand(&self, _: &Parts) -> Result<Demand, GateError> {
        Ok(Demand::Pay { who: self.0.clone(), offer: self.1.clone() })
    }
}

fn through(store: impl GrantStore) -> u64 {
    let offer = Offer::permanent(resource("room:7"), Money::npr_paisa(3000));
    let checkout = Checkout {
        provider: paygate::testing::provider_id("scripted"),
        payee: paygate::testing::payee("US"),
        start: "/pay".into(),
    };
    let clock = Arc::new(ManualClock::new(minute(2)));
    let gate = PaygateLayer::builder(Known(subject("user:1"), offer), store).clock(clock).checkout(checkout);
    let mut gate = gate.build().unwrap().layer(service_fn(inner));
    let request = Request::new(());
    allocations(|| passes(&mut gate, request))
}

fn passes<S, F>(service: &mut S, request: Request<()>)
where
    S: Service<Request<()>, Response = Response<Bytes>, Error = Infallible, Future = F>,
    F: Future<Output = Result<Response<Bytes>, Infallible>>,
{
    // Always ready.
    let answer = service.call(request).now_or_never().unwrap();
    assert!(matches!(answer, Ok(answer) if answer.status() == 200));
}

fn inner(_: Request<()>) -> Ready<Result<Response<Bytes>, Infallible>> {
    ready(Ok(Response::new(Bytes::new())))
}

#[test]
fn t31_a_granted_look_up_allocates_nothing() {
    let store = MemoryStore::new();
    grant(&store);
    let cached = CachedStore::new(store.clone(), 1_000, 10).unwrap();
    look(&cached);
    assert_eq!((allocations(|| look(&store)), allocations(|| look(&cached))), (0, 0));
}

fn allocations(act: impl FnOnce()) -> u64 {
    allocation_counter::measure(act).count_total
}

fn look(store: &impl GrantStore) {
    // Made in front of the measurement in a server, too: a request carries them.
    thread_local! {
        static DOOR: (SubjectId, ResourceId) = (subject("user:1"), resource("room:7"));
    }
    DOOR.with(|(who, what)| {
        let access = store.access(who, what, minute(2)).now_or_never().unwrap();
        assert!(matches!(access, Ok(Access::Granted(_))));
    });
}

fn grant(store: &MemoryStore) {
    let opening = Opening { payment: payment("p"), key: key("k"), asked: vec![] };
    let opened = store.open(opening).now_or_never().unwrap();
    let Ok(Opened::New(payment)) = opened else { panic!("{opened:?}") };
    let step = step(&payment, &paid(&payment, "R1"), minute(1), &Policy::default());
    assert_eq!(step.access, AccessChange::Give);
    let grant = GrantEffect::Give(step.to.grant(paygate::testing::grant_id("g"), minute(1)));
    let change =
        Change { to: step.to, claim: step.claim, grant, events: step.events, at: minute(1), note: None };
    assert_eq!(store.commit(change).now_or_never().unwrap().ok(), Some(Committed::Applied));
}
