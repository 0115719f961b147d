//! Connections that only answer pings.

use std::time::Duration;

use clap::Args;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::fanout::tenths;
use crate::scene::{SOCKETS_OF_A_MEMBER, Scene};
use crate::{Failed, line, process};

#[derive(Args)]
pub(crate) struct Idle {
    /// Connections, of as few conversations as the server lets them be.
    #[arg(long, default_value_t = 5_000)]
    connections: usize,
    /// How long they do nothing, in seconds: more than the time between two pings.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
}

/// What the allocator and the kernel need to come to rest.
const SETTLE: Duration = Duration::from_secs(3);

impl Idle {
    pub(crate) async fn run(&self, scene: &Scene) -> Result<Value, Failed> {
        let sockets = 2 * SOCKETS_OF_A_MEMBER;
        let mut seats = scene.seats(self.connections.div_ceil(sockets), sockets).await?;
        seats.truncate(self.connections);
        sleep(SETTLE).await;
        let memory = process::memory_bytes(scene.pid)?;
        let (cpu, began) = (process::cpu_us(scene.pid)?, Instant::now());
        let mut lines = Vec::with_capacity(seats.len());
        for seat in &seats {
            let mut line = line::open(scene, seat, None).await?;
            lines.push(tokio::spawn(async move { while let Some(Ok(_)) = line.next().await {} }));
        }
        let connecting = grown(process::cpu_us(scene.pid)?, cpu);
        let connecting_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        sleep(SETTLE).await;
        let (memory, cpu) = (grown(process::memory_bytes(scene.pid)?, memory), process::cpu_us(scene.pid)?);
        sleep(Duration::from_secs(self.seconds)).await;
        let cpu = grown(process::cpu_us(scene.pid)?, cpu);
        let gone = lines.iter().filter(|line| line.is_finished()).count();
        let count = seats.len() as u64;
        Ok(json!({
            "work": "idle", "connections": count, "lost": gone,
            "memory_bytes_per_connection": memory.map(|memory| memory / count),
            "cpu_us_per_connect": connecting.map(|cpu| cpu / count),
            "connects_per_s": count * 1_000 / connecting_ms,
            "cpu_us_per_connection_and_s": cpu.map(|cpu| tenths(cpu * 10 / count / self.seconds.max(1))),
        }))
    }
}

fn grown(after: Option<u64>, before: Option<u64>) -> Option<u64> {
    after.zip(before).map(|(after, before)| after.saturating_sub(before))
}
