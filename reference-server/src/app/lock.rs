//! One server a database: two would each believe that they alone fan messages out.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Held for as long as the server runs; the system lets go of it even after a kill.
#[derive(Debug)]
pub(super) struct DatabaseLock {
    _file: File,
}

/// Why the directory can't be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody is there.
    #[error("another kotha is running on {0}; stop it, or set KOTHA_DATA_DIR")]
    Taken(PathBuf),
    /// The file can't be made.
    #[error("can't use {0}")]
    Unusable(PathBuf, #[source] std::io::Error),
}

impl DatabaseLock {
    /// Makes the directory when there is none, readable by its owner only, and takes the database in it.
    ///
    /// # Errors
    ///
    /// When another process has it, or the lock's file can't be made.
    pub(super) fn take(database: &Path) -> Result<Self, LockError> {
        let unusable = |error| LockError::Unusable(database.to_owned(), error);
        if let Some(dir) = database.parent().filter(|dir| !dir.as_os_str().is_empty()) {
            make_private(dir).map_err(unusable)?;
        }
        let mut name = database.as_os_str().to_owned();
        name.push(".lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(name);
        let file = file.map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Taken(database.to_owned())),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }
}

fn make_private(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}
