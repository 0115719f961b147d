//! A PostgreSQL server of a test's own, that it may kill.

use std::{
    net::TcpListener,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use sqlx::{ConnectOptions as _, Connection as _, postgres::PgConnectOptions};
use tempfile::TempDir;

/// On a machine that is busy with other things. What a kill left behind has to be read again first.
const START_TIMEOUT: Duration = Duration::from_secs(60);

pub struct Postmaster {
    dir: TempDir,
    programs: PathBuf,
    /// PostgreSQL refuses to run as root.
    account: Option<(u32, u32)>,
    port: u16,
    child: Option<Child>,
}

impl Postmaster {
    pub async fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let account =
            (number("-u", &[]) == 0).then(|| (number("-u", &["postgres"]), number("-g", &["postgres"])));
        let dir = TempDir::new().unwrap();
        if let Some((user, group)) = account {
            std::os::unix::fs::chown(dir.path(), Some(user), Some(group)).unwrap();
        }
        let mut server = Self { dir, programs: programs(), account, port, child: None };
        let initdb = [
            "-D",
            "data",
            "-A",
            "trust",
            "-U",
            "postgres",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ];
        let made = server.program("initdb").args(initdb).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        server.go_on().await;
        server
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Starts it on what the last one left; returns once it answers.
    pub async fn go_on(&mut self) {
        let options: PgConnectOptions = self.url().parse().unwrap();
        let began = Instant::now();
        loop {
            // It does not start as long as a process of the one that was killed is there.
            let ended = self.child.as_mut().is_none_or(|child| child.try_wait().unwrap().is_some());
            if ended {
                let port = self.port.to_string();
                let arguments = ["-D", "data", "-p", &port, "-c", "listen_addresses=127.0.0.1", "-k", "."];
                self.child = Some(self.program("postgres").args(arguments).spawn().unwrap());
            }
            if let Ok(connection) = options.connect().await {
                let _answered = connection.close().await;
                return;
            }
            assert!(began.elapsed() < START_TIMEOUT, "PostgreSQL does not start: {}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn program(&self, name: &str) -> Command {
        let log = self.dir.path().join("log");
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(self.dir.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        if let Some((user, group)) = self.account {
            command.uid(user).gid(group);
        }
        command
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Postmaster {
    fn drop(&mut self) {
        self.kill();
    }
}

/// What `id` says.
fn number(what: &str, of: &[&str]) -> u32 {
    let output = Command::new("id").arg(what).args(of).output().unwrap();
    assert!(output.status.success(), "this test runs as root, and so needs a user `postgres`");
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

/// The directory of `initdb` and `postgres`.
fn programs() -> PathBuf {
    let asked = Command::new("pg_config").arg("--bindir").output();
    let said = asked.ok().and_then(|output| String::from_utf8(output.stdout).ok());
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut places: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    places.sort();
    places.extend(said.map(|path| Path::new(path.trim()).to_owned()));
    places
        .into_iter()
        .rev()
        .find(|place| place.join("initdb").exists() && place.join("postgres").exists())
        .unwrap_or_else(|| panic!("this test needs the programs of a PostgreSQL server"))
}
