//! Putting the server together, running it, and stopping it without losing anything.

mod assemble;
mod background;
mod lock;
mod run;

pub use self::assemble::{StartError, assemble};
pub use self::run::{Running, migrate, serve, start, stop_signal};
