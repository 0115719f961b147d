//! Walks the whole way against a running server: list a room, pay for it at eSewa, read the contact details, chat.
//!
//! ```text
//! cargo run --release                       # in one terminal: the server, its emulator, demo data
//! cargo run -p walk-the-way                 # in another
//! cargo run -p walk-the-way -- http://127.0.0.1:9000
//! ```
//!
//! Every step says what it expects, and the first one that finds something else ends the walk with exit code 1.

mod chat;
mod esewa;
mod person;

use std::io::Write as _;

use serde_json::{Value, json};

use crate::person::{Failed, Person, expect};

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let base = std::env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let owner = Person::register(&base, "owner", "Walking Owner").await?;
    let client = Person::register(&base, "client", "Walking Client").await?;
    let stranger = Person::register(&base, "client", "Another Client").await?;

    let room = list_room(&owner).await?;
    say(&format!("1. {} lists a room; clients see it without contact details", owner.name));
    expect("the gate is locked", 402, client.contact(&room).await?.0)?;

    let (status, intent) = client.post("/create-payment-intent/", &json!({ "room_id": room })).await?;
    expect("a payment is started", 201, status)?;
    say(&format!("2. {} starts a payment of NPR {}", client.name, text(&intent["amount"])));

    let forged = esewa::forge(&intent, &base);
    expect("the form's own signature as a callback", 400, client.follow(&forged).await?.0)?;
    say("3. a callback forged from the form's signature is refused");

    let back = esewa::pay(&intent).await?;
    say("4. the payer logs in at eSewa, enters the token, confirms, and is sent back");
    let mut waiting = client.socket("/ws/payment/").await?;
    expect("the callback is verified", 303, client.follow(&back).await?.0)?;
    expect("the same callback again is harmless", 303, client.follow(&back).await?.0)?;
    let heard = chat::next(&mut waiting, |frame| frame["payment"]["status"] == "success").await?;
    say(&format!("5. ws/payment/ tells: {}", text(&heard["payment"]["status"])));

    let (status, contact) = client.contact(&room).await?;
    expect("the contact details open", 200, status)?;
    expect("and for nobody else", 402, stranger.contact(&room).await?.0)?;
    let keys: Vec<_> = contact.as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default();
    say(&format!("6. the room is unlocked for its payer alone: {}", keys.join(", ")));

    chat::talk(&owner, &client, &room).await?;
    say("7. client and owner chat; each message is acknowledged, and comes once, in order");
    let refused = stranger.socket(&format!("/ws/chat/{room}/")).await;
    expect("a stranger gets no socket", 402, refused.err().and_then(|failed| failed.status).unwrap_or(101))?;

    let (status, history) = client.get(&format!("/api/messages/?room_id={room}")).await?;
    expect("the history is there", 200, status)?;
    say(&format!("8. the history has {} messages", history["last_seq"]));
    say(&format!("All of it worked. See it in a browser: {base}/rooms/{room}/"));
    Ok(())
}

async fn list_room(owner: &Person) -> Result<String, Failed> {
    let listing = json!({
        "title": "A room to walk to", "description": "Listed by an example.", "city": "Kathmandu",
        "area": "Thamel", "rent": "9500.00", "contact_phone": "9811111111", "address": "Chaksibari marg 7",
    });
    let (status, room) = owner.post("/api/rooms/", &listing).await?;
    expect("the room is listed", 201, status)?;
    Ok(text(&room["id"]).to_owned())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
