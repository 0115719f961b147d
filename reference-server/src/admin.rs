//! `kotha admin add`: administrators are made here and nowhere else.

use std::io::BufRead as _;

use crate::auth::{PasswordError, Passwords, Phone, PhoneError, Role};
use crate::config::Config;
use crate::db::users::{self, NewUser};
use crate::db::{Db, OpenError};
use crate::ids::{Ids as _, TimeOrderedIds};

/// Why there is no new administrator.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The phone number.
    #[error("--phone")]
    Phone(#[from] PhoneError),
    /// The password.
    #[error("the password can't be taken")]
    Password(#[from] PasswordError),
    /// Nothing to read.
    #[error("give the password on standard input, one line")]
    NoPassword(#[from] std::io::Error),
    /// Writing.
    #[error("the account can't be written")]
    Database(#[from] sqlx::Error),
    /// The number is somebody's.
    #[error("this phone number has an account already")]
    Taken,
}

/// Makes an administrator.
///
/// # Errors
///
/// See [`AdminError`].
pub async fn add(config: &Config, phone: &str, name: &str) -> Result<(), AdminError> {
    let phone = Phone::parse(phone)?;
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let password_hash = Passwords::new()?.hash(password.trim_end_matches(['\r', '\n'])).await?;
    let db = Db::open(&config.database).await?;
    let id = TimeOrderedIds.next_id();
    let new = NewUser { id, role: Role::Admin, name, phone: phone.as_str(), password_hash: &password_hash };
    let added = users::add(&db, &new, paygate::Clock::now(&paygate::SystemClock)).await?;
    db.close().await;
    if !added {
        return Err(AdminError::Taken);
    }
    tracing::info!(%id, "an administrator was made");
    Ok(())
}
