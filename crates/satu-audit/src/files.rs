//! The files that an outsider is given: checkpoints and proofs.

use std::fmt;

use crate::checkpoint::{hash, number};
use crate::tree::{base64, unbase64};
use crate::{AuditError, Hash};

const PROOF: &str = "c2sp.org/tlog-proof@v1";

/// More hashes than a tree of 2^63 entries has levels prove nothing.
const MOST_HASHES: usize = 64;

/// Proof that an entry is in a log (C2SP tlog-proof). The form's extra data are the entry's own bytes,
/// so that the file says what it proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// The entry's bytes.
    pub entry: Vec<u8>,
    /// Its place; the first entry has the index 0.
    pub index: u64,
    /// The roots that lead from it to the log's, from the leaf upward.
    pub path: Vec<Hash>,
    /// The signed checkpoint of the log.
    pub checkpoint: String,
}

/// Proof that a log begins with an earlier state of itself, written as what a witness is asked
/// (`add-checkpoint` of C2SP tlog-witness), so that it can be sent to one as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consistency {
    /// Entries of the earlier state.
    pub old: u64,
    /// The roots that lead from it to the later one.
    pub path: Vec<Hash>,
    /// The signed checkpoint of the later state.
    pub checkpoint: String,
}

/// Any of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File {
    /// A signed checkpoint.
    Checkpoint(String),
    /// Proof that an entry is in a log.
    Inclusion(Inclusion),
    /// Proof that a log begins with an earlier state of itself.
    Consistency(Consistency),
}

fn form(why: &'static str) -> AuditError {
    let what = "the proof";
    AuditError::Form { what, why }
}

impl File {
    /// Reads a file; its first line says what it is. Signatures and proofs are not verified.
    pub fn parse(text: &str) -> Result<File, AuditError> {
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        if first == PROOF {
            let (extra, rest) = match rest.strip_prefix("extra ") {
                Some(rest) => line(rest)?,
                None => return Err(form("it does not hold the entry that it is about")),
            };
            let entry = unbase64(extra).ok_or(form("its entry is not base64"))?;
            let (index, rest) = line(rest)?;
            let index = index
                .strip_prefix("index ")
                .and_then(number)
                .ok_or(form("it does not say which entry it is about"))?;
            let (path, checkpoint) = path(rest)?;
            Ok(File::Inclusion(Inclusion {
                entry,
                index,
                path,
                checkpoint,
            }))
        } else if let Some(old) = first.strip_prefix("old ").and_then(number) {
            let (path, checkpoint) = path(rest)?;
            Ok(File::Consistency(Consistency {
                old,
                path,
                checkpoint,
            }))
        } else {
            Ok(File::Checkpoint(text.to_owned()))
        }
    }

    /// The signed checkpoint, which every file is or ends with.
    pub fn checkpoint(&self) -> &str {
        match self {
            File::Checkpoint(checkpoint) => checkpoint,
            File::Inclusion(proof) => &proof.checkpoint,
            File::Consistency(proof) => &proof.checkpoint,
        }
    }
}

fn line(text: &str) -> Result<(&str, &str), AuditError> {
    text.split_once('\n').ok_or(form("it ends too soon"))
}

/// Hashes, a line each, up to a blank line; and what follows it.
fn path(mut text: &str) -> Result<(Vec<Hash>, String), AuditError> {
    let mut path = Vec::new();
    loop {
        let (next, rest) = line(text)?;
        text = rest;
        if next.is_empty() {
            return Ok((path, text.to_owned()));
        }
        if path.len() == MOST_HASHES {
            return Err(form("it has more hashes than any proof"));
        }
        path.push(hash(next).ok_or(form("a line of it is no hash"))?);
    }
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let path = match self {
            File::Checkpoint(_) => return f.write_str(self.checkpoint()),
            File::Inclusion(proof) => {
                let (entry, index) = (base64(&proof.entry), proof.index);
                write!(f, "{PROOF}\nextra {entry}\nindex {index}\n")?;
                &proof.path
            }
            File::Consistency(proof) => {
                writeln!(f, "old {}", proof.old)?;
                &proof.path
            }
        };
        for hash in path {
            writeln!(f, "{}", base64(hash))?;
        }
        write!(f, "\n{}", self.checkpoint())
    }
}
