//! The use cases: hold a file against the standard, take it in, link, resolve, ask.

pub mod check;
pub mod report;
