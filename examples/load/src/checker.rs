//! Believes nothing: after `ready`, each entry must be the one after the last.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::OnceLock;

use tokio::time::Instant;

/// Reading the time costs more than reading a frame.
const SAMPLED_EVERY: u64 = 16;

/// What all connections saw together.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) delivered: u64,
    pub(crate) acknowledged: u64,
    pub(crate) refused: u64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    pub(crate) disordered: u64,
    /// In microseconds, each.
    pub(crate) acknowledged_after: Vec<u32>,
    /// In microseconds since each was due, of one delivery in [`SAMPLED_EVERY`].
    pub(crate) delivered_after: Vec<u32>,
}

pub(crate) type Shared = Rc<RefCell<Tally>>;

/// One connection's view.
#[derive(Debug)]
pub(crate) struct Checker {
    pub(crate) last: u64,
    tally: Shared,
}

impl Checker {
    pub(crate) fn after(last: u64, tally: &Shared) -> Self {
        Self { last, tally: Rc::clone(tally) }
    }

    /// Takes a frame of the log; others are passed over.
    pub(crate) fn take(&mut self, frame: &str) {
        let is_entry = ["message", "edit", "delete"].iter().any(|kind| is(frame, kind));
        let Some(seq) = seq_of(frame).filter(|_| is_entry) else { return };
        let mut tally = self.tally.borrow_mut();
        tally.delivered += 1;
        if tally.delivered.is_multiple_of(SAMPLED_EVERY)
            && let Some(after) = since_stamp(frame)
        {
            tally.delivered_after.push(after);
        }
        if seq == self.last {
            tally.doubled += 1;
        } else if seq < self.last {
            tally.disordered += 1;
        } else {
            tally.lost += seq - self.last - 1;
            self.last = seq;
        }
    }
}

pub(crate) fn is(frame: &str, kind: &str) -> bool {
    frame
        .strip_prefix(r#"{"type":""#)
        .and_then(|rest| rest.strip_prefix(kind))
        .is_some_and(|rest| rest.starts_with('"'))
}

/// The first `seq` of a frame: the server writes it before any words of a person.
fn seq_of(frame: &str) -> Option<u64> {
    let (_, rest) = frame.split_once(r#""seq":"#)?;
    rest.split(|byte: char| !byte.is_ascii_digit()).next()?.parse().ok()
}

/// A time as it is written at the beginning of a text.
pub(crate) fn stamp(at: Instant) -> String {
    format!("t{}t", at.duration_since(start()).as_micros())
}

/// How many microseconds ago the stamp of a frame was.
fn since_stamp(frame: &str) -> Option<u32> {
    let (_, rest) = frame.split_once(r#""content":"t"#)?;
    let at: u128 = rest.split_once('t')?.0.parse().ok()?;
    let now = Instant::now().duration_since(start()).as_micros();
    u32::try_from(now.saturating_sub(at)).ok()
}

/// What stamps count from.
fn start() -> Instant {
    static START: OnceLock<Instant> = OnceLock::new();
    *START.get_or_init(Instant::now)
}

/// The value below which so many percent of all lie.
pub(crate) fn percentile(values: &mut [u32], percent: usize) -> Option<u32> {
    values.sort_unstable();
    values.get((values.len() * percent / 100).min(values.len().checked_sub(1)?)).copied()
}
