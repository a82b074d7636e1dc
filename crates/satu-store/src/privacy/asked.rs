//! What civil servants ask about their own data, and what was answered.

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::CLOCK;
use crate::accounts::moment;
use crate::keys::{Place, Ring};
use crate::{Scope, Store, StoreError};

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// To see what is held, and a copy of it (UU 27/2022 art. 7, 32).
    Access,
    /// To correct what is wrong or lacking (art. 6, 30).
    Correction,
    /// To delay, limit or end a use of the data (art. 8, 11, 41, 43).
    Objection,
}

impl About {
    /// All, in the order in which they are offered.
    pub const ALL: [About; 3] = [About::Access, About::Correction, About::Objection];

    /// The word that is kept.
    pub fn name(self) -> &'static str {
        match self {
            About::Access => "akses",
            About::Correction => "perbaikan",
            About::Objection => "keberatan",
        }
    }

    /// The one of this word.
    pub fn parse(word: &str) -> Option<About> {
        About::ALL.into_iter().find(|one| one.name() == word)
    }
}

/// How a request was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// When.
    pub at: Timestamp,
    /// The login of who answered.
    pub by: String,
    /// Whether it was granted.
    pub granted: bool,
    /// What was done; why not, where it was refused.
    pub answer: String,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its number.
    pub id: i64,
    /// The NIP of who asks.
    pub nip: String,
    /// What it is about.
    pub about: About,
    /// In the words of who asks.
    pub text: String,
    /// When it was asked.
    pub at: Timestamp,
    /// How it was answered.
    pub verdict: Option<Verdict>,
}

impl Asked {
    /// By when it must be answered.
    pub fn due(&self) -> Timestamp {
        self.at + CLOCK
    }

    /// Whether it was not answered in time, or is late now.
    pub fn late(&self, now: Timestamp) -> bool {
        let answered = self.verdict.as_ref().map_or(now, |verdict| verdict.at);
        answered > self.due()
    }
}

const COLUMNS: &str =
    "r.id, r.nip, r.about, r.text, r.asked_at, r.answered_at, r.answered_by, r.granted, r.answer";

/// The condition on a request: it is of a person within reach. The centre sees those of persons
/// whom no record has any more, too.
fn within(scope: &Scope) -> String {
    if scope.is_whole() {
        return "$1 = ''".to_owned();
    }
    format!(
        "EXISTS (SELECT 1 FROM person asker WHERE asker.nip = r.nip AND {})",
        scope.persons("asker.person_id", "$1")
    )
}

impl Store {
    /// Puts a civil servant's request on the register; its number.
    pub async fn ask(
        &self,
        nip: &str,
        about: About,
        text: &str,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        let sql = "INSERT INTO privacy_request \
             (id, nip, about, text, asked_at, answered_at, answered_by, granted, answer) VALUES \
             ((SELECT COALESCE(MAX(id), 0) + 1 FROM privacy_request), $1, $2, $3, $4, 0, '', 0, $5) \
             RETURNING id";
        let ring = self.keys.ring()?;
        let text = ring.seal(Place::request(at.as_microsecond()), text.as_bytes())?;
        let row = sqlx::query(sql)
            .bind(nip.to_owned())
            .bind(about.name())
            .bind(text)
            .bind(at.as_microsecond())
            .bind(Vec::new())
            .fetch_one(&self.pool)
            .await?;
        Ok(row.try_get(0)?)
    }

    /// Part of the requests within reach: those that wait first, the oldest of them first; then
    /// those answered, the newest first. And how many there are, and how many of them wait.
    pub async fn requests(
        &self,
        scope: &Scope,
        skip: i64,
        count: i64,
    ) -> Result<(i64, i64, Vec<Asked>), StoreError> {
        let within = within(scope);
        let sql = format!(
            "SELECT COUNT(*), COUNT(CASE WHEN r.answered_at = 0 THEN 1 END) \
             FROM privacy_request r WHERE {within}"
        );
        let counts = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .fetch_one(&self.pool)
            .await?;
        let sql = format!(
            "SELECT {COLUMNS} FROM privacy_request r WHERE {within} \
             ORDER BY CASE WHEN r.answered_at = 0 THEN 0 ELSE 1 END, \
             CASE WHEN r.answered_at = 0 THEN r.asked_at ELSE -r.answered_at END, r.id \
             LIMIT $2 OFFSET $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(count)
            .bind(skip)
            .fetch_all(&self.pool)
            .await?;
        let ring = self.keys.ring()?;
        let found = rows
            .iter()
            .map(|row| read(&ring, row))
            .collect::<Result<_, _>>()?;
        Ok((counts.try_get(0)?, counts.try_get(1)?, found))
    }

    /// One request within reach.
    pub async fn request(&self, scope: &Scope, id: i64) -> Result<Option<Asked>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM privacy_request r WHERE r.id = $2 AND {}",
            within(scope)
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        let ring = self.keys.ring()?;
        row.as_ref().map(|row| read(&ring, row)).transpose()
    }

    /// Answers a request within reach, once; whether it was there and waited.
    pub async fn answer(
        &self,
        scope: &Scope,
        id: i64,
        verdict: &Verdict,
    ) -> Result<bool, StoreError> {
        let sql = format!(
            "UPDATE privacy_request AS r SET answered_at = $3, answered_by = $4, granted = $5, \
             answer = $6 WHERE r.id = $2 AND r.answered_at = 0 AND {}",
            within(scope)
        );
        let ring = self.keys.ring()?;
        let answer = ring.seal(Place::answer(id), verdict.answer.as_bytes())?;
        let done = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(id)
            .bind(verdict.at.as_microsecond())
            .bind(verdict.by.clone())
            .bind(i64::from(verdict.granted))
            .bind(answer)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}

fn read(ring: &Ring, row: &AnyRow) -> Result<Asked, StoreError> {
    let about: String = row.try_get(2)?;
    let answered = row.try_get::<i64, _>(5)? != 0;
    let (id, at) = (row.try_get(0)?, moment(row, 4)?);
    Ok(Asked {
        id,
        nip: row.try_get(1)?,
        // Nothing else is ever written.
        about: About::parse(&about).unwrap_or(About::Access),
        text: ring.text(Place::request(at.as_microsecond()), row.try_get(3)?)?,
        at,
        verdict: if answered {
            Some(Verdict {
                at: moment(row, 5)?,
                by: row.try_get(6)?,
                granted: row.try_get::<i64, _>(7)? == 1,
                answer: ring.text(Place::answer(id), row.try_get(8)?)?,
            })
        } else {
            None
        },
    })
}
