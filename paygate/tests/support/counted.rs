//! Ids that can be guessed, so that a callback may overtake its own start.

use std::sync::atomic::{AtomicU64, Ordering};

use paygate::testing::{grant_id, payment_id};
use paygate::{GrantId, IdSource, PaymentId};

#[derive(Debug, Default)]
pub struct Counted(AtomicU64);

impl Counted {
    /// The id of the next payment.
    pub fn next(&self) -> PaymentId {
        payment_id(&format!("pay-{}", self.0.load(Ordering::SeqCst)))
    }
}

impl IdSource for Counted {
    fn payment_id(&self) -> PaymentId {
        payment_id(&format!("pay-{}", self.0.fetch_add(1, Ordering::SeqCst)))
    }

    fn grant_id(&self) -> GrantId {
        grant_id(&format!("grant-{}", self.0.fetch_add(1, Ordering::SeqCst)))
    }
}
