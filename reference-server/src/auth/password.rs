//! Argon2id, away from the threads that answer requests, and no more at once than there are cores.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use tokio::sync::Semaphore;

use crate::ui::Lang;

/// Shorter ones fall to guessing.
const PASSWORD_CHARS_MIN: usize = 8;
/// Longer ones only cost time.
const PASSWORD_BYTES_MAX: usize = 256;

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    /// One hash takes a core for tens of milliseconds and 19 MiB; more at once would only wait in memory.
    turns: Arc<Semaphore>,
    /// What an unknown phone number's password is checked against, so that the answer takes as long.
    nobody: Arc<str>,
}

/// Why a password can't be taken.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too short to be safe.
    #[error("{}", t!("wrong-password-short", min = Lang::current().digits(PASSWORD_CHARS_MIN)))]
    TooShort,
    /// Too long to be one.
    #[error("{}", t!("wrong-password-long", max = Lang::current().digits(PASSWORD_BYTES_MAX)))]
    TooLong,
    /// The hash function failed.
    #[error("the password can't be hashed")]
    Hash(#[from] argon2::password_hash::Error),
    /// The server is stopping.
    #[error("the password can't be hashed now")]
    Stopping(#[from] tokio::task::JoinError),
}

impl Passwords {
    /// Makes ready; hashes once.
    ///
    /// # Errors
    ///
    /// When hashing doesn't work at all.
    pub fn new() -> Result<Self, PasswordError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let nobody = hash("a password that nobody has")?;
        Ok(Self { turns: Arc::new(Semaphore::new(cores)), nobody: nobody.into() })
    }

    /// The hash of a new password, in PHC form.
    ///
    /// # Errors
    ///
    /// See [`PasswordError`].
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        check_length(password)?;
        let password = password.to_owned();
        self.in_turn(move || hash(&password)).await?
    }

    /// Whether the password is the one of the hash; without a hash it takes as long and says no.
    ///
    /// # Errors
    ///
    /// See [`PasswordError`].
    pub async fn verify(&self, password: &str, known: Option<&str>) -> Result<bool, PasswordError> {
        if password.len() > PASSWORD_BYTES_MAX {
            return Ok(false);
        }
        let password = password.to_owned();
        let exists = known.is_some();
        let known = known.unwrap_or(&self.nobody).to_owned();
        let same = self.in_turn(move || verify(&password, &known)).await??;
        Ok(same && exists)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        // The semaphore is never closed, so there is always a permit in the end.
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok();
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        Ok(done.await?)
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").finish_non_exhaustive()
    }
}

fn check_length(password: &str) -> Result<(), PasswordError> {
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(PasswordError::TooShort);
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(PasswordError::TooLong);
    }
    Ok(())
}

fn hash(password: &str) -> Result<String, PasswordError> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

fn verify(password: &str, known: &str) -> Result<bool, PasswordError> {
    let known = PasswordHash::new(known).map_err(argon2::password_hash::Error::from)?;
    match Argon2::default().verify_password(password.as_bytes(), &known) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn right_password_passes_and_others_do_not() {
        let passwords = Passwords::new().expect("argon2");
        let known = passwords.hash("kotha-demo").await.expect("hash");
        assert!(known.starts_with("$argon2id$"));
        assert!(passwords.verify("kotha-demo", Some(&known)).await.expect("verify"));
        assert!(!passwords.verify("kotha-demO", Some(&known)).await.expect("verify"));
    }

    #[tokio::test]
    async fn unknown_account_never_passes_even_with_the_stand_in() {
        let passwords = Passwords::new().expect("argon2");
        assert!(!passwords.verify("a password that nobody has", None).await.expect("verify"));
    }

    #[tokio::test]
    async fn lengths_out_of_bounds_are_refused() {
        let passwords = Passwords::new().expect("argon2");
        assert!(matches!(passwords.hash("short").await, Err(PasswordError::TooShort)));
        assert!(matches!(passwords.hash(&"x".repeat(257)).await, Err(PasswordError::TooLong)));
    }
}
