//! Finding persons by name, NIP or NIK, with a slip forgiven.

use std::collections::BTreeSet;

use satu_domain::resolve::GoldenRecord;
use satu_linkage::standard;
use sqlx::{AssertSqlSafe, Row};

use crate::kept_record::open_record;
use crate::listed::{in_numbers, in_texts, listed};
use crate::person_rows::{NUMBERS, near, shelved};
use crate::{Scope, Store, StoreError};

/// One person found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The person's number.
    pub person: i64,
    /// The golden record.
    pub record: GoldenRecord,
    /// Whether the question was met as it stands, without forgiving a slip.
    pub exact: bool,
}

/// Spellings tried for one word of the question.
const MOST_SPELLINGS: usize = 60;

/// Persons weighed to find which word of a question is the rarest.
const MOST_COUNTED: i64 = 2_000;

impl Store {
    /// Up to `count` persons within reach whose name has these words, or who have this NIP, old
    /// NIP or NIK: first those met exactly, then those met by the beginning of a word or with one
    /// letter or digit wrong, missing, too many, or swapped.
    pub async fn search(
        &self,
        scope: &Scope,
        question: &str,
        count: usize,
    ) -> Result<Vec<Hit>, StoreError> {
        let digits: String = question.chars().filter(char::is_ascii_digit).collect();
        if digits.len() >= 4 {
            return self.search_number(scope, &digits, count).await;
        }
        let name = standard::name(question);
        let words: Vec<String> = name.split(' ').take(6).map(str::to_owned).collect();
        if name.is_empty() {
            return Ok(Vec::new());
        }
        let exactly: Vec<Vec<String>> = words.iter().map(|word| vec![word.clone()]).collect();
        let mut found = self.named(scope, &exactly, count, &BTreeSet::new()).await?;
        let exact = found.len();
        if exact < count {
            let mut spellings = Vec::with_capacity(words.len());
            for word in &words {
                spellings.push(self.spellings(word).await?);
            }
            let known: BTreeSet<i64> = found.iter().copied().collect();
            found.extend(self.named(scope, &spellings, count - exact, &known).await?);
        }
        self.hits(&found, exact).await
    }

    async fn search_number(
        &self,
        scope: &Scope,
        digits: &str,
        count: usize,
    ) -> Result<Vec<Hit>, StoreError> {
        let ring = self.keys.ring()?;
        // A NIK is found as a whole alone: what is kept of it has no beginning.
        let sql = format!(
            "SELECT DISTINCT l.person_id FROM lookup l WHERE l.field IN ('nip', 'nip_lama') \
             AND l.value >= $2 AND l.value < $3 AND {} ORDER BY l.person_id LIMIT $4",
            scope.persons("l.person_id", "$1")
        );
        let rows: Vec<(i64,)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(digits.to_owned())
            .bind(format!("{digits}:")) // the sign after 9
            .bind(count as i64)
            .fetch_all(&self.pool)
            .await?;
        let mut found: BTreeSet<i64> = rows.into_iter().map(|(person,)| person).collect();
        let whole = NUMBERS.map(|field| shelved(&ring, field, digits));
        found.extend(self.numbered(scope, whole.into(), count).await?);
        let mut found: Vec<i64> = found.into_iter().take(count).collect();
        let exact = found.len();
        if found.is_empty() && (8..=20).contains(&digits.len()) {
            let mut slips = slips(digits);
            let niks: Vec<String> = slips.iter().map(|nik| shelved(&ring, "nik", nik)).collect();
            slips.extend(niks);
            found = self.numbered(scope, slips, count).await?;
        }
        self.hits(&found, exact).await
    }

    /// Up to `count` persons of whom any of the numbers stands in the lookup as one of these values.
    async fn numbered(
        &self,
        scope: &Scope,
        values: BTreeSet<String>,
        count: usize,
    ) -> Result<Vec<i64>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let sql = format!(
            "SELECT DISTINCT l.person_id FROM lookup l WHERE l.field IN ('nip', 'nik', 'nip_lama') \
             AND l.value {} AND {} ORDER BY l.person_id LIMIT $2",
            in_texts(&connection, 3),
            scope.persons("l.person_id", "$1")
        );
        let query = sqlx::query_as::<_, (i64,)>(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(count as i64)
            .bind(listed(values));
        let rows = query.fetch_all(&mut *connection).await?;
        Ok(rows.into_iter().map(|(person,)| person).collect())
    }

    /// The words of known names that begin with a word, or are one slip away from it.
    async fn spellings(&self, word: &str) -> Result<Vec<String>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let sql = format!(
            "SELECT DISTINCT word FROM name_word WHERE near {} LIMIT {MOST_SPELLINGS}",
            in_texts(&connection, 1)
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(listed(near(word)));
        let mut found = BTreeSet::new();
        for row in query.fetch_all(&mut *connection).await? {
            found.insert(row.try_get::<String, _>(0)?);
        }
        if word.chars().count() >= 2 {
            let sql = format!(
                "SELECT DISTINCT word FROM name_word WHERE word >= $1 AND word < $2 LIMIT {MOST_SPELLINGS}"
            );
            let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql))
                .bind(word.to_owned())
                .bind(format!("{word}\u{7f}"))
                .fetch_all(&mut *connection)
                .await?;
            found.extend(rows.into_iter().map(|(word,)| word));
        }
        found.insert(word.to_owned());
        Ok(found.into_iter().collect())
    }

    /// Persons who have, for each word, one of its spellings; the rarest word leads.
    async fn named(
        &self,
        scope: &Scope,
        words: &[Vec<String>],
        count: usize,
        without: &BTreeSet<i64>,
    ) -> Result<Vec<i64>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let mut order = Vec::with_capacity(words.len());
        for spellings in words {
            let mut held: i64 = MOST_COUNTED;
            if words.len() > 1 {
                let sql = format!(
                    "SELECT COUNT(*) FROM (SELECT 1 AS one FROM lookup WHERE field = 'nama' AND value {} LIMIT {MOST_COUNTED}) AS held",
                    in_texts(&connection, 1)
                );
                let query =
                    sqlx::query_as::<_, (i64,)>(AssertSqlSafe(sql)).bind(listed(spellings.clone()));
                (held,) = query.fetch_one(&mut *connection).await?;
            }
            order.push((held, spellings));
        }
        order.sort_by_key(|(held, _)| *held);
        let condition = |at: usize| {
            let among = in_texts(&connection, at + 3);
            if at == 0 {
                format!("l.value {among}")
            } else {
                format!(
                    "EXISTS (SELECT 1 FROM lookup o WHERE o.person_id = l.person_id AND o.field = 'nama' AND o.value {among})"
                )
            }
        };
        let conditions: Vec<String> = (0..order.len()).map(condition).collect();
        let sql = format!(
            "SELECT DISTINCT l.person_id FROM lookup l WHERE l.field = 'nama' AND {} AND {} LIMIT $2",
            conditions.join(" AND "),
            scope.persons("l.person_id", "$1")
        );
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind((count + without.len()) as i64);
        for (_, spellings) in order {
            query = query.bind(listed(spellings.clone()));
        }
        let mut found = Vec::new();
        for row in query.fetch_all(&mut *connection).await? {
            let person = row.try_get(0)?;
            if !without.contains(&person) && found.len() < count {
                found.push(person);
            }
        }
        Ok(found)
    }

    /// The records of persons that a scope has let through; the first `exact` of them met exactly.
    async fn hits(&self, persons: &[i64], exact: usize) -> Result<Vec<Hit>, StoreError> {
        if persons.is_empty() {
            return Ok(Vec::new());
        }
        let mut connection = self.pool.acquire().await?;
        let sql = format!(
            "SELECT person_id, record FROM person WHERE person_id {}",
            in_numbers(&connection, 1)
        );
        let query = sqlx::query_as::<_, (i64, Vec<u8>)>(AssertSqlSafe(sql))
            .bind(listed(persons.iter().copied()));
        let met: BTreeSet<i64> = persons.iter().take(exact).copied().collect();
        let mut hits = Vec::with_capacity(persons.len());
        let ring = self.keys.ring()?;
        for (person, sealed) in query.fetch_all(&mut *connection).await? {
            let record = open_record(&ring, person, sealed)?;
            hits.push(Hit {
                person,
                record,
                exact: met.contains(&person),
            });
        }
        hits.sort_by(|a, b| {
            let name = |hit: &Hit| hit.record.value("nama").unwrap_or_default().to_owned();
            (!a.exact, name(a), a.person).cmp(&(!b.exact, name(b), b.person))
        });
        Ok(hits)
    }
}

/// Every number one slip away: a digit wrong, swapped with its neighbour, missing, or too many.
fn slips(digits: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for at in 0..digits.len() {
        let (before, after) = digits.split_at(at);
        found.insert(format!("{before}{}", &after[1..]));
        for digit in '0'..='9' {
            found.insert(format!("{before}{digit}{}", &after[1..]));
            found.insert(format!("{before}{digit}{after}"));
        }
        if after.len() > 1 {
            found.insert(format!(
                "{before}{}{}{}",
                &after[1..2],
                &after[..1],
                &after[2..]
            ));
        }
    }
    for digit in '0'..='9' {
        found.insert(format!("{digits}{digit}"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::slips;

    #[test]
    fn a_number_with_a_slip_is_found() {
        let slips = slips("12345678");
        for one in ["12345679", "21345678", "1234567", "123456780", "112345678"] {
            assert!(slips.contains(one), "{one}");
        }
        assert!(!slips.contains("12345689"));
    }
}
