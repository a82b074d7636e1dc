//! What one statement costs that a program sends, after so many others: `saving DB COUNT...`, used by
//! `bench/save`.
//!
//! The database holds linked persons. For each count it is first filled with deliveries of one statement
//! each (a training, about one person after the other) until it has so many; then [`STATED`] more are
//! sent as a program sends them, each durable before the next, and after each the person is read with
//! all that is stated of them. Prints one JSON document.

use std::error::Error;
use std::time::Instant;

use jiff::civil::date;
use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_registry::single::{Before, Outcome, Single, state};
use satu_rules::{CodeLists, Standard};
use satu_store::entry::{Linked, Receipt, Source, Statement, Submission};
use satu_store::{Entry, KeyPlace, OPEN, Scope, Store};

/// Statements sent and measured for each count.
const STATED: usize = 200;

/// Deliveries written as one while the database is filled.
const TOGETHER: usize = 5_000;

/// The training of this number, in the columns of its kind.
fn cells(number: usize) -> Vec<String> {
    let value = |column: &&str| match *column {
        "nip" => "197601012010011001".to_owned(),
        "nama_diklat" => format!("Pelatihan Contoh {number}"),
        "tahun" => "2024".to_owned(),
        "tanggal_mulai" | "tanggal_selesai" => "2024-05-06".to_owned(),
        "jumlah_jam" => "24".to_owned(),
        _ => String::new(),
    };
    Kind::Diklat.columns().iter().map(value).collect()
}

fn median(mut took: Vec<f64>) -> Option<f64> {
    took.sort_by(f64::total_cmp);
    took.get(took.len() / 2).copied()
}

struct Register {
    store: Store,
    source: Source,
    persons: Vec<i64>,
}

impl Register {
    fn person(&self, number: usize) -> i64 {
        self.persons[number % self.persons.len()]
    }

    /// Deliveries of one statement each, from this number to that one.
    async fn fill(&self, from: usize, to: usize) -> Result<(), Box<dyn Error>> {
        let numbers: Vec<usize> = (from..to).collect();
        for some in numbers.chunks(TOGETHER) {
            let mut writer = self.store.begin().await?;
            for number in some {
                let submission = Submission {
                    source: self.source.code.clone(),
                    file: "diklat/save".to_owned(),
                    kind: Kind::Diklat,
                    blob: "0".repeat(64),
                    stated_on: date(2026, 1, 1),
                    map: None,
                    sheet: None,
                    unknown: Vec::new(),
                };
                let submission = writer.append(&Entry::Submission(submission)).await?;
                let said = Statement {
                    submission,
                    row: 1,
                    fact: format!("isian-{number}"),
                    cells: cells(*number),
                    unknown: Vec::new(),
                };
                let statement = writer.append(&Entry::Statement(said)).await?;
                let receipt = Receipt {
                    submission,
                    rows: 1,
                    accepted: 1,
                    accepted_with_warnings: 0,
                    rejected: 0,
                };
                writer.append(&Entry::Receipt(receipt)).await?;
                let moved = vec![(statement, self.person(*number))];
                writer.append(&Entry::Linked(Linked { moved })).await?;
            }
            writer.commit().await?;
        }
        Ok(())
    }

    /// One more statement, and its person: how long each took, in milliseconds.
    async fn one(&self, standard: &Standard, number: usize) -> Result<(f64, f64), Box<dyn Error>> {
        let (person, cells) = (self.person(number), cells(number));
        let raw = number.to_string();
        let single = Single {
            source: &self.source,
            person,
            name: "diklat/save",
            raw: raw.as_bytes(),
            kind: Kind::Diklat,
            cells: &cells,
            unknown: &[],
            fact: format!("isian-{number}"),
            before: Before::Read(None),
            instead_of: None,
            documents: &[],
            by: "contoh",
            on: date(2026, 1, 1),
        };
        let at = Instant::now();
        let outcome = state(&self.store, standard, single).await?;
        let stated = at.elapsed().as_secs_f64() * 1e3;
        let Outcome::Stated(statement) = outcome else {
            return Err(format!("{outcome:?}").into());
        };
        let at = Instant::now();
        let whole = Scope::whole();
        let read = self.store.person(&whole, person, None, OPEN).await?;
        let read = read.ok_or("no such person")?;
        let asked = at.elapsed().as_secs_f64() * 1e3;
        if !read.evidence.iter().any(|one| one.statement == statement) {
            return Err("what was stated is not there".into());
        }
        Ok((stated, asked))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [db, counts @ ..] = words.as_slice() else {
        return Err("usage: saving DB COUNT...".into());
    };
    let standard = Standard::new(CodeLists::core(), date(2026, 1, 1));
    let store = Store::open(db, &KeyPlace::OfUser).await?;
    let source = Source {
        code: "siasn-contoh".to_owned(),
        name: "SIMPEG Contoh".to_owned(),
        kind: SourceKind::Agency,
        instansi: "Pemerintah Kota Contoh".to_owned(),
    };
    let mut writer = store.begin().await?;
    writer.append(&Entry::Source(source.clone())).await?;
    writer.commit().await?;
    let persons = store.people(&Scope::whole(), 0, 100_000).await?;
    let persons = persons.into_iter().map(|(id, _)| id).collect();
    let register = Register {
        store,
        source,
        persons,
    };
    let (mut sent, mut told) = (0, Vec::new());
    for count in counts {
        let count: usize = count.parse()?;
        register.fill(sent, count).await?;
        let mut took = Vec::new();
        for number in count..count + STATED {
            took.push(register.one(&standard, number).await?);
        }
        sent = count + STATED;
        let (stated, asked): (Vec<f64>, Vec<f64>) = took.into_iter().unzip();
        told.push(serde_json::json!({"before": count, "state_ms": median(stated), "read_ms": median(asked)}));
    }
    println!("{:#}", serde_json::Value::from(told));
    Ok(())
}
