//! One question per payment at a time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Mutex as AsyncMutex;

use crate::PaymentId;
use crate::model::Payment;

/// Who is asking about which payment right now.
#[derive(Debug, Default)]
pub(super) struct Turns {
    // A blocking lock: held for one hash look-up, never across an await.
    running: Mutex<HashMap<PaymentId, Queue>>,
}

/// How a payment stands after somebody's turn.
#[derive(Debug)]
pub(super) enum Asked {
    /// The provider was asked: who came before may share it.
    Provider(Payment),
    /// There was nothing to ask, as far as the one whose turn it was is concerned.
    Nobody(Payment),
}

/// Those who ask about one payment.
#[derive(Debug, Default)]
struct Queue {
    turn: Arc<Turn>,
    members: usize,
}

#[derive(Debug, Default)]
struct Turn {
    /// Held while somebody asks.
    answer: AsyncMutex<Option<Answer>>,
    /// How many questions have begun; read by newcomers while one is on its way.
    begun: AtomicU64,
}

#[derive(Debug)]
struct Answer {
    number: u64,
    payment: Payment,
}

impl Turns {
    /// Runs `ask`, unless somebody else's question that *began after* this call was answered meanwhile:
    /// then that answer is as fresh as an own one. So sixty-four callers at once make two questions at the
    /// most, and nobody gets an answer from before he came.
    pub(super) async fn take<E>(
        &self,
        id: &PaymentId,
        ask: impl Future<Output = Result<Asked, E>>,
    ) -> Result<Payment, E> {
        let turn = self.enter(id);
        let _leave = Leave { turns: self, id };
        let arrived_after = turn.begun.load(Ordering::SeqCst);
        let mut answer = turn.answer.lock().await;
        if let Some(fresh) = answer.as_ref().filter(|answer| answer.number > arrived_after) {
            return Ok(fresh.payment.clone());
        }
        let number = turn.begun.fetch_add(1, Ordering::SeqCst) + 1;
        match ask.await? {
            Asked::Provider(payment) => {
                *answer = Some(Answer { number, payment: payment.clone() });
                Ok(payment)
            }
            Asked::Nobody(payment) => Ok(payment),
        }
    }

    fn enter(&self, id: &PaymentId) -> Arc<Turn> {
        let mut running = self.lock();
        let queue = running.entry(id.clone()).or_default();
        queue.members += 1;
        Arc::clone(&queue.turn)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PaymentId, Queue>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets the queue when its last member leaves, however it leaves.
struct Leave<'a> {
    turns: &'a Turns,
    id: &'a PaymentId,
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        let mut running = self.turns.lock();
        if let Some(queue) = running.get_mut(self.id) {
            queue.members -= 1;
            if queue.members == 0 {
                running.remove(self.id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures_util::future::{FutureExt, join_all};

    use super::{Asked, Turns};
    use crate::model::Payment;
    use crate::{PaymentId, testing};

    async fn counted(count: &AtomicU32, payment: Payment) -> Result<Asked, Infallible> {
        count.fetch_add(1, Ordering::Relaxed);
        tokio::task::yield_now().await;
        Ok(Asked::Provider(payment))
    }

    #[tokio::test]
    async fn sixty_four_at_once_ask_twice_at_most() {
        let turns = Turns::default();
        let count = AtomicU32::new(0);
        let payment = testing::payment("p");
        let id = payment.intent.id.clone();
        let all = (0..64).map(|_| turns.take(&id, counted(&count, payment.clone())));
        assert_eq!(join_all(all).await.len(), 64);
        assert!(count.load(Ordering::Relaxed) <= 2);
        assert!(turns.lock().is_empty(), "nobody asks, nothing is kept");
    }

    #[tokio::test]
    async fn an_answer_from_before_is_not_reused() {
        let turns = Turns::default();
        let count = AtomicU32::new(0);
        let id = PaymentId::new("p").unwrap();
        for _ in 0..3 {
            turns.take(&id, counted(&count, testing::payment("p"))).await.unwrap();
        }
        assert_eq!(count.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn a_turn_in_which_nobody_was_asked_answers_nobody_else() {
        let turns = Turns::default();
        let count = AtomicU32::new(0);
        let payment = testing::payment("p");
        let id = payment.intent.id.clone();
        let needless = async {
            tokio::task::yield_now().await;
            Ok::<_, Infallible>(Asked::Nobody(testing::payment("p")))
        };
        let first = turns.take(&id, counted(&count, payment.clone()));
        let (_, _, _) =
            tokio::join!(first, turns.take(&id, needless), turns.take(&id, counted(&count, payment)));
        assert_eq!(count.load(Ordering::Relaxed), 2, "the last one asked for himself");
    }

    #[tokio::test]
    async fn a_dropped_question_lets_the_next_one_ask() {
        let turns = Turns::default();
        let count = AtomicU32::new(0);
        let payment = testing::payment("p");
        let id = payment.intent.id.clone();
        let never = turns.take(&id, std::future::pending::<Result<Asked, Infallible>>());
        assert!(never.now_or_never().is_none());
        turns.take(&id, counted(&count, payment)).await.unwrap();
        assert_eq!(count.load(Ordering::Relaxed), 1);
        assert!(turns.lock().is_empty());
    }
}
