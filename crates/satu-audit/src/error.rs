//! Why a key, a checkpoint or a proof does not stand.

/// Why a key, a checkpoint or a proof does not stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// It is not written as its form wants it.
    #[error("{what} cannot be read: {why}")]
    Form {
        /// A key, a signed note, a checkpoint, a proof.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Nobody known has signed it.
    #[error("no key that you trust has signed the checkpoint of {0:?}")]
    Unsigned(String),
    /// Somebody known seems to have signed it, but has not.
    #[error("the signature of {0:?} is wrong: the text was altered, or never signed")]
    Signature(String),
    /// The entry is not one of those that were signed.
    #[error("entry {number} as it stands here is NOT among the {size} that {origin:?} signed")]
    NotIncluded {
        /// Its number; the first is 1.
        number: u64,
        /// Entries signed.
        size: u64,
        /// The log.
        origin: String,
    },
    /// The log's past was changed between two checkpoints.
    #[error("the {new} entries of {origin:?} do NOT begin with the {old} signed before")]
    NotExtended {
        /// Entries of the earlier checkpoint.
        old: u64,
        /// Entries of the later one.
        new: u64,
        /// The log.
        origin: String,
    },
    /// The proof starts at a checkpoint that is not at hand.
    #[error(
        "the proof starts at the checkpoint of {size} entries of {origin:?}, which is not here"
    )]
    NoStart {
        /// Entries of the checkpoint that is missing.
        size: u64,
        /// The log.
        origin: String,
    },
    /// One log was signed at one size with two contents.
    #[error(
        "{origin:?} has signed two different histories of {size} entries; the other is in {file}"
    )]
    Fork {
        /// Entries signed.
        size: u64,
        /// The log.
        origin: String,
        /// The file that contradicts.
        file: String,
    },
}

impl AuditError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            AuditError::Form { .. } => {
                "Take the file again from where it came; change no byte of it."
            }
            AuditError::Unsigned(_) => {
                "Give the verifier key of this log, as its keeper has published it."
            }
            AuditError::Signature(_) => {
                "Take the file again from where it came; if it stays so, it is a forgery."
            }
            AuditError::NotIncluded { .. } | AuditError::NotExtended { .. } => {
                "Either the proof was damaged or the past was changed: ask the keeper for the proof again, and keep all files."
            }
            AuditError::NoStart { .. } => "Name the earlier checkpoint too.",
            AuditError::Fork { .. } => {
                "Keep both files: together they prove that the keeper of the log has told two stories."
            }
        }
    }
}
