//! Sealing and opening what the database keeps, and the blind indexes by which it is found.
//!
//! A sealed value is: the number of its data key (two bytes), a salt (twelve), a count (six), the
//! ciphertext, a tag (sixteen); numbers have their lowest byte first. The key of the value is worked
//! out from data key and salt (HKDF-SHA-256, RFC 5869); its nonce is the count. The salt is random,
//! made anew each time a register is opened, and the count goes up by one with each value: no nonce
//! comes twice under one key, whoever writes, and whatever is rolled back or restored. Cipher and tag
//! are AES-256-GCM (RFC 5116) and bind the value to its place and to the bytes before it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::{hkdf, hmac};
use rustc_hash::FxHashMap;

use super::error::KeyError;
use super::{SECRET, derived, random};
use crate::{Entry, StoreError};

/// Bytes before the ciphertext.
const HEADER: usize = 20;
/// Bytes of the tag.
const TAG: usize = 16;
/// Number of the data key and salt: which key a value has.
type KeyName = [u8; 14];
/// Keys of values that are kept worked out.
const KEPT: usize = 1_000;
/// The count has six bytes.
const MOST: u64 = 1 << 48;

/// What a sealed value is of: it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    column: u8,
    row: [i64; 3],
}

impl Place {
    fn new(column: u8, row: [i64; 3]) -> Place {
        Place { column, row }
    }

    /// An entry of the ledger.
    pub fn entry(seq: i64) -> Place {
        Place::new(1, [seq, 0, 0])
    }

    /// The value of a finding.
    pub fn finding(submission: i64, row: i64, number: i64) -> Place {
        Place::new(2, [submission, row, number])
    }

    /// A person's golden record.
    pub fn record(person: i64) -> Place {
        Place::new(3, [person, 0, 0])
    }

    /// What an officer decided.
    pub fn verdict(ruling: i64) -> Place {
        Place::new(4, [ruling, 0, 0])
    }

    /// Why an officer decided.
    pub fn reason(ruling: i64) -> Place {
        Place::new(5, [ruling, 0, 0])
    }

    /// A document's name and the hash of its bytes.
    pub fn document(id: i64) -> Place {
        Place::new(6, [id, 0, 0])
    }

    /// A part of kept bytes, by the first half of the name they are kept under.
    pub fn raw(name: i64, part: i64) -> Place {
        Place::new(7, [name, part, 0])
    }

    /// What is said of a file that arrives in parts, by a number of its token.
    pub fn arrival(token: i64) -> Place {
        Place::new(8, [token, 0, 0])
    }

    /// A part of such a file.
    pub fn arrival_part(token: i64, part: i64) -> Place {
        Place::new(9, [token, part, 0])
    }

    /// What became of such a file.
    pub fn outcome(token: i64) -> Place {
        Place::new(10, [token, 0, 0])
    }

    /// That a value does not open, or cannot be sealed.
    pub fn fault(self) -> StoreError {
        let what = [
            "entry", "finding", "record", "verdict", "reason", "document", "raw", "arrival",
            "part", "outcome",
        ];
        StoreError::Sealed {
            what: what
                .get(usize::from(self.column) - 1)
                .copied()
                .unwrap_or_default(),
            row: self.row[0],
        }
    }

    /// The bytes that the tag covers beside the value.
    fn bytes(self, header: &[u8]) -> [u8; 25 + HEADER] {
        let mut bytes = [0; 25 + HEADER];
        bytes[0] = self.column;
        for (at, number) in self.row.iter().enumerate() {
            bytes[1 + 8 * at..9 + 8 * at].copy_from_slice(&number.to_le_bytes());
        }
        bytes[25..].copy_from_slice(header);
        bytes
    }
}

/// A register's data keys, and what is worked out from them.
pub(crate) struct Ring {
    /// Data keys by number, ascending; the last one seals.
    keys: Vec<(u16, hkdf::Prk)>,
    /// What this opening seals by.
    name: KeyName,
    sealing: LessSafeKey,
    count: AtomicU64,
    opening: RwLock<FxHashMap<KeyName, Arc<LessSafeKey>>>,
    finding: hmac::Key,
    blocking: hmac::Key,
    marking: hmac::Key,
    others: hmac::Key,
}

impl std::fmt::Debug for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ring").finish_non_exhaustive()
    }
}

fn cipher(key: &[u8; SECRET]) -> Result<LessSafeKey, KeyError> {
    let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| KeyError::Random)?;
    Ok(LessSafeKey::new(key))
}

fn nonce(header: &[u8]) -> Nonce {
    let mut bytes = [0; 12];
    bytes[6..].copy_from_slice(&header[14..HEADER]);
    Nonce::assume_unique_for_key(bytes)
}

impl Ring {
    /// From data keys by number, of which there is one at least. The first also gives the keys of the
    /// indexes, which stay the same.
    pub fn new(data: &[(u16, [u8; SECRET])]) -> Result<Ring, KeyError> {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"satu data key");
        let keys: Vec<_> = data
            .iter()
            .map(|(number, secret)| (*number, salt.extract(secret)))
            .collect();
        let (Some((_, first)), Some((number, last))) = (keys.first(), keys.last()) else {
            return Err(KeyError::Unsealed);
        };
        let mac = |label: &[u8]| hmac::Key::new(hmac::HMAC_SHA256, &derived(first, label));
        let mut name = [0; 14];
        name[..2].copy_from_slice(&number.to_le_bytes());
        name[2..].copy_from_slice(&random::<12>()?);
        Ok(Ring {
            name,
            sealing: cipher(&derived(last, &name))?,
            count: AtomicU64::new(0),
            opening: RwLock::default(),
            finding: mac(b"find"),
            blocking: mac(b"block"),
            marking: mac(b"mark"),
            others: mac(b"others"),
            keys,
        })
    }

    /// Seals what is written into the bytes.
    pub fn seal_written<E: From<StoreError>>(
        &self,
        place: Place,
        room: usize,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<Vec<u8>, E> {
        let mut bytes = Vec::with_capacity(HEADER + room + TAG);
        bytes.extend(self.name);
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        bytes.extend(&count.to_le_bytes()[..6]);
        write(&mut bytes)?;
        let mut seal = || {
            if count >= MOST {
                return Err(ring::error::Unspecified);
            }
            let (header, plain) = bytes.split_at_mut(HEADER);
            let aad = Aad::from(place.bytes(header));
            self.sealing
                .seal_in_place_separate_tag(nonce(header), aad, plain)
        };
        let tag = seal().map_err(|_| E::from(place.fault()))?;
        bytes.extend(tag.as_ref());
        Ok(bytes)
    }

    /// Seals bytes.
    pub fn seal(&self, place: Place, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.seal_written(place, plain.len(), |bytes| {
            bytes.extend(plain);
            Ok(())
        })
    }

    /// Opens a sealed value in its own bytes. An error where it was altered, is of another place, or
    /// is sealed by a key that the register does not have.
    pub fn open<'a>(&self, place: Place, sealed: &'a mut [u8]) -> Result<&'a mut [u8], StoreError> {
        let (header, rest) = sealed.split_at_mut_checked(HEADER).ok_or(place.fault())?;
        let aad = Aad::from(place.bytes(header));
        let nonce = nonce(header);
        let mut name = [0; 14];
        name.copy_from_slice(&header[..14]);
        if name == self.name {
            return self
                .sealing
                .open_in_place(nonce, aad, rest)
                .map_err(|_| place.fault());
        }
        self.key(name)
            .and_then(|key| key.open_in_place(nonce, aad, rest).ok())
            .ok_or(place.fault())
    }

    fn key(&self, name: KeyName) -> Option<Arc<LessSafeKey>> {
        if let Ok(kept) = self.opening.read()
            && let Some(key) = kept.get(&name)
        {
            return Some(key.clone());
        }
        let number = u16::from_le_bytes([name[0], name[1]]);
        let (_, key) = self.keys.iter().find(|(one, _)| *one == number)?;
        let key = Arc::new(cipher(&derived(key, &name)).ok()?);
        if let Ok(mut kept) = self.opening.write() {
            if kept.len() >= KEPT {
                kept.clear();
            }
            kept.insert(name, key.clone());
        }
        Some(key)
    }

    /// Opens a text.
    pub fn text(&self, place: Place, mut sealed: Vec<u8>) -> Result<String, StoreError> {
        let plain = self.open(place, &mut sealed)?;
        let text = std::str::from_utf8(plain).map_err(|_| place.fault())?;
        Ok(text.to_owned())
    }

    /// Opens an entry of the ledger.
    pub fn entry(&self, seq: i64, mut sealed: Vec<u8>) -> Result<Entry, StoreError> {
        let plain = self.open(Place::entry(seq), &mut sealed)?;
        Entry::read(plain).map_err(|source| StoreError::Entry { seq, source })
    }

    /// Under what a value is found by those who know it: 96 bits of its HMAC-SHA-256, as sixteen
    /// letters. `what` keeps values of one meaning from telling anything of another.
    pub fn blind(&self, what: &str, value: &str) -> String {
        let mut mac = hmac::Context::with_key(&self.finding);
        mac.update(what.as_bytes());
        mac.update(b"\0");
        mac.update(value.as_bytes());
        let mac = mac.sign();
        letters(mac.as_ref())
    }

    /// A blocking key as the index holds it: 64 bits of its HMAC-SHA-256.
    pub fn blind_key(&self, key: u64) -> i64 {
        let mac = hmac::sign(&self.blocking, &key.to_le_bytes());
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&mac.as_ref()[..8]);
        i64::from_le_bytes(bytes)
    }

    /// What tells one row of numbers from another: 64 bits of their HMAC-SHA-256.
    pub fn mark(&self, numbers: [i64; 6]) -> u64 {
        let mac = hmac::sign(&self.marking, numbers.map(i64::to_le_bytes).as_flattened());
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&mac.as_ref()[..8]);
        u64::from_le_bytes(bytes)
    }

    /// A secret for something else, worked out from what it is for.
    pub fn worked_out(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = hmac::Context::with_key(&self.others);
        for part in parts {
            // A length before each: no two lists are the same bytes.
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        let mut bytes = [0; 32];
        bytes.copy_from_slice(mac.sign().as_ref());
        bytes
    }
}

/// The first twelve bytes in the letters of base 64 for addresses (RFC 4648, section 5).
fn letters(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(16);
    for three in bytes[..12].chunks(3) {
        let bits = three
            .iter()
            .fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        for shift in [18, 12, 6, 0] {
            text.push(char::from(LETTERS[bits >> shift & 63]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ring() -> Ring {
        Ring::new(&[(1, [7; SECRET])]).unwrap()
    }

    proptest! {
        #[test]
        fn what_is_sealed_is_opened_in_its_place_alone(
            plain in prop::collection::vec(any::<u8>(), 0..200),
            at in any::<prop::sample::Index>(),
            bit in 0..8_u8,
        ) {
            let (one, other) = (ring(), ring());
            let place = Place::finding(1, 2, 3);
            let sealed = one.seal(place, &plain).unwrap();
            prop_assert_eq!(sealed.len(), plain.len() + HEADER + TAG);
            // Whoever has the data key opens it: another opening of the register too.
            for ring in [&one, &other] {
                let mut copy = sealed.clone();
                prop_assert_eq!(&*ring.open(place, &mut copy).unwrap(), &plain[..]);
            }
            for elsewhere in [Place::finding(1, 2, 4), Place::finding(2, 1, 3), Place::entry(1)] {
                prop_assert!(other.open(elsewhere, &mut sealed.clone()).is_err());
            }
            let strange = Ring::new(&[(1, [8; SECRET])]).unwrap();
            prop_assert!(strange.open(place, &mut sealed.clone()).is_err());
            let mut flipped = sealed.clone();
            flipped[at.index(sealed.len())] ^= 1 << bit;
            prop_assert!(other.open(place, &mut flipped.clone()).is_err());
            prop_assert!(one.open(place, &mut flipped).is_err());
            let cut = at.index(sealed.len());
            prop_assert!(other.open(place, &mut sealed[..cut].to_vec()).is_err());
        }
    }

    #[test]
    fn no_nonce_comes_twice_under_one_key() {
        let mut seen = std::collections::HashSet::new();
        for _ in 0..50 {
            let ring = ring();
            for turn in 0..50 {
                let sealed = ring.seal(Place::entry(turn), b"sama").unwrap();
                assert!(seen.insert(sealed[..HEADER].to_vec()));
            }
        }
    }

    #[test]
    fn a_later_data_key_seals_and_the_earlier_still_opens() {
        let old = ring();
        let sealed = old.seal(Place::entry(1), b"dulu").unwrap();
        let new = Ring::new(&[(1, [7; SECRET]), (2, [9; SECRET])]).unwrap();
        assert_eq!(
            new.open(Place::entry(1), &mut sealed.clone()).unwrap(),
            b"dulu"
        );
        let sealed = new.seal(Place::entry(2), b"kini").unwrap();
        assert!(old.open(Place::entry(2), &mut sealed.clone()).is_err());
        assert_eq!(
            old.blind("nik", "3273015703850004"),
            new.blind("nik", "3273015703850004")
        );
    }

    #[test]
    fn an_index_says_the_same_of_the_same_and_nothing_without_the_key() {
        let (ring, strange) = (ring(), Ring::new(&[(1, [8; SECRET])]).unwrap());
        let nik = "3273015703850004";
        assert_eq!(ring.blind("nik", nik), ring.blind("nik", nik));
        assert_eq!(ring.blind("nik", nik).len(), 16);
        assert_ne!(ring.blind("nik", nik), ring.blind("nip", nik));
        assert_ne!(ring.blind("nik", nik), strange.blind("nik", nik));
        assert_eq!(ring.blind_key(5), ring.blind_key(5));
        assert_ne!(ring.blind_key(5), strange.blind_key(5));
        assert_eq!(letters(&[0xff; 32]), "________________");
        assert_eq!(letters(b"Mana dokumen?"), "TWFuYSBkb2t1bWVu");
        let parts = |parts: &[&[u8]]| ring.worked_out(parts);
        assert_ne!(parts(&[b"ab", b"c"]), parts(&[b"a", b"bc"]));
    }
}
