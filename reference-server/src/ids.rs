//! Where the server's own ids come from.

use std::fmt;

use uuid::Uuid;

/// Makes ids; an argument, so that a test may own them.
pub trait Ids: Send + Sync + fmt::Debug + 'static {
    /// An id that sorts after those made before it.
    fn next_id(&self) -> Uuid;
}

/// UUID v7: random, and rising in time.
#[derive(Debug, Clone, Copy, Default)]
pub struct TimeOrderedIds;

impl Ids for TimeOrderedIds {
    #[expect(clippy::disallowed_methods, reason = "this is the one source of the server's ids")]
    fn next_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}
