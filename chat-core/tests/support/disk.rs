//! A disk in memory, as a virtual file system of `SQLite`'s: what was not synced may be gone after a loss of power.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use sqlite_vfs::{DatabaseHandle, LockKind, OpenAccess, OpenOptions, Vfs, WalDisabled, register};

/// `SplitMix64`: the same numbers for the same seed.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }
}

/// What the disk still has, after a loss of power, of what was not synced.
pub enum Keep<'a> {
    Nothing,
    /// Each change with even odds, whatever came before or after it.
    Some(&'a mut Random),
}

pub struct Disk {
    name: &'static str,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    files: HashMap<String, File>,
    /// How many more changes the power lasts for.
    changes_left: Option<u64>,
    is_off: bool,
    /// Handles from before the last loss of power are dead.
    boots: u64,
}

#[derive(Default)]
struct File {
    synced: Vec<u8>,
    seen: Vec<u8>,
    unsynced: Vec<Change>,
}

enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write(at, data) => {
                let end = at + data.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*at..end].copy_from_slice(data);
            }
            Self::Length(length) => bytes.resize(*length, 0),
        }
    }
}

impl Disk {
    /// Makes the disk known to `SQLite` under a name that is used once in the process.
    pub fn install(name: &'static str) -> Arc<Self> {
        let disk = Arc::new(Self { name, state: Mutex::default() });
        register(name, Files(Arc::clone(&disk)), false).unwrap();
        disk
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    pub fn format(&self) {
        let mut state = self.state();
        let boots = state.boots + 1;
        *state = State { boots, ..State::default() };
    }

    pub fn cut_after(&self, changes: u64) {
        self.state().changes_left = Some(changes);
    }

    pub fn power_on(&self, mut keep: Keep<'_>) {
        let mut state = self.state();
        state.boots += 1;
        state.is_off = false;
        state.changes_left = None;
        let mut names: Vec<String> = state.files.keys().cloned().collect();
        names.sort_unstable();
        for name in names {
            let file = state.files.get_mut(&name).unwrap();
            for change in file.unsynced.drain(..) {
                if let Keep::Some(random) = &mut keep
                    && random.below(2) == 0
                {
                    change.apply(&mut file.synced);
                }
            }
            file.seen = file.synced.clone();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

fn off() -> io::Error {
    io::Error::other("the power is off")
}

struct Files(Arc<Disk>);

impl Vfs for Files {
    type Handle = Handle;

    fn open(&self, name: &str, options: OpenOptions) -> Result<Handle, io::Error> {
        let mut state = self.0.state();
        if state.is_off {
            return Err(off());
        }
        let may_create = matches!(options.access, OpenAccess::Create | OpenAccess::CreateNew);
        if !may_create && !state.files.contains_key(name) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.files.entry(name.to_owned()).or_default();
        let boot = state.boots;
        Ok(Handle { disk: Arc::clone(&self.0), name: name.to_owned(), boot, lock: LockKind::None })
    }

    fn delete(&self, name: &str) -> Result<(), io::Error> {
        let mut state = self.0.state();
        if state.is_off {
            return Err(off());
        }
        state.files.remove(name);
        Ok(())
    }

    fn exists(&self, name: &str) -> Result<bool, io::Error> {
        Ok(self.0.state().files.contains_key(name))
    }

    fn temporary_name(&self) -> String {
        "temporary".to_owned()
    }

    fn random(&self, buffer: &mut [i8]) {
        buffer.fill(7);
    }

    fn sleep(&self, duration: Duration) -> Duration {
        duration
    }
}

struct Handle {
    disk: Arc<Disk>,
    name: String,
    boot: u64,
    lock: LockKind,
}

impl Handle {
    fn with<T>(&self, what: impl FnOnce(&mut File) -> T) -> Result<T, io::Error> {
        let mut state = self.disk.state();
        if state.is_off || state.boots != self.boot {
            return Err(off());
        }
        state.files.get_mut(&self.name).map(what).ok_or_else(off)
    }

    /// A change, if the power lasts for it.
    fn change(&self, change: Change) -> Result<(), io::Error> {
        self.spend()?;
        self.with(|file| {
            change.apply(&mut file.seen);
            file.unsynced.push(change);
        })
    }

    fn spend(&self) -> Result<(), io::Error> {
        let mut state = self.disk.state();
        if state.boots == self.boot
            && let Some(left) = &mut state.changes_left
        {
            *left = left.saturating_sub(1);
            state.is_off |= state.changes_left == Some(0);
        }
        if state.is_off { Err(off()) } else { Ok(()) }
    }
}

impl DatabaseHandle for Handle {
    type WalIndex = WalDisabled;

    fn size(&self) -> Result<u64, io::Error> {
        self.with(|file| file.seen.len() as u64)
    }

    fn read_exact_at(&mut self, buffer: &mut [u8], offset: u64) -> Result<(), io::Error> {
        let from = usize::try_from(offset).unwrap();
        self.with(|file| {
            let there = file.seen.get(from..).unwrap_or_default();
            let count = there.len().min(buffer.len());
            buffer[..count].copy_from_slice(&there[..count]);
            // What lies beyond the end reads as zeros, and is said to be missing.
            buffer[count..].fill(0);
            if count == buffer.len() { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
        })?
    }

    fn write_all_at(&mut self, buffer: &[u8], offset: u64) -> Result<(), io::Error> {
        self.change(Change::Write(usize::try_from(offset).unwrap(), buffer.to_vec()))
    }

    fn sync(&mut self, _data_only: bool) -> Result<(), io::Error> {
        // The power may also go in the middle of a sync: then nobody knows what it did.
        self.spend()?;
        self.with(|file| {
            for change in file.unsynced.drain(..) {
                change.apply(&mut file.synced);
            }
        })
    }

    fn set_len(&mut self, size: u64) -> Result<(), io::Error> {
        self.change(Change::Length(usize::try_from(size).unwrap()))
    }

    fn lock(&mut self, lock: LockKind) -> Result<bool, io::Error> {
        self.lock = lock;
        Ok(true)
    }

    fn reserved(&mut self) -> Result<bool, io::Error> {
        Ok(false)
    }

    fn current_lock(&self) -> Result<LockKind, io::Error> {
        Ok(self.lock)
    }

    fn wal_index(&self, _readonly: bool) -> Result<WalDisabled, io::Error> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
