//! The second factor: codes from the time (RFC 6238: 30 seconds, SHA-1, six digits), and what stands
//! in for them once.
//!
//! No secret is kept. It is worked out from a nonce in the database and a key that opens with the key
//! file outside it alone, so that who reads the database, or a backup of it, cannot make codes. A
//! rotation of the master key leaves it as it is.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use satu_store::{Store, StoreError, hex};
use sha1::Sha1;
use sha2_for_hmac::Sha256;

use crate::token::same;

/// Seconds of a step.
const STEP: i64 = 30;
/// Steps before and after the present one whose code is taken: clocks differ, and typing takes time
/// (RFC 6238, section 5.2).
const SKEW: i64 = 1;
/// Bytes of a nonce, and of the key.
const BYTES: usize = 32;
/// Recovery codes of an account.
pub const CODES: usize = 10;
/// Letters of a recovery code. 24 of 32 letters are 120 bits: from 112 on a plain hash keeps them
/// (SP 800-63B-4, 3.1.2.2).
const LETTERS: usize = 24;
/// Letters that are told apart on any screen and paper.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// The alphabet of base 32 (RFC 4648).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn random<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(bytes)
}

/// HMAC-SHA-1 (RFC 2104), which takes a key of any length.
fn mac(key: &[u8], parts: &[&[u8]]) -> std::io::Result<[u8; 20]> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).map_err(std::io::Error::other)?;
    for part in parts {
        mac.update(part);
    }
    Ok(mac.finalize().into_bytes().into())
}

/// The key that secrets are worked out from.
pub struct Key([u8; BYTES]);

impl Key {
    /// The key of a register.
    pub fn of(store: &Store) -> Result<Key, StoreError> {
        Ok(Key(store.worked_out(&[b"second factors and signatures"])?))
    }

    /// A secret for something else than a second factor: HMAC-SHA-256 over what it is for.
    pub fn worked_out(&self, parts: &[&str]) -> std::io::Result<[u8; 32]> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).map_err(std::io::Error::other)?;
        for part in parts {
            mac.update(part.as_bytes());
        }
        Ok(mac.finalize().into_bytes().into())
    }

    /// The secret of an account's nonce.
    pub fn secret(&self, account: i64, nonce: &str) -> std::io::Result<Secret> {
        let of = account.to_be_bytes();
        Ok(Secret(mac(&self.0, &[b"totp", &of, nonce.as_bytes()])?))
    }
}

/// A new nonce.
pub fn nonce() -> std::io::Result<String> {
    Ok(hex(&random::<BYTES>()?))
}

/// Whether a text can be a nonce.
pub fn is_nonce(text: &str) -> bool {
    text.len() == 2 * BYTES && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The secret that an authenticator shares: 160 bits, as RFC 4226 (section 4) recommends.
pub struct Secret([u8; 20]);

impl Secret {
    /// In base 32, as it is typed where no picture can be taken.
    pub fn text(&self) -> String {
        let quintets = self.0.chunks(5).flat_map(|five| {
            let bits = five
                .iter()
                .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            (0..8)
                .rev()
                .map(move |at| usize::from((bits >> (5 * at)) as u8 & 31))
        });
        quintets.map(|at| char::from(BASE32[at])).collect()
    }

    /// What the picture says: the address that authenticators read.
    pub fn address(&self, login: &str) -> String {
        let login = crate::page::encoded(login);
        format!(
            "otpauth://totp/Satu%20Data%20ASN:{login}?secret={}&issuer=Satu%20Data%20ASN",
            self.text()
        )
    }

    /// The code of a step (RFC 4226, section 5.3).
    fn code(&self, step: i64) -> std::io::Result<String> {
        let mac = mac(&self.0, &[&step.to_be_bytes()])?;
        let from = usize::from(mac[19] & 15);
        let bits = mac[from..from + 4]
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        Ok(format!("{:06}", (bits & 0x7fff_ffff) % 1_000_000))
    }

    /// The step whose code this is, of those that are taken now.
    pub fn step(&self, code: &str, now: Timestamp) -> std::io::Result<Option<i64>> {
        let present = now.as_second().div_euclid(STEP);
        let mut found = None;
        for step in present - SKEW..=present + SKEW {
            if same(&self.code(step)?, code) {
                found = Some(step);
            }
        }
        Ok(found)
    }
}

/// New recovery codes, as they are read: groups of four letters.
pub fn recovery_codes() -> std::io::Result<Vec<String>> {
    let one = || {
        let letters = random::<LETTERS>()?.map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
        let groups: Vec<String> = letters
            .chunks(4)
            .map(|four| four.iter().collect())
            .collect();
        Ok(groups.join("-"))
    };
    std::iter::repeat_with(one).take(CODES).collect()
}

/// A recovery code as it is kept, of one as it was typed; none of what cannot be one.
pub fn recovery_code(typed: &str) -> Option<String> {
    let signs = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
    let code: String = signs.map(|c| c.to_ascii_lowercase()).collect();
    (code.len() == LETTERS).then_some(code)
}

/// A code as it was typed, without what is put between its digits; none of what is not six digits.
pub fn digits(typed: &str) -> Option<String> {
    let signs = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
    let code: String = signs.collect();
    (code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{CODES, Key, Secret, digits, nonce, recovery_code, recovery_codes};

    fn secret() -> Secret {
        Secret(*b"12345678901234567890")
    }

    /// RFC 6238, appendix B, of eight digits the last six; RFC 4648, section 10.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret().code(second / 30).unwrap(), code, "{second}");
            let now = Timestamp::from_second(second).unwrap();
            assert_eq!(secret().step(code, now).unwrap(), Some(second / 30));
        }
        assert_eq!(secret().text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn a_code_is_taken_a_step_early_or_late_and_no_more() {
        let at = |step: i64| Timestamp::from_second(step * 30 + 5).unwrap();
        let code = secret().code(1_000).unwrap();
        for step in [999, 1_000, 1_001] {
            assert_eq!(secret().step(&code, at(step)).unwrap(), Some(1_000));
        }
        for step in [998, 1_002] {
            assert_eq!(secret().step(&code, at(step)).unwrap(), None);
        }
        for wrong in ["", "28708", "2870821", "abcdef"] {
            assert_eq!(secret().step(wrong, at(1_000)).unwrap(), None);
        }
    }

    #[test]
    fn a_secret_is_of_one_account_one_nonce_and_one_key() {
        let (key, other) = (Key([1; 32]), Key([2; 32]));
        let (one, two) = (nonce().unwrap(), nonce().unwrap());
        let told = |key: &Key, account, nonce: &str| key.secret(account, nonce).unwrap().text();
        let first = told(&key, 1, &one);
        assert_eq!(first, told(&key, 1, &one));
        assert_ne!(first, told(&key, 2, &one));
        assert_ne!(first, told(&key, 1, &two));
        assert_ne!(first, told(&other, 1, &one));
    }

    #[test]
    fn codes_are_read_however_they_are_typed() {
        let mut codes = recovery_codes().unwrap();
        let kept = recovery_code(&codes[0]).unwrap();
        assert_eq!(
            recovery_code(&codes[0].to_uppercase().replace('-', " ")),
            Some(kept)
        );
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), CODES);
        assert_eq!(digits(" 123 456 ").as_deref(), Some("123456"));
        assert_eq!(digits("12345"), None);
        assert_eq!(recovery_code("123456"), None);
    }
}
