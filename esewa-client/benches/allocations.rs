//! How often each call asks the allocator for memory, counted and not timed:
//!
//! ```text
//! cargo bench -p esewa-client --bench allocations
//! ```
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may fail")]
#![allow(clippy::print_stdout, reason = "its output is its purpose")]

use allocation_counter::measure;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use esewa_client::{
    CheckoutRequest, Merchant, RawCallback, SecretKey, Signature, StatusReport, TransactionUuid,
};

const FORM: [(&str, &str); 3] =
    [("total_amount", "1000"), ("transaction_uuid", "250610-162413"), ("product_code", "EPAYTEST")];
const CALLBACK: &str = include_str!("../tests/vectors/documented_callback.txt");
const STATUS: &[u8] = br#"{"product_code":"EPAYTEST","transaction_uuid":"250610-162413","total_amount":1000.0,"status":"COMPLETE","ref_id":"000AWEO"}"#;

fn main() {
    let (key, merchant, data) = (SecretKey::test(), Merchant::test(), CALLBACK.trim());
    let url = || "https://shop.example/250610-162413".parse().unwrap();
    let uuid = TransactionUuid::new("250610-162413").unwrap();
    let request = CheckoutRequest::new(uuid, "1000".parse().unwrap(), url(), url()).unwrap();
    let json = STANDARD.decode(data).unwrap();

    println!("| call | allocations | bytes |");
    println!("| --- | --- | --- |");
    count("sign", || Signature::sign(&key, FORM));
    count("sign, and its Base64", || Signature::sign(&key, FORM).to_base64());
    count("a whole checkout form", || merchant.checkout(&request));
    count("verify a callback", || merchant.verify_callback(RawCallback::from_data(data).unwrap()).unwrap());
    count("read a status body", || StatusReport::parse(STATUS).unwrap());
    count("bare: decode the callback's Base64", || STANDARD.decode(data).unwrap());
    count("bare: its JSON as serde_json::Value", || {
        serde_json::from_slice::<serde_json::Value>(&json).unwrap()
    });
}

fn count<T>(call: &str, mut once: impl FnMut() -> T) {
    let counted = measure(|| drop(std::hint::black_box(once())));
    println!("| {call} | {} | {} |", counted.count_total, counted.bytes_total);
}
