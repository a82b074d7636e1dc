//! Changes of the past, as whoever owns the database can make them.

use satu_audit::{Frontier, leaf};
use satu_store::{Log, hex};
use sqlx::any::AnyRow;
use sqlx::{AnyPool, AssertSqlSafe, Executor, Row as _};

/// A row of a log: its number, its moment, whose it is (0 in the ledger), and its texts.
#[derive(Clone, PartialEq)]
pub struct Row {
    pub seq: i64,
    at: i64,
    person: i64,
    texts: [Vec<u8>; 2],
}

/// A log as whoever owns the database finds it.
pub struct Table<'p> {
    pub pool: &'p AnyPool,
    pub log: Log,
}

impl Table<'_> {
    pub async fn rows(&self) -> Vec<Row> {
        let sql = match self.log {
            Log::Ledger => "SELECT seq, recorded_at, seq - seq, body FROM ledger ORDER BY seq",
            Log::Access => "SELECT seq, at, person_id, login, purpose FROM look ORDER BY seq",
        };
        let rows = sqlx::query(sql).fetch_all(self.pool).await.unwrap();
        let text = |row: &AnyRow, at: usize| row.get::<String, _>(at).into_bytes();
        let row = |row: &AnyRow| Row {
            seq: row.get(0),
            at: row.get(1),
            person: row.get(2),
            texts: match self.log {
                Log::Ledger => [row.get(3), Vec::new()],
                Log::Access => [text(row, 3), text(row, 4)],
            },
        };
        rows.iter().map(row).collect()
    }

    /// Puts these rows in the place of what is there; the head, too, where it is to be forged.
    pub async fn put(&self, rows: &[Row], head: bool) {
        let postgres = self.pool.acquire().await.unwrap().backend_name() == "PostgreSQL";
        let quoted = |text: &[u8]| match (self.log, postgres) {
            (Log::Ledger, true) => format!("'\\x{}'::bytea", hex(text)),
            (Log::Ledger, false) => format!("x'{}'", hex(text)),
            (Log::Access, _) => {
                let text = std::str::from_utf8(text).unwrap();
                format!("'{}'", text.replace('\'', "''"))
            }
        };
        let values: Vec<String> = rows
            .iter()
            .map(|row| {
                let Row {
                    seq, at, person, ..
                } = row;
                let [one, two] = [&row.texts[0], &row.texts[1]].map(|text| quoted(text));
                match self.log {
                    Log::Ledger => format!("({seq}, {at}, {one})"),
                    Log::Access => format!("({seq}, {person}, {at}, {one}, {two})"),
                }
            })
            .collect();
        let (table, id) = match self.log {
            Log::Ledger => ("ledger (seq, recorded_at, body)", 1),
            Log::Access => ("look (seq, person_id, at, login, purpose)", 2),
        };
        let name = table.split(' ').next().unwrap();
        let mut tx = self.pool.begin().await.unwrap();
        let delete = format!("DELETE FROM {name}");
        tx.execute(AssertSqlSafe(delete)).await.unwrap();
        let insert = format!("INSERT INTO {table} VALUES {}", values.join(", "));
        if !values.is_empty() {
            tx.execute(AssertSqlSafe(insert)).await.unwrap();
        }
        if head {
            let mut frontier = Frontier::default();
            for row in rows {
                frontier.push(leaf(&self.bytes(row)));
            }
            let sql = "UPDATE ledger_head SET size = $1, root = $2, peaks = $3 WHERE id = $4";
            let query = sqlx::query(sql).bind(frontier.size() as i64);
            let query = query.bind(hex(&frontier.root())).bind(frontier.pack());
            query.bind(id).execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// The bytes that are hashed, written anew from what the documentation says of them.
    fn bytes(&self, row: &Row) -> Vec<u8> {
        let at = format!("{}\n", row.at);
        let [one, two] = [&row.texts[0], &row.texts[1]].map(|text| String::from_utf8_lossy(text));
        let look = format!(
            "{{\"t\":\"look\",\"person\":{},\"by\":\"{one}\",\"purpose\":\"{two}\"}}",
            row.person
        );
        match self.log {
            Log::Ledger => [at.as_bytes(), &row.texts[0]].concat(),
            Log::Access => [at, look].concat().into_bytes(),
        }
    }
}

/// Numbers that look random and are the same in every run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// Rows numbered anew from 1 on.
fn numbered(mut rows: Vec<Row>) -> Vec<Row> {
    for (row, seq) in rows.iter_mut().zip(1..) {
        row.seq = seq;
    }
    rows
}

/// One change of the past; what it is called, and the rows after it.
pub fn altered(random: &mut Random, log: Log, rows: &[Row]) -> (&'static str, Vec<Row>) {
    let mut new = rows.to_vec();
    // Of a pair, the second is the later, and what is inserted comes before the last.
    let one = random.below(rows.len() - 1);
    let two = one + 1 + random.below(rows.len() - 1 - one);
    let what = match random.below(12) {
        0 => {
            let text = usize::from(log == Log::Access && random.below(2) == 0);
            let text = &mut new[one].texts[text];
            let at = random.below(text.len());
            text[at] = b"axz09 {["[random.below(8)];
            "a byte changed"
        }
        1 => {
            new[one].at += 1 + random.below(1_000_000) as i64;
            "a time changed"
        }
        2 if log == Log::Ledger => {
            let text = &mut new[one].texts[0];
            text.truncate(random.below(text.len()));
            "a text cut short"
        }
        2 => {
            let by = |row: &&mut Row| row.texts[0] == b"petugas";
            if let Some(row) = new.iter_mut().skip(one).find(by) {
                row.texts[0] = b"penguji".to_vec();
            }
            "an author changed"
        }
        3 => {
            new.remove(one);
            "an entry dropped"
        }
        4 => {
            new.remove(one);
            new = numbered(new);
            "an entry dropped, and the rest renumbered"
        }
        5 => {
            new.swap(one, two);
            new = numbered(new);
            "two entries swapped"
        }
        6 => {
            new.insert(one, rows[one].clone());
            new = numbered(new);
            "an entry doubled"
        }
        7 => {
            new.truncate(one + 1);
            "the end cut off"
        }
        8 => {
            let mut made = rows[two].clone();
            made.at += 1;
            made.person += 1;
            new.insert(one, made);
            new = numbered(new);
            "an entry inserted"
        }
        9 => {
            let moved = new.remove(one);
            new.insert(two, moved);
            new = numbered(new);
            "an entry moved"
        }
        10 => {
            for row in &mut new[two..] {
                row.seq += 1;
            }
            "a number skipped"
        }
        _ => {
            let seq = new[one].seq;
            new[one] = rows[two].clone();
            new[one].seq = seq;
            new[one].person += 1;
            "an entry replaced"
        }
    };
    (what, new)
}
