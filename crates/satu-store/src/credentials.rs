//! What was done to what is asked with over the API, programs and personal tokens: written into the
//! ledger in the transaction that does it, and read here.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row};

use crate::accounts::moment;
use crate::entry::{Credential, Done};
use crate::proposals::PROGRAM;
use crate::{Entry, Store, StoreError, Writer};

/// An act as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its ledger number.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// What, and by whom.
    pub act: Credential,
}

impl Done {
    /// Whose it is: a program's, or an account's.
    fn holder(&self) -> String {
        match self {
            Done::ProgramMade { key, .. }
            | Done::ProgramOwned { key, .. }
            | Done::ProgramTurned { key, .. }
            | Done::ProgramOldDropped { key }
            | Done::ProgramClosed { key } => format!("{PROGRAM}{key}"),
            Done::TokenMade { login, .. }
            | Done::TokenEnded { login, .. }
            | Done::TokensEnded { login, .. } => login.clone(),
        }
    }
}

pub(crate) async fn keep(
    connection: &mut AnyConnection,
    seq: i64,
    act: &Credential,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO credential (id, holder) VALUES ($1, $2)")
        .bind(seq)
        .bind(act.done.holder())
        .execute(connection)
        .await?;
    Ok(())
}

impl Writer {
    /// Appends what is done to a program or a token in the same transaction.
    pub(crate) async fn record(&mut self, done: Done, by: &str) -> Result<i64, StoreError> {
        let by = by.to_owned();
        self.append(&Entry::Credential(Credential { done, by }))
            .await
    }
}

impl Store {
    /// What was done to the program of a key, the first act first.
    pub async fn program_history(&self, key: &str) -> Result<Vec<Recorded>, StoreError> {
        self.history(format!("{PROGRAM}{key}")).await
    }

    /// What was done to the personal tokens of an account, the first act first.
    pub async fn token_history(&self, login: &str) -> Result<Vec<Recorded>, StoreError> {
        self.history(login.to_owned()).await
    }

    async fn history(&self, holder: String) -> Result<Vec<Recorded>, StoreError> {
        let ring = self.keys.ring()?;
        let sql = "SELECT l.seq, l.recorded_at, l.body FROM credential c JOIN ledger l ON l.seq = c.id \
                   WHERE c.holder = $1 ORDER BY c.id";
        let rows = sqlx::query(sql).bind(holder).fetch_all(&self.pool).await?;
        let mut found = Vec::new();
        for row in rows {
            let id = row.try_get(0)?;
            if let Entry::Credential(act) = ring.entry(id, row.try_get(2)?)? {
                let at = moment(&row, 1)?;
                found.push(Recorded { id, at, act });
            }
        }
        Ok(found)
    }
}
