//! The register carried elsewhere: into a file and back, or straight into another database.
//!
//! What is carried is the truth: every ledger entry as it was written, and the rows of the tables
//! that are not computed from the ledger ([`CARRIED`]). Everything computed is computed again at
//! the other end, by the fold that made it here, and stands only if the Merkle root is the same.
//!
//! What is sealed is carried as it is, and the data keys wrapped as they are: nothing in the file can be
//! read, and it cannot be restored, without the key file.
//!
//! A file is `SATUBKUP`, the version of the format (four bytes, the lowest first), one Zstandard
//! stream of parts (see `wire`), and the SHA-256 of all that.

mod wire;

use std::io::{Read, Seek, SeekFrom, Write};

use jiff::Timestamp;
use satu_audit::Frontier;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Row};

use crate::keys::Keys;
use crate::ledger::Head;
use crate::log::{Log, hashed, head_of, set_head, whole};
use crate::snapshot::{TableRow, Value};
use crate::{Entry, Store, StoreError, Writer};

/// The table of the register's data keys.
const KEYS: &str = "data_key";

/// The tables that are not computed from the ledger, the key that orders each, and how many rows
/// are read at a time: a part of a delivery's bytes takes up to four megabytes.
const CARRIED: [(&str, &str, i64); 13] = [
    (KEYS, "id", 500),
    ("raw_part", "hash, part", 4),
    ("account", "login", 500),
    ("second_factor", "account", 5_000),
    ("recovery_code", "account, hash", 5_000),
    ("look", "seq", 5_000),
    ("client", "key", 500),
    ("client_secret", "client, hash", 5_000),
    ("client_shown", "client, login", 5_000),
    ("webhook", "id", 500),
    ("dead_letter", "webhook, change_id", 5_000),
    ("personal_token", "hash", 500),
    ("identity", "issuer, subject", 5_000),
];

/// Tables that are computed from the ledger now, and were carried before it held what is in them.
const BEFORE: [&str; 3] = ["privacy_request", "breach", "breach_person"];

/// Ledger entries read at a time.
const PAGE: i64 = 10_000;

const MAGIC: &[u8; 8] = b"SATUBKUP";
const VERSION: u32 = 2;
const HEADER: u64 = 12;
const CHECKSUM: u64 = 32;

/// What was carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Ledger entries.
    pub entries: i64,
    /// The Merkle root over them, hexadecimal.
    pub root: String,
    /// Rows of other tables.
    pub rows: u64,
}

/// Why the register could not be carried.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Another kind of file.
    #[error("this file is no backup of a register")]
    Foreign,
    /// Cut off, altered, or not what it says.
    #[error("the backup is damaged: {0}")]
    Damaged(String),
    /// Written by a version of before or after.
    #[error("the backup has format {0}, and this version reads {VERSION}")]
    Format(u32),
    /// A table that this version does not have.
    #[error("the backup holds the table {0:?}, which this version does not know")]
    Table(String),
    /// Something is there already.
    #[error("the database to be filled holds data")]
    NotEmpty,
    /// The ledger, or the record of looks, is not the one that its head was made from.
    #[error(
        "the ledger or the record of looks has {} entries with root {}, where its head says {} with {}",
        found.size, found.root, head.size, head.root
    )]
    Root {
        /// What the entries give.
        found: Head,
        /// What the head says.
        head: Head,
    },
    /// The file cannot be read or written.
    #[error("the backup cannot be read or written: {0}")]
    File(#[from] std::io::Error),
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BackupError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            BackupError::Foreign => "Name a file that `satu backup` wrote.",
            BackupError::Damaged(_) => "Nothing was restored. Take another copy of the backup.",
            BackupError::Format(before) if *before < VERSION => {
                "Nothing was restored. The format is from before registers were sealed, and is read by the version that wrote it alone: take the agencies' files in anew with `satu intake`."
            }
            BackupError::Table(table) if BEFORE.contains(&table.as_str()) => {
                "Nothing was restored. The requests or breaches in it were noted before the ledger held them, and are read by the version that wrote it alone: keep that version, its database and its key file for them, and take the agencies' files in anew with `satu intake`."
            }
            BackupError::Format(_) => {
                "Nothing was restored. Use the version of satu that wrote the backup, or a later one."
            }
            BackupError::Table(_) => {
                "Nothing was restored. Use the version of satu that wrote the backup."
            }
            BackupError::NotEmpty => "Name a new database; nothing is ever overwritten.",
            BackupError::Root { .. } => {
                "The ledger was altered: run `satu verify`, and take the last good backup."
            }
            BackupError::File(_) => "Check the file, its folder and the room on the disk.",
            BackupError::Store(error) => error.hint(),
        }
    }
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> BackupError {
        BackupError::Store(error.into())
    }
}

/// A piece of the register on its way.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// Where the ledger stands; comes first.
    Head(Head),
    /// A row of one of the [`CARRIED`] tables.
    Row(String, TableRow),
    /// The next ledger entry: microseconds of recording, and the text as it is stored: sealed.
    Entry(i64, Vec<u8>),
    /// Nothing follows.
    End,
}

/// A backup whose checksum was found right.
pub struct Backup<R> {
    parts: zstd::Decoder<'static, std::io::BufReader<std::io::Take<R>>>,
}

impl<R: Read + Seek> Backup<R> {
    /// Reads the whole backup once and compares its checksum.
    pub fn open(mut from: R) -> Result<Backup<R>, BackupError> {
        let length = from.seek(SeekFrom::End(0))?;
        from.rewind()?;
        let mut header = [0; HEADER as usize];
        let mut hasher = Sha256::new();
        from.by_ref()
            .take(HEADER)
            .read_exact(&mut header)
            .map_err(|_| BackupError::Foreign)?;
        let (magic, version) = header.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err(BackupError::Foreign);
        }
        let body = length
            .checked_sub(HEADER + CHECKSUM)
            .ok_or_else(|| BackupError::Damaged("it is cut off".to_owned()))?;
        hasher.update(header);
        std::io::copy(&mut from.by_ref().take(body), &mut hasher)?;
        let mut checksum = [0; CHECKSUM as usize];
        from.read_exact(&mut checksum)?;
        if *hasher.finalize() != checksum {
            let told = "its checksum is wrong, so it is cut off or altered";
            return Err(BackupError::Damaged(told.to_owned()));
        }
        let version = version
            .iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte));
        if version != VERSION {
            return Err(BackupError::Format(version));
        }
        from.seek(SeekFrom::Start(HEADER))?;
        let parts = zstd::Decoder::new(from.take(body))?;
        Ok(Backup { parts })
    }
}

impl Store {
    /// Writes the register as it stands now; others may go on writing.
    pub async fn backup(&self, mut out: impl Write) -> Result<Carried, BackupError> {
        let mut header = MAGIC.to_vec();
        header.extend(VERSION.to_le_bytes());
        out.write_all(&header)?;
        let mut hasher = Sha256::new_with_prefix(&header);
        let mut parts = zstd::Encoder::new(Both(&mut out, &mut hasher), 3)?;
        let carried = self
            .pour(async |part| Ok(wire::write(&part, &mut parts)?))
            .await?;
        parts.finish()?;
        out.write_all(&hasher.finalize())?;
        out.flush()?;
        Ok(carried)
    }

    /// Fills this database, which must be empty, from a backup: whole, or not at all.
    pub async fn restore<R: Read + Seek>(
        &self,
        mut backup: Backup<R>,
    ) -> Result<Carried, BackupError> {
        let mut filling = Filling::begin(self).await?;
        loop {
            match wire::read(&mut backup.parts)? {
                Part::End => return filling.finish().await,
                part => filling.take(part).await?,
            }
        }
    }

    /// Fills another database, which must be empty, with this one: whole, or not at all.
    pub async fn copy_to(&self, other: &Store) -> Result<Carried, BackupError> {
        let mut filling = Filling::begin(other).await?;
        self.pour(async |part| match part {
            Part::End => Ok(()),
            part => filling.take(part).await,
        })
        .await?;
        filling.finish().await
    }

    /// Gives the register part by part, as it stands now.
    async fn pour(
        &self,
        mut take: impl AsyncFnMut(Part) -> Result<(), BackupError>,
    ) -> Result<Carried, BackupError> {
        let mut snapshot = self.snapshot().await?;
        let head = snapshot.head().clone();
        take(Part::Head(head.clone())).await?;
        let found = Head::of(&whole(&mut snapshot.tx, Log::Access).await?);
        let looks = head_of(&mut snapshot.tx, Log::Access).await?;
        if found != looks {
            return Err(BackupError::Root { found, head: looks });
        }
        let mut rows = 0;
        for (table, key, count) in CARRIED {
            for page in 0.. {
                let found = snapshot.rows(table, key, page * count, count).await?;
                if found.is_empty() {
                    break;
                }
                rows += found.len() as u64;
                for row in found {
                    take(Part::Row(table.to_owned(), row)).await?;
                }
            }
        }
        let (mut frontier, mut after) = (Frontier::default(), 0);
        loop {
            let page = snapshot.entries(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.0;
            for (_, at, body) in page {
                frontier.push(hashed(at, &body));
                take(Part::Entry(at, body)).await?;
            }
        }
        let found = Head::of(&frontier);
        if found != head {
            return Err(BackupError::Root { found, head });
        }
        take(Part::End).await?;
        Ok(Carried {
            entries: head.size,
            root: head.root,
            rows,
        })
    }
}

/// A database that is being filled, in one transaction.
struct Filling {
    writer: Writer,
    /// The keys of the store that is filled, which becomes the register.
    keys: Keys,
    /// Whether the writer has the register's keys.
    sealed: bool,
    head: Option<Head>,
    rows: u64,
}

impl Filling {
    async fn begin(store: &Store) -> Result<Filling, BackupError> {
        let ring = match store.keys.ring() {
            Ok(ring) => ring,
            Err(_) => Keys::stand_in().map_err(StoreError::from)?,
        };
        let mut writer = store.begin_with(ring).await?;
        let mut held = writer.next() - 1;
        // Keys that have sealed nothing yet give way to those of the register.
        for (table, _, _) in CARRIED.iter().filter(|(table, ..)| *table != KEYS) {
            let row = sqlx::query(AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}")))
                .fetch_one(&mut *writer.tx)
                .await?;
            held += row.try_get::<i64, _>(0)?;
        }
        if held > 0 {
            return Err(BackupError::NotEmpty);
        }
        sqlx::query("DELETE FROM data_key")
            .execute(&mut *writer.tx)
            .await?;
        Ok(Filling {
            writer,
            keys: store.keys.clone(),
            sealed: false,
            head: None,
            rows: 0,
        })
    }

    async fn take(&mut self, part: Part) -> Result<(), BackupError> {
        match part {
            Part::Head(head) => self.head = Some(head),
            Part::Row(table, row) => self.insert(&table, row).await?,
            Part::Entry(at, body) => {
                if !self.sealed {
                    self.adopt().await?;
                }
                let at = Timestamp::from_microsecond(at)
                    .map_err(|error| BackupError::Damaged(error.to_string()))?;
                let entry = self.opened(body.clone())?;
                self.writer.append_as_written(at, &entry, body).await?;
            }
            Part::End => {}
        }
        Ok(())
    }

    /// Takes the keys that came with the register.
    async fn adopt(&mut self) -> Result<(), BackupError> {
        let ring = self.keys.read(&mut self.writer.tx).await?;
        let missing = || BackupError::Damaged("it does not hold the register's keys".to_owned());
        self.writer.adopt(ring.ok_or_else(missing)?);
        self.sealed = true;
        Ok(())
    }

    /// The next entry, opened.
    fn opened(&self, sealed: Vec<u8>) -> Result<Entry, BackupError> {
        let seq = self.writer.next();
        self.writer
            .ring
            .entry(seq, sealed)
            .map_err(|error| match error {
                StoreError::Sealed { .. } => BackupError::Damaged(error.to_string()),
                error => error.into(),
            })
    }

    async fn insert(&mut self, table: &str, row: TableRow) -> Result<(), BackupError> {
        if !CARRIED.iter().any(|(known, _, _)| *known == table) {
            return Err(BackupError::Table(table.to_owned()));
        }
        let (mut columns, mut places, mut bound) = (Vec::new(), Vec::new(), Vec::new());
        for (column, value) in row {
            if !column.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
                return Err(BackupError::Damaged(format!("no column is {column:?}")));
            }
            columns.push(column);
            // A bound null has a type, and PostgreSQL holds it against the column's.
            if value == Value::Null {
                places.push("NULL".to_owned());
            } else {
                bound.push(value);
                places.push(format!("${}", bound.len()));
            }
        }
        let sql = format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            columns.join(", "),
            places.join(", ")
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in bound {
            query = match value {
                Value::Int(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
                Value::Null => query,
            };
        }
        query.execute(&mut *self.writer.tx).await?;
        self.rows += 1;
        Ok(())
    }

    async fn finish(mut self) -> Result<Carried, BackupError> {
        let found = self.writer.head();
        match self.head.take() {
            Some(head) if head == found => {}
            Some(head) => return Err(BackupError::Root { found, head }),
            None => return Err(BackupError::Damaged("it does not say its root".to_owned())),
        }
        let looks = whole(&mut self.writer.tx, Log::Access).await?;
        set_head(&mut self.writer.tx, Log::Access, &looks).await?;
        if !self.sealed {
            self.adopt().await?;
        }
        let ring = self.writer.ring.clone();
        let head = self.writer.commit().await?;
        self.keys.set(ring);
        Ok(Carried {
            entries: head.size,
            root: head.root,
            rows: self.rows,
        })
    }
}

/// Writes to the first, and to the second what the first took.
struct Both<A, B>(A, B);

impl<A: Write, B: Write> Write for Both<A, B> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.0.write(bytes)?;
        self.1.write_all(&bytes[..count])?;
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}
