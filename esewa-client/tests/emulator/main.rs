//! The emulator, walked by our own client and by a browser that does what a person does.
#![cfg(all(feature = "sandbox", feature = "client"))]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test may fail the test")]

mod assumptions;
mod control;
mod form;
#[cfg(feature = "intent")]
mod intent;
#[cfg(feature = "legacy")]
mod legacy;
#[cfg(feature = "mobile")]
mod mobile;
mod pages;
mod qr;
mod status;
mod switches;
#[cfg(all(feature = "sandbox-tls", feature = "rustls"))]
mod tls;
mod world;
