//! Push jobs in memory.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{Appended, ConversationId, PushJob, PushOutcome, Seq, UserId};

/// The jobs, one for each member and conversation at most.
#[derive(Debug, Default)]
pub(super) struct Pushes(BTreeMap<(UserId, ConversationId), Push>);

#[derive(Debug)]
struct Push {
    newest: Seq,
    /// When it is due; while it is leased, the end of the lease.
    due: Timestamp,
    newest_due: Timestamp,
    tries: u32,
}

impl Pushes {
    pub(super) fn enter(&mut self, appended: &Appended, due: Timestamp) {
        let event = &appended.event;
        for &member in appended.members.iter().filter(|&&member| member != event.by) {
            let fresh = Push { newest: event.seq, due, newest_due: due, tries: 0 };
            let push = self.0.entry((member, event.conversation)).or_insert(fresh);
            push.newest = event.seq;
            push.newest_due = due;
        }
    }

    pub(super) fn claim(
        &mut self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
        unread: impl Fn(UserId, ConversationId) -> u64,
    ) -> Vec<PushJob> {
        let mut due: Vec<_> = self.0.iter().filter(|(_, push)| push.due <= now).collect();
        due.sort_by_key(|(_, push)| push.due);
        let due: Vec<_> = due.into_iter().map(|(&key, _)| key).collect();
        let mut jobs = Vec::new();
        for (to, conversation) in due {
            if jobs.len() >= limit as usize {
                break;
            }
            let unread = unread(to, conversation);
            if unread == 0 {
                self.0.remove(&(to, conversation));
            } else if let Some(push) = self.0.get_mut(&(to, conversation)) {
                push.due = leased_until;
                push.tries = push.tries.saturating_add(1);
                let (newest, tries) = (push.newest, push.tries);
                jobs.push(PushJob { to, conversation, newest, unread, tries, leased_until });
            }
        }
        jobs
    }

    pub(super) fn finish(&mut self, job: &PushJob, outcome: PushOutcome) {
        let key = (job.to, job.conversation);
        let Some(push) = self.0.get_mut(&key).filter(|push| push.due == job.leased_until) else { return };
        match outcome {
            PushOutcome::RetryAt(at) => push.due = at,
            PushOutcome::Done if push.newest <= job.newest => drop(self.0.remove(&key)),
            // Something newer came meanwhile: it has its own time.
            PushOutcome::Done => {
                push.due = push.newest_due;
                push.tries = 0;
            }
        }
    }
}
