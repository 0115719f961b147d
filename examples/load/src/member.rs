//! One connection that sends, or only reads.

use std::collections::VecDeque;
use std::future;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;

use crate::Failed;
use crate::checker::{Checker, Shared, is, stamp};
use crate::line::Line;

/// How long the last messages may take to arrive.
const DRAIN: Duration = Duration::from_secs(20);
/// How long a text usually is, its stamp included.
pub(crate) const TEXT_BYTES: usize = 128;

pub(crate) struct Member {
    pub(crate) line: Line,
    pub(crate) checker: Checker,
    pub(crate) tally: Shared,
    pub(crate) text_bytes: usize,
}

/// When the next message is due, whatever became of the last.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) every: Duration,
    pub(crate) next: Instant,
}

impl Member {
    /// Sends until the time is over, then waits for its own last message.
    pub(crate) async fn send(
        mut self,
        window: usize,
        mut pace: Option<Pace>,
        until: Instant,
        total: &watch::Sender<Option<u64>>,
    ) -> Result<(), Failed> {
        let first = self.checker.last;
        // Since when each of them is owed an answer: with a pace, since it was due.
        let mut under_way = VecDeque::new();
        let (mut sent, mut acknowledged) = (0_u64, 0_u64);
        loop {
            let mut wrote = false;
            while under_way.len() < window
                && let Some(due) = due(&mut pace, until)
            {
                sent += 1;
                self.line.feed(text_frame(&format!("m{first}-{sent}"), due, self.text_bytes)).await?;
                under_way.push_back(due);
                wrote = true;
            }
            if wrote {
                self.line.flush().await?;
            }
            let resting = pace.filter(|pace| pace.next < until).map(|pace| pace.next);
            if under_way.is_empty() && resting.is_none() {
                break;
            }
            let frame = tokio::select! {
                frame = timeout(DRAIN, self.line.next()) => frame,
                () = wait(resting), if under_way.len() < window => continue,
            };
            let Ok(Some(frame)) = frame else { break };
            let Message::Text(frame) = frame? else { continue };
            if is(&frame, "error") {
                under_way.pop_front();
                self.tally.borrow_mut().refused += 1;
            } else if is(&frame, "ack") {
                acknowledged += 1;
                let took = under_way.pop_front().map_or(0, |at| at.elapsed().as_micros());
                let mut tally = self.tally.borrow_mut();
                tally.acknowledged += 1;
                tally.acknowledged_after.push(u32::try_from(took).unwrap_or(u32::MAX));
            } else {
                self.checker.take(&frame);
            }
        }
        total.send_replace(Some(first + acknowledged));
        self.read(total.subscribe()).await
    }

    /// Reads until the log has come to the end that the sender tells.
    pub(crate) async fn read(mut self, mut total: watch::Receiver<Option<u64>>) -> Result<(), Failed> {
        loop {
            let end = *total.borrow_and_update();
            if end.is_some_and(|end| self.checker.last >= end) {
                break;
            }
            tokio::select! {
                frame = self.line.next() => match frame {
                    Some(frame) => if let Message::Text(frame) = frame? { self.checker.take(&frame) },
                    None => break,
                },
                _ = total.changed() => {}
                () = sleep(DRAIN), if end.is_some() => break,
            }
        }
        let end = total.borrow().unwrap_or(self.checker.last);
        self.tally.borrow_mut().lost += end.saturating_sub(self.checker.last);
        Ok(())
    }
}

/// A message whose text says when it was due, so that its readers know how late it is.
pub(crate) fn text_frame(client_id: &str, due: Instant, text_bytes: usize) -> Message {
    let mut words = stamp(due);
    words.extend(std::iter::repeat_n('x', text_bytes.saturating_sub(words.len())));
    let frame = json!({ "type": "message", "client_message_id": client_id, "content": words });
    Message::text(frame.to_string())
}

/// Since when the next message is owed, if it is to be sent now.
fn due(pace: &mut Option<Pace>, until: Instant) -> Option<Instant> {
    let now = Instant::now();
    let Some(pace) = pace else { return (now < until).then_some(now) };
    let due = pace.next;
    if due > now || due >= until {
        return None;
    }
    pace.next += pace.every;
    Some(due)
}

async fn wait(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        None => future::pending().await,
    }
}
