//! The secrets of programs: of each the SHA-256 alone is kept.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::tokens::alone;
use super::{COLUMNS, Client, ClientError, Clients, read};
use crate::accounts::hashed;
use crate::entry::Done;
use crate::{StoreError, Writer};

/// Secrets of a client that are good at a time: while a program changes to the new one, the old
/// one is good too.
const SECRETS: i64 = 2;

impl Clients {
    /// Makes all secrets but the newest useless at once, and every token: after a leak.
    pub async fn drop_old(&self, key: &str, by: &str) -> Result<(), ClientError> {
        let which = "AND made_at < (SELECT MAX(made_at) FROM client_secret WHERE client = $1)";
        let done = |key| Done::ProgramOldDropped { key };
        self.end(key, which, done, by).await
    }

    /// Closes a program: its secrets and tokens are useless at once.
    pub async fn close(&self, key: &str, by: &str) -> Result<(), ClientError> {
        let done = |key| Done::ProgramClosed { key };
        self.end(key, "", done, by).await
    }

    async fn end(
        &self,
        key: &str,
        which: &str,
        done: impl FnOnce(String) -> Done,
        by: &str,
    ) -> Result<(), ClientError> {
        let client = self.named(key).await?;
        let mut writer = self.store.begin().await?;
        alone(&mut writer.tx, client.id).await?;
        let sql = format!("DELETE FROM client_secret WHERE client = $1 {which}");
        for sql in [sql.as_str(), "DELETE FROM client_token WHERE client = $1"] {
            sqlx::query(AssertSqlSafe(sql.to_owned()))
                .bind(client.id)
                .execute(&mut *writer.tx)
                .await?;
        }
        writer.record(done(client.key), by).await?;
        writer.commit().await?;
        Ok(())
    }

    /// The program that has this key and this secret. The secret is looked for by its hash, so that
    /// the time of the search tells nothing of it.
    pub async fn proven(&self, key: &str, secret: &str) -> Result<Option<Client>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM client c WHERE c.key = $1 AND EXISTS \
             (SELECT 1 FROM client_secret s WHERE s.client = c.id AND s.hash = $2)"
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(key.to_owned())
            .bind(hashed(secret))
            .fetch_optional(&self.store.pool)
            .await?;
        Ok(row.as_ref().map(|row| read(row, 0)).transpose()?.flatten())
    }
}

impl Writer {
    /// Gives a program a new secret in the same transaction as what is appended, by a proposal that was
    /// approved where one is needed; the ledger number. The one before it stays good until the next. A
    /// closed program opens by it.
    pub async fn turn_program(
        &mut self,
        client: &Client,
        secret: &str,
        proposal: Option<i64>,
        by: &str,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        secret_added(&mut self.tx, client.id, secret, now).await?;
        let sql = "DELETE FROM client_secret WHERE client = $1 AND made_at NOT IN \
             (SELECT made_at FROM client_secret WHERE client = $1 ORDER BY made_at DESC LIMIT $2)";
        sqlx::query(sql)
            .bind(client.id)
            .bind(SECRETS)
            .execute(&mut *self.tx)
            .await?;
        let key = client.key.clone();
        self.record(Done::ProgramTurned { key, proposal }, by).await
    }
}

/// Keeps a new secret of a program as part of a transaction.
pub(super) async fn secret_added(
    tx: &mut sqlx::Transaction<'static, sqlx::Any>,
    client: i64,
    secret: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO client_secret (client, hash, made_at) VALUES ($1, $2, $3)")
        .bind(client)
        .bind(hashed(secret))
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
