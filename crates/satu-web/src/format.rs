//! Dates and numbers as each language writes them.

use std::borrow::Borrow;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use satu_domain::dates;

use crate::Lang;

const BULAN: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A moment as a form gives it, on the clock of Jakarta: `2026-11-24T09:15`.
pub fn from_jakarta(text: &str) -> Option<Timestamp> {
    dates::from_jakarta(text.parse::<DateTime>().ok()?)
}

impl Lang {
    /// `24 November 2026`.
    pub fn date(self, date: Date) -> String {
        let months = match self {
            Lang::Id => BULAN,
            Lang::En => MONTHS,
        };
        let month = months[usize::from(date.month().unsigned_abs()) - 1];
        format!("{} {month} {}", date.day(), date.year())
    }

    /// `24 November 2026, 09.15 WIB`.
    pub fn moment(self, moment: Timestamp) -> String {
        let local = dates::in_jakarta(moment);
        let between = match self {
            Lang::Id => '.',
            Lang::En => ':',
        };
        format!(
            "{}, {:02}{between}{:02} WIB",
            self.date(local.date()),
            local.hour(),
            local.minute()
        )
    }

    /// `4.732.000`, in English `4,732,000`.
    pub fn number(self, number: impl Borrow<i64>) -> String {
        let number = *number.borrow();
        let digits = number.unsigned_abs().to_string();
        let mut text = String::from(if number < 0 { "−" } else { "" });
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(match self {
                    Lang::Id => '.',
                    Lang::En => ',',
                });
            }
            text.push(digit);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::Lang;

    #[test]
    fn numbers_and_dates_are_written_as_the_language_does() {
        for (number, id, en) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1000, "1.000", "1,000"),
            (-1000, "−1.000", "−1,000"),
            (4_732_000, "4.732.000", "4,732,000"),
        ] {
            assert_eq!(
                (Lang::Id.number(number), Lang::En.number(number)),
                (id.into(), en.into())
            );
        }
        assert_eq!(Lang::Id.date(date(2026, 8, 1)), "1 Agustus 2026");
        assert_eq!(Lang::En.date(date(2026, 8, 1)), "1 August 2026");
        let moment = "2026-12-31T18:05:00Z".parse().unwrap();
        assert_eq!(Lang::Id.moment(moment), "1 Januari 2027, 01.05 WIB");
        assert_eq!(Lang::En.moment(moment), "1 January 2027, 01:05 WIB");
    }
}
