//! `satu link-files`: clusters, pairs, and a model that is kept and used again.

use std::fs::{read_to_string, write};
use std::path::Path;

use crate::{document, people, ran};

/// The specification that ships for civil servants' rows.
const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs/asn.toml");
const FEBRL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs/febrl.toml");

/// Two sources that share 60 of 100 persons.
fn two_sources(at: &Path) {
    write(at.join("a.csv"), people(0..80)).unwrap();
    write(at.join("b.csv"), people(20..100)).unwrap();
}

#[test]
fn two_files_of_the_same_people_fall_together() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    two_sources(at);
    let words = ["link-files", "--spec", SPEC, "--out", "c.csv", "--pairs"];
    let told = document(
        at,
        &[&words[..], &["p.csv", "--json", "a.csv", "b.csv"]].concat(),
        0,
    );
    assert_eq!(told["records"], 160);
    assert_eq!(told["clusters"], 100);
    assert_eq!(told["links"], 60);
    let clusters = read_to_string(at.join("c.csv")).unwrap();
    let line = |file: &str, row: usize| {
        let start = format!("{file},{row},");
        let found = clusters.lines().find_map(|line| line.strip_prefix(&start));
        found.unwrap().to_owned()
    };
    assert_eq!(line("a.csv", 21), line("b.csv", 1));
    assert_ne!(line("a.csv", 1), line("b.csv", 1));
    let pairs = read_to_string(at.join("p.csv")).unwrap();
    assert!(pairs.contains("a.csv,21,b.csv,1,"), "{pairs}");
}

#[test]
fn a_kept_model_links_as_it_did_when_it_was_learnt() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    two_sources(at);
    let run = |out: &str, more: &[&str], files: &[&str]| {
        let words = ["link-files", "--json", "--spec", SPEC, "--out", out];
        document(at, &[&words[..], more, files].concat(), 0)
    };
    let learnt = run("1.csv", &["--save-model", "m.json"], &["a.csv", "b.csv"]);
    let used = run("2.csv", &["--model", "m.json"], &["a.csv", "b.csv"]);
    assert_eq!(learnt["model"], used["model"]);
    assert_eq!(
        read_to_string(at.join("1.csv")).unwrap(),
        read_to_string(at.join("2.csv")).unwrap()
    );
    // Alone, two rows teach nothing; with the model nothing is learnt from them.
    let short = people(3..4);
    write(at.join("d.csv"), &short).unwrap();
    write(at.join("e.csv"), &short).unwrap();
    let few = run("3.csv", &["--model", "m.json"], &["d.csv", "e.csv"]);
    assert_eq!(few["model"], learnt["model"]);
    assert_eq!(few["clusters"], 1);
}

#[test]
fn a_model_of_other_fields_or_none_at_all_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    two_sources(at);
    let files = ["--save-model", "m.json", "a.csv", "b.csv"];
    let words = ["link-files", "--spec", SPEC, "--out", "c.csv"];
    ran(at, &[&words[..], &files].concat(), 0);
    write(at.join("broken.json"), "{\"records\": 3").unwrap();
    let whole = read_to_string(at.join("m.json")).unwrap();
    let mut odd: serde_json::Value = serde_json::from_str(&whole).unwrap();
    odd["alike"] = serde_json::json!({"rate": 1e-6, "levels": [[0.5]]});
    write(at.join("odd.json"), odd.to_string()).unwrap();
    // Of a version that did not know of persons alike.
    let mut before: serde_json::Value = serde_json::from_str(&whole).unwrap();
    for later in ["alike", "edition"] {
        before.as_object_mut().unwrap().remove(later).unwrap();
    }
    write(at.join("before.json"), before.to_string()).unwrap();
    for (spec, model) in [
        (FEBRL, "m.json"),
        (SPEC, "broken.json"),
        (SPEC, "odd.json"),
        (SPEC, "before.json"),
        (SPEC, "none.json"),
    ] {
        let words = ["link-files", "--spec", spec, "--out", "d.csv"];
        let told = ran(at, &[&words[..], &["--model", model, "a.csv"]].concat(), 2);
        let told = String::from_utf8_lossy(&told.stderr).into_owned();
        assert!(told.contains(model) && told.contains("--model"), "{told}");
        assert!(!at.join("d.csv").exists());
    }
}
