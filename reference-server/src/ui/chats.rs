//! The list of a person's conversations.

use askama::Template;

use super::notify::NotifySwitch;
use super::{Here, Layout};

/// `GET /chats/`
#[derive(Debug, Template)]
#[template(path = "pages/chats.html")]
pub struct ChatsPage {
    pub layout: Layout,
    pub chats: Vec<ChatEntry>,
    pub is_owner: bool,
    pub notify: NotifySwitch,
}

/// One conversation in the list.
#[derive(Clone, Debug)]
pub struct ChatEntry {
    pub url: String,
    pub with_name: String,
    pub room_title: String,
    /// The last message; nothing if nobody has written yet.
    pub last: Option<LastMessage>,
    pub unread: u64,
}

/// The newest message, shortened.
#[derive(Clone, Debug)]
pub struct LastMessage {
    pub text: String,
    pub mine: bool,
    /// RFC 3339, for machines.
    pub datetime: String,
    /// For people: `3:05 pm` today, else the day.
    pub when: String,
}

/// Letters that stand for a person without a picture: the first of each of the first two words.
pub fn initials(name: &str) -> String {
    name.split_whitespace()
        .take(2)
        .filter_map(|word| word.chars().next())
        .flat_map(char::to_uppercase)
        .collect()
}

impl ChatEntry {
    /// The letters of the other person.
    pub fn initials(&self) -> String {
        initials(&self.with_name)
    }
}

#[cfg(test)]
impl ChatEntry {
    pub(super) fn samples() -> Vec<Self> {
        let last = LastMessage {
            text: "Is the room still free? <script>alert(1)</script>".into(),
            mine: true,
            datetime: "2026-11-22T09:20:00Z".into(),
            when: "3:05 pm".into(),
        };
        let entry = |name: &str, last, unread| Self {
            url: "/rooms/r1/chat/".into(),
            with_name: name.into(),
            room_title: "Sunny room & more".into(),
            last,
            unread,
        };
        vec![entry("Hari <Bahadur>", Some(last), 2), entry("सीता शर्मा", None, 0)]
    }
}

#[cfg(test)]
impl ChatsPage {
    pub(super) fn sample() -> Self {
        Self {
            layout: Layout::sample("Chats", Here::Chats),
            chats: ChatEntry::samples(),
            is_owner: false,
            notify: NotifySwitch::sample(true),
        }
    }

    pub(super) fn sample_empty(is_owner: bool) -> Self {
        let notify = NotifySwitch::sample(false);
        Self { layout: Layout::sample("Chats", Here::Chats), chats: Vec::new(), is_owner, notify }
    }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_come_from_two_words_at_most() {
        for (name, letters) in [("sita sharma rai", "SS"), ("Hari", "H"), ("", ""), ("सीता शर्मा", "सश")]
        {
            assert_eq!(initials(name), letters);
        }
    }
}
