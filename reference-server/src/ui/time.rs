//! Times as a person in Nepal reads them: in English by the Gregorian calendar, in Nepali by Bikram Sambat.

use std::fmt::Display;

use jiff::{
    Timestamp, ToSpan,
    civil::Date,
    tz::{Offset, TimeZone},
};
use nepdate::{Lang as Calendar, NepaliDate};
use serde::Serialize;

use super::Lang;

/// Nepal has been at UTC+05:45 all year round since 1986, so a fixed offset is the whole of Asia/Kathmandu
/// for anything that happens here, and the page does not depend on the machine's time zone files.
pub const NEPAL_OFFSET_S: i32 = 5 * 3600 + 45 * 60;
/// The years of Bikram Sambat that a page's modules know the months of: the product is younger.
const YEARS_KNOWN: std::ops::RangeInclusive<u16> = 2082..=2099;

/// As Nepal's newspapers write them.
const GREGORIAN_MONTHS_NE: [&str; 12] =
    ["जनवरी", "फेब्रुअरी", "मार्च", "अप्रिल", "मे", "जुन", "जुलाई", "अगस्ट", "सेप्टेम्बर", "अक्टोबर", "नोभेम्बर", "डिसेम्बर"];

/// The time of day: `3:05 pm`, `दिउँसो ३:०५`.
pub fn clock(at: Timestamp) -> String {
    in_part_of_day(nepal(at).hour(), nepal(at).strftime("%-I:%M"))
}

/// The day, relative to the reader's: `Today`, `Yesterday`, `21 November`, `21 November 2025`.
pub fn day(at: Timestamp, now: Timestamp) -> String {
    let (date, today) = (date(at), date(now));
    if date == today {
        t!("today")
    } else if today.checked_sub(1.day()).is_ok_and(|yesterday| yesterday == date) {
        t!("yesterday")
    } else {
        match (Lang::current(), bikram_sambat(date), bikram_sambat(today)) {
            (Lang::Ne, Some(date), Some(today)) => day_of_bikram_sambat(date, today),
            _ if date.year() == today.year() => date.strftime("%-d %B").to_string(),
            _ => date.strftime("%-d %B %Y").to_string(),
        }
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

/// `22 November 2026, 3:05:09 pm`, `६ मंसिर २०८३, दिउँसो ३:०५:०९`: to the second.
pub fn exact(at: Timestamp) -> String {
    format!("{}, {}", full_day(date(at)), clock_to_the_second(at))
}

/// The same for whoever compares with somebody else's records, which have days of the Gregorian calendar only: in
/// Nepali it stands beside, `६ मंसिर २०८३ (सन् २०२६ नोभेम्बर २२), दिउँसो ३:०५:०९`.
pub fn exact_to_compare(at: Timestamp) -> String {
    let day = date(at);
    match Lang::current() {
        Lang::En => exact(at),
        Lang::Ne => {
            format!("{} (सन् {}), {}", full_day(day), gregorian_in_nepali(day), clock_to_the_second(at))
        }
    }
}

/// A day with its year, in the calendar of the language: `22 November 2026`, `६ मंसिर २०८३`.
pub fn full_day(day: Date) -> String {
    match (Lang::current(), bikram_sambat(day)) {
        (Lang::Ne, Some(day)) => {
            Lang::Ne.digits(format!("{} {} {}", day.day(), day.month().name(Calendar::Ne), day.year()))
        }
        _ => day.strftime("%-d %B %Y").to_string(),
    }
}

/// The day in the calendar of the language, and in the other one: `22 November 2026 (6 Mangsir 2083 BS)`,
/// `६ मंसिर २०८३ (सन् २०२६ नोभेम्बर २२)`. The time of day is with it.
pub fn in_both_calendars(at: Timestamp) -> String {
    let day = date(at);
    let gregorian = day.strftime("%-d %B %Y").to_string();
    let Some(nepali) = bikram_sambat(day) else { return format!("{gregorian}, {}", clock(at)) };
    let nepali_day = |names| {
        Lang::current().digits(format!("{} {} {}", nepali.day(), nepali.month().name(names), nepali.year()))
    };
    match Lang::current() {
        Lang::En => format!("{gregorian} ({} BS), {}", nepali_day(Calendar::En), clock(at)),
        Lang::Ne => {
            format!("{} (सन् {}), {}", nepali_day(Calendar::Ne), gregorian_in_nepali(day), clock(at))
        }
    }
}

/// Year and month in the calendar of the language.
pub fn month_of(day: Date) -> (i16, i8) {
    match (Lang::current(), bikram_sambat(day)) {
        (Lang::Ne, Some(day)) => (
            i16::try_from(day.year()).unwrap_or_default(),
            i8::try_from(day.month().number()).unwrap_or_default(),
        ),
        _ => (day.year(), day.month()),
    }
}

/// The month of a day, in the calendar of the language: short for a chart, and with its year.
pub fn month_names(day: Date) -> (String, String) {
    match (Lang::current(), bikram_sambat(day)) {
        (Lang::Ne, Some(day)) => {
            let name = day.month().name(Calendar::Ne);
            (name.to_owned(), format!("{name} {}", Lang::Ne.digits(day.year())))
        }
        _ => (day.strftime("%b").to_string(), day.strftime("%B %Y").to_string()),
    }
}

/// A day in the calendar of the language: its number for a chart, and with its month.
pub fn day_names(day: Date) -> (String, String) {
    match (Lang::current(), bikram_sambat(day)) {
        (Lang::Ne, Some(day)) => {
            let number = Lang::Ne.digits(day.day());
            let name = format!("{number} {}", day.month().name(Calendar::Ne));
            (number, name)
        }
        _ => (day.strftime("%-d").to_string(), day.strftime("%-d %B").to_string()),
    }
}

/// Years of Bikram Sambat, for the modules of the pages: browsers don't know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Years {
    /// The first year's number, and its first day by the Gregorian calendar, `2025-04-14`.
    first: u16,
    begins: String,
    /// The days of each month of each year.
    days: Vec<[u8; 12]>,
    names: [&'static str; 12],
}

/// The years from which a module can name any day of a chat; none in a language that browsers do well enough.
pub fn years(lang: Lang) -> Option<Years> {
    if lang == Lang::En {
        return None;
    }
    let month = |year, index: usize| NepaliDate::new(year, u8::try_from(index + 1).ok()?, 1).ok();
    let first = *YEARS_KNOWN.start();
    let begins = month(first, 0)?.to_gregorian();
    let days = |year| std::array::from_fn(|index| month(year, index).map_or(0, NepaliDate::month_length));
    Some(Years {
        first,
        begins: format!("{}-{:02}-{:02}", begins.year(), begins.month(), begins.day()),
        days: YEARS_KNOWN.map(days).collect(),
        names: std::array::from_fn(|index| {
            month(first, index).map_or("", |day| day.month().name(Calendar::Ne))
        }),
    })
}

fn day_of_bikram_sambat(date: NepaliDate, today: NepaliDate) -> String {
    let day = format!("{} {}", date.day(), date.month().name(Calendar::Ne));
    Lang::Ne.digits(if date.year() == today.year() { day } else { format!("{day} {}", date.year()) })
}

fn bikram_sambat(date: Date) -> Option<NepaliDate> {
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    NepaliDate::from_gregorian(i32::from(date.year()), month, day).ok()
}

fn clock_to_the_second(at: Timestamp) -> String {
    in_part_of_day(nepal(at).hour(), nepal(at).strftime("%-I:%M:%S"))
}

fn in_part_of_day(hour: i8, time: impl Display) -> String {
    match Lang::current() {
        Lang::En => format!("{time} {}", if hour < 12 { "am" } else { "pm" }),
        Lang::Ne => format!("{} {}", part_of_day(hour), Lang::Ne.digits(time)),
    }
}

fn gregorian_in_nepali(day: Date) -> String {
    let month = GREGORIAN_MONTHS_NE[usize::try_from(day.month() - 1).unwrap_or_default()];
    Lang::Ne.digits(format!("{} {month} {}", day.year(), day.day()))
}

fn part_of_day(hour: i8) -> String {
    match hour {
        4..=11 => t!("morning"),
        12..=15 => t!("afternoon"),
        16..=19 => t!("evening"),
        _ => t!("night"),
    }
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

    #[test]
    fn nepali_day_is_of_bikram_sambat_with_its_own_digits() {
        use super::super::lang::in_language;

        let now = at("2026-11-22T18:20:00Z"); // 23 November
        let day = |utc: &str| in_language(Lang::Ne, || day(at(utc), now));
        assert_eq!(day("2026-11-22T18:15:00Z"), "आज");
        assert_eq!(day("2026-11-21T18:15:00Z"), "हिजो");
        assert_eq!(day("2026-11-17T06:00:00Z"), "१ मंसिर");
        // New year's day of 2082, and the day before.
        assert_eq!(day("2025-04-14T06:00:00Z"), "१ बैशाख २०८२");
        assert_eq!(day("2025-04-13T06:00:00Z"), "३१ चैत २०८१");
        assert_eq!(in_language(Lang::Ne, || clock(at("2026-11-22T09:20:00Z"))), "दिउँसो ३:०५");
    }

    #[test]
    fn log_is_to_the_second_and_records_can_be_compared() {
        use super::super::lang::in_language;

        let seen = at("2026-11-22T09:20:09Z");
        assert_eq!(exact(seen), exact_to_compare(seen));
        let nepali = in_language(Lang::Ne, || [exact(seen), exact_to_compare(seen)]);
        assert_eq!(nepali, ["६ मंसिर २०८३, दिउँसो ३:०५:०९", "६ मंसिर २०८३ (सन् २०२६ नोभेम्बर २२), दिउँसो ३:०५:०९"]);
    }

    #[test]
    fn receipt_has_both_calendars_each_in_its_own_words() {
        use super::super::lang::in_language;

        let paid = at("2026-11-22T09:20:09Z");
        assert_eq!(in_both_calendars(paid), "22 November 2026 (6 Mangsir 2083 BS), 3:05 pm");
        let nepali = in_language(Lang::Ne, || in_both_calendars(paid));
        assert_eq!(nepali, "६ मंसिर २०८३ (सन् २०२६ नोभेम्बर २२), दिउँसो ३:०५");
        let first = "2026-11-17".parse().unwrap();
        assert_eq!((month_of(first), month_names(first).0), ((2026, 11), "Nov".to_owned()));
        let nepali = in_language(Lang::Ne, || (month_of(first), month_names(first).1, day_names(first).1));
        assert_eq!(nepali, ((2083, 8), "मंसिर २०८३".to_owned(), "१ मंसिर".to_owned()));
    }

    #[test]
    fn modules_know_the_years_to_come() {
        let years = years(Lang::Ne).unwrap();
        assert_eq!((years.first, years.begins.as_str(), years.names[7]), (2082, "2025-04-14", "मंसिर"));
        // From new year's day of 2082 to that of 2083 and 2084.
        assert_eq!(years.days[0].iter().map(|&days| u32::from(days)).sum::<u32>(), 365);
        assert!(years.days.len() > 10 && years.days.iter().flatten().all(|days| (29..=32).contains(days)));
        assert_eq!(super::years(Lang::En), None);
    }
}
