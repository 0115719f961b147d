//! Signing and verifying beside the bare work that neither can do without, in one run:
//!
//! ```text
//! cargo bench -p esewa-client --bench signature
//! ```
//!
//! `sign` is one HMAC-SHA256 of a form's message and its Base64. `verify` is a real callback from `data`
//! to a proven value: Base64, JSON and HMAC-SHA256. The bare rows do just that with the crates alone, their
//! keys prepared and their messages ready; "unprepared" hashes the key at each call, as most SDKs do.
//! Times are those of the CPU, so that a busy machine changes them little.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may fail")]

use std::hint::black_box;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use esewa_client::{Merchant, RawCallback, SecretKey, Signature};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;
use sha2::Sha256;

const KEY: &str = "8gBm/:&EnhH.1/q";
const FORM: [(&str, &str); 3] =
    [("total_amount", "1000"), ("transaction_uuid", "250610-162413"), ("product_code", "EPAYTEST")];
const FORM_MESSAGE: &str = "total_amount=1000,transaction_uuid=250610-162413,product_code=EPAYTEST";
/// The payload of eSewa's own documentation, as its gateway once signed it.
const CALLBACK: &str = include_str!("../tests/vectors/documented_callback.txt");
const CALLBACK_MESSAGE: &str = "transaction_code=000AWEO,status=COMPLETE,total_amount=1000.0,\
     transaction_uuid=250610-162413,product_code=EPAYTEST,signed_field_names=transaction_code,status,\
     total_amount,transaction_uuid,product_code,signed_field_names";

fn sign(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("sign");
    let key = SecretKey::test();
    bench(&mut group, "esewa-client", || Signature::sign(&key, black_box(FORM)).to_base64());

    let keyed = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    bench(&mut group, "bare sha2", || {
        let mac = keyed.clone().chain_update(black_box(FORM_MESSAGE));
        STANDARD.encode(mac.finalize().into_bytes())
    });
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, KEY.as_bytes());
    bench(&mut group, "bare ring", || {
        STANDARD.encode(ring::hmac::sign(&key, black_box(FORM_MESSAGE).as_bytes()))
    });
    bench(&mut group, "bare sha2, unprepared", || {
        let mac = Hmac::<Sha256>::new_from_slice(black_box(KEY).as_bytes()).unwrap();
        STANDARD.encode(mac.chain_update(black_box(FORM_MESSAGE)).finalize().into_bytes())
    });
    group.finish();
}

fn verify(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("verify");
    let merchant = Merchant::test();
    let data = CALLBACK.trim();
    bench(&mut group, "esewa-client", || {
        merchant.verify_callback(RawCallback::from_data(black_box(data)).unwrap()).unwrap()
    });

    let keyed = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    bench(&mut group, "bare base64 + serde_json + sha2", || {
        let json = STANDARD.decode(black_box(data)).unwrap();
        let fields: Fields<'_> = serde_json::from_slice(&json).unwrap();
        let signature = STANDARD.decode(fields.signature).unwrap();
        keyed.clone().chain_update(black_box(CALLBACK_MESSAGE)).verify_slice(&signature).unwrap();
        // What a caller goes on with.
        (fields.transaction_code.len(), fields.status.len(), fields.total_amount.len())
    });
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, KEY.as_bytes());
    bench(&mut group, "bare base64 + serde_json + ring", || {
        let json = STANDARD.decode(black_box(data)).unwrap();
        let fields: Fields<'_> = serde_json::from_slice(&json).unwrap();
        let signature = STANDARD.decode(fields.signature).unwrap();
        ring::hmac::verify(&key, black_box(CALLBACK_MESSAGE).as_bytes(), &signature).unwrap();
        (fields.transaction_code.len(), fields.status.len(), fields.total_amount.len())
    });
    group.finish();
}

/// All texts borrowed: the least that JSON can cost.
#[derive(Deserialize)]
struct Fields<'j> {
    transaction_code: &'j str,
    status: &'j str,
    total_amount: &'j str,
    #[serde(rename = "transaction_uuid")]
    _transaction_uuid: &'j str,
    #[serde(rename = "product_code")]
    _product_code: &'j str,
    #[serde(rename = "signed_field_names")]
    _signed_field_names: &'j str,
    signature: &'j str,
}

fn bench<T>(group: &mut BenchmarkGroup<'_, CpuTime>, name: &str, mut call: impl FnMut() -> T) {
    group.bench_function(name, |bencher| bencher.iter(&mut call));
}

/// The CPU time of this thread: what others do on the machine is not counted.
struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap())
    }

    fn end(&self, start: Duration) -> Duration {
        self.start() - start
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        WallTime.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = sign, verify
}
criterion_main!(benches);
