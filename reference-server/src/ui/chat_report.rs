//! A report about the other person: the form in a dialog of the chat's page, and on a page of its own for browsers
//! without scripts.

use askama::Template;

use super::{Field, FieldErrors, Here, Lang, Layout};
use crate::http::conversations::report::REASON_CHARS_MAX;

/// `GET /rooms/{id}/chat/[{client_id}/]report/`
#[derive(Debug, Template)]
#[template(path = "pages/chat_report.html")]
pub struct ChatReportPage {
    pub layout: Layout,
    pub chat_url: String,
    pub with_name: String,
    /// The message that it is about; empty for the conversation as a whole.
    pub message_id: String,
    pub reason: Field,
}

/// The field for the reason, with what was typed and what is wrong with it.
pub fn reason(typed: &str, errors: &FieldErrors) -> Field {
    let chars_max = u32::try_from(REASON_CHARS_MAX).unwrap_or(u32::MAX);
    Field::lines("reason", t!("report-reason"), chars_max).optional().filled(typed, errors)
}

/// That a reason is too long.
pub fn too_long() -> FieldErrors {
    let words = t!("report-refused-long", chars = Lang::current().digits(REASON_CHARS_MAX));
    FieldErrors::new([("reason".to_owned(), words)])
}

#[cfg(test)]
impl ChatReportPage {
    pub(super) fn sample() -> Self {
        Self {
            layout: Layout::sample("Report", Here::Chats),
            chat_url: "/rooms/r1/chat/".into(),
            with_name: "Hari \"<Bahadur>\"".into(),
            message_id: String::new(),
            reason: reason("", &FieldErrors::default()),
        }
    }

    pub(super) fn sample_refused() -> Self {
        let reason = reason("</textarea><script>alert(1)</script>", &too_long());
        Self { message_id: "m1".into(), reason, ..Self::sample() }
    }
}
