//! Where a reader of changes stands.

use std::fmt::{self, Display};
use std::str::FromStr;

/// Digits of a mark as it is written.
const MARK: usize = 16;
/// Most digits of a number.
const NUMBER: usize = 18;

/// Where a reader of changes stands: the number of the last change dealt with, and the mark of that
/// change. Numbers are given again when a register is restored from a backup, and may be given
/// otherwise by another version: by its mark a change is known from the one that has its number now.
/// Written `NUMBER.MARK`; the beginning, and a place of before there were marks, is a number alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The number.
    pub id: i64,
    mark: Option<u64>,
}

/// A text that is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no cursor: NUMBER or NUMBER.MARK, as the register gave it")]
pub struct NoCursor;

impl Cursor {
    /// Before the first change.
    pub const BEGINNING: Cursor = Cursor { id: 0, mark: None };

    pub(crate) fn new(id: i64, mark: u64) -> Cursor {
        let mark = Some(mark);
        Cursor { id, mark }
    }

    /// Whether it may name this place: a number alone names any of that number.
    pub(crate) fn names(self, there: Cursor) -> bool {
        self.id == there.id && (self.mark.is_none() || self.mark == there.mark)
    }

    /// As two columns keep it; a mark of 0 is none.
    pub(crate) fn kept(self) -> (i64, i64) {
        (self.id, self.mark.unwrap_or(0).cast_signed())
    }

    /// From what [`Cursor::kept`] gave.
    pub(crate) fn of_kept(id: i64, mark: i64) -> Cursor {
        let mark = (mark != 0).then_some(mark.cast_unsigned());
        Cursor { id, mark }
    }
}

impl From<i64> for Cursor {
    fn from(id: i64) -> Cursor {
        Cursor { id, mark: None }
    }
}

impl Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mark {
            Some(mark) => write!(f, "{}.{mark:0MARK$x}", self.id),
            None => write!(f, "{}", self.id),
        }
    }
}

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Cursor, NoCursor> {
        let (number, mark) = match text.split_once('.') {
            Some((number, mark)) => (number, Some(mark)),
            None => (text, None),
        };
        if number.len() > NUMBER || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NoCursor);
        }
        let id = number.parse().map_err(|_| NoCursor)?;
        let read = |mark: &str| {
            let written = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
            if mark.len() != MARK || !mark.bytes().all(written) {
                return Err(NoCursor);
            }
            u64::from_str_radix(mark, 16).map_err(|_| NoCursor)
        };
        let mark = mark.map(read).transpose()?;
        Ok(Cursor { id, mark })
    }
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        for cursor in [
            Cursor::BEGINNING,
            Cursor::from(17),
            Cursor::new(17, 1),
            Cursor::new(999_999_999_999_999_999, u64::MAX),
        ] {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
            let (id, mark) = cursor.kept();
            assert_eq!(Cursor::of_kept(id, mark), cursor);
        }
        assert_eq!(Cursor::new(17, 255).to_string(), "17.00000000000000ff");
        for wrong in [
            "",
            "-1",
            "+1",
            "1.",
            ".00000000000000ff",
            "1.ff",
            "1.00000000000000FF",
            "1.00000000000000ff ",
            "1.00000000000000ff.0",
            "1234567890123456789",
        ] {
            assert!(wrong.parse::<Cursor>().is_err(), "{wrong}");
        }
    }
}
