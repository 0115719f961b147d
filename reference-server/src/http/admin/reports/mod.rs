//! Reports: what people complain about, the words that it is about, and what was made of it.

pub mod decide;
pub mod image;
pub mod list;
pub mod show;
