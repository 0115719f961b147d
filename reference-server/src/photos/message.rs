//! Pictures that were sent in a message. They lie in a folder named after the message, so that every try of the same
//! message finds the same folder, and a message that is taken back takes everything along.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::name::{NoSuchName, PhotoName, Size};
use super::{PhotoError, Photos, Pixels, picture, write};

/// The folder of a message, which follows from what its sender calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageFolder(PhotoName);

/// A picture as its message names it: folder, picture, and how large it is. The same file sent again has the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageImage {
    folder: MessageFolder,
    name: PhotoName,
    /// Of the large file; the first pictures were named without.
    pixels: Option<Pixels>,
}

impl MessageFolder {
    /// Of the message that this sender calls so in this conversation.
    pub fn of(conversation: Uuid, sender: Uuid, client_message_id: &str) -> Self {
        let digest = Sha256::new()
            .chain_update(conversation.as_bytes())
            .chain_update(sender.as_bytes())
            .chain_update(client_message_id.as_bytes());
        Self(name_of(&digest.finalize()))
    }
}

impl Photos {
    /// Decodes a file, and keeps what is to be seen of it. On disk once it returns.
    ///
    /// # Errors
    ///
    /// See [`PhotoError`]; then nothing is kept.
    pub async fn keep_of_message(
        &self,
        folder: MessageFolder,
        file: Bytes,
    ) -> Result<MessageImage, PhotoError> {
        // The semaphore is never closed, so there is always a permit in the end.
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok();
        let path = self.folder_of_message(&folder);
        let keeping = tokio::task::spawn_blocking(move || {
            let name = name_of(&Sha256::digest(&file));
            let large = path.join(name.file(Size::Large).to_string());
            // The large one is written last. A file that is there belongs to an earlier try.
            if !large.try_exists()? {
                // A draft of its own: the same picture may be on its way twice.
                let draft = PhotoName::draw().map_err(io::Error::other)?;
                write(&path, &name, &picture::render(&file)?, draft.as_str())?;
            }
            drop(turn);
            let pixels = picture::pixels_of(BufReader::new(File::open(large)?))?;
            Ok(MessageImage { folder, name, pixels: Some(pixels) })
        });
        keeping.await?
    }

    /// The JPEG of a picture; nothing when there is none.
    ///
    /// # Errors
    ///
    /// The disk doesn't answer.
    pub async fn read_of_message(&self, image: &MessageImage, size: Size) -> io::Result<Option<Bytes>> {
        let path = self.folder_of_message(&image.folder).join(image.name.file(size).to_string());
        match tokio::fs::read(path).await {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes every picture of a message; where there is none, nothing happens.
    ///
    /// # Errors
    ///
    /// The disk doesn't answer.
    pub async fn remove_of_message(&self, folder: &MessageFolder) -> io::Result<()> {
        match tokio::fs::remove_dir_all(self.folder_of_message(folder)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes every picture of a message but one.
    ///
    /// # Errors
    ///
    /// The disk doesn't answer.
    pub async fn remove_others_of_message(
        &self,
        folder: &MessageFolder,
        shown: &MessageImage,
    ) -> io::Result<()> {
        let path = self.folder_of_message(folder);
        let kept = Size::ALL.map(|size| OsString::from(shown.name.file(size).to_string()));
        let removing = tokio::task::spawn_blocking(move || {
            for entry in std::fs::read_dir(path)? {
                let entry = entry?;
                if !kept.contains(&entry.file_name()) {
                    std::fs::remove_file(entry.path())?;
                }
            }
            Ok::<_, io::Error>(())
        });
        match removing.await? {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    fn folder_of_message(&self, folder: &MessageFolder) -> PathBuf {
        self.folder.join("messages").join(folder.0.as_str())
    }
}

impl MessageImage {
    /// How large it is, where that is known.
    pub fn pixels(&self) -> Option<Pixels> {
        self.pixels
    }
}

impl FromStr for MessageImage {
    type Err = NoSuchName;

    fn from_str(text: &str) -> Result<Self, NoSuchName> {
        let (folder, rest) = text.split_once('.').ok_or(NoSuchName)?;
        let (name, pixels) = match rest.split_once('.') {
            Some((name, pixels)) => (name, Some(pixels_of(pixels).ok_or(NoSuchName)?)),
            None => (rest, None),
        };
        Ok(Self { folder: MessageFolder(folder.parse()?), name: name.parse()?, pixels })
    }
}

impl fmt::Display for MessageImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.folder.0.as_str(), self.name.as_str())?;
        match self.pixels {
            Some(Pixels { width, height }) => write!(f, ".{width}x{height}"),
            None => Ok(()),
        }
    }
}

/// `1600x1200`
fn pixels_of(text: &str) -> Option<Pixels> {
    let (width, height) = text.split_once('x')?;
    Some(Pixels { width: width.parse().ok()?, height: height.parse().ok()? })
}

fn name_of(digest: &[u8]) -> PhotoName {
    PhotoName::of(digest.first_chunk().copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_comes_back_from_its_text_and_nothing_else_is_one() {
        let folder = MessageFolder::of(Uuid::from_u128(1), Uuid::from_u128(2), "m1");
        let image = MessageImage { folder, name: name_of(&Sha256::digest(b"pixels")), pixels: None };
        let sized = MessageImage { pixels: Some(Pixels { width: 1_600, height: 9 }), ..image.clone() };
        for image in [&image, &sized] {
            assert_eq!(image.to_string().parse().as_ref(), Ok(image));
        }
        let (folder, name) = (image.folder.0.as_str(), image.name.as_str());
        for text in [
            "",
            ".",
            folder,
            &format!("../{folder}.{name}"),
            &format!("{folder}.{name}/x"),
            &format!("{folder}.{name}.9"),
            "/etc/passwd",
        ] {
            assert_eq!(text.parse::<MessageImage>(), Err(NoSuchName), "{text}");
        }
    }
}
