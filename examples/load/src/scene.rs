//! One owner with many rooms, one client who pays for each.

use std::sync::Arc;

use clap::Args;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::Client;
use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Failed;

/// Rooms that are listed and paid for at a time.
const PREPARED_AT_ONCE: usize = 8;
/// Sockets that the server lets one member open in one conversation.
pub(crate) const SOCKETS_OF_A_MEMBER: usize = 16;

/// Two people, and where they are.
pub(crate) struct Scene {
    pub(crate) server: String,
    pub(crate) pid: Option<u32>,
    emulator: String,
    owner: Person,
    client: Person,
}

/// Who reads.
#[derive(Clone, Copy)]
pub(crate) enum Reader {
    Owner,
    Client,
}

struct Person {
    id: String,
    http: Client,
    cookie: String,
}

/// What a connection needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    pub(crate) conversation: usize,
    pub(crate) path: String,
    pub(crate) cookie: String,
}

impl Scene {
    pub(crate) async fn new(server: &str, emulator: &str, pid: Option<u32>) -> Result<Self, Failed> {
        Ok(Self {
            server: server.to_owned(),
            pid,
            emulator: emulator.to_owned(),
            owner: Person::register(server, "owner").await?,
            client: Person::register(server, "client").await?,
        })
    }

    /// So many conversations, each with so many seats: the members take turns.
    pub(crate) async fn seats(&self, conversations: usize, sockets: usize) -> Result<Vec<Seat>, Failed> {
        if sockets > 2 * SOCKETS_OF_A_MEMBER {
            return Err(Failed(format!("at most {} sockets a conversation", 2 * SOCKETS_OF_A_MEMBER)));
        }
        let rooms: Vec<String> = stream::iter(0..conversations)
            .map(|_| self.unlocked_room())
            .buffered(PREPARED_AT_ONCE)
            .try_collect()
            .await?;
        let seats = rooms.iter().enumerate().flat_map(|(conversation, room)| {
            (0..sockets).map(move |number| {
                let of = if number % 2 == 0 { &self.client } else { &self.owner };
                let path = format!("/ws/chat/{room}/?client_id={}", self.client.id);
                Seat { conversation, path, cookie: of.cookie.clone() }
            })
        });
        Ok(seats.collect())
    }

    /// A GET by one of the two.
    pub(crate) async fn get(&self, reader: Reader, path: &str) -> Result<Value, Failed> {
        let person = match reader {
            Reader::Owner => &self.owner,
            Reader::Client => &self.client,
        };
        person.get(&format!("{}{path}", self.server)).await
    }

    async fn unlocked_room(&self) -> Result<String, Failed> {
        let listing = json!({
            "title": "A room under load", "description": "Listed by a load generator.", "city": "Kathmandu",
            "area": "Thamel", "rent": "9500.00", "contact_phone": "9811111111", "address": "Chaksibari marg 7",
        });
        let room = self.owner.post(&format!("{}/api/rooms/", self.server), &listing).await?;
        let room = text(&room, "id")?;
        let start = format!("{}/create-payment-intent/", self.server);
        let intent = self.client.post(&start, &json!({ "room_id": room })).await?;
        self.client.post_form(&intent["esewa"]).await?;
        let pay = json!({ "transaction_uuid": text(&intent, "transaction_id")?, "outcome": "complete" });
        let paid = self.client.post(&format!("{}/_sandbox/pay", self.emulator), &pay).await?;
        self.client.get(&text(&paid, "redirect_url")?).await?;
        Ok(room)
    }
}

impl Person {
    async fn register(server: &str, role: &str) -> Result<Self, Failed> {
        let jar = Arc::new(Jar::default());
        let http = Client::builder().cookie_provider(Arc::clone(&jar)).redirect(Policy::none()).build()?;
        let mut person = Self { id: String::new(), http, cookie: String::new() };
        let account =
            json!({ "role": role, "name": "Under Load", "phone": random_phone(), "password": "under load" });
        let me = person.post(&format!("{server}/api/register/"), &account).await?;
        person.id = text(&me, "id")?;
        let cookies = jar.cookies(&server.parse()?).ok_or_else(|| Failed("no session".into()))?;
        person.cookie = cookies.to_str()?.to_owned();
        Ok(person)
    }

    async fn post(&self, url: &str, body: &Value) -> Result<Value, Failed> {
        let answer = self.http.post(url).json(body).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if !status.is_success() {
            return Err(Failed(format!("{url} answers {status}: {text}")));
        }
        Ok(serde_json::from_str(&text)?)
    }

    /// As a browser posts the payment's form to eSewa.
    async fn post_form(&self, form: &Value) -> Result<(), Failed> {
        let fields = form["fields"].as_object().ok_or_else(|| Failed(format!("no form in {form}")))?;
        let fields: Vec<_> =
            fields.iter().map(|(name, value)| (name, value.as_str().unwrap_or_default())).collect();
        let answer = self.http.post(text(form, "url")?).form(&fields).send().await?;
        if answer.status().is_client_error() || answer.status().is_server_error() {
            return Err(Failed(format!("the form's answer is {}", answer.status())));
        }
        Ok(())
    }

    async fn get(&self, url: &str) -> Result<Value, Failed> {
        let answer = self.http.get(url).header("accept", "application/json").send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if !status.is_success() {
            return Err(Failed(format!("{url} answers {status}: {text}")));
        }
        Ok(serde_json::from_str(&text)?)
    }
}

fn text(value: &Value, field: &str) -> Result<String, Failed> {
    value[field].as_str().map(str::to_owned).ok_or_else(|| Failed(format!("no {field} in {value}")))
}

/// Ten digits starting with 98, another one for each account.
#[expect(clippy::disallowed_methods, reason = "an example may draw its own random numbers")]
fn random_phone() -> String {
    format!("98{:08}", Uuid::new_v4().as_u128() % 100_000_000)
}

/// For another load generator.
#[derive(Args)]
pub(crate) struct Prepare {
    /// Conversations.
    #[arg(long, default_value_t = 50)]
    conversations: usize,
    /// Connections of each.
    #[arg(long, default_value_t = 20)]
    sockets: usize,
    /// Where the lines go: cookie and path, separated by a tab.
    #[arg(long)]
    file: std::path::PathBuf,
}

impl Prepare {
    pub(crate) async fn run(&self, scene: &Scene) -> Result<Value, Failed> {
        let seats = scene.seats(self.conversations, self.sockets).await?;
        let lines: String = seats.iter().map(|seat| format!("{}\t{}\n", seat.cookie, seat.path)).collect();
        std::fs::write(&self.file, lines)?;
        Ok(json!({ "work": "prepare", "connections": seats.len() }))
    }
}
