//! Verifying files, with nothing but the files and the keys that are trusted.

use std::fmt;

use crate::{AuditError, Checkpoint, File, Hash, VerifierKey, base64, extends, includes, leaf};

/// A file and what it proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The file's name.
    pub name: String,
    /// What it proves, or why it proves nothing.
    pub found: Result<Proven, AuditError>,
}

/// What a file proves. Its text is one sentence that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proven {
    /// The log was this, by the word of who keeps it.
    Signed(Checkpoint),
    /// The log held this entry.
    Included {
        /// The log.
        checkpoint: Checkpoint,
        /// The entry's number; the first is 1.
        number: u64,
        /// The entry's bytes.
        entry: Vec<u8>,
    },
    /// The log was only added to.
    Extended {
        /// Entries it had before.
        old: u64,
        /// The log later.
        checkpoint: Checkpoint,
    },
}

impl Proven {
    /// The log at the moment that the file speaks of.
    pub fn checkpoint(&self) -> &Checkpoint {
        match self {
            Proven::Signed(checkpoint)
            | Proven::Included { checkpoint, .. }
            | Proven::Extended { checkpoint, .. } => checkpoint,
        }
    }
}

impl fmt::Display for Proven {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Checkpoint { origin, size, root } = self.checkpoint();
        match self {
            Proven::Signed(_) => write!(
                f,
                "{origin} has signed that its log holds {size} entries with the root {}",
                base64(root)
            ),
            Proven::Included { number, .. } => write!(
                f,
                "the entry shown is number {number} of the {size} that {origin} has signed, word for word"
            ),
            Proven::Extended { old, .. } => write!(
                f,
                "the {size} entries that {origin} has signed begin with the {old} signed before, unchanged and in their order"
            ),
        }
    }
}

/// Verifies files, each a name and its text, against the keys that are trusted. A proof that starts
/// at an earlier checkpoint finds it among the files; checkpoints that contradict one another are
/// found whichever files they stand in.
pub fn check(files: &[(String, String)], keys: &[VerifierKey]) -> Vec<Checked> {
    let read = |(_, text): &(String, String)| {
        let file = File::parse(text)?;
        let checkpoint = Checkpoint::open(file.checkpoint(), keys)?;
        Ok((file, checkpoint))
    };
    let opened: Vec<Result<(File, Checkpoint), AuditError>> = files.iter().map(read).collect();
    let known = || {
        let names = files.iter().map(|(name, _)| name);
        let opened = names.zip(&opened);
        opened.filter_map(|(name, opened)| Some((name, &opened.as_ref().ok()?.1)))
    };
    let found = |opened: &Result<(File, Checkpoint), AuditError>| {
        let (file, checkpoint) = opened.as_ref().map_err(Clone::clone)?;
        let Checkpoint { origin, size, root } = checkpoint;
        let same = |size: u64| {
            known().filter(move |(_, other)| other.origin == *origin && other.size == size)
        };
        if let Some((name, _)) = same(*size).find(|(_, other)| other.root != *root) {
            return Err(AuditError::Fork {
                size: *size,
                origin: origin.clone(),
                file: name.clone(),
            });
        }
        let checkpoint = checkpoint.clone();
        match file {
            File::Checkpoint(_) => Ok(Proven::Signed(checkpoint)),
            File::Inclusion(proof) => {
                let number = proof.index.saturating_add(1);
                let hash = leaf(&proof.entry);
                if includes(&hash, proof.index, *size, &proof.path, root) {
                    Ok(Proven::Included {
                        checkpoint,
                        number,
                        entry: proof.entry.clone(),
                    })
                } else {
                    Err(AuditError::NotIncluded {
                        number,
                        size: *size,
                        origin: origin.clone(),
                    })
                }
            }
            File::Consistency(proof) => {
                let old = proof.old;
                let starts: Vec<&Hash> = same(old).map(|(_, start)| &start.root).collect();
                let proves = |start: &&Hash| extends(old, start, *size, root, &proof.path);
                if starts.is_empty() {
                    Err(AuditError::NoStart {
                        size: old,
                        origin: origin.clone(),
                    })
                } else if starts.iter().all(proves) {
                    Ok(Proven::Extended { old, checkpoint })
                } else {
                    Err(AuditError::NotExtended {
                        old,
                        new: *size,
                        origin: origin.clone(),
                    })
                }
            }
        }
    };
    let checked = |((name, _), opened): (&(String, String), _)| Checked {
        name: name.clone(),
        found: found(opened),
    };
    files.iter().zip(&opened).map(checked).collect()
}
