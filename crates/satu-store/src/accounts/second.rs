//! The second factor of an account. What is kept does not tell the secret: it is worked out from a
//! nonce kept here and a key kept outside the database.

use sqlx::{Any, Row, Transaction};

use super::sessions::end_others;
use super::{Accounts, hashed};
use crate::StoreError;

/// An account's second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Second {
    /// From which, with the key, the secret is worked out.
    pub nonce: String,
    /// The time step of the last code that was taken.
    pub last_step: i64,
    /// Recovery codes that were not used yet.
    pub codes: i64,
}

impl Accounts {
    /// The second factor of an account.
    pub async fn second(&self, account: i64) -> Result<Option<Second>, StoreError> {
        let sql = "SELECT nonce, last_step, (SELECT COUNT(*) FROM recovery_code c \
                   WHERE c.account = s.account) FROM second_factor s WHERE s.account = $1";
        let row = sqlx::query(sql)
            .bind(account)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Second {
            nonce: row.try_get(0)?,
            last_step: row.try_get(1)?,
            codes: row.try_get(2)?,
        }))
    }

    /// Gives an account a second factor in place of any other, with recovery codes of which only
    /// the SHA-256 is kept. Where its owner does, in the session of a token, that session alone goes on, and the
    /// tokens that the password gave end.
    pub async fn set_second(
        &self,
        account: i64,
        nonce: &str,
        step: i64,
        codes: &[String],
        own: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        forgotten(&mut tx, account).await?;
        sqlx::query("INSERT INTO second_factor (account, nonce, last_step) VALUES ($1, $2, $3)")
            .bind(account)
            .bind(nonce.to_owned())
            .bind(step)
            .execute(&mut *tx)
            .await?;
        for code in codes {
            sqlx::query("INSERT INTO recovery_code (account, hash) VALUES ($1, $2)")
                .bind(account)
                .bind(hashed(code))
                .execute(&mut *tx)
                .await?;
        }
        if let Some(token) = own {
            end_others(&mut tx, account, token).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Takes the code of a time step; whether no code of this step or a later one was taken before.
    pub async fn take_step(&self, account: i64, step: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE second_factor SET last_step = $2 WHERE account = $1 AND last_step < $2";
        let taken = sqlx::query(sql)
            .bind(account)
            .bind(step)
            .execute(&self.pool)
            .await?;
        Ok(taken.rows_affected() == 1)
    }

    /// Uses a recovery code up; whether it was one.
    pub async fn take_code(&self, account: i64, code: &str) -> Result<bool, StoreError> {
        let taken = sqlx::query("DELETE FROM recovery_code WHERE account = $1 AND hash = $2")
            .bind(account)
            .bind(hashed(code))
            .execute(&self.pool)
            .await?;
        Ok(taken.rows_affected() == 1)
    }

    /// Takes the second factor from an account; whether it had one. Where its owner does, in the session of
    /// a token, that session alone goes on, and the tokens that the password gave end.
    pub async fn remove_second(&self, account: i64, own: Option<&str>) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        let had = forgotten(&mut tx, account).await?;
        if let Some(token) = own {
            end_others(&mut tx, account, token).await?;
        }
        tx.commit().await?;
        Ok(had)
    }
}

/// Forgets an account's second factor and its recovery codes; whether it had one.
pub(super) async fn forgotten(
    tx: &mut Transaction<'static, Any>,
    account: i64,
) -> Result<bool, sqlx::Error> {
    let had = sqlx::query("DELETE FROM second_factor WHERE account = $1")
        .bind(account)
        .execute(&mut **tx)
        .await?;
    sqlx::query("DELETE FROM recovery_code WHERE account = $1")
        .bind(account)
        .execute(&mut **tx)
        .await?;
    Ok(had.rows_affected() == 1)
}
