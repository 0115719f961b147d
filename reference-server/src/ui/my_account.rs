//! One's own account.

use askama::Template;

use super::notify::NotifySwitch;
use super::{Field, FieldErrors, Here, Layout};

/// `GET /account/`
#[derive(Debug, Template)]
#[template(path = "pages/account.html")]
pub struct AccountPage {
    pub layout: Layout,
    /// The log-in name, in full: it is the reader's own.
    pub phone: String,
    pub role: String,
    /// Newest first; the reader's own session among them.
    pub sessions: Vec<SessionLine>,
    pub current_password: Field,
    pub new_password: Field,
    /// Asks for the password once more; nothing for who can't be deleted.
    pub delete_password: Option<Field>,
    /// Whether the last try to delete was refused, so that the form stays open.
    pub delete_refused: bool,
    pub notify: NotifySwitch,
    /// What was done just now.
    pub done: Option<String>,
}

/// What there is to show.
#[derive(Clone, Debug)]
pub struct Facts {
    pub phone: String,
    pub role: String,
    pub sessions: Vec<SessionLine>,
    /// Administrators are not.
    pub deletable: bool,
    pub notify: NotifySwitch,
}

/// A sign-in that has not ended.
#[derive(Clone, Debug)]
pub struct SessionLine {
    pub id: String,
    /// Empty for a program.
    pub device: String,
    /// For people.
    pub since: String,
    /// RFC 3339, for machines.
    pub datetime: String,
    pub current: bool,
}

impl AccountPage {
    /// The page, with what is wrong beside its fields.
    pub fn new(layout: Layout, facts: Facts, errors: &FieldErrors) -> Self {
        let delete_password =
            Field::password("password", t!("account-delete-password"), "current-password").filled("", errors);
        let current_password =
            Field::password("current_password", t!("account-password-now"), "current-password")
                .filled("", errors);
        Self {
            layout,
            phone: facts.phone,
            role: facts.role,
            sessions: facts.sessions,
            current_password,
            new_password: Field::password("new_password", t!("account-password-new"), "new-password")
                .with_hint(t!("hint-password"))
                .filled("", errors),
            delete_password: facts.deletable.then_some(delete_password),
            delete_refused: errors.of("password").is_some(),
            notify: facts.notify,
            done: None,
        }
    }

    /// Whether there is anybody to sign out.
    pub fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.current)
    }
}

#[cfg(test)]
impl AccountPage {
    pub(super) fn sample() -> Self {
        let session = |id: &str, device: &str, current| SessionLine {
            id: id.into(),
            device: device.into(),
            since: "Today, 3:05 pm".into(),
            datetime: "2026-11-22T09:20:09Z".into(),
            current,
        };
        let sessions = vec![session("s1", "Chrome on Android", true), session("s2", "", false)];
        let layout = Layout::sample("Your account", Here::Account);
        let none = FieldErrors::default();
        let page = Self::new(layout, Facts::sample(sessions), &none);
        Self { done: Some("The session has ended.".into()), ..page }
    }

    pub(super) fn sample_refused() -> Self {
        let errors = FieldErrors::new([
            ("current_password".into(), "is not right.".into()),
            ("new_password".into(), "must have at least 8 characters.".into()),
            ("password".into(), "is not right.".into()),
        ]);
        let layout = Layout::sample("Your account", Here::Account);
        Self::new(layout, Facts::sample(Vec::new()), &errors)
    }
}

#[cfg(test)]
impl Facts {
    fn sample(sessions: Vec<SessionLine>) -> Self {
        let notify = NotifySwitch::sample(false);
        Self {
            phone: "9800000003".into(),
            role: "looking for a room".into(),
            sessions,
            deletable: true,
            notify,
        }
    }
}
