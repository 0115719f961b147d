//! Registering, logging in and out, and the account itself: one file a route.

pub mod body;
pub mod delete;
pub mod login;
pub mod logout;
pub mod me;
pub mod password;
pub mod register;
pub mod sessions;
