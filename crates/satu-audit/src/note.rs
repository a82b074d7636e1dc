//! Signed notes: a text, and who signed it (C2SP signed-note).

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer};
use sha2::{Digest, Sha256};

use crate::AuditError;
use crate::tree::{base64, unbase64};

/// The type byte of an Ed25519 key and its signatures.
const ED25519: u8 = 1;

/// More signatures than this are not read; the form wants at least 16 to be.
const MOST_SIGNATURES: usize = 100;

/// What an outsider needs to trust a log: its name and its public key, written
/// `NAME+ID+BASE64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: [u8; 4],
    key: ed25519_dalek::VerifyingKey,
}

/// What the keeper of a log signs with, written `PRIVATE+KEY+NAME+ID+BASE64`. Whoever has it can sign
/// any history.
#[derive(Clone)]
pub struct SigningKey {
    name: String,
    key: ed25519_dalek::SigningKey,
}

/// A text with its signatures, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signed>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Signed {
    name: String,
    id: [u8; 4],
    signature: Vec<u8>,
}

fn key_error(why: &'static str) -> AuditError {
    let what = "the key";
    AuditError::Form { what, why }
}

fn note_error(why: &'static str) -> AuditError {
    let what = "the signed note";
    AuditError::Form { what, why }
}

/// Key names are not empty and have neither spaces nor a plus sign.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

/// The first four bytes of a hash over the name and the key: they tell keys apart, no more.
fn id_of(name: &str, key: &[u8]) -> [u8; 4] {
    let hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(key)
        .finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

/// Takes `NAME+ID+BASE64` apart: the name, the ID and 32 bytes of key.
fn parts(text: &str) -> Result<(&str, [u8; 4], [u8; 32]), AuditError> {
    let mut parts = text.splitn(3, '+');
    let (name, id, rest) = match (parts.next(), parts.next(), parts.next()) {
        (Some(name), Some(id), Some(rest)) if is_name(name) => (name, id, rest),
        _ => return Err(key_error("it is not written NAME+ID+BASE64")),
    };
    if id.len() != 8
        || !id
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    {
        return Err(key_error("its ID is not eight hexadecimal digits"));
    }
    let id = u32::from_str_radix(id, 16).map_err(|_| key_error("its ID is no number"))?;
    let bytes = unbase64(rest).ok_or_else(|| key_error("what follows its ID is not base64"))?;
    match bytes.split_first() {
        Some((&ED25519, key)) => match key.try_into() {
            Ok(key) => Ok((name, id.to_be_bytes(), key)),
            Err(_) => Err(key_error("it has not the length of an Ed25519 key")),
        },
        _ => Err(key_error("it is no Ed25519 key of type 0x01")),
    }
}

impl VerifierKey {
    /// Whose key it is; a log's key has the origin of its checkpoints for a name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl FromStr for VerifierKey {
    type Err = AuditError;

    fn from_str(text: &str) -> Result<VerifierKey, AuditError> {
        let (name, id, key) = parts(text)?;
        if id != id_of(name, &key) {
            return Err(key_error("its ID is not that of its name and key"));
        }
        let key = ed25519_dalek::VerifyingKey::from_bytes(&key)
            .ok()
            .filter(|key| !key.is_weak())
            .ok_or_else(|| key_error("no point of the curve is written so"))?;
        let name = name.to_owned();
        Ok(VerifierKey { name, id, key })
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let bytes = [&[ED25519][..], self.key.as_bytes()].concat();
        let id = u32::from_be_bytes(self.id);
        write!(f, "{}+{id:08x}+{}", self.name, base64(&bytes))
    }
}

impl SigningKey {
    /// The key that 32 random bytes make, under a name.
    pub fn of_seed(name: &str, seed: [u8; 32]) -> Result<SigningKey, AuditError> {
        if !is_name(name) {
            return Err(key_error(
                "its name is empty, or has a space or a plus sign",
            ));
        }
        let key = ed25519_dalek::SigningKey::from_bytes(&seed);
        let name = name.to_owned();
        Ok(SigningKey { name, key })
    }

    /// What others verify its signatures with.
    pub fn verifier(&self) -> VerifierKey {
        let key = self.key.verifying_key();
        VerifierKey {
            id: id_of(&self.name, key.as_bytes()),
            name: self.name.clone(),
            key,
        }
    }

    /// The key written out, to be kept where nobody else reads it.
    pub fn secret(&self) -> String {
        let VerifierKey { name, id, .. } = self.verifier();
        let id = u32::from_be_bytes(id);
        let bytes = [&[ED25519][..], self.key.as_bytes()].concat();
        format!("PRIVATE+KEY+{name}+{id:08x}+{}", base64(&bytes))
    }

    /// A text of whole lines, signed.
    pub(crate) fn sign(&self, text: &str) -> String {
        let VerifierKey { name, id, .. } = self.verifier();
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        let signed = base64(&[&id[..], &signature].concat());
        format!("{text}\n\u{2014} {name} {signed}\n")
    }
}

impl FromStr for SigningKey {
    type Err = AuditError;

    fn from_str(text: &str) -> Result<SigningKey, AuditError> {
        let text = text
            .strip_prefix("PRIVATE+KEY+")
            .ok_or_else(|| key_error("a key to sign with begins with PRIVATE+KEY+"))?;
        let (name, id, seed) = parts(text)?;
        let key = SigningKey::of_seed(name, seed)?;
        if key.verifier().id != id {
            return Err(key_error("its ID is not that of its name and key"));
        }
        Ok(key)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "SigningKey({})", self.name)
    }
}

impl Note {
    /// Takes a note apart, without trusting it.
    pub fn parse(note: &str) -> Result<Note, AuditError> {
        if note.contains(|c: char| c.is_ascii_control() && c != '\n') {
            return Err(note_error("it has a control character"));
        }
        // The text may have blank lines; the last one parts it from the signatures.
        let at = note
            .rfind("\n\n")
            .ok_or_else(|| note_error("no blank line parts text and signatures"))?;
        let (text, lines) = (&note[..=at], &note[at + 2..]);
        let lines = lines
            .strip_suffix('\n')
            .ok_or_else(|| note_error("no signature ends it with a line break"))?;
        let signed = |line: &str| {
            let (name, signature) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
            let bytes = unbase64(signature)?;
            let (id, signature) = bytes.split_first_chunk()?;
            (is_name(name) && !signature.is_empty()).then(|| Signed {
                name: name.to_owned(),
                id: *id,
                signature: signature.to_owned(),
            })
        };
        let signatures: Option<Vec<Signed>> = lines
            .split('\n')
            .take(MOST_SIGNATURES + 1)
            .map(signed)
            .collect();
        let signatures = signatures.ok_or_else(|| note_error("a signature line is not one"))?;
        if signatures.len() > MOST_SIGNATURES {
            return Err(note_error("it has more than 100 signatures"));
        }
        let text = text.to_owned();
        Ok(Note { text, signatures })
    }

    /// The text. Trust it only after [`Note::verify`].
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of those of the keys that have signed it. A signature that claims to be of one of
    /// the keys and is not condemns the note; those of other keys say nothing.
    pub fn verify<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<&'k str>, AuditError> {
        let mut names = Vec::new();
        for signed in &self.signatures {
            let known = |key: &&VerifierKey| key.name == signed.name && key.id == signed.id;
            for key in keys.iter().filter(known) {
                let right = Signature::from_slice(&signed.signature)
                    .and_then(|signature| key.key.verify_strict(self.text.as_bytes(), &signature));
                if right.is_err() {
                    return Err(AuditError::Signature(key.name.clone()));
                }
                names.push(key.name());
            }
        }
        Ok(names)
    }
}
