//! Rooms: finding them, suspending them and lifting that.

pub mod list;
pub mod show;
pub mod suspend;
