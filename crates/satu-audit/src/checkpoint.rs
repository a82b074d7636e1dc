//! Checkpoints: what a log is at a moment (C2SP tlog-checkpoint).

use crate::tree::{base64, unbase64};
use crate::{AuditError, Hash, Note, SigningKey, VerifierKey};

/// What a log is at a moment: its name, how many entries it has, and their root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, which is also that of its key.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

fn form(why: &'static str) -> AuditError {
    let what = "the checkpoint";
    AuditError::Form { what, why }
}

/// A number as these forms write it: decimal, without leading zeros or a sign.
pub(crate) fn number(text: &str) -> Option<u64> {
    let plain = text == "0" || !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

/// A hash in base64.
pub(crate) fn hash(text: &str) -> Option<Hash> {
    unbase64(text)?.try_into().ok()
}

impl Checkpoint {
    /// The checkpoint of this log as it is now, signed by its key, whose name it takes.
    pub fn sign(size: u64, root: &Hash, key: &SigningKey) -> String {
        let origin = key.verifier().name().to_owned();
        key.sign(&format!("{origin}\n{size}\n{}\n", base64(root)))
    }

    /// Reads a signed checkpoint, which the key of its log must have signed.
    pub fn open(note: &str, keys: &[VerifierKey]) -> Result<Checkpoint, AuditError> {
        let checkpoint = Checkpoint::read(note)?;
        if Note::parse(note)?
            .verify(keys)?
            .contains(&checkpoint.origin.as_str())
        {
            Ok(checkpoint)
        } else {
            Err(AuditError::Unsigned(checkpoint.origin))
        }
    }

    /// Reads a signed checkpoint without asking who signed it: for who has the log and can compare.
    pub fn read(note: &str) -> Result<Checkpoint, AuditError> {
        Checkpoint::parse(Note::parse(note)?.text())
    }

    /// Reads the text of a checkpoint, of which lines beyond the third mean nothing here.
    fn parse(text: &str) -> Result<Checkpoint, AuditError> {
        let mut lines = text.split_terminator('\n');
        let mut line = |why| {
            lines
                .next()
                .filter(|line| !line.is_empty())
                .ok_or(form(why))
        };
        let origin = line("it does not name its log")?.to_owned();
        let size = line("it has no size")?;
        let root = line("it has no root")?;
        let size = number(size).ok_or(form("its size is no number"))?;
        let root = hash(root).ok_or(form("its root is no hash"))?;
        if lines.any(str::is_empty) {
            return Err(form("it has an empty line"));
        }
        Ok(Checkpoint { origin, size, root })
    }
}
