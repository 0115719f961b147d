//! Messages over HTTP: the same engine as the socket.

pub mod change;
pub mod form;
pub mod image;
pub mod list;
pub mod read;
pub mod remove;
pub mod send;
pub mod unread;
