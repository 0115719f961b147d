//! Kotha: a room-rental board where one verified eSewa payment opens a room's contact details and a private
//! chat with its owner. The binary and the tests share this library; it is no API for others.

#![allow(unreachable_pub, reason = "this library is no API: the binary and the tests are its only users")]
#![allow(unused_qualifications, reason = "the macros that describe the API write paths out")]
#![allow(
    missing_debug_implementations,
    reason = "request and answer types are never printed, and some hold what no log may have"
)]

// Before the others, for its macro of texts.
#[macro_use]
pub mod ui;

pub mod admin;
pub mod app;
pub mod auth;
pub mod chat;
pub mod cli;
pub mod client_address;
pub mod config;
pub mod db;
pub mod demo;
pub mod emulator;
pub mod http;
pub mod ids;
pub mod metrics;
pub mod middleware;
pub mod nodes;
pub mod openapi;
pub mod origin;
pub mod payments;
pub mod photos;
pub mod problem;
pub mod push;
pub mod rate_limits;
pub mod reconcile;
pub mod serve;
pub mod state;
pub mod telemetry;
pub mod uploads;
pub mod users_hub;
pub mod ws;
