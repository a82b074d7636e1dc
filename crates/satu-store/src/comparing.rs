//! Golden records by their numbers, many at a time, for holding an agency's file against them.

use rustc_hash::FxHashMap;
use sqlx::{AssertSqlSafe, Row};

use crate::kept_record::open_record;
use crate::listed::{in_numbers, in_texts, listed};
use crate::person_rows::shelved;
use crate::snapshot::{Golden, Snapshot};
use crate::{Scope, StoreError};

impl Snapshot {
    /// The persons within reach of whom any source states one of these values of `nip`, `nik` or
    /// `nip_lama`: value and person, in that order.
    pub async fn having(
        &mut self,
        scope: &Scope,
        field: &str,
        values: &[&str],
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let ring = self.keys.ring()?;
        let shelf = |value: &&str| (shelved(&ring, field, value), (*value).to_owned());
        let shelved: FxHashMap<String, String> = values.iter().map(shelf).collect();
        let sql = format!(
            "SELECT l.value, l.person_id FROM lookup l WHERE l.field = $2 AND l.value {} AND {}",
            in_texts(&self.tx, 3),
            scope.persons("l.person_id", "$1")
        );
        let query = sqlx::query_as::<_, (String, i64)>(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(field.to_owned())
            .bind(listed(shelved.keys().cloned()));
        let mut found = Vec::new();
        for (value, person) in query.fetch_all(&mut *self.tx).await? {
            found.extend(shelved.get(&value).map(|value| (value.clone(), person)));
        }
        found.sort_unstable();
        Ok(found)
    }

    /// The golden records of those of these persons that are within reach, by number.
    pub async fn golden_of(
        &mut self,
        scope: &Scope,
        persons: &[i64],
    ) -> Result<Vec<Golden>, StoreError> {
        let ring = self.keys.ring()?;
        let sql = format!(
            "SELECT p.person_id, p.conflicts, p.record FROM person p WHERE p.person_id {} AND {}",
            in_numbers(&self.tx, 2),
            scope.persons("p.person_id", "$1")
        );
        let query = sqlx::query_as::<_, (i64, i64, Vec<u8>)>(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(listed(persons.iter().copied()));
        let mut found = Vec::with_capacity(persons.len());
        for (person, conflicts, sealed) in query.fetch_all(&mut *self.tx).await? {
            found.push(Golden {
                person,
                conflicts,
                record: open_record(&ring, person, sealed)?,
            });
        }
        found.sort_unstable_by_key(|one| one.person);
        Ok(found)
    }

    /// Up to `count` numbers of persons within reach after a number, ascending.
    pub async fn persons_after(
        &mut self,
        scope: &Scope,
        after: i64,
        count: i64,
    ) -> Result<Vec<i64>, StoreError> {
        let sql = format!(
            "SELECT w.person_id FROM {} AND w.person_id > $2 ORDER BY w.person_id LIMIT $3",
            scope.within()
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(after)
            .bind(count)
            .fetch_all(&mut *self.tx)
            .await?;
        let persons = rows.iter().map(|row| row.try_get(0));
        Ok(persons.collect::<Result<_, _>>()?)
    }

    /// Whether a source within reach speaks, or a person within it is known.
    pub async fn knows(&mut self, scope: &Scope) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT CAST(1 AS BIGINT) WHERE EXISTS (SELECT 1 FROM source s WHERE {}) OR EXISTS (SELECT 1 FROM {})",
            scope.sources("s.code", "$1"),
            scope.within()
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .fetch_optional(&mut *self.tx)
            .await?;
        Ok(row.is_some())
    }
}
