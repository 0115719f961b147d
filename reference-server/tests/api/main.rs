//! The API from the outside: a real server on a real port, its emulator beside it, a fresh database a test.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(unreachable_pub, reason = "shared with other tests")]
mod support;

mod accounts;
mod admin;
mod bad_input;
mod callback_attacks;
mod epay_v1;
mod errors;
mod in_progress;
mod metrics;
mod my_account;
mod names;
mod offers;
mod openapi;
mod origins;
mod photos;
mod rate_limits;
mod rooms;
mod security_headers;
mod slow_clients;
mod unlock;
mod uploads;
