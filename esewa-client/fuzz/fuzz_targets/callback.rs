//! Whatever a browser brings to the success address: a query, or the value of `data`, or the JSON inside.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use esewa_client::{Merchant, RawCallback};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let merchant = Merchant::test();
    if let Ok(text) = std::str::from_utf8(bytes) {
        for raw in [RawCallback::from_query(text), RawCallback::from_data(text)].into_iter().flatten() {
            let _ = merchant.verify_callback(raw);
        }
    }
    let Ok(raw) = RawCallback::from_data(&STANDARD.encode(bytes)) else { return };
    // The key is public, but no mutation finds another SHA-256: what verifies is a genuine callback, and
    // each of those that has no escape holds its own values.
    if let Ok(callback) = merchant.verify_callback(raw) {
        assert_eq!(callback.product_code(), merchant.product_code());
        let json = std::str::from_utf8(bytes).unwrap();
        if json.contains('\\') {
            return;
        }
        assert!(json.contains(callback.transaction_uuid().as_str()));
        assert!(json.to_ascii_uppercase().contains(callback.transaction_code().as_str()));
    }
});
