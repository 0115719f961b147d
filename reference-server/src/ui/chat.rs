//! One conversation: the newest messages as the server knows them; a module keeps them live from there.

use askama::Template;
use jiff::Timestamp;

use super::{Here, Layout, time};

/// `GET /rooms/{id}/chat/` and `GET /rooms/{id}/chat/{client_id}/`
#[derive(Debug, Template)]
#[template(path = "pages/chat.html")]
pub struct ChatPage {
    pub layout: Layout,
    pub room_id: String,
    pub room_title: String,
    pub with_name: String,
    /// The conversation's client, which the owner has to name.
    pub client_id: String,
    /// The reader.
    pub my_id: String,
    pub is_owner: bool,
    /// The log's identity, and its newest entry: the live part goes on from here.
    pub epoch: u64,
    pub last_seq: u64,
    /// The page before the first message shown; nothing if the beginning is shown.
    pub older_url: Option<String>,
    /// The newest page, when this is not it.
    pub newest_url: Option<String>,
    pub bubbles: Vec<Bubble>,
    /// Where the form without JavaScript posts to.
    pub send_url: String,
    /// Made anew for each rendering, so that a form sent twice is one message.
    pub client_message_id: String,
    /// What could not be sent, with the reason.
    pub refused: Option<Refused>,
    /// The longest message, in characters.
    pub content_chars_max: u32,
}

/// A message that came back from the form.
#[derive(Clone)]
pub struct Refused {
    pub content: String,
    pub reason: String,
}

/// One message.
#[derive(Clone)]
pub struct Bubble {
    pub seq: u64,
    pub mine: bool,
    pub content: String,
    pub image: Option<String>,
    pub edited: bool,
    pub deleted: bool,
    /// Whether the other person has read it; only shown on one's own.
    pub read: bool,
    /// RFC 3339, for machines.
    pub datetime: String,
    /// Time of day, for people.
    pub clock: String,
    /// Calendar day in Nepal, so that the live part knows where a new one begins.
    pub date: String,
    /// The day's name, on the first message of each day.
    pub new_day: Option<String>,
}

/// Silent about its content: a message's body must not reach a log by way of `{:?}`.
impl std::fmt::Debug for Bubble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bubble({})", self.seq)
    }
}

impl std::fmt::Debug for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Refused(..)")
    }
}

impl Bubble {
    /// A message of `content` sent at `at`.
    pub fn new(seq: u64, mine: bool, content: String, at: Timestamp) -> Self {
        Self {
            seq,
            mine,
            content,
            image: None,
            edited: false,
            deleted: false,
            read: false,
            datetime: at.to_string(),
            clock: time::clock(at),
            date: time::date(at).to_string(),
            new_day: None,
        }
    }

    /// The empty bubble that the live part copies.
    pub fn blank(mine: bool) -> Self {
        let empty = String::new;
        Self {
            datetime: empty(),
            clock: empty(),
            date: empty(),
            ..Self::new(0, mine, empty(), Timestamp::UNIX_EPOCH)
        }
    }

    /// How far the message has come, as the page's style sheet knows it.
    pub fn state(&self) -> &'static str {
        if self.read { "read" } else { "sent" }
    }
}

/// Names the day on the first of `bubbles` of each day, seen at `now`.
pub fn with_days(mut bubbles: Vec<Bubble>, now: Timestamp) -> Vec<Bubble> {
    let mut shown = String::new();
    for bubble in &mut bubbles {
        if bubble.date != shown {
            shown.clone_from(&bubble.date);
            bubble.new_day = bubble.datetime.parse().ok().map(|at| time::day(at, now));
        }
    }
    bubbles
}

impl ChatPage {
    /// Patterns of the two sides, for `<template>`.
    pub fn patterns(&self) -> [Bubble; 2] {
        [Bubble::blank(true), Bubble::blank(false)]
    }

    /// The letters of the other person.
    pub fn initials(&self) -> String {
        super::chats::initials(&self.with_name)
    }
}

#[cfg(test)]
mod samples {
    use super::*;

    impl ChatPage {
        pub(in crate::ui) fn sample() -> Self {
            let at = |text: &str| text.parse::<Timestamp>().unwrap();
            let bubbles = vec![
                Bubble::new(
                    1,
                    true,
                    "Namaste! Is the room free? <script>alert(1)</script>".into(),
                    at("2026-11-21T04:00:00Z"),
                ),
                Bubble { deleted: true, ..Bubble::new(2, false, String::new(), at("2026-11-21T04:01:00Z")) },
                Bubble {
                    image: Some("/api/images/7/".into()),
                    edited: true,
                    ..Bubble::new(3, false, "Yes.\nCome on Saturday.".into(), at("2026-11-22T03:00:00Z"))
                },
                Bubble {
                    read: true,
                    ..Bubble::new(4, true, "हुन्छ, धन्यवाद!".into(), at("2026-11-22T03:02:00Z"))
                },
            ];
            Self {
                layout: Layout::sample("Chat with Hari", Here::Chat),
                room_id: "r1".into(),
                room_title: "Sunny room <near> the ring road".into(),
                with_name: "Hari \"<Bahadur>\"".into(),
                client_id: "c1".into(),
                my_id: "c1".into(),
                is_owner: false,
                epoch: 7,
                last_seq: 4,
                older_url: Some("?before=1".into()),
                newest_url: None,
                bubbles: with_days(bubbles, at("2026-11-22T05:00:00Z")),
                send_url: "/rooms/r1/chat/".into(),
                client_message_id: "form-1".into(),
                refused: Some(Refused {
                    content: "</textarea><script>alert(1)</script>".into(),
                    reason: "Too long.".into(),
                }),
                content_chars_max: 4_000,
            }
        }

        pub(in crate::ui) fn sample_empty() -> Self {
            Self {
                bubbles: Vec::new(),
                older_url: None,
                refused: None,
                last_seq: 0,
                is_owner: true,
                ..Self::sample()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_is_named_once() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let bubble = |text| Bubble::new(1, true, String::new(), at(text));
        let bubbles = with_days(
            vec![
                bubble("2026-11-21T18:14:00Z"),
                bubble("2026-11-21T18:15:00Z"),
                bubble("2026-11-22T01:00:00Z"),
            ],
            at("2026-11-22T02:00:00Z"),
        );
        let days: Vec<_> = bubbles.iter().map(|bubble| bubble.new_day.as_deref()).collect();
        assert_eq!(days, [Some("Yesterday"), Some("Today"), None]);
    }
}
