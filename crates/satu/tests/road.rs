//! The whole road on both databases: intake, link, person, verify.

use std::fs::write;
use std::path::Path;

use satu_domain::dates::today;
use serde_json::{Value, json};

use crate::{HEADER, document, people, person, postgres, ran, satu};

fn verified(at: &Path, db: &str) -> u64 {
    let told = document(at, &["verify", "--json", "--db", db], 0);
    assert_eq!(told["differences"], json!([]));
    told["entries"].as_u64().unwrap()
}

fn taken(at: &Path, db: &str, source: &str, file: &str, code: i32) -> Value {
    let told = document(
        at,
        &["intake", "--json", "--db", db, "--source", source, file],
        code,
    );
    told["files"][0].clone()
}

/// The one person under a NIP.
fn known(at: &Path, db: &str, nip: &str) -> Value {
    let told = document(at, &["person", nip, "--json", "--why", "--db", db], 0);
    assert_eq!(told["persons"].as_array().unwrap().len(), 1);
    told["persons"][0].clone()
}

fn field<'a>(person: &'a Value, name: &str) -> &'a Value {
    let fields = person["fields"].as_array().unwrap();
    fields.iter().find(|field| field["name"] == name).unwrap()
}

const NIP: &str = "197601012010011001";

fn road(db: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let with_email = |email: &str| {
        let row = person(0).replace('\n', &format!(",{email}\n"));
        HEADER.replace('\n', ",email\n") + &row + &person(1).replace('\n', ",\n")
    };
    write(at.join("pusat.csv"), people(0..30)).unwrap();
    write(at.join("kota.csv"), with_email("lama@contoh.id")).unwrap();
    write(at.join("kota2.csv"), with_email("baru@contoh.id")).unwrap();

    let first = taken(at, db, "pusat", "pusat.csv", 0);
    assert_eq!(first["already"], false);
    assert_eq!(first["summary"]["rows"], 30);
    let second = taken(at, db, "kota", "kota.csv", 0);
    let before = verified(at, db);

    // The same bytes again, under any name, change nothing; from another source they are news.
    std::fs::copy(at.join("kota.csv"), at.join("lagi.csv")).unwrap();
    for file in ["kota.csv", "lagi.csv"] {
        let again = taken(at, db, "kota", file, 0);
        assert_eq!(again["already"], true);
        assert_eq!(again["submission"], second["submission"]);
    }
    assert_eq!(verified(at, db), before);

    // A file that cannot be read leaves nothing behind.
    write(at.join("kutip.csv"), people(0..3) + "\"").unwrap();
    let refused = taken(at, db, "kota", "kutip.csv", 2);
    assert!(refused["unusable"].as_str().unwrap().contains("kutip.csv"));
    assert_eq!(verified(at, db), before);

    let linked = document(at, &["link", "--json", "--db", db], 0);
    assert_eq!(
        (&linked["records"], &linked["persons"]),
        (&json!(32), &json!(30))
    );
    let before = verified(at, db);
    let again = document(at, &["link", "--json", "--db", db], 0);
    assert_eq!(
        (&again["persons"], &again["moved"]),
        (&json!(30), &json!(0))
    );
    assert_eq!(verified(at, db), before);

    let one = known(at, db, NIP);
    let email = field(&one, "email");
    assert_eq!(email["winner"]["value"], "lama@contoh.id");
    assert_eq!(email["winner"]["sources"], json!(["kota"]));
    assert_eq!(
        field(&one, "nip")["winner"]["sources"],
        json!(["kota", "pusat"])
    );
    // Every statement that a value rests on is named with its file and row.
    let evidence = one["evidence"].as_array().unwrap();
    for field in one["fields"].as_array().unwrap() {
        for statement in field["winner"]["statements"].as_array().unwrap() {
            assert!(evidence.iter().any(|one| one["statement"] == *statement));
        }
    }
    let spoken: Vec<_> = evidence
        .iter()
        .map(|one| {
            (
                one["source"].as_str().unwrap(),
                one["file"].as_str().unwrap(),
                one["row"].as_u64().unwrap(),
            )
        })
        .collect();
    assert!(spoken.contains(&("kota", "kota.csv", 2)), "{spoken:?}");
    assert!(spoken.contains(&("pusat", "pusat.csv", 2)), "{spoken:?}");

    // A corrected file supersedes what the source said before.
    taken(at, db, "kota", "kota2.csv", 0);
    document(at, &["link", "--json", "--db", db], 0);
    let one = known(at, db, NIP);
    let email = field(&one, "email");
    assert_eq!(email["winner"]["value"], "baru@contoh.id");
    assert_eq!(email["losers"], json!([]));
    assert!(verified(at, db) > before);

    ran(at, &["person", "190001012010011001", "--db", db], 1);
}

#[test]
fn the_road_on_the_embedded_database() {
    let folder = tempfile::tempdir().unwrap();
    road(&folder.path().join("satu.db").to_string_lossy());
}

#[test]
fn the_road_on_postgresql() {
    road(&postgres());
}

/// One of two zones that are 26 hours apart always has another day than Jakarta.
#[test]
fn a_day_is_one_of_jakarta_wherever_the_machine_stands() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let zones = ["<+14>-14", "<-12>12"];
    let before = today();
    for (number, zone) in zones.iter().enumerate() {
        let file = format!("{number}.csv");
        write(at.join(&file), people(number..number + 1)).unwrap();
        let mut intake = satu(at, &["intake", "--source", "kota", &file]);
        assert!(intake.env("TZ", zone).output().unwrap().status.success());
    }
    ran(at, &["link"], 0);
    let after = today();
    for (number, zone) in zones.iter().enumerate() {
        let (row, day) = (person(number), after.to_string());
        let nip = &row[..18];
        let known_on = |day: &str| {
            let mut known = satu(at, &["person", nip, "--json", "--known-on", day]);
            known.env("TZ", zone).output().unwrap()
        };
        let told = known_on(&day);
        assert_eq!(told.status.code(), Some(0), "{zone}");
        let told: Value = serde_json::from_slice(&told.stdout).unwrap();
        let spoken = told["persons"][0]["evidence"][0]["stated_on"].as_str();
        let spoken = spoken.unwrap().parse().unwrap();
        assert!((before..=after).contains(&spoken), "{zone}: {spoken}");
        let told = known_on(&before.yesterday().unwrap().to_string());
        assert_eq!(told.status.code(), Some(1), "{zone}");
    }
}
