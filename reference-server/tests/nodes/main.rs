//! Two servers on one PostgreSQL and one Redis, as processes that can be stopped and killed: what is lost (nothing),
//! what is doubled (nothing), and for how long a server did not know what the other did.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and shows figures"
)]

#[path = "../api/support/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "shared with the API's tests; each uses its own part"
)]
mod support;

mod ear;
mod process;
mod product;
#[path = "../chat/push_service.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the chat's tests; each uses its own part")]
mod push_service;

mod chat;
mod payments;
mod push;
mod reconcile;
mod suspension;
