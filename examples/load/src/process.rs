//! What the server's process has used, as the kernel counts it.

use std::fs;

use crate::Failed;

/// The kernel's clock ticks in a second, on every Linux that one meets.
const TICKS_PER_S: u64 = 100;

/// CPU time of user and system, in microseconds.
pub(crate) fn cpu_us(pid: Option<u32>) -> Result<Option<u64>, Failed> {
    let Some(pid) = pid else { return Ok(None) };
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name, in brackets, may contain anything; what follows it does not.
    let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 =
        rest.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<u64>().ok()).sum();
    Ok(Some(ticks * 1_000_000 / TICKS_PER_S))
}

/// Resident memory that belongs to no file, in bytes.
pub(crate) fn memory_bytes(pid: Option<u32>) -> Result<Option<u64>, Failed> {
    let Some(pid) = pid else { return Ok(None) };
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse::<u64>().ok());
    Ok(kib.map(|kib| kib * 1024))
}
