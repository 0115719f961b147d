//! The names of photos: 128 random bits, so that knowing one helps with no other.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const RANDOM_BYTES: usize = 16;
/// The bytes in base64 without padding.
const NAME_CHARS: usize = 22;

/// A photo's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoName(String);

/// One of a photo's files: `NAME.jpg` or `NAME-small.jpg`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoFile {
    /// Of which photo.
    pub name: PhotoName,
    /// Which of its files.
    pub size: Size,
}

/// How large a photo is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// On a list.
    Small,
    /// On the room's page.
    Large,
}

/// A text that names no photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no photo has this name")]
pub struct NoSuchName;

impl PhotoName {
    /// A name that was never given before.
    ///
    /// # Errors
    ///
    /// The system has no randomness.
    pub fn draw() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; RANDOM_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self::of(bytes))
    }

    /// The name that follows from these bytes.
    pub fn of(bytes: [u8; RANDOM_BYTES]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// One of the photo's files.
    pub fn file(&self, size: Size) -> PhotoFile {
        PhotoFile { name: self.clone(), size }
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Size {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Small, Self::Large];
}

impl FromStr for PhotoName {
    type Err = NoSuchName;

    fn from_str(text: &str) -> Result<Self, NoSuchName> {
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if plain && text.len() == NAME_CHARS { Ok(Self(text.to_owned())) } else { Err(NoSuchName) }
    }
}

impl FromStr for PhotoFile {
    type Err = NoSuchName;

    fn from_str(text: &str) -> Result<Self, NoSuchName> {
        let stem = text.strip_suffix(".jpg").ok_or(NoSuchName)?;
        // By its length, since a name may end in the same letters by chance.
        match stem.len() {
            NAME_CHARS => Ok(stem.parse::<PhotoName>()?.file(Size::Large)),
            _ => Ok(stem.strip_suffix("-small").ok_or(NoSuchName)?.parse::<PhotoName>()?.file(Size::Small)),
        }
    }
}

impl fmt::Display for PhotoFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = match self.size {
            Size::Small => "-small",
            Size::Large => "",
        };
        write!(f, "{}{size}.jpg", self.name.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_comes_back_from_its_text() {
        let name = PhotoName::draw().expect("randomness");
        for size in Size::ALL {
            assert_eq!(name.file(size).to_string().parse(), Ok(name.file(size)));
        }
    }

    #[test]
    fn nothing_but_a_name_is_a_name() {
        for text in [
            "",
            ".jpg",
            "../../kotha.sqlite3",
            "a.jpg",
            "AAAAAAAAAAAAAAAAAAAAA/.jpg",
            "AAAAAAAAAAAAAAAAAAAAAA.png",
        ] {
            assert_eq!(text.parse::<PhotoFile>(), Err(NoSuchName), "{text}");
        }
    }
}
