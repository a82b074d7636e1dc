//! Dates and times as the service writes them.

use jiff::Timestamp;
use jiff::civil::Date;

/// A day as the service writes it: `dd-mm-yyyy`. A text that is no date stays as it is.
pub fn day(text: &str) -> String {
    match satu_domain::parse_date(text.trim()) {
        Some(date) => written(date),
        None => text.to_owned(),
    }
}

fn written(date: Date) -> String {
    format!("{:02}-{:02}-{:04}", date.day(), date.month(), date.year())
}

/// A moment as RFC 3339.
pub fn moment(at: Timestamp) -> String {
    at.to_string()
}

/// The first moment of a day as RFC 3339, by the clock of Jakarta.
pub(crate) fn midnight(date: Date) -> String {
    format!("{date}T00:00:00+07:00")
}

/// A day or a moment as RFC 3339. A text that is neither stays as it is.
pub(crate) fn timestamp(text: &str) -> String {
    satu_domain::parse_date(text.trim()).map_or_else(|| text.to_owned(), midnight)
}

/// A day as the standard keeps it: `yyyy-mm-dd`. A text that is no date stays as it is, for the rules
/// to find.
pub(crate) fn kept_day(text: &str) -> String {
    match satu_domain::parse_date(text.trim()) {
        Some(date) => date.to_string(),
        None => text.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn days_travel_both_ways() {
        assert_eq!(super::day("2026-08-01"), "01-08-2026");
        assert_eq!(super::day("01/08/2026"), "01-08-2026");
        assert_eq!(super::day("kemarin"), "kemarin");
        assert_eq!(super::day(""), "");
        assert_eq!(super::kept_day("31-12-2025"), "2025-12-31");
    }
}
