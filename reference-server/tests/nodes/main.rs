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
#[path = "../../../chat-core/tests/support/postmaster.rs"]
#[allow(clippy::unwrap_used, unreachable_pub, reason = "shared with the chat engine's tests")]
mod postmaster;
mod process;
mod product;
#[path = "../chat/push_service.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the chat's tests; each uses its own part")]
mod push_service;

mod chat;
mod outage;
mod payments;
mod push;
mod reconcile;
mod suspension;

use std::time::Duration;

/// How late a server learns at most what another did, whatever became of Redis: of a payment, a refund, a sign-out or a
/// block, and of a message.
const ACCESS_STALE: Duration = Duration::from_secs(1);
const MESSAGE_STALE: Duration = Duration::from_secs(5);
/// For looking, closing and telling, on a machine that is busy with other things.
const MARGIN: Duration = Duration::from_secs(3);
