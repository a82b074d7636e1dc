//! Questions about sources, deliveries and what was found in them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use satu_domain::resolve::SourceKind;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::accounts::moment_of;
use crate::entry::{Receipt, Source, Statement, Submission, Way};
use crate::keys::{Place, Ring};
use crate::neighbours::texts;
use crate::place::UNDER;
use crate::raw;
use crate::{Entry, OPEN, Scope, Store, StoreError};

/// One delivery with its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// What was said of it.
    pub submission: Submission,
    /// When it was taken in.
    pub received_at: Timestamp,
    /// Its counts; `receipt.submission` is its ledger number.
    pub receipt: Receipt,
}

/// Bytes that a source sends, and how it says that they are to be read.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// The source's code.
    pub source: &'a str,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: &'a str,
    /// The text of its map file.
    pub map: Option<&'a str>,
    /// The sheet of a workbook.
    pub sheet: Option<&'a str>,
    /// The day for which it speaks; whichever, where it does not say.
    pub stated_on: Option<Date>,
    /// By which way they come.
    pub way: Way,
    /// The edition of the standard by which they would be judged.
    pub standard: &'a str,
}

impl Sent<'_> {
    fn is(&self, submission: &Submission) -> bool {
        self.map == submission.map.as_deref()
            && self.sheet == submission.sheet.as_deref()
            && self.stated_on.is_none_or(|day| day == submission.stated_on)
            && self.way == submission.way
    }
}

/// The newest delivery of this, if it is within reach and to take this in would change nothing: nothing that
/// came by the same way since, or by one that says more at once, says something else in the place of a
/// statement of its own, and no row of it was rejected by another edition of the standard.
pub(crate) async fn said_before(
    connection: &mut AnyConnection,
    ring: &Ring,
    scope: &Scope,
    sent: &Sent<'_>,
) -> Result<Option<i64>, StoreError> {
    let sql = format!(
        "{DELIVERED} s.source = $2 AND s.raw = $3 AND {} ORDER BY s.id DESC",
        scope.sources("s.source", "$1")
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(scope.value())
        .bind(sent.source.to_owned())
        .bind(raw::name(ring, sent.sha256))
        .fetch_all(&mut *connection)
        .await?;
    let mut alike = None;
    for row in &rows {
        alike = delivered(ring, row)?.filter(|one| sent.is(&one.submission));
        if alike.is_some() {
            break;
        }
    }
    let Some(alike) = alike else {
        return Ok(None);
    };
    // What one edition of the standard rejected another may take.
    let judged = alike.submission.standard.as_deref() == Some(sent.standard);
    if alike.receipt.rejected > 0 && !judged {
        return Ok(None);
    }
    let id = alike.receipt.submission;
    let otherwise = said_otherwise(connection, ring, id, sent.way).await?;
    Ok((!otherwise).then_some(id))
}

/// The newest statement of a row's fact that came by a way up to `$3`.
pub(crate) const NEWEST: &str = "(SELECT MAX(v.seq) FROM statement v JOIN submission w ON w.id = v.submission \
     WHERE v.source = s.source AND v.kind = s.kind AND v.fact = s.fact AND w.way <= $3)";

/// Whether what came since, by a way up to this one, says something else than a delivery's statements.
async fn said_otherwise(
    connection: &mut AnyConnection,
    ring: &Ring,
    id: i64,
    way: Way,
) -> Result<bool, StoreError> {
    const PAGE: i64 = 1_000;
    // Its statements stand between it and the next delivery.
    let sql = format!(
        "SELECT s.seq, {NEWEST} FROM statement s \
         WHERE s.seq > $1 AND s.seq < (SELECT COALESCE(MIN(id), $2) FROM submission WHERE id > $5) \
         AND s.superseded_by <> $2 ORDER BY s.seq LIMIT $4"
    );
    let mut after = id;
    loop {
        let rows: Vec<(i64, Option<i64>)> = sqlx::query_as(AssertSqlSafe(sql.clone()))
            .bind(after)
            .bind(OPEN)
            .bind(way as i64)
            .bind(PAGE)
            .bind(id)
            .fetch_all(&mut *connection)
            .await?;
        let Some((last, _)) = rows.last() else {
            return Ok(false);
        };
        after = *last;
        let renewed = rows
            .into_iter()
            .filter_map(|(seq, newest)| Some((seq, newest.filter(|newest| *newest > seq)?)));
        let (own, newest): (Vec<i64>, Vec<i64>) = renewed.unzip();
        let own = texts(connection, ring, &own).await?;
        let newest: BTreeMap<String, Statement> = texts(connection, ring, &newest)
            .await?
            .into_iter()
            .map(|(_, statement)| (statement.fact.clone(), statement))
            .collect();
        let same = |(_, one): &(i64, Statement)| {
            newest.get(&one.fact).is_some_and(|now| says_same(one, now))
        };
        if !own.iter().all(same) {
            return Ok(true);
        }
    }
}

/// Whether two statements of a fact say the same.
pub(crate) fn says_same(one: &Statement, other: &Statement) -> bool {
    one.cells == other.cells && one.unknown == other.unknown
}

/// How one source stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceState {
    /// The source.
    pub source: Source,
    /// Its deliveries.
    pub submissions: i64,
    /// Rows received.
    pub rows: i64,
    /// Rows rejected.
    pub rejected: i64,
    /// Findings.
    pub findings: i64,
    /// When it last delivered.
    pub last_received: Option<Timestamp>,
    /// Rows beyond the first that it has of one person.
    pub duplicates: i64,
    /// Persons of whom it speaks.
    pub persons: i64,
    /// Fields of these persons in which sources disagree.
    pub conflicts: i64,
    /// Persons of whom it alone, or payroll alone, speaks, and who are paid.
    pub ghosts: i64,
}

/// How the persons of one agency stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyState {
    /// The agency, in the written form of the golden record; its unit behind ` > ` for who reaches no
    /// more.
    pub agency: String,
    /// Its persons.
    pub persons: i64,
    /// Fields in which sources disagree.
    pub conflicts: i64,
    /// Persons who are paid and stand nowhere else.
    pub ghosts: i64,
}

/// Which findings are asked for; what is none does not limit.
#[derive(Debug, Clone, Default)]
pub struct FindingFilter {
    /// The rule's id.
    pub rule: Option<String>,
    /// `error` or `warning`.
    pub severity: Option<String>,
    /// The column.
    pub column: Option<String>,
}

/// One finding and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundAt {
    /// The row in the file; the header is row 1.
    pub row: i64,
    /// The rule's id.
    pub rule: String,
    /// `error` or `warning`.
    pub severity: String,
    /// The column.
    pub column: String,
    /// The value.
    pub value: String,
}

pub(crate) async fn sources_of(
    connection: &mut AnyConnection,
    scope: &Scope,
) -> Result<Vec<Source>, StoreError> {
    let sql = format!(
        "SELECT s.code, s.name, s.kind, s.instansi FROM source s WHERE {} ORDER BY s.code",
        scope.sources("s.code", "$1")
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(scope.value())
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

fn delivered(ring: &Ring, row: &sqlx::any::AnyRow) -> Result<Option<Delivered>, StoreError> {
    let (id, at): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    let Entry::Submission(submission) = ring.entry(id, row.try_get(2)?)? else {
        return Ok(None);
    };
    let count = |at: usize| -> Result<u64, sqlx::Error> { Ok(row.try_get::<i64, _>(at)? as u64) };
    Ok(Some(Delivered {
        submission,
        received_at: moment_of(at),
        receipt: Receipt {
            submission: id,
            rows: count(3)?,
            accepted: count(4)?,
            accepted_with_warnings: count(5)?,
            rejected: count(6)?,
        },
    }))
}

const DELIVERED: &str = "SELECT s.id, s.received_at, l.body, s.row_count, s.accepted, s.warned, s.rejected \
                         FROM submission s JOIN ledger l ON l.seq = s.id WHERE";

impl Store {
    /// The sources within reach, by code.
    pub async fn sources(&self, scope: &Scope) -> Result<Vec<Source>, StoreError> {
        sources_of(&mut *self.pool.acquire().await?, scope).await
    }

    /// Every source's name by its code. Names of systems are no secret: provenance tells them.
    pub async fn source_names(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as("SELECT code, name FROM source")
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// The deliveries within reach, by ledger number.
    pub async fn submissions(&self, scope: &Scope) -> Result<Vec<Delivered>, StoreError> {
        let condition = scope.sources("s.source", "$1");
        let sql = format!("{DELIVERED} {condition} ORDER BY s.id");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .fetch_all(&self.pool)
            .await?;
        self.delivered(&rows)
    }

    /// How many deliveries there are within reach, of one source where its code is given.
    pub async fn submission_count(&self, scope: &Scope, source: &str) -> Result<i64, StoreError> {
        let condition = scope.sources("s.source", "$1");
        let sql = format!(
            "SELECT COUNT(*) FROM submission s WHERE ($2 = '' OR s.source = $2) AND {condition}"
        );
        let (count,) = sqlx::query_as(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(source.to_owned())
            .fetch_one(&self.pool)
            .await?;
        Ok(count)
    }

    /// The same deliveries, the newest first: up to `count` after the first `skip`.
    pub async fn submissions_page(
        &self,
        scope: &Scope,
        source: &str,
        skip: i64,
        count: i64,
    ) -> Result<Vec<Delivered>, StoreError> {
        let condition = scope.sources("s.source", "$1");
        let sql = format!(
            "{DELIVERED} ($2 = '' OR s.source = $2) AND {condition} ORDER BY s.id DESC LIMIT $3 OFFSET $4"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(source.to_owned())
            .bind(count)
            .bind(skip)
            .fetch_all(&self.pool)
            .await?;
        self.delivered(&rows)
    }

    /// Up to `count` deliveries within reach before a ledger number, the newest first.
    pub async fn newest_submissions(
        &self,
        scope: &Scope,
        before: i64,
        count: i64,
    ) -> Result<Vec<Delivered>, StoreError> {
        let condition = scope.sources("s.source", "$1");
        let sql = format!("{DELIVERED} s.id < $2 AND {condition} ORDER BY s.id DESC LIMIT $3");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(before)
            .bind(count)
            .fetch_all(&self.pool)
            .await?;
        self.delivered(&rows)
    }

    fn delivered(&self, rows: &[sqlx::any::AnyRow]) -> Result<Vec<Delivered>, StoreError> {
        let ring = self.keys.ring()?;
        rows.iter()
            .filter_map(|row| delivered(&ring, row).transpose())
            .collect()
    }

    /// The delivery that said this before, if it is within reach and to take this in would change nothing:
    /// the same bytes to be read the same way, of which nothing that counts was said otherwise since.
    pub async fn said_before(
        &self,
        scope: &Scope,
        sent: &Sent<'_>,
    ) -> Result<Option<i64>, StoreError> {
        let ring = self.keys.ring()?;
        said_before(&mut *self.pool.acquire().await?, &ring, scope, sent).await
    }

    /// One delivery, if it is within reach.
    pub async fn submission(
        &self,
        scope: &Scope,
        id: i64,
    ) -> Result<Option<Delivered>, StoreError> {
        let condition = scope.sources("s.source", "$1");
        let sql = format!("{DELIVERED} s.id = $2 AND {condition}");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        let ring = self.keys.ring()?;
        row.as_ref().map_or(Ok(None), |row| delivered(&ring, row))
    }

    /// The findings of one delivery, counted: rule, severity, column, count; most first.
    pub async fn finding_counts(
        &self,
        scope: &Scope,
        submission: i64,
    ) -> Result<Vec<(String, String, String, i64)>, StoreError> {
        let sql = format!(
            "SELECT f.rule, f.severity, f.field, COUNT(*) FROM finding f JOIN submission s ON s.id = f.submission \
             WHERE f.submission = $2 AND {} GROUP BY f.rule, f.severity, f.field ORDER BY 4 DESC, 1, 3",
            scope.sources("s.source", "$1")
        );
        Ok(sqlx::query_as(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(submission)
            .fetch_all(&self.pool)
            .await?)
    }

    /// Findings of one delivery by row: how many there are in all, and up to `count` of them after
    /// the first `skip`.
    pub async fn findings(
        &self,
        scope: &Scope,
        submission: i64,
        filter: &FindingFilter,
        skip: i64,
        count: i64,
    ) -> Result<(i64, Vec<FoundAt>), StoreError> {
        let condition = format!(
            "FROM finding f JOIN submission s ON s.id = f.submission \
             WHERE f.submission = $2 AND ($3 = '' OR f.rule = $3) AND ($4 = '' OR f.severity = $4) \
             AND ($5 = '' OR f.field = $5) AND {}",
            scope.sources("s.source", "$1")
        );
        let total = format!("SELECT COUNT(*) {condition}");
        let page = format!(
            "SELECT f.row_number, f.rule, f.severity, f.field, f.value, f.number {condition} \
             ORDER BY f.row_number, f.number LIMIT $6 OFFSET $7"
        );
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let (total,): (i64,) = sqlx::query_as(AssertSqlSafe(total))
            .bind(scope.value())
            .bind(submission)
            .bind(text(&filter.rule))
            .bind(text(&filter.severity))
            .bind(text(&filter.column))
            .fetch_one(&self.pool)
            .await?;
        let rows = sqlx::query(AssertSqlSafe(page))
            .bind(scope.value())
            .bind(submission)
            .bind(text(&filter.rule))
            .bind(text(&filter.severity))
            .bind(text(&filter.column))
            .bind(count)
            .bind(skip)
            .fetch_all(&self.pool)
            .await?;
        let ring = self.keys.ring()?;
        let found = |row: &sqlx::any::AnyRow| -> Result<FoundAt, StoreError> {
            let place = Place::finding(submission, row.try_get(0)?, row.try_get(5)?);
            Ok(FoundAt {
                row: row.try_get(0)?,
                rule: row.try_get(1)?,
                severity: row.try_get(2)?,
                column: row.try_get(3)?,
                value: ring.text(place, row.try_get(4)?)?,
            })
        };
        let found: Result<_, StoreError> = rows.iter().map(found).collect();
        Ok((total, found?))
    }

    /// How each source within reach stands.
    pub async fn source_states(&self, scope: &Scope) -> Result<Vec<SourceState>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let condition = scope.sources("s.source", "$1");
        let mut states: Vec<SourceState> = sources_of(&mut connection, scope)
            .await?
            .into_iter()
            .map(|source| SourceState {
                source,
                submissions: 0,
                rows: 0,
                rejected: 0,
                findings: 0,
                last_received: None,
                duplicates: 0,
                persons: 0,
                conflicts: 0,
                ghosts: 0,
            })
            .collect();
        // A sum of BIGINT is NUMERIC on PostgreSQL: cast back.
        let sent = format!(
            "SELECT s.source, COUNT(*), CAST(SUM(s.row_count) AS BIGINT), CAST(SUM(s.rejected) AS BIGINT), MAX(s.received_at), \
             CAST(SUM((SELECT COUNT(*) FROM finding f WHERE f.submission = s.id)) AS BIGINT) \
             FROM submission s WHERE {condition} GROUP BY s.source"
        );
        let spoken = format!(
            "SELECT x.source, COUNT(*), CAST(SUM(x.n - 1) AS BIGINT), CAST(SUM(p.conflicts) AS BIGINT), CAST(SUM(p.ghost) AS BIGINT) \
             FROM (SELECT s.source, m.person_id, COUNT(*) AS n FROM statement s JOIN member m ON m.statement = s.seq AND m.until = {OPEN} \
             WHERE s.kind = 'data_utama' AND s.superseded_by = {OPEN} AND {condition} GROUP BY s.source, m.person_id) x \
             JOIN person p ON p.person_id = x.person_id GROUP BY x.source"
        );
        let sent: Vec<(String, i64, i64, i64, i64, i64)> = sqlx::query_as(AssertSqlSafe(sent))
            .bind(scope.value())
            .fetch_all(&mut *connection)
            .await?;
        let spoken: Vec<(String, i64, i64, i64, i64)> = sqlx::query_as(AssertSqlSafe(spoken))
            .bind(scope.value())
            .fetch_all(&mut *connection)
            .await?;
        for state in &mut states {
            let code = &state.source.code;
            if let Some(one) = sent.iter().find(|one| one.0 == *code) {
                (state.submissions, state.rows, state.rejected) = (one.1, one.2, one.3);
                state.last_received = Timestamp::from_microsecond(one.4).ok();
                state.findings = one.5;
            }
            if let Some(one) = spoken.iter().find(|one| one.0 == *code) {
                (state.persons, state.duplicates) = (one.1, one.2);
                (state.conflicts, state.ghosts) = (one.3, one.4);
            }
        }
        Ok(states)
    }

    /// How the persons of each agency within reach stand.
    pub async fn agency_states(&self, scope: &Scope) -> Result<Vec<AgencyState>, StoreError> {
        let sql = format!(
            "SELECT a.place, COUNT(*), CAST(SUM(p.conflicts) AS BIGINT), CAST(SUM(p.ghost) AS BIGINT) \
             FROM person_place a JOIN person p ON p.person_id = a.person_id \
             WHERE {} AND ($1 <> '' OR a.place NOT LIKE '%{UNDER}%') GROUP BY a.place ORDER BY a.place",
            scope.agencies("a.place", "$1")
        );
        let rows: Vec<(String, i64, i64, i64)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(scope.value())
            .fetch_all(&self.pool)
            .await?;
        Ok(rows
            .into_iter()
            .map(|(agency, persons, conflicts, ghosts)| AgencyState {
                agency: agency.replace(UNDER, " > "),
                persons,
                conflicts,
                ghosts,
            })
            .collect())
    }
}
