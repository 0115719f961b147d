//! The chat from the outside: a real server, a room that was paid for, two people, and those who have no business here.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../api/support/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "shared with the API's tests; each uses its own part"
)]
mod support;

mod access;
mod bad_input;
mod blocking;
mod history;
mod images;
mod people;
mod picture_sweep;
mod push;
mod push_service;
mod push_subscriptions;
mod restart;
mod sending;
mod slow;
mod socket;
mod unread;
