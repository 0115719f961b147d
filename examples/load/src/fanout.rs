//! Senders that keep so many messages under way, and everybody who reads them. The server acknowledges what is on disk.

use std::rc::Rc;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::LocalSet;
use tokio::time::Instant;

use crate::checker::{Checker, Shared, Tally, percentile};
use crate::line;
use crate::member::{Member, Pace, TEXT_BYTES};
use crate::scene::{Scene, Seat};
use crate::{Failed, process};

#[derive(Args)]
pub(crate) struct Fanout {
    /// Conversations.
    #[arg(long, default_value_t = 50)]
    pub(crate) conversations: usize,
    /// Connections of each; the first one sends.
    #[arg(long, default_value_t = 20)]
    pub(crate) sockets: usize,
    /// Messages that each sender has under way at most.
    #[arg(long, default_value_t = 1)]
    pub(crate) window: usize,
    /// Messages a second in all, whatever the server does; as many as it takes without it.
    #[arg(long)]
    pub(crate) rate: Option<u32>,
    /// How long they send, in seconds.
    #[arg(long, default_value_t = 10)]
    pub(crate) seconds: u64,
}

#[derive(Args)]
pub(crate) struct Sends {
    /// Conversations of two.
    #[arg(long, default_value_t = 200)]
    conversations: usize,
    /// Messages that each sender has under way at most.
    #[arg(long, default_value_t = 1)]
    window: usize,
    /// Messages a second in all, whatever the server does; as many as it takes without it.
    #[arg(long)]
    rate: Option<u32>,
    /// How long they send, in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

#[derive(Args)]
pub(crate) struct Burst {
    /// Connections, of as few conversations as the server lets them be.
    #[arg(long, default_value_t = 5_000)]
    connections: usize,
    /// Messages that each conversation has under way.
    #[arg(long, default_value_t = 64)]
    messages: usize,
    /// How long they send, in seconds.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
}

impl Sends {
    pub(crate) fn fanout(&self) -> Fanout {
        let Self { conversations, window, rate, seconds } = *self;
        Fanout { conversations, sockets: 2, window, rate, seconds }
    }
}

impl Burst {
    pub(crate) fn fanout(&self) -> Fanout {
        let Self { connections, messages, seconds } = *self;
        let sockets = 2 * crate::scene::SOCKETS_OF_A_MEMBER;
        Fanout {
            conversations: connections.div_ceil(sockets),
            sockets,
            window: messages,
            rate: None,
            seconds,
        }
    }
}

impl Fanout {
    pub(crate) async fn run(&self, work: &str, scene: &Scene) -> Result<Value, Failed> {
        let seats = scene.seats(self.conversations, self.sockets).await?;
        let tally = Shared::default();
        LocalSet::new().run_until(self.measure(work, scene, &seats, &tally)).await
    }

    async fn measure(
        &self,
        work: &str,
        scene: &Scene,
        seats: &[Seat],
        tally: &Shared,
    ) -> Result<Value, Failed> {
        let memory = process::memory_bytes(scene.pid)?;
        let mut open = Vec::with_capacity(seats.len());
        for seat in seats {
            open.push(line::started(line::open(scene, seat, None).await?).await?);
        }
        let began = Instant::now();
        let until = began + Duration::from_secs(self.seconds);
        let every = self.rate.map(|rate| Duration::from_secs(self.conversations as u64) / rate.max(1));
        let cpu = process::cpu_us(scene.pid)?;
        let mut tasks = Vec::with_capacity(open.len());
        let mut totals = Vec::new();
        for (number, (line, start)) in open.into_iter().enumerate() {
            let checker = Checker::after(start.last, tally);
            let sends = number.is_multiple_of(self.sockets);
            if sends {
                // Tells the readers of its conversation how far the log goes in the end.
                totals.push(watch::Sender::new(None));
            }
            let total = totals[seats[number].conversation].clone();
            // Spread over the first interval, as people are.
            let place = u32::try_from(seats[number].conversation).unwrap_or(0);
            let pace = every.map(|every| Pace {
                every,
                next: began + every * place / u32::try_from(self.conversations.max(1)).unwrap_or(1),
            });
            let member = Member { line, checker, tally: Rc::clone(tally), text_bytes: TEXT_BYTES };
            let window = self.window;
            tasks.push(tokio::task::spawn_local(async move {
                if sends {
                    member.send(window, pace, until, &total).await
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
        let memory =
            process::memory_bytes(scene.pid)?.zip(memory).map(|(after, before)| after.saturating_sub(before));
        let mut tally = tally.borrow_mut();
        let Tally { delivered, acknowledged, refused, lost, doubled, disordered, .. } = *tally;
        let per = |count: u64| cpu.map(|cpu| tenths(cpu * 10 / count.max(1)));
        let wall_ms = u64::try_from(wall.as_millis()).unwrap_or(u64::MAX).max(1);
        Ok(json!({
            "work": work, "conversations": self.conversations, "sockets": self.sockets, "window": self.window,
            "rate": self.rate, "acknowledged": acknowledged, "delivered": delivered, "refused": refused,
            "lost": lost, "doubled": doubled, "disordered": disordered,
            "acknowledged_per_s": acknowledged * 1_000 / wall_ms, "delivered_per_s": delivered * 1_000 / wall_ms,
            "delivered_per_core_s": cpu.map(|cpu| delivered * 1_000_000 / cpu.max(1)),
            "server_cpu_us": cpu, "server_cpu_us_per_delivery": per(delivered),
            "server_cpu_us_per_send": per(acknowledged),
            "memory_bytes_per_connection": memory.map(|memory| memory / seats.len().max(1) as u64),
            "ack_p50_us": percentile(&mut tally.acknowledged_after, 50),
            "ack_p99_us": percentile(&mut tally.acknowledged_after, 99),
            "delivery_p50_us": percentile(&mut tally.delivered_after, 50),
            "delivery_p99_us": percentile(&mut tally.delivered_after, 99),
        }))
    }
}

/// An integer number of tenths as text, since no float is needed to say it.
pub(crate) fn tenths(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}
