//! Payments that were found paid after the room's owner had left: the contact details are gone, so the money goes back. A
//! room that was only taken down or suspended keeps its contact details, and opens for who pays all the same.

use paygate::{Actor, Anomalies, Anomaly, PaymentId};

use crate::db::payment_search;
use crate::problem::Problem;
use crate::state::AppState;

/// Payments that are sent to review in one go.
const PAYMENTS_MAX: u32 = 50;
/// Who sends them there, in the trail.
pub const ACTOR: &str = "kotha";

/// Sends them to review, for an administrator to give the money back; how many there were.
pub async fn review(state: &AppState) -> Result<usize, Problem> {
    let known = Anomalies::NONE.with(Anomaly::Undeliverable).bits();
    let ids = payment_search::undeliverable(&state.db, known, PAYMENTS_MAX).await?;
    let actor = Actor::new(ACTOR).map_err(Problem::internal)?;
    for id in &ids {
        let id = PaymentId::new(id.as_str()).map_err(Problem::internal)?;
        state.payments.undeliverable(&id, actor.clone()).await.map_err(Problem::unavailable)?;
    }
    Ok(ids.len())
}
