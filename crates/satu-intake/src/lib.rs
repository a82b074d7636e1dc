//! Readers of agency files: whatever the format, the layout and the encoding, rows of the standard
//! come out.
//!
//! [`open`] recognises CSV, XLSX, Parquet and JSON lines by their bytes. Memory does not grow with the
//! file (but for the shared strings of a workbook, which are bounded).

mod batches;
mod cells;
mod columnar;
mod delimited;
mod error;
mod jsonl;
mod map;
mod mapping;
mod nested;
mod reader;
mod synonyms;
mod thrift;
mod workbook;

pub use batches::Batches;
pub use cells::NoText;
pub use error::{IntakeError, LooksLike};
pub use map::{MapError, MapFile};
pub use mapping::{Mapping, Taken};
pub use reader::{Broken, Doubt, Options, Reader, Row, open, read};
