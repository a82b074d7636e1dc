//! Valid time and recorded time, kept apart by type.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::offset;
use serde::{Deserialize, Serialize};

/// TMT (terhitung mulai tanggal): the date from which a fact holds. Valid time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tmt(pub Date);

/// The moment the ledger learnt of a fact. Recorded time; never comparable with a [`Tmt`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordedAt(pub Timestamp);

/// A moment on the clock of Jakarta (WIB, UTC+7 all year): by it the register names days, wherever the
/// machine stands.
pub fn in_jakarta(moment: Timestamp) -> DateTime {
    offset(7).to_datetime(moment)
}

/// The moment of a time on the clock of Jakarta; none beyond all time.
pub fn from_jakarta(local: DateTime) -> Option<Timestamp> {
    offset(7).to_timestamp(local).ok()
}

/// The moment at which a day ends in Jakarta; none beyond all time.
pub fn ends_in_jakarta(day: Date) -> Option<Timestamp> {
    from_jakarta(day.tomorrow().ok()?.at(0, 0, 0, 0))
}

/// Today in Jakarta.
pub fn today() -> Date {
    in_jakarta(Timestamp::now()).date()
}

/// Reads a calendar date written `YYYY-MM-DD` or `DD-MM-YYYY`; `/` may stand for `-`.
///
/// Day and month take two digits. Only real dates of the years 1900 to 2199 are read: personnel
/// records hold nothing older, and a two-digit year is a guess we do not make.
pub fn parse_date(text: &str) -> Option<Date> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let separator = |b: u8| b == b'-' || b == b'/';
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0i16, |sum, b| {
            b.is_ascii_digit().then(|| sum * 10 + i16::from(b - b'0'))
        })
    };
    let (year, month, day) = if separator(bytes[4]) && bytes[4] == bytes[7] {
        (number(0..4)?, number(5..7)?, number(8..10)?)
    } else if separator(bytes[2]) && bytes[2] == bytes[5] {
        (number(6..10)?, number(3..5)?, number(0..2)?)
    } else {
        return None;
    };
    if !(1900..2200).contains(&year) {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Whole years between two dates, as an age is counted: negative when `later` is the earlier one.
pub fn whole_years(earlier: Date, later: Date) -> i16 {
    let years = later.year() - earlier.year();
    if (later.month(), later.day()) < (earlier.month(), earlier.day()) {
        years - 1
    } else {
        years
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn reads_both_orders_and_both_separators() {
        let want = Some(date(1992, 8, 17));
        for text in ["1992-08-17", "17-08-1992", "1992/08/17", "17/08/1992"] {
            assert_eq!(parse_date(text), want, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_date() {
        for text in [
            "",
            "1992-02-30",
            "31-04-1992",
            "17-08-92",
            "1992-08/17",
            "0000-00-00",
            "1992_08_17",
            "19920817",
            "１９９２-0",
            "+992-01-01",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_one_of_jakarta() {
        let midnight: Timestamp = "2026-12-31T17:00:00Z".parse().unwrap();
        assert_eq!(in_jakarta(midnight), date(2027, 1, 1).at(0, 0, 0, 0));
        assert_eq!(ends_in_jakarta(date(2026, 12, 31)), Some(midnight));
        assert_eq!(ends_in_jakarta(Date::MAX), None);
    }

    #[test]
    fn an_age_turns_on_the_birthday() {
        assert_eq!(whole_years(date(1990, 5, 20), date(2020, 5, 19)), 29);
        assert_eq!(whole_years(date(1990, 5, 20), date(2020, 5, 20)), 30);
    }

    proptest! {
        #[test]
        fn every_date_round_trips(y in 1900i16..2200, m in 1i8..=12, d in 1i8..=28) {
            let day = date(y, m, d);
            prop_assert_eq!(parse_date(&day.to_string()), Some(day));
            prop_assert_eq!(parse_date(&format!("{d:02}/{m:02}/{y}")), Some(day));
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = parse_date(&text);
        }
    }
}
