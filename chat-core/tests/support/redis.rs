//! A Redis of a test's own, that it may pause and kill.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
};

pub struct Redis {
    pub port: u16,
    child: Child,
}

impl Redis {
    /// `further` are arguments beside the port, and that nothing is saved.
    pub fn start(port: u16, further: &[&str]) -> Self {
        let child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(further)
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("this test needs redis-server: {error}"));
        Self { port, child }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _gone_already = self.child.wait();
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
