//! The stable words of the log, of the trail and of paygate, as a person reads them. Whatever they don't know stays as
//! it is: an old line of the log must not vanish.

use esewa_client::Amount;

use crate::ui::{Lang, money, problem};

/// What an anomaly's code means to a person.
pub fn review_words(code: &str) -> String {
    match code {
        "partial_refund" => t!("admin-review-partial-refund"),
        "unanswered" => t!("admin-review-unanswered"),
        "refund_withdrawn" => t!("admin-review-refund-withdrawn"),
        "reference_changed" => t!("admin-review-reference-changed"),
        "paid_twice" => t!("admin-review-paid-twice"),
        "reference_taken" => t!("admin-review-reference-taken"),
        "payee_mismatch" => t!("admin-review-payee-mismatch"),
        "amount_mismatch" => t!("admin-review-amount-mismatch"),
        "undeliverable" => t!("admin-review-undeliverable"),
        _ => t!("admin-review-other"),
    }
}

/// How a payment stands, by the code of its state.
pub fn state_words(code: &str) -> String {
    match code {
        "open" => t!("admin-state-open"),
        "lapsed" => t!("admin-state-lapsed"),
        "paid" => t!("admin-state-paid"),
        "partly_refunded" => t!("admin-state-partly-refunded"),
        "refunded" => t!("admin-state-refunded"),
        other => other.to_owned(),
    }
}

/// What was seen, as the audit trail has it.
pub fn seen_words(seen: &str) -> String {
    if let Some((what, why)) = seen.split_once(": ") {
        return match what {
            "unknown" => unknown_words(why),
            "not paid" => not_paid_words(why),
            "verdict" => verdict_words(why),
            "refund ordered" => why
                .strip_prefix("NPR ")
                .and_then(rupees)
                .map_or_else(|| seen.to_owned(), |amount| t!("admin-seen-refund-ordered", amount = amount)),
            _ => return seen.to_owned(),
        };
    }
    match seen {
        "begun" => t!("admin-seen-begun"),
        "pending" => t!("admin-seen-pending"),
        "paid" => t!("admin-state-paid"),
        "refunded" => t!("admin-state-refunded"),
        "partly refunded" => t!("admin-state-partly-refunded"),
        "undeliverable" => t!("admin-seen-undeliverable"),
        other => other.to_owned(),
    }
}

fn unknown_words(why: &str) -> String {
    match why {
        "the provider does not know yet" => t!("admin-seen-ambiguous"),
        "the provider could not be asked" => t!("admin-seen-unreachable"),
        "the answer could not be read" => t!("admin-seen-malformed"),
        "the status word is not known" => t!("admin-seen-unknown-word"),
        "the provider contradicts itself" => t!("admin-seen-contradiction"),
        "the provider signed that it may be paid" => t!("admin-seen-signed"),
        "the payer is said to have come back" => t!("admin-seen-hinted"),
        "the provider refuses the question" => t!("admin-seen-refused"),
        other => other.to_owned(),
    }
}

fn not_paid_words(why: &str) -> String {
    match why {
        "unseen" => t!("admin-seen-unseen"),
        "expired" => t!("admin-seen-expired"),
        "canceled" => t!("admin-seen-canceled"),
        other => other.to_owned(),
    }
}

fn verdict_words(verdict: &str) -> String {
    match verdict {
        "paid" => t!("admin-seen-verdict-paid"),
        "not paid" => t!("admin-seen-verdict-not-paid"),
        "refunded" => t!("admin-seen-verdict-refunded"),
        "partly refunded" => t!("admin-seen-verdict-partly-refunded"),
        "noted" => t!("admin-seen-verdict-noted"),
        other => other.to_owned(),
    }
}

/// What an administrator did, by its word in the log.
pub fn act_words(act: &str) -> String {
    match act {
        "recheck" => t!("admin-act-recheck"),
        "resolve" => t!("admin-act-resolve"),
        "refund" => t!("admin-act-refund"),
        "export" => t!("admin-act-export"),
        "suspend_user" => t!("admin-act-suspend-user"),
        "lift_user" => t!("admin-act-lift-user"),
        "suspend_room" => t!("admin-act-suspend-room"),
        "lift_room" => t!("admin-act-lift-room"),
        "open_report" => t!("admin-act-open-report"),
        "decide_report" => t!("admin-act-decide-report"),
        "add_admin" => t!("admin-act-add-admin"),
        other => other.to_owned(),
    }
}

/// Why an administrator did it. A verdict and an amount stand before the administrator's own words.
pub fn reason_words(act: &str, reason: &str) -> String {
    let Some((head, own)) = reason.split_once(": ") else { return reason.to_owned() };
    let head = match (act, head) {
        ("resolve", "noted") => Some(t!("admin-verdict-noted")),
        ("resolve", "not_paid") => Some(t!("payment-not-paid")),
        ("resolve", "refunded") => Some(t!("admin-refunded")),
        ("resolve", "paid") => Some(t!("payment-paid")),
        ("refund", amount) => amount.strip_suffix(" NPR").and_then(rupees),
        _ => None,
    };
    head.map_or_else(|| reason.to_owned(), |head| format!("{head}: {own}"))
}

/// What came of an act, as the log has it.
pub fn outcome_words(outcome: &str) -> String {
    if let Some(code) = outcome.strip_prefix("refused: ") {
        return t!("admin-outcome-refused", why = problem::words(code, code, "").0);
    }
    if let Some((state, review)) = outcome.split_once(", in review: ") {
        let (state, review) = (state_words(state), review_words(review));
        return t!("admin-outcome-review", state = state, review = review);
    }
    if let Some(count) = outcome.strip_suffix(" rows").and_then(|count| count.parse::<u64>().ok()) {
        return t!("admin-outcome-rows", count = count, shown = Lang::current().digits(count));
    }
    if let Some(count) = outcome.strip_suffix(" messages").and_then(|count| count.parse::<u64>().ok()) {
        return t!("admin-outcome-messages", count = count, shown = Lang::current().digits(count));
    }
    match outcome {
        "suspended" => t!("admin-outcome-suspended"),
        "lifted" => t!("admin-outcome-lifted"),
        "upheld" => t!("admin-outcome-upheld"),
        "dismissed" => t!("admin-outcome-dismissed"),
        "the picture" => t!("admin-outcome-picture"),
        "made" => t!("admin-outcome-made"),
        other => state_words(other),
    }
}

/// An amount of the log, as money.
fn rupees(decimal: &str) -> Option<String> {
    decimal.parse::<Amount>().ok().map(|amount| money::rupees(amount.paisa()))
}

#[cfg(test)]
mod tests {
    use paygate::{Anomaly, Money, NotPaid, Outcome, State, Why};

    use super::*;
    use crate::http::admin::acts::ACTS;
    use crate::ui::lang::in_language;

    /// Nothing that this server writes down is left in English.
    #[test]
    fn every_stable_word_is_said_in_nepali() {
        let whys = [
            Why::Ambiguous,
            Why::Unreachable,
            Why::Malformed,
            Why::UnknownWord,
            Why::Contradiction,
            Why::Signed,
            Why::Hinted,
            Why::Refused,
        ];
        let lapses = [NotPaid::Unseen, NotPaid::Expired, NotPaid::Canceled];
        let mut seen: Vec<String> = whys.map(|why| Outcome::Unknown(why).to_string()).into();
        seen.extend(lapses.map(|lapse| Outcome::NotPaid(lapse).to_string()));
        seen.push(Outcome::Pending.to_string());
        seen.push(format!("refund ordered: {}", Money::npr_paisa(3_000)));
        seen.extend(["begun", "paid", "refunded", "partly refunded", "undeliverable"].map(str::to_owned));
        let verdicts = ["paid", "not paid", "refunded", "partly refunded", "noted"];
        seen.extend(verdicts.map(|verdict| format!("verdict: {verdict}")));
        let states = [
            State::Open,
            State::Lapsed(NotPaid::Unseen),
            State::Paid,
            State::PartlyRefunded,
            State::Refunded,
        ];
        let outcomes =
            ["refused: conflict", "12 rows", "1 messages", "the picture", "suspended", "lifted", "made"];
        let said = in_language(Lang::Ne, || {
            let mut said: Vec<String> = seen.iter().map(|seen| seen_words(seen)).collect();
            said.extend(states.map(|state| state_words(state.code())));
            said.extend(Anomaly::ALL.map(|anomaly| review_words(anomaly.code())));
            said.extend(Anomaly::ALL.map(|anomaly| outcome_words(&format!("open, in review: {anomaly}"))));
            said.extend(ACTS.map(act_words));
            said.extend(outcomes.map(outcome_words));
            said.extend(["upheld", "dismissed", "partly_refunded"].map(outcome_words));
            said
        });
        for words in said {
            let left = words.replace("eSewa", "");
            assert!(!left.contains(|c: char| c.is_ascii_alphanumeric()), "{words}");
        }
    }

    #[test]
    fn english_words_are_those_of_the_record() {
        assert_eq!(
            seen_words("unknown: the provider does not know yet"),
            "unknown: the provider does not know yet"
        );
        assert_eq!(seen_words("refund ordered: NPR 30.00"), "refund ordered: Rs. 30.00");
        assert_eq!(outcome_words("refused: conflict"), "refused: conflict");
        assert_eq!(outcome_words("1 rows"), "1 row");
        assert_eq!(reason_words("refund", "30.00 NPR: The room: let."), "Rs. 30.00: The room: let.");
        assert_eq!(reason_words("resolve", "noted: Seen."), "Noted: Seen.");
    }

    #[test]
    fn what_is_not_known_stays_as_it_is() {
        let words = in_language(Lang::Ne, || {
            [
                seen_words("seen: twice"),
                outcome_words("done"),
                act_words("dance"),
                reason_words("refund", "x: y"),
            ]
        });
        assert_eq!(words, ["seen: twice", "done", "dance", "x: y"]);
    }
}
