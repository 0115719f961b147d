//! Beginning a payment.

use jiff::Timestamp;

use super::{Inner, Row};
use crate::model::{EventKind, Payment};
use crate::store::{ASK_FIRST_MAX, Opened, Opening, StoreError};

impl Inner {
    pub(super) fn open(&mut self, opening: Opening) -> Result<Opened, StoreError> {
        let Opening { payment, key, asked } = opening;
        let now = payment.intent.created_at;
        let key = (payment.intent.subject.clone(), key);
        if let Some(known) = self.keys.get(&key) {
            let known = self.payment(known).ok_or(StoreError::NoSuchPayment)?;
            let same = known.intent.offer == payment.intent.offer
                && known.intent.provider == payment.intent.provider;
            return Ok(if same { Opened::SameKey(known.clone()) } else { Opened::KeyReused });
        }
        if let Some(found) = self.reason_not_to(&payment, now, &asked) {
            return Ok(found);
        }
        if self.payments.contains_key(&payment.intent.id) {
            return Err(StoreError::NoSuchPayment);
        }
        self.keys.insert(key, payment.intent.id.clone());
        self.index(None, &payment);
        self.tell(&payment, now, EventKind::Opened);
        let row = Row { payment: payment.clone(), leased_until: None, trail: Vec::new() };
        self.payments.insert(payment.intent.id.clone(), row);
        Ok(Opened::New(payment))
    }

    fn reason_not_to(&self, new: &Payment, now: Timestamp, asked: &[crate::PaymentId]) -> Option<Opened> {
        let door = self.door(&new.intent.subject, &new.intent.offer.resource)?;
        if let Some(grant) = door.live(now) {
            return Some(Opened::AlreadyGranted(grant.clone()));
        }
        let open: Vec<&Payment> = door.open.iter().filter_map(|(_, id)| self.payment(id)).collect();
        if let Some(found) = open.iter().find(|payment| payment.in_flight || now < payment.intent.expires_at)
        {
            return Some(Opened::AlreadyOpen((*found).clone()));
        }
        let ask: Vec<Payment> = open
            .into_iter()
            .filter(|payment| !asked.contains(&payment.intent.id))
            .take(ASK_FIRST_MAX)
            .cloned()
            .collect();
        (!ask.is_empty()).then_some(Opened::AskFirst(ask))
    }
}
