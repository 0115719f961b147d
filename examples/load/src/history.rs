//! Pages of a long conversation: they must cost the same at its end and far back.

use std::time::Duration;

use clap::Args;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use crate::checker::{is, percentile};
use crate::fanout::tenths;
use crate::scene::{Reader, Scene};
use crate::{Failed, line, process};

#[derive(Args)]
pub(crate) struct History {
    /// Messages to write first.
    #[arg(long, default_value_t = 20_000)]
    messages: u64,
    /// How long pages of one kind are read, in seconds.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Wait for a line on standard input before reading: a script (`fill.sql`) makes it ten million messages meanwhile.
    #[arg(long)]
    wait: bool,
}

/// What `fill.sql` fills the conversation up to.
const FILLED_MESSAGES: u64 = 10_000_000;

/// Messages that the writer has under way.
const WINDOW: u64 = 256;

impl History {
    pub(crate) async fn run(&self, scene: &Scene) -> Result<Value, Failed> {
        let seat = scene.seats(1, 1).await?.remove(0);
        let mut line = line::open(scene, &seat, None).await?;
        let (mut sent, mut acknowledged) = (0, 0);
        let began = Instant::now();
        while acknowledged < self.messages {
            while sent < self.messages && sent - acknowledged < WINDOW {
                sent += 1;
                let frame = json!({ "type": "message", "client_message_id": format!("h{sent}"), "content": "x".repeat(128) });
                line.feed(Message::text(frame.to_string())).await?;
            }
            line.flush().await?;
            let Some(frame) = line.next().await else { return Err(Failed("closed while writing".into())) };
            if let Message::Text(frame) = frame? {
                if is(&frame, "error") {
                    return Err(Failed(frame.to_string()));
                }
                acknowledged += u64::from(is(&frame, "ack"));
            }
        }
        let written_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        drop(line);
        let messages = if self.wait {
            tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new())).await??;
            FILLED_MESSAGES
        } else {
            self.messages
        };
        let room = seat.path.split('/').nth(3).unwrap_or_default();
        let mut report = json!({
            "work": "history", "messages": messages, "written_per_s": self.messages * 1_000 / written_ms,
        });
        for (name, before) in [("end", messages + 1), ("middle", messages / 2), ("start", 60)] {
            let path = format!("/api/messages/?room_id={room}&before={before}&limit=50");
            let full = |page: &Value| page["messages"].as_array().map_or(0, Vec::len) == 50;
            report[name] = self.read(scene, Reader::Client, &path, full).await?;
        }
        let all = |counts: &Value| counts["total"] == messages;
        report["unread"] = self.read(scene, Reader::Owner, "/api/unread-count/", all).await?;
        Ok(report)
    }

    async fn read(
        &self,
        scene: &Scene,
        reader: Reader,
        path: &str,
        right: impl Fn(&Value) -> bool,
    ) -> Result<Value, Failed> {
        let until = Instant::now() + Duration::from_secs(self.seconds);
        let cpu = process::cpu_us(scene.pid)?;
        let mut times = Vec::new();
        while Instant::now() < until {
            let began = Instant::now();
            let answer = scene.get(reader, path).await?;
            if !right(&answer) {
                return Err(Failed(format!("{path} does not answer what was written")));
            }
            times.push(u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
        let cpu = process::cpu_us(scene.pid)?.zip(cpu).map(|(after, before)| after - before);
        let count = times.len() as u64;
        Ok(json!({
            "answers": count, "p50_us": percentile(&mut times, 50), "p99_us": percentile(&mut times, 99),
            "server_cpu_us_per_answer": cpu.map(|cpu| tenths(cpu * 10 / count.max(1))),
        }))
    }
}
