//! Why the register's keys cannot be had.

use std::path::PathBuf;

/// Why the register's keys cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The machine names no folder for the user's data.
    #[error(
        "there is no folder for the key of the register: neither XDG_DATA_HOME nor HOME is set"
    )]
    NoFolder,
    /// No file.
    #[error("the register is sealed, and there is no key file {}", path.display())]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// The file cannot be read or written.
    #[error("the key file {} cannot be read or written: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Others than its owner can read it.
    #[error("the key file {} can be read by others (mode {mode:o})", path.display())]
    Open {
        /// Which.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// It is no key file, or not whole.
    #[error("the key file {} is damaged, or none: line {line}", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// The first line that is not as it should be.
        line: usize,
    },
    /// It holds other keys.
    #[error("the key file {} holds no key {master}, by which the register is sealed", path.display())]
    Wrong {
        /// Which.
        path: PathBuf,
        /// The key that is needed.
        master: String,
    },
    /// A data key does not open with the right master key.
    #[error("data key {0} of the register is damaged")]
    Wrapped(i64),
    /// There is data, and no key that it could be sealed by.
    #[error("this database was filled before registers were sealed, or its keys were taken out")]
    Unsealed,
    /// Opened without a key.
    #[error("the register was opened without its key")]
    Unopened,
    /// No such key can be dropped.
    #[error("the key file has no key {0} that is not in use")]
    NotSpare(String),
    /// The machine gives no random bytes.
    #[error("the machine gives no random bytes")]
    Random,
}

impl KeyError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            KeyError::NoFolder => {
                "Name a key file outside the database's folder: --key FILE or SATU_KEY_FILE."
            }
            KeyError::Missing { .. } => {
                "Name the key file with --key or SATU_KEY_FILE, or put its copy back there. Nothing else opens this register."
            }
            KeyError::File { .. } => "Check the file, its folder and who may use them.",
            KeyError::Open { .. } => "Take the others' rights away: chmod 600 FILE.",
            KeyError::Damaged { .. } => "Put a copy of the key file back in its place.",
            KeyError::Wrong { .. } => {
                "Name the register's own key file with --key or SATU_KEY_FILE; `satu key show` says which keys a file holds."
            }
            KeyError::Wrapped(_) => "Restore from a backup.",
            KeyError::Unsealed => {
                "Take the delivered files in again, into a new database: this version reads no register that is not sealed."
            }
            KeyError::Unopened => "Report this; nothing was written.",
            KeyError::NotSpare(_) => "`satu key show` lists the keys. The one in use stays.",
            KeyError::Random => "Nothing was written. Try again.",
        }
    }
}
