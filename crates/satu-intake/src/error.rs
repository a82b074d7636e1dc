//! Why a file cannot be read, and what to do about it.

use std::fmt::{self, Display};
use std::path::PathBuf;

use crate::MapError;

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
    /// Bytes that no table begins with.
    #[error("{path} is not a table: it looks like {looks_like}")]
    NotATable {
        /// Which file.
        path: PathBuf,
        /// What its first bytes say.
        looks_like: LooksLike,
    },
    /// A workbook or a Parquet file that does not hold together.
    #[error("{path} is damaged or not what its name says: {reason}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What the reader met.
        reason: String,
    },
    /// Unpacks to more than is read.
    #[error("{path} unpacks to more than {limit} bytes: {part}")]
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// The part of the archive.
        part: String,
        /// The bound, in bytes.
        limit: u64,
    },
    /// No sheet of that name.
    #[error("{path} has no sheet {wanted:?}; it has {}", sheets.join(", "))]
    NoSheet {
        /// Which file.
        path: PathBuf,
        /// The sheet asked for.
        wanted: String,
        /// The sheets there are.
        sheets: Vec<String>,
    },
    /// No known column in the first rows.
    #[error("{path} has no known column; its first line reads {first:?}")]
    NoHeader {
        /// Which file.
        path: PathBuf,
        /// The first line, shortened.
        first: String,
    },
    /// Columns without which no row can be taken.
    #[error("{path}, read as {kind}, lacks the required columns: {}", columns.join(", "))]
    MissingColumns {
        /// Which file.
        path: PathBuf,
        /// The kind it was read as.
        kind: &'static str,
        /// What it lacks.
        columns: Vec<&'static str>,
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
    /// The map file names a header that the file lacks.
    #[error("{path} has no column {header:?}, which the map takes for {column}; it has {}", headers.join(", "))]
    MapHeader {
        /// Which file.
        path: PathBuf,
        /// The header the map names.
        header: String,
        /// Our column.
        column: &'static str,
        /// The headers there are.
        headers: Vec<String>,
    },
    /// The map does not fit the kind of the file.
    #[error(transparent)]
    Map(#[from] MapError),
    /// A quotation mark that is open at the end of the file, so that the rows behind it are lost.
    #[error("{path}, row {row}: a quotation mark opens here and is never closed")]
    NeverClosed {
        /// Which file.
        path: PathBuf,
        /// The row; the first line is row 1.
        row: u64,
    },
    /// A row that never ends.
    #[error("{path}, row {row}: more than {limit} bytes without an end of the row")]
    TooLong {
        /// Which file.
        path: PathBuf,
        /// The row; the first line is row 1.
        row: u64,
        /// The bound, in bytes.
        limit: u64,
    },
}

/// What bytes are of which no table is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LooksLike {
    /// A PDF document.
    Pdf,
    /// A file of Excel or Word as it was before 2007.
    OldOffice,
    /// A picture.
    Picture,
    /// A web page.
    WebPage,
    /// Anything else that is no text.
    Binary,
}

impl Display for LooksLike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LooksLike::Pdf => "a PDF document",
            LooksLike::OldOffice => "an old Excel or Word file",
            LooksLike::Picture => "a picture",
            LooksLike::WebPage => "a web page",
            LooksLike::Binary => "binary data",
        })
    }
}

impl IntakeError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            IntakeError::Io { .. } => "Check that the file exists and may be read.",
            IntakeError::Empty(_) => "Export the file again from its source.",
            IntakeError::NotATable { .. } => {
                "Save it as XLSX, CSV (UTF-8), Parquet or JSON lines and try again."
            }
            IntakeError::Damaged { .. } => "Open it in its program, save it again and try again.",
            IntakeError::TooLarge { .. } => "Split the file, or save it as CSV.",
            IntakeError::NoSheet { .. } => "Name one of its sheets with --sheet.",
            IntakeError::NoHeader { .. } => {
                "Put a header row with names such as nip, nik, nama, tanggal_lahir first, or write a map file (--map)."
            }
            IntakeError::MissingColumns { .. } => {
                "Add the columns, or say in a map file (--map) which columns hold them."
            }
            IntakeError::TwoHeaders { .. } => {
                "Rename or remove one of the two columns, or say which in a map file (--map)."
            }
            IntakeError::MapHeader { .. } => "Correct the name in the map file.",
            IntakeError::Map(_) => "Correct the map file.",
            IntakeError::NeverClosed { .. } | IntakeError::TooLong { .. } => {
                "Look for a quotation mark that is never closed."
            }
        }
    }
}
