//! Encryption at rest: a master key in a file outside the database wraps the data keys that are in
//! it; data keys seal what the tables hold. `docs/encryption.md` says what is sealed and why.

mod error;
mod file;
mod sealing;
mod waiting;

use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf;
use ring::rand::{SecureRandom, SystemRandom};
use satu_audit::hex;
use sqlx::{AnyConnection, Row};

pub use error::KeyError;
pub use file::KeyPlace;
use file::{KeyFile, Master};
pub(crate) use sealing::{Place, Ring};
pub use waiting::Waiting;

use crate::log::{Log, lock};
use crate::{Store, StoreError};

/// Bytes of a key.
const SECRET: usize = 32;
/// Bytes of the nonce before a wrapped key.
const NONCE: usize = 12;

fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map(|()| bytes).map_err(|_| KeyError::Random)
}

/// A key for one purpose, worked out from another (HKDF-SHA-256, RFC 5869).
fn derived(key: &hkdf::Prk, label: &[u8]) -> [u8; SECRET] {
    let mut bytes = [0; SECRET];
    let label = [label];
    // Both are refused only for more than 8,160 bytes, or another number than asked for: 32 and 32.
    let made = key.expand(&label, hkdf::HKDF_SHA256);
    made.and_then(|made| made.fill(&mut bytes))
        .expect("32 bytes of 8,160");
    bytes
}

/// The keys of a store that is open; every clone of it has the same.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    place: Option<KeyPlace>,
    ring: Arc<RwLock<Option<Arc<Ring>>>>,
    made: Option<PathBuf>,
}

/// A data key as the database has it.
#[derive(Debug, Clone)]
struct Wrapped {
    number: i64,
    register: String,
    master: String,
    bytes: Vec<u8>,
}

/// What may be told of a register's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysShown {
    /// The register's number.
    pub register: String,
    /// The file of the master keys.
    pub file: PathBuf,
    /// The master keys in the file, the one in use first, each with the data keys that it wraps.
    pub masters: Vec<(String, Vec<i64>)>,
}

fn bound(number: i64, register: &str) -> Vec<u8> {
    format!("satu data key {number} of {register}").into_bytes()
}

fn wrapping(master: &Master) -> Result<LessSafeKey, KeyError> {
    let key = UnboundKey::new(&AES_256_GCM, &master.wrapping()).map_err(|_| KeyError::Random)?;
    Ok(LessSafeKey::new(key))
}

impl Wrapped {
    fn new(
        number: i64,
        register: &str,
        master: &Master,
        secret: &[u8; SECRET],
    ) -> Result<Wrapped, KeyError> {
        let nonce = random::<NONCE>()?;
        let mut bytes = nonce.to_vec();
        let mut sealed = secret.to_vec();
        let aad = Aad::from(bound(number, register));
        wrapping(master)?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .map_err(|_| KeyError::Random)?;
        bytes.extend(sealed);
        Ok(Wrapped {
            number,
            register: register.to_owned(),
            master: master.id.clone(),
            bytes,
        })
    }

    fn open(&self, file: &KeyFile) -> Result<(u16, [u8; SECRET]), KeyError> {
        let master = file.masters.iter().find(|one| one.id == self.master);
        let master = master.ok_or_else(|| KeyError::Wrong {
            path: file.path.clone(),
            master: self.master.clone(),
        })?;
        let damaged = || KeyError::Wrapped(self.number);
        let (nonce, sealed) = self.bytes.split_first_chunk().ok_or_else(damaged)?;
        let mut sealed = sealed.to_vec();
        let aad = Aad::from(bound(self.number, &self.register));
        let plain = wrapping(master)?
            .open_in_place(Nonce::assume_unique_for_key(*nonce), aad, &mut sealed)
            .map_err(|_| damaged())?;
        let secret = <[u8; SECRET]>::try_from(&*plain).map_err(|_| damaged())?;
        Ok((u16::try_from(self.number).map_err(|_| damaged())?, secret))
    }

    async fn insert(&self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        let sql = "INSERT INTO data_key (id, register, master, wrapped) VALUES ($1, $2, $3, $4)";
        sqlx::query(sql)
            .bind(self.number)
            .bind(self.register.clone())
            .bind(self.master.clone())
            .bind(self.bytes.clone())
            .execute(connection)
            .await?;
        Ok(())
    }
}

async fn held(connection: &mut AnyConnection) -> Result<Vec<Wrapped>, StoreError> {
    let sql = "SELECT id, register, master, wrapped FROM data_key ORDER BY id";
    let rows = sqlx::query(sql).fetch_all(connection).await?;
    let wrapped = rows.iter().map(|row| {
        Ok(Wrapped {
            number: row.try_get(0)?,
            register: row.try_get(1)?,
            master: row.try_get(2)?,
            bytes: row.try_get(3)?,
        })
    });
    wrapped.collect()
}

fn opened(keys: &[Wrapped], file: &KeyFile) -> Result<Ring, KeyError> {
    let data: Vec<_> = keys
        .iter()
        .map(|key| key.open(file))
        .collect::<Result<_, _>>()?;
    Ring::new(&data)
}

impl Keys {
    /// None: of the register only what is not sealed can be read.
    pub fn none() -> Keys {
        Keys {
            place: None,
            ring: Arc::default(),
            made: None,
        }
    }

    /// The keys of another store.
    pub fn of(ring: Arc<Ring>) -> Keys {
        let keys = Keys::none();
        keys.set(ring);
        keys
    }

    /// Where the file is to be, and nothing read yet.
    pub fn at(place: &KeyPlace) -> Keys {
        Keys {
            place: Some(place.clone()),
            ..Keys::none()
        }
    }

    pub fn ring(&self) -> Result<Arc<Ring>, StoreError> {
        let ring = self.ring.read().ok().and_then(|ring| ring.clone());
        Ok(ring.ok_or(KeyError::Unopened)?)
    }

    pub fn set(&self, ring: Arc<Ring>) {
        if let Ok(mut held) = self.ring.write() {
            *held = Some(ring);
        }
    }

    /// A ring to begin with where a register is about to be brought in with its own keys; nothing is
    /// ever sealed by it.
    pub fn stand_in() -> Result<Arc<Ring>, KeyError> {
        Ok(Arc::new(Ring::new(&[(0, random()?)])?))
    }

    /// Opens the data keys that the database has; false where it has none.
    pub async fn load(&mut self, connection: &mut AnyConnection) -> Result<bool, StoreError> {
        let Some(ring) = self.read(connection).await? else {
            return Ok(false);
        };
        self.set(ring);
        Ok(true)
    }

    /// The data keys that the database has, opened.
    pub async fn read(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<Option<Arc<Ring>>, StoreError> {
        let keys = held(connection).await?;
        let Some(first) = keys.first() else {
            return Ok(None);
        };
        let file = KeyFile::read(&self.path(&first.register)?)?;
        Ok(Some(Arc::new(opened(&keys, &file)?)))
    }

    fn path(&self, register: &str) -> Result<PathBuf, KeyError> {
        self.place
            .as_ref()
            .ok_or(KeyError::Unopened)?
            .path(register)
    }

    /// Gives an empty register its number, its data key and, where there is no file yet, its master
    /// key. What holds data gets none.
    pub async fn make(&mut self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        // Whoever comes second waits here, and finds what the first made.
        lock(connection, Log::Ledger).await?;
        if self.load(connection).await? {
            return Ok(());
        }
        let sql = "SELECT (SELECT COUNT(*) FROM ledger) + (SELECT COUNT(*) FROM account) + \
                   (SELECT COUNT(*) FROM raw_part)";
        let (rows,): (i64,) = sqlx::query_as(sql).fetch_one(&mut *connection).await?;
        if rows > 0 {
            return Err(KeyError::Unsealed.into());
        }
        let register = hex(&random::<8>()?);
        let path = self.path(&register)?;
        let new = !path.exists();
        let file = KeyFile::read_or_make(&path)?;
        let secret = random()?;
        // A file has one key at least.
        let master = file.masters.first().ok_or(KeyError::Unsealed)?;
        let key = Wrapped::new(1, &register, master, &secret)?;
        key.insert(connection).await?;
        self.set(Arc::new(Ring::new(&[(1, secret)])?));
        self.made = new.then_some(path);
        Ok(())
    }
}

impl Store {
    /// The key file, where it was made when this store was opened.
    pub fn made_key_file(&self) -> Option<&std::path::Path> {
        self.keys.made.as_deref()
    }

    /// A secret for something else than this database, worked out from what it is for and a key that
    /// is not readable in it. It stays the same when the master key is rotated.
    pub fn worked_out(&self, parts: &[&[u8]]) -> Result<[u8; 32], StoreError> {
        Ok(self.keys.ring()?.worked_out(parts))
    }

    async fn keys_and_file(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<(Vec<Wrapped>, KeyFile), StoreError> {
        let keys = held(connection).await?;
        let first = keys.first().ok_or(KeyError::Unsealed)?;
        let file = KeyFile::read(&self.keys.path(&first.register)?)?;
        Ok((keys, file))
    }

    /// What may be told of the keys.
    pub async fn keys_shown(&self) -> Result<KeysShown, StoreError> {
        let (keys, file) = self.keys_and_file(&mut *self.pool.acquire().await?).await?;
        let wraps = |master: &Master| {
            let wrapped = keys.iter().filter(|key| key.master == master.id);
            (master.id.clone(), wrapped.map(|key| key.number).collect())
        };
        Ok(KeysShown {
            register: keys
                .first()
                .map_or_else(String::new, |key| key.register.clone()),
            masters: file.masters.iter().map(wraps).collect(),
            file: file.path,
        })
    }

    /// Makes a new master key and wraps the data keys by it; its name. The old one stays in the file:
    /// backups of before need it. The file has the new key, on the disk, before the database does, so
    /// that the register opens whenever this is cut off.
    pub async fn rotate_key(&self) -> Result<String, StoreError> {
        let mut tx = self.pool.begin().await?;
        // One rotation at a time.
        lock(&mut tx, Log::Ledger).await?;
        let (keys, mut file) = self.keys_and_file(&mut tx).await?;
        let new = Master::new()?;
        let mut again = Vec::with_capacity(keys.len());
        for key in &keys {
            let (_, secret) = key.open(&file)?;
            again.push(Wrapped::new(key.number, &key.register, &new, &secret)?);
        }
        file.masters.insert(0, new.clone());
        file.write()?;
        sqlx::query("DELETE FROM data_key")
            .execute(&mut *tx)
            .await?;
        for key in again {
            key.insert(&mut tx).await?;
        }
        tx.commit().await?;
        Ok(new.id)
    }

    /// Takes a master key that wraps nothing in this database out of the file. Backups of when it did
    /// cannot be restored by the file any more.
    pub async fn drop_key(&self, master: &str) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        lock(&mut tx, Log::Ledger).await?;
        let (keys, mut file) = self.keys_and_file(&mut tx).await?;
        let before = file.masters.len();
        if keys.iter().all(|key| key.master != master) {
            file.masters.retain(|one| one.id != master);
        }
        if file.masters.len() == before {
            return Err(KeyError::NotSpare(master.to_owned()).into());
        }
        Ok(file.write()?)
    }
}
