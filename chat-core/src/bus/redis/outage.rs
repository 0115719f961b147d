//! Saying that something fails, without a line for each time.

use std::time::Duration;

use tokio::time::Instant;

/// The shortest time between two lines that it fails.
const SAY_EVERY: Duration = Duration::from_secs(30);

/// What fails now, and how much of it no line has told of.
#[derive(Debug, Default)]
pub(super) struct Outage {
    said_at: Option<Instant>,
    /// A line says that it fails, and none that it works again.
    open: bool,
    unsaid: u64,
}

impl Outage {
    /// So many more were lost. When it is time for a line: how many that are since the last one.
    pub(super) fn failed(&mut self, count: usize, now: Instant) -> Option<u64> {
        self.unsaid = self.unsaid.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        if self.said_at.is_some_and(|at| now.duration_since(at) < SAY_EVERY) {
            return None;
        }
        (self.said_at, self.open) = (Some(now), true);
        Some(std::mem::take(&mut self.unsaid))
    }

    /// It worked. When a line said that it fails: how many were lost after that.
    pub(super) fn worked(&mut self) -> Option<u64> {
        std::mem::take(&mut self.open).then(|| std::mem::take(&mut self.unsaid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_failure_is_said_then_one_line_a_period_and_one_at_the_end() {
        let (mut outage, began) = (Outage::default(), Instant::now());
        assert_eq!(outage.worked(), None);
        let said: Vec<_> =
            (0..=60).filter_map(|second| outage.failed(2, began + Duration::from_secs(second))).collect();
        assert_eq!(said, [2, 60, 60]);
        assert_eq!(outage.failed(3, began + Duration::from_secs(61)), None);
        assert_eq!((outage.worked(), outage.worked()), (Some(3), None));
    }

    #[test]
    fn what_fails_every_other_time_is_said_no_more_often() {
        let (mut outage, began) = (Outage::default(), Instant::now());
        let mut lines = 0;
        for second in 0..60 {
            lines += usize::from(outage.failed(1, began + Duration::from_secs(second)).is_some());
            lines += usize::from(outage.worked().is_some());
        }
        assert_eq!(lines, 4, "two that it fails, and two that it works");
    }
}
