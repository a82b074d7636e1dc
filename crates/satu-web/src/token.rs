//! The secret in a browser's cookie, and what is derived from it.

use satu_store::hex;
use sha2::{Digest, Sha256};

/// Bytes of a token: 256 bits, beyond guessing.
const BYTES: usize = 32;
/// Bytes of a block of SHA-256, for HMAC (RFC 2104).
const BLOCK: usize = 64;

/// The secret in a browser's cookie.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one; an error where the machine has no randomness to give.
    pub fn new() -> std::io::Result<Token> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
        Ok(Token(hex(&bytes)))
    }

    /// The one that a cookie holds, if it looks like one.
    pub fn parse(text: &str) -> Option<Token> {
        let fits = text.len() == 2 * BYTES && text.bytes().all(|b| b.is_ascii_hexdigit());
        fits.then(|| Token(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a form sent by this browser must hold: HMAC-SHA-256 (RFC 2104) of the word "form"
    /// under the token, so that whoever sees a page's source cannot tell the token.
    pub fn form_mark(&self) -> String {
        let pad = |with: u8| {
            let mut block = [with; BLOCK];
            for (byte, of_key) in block.iter_mut().zip(self.0.bytes()) {
                *byte ^= of_key;
            }
            block
        };
        let inner = Sha256::new()
            .chain_update(pad(0x36))
            .chain_update(b"form")
            .finalize();
        hex(&Sha256::new()
            .chain_update(pad(0x5c))
            .chain_update(inner)
            .finalize())
    }

    /// Whether a form's mark is this browser's, in a time that does not tell how nearly.
    pub fn marked(&self, mark: &str) -> bool {
        same(&self.form_mark(), mark)
    }
}

/// Whether a text is the secret one, in a time that tells its length at most.
pub fn same(secret: &str, text: &str) -> bool {
    let differing = secret
        .bytes()
        .zip(text.bytes())
        .fold(0, |all, (a, b)| all | (a ^ b));
    secret.len() == text.len() && std::hint::black_box(differing) == 0
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn a_mark_is_of_one_token() {
        let (one, two) = (Token::new().unwrap(), Token::new().unwrap());
        assert!(one.marked(&one.form_mark()));
        assert!(
            !one.marked(&two.form_mark()) && !one.marked("") && !one.marked(&one.form_mark()[1..])
        );
        assert!(!one.form_mark().contains(one.as_str()));
        assert!(Token::parse(one.as_str()).as_ref() == Some(&one));
        assert!(Token::parse("abc").is_none() && Token::parse(&"ü".repeat(32)).is_none());
    }

    /// Held against `printf form | openssl dgst -sha256 -hmac KEY`.
    #[test]
    fn the_mark_is_an_hmac() {
        let token = Token::parse(&"0123456789abcdef".repeat(4)).unwrap();
        assert_eq!(
            token.form_mark(),
            "68a4a1ffc1e6c803a879ec3969493947e5f4ac19733658c6b50738831374cce4"
        );
    }
}
