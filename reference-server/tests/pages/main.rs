//! The pages from the outside: a real server, and people whose browsers run no script.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]
#![allow(unreachable_pub, reason = "a test program exports nothing")]

#[path = "../api/support/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "shared with the API's tests; each uses its own part"
)]
mod support;

mod account;
mod admin;
mod admin_language;
mod browser;
mod chat;
mod checkout;
mod forms;
mod language;
mod my;
mod owner;
mod privacy;
mod protecting;
mod pwa;
mod search_engines;
