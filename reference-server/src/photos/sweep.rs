//! Photos that a crash left without a room: their files go.

use jiff::{SignedDuration, Timestamp};

use crate::db::photo_leftovers::{self, Leftover};
use crate::problem::Problem;
use crate::state::AppState;

/// Whatever began so long ago has ended: requests are given up long before.
const AGE_S: i64 = 600;
/// Photos at a time; the next sweep goes on.
const AT_ONCE_MAX: u32 = 100;

/// Removes the files of photos that were begun or taken out a while before `now`, and belong to no room; how many.
///
/// # Errors
///
/// When database or disk don't answer. What was not done is done the next time.
pub async fn sweep(state: &AppState, now: Timestamp) -> Result<usize, Problem> {
    let before = now.checked_sub(SignedDuration::from_secs(AGE_S)).unwrap_or(now);
    let mut removed = 0;
    for Leftover { name, audience, in_use } in
        photo_leftovers::noted_before(&state.db, before, AT_ONCE_MAX).await?
    {
        if !in_use {
            state.photos.remove(&name, audience).await.map_err(Problem::unavailable)?;
            removed += 1;
        }
        photo_leftovers::cross_out(&state.db, &name).await?;
    }
    Ok(removed)
}
