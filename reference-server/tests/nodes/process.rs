//! Programs of our own: started, stopped, killed, and ended with the test.

use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

/// On a machine that is busy with other things.
const START_TIMEOUT_S: u64 = 120;

pub(crate) struct Process {
    name: String,
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Process {
    /// Returns once the program has said `ready`.
    pub(crate) async fn start(name: &str, mut command: Command, ready: &'static str) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (said, heard) = oneshot::channel();
        let said = Arc::new(Mutex::new(Some(said)));
        let out = child.stdout.take().expect("a pipe");
        let err = child.stderr.take().expect("a pipe");
        follow(out, ready, Arc::clone(&lines), Arc::clone(&said));
        follow(err, ready, Arc::clone(&lines), said);
        let process = Self { name: name.to_owned(), child, lines };
        let heard = timeout(Duration::from_secs(START_TIMEOUT_S), heard).await;
        assert!(matches!(heard, Ok(Ok(()))), "{name} did not say `{ready}`");
        process
    }

    /// It stands still, and its connections stay open.
    pub(crate) fn pause(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn go_on(&self) {
        self.signal("-CONT");
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args([signal, &id]).status().expect("kill");
        assert!(status.success(), "kill {signal} {}", self.name);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let lines = self.lines.lock().expect("lines");
            let from = lines.len().saturating_sub(40);
            println!("--- the last words of {}:\n{}", self.name, lines[from..].join("\n"));
        }
    }
}

fn follow(
    pipe: impl Read + Send + 'static,
    ready: &'static str,
    lines: Arc<Mutex<Vec<String>>>,
    said: Arc<Mutex<Option<oneshot::Sender<()>>>>,
) {
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if line.contains(ready)
                && let Some(said) = said.lock().expect("said").take()
            {
                let _gave_up = said.send(());
            }
            lines.lock().expect("lines").push(line);
        }
    });
}

/// A port that nobody listens on now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
