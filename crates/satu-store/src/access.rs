//! Who looked at what is sensitive, when and for what purpose. Beside the ledger, like accounts.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use crate::{Scope, Store, StoreError};

/// One look at a person's sensitive fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// When.
    pub at: Timestamp,
    /// The login of who looked.
    pub by: String,
    /// What for.
    pub purpose: String,
}

impl Store {
    /// Puts a look at these persons on the record; what it allows is shown after that only.
    pub async fn note_access(
        &self,
        persons: &[i64],
        by: &str,
        purpose: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        for person in persons {
            let sql = "INSERT INTO access (person_id, at, login, purpose) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
            sqlx::query(sql)
                .bind(*person)
                .bind(at.as_microsecond())
                .bind(by.to_owned())
                .bind(purpose.to_owned())
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// The newest looks at a person within reach.
    pub async fn accesses(
        &self,
        scope: &Scope,
        person: i64,
        count: i64,
    ) -> Result<Vec<Access>, StoreError> {
        let sql = format!(
            "SELECT a.at, a.login, a.purpose FROM access a WHERE a.person_id = $2 AND {} \
             ORDER BY a.at DESC, a.login LIMIT $3",
            scope.persons("a.person_id", "$1")
        );
        let rows: Vec<(i64, String, String)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(person)
            .bind(count)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows
            .into_iter()
            .map(|(at, by, purpose)| Access {
                at: Timestamp::from_microsecond(at).unwrap_or(Timestamp::MIN),
                by,
                purpose,
            })
            .collect())
    }
}
