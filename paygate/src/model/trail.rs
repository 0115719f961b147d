//! The audit trail: who learned what about a payment, and when.

use std::fmt;

use jiff::Timestamp;

use crate::Actor;

/// Who looked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The payer's browser came back with the provider's word.
    Callback,
    /// Somebody asked for a look: a failure page, a webhook, an administrator.
    Recheck,
    /// The schedule.
    Reconcile,
    /// A new start found an expired attempt and asked about it first.
    Start,
    /// A person decided or acted.
    Operator(Actor),
}

impl Source {
    /// A stable word for storage and APIs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Callback => "callback",
            Self::Recheck => "recheck",
            Self::Reconcile => "reconcile",
            Self::Start => "start",
            Self::Operator(_) => "operator",
        }
    }

    /// The person behind it, if it was one.
    pub fn actor(&self) -> Option<&Actor> {
        match self {
            Self::Operator(actor) => Some(actor),
            _ => None,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator(actor) => write!(f, "operator {actor}"),
            other => f.write_str(other.code()),
        }
    }
}

/// What a commit writes into the trail, at the time of its change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Who looked.
    pub source: Source,
    /// What was seen: the outcome in words, never a provider's raw text.
    pub seen: String,
    /// Whether it changed the payment. What changed something is always kept; a repetition of the last
    /// entry only counts it up, and a full trail keeps no further repetitions.
    pub changed: bool,
}

/// One entry of the trail of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Who looked.
    pub source: Source,
    /// When it was first seen.
    pub first_at: Timestamp,
    /// When it was last seen without anything else in between.
    pub last_at: Timestamp,
    /// How often in a row.
    pub times: u64,
    /// What was seen.
    pub seen: String,
    /// Where the payment stood afterwards.
    pub state: String,
}

/// How many entries a trail keeps before it drops repetitions that changed nothing.
pub const TRAIL_ENTRIES_MAX: u32 = 200;
