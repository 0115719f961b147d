//! The payment gate before a room's contact details: who asks, for which room, at which price.

use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use bytes::Bytes;
use paygate::{Demand, GateError, Gatekeeper, Refusal, Render, RenderError, Terms};
use uuid::Uuid;

use super::{checkout_hint, offer_of_room, room_for, room_of, subject_of_user};
use crate::auth::{Role, viewer_of};
use crate::db::rooms;
use crate::problem::Problem;
use crate::state::AppState;

/// Reads the caller from the session cookie and the room from the path.
#[derive(Debug, Clone)]
pub struct RoomGate {
    state: AppState,
}

impl RoomGate {
    /// A gate over this state.
    pub fn new(state: AppState) -> Self {
        Self { state }
    }

    async fn ask(&self, parts: &Parts) -> Result<Demand, Problem> {
        let Some(id) = room_in_path(parts.uri.path()) else { return Ok(Demand::NotFound) };
        let Some(user) = viewer_of(&self.state, parts).await? else { return Ok(Demand::SignIn) };
        let listed = rooms::lookup(&self.state.db, id).await?;
        let room = match listed {
            Some(room) => room,
            // Taken down: still open to who paid or may have paid, and for sale to nobody.
            None => match room_for(&self.state, id, Some(&user)).await {
                Ok((room, _)) => room,
                Err(problem) if problem.status() == StatusCode::NOT_FOUND => return Ok(Demand::NotFound),
                Err(problem) => return Err(problem),
            },
        };
        if room.owner_id == user.id {
            return Ok(Demand::Free);
        }
        if user.role != Role::Client {
            return Ok(Demand::Forbidden);
        }
        Ok(Demand::Pay { who: subject_of_user(user.id)?, offer: offer_of_room(&self.state, id)? })
    }
}

impl Gatekeeper for RoomGate {
    async fn demand(&self, parts: &Parts) -> Result<Demand, GateError> {
        self.ask(parts).await.map_err(GateError::new)
    }
}

impl Render for RoomGate {
    fn render(&self, _: &Parts, refusal: &Refusal, terms: &Terms) -> Result<Response<Bytes>, RenderError> {
        Ok(problem_of(refusal, terms).into_http())
    }
}

/// What the contract says for each refusal; a 402 also says what paygate's own would, for programs that know them.
pub fn problem_of(refusal: &Refusal, terms: &Terms) -> Problem {
    match refusal {
        Refusal::SignIn => Problem::not_signed_in(),
        Refusal::PaymentRequired { offer } => {
            let problem = Problem::payment_required("Unlock this room first: pay once with eSewa.");
            let more = terms.members(offer).into_iter();
            let problem = more
                .fold(problem, |problem, (name, value)| problem.with(&name, value))
                .with("resource", offer.resource.as_str())
                .with("amount", offer.price.decimal_text())
                .with("currency", offer.price.currency.code())
                .with("provider", "esewa");
            match room_of(&offer.resource) {
                Some(room) => problem.with("checkout", checkout_hint(room)),
                None => problem,
            }
        }
        Refusal::InProgress { payment, .. } => {
            Problem::payment_in_progress().with("transaction_id", payment.as_str())
        }
        Refusal::Forbidden => Problem::forbidden("Contact details open for clients who paid for them."),
        Refusal::NotFound => Problem::not_found(),
        _ => Problem::unavailable_for_now(),
    }
}

/// The segment behind `rooms`.
fn room_in_path(path: &str) -> Option<Uuid> {
    let mut segments = path.split('/').skip_while(|segment| *segment != "rooms");
    segments.nth(1).and_then(|id| Uuid::try_parse(id).ok())
}
