//! Who looked at what is sensitive, when and for what purpose: a log beside the ledger.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use crate::bulk::{self, Cell};
use crate::log::{Log, Look, hashed, lock, set_head};
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
        let at = at.as_microsecond();
        let mut tx = self.pool.begin().await?;
        let mut frontier = lock(&mut tx, Log::Access).await?;
        let mut rows = Vec::new();
        for (nth, person) in persons.iter().enumerate() {
            if persons[..nth].contains(person) {
                continue;
            }
            let look = Look {
                person: *person,
                by,
                purpose,
            };
            frontier.push(hashed(at, look.body()?.as_bytes()));
            rows.extend([
                Cell::Int(frontier.size() as i64),
                Cell::Int(*person),
                Cell::Int(at),
                Cell::Text(by.to_owned()),
                Cell::Text(purpose.to_owned()),
            ]);
        }
        let columns = "look (seq, person_id, at, login, purpose)";
        bulk::insert(&mut tx, columns, 5, &mut rows).await?;
        set_head(&mut tx, Log::Access, &frontier).await?;
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
            "SELECT a.at, a.login, a.purpose FROM look a WHERE a.person_id = $2 AND {} \
             ORDER BY a.at DESC, a.seq DESC LIMIT $3",
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
