//! Starting, returning from, and looking at payments: one file a route.

pub mod create_intent;
pub mod esewa_failure;
pub mod esewa_success;
pub mod esewa_webhook;
pub mod list;
pub mod page;
pub mod show;
