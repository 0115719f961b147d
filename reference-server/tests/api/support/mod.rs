//! A server a test, and the people who use it.

pub mod database;
mod payer;
mod person;
pub mod routes;
mod scene;
mod server;
pub mod statements;

pub use self::payer::Payer;
pub use self::person::{Person, close_code, json_of, next_frame, read};
pub use self::scene::Scene;
pub use self::server::{TestServer, list_room, listing};
