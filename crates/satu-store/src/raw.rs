//! The raw bytes of deliveries: kept compressed and sealed, in parts, under a name worked out from
//! their own hash. The hash itself would tell whoever can guess the rest of a small delivery.

use std::io::{Read, Write};

use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::keys::{Place, Ring};
use crate::ledger::Writer;
use crate::{Store, StoreError, hex};

/// Bytes in a part before packing: bounds the memory that keeping and reading takes.
const PART: usize = 4 << 20;

/// The name under which the bytes of a hash are kept.
pub(crate) fn name(ring: &Ring, hash: &str) -> String {
    ring.blind("raw", hash)
}

/// The place of a part of what is kept under a name.
fn place(name: &str, part: i64) -> Place {
    let first = name.as_bytes().first_chunk().copied().unwrap_or_default();
    Place::raw(i64::from_le_bytes(first), part)
}

/// Takes the SHA-256 of bytes that stream by.
#[derive(Default)]
pub struct RawHasher(Sha256);

impl RawHasher {
    /// Takes in more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all that was taken in, in hexadecimal digits.
    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }

    /// The hash of everything that a reader gives.
    pub fn of(mut reader: impl Read) -> std::io::Result<String> {
        let mut hasher = RawHasher::default();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match reader.read(&mut buffer)? {
                0 => return Ok(hasher.finish()),
                count => hasher.update(&buffer[..count]),
            }
        }
    }
}

impl Writer {
    /// Keeps the bytes of a delivery under their hash; bytes already kept are not kept twice.
    pub async fn keep_raw(
        &mut self,
        hash: &str,
        mut reader: impl Read + Send,
    ) -> Result<(), StoreError> {
        let fault = |source| StoreError::Blob {
            hash: hash.to_owned(),
            source,
        };
        let name = name(&self.ring, hash);
        let (kept,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM raw_part WHERE hash = $1")
            .bind(name.clone())
            .fetch_one(&mut *self.tx)
            .await?;
        if kept > 0 {
            return Ok(());
        }
        for part in 0i64.. {
            let mut bytes = Vec::new();
            reader
                .by_ref()
                .take(PART as u64)
                .read_to_end(&mut bytes)
                .map_err(fault)?;
            if bytes.is_empty() && part > 0 {
                break;
            }
            let packed = zstd::bulk::compress(&bytes, 3).map_err(fault)?;
            let packed = self.ring.seal(place(&name, part), &packed)?;
            sqlx::query("INSERT INTO raw_part (hash, part, packed) VALUES ($1, $2, $3)")
                .bind(name.clone())
                .bind(part)
                .bind(packed)
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }
}

impl Store {
    /// Writes the kept bytes of a hash; false where nothing is kept under it.
    pub async fn read_raw(
        &self,
        hash: &str,
        out: &mut (impl Write + Send),
    ) -> Result<bool, StoreError> {
        let fault = |source| StoreError::Blob {
            hash: hash.to_owned(),
            source,
        };
        let ring = self.keys.ring()?;
        let name = name(&ring, hash);
        for part in 0i64.. {
            let row = sqlx::query("SELECT packed FROM raw_part WHERE hash = $1 AND part = $2")
                .bind(name.clone())
                .bind(part)
                .fetch_optional(&self.pool)
                .await?;
            let Some(row) = row else {
                return Ok(part > 0);
            };
            let mut packed: Vec<u8> = row.try_get(0)?;
            let packed = ring.open(place(&name, part), &mut packed)?;
            out.write_all(&zstd::bulk::decompress(packed, PART).map_err(fault)?)
                .map_err(fault)?;
        }
        Ok(true)
    }
}
