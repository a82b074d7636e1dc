//! Who looked at what is sensitive, when and for what purpose: a log beside the ledger.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use crate::bulk::{self, Cell};
use crate::changes::numbered;
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

    /// The newest looks at a person within reach, under every number that is theirs by now.
    pub async fn accesses(
        &self,
        scope: &Scope,
        person: i64,
        count: i64,
    ) -> Result<Vec<Access>, StoreError> {
        let rows: Vec<(i64, String, String)> = sqlx::query_as(AssertSqlSafe(looks(scope)))
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

/// The looks at the person `$2`, if within reach, the newest first, `$3` of them.
fn looks(scope: &Scope) -> String {
    let person = "CAST($2 AS BIGINT)";
    format!(
        "WITH RECURSIVE {} SELECT a.at, a.login, a.purpose FROM numbered n CROSS JOIN look a \
         WHERE a.person_id = n.number AND {} ORDER BY a.at DESC, a.seq DESC LIMIT $3",
        numbered(&format!("SELECT {person}, {person}")),
        scope.persons("n.person_id", "$1")
    )
}

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, Row};

    use super::looks;
    use crate::{Scope, Store};

    /// A register with a million looks must not read them for the page of one person.
    #[tokio::test]
    async fn looks_are_found_by_index_alone() {
        let folder = tempfile::tempdir().unwrap();
        let [file, key] = ["satu.db", "key"].map(|name| folder.path().join(name));
        let key = crate::KeyPlace::File(key);
        let store = Store::open(file.to_str().unwrap(), &key).await.unwrap();
        for scope in [Scope::whole(), Scope::own("1"), Scope::agency("Kota")] {
            let plan = sqlx::query(AssertSqlSafe(format!(
                "EXPLAIN QUERY PLAN {}",
                looks(&scope)
            )));
            let plan = plan.bind(scope.value()).bind(1_i64).bind(9_i64);
            let steps: Vec<String> = plan
                .fetch_all(&store.pool)
                .await
                .unwrap()
                .iter()
                .map(|row| row.get(3))
                .collect();
            let read = |how: &str, table: &str| {
                let step = format!("{how} {table} ");
                steps.iter().any(|one| format!("{one} ").starts_with(&step))
            };
            // The look, change, member, and the person or place of who is within reach.
            for table in ["a", "c", "m", "reach"] {
                assert!(!read("SCAN", table), "{table}: {steps:#?}");
            }
            assert!(
                ["a", "c"].iter().all(|table| read("SEARCH", table)),
                "{steps:#?}"
            );
        }
    }
}
