//! Administrators: who they are to everybody else, what they find, what they do, and what the log keeps of it.

mod figures;
mod hidden;
mod log;
mod payments;
mod people;
mod reported_words;
mod reports;
mod rooms;
