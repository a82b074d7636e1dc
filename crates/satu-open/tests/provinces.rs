//! The table by province: what is pooled in it, and whether that keeps what is hidden.

use std::collections::BTreeSet;

use jiff::civil::date;
use satu_domain::Province;
use satu_open::population::{Population, Table};
use satu_open::protect::Rule;
use satu_open::release::statistics;

use crate::attack::{Attack, Figures, Key, figures};
use crate::disclosure::{published, truth, withstands, withstands_in};
use crate::numbers::{Random, population};

#[test]
fn the_table_by_province_gives_no_other_away() {
    // With every group of persons that two tables could share, not their figures alone.
    let mut small = 0;
    for seed in 0..4 {
        let population = population(seed, 5, 500);
        let (all, truth) = (
            published(&statistics(&population, Rule::default()).unwrap()),
            truth(&population),
        );
        for table in [Table::Usia, Table::Pendidikan, Table::Jabatan] {
            let names = [table.id(), Table::Provinsi.id()];
            let two: Figures = all
                .iter()
                .filter(|(key, _)| names.contains(&key[0].as_str()))
                .map(|(key, count)| (key.clone(), *count))
                .collect();
            let mut attack = Attack::new(&two);
            attack.join(&two, names[0], names[1]);
            small += withstands_in(&attack, &two, &truth, 5);
        }
    }
    assert!(small > 10, "{small} small cells: the test shows little");
}

#[test]
fn a_regional_government_has_its_own_row_in_its_province() {
    for seed in 0..8 {
        let statistics = statistics(&population(seed, 8, 900), Rule::default()).unwrap();
        let text = |name: &str| {
            let found = statistics.datasets.iter().find(|(own, _)| own == name);
            found.unwrap().1.clone()
        };
        let by_province = figures("asn-provinsi", &text("asn-provinsi"));
        let mut rows = 0;
        for line in text("asn-instansi").lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let [code, _, province] = cells[..] else {
                panic!("{line}")
            };
            let own = |key: &&Key| key[1] == code && key[2] == "L" && key[3] != "_T";
            let filled: Vec<&Key> = by_province
                .iter()
                .filter(|(key, count)| own(key) && **count != Some(0))
                .map(|(key, _)| key)
                .collect();
            if !province.is_empty() {
                rows += 1;
                let there = |key: &&Key| key[3] == province || key[3] == "_O";
                assert!(
                    filled.len() == 1 && filled.iter().all(there),
                    "{line} {filled:?}"
                );
            }
        }
        assert!(rows > 0);
    }
}

#[test]
fn who_works_where_few_of_the_others_do_is_pooled_in_that_table_alone() {
    // Three persons of a central agency in a province where else its own government's staff are.
    let country = |agencies: &[(&str, &str, u64)]| {
        let mut population = Population::new(jiff::civil::date(2026, 11, 25));
        for (agency, place, persons) in agencies {
            for at in 0..*persons {
                let sex = ["L", "P"][at as usize % 2];
                let born = ["1990-01-01", "1980-01-01"][at as usize / 2 % 2];
                population.count(&[
                    "",
                    sex,
                    agency,
                    "PNS",
                    "III/a",
                    born,
                    "S-1",
                    "PELAKSANA",
                    place,
                ]);
            }
        }
        population
    };
    let rows_and_provinces = |population: &Population| {
        withstands(population, 1);
        let published = published(&statistics(population, Rule::default()).unwrap());
        let codes = |table: Table, at: usize| {
            let keys = published.keys().filter(|key| key[0] == table.id());
            keys.map(|key| key[at].as_str())
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
                .join(" ")
        };
        [
            codes(Table::Usia, 1),
            codes(Table::Provinsi, 1),
            codes(Table::Provinsi, 3),
        ]
    };
    let mut agencies = vec![
        ("KAB. BOGOR", "", 100),
        ("KOTA JAYAPURA", "", 100),
        ("BADAN A", "JAKARTA", 100),
        ("BADAN A", "JAYAPURA", 3),
        ("BADAN B", "JAKARTA", 60),
    ];
    // A pool of one would be that one.
    let told = rows_and_provinces(&country(&agencies[..4]));
    assert_eq!(
        told,
        [
            "BADAN_A KAB_BOGOR KOTA_JAYAPURA _T",
            "BADAN_A KAB_BOGOR KOTA_JAYAPURA _T",
            "32 _O _T"
        ]
    );
    // No central agency but this one is there: the province goes with the one where both are.
    let told = rows_and_provinces(&country(&agencies));
    assert_eq!(
        told,
        [
            "BADAN_A BADAN_B KAB_BOGOR KOTA_JAYAPURA _T",
            "BADAN_A BADAN_B KAB_BOGOR KOTA_JAYAPURA _T",
            "32 _O _T"
        ]
    );
    // With another that has enough there, the two are one row.
    agencies.push(("BADAN B", "JAYAPURA", 10));
    let told = rows_and_provinces(&country(&agencies));
    assert_eq!(told[1..], ["KAB_BOGOR KOTA_JAYAPURA _O _T", "31 32 91 _T"]);
    // With one that can vouch for them, each keeps its row.
    agencies.push(("BADAN B", "JAYAPURA", 30));
    let told = rows_and_provinces(&country(&agencies));
    assert_eq!(
        told[1..],
        ["BADAN_A BADAN_B KAB_BOGOR KOTA_JAYAPURA _T", "31 32 91 _T"]
    );
}

/// A government in every province, and central agencies of very different sizes in some provinces.
fn country(seed: u64, central: u64, places: u64) -> Population {
    let mut random = Random(seed);
    let mut population = Population::new(date(2026, 11, 25));
    let mut count = |agency: &str, place: &str, persons: u64| {
        for _ in 0..persons {
            let sex = ["L", "P"][random.below(2) as usize];
            population.count(&[
                "",
                sex,
                agency,
                "PNS",
                "III/a",
                "1990-01-01",
                "S-1",
                "PELAKSANA",
                place,
            ]);
        }
    };
    let provinces: Vec<&str> = Province::all().map(Province::name).collect();
    for name in &provinces {
        count(&format!("PEMERINTAH PROVINSI {name}"), "", 150);
    }
    for number in 0..central {
        for place in 0..places {
            let name = provinces[(place * 5 + 7) as usize % provinces.len()];
            count(
                &format!("BADAN CONTOH {number}"),
                name,
                900 / ((number + 2) * (place + 1)),
            );
        }
    }
    for number in 0..4 {
        count(&format!("BADAN CONTOH {number}"), "", 1);
    }
    population
}

#[test]
fn a_few_of_an_unknown_place_cost_one_province_and_no_agency() {
    for seed in 0..3 {
        let population = country(seed, 9, 7);
        withstands(&population, 7);
        let published = published(&statistics(&population, Rule::default()).unwrap());
        let of = |at: usize| -> BTreeSet<&str> {
            let keys = published
                .keys()
                .filter(|key| key[0] == Table::Provinsi.id());
            keys.map(|key| key[at].as_str()).collect()
        };
        let (agencies, provinces) = (of(1), of(3));
        assert_eq!(agencies.len(), 1 + 38 + 9, "{agencies:?}");
        // All but one, what is other, and the sum.
        assert_eq!(provinces.len(), 37 + 2, "{provinces:?}");
    }
}
