//! Whether what is hidden stays hidden.

use std::fmt::Write;

use proptest::prelude::*;
use satu_open::population::{Population, Table};
use satu_open::protect::{Hidden, Matrix, Rule, protect};
use satu_open::release::{Statistics, statistics};

use crate::attack::{Attack, Figures, Key, figures};
use crate::numbers::population;

/// All figures of a release in one.
pub fn published(statistics: &Statistics) -> Figures {
    let tables = statistics
        .datasets
        .iter()
        .filter(|(name, _)| Table::named(name).is_some());
    tables.flat_map(|(name, csv)| figures(name, csv)).collect()
}

/// The true counts of a population under a rule that hides nothing, for comparison.
pub fn truth(population: &Population) -> Figures {
    let open = Rule {
        threshold: 1,
        width: 0,
    };
    published(&statistics(population, open).unwrap())
}

/// What a published figure truly is: what is pooled in it is added up.
fn true_count(key: &Key, published: &Figures, truth: &Figures) -> i64 {
    let shown = |start: &[String]| published.keys().any(|key| key.starts_with(start));
    let pooled = |cell: &Key| {
        let mut cell = cell.clone();
        let other = || "_O".to_owned();
        if !shown(&cell[..2]) {
            cell[1] = other();
        }
        let last = cell.len() - 1;
        // Ranks are pooled within a kind of employment, and that with the others where it is small.
        if last == 4 && !shown(&cell[..4]) {
            cell[3] = other();
            if cell[4] != "_T" {
                cell[4] = other();
            }
        } else if !shown(&cell) {
            cell[last] = other();
        }
        cell
    };
    let parts = truth.iter().filter(|(cell, _)| cell[0] == key[0]);
    let parts = parts.filter(|(cell, _)| pooled(cell) == *key);
    parts.map(|(_, count)| count.unwrap()).sum()
}

/// The attacker against hidden cells of a release: none is worked out, and a small one could be larger.
pub fn withstands_in(attack: &Attack, published: &Figures, truth: &Figures, every: usize) -> usize {
    let rule = Rule::default();
    let mut small = 0;
    for (at, key) in attack.hidden.iter().enumerate() {
        if at % every != 0 {
            continue;
        }
        let (low, high) = attack.bounds(at);
        let count = true_count(key, published, truth) as f64;
        assert!(
            low - 1e-3 <= count && count <= high + 1e-3,
            "{key:?}: {count} not in {low}..{high}"
        );
        if rule.small(count as u64) {
            small += 1;
            assert!(
                high + 1e-3 >= count + rule.width as f64,
                "{key:?}: {count} in {low}..{high}"
            );
        }
        assert!(high - low > 0.999, "{key:?} is {low}: worked out");
    }
    small
}

/// The attacker against a release, all tables together.
pub fn withstands(population: &Population, every: usize) -> usize {
    let published = published(&statistics(population, Rule::default()).unwrap());
    let attack = Attack::new(&published);
    withstands_in(&attack, &published, &truth(population), every)
}

#[test]
fn no_hidden_cell_of_a_release_can_be_worked_out() {
    let small = withstands(&population(7, 6, 4_000), 3);
    assert!(small > 10, "{small} small cells: the test shows little");
}

#[test]
fn a_small_country_keeps_its_secrets() {
    for seed in 0..6 {
        withstands(&population(seed, 4, 300 + 150 * seed), 1);
    }
}

#[test]
fn an_attacker_who_joins_two_tables_finds_what_their_sums_hide() {
    // The first table alone leaves its hidden cells open; that the same three persons stand in the second
    // does not.
    let head =
        |category: &str| format!("instansi,jenis_kelamin,{category},periode,jumlah,kerahasiaan\n");
    let ages = head("kelompok_usia") + "A,L,25,2026-11-25,,C\nA,L,30,2026-11-25,,C\n";
    let places = head("provinsi") + "A,L,X,2026-11-25,3,F\nA,L,Y,2026-11-25,0,F\n";
    let mut all = figures("asn-usia", &ages);
    all.extend(figures("asn-provinsi", &places));
    let mut attack = Attack::new(&all);
    attack.join(&all, "asn-usia", "asn-provinsi");
    let (low, high) = attack.bounds(0);
    assert!(
        (low - 1.0).abs() < 1e-6 && (high - 2.0).abs() < 1e-6,
        "{low}..{high}"
    );
}

#[test]
fn what_hides_small_cells_alone_is_undone() {
    // Two agencies, one small cell: the row's and the column's total give it away. The attacker must
    // find that, or finding nothing elsewhere says nothing.
    let mut text = "instansi,jenis_kelamin,kelompok_usia,periode,jumlah,kerahasiaan\n".to_owned();
    let counts = [["3", "20"], ["30", "40"]];
    for (agency, row) in ["A", "B"].iter().zip(&counts) {
        for (age, count) in ["X", "Y"].iter().zip(row) {
            let shown = if *count == "3" {
                ",C".to_owned()
            } else {
                format!("{count},F")
            };
            let _ = writeln!(text, "{agency},L,{age},2026-11-25,{shown}");
        }
    }
    text += "A,L,_T,2026-11-25,23,F\nB,L,_T,2026-11-25,70,F\n_T,L,X,2026-11-25,33,F\n";
    text += "_T,L,Y,2026-11-25,60,F\n_T,L,_T,2026-11-25,93,F\n";
    let attack = Attack::new(&figures("asn-usia", &text));
    assert_eq!(attack.hidden.len(), 1);
    let (low, high) = attack.bounds(0);
    assert!((low - 3.0).abs() < 1e-6 && (high - 3.0).abs() < 1e-6);
}

#[test]
fn a_diagonal_of_hidden_cells_gives_itself_away() {
    // Each row and column has two hidden cells but the sums of all tie them: found only by taking all
    // equations together, which the attacker does.
    let mut text = "instansi,jenis_kelamin,kelompok_usia,periode,jumlah,kerahasiaan\n".to_owned();
    for (line, shown) in [
        ("A,L,X", ",C"),
        ("A,L,Y", ",C"),
        ("B,L,X", ",C"),
        ("B,L,Y", ",C"),
        ("A,L,_T", "3,F"),
        ("B,L,_T", "90,F"),
        ("_T,L,X", "2,F"),
        ("_T,L,Y", "91,F"),
        ("_T,L,_T", "93,F"),
    ] {
        let _ = writeln!(text, "{line},2026-11-25,{shown}");
    }
    let attack = Attack::new(&figures("asn-usia", &text));
    let cell = attack
        .hidden
        .iter()
        .position(|key| key[1] == "A" && key[3] == "X")
        .unwrap();
    let (low, high) = attack.bounds(cell);
    assert!(
        (low - 1.0).abs() < 1e-6 && (high - 1.0).abs() < 1e-6,
        "{low}..{high}"
    );
}

#[test]
fn every_figure_of_the_country_is_shown_and_adds_up() {
    let population = population(3, 8, 6_000);
    let statistics = statistics(&population, Rule::default()).unwrap();
    let told = &statistics.told;
    assert_eq!(told.persons, 6_000);
    assert!(
        told.small > 0 && told.complementary > 0 && told.agencies > 1,
        "{told:?}"
    );
    for (key, value) in published(&statistics) {
        assert!(key[1] != "_T" || value.is_some(), "{key:?}");
        assert!(
            !value.is_some_and(|count| (1..5).contains(&count)),
            "{key:?} {value:?}"
        );
    }
}

#[test]
fn too_few_persons_are_no_statistics() {
    assert!(
        statistics(
            &Population::new(jiff::civil::date(2026, 1, 1)),
            Rule::default()
        )
        .is_err()
    );
    assert!(statistics(&population(1, 3, 3), Rule::default()).is_err());
}

#[test]
fn one_agency_alone_is_never_the_pool() {
    for seed in 0..8 {
        let statistics = statistics(&population(seed, 5, 700), Rule::default()).unwrap();
        assert_ne!(statistics.told.pooled, 1);
    }
}

/// Whether a move leaves everything that is shown as it is.
fn holds(matrix: &Matrix, hidden: &Hidden, rule: Rule) {
    for one in &hidden.moves {
        let mut moved: Vec<Vec<i64>> = matrix
            .rows
            .iter()
            .map(|row| row.iter().map(|count| *count as i64).collect())
            .collect();
        for (row, column, by) in &one.changes {
            assert!(hidden.cells[*row][*column]);
            assert!(matrix.rows[*row][*column] > 0, "a zero is shown");
            moved[*row][*column] += by;
            assert!(moved[*row][*column] > 0);
        }
        for column in 0..matrix.groups.len() {
            let before: u64 = matrix.rows.iter().map(|row| row[column]).sum();
            assert_eq!(
                moved.iter().map(|row| row[column]).sum::<i64>(),
                before as i64
            );
        }
        for (row, after) in moved.iter().enumerate() {
            assert_eq!(
                after.iter().sum::<i64>(),
                matrix.rows[row].iter().sum::<u64>() as i64
            );
            for group in 0..matrix.group_count() {
                let columns = after.iter().zip(&matrix.groups);
                let sum: i64 = columns
                    .filter(|(_, of)| **of == group)
                    .map(|(count, _)| count)
                    .sum();
                let same = sum == matrix.group_sum(row, group) as i64;
                assert!(same || hidden.groups[row][group]);
            }
        }
        let (_, _, by) = one.changes[0];
        assert_eq!(by, rule.width as i64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn every_small_cell_has_a_move_that_nobody_could_notice(
        rows in prop::collection::vec(prop::collection::vec(prop_oneof![Just(0u64), 1u64..8, 5u64..90], 7), 2..9),
    ) {
        let rule = Rule::default();
        let matrix = Matrix { groups: vec![0, 0, 0, 1, 1, 2, 2], rows };
        if let Ok(hidden) = protect(&matrix, rule) {
            holds(&matrix, &hidden, rule);
            let first: Vec<(usize, usize)> = hidden.moves.iter().map(|one| (one.changes[0].0, one.changes[0].1)).collect();
            for (row, counts) in matrix.rows.iter().enumerate() {
                for (column, count) in counts.iter().enumerate() {
                    prop_assert_eq!(rule.small(*count), rule.small(*count) && first.contains(&(row, column)));
                }
                for group in 0..3 {
                    let small = rule.small(matrix.group_sum(row, group));
                    let moved = first.iter().any(|(of, column)| *of == row && matrix.groups[*column] == group);
                    prop_assert!(!small || (hidden.groups[row][group] && moved));
                }
            }
        }
    }
}
