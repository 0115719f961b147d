//! In each conversation one connection stops reading. The same is run without that first, to compare.

use std::rc::Rc;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep_until};

use crate::checker::{Checker, Shared, percentile};
use crate::line;
use crate::member::{Member, Pace};
use crate::scene::{Scene, Seat};
use crate::{Failed, process};

/// Of each conversation; the first sends, the last may stop.
const SOCKETS: usize = 4;
/// Nobody waits for an answer before the next message.
const WINDOW: usize = 64;

#[derive(Args)]
pub(crate) struct Stopped {
    /// Conversations: so many connections stop.
    #[arg(long, default_value_t = 50)]
    conversations: usize,
    /// Messages a second in all.
    #[arg(long, default_value_t = 2_000)]
    rate: u32,
    /// How long each text is, in bytes: what the kernel's buffers hold must be full before the server notices.
    #[arg(long, default_value_t = 3_000)]
    text_bytes: usize,
    /// How long they send, in seconds: less than the server's patience with a write.
    #[arg(long, default_value_t = 15)]
    seconds: u64,
}

impl Stopped {
    pub(crate) async fn run(&self, scene: &Scene) -> Result<Value, Failed> {
        let seats = scene.seats(self.conversations, SOCKETS).await?;
        let local = LocalSet::new();
        // Once before: what the allocator takes for the work as such is not the stopped readers' doing.
        local.run_until(self.phase(scene, &seats, false)).await?;
        let (all_read, memory_before) = local.run_until(self.phase(scene, &seats, false)).await?;
        let (some_stopped, memory_after) = local.run_until(self.phase(scene, &seats, true)).await?;
        let mut report = json!({ "work": "stopped", "stopped": self.conversations });
        for (name, tally) in [("all_read", &all_read), ("some_stopped", &some_stopped)] {
            let mut tally = tally.borrow_mut();
            report[name] = json!({
                "acknowledged": tally.acknowledged, "delivered": tally.delivered,
                "ack_p99_us": percentile(&mut tally.acknowledged_after, 99),
                "delivery_p50_us": percentile(&mut tally.delivered_after, 50),
                "delivery_p99_us": percentile(&mut tally.delivered_after, 99),
            });
        }
        let sum = |of: fn(&crate::checker::Tally) -> u64| of(&all_read.borrow()) + of(&some_stopped.borrow());
        report["lost"] = sum(|tally| tally.lost).into();
        report["doubled"] = sum(|tally| tally.doubled).into();
        report["disordered"] = sum(|tally| tally.disordered).into();
        report["refused"] = sum(|tally| tally.refused).into();
        let further = memory_after.zip(memory_before).map(|(after, before)| after.saturating_sub(before));
        report["memory_bytes_per_stopped"] =
            further.map(|bytes| bytes / self.conversations.max(1) as u64).into();
        Ok(report)
    }

    /// What was seen, and the server's memory at its end.
    async fn phase(
        &self,
        scene: &Scene,
        seats: &[Seat],
        last_stops: bool,
    ) -> Result<(Shared, Option<u64>), Failed> {
        let tally = Shared::default();
        let (mut open, mut stopped) = (Vec::new(), Vec::new());
        for (number, seat) in seats.iter().enumerate() {
            let stops = last_stops && number % SOCKETS == SOCKETS - 1;
            let (line, start) = line::started(line::open(scene, seat, None).await?).await?;
            if stops {
                stopped.push(line);
            } else {
                open.push((number, line, start));
            }
        }
        let began = Instant::now();
        let until = began + Duration::from_secs(self.seconds);
        let every = Duration::from_secs(self.conversations as u64) / self.rate.max(1);
        let mut tasks = Vec::new();
        let mut totals = Vec::new();
        for (number, line, start) in open {
            let sends = number.is_multiple_of(SOCKETS);
            if sends {
                totals.push(watch::Sender::new(None));
            }
            let conversation = u32::try_from(seats[number].conversation).unwrap_or(0);
            let total = totals[seats[number].conversation].clone();
            let next = began + every * conversation / u32::try_from(self.conversations.max(1)).unwrap_or(1);
            let checker = Checker::after(start.last, &tally);
            let member = Member { line, checker, tally: Rc::clone(&tally), text_bytes: self.text_bytes };
            tasks.push(tokio::task::spawn_local(async move {
                if sends {
                    member.send(WINDOW, Some(Pace { every, next }), until, &total).await
                } else {
                    member.read(total.subscribe()).await
                }
            }));
        }
        sleep_until(until).await;
        let memory = process::memory_bytes(scene.pid)?;
        for task in tasks {
            task.await??;
        }
        drop(stopped);
        Ok((tally, memory))
    }
}
