//! T31: what it costs to let somebody in who has paid, by store, beside a bare hash look-up of the same run.
//!
//! `cargo bench -p paygate --features conformance,sqlite --bench granted`

#![allow(missing_docs, reason = "criterion writes the entry point")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on ends")]

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::ready;
use std::hint::black_box;
use std::sync::{Arc, RwLock};

use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use futures_util::FutureExt as _;
use http::request::Parts;
use http::{Request, Response};
use paygate::sqlite::{SqliteStore, migrate};
use paygate::testing::{key, minute, paid, payee, payment_for, provider_id, resource, subject};
use paygate::{
    Access, CachedStore, Change, Checkout, Committed, Demand, GateError, Gatekeeper, GrantEffect, GrantStore,
    ManualClock, MemoryStore, Money, Offer, Opened, Opening, PaygateLayer, PaymentStore, Policy, SubjectId,
    step,
};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tower::{Layer as _, Service as _, service_fn};

/// So many have paid.
const PAYERS: usize = 10_000;

fn granted(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut group = criterion.benchmark_group("granted");

    let bare: RwLock<HashMap<String, u64>> =
        RwLock::new((0..PAYERS).map(|number| (format!("user:{number}"), 1)).collect());
    group.bench_function("bare_hash_behind_a_lock", |bencher| {
        bencher.iter(|| bare.read().unwrap().get(black_box("user:77")).copied());
    });

    let memory = MemoryStore::new();
    runtime.block_on(grant(&memory, PAYERS));
    let (who, what) = (subject("user:77"), resource("room:7"));
    let look = |store: &MemoryStore| store.access(black_box(&who), &what, minute(2)).now_or_never();
    group.bench_function("memory", |bencher| bencher.iter(|| look(&memory)));

    let offer = Offer::permanent(resource("room:7"), Money::npr_paisa(3000));
    let inner = || service_fn(|_: Request<()>| ready(Ok::<_, Infallible>(Response::new(Bytes::new()))));
    let mut alone = inner();
    group.bench_function("a_service_that_does_nothing", |bencher| {
        bencher.iter(|| alone.call(black_box(Request::new(()))).now_or_never());
    });
    let clock = Arc::new(ManualClock::new(minute(2)));
    let checkout = Checkout { provider: provider_id("scripted"), payee: payee("US"), start: "/pay".into() };
    let gate = PaygateLayer::builder(Known(subject("user:77"), offer), memory.clone());
    let mut gated = gate.clock(clock).checkout(checkout).build().unwrap().layer(inner());
    group.bench_function("the_same_behind_the_gate_over_memory", |bencher| {
        bencher.iter(|| gated.call(black_box(Request::new(()))).now_or_never());
    });

    let folder = tempfile::tempdir().unwrap();
    let sqlite = runtime.block_on(async {
        let options =
            SqliteConnectOptions::new().filename(folder.path().join("bench.db")).create_if_missing(true);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        migrate(&pool).await.unwrap();
        SqliteStore::new(pool.clone(), pool).await.unwrap()
    });
    runtime.block_on(grant(&sqlite, 100));
    let look = || runtime.block_on(sqlite.access(black_box(&who), &what, minute(2))).unwrap();
    group.bench_function("sqlite", |bencher| bencher.iter(look));

    let cached = CachedStore::new(sqlite, 1_000, 10_000).unwrap();
    let first = runtime.block_on(cached.access(&who, &what, minute(2))).unwrap();
    assert!(matches!(first, Access::Granted(_)));
    let look = || cached.access(black_box(&who), &what, minute(2)).now_or_never();
    group.bench_function("sqlite_with_its_read_cache", |bencher| bencher.iter(look));
    group.finish();
}

/// Who he is was made in front of the gate, as a session makes it.
#[derive(Clone)]
struct Known(SubjectId, Offer);

impl Gatekeeper for Known {
    async fn demand(&self, _: &Parts) -> Result<Demand, GateError> {
        Ok(Demand::Pay { who: self.0.clone(), offer: self.1.clone() })
    }
}

async fn grant<S: PaymentStore>(store: &S, payers: usize) {
    for number in 0..payers {
        let payment = payment_for(&format!("p{number}"), &format!("user:{number}"), "room:7");
        let opening = Opening { payment, key: key("k"), asked: vec![] };
        let Ok(Opened::New(payment)) = store.open(opening).await else { panic!("not opened") };
        let step = step(&payment, &paid(&payment, &format!("R{number}")), minute(1), &Policy::default());
        let grant = step.to.grant(paygate::testing::grant_id(&format!("g{number}")), minute(1));
        let change = Change {
            to: step.to,
            claim: step.claim,
            grant: GrantEffect::Give(grant),
            events: step.events,
            at: minute(1),
            note: None,
        };
        assert_eq!(store.commit(change).await.ok(), Some(Committed::Applied));
    }
}

criterion_group!(benches, granted);
criterion_main!(benches);
