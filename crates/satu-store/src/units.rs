//! Which unit of an agency lies below which: made of the code list `unor` when it is loaded.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::StoreError;
use crate::bulk::{self, Cell};
use crate::entry::{Unit, Units};
use crate::listed::{MOST, in_texts, listed};
use crate::place::{UNDER, key, unit_key};

/// The trees as they stand.
pub(crate) const NOW: &str = "unit_below";
/// The trees as they were before they were loaded anew.
pub(crate) const BEFORE: &str = "unit_was";

/// Puts the trees aside before the first of them changes.
pub(crate) async fn put_aside(connection: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO unit_was (above, place) SELECT above, place FROM unit_below")
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets the trees that were put aside.
pub(crate) async fn drop_aside(connection: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM unit_was")
        .execute(connection)
        .await?;
    Ok(())
}

/// The persons placed in a unit that is below others now than when the trees were put aside.
pub(crate) async fn moved_persons(
    connection: &mut AnyConnection,
) -> Result<BTreeSet<i64>, StoreError> {
    let only = |one: &str, other: &str| {
        format!(
            "SELECT b.place FROM {one} b WHERE NOT EXISTS \
             (SELECT 1 FROM {other} o WHERE o.above = b.above AND o.place = b.place)"
        )
    };
    let sql = format!("{} UNION {}", only(NOW, BEFORE), only(BEFORE, NOW));
    let moved: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql))
        .fetch_all(&mut *connection)
        .await?;
    let among = in_texts(connection, 1);
    let sql = format!("SELECT person_id FROM person_place WHERE place {among}");
    let mut persons = BTreeSet::new();
    for part in moved.chunks(MOST) {
        let places = part.iter().map(|(place,)| place.as_str());
        let query = sqlx::query(AssertSqlSafe(sql.clone())).bind(listed(places));
        for row in query.fetch_all(&mut *connection).await? {
            persons.insert(row.try_get(0)?);
        }
    }
    Ok(persons)
}

/// What is above each of these places in the trees of a table.
pub(crate) async fn above(
    connection: &mut AnyConnection,
    table: &str,
    below: &BTreeSet<String>,
) -> Result<FxHashMap<String, Vec<String>>, StoreError> {
    let units: Vec<&str> = below
        .iter()
        .map(String::as_str)
        .filter(|one| one.contains(UNDER))
        .collect();
    if units.is_empty() {
        return Ok(FxHashMap::default());
    }
    let among = in_texts(connection, 1);
    let sql = format!("SELECT place, above FROM {table} WHERE place {among}");
    let query = sqlx::query(AssertSqlSafe(sql)).bind(listed(units));
    let mut found: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for row in query.fetch_all(connection).await? {
        let above = row.try_get(1)?;
        found.entry(row.try_get(0)?).or_default().push(above);
    }
    Ok(found)
}

/// Forgets every tree: the list is loaded anew, and its trees follow.
pub(crate) async fn forget(connection: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM unit_below")
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes the tree of an agency in place of the one before.
pub(crate) async fn fold(connection: &mut AnyConnection, units: &Units) -> Result<(), StoreError> {
    let agency = key(&units.instansi, "");
    if agency.is_empty() {
        return Ok(());
    }
    sqlx::query("DELETE FROM unit_below WHERE above >= $1 AND above < $2")
        .bind(format!("{agency}{UNDER}"))
        .bind(format!("{agency} "))
        .execute(&mut *connection)
        .await?;
    let pairs = below(&units.units).into_iter();
    let mut cells: Vec<Cell> = pairs
        .flat_map(|(above, unit)| [above, unit])
        .map(|unit| Cell::Text(key(&units.instansi, &unit)))
        .collect();
    bulk::insert(connection, "unit_below (above, place)", 2, &mut cells).await
}

/// Each pair of texts of which the second names a unit below the one that the first names, or the same
/// unit otherwise. A text that several units go by names none of them: nobody is placed by a guess.
fn below(units: &[Unit]) -> BTreeSet<(String, String)> {
    let mut named: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (at, unit) in units.iter().enumerate() {
        for name in [unit_key(&unit.id), unit_key(&unit.name)] {
            named.entry(name).or_default().insert(at);
        }
    }
    named.remove("");
    let mut names: Vec<Vec<&str>> = vec![Vec::new(); units.len()];
    for (name, of) in &named {
        if let (1, Some(at)) = (of.len(), of.first()) {
            names[*at].push(name);
        }
    }
    let only = |name: &str| {
        named
            .get(&unit_key(name))
            .filter(|of| of.len() == 1)?
            .first()
    };
    let mut pairs = BTreeSet::new();
    for (at, unit) in units.iter().enumerate() {
        let (mut passed, mut above) = (BTreeSet::from([at]), Some(at));
        let mut next = &unit.above;
        while let Some(one) = above {
            for upper in &names[one] {
                for lower in names[at].iter().filter(|lower| *lower != upper) {
                    pairs.insert(((*upper).to_owned(), (*lower).to_owned()));
                }
            }
            // A list that goes round in a circle ends where it began.
            above = only(next).copied().filter(|up| passed.insert(*up));
            if let Some(up) = above {
                next = &units[up].above;
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::below;
    use crate::entry::Unit;

    fn tree(rows: &[[&str; 3]]) -> Vec<String> {
        let units: Vec<Unit> = rows
            .iter()
            .map(|row| {
                let [id, name, above] = row.map(str::to_owned);
                Unit { id, name, above }
            })
            .collect();
        let pairs = below(&units).into_iter();
        pairs
            .map(|(above, unit)| format!("{above}/{unit}"))
            .collect()
    }

    #[test]
    fn a_unit_is_below_all_that_is_above_it_by_code_and_by_name() {
        let found = tree(&[["1", "Dinas", ""], ["2", "Bidang", "1"], ["3", "", "2"]]);
        let told = "1/2 1/3 1/BIDANG 1/DINAS 2/3 2/BIDANG BIDANG/2 BIDANG/3 DINAS/1 DINAS/2 DINAS/3 DINAS/BIDANG";
        assert_eq!(found.join(" "), told);
    }

    #[test]
    fn a_name_of_several_units_places_nobody() {
        let found = tree(&[
            ["1", "Dinas", ""],
            ["2", "Sekretariat", "1"],
            ["3", "Sekretariat", ""],
        ]);
        assert_eq!(found, ["1/2", "1/DINAS", "DINAS/1", "DINAS/2"]);
    }

    #[test]
    fn a_control_character_makes_no_name_twice() {
        let found = tree(&[
            ["1", "A\u{1}B", ""],
            ["2", "A  B", ""],
            ["3", "C\u{7}", "1"],
        ]);
        assert_eq!(found, ["1/3", "1/C", "3/C", "C/3"]);
    }

    #[test]
    fn a_circle_ends() {
        let found = tree(&[["1", "", "2"], ["2", "", "1"], ["3", "", "3"]]);
        assert_eq!(found, ["1/2", "2/1"]);
    }
}
