//! Why the store could not do what was asked.

use sqlx::error::DatabaseError;

use crate::keys::KeyError;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address names no database that we speak to.
    #[error("{0:?} is no database address: give a file, sqlite:FILE or postgres://...")]
    Address(String),
    /// Asked to read what is not there.
    #[error("there is no database {0:?}")]
    Missing(String),
    /// The database said no.
    #[error("the database refused: {0}")]
    Database(#[from] sqlx::Error),
    /// The connection to the database cannot be encrypted, or its certificate is not trusted.
    #[error("no encrypted connection to the database: {0}")]
    Tls(sqlx::Error),
    /// A stored entry cannot be read: the database was altered or written by a newer version.
    #[error("ledger entry {seq} cannot be read: {source}")]
    Entry {
        /// Which.
        seq: i64,
        /// Why.
        source: serde_json::Error,
    },
    /// An entry cannot be written as JSON.
    #[error("the entry cannot be written: {0}")]
    Encode(serde_json::Error),
    /// Kept bytes cannot be packed or unpacked.
    #[error("the kept bytes {hash} cannot be read: {source}")]
    Blob {
        /// Their SHA-256.
        hash: String,
        /// Why.
        source: std::io::Error,
    },
    /// The tables are those of another version.
    #[error("the database has the tables of another version of this program")]
    Layout,
    /// A sealed value does not open.
    #[error(
        "the sealed {what} {row} does not open: it was altered, moved, or sealed by another key"
    )]
    Sealed {
        /// What it is.
        what: &'static str,
        /// The first number of its row.
        row: i64,
    },
    /// The keys cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Something is asked of a source that nobody declared.
    #[error("the source {0:?} is not known")]
    UnknownSource(String),
    /// A place in the change feed is none of this register's as it stands.
    #[error("the register has no such place in its changes: it was restored, or is another")]
    OtherFeed,
    /// What is written rests on something that another wrote over since it was read.
    #[error("what it is about was changed meanwhile; nothing was written")]
    Overtaken,
    /// A source that is declared already would become another's, with all that it said.
    #[error("the source {0:?} is declared for another agency, or as another kind of system")]
    OtherSource(String),
    /// The linkage specification that comes with the program cannot be used.
    #[error("the linkage specification cannot be used: {0}")]
    Spec(#[from] satu_linkage::SpecError),
}

impl StoreError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            StoreError::Layout => {
                "Write a backup with that version, and restore it with this one into a new database."
            }
            StoreError::Missing(_) => {
                "Correct --db or SATU_DB; `satu intake` makes a new database."
            }
            StoreError::Address(_) => "Correct --db or SATU_DB.",
            StoreError::Database(error) => database(error),
            StoreError::Tls(_) => {
                "Give the server a certificate that this machine trusts, or name its authority with sslrootcert=FILE in \
                 the address; sslmode=disable only where the network between is guarded otherwise."
            }
            StoreError::Entry { .. } | StoreError::Blob { .. } | StoreError::Sealed { .. } => {
                "Run `satu verify`; restore from a backup if it reports a difference."
            }
            StoreError::Key(error) => error.hint(),
            StoreError::Encode(_) | StoreError::Spec(_) => "Report this; nothing was written.",
            StoreError::OtherFeed => "Begin anew: read the changes from the beginning.",
            StoreError::Overtaken => "Read it anew, and try again.",
            StoreError::UnknownSource(_) => "Declare the source with its first delivery.",
            StoreError::OtherSource(_) => {
                "Give the source another code; what a source has said stays its agency's."
            }
        }
    }
}

/// What to do about what the database said.
fn database(error: &sqlx::Error) -> &'static str {
    let code = error.as_database_error().and_then(DatabaseError::code);
    // Of SQLite (sqlite.org/rescode.html): 13 FULL, 26 NOTADB. Of PostgreSQL (its manual, appendix A): 28000
    // and 28P01, a role or password that is wrong; 3D000, no such database; 53100, the disk is full.
    match code.as_deref() {
        Some("26" | "3D000") => "Correct --db or SATU_DB: there is no register of that name.",
        Some("28000" | "28P01") => "Correct the user and the password in --db or SATU_DB.",
        Some("13" | "53100") => "Make room on the disk of the database.",
        _ => {
            "Check that the database can be reached and written, its folder too, and that no other program holds it."
        }
    }
}
