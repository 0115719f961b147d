//! Puts the running server under load as people do: signed in, paid for, every frame checked. One line of JSON says what
//! it cost and whether anything was lost, doubled or out of order; then the exit code is 2.
//!
//! ```text
//! KOTHA_RATE_LIMITS=off cargo run --release &
//! cargo run --release -p load -- --pid $! fanout --window 16
//! cargo run --release -p load -- --pid $! idle | sends | burst | stopped | storm | history
//! ```
//!
//! CPU time is that of the process `--pid`, from `/proc`; it hardly depends on what else the machine does, unlike wall time.

mod checker;
mod fanout;
mod history;
mod idle;
mod line;
mod member;
mod process;
mod scene;
mod stopped;
mod storm;

use std::fmt;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde_json::Value;

use crate::scene::Scene;

#[derive(Parser)]
struct Args {
    /// The server.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    server: String,
    /// Its emulator, which pays for the rooms.
    #[arg(long, default_value = "http://127.0.0.1:8090")]
    emulator: String,
    /// The server's process, for its CPU time and memory.
    #[arg(long)]
    pid: Option<u32>,
    #[command(subcommand)]
    work: Work,
}

#[derive(Subcommand)]
enum Work {
    /// Connections that do nothing: memory and CPU of each.
    Idle(idle::Idle),
    /// Few senders, many readers; `--sockets 2 --conversations 200` are durable sends.
    Fanout(fanout::Fanout),
    /// One message at a time in each of many conversations of two: what a durable send costs.
    Sends(fanout::Sends),
    /// Much is said at once to many connections: what a delivery costs when writes can be gathered.
    Burst(fanout::Burst),
    /// In each conversation one connection stops reading: what it costs the server, and the others.
    Stopped(stopped::Stopped),
    /// Everybody is cut off, much is said, and everybody comes back with their cursor.
    Storm(storm::Storm),
    /// Pages of a long conversation, at its end and far back.
    History(history::History),
    /// Conversations and sessions for another load generator: cookie and path, one connection a line.
    Prepare(scene::Prepare),
}

/// What stops the program.
pub(crate) struct Failed(String);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    match run(args).await {
        Ok(report) => {
            let _ = writeln!(std::io::stdout(), "{report}");
            let wrong = ["lost", "doubled", "disordered", "refused"];
            ExitCode::from(if wrong.iter().any(|what| report[what].as_u64().unwrap_or(0) > 0) {
                2
            } else {
                0
            })
        }
        Err(Failed(why)) => {
            let _ = writeln!(std::io::stderr(), "{why}");
            ExitCode::from(1)
        }
    }
}

async fn run(args: Args) -> Result<Value, Failed> {
    let Args { server, emulator, pid, work } = args;
    let scene = Scene::new(&server, &emulator, pid).await?;
    match work {
        Work::Idle(idle) => idle.run(&scene).await,
        Work::Fanout(fanout) => fanout.run("fanout", &scene).await,
        Work::Sends(sends) => sends.fanout().run("sends", &scene).await,
        Work::Burst(burst) => burst.fanout().run("burst", &scene).await,
        Work::Stopped(stopped) => stopped.run(&scene).await,
        Work::Storm(storm) => storm.run(&scene).await,
        Work::History(history) => history.run(&scene).await,
        Work::Prepare(prepare) => prepare.run(&scene).await,
    }
}

impl<E: fmt::Display> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}
