//! Probabilistic record linkage: which records speak of the same thing?
//!
//! The engine follows Fellegi and Sunter (1969, "A Theory for Record Linkage"): every field of a
//! pair is compared into a few *levels* (same, a slip away, other ...), each level carries a weight
//! of evidence `log2(m / u)`, and the weights add up. `u`, the chance of a level among records of
//! different persons, comes from random pairs; `m`, its chance among records of the same person,
//! is learnt without labels by expectation-maximisation (Winkler 1988) over the pairs that share a
//! blocking key. Agreement on a rare value counts for more than on a common one.
//!
//! ```
//! use satu_linkage::{Constraints, Records, Spec, link};
//!
//! let spec = Spec::parse(r#"
//!     link_at = 0.9
//!     review_at = 0.5
//!     [[field]]
//!     name = "name"
//!     kind = "name"
//!     [[field]]
//!     name = "number"
//!     kind = "id"
//!     [[block]]
//!     keys = ["number"]
//! "#)?;
//! let mut records = Records::new(&spec);
//! records.push(&["Drs. Contoh Nama", "12345678"]);
//! records.push(&["NAMA CONTOH", "1234-5678"]);
//! records.push(&["Lain Orang", "87654321"]);
//! let linked = link(&records, &spec, &Constraints::default(), None);
//! assert_eq!(linked.clusters, [0, 0, 2]);
//! # Ok::<(), satu_linkage::SpecError>(())
//! ```

mod alike;
mod block;
mod cluster;
mod compare;
mod explain;
mod field;
mod intern;
mod learn;
mod link;
mod model;
mod part;
mod records;
mod sample;
mod score;
mod spec;
pub mod standard;

pub use alike::Alike;
pub use block::{BlockCount, Keys};
pub use explain::{Explanation, FieldEvidence, explain};
pub use field::{Field, FieldKind};
pub use link::{Constraints, Linked, Pair, Seconds, link};
pub use model::{FieldModel, LevelModel, Model};
pub use part::{Settled, settle, weigh};
pub use records::Records;
pub use spec::{Spec, SpecError};

/// The specification for civil servants' identity rows (`data_utama`), `specs/asn.toml`.
pub const ASN_SPEC: &str = include_str!("../../../specs/asn.toml");

/// The specification for the FEBRL data sets (Christen 2008), `specs/febrl.toml`.
pub const FEBRL_SPEC: &str = include_str!("../../../specs/febrl.toml");
