//! Conversations over HTTP.

pub mod block;
pub mod list;
pub mod report;
pub mod unblock;
