//! One payment as it is known here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::later;
use crate::model::{Anomalies, Anomaly, Doubt, Grant, Intent, NotPaid};
use crate::{GrantId, Policy, ProviderRef};

/// Where a payment stands. States have a rank, and the rank only rises, so that a late, repeated or
/// reordered observation can never take back what an earlier one proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum State {
    /// Nothing final is known.
    Open,
    /// The provider said that nothing was paid. A late success still raises it.
    Lapsed(NotPaid),
    /// Paid, in full, to us.
    Paid,
    /// Paid, and a part went back.
    PartlyRefunded,
    /// Paid, and all of it went back.
    Refunded,
}

impl State {
    /// The place in the order of states: 0 for `Open` to 4 for `Refunded`.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Open => 0,
            Self::Lapsed(_) => 1,
            Self::Paid => 2,
            Self::PartlyRefunded => 3,
            Self::Refunded => 4,
        }
    }

    /// A stable word for storage, logs and APIs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Lapsed(_) => "lapsed",
            Self::Paid => "paid",
            Self::PartlyRefunded => "partly_refunded",
            Self::Refunded => "refunded",
        }
    }

    /// The higher of two states; of two lapses the surer reason.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Lapsed(a), Self::Lapsed(b)) => Self::Lapsed(a.max(b)),
            (a, b) if a.rank() >= b.rank() => a,
            (_, b) => b,
        }
    }
}

/// One payment: the intent, and what was observed of it so far.
///
/// Only [`step`](crate::step) makes a new one out of an old one, and only
/// [`PaymentStore::commit`](crate::PaymentStore::commit) writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// What was started.
    pub intent: Intent,
    /// Where it stands.
    pub state: State,
    /// The payer may have paid, and nothing invites a second payment: an open one with a
    /// [doubt](Self::doubt) that holds, or one of which a part went back before it was ever seen paid, where
    /// the policy lets such a payment keep its access.
    pub in_flight: bool,
    /// What speaks for it that an open payment was paid.
    pub doubt: Doubt,
    /// The provider's name for the payment, once it is known.
    pub reference: Option<ProviderRef>,
    /// When it was first proven paid with the right amount and payee. Without it there is no grant.
    pub paid_at: Option<Timestamp>,
    /// When it was last seen paid: a refund that is withdrawn shows in it.
    pub paid_seen_at: Option<Timestamp>,
    /// When a refund was first seen.
    pub refunded_at: Option<Timestamp>,
    /// When an operator last ordered a refund: it is waited for from then on.
    pub refund_ordered_at: Option<Timestamp>,
    /// Whether this payment, looked at alone, buys access now.
    pub entitled: bool,
    /// The most pressing anomaly that nobody has settled.
    pub review: Option<Anomaly>,
    /// Everything that was ever odd about it.
    pub raised: Anomalies,
    /// What an operator has settled.
    pub settled: Anomalies,
    /// When the provider is asked next without anybody's doing; `None` is never.
    pub next_check_at: Option<Timestamp>,
    /// Counts the commits; the compare-and-set of [`PaymentStore::commit`](crate::PaymentStore::commit).
    pub version: u64,
}

impl Payment {
    /// A payment that has just begun.
    pub fn new(intent: Intent, policy: &Policy) -> Self {
        let next_check_at = policy.first_check(&intent);
        Self {
            intent,
            state: State::Open,
            in_flight: false,
            doubt: Doubt::default(),
            reference: None,
            paid_at: None,
            paid_seen_at: None,
            refunded_at: None,
            refund_ordered_at: None,
            entitled: false,
            review: None,
            raised: Anomalies::NONE,
            settled: Anomalies::NONE,
            next_check_at,
            version: 0,
        }
    }

    /// Whether the checkout may be offered again at `now`: open, not in flight, not expired.
    pub fn is_offered(&self, now: Timestamp) -> bool {
        self.state == State::Open && !self.in_flight && now < self.intent.expires_at
    }

    /// The grant that this payment buys when it begins at `from`. Its end counts from the proof of
    /// payment, so that a grant passed on by a refund does not last longer than what was bought.
    pub fn grant(&self, id: GrantId, from: Timestamp) -> Grant {
        let paid_at = self.paid_at.unwrap_or(from);
        Grant {
            id,
            subject: self.intent.subject.clone(),
            resource: self.intent.offer.resource.clone(),
            payment: self.intent.id.clone(),
            from,
            until: self.intent.offer.grant_for.map(|time| later(paid_at, time)),
        }
    }
}
