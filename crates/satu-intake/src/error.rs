//! Why a file cannot be read, and what to do about it.

use std::path::PathBuf;

/// Why a file cannot be read as a table.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The file system said no.
    #[error("{path} cannot be read: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Nothing in it.
    #[error("{0} is empty (0 bytes)")]
    Empty(PathBuf),
    /// Bytes that no text table begins with.
    #[error("{path} is not a text table: it looks like {looks_like}")]
    NotATable {
        /// Which file.
        path: PathBuf,
        /// What its first bytes say.
        looks_like: &'static str,
    },
    /// No known column in the header.
    #[error("{path} has no known column; its first line reads {first:?}")]
    NoHeader {
        /// Which file.
        path: PathBuf,
        /// The first line, shortened.
        first: String,
    },
    /// Two headers mean the same column.
    #[error("{path}: the headers {first:?} and {second:?} both mean {column}")]
    TwoHeaders {
        /// Which file.
        path: PathBuf,
        /// Our column.
        column: &'static str,
        /// The one header.
        first: String,
        /// The other.
        second: String,
    },
    /// A row with more or fewer cells than the header.
    #[error("{path}, row {row}: {got} cells where the header has {expected}")]
    Ragged {
        /// Which file.
        path: PathBuf,
        /// The row; the header is row 1.
        row: u64,
        /// Cells in the header.
        expected: usize,
        /// Cells in the row.
        got: usize,
    },
    /// A row that never ends.
    #[error("{path}, row {row}: more than {limit} bytes without an end of the row")]
    TooLong {
        /// Which file.
        path: PathBuf,
        /// The row; the header is row 1.
        row: u64,
        /// The bound, in bytes.
        limit: u64,
    },
}

impl IntakeError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            IntakeError::Io { .. } => "Check that the file exists and may be read.",
            IntakeError::Empty(_) => "Export the file again from its source.",
            IntakeError::NotATable { .. } => "Save it as CSV (UTF-8) and try again.",
            IntakeError::NoHeader { .. } => {
                "Put a header row with names such as nip, nik, nama, tanggal_lahir first."
            }
            IntakeError::TwoHeaders { .. } => "Rename or remove one of the two columns.",
            IntakeError::Ragged { .. } => {
                "Look for a separator inside an unquoted value, or a line broken in two."
            }
            IntakeError::TooLong { .. } => "Look for a quotation mark that is never closed.",
        }
    }
}
