//! One report with the words that it is about.

use askama::Template;

use super::{ActLine, Fact, Mark};
use crate::ui::{Field, FieldErrors, Here, Layout};

/// `GET /admin/reports/{id}/`
#[derive(Debug, Template)]
#[template(path = "pages/admin/report.html")]
pub struct ReportPage {
    pub layout: Layout,
    pub id: String,
    pub reporter: String,
    pub reported: String,
    pub mark: Mark,
    /// Whether it was decided just now.
    pub decided: bool,
    /// May be empty.
    pub reason: String,
    pub facts: Vec<Fact>,
    /// Whether the conversation as a whole was reported.
    pub is_of_all: bool,
    /// Oldest first.
    pub words: Vec<WordsLine>,
    /// Newest first.
    pub acts: Vec<ActLine>,
    /// While it waits.
    pub decide: Option<DecidePart>,
    /// Where the reported person and the room are suspended.
    pub person_url: String,
    pub room_url: String,
}

/// A message of the conversation.
#[derive(Clone, Debug)]
pub struct WordsLine {
    pub who: String,
    pub content: String,
    /// Where its picture is, for the message that was reported.
    pub image: Option<String>,
    pub has_image: bool,
    pub edited: bool,
    pub deleted: bool,
    /// Whether this is the one.
    pub reported: bool,
    /// How it was then, where it is not so any more.
    pub as_reported: Option<AsReported>,
    /// RFC 3339, for machines.
    pub datetime: String,
    /// For people, to the second.
    pub when: String,
}

/// The message as it was reported.
#[derive(Clone, Debug)]
pub struct AsReported {
    /// May be empty beside a picture.
    pub content: String,
    /// Where its picture is, when the message has it no more.
    pub image: Option<String>,
}

/// The form for a verdict.
#[derive(Clone, Debug)]
pub struct DecidePart {
    pub verdict: String,
    pub verdict_error: Option<String>,
    pub reason: Field,
}

impl DecidePart {
    /// Whether this verdict was chosen.
    pub fn is_chosen(&self, verdict: &str) -> bool {
        self.verdict == verdict
    }

    /// What can be decided: value, words, and what it means.
    pub fn verdicts(&self) -> [(&'static str, String, String); 2] {
        [
            ("upheld", t!("admin-uphold"), t!("admin-uphold-means")),
            ("dismissed", t!("admin-dismiss"), t!("admin-dismiss-means")),
        ]
    }

    /// The form, filled with what was typed.
    pub fn new(verdict: &str, reason: &str, errors: &FieldErrors) -> Self {
        Self {
            verdict: verdict.to_owned(),
            verdict_error: errors.of("verdict").map(str::to_owned),
            reason: Field::lines("reason", t!("admin-why-and-what"), 500).filled(reason, errors),
        }
    }
}

#[cfg(test)]
impl ReportPage {
    pub(in crate::ui) fn sample() -> Self {
        use crate::ui::AdminTab;
        let words = |who: &str, content: &str, reported| WordsLine {
            who: who.into(),
            content: content.into(),
            image: None,
            has_image: false,
            edited: false,
            deleted: false,
            reported,
            as_reported: None,
            datetime: "2026-11-22T09:20:09Z".into(),
            when: super::sample_time(),
        };
        Self {
            layout: Layout::sample_admin(&t!("admin-report"), AdminTab::Reports),
            id: "p1".into(),
            reporter: "Sita <i>Sharma</i>".into(),
            reported: "Hari <Bahadur>".into(),
            mark: Mark::of_report(None),
            decided: false,
            reason: "He wants money first. <script>alert(1)</script>".into(),
            facts: vec![Fact {
                name: t!("admin-room"),
                value: "Sunny room <near> the ring road".into(),
                url: Some("/admin/rooms/r1/".into()),
            }],
            is_of_all: false,
            words: vec![
                words("Sita <i>Sharma</i>", "Is it free?", false),
                WordsLine {
                    image: Some("/admin/reports/p1/image/".into()),
                    has_image: true,
                    edited: true,
                    as_reported: Some(AsReported {
                        content: "Send <b>all</b> the money first".into(),
                        image: None,
                    }),
                    ..words("Hari <Bahadur>", "Send <b>parking</b> money first", true)
                },
                WordsLine { deleted: true, ..words("Hari <Bahadur>", "", false) },
            ],
            acts: vec![ActLine::sample()],
            decide: Some(DecidePart::new(
                "",
                "</textarea><script>alert(1)</script>",
                &FieldErrors::new([("verdict".into(), t!("wrong-report-verdict"))]),
            )),
            person_url: "/admin/users/u1/".into(),
            room_url: "/admin/rooms/r1/".into(),
        }
    }

    pub(in crate::ui) fn sample_taken_back() -> Self {
        let sample = Self::sample();
        let words = sample.words.iter().cloned().map(|line| match line.reported {
            true => WordsLine {
                content: String::new(),
                image: None,
                has_image: false,
                edited: false,
                deleted: true,
                as_reported: Some(AsReported {
                    content: "Send <b>all</b> the money first".into(),
                    image: Some("/admin/reports/p1/image/".into()),
                }),
                ..line
            },
            false => line,
        });
        Self { words: words.collect(), ..Self::sample() }
    }

    pub(in crate::ui) fn sample_decided() -> Self {
        Self {
            mark: Mark::of_report(Some("upheld")),
            decided: true,
            reason: String::new(),
            is_of_all: true,
            words: Vec::new(),
            decide: None,
            ..Self::sample()
        }
    }
}
