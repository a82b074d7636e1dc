//! Tokens by which an account asks without a browser: of its password for half a day, or made by
//! its owner for longer; that one of these was made or ended stands in the ledger. The SHA-256 alone is
//! kept.

use jiff::{SignedDuration, Timestamp};
use sqlx::{AnyConnection, Row};

use super::{Account, Accounts, account, hashed, moment};
use crate::entry::Done;
use crate::{Store, StoreError};

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
    /// Keeps a token that a password gave, which is a sign-in like any other; those that ran out go.
    pub async fn issue_personal(
        &self,
        account: i64,
        token: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        kept(&mut tx, (account, token, ""), until, now).await?;
        Ok(tx.commit().await?)
    }

    /// The account of a token that has not run out, with the token's name: empty where a password gave it.
    pub async fn of_personal(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<(Account, String)>, StoreError> {
        let sql = "SELECT a.id, a.login, a.name, a.role, a.instansi, a.nip, t.name FROM personal_token t \
                   JOIN account a ON a.id = t.account WHERE t.hash = $1 AND t.until > $2";
        let row = sqlx::query(sql)
            .bind(hashed(token))
            .bind(now.as_microsecond())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let name = row.try_get(6)?;
        Ok(account(&row)?.map(|account| (account, name)))
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
}

impl Store {
    /// Keeps a token that is made for an account under a name.
    pub async fn make_token(
        &self,
        account: &Account,
        token: &str,
        name: &str,
        until: Timestamp,
        by: &str,
    ) -> Result<(), StoreError> {
        let mut writer = self.begin().await?;
        let now = Timestamp::now();
        kept(&mut writer.tx, (account.id, token, name), until, now).await?;
        let done = Done::TokenMade {
            login: account.login.clone(),
            name: name.to_owned(),
            until,
        };
        writer.record(done, by).await?;
        writer.commit().await?;
        Ok(())
    }

    /// Makes one token of an account useless; false where the account has none of this id.
    pub async fn end_token(
        &self,
        account: &Account,
        id: &str,
        by: &str,
    ) -> Result<bool, StoreError> {
        let mut writer = self.begin().await?;
        let sql = "DELETE FROM personal_token WHERE account = $1 AND hash = $2 RETURNING name";
        let ended = sqlx::query(sql)
            .bind(account.id)
            .bind(id.to_owned())
            .fetch_optional(&mut *writer.tx)
            .await?;
        let Some(ended) = ended else {
            return Ok(false);
        };
        let done = Done::TokenEnded {
            login: account.login.clone(),
            name: ended.try_get(0)?,
        };
        writer.record(done, by).await?;
        writer.commit().await?;
        Ok(true)
    }

    /// Makes every token of an account useless; how many there were.
    pub async fn end_tokens(&self, account: &Account, by: &str) -> Result<u64, StoreError> {
        let mut writer = self.begin().await?;
        let sql = "DELETE FROM personal_token WHERE account = $1";
        let ended = sqlx::query(sql).bind(account.id);
        let count = ended.execute(&mut *writer.tx).await?.rows_affected();
        if count > 0 {
            let login = account.login.clone();
            writer
                .record(Done::TokensEnded { login, count }, by)
                .await?;
            writer.commit().await?;
        }
        Ok(count)
    }
}

/// Makes every token useless that a password gave to an account, or to any: it is a sign-in and ends with
/// the sessions.
pub(super) async fn end_given(
    connection: &mut AnyConnection,
    account: Option<i64>,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM personal_token WHERE name = '' AND ($1 OR account = $2)")
        .bind(account.is_none())
        .bind(account.unwrap_or_default())
        .execute(connection)
        .await?;
    Ok(())
}

/// Keeps a token of an account under a name; those that ran out go.
async fn kept(
    connection: &mut AnyConnection,
    (account, token, name): (i64, &str, &str),
    until: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM personal_token WHERE until <= $1")
        .bind(now.as_microsecond())
        .execute(&mut *connection)
        .await?;
    let sql = "INSERT INTO personal_token (hash, account, name, made_at, until) VALUES ($1, $2, $3, $4, $5)";
    sqlx::query(sql)
        .bind(hashed(token))
        .bind(account)
        .bind(name.to_owned())
        .bind(now.as_microsecond())
        .bind(until.as_microsecond())
        .execute(&mut *connection)
        .await?;
    Ok(())
}
