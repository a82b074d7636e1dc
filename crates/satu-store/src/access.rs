//! Who looked at whose record, when and for what purpose: a log beside the ledger.

use std::collections::HashSet;

use jiff::Timestamp;
use satu_audit::Frontier;
use sqlx::{Any, AssertSqlSafe, Transaction};

use crate::accounts::moment_of;
use crate::bulk::{self, Cell};
use crate::changes::numbered;
use crate::listed::{MOST, in_numbers, listed};
use crate::log::{Log, Look, hashed, lock, set_head};
use crate::{Scope, Store, StoreError};

/// The purpose of a look at a record of which what is sensitive stayed masked: nobody asked for one.
pub const OPENED: &str = "dibuka";

/// One look at a person's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// When.
    pub at: Timestamp,
    /// The login of who looked.
    pub by: String,
    /// What for; [`OPENED`] where what is sensitive stayed masked.
    pub purpose: String,
}

/// A record that was opened, with what is sensitive masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Whose.
    pub person: i64,
    /// The login of who opened it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Opening {
    /// What the record has once: of whom, by whom, and the day in Jakarta.
    pub fn key(&self) -> (i64, String, i64) {
        (self.person, self.by.clone(), day_of(self.at))
    }
}

/// The moment, in microseconds, at which the day of this one began in Jakarta (WIB, UTC+7 all year).
pub(crate) fn day_of(at: Timestamp) -> i64 {
    let at = at.as_microsecond();
    at - (at + WIB).rem_euclid(DAY)
}

/// By how much the clock of Jakarta is ahead, and how long a day is, in microseconds.
const WIB: i64 = 7 * 3_600_000_000;
const DAY: i64 = 24 * 3_600_000_000;

/// Looks that go on the record as one: others wait no longer for it.
const AT_ONCE: usize = 500;

impl Store {
    /// Puts a look at these persons on the record, some at a time; what it allows is shown after that only.
    pub async fn note_access(
        &self,
        persons: &[i64],
        by: &str,
        purpose: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let at = at.as_microsecond();
        for persons in persons.chunks(AT_ONCE) {
            let mut tx = self.pool.begin().await?;
            let frontier = lock(&mut tx, Log::Access).await?;
            let first = |nth: usize| !persons[..nth].contains(&persons[nth]);
            let looks = (0..persons.len()).filter(|nth| first(*nth)).map(|nth| {
                let person = persons[nth];
                (
                    at,
                    Look {
                        person,
                        by,
                        purpose,
                    },
                )
            });
            append(tx, frontier, looks).await?;
        }
        Ok(())
    }

    /// Puts openings on the record: of one login, one person and one day in Jakarta the first alone,
    /// whenever and by whichever process it was put there.
    pub async fn note_openings(&self, openings: &[Opening]) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        let frontier = lock(&mut tx, Log::Access).await?;
        let mut known = opened(&mut tx, openings).await?;
        let mut new = Vec::new();
        for one in openings {
            if known.insert(one.key()) {
                let look = Look {
                    person: one.person,
                    by: &one.by,
                    purpose: OPENED,
                };
                new.push((one.at.as_microsecond(), look));
            }
        }
        if new.is_empty() {
            return Ok(tx.rollback().await?);
        }
        append(tx, frontier, new).await
    }

    /// The newest looks at a person within reach, under every number that is theirs by now: so many with
    /// a purpose, and so many openings, which are more and would hide the others.
    pub async fn accesses(
        &self,
        scope: &Scope,
        person: i64,
        count: i64,
    ) -> Result<Vec<Access>, StoreError> {
        let mut rows: Vec<(i64, String, String)> = Vec::new();
        for sort in ["<>", "="] {
            let sql = looks(scope, sort);
            let query = sqlx::query_as(AssertSqlSafe(sql))
                .bind(scope.value())
                .bind(person)
                .bind(count)
                .bind(OPENED);
            rows.extend(query.fetch_all(&self.pool).await?);
        }
        rows.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
        Ok(rows
            .into_iter()
            .map(|(at, by, purpose)| Access {
                at: moment_of(at),
                by,
                purpose,
            })
            .collect())
    }
}

/// The looks at the person `$2`, if within reach, whose purpose is (`=`) `$4` or is not (`<>`), the newest
/// first, `$3` of them.
fn looks(scope: &Scope, sort: &str) -> String {
    let person = "CAST($2 AS BIGINT)";
    format!(
        "WITH RECURSIVE {} SELECT a.at, a.login, a.purpose FROM numbered n CROSS JOIN look a \
         WHERE a.person_id = n.number AND a.purpose {sort} $4 AND {} ORDER BY a.at DESC, a.seq DESC LIMIT $3",
        numbered(&format!("SELECT {person}, {person}")),
        scope.persons("n.person_id", "$1")
    )
}

/// The openings of these persons that the record has, from the first day of these on.
async fn opened(
    tx: &mut Transaction<'static, Any>,
    openings: &[Opening],
) -> Result<HashSet<(i64, String, i64)>, StoreError> {
    let mut known = HashSet::new();
    let sql = format!(
        "SELECT person_id, login, at FROM look WHERE person_id {} AND at >= $1 AND purpose = $2",
        in_numbers(tx, 3)
    );
    let since = openings.iter().map(|one| day_of(one.at)).min();
    for part in openings.chunks(MOST) {
        let query = sqlx::query_as::<_, (i64, String, i64)>(AssertSqlSafe(sql.clone()))
            .bind(since)
            .bind(OPENED)
            .bind(listed(part.iter().map(|one| one.person)));
        for (person, by, at) in query.fetch_all(&mut **tx).await? {
            let at = moment_of(at);
            known.insert((person, by, day_of(at)));
        }
    }
    Ok(known)
}

/// Appends looks, each with its microseconds, to the log that is locked, and commits.
async fn append<'a>(
    mut tx: Transaction<'static, Any>,
    mut frontier: Frontier,
    looks: impl IntoIterator<Item = (i64, Look<'a>)>,
) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for (at, look) in looks {
        frontier.push(hashed(at, look.body()?.as_bytes()));
        rows.extend([
            Cell::Int(frontier.size() as i64),
            Cell::Int(look.person),
            Cell::Int(at),
            Cell::Text(look.by.to_owned()),
            Cell::Text(look.purpose.to_owned()),
        ]);
    }
    let columns = "look (seq, person_id, at, login, purpose)";
    bulk::insert(&mut tx, columns, 5, &mut rows).await?;
    set_head(&mut tx, Log::Access, &frontier).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::looks;
    use crate::{Scope, plan};

    /// A register with a million looks must not read them for the page of one person.
    #[tokio::test]
    async fn looks_are_found_by_index_alone() {
        for scope in [Scope::whole(), Scope::own("1"), Scope::agency("Kota")] {
            // The look, change, member, and the person or place of who is within reach.
            let never = ["a", "c", "m", "reach"];
            plan::found_by_index(&looks(&scope, "="), &never, &["a", "c"]).await;
        }
    }
}
