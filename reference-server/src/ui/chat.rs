//! One conversation: the newest messages as the server knows them; a module keeps them live from there.

use askama::Template;
use http::StatusCode;
use jiff::Timestamp;

use super::notify::NotifySwitch;
use super::{Field, FieldErrors, Here, Layout, chat_report, time};
use crate::photos::Pixels;

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
    /// Its own address: the form without JavaScript posts to it, and what is done about the other has its place below.
    pub chat_url: String,
    /// Made anew for each rendering, so that a form sent twice is one message.
    pub client_message_id: String,
    /// What could not be sent, with the reason.
    pub refused: Option<Refused>,
    /// Why nothing can be said here now.
    pub closed: Option<Closed>,
    /// What was done just now.
    pub done: Option<String>,
    pub notify: NotifySwitch,
    /// The longest message, in characters.
    pub content_chars_max: u32,
    /// The largest picture.
    pub picture_bytes_max: usize,
}

/// Why nothing can be said in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// The reader blocked the other, and can take it back.
    ByMe,
    /// The other's doing, which is not told.
    ForOne,
}

/// A message that came back from the form.
#[derive(Clone)]
pub struct Refused {
    pub content: String,
    pub reason: String,
    pub status: StatusCode,
}

/// The picture of a message, which gets its room before it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub url: String,
    /// As it is shown.
    pub width: u32,
    pub height: u32,
}

impl Picture {
    /// The longer side on the page, in its own pixels.
    pub const SIDE_PIXELS_MAX: u32 = 288;
    /// A picture that is a line can still be tapped.
    const SIDE_PIXELS_MIN: u32 = 48;

    /// At an address, and where it is known as large as this.
    pub fn of(url: String, pixels: Option<Pixels>) -> Self {
        let Pixels { width, height } = pixels.unwrap_or(Pixels { width: 4, height: 3 });
        let longer = u64::from(width.max(height)).max(1);
        let side = match pixels {
            Some(_) => longer.min(u64::from(Self::SIDE_PIXELS_MAX)),
            None => u64::from(Self::SIDE_PIXELS_MAX),
        };
        let shown = |pixels: u32| {
            let shown = u32::try_from(u64::from(pixels) * side / longer).unwrap_or(Self::SIDE_PIXELS_MAX);
            shown.max(Self::SIDE_PIXELS_MIN)
        };
        Self { url, width: shown(width), height: shown(height) }
    }
}

/// One message.
#[derive(Clone)]
pub struct Bubble {
    /// The message's id, which a report names.
    pub id: String,
    pub seq: u64,
    pub mine: bool,
    pub content: String,
    pub picture: Option<Picture>,
    /// Whether its reader may still change it and take it back.
    pub changeable: bool,
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
            id: String::new(),
            seq,
            mine,
            content,
            picture: None,
            changeable: false,
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
            changeable: mine,
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

/// The live part and all that it loads, so that a browser fetches them at once.
const MODULES: [&str; 18] = [
    "js/chat.js",
    "js/backoff.js",
    "js/socket.js",
    "js/texts.js",
    "js/chat/changing.js",
    "js/chat/clock.js",
    "js/chat/composer.js",
    "js/chat/counter.js",
    "js/chat/history.js",
    "js/chat/log.js",
    "js/chat/menus.js",
    "js/chat/outbox.js",
    "js/chat/picture-file.js",
    "js/chat/pictures.js",
    "js/chat/presence.js",
    "js/chat/protecting.js",
    "js/chat/refused.js",
    "js/chat/reopening.js",
];

impl ChatPage {
    /// What the page's script loads.
    pub fn modules(&self) -> [&'static str; 18] {
        MODULES
    }

    /// Patterns of the two sides, for `<template>`.
    pub fn patterns(&self) -> [Bubble; 2] {
        [Bubble::blank(true), Bubble::blank(false)]
    }

    /// The longer side of a picture, for the live part.
    pub fn picture_side(&self) -> u32 {
        Picture::SIDE_PIXELS_MAX
    }

    /// Whether the reader has blocked the other.
    pub fn is_blocked(&self) -> bool {
        self.closed == Some(Closed::ByMe)
    }

    /// The field of a report's reason.
    pub fn reason(&self) -> Field {
        chat_report::reason("", &FieldErrors::default())
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
                    picture: Some(Picture::of(
                        "/api/messages/7/image/".into(),
                        Some(Pixels { width: 1_200, height: 1_600 }),
                    )),
                    id: "m3".into(),
                    edited: true,
                    ..Bubble::new(3, false, "Yes.\nCome on Saturday.".into(), at("2026-11-22T03:00:00Z"))
                },
                Bubble {
                    read: true,
                    changeable: true,
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
                chat_url: "/rooms/r1/chat/".into(),
                client_message_id: "form-1".into(),
                refused: Some(Refused {
                    content: "</textarea><script>alert(1)</script>".into(),
                    reason: "Too long.".into(),
                    status: StatusCode::UNPROCESSABLE_ENTITY,
                }),
                closed: None,
                done: None,
                notify: NotifySwitch::sample(true),
                content_chars_max: 4_000,
                picture_bytes_max: 10_485_760,
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

        pub(in crate::ui) fn sample_closed(closed: Closed) -> Self {
            let done = (closed == Closed::ByMe).then(|| "Hari \"<Bahadur>\" is blocked.".to_owned());
            Self { refused: None, closed: Some(closed), done, ..Self::sample() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_names_every_module_that_it_loads() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
        let mut loaded = vec!["js/chat.js".to_owned()];
        let mut next = 0;
        while let Some(module) = loaded.get(next).cloned() {
            let text = std::fs::read_to_string(folder.join(&module)).unwrap();
            for import in text.split(" from '").skip(1).filter_map(|rest| rest.split('\'').next()) {
                let beside = std::path::Path::new(&module).parent().unwrap();
                let path = match import.strip_prefix("../") {
                    Some(above) => beside.parent().unwrap().join(above),
                    None => beside.join(import.trim_start_matches("./")),
                };
                let path = path.to_str().unwrap().to_owned();
                if !loaded.contains(&path) {
                    loaded.push(path);
                }
            }
            next += 1;
        }
        loaded.sort();
        let mut named = MODULES.map(ToOwned::to_owned);
        named.sort();
        assert_eq!(loaded, named);
    }

    #[test]
    fn picture_keeps_its_shape_within_the_bounds() {
        let shown = |pixels: Option<(u32, u32)>| {
            let pixels = pixels.map(|(width, height)| Pixels { width, height });
            let picture = Picture::of(String::new(), pixels);
            (picture.width, picture.height)
        };
        assert_eq!(shown(Some((1_600, 1_200))), (288, 216));
        assert_eq!(shown(Some((1_200, 1_600))), (216, 288));
        assert_eq!(shown(Some((100, 80))), (100, 80));
        assert_eq!(shown(Some((16_000, 1))), (288, 48));
        assert_eq!(shown(Some((0, 0))), (48, 48));
        assert_eq!(shown(None), (288, 216));
    }

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
