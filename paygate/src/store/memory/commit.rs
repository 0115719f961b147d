//! Writing a step: every check first, every change after, so that nothing is ever half written.

use jiff::Timestamp;

use super::Inner;
use crate::GrantId;
use crate::model::{EventKind, Grant, Note, Observation, Payment, TRAIL_ENTRIES_MAX};
use crate::store::{Change, Committed, GrantEffect, StoreError, refuse_a_fall};

impl Inner {
    pub(super) fn commit(&mut self, change: Change) -> Result<Committed, StoreError> {
        if let Some(refusal) = self.refusal(&change)? {
            return Ok(refusal);
        }
        let Change { to, claim, grant, events, at, note } = change;
        let id = to.intent.id.clone();
        if let Some(reference) = claim {
            self.claims.insert((to.intent.provider.clone(), reference), id.clone());
        }
        let before = self.payment(&id).cloned();
        self.index(before.as_ref(), &to);
        for kind in events {
            self.tell(&to, at, kind);
        }
        self.regrant(&to, grant, at);
        if let Some(row) = self.payments.get_mut(&id) {
            if let Some(note) = note {
                record(&mut row.trail, note, &to, at);
            }
            row.payment = to;
            row.leased_until = None;
        }
        Ok(Committed::Applied)
    }

    fn refusal(&self, change: &Change) -> Result<Option<Committed>, StoreError> {
        let to = &change.to;
        let stored = self.payment(&to.intent.id).ok_or(StoreError::NoSuchPayment)?;
        if stored.version != change.expected_version() {
            return Ok(Some(Committed::Stale(stored.clone())));
        }
        refuse_a_fall(stored, to)?;
        if let Some(reference) = &change.claim {
            let owner = self.claims.get(&(to.intent.provider.clone(), reference.clone()));
            if let Some(by) = owner.filter(|by| **by != to.intent.id) {
                return Ok(Some(Committed::ReferenceTaken { by: by.clone() }));
            }
        }
        let live = self.live_grant(to, change.at).filter(|grant| grant.payment != to.intent.id);
        Ok(match (&change.grant, live) {
            (GrantEffect::Give(_), Some(by)) => Some(Committed::Covered { by: by.clone() }),
            (GrantEffect::Covered, None) => Some(Committed::Stale(stored.clone())),
            _ => None,
        })
    }

    fn regrant(&mut self, to: &Payment, effect: GrantEffect, at: Timestamp) {
        match effect {
            GrantEffect::Keep | GrantEffect::Covered => {}
            GrantEffect::Give(grant) => {
                if self.live_grant(to, at).is_none() {
                    self.give(to, grant, at);
                }
            }
            GrantEffect::Recompute { spare } => self.recompute(to, &spare, at),
        }
    }

    fn recompute(&mut self, to: &Payment, spare: &GrantId, at: Timestamp) {
        let own = self.live_grant(to, at).filter(|grant| grant.payment == to.intent.id);
        let Some(revoked) = own.map(|grant| grant.id.clone()) else { return };
        self.set_grant(to, None);
        self.tell(to, at, EventKind::Revoked(revoked));
        if let Some((heir, grant)) = self.heir(to, spare, at) {
            self.give(&heir, grant, at);
        }
    }

    /// Who takes over: the longest paid other payment that buys the same, and whose time is not over.
    fn heir(&self, of: &Payment, spare: &GrantId, at: Timestamp) -> Option<(Payment, Grant)> {
        let door = self.door(&of.intent.subject, &of.intent.offer.resource)?;
        let others = door.entitled.iter().map(|(_, id)| id).filter(|id| **id != of.intent.id);
        let grants =
            others.filter_map(|id| self.payment(id)).map(|other| (other, other.grant(spare.clone(), at)));
        grants.into_iter().find(|(_, grant)| grant.is_live(at)).map(|(heir, grant)| (heir.clone(), grant))
    }

    fn give(&mut self, payment: &Payment, grant: Grant, at: Timestamp) {
        let id = grant.id.clone();
        self.set_grant(payment, Some(grant));
        self.tell(payment, at, EventKind::Granted(id));
    }

    fn live_grant(&self, payment: &Payment, now: Timestamp) -> Option<&Grant> {
        self.door(&payment.intent.subject, &payment.intent.offer.resource)?.live(now)
    }

    fn set_grant(&mut self, payment: &Payment, grant: Option<Grant>) {
        let rooms = self.doors.entry(payment.intent.subject.clone()).or_default();
        rooms.entry(payment.intent.offer.resource.clone()).or_default().grant = grant;
    }
}

/// Adds to the trail, or counts its last entry up.
fn record(trail: &mut Vec<Observation>, note: Note, to: &Payment, at: Timestamp) {
    let state = to.state.code().to_owned();
    if let Some(last) = trail.last_mut()
        && !note.changed
        && last.source == note.source
        && last.seen == note.seen
        && last.state == state
    {
        last.times += 1;
        last.last_at = at;
        return;
    }
    if note.changed || trail.len() < TRAIL_ENTRIES_MAX as usize {
        let Note { source, seen, changed: _ } = note;
        trail.push(Observation { source, first_at: at, last_at: at, times: 1, seen, state });
    }
}
