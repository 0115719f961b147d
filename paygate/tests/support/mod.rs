//! What several tests share. Each test binary uses a part of it.
#![allow(dead_code, unreachable_pub, missing_debug_implementations, reason = "no test binary uses all of it")]
#![allow(clippy::expect_used, reason = "a helper that cannot go on ends its test")]

pub mod books;
pub mod broken;
pub mod counted;
#[cfg(feature = "esewa")]
pub mod esewa;
pub mod gate;
pub mod hooked;
pub mod interrupt;
pub mod ledger;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod service;
#[cfg(feature = "sqlite")]
pub mod sqlite;
pub mod story;
