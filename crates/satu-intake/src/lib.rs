//! Readers of agency files: whatever the layout and the encoding, rows of the standard come out.

mod error;
mod mapping;
mod reader;

pub use error::IntakeError;
pub use mapping::Mapping;
pub use reader::{Reader, Row, open};
