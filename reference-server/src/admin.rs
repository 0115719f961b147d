//! `kotha admin add`: administrators are made here and nowhere else.

use std::io::BufRead as _;

use jiff::Timestamp;
use uuid::Uuid;

use crate::auth::{PasswordError, Passwords, Phone, PhoneError, Role};
use crate::config::Config;
use crate::db::admin_acts::{self, NewAct};
use crate::db::users::{self, NewUser};
use crate::db::{Db, OpenError};
use crate::http::accounts::register::NAME_CHARS;
use crate::http::fields::Fields;
use crate::ids::{Ids as _, TimeOrderedIds};
use crate::problem::Problem;

/// Why there is no new administrator.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The phone number.
    #[error("--phone")]
    Phone(#[from] PhoneError),
    /// The name.
    #[error("--name {0}")]
    Name(String),
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
    let name = checked(name)?;
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let password_hash = Passwords::new()?.hash(password.trim_end_matches(['\r', '\n'])).await?;
    let db = Db::open(&config.database).await?;
    let made = make(&db, &phone, &name, &password_hash, paygate::Clock::now(&paygate::SystemClock)).await;
    db.close().await;
    tracing::info!(id = %made?, "an administrator was made");
    Ok(())
}

/// As everybody's name.
fn checked(name: &str) -> Result<String, AdminError> {
    let mut fields = Fields::default();
    let name = fields.line("name", name, NAME_CHARS);
    let refused = |problem: Problem| {
        AdminError::Name(problem.errors().iter().map(|error| error.message.clone()).collect())
    };
    fields.finish().map(|()| name).map_err(refused)
}

/// The account, and its line in the log of acts, where it is the new administrator's own first one.
async fn make(
    db: &Db,
    phone: &Phone,
    name: &str,
    password_hash: &str,
    now: Timestamp,
) -> Result<Uuid, AdminError> {
    let id = TimeOrderedIds.next_id();
    let new = NewUser { id, role: Role::Admin, name, phone: phone.as_str(), password_hash };
    if !users::add(db, &new, now).await? {
        return Err(AdminError::Taken);
    }
    let act = TimeOrderedIds.next_id();
    let subject = id.to_string();
    let line = NewAct { id: act, admin: id, act: "add_admin", subject: &subject, reason: "" };
    admin_acts::begin(db, &line, now).await?;
    admin_acts::end(db, act, "made").await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DatabaseUrl;
    use crate::db::admin_acts::ActFilter;

    #[tokio::test]
    async fn new_administrator_stands_in_the_log_of_acts() {
        let dir = tempfile::tempdir().expect("a directory");
        let db = Db::open(&DatabaseUrl::Sqlite(dir.path().join("kotha.sqlite3"))).await.expect("a database");
        let phone = Phone::parse("9800000009").expect("a number");
        let id = make(&db, &phone, "Maya", "hash", Timestamp::UNIX_EPOCH).await.expect("made");
        let acts = admin_acts::list(&db, &ActFilter::default(), 10).await.expect("the log");
        assert_eq!(acts.len(), 1);
        let act = &acts[0];
        assert_eq!((&*act.act, &*act.subject, &*act.admin_name), ("add_admin", &*id.to_string(), "Maya"));
        assert_eq!(act.outcome.as_deref(), Some("made"));
        let again = make(&db, &phone, "Maya", "hash", Timestamp::UNIX_EPOCH).await;
        assert!(matches!(again, Err(AdminError::Taken)));
        db.close().await;
    }

    #[test]
    fn name_of_an_administrator_is_checked_as_everybodys() {
        assert_eq!(checked(" Maya Rai ").expect("a name"), "Maya Rai");
        for wrong in ["", "Maya\nRai", "\u{202e}ayaM", "\u{200b}", &"x".repeat(81)] {
            assert!(matches!(checked(wrong), Err(AdminError::Name(_))), "{wrong:?}");
        }
    }
}
