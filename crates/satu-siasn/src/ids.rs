//! Ids of persons and of history rows: texts of 36 characters in the form of a UUID, worked out from
//! the numbers of the register and back, so that they need no table and survive a backup.
//!
//! They are names, not secrets: who may see what is behind one is for the register to say.

use sha2::{Digest, Sha256};

/// What an id names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Id {
    /// The person of this number.
    Person(i64),
    /// The history row that began with this ledger number.
    Row(i64),
    /// Something else: an id of another maker, in small letters.
    Other(String),
}

const PERSON: u8 = b'p';
const ROW: u8 = b'r';

fn made(sort: u8, number: i64) -> String {
    let mut bytes = [0; 16];
    let mut hash = Sha256::new();
    hash.update([sort]);
    hash.update(number.to_be_bytes());
    bytes[..8].copy_from_slice(&hash.finalize()[..8]);
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    // RFC 9562: version 8, its own variant; numbers stay far below the bits that this takes.
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    dashed(&bytes)
}

fn dashed(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    text
}

/// The id of a person.
pub fn person_id(number: i64) -> String {
    made(PERSON, number)
}

/// The id of a history row, by the ledger number that it began with.
pub fn row_id(first: i64) -> String {
    made(ROW, first)
}

/// The id of something that the register knows by its name alone, such as a unit.
pub fn named(list: &str, name: &str) -> String {
    let mut bytes = [0; 16];
    let mut hash = Sha256::new();
    hash.update(list.as_bytes());
    hash.update([0]);
    hash.update(satu_domain::canonical("unor", name).as_bytes());
    bytes.copy_from_slice(&hash.finalize()[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    dashed(&bytes)
}

/// The 32 digits of an id, whichever maker's, in small letters and without hyphens; none where a text is
/// no id.
pub fn digits(text: &str) -> Option<String> {
    let digits: String = text.trim().chars().filter(|sign| *sign != '-').collect();
    let all = digits.len() == 32 && digits.chars().all(|sign| sign.is_ascii_hexdigit());
    all.then(|| digits.to_ascii_lowercase())
}

impl Id {
    /// Reads an id, in either case, with its hyphens or without.
    pub fn read(text: &str) -> Id {
        let digits = digits(text);
        let low = digits.as_deref().and_then(|digits| digits.get(16..));
        if let Some(low) = low.and_then(|low| u64::from_str_radix(low, 16).ok()) {
            let number = (low & 0x3fff_ffff_ffff_ffff) as i64;
            for (sort, id) in [(PERSON, Id::Person(number)), (ROW, Id::Row(number))] {
                if self::digits(&made(sort, number)) == digits {
                    return id;
                }
            }
        }
        Id::Other(text.trim().to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::{Id, named, person_id, row_id};

    #[test]
    fn an_id_leads_back_to_its_number() {
        for number in [1, 7, 5_600_000, 1 << 40] {
            let (person, row) = (person_id(number), row_id(number));
            assert_eq!(Id::read(&person), Id::Person(number));
            assert_eq!(Id::read(&row.to_uppercase()), Id::Row(number));
            assert_eq!(Id::read(&row.replace('-', "")), Id::Row(number));
            assert_ne!(person, row);
        }
    }

    #[test]
    fn another_id_is_left_as_it_is() {
        for text in [
            "A5EB03E23BFBF6A0E040640A040252AD",
            "",
            "ÿ",
            "8ae483c566e5c8340166e5d5ba1c0001",
        ] {
            assert_eq!(Id::read(text), Id::Other(text.to_lowercase()), "{text}");
        }
    }

    #[test]
    fn a_name_has_one_id_however_it_is_written() {
        assert_eq!(
            named("unor", "Dinas  Kesehatan"),
            named("unor", "DINAS KESEHATAN")
        );
        assert_ne!(named("unor", "A"), named("instansi", "A"));
    }
}
