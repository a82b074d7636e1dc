//! The tokens of programs: of each the SHA-256 alone is kept.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::rights::kept_rights;
use super::{COLUMNS, Client, Clients, Rights, read};
use crate::StoreError;
use crate::accounts::{hashed, moment};
use crate::listed::{in_texts, listed};
use crate::together::Question;

/// How long a token lasts.
pub const TOKEN: SignedDuration = SignedDuration::from_hours(1);

/// Most tokens whose program is remembered.
const REMEMBERED: usize = 10_000;

impl Clients {
    /// Keeps a token of a program, for some of its rights, and that its secret was used; those that ran
    /// out go. Not, and false, where the secret was ended meanwhile.
    pub async fn issue(
        &self,
        client: &Client,
        secret: &str,
        token: &str,
        rights: &Rights,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.store.pool.begin().await?;
        alone(&mut tx, client.id).await?;
        // To the moment, each time: the token makes this a write to the disk anyway, and a row more does not
        // make it another.
        let sql = "UPDATE client_secret SET used_at = $3 WHERE client = $1 AND hash = $2";
        let used = sqlx::query(sql)
            .bind(client.id)
            .bind(hashed(secret))
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await?;
        if used.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("DELETE FROM client_token WHERE until <= $1")
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await?;
        let sql = "INSERT INTO client_token (hash, client, rights, until) VALUES ($1, $2, $3, $4)";
        sqlx::query(sql)
            .bind(hashed(token))
            .bind(client.id)
            .bind(rights.to_string())
            .bind(until.as_microsecond())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The program of a token, with the rights that both have.
    pub async fn of_token(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Arc<Client>>, StoreError> {
        let hash = hashed(token);
        self.tokens
            .ask(&self.store.pool, Bearer { hash, now })
            .await
    }
}

/// Whose a token is.
#[derive(Debug, Clone)]
pub(super) struct Bearer {
    hash: String,
    now: Timestamp,
}

/// Whose tokens were, for as long as nothing at all was written to the database since.
#[derive(Default)]
pub(super) struct Known {
    version: Option<i64>,
    tokens: FxHashMap<String, (Timestamp, Arc<Client>)>,
}

impl Known {
    /// Forgets what may not hold any more. SQLite says whether another connection has written, be it
    /// another process's; of PostgreSQL nothing is known for longer than a query.
    async fn renew(&mut self, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
        let version = if connection.backend_name() == "SQLite" {
            let sql = "PRAGMA data_version";
            Some(sqlx::query_scalar(sql).fetch_one(connection).await?)
        } else {
            None
        };
        if version.is_none() || version != self.version || self.tokens.len() > REMEMBERED {
            self.tokens.clear();
            self.version = version;
        }
        Ok(())
    }
}

impl Question for Bearer {
    type Answer = Option<Arc<Client>>;
    type Memory = Known;

    fn goes_with(&self, _: &Bearer) -> bool {
        true
    }

    async fn answers(
        connection: &mut AnyConnection,
        known: &mut Known,
        asked: &[Bearer],
    ) -> Result<Vec<Option<Arc<Client>>>, StoreError> {
        known.renew(connection).await?;
        let hashes = asked.iter().map(|one| one.hash.as_str());
        let hashes: BTreeSet<&str> = hashes
            .filter(|hash| !known.tokens.contains_key(*hash))
            .collect();
        if !hashes.is_empty() {
            let sql = format!(
                "SELECT {COLUMNS}, t.rights, t.until, t.hash FROM client_token t \
                 JOIN client c ON c.id = t.client WHERE t.hash {}",
                in_texts(connection, 1)
            );
            let query = sqlx::query(AssertSqlSafe(sql)).bind(listed(hashes));
            for row in query.fetch_all(connection).await? {
                let of_token = kept_rights(&row, 7)?;
                let Some(client) = read(&row, 0)? else {
                    continue;
                };
                let rights = client.rights.within(&of_token);
                let client = Arc::new(Client { rights, ..client });
                let token = (moment(&row, 8)?, client);
                known.tokens.insert(row.try_get(9)?, token);
            }
        }
        let answer = |one: &Bearer| {
            let (until, client) = known.tokens.get(&one.hash)?;
            (*until > one.now).then(|| client.clone())
        };
        Ok(asked.iter().map(answer).collect())
    }
}

/// Lets no other transaction give or end tokens of a program until this one is done.
pub(super) async fn alone(
    tx: &mut sqlx::Transaction<'static, sqlx::Any>,
    client: i64,
) -> Result<(), sqlx::Error> {
    let sql = "UPDATE client SET key = key WHERE id = $1";
    sqlx::query(sql).bind(client).execute(&mut **tx).await?;
    Ok(())
}
