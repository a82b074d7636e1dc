//! NIK, the population number (UU 23/2006 as changed by UU 24/2013; layout by Dukcapil).

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Sex;

/// A 16-digit population number: region of first registration, birth date (day + 40 for women),
/// serial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nik(u64);

/// Why a text is not a [`Nik`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NikError {
    /// Not 16 ASCII digits.
    #[error("a NIK has exactly 16 digits")]
    Shape,
    /// All one digit, or ending in 000000: typed to fill the field.
    #[error("the NIK is a filler, not a number that was issued")]
    Filler,
    /// The first two digits name no province, of today or of the past.
    #[error("digits 1-2 of the NIK are no province code")]
    Province,
    /// Digits 7-12 are no date in either century.
    #[error("digits 7-12 of the NIK are not a birth date (day + 40 for women)")]
    BirthDate,
    /// Digits 13-16 are 0000.
    #[error("digits 13-16 of the NIK are a serial from 0001")]
    Serial,
}

impl Nik {
    /// Reads exactly 16 digits.
    pub fn parse(text: &str) -> Result<Nik, NikError> {
        let bytes = text.as_bytes();
        if bytes.len() != 16 || !bytes.iter().all(u8::is_ascii_digit) {
            return Err(NikError::Shape);
        }
        if bytes.iter().all(|b| *b == bytes[0]) || bytes.ends_with(b"000000") {
            return Err(NikError::Filler);
        }
        let number = bytes
            .iter()
            .fold(0u64, |sum, b| sum * 10 + u64::from(b - b'0'));
        let nik = Nik(number);
        if !matches!(nik.province(), 11..=19 | 21 | 31..=36 | 51..=54 | 61..=65 | 71..=76 | 81 | 82 | 91..=97)
        {
            return Err(NikError::Province);
        }
        let (day, month) = nik.day_month();
        let year = nik.year2();
        let real = |century: i16| Date::new(century + year, month, day).is_ok();
        if !real(1900) && !real(2000) {
            return Err(NikError::BirthDate);
        }
        if number.is_multiple_of(10_000) {
            return Err(NikError::Serial);
        }
        Ok(nik)
    }

    /// Province code of first registration (not of residence); 54 is former Timor Timur.
    pub fn province(self) -> u8 {
        (self.0 / 10u64.pow(14)) as u8
    }

    /// Province, regency and district of first registration, six digits.
    pub fn region(self) -> u32 {
        (self.0 / 10u64.pow(10)) as u32
    }

    fn raw_day(self) -> i8 {
        (self.0 / 10u64.pow(8) % 100) as i8
    }

    fn year2(self) -> i16 {
        (self.0 / 10u64.pow(4) % 100) as i16
    }

    fn day_month(self) -> (i8, i8) {
        let day = self.raw_day();
        (
            if day > 40 { day - 40 } else { day },
            (self.0 / 10u64.pow(6) % 100) as i8,
        )
    }

    /// Woman when the day has 40 added to it.
    pub fn sex(self) -> Sex {
        if self.raw_day() > 40 {
            Sex::Woman
        } else {
            Sex::Man
        }
    }

    /// Whether the number's day, month and two-digit year are those of this date.
    pub fn matches_birth(self, birth: Date) -> bool {
        self.day_month() == (birth.day(), birth.month()) && self.year2() == birth.year() % 100
    }

    /// The 16 digits as a number.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The number with all but region and serial's last digits hidden, for those who may not see it.
    pub fn masked(self) -> String {
        let text = self.to_string();
        format!("{}••••••••••{}", &text[..2], &text[12..])
    }
}

impl fmt::Display for Nik {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016}", self.0)
    }
}

impl TryFrom<String> for Nik {
    type Error = NikError;
    fn try_from(text: String) -> Result<Nik, NikError> {
        Nik::parse(&text)
    }
}

impl From<Nik> for String {
    fn from(nik: Nik) -> String {
        nik.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn a_womans_day_has_forty_added() {
        let nik = Nik::parse("3273015703850004").unwrap();
        assert_eq!(nik.sex(), Sex::Woman);
        assert_eq!((nik.province(), nik.region()), (32, 327_301));
        assert!(nik.matches_birth(date(1985, 3, 17)));
        assert!(!nik.matches_birth(date(1985, 3, 18)));
        assert_eq!(nik.masked(), "32••••••••••0004");
    }

    #[test]
    fn each_wrong_place_is_named() {
        use NikError::*;
        for (text, want) in [
            ("", Shape),
            ("327301570385000", Shape),
            ("327301570385000X", Shape),
            ("1111111111111111", Filler),
            ("3273011703000000", Filler),
            ("2973011703850004", Province),
            ("3273013202850004", BirthDate),
            ("3273017113850004", BirthDate),
            ("3273011703850000", Serial),
        ] {
            assert_eq!(Nik::parse(text), Err(want), "{text}");
        }
    }

    #[test]
    fn the_leap_day_of_2000_is_a_date() {
        assert!(Nik::parse("3273012902000001").is_ok());
    }

    proptest! {
        #[test]
        fn valid_numbers_round_trip(
            (y, m, d, woman) in (0u64..100, 1u64..=12, 1u64..=28, any::<bool>()),
            (region, serial) in (110_101u64..199_999, 1u64..10_000),
        ) {
            let text = format!("{region:06}{:02}{m:02}{y:02}{serial:04}", d + 40 * u64::from(woman));
            let nik = Nik::parse(&text).unwrap();
            prop_assert_eq!(nik.to_string(), text);
            prop_assert_eq!(nik.sex() == Sex::Woman, woman);
            prop_assert!(nik.matches_birth(date(1900 + y as i16, m as i8, d as i8)));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = Nik::parse(&text);
        }
    }
}
