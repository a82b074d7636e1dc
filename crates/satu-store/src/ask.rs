//! Questions to the ledger and its projections.

use jiff::Timestamp;
use jiff::civil::Date;
use satu_domain::Kind;
use satu_domain::resolve::{GoldenRecord, SourceKind};
use sqlx::{AnyConnection, Row};

use crate::entry::{Source, Statement, Submission, Verdict};
use crate::golden::Context;
use crate::ledger::read;
use crate::projection::said_of;
use crate::{Entry, OPEN, Store, StoreError};

/// A person as asked for.
#[derive(Debug, Clone)]
pub struct Person {
    /// The person's number in this register.
    pub id: i64,
    /// The golden record.
    pub record: GoldenRecord,
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

pub(crate) async fn sources_of(connection: &mut AnyConnection) -> Result<Vec<Source>, StoreError> {
    let rows = sqlx::query("SELECT code, name, kind, instansi FROM source ORDER BY code")
        .fetch_all(connection)
        .await?;
    let source = |row: &sqlx::any::AnyRow| -> Result<Source, sqlx::Error> {
        let kind: String = row.try_get(2)?;
        Ok(Source {
            code: row.try_get(0)?,
            name: row.try_get(1)?,
            kind: SourceKind::from_name(&kind).unwrap_or(SourceKind::Agency),
            instansi: row.try_get(3)?,
        })
    };
    Ok(rows.iter().map(source).collect::<Result<_, _>>()?)
}

impl Store {
    /// Every source, by code.
    pub async fn sources(&self) -> Result<Vec<Source>, StoreError> {
        sources_of(&mut *self.pool.acquire().await?).await
    }

    /// The code lists that were loaded: name, and the hash under which its CSV text is kept.
    pub async fn code_lists(&self) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "SELECT name, raw FROM code_list ORDER BY name";
        Ok(sqlx::query_as(sql).fetch_all(&self.pool).await?)
    }

    /// The delivery of these bytes by this source, if there was one.
    pub async fn submission_of(&self, source: &str, raw: &str) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT id FROM submission WHERE source = $1 AND raw = $2 ORDER BY id";
        let row = sqlx::query(sql)
            .bind(source.to_owned())
            .bind(raw.to_owned())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// Every delivery, by ledger number, with its counts: rows, accepted, with warnings, rejected.
    pub async fn submissions(&self) -> Result<Vec<(i64, Submission, [i64; 4])>, StoreError> {
        let sql = "SELECT s.id, l.body, s.row_count, s.accepted, s.warned, s.rejected FROM submission s \
                   JOIN ledger l ON l.seq = s.id ORDER BY s.id";
        let mut found = Vec::new();
        for row in sqlx::query(sql).fetch_all(&self.pool).await? {
            let (id, body): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
            if let Entry::Submission(submission) = read(id, &body)? {
                let counts = [
                    row.try_get(2)?,
                    row.try_get(3)?,
                    row.try_get(4)?,
                    row.try_get(5)?,
                ];
                found.push((id, submission, counts));
            }
        }
        Ok(found)
    }

    /// The register in numbers.
    pub async fn totals(&self) -> Result<Totals, StoreError> {
        let number = async |sql: &'static str| -> Result<i64, StoreError> {
            Ok(sqlx::query(sql).fetch_one(&self.pool).await?.try_get(0)?)
        };
        // A sum of BIGINT is NUMERIC on PostgreSQL: cast back.
        Ok(Totals {
            submissions: number("SELECT COUNT(*) FROM submission").await?,
            rows: number("SELECT CAST(COALESCE(SUM(row_count), 0) AS BIGINT) FROM submission")
                .await?,
            accepted: number("SELECT CAST(COALESCE(SUM(accepted), 0) AS BIGINT) FROM submission")
                .await?,
            accepted_with_warnings: number(
                "SELECT CAST(COALESCE(SUM(warned), 0) AS BIGINT) FROM submission",
            )
            .await?,
            rejected: number("SELECT CAST(COALESCE(SUM(rejected), 0) AS BIGINT) FROM submission")
                .await?,
            findings: number("SELECT COUNT(*) FROM finding").await?,
            persons: number("SELECT COUNT(*) FROM person").await?,
            conflicts: number("SELECT CAST(COALESCE(SUM(conflicts), 0) AS BIGINT) FROM person")
                .await?,
            ghosts: number("SELECT COUNT(*) FROM person WHERE ghost = 1").await?,
            doubts: number("SELECT COUNT(*) FROM doubt WHERE withdrawn_by = 9223372036854775807")
                .await?,
        })
    }

    /// The persons of whom any source states this value for `nip`, `nik` or `nip_lama`.
    pub async fn find(&self, field: &str, value: &str) -> Result<Vec<i64>, StoreError> {
        let rows = sqlx::query(
            "SELECT person_id FROM lookup WHERE field = $1 AND value = $2 ORDER BY person_id",
        )
        .bind(field.to_owned())
        .bind(value.to_owned())
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

    /// A person about a day (`as_of`; none for now) as known at a ledger number ([`OPEN`] for now).
    pub async fn person(
        &self,
        id: i64,
        as_of: Option<Date>,
        known: i64,
    ) -> Result<Option<Person>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let Some((_, said)) = said_of(&mut connection, &[id], known).await?.pop() else {
            return Ok(None);
        };
        let context = Context::load(&mut connection, known).await?;
        let record = context.record(&said, as_of);
        let evidence = said
            .iter()
            .filter_map(|one| {
                let submission = context.submissions.get(&one.statement.submission)?;
                Some(Evidence {
                    statement: one.seq,
                    kind: one.kind,
                    source: submission.source.clone(),
                    file: submission.file.clone(),
                    row: one.statement.row,
                    stated_on: submission.stated_on,
                })
            })
            .collect();
        Ok(Some(Person {
            id,
            record,
            evidence,
        }))
    }

    /// Up to `count` current statements after a ledger number, with kind, source and the person
    /// they are of.
    pub async fn current_statements(
        &self,
        after: i64,
        count: i64,
    ) -> Result<Vec<(i64, Kind, String, Option<i64>, Statement)>, StoreError> {
        let sql = "SELECT s.seq, s.kind, s.source, m.person_id, l.body FROM statement s JOIN ledger l ON l.seq = s.seq \
                   LEFT JOIN member m ON m.statement = s.seq AND m.until = $3 \
                   WHERE s.seq > $1 AND s.superseded_by = $3 ORDER BY s.seq LIMIT $2";
        let mut found = Vec::new();
        for row in sqlx::query(sql)
            .bind(after)
            .bind(count)
            .bind(OPEN)
            .fetch_all(&self.pool)
            .await?
        {
            let (seq, kind, body): (i64, String, String) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(4)?);
            if let (Some(kind), Entry::Statement(statement)) =
                (Kind::from_name(&kind), read(seq, &body)?)
            {
                found.push((seq, kind, row.try_get(2)?, row.try_get(3)?, statement));
            }
        }
        Ok(found)
    }

    /// The highest person number ever given.
    pub async fn last_person(&self) -> Result<i64, StoreError> {
        let sql = "SELECT COALESCE(MAX(person_id), 0) FROM member";
        Ok(sqlx::query(sql).fetch_one(&self.pool).await?.try_get(0)?)
    }

    /// The officers' decisions that stand, by ledger number.
    pub async fn rulings(&self) -> Result<Vec<(i64, Verdict)>, StoreError> {
        let sql = "SELECT id, verdict FROM ruling WHERE undone_by = $1 ORDER BY id";
        let mut found = Vec::new();
        for row in sqlx::query(sql).bind(OPEN).fetch_all(&self.pool).await? {
            let (id, text): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
            let verdict = serde_json::from_str(&text)
                .map_err(|source| StoreError::Entry { seq: id, source })?;
            found.push((id, verdict));
        }
        Ok(found)
    }

    /// The doubts that stand: ledger number and statements.
    pub async fn doubts(&self) -> Result<Vec<(i64, Vec<i64>)>, StoreError> {
        let sql = "SELECT id, statements FROM doubt WHERE withdrawn_by = $1 ORDER BY id";
        let mut found = Vec::new();
        for row in sqlx::query(sql).bind(OPEN).fetch_all(&self.pool).await? {
            let (id, text): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
            let statements = serde_json::from_str(&text)
                .map_err(|source| StoreError::Entry { seq: id, source })?;
            found.push((id, statements));
        }
        Ok(found)
    }
}

impl Store {
    /// The golden records of the persons who are paid and stand nowhere else.
    pub async fn ghosts(&self) -> Result<Vec<(i64, GoldenRecord)>, StoreError> {
        let rows =
            sqlx::query("SELECT person_id, record FROM person WHERE ghost = 1 ORDER BY person_id")
                .fetch_all(&self.pool)
                .await?;
        let mut found = Vec::new();
        for row in rows {
            let (person, text): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
            let record = serde_json::from_str(&text).map_err(|source| StoreError::Entry {
                seq: person,
                source,
            })?;
            found.push((person, record));
        }
        Ok(found)
    }
}
