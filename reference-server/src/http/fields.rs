//! Checking what people typed, all fields at once, with a message for each.

use std::ops::RangeInclusive;

use esewa_client::Amount;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::characters::{breaks_line, is_control, is_visible, turns_direction};
use crate::auth::Phone;
use crate::problem::{FieldError, Problem};
use crate::ui::Lang;
use crate::ui::lang::latin_digits;

/// Collects what is wrong, so that a person mends it in one go.
#[derive(Debug, Default)]
pub struct Fields {
    errors: Vec<FieldError>,
}

impl Fields {
    /// Notes what is wrong with a field.
    pub fn refuse(&mut self, field: &'static str, message: impl Into<String>) {
        self.errors.push(FieldError { field, message: message.into() });
    }

    /// A name or a title: a text in one line.
    pub fn line(&mut self, field: &'static str, value: &str, chars: RangeInclusive<usize>) -> String {
        let typed = value.trim();
        if typed.contains(breaks_line) {
            self.refuse(field, t!("wrong-lines"));
        } else if typed.contains('\t') {
            self.refuse(field, t!("wrong-character"));
        } else {
            return self.text(field, typed, chars);
        }
        typed.to_owned()
    }

    /// A text, trimmed, of so many characters, in any number of lines. Other control characters are refused, as are
    /// those that turn the direction of writing, and a text of which nothing can be seen.
    pub fn text(&mut self, field: &'static str, value: &str, chars: RangeInclusive<usize>) -> String {
        let value = value.trim();
        let count = value.chars().count();
        if count == 0 && *chars.start() > 0 {
            self.refuse(field, t!("wrong-required"));
        } else if !chars.contains(&count) {
            let lang = Lang::current();
            let (min, max) = (lang.digits(chars.start()), lang.digits(chars.end()));
            self.refuse(field, t!("wrong-length", min = min, max = max));
        } else if value.contains(|c| is_control(c) || turns_direction(c)) {
            self.refuse(field, t!("wrong-character"));
        } else if count > 0 && !value.contains(is_visible) {
            self.refuse(field, t!("wrong-invisible"));
        }
        value.to_owned()
    }

    /// A Nepali mobile number; the empty text when it isn't one, which was noted.
    pub fn phone(&mut self, field: &'static str, value: &str) -> String {
        match Phone::parse(value) {
            Ok(phone) => phone.as_str().to_owned(),
            Err(error) => {
                self.refuse(field, error.to_string());
                String::new()
            }
        }
    }

    /// An amount of rupees above nothing, in Latin or Nepali digits, as paisa; 0 when it isn't one, which was noted.
    pub fn rupees(&mut self, field: &'static str, value: &str, paisa_max: u64) -> u64 {
        match latin_digits(value.trim()).parse::<Amount>().map(Amount::paisa) {
            Ok(paisa) if (1..=paisa_max).contains(&paisa) => paisa,
            Ok(0) => {
                self.refuse(field, t!("wrong-nothing"));
                0
            }
            Ok(_) => {
                self.refuse(field, t!("wrong-too-much", max = Lang::current().digits(paisa_max / 100)));
                0
            }
            Err(_) if value.trim().is_empty() => {
                self.refuse(field, t!("wrong-required"));
                0
            }
            Err(_) => {
                self.refuse(field, t!("wrong-amount"));
                0
            }
        }
    }

    /// # Errors
    ///
    /// 422 with all that was noted.
    pub fn finish(self) -> Result<(), Problem> {
        if self.errors.is_empty() { Ok(()) } else { Err(Problem::invalid_fields(self.errors)) }
    }
}

/// Reads money as a string or as a bare number, always through its text, never as a float.
pub fn money_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let raw = Option::<Box<RawValue>>::deserialize(deserializer)?;
    let Some(raw) = raw else { return Ok(None) };
    match raw.get() {
        "null" => Ok(None),
        text if text.starts_with('"') => {
            serde_json::from_str(text).map(Some).map_err(serde::de::Error::custom)
        }
        text => Ok(Some(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Rent {
        #[serde(default, deserialize_with = "money_text")]
        rent: Option<String>,
    }

    fn rent(json: &str) -> Option<String> {
        serde_json::from_str::<Rent>(json).expect("JSON").rent
    }

    #[test]
    fn money_is_read_as_text_whatever_its_form() {
        assert_eq!(rent(r#"{"rent": "12000.00"}"#).as_deref(), Some("12000.00"));
        assert_eq!(rent(r#"{"rent": 12000.10}"#).as_deref(), Some("12000.10"));
        assert_eq!(rent(r#"{"rent": null}"#), None);
        assert_eq!(rent("{}"), None);
    }

    #[test]
    fn all_wrong_fields_are_named_at_once() {
        let mut fields = Fields::default();
        fields.text("title", "  ", 1..=10);
        fields.phone("contact_phone", "12");
        fields.rupees("rent", "-5", 100);
        let problem = fields.finish().expect_err("three errors");
        let names: Vec<_> = problem.errors().iter().map(|error| error.field).collect();
        assert_eq!(names, ["title", "contact_phone", "rent"]);
    }

    #[test]
    fn number_may_be_typed_in_nepali_digits() {
        let mut fields = Fields::default();
        assert_eq!(fields.rupees("rent", " १२५००.५० ", 10_000_000), 1_250_050);
        assert_eq!(fields.phone("contact_phone", "९८०००००००१"), "9800000001");
        assert!(fields.finish().is_ok());
    }

    fn wrong(typed: &str, check: fn(&mut Fields, &str) -> String) -> Option<String> {
        let mut fields = Fields::default();
        check(&mut fields, typed);
        fields.errors.pop().map(|error| error.message)
    }

    fn line(fields: &mut Fields, typed: &str) -> String {
        fields.line("title", typed, 1..=40)
    }

    fn text(fields: &mut Fields, typed: &str) -> String {
        fields.text("description", typed, 0..=40)
    }

    #[test]
    fn control_characters_are_refused() {
        for typed in ["a\u{0}b", "a\u{1b}[2Jb", "a\u{7f}b", "a\u{9b}b"] {
            assert_eq!(wrong(typed, line), Some(t!("wrong-character")), "{typed:?}");
            assert_eq!(wrong(typed, text), Some(t!("wrong-character")), "{typed:?}");
        }
    }

    #[test]
    fn line_is_one_and_a_text_may_have_more() {
        for typed in ["a\nb", "a\r\nb", "a\u{2028}b", "a\u{2029}b"] {
            assert_eq!(wrong(typed, line), Some(t!("wrong-lines")), "{typed:?}");
            assert_eq!(wrong(typed, text), None, "{typed:?}");
        }
        assert_eq!(wrong("a\tb", line), Some(t!("wrong-character")));
        assert_eq!(wrong("a\tb", text), None);
        assert_eq!(wrong(" a b\n", line), None, "what is trimmed is nobody's fault");
    }

    #[test]
    fn what_turns_the_direction_of_writing_is_refused() {
        for c in ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}') {
            let typed = format!("Hari{c}moor");
            assert_eq!(wrong(&typed, line), Some(t!("wrong-character")), "{typed:?}");
            assert_eq!(wrong(&typed, text), Some(t!("wrong-character")), "{typed:?}");
        }
    }

    #[test]
    fn text_of_which_nothing_can_be_seen_is_refused() {
        for typed in [
            "\u{200b}",
            "\u{200d}\u{200c}",
            "\u{feff} \u{2060}",
            "\u{ad}",
            "\u{3164}",
            "\u{2800}\u{2800}",
            "\u{e0041}",
        ] {
            assert_eq!(wrong(typed, line), Some(t!("wrong-invisible")), "{typed:?}");
            assert_eq!(wrong(typed, text), Some(t!("wrong-invisible")), "{typed:?}");
        }
        assert_eq!(wrong(" \u{a0}\u{3000}", line), Some(t!("wrong-required")));
        assert_eq!(wrong("", text), None);
    }

    #[test]
    fn words_of_every_script_pass() {
        // With both joiners, as Nepali is typed; from the right; of several code points.
        for typed in [
            "श्री\u{200d}मान्",
            "गर्\u{200d}यो",
            "नेपाल्\u{200c}को",
            "सरिता महर्जन",
            "שלום",
            "👩\u{200d}👧",
            "李",
            "a",
        ] {
            assert_eq!(wrong(typed, line), None, "{typed:?}");
            assert_eq!(wrong(typed, text), None, "{typed:?}");
        }
        assert_eq!(line(&mut Fields::default(), " गर्\u{200d}यो "), "गर्\u{200d}यो", "and stay as they are");
    }
}
