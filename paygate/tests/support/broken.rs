//! A store that is right but for one fault.

use jiff::{SignedDuration, Timestamp};
use paygate::{
    Access, Change, Committed, Event, GrantEffect, GrantStore, MemoryStore, Observation, Opened, Opening,
    Payment, PaymentId, PaymentStore, ProviderRef, ResourceId, StoreError, SubjectId,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    NoAtomicity,
    NoUniqueness,
    NoCompareAndSet,
    ForgetsOnRestart,
    LeaksGrants,
    SharesLeases,
    NeverRevokes,
    GapsInEvents,
    HandsAccessToTheLongestPaidOnly,
    LetsRanksFall,
}

#[derive(Clone)]
pub struct BrokenStore {
    memory: MemoryStore,
    fault: Fault,
}

impl BrokenStore {
    pub fn new(memory: MemoryStore, fault: Fault) -> Self {
        Self { memory, fault }
    }

    /// Writes the payment and its events although the claim is refused.
    async fn without_atomicity(&self, change: Change) -> Result<Committed, StoreError> {
        let half = Change { claim: None, grant: GrantEffect::Keep, ..change.clone() };
        let answer = self.memory.commit(change).await?;
        if matches!(answer, Committed::ReferenceTaken { .. }) {
            let _ = self.memory.commit(half).await?;
        }
        Ok(answer)
    }

    /// Writes over whatever version is there.
    async fn without_compare(&self, mut change: Change) -> Result<Committed, StoreError> {
        if let Some(stored) = self.memory.load(&change.to.intent.id).await? {
            change.to.version = stored.version + 1;
        }
        self.memory.commit(change).await
    }
}

impl GrantStore for BrokenStore {
    async fn access(&self, who: &SubjectId, what: &ResourceId, now: Timestamp) -> Result<Access, StoreError> {
        if self.fault == Fault::LeaksGrants {
            // As a query without the subject in its condition would answer.
            for number in 1..3 {
                let other = SubjectId::new(format!("user:{number}")).expect("an id");
                let access = self.memory.access(&other, what, now).await?;
                if matches!(access, Access::Granted(_)) {
                    return Ok(access);
                }
            }
        }
        let access = self.memory.access(who, what, now).await?;
        match access {
            Access::Granted(grant) if self.fault == Fault::HandsAccessToTheLongestPaidOnly => {
                // As a query for the heir that looks at the first row only.
                let of_payer = self.memory.payments_of(who, None, 1_000).await?;
                let longest =
                    of_payer.iter().filter(|payment| payment.entitled).min_by_key(|payment| payment.paid_at);
                let inherited = grant.id.as_str().starts_with("spare-");
                let keeps = !inherited || longest.is_some_and(|payment| payment.intent.id == grant.payment);
                Ok(if keeps { Access::Granted(grant) } else { Access::Locked })
            }
            access => Ok(access),
        }
    }
}

impl PaymentStore for BrokenStore {
    async fn open(&self, opening: Opening) -> Result<Opened, StoreError> {
        self.memory.open(opening).await
    }

    async fn load(&self, id: &PaymentId) -> Result<Option<Payment>, StoreError> {
        self.memory.load(id).await
    }

    async fn commit(&self, mut change: Change) -> Result<Committed, StoreError> {
        match self.fault {
            Fault::NoAtomicity => return self.without_atomicity(change).await,
            Fault::NoCompareAndSet => return self.without_compare(change).await,
            Fault::NoUniqueness => {
                let unique =
                    |claim: ProviderRef| ProviderRef::new(format!("{claim}-{}", change.to.intent.id)).ok();
                change.claim = change.claim.clone().and_then(unique);
            }
            Fault::NeverRevokes if matches!(change.grant, GrantEffect::Recompute { .. }) => {
                change.grant = GrantEffect::Keep;
            }
            Fault::LetsRanksFall => {
                let written = self.memory.commit(change).await;
                return if matches!(written, Err(StoreError::Inconsistent { .. })) {
                    Ok(Committed::Applied)
                } else {
                    written
                };
            }
            _ => {}
        }
        self.memory.commit(change).await
    }

    async fn lease_due(
        &self,
        now: Timestamp,
        lease: SignedDuration,
        max: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        let lease = if self.fault == Fault::SharesLeases { SignedDuration::ZERO } else { lease };
        self.memory.lease_due(now, lease, max).await
    }

    async fn events_after(&self, seq: u64, max: u32) -> Result<Vec<(u64, Event)>, StoreError> {
        let mut events = self.memory.events_after(seq, max).await?;
        if self.fault == Fault::GapsInEvents {
            events.retain(|(number, _)| number % 3 != 0);
        }
        Ok(events)
    }

    async fn newest_event(&self) -> Result<u64, StoreError> {
        self.memory.newest_event().await
    }

    async fn payments_of(
        &self,
        who: &SubjectId,
        before: Option<(Timestamp, PaymentId)>,
        max: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        self.memory.payments_of(who, before, max).await
    }

    async fn in_review(&self, max: u32) -> Result<Vec<Payment>, StoreError> {
        self.memory.in_review(max).await
    }

    async fn trail(&self, id: &PaymentId) -> Result<Vec<Observation>, StoreError> {
        self.memory.trail(id).await
    }
}
