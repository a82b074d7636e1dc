//! The operations of SIASN, the national personnel service, as agencies' programs call them: which
//! there are, how each field of an answer is filled from the register, how what is saved becomes a row
//! of the standard, and the forms of answers, dates, numbers and ids. No HTTP, no database.
//!
//! Every misspelling and odd capital in here is the service's own: programs depend on it.

mod answers;
mod codes;
mod envelope;
mod format;
mod histories;
mod ids;
mod lists;
mod operations;
mod record;
mod saves;
mod told;

pub use codes::Codes;
pub use envelope::{NOTHING, declined, failed, found, refused, synced, written};
pub use format::{day, moment};
pub use histories::{HISTORIES, History, Of};
pub use ids::{Id, digits, named, person_id, row_id};
pub use lists::{code_list, unor};
pub use operations::{Does, Method, Operation, operation};
pub use record::{KEPT, Paper, Row, Subject, path_of};
pub use saves::{Draft, Refusal, Said, fields_of};
