//! What the payer's browser brings back: a query that anybody could have written.

use url::form_urlencoded;

use super::answer::{Word, paid, reference};
use crate::model::{Outcome, Why};
use crate::provider::{Callback, CallbackRefused, Trust};
use crate::{PayeeId, PaymentId};

/// A real one has about 300 bytes.
const QUERY_BYTES_MAX: usize = 8 * 1024;

/// Reads the query. It names the payment and claims something; the provider is asked in any case.
pub(super) fn read(query: &str, payee: &PayeeId) -> Result<Callback, CallbackRefused> {
    if query.len() > QUERY_BYTES_MAX {
        return Err(CallbackRefused::Malformed);
    }
    let id = once(query, "purchase_order_id")?.ok_or(CallbackRefused::Malformed)?;
    let payment = PaymentId::new(id).map_err(|_| CallbackRefused::Malformed)?;
    let word = once(query, "status")?.ok_or(CallbackRefused::Malformed)?;
    let named = once(query, "transaction_id")?.and_then(|id| reference(&id));
    let claims = match Word::read(&word) {
        Some(Word::Completed) => {
            let paisa = once(query, "total_amount")?.and_then(|text| text.parse().ok());
            paid(named, paisa, payee)
        }
        Some(word) => word.outcome(named),
        None => Outcome::Unknown(Why::UnknownWord),
    };
    // The `pidx` that counts is the one that Khalti gave us.
    Ok(Callback { payment, trust: Trust::Hint, claims, handle: None })
}

/// The value of a parameter. One that is there twice means two things.
fn once(query: &str, name: &str) -> Result<Option<String>, CallbackRefused> {
    let mut values =
        form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).map(|(_, value)| value);
    let value = values.next();
    if values.next().is_some() {
        return Err(CallbackRefused::Malformed);
    }
    Ok(value.map(std::borrow::Cow::into_owned))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Callback, CallbackRefused, Outcome, Trust, Why, read};
    use crate::Money;
    use crate::model::NotPaid;
    use crate::testing::{payee, payment_id, reference};

    /// As documented, line breaks taken out.
    const COMPLETED: &str = "pidx=bZQLD9wRVWo4CdESSfuSsB&txnId=4H7AhoXDJWg5WjrcPT9ixW&amount=1000\
        &total_amount=1000&status=Completed&mobile=98XXXXX904&tidx=4H7AhoXDJWg5WjrcPT9ixW\
        &purchase_order_id=test12&purchase_order_name=test&transaction_id=4H7AhoXDJWg5WjrcPT9ixW";
    const CANCELED: &str = "pidx=bZQLD9wRVWo4CdESSfuSsB&transaction_id=&tidx=&amount=1000&total_amount=1000\
        &mobile=&status=User%20canceled&purchase_order_id=test12&purchase_order_name=test";

    fn claims(query: &str) -> Result<Outcome, CallbackRefused> {
        let Callback { payment, trust, claims, handle: _ } = read(query, &payee("SHOP"))?;
        assert_eq!((payment, trust), (payment_id("test12"), Trust::Hint));
        Ok(claims)
    }

    #[test]
    fn the_documented_callbacks_are_read_as_hints() {
        let paid = Outcome::Paid {
            reference: reference("4H7AhoXDJWg5WjrcPT9ixW"),
            amount: Money::npr_paisa(1000),
            payee: payee("SHOP"),
        };
        assert_eq!(claims(COMPLETED), Ok(paid));
        assert_eq!(claims(CANCELED), Ok(Outcome::NotPaid(NotPaid::Canceled)));
        assert_eq!(claims(&COMPLETED.replace("Completed", "Pending")), Ok(Outcome::Pending));
        let unknown = claims(&COMPLETED.replace("Completed", "Later"));
        assert_eq!(unknown, Ok(Outcome::Unknown(Why::UnknownWord)));
        let unproven = claims(&COMPLETED.replace("&total_amount=1000", "&total_amount=1e3"));
        assert_eq!(unproven, Ok(Outcome::Unknown(Why::Malformed)));
    }

    #[test]
    fn crooked_callbacks_are_refused() {
        for query in [
            String::new(),
            COMPLETED.replace("purchase_order_id", "order"),
            COMPLETED.replace("status", "state"),
            COMPLETED.replace("test12", "te%20st"),
            COMPLETED.replace("test12", ""),
            format!("{COMPLETED}&purchase_order_id=test13"),
            format!("{COMPLETED}&status=Pending"),
            format!("{COMPLETED}&transaction_id=x"),
            format!("{COMPLETED}&pad={}", "x".repeat(9_000)),
        ] {
            assert_eq!(claims(&query), Err(CallbackRefused::Malformed), "{query}");
        }
    }

    proptest! {
        #[test]
        fn t27_any_query_is_read_without_a_panic(query in "\\PC{0,200}|([a-z_]{1,9}=[%a-zA-Z0-9+]{0,9}&?){0,9}") {
            if let Ok(callback) = read(&query, &payee("SHOP")) {
                prop_assert_eq!(callback.trust, Trust::Hint);
            }
        }
    }
}
