//! What the lists of administrators share: pages by id, and days.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use uuid::Uuid;

use crate::http::fields::Fields;
use crate::problem::Problem;
use crate::ui::lang::latin_digits;
use crate::ui::time;

/// Where the page before ended, by the id of its last entry.
///
/// # Errors
///
/// 400 for what is no cursor of ours.
pub fn id_cursor(text: &str) -> Result<Option<Uuid>, Problem> {
    let wrong = |_| Problem::invalid_query("cursor must be the next_cursor of an answer.");
    match text {
        "" => Ok(None),
        text => Uuid::try_parse(text).map(Some).map_err(wrong),
    }
}

/// Cuts what was read beyond a page, one entry at most; where the next page begins, if there was one.
pub fn next_of<T, C>(entries: &mut Vec<T>, page: u32, cursor: impl FnOnce(&T) -> C) -> Option<C> {
    let more = entries.len() > page as usize;
    entries.truncate(page as usize);
    entries.last().filter(|_| more).map(cursor)
}

/// The instants from the first day on and before the end of the last one, in Nepal; what is wrong is noted.
pub fn days(fields: &mut Fields, from: &str, to: &str) -> (Option<Timestamp>, Option<Timestamp>) {
    let (from, to) = (day(fields, "from", from), day(fields, "to", to));
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        fields.refuse("to", t!("wrong-day-order"));
    }
    let from = from.and_then(|day| time::midnight(day).ok());
    let until = to.and_then(|day| day.checked_add(1.day()).ok()).and_then(|day| time::midnight(day).ok());
    (from, until)
}

fn day(fields: &mut Fields, name: &'static str, text: &str) -> Option<Date> {
    match text.trim() {
        "" => None,
        text => latin_digits(text).parse().map_err(|_| fields.refuse(name, t!("wrong-day"))).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_page_begins_behind_the_last_entry_shown() {
        let mut entries = vec![9, 8, 7];
        assert_eq!(next_of(&mut entries, 2, |entry| *entry), Some(8));
        assert_eq!(entries, [9, 8]);
        assert_eq!(next_of(&mut entries, 2, |entry| *entry), None);
    }
}
