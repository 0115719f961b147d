//! Registering, logging in and out: one file a route.

pub mod body;
pub mod login;
pub mod logout;
pub mod me;
pub mod register;
