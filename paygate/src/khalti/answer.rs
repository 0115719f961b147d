//! What the lookup says, in our words.

use serde::Deserialize;

use super::fetch::{Answer, KhaltiError};
use crate::model::{NotPaid, Outcome, RefundSize, Why};
use crate::{Money, PayeeId, ProviderHandle, ProviderRef};

/// The documented answer. Khalti sends its fee too, which is between the merchant and Khalti.
#[derive(Deserialize)]
struct Found {
    pidx: String,
    status: String,
    total_amount: Option<u64>,
    transaction_id: Option<String>,
    refunded: Option<bool>,
}

/// Reads an answer about `handle`.
///
/// Khalti sends `Expired` and `User canceled` under HTTP 400, beside real errors of that status: a body with
/// a status word decides over the HTTP status, but for a server that says that it is out of order.
///
/// # Errors
/// An error answer without a status word.
pub(super) fn outcome(
    answer: &Answer,
    handle: &ProviderHandle,
    payee: &PayeeId,
) -> Result<Outcome, KhaltiError> {
    if !matches!(answer.http_status, 200..=299 | 400) {
        return Err(answer.refusal());
    }
    match serde_json::from_slice::<Found>(&answer.body) {
        Ok(found) if found.pidx == handle.as_str() => Ok(found.outcome(payee)),
        Err(_) if answer.http_status == 400 => Err(answer.refusal()),
        // An answer about something else says as little about this payment as one that cannot be read.
        _ => Ok(Outcome::Unknown(Why::Malformed)),
    }
}

impl Found {
    fn outcome(self, payee: &PayeeId) -> Outcome {
        let reference = self.transaction_id.and_then(|id| reference(&id));
        let word = Word::read(&self.status);
        match word {
            Some(Word::Completed) if self.refunded == Some(true) => Outcome::Unknown(Why::Contradiction),
            Some(Word::Completed) => paid(reference, self.total_amount, payee),
            Some(word) => word.outcome(reference),
            None => Outcome::Unknown(Why::UnknownWord),
        }
    }
}

/// Khalti's words. It writes some of them in two ways, so letter case does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Completed,
    InProgress,
    Expired,
    Canceled,
    Refunded,
    PartiallyRefunded,
}

impl Word {
    pub(super) fn read(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "completed" => Some(Self::Completed),
            "pending" | "initiated" => Some(Self::InProgress),
            "expired" => Some(Self::Expired),
            "user canceled" | "canceled" | "failed" => Some(Self::Canceled),
            "refunded" => Some(Self::Refunded),
            "partially refunded" => Some(Self::PartiallyRefunded),
            _ => None,
        }
    }

    /// What it means, for every word but the one that needs a proof.
    pub(super) fn outcome(self, reference: Option<ProviderRef>) -> Outcome {
        match self {
            Self::Completed => Outcome::Unknown(Why::Malformed),
            Self::InProgress => Outcome::Pending,
            Self::Expired => Outcome::NotPaid(NotPaid::Expired),
            Self::Canceled => Outcome::NotPaid(NotPaid::Canceled),
            Self::Refunded => Outcome::Refunded { reference, size: RefundSize::Full },
            Self::PartiallyRefunded => Outcome::Refunded { reference, size: RefundSize::Part(None) },
        }
    }
}

/// "Completed" without its proof is no proof.
pub(super) fn paid(reference: Option<ProviderRef>, paisa: Option<u64>, payee: &PayeeId) -> Outcome {
    match (reference, paisa) {
        (Some(reference), Some(paisa)) => {
            Outcome::Paid { reference, amount: Money::npr_paisa(paisa), payee: payee.clone() }
        }
        _ => Outcome::Unknown(Why::Malformed),
    }
}

/// Letters and digits, of which case counts: Khalti's ids have one spelling.
pub(super) fn reference(id: &str) -> Option<ProviderRef> {
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    ProviderRef::new(id).ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::super::fetch::Answer;
    use super::{Outcome, outcome};
    use crate::model::{NotPaid, RefundSize, Why};
    use crate::testing::{handle, payee, reference};
    use crate::{Money, ProviderError};

    const PIDX: &str = "HT6o6PEZRWFJ5ygavzHWd5";

    fn documented(word: &str, transaction_id: Option<&str>, refunded: bool) -> Value {
        json!({
            "pidx": PIDX, "total_amount": 1000, "status": word, "transaction_id": transaction_id, "fee": 0,
            "refunded": refunded,
        })
    }

    fn read(http_status: u16, body: &[u8]) -> Result<Outcome, ProviderError> {
        let answer = Answer { http_status, body: body.to_vec() };
        Ok(outcome(&answer, &handle(PIDX), &payee("SHOP"))?)
    }

    fn said(http_status: u16, body: &Value) -> Outcome {
        read(http_status, body.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn every_documented_word_has_its_meaning() {
        let id = Some("GFq9PFS7b2iYvL8Lir9oXe");
        let known = Some(reference("GFq9PFS7b2iYvL8Lir9oXe"));
        let paid = Outcome::Paid {
            reference: reference("GFq9PFS7b2iYvL8Lir9oXe"),
            amount: Money::npr_paisa(1000),
            payee: payee("SHOP"),
        };
        let refunded = |size| Outcome::Refunded { reference: known.clone(), size };
        for (http_status, body, means) in [
            (200, documented("Completed", id, false), paid),
            (200, documented("Pending", None, false), Outcome::Pending),
            (200, documented("Initiated", None, false), Outcome::Pending),
            (200, documented("Refunded", id, true), refunded(RefundSize::Full)),
            (200, documented("Partially Refunded", id, true), refunded(RefundSize::Part(None))),
            (200, documented("Partially refunded", id, false), refunded(RefundSize::Part(None))),
            (400, documented("Expired", None, false), Outcome::NotPaid(NotPaid::Expired)),
            (400, documented("User canceled", None, false), Outcome::NotPaid(NotPaid::Canceled)),
            (400, documented("Canceled", None, false), Outcome::NotPaid(NotPaid::Canceled)),
            (400, documented("Failed", None, false), Outcome::NotPaid(NotPaid::Canceled)),
        ] {
            assert_eq!(said(http_status, &body), means, "{body}");
        }
    }

    #[test]
    fn what_proves_nothing_is_unknown() {
        let id = Some("GFq9PFS7b2iYvL8Lir9oXe");
        let mut other = documented("Completed", id, false);
        other["pidx"] = json!("bZQLD9wRVWo4CdESSfuSsB");
        let mut float = documented("Completed", id, false);
        float["total_amount"] = json!(1000.0);
        let mut negative = documented("Completed", id, false);
        negative["total_amount"] = json!(-1000);
        let mut none = documented("Completed", id, false);
        none["total_amount"] = Value::Null;
        for (body, why) in [
            (documented("Succeeded", id, false), Why::UnknownWord),
            (documented("", id, false), Why::UnknownWord),
            (documented("Completed", None, false), Why::Malformed),
            (documented("Completed", Some(""), false), Why::Malformed),
            (documented("Completed", Some("a/../b"), false), Why::Malformed),
            (documented("Completed", id, true), Why::Contradiction),
            (other, Why::Malformed),
            (float, Why::Malformed),
            (negative, Why::Malformed),
            (none, Why::Malformed),
            (json!([]), Why::Malformed),
            (json!({"status": "Completed"}), Why::Malformed),
        ] {
            assert_eq!(said(200, &body), Outcome::Unknown(why), "{body}");
        }
        for body in ["", "<html>Completed</html>", "{\"pidx\": \"HT6o6PEZRWFJ5yg", "null"] {
            assert_eq!(read(200, body.as_bytes()).unwrap(), Outcome::Unknown(Why::Malformed), "{body}");
        }
    }

    #[test]
    fn errors_say_who_must_act() {
        let wrong_key = json!({"detail": "Invalid token.", "status_code": 401}).to_string();
        let wrong_pidx = json!({"detail": "Not found.", "error_key": "validation_error"}).to_string();
        let error = |status, body: &str| read(status, body.as_bytes()).unwrap_err();
        assert!(matches!(error(401, &wrong_key), ProviderError::Misconfigured(_)));
        assert!(matches!(error(404, &wrong_pidx), ProviderError::Rejected(_)));
        assert!(matches!(error(400, &wrong_pidx), ProviderError::Rejected(_)));
        for status in [408, 429, 500, 502, 503, 504] {
            assert!(matches!(error(status, "<html>"), ProviderError::Transient(_)), "{status}");
        }
        // Out of order is out of order, whatever stands in the body.
        let body = documented("Completed", Some("GFq9PFS7b2iYvL8Lir9oXe"), false).to_string();
        assert!(matches!(error(500, &body), ProviderError::Transient(_)));
        assert!(matches!(error(302, &body), ProviderError::Rejected(_)));
    }

    proptest! {
        #[test]
        fn t27_any_bytes_are_read_without_a_panic_and_none_of_them_pay(
            status in 100_u16..600,
            body in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            let seen = read(status, &body);
            let pays = matches!(seen, Ok(Outcome::Paid { .. }));
            prop_assert!(!pays);
        }

        /// T4: the amount that is handed on is the amount that was named, to the paisa.
        #[test]
        fn t27_a_mutated_answer_pays_only_what_it_names(word in "[A-Za-z ]{0,20}", paisa in any::<u64>()) {
            let mut body = documented(&word, Some("GFq9PFS7b2iYvL8Lir9oXe"), false);
            body["total_amount"] = json!(paisa);
            match said(200, &body) {
                Outcome::Paid { amount, .. } => {
                    prop_assert!(word.eq_ignore_ascii_case("completed"));
                    prop_assert_eq!(amount, Money::npr_paisa(paisa));
                }
                _ => prop_assert!(!word.eq_ignore_ascii_case("completed")),
            }
        }
    }
}
