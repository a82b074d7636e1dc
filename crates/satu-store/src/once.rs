//! What a program sent under an idempotency key, so that it happens once however often it is sent
//! (draft-ietf-httpapi-idempotency-key-header). A working table, as those of programs are.

use jiff::{SignedDuration, Timestamp};
use sqlx::Row;

use crate::StoreError;
use crate::clients::Clients;

/// How long an answer is kept for a request that comes again.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a request may be under way; after that its process is taken to have died.
const LONGEST: SignedDuration = SignedDuration::from_mins(10);

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Its status.
    pub status: u16,
    /// Its `Location`; empty for none.
    pub place: String,
    /// Its body, which is JSON.
    pub body: String,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Once {
    /// Nothing: the request is to be done, and [`Clients::done`] or [`Clients::undone`] to follow.
    Fresh,
    /// The same request is under way.
    UnderWay,
    /// It was used for another request.
    Other,
    /// The same request was answered so.
    Answered(Answered),
}

impl Clients {
    /// Takes a program's key for a request of this fingerprint, unless it was taken.
    pub async fn once(
        &self,
        client: i64,
        key: &str,
        print: &str,
        now: Timestamp,
    ) -> Result<Once, StoreError> {
        let mut tx = self.store.pool.begin().await?;
        let sql = "DELETE FROM client_once WHERE at < $1 OR (status = 0 AND at < $2)";
        sqlx::query(sql)
            .bind((now - KEPT).as_microsecond())
            .bind((now - LONGEST).as_microsecond())
            .execute(&mut *tx)
            .await?;
        let sql = "INSERT INTO client_once (client, key, print, at, status, place, body) \
             VALUES ($1, $2, $3, $4, 0, '', '') ON CONFLICT DO NOTHING";
        let taken = sqlx::query(sql)
            .bind(client)
            .bind(key.to_owned())
            .bind(print.to_owned())
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await?;
        let once = if taken.rows_affected() == 1 {
            Once::Fresh
        } else {
            let sql = "SELECT print, status, place, body FROM client_once \
                 WHERE client = $1 AND key = $2";
            let row = sqlx::query(sql)
                .bind(client)
                .bind(key.to_owned())
                .fetch_one(&mut *tx)
                .await?;
            let (known, status): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
            match u16::try_from(status) {
                _ if known != print => Once::Other,
                Ok(status) if status > 0 => Once::Answered(Answered {
                    status,
                    place: row.try_get(2)?,
                    body: row.try_get(3)?,
                }),
                _ => Once::UnderWay,
            }
        };
        tx.commit().await?;
        Ok(once)
    }

    /// Keeps the answer to the request of a key.
    pub async fn done(&self, client: i64, key: &str, answered: Answered) -> Result<(), StoreError> {
        let sql = "UPDATE client_once SET status = $3, place = $4, body = $5 \
             WHERE client = $1 AND key = $2";
        sqlx::query(sql)
            .bind(client)
            .bind(key.to_owned())
            .bind(i64::from(answered.status))
            .bind(answered.place)
            .bind(answered.body)
            .execute(&self.store.pool)
            .await?;
        Ok(())
    }

    /// Gives a key free: the request was refused, and changed nothing.
    pub async fn undone(&self, client: i64, key: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM client_once WHERE client = $1 AND key = $2")
            .bind(client)
            .bind(key.to_owned())
            .execute(&self.store.pool)
            .await?;
        Ok(())
    }
}
