//! The form that suspends a person or a room, or lifts that.

use crate::ui::{Field, FieldErrors};

/// The form.
#[derive(Clone, Debug)]
pub struct SuspensionPart {
    /// What it does: lifts where it is suspended.
    pub lifts: bool,
    /// Where it goes.
    pub action: String,
    pub reason: Field,
}

/// What was done just now, by our record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    Suspended,
    Lifted,
}

impl SuspensionPart {
    /// The form of what is at `url`, filled with what was typed.
    pub fn new(url: &str, suspended: bool, reason: &str, errors: &FieldErrors) -> Self {
        let act = if suspended { "lift" } else { "suspend" };
        Self {
            lifts: suspended,
            action: format!("{url}{act}/"),
            reason: Field::lines("reason", t!("admin-why"), 500).filled(reason, errors),
        }
    }
}

impl Changed {
    /// The address is only the occasion: what is so is read from the record.
    pub fn of(word: &str, suspended: bool) -> Option<Self> {
        match (word, suspended) {
            ("suspend", true) => Some(Self::Suspended),
            ("lift", false) => Some(Self::Lifted),
            _ => None,
        }
    }
}
