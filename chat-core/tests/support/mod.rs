//! What several test files share.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses its own part, and a test fails by panicking"
)]

#[cfg(feature = "conformance")]
pub mod broken;
#[cfg(feature = "conformance")]
pub mod broken_bus;
pub mod chat;
#[cfg(feature = "sqlite")]
pub mod disk;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "postgres")]
pub mod postmaster;
#[cfg(feature = "redis")]
pub mod redis;
