//! Senders that keep so many messages under way, and everybody who reads them. The server acknowledges what is on disk.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use clap::Args;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::task::LocalSet;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;

use crate::checker::{Checker, Shared, Tally, is, percentile};
use crate::line::{self, Line};
use crate::scene::{Scene, Seat};
use crate::{Failed, process};

/// How long the last messages may take to arrive.
const DRAIN: Duration = Duration::from_secs(20);

#[derive(Args)]
pub(crate) struct Fanout {
    /// Conversations.
    #[arg(long, default_value_t = 50)]
    pub(crate) conversations: usize,
    /// Connections of each; the first one sends.
    #[arg(long, default_value_t = 20)]
    pub(crate) sockets: usize,
    /// Messages that each sender has under way.
    #[arg(long, default_value_t = 1)]
    pub(crate) window: usize,
    /// How long they send, in seconds.
    #[arg(long, default_value_t = 10)]
    pub(crate) seconds: u64,
}

#[derive(Args)]
pub(crate) struct Sends {
    /// Conversations of two.
    #[arg(long, default_value_t = 200)]
    conversations: usize,
    /// Messages that each sender has under way.
    #[arg(long, default_value_t = 1)]
    window: usize,
    /// How long they send, in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

impl Sends {
    pub(crate) fn fanout(&self) -> Fanout {
        let Self { conversations, window, seconds } = *self;
        Fanout { conversations, sockets: 2, window, seconds }
    }
}

impl Fanout {
    pub(crate) async fn run(&self, scene: &Scene) -> Result<Value, Failed> {
        let seats = scene.seats(self.conversations, self.sockets).await?;
        let tally = Shared::default();
        LocalSet::new().run_until(self.measure(scene, &seats, &tally)).await
    }

    async fn measure(&self, scene: &Scene, seats: &[Seat], tally: &Shared) -> Result<Value, Failed> {
        let mut open = Vec::with_capacity(seats.len());
        for seat in seats {
            open.push(started(line::open(scene, seat, None).await?).await?);
        }
        let until = Instant::now() + Duration::from_secs(self.seconds);
        let (cpu, began) = (process::cpu_us(scene.pid)?, Instant::now());
        let mut tasks = Vec::with_capacity(open.len());
        let mut totals = Vec::new();
        for (number, (line, last)) in open.into_iter().enumerate() {
            let checker = Checker::after(last, tally);
            let (window, sends) = (self.window, number.is_multiple_of(self.sockets));
            if sends {
                // Tells the readers of its conversation how far the log goes in the end.
                totals.push(tokio::sync::watch::Sender::new(None));
            }
            let total = totals[seats[number].conversation].clone();
            let tally = Rc::clone(tally);
            tasks.push(tokio::task::spawn_local(async move {
                let member = Member { line, checker, tally };
                if sends {
                    member.send(window, until, &total).await
                } else {
                    member.read(total.subscribe()).await
                }
            }));
        }
        for task in tasks {
            task.await??;
        }
        let wall = began.elapsed();
        let cpu = process::cpu_us(scene.pid)?.zip(cpu).map(|(after, before)| after - before);
        let mut tally = tally.borrow_mut();
        let Tally { delivered, acknowledged, refused, lost, doubled, disordered, .. } = *tally;
        let per = |count: u64| cpu.map(|cpu| tenths(cpu * 10 / count.max(1)));
        let wall_ms = u64::try_from(wall.as_millis()).unwrap_or(u64::MAX).max(1);
        Ok(json!({
            "work": "fanout", "conversations": self.conversations, "sockets": self.sockets, "window": self.window,
            "acknowledged": acknowledged, "delivered": delivered, "refused": refused,
            "lost": lost, "doubled": doubled, "disordered": disordered,
            "acknowledged_per_s": acknowledged * 1_000 / wall_ms, "delivered_per_s": delivered * 1_000 / wall_ms,
            "server_cpu_us": cpu, "server_cpu_us_per_delivery": per(delivered),
            "server_cpu_us_per_send": per(acknowledged),
            "ack_p50_us": percentile(&mut tally.acknowledged_after, 50),
            "ack_p99_us": percentile(&mut tally.acknowledged_after, 99),
        }))
    }
}

/// An integer number of tenths as text, since no float is needed to say it.
pub(crate) fn tenths(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Waits for `ready`, and learns where the log stands.
async fn started(mut line: Line) -> Result<(Line, u64), Failed> {
    while let Some(frame) = line.next().await {
        if let Message::Text(frame) = frame?
            && is(&frame, "ready")
        {
            let (_, last) = line::ready(&frame).ok_or_else(|| Failed("a ready frame without seq".into()))?;
            return Ok((line, last));
        }
    }
    Err(Failed("closed before it was ready".into()))
}

struct Member {
    line: Line,
    checker: Checker,
    tally: Shared,
}

impl Member {
    /// Sends until the time is over, then waits for its own last message.
    async fn send(
        mut self,
        window: usize,
        until: Instant,
        total: &tokio::sync::watch::Sender<Option<u64>>,
    ) -> Result<(), Failed> {
        let first = self.checker.last;
        let mut under_way = VecDeque::new();
        let (mut sent, mut acknowledged) = (0_u64, 0_u64);
        loop {
            let mut wrote = false;
            while under_way.len() < window && Instant::now() < until {
                sent += 1;
                let words = "x".repeat(128);
                let frame = json!({ "type": "message", "client_message_id": format!("m{first}-{sent}"), "content": words });
                self.line.feed(Message::text(frame.to_string())).await?;
                under_way.push_back(Instant::now());
                wrote = true;
            }
            if wrote {
                self.line.flush().await?;
            }
            if under_way.is_empty() {
                break;
            }
            let Ok(Some(frame)) = timeout(DRAIN, self.line.next()).await else { break };
            let Message::Text(frame) = frame? else { continue };
            if is(&frame, "ack") || is(&frame, "error") {
                let at = under_way.pop_front();
                let mut tally = self.tally.borrow_mut();
                if is(&frame, "error") {
                    tally.refused += 1;
                    continue;
                }
                acknowledged += 1;
                tally.acknowledged += 1;
                let took = at.map_or(0, |at| at.elapsed().as_micros());
                tally.acknowledged_after.push(u32::try_from(took).unwrap_or(u32::MAX));
            } else {
                self.checker.take(&frame);
            }
        }
        total.send_replace(Some(first + acknowledged));
        self.read(total.subscribe()).await
    }

    /// Reads until the log has come to the end that the sender tells.
    async fn read(mut self, mut total: tokio::sync::watch::Receiver<Option<u64>>) -> Result<(), Failed> {
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
                () = tokio::time::sleep(DRAIN), if end.is_some() => break,
            }
        }
        let end = total.borrow().unwrap_or(self.checker.last);
        self.tally.borrow_mut().lost += end.saturating_sub(self.checker.last);
        Ok(())
    }
}
