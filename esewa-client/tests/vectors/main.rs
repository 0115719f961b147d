//! Every published vector reaches the verdict that its file expects, and none is left unread.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test may fail the test")]

use serde_json::Value;

mod answers;
mod callbacks;
#[cfg(feature = "legacy")]
mod legacy;
mod measured;
#[cfg(feature = "mobile")]
mod mobile;
mod signatures;
#[cfg(feature = "token")]
mod token;

/// How many entries the file has of each kind, and which module reads them. A kind that is not in
/// this table, and an entry that was lost, fail the test below.
const KINDS: [(&str, usize); 15] = [
    // callbacks.rs, and once more in measured.rs
    ("callback", 33),
    ("callback-forgery", 4),
    ("callback-transport", 2),
    // signatures.rs
    ("request", 8),
    ("hmac", 4),
    ("intent-request", 2),
    ("es104-diagnosis", 11),
    // answers.rs
    ("status-response", 11),
    ("form-error", 3),
    ("form-success", 1),
    // legacy.rs
    ("v1-transrec-response", 4),
    ("v1-redirect", 1),
    // mobile.rs
    ("mobile-verify-response", 1),
    ("mobile-sdk-result", 2),
    // token.rs; answers.rs sees to it that what a merchant answers is not read as an answer of eSewa.
    ("token-response", 3),
];

#[test]
fn no_entry_is_silently_unread() {
    let all = all();
    assert_eq!(all.len(), 90);
    for (kind, count) in KINDS {
        assert_eq!(all.iter().filter(|vector| vector["kind"] == kind).count(), count, "{kind}");
    }
    assert_eq!(KINDS.iter().map(|(_, count)| count).sum::<usize>(), all.len(), "a kind nobody reads");
    let mut ids: Vec<&str> = all.iter().map(id).collect();
    ids.dedup();
    assert_eq!(ids.len(), all.len(), "an id there twice");
}

pub(crate) fn of_kind(kind: &str) -> Vec<Value> {
    let vectors: Vec<Value> = all().into_iter().filter(|vector| vector["kind"] == kind).collect();
    assert!(!vectors.is_empty(), "no entry of kind {kind}");
    vectors
}

pub(crate) fn id(vector: &Value) -> &str {
    vector["id"].as_str().unwrap()
}

fn all() -> Vec<Value> {
    let mut file: Value = serde_json::from_str(include_str!("esewa.json")).unwrap();
    serde_json::from_value(file["vectors"].take()).unwrap()
}
