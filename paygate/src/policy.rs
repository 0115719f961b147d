//! The times and choices of a payment's life. A `Policy` that exists is within bounds.

use jiff::{SignedDuration, Timestamp};

use crate::clock::later;
use crate::model::{Intent, Payment, State};

/// When things expire, when the provider is asked, and what a partial refund means.
///
/// ```
/// use jiff::SignedDuration;
/// use paygate::{PartialRefund, Policy};
/// let policy = Policy::default()
///     .with_checkout_ttl(SignedDuration::from_mins(20))?
///     .with_partial_refund(PartialRefund::ClosesAccess);
/// assert!(Policy::default().with_checkout_ttl(SignedDuration::ZERO).is_err());
/// # Ok::<(), paygate::PolicyError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    checkout_ttl: SignedDuration,
    unseen_grace: SignedDuration,
    open_checks: Vec<SignedDuration>,
    return_checks: Vec<SignedDuration>,
    lapsed_checks: Vec<SignedDuration>,
    paid_checks: Vec<SignedDuration>,
    refund_checks: Vec<SignedDuration>,
    lease: SignedDuration,
    provider_timeout_ms: u64,
    partial_refund: PartialRefund,
}

/// What a partial refund does to access. eSewa does not say how much went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PartialRefund {
    /// Access stays, and an operator is told.
    #[default]
    KeepsAccess,
    /// Access ends, and an operator is told.
    ClosesAccess,
}

/// A policy that would lose money or checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} must be {bounds}")]
pub struct PolicyError {
    what: &'static str,
    bounds: &'static str,
}

impl Default for Policy {
    /// Thirty minutes for the checkout, fifteen of grace. An open payment is asked about after two
    /// minutes (its callback is overdue), after five (eSewa's own rule), then at doubling distances for
    /// two days, and ten, thirty and sixty seconds after the payer is said to have come back: somebody is waiting
    /// then. A lapsed one an hour and a day after its expiry, a paid one (for refunds) after a day, a
    /// week and a month, and besides at growing distances from two minutes to a month after a refund was ordered.
    fn default() -> Self {
        let mut open_checks = vec![SignedDuration::from_mins(2)];
        open_checks.extend((0..10).map(|doubling| SignedDuration::from_mins(5 << doubling)));
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        let mut refund_checks = [2, 5, 15, 60, 240, 720].map(SignedDuration::from_mins).to_vec();
        refund_checks.extend([1, 2, 4, 8, 15, 30].map(days));
        Self {
            checkout_ttl: SignedDuration::from_mins(30),
            unseen_grace: SignedDuration::from_mins(15),
            open_checks,
            return_checks: [10, 30, 60].map(SignedDuration::from_secs).to_vec(),
            lapsed_checks: vec![SignedDuration::from_hours(1), days(1)],
            paid_checks: vec![days(1), days(7), days(30)],
            refund_checks,
            lease: SignedDuration::from_secs(60),
            provider_timeout_ms: 30_000,
            partial_refund: PartialRefund::KeepsAccess,
        }
    }
}

impl Policy {
    /// How long a checkout is offered again, 1 minute to 24 hours.
    ///
    /// # Errors
    /// Out of bounds.
    pub fn with_checkout_ttl(mut self, ttl: SignedDuration) -> Result<Self, PolicyError> {
        self.checkout_ttl = within(ttl, (60, 86_400), "checkout_ttl", "1 minute to 24 hours")?;
        self.consistent()
    }

    /// How long after its expiry a payment that the provider has never seen may still turn up, up to 24 hours.
    ///
    /// # Errors
    /// Out of bounds, or longer than the schedule of checks.
    pub fn with_unseen_grace(mut self, grace: SignedDuration) -> Result<Self, PolicyError> {
        self.unseen_grace = within(grace, (0, 86_400), "unseen_grace", "0 to 24 hours")?;
        self.consistent()
    }

    /// When an open payment is asked about, counted from its start: 1 to 64 rising times. After the last
    /// one an operator must look.
    ///
    /// # Errors
    /// Empty, too many, not rising, or ending before expiry and grace are over.
    pub fn with_open_checks(mut self, checks: Vec<SignedDuration>) -> Result<Self, PolicyError> {
        self.open_checks = rising(checks, 1, "open_checks")?;
        self.consistent()
    }

    /// When an open payment is asked about besides, counted from the last time that its payer was said to have come
    /// back, as long as that is in doubt. Such a hint is free to anybody; it never puts off a time of
    /// [`with_open_checks`](Self::with_open_checks).
    ///
    /// # Errors
    /// Too many or not rising.
    pub fn with_return_checks(mut self, checks: Vec<SignedDuration>) -> Result<Self, PolicyError> {
        self.return_checks = rising(checks, 0, "return_checks")?;
        Ok(self)
    }

    /// When a lapsed payment is asked about once more, counted from its expiry: a late success is found so.
    ///
    /// # Errors
    /// Too many or not rising.
    pub fn with_lapsed_checks(mut self, checks: Vec<SignedDuration>) -> Result<Self, PolicyError> {
        self.lapsed_checks = rising(checks, 0, "lapsed_checks")?;
        Ok(self)
    }

    /// When a paid payment is asked about, counted from the proof of payment: a refund is found so.
    ///
    /// # Errors
    /// Too many or not rising.
    pub fn with_paid_checks(mut self, checks: Vec<SignedDuration>) -> Result<Self, PolicyError> {
        self.paid_checks = rising(checks, 0, "paid_checks")?;
        Ok(self)
    }

    /// When a paid payment is asked about besides, counted from the last order to refund it: where the provider has
    /// no call for it, a person does it in a portal minutes or days later.
    ///
    /// # Errors
    /// Too many or not rising.
    pub fn with_refund_checks(mut self, checks: Vec<SignedDuration>) -> Result<Self, PolicyError> {
        self.refund_checks = rising(checks, 0, "refund_checks")?;
        Ok(self)
    }

    /// How long a node keeps a payment to itself while it asks about it, 5 seconds to 1 hour. A question may have to
    /// wait for another one about the same payment, so it is at least twice
    /// [`provider_timeout_ms`](Self::with_provider_timeout_ms); shorten that first.
    ///
    /// # Errors
    /// Out of bounds, or a question could outlive it.
    pub fn with_lease(mut self, lease: SignedDuration) -> Result<Self, PolicyError> {
        self.lease = within(lease, (5, 3_600), "lease", "5 seconds to 1 hour")?;
        self.consistent()
    }

    /// How long a provider may take to answer one call, 1 to 120,000 ms.
    ///
    /// # Errors
    /// Out of bounds, or more than half of the [`lease`](Self::with_lease); lengthen that first.
    pub fn with_provider_timeout_ms(mut self, timeout_ms: u64) -> Result<Self, PolicyError> {
        if !(1..=120_000).contains(&timeout_ms) {
            return Err(PolicyError { what: "provider_timeout_ms", bounds: "1 to 120,000" });
        }
        self.provider_timeout_ms = timeout_ms;
        self.consistent()
    }

    /// What a partial refund does to access.
    #[must_use]
    pub fn with_partial_refund(mut self, partial_refund: PartialRefund) -> Self {
        self.partial_refund = partial_refund;
        self
    }

    /// How long a checkout is offered again.
    pub fn checkout_ttl(&self) -> SignedDuration {
        self.checkout_ttl
    }

    /// How long a node keeps a payment to itself while it asks about it.
    pub fn lease(&self) -> SignedDuration {
        self.lease
    }

    /// How long a provider may take to answer one call, in milliseconds.
    pub fn provider_timeout_ms(&self) -> u64 {
        self.provider_timeout_ms
    }

    /// What a partial refund does to access.
    pub fn partial_refund(&self) -> PartialRefund {
        self.partial_refund
    }

    /// From when on "never seen" is believed.
    pub fn unseen_counts_from(&self, intent: &Intent) -> Timestamp {
        later(intent.expires_at, self.unseen_grace)
    }

    /// The first time somebody asks about a new payment.
    pub(crate) fn first_check(&self, intent: &Intent) -> Option<Timestamp> {
        next_after(intent.created_at, &self.open_checks, intent.created_at)
    }

    /// The next time somebody asks about a payment that was looked at at `now`.
    pub(crate) fn next_check(&self, payment: &Payment, now: Timestamp) -> Option<Timestamp> {
        let intent = &payment.intent;
        match (payment.state, payment.paid_at) {
            (State::Open, _) => {
                let scheduled = next_after(intent.created_at, &self.open_checks, now);
                let back = payment.doubt.hinted_at.filter(|_| payment.doubt.holds());
                let waited_for = back.and_then(|back| next_after(back, &self.return_checks, now));
                // Without a scheduled time an operator is called: a hint must not put that off.
                scheduled.map(|at| waited_for.map_or(at, |soon| soon.min(at)))
            }
            (State::Lapsed(_), _) | (State::PartlyRefunded, None) => {
                next_after(intent.expires_at, &self.lapsed_checks, now)
            }
            (State::Paid | State::PartlyRefunded, Some(paid_at)) => {
                let scheduled = next_after(paid_at, &self.paid_checks, now);
                let ordered = payment.refund_ordered_at;
                let awaited = ordered.and_then(|at| next_after(at, &self.refund_checks, now));
                scheduled.into_iter().chain(awaited).min()
            }
            _ => None,
        }
    }

    /// The last check of an open payment must be able to believe "never seen", or such a payment would
    /// stay open for ever. And what a node asks about must be its own until it has been answered.
    fn consistent(self) -> Result<Self, PolicyError> {
        let last = self.open_checks.last().copied().unwrap_or(SignedDuration::ZERO);
        let believed = self.checkout_ttl.saturating_add(self.unseen_grace);
        if last < believed {
            return Err(PolicyError {
                what: "the last of open_checks",
                bounds: "after checkout_ttl and unseen_grace",
            });
        }
        if self.lease.as_millis() < 2 * i128::from(self.provider_timeout_ms) {
            return Err(PolicyError { what: "lease", bounds: "at least twice provider_timeout_ms" });
        }
        Ok(self)
    }
}

/// The first of `from` + `offsets` that lies after `now`.
fn next_after(from: Timestamp, offsets: &[SignedDuration], now: Timestamp) -> Option<Timestamp> {
    offsets.iter().map(|offset| later(from, *offset)).find(|at| *at > now)
}

fn within(
    time: SignedDuration,
    (least_s, most_s): (i64, i64),
    what: &'static str,
    bounds: &'static str,
) -> Result<SignedDuration, PolicyError> {
    let fits = time >= SignedDuration::from_secs(least_s) && time <= SignedDuration::from_secs(most_s);
    if fits { Ok(time) } else { Err(PolicyError { what, bounds }) }
}

fn rising(
    times: Vec<SignedDuration>,
    least: usize,
    what: &'static str,
) -> Result<Vec<SignedDuration>, PolicyError> {
    let ordered = times.windows(2).all(|pair| pair[0] < pair[1]);
    let positive = times.first().is_none_or(SignedDuration::is_positive);
    if ordered && positive && (least..=64).contains(&times.len()) {
        Ok(times)
    } else {
        Err(PolicyError { what, bounds: "at most 64 rising times above zero" })
    }
}

#[cfg(test)]
mod tests {
    use super::{Policy, SignedDuration};

    #[test]
    fn policies_out_of_bounds_are_refused() {
        let minutes = SignedDuration::from_mins;
        for policy in [
            Policy::default().with_checkout_ttl(SignedDuration::from_secs(59)),
            Policy::default().with_checkout_ttl(minutes(1441)),
            Policy::default().with_unseen_grace(minutes(-1)),
            Policy::default().with_open_checks(vec![]),
            Policy::default().with_open_checks(vec![minutes(5), minutes(5), minutes(500)]),
            Policy::default().with_open_checks(vec![minutes(44)]),
            Policy::default().with_open_checks(vec![minutes(0), minutes(500)]),
            Policy::default().with_return_checks(vec![minutes(2), minutes(1)]),
            Policy::default().with_lapsed_checks(vec![minutes(9), minutes(8)]),
            Policy::default().with_lease(SignedDuration::from_secs(4)),
            Policy::default().with_provider_timeout_ms(0),
            Policy::default().with_provider_timeout_ms(30_001),
            Policy::default().with_lease(SignedDuration::from_secs(59)),
            Policy::default().with_refund_checks(vec![minutes(9), minutes(8)]),
        ] {
            assert!(policy.is_err(), "{policy:?}");
        }
        assert!(Policy::default().with_open_checks(vec![minutes(45)]).is_ok());
    }
}
