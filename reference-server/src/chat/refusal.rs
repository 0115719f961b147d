//! What the engine refuses, as the contract says it: a problem over HTTP, an error frame over the socket.

use chat_core::{ChatError, Denied};

use crate::problem::{FieldError, Problem};

/// A refusal as a frame carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Stable and machine-readable.
    pub code: &'static str,
    /// For a person.
    pub detail: String,
    /// When to try again; final without it.
    pub retry_ms: Option<u64>,
}

/// As an error frame.
pub fn refused(error: &ChatError) -> Refused {
    let code = match error {
        ChatError::Denied(Denied::NotMember) | ChatError::NotFound => "not_found",
        ChatError::Denied(Denied::Blocked) => "blocked",
        ChatError::Denied(Denied::PaymentRequired) => "payment_required",
        ChatError::Denied(Denied::SessionEnded) | ChatError::Forbidden(_) => "forbidden",
        ChatError::Denied(Denied::Unavailable) | ChatError::Overload(_) | ChatError::Unavailable(_) => {
            "unavailable"
        }
        ChatError::Invalid { .. } => "invalid_field",
        ChatError::IdReused => "id_reused",
        ChatError::RateLimited { .. } => "rate_limited",
    };
    log(error);
    Refused { code, detail: error.to_string(), retry_ms: error.retry_ms() }
}

/// As a problem.
///
/// Of a locked conversation it says nothing; [`Talk::problem`](super::Talk::problem) knows what unlocks it.
pub fn problem_of(error: ChatError) -> Problem {
    match error {
        ChatError::Denied(Denied::NotMember | Denied::PaymentRequired) | ChatError::NotFound => {
            Problem::not_found()
        }
        ChatError::Denied(Denied::Blocked) => Problem::forbidden("This chat is closed for one of you."),
        ChatError::Denied(Denied::SessionEnded) => Problem::not_signed_in(),
        ChatError::Denied(Denied::Unavailable) | ChatError::Overload(_) => Problem::unavailable_for_now(),
        ChatError::Forbidden(_) => Problem::forbidden("Only your own recent messages can be changed."),
        ChatError::Invalid { field, reason } => {
            Problem::invalid_fields(vec![FieldError { field, message: format!("must be {reason}.") }])
        }
        ChatError::IdReused => Problem::id_reused(),
        ChatError::RateLimited { retry_ms } => Problem::rate_limited(retry_ms),
        ChatError::Unavailable(error) => Problem::unavailable(error),
    }
}

fn log(error: &ChatError) {
    if let ChatError::Unavailable(cause) = error {
        tracing::error!(%cause, "a message can't be stored now");
    }
}
