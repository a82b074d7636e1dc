//! Whom breaches touch, whatever became of their records since.

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;

use crate::changes::{merged, numbered};
use crate::{Scope, Store, StoreError};

/// Numbers of one breach that are read at a time.
const NUMBERS: i64 = 10_000;

/// Those whom a breach touches are the person of the number that was noted, or whom that one was
/// merged into, and the person whose golden NIP is the one that was noted. This gives each breach
/// with each person within reach, once; it begins with the persons, of whom one has few rows.
pub(super) fn within(scope: &Scope) -> String {
    format!(
        "(WITH RECURSIVE reached AS (SELECT w.person_id FROM {}), {} \
         SELECT t.breach, n.person_id FROM numbered n CROSS JOIN breach_person t \
         WHERE t.person_id = n.number UNION \
         SELECT t.breach, p.person_id FROM reached r CROSS JOIN person p CROSS JOIN breach_person t \
         WHERE p.person_id = r.person_id AND t.nip = p.nip AND p.nip <> '')",
        scope.within(),
        numbered("SELECT person_id, person_id FROM reached")
    )
}

/// The same of the breach `$1`, for all, by the numbers after `$2` up to `$3`: number, name, NIP. A
/// number that no record has any more, whose NIP nobody has either, stands with that NIP.
fn touched() -> String {
    let merged = merged();
    format!(
        "(WITH RECURSIVE noted AS (SELECT person_id, nip FROM breach_person \
         WHERE breach = $1 AND person_id > $2 AND person_id <= $3), \
         numbered (id, nip) AS (SELECT person_id, nip FROM noted UNION \
         SELECT c.other, n.nip FROM numbered n CROSS JOIN change c \
         WHERE c.person_id = n.id AND {merged}) \
         SELECT p.person_id, p.nama, p.nip FROM numbered n CROSS JOIN person p \
         WHERE p.person_id = n.id UNION \
         SELECT p.person_id, p.nama, p.nip FROM noted n CROSS JOIN person p \
         WHERE p.nip = n.nip AND n.nip <> '' UNION \
         SELECT n.id, '', n.nip FROM numbered n \
         WHERE NOT EXISTS (SELECT 1 FROM person p WHERE p.person_id = n.id) \
         AND NOT EXISTS (SELECT 1 FROM person p WHERE p.nip = n.nip AND n.nip <> '') \
         AND NOT EXISTS (SELECT 1 FROM change c WHERE c.person_id = n.id AND {merged}))"
    )
}

impl Store {
    /// How many persons within reach a breach touches.
    pub async fn count_affected(&self, scope: &Scope, id: i64) -> Result<i64, StoreError> {
        let query = if scope.is_whole() {
            let sql = format!("SELECT COUNT(DISTINCT person_id) FROM {} AS t", touched());
            sqlx::query_as(AssertSqlSafe(sql))
                .bind(id)
                .bind(0_i64)
                .bind(i64::MAX)
        } else {
            let sql = format!(
                "SELECT COUNT(*) FROM {} AS t WHERE t.breach = $2",
                within(scope)
            );
            sqlx::query_as(AssertSqlSafe(sql))
                .bind(scope.value())
                .bind(id)
        };
        let (count,): (i64,) = query.fetch_one(&self.pool).await?;
        Ok(count)
    }

    /// The persons within reach whom a breach touches, by their numbers: number, name, NIP. Of more
    /// than `most`, those whose numbers were the lowest when they were noted.
    pub async fn affected(
        &self,
        scope: &Scope,
        id: i64,
        most: usize,
    ) -> Result<Vec<(i64, String, String)>, StoreError> {
        let most_rows = i64::try_from(most).unwrap_or(i64::MAX);
        if !scope.is_whole() {
            let sql = format!(
                "SELECT p.person_id, p.nama, p.nip FROM {} AS t \
                 JOIN person p ON p.person_id = t.person_id \
                 WHERE t.breach = $2 ORDER BY p.person_id LIMIT $3",
                within(scope)
            );
            let query = sqlx::query_as(AssertSqlSafe(sql));
            let query = query.bind(scope.value()).bind(id).bind(most_rows);
            return Ok(query.fetch_all(&self.pool).await?);
        }
        let sql = format!("SELECT * FROM {} AS t", touched());
        let step = NUMBERS.min(most_rows);
        let (mut after, mut found) = (0, BTreeMap::new());
        while found.len() < most {
            let until = "SELECT person_id FROM breach_person WHERE breach = $1 AND person_id > $2 \
                         ORDER BY person_id LIMIT 1 OFFSET $3";
            let until = sqlx::query_as(until).bind(id).bind(after).bind(step - 1);
            let until: Option<(i64,)> = until.fetch_optional(&self.pool).await?;
            let upto = until.map_or(i64::MAX, |(upto,)| upto);
            let part: Vec<(i64, String, String)> = sqlx::query_as(AssertSqlSafe(sql.clone()))
                .bind(id)
                .bind(after)
                .bind(upto)
                .fetch_all(&self.pool)
                .await?;
            found.extend(
                part.into_iter()
                    .map(|(person, name, nip)| (person, (name, nip))),
            );
            if until.is_none() {
                break;
            }
            after = upto;
        }
        let found = found.into_iter().take(most);
        Ok(found
            .map(|(person, (name, nip))| (person, name, nip))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::privacy::breaches::selected;
    use crate::{Scope, plan};

    /// A breach of a million persons must not be read for the page of one.
    #[tokio::test]
    async fn what_touches_one_person_is_found_by_index_alone() {
        for scope in [Scope::own("198503172010012005"), Scope::agency("Kota")] {
            // The breach_person, change, person, member and person_place of the statement.
            let never = ["t", "c", "p", "m", "w"];
            plan::found_by_index(&selected(&scope), &never, &["t", "c", "p"]).await;
        }
    }
}
