//! Questions to the ledger and its projections.

use jiff::Timestamp;
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use satu_domain::Kind;
use satu_domain::resolve::GoldenRecord;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::kept_record::open_record;
use crate::listed::{in_numbers, listed};
use crate::person_rows::shelved;
use crate::projection::said_of;
use crate::together::Question;
use crate::{OPEN, Scope, Store, StoreError};

/// A person as asked for.
#[derive(Debug, Clone)]
pub struct Person {
    /// The person's number in this register.
    pub id: i64,
    /// The golden record.
    pub record: GoldenRecord,
    /// Whether payroll alone speaks of the person.
    pub ghost: bool,
    /// What it is made of.
    pub evidence: Vec<Evidence>,
}

/// One statement about a person, with its delivery.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The ledger number.
    pub statement: i64,
    /// The kind of fact.
    pub kind: Kind,
    /// The source's code.
    pub source: String,
    /// The file.
    pub file: String,
    /// The row in the file; the header is row 1.
    pub row: u64,
    /// The day the source spoke for.
    pub stated_on: Date,
    /// The fact's key inside its source and kind.
    pub fact: String,
    /// What it states, in the order of the kind's columns.
    pub cells: Vec<String>,
}

/// What the register holds, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Deliveries.
    pub submissions: i64,
    /// Rows received.
    pub rows: i64,
    /// Rows without a finding.
    pub accepted: i64,
    /// Rows with warnings only.
    pub accepted_with_warnings: i64,
    /// Rows with an error.
    pub rejected: i64,
    /// Findings.
    pub findings: i64,
    /// Persons.
    pub persons: i64,
    /// Fields in which sources disagree and nobody has ruled.
    pub conflicts: i64,
    /// Persons who are paid and stand nowhere else.
    pub ghosts: i64,
    /// Doubts that wait for an officer.
    pub doubts: i64,
}

impl Store {
    /// The code lists that were loaded: name, and the hash under which its CSV text is kept.
    pub async fn code_lists(&self) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "SELECT name, raw FROM code_list ORDER BY name";
        Ok(sqlx::query_as(sql).fetch_all(&self.pool).await?)
    }

    /// The register in numbers.
    pub async fn totals(&self, scope: &Scope) -> Result<Totals, StoreError> {
        let numbers = async |sql: String| -> Result<sqlx::any::AnyRow, StoreError> {
            let query = sqlx::query(AssertSqlSafe(sql)).bind(scope.value());
            Ok(query.fetch_one(&self.pool).await?)
        };
        // A sum of BIGINT is NUMERIC on PostgreSQL: cast back.
        let sent = numbers(format!(
            "SELECT COUNT(*), CAST(COALESCE(SUM(row_count), 0) AS BIGINT), \
             CAST(COALESCE(SUM(accepted), 0) AS BIGINT), CAST(COALESCE(SUM(warned), 0) AS BIGINT), \
             CAST(COALESCE(SUM(rejected), 0) AS BIGINT) FROM submission s WHERE {}",
            scope.sources("s.source", "$1")
        ))
        .await?;
        let findings = numbers(format!(
            "SELECT COUNT(*) FROM finding f WHERE f.submission IN (SELECT s.id FROM submission s WHERE {})",
            scope.sources("s.source", "$1")
        ))
        .await?;
        let persons = numbers(format!(
            "SELECT COUNT(*), CAST(COALESCE(SUM(p.conflicts), 0) AS BIGINT), \
             CAST(COALESCE(SUM(p.ghost), 0) AS BIGINT) FROM person p WHERE {}",
            scope.persons("p.person_id", "$1")
        ))
        .await?;
        let doubts = numbers(format!(
            "SELECT COUNT(*) FROM doubt d WHERE d.withdrawn_by = {OPEN} AND {}",
            scope.doubts("d.id", "$1")
        ))
        .await?;
        Ok(Totals {
            submissions: sent.try_get(0)?,
            rows: sent.try_get(1)?,
            accepted: sent.try_get(2)?,
            accepted_with_warnings: sent.try_get(3)?,
            rejected: sent.try_get(4)?,
            findings: findings.try_get(0)?,
            persons: persons.try_get(0)?,
            conflicts: persons.try_get(1)?,
            ghosts: persons.try_get(2)?,
            doubts: doubts.try_get(0)?,
        })
    }

    /// The persons of whom any source states this value for `nip`, `nik` or `nip_lama`.
    pub async fn find(
        &self,
        scope: &Scope,
        field: &str,
        value: &str,
    ) -> Result<Vec<i64>, StoreError> {
        let sql = format!(
            "SELECT l.person_id FROM lookup l WHERE l.field = $2 AND l.value = $3 AND {} ORDER BY l.person_id",
            scope.persons("l.person_id", "$1")
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(field.to_owned())
            .bind(shelved(&*self.keys.ring()?, field, value))
            .fetch_all(&self.pool)
            .await?;
        Ok(rows
            .iter()
            .map(|row| row.try_get(0))
            .collect::<Result<_, _>>()?)
    }

    /// The last ledger number recorded before a moment.
    pub async fn known_at(&self, moment: Timestamp) -> Result<i64, StoreError> {
        let sql = "SELECT COALESCE(MAX(seq), 0) FROM ledger WHERE recorded_at < $1";
        Ok(sqlx::query(sql)
            .bind(moment.as_microsecond())
            .fetch_one(&self.pool)
            .await?
            .try_get(0)?)
    }

    /// A person about a day (`as_of`; none for now) as known at a ledger number ([`OPEN`] for
    /// now). Who may see a person is decided by what is known now, and so is what of then may be seen: a
    /// record that was the person's then and is of somebody out of reach now is left out.
    pub async fn person(
        &self,
        scope: &Scope,
        id: i64,
        as_of: Option<Date>,
        known: i64,
    ) -> Result<Option<Person>, StoreError> {
        let ring = self.keys.ring()?;
        let mut connection = self.pool.acquire().await?;
        let sql = format!(
            "SELECT CAST($2 AS BIGINT) WHERE {}",
            scope.persons("CAST($2 AS BIGINT)", "$1")
        );
        let within = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(id)
            .fetch_optional(&mut *connection)
            .await?;
        if within.is_none() {
            return Ok(None);
        }
        let (context, said) = said_of(&mut connection, &ring, scope, id, known).await?;
        if said.is_empty() {
            return Ok(None);
        }
        let record = context.record(&said, as_of);
        let evidence = said
            .iter()
            .filter_map(|one| {
                let delivery = context.deliveries.get(&one.statement.submission)?;
                Some(Evidence {
                    statement: one.seq,
                    kind: one.kind,
                    source: delivery.source.clone(),
                    file: delivery.file.clone(),
                    row: one.statement.row,
                    stated_on: delivery.stated_on,
                    fact: one.statement.fact.clone(),
                    cells: one.statement.cells.clone(),
                })
            })
            .collect();
        Ok(Some(Person {
            id,
            ghost: context.is_ghost(&said),
            record,
            evidence,
        }))
    }

    /// The golden record of one person as it is now.
    pub async fn golden(&self, scope: &Scope, id: i64) -> Result<Option<GoldenRecord>, StoreError> {
        let question = Golden {
            scope: scope.clone(),
            id,
        };
        let sealed = self.records.ask(&self.pool, question).await?;
        let ring = self.keys.ring()?;
        sealed
            .map(|sealed| open_record(&ring, id, sealed))
            .transpose()
    }

    /// The golden records of up to `count` persons after a number.
    pub async fn people(
        &self,
        scope: &Scope,
        after: i64,
        count: i64,
    ) -> Result<Vec<(i64, GoldenRecord)>, StoreError> {
        let sql = format!(
            "SELECT p.person_id, p.record FROM person p WHERE p.person_id > $2 AND {} \
             ORDER BY p.person_id LIMIT $3",
            scope.persons("p.person_id", "$1")
        );
        let ring = self.keys.ring()?;
        let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(after)
            .bind(count)
            .fetch_all(&self.pool)
            .await?;
        let record = |(id, sealed)| Ok((id, open_record(&ring, id, sealed)?));
        rows.into_iter().map(record).collect()
    }

    /// The golden records of the persons who are paid and stand nowhere else.
    pub async fn ghosts(&self, scope: &Scope) -> Result<Vec<(i64, GoldenRecord)>, StoreError> {
        let sql = format!(
            "SELECT p.person_id, p.record FROM person p WHERE p.ghost = 1 AND {} ORDER BY p.person_id",
            scope.persons("p.person_id", "$1")
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .fetch_all(&self.pool)
            .await?;
        let ring = self.keys.ring()?;
        let mut found = Vec::new();
        for row in rows {
            let person = row.try_get(0)?;
            found.push((person, open_record(&ring, person, row.try_get(1)?)?));
        }
        Ok(found)
    }
}

/// The record of a person, as it is sealed; none out of reach.
#[derive(Debug, Clone)]
pub(crate) struct Golden {
    scope: Scope,
    id: i64,
}

impl Question for Golden {
    type Answer = Option<Vec<u8>>;
    type Memory = ();

    fn goes_with(&self, other: &Golden) -> bool {
        self.scope == other.scope
    }

    async fn answers(
        connection: &mut AnyConnection,
        (): &mut (),
        asked: &[Golden],
    ) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let Some(first) = asked.first() else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "SELECT p.person_id, p.record FROM person p WHERE p.person_id {} AND {}",
            in_numbers(connection, 2),
            first.scope.persons("p.person_id", "$1")
        );
        let query = sqlx::query(AssertSqlSafe(sql))
            .bind(first.scope.value())
            .bind(listed(asked.iter().map(|one| one.id)));
        let mut found: FxHashMap<i64, Vec<u8>> = FxHashMap::default();
        for row in query.fetch_all(connection).await? {
            found.insert(row.try_get(0)?, row.try_get(1)?);
        }
        // Two may ask for one person.
        Ok(asked
            .iter()
            .map(|one| found.get(&one.id).cloned())
            .collect())
    }
}
