//! The ledger, its projections and the questions they answer, on SQLite and on PostgreSQL.
//!
//! The ledger is the append-only truth. Every other table is a projection: [`projection`] folds
//! one entry after the other into it, in the transaction that appends the entry, and
//! [`Store::verify`] folds the whole ledger into a fresh database and compares.

pub mod access;
pub mod accounts;
pub mod arrivals;
mod aside;
pub mod ask;
pub mod audit;
pub mod backup;
mod block_key;
mod bulk;
mod change_rows;
pub mod changes;
pub mod clients;
mod comparing;
mod context;
pub mod credentials;
pub mod deliveries;
pub mod documents;
mod engine;
pub mod entry;
mod error;
mod golden;
mod kept_record;
mod keys;
pub mod ledger;
mod listed;
mod log;
mod machine;
pub mod neighbours;
pub mod once;
mod person_rows;
pub mod place;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod plan;
pub mod privacy;
mod projection;
pub mod proposals;
mod raw;
pub mod release;
pub mod review;
pub mod rows;
mod scope;
pub mod search;
pub mod snapshot;
mod tally;
mod together;
mod units;
mod verify;
pub mod webhooks;

pub use engine::Store;
pub use entry::Entry;
pub use error::StoreError;
pub use keys::{KeyError, KeyPlace, KeysShown, Waiting};
pub use ledger::{Head, Writer};
pub use log::Log;
pub use machine::SavedSince;
pub use raw::RawHasher;
pub use satu_audit::hex;
pub use scope::Scope;
pub use verify::Verdict;

/// The code list whose loading says which unit of an agency lies below which. Beside `id` and `nama` it
/// has the columns `diatasan_id`, the code of the unit above, and `instansi`, as records state it.
pub const UNITS: &str = "unor";

/// The ledger number that stands for "not yet ended" in `until`, `superseded_by` and the like, so
/// that "as known at ledger number n" is a comparison.
pub const OPEN: i64 = i64::MAX;
