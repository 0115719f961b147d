//! Everybody is cut off at once, much is said meanwhile, and everybody comes back with their cursor.

use std::time::Duration;

use clap::Args;
use futures_util::{SinkExt as _, StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;

use crate::checker::{Checker, Shared, is, percentile};
use crate::line::{self, Line, Start};
use crate::scene::{SOCKETS_OF_A_MEMBER, Scene, Seat};
use crate::{Failed, process};

/// A connection that was cut off, and where its reader stood.
struct Cut {
    seat: Seat,
    start: Start,
}

/// Handshakes that are under way at a time.
const AT_ONCE: usize = 256;
/// How long one connection may take to get everything it missed.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Args)]
pub(crate) struct Storm {
    /// Connections that are cut off.
    #[arg(long, default_value_t = 2_000)]
    connections: usize,
    /// What is said in each conversation while they are away.
    #[arg(long, default_value_t = 20)]
    messages: u64,
}

impl Storm {
    pub(crate) async fn run(&self, scene: &Scene) -> Result<Value, Failed> {
        let sockets = 2 * SOCKETS_OF_A_MEMBER - 1;
        let conversations = self.connections.div_ceil(sockets);
        // One seat of each stays, and speaks.
        let seats = scene.seats(conversations, sockets + 1).await?;
        let mut speakers = Vec::new();
        let mut away = Vec::new();
        for (number, seat) in seats.into_iter().enumerate() {
            let (line, start) = line::started(line::open(scene, &seat, None).await?).await?;
            if number % (sockets + 1) == 0 {
                speakers.push(line);
            } else {
                away.push((Cut { seat, start }, line));
            }
        }
        away.truncate(self.connections);
        let cut: Vec<Cut> = away.into_iter().map(|(cut, _line_is_closed)| cut).collect();
        for speaker in &mut speakers {
            self.speak(speaker).await?;
        }
        let tally = Shared::default();
        let (cpu, began) = (process::cpu_us(scene.pid)?, Instant::now());
        let coming_back = stream::iter(&cut).map(|cut| self.come_back(scene, cut, &tally));
        let back: Vec<(bool, u32)> = coming_back.buffer_unordered(AT_ONCE).try_collect().await?;
        let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        let cpu = process::cpu_us(scene.pid)?.zip(cpu).map(|(after, before)| after - before);
        let mut times: Vec<u32> = back.iter().map(|(_, took)| *took).collect();
        let tally = tally.borrow();
        Ok(json!({
            "work": "storm", "connections": back.len(), "resumed": back.iter().filter(|(resumed, _)| *resumed).count(),
            "delivered": tally.delivered, "lost": tally.lost, "doubled": tally.doubled, "disordered": tally.disordered,
            "took_ms": took_ms, "reconnects_per_s": back.len() as u64 * 1_000 / took_ms,
            "caught_up_p50_us": percentile(&mut times, 50), "caught_up_p99_us": percentile(&mut times, 99),
            "server_cpu_us_per_reconnect": cpu.map(|cpu| cpu / back.len().max(1) as u64),
        }))
    }

    async fn speak(&self, line: &mut Line) -> Result<(), Failed> {
        for number in 0..self.messages {
            let frame = json!({ "type": "message", "client_message_id": format!("s{number}"), "content": "while you were away" });
            line.send(Message::text(frame.to_string())).await?;
            loop {
                match line.next().await {
                    Some(Ok(Message::Text(frame))) if is(&frame, "ack") => break,
                    Some(Ok(Message::Text(frame))) if is(&frame, "error") => {
                        return Err(Failed(frame.to_string()));
                    }
                    Some(frame) => drop(frame?),
                    None => return Err(Failed("a speaker was closed".into())),
                }
            }
        }
        Ok(())
    }

    /// Whether it resumed, and after how many microseconds it had everything.
    async fn come_back(&self, scene: &Scene, cut: &Cut, tally: &Shared) -> Result<(bool, u32), Failed> {
        let Cut { seat, start } = cut;
        let last = start.last;
        let began = Instant::now();
        let mut line = line::open(scene, seat, Some(*start)).await?;
        let mut checker = Checker::after(last, tally);
        let mut resumed = false;
        while checker.last < last + self.messages {
            let Ok(Some(frame)) = timeout(PATIENCE, line.next()).await else { break };
            if let Message::Text(frame) = frame? {
                resumed |= is(&frame, "ready") && frame.contains(r#""resumed":true"#);
                checker.take(&frame);
            }
        }
        tally.borrow_mut().lost += (last + self.messages).saturating_sub(checker.last);
        Ok((resumed, u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX)))
    }
}
