//! What a push says: who wrote, about which room, and where the chat is. Never what was written.

use serde::Serialize;

use super::encrypt::PLAINTEXT_BYTES_MAX;
use crate::ui::Lang;
use crate::ui::lang::in_language;

/// Texts are padded to a multiple of this, so that their length says little.
const PAD_BYTES: usize = 256;
/// Longer names are cut: a notification shows no more.
const NAME_CHARS_MAX: usize = 80;
const TITLE_CHARS_MAX: usize = 120;

/// What is told.
#[derive(Debug, Clone)]
pub struct Told {
    /// The sender's name.
    pub from: String,
    /// The room's title.
    pub room: String,
    /// The path of the chat.
    pub url: String,
    /// One a conversation, so that the next notification takes the place of the last.
    pub tag: String,
}

/// As the service worker reads it.
#[derive(Serialize)]
struct Payload<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    url: &'a str,
    tag: &'a str,
    lang: &'a str,
}

impl Told {
    /// The text in this language.
    pub fn whole(&self, lang: Lang) -> String {
        let room = cut(&self.room, TITLE_CHARS_MAX);
        let body = in_language(lang, || t!("push-body", room = room.as_str()));
        self.text(lang, Some(cut(&self.from, NAME_CHARS_MAX)), Some(body))
    }

    /// For a service that finds the whole one too long: that there is something, and where.
    pub fn short(&self, lang: Lang) -> String {
        self.text(lang, None, Some(in_language(lang, || t!("push-body-short"))))
    }

    fn text(&self, lang: Lang, title: Option<String>, body: Option<String>) -> String {
        let payload = Payload { title, body, url: &self.url, tag: &self.tag, lang: lang.code() };
        serde_json::to_string(&payload).unwrap_or_default()
    }
}

/// What a text of so many bytes is padded to.
pub fn padded_bytes(text: &str) -> usize {
    text.len().next_multiple_of(PAD_BYTES).min(PLAINTEXT_BYTES_MAX)
}

fn cut(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(from: &str, room: &str) -> Told {
        Told { from: from.into(), room: room.into(), url: "/rooms/r1/chat/".into(), tag: "t1".into() }
    }

    #[test]
    fn payload_has_a_name_a_title_and_the_way_to_the_chat() {
        let whole: Value = serde_json::from_str(&told("Sita", "Sunny room").whole(Lang::En)).unwrap();
        let expected = json!({
            "title": "Sita", "body": "New message about Sunny room", "url": "/rooms/r1/chat/", "tag": "t1", "lang": "en",
        });
        assert_eq!(whole, expected);
        let nepali: Value = serde_json::from_str(&told("Sita", "Sunny room").whole(Lang::Ne)).unwrap();
        assert_eq!((&nepali["lang"], &nepali["body"]), (&json!("ne"), &json!("Sunny room बारे नयाँ सन्देश")));
    }

    #[test]
    fn short_one_names_nobody() {
        let short = told("Sita", "Sunny room").short(Lang::En);
        assert!(!short.contains("Sita") && !short.contains("Sunny"), "{short}");
        assert!(short.contains("New message"));
    }

    #[test]
    fn longest_names_fit_and_short_ones_look_alike() {
        // Three bytes a letter, and quotation marks that JSON doubles.
        let long = "क".repeat(5_000);
        let text = told(&long, &long).whole(Lang::Ne);
        assert!(text.len() <= 1_024, "{}", text.len());
        let quotes = told(&"\"".repeat(5_000), &"\"".repeat(5_000)).whole(Lang::En);
        assert!(padded_bytes(&quotes) <= 1_024);
        let sizes = ["S", "Sita Sharma"].map(|name| padded_bytes(&told(name, "A room").whole(Lang::En)));
        assert_eq!(sizes[0], sizes[1]);
        assert_eq!(padded_bytes(&"a".repeat(PLAINTEXT_BYTES_MAX - 1)), PLAINTEXT_BYTES_MAX);
    }
}
