//! What the modules of a page say in their reader's language: the same catalogues as the page's own, so that a text
//! is written in one place only.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Lang, time};

/// Of the catalogue, for the modules of the pages.
#[derive(Serialize)]
struct Texts {
    lang: &'static str,
    /// By the name that the modules ask for.
    texts: BTreeMap<&'static str, String>,
    /// The language's own calendar.
    #[serde(skip_serializing_if = "Option::is_none")]
    years: Option<time::Years>,
}

/// As JSON.
pub fn texts() -> String {
    let texts = [
        ("no-connection", t!("live-no-connection")),
        ("kept", t!("live-kept")),
        ("closed", t!("live-closed")),
        ("logged-out", t!("live-logged-out")),
        ("log-in", t!("log-in")),
        ("load-again", t!("live-load-again")),
        ("too-many", t!("live-too-many")),
        ("over", t!("live-over")),
        ("blocked", t!("chat-closed-for-one")),
        ("reported", t!("report-done")),
        ("report-lost", t!("report-lost")),
        ("report-refused", t!("report-refused")),
        ("online", t!("live-online")),
        ("not-sent", t!("not-sent")),
        ("deleted", t!("message-deleted")),
        ("typing", t!("live-typing")),
        ("picture", t!("live-picture")),
        ("picture-is", t!("picture-is")),
        ("picture-refused", t!("message-refused-picture")),
        ("picture-unreadable", t!("live-picture-unreadable")),
        ("picture-lost", t!("live-picture-lost")),
        ("picture-later", t!("live-picture-later")),
        ("too-long", t!("live-too-long")),
        ("change-refused", t!("live-change-refused")),
        ("pay-connected", t!("live-pay-connected")),
        ("pay-offline", t!("live-pay-offline")),
        ("pay-working", t!("live-pay-working")),
        ("today", t!("today")),
        ("yesterday", t!("yesterday")),
        ("night", t!("night")),
        ("morning", t!("morning")),
        ("afternoon", t!("afternoon")),
        ("evening", t!("evening")),
    ];
    let lang = Lang::current();
    let all = Texts { lang: lang.code(), texts: texts.into(), years: time::years(lang) };
    serde_json::to_string(&all).unwrap_or_default()
}
