//! What civil servants ask about their own data, and what was answered.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::CLOCK;
use crate::accounts::moment;
use crate::entry::PrivacyAct;
use crate::keys::Ring;
use crate::{Entry, OPEN, Scope, Store, StoreError};

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

    /// The word by which a form names it.
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
    /// Its ledger number.
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

/// A request and the answer, as the ledger has them, with their numbers and moments.
const COLUMNS: &str = "r.id, l.recorded_at, l.body, r.answered_by, \
     COALESCE(a.recorded_at, 0), a.body FROM privacy_request r \
     JOIN ledger l ON l.seq = r.id LEFT JOIN ledger a ON a.seq = r.answered_by";

/// The condition on a request: it is of a person within reach. The centre sees those of persons
/// whom no record has any more, too.
fn within(scope: &Scope) -> String {
    if scope.is_whole() {
        return "$1 = ''".to_owned();
    }
    if scope.nip().is_some() {
        let has = "EXISTS (SELECT 1 FROM person asker WHERE asker.nip = $1)";
        return format!("$1 <> '' AND r.nip = $1 AND {has}");
    }
    format!(
        "EXISTS (SELECT 1 FROM person asker WHERE asker.nip = r.nip AND {})",
        scope.persons("asker.person_id", "$1")
    )
}

impl Store {
    /// Puts the request of the civil servant of a NIP on the register; its number.
    pub async fn ask(
        &self,
        nip: &str,
        about: About,
        text: &str,
        by: &str,
    ) -> Result<i64, StoreError> {
        let act = PrivacyAct::Requested {
            nip: nip.to_owned(),
            about,
            text: text.to_owned(),
        };
        let mut writer = self.begin().await?;
        let id = writer.act(act, by).await?;
        writer.commit().await?;
        Ok(id)
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
            "SELECT COUNT(*), COUNT(CASE WHEN r.answered_by = {OPEN} THEN 1 END) \
             FROM privacy_request r WHERE {within}"
        );
        let counts = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .fetch_one(&self.pool)
            .await?;
        let sql = format!(
            "SELECT {COLUMNS} WHERE {within} \
             ORDER BY r.answered_by DESC, r.id LIMIT $2 OFFSET $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(count)
            .bind(skip)
            .fetch_all(&self.pool)
            .await?;
        let ring = self.keys.ring()?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.extend(read(&ring, row)?);
        }
        Ok((counts.try_get(0)?, counts.try_get(1)?, found))
    }

    /// One request within reach.
    pub async fn request(&self, scope: &Scope, id: i64) -> Result<Option<Asked>, StoreError> {
        let sql = format!("SELECT {COLUMNS} WHERE r.id = $2 AND {}", within(scope));
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        read(&*self.keys.ring()?, &row)
    }

    /// Answers a request within reach, once; whether it was there and waited.
    pub async fn answer(
        &self,
        scope: &Scope,
        id: i64,
        granted: bool,
        answer: &str,
        by: &str,
    ) -> Result<bool, StoreError> {
        let mut writer = self.begin().await?;
        let sql = format!(
            "SELECT 1 FROM privacy_request r WHERE r.id = $2 AND r.answered_by = {OPEN} AND {}",
            within(scope)
        );
        let waits = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(id)
            .fetch_optional(&mut *writer.tx)
            .await?;
        if waits.is_none() {
            return Ok(false);
        }
        let act = PrivacyAct::RequestAnswered {
            request: id,
            granted,
            answer: answer.to_owned(),
        };
        writer.act(act, by).await?;
        writer.commit().await?;
        Ok(true)
    }
}

/// Reads [`COLUMNS`]; none where the ledger has something else under the number.
fn read(ring: &Ring, row: &AnyRow) -> Result<Option<Asked>, StoreError> {
    let (id, answered_by) = (row.try_get(0)?, row.try_get(3)?);
    let Entry::Privacy(asked) = ring.entry(id, row.try_get(2)?)? else {
        return Ok(None);
    };
    let PrivacyAct::Requested { nip, about, text } = asked.act else {
        return Ok(None);
    };
    let answered: Option<Vec<u8>> = row.try_get(5)?;
    let answered = answered.map(|body| ring.entry(answered_by, body));
    let verdict = match answered.transpose()? {
        Some(Entry::Privacy(answered)) => match answered.act {
            PrivacyAct::RequestAnswered {
                granted, answer, ..
            } => Some(Verdict {
                at: moment(row, 4)?,
                by: answered.by,
                granted,
                answer,
            }),
            _ => None,
        },
        _ => None,
    };
    Ok(Some(Asked {
        id,
        nip,
        about,
        text,
        at: moment(row, 1)?,
        verdict,
    }))
}
