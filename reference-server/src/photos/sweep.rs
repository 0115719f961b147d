//! Photos that a crash left without a room, and pictures that no message shows: their files go.

use jiff::{SignedDuration, Timestamp};

use crate::chat::folder_of;
use crate::db::message_pictures;
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

/// Removes the pictures that were noted a while before `now` and are in no message: it was refused, cut off, or taken
/// back. Of a message that shows another picture that one stays. How many messages were looked at.
///
/// # Errors
///
/// When database or disk don't answer. What was not done is done the next time.
pub async fn sweep_messages(state: &AppState, now: Timestamp) -> Result<usize, Problem> {
    let before = now.checked_sub(SignedDuration::from_secs(AGE_S)).unwrap_or(now);
    let noted = message_pictures::noted_before(&state.db, before, AT_ONCE_MAX).await?;
    for one in &noted {
        let folder = folder_of(&one.message);
        let shown = one.shown.as_deref().and_then(|image| image.parse().ok());
        match shown {
            Some(image) => state.photos.remove_others_of_message(&folder, &image).await,
            None if one.reported => Ok(()),
            None => state.photos.remove_of_message(&folder).await,
        }
        .map_err(Problem::unavailable)?;
        match one.shown.is_some() || one.reported {
            true => one.settle(&state.db).await?,
            false => one.cross_out(&state.db).await?,
        }
    }
    Ok(noted.len())
}
