//! Tokens by which an account asks without a browser: of its password for half a day, or made by
//! its owner for longer. The SHA-256 alone is kept.

use jiff::{SignedDuration, Timestamp};
use sqlx::Row;

use super::{Account, Accounts, account, hashed, moment};
use crate::StoreError;

/// How long a token lasts that a password gave.
pub const PERSONAL: SignedDuration = SignedDuration::from_hours(12);

/// For how many days one that is named is good at most.
pub const MOST_DAYS: u16 = 1_095;
/// For how many days it is where nobody says.
pub const USUAL_DAYS: u16 = 365;

/// A token as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalToken {
    /// By which it is named: its SHA-256.
    pub id: String,
    /// What its owner calls it; empty for one that a password gave.
    pub name: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it runs out.
    pub until: Timestamp,
}

impl Accounts {
    /// Keeps a token of an account; those that ran out go.
    pub async fn issue_personal(
        &self,
        account: i64,
        token: &str,
        name: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("DELETE FROM personal_token WHERE until <= $1")
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await?;
        let sql = "INSERT INTO personal_token (hash, account, name, made_at, until) VALUES ($1, $2, $3, $4, $5)";
        sqlx::query(sql)
            .bind(hashed(token))
            .bind(account)
            .bind(name.to_owned())
            .bind(now.as_microsecond())
            .bind(until.as_microsecond())
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The account of a token that has not run out.
    pub async fn of_personal(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        let sql = "SELECT a.id, a.login, a.name, a.role, a.instansi, a.nip FROM personal_token t \
                   JOIN account a ON a.id = t.account WHERE t.hash = $1 AND t.until > $2";
        let row = sqlx::query(sql)
            .bind(hashed(token))
            .bind(now.as_microsecond())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| account(&row)).transpose()?.flatten())
    }

    /// The tokens of an account that have not run out, the newest first.
    pub async fn personal(
        &self,
        account: i64,
        now: Timestamp,
    ) -> Result<Vec<PersonalToken>, StoreError> {
        let sql = "SELECT hash, name, made_at, until FROM personal_token \
                   WHERE account = $1 AND until > $2 ORDER BY made_at DESC, hash";
        let rows = sqlx::query(sql)
            .bind(account)
            .bind(now.as_microsecond())
            .fetch_all(&self.pool)
            .await?;
        let token = |row: &sqlx::any::AnyRow| {
            Ok(PersonalToken {
                id: row.try_get(0)?,
                name: row.try_get(1)?,
                made_at: moment(row, 2)?,
                until: moment(row, 3)?,
            })
        };
        rows.iter().map(token).collect()
    }

    /// Makes one token of an account useless; false where the account has none of this name.
    pub async fn end_one_personal(&self, account: i64, id: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM personal_token WHERE account = $1 AND hash = $2";
        let done = sqlx::query(sql)
            .bind(account)
            .bind(id.to_owned())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Makes every token of an account useless; how many there were.
    pub async fn end_personal(&self, account: i64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM personal_token WHERE account = $1";
        let done = sqlx::query(sql).bind(account).execute(&self.pool).await?;
        Ok(done.rows_affected())
    }
}
