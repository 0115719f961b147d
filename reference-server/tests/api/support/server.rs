//! A server on ports of its own, with a data directory that outlives a restart.

use std::sync::atomic::{AtomicU32, Ordering};

use paygate::Money;
use reference_server::app::{self, Running};
use reference_server::auth::Role;
use reference_server::client_address::TrustedProxies;
use reference_server::config::{
    Config, EsewaApi, EsewaConfig, EsewaEnvironment, LogConfig, LogFormat, PushConfig, RateLimits,
};
use reference_server::db::users::{self, NewUser};
use reference_server::ids::{Ids as _, TimeOrderedIds};
use reference_server::push::PushServices;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::database::TestDatabase;
use super::statements::count_statements;
use super::{Payer, Person};

pub struct TestServer {
    pub running: Running,
    dir: TempDir,
    database: TestDatabase,
    phones: AtomicU32,
    api: EsewaApi,
}

impl TestServer {
    pub async fn start() -> Self {
        Self::start_with(EsewaApi::V2).await
    }

    pub async fn start_with(api: EsewaApi) -> Self {
        Self::start_changed(|config| config.esewa.api = api).await
    }

    /// With a configuration that differs from the tests' own. A restart forgets all of it but the protocol.
    pub async fn start_changed(change: impl FnOnce(&mut Config)) -> Self {
        count_statements();
        let dir = tempfile::tempdir().expect("a directory");
        let database = TestDatabase::make(dir.path()).await;
        let mut config = config(&dir, &database, EsewaApi::V2);
        change(&mut config);
        let running = app::start(&config).await.expect("the server starts");
        Self { running, dir, database, phones: AtomicU32::new(0), api: config.esewa.api }
    }

    /// Stops the server, and starts it again on the same data.
    pub async fn restart(self) -> Self {
        let api = self.api;
        self.restart_with(api).await
    }

    pub async fn restart_with(self, api: EsewaApi) -> Self {
        self.running.stop().await.expect("the server stops");
        let running =
            app::start(&config(&self.dir, &self.database, api)).await.expect("the server starts again");
        Self { running, api, ..self }
    }

    /// Stops the server, and starts it again with another price.
    pub async fn restart_at_price(self, paisa: u64) -> Self {
        self.restart_changed(|config| config.unlock_price = Money::npr_paisa(paisa)).await
    }

    /// Stops the server, and starts it again with a configuration that differs from the tests' own.
    pub async fn restart_changed(self, change: impl FnOnce(&mut Config)) -> Self {
        self.running.stop().await.expect("the server stops");
        let mut config = config(&self.dir, &self.database, self.api);
        change(&mut config);
        let running = app::start(&config).await.expect("the server starts again");
        Self { running, ..self }
    }

    /// Where the server keeps what is no database.
    pub fn data_dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address)
    }

    pub fn payer(&self) -> Payer {
        Payer::new(self.running.emulator_url.clone().expect("the sandbox has an emulator"))
    }

    pub fn visitor(&self) -> Person {
        Person::new(format!("http://{}", self.running.address))
    }

    pub async fn client(&self) -> Person {
        self.register("client", "Asmita Rai").await
    }

    pub async fn owner(&self) -> Person {
        self.register("owner", "Sarita Maharjan").await
    }

    /// An administrator, made as the command line makes one, and logged in.
    pub async fn admin(&self) -> Person {
        let (phone, password) = ("9700000009", "correct horse");
        let state = self.running.state();
        let password_hash = state.passwords.hash(password).await.expect("a hash");
        let new = NewUser {
            id: TimeOrderedIds.next_id(),
            role: Role::Admin,
            name: "Kotha Admin",
            phone,
            password_hash: &password_hash,
        };
        let now = paygate::Clock::now(&paygate::SystemClock);
        assert!(users::add(&state.db, &new, now).await.expect("a row"), "one administrator a test");
        let mut admin = self.visitor();
        let (status, me) = admin.post("/api/login/", &json!({ "phone": phone, "password": password })).await;
        assert_eq!(status, 200, "{me}");
        admin.id = me["id"].as_str().expect("an id").to_owned();
        admin.phone = phone.to_owned();
        admin
    }

    async fn register(&self, role: &str, name: &str) -> Person {
        let phone = format!("98{:08}", self.phones.fetch_add(1, Ordering::Relaxed));
        let mut person = self.visitor();
        let body = json!({ "role": role, "name": name, "phone": phone, "password": "correct horse" });
        let (status, me) = person.post("/api/register/", &body).await;
        assert_eq!(status, 201, "{me}");
        person.id = me["id"].as_str().expect("an id").to_owned();
        person.phone = phone;
        person
    }

    /// A room of a fresh owner.
    pub async fn room(&self) -> (Person, String) {
        let owner = self.owner().await;
        let room = list_room(&owner, &listing()).await;
        (owner, room)
    }
}

pub async fn list_room(owner: &Person, listing: &Value) -> String {
    let (status, room) = owner.post("/api/rooms/", listing).await;
    assert_eq!(status, 201, "{room}");
    room["id"].as_str().expect("an id").to_owned()
}

pub fn listing() -> Value {
    json!({
        "title": "Bright corner room",
        "description": "Fourth floor with a balcony.",
        "city": "Kathmandu",
        "area": "Baneshwor",
        "rent": "11000.00",
        "contact_phone": "9811111111",
        "address": "Shankhamul marg 45",
    })
}

fn config(dir: &TempDir, database: &TestDatabase, api: EsewaApi) -> Config {
    let anywhere = "127.0.0.1:0".parse().expect("an address");
    Config {
        listen: anywhere,
        public_url: None,
        data_dir: dir.path().to_owned(),
        database: database.url(),
        redis: database.redis(),
        esewa: EsewaConfig {
            environment: EsewaEnvironment::Sandbox,
            product_code: esewa_client::ProductCode::new("EPAYTEST").expect("a code"),
            secret_key: esewa_client::SecretKey::test(),
            form_url: None,
            status_url: None,
            api,
            sandbox_listen: anywhere,
        },
        unlock_price: Money::npr_paisa(3_000),
        trusted_origins: vec!["https://partner.example".to_owned()],
        trusted_proxies: TrustedProxies::default(),
        push: PushConfig { services: PushServices::new(Vec::new(), None), contact: None, after_ms: 8_000 },
        metrics_listen: None,
        demo: false,
        rate_limits: RateLimits::On,
        log: LogConfig { filter: "info".to_owned(), format: LogFormat::Text },
    }
}
