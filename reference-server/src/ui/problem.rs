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
/// the other catalogues have a pair for each code.
pub fn words(code: &str, title: &str, detail: &str) -> (String, String) {
    let key = format!("problem-{}", code.replace('_', "-"));
    if Lang::current() == Lang::En || !texts().has(&key) {
        return (title.to_owned(), detail.to_owned());
    }
    (texts().get(&key), texts().get_attr(&key, "detail"))
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
