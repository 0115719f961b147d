//! Times as a person in Nepal reads them.

use jiff::{
    Timestamp, ToSpan,
    civil::Date,
    tz::{Offset, TimeZone},
};

/// Nepal has been at UTC+05:45 all year round since 1986, so a fixed offset is the whole of Asia/Kathmandu
/// for anything that happens here, and the page does not depend on the machine's time zone files.
const NEPAL_OFFSET_S: i32 = 5 * 3600 + 45 * 60;

/// The time of day: `3:05 pm`.
pub fn clock(at: Timestamp) -> String {
    let civil = nepal(at);
    let (hour, half) = (civil.hour(), if civil.hour() < 12 { "am" } else { "pm" });
    let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
    format!("{hour}:{:02} {half}", civil.minute())
}

/// The day, relative to the reader's: `Today`, `Yesterday`, `21 November`, `21 November 2025`.
pub fn day(at: Timestamp, now: Timestamp) -> String {
    let (date, today) = (date(at), date(now));
    if date == today {
        "Today".to_owned()
    } else if today.checked_sub(1.day()).is_ok_and(|yesterday| yesterday == date) {
        "Yesterday".to_owned()
    } else if date.year() == today.year() {
        date.strftime("%-d %B").to_string()
    } else {
        date.strftime("%-d %B %Y").to_string()
    }
}

/// Day and time in one: `Today, 3:05 pm`.
pub fn moment(at: Timestamp, now: Timestamp) -> String {
    format!("{}, {}", day(at, now), clock(at))
}

/// The calendar day in Nepal.
pub fn date(at: Timestamp) -> Date {
    nepal(at).date()
}

/// The instant at which a day begins in Nepal.
///
/// # Errors
///
/// At the very end of time.
pub fn midnight(day: Date) -> Result<Timestamp, jiff::Error> {
    nepal_zone().to_timestamp(day.into())
}

/// `22 November 2026, 3:05:09 pm`: to the second, for whoever compares with somebody else's records.
pub fn exact(at: Timestamp) -> String {
    nepal(at).strftime("%-d %B %Y, %-I:%M:%S %P").to_string()
}

fn nepal(at: Timestamp) -> jiff::civil::DateTime {
    at.to_zoned(nepal_zone()).datetime()
}

fn nepal_zone() -> TimeZone {
    TimeZone::fixed(Offset::from_seconds(NEPAL_OFFSET_S).unwrap_or(Offset::UTC))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn clock_is_nepals_not_utcs() {
        for (utc, text) in [
            ("2026-11-22T09:20:00Z", "3:05 pm"),
            ("2026-11-22T18:15:00Z", "12:00 am"),
            ("2026-11-22T06:15:59Z", "12:00 pm"),
            ("2026-11-22T00:00:00Z", "5:45 am"),
        ] {
            assert_eq!(clock(at(utc)), text);
        }
    }

    #[test]
    fn day_begins_at_midnight_in_kathmandu() {
        let day = "2026-11-22".parse().unwrap();
        assert_eq!(midnight(day).unwrap(), at("2026-11-21T18:15:00Z"));
        assert_eq!(exact(at("2026-11-22T09:20:09Z")), "22 November 2026, 3:05:09 pm");
    }

    #[test]
    fn day_turns_at_midnight_in_kathmandu() {
        let now = at("2026-11-22T18:20:00Z"); // 0:05 on the 23rd
        assert_eq!(day(at("2026-11-22T18:15:00Z"), now), "Today");
        assert_eq!(day(at("2026-11-22T18:14:59Z"), now), "Yesterday");
        assert_eq!(day(at("2026-11-20T18:14:59Z"), now), "20 November");
        assert_eq!(day(at("2025-11-20T18:14:59Z"), now), "20 November 2025");
    }
}
