//! The language of what a person reads: English or Nepali.
//!
//! It is a fact of the request, as its time limit is: [`in_language_of`] settles it once, and whatever is written
//! while the request is answered asks [`Lang::current`]. Outside a request it is English.

use std::fmt::Display;
use std::sync::LazyLock;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::cookie::CookieJar;
use http::{HeaderMap, Uri, header};
use i18n_embed::LanguageLoader as _;
use i18n_embed::fluent::{FluentLanguageLoader, fluent_language_loader};
use rust_embed::RustEmbed;

/// The cookie of a person who chose.
pub const COOKIE: &str = "lang";
/// Longer lists of languages are nobody's.
const ACCEPT_LANGUAGE_BYTES_MAX: usize = 200;

tokio::task_local! {
    static CURRENT: Lang;
}

/// The text of a key of the catalogues, in the language of the request; a key or an argument that the English
/// catalogue doesn't know does not compile.
macro_rules! t {
    ($($message:tt)*) => {
        i18n_embed_fl::fl!($crate::ui::lang::texts(), $($message)*)
    };
}

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Nepali, with its own digits and the calendar of Bikram Sambat.
    Ne,
}

impl Lang {
    /// All, in the order of the switch.
    pub const ALL: [Self; 2] = [Self::Ne, Self::En];

    /// The language of the request that is being answered.
    pub fn current() -> Self {
        CURRENT.try_with(|lang| *lang).unwrap_or_default()
    }

    /// The BCP 47 tag.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ne => "ne",
        }
    }

    /// The language's name in itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ne => "नेपाली",
        }
    }

    /// The language of a tag.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// `text` with the language's digits.
    pub fn digits(self, text: impl Display) -> String {
        let text = text.to_string();
        match self {
            Self::En => text,
            Self::Ne => text.chars().map(devanagari).collect(),
        }
    }

    /// What a request asks for: the address, else the choice of the person, else of the browser.
    fn of_request(uri: &Uri, headers: &HeaderMap) -> Self {
        let chosen =
            || CookieJar::from_headers(headers).get(COOKIE).and_then(|cookie| Self::of_code(cookie.value()));
        named(uri).or_else(chosen).or_else(|| accepted(headers)).unwrap_or_default()
    }
}

/// Answers each request in its language.
pub async fn in_language_of(request: Request, next: Next) -> Response {
    // What administrators' programs read says the same to each of them.
    let lang = if request.uri().path().starts_with("/api/admin/") {
        Lang::En
    } else {
        Lang::of_request(request.uri(), request.headers())
    };
    CURRENT.scope(lang, next.run(request)).await
}

/// `work` in the language of the request that is being answered, also where a task of its own does it.
pub fn in_this_language<F: Future>(work: F) -> impl Future<Output = F::Output> {
    CURRENT.scope(Lang::current(), work)
}

/// What `make` gives when it is asked in `lang`.
pub fn in_language<T>(lang: Lang, make: impl FnOnce() -> T) -> T {
    CURRENT.sync_scope(lang, make)
}

/// The catalogue of the current language, which falls back to English.
pub fn texts() -> &'static FluentLanguageLoader {
    match Lang::current() {
        Lang::En => &ENGLISH,
        Lang::Ne => &NEPALI,
    }
}

/// The language of `?lang=`: so each has an address of its own, which a search engine can name.
fn named(uri: &Uri) -> Option<Lang> {
    let mut pairs = url::form_urlencoded::parse(uri.query()?.as_bytes());
    pairs.find(|(name, _)| name == COOKIE).and_then(|(_, code)| Lang::of_code(&code))
}

/// The most wanted language of `Accept-Language` that there is: of the highest weight, the first of these.
fn accepted(headers: &HeaderMap) -> Option<Lang> {
    let value = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let value = value.get(..ACCEPT_LANGUAGE_BYTES_MAX).unwrap_or(value);
    let mut wanted: Vec<_> = value.split(',').filter_map(weighed).collect();
    wanted.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    wanted.first().map(|(_, lang)| *lang)
}

/// A language with its weight, over 0 and at most 1; what has none is wanted fully.
fn weighed(range: &str) -> Option<(f32, Lang)> {
    let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
    let lang = Lang::of_code(tag.split('-').next()?.trim())?;
    let weight = weight.trim().strip_prefix("q=")?.parse().ok()?;
    (weight > 0.0 && weight <= 1.0).then_some((weight, lang))
}

/// `text` with Latin digits, as programs read it: people type numbers in the digits of their keyboard.
pub fn latin_digits(text: &str) -> String {
    text.chars().map(latin).collect()
}

fn latin(c: char) -> char {
    match u32::from(c).checked_sub(u32::from('०')) {
        Some(digit) => char::from_digit(digit, 10).unwrap_or(c),
        None => c,
    }
}

fn devanagari(c: char) -> char {
    match c.to_digit(10) {
        Some(digit) => ['०', '१', '२', '३', '४', '५', '६', '७', '८', '९'][digit as usize],
        None => c,
    }
}

#[derive(RustEmbed)]
#[folder = "locales/"]
struct Catalogues;

static ENGLISH: LazyLock<FluentLanguageLoader> = LazyLock::new(|| loader(Lang::En));
static NEPALI: LazyLock<FluentLanguageLoader> = LazyLock::new(|| loader(Lang::Ne));

fn loader(lang: Lang) -> FluentLanguageLoader {
    let loader = fluent_language_loader!();
    // The catalogues are in the program and tests read all of them; one that can't be read would show its keys.
    let tag = lang.code().parse().unwrap_or_else(|_| loader.fallback_language().clone());
    if let Err(error) = loader.load_languages(&Catalogues, &[tag]) {
        tracing::error!(%error, lang = lang.code(), "a catalogue can't be read");
    }
    // The marks that Fluent puts around arguments are for mixed directions, and both languages run the same way.
    loader.set_use_isolating(false);
    loader
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(accept: &str, cookie: &str) -> Lang {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        Lang::of_request(&Uri::from_static("/?q=lang"), &headers)
    }

    #[test]
    fn address_that_names_a_language_is_in_it() {
        let at = |uri| Lang::of_request(&Uri::from_static(uri), &HeaderMap::new());
        assert_eq!(at("/?q=x&lang=ne"), Lang::Ne);
        assert_eq!(at("/?lang=xx"), Lang::En);
        assert_eq!(at("/"), Lang::En);
    }

    /// The keys of a catalogue, with those of their arguments.
    fn keys(lang: Lang) -> Vec<String> {
        let file = Catalogues::get(&format!("{}/kotha.ftl", lang.code())).unwrap();
        let text = String::from_utf8(file.data.into_owned()).unwrap();
        let is_key = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
        text.lines().filter(is_key).filter_map(|line| Some(line.split_once(" =")?.0.to_owned())).collect()
    }

    #[test]
    fn choice_of_the_person_goes_before_the_browsers() {
        assert_eq!(asked("ne-NP,ne;q=0.9,en;q=0.8", "a=b"), Lang::Ne);
        assert_eq!(asked("en-GB,en;q=0.9,ne;q=0.8", "a=b"), Lang::En);
        assert_eq!(asked("en-GB,en;q=0.9", "a=b; lang=ne"), Lang::Ne);
        assert_eq!(asked("ne", "lang=en"), Lang::En);
        assert_eq!(asked("de,fr;q=0.5", "lang=xx"), Lang::En);
        assert_eq!(asked("en;q=0.1, ne; q=0.9", ""), Lang::Ne);
        assert_eq!(asked("ne;q=0, en;q=0.1", ""), Lang::En);
        assert_eq!(asked("ne;q=NaN, ne;q=7, ne;v=1, en", ""), Lang::En);
        assert_eq!(asked(";;;q=,,", ""), Lang::En);
    }

    #[test]
    fn every_english_text_has_a_nepali_one() {
        let nepali = keys(Lang::Ne);
        for key in keys(Lang::En) {
            assert!(nepali.contains(&key), "{key}");
        }
    }

    #[test]
    fn text_is_in_the_language_of_the_request() {
        assert_eq!(t!("today"), "Today");
        assert_eq!(in_language(Lang::Ne, || t!("today")), "आज");
        assert_eq!(in_language(Lang::Ne, || t!("chat-with", name = "<i>")), "<i> सँग कुराकानी");
    }

    #[test]
    fn digits_are_the_languages() {
        assert_eq!(Lang::Ne.digits("1,25,000.50"), "१,२५,०००.५०");
        assert_eq!(Lang::En.digits(7), "7");
        assert_eq!(latin_digits("+९७७ ९८०-0१23 रु. ०"), "+977 980-0123 रु. 0");
    }
}
