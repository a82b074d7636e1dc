//! The change feed: what became of whom, in the order of the ledger.
//!
//! A change has a number of its own, given without a gap by the one writer, so that a reader's place
//! is one number, with a mark that tells it after a restore. Numbers that a reader does not get are of
//! changes out of their reach.

mod cursor;

use std::sync::Arc;

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use satu_domain::Kind;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::accounts::{moment, moment_of};
use crate::kept_record::Opened;
use crate::keys::Ring;
use crate::listed::{in_numbers, listed};
use crate::{Scope, Store, StoreError};

pub use cursor::{Cursor, NoCursor};

/// Changes that one question looks at, whether within reach or not: bounds the time of a page for
/// whoever reaches little.
const WINDOW: i64 = 200_000;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// A person came to be.
    Created,
    /// A person that was there before came into the agency's reach.
    Entered,
    /// Some of the person's records are another, new person's now.
    Split,
    /// Golden values of the person are others now.
    Changed,
    /// All of the person's records are another person's now; the number is gone.
    Merged,
    /// The person left the agency's reach, or is gone.
    Withdrawn,
    /// Records that may be one person wait for an officer.
    DoubtOpened,
    /// They do not any more.
    DoubtClosed,
}

impl ChangeKind {
    /// Every kind. A kind's code is its place here, from 1; never change the order.
    pub const ALL: [ChangeKind; 8] = [
        ChangeKind::Created,
        ChangeKind::Entered,
        ChangeKind::Split,
        ChangeKind::Changed,
        ChangeKind::Merged,
        ChangeKind::Withdrawn,
        ChangeKind::DoubtOpened,
        ChangeKind::DoubtClosed,
    ];

    pub(crate) fn code(self) -> i64 {
        self as i64 + 1
    }

    fn of_code(code: i64) -> Option<ChangeKind> {
        let at = usize::try_from(code.checked_sub(1)?).ok()?;
        ChangeKind::ALL.get(at).copied()
    }

    /// Its word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::Created => "person.created",
            ChangeKind::Entered => "person.entered",
            ChangeKind::Split => "person.split",
            ChangeKind::Changed => "person.changed",
            ChangeKind::Merged => "person.merged",
            ChangeKind::Withdrawn => "person.withdrawn",
            ChangeKind::DoubtOpened => "doubt.opened",
            ChangeKind::DoubtClosed => "doubt.closed",
        }
    }

    /// The kind of that word, if there is one.
    pub fn from_name(name: &str) -> Option<ChangeKind> {
        ChangeKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A row `c` of the feed by which a number became another's, and has had no records since.
pub(crate) fn merged() -> String {
    format!(
        "c.kind = {} AND c.agency = '' AND NOT EXISTS \
         (SELECT 1 FROM member m WHERE m.person_id = c.person_id AND m.since > c.seq)",
        ChangeKind::Merged.code()
    )
}

/// A recursive table `numbered`: every `number` that is a person's (`person_id`) by now, their own and
/// those that were merged into it; `start` gives each of the persons twice.
pub(crate) fn numbered(start: &str) -> String {
    format!(
        "numbered (number, person_id) AS ({start} UNION \
         SELECT c.person_id, n.person_id FROM numbered n CROSS JOIN change c \
         WHERE c.other = n.number AND {})",
        merged()
    )
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub id: i64,
    /// What tells it from another change of this number.
    mark: u64,
    /// The last ledger number of the entries that were written as one with what made it.
    pub seq: i64,
    /// When that was recorded.
    pub at: Timestamp,
    /// What happened.
    pub kind: ChangeKind,
    /// To whom; none of a doubt.
    pub person: Option<i64>,
    /// Of a changed person: the columns of `data_utama` whose golden value is another one.
    pub fields: Vec<&'static str>,
    /// Who else: whom a merged person became, who came of a split one, of whom a new one came; the
    /// doubt's number.
    pub other: Option<i64>,
    /// The person's NIP as it stands now; empty where the person is gone or out of reach.
    pub nip: String,
    /// The record as it stands now, where values were asked for and the person is within reach.
    record: Option<Arc<Opened>>,
}

/// Golden values by column.
pub type Values<'a> = Vec<(&'static str, &'a str)>;

impl Change {
    /// A reader's place after it.
    pub fn cursor(&self) -> Cursor {
        Cursor::new(self.id, self.mark)
    }

    /// Marks it, once all is known of what happened. By a key: of a change out of reach it tells nothing.
    fn marked(&mut self, ring: &Ring) {
        let (person, other) = (self.person.unwrap_or(0), self.other.unwrap_or(0));
        let at = self.at.as_microsecond();
        self.mark = ring.mark([self.id, self.seq, at, self.kind.code(), person, other]);
    }

    /// The golden values as they stand now, by column of `data_utama`, where they were asked for and the
    /// person is within reach. Reading them is most of the work of a change: each call reads anew.
    pub fn values(&self) -> Result<Option<Values<'_>>, StoreError> {
        let record = self.record.as_deref();
        record.map(Opened::standing).transpose()
    }
}

/// Some changes, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangePage {
    /// The changes, ascending.
    pub changes: Vec<Change>,
    /// All that is within reach up to this place has been given.
    pub cursor: Cursor,
    /// Whether there were later changes when this was asked.
    pub more: bool,
}

impl Store {
    /// The number of the newest change, within anybody's reach.
    pub async fn last_change(&self) -> Result<i64, StoreError> {
        let (last,): (i64,) = sqlx::query_as("SELECT COALESCE(MAX(id), 0) FROM change")
            .fetch_one(&self.pool)
            .await?;
        Ok(last)
    }

    /// The place after the newest change.
    pub async fn newest_change(&self) -> Result<Cursor, StoreError> {
        let ends = self.ends(Cursor::BEGINNING).await?;
        Ok(ends.last)
    }

    /// Whether a place is one of this feed: of a number alone, whether there is such a change.
    pub async fn has_place(&self, cursor: Cursor) -> Result<bool, StoreError> {
        match self.ends(cursor).await {
            Ok(_) => Ok(true),
            Err(StoreError::OtherFeed) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Where a page after a place begins and ends at most, and the end of the feed.
    async fn ends(&self, after: Cursor) -> Result<Ends, StoreError> {
        let ring = self.keys.ring()?;
        let mut connection = self.pool.acquire().await?;
        ends(&mut connection, &ring, after).await
    }

    /// Up to `count` changes within reach after a place. A page may be short or empty although
    /// there are more: then go on from its cursor. An error where the place is none of this feed.
    pub async fn changes(
        &self,
        scope: &Scope,
        after: impl Into<Cursor>,
        count: i64,
        with_values: bool,
    ) -> Result<ChangePage, StoreError> {
        let ring = self.keys.ring()?;
        let mut connection = self.pool.acquire().await?;
        // Changes up to the last one are written, and later ones have higher numbers.
        let Ends { after, until, last } = ends(&mut connection, &ring, after.into()).await?;
        // Joined with nothing: PostgreSQL would rather read a whole ledger than so many entries of it.
        let sql = format!(
            "SELECT {ROW} FROM change c \
             WHERE c.id > $2 AND c.id <= $3 AND ({}) ORDER BY c.id LIMIT $4",
            scope.changes("$1")
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(after.id)
            .bind(until.id)
            .bind(count)
            .fetch_all(&mut *connection)
            .await?;
        let mut changes = Vec::with_capacity(rows.len());
        // Whose NIP and record are told: whoever is within reach, not who left it.
        let mut reached = Vec::new();
        for row in &rows {
            let (change, within) = change(row)?;
            reached.extend(change.person.filter(|_| within));
            changes.push((change, within));
        }
        let seqs = changes.iter().map(|(one, _)| one.seq).collect();
        let moments = moments(&mut connection, seqs).await?;
        let held = held(&mut connection, reached, with_values.then_some(&*ring)).await?;
        let mut told = Vec::with_capacity(changes.len());
        for (mut change, within) in changes {
            change.at = moments.get(&change.seq).copied().unwrap_or_default();
            change.marked(&ring);
            let person = change.person.filter(|_| within);
            if let Some((nip, record)) = person.and_then(|person| held.get(&person)) {
                change.nip.clone_from(nip);
                change.record.clone_from(record);
            }
            told.push(change);
        }
        let changes = told;
        let full = changes.len() as i64 >= count;
        let cursor = match changes.last() {
            Some(newest) if full => newest.cursor(),
            _ => until,
        };
        Ok(ChangePage {
            changes,
            cursor,
            more: cursor.id < last.id,
        })
    }
}

/// The columns of a change `c`.
const ROW: &str = "c.id, c.seq, c.kind, c.person_id, c.fields, c.other, c.agency";

/// Where a page begins, where it ends at most, and where the feed does.
struct Ends {
    after: Cursor,
    until: Cursor,
    last: Cursor,
}

/// The ends of a page after a place. One query: it is asked with each page.
async fn ends(
    connection: &mut AnyConnection,
    ring: &Ring,
    after: Cursor,
) -> Result<Ends, StoreError> {
    let far = after.id.saturating_add(WINDOW);
    let sql = format!(
        "SELECT {ROW}, (SELECT l.recorded_at FROM ledger l WHERE l.seq = c.seq) FROM change c \
         WHERE c.id IN ($1, $2, (SELECT MAX(id) FROM change)) ORDER BY c.id"
    );
    let query = sqlx::query(AssertSqlSafe(sql)).bind(after.id).bind(far);
    let mut found = Vec::new();
    for row in query.fetch_all(connection).await? {
        let (mut change, _) = change(&row)?;
        change.at = moment(&row, 7)?;
        change.marked(ring);
        found.push(change.cursor());
    }
    let last = found.last().copied().unwrap_or(Cursor::BEGINNING);
    let of = |id| found.iter().copied().find(|one| one.id == id);
    let after = match of(after.id) {
        Some(there) if after.names(there) => there,
        None if after == Cursor::BEGINNING => after,
        _ => return Err(StoreError::OtherFeed),
    };
    Ok(Ends {
        after,
        until: of(far).unwrap_or(last),
        last,
    })
}

/// A change without what other tables say of it, and whether its person is within reach by that.
fn change(row: &sqlx::any::AnyRow) -> Result<(Change, bool), StoreError> {
    let (id, code): (i64, i64) = (row.try_get(0)?, row.try_get(2)?);
    let kind = ChangeKind::of_code(code).ok_or_else(|| {
        sqlx::Error::Protocol(format!("change {id} is of kind {code}, which there is not"))
    })?;
    let (person, fields, other): (i64, i64, i64) =
        (row.try_get(3)?, row.try_get(4)?, row.try_get(5)?);
    let agency: &str = row.try_get(6)?;
    let columns = Kind::DataUtama.columns().iter().enumerate();
    let change = Change {
        id,
        mark: 0,
        seq: row.try_get(1)?,
        at: Timestamp::default(),
        kind,
        person: (person != 0).then_some(person),
        fields: if fields == 0 {
            Vec::new()
        } else {
            columns
                .filter(|(at, _)| fields >> at & 1 == 1)
                .map(|(_, column)| *column)
                .collect()
        },
        other: (other != 0).then_some(other),
        nip: String::new(),
        record: None,
    };
    Ok((change, agency.is_empty() || kind == ChangeKind::Entered))
}

/// When these ledger numbers were recorded.
async fn moments(
    connection: &mut AnyConnection,
    seqs: Vec<i64>,
) -> Result<FxHashMap<i64, Timestamp>, StoreError> {
    if seqs.is_empty() {
        return Ok(FxHashMap::default());
    }
    let among = in_numbers(connection, 1);
    let sql = format!("SELECT seq, recorded_at FROM ledger WHERE seq {among}");
    let query = sqlx::query_as::<_, (i64, i64)>(AssertSqlSafe(sql)).bind(listed(seqs));
    let rows = query.fetch_all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|(seq, at)| (seq, moment_of(at)))
        .collect())
}

/// NIP and, with keys that open it, the record of persons that a scope has let through.
async fn held(
    connection: &mut AnyConnection,
    persons: Vec<i64>,
    opening: Option<&Ring>,
) -> Result<FxHashMap<i64, (String, Option<Arc<Opened>>)>, StoreError> {
    let record = opening.map_or("", |_| ", record");
    let mut found = FxHashMap::default();
    if persons.is_empty() {
        return Ok(found);
    }
    let among = in_numbers(connection, 1);
    let sql = format!("SELECT person_id, nip{record} FROM person WHERE person_id {among}");
    let query = sqlx::query(AssertSqlSafe(sql)).bind(listed(persons));
    for row in query.fetch_all(connection).await? {
        let person = row.try_get(0)?;
        let opened = |ring| Opened::open(ring, person, row.try_get(2)?);
        let record = opening.map(opened).transpose()?.map(Arc::new);
        found.insert(person, (row.try_get(1)?, record));
    }
    Ok(found)
}
