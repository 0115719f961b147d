//! Pages of payments, newest first: where one ended is the time and the id of its last payment.

use jiff::Timestamp;
use paygate::{Payment, PaymentId};

use crate::db::payment_search::PaymentPlace;
use crate::problem::Problem;

/// Where the page ends that ends with this payment.
pub fn cursor(payment: &Payment) -> String {
    format!("{}_{}", payment.intent.created_at.as_microsecond(), payment.intent.id)
}

/// The place of a cursor.
///
/// # Errors
///
/// 400 for what is no cursor of ours.
pub fn place(text: &str) -> Result<Option<PaymentPlace>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let parsed = text.split_once('_').and_then(|(micros, id)| {
        let created_at = Timestamp::from_microsecond(micros.parse().ok()?).ok()?;
        Some(PaymentPlace { created_at, id: PaymentId::new(id).ok()?.as_str().to_owned() })
    });
    let wrong = || Problem::invalid_query("cursor must be the next_cursor of an answer.");
    parsed.map(Some).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursor_comes_back_as_it_went() {
        let place = place("1790000000000000_a_b").expect("a place").expect("one");
        assert_eq!((place.created_at.as_microsecond(), place.id.as_str()), (1_790_000_000_000_000, "a_b"));
        for wrong in ["x", "_", "1_", "_a", "99999999999999999999_a", "1_a b"] {
            assert!(super::place(wrong).is_err(), "{wrong}");
        }
    }
}
