//! Links that give an account its password, once. The token stands in the link alone; what is kept
//! is its SHA-256. An account has one link at a time.

use jiff::{SignedDuration, Timestamp};
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::identities::shut;
use super::{Account, AccountError, Accounts, Role, added, end_all, hashed};
use crate::StoreError;

/// How long an invitation lasts.
pub const INVITED: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a link for a new password lasts, and the one for the first account.
pub const ANEW: SignedDuration = SignedDuration::from_hours(24);

/// Stands for the account that is still to be made: the first.
const FIRST: i64 = 0;

impl Accounts {
    /// Makes a link of an account, or of the first where there is none yet; earlier ones are void.
    pub async fn make_link(
        &self,
        account: Option<i64>,
        token: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let account = account.unwrap_or(FIRST);
        let mut tx = self.pool.begin().await?;
        sqlx::query("DELETE FROM link WHERE account = $1 OR until <= $2")
            .bind(account)
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await?;
        sqlx::query("INSERT INTO link (hash, account, until) VALUES ($1, $2, $3)")
            .bind(hashed(token))
            .bind(account)
            .bind(until.as_microsecond())
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// What the link of a token is for: an account, or the first (`Some(None)`).
    pub async fn link(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Option<Account>>, StoreError> {
        let row = sqlx::query("SELECT account FROM link WHERE hash = $1 AND until > $2")
            .bind(hashed(token))
            .bind(now.as_microsecond())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        match row.try_get(0)? {
            FIRST => Ok(self.none().await?.then_some(None)),
            id => Ok(self.of(id).await?.map(Some)),
        }
    }

    /// Uses an account's link up: the account gets a new password (a hash in PHC form), and its
    /// sessions end. None where the link was used or has run out.
    pub async fn use_link(
        &self,
        token: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        let mut tx = self.pool.begin().await?;
        let Some(id) = used_up(&mut tx, token, "account <> $3", now).await? else {
            return Ok(None);
        };
        sqlx::query("UPDATE account SET password = $1 WHERE id = $2")
            .bind(password.to_owned())
            .bind(id)
            .execute(&mut *tx)
            .await?;
        end_all(&mut tx, Some(id)).await?;
        // One that was closed is open again, its provider's way too.
        shut(&mut tx, id, false).await?;
        tx.commit().await?;
        self.of(id).await
    }

    /// Uses the first account's link up: makes a central officer. None where the link was used or
    /// has run out, or another account was made meanwhile.
    pub async fn use_first_link(
        &self,
        token: &str,
        login: &str,
        name: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<Option<Account>, AccountError> {
        let mut tx = self.pool.begin().await?;
        let first = "account = $3 AND NOT EXISTS (SELECT 1 FROM account)";
        if used_up(&mut tx, token, first, now).await?.is_none() {
            return Ok(None);
        }
        let account = added(&mut tx, login, name, Role::Walidata, password).await?;
        tx.commit().await?;
        Ok(Some(account))
    }
}

/// Uses up the link of a token that meets a condition, in which `$3` is [`FIRST`]; whose it was.
async fn used_up(
    tx: &mut Transaction<'static, Any>,
    token: &str,
    condition: &'static str,
    now: Timestamp,
) -> Result<Option<i64>, sqlx::Error> {
    let sql = format!(
        "DELETE FROM link WHERE hash = $1 AND until > $2 AND {condition} RETURNING account"
    );
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(hashed(token))
        .bind(now.as_microsecond())
        .bind(FIRST)
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| row.try_get(0)).transpose()
}
