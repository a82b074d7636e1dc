//! Failures to protect personal data (UU 27/2022 art. 46): what happened, whom it touches, who was
//! told and when.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::CLOCK;
use super::touched::within;
use crate::access::{OPENED, day_of};
use crate::accounts::moment;
use crate::entry::{BreachWords, PrivacyAct};
use crate::keys::Ring;
use crate::{Entry, Scope, Store, StoreError, Writer};

/// Persons whom one entry names at most.
const PART: usize = 10_000;

/// Who is told of a breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

    pub(super) fn column(self) -> &'static str {
        match self {
            Told::Persons => "told_persons",
            Told::Authority => "told_authority",
            Told::Public => "told_public",
        }
    }
}

/// One breach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// Its ledger number.
    pub id: i64,
    /// When it was found: the clock starts.
    pub found: Timestamp,
    /// The login of who put it on the register.
    pub by: String,
    /// What is told of it.
    pub words: BreachWords,
    /// When the persons, the authority and the public were told, as far as they were.
    pub told: [Option<Timestamp>; 3],
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
    /// Those whose record an account opened, masked or not, between two moments. Of the masked openings of
    /// a day the first alone is on record, so one of that day counts, though it was before.
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

/// What came of adding persons to those whom a breach touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Adding {
    /// How many were new.
    Added(u64),
    /// By these nobody is found, whatever the breach: a NIP that nobody has, an agency of nobody, a login
    /// that neither an account nor a program has or had. Nobody was added.
    Unknown(Vec<Affected>),
}

impl Affected {
    /// Where persons `f` are looked for, and the condition on them, with the value at `$1`: of looks, from
    /// `$4` to `$5`, where the day of `$4` began at `$6`.
    fn sought(&self) -> (&'static str, &'static str) {
        match self {
            // Where nobody has it, whoever a record states it of.
            Affected::Nip(_) => (
                "lookup",
                "f.field = 'nip' AND f.value = $1 AND \
                 (p.nip = $1 OR NOT EXISTS (SELECT 1 FROM person g WHERE g.nip = $1))",
            ),
            // Of the openings of a day the first alone is there, and stands for all.
            Affected::LookedAt { .. } => (
                "look",
                "f.login = $1 AND f.at >= $6 AND f.at <= $5 AND (f.at >= $4 OR f.purpose = $7)",
            ),
            Affected::Agency(_) => ("person_place", "f.place = $1"),
        }
    }

    /// What stands at `$1`.
    fn value(&self) -> String {
        match self {
            Affected::Nip(nip) => nip.clone(),
            Affected::LookedAt { login, .. } => login.clone(),
            Affected::Agency(agency) => satu_domain::canonical("instansi_induk", agency),
        }
    }
}

/// The breaches that touch somebody within reach, and what is told of them, as the ledger has both,
/// with their numbers. The centre sees all.
pub(super) fn selected(scope: &Scope) -> String {
    let which = if scope.is_whole() {
        "$1 = ''".to_owned()
    } else {
        format!(
            "b.id IN (SELECT touching.breach FROM {} AS touching)",
            within(scope)
        )
    };
    format!(
        "SELECT b.id, l.body, b.words, w.body, b.told_persons, b.told_authority, b.told_public \
         FROM breach b JOIN ledger l ON l.seq = b.id JOIN ledger w ON w.seq = b.words WHERE {which}"
    )
}

/// The persons within reach of the scope at `$2` who are found so, and whom the breach `$3` does not touch
/// yet: number and NIP.
fn new_ones(scope: &Scope, whom: &Affected) -> String {
    let (from, which) = whom.sought();
    format!(
        "SELECT DISTINCT f.person_id, COALESCE(p.nip, '') FROM {from} f \
         LEFT JOIN person p ON p.person_id = f.person_id WHERE {which} AND {} \
         AND EXISTS (SELECT 1 FROM breach WHERE id = $3) AND NOT EXISTS \
         (SELECT 1 FROM breach_person t WHERE t.breach = $3 AND t.person_id = f.person_id) \
         ORDER BY f.person_id",
        scope.persons("f.person_id", "$2")
    )
}

/// Whether anybody within reach of the scope at `$2` is found so, whatever a breach touches; of looks, whether
/// the login is or was anybody's.
fn known(scope: &Scope, whom: &Affected) -> String {
    let reach = |column| scope.persons(column, "$2");
    if let Affected::LookedAt { .. } = whom {
        return format!(
            "SELECT 1 FROM account WHERE login = $1 \
             UNION ALL SELECT 1 FROM client WHERE 'program:' || key = $1 \
             UNION ALL SELECT 1 FROM look f WHERE f.login = $1 AND {} LIMIT 1",
            reach("f.person_id")
        );
    }
    let (from, which) = whom.sought();
    format!(
        "SELECT 1 FROM {from} f LEFT JOIN person p ON p.person_id = f.person_id \
         WHERE {which} AND {} LIMIT 1",
        reach("f.person_id")
    )
}

impl Store {
    /// Puts a breach on the register; its number.
    pub async fn note_breach(
        &self,
        found: Timestamp,
        words: BreachWords,
        by: &str,
    ) -> Result<i64, StoreError> {
        let mut writer = self.begin().await?;
        let act = PrivacyAct::BreachNoted { found, words };
        let id = writer.act(act, by).await?;
        writer.commit().await?;
        Ok(id)
    }

    /// Says anew what happened and what is done about it; whether the breach is there.
    pub async fn retell_breach(
        &self,
        id: i64,
        words: BreachWords,
        by: &str,
    ) -> Result<bool, StoreError> {
        let mut writer = self.begin().await?;
        if !holds(&mut writer, "id = $1", id).await? {
            return Ok(false);
        }
        let act = PrivacyAct::BreachRetold { breach: id, words };
        writer.act(act, by).await?;
        writer.commit().await?;
        Ok(true)
    }

    /// Notes that somebody is told now; whether the breach is there and they were not told before.
    pub async fn note_told(&self, id: i64, whom: Told, by: &str) -> Result<bool, StoreError> {
        let mut writer = self.begin().await?;
        let which = format!("id = $1 AND {} = 0", whom.column());
        if !holds(&mut writer, &which, id).await? {
            return Ok(false);
        }
        let act = PrivacyAct::BreachTold { breach: id, whom };
        writer.act(act, by).await?;
        writer.commit().await?;
        Ok(true)
    }

    /// Adds persons within reach to those whom a breach touches, all or, where any part finds nobody, none.
    pub async fn affect(
        &self,
        scope: &Scope,
        id: i64,
        whom: &[Affected],
        by: &str,
    ) -> Result<Adding, StoreError> {
        let mut writer = self.begin().await?;
        let (mut all, mut unknown) = (BTreeMap::new(), Vec::new());
        for one in whom {
            let mut query = sqlx::query_as(AssertSqlSafe(new_ones(scope, one)))
                .bind(one.value())
                .bind(scope.value())
                .bind(id);
            if let Affected::LookedAt { from, until, .. } = one {
                query = query
                    .bind(from.as_microsecond())
                    .bind(until.as_microsecond())
                    .bind(day_of(*from))
                    .bind(OPENED);
            }
            let new: Vec<(i64, String)> = query.fetch_all(&mut *writer.tx).await?;
            if new.is_empty() {
                let anybody = sqlx::query(AssertSqlSafe(known(scope, one)))
                    .bind(one.value())
                    .bind(scope.value())
                    .fetch_optional(&mut *writer.tx)
                    .await?;
                unknown.extend(anybody.is_none().then(|| one.clone()));
            }
            all.extend(new);
        }
        if !unknown.is_empty() {
            return Ok(Adding::Unknown(unknown));
        }
        let all: Vec<(i64, String)> = all.into_iter().collect();
        for part in all.chunks(PART) {
            let act = PrivacyAct::BreachTouches {
                breach: id,
                persons: part.to_vec(),
            };
            writer.act(act, by).await?;
        }
        if !all.is_empty() {
            writer.commit().await?;
        }
        Ok(Adding::Added(all.len() as u64))
    }

    /// The breaches that touch somebody within reach, the newest first.
    pub async fn breaches(&self, scope: &Scope) -> Result<Vec<Breach>, StoreError> {
        let sql = format!("{} ORDER BY b.found_at DESC, b.id DESC", selected(scope));
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .fetch_all(&self.pool)
            .await?;
        let ring = self.keys.ring()?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.extend(read(&ring, row)?);
        }
        Ok(found)
    }

    /// One breach that touches somebody within reach.
    pub async fn breach(&self, scope: &Scope, id: i64) -> Result<Option<Breach>, StoreError> {
        let sql = format!("{} AND b.id = $2", selected(scope));
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        read(&*self.keys.ring()?, &row)
    }
}

/// Whether there is a breach of a number, and it is as the condition says.
async fn holds(writer: &mut Writer, which: &str, id: i64) -> Result<bool, StoreError> {
    let sql = format!("SELECT 1 FROM breach WHERE {which}");
    let row = sqlx::query(AssertSqlSafe(sql)).bind(id);
    Ok(row.fetch_optional(&mut *writer.tx).await?.is_some())
}

/// Reads what was [`selected`]; none where the ledger has something else under the numbers.
fn read(ring: &Ring, row: &AnyRow) -> Result<Option<Breach>, StoreError> {
    let told = |at: usize| -> Result<_, sqlx::Error> {
        let noted = row.try_get::<i64, _>(at)? != 0;
        Ok(if noted { Some(moment(row, at)?) } else { None })
    };
    let id = row.try_get(0)?;
    let noted = ring.entry(id, row.try_get(1)?)?;
    let said = ring.entry(row.try_get(2)?, row.try_get(3)?)?;
    let (Entry::Privacy(noted), Entry::Privacy(said)) = (noted, said) else {
        return Ok(None);
    };
    let PrivacyAct::BreachNoted { found, .. } = noted.act else {
        return Ok(None);
    };
    let (PrivacyAct::BreachNoted { words, .. } | PrivacyAct::BreachRetold { words, .. }) = said.act
    else {
        return Ok(None);
    };
    Ok(Some(Breach {
        id,
        found,
        by: noted.by,
        words,
        told: [told(4)?, told(5)?, told(6)?],
    }))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Affected, known, new_ones};
    use crate::{Scope, plan};

    /// A register with a million looks, or persons, must not read them all for those of one login, NIP or agency.
    #[tokio::test]
    async fn whom_a_breach_touches_is_found_by_index_alone() {
        let looked_at = Affected::LookedAt {
            login: "petugas".to_owned(),
            from: Timestamp::UNIX_EPOCH,
            until: Timestamp::UNIX_EPOCH,
        };
        let nip = Affected::Nip("198503172010012005".to_owned());
        let agency = Affected::Agency("Kota".to_owned());
        for whom in [looked_at, nip, agency] {
            let sql = new_ones(&Scope::whole(), &whom);
            plan::found_by_index(&sql, &["f", "p", "g", "t"], &["f", "p", "t"]).await;
            let sql = known(&Scope::whole(), &whom);
            plan::found_by_index(&sql, &["f", "p", "g", "account"], &["f"]).await;
        }
    }
}
