//! One labelled list to choose from, with its error beside it.

use askama::Template;

use super::FieldErrors;

/// A list. A template shows it by naming it.
#[derive(Clone, Debug, Template)]
#[template(path = "partials/choice.html")]
pub struct Choice {
    name: &'static str,
    label: String,
    /// Value and words.
    options: Vec<(String, String)>,
    chosen: String,
    error: Option<String>,
}

/// The template escapes what is in the list, so a page must not escape its markup once more.
impl askama::filters::HtmlSafe for Choice {}

impl Choice {
    /// A list of values and words, with what was chosen and what is wrong with that.
    pub fn new<V: Into<String>, W: Into<String>>(
        (name, label): (&'static str, &str),
        options: impl IntoIterator<Item = (V, W)>,
        chosen: &str,
        errors: &FieldErrors,
    ) -> Self {
        Self {
            name,
            label: label.to_owned(),
            options: options.into_iter().map(|(value, words)| (value.into(), words.into())).collect(),
            chosen: chosen.to_owned(),
            error: errors.of(name).map(|message| format!("{label} {message}")),
        }
    }

    /// Whether this value was chosen.
    fn is_chosen(&self, value: &str) -> bool {
        self.chosen == value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_value_is_selected_and_its_error_announced() {
        let errors = FieldErrors::new([("role".into(), "must be <known>.".into())]);
        let html = Choice::new(("role", "Role"), [("", "Any"), ("a\"b", "<b>")], "a\"b", &errors).to_string();
        assert!(html.contains("value=\"a&#34;b\" selected>&#60;b&#62;"), "{html}");
        assert!(html.contains("aria-describedby=\"role-error\"") && html.contains("Role must be &#60;known"));
    }
}
