//! What files hold in memory while they arrive and wait for their turn: one account has a few places, all of them
//! together a number of bytes.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::problem::Problem;

/// Bytes of files in memory at most. More would rather be sent again than have the server run out of it.
const HELD_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Files of one account on their way: as many as a browser opens connections.
const OF_ACCOUNT_MAX: u32 = 6;
/// When somebody whose places are taken may look again.
const RETRY_MS: u64 = 2_000;

/// The files on their way.
#[derive(Clone)]
pub struct Uploads(Arc<Shared>);

struct Shared {
    free_bytes: Arc<Semaphore>,
    /// Only accounts with a file on its way are in it.
    of_account: Mutex<HashMap<Uuid, u32>>,
}

/// A file's place. What it holds is free again when it is dropped.
pub struct Place {
    uploads: Uploads,
    account: Uuid,
    held: Option<OwnedSemaphorePermit>,
}

impl Default for Uploads {
    fn default() -> Self {
        Self::with_bytes(HELD_BYTES_MAX)
    }
}

impl Uploads {
    fn with_bytes(bytes: usize) -> Self {
        let free_bytes = Arc::new(Semaphore::new(bytes));
        Self(Arc::new(Shared { free_bytes, of_account: Mutex::default() }))
    }

    /// A place for a file of an account, without a byte yet.
    ///
    /// # Errors
    ///
    /// 429 when the account has as many on their way as it may.
    pub fn begin(&self, account: Uuid) -> Result<Place, Problem> {
        let mut of_account = self.0.of_account.lock().unwrap_or_else(PoisonError::into_inner);
        let files = of_account.entry(account).or_default();
        if *files >= OF_ACCOUNT_MAX {
            return Err(Problem::rate_limited(RETRY_MS));
        }
        *files += 1;
        Ok(Place { uploads: self.clone(), account, held: None })
    }
}

impl Place {
    /// Counts bytes that are kept from now on. Nobody waits for them: a file that waits holds what others wait for.
    ///
    /// # Errors
    ///
    /// 503 when the files of all hold as much as they may.
    pub fn hold(&mut self, bytes: usize) -> Result<(), Problem> {
        let bytes = u32::try_from(bytes).map_err(Problem::internal)?;
        let more = Arc::clone(&self.uploads.0.free_bytes).try_acquire_many_owned(bytes);
        let more = more.map_err(|_| Problem::unavailable_for_now())?;
        match &mut self.held {
            Some(held) => held.merge(more),
            None => self.held = Some(more),
        }
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut of_account = self.uploads.0.of_account.lock().unwrap_or_else(PoisonError::into_inner);
        let left = of_account.get(&self.account).map_or(0, |files| files.saturating_sub(1));
        match left {
            0 => of_account.remove(&self.account),
            left => of_account.insert(self.account, left),
        };
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    #[test]
    fn account_has_a_few_places_and_gets_them_back() {
        let uploads = Uploads::default();
        let mut places: Vec<_> =
            (0..OF_ACCOUNT_MAX).map(|_| uploads.begin(account(1)).expect("a place")).collect();
        let refused = uploads.begin(account(1)).expect_err("one too many");
        assert_eq!(refused.code(), "rate_limited");
        uploads.begin(account(2)).expect("another account's");
        places.pop();
        uploads.begin(account(1)).expect("the one that is free again");
        drop(places);
        assert!(uploads.0.of_account.lock().expect("a lock").is_empty(), "nothing is kept of who is done");
    }

    #[test]
    fn files_of_all_accounts_share_a_number_of_bytes_and_give_them_back() {
        let uploads = Uploads::with_bytes(100);
        let mut places = [1, 2].map(|number| uploads.begin(account(number)).expect("a place"));
        for place in &mut places {
            place.hold(30).expect("there is room");
        }
        places[0].hold(40).expect("the rest");
        assert_eq!(places[1].hold(1).expect_err("full").code(), "unavailable");
        drop(places);
        uploads.begin(account(3)).expect("a place").hold(100).expect("all of it");
    }
}
