//! The registers that UU 27/2022 on personal data asks for: what civil servants ask about their
//! own data ([`asked`]), and failures to protect it ([`breaches`]). Working tables: no part of the
//! ledger, carried by backups.

mod asked;
mod breaches;

use jiff::SignedDuration;

pub use asked::{About, Asked, Verdict};
pub use breaches::{Affected, Breach, Told};

/// Three times 24 hours: within it a request is answered (UU 27/2022 art. 30, 32, 41) and a failure
/// is told to the persons and to the authority (art. 46).
pub const CLOCK: SignedDuration = SignedDuration::from_hours(3 * 24);
