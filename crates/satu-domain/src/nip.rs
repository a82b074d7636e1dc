//! NIP, the civil servant's employee number, in its 18-digit and its old 9-digit form.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Sex;

/// An 18-digit employee number: birth date, appointment, sex, serial (PerKa BKN 22/2007).
///
/// A PPPK number has the same places, but digits 13-14 class the work agreement and are always
/// above 12, where a PNS number has the month of appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nip(u64);

/// Why a text is not a [`Nip`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NipError {
    /// Not 18 ASCII digits.
    #[error("a NIP has exactly 18 digits")]
    Shape,
    /// Scientific form: a spreadsheet turned the text into a number and lost digits.
    #[error("a spreadsheet turned the NIP into a number; its last digits are lost")]
    Scientific,
    /// Digits 1-8 are no calendar date.
    #[error("digits 1-8 of the NIP are not a birth date")]
    BirthDate,
    /// Digits 9-14 are no year of appointment with a month or a PPPK class.
    #[error("digits 9-14 of the NIP are not an appointment")]
    Appointment,
    /// Digit 15 is neither 1 nor 2.
    #[error("digit 15 of the NIP must be 1 (man) or 2 (woman)")]
    Sex,
    /// Digits 16-18 are 000.
    #[error("digits 16-18 of the NIP are a serial from 001")]
    Serial,
}

impl Nip {
    /// Reads 18 digits; spaces, dots and dashes between them are passed over.
    pub fn parse(text: &str) -> Result<Nip, NipError> {
        let mut number = 0u64;
        let mut digits = 0;
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' if digits < 18 => {
                    number = number * 10 + u64::from(byte - b'0');
                    digits += 1;
                }
                b' ' | b'.' | b'-' if !looks_scientific(text) => {}
                _ if looks_scientific(text) => return Err(NipError::Scientific),
                _ => return Err(NipError::Shape),
            }
        }
        if digits != 18 {
            return Err(NipError::Shape);
        }
        let nip = Nip(number);
        nip.parsed_birth_date().ok_or(NipError::BirthDate)?;
        let (year, class) = (nip.digits(6, 4), nip.digits(4, 2));
        if !(1940..2100).contains(&year) || class == 0 || year <= nip.digits(14, 4) {
            return Err(NipError::Appointment);
        }
        if !(1..=2).contains(&nip.digits(3, 1)) {
            return Err(NipError::Sex);
        }
        if nip.serial() == 0 {
            return Err(NipError::Serial);
        }
        Ok(nip)
    }

    /// `count` digits that leave `after` digits to their right.
    fn digits(self, after: u32, count: u32) -> u64 {
        self.0 / 10u64.pow(after) % 10u64.pow(count)
    }

    fn parsed_birth_date(self) -> Option<Date> {
        let year = self.digits(14, 4);
        if !(1900..2100).contains(&year) {
            return None;
        }
        Date::new(
            year as i16,
            self.digits(12, 2) as i8,
            self.digits(10, 2) as i8,
        )
        .ok()
    }

    /// The birth date at the time the number was given.
    pub fn birth_date(self) -> Date {
        // `parse` lets no number through whose first eight digits are not a date.
        self.parsed_birth_date().unwrap_or(Date::ZERO)
    }

    /// Year of appointment and, for PNS, its month (TMT CPNS is the first of it).
    pub fn appointed(self) -> (i16, Option<i8>) {
        let class = self.digits(4, 2) as i8;
        (self.digits(6, 4) as i16, (class <= 12).then_some(class))
    }

    /// TMT CPNS as the number tells it; none for PPPK.
    pub fn tmt_cpns(self) -> Option<Date> {
        let (year, month) = self.appointed();
        Date::new(year, month?, 1).ok()
    }

    /// Whether digits 13-14 class a work agreement rather than name a month.
    pub fn is_pppk(self) -> bool {
        self.digits(4, 2) > 12
    }

    /// Sex by digit 15.
    pub fn sex(self) -> Sex {
        if self.digits(3, 1) == 1 {
            Sex::Man
        } else {
            Sex::Woman
        }
    }

    /// Serial among equal first fifteen digits, from 1.
    pub fn serial(self) -> u16 {
        self.digits(0, 3) as u16
    }

    /// The 18 digits as a number.
    pub fn number(self) -> u64 {
        self.0
    }
}

fn looks_scientific(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes
        .iter()
        .position(|b| *b == b'E' || *b == b'e')
        .is_some_and(|at| {
            at > 0
                && at + 1 < bytes.len()
                && bytes[..at]
                    .iter()
                    .all(|b| b.is_ascii_digit() || *b == b'.' || *b == b',')
                && bytes[at + 1..]
                    .iter()
                    .all(|b| b.is_ascii_digit() || *b == b'+')
        })
}

impl fmt::Display for Nip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:018}", self.0)
    }
}

impl TryFrom<String> for Nip {
    type Error = NipError;
    fn try_from(text: String) -> Result<Nip, NipError> {
        Nip::parse(&text)
    }
}

impl From<Nip> for String {
    fn from(nip: Nip) -> String {
        nip.to_string()
    }
}

/// The nine-digit number used before 2008; its prefix hints at the old department.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NipLama(u32);

impl NipLama {
    /// Reads exactly nine digits that are not all the same.
    pub fn parse(text: &str) -> Option<NipLama> {
        let bytes = text.as_bytes();
        let plain = bytes.len() == 9 && bytes.iter().all(u8::is_ascii_digit);
        (plain && bytes.iter().any(|b| *b != bytes[0])).then(|| text.parse().ok().map(NipLama))?
    }
}

impl fmt::Display for NipLama {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:09}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn a_pns_number_comes_apart() {
        let nip = Nip::parse("198503172010012005").unwrap();
        assert_eq!(nip.birth_date(), date(1985, 3, 17));
        assert_eq!(nip.appointed(), (2010, Some(1)));
        assert_eq!(nip.tmt_cpns(), Some(date(2010, 1, 1)));
        assert_eq!(
            (nip.sex(), nip.serial(), nip.is_pppk()),
            (Sex::Woman, 5, false)
        );
        assert_eq!(Nip::parse("19850317 201001 2 005"), Ok(nip));
    }

    #[test]
    fn a_class_above_twelve_makes_a_pppk_number() {
        let nip = Nip::parse("199001012023211001").unwrap();
        assert!(nip.is_pppk());
        assert_eq!(nip.appointed(), (2023, None));
        assert_eq!(nip.tmt_cpns(), None);
    }

    #[test]
    fn each_wrong_place_is_named() {
        use NipError::*;
        for (text, want) in [
            ("", Shape),
            ("19850317201001200", Shape),
            ("1985031720100120055", Shape),
            ("19850317201001200X", Shape),
            ("1.98503172010012E+17", Scientific),
            ("1,98503E+17", Scientific),
            ("198502302010012005", BirthDate),
            ("198503172010002005", Appointment),
            ("198503171985012005", Appointment),
            ("198503172010013005", Sex),
            ("198503172010012000", Serial),
        ] {
            assert_eq!(Nip::parse(text), Err(want), "{text}");
        }
    }

    #[test]
    fn the_old_number_has_nine_digits() {
        assert_eq!(
            NipLama::parse("130123456").unwrap().to_string(),
            "130123456"
        );
        for text in ["", "13012345", "1301234567", "13012345x", "000000000"] {
            assert_eq!(NipLama::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn valid_numbers_round_trip(
            (y, m, d) in (1940u64..2005, 1u64..=12, 1u64..=28),
            (gap, class, sex, serial) in (18u64..40, 1u64..60, 1u64..=2, 1u64..1000),
        ) {
            let text = format!("{y:04}{m:02}{d:02}{:04}{class:02}{sex}{serial:03}", y + gap);
            let nip = Nip::parse(&text).unwrap();
            prop_assert_eq!(nip.to_string(), text);
            prop_assert_eq!(nip.is_pppk(), class > 12);
            prop_assert_eq!(u64::from(nip.serial()), serial);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = Nip::parse(&text);
        }

        #[test]
        fn no_eighteen_digits_panic(text in "[0-9]{18}") {
            if let Ok(nip) = Nip::parse(&text) {
                prop_assert_eq!(nip.to_string(), text);
            }
        }
    }
}
