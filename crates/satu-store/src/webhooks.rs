//! Who is told of changes by a call to an address of theirs, how far each has come, and what could
//! not be told. Working tables; they live through a kill, so that whatever was not acknowledged is
//! told again.

use jiff::{SignedDuration, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AnyPool, AssertSqlSafe, Row};

use crate::accounts::moment;
use crate::changes::Cursor;
use crate::clients::{COLUMNS, Client, read as read_client};
use crate::scope::covers;
use crate::{Scope, Store, StoreError};

/// Addresses of one program.
pub const MOST: i64 = 10;

/// Addresses of one program that are told at a time.
pub const AT_ONCE: i64 = 2;

/// An address that is told of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its number.
    pub id: i64,
    /// The program whose it is, with the rights and the reach that it has now.
    pub client: Client,
    /// The address.
    pub url: String,
    /// The kinds of changes it is told of, with blanks between; all where it is empty.
    pub kinds: String,
    /// From which its secret is worked out, and from which the one before is until when.
    pub nonces: [String; 2],
    /// Until when calls are signed with the secret before, too.
    pub before_until: Timestamp,
    /// The change it was told of last.
    pub place: Cursor,
    /// Whether it is told no more until somebody says so.
    pub stopped: bool,
    /// How often the next change was tried in vain.
    pub tries: i64,
    /// Changes given up one after the other, without one in between that was told.
    pub lost: i64,
    /// When it is tried next.
    pub next_at: Timestamp,
    /// Why the last try was in vain, as a word of no language with what a machine said; empty after one
    /// that was not.
    pub fault: String,
    /// How many changes were given up.
    pub dead: i64,
}

/// A change that could not be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The number of the change.
    pub change: i64,
    /// How often it was tried.
    pub tries: i64,
    /// Why the last try was in vain.
    pub fault: String,
    /// When it was given up.
    pub at: Timestamp,
    /// Whether it waits to be tried again.
    pub again: bool,
}

/// What lies further ahead than this was written by a clock that was ahead: nothing waits so long.
const FAR: SignedDuration = SignedDuration::from_hours(2);

fn far(now: Timestamp) -> i64 {
    let far = now.saturating_add(FAR).unwrap_or(Timestamp::MAX);
    far.as_microsecond()
}

/// The addresses of a database.
#[derive(Debug, Clone)]
pub struct Webhooks {
    pool: AnyPool,
}

const HOOK: &str = "w.id, w.url, w.kinds, w.nonce, w.nonce_before, w.before_until, w.place, w.mark, w.stopped, \
     w.tries, w.lost, w.next_at, w.fault, (SELECT COUNT(*) FROM dead_letter d WHERE d.webhook = w.id)";

/// Where [`HOOK`] ends and the columns of the client begin.
const CLIENT: usize = 14;

impl Store {
    /// The addresses that are told of changes.
    pub fn webhooks(&self) -> Webhooks {
        Webhooks {
            pool: self.pool.clone(),
        }
    }
}

impl Webhooks {
    /// Adds an address, which is told of what comes from now on; none where the program has too
    /// many.
    pub async fn add(
        &self,
        client: i64,
        url: &str,
        kinds: &str,
        nonce: &str,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let mut tx = self.pool.begin().await?;
        // The write comes first: two requests at once do not both count. The number is the moment, so that
        // none is used again: a worker may still tell an address that was removed.
        let sql = "INSERT INTO webhook (id, client, url, kinds, nonce, nonce_before, before_until, place, \
             stopped, tries, lost, next_at, held_until, fault) \
             VALUES ((SELECT CASE WHEN MAX(id) >= $5 THEN MAX(id) + 1 ELSE $5 END FROM webhook), $1, $2, $3, $4, '', 0, \
             (SELECT COALESCE(MAX(id), 0) FROM change), 0, 0, 0, $5, 0, '') RETURNING id";
        let (id,): (i64,) = sqlx::query_as(sql)
            .bind(client)
            .bind(url.to_owned())
            .bind(kinds.to_owned())
            .bind(nonce.to_owned())
            .bind(now.as_microsecond())
            .fetch_one(&mut *tx)
            .await?;
        let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM webhook WHERE client = $1")
            .bind(client)
            .fetch_one(&mut *tx)
            .await?;
        if count > MOST {
            return Ok(None);
        }
        tx.commit().await?;
        Ok(Some(id))
    }

    /// The addresses of programs whose reach is within this one, by number.
    pub async fn within(&self, scope: &Scope) -> Result<Vec<Webhook>, StoreError> {
        let all = self.found("1 = 1 ORDER BY w.id", 0).await?;
        let mut within = Vec::new();
        for one in all {
            if covers(&self.pool, scope, &one.client.role.scope()).await? {
                within.push(one);
            }
        }
        Ok(within)
    }

    /// The addresses of one program, by number.
    pub async fn of(&self, client: i64) -> Result<Vec<Webhook>, StoreError> {
        self.found("w.client = $1 ORDER BY w.id", client).await
    }

    /// The one of this number.
    pub async fn one(&self, id: i64) -> Result<Option<Webhook>, StoreError> {
        Ok(self.found("w.id = $1", id).await?.pop())
    }

    async fn found(&self, which: &str, bound: i64) -> Result<Vec<Webhook>, StoreError> {
        let sql = format!(
            "SELECT {HOOK}, {COLUMNS} FROM webhook w JOIN client c ON c.id = w.client WHERE {which}"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        if which.contains("$1") {
            query = query.bind(bound);
        }
        let rows = query.fetch_all(&self.pool).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.extend(read(row)?);
        }
        Ok(found)
    }

    /// Tells an address nothing any more, and forgets what it was not told.
    pub async fn remove(&self, id: i64) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        for sql in [
            "DELETE FROM webhook WHERE id = $1",
            "DELETE FROM dead_letter WHERE webhook = $1",
        ] {
            sqlx::query(sql).bind(id).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Signs with the secret of a new nonce, and until a moment with the one before, too.
    pub async fn rotate(&self, id: i64, nonce: &str, until: Timestamp) -> Result<(), StoreError> {
        let sql =
            "UPDATE webhook SET nonce_before = nonce, before_until = $3, nonce = $2 WHERE id = $1";
        sqlx::query(sql)
            .bind(id)
            .bind(nonce.to_owned())
            .bind(until.as_microsecond())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Tries an address at once that was stopped, or that waits after a fault.
    pub async fn resume(&self, id: i64) -> Result<(), StoreError> {
        let sql = "UPDATE webhook SET stopped = 0, tries = 0, lost = 0, next_at = 0 WHERE id = $1";
        sqlx::query(sql).bind(id).execute(&self.pool).await?;
        Ok(())
    }

    /// What an address was not told: up to `count` after a change.
    pub async fn dead(
        &self,
        id: i64,
        after: i64,
        count: i64,
    ) -> Result<Vec<DeadLetter>, StoreError> {
        let sql = "SELECT change_id, tries, fault, at, again FROM dead_letter \
                   WHERE webhook = $1 AND change_id > $2 ORDER BY change_id LIMIT $3";
        let rows = sqlx::query(sql)
            .bind(id)
            .bind(after)
            .bind(count)
            .fetch_all(&self.pool)
            .await?;
        let letter = |row: &AnyRow| -> Result<DeadLetter, sqlx::Error> {
            Ok(DeadLetter {
                change: row.try_get(0)?,
                tries: row.try_get(1)?,
                fault: row.try_get(2)?,
                at: moment(row, 3)?,
                again: row.try_get::<i64, _>(4)? == 1,
            })
        };
        Ok(rows.iter().map(letter).collect::<Result<_, _>>()?)
    }

    /// Has what could not be told tried again: one change, or all. Returns how many.
    pub async fn again(&self, id: i64, change: Option<i64>) -> Result<u64, StoreError> {
        let sql = "UPDATE dead_letter SET again = 1 WHERE webhook = $1 AND again = 0 \
                   AND ($2 = 0 OR change_id = $2)";
        let done = sqlx::query(sql)
            .bind(id)
            .bind(change.unwrap_or(0))
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected())
    }

    /// Holds the address that has something to be told and has waited longest, so that no other worker, in
    /// this process or another, tells it the same; the hold ends by itself. Of a program, which may be slow
    /// to answer, only [`AT_ONCE`] are held at a time.
    pub async fn claim(
        &self,
        now: Timestamp,
        hold: SignedDuration,
    ) -> Result<Option<Webhook>, StoreError> {
        let (at, far) = (now.as_microsecond(), far(now));
        let next = "CASE WHEN w.next_at > $2 THEN 0 ELSE w.next_at END";
        let sql = format!(
            "SELECT w.id FROM webhook w WHERE {next} <= $1 AND NOT (w.held_until > $1 AND w.held_until <= $2) \
             AND EXISTS (SELECT 1 FROM client_secret s WHERE s.client = w.client) \
             AND ((w.stopped = 0 AND w.place <> (SELECT COALESCE(MAX(id), 0) FROM change)) \
             OR EXISTS (SELECT 1 FROM dead_letter d WHERE d.webhook = w.id AND d.again = 1)) \
             AND (SELECT COUNT(*) FROM webhook o WHERE o.client = w.client AND o.held_until > $1 AND o.held_until <= $2) < {AT_ONCE} \
             ORDER BY {next}, w.id LIMIT 1"
        );
        let due: Option<(i64,)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(at)
            .bind(far)
            .fetch_optional(&self.pool)
            .await?;
        let Some((id,)) = due else { return Ok(None) };
        let until = now.saturating_add(hold).unwrap_or(Timestamp::MAX);
        let sql = "UPDATE webhook SET held_until = $4 \
                   WHERE id = $1 AND NOT (held_until > $2 AND held_until <= $3)";
        let held = sqlx::query(sql)
            .bind(id)
            .bind(at)
            .bind(far)
            .bind(until.as_microsecond())
            .execute(&self.pool)
            .await?;
        if held.rows_affected() == 0 {
            return Ok(None);
        }
        self.one(id).await
    }

    /// Whether any address is told of changes.
    pub async fn any(&self) -> Result<bool, StoreError> {
        let found = sqlx::query("SELECT id FROM webhook LIMIT 1")
            .fetch_optional(&self.pool)
            .await?;
        Ok(found.is_some())
    }

    /// Nothing up to a change was for it. That says nothing of whether it answers: what is counted stays.
    pub async fn passed(&self, id: i64, place: impl Into<Cursor>) -> Result<(), StoreError> {
        let (place, mark) = place.into().kept();
        sqlx::query("UPDATE webhook SET place = $2, mark = $3 WHERE id = $1 AND place < $2")
            .bind(id)
            .bind(place)
            .bind(mark)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// It was told of everything up to a change.
    pub async fn told(&self, id: i64, place: impl Into<Cursor>) -> Result<(), StoreError> {
        let (place, mark) = place.into().kept();
        let sql = "UPDATE webhook SET place = $2, mark = $3, tries = 0, lost = 0, fault = '' \
                   WHERE id = $1 AND place < $2";
        sqlx::query(sql)
            .bind(id)
            .bind(place)
            .bind(mark)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The next change was tried in vain; it is tried again at a moment.
    pub async fn failed(&self, id: i64, fault: &str, next_at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE webhook SET tries = tries + 1, fault = $2, next_at = $3 WHERE id = $1";
        sqlx::query(sql)
            .bind(id)
            .bind(fault.to_owned())
            .bind(next_at.as_microsecond())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// A change is given up, and the next one's turn comes; after so many in a row the address is
    /// told no more.
    pub async fn give_up(
        &self,
        hook: &Webhook,
        change: impl Into<Cursor>,
        fault: &str,
        most: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (change, mark) = change.into().kept();
        let mut tx = self.pool.begin().await?;
        let sql = "UPDATE webhook SET place = $2, mark = $6, tries = 0, lost = lost + 1, fault = $3, next_at = $4, \
                   stopped = CASE WHEN lost + 1 >= $5 THEN 1 ELSE 0 END WHERE id = $1 AND place < $2";
        sqlx::query(sql)
            .bind(hook.id)
            .bind(change)
            .bind(fault.to_owned())
            .bind(now.as_microsecond())
            .bind(most)
            .bind(mark)
            .execute(&mut *tx)
            .await?;
        let sql = "INSERT INTO dead_letter (webhook, change_id, tries, fault, at, again) \
                   VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT DO NOTHING";
        sqlx::query(sql)
            .bind(hook.id)
            .bind(change)
            .bind(hook.tries + 1)
            .bind(fault.to_owned())
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Its place is none of this register's changes any more: it is told no more until somebody says so,
    /// and then of what comes after another place. What it was not told, which went by numbers too, is
    /// forgotten.
    pub async fn lose_place(&self, id: i64, newest: Cursor, fault: &str) -> Result<(), StoreError> {
        let (place, mark) = newest.kept();
        let mut tx = self.pool.begin().await?;
        let sql = "UPDATE webhook SET place = $2, mark = $3, stopped = 1, tries = 0, lost = 0, fault = $4 \
                   WHERE id = $1";
        sqlx::query(sql)
            .bind(id)
            .bind(place)
            .bind(mark)
            .bind(fault.to_owned())
            .execute(&mut *tx)
            .await?;
        let sql = "DELETE FROM dead_letter WHERE webhook = $1";
        sqlx::query(sql).bind(id).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    /// What was tried again was told now, or in vain once more.
    pub async fn settled(
        &self,
        id: i64,
        change: i64,
        fault: Option<&str>,
    ) -> Result<(), StoreError> {
        let sql = match fault {
            None => "DELETE FROM dead_letter WHERE webhook = $1 AND change_id = $2 AND $3 = ''",
            Some(_) => {
                "UPDATE dead_letter SET again = 0, tries = tries + 1, fault = $3 \
                 WHERE webhook = $1 AND change_id = $2"
            }
        };
        sqlx::query(sql)
            .bind(id)
            .bind(change)
            .bind(fault.unwrap_or_default().to_owned())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Lets go of an address that was held; whoever waited longer than it comes before it.
    pub async fn release(&self, id: i64, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE webhook SET held_until = 0, \
                   next_at = CASE WHEN next_at < $2 OR next_at > $3 THEN $2 ELSE next_at END WHERE id = $1";
        sqlx::query(sql)
            .bind(id)
            .bind(now.as_microsecond())
            .bind(far(now))
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

fn read(row: &AnyRow) -> Result<Option<Webhook>, sqlx::Error> {
    let Some(client) = read_client(row, CLIENT)? else {
        return Ok(None);
    };
    Ok(Some(Webhook {
        id: row.try_get(0)?,
        client,
        url: row.try_get(1)?,
        kinds: row.try_get(2)?,
        nonces: [row.try_get(3)?, row.try_get(4)?],
        before_until: moment(row, 5)?,
        place: Cursor::of_kept(row.try_get(6)?, row.try_get(7)?),
        stopped: row.try_get::<i64, _>(8)? == 1,
        tries: row.try_get(9)?,
        lost: row.try_get(10)?,
        next_at: moment(row, 11)?,
        fault: row.try_get(12)?,
        dead: row.try_get(13)?,
    }))
}
