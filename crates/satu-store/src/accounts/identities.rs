//! Who an account is at a provider that signs people in (OpenID Connect Core 1.0): the pair of
//! issuer and subject, the only claims that name the same person for ever (section 5.7).

use jiff::Timestamp;
use sqlx::{Any, Row, Transaction};

use super::{Account, AccountError, Accounts, Role, account, added, moment};
use crate::StoreError;

/// By what a session was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Means {
    /// A password, and a code where the account has a second factor.
    #[default]
    Password,
    /// A provider, and a code of ours where the account has a second factor.
    Provider,
    /// A provider that asked for a second factor itself.
    ProviderTwice,
}

impl Means {
    pub(super) fn number(self) -> i64 {
        match self {
            Means::Password => 0,
            Means::Provider => 1,
            Means::ProviderTwice => 2,
        }
    }

    pub(super) fn of(number: i64) -> Means {
        match number {
            1 => Means::Provider,
            2 => Means::ProviderTwice,
            _ => Means::Password,
        }
    }
}

/// By what somebody has shown who they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct How {
    /// By what.
    pub means: Means,
    /// What a provider calls its session with them.
    pub sid: Option<String>,
    /// When a provider last asked them who they are, where it must say so.
    pub asked_at: Option<Timestamp>,
}

impl From<Means> for How {
    fn from(means: Means) -> Self {
        How {
            means,
            sid: None,
            asked_at: None,
        }
    }
}

/// The account of somebody at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The account.
    pub account: Account,
    /// Whether the provider may sign it in: false once it was closed.
    pub open: bool,
}

impl Accounts {
    /// Whose account a subject of an issuer is.
    pub async fn of_identity(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<Identity>, StoreError> {
        let sql = "SELECT a.id, a.login, a.name, a.role, a.instansi, a.nip, i.shut \
                   FROM identity i JOIN account a ON a.id = i.account \
                   WHERE i.issuer = $1 AND i.subject = $2";
        let row = sqlx::query(sql)
            .bind(issuer.to_owned())
            .bind(subject.to_owned())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let open = row.try_get::<i64, _>(6)? == 0;
        Ok(account(&row)?.map(|account| Identity { account, open }))
    }

    /// Links an account with a subject of an issuer; false where the subject is another's already,
    /// or the account has another subject there. Neither is ever taken over.
    pub async fn link_identity(
        &self,
        account: i64,
        issuer: &str,
        subject: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        let linked = linked(&mut tx, account, issuer, subject, now).await?;
        tx.commit().await?;
        Ok(linked)
    }

    /// Makes an account without a password for a subject of an issuer. [`AccountError::Linked`]
    /// where the subject has one already.
    pub async fn add_with_identity(
        &self,
        login: &str,
        name: &str,
        role: Role,
        (issuer, subject): (&str, &str),
        now: Timestamp,
    ) -> Result<Account, AccountError> {
        let mut tx = self.pool.begin().await?;
        let account = added(&mut tx, login, name, role, "").await?;
        if !linked(&mut tx, account.id, issuer, subject, now).await? {
            return Err(AccountError::Linked);
        }
        tx.commit().await?;
        Ok(account)
    }

    /// Since when an account has been linked with a subject of an issuer.
    pub async fn identity_since(
        &self,
        account: i64,
        issuer: &str,
    ) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT linked_at FROM identity WHERE account = $1 AND issuer = $2";
        let row = sqlx::query(sql)
            .bind(account)
            .bind(issuer.to_owned())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| moment(&row, 0)).transpose()?)
    }

    /// Ends the link of an account with an issuer; whether there was one.
    pub async fn unlink_identity(&self, account: i64, issuer: &str) -> Result<bool, StoreError> {
        let ended = sqlx::query("DELETE FROM identity WHERE account = $1 AND issuer = $2")
            .bind(account)
            .bind(issuer.to_owned())
            .execute(&self.pool)
            .await?;
        Ok(ended.rows_affected() > 0)
    }

    /// Whether an account has a password.
    pub async fn has_password(&self, account: i64) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM account WHERE id = $1 AND password <> ''")
            .bind(account)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.is_some())
    }
}

async fn linked(
    tx: &mut Transaction<'static, Any>,
    account: i64,
    issuer: &str,
    subject: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = "INSERT INTO identity (issuer, subject, account, linked_at, shut) \
               VALUES ($1, $2, $3, $4, 0) ON CONFLICT DO NOTHING";
    let linked = sqlx::query(sql)
        .bind(issuer.to_owned())
        .bind(subject.to_owned())
        .bind(account)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(linked.rows_affected() == 1)
}

/// Shuts, or opens again, the way of an account through its providers.
pub(super) async fn shut(
    tx: &mut Transaction<'static, Any>,
    account: i64,
    shut: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE identity SET shut = $1 WHERE account = $2")
        .bind(i64::from(shut))
        .bind(account)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
