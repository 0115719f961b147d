//! One labelled form field with its hint and its error beside it.

use askama::Template;

/// As many as the server takes bytes.
const PASSWORD_CHARS_MAX: u32 = 256;

/// A form field. Made with [`Field::text`] and refined with the `with_*` methods; a template shows it by
/// naming it.
#[derive(Clone, Debug, Template)]
#[template(path = "partials/field.html")]
pub struct Field {
    /// Unlike the name it is on the page but once.
    id: &'static str,
    name: &'static str,
    label: String,
    kind: &'static str,
    autocomplete: &'static str,
    input_mode: &'static str,
    length_max: u32,
    hint: Option<String>,
    prefix: Option<String>,
    required: bool,
    value: String,
    error: Option<String>,
}

/// The template escapes what is in the field, so a page must not escape the field's markup once more.
impl askama::filters::HtmlSafe for Field {}

impl Field {
    /// A required one-line text field that holds at most `length_max` characters.
    pub fn text(name: &'static str, label: impl Into<String>, length_max: u32) -> Self {
        Self {
            id: name,
            name,
            label: label.into(),
            kind: "text",
            autocomplete: "off",
            input_mode: "text",
            length_max,
            hint: None,
            prefix: None,
            required: true,
            value: String::new(),
            error: None,
        }
    }

    /// A field for a Nepali mobile number; phones show their number pad.
    pub fn phone(name: &'static str, label: impl Into<String>) -> Self {
        Self { kind: "tel", input_mode: "numeric", ..Self::text(name, label, 20) }.with_hint(t!("hint-phone"))
    }

    /// A password field, which never carries a value back to the page.
    pub fn password(name: &'static str, label: impl Into<String>, autocomplete: &'static str) -> Self {
        Self { kind: "password", autocomplete, ..Self::text(name, label, PASSWORD_CHARS_MAX) }
    }

    /// A field for several lines.
    pub fn lines(name: &'static str, label: impl Into<String>, length_max: u32) -> Self {
        Self { kind: "textarea", ..Self::text(name, label, length_max) }
    }

    /// An amount of rupees.
    pub fn rupees(name: &'static str, label: impl Into<String>) -> Self {
        Self { input_mode: "decimal", prefix: Some(t!("rupees-sign")), ..Self::text(name, label, 12) }
    }

    /// A calendar day, `2026-11-22` on the wire.
    pub fn day(name: &'static str, label: impl Into<String>) -> Self {
        Self { kind: "date", ..Self::text(name, label, 10) }
    }

    /// What the browser may fill in by itself, such as `name` or `tel`.
    pub fn with_autocomplete(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }

    /// A sentence under the label.
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// An id of its own, where two forms of a page have a field of this name.
    pub fn with_id(self, id: &'static str) -> Self {
        Self { id, ..self }
    }

    /// May be left empty.
    pub fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// What the person typed, and what is wrong with it.
    pub fn filled(self, value: &str, errors: &FieldErrors) -> Self {
        let error = errors.of(self.name).map(|message| sentence(&self.label, message));
        // A password that went round the page would lie in caches and histories.
        let value = if self.kind == "password" { String::new() } else { value.to_owned() };
        Self { value, error, ..self }
    }
}

/// Messages of the API go on from the field's name ("is required."); beside the field they stand alone.
fn sentence(label: &str, message: &str) -> String {
    if message.starts_with(char::is_uppercase) { message.to_owned() } else { format!("{label} {message}") }
}

/// What is wrong with a submitted form, by field name; the same pairs that the API answers with 422.
#[derive(Clone, Debug, Default)]
pub struct FieldErrors(Vec<(String, String)>);

impl FieldErrors {
    /// Takes the pairs of field name and message.
    pub fn new(errors: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(errors.into_iter().collect())
    }

    /// The first message about `field`.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, message)| message.as_str())
    }

    /// Whether the form can be accepted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_stands_beside_its_field_and_is_announced() {
        let errors = FieldErrors::new([("phone".into(), "Not <b>a number".into())]);
        let html = Field::phone("phone", "Mobile").filled("98\"x", &errors).to_string();
        assert!(html.contains("aria-invalid=\"true\""), "{html}");
        assert!(html.contains("aria-describedby=\"phone-hint phone-error\""), "{html}");
        assert!(html.contains("Not &#60;b&#62;a number"), "{html}");
        assert!(html.contains("value=\"98&#34;x\""), "{html}");
    }

    #[test]
    fn predicate_of_the_api_becomes_a_sentence() {
        assert_eq!(sentence("Title", "is required."), "Title is required.");
        assert_eq!(sentence("Title", "Say what it is."), "Say what it is.");
    }

    #[test]
    fn password_never_travels_back_to_the_page() {
        let html = Field::password("password", "Password", "new-password")
            .filled("hunter2", &FieldErrors::default());
        assert!(!html.to_string().contains("hunter2"));
    }
}
