//! What goes back to whom where it is taken back that records are one person.

use rustc_hash::{FxHashMap, FxHashSet};
use satu_domain::{Kind, canonical};
use satu_store::neighbours::Known;
use satu_store::{Entry, StoreError, Writer};

use crate::link::nip_of;

/// The statements that go back, and to whom, by what was written with a decision: those that it moved and nothing has moved since, as
/// they stand now, and those that came to the person meanwhile and bear a number that of all their records
/// only such bear as go back to one person. What no number tells stays until a run judges it.
pub(super) async fn going_back(
    writer: &mut Writer,
    written: &[(i64, Entry)],
) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut back = Vec::new();
    for (seq, entry) in written {
        let Entry::Linked(linked) = entry else {
            continue;
        };
        let moved = writer.moved_by(*seq, linked).await?;
        back.extend(came_meanwhile(writer, *seq, &moved).await?);
        back.extend(moved);
    }
    back.sort_unstable();
    Ok(back)
}

/// What came to the person since an entry gave these to them, and goes with them.
async fn came_meanwhile(
    writer: &mut Writer,
    entry: i64,
    moved: &[(i64, i64)],
) -> Result<Vec<(i64, i64)>, StoreError> {
    let joined = match moved.first() {
        Some((one, _)) => writer.person_of(*one).await?,
        None => None,
    };
    let Some(joined) = joined else {
        return Ok(Vec::new());
    };
    let late = writer.came_since(joined, entry).await?;
    if late.is_empty() {
        return Ok(Vec::new());
    }
    let late: FxHashSet<i64> = late.into_iter().collect();
    let goes: FxHashMap<i64, i64> = moved.iter().copied().collect();
    let all = writer.neighbours().members(&[joined]).await?;
    let (main, histories): (Vec<Known>, Vec<Known>) =
        all.into_iter().partition(|one| one.kind == Kind::DataUtama);
    let (new, old): (Vec<Known>, Vec<Known>) =
        main.into_iter().partition(|one| late.contains(&one.seq));
    let mut numbers = Numbers::default();
    for one in &old {
        numbers.add(one, goes.get(&one.seq).copied().unwrap_or(joined));
    }
    let whose = |one: &Known, told: Option<i64>| (one.seq, told.unwrap_or(joined));
    let mut found: Vec<(i64, i64)> = new
        .iter()
        .map(|one| whose(one, numbers.person(one)))
        .collect();
    for (one, (_, person)) in new.iter().zip(&found) {
        numbers.add(one, *person);
    }
    let histories = histories.iter().filter(|one| late.contains(&one.seq));
    found.extend(histories.map(|one| whose(one, numbers.of_nip(one))));
    found.retain(|(_, person)| *person != joined);
    Ok(found)
}

/// Whose each number is; none where records of several bear it.
#[derive(Default)]
struct Numbers {
    nip: FxHashMap<String, Option<i64>>,
    nik: FxHashMap<String, Option<i64>>,
}

impl Numbers {
    fn add(&mut self, one: &Known, person: i64) {
        for (all, number) in [
            (&mut self.nip, nip_of(&one.statement.cells)),
            (&mut self.nik, nik_of(one)),
        ] {
            let whose = all.entry(number).or_insert(Some(person));
            if *whose != Some(person) {
                *whose = None;
            }
        }
    }

    /// The person whose the NIP of a statement is.
    fn of_nip(&self, one: &Known) -> Option<i64> {
        told(&self.nip, &nip_of(&one.statement.cells))
    }

    /// The person whose a main record is, by its NIP, or else by its NIK.
    fn person(&self, one: &Known) -> Option<i64> {
        self.of_nip(one).or_else(|| told(&self.nik, &nik_of(one)))
    }
}

fn told(all: &FxHashMap<String, Option<i64>>, number: &str) -> Option<i64> {
    let whose = all.get(number).filter(|_| !number.is_empty());
    whose.copied().flatten()
}

fn nik_of(one: &Known) -> String {
    let nik = Kind::DataUtama.position("nik");
    let cell = nik.and_then(|at| one.statement.cells.get(at));
    cell.map_or_else(String::new, |cell| canonical("nik", cell))
}
