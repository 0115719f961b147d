//! The page that says to a person what a problem document says to a program.

use askama::Template;

use super::lang::texts;
use super::{Here, Lang, Layout};

/// Any refusal or failure.
#[derive(Debug, Template)]
#[template(path = "pages/problem.html")]
pub struct ProblemPage {
    pub layout: Layout,
    pub status: u16,
    pub title: String,
    pub detail: String,
    /// A way on besides the start page: its address and words.
    pub way_on: Option<(String, String)>,
}

impl ProblemPage {
    /// The page for `status`, with the same `title` and `detail` as the problem document.
    pub fn new(layout: Layout, status: u16, title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { layout, status, title: title.into(), detail: detail.into(), way_on: None }
    }

    /// Adds a way on, such as the log-in page.
    pub fn with_way_on(self, url: impl Into<String>, words: impl Into<String>) -> Self {
        Self { way_on: Some((url.into(), words.into())), ..self }
    }
}

/// Title and detail of a refusal in the reader's language. English has the problem's own words, which say more;
/// the other catalogues have a pair for each code. A detail that is in the reader's language already stays.
pub fn words(code: &str, title: &str, detail: &str) -> (String, String) {
    let key = format!("problem-{}", code.replace('_', "-"));
    if Lang::current() == Lang::En || !texts().has(&key) {
        return (title.to_owned(), detail.to_owned());
    }
    let own = is_nepali(detail).then(|| detail.to_owned());
    (texts().get(&key), own.unwrap_or_else(|| texts().get_attr(&key, "detail")))
}

fn is_nepali(text: &str) -> bool {
    text.contains(|c| matches!(c, '\u{900}'..='\u{97f}'))
}

#[cfg(test)]
impl ProblemPage {
    pub(super) fn sample() -> Self {
        Self::new(
            Layout::sample_visitor("Not found", Here::Elsewhere),
            404,
            "Not found",
            "There is no page at /<script>alert(1)</script>.",
        )
        .with_way_on("/login/?next=%2F", "Log in")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::lang::in_language;

    #[test]
    fn detail_in_the_readers_language_says_more_than_that_of_the_code() {
        let said = in_language(Lang::Ne, || {
            let own = t!("admin-refused-decided");
            [words("conflict", "Conflict", "Not now.").1, words("conflict", "Conflict", &own).1]
        });
        assert_eq!(said, ["यो अहिले गर्न मिलेन।", "यो उजुरीको निर्णय भइसकेको छ।"]);
        assert_eq!(words("conflict", "Conflict", "Not now."), ("Conflict".into(), "Not now.".into()));
    }
}
