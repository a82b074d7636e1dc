//! Files of programs that arrive in parts: sealed as they come, and there after a restart. A working
//! table, as those of programs are; kept for a day after the last part, for the program that sends them.
//! One that is whole is kept until it is known what became of it.

use std::io::Write;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use satu_domain::Kind;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row, Transaction};

use crate::StoreError;
use crate::accounts::{moment, moment_of};
use crate::clients::Clients;
use crate::keys::{Place, Ring};

/// How long a file waits for its next part, and its outcome to be fetched.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long nothing must have come of a file for it to give way to another of its program.
const STILL: SignedDuration = SignedDuration::from_hours(1);
/// What has arrived whole, and of which nothing has become yet: it does not grow old.
const WHOLE: &str = "settled = 0 AND came = length";
/// Files of one program that have not arrived whole, or whose outcome was not fetched.
pub const MOST_EACH: i64 = 5;
/// Files of all programs of which it is not known yet what became of them.
pub const MOST: i64 = 40;
/// Bytes of a part as it is kept; the last one may have fewer.
const PART: u64 = 1 << 20;

/// What its program says of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The code of the source for which it speaks.
    pub source: String,
    /// Its name.
    pub file: String,
    /// The day for which it speaks, where it is told.
    pub stated_on: Option<Date>,
    /// The day on which it began, for which it speaks else.
    #[serde(default)]
    pub begun_on: Option<Date>,
    /// The kind of its rows, where that is told.
    pub kind: Option<Kind>,
    /// SHA-256 of the whole, hexadecimal; empty where it is not told.
    pub sha256: String,
    /// All of this as its program wrote it, and what else it wrote.
    #[serde(default)]
    pub metadata: String,
}

/// Whether another file has room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// It has.
    Free,
    /// Its program has [`MOST_EACH`] already.
    Own,
    /// All programs have [`MOST`] already.
    All,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It is in the ledger.
    Taken {
        /// Under this number.
        submission: i64,
        /// Whether it was before.
        already: bool,
    },
    /// It was not taken in.
    Refused {
        /// The part of the request that does not fit, where there is one.
        field: Option<String>,
        /// Why, in Indonesian and in English.
        reason: [String; 2],
    },
    /// What is kept of it no longer opens.
    Unreadable,
}

/// A file that arrives in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// By which its program asks for it.
    pub token: String,
    /// The program.
    pub client: i64,
    /// The last number of the ledger when it began: what stands behind it came later.
    pub since: i64,
    /// What is said of it; nothing where that no longer opens.
    pub about: About,
    /// Bytes of the whole.
    pub length: u64,
    /// Bytes that are there.
    pub came: u64,
    /// When something of it came, or became of it.
    pub touched: Timestamp,
    /// What became of it, once that is known; [`Outcome::Unreadable`] where this or what is said of it no
    /// longer opens.
    pub outcome: Option<Outcome>,
}

impl Arrival {
    /// Whether all of it is there.
    pub fn is_whole(&self) -> bool {
        self.came == self.length
    }

    /// Whether nothing of it need come: the same was in the ledger when it began.
    pub fn is_known(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Taken { .. })) && !self.is_whole()
    }

    /// When it is forgotten if nothing more comes; none of what is whole, until something became of it.
    pub fn until(&self) -> Option<Timestamp> {
        let waits = self.is_whole() && self.outcome.is_none();
        (!waits).then(|| self.touched + KEPT)
    }

    /// Bytes that [`Clients::arrived`] takes next at most.
    pub fn room(&self) -> usize {
        // A remainder of a mebibyte.
        usize::try_from(PART - self.came % PART).unwrap_or(usize::MAX)
    }
}

/// A number of a token: where what is sealed for it belongs.
fn number(token: &str) -> i64 {
    let hash: [u8; 32] = Sha256::digest(token).into();
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    i64::from_le_bytes(first)
}

/// A count of bytes as the database holds it; no file has as many as would not fit.
fn kept(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn sealed<T: Serialize>(ring: &Ring, place: Place, told: &T) -> Result<Vec<u8>, StoreError> {
    let text = serde_json::to_vec(told).map_err(StoreError::Encode)?;
    ring.seal(place, &text)
}

fn opened<T: for<'a> Deserialize<'a>>(ring: &Ring, place: Place, mut bytes: Vec<u8>) -> Option<T> {
    let text = ring.open(place, &mut bytes).ok()?;
    serde_json::from_slice(text).ok()
}

const COLUMNS: &str = "token, about, length, came, settled, outcome, client, since, touched_at";

fn read(ring: &Ring, row: &AnyRow) -> Result<Arrival, StoreError> {
    let token: String = row.try_get(0)?;
    let at = number(&token);
    let [length, came, settled]: [i64; 3] = [row.try_get(2)?, row.try_get(3)?, row.try_get(4)?];
    // One that does not open must not hide the others.
    let lost = Some(Outcome::Unreadable);
    let about: Option<About> = opened(ring, Place::arrival(at), row.try_get(1)?);
    let outcome = if settled == 1 {
        opened(ring, Place::outcome(at), row.try_get(5)?).or(lost)
    } else if about.is_none() {
        lost
    } else {
        None
    };
    Ok(Arrival {
        length: length.unsigned_abs(),
        came: came.unsigned_abs(),
        outcome,
        about: about.unwrap_or_default(),
        client: row.try_get(6)?,
        since: row.try_get(7)?,
        touched: moment(row, 8)?,
        token,
    })
}

/// Deletes files and their parts. The file goes first: whoever adds a part to it meanwhile is waited
/// for, or finds it gone.
async fn delete(
    tx: &mut Transaction<'static, sqlx::Any>,
    which: &str,
    bounds: &[i64],
) -> Result<(), sqlx::Error> {
    let sql = format!("DELETE FROM arrival WHERE {which} RETURNING token");
    let mut asked = sqlx::query_as(AssertSqlSafe(sql));
    for bound in bounds {
        asked = asked.bind(*bound);
    }
    let gone: Vec<(String,)> = asked.fetch_all(&mut **tx).await?;
    for (token,) in gone {
        delete_parts(tx, &token).await?;
    }
    Ok(())
}

async fn delete_parts(
    tx: &mut Transaction<'static, sqlx::Any>,
    token: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM arrival_part WHERE token = $1")
        .bind(token.to_owned())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

impl Clients {
    /// Begins a file under a new token, where there is room: of the program's files those whose outcome
    /// is known give way, and then one of which nothing came for the longest, an hour at least.
    pub async fn arrival_begun(
        &self,
        client: i64,
        token: &str,
        about: &About,
        length: u64,
        now: Timestamp,
    ) -> Result<Room, StoreError> {
        let about = sealed(
            self.store.keys.ring()?.as_ref(),
            Place::arrival(number(token)),
            about,
        )?;
        let mut tx = self.store.pool.begin().await?;
        alone(&mut tx).await?;
        expired(&mut tx, now).await?;
        let still = "token = (SELECT token FROM arrival WHERE client = $1 AND settled = 0 AND came < length \
             AND touched_at <= $2 ORDER BY touched_at, token LIMIT 1)";
        let mut found = room(&mut tx, client).await?;
        for (which, bounds) in [
            ("client = $1 AND settled = 1", &[client][..]),
            (still, &[client, (now - STILL).as_microsecond()]),
        ] {
            if found != Room::Free {
                delete(&mut tx, which, bounds).await?;
                found = room(&mut tx, client).await?;
            }
        }
        if found != Room::Free {
            // What would have given way stays.
            return Ok(found);
        }
        let sql = "INSERT INTO arrival (token, client, about, length, came, since, touched_at, settled, outcome) \
             VALUES ($1, $2, $3, $4, 0, (SELECT COALESCE(MAX(seq), 0) FROM ledger), $5, 0, $6)";
        sqlx::query(sql)
            .bind(token.to_owned())
            .bind(client)
            .bind(about)
            .bind(kept(length))
            .bind(now.as_microsecond())
            .bind(Vec::<u8>::new())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Room::Free)
    }

    /// The file of a token, for the program that sends it.
    pub async fn arrival(
        &self,
        client: i64,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Arrival>, StoreError> {
        let all = self.arrivals(client, now).await?;
        Ok(all.into_iter().find(|one| one.token == token))
    }

    /// The files of a program, by token.
    pub async fn arrivals(&self, client: i64, now: Timestamp) -> Result<Vec<Arrival>, StoreError> {
        self.found("client = $2", client, now).await
    }

    /// The files of all programs of which something is to become now: they have arrived whole, or what is
    /// said of them no longer opens.
    pub async fn arrivals_due(&self, now: Timestamp) -> Result<Vec<Arrival>, StoreError> {
        let mut open = self.found("settled = 0 AND $2 = 0", 0, now).await?;
        open.retain(|one| one.is_whole() || one.outcome.is_some());
        Ok(open)
    }

    async fn found(
        &self,
        which: &str,
        bound: i64,
        now: Timestamp,
    ) -> Result<Vec<Arrival>, StoreError> {
        let ring = self.store.keys.ring()?;
        let sql = format!(
            "SELECT {COLUMNS} FROM arrival WHERE (touched_at > $1 OR ({WHOLE})) AND {which} \
             ORDER BY token"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind((now - KEPT).as_microsecond())
            .bind(bound)
            .fetch_all(&self.store.pool)
            .await?;
        rows.iter().map(|row| read(&ring, row)).collect()
    }

    /// Keeps more of a file, at most [`Arrival::room`] bytes: on the disk when this is done. False, and
    /// nothing is kept, where it is too much, the file is gone, or somebody else added to it meanwhile.
    pub async fn arrived(
        &self,
        arrival: &mut Arrival,
        bytes: &[u8],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let came = arrival.came + bytes.len() as u64;
        if bytes.len() > arrival.room() || came > arrival.length {
            return Ok(false);
        }
        let ring = self.store.keys.ring()?;
        let mut tx = self.store.pool.begin().await?;
        let sql = "UPDATE arrival SET came = $3, touched_at = $4 \
             WHERE token = $1 AND came = $2 AND settled = 0";
        let done = sqlx::query(sql)
            .bind(arrival.token.clone())
            .bind(kept(arrival.came))
            .bind(kept(came))
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        // What does not fill a part is sealed anew with what comes behind it.
        let part = kept(arrival.came / PART);
        let place = Place::arrival_part(number(&arrival.token), part);
        let mut plain = Vec::new();
        if !arrival.came.is_multiple_of(PART) {
            let sql = "SELECT sealed FROM arrival_part WHERE token = $1 AND part = $2";
            let (mut before,): (Vec<u8>,) = sqlx::query_as(sql)
                .bind(arrival.token.clone())
                .bind(part)
                .fetch_one(&mut *tx)
                .await?;
            plain.extend_from_slice(ring.open(place, &mut before)?);
        }
        plain.extend_from_slice(bytes);
        let sql = "INSERT INTO arrival_part (token, part, sealed) VALUES ($1, $2, $3) \
             ON CONFLICT (token, part) DO UPDATE SET sealed = excluded.sealed";
        sqlx::query(sql)
            .bind(arrival.token.clone())
            .bind(part)
            .bind(ring.seal(place, &plain)?)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        (arrival.came, arrival.touched) = (came, moment_of(now.as_microsecond()));
        Ok(true)
    }

    /// Writes what has come of a file; false where a part of it is gone.
    pub async fn read_arrival(
        &self,
        arrival: &Arrival,
        out: &mut (impl Write + Send),
    ) -> Result<bool, StoreError> {
        let ring = self.store.keys.ring()?;
        for part in 0..kept(arrival.came.div_ceil(PART)) {
            let sql = "SELECT sealed FROM arrival_part WHERE token = $1 AND part = $2";
            let row: Option<(Vec<u8>,)> = sqlx::query_as(sql)
                .bind(arrival.token.clone())
                .bind(part)
                .fetch_optional(&self.store.pool)
                .await?;
            let Some((mut sealed,)) = row else {
                return Ok(false);
            };
            let place = Place::arrival_part(number(&arrival.token), part);
            let plain = ring.open(place, &mut sealed)?;
            out.write_all(plain).map_err(|source| StoreError::Blob {
                hash: arrival.about.sha256.clone(),
                source,
            })?;
        }
        Ok(true)
    }

    /// Keeps what became of a file, once and for a day; its parts go.
    pub async fn arrival_settled(
        &self,
        token: &str,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let outcome = sealed(
            self.store.keys.ring()?.as_ref(),
            Place::outcome(number(token)),
            outcome,
        )?;
        let mut tx = self.store.pool.begin().await?;
        let sql = "UPDATE arrival SET settled = 1, outcome = $2, touched_at = $3 \
             WHERE token = $1 AND settled = 0";
        sqlx::query(sql)
            .bind(token.to_owned())
            .bind(outcome)
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await?;
        delete_parts(&mut tx, token).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Forgets a file, for the program that sends it.
    pub async fn arrival_forgotten(&self, client: i64, token: &str) -> Result<(), StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let sql = "DELETE FROM arrival WHERE token = $1 AND client = $2";
        let gone = sqlx::query(sql)
            .bind(token.to_owned())
            .bind(client)
            .execute(&mut *tx)
            .await?;
        if gone.rows_affected() > 0 {
            delete_parts(&mut tx, token).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Forgets the files that no part came of for too long; none that is whole and waits to be taken in.
    pub async fn arrivals_expired(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.store.pool.begin().await?;
        expired(&mut tx, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Lets no other transaction begin a file until this one is done: two do not both find the last room.
/// On SQLite none writes beside another.
async fn alone(tx: &mut Transaction<'static, sqlx::Any>) -> Result<(), sqlx::Error> {
    if tx.backend_name() == "PostgreSQL" {
        sqlx::query("SELECT pg_advisory_xact_lock(5600001)")
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Deletes what waited too long for its next part, or for its outcome to be fetched.
async fn expired(
    tx: &mut Transaction<'static, sqlx::Any>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let which = format!("touched_at <= $1 AND NOT ({WHOLE})");
    delete(tx, &which, &[(now - KEPT).as_microsecond()]).await
}

async fn room(tx: &mut Transaction<'static, sqlx::Any>, client: i64) -> Result<Room, sqlx::Error> {
    let sql = "SELECT COUNT(CASE WHEN client = $1 THEN 1 END), COUNT(CASE WHEN settled = 0 THEN 1 END) \
         FROM arrival";
    let (own, all): (i64, i64) = sqlx::query_as(sql)
        .bind(client)
        .fetch_one(&mut **tx)
        .await?;
    Ok(if own >= MOST_EACH {
        Room::Own
    } else if all >= MOST {
        Room::All
    } else {
        Room::Free
    })
}
