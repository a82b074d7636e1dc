#![allow(clippy::unwrap_used)] // a test stops at the first thing that is not as it should be
//! The country against its own truth, the readers and the data standard.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::date;
use satu_domain::Kind;
use satu_rules::{CodeLists, Standard};
use satu_synth::{Config, Country, generate, read_truth};

fn make(persons: u64, seed: u64, folder: &Path) -> Country {
    let config = Config {
        persons,
        seed,
        today: date(2026, 1, 1),
    };
    generate(&config, folder).unwrap()
}

#[test]
fn the_same_seed_makes_the_same_bytes() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let made = make(2_000, 7, a.path());
    make(2_000, 7, b.path());
    for file in &made.files {
        let name = file.path.file_name().unwrap();
        assert_eq!(
            std::fs::read(&file.path).unwrap(),
            std::fs::read(b.path().join(name)).unwrap(),
            "{name:?}"
        );
    }
    make(2_000, 8, b.path());
    assert_ne!(
        std::fs::read(a.path().join("pusat.csv")).unwrap(),
        std::fs::read(b.path().join("pusat.csv")).unwrap()
    );
}

#[test]
fn clean_rows_break_no_rule_and_truth_covers_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let made = make(20_000, 42, folder.path());
    let mut truth: BTreeMap<(String, u64), String> = BTreeMap::new();
    let mut persons = BTreeSet::new();
    for row in read_truth(&made.truth).unwrap() {
        let row = row.unwrap();
        persons.insert(row.person);
        assert_eq!(truth.insert((row.file, row.row), row.fault), None);
    }
    assert_eq!(persons.len() as u64, made.persons + made.ghosts);
    let standard = Standard::new(CodeLists::core(), date(2026, 1, 1));
    let (mut rows, mut faulty, mut errors, mut covered) = (0, 0, 0, 0);
    let mut nips = BTreeMap::new();
    for file in &made.files {
        if file.kind == Kind::DataUtama {
            rows += file.rows;
        }
        let mut reader = satu_intake::open(&file.path, &satu_intake::Options::default()).unwrap();
        assert_eq!(reader.kind(), file.kind, "{:?}", file.path);
        assert!(
            reader.mapping().unknown().next().is_none(),
            "{:?}",
            file.path
        );
        let name = file.path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut count = 0;
        while let Some(row) = reader.next_row().unwrap() {
            count += 1;
            let mut cells = Vec::new();
            row.cells_into(&mut cells);
            let mut findings = Vec::new();
            standard.check_row(file.kind, &cells, &mut findings);
            let fault = if file.kind == Kind::DataUtama {
                covered += 1;
                truth[&(name.clone(), row.number)].as_str()
            } else {
                ""
            };
            if fault.is_empty() {
                let broken: Vec<_> = findings.iter().map(|f| f.rule.id).collect();
                assert!(
                    broken.is_empty(),
                    "{name} {} {broken:?} {cells:?}",
                    row.number
                );
                if name == "pusat.csv" {
                    assert_eq!(nips.insert(cells[0].to_owned(), row.number), None);
                }
            } else {
                faulty += 1;
                let grave =
                    |f: &satu_rules::Finding| f.rule.severity == satu_rules::Severity::Error;
                errors += u64::from(findings.iter().any(grave));
            }
        }
        assert_eq!(count, file.rows, "{name}");
    }
    assert_eq!(truth.len() as u64, rows);
    assert!(
        (15..=25).contains(&(faulty * 100 / covered)),
        "{faulty}/{covered}"
    );
    assert!(
        (20..=40).contains(&(errors * 1000 / covered)),
        "{errors}/{covered}"
    );
    let provinces = made
        .files
        .iter()
        .filter(|f| f.source.starts_with("simpeg-p"));
    assert_eq!(provinces.filter(|f| f.rows > 0).count(), 38);
    for label in [
        "typo",
        "old_spelling",
        "muhammad_variant",
        "spacing",
        "token_order",
        "initials",
        "titles_in_name",
        "married_title",
        "uppercase",
        "nik_missing",
        "nik_digit",
        "nik_filler",
        "nip_typo",
        "nip_old",
        "nip_scientific",
        "two_nips",
        "nip_reused",
        "birth_swapped",
        "birth_digit",
        "birth_year",
        "bad_date",
        "sex_wrong",
        "place_differs",
        "missing_required",
        "stale_golongan",
        "stale_jabatan",
        "phone_format",
        "email_format",
        "duplicate",
        "mover",
        "retired_active",
        "deceased_active",
        "ghost",
        "twin",
        "namesake",
    ] {
        assert!(
            made.faults.contains_key(label),
            "{label}: {:?}",
            made.faults
        );
    }
}

#[test]
fn the_shares_are_those_of_the_country() {
    // BKN, 1 November 2025: 64 % PNS, 56 % women, 62 % D-IV/S-1, 6 % structural.
    let folder = tempfile::tempdir().unwrap();
    let made = make(20_000, 3, folder.path());
    let path = &made
        .files
        .iter()
        .find(|f| f.source == "pusat")
        .unwrap()
        .path;
    let mut reader = satu_intake::open(path, &satu_intake::Options::default()).unwrap();
    let mut counts = [0.0; 5];
    while let Some(row) = reader.next_row().unwrap() {
        use satu_domain::schema::data_utama as du;
        let is = |column: usize, value: &str| f64::from(u8::from(row.cell(column) == value));
        counts[0] += 1.0;
        counts[1] += 1.0 - is(du::jenis_pegawai, "PPPK");
        counts[2] += is(du::jenis_kelamin, "P");
        counts[3] += is(du::tingkat_pendidikan, "S-1");
        counts[4] += is(du::jenis_jabatan, "Struktural");
    }
    for (at, want) in [(1, 0.64), (2, 0.56), (3, 0.62), (4, 0.06)] {
        let share = counts[at] / counts[0];
        assert!((share - want).abs() < 0.02, "{at}: {share} against {want}");
    }
}
