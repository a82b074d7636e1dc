//! The vocabulary of the Indonesian civil service as types that cannot hold a wrong value.
//!
//! Everything here is parsed once, at the edge, and never validated again. The crate knows no
//! files, no database and no HTTP.

pub mod canonical;
pub mod dates;
pub mod golongan;
pub mod jabatan;
pub mod kinerja;
pub mod name;
pub mod nik;
pub mod nip;
pub mod pendidikan;
pub mod province;
pub mod resolve;
pub mod schema;
pub mod sex;

pub use canonical::{can_be, canonical};
pub use dates::{RecordedAt, Tmt, parse_date};
pub use golongan::Golongan;
pub use jabatan::{JenisJabatan, JenisPegawai, KedudukanHukum};
pub use kinerja::Ekspektasi;
pub use name::PersonName;
pub use nik::{Nik, NikError};
pub use nip::{Nip, NipError, NipLama};
pub use pendidikan::TingkatPendidikan;
pub use province::{Gazetteer, Province};
pub use schema::Kind;
pub use sex::Sex;
