//! Photos of rooms: what people upload is decoded within bounds, written anew without anything but its pixels, and
//! kept under a name that nobody can guess.

mod message;
mod name;
mod picture;
mod sweep;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::Semaphore;

pub use self::message::{MessageFolder, MessageImage};
pub use self::name::{PhotoFile, PhotoName, Size};
use self::picture::Rendered;
pub use self::picture::{PIXELS_MAX, PictureError, Pixels};
pub use self::sweep::{sweep, sweep_messages};

/// The largest file that is taken: a phone's best photo.
pub const PHOTO_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Photos of one room.
pub const PHOTOS_MAX: u32 = 12;
/// Decoding one may take a few hundred megabytes; more at once would only wait in memory.
const AT_ONCE_MAX: usize = 2;

/// What a file is called until it is whole.
const DRAFT: &str = "draft";

/// The folder of the photos.
#[derive(Debug, Clone)]
pub struct Photos {
    folder: PathBuf,
    turns: Arc<Semaphore>,
}

/// Who may see a photo. Each has a folder of its own, so that no mistake in a name opens the other's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody.
    Everybody,
    /// Who has paid, and the owner.
    Unlocked,
}

impl Audience {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Everybody => Self::Unlocked,
            Self::Unlocked => Self::Everybody,
        }
    }
}

/// Why a photo is not kept.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// The file's fault.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// The disk's.
    #[error("the photo can't be written")]
    Io(#[from] io::Error),
    /// The server is stopping.
    #[error("the photo can't be worked on now")]
    Stopping(#[from] tokio::task::JoinError),
}

impl Photos {
    /// Photos in the data directory; their folders are made at the first photo.
    pub fn new(data_dir: &Path) -> Self {
        Self { folder: data_dir.join("photos"), turns: Arc::new(Semaphore::new(AT_ONCE_MAX)) }
    }

    /// Decodes a file, and keeps what is to be seen of it under a fresh name. On disk once it returns.
    ///
    /// # Errors
    ///
    /// See [`PhotoError`].
    pub async fn keep(&self, name: PhotoName, file: Bytes, audience: Audience) -> Result<(), PhotoError> {
        // The semaphore is never closed, so there is always a permit in the end.
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok();
        let folder = self.folder_of(audience);
        let keeping = tokio::task::spawn_blocking(move || {
            let rendered = picture::render(&file)?;
            write(&folder, &name, &rendered, DRAFT)?;
            drop(turn);
            Ok(())
        });
        keeping.await?
    }

    /// Keeps a photo under a fresh name for the other audience as well. On disk once it returns.
    ///
    /// # Errors
    ///
    /// The disk doesn't answer, or there is no such photo.
    pub async fn copy(&self, from: &PhotoName, to: &PhotoName, audience: Audience) -> io::Result<()> {
        let (source, target) = (self.folder_of(audience.other()), self.folder_of(audience));
        let (from, to) = (from.clone(), to.clone());
        let copying = tokio::task::spawn_blocking(move || {
            let read = |size| std::fs::read(source.join(from.file(size).to_string()));
            let rendered = Rendered { large: read(Size::Large)?, small: read(Size::Small)? };
            write(&target, &to, &rendered, DRAFT)
        });
        copying.await?
    }

    /// The JPEG of a photo; nothing when there is none.
    ///
    /// # Errors
    ///
    /// The disk doesn't answer.
    pub async fn read(&self, file: &PhotoFile, audience: Audience) -> io::Result<Option<Bytes>> {
        match tokio::fs::read(self.folder_of(audience).join(file.to_string())).await {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes a photo, and what was half written of it; removing it twice is the same.
    ///
    /// # Errors
    ///
    /// The disk doesn't answer.
    pub async fn remove(&self, name: &PhotoName, audience: Audience) -> io::Result<()> {
        for size in Size::ALL {
            let path = self.folder_of(audience).join(name.file(size).to_string());
            for path in [path.with_extension(DRAFT), path] {
                match tokio::fs::remove_file(path).await {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn folder_of(&self, audience: Audience) -> PathBuf {
        self.folder.join(match audience {
            Audience::Everybody => "public",
            Audience::Unlocked => "private",
        })
    }
}

/// Each file appears whole or not at all; until then it has `draft` for its extension.
fn write(folder: &Path, name: &PhotoName, rendered: &Rendered, draft: &str) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (size, jpeg) in [(Size::Small, &rendered.small), (Size::Large, &rendered.large)] {
        let path = folder.join(name.file(size).to_string());
        let draft = path.with_extension(draft);
        let mut file = std::fs::File::create(&draft)?;
        file.write_all(jpeg)?;
        file.sync_all()?;
        std::fs::rename(&draft, &path)?;
    }
    // The names are on disk as well.
    std::fs::File::open(folder)?.sync_all()
}
