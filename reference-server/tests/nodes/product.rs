//! The product as it is run in earnest: eSewa somewhere else, PostgreSQL, Redis, two servers under one public address.

use std::process::Command;

use esewa_client::Environment;
use serde_json::json;
use sqlx::{ConnectOptions as _, PgConnection};
use tempfile::TempDir;
use url::Url;

use crate::process::{Process, free_port};
use crate::push_service::PushService;
use crate::support::database::OwnDatabase;
use crate::support::{Payer, Person, list_room, listing};

pub(crate) struct Product {
    // Dropped in this order: who uses something goes before it.
    pub(crate) nodes: [Node; 2],
    pub(crate) redis: Process,
    pub(crate) push: PushService,
    redis_port: u16,
    _emulator: Process,
    emulator_url: Url,
    database_url: String,
    // Dropped after the servers.
    own_database: Option<OwnDatabase>,
    _dir: TempDir,
}

pub(crate) struct Node {
    pub(crate) process: Process,
    port: u16,
    pub(crate) variables: Variables,
}

/// The environment of a program.
pub(crate) type Variables = Vec<(&'static str, String)>;

impl Product {
    pub(crate) async fn start() -> Self {
        let database = OwnDatabase::make().await;
        let mut product = Self::on(database.url()).await;
        product.own_database = Some(database);
        product
    }

    /// On a database that is somebody else's to end.
    pub(crate) async fn on(database_url: String) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let (redis_port, emulator_port) = (free_port(), free_port());
        let redis = redis(redis_port).await;
        let (emulator, emulator_url) = emulator(emulator_port).await;
        let push = PushService::start().await;
        let ports = [free_port(), free_port()];
        let node = async |index: usize| {
            let esewa = Environment::sandbox(&emulator_url).into_endpoints();
            let variables = vec![
                ("KOTHA_LISTEN", format!("127.0.0.1:{}", ports[index])),
                ("KOTHA_PUBLIC_URL", format!("http://127.0.0.1:{}", ports[0])),
                ("KOTHA_TRUSTED_ORIGINS", format!("http://127.0.0.1:{}", ports[1])),
                ("KOTHA_DATA_DIR", dir.path().join("data").display().to_string()),
                ("KOTHA_DATABASE_URL", database_url.clone()),
                ("KOTHA_REDIS_URL", format!("redis://127.0.0.1:{redis_port}")),
                ("KOTHA_PUSH_TEST_SERVICE", push.url.to_string()),
                ("KOTHA_PUSH_AFTER_S", "1".to_owned()),
                ("KOTHA_ESEWA_ENVIRONMENT", "test".to_owned()),
                ("KOTHA_ESEWA_FORM_URL", esewa.form_url.to_string()),
                ("KOTHA_ESEWA_STATUS_URL", esewa.status_urls[0].to_string()),
            ];
            Node { process: serve(index, &variables).await, port: ports[index], variables }
        };
        // At the same time: both bring the database to this version, and neither trips over the other.
        let (first, second) = tokio::join!(node(0), node(1));
        Self {
            nodes: [first, second],
            redis,
            push,
            redis_port,
            _emulator: emulator,
            emulator_url,
            database_url,
            own_database: None,
            _dir: dir,
        }
    }

    pub(crate) fn url(&self, node: usize) -> String {
        format!("http://127.0.0.1:{}", self.nodes[node].port)
    }

    /// What comes to the public address, which is the first server's, arrives at this one.
    pub(crate) fn at(&self, node: usize, url: &str) -> String {
        url.replacen(&self.url(0), &self.url(node), 1)
    }

    pub(crate) fn payer(&self) -> Payer {
        Payer::new(self.emulator_url.clone())
    }

    /// Redis again, on the same port, knowing nothing.
    pub(crate) async fn restart_redis(&mut self) {
        self.redis = redis(self.redis_port).await;
    }

    pub(crate) async fn restart(&mut self, node: usize) {
        self.nodes[node].process = serve(node, &self.nodes[node].variables).await;
    }

    pub(crate) async fn register(&self, node: usize, role: &str, phone: &str) -> Person {
        let mut person = Person::new(self.url(node));
        let body = json!({ "role": role, "name": "Asmita Rai", "phone": phone, "password": "correct horse" });
        let (status, me) = person.post("/api/register/", &body).await;
        assert_eq!(status, 201, "{me}");
        person.id = me["id"].as_str().expect("an id").to_owned();
        person
    }

    /// An owner at the second server with a room, and a client at the first.
    pub(crate) async fn pair(&self, number: u32) -> (Person, Person, String) {
        let owner = self.register(1, "owner", &format!("98100000{number:02}")).await;
        let room = list_room(&owner, &listing()).await;
        let client = self.register(0, "client", &format!("98200000{number:02}")).await;
        (owner, client, room)
    }

    pub(crate) async fn sql(&self) -> PgConnection {
        let options: sqlx::postgres::PgConnectOptions = self.database_url.parse().expect("an address");
        options.connect().await.expect("PostgreSQL answers")
    }
}

/// eSewa, as a program of its own.
pub(crate) async fn emulator(port: u16) -> (Process, Url) {
    let variables = [("KOTHA_SANDBOX_LISTEN", format!("127.0.0.1:{port}"))];
    let process = kotha("emulator", &["sandbox"], &variables, "emulator answers").await;
    (process, format!("http://127.0.0.1:{port}/").parse().expect("a URL"))
}

pub(crate) async fn serve(node: usize, variables: &[(&'static str, String)]) -> Process {
    kotha(&format!("server {node}"), &["serve"], variables, "kotha answers at").await
}

async fn kotha(
    name: &str,
    arguments: &[&str],
    variables: &[(&'static str, String)],
    ready: &'static str,
) -> Process {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kotha"));
    command.args(arguments).env_clear().envs(variables.iter().cloned());
    Process::start(name, command, ready).await
}

async fn redis(port: u16) -> Process {
    let mut command = Command::new("redis-server");
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
    Process::start("redis-server", command, "Ready to accept connections").await
}
