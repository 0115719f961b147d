//! Where most stories begin: a room, and a client who has started to pay for it.

use serde_json::Value;

use super::{Person, TestServer};

pub struct Scene {
    pub server: TestServer,
    pub client: Person,
    pub room: String,
    pub intent: Value,
}

impl Scene {
    pub async fn start() -> Self {
        Self::on(TestServer::start().await).await
    }

    pub async fn on(server: TestServer) -> Self {
        let (_, room) = server.room().await;
        let client = server.client().await;
        let intent = client.start_payment(&room).await;
        Self { server, client, room, intent }
    }

    pub fn id(&self) -> &str {
        self.intent["transaction_id"].as_str().expect("an id")
    }
}
