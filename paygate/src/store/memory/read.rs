//! Leases and pages.

use jiff::{SignedDuration, Timestamp};

use super::Inner;
use crate::clock::later;
use crate::model::{Event, Payment};
use crate::{PaymentId, SubjectId};

impl Inner {
    pub(super) fn lease_due(&mut self, now: Timestamp, lease: SignedDuration, max: u32) -> Vec<Payment> {
        let mut leased = Vec::new();
        for (_, id) in self.due.iter().take_while(|(at, _)| *at <= now) {
            if leased.len() >= max as usize {
                break;
            }
            let Some(row) = self.payments.get_mut(id) else { continue };
            if row.leased_until.is_none_or(|until| until <= now) {
                row.leased_until = Some(later(now, lease));
                leased.push(row.payment.clone());
            }
        }
        leased
    }

    pub(super) fn events_after(&self, seq: u64, max: u32) -> Vec<(u64, Event)> {
        let skip = usize::try_from(seq).unwrap_or(usize::MAX);
        let numbered = (1_u64..).zip(&self.events).skip(skip).take(max as usize);
        numbered.map(|(number, event)| (number, event.clone())).collect()
    }

    pub(super) fn newest_event(&self) -> u64 {
        u64::try_from(self.events.len()).unwrap_or(u64::MAX)
    }

    pub(super) fn payments_of(
        &self,
        who: &SubjectId,
        before: Option<&(Timestamp, PaymentId)>,
        max: u32,
    ) -> Vec<Payment> {
        let Some(all) = self.by_subject.get(who) else { return Vec::new() };
        let newest_first = all.iter().rev().filter(|place| before.is_none_or(|before| *place < before));
        newest_first.take(max as usize).filter_map(|(_, id)| self.payment(id).cloned()).collect()
    }

    pub(super) fn in_review(&self, max: u32) -> Vec<Payment> {
        self.review.iter().take(max as usize).filter_map(|(_, id)| self.payment(id).cloned()).collect()
    }
}
