//! Merkle logs that an outsider can hold to their past: the tree, signed checkpoints, and proofs.
//!
//! Whoever keeps a log signs, from time to time, its size and its root: a [`Checkpoint`]. Whoever
//! has kept one can be shown that an entry was in the log then ([`Inclusion`]) and that a later
//! checkpoint only added to it ([`Consistency`]), and needs nothing for that but the files and the
//! log's [`VerifierKey`]: [`check()`] knows no database and no server.
//!
//! The forms are public ones, so that other programs read them too: the tree of RFC 6962 (which
//! RFC 9162 keeps), and [signed-note], [tlog-checkpoint], [tlog-proof] and the request of
//! [tlog-witness] of the Community Cryptography Specification Project.
//!
//! [signed-note]: https://c2sp.org/signed-note
//! [tlog-checkpoint]: https://c2sp.org/tlog-checkpoint
//! [tlog-proof]: https://c2sp.org/tlog-proof
//! [tlog-witness]: https://c2sp.org/tlog-witness

mod check;
mod checkpoint;
mod error;
mod files;
mod note;
mod proof;
mod reading;
mod tree;

pub use check::{Checked, Proven, check};
pub use checkpoint::Checkpoint;
pub use error::AuditError;
pub use files::{Consistency, File, Inclusion};
pub use note::{Note, SigningKey, VerifierKey};
pub use proof::{consistency, extends, includes, inclusion};
pub use reading::Reading;
pub use tree::{Frontier, Hash, base64, hex, leaf};
