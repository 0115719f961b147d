//! Registration and log-in.

use askama::Template;

use super::{Field, FieldErrors, Here, Layout};

/// `GET /register/`
#[derive(Debug, Template)]
#[template(path = "pages/register.html")]
pub struct RegisterPage {
    pub layout: Layout,
    /// Where to go on afterwards; empty for the start page.
    pub next: String,
    pub is_owner: bool,
    pub role_error: Option<String>,
    pub name: Field,
    pub phone: Field,
    pub password: Field,
}

/// `GET /login/`
#[derive(Debug, Template)]
#[template(path = "pages/login.html")]
pub struct LoginPage {
    pub layout: Layout,
    /// Where to go on afterwards; empty for the start page.
    pub next: String,
    /// Why the last attempt was refused; says nothing of whether the account exists.
    pub refused: Option<String>,
    pub phone: Field,
    pub password: Field,
}

/// What was posted to register, without the password, which goes no further than the hasher.
#[derive(Clone, Debug, Default)]
pub struct Registration {
    pub role: String,
    pub name: String,
    pub phone: String,
    pub next: String,
}

impl RegisterPage {
    /// The form filled with `posted`, each error beside its field.
    pub fn new(posted: &Registration, errors: &FieldErrors) -> Self {
        Self {
            layout: Layout::new(t!("register"), None, Here::Register),
            next: posted.next.clone(),
            is_owner: posted.role == "owner",
            role_error: errors.of("role").map(str::to_owned),
            name: Field::text("name", t!("field-name"), 80)
                .with_autocomplete("name")
                .filled(&posted.name, errors),
            phone: Field::phone("phone", t!("field-phone"))
                .with_autocomplete("tel")
                .filled(&posted.phone, errors),
            password: Field::password("password", t!("field-password"), "new-password")
                .with_hint(t!("hint-password"))
                .filled("", errors),
        }
    }
}

impl LoginPage {
    /// The form with the number that was tried and the reason of a refusal.
    pub fn new(phone: &str, next: &str, refused: Option<String>) -> Self {
        let none = FieldErrors::default();
        Self {
            layout: Layout::new(t!("log-in"), None, Here::Login),
            next: next.to_owned(),
            refused,
            phone: Field::phone("phone", t!("field-phone"))
                .with_autocomplete("username")
                .filled(phone, &none),
            password: Field::password("password", t!("field-password"), "current-password"),
        }
    }
}

#[cfg(test)]
impl RegisterPage {
    pub(super) fn sample() -> Self {
        Self::new(
            &Registration { next: "/rooms/r1/".into(), ..Registration::default() },
            &FieldErrors::default(),
        )
    }

    pub(super) fn sample_refused() -> Self {
        let posted = Registration {
            role: "owner".into(),
            name: "<script>alert(1)</script>".into(),
            phone: "12".into(),
            next: "/\"><script>alert(1)</script>".into(),
        };
        Self::new(&posted, &FieldErrors::new([("phone".into(), "Ten digits, starting with 9".into())]))
    }
}

#[cfg(test)]
impl LoginPage {
    pub(super) fn sample() -> Self {
        Self::new(
            "\"><script>alert(1)</script>",
            "/rooms/r1/",
            Some("Number or password is not right.".into()),
        )
    }
}
