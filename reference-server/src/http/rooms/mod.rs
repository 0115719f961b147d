//! Rooms as JSON: one file a route.

pub mod body;
pub mod change;
pub mod contact;
pub mod create;
pub mod list;
pub mod remove;
pub mod show;
