//! Failures to protect personal data (UU 27/2022 art. 46): what happened, whom it touches, who was
//! told and when.

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::CLOCK;
use crate::accounts::moment;
use crate::{Scope, Store, StoreError};

/// Who is told of a breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The persons whose data it is (art. 46 par. 1 a). From then on they read of it on their page.
    Persons,
    /// The authority for personal data (art. 46 par. 1 b).
    Authority,
    /// The public, where the law asks for it (art. 46 par. 3).
    Public,
}

impl Told {
    /// All, in the order of the law.
    pub const ALL: [Told; 3] = [Told::Persons, Told::Authority, Told::Public];

    /// Those for whom the clock runs.
    pub const CLOCKED: [Told; 2] = [Told::Persons, Told::Authority];

    /// The word by which a form names it.
    pub fn name(self) -> &'static str {
        match self {
            Told::Persons => "orang",
            Told::Authority => "lembaga",
            Told::Public => "masyarakat",
        }
    }

    /// The one of this word.
    pub fn parse(word: &str) -> Option<Told> {
        Told::ALL.into_iter().find(|one| one.name() == word)
    }

    fn column(self) -> &'static str {
        match self {
            Told::Persons => "told_persons",
            Told::Authority => "told_authority",
            Told::Public => "told_public",
        }
    }
}

/// One breach, with what the law wants to be told of it (art. 46 par. 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// Its number.
    pub id: i64,
    /// When it was found: the clock starts.
    pub found: Timestamp,
    /// The login of who put it on the register.
    pub by: String,
    /// Which data came out.
    pub data: String,
    /// When and how it came out.
    pub how: String,
    /// What is done about it.
    pub handling: String,
    /// When the persons, the authority and the public were told, as far as they were.
    pub told: [Option<Timestamp>; 3],
    /// Persons affected, as far as they are within reach of who asks.
    pub affected: i64,
}

impl Breach {
    /// By when persons and authority must have been told.
    pub fn due(&self) -> Timestamp {
        self.found + CLOCK
    }

    /// When somebody was told.
    pub fn told(&self, whom: Told) -> Option<Timestamp> {
        self.told[whom as usize]
    }

    /// Whether persons or authority were told too late, or are not told and it is too late now.
    pub fn late(&self, now: Timestamp) -> bool {
        let told = Told::CLOCKED.map(|whom| self.told(whom).unwrap_or(now));
        told.into_iter().any(|at| at > self.due())
    }
}

/// How the persons whom a breach touches are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Affected {
    /// Those whose NIP is given.
    Nip(String),
    /// Those whose sensitive data an account looked at between two moments.
    LookedAt {
        /// The account's login.
        login: String,
        /// The first moment.
        from: Timestamp,
        /// The last.
        until: Timestamp,
    },
    /// All of whom an agency's records speak, or whom the golden record places there.
    Agency(String),
}

fn columns(scope: &Scope) -> String {
    format!(
        "b.id, b.found_at, b.noted_by, b.data, b.how, b.handling, b.told_persons, \
         b.told_authority, b.told_public, (SELECT COUNT(*) FROM breach_person t \
         WHERE t.breach = b.id AND {})",
        scope.persons("t.person_id", "$1")
    )
}

/// The condition on a breach: somebody within reach is affected. The centre sees all.
fn within(scope: &Scope) -> String {
    if scope.is_whole() {
        return "$1 = ''".to_owned();
    }
    format!(
        "EXISTS (SELECT 1 FROM breach_person touched WHERE touched.breach = b.id AND {})",
        scope.persons("touched.person_id", "$1")
    )
}

impl Store {
    /// Puts a breach on the register; its number.
    pub async fn note_breach(
        &self,
        found: Timestamp,
        by: &str,
        [data, how, handling]: [&str; 3],
    ) -> Result<i64, StoreError> {
        let sql = "INSERT INTO breach \
             (id, found_at, noted_by, data, how, handling, told_persons, told_authority, told_public) \
             VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM breach), $1, $2, $3, $4, $5, 0, 0, 0) \
             RETURNING id";
        let row = sqlx::query(sql)
            .bind(found.as_microsecond())
            .bind(by.to_owned())
            .bind(data.to_owned())
            .bind(how.to_owned())
            .bind(handling.to_owned())
            .fetch_one(&self.pool)
            .await?;
        Ok(row.try_get(0)?)
    }

    /// Says anew what happened and what is done about it.
    pub async fn retell_breach(
        &self,
        id: i64,
        [data, how, handling]: [&str; 3],
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE breach SET data = $2, how = $3, handling = $4 WHERE id = $1")
            .bind(id)
            .bind(data.to_owned())
            .bind(how.to_owned())
            .bind(handling.to_owned())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Notes that somebody was told, unless it was noted before.
    pub async fn note_told(&self, id: i64, whom: Told, at: Timestamp) -> Result<(), StoreError> {
        let column = whom.column();
        let sql = format!("UPDATE breach SET {column} = $2 WHERE id = $1 AND {column} = 0");
        sqlx::query(AssertSqlSafe(sql))
            .bind(id)
            .bind(at.as_microsecond())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Adds persons within reach to those whom a breach touches; how many were new.
    pub async fn affect(&self, scope: &Scope, id: i64, whom: &Affected) -> Result<u64, StoreError> {
        let (from, bound) = match whom {
            Affected::Nip(nip) => (
                "lookup f WHERE f.field = 'nip' AND f.value = $3",
                vec![nip.clone()],
            ),
            Affected::LookedAt { login, .. } => (
                "look f WHERE f.login = $3 AND f.at >= $4 AND f.at <= $5",
                vec![login.clone()],
            ),
            Affected::Agency(agency) => (
                "person_place f WHERE f.place = $3",
                vec![satu_domain::canonical("instansi_induk", agency)],
            ),
        };
        let sql = format!(
            "INSERT INTO breach_person (breach, person_id) SELECT DISTINCT CAST($2 AS BIGINT), \
             f.person_id FROM {from} AND {} ON CONFLICT (breach, person_id) DO NOTHING",
            scope.persons("f.person_id", "$1")
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(scope.value()).bind(id);
        for value in bound {
            query = query.bind(value);
        }
        if let Affected::LookedAt { from, until, .. } = whom {
            query = query
                .bind(from.as_microsecond())
                .bind(until.as_microsecond());
        }
        Ok(query.execute(&self.pool).await?.rows_affected())
    }

    /// The breaches that touch somebody within reach, the newest first.
    pub async fn breaches(&self, scope: &Scope) -> Result<Vec<Breach>, StoreError> {
        let sql = format!(
            "SELECT {} FROM breach b WHERE {} ORDER BY b.found_at DESC, b.id DESC",
            columns(scope),
            within(scope)
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// One breach that touches somebody within reach.
    pub async fn breach(&self, scope: &Scope, id: i64) -> Result<Option<Breach>, StoreError> {
        let sql = format!(
            "SELECT {} FROM breach b WHERE b.id = $2 AND {}",
            columns(scope),
            within(scope)
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.as_ref().map(read).transpose()?)
    }

    /// The persons within reach whom a breach touches, from a number on: number, name, NIP.
    pub async fn affected(
        &self,
        scope: &Scope,
        id: i64,
        after: i64,
        count: i64,
    ) -> Result<Vec<(i64, String, String)>, StoreError> {
        let sql = format!(
            "SELECT t.person_id, COALESCE(p.nama, ''), COALESCE(p.nip, '') FROM breach_person t \
             LEFT JOIN person p ON p.person_id = t.person_id \
             WHERE t.breach = $2 AND t.person_id > $3 AND {} ORDER BY t.person_id LIMIT $4",
            scope.persons("t.person_id", "$1")
        );
        let query = sqlx::query_as(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(id)
            .bind(after)
            .bind(count);
        Ok(query.fetch_all(&self.pool).await?)
    }
}

fn read(row: &AnyRow) -> Result<Breach, sqlx::Error> {
    let told = |at: usize| -> Result<_, sqlx::Error> {
        let noted = row.try_get::<i64, _>(at)? != 0;
        Ok(if noted { Some(moment(row, at)?) } else { None })
    };
    Ok(Breach {
        id: row.try_get(0)?,
        found: moment(row, 1)?,
        by: row.try_get(2)?,
        data: row.try_get(3)?,
        how: row.try_get(4)?,
        handling: row.try_get(5)?,
        told: [told(6)?, told(7)?, told(8)?],
        affected: row.try_get(9)?,
    })
}
