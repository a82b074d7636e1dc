//! A register that is restored as it stood some time ago, and goes on: who follows it goes on where that
//! is still right, and is told where it is not.

use std::collections::BTreeMap;
use std::fs::{copy, read_to_string, remove_dir_all};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use super::telling::{Told, added, receiver};
use super::{held, program, pull, serve, taken};
use crate::{document, postgres, ran};

/// Of whom each call told, by its id, once there are so many calls.
fn told_of(told: &Told, count: usize) -> BTreeMap<String, String> {
    let until = Instant::now() + Duration::from_mins(2);
    while told.lock().unwrap().len() < count {
        assert!(
            Instant::now() < until,
            "{} calls",
            told.lock().unwrap().len()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut of = BTreeMap::new();
    for (id, event) in told.lock().unwrap().iter() {
        let nip = event["data"]["nip"].as_str().unwrap();
        let before = of.insert(id.clone(), nip.to_owned());
        assert!(
            before.is_none_or(|before| before == nip),
            "{id} is used again"
        );
    }
    of
}

fn followed(db: &str, restored: &str, keep: impl Fn(&Path), restore: impl Fn(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    taken(at, db, 0..10);
    let key = program(at, db, "changes.read people.read");
    let (url, told) = receiver();
    let mut server = serve(at, db, &["--private-webhooks"]);
    added(at, &server, &key, &url);
    for to in ["dulu", "lanjut"] {
        assert_eq!(
            document(at, &pull(&server, &key, to), 0)["changes"],
            json!(10)
        );
    }
    drop(server);
    keep(at);

    // What comes after that is followed, and lost.
    server = serve(at, db, &["--private-webhooks"]);
    taken(at, db, 10..20);
    assert_eq!(
        document(at, &pull(&server, &key, "lanjut"), 0)["changes"],
        json!(10)
    );
    assert_eq!(told_of(&told, 10).len(), 10);
    drop(server);
    restore(at);
    server = serve(at, restored, &["--private-webhooks"]);

    // Nothing new is there yet: the place is beyond the end. Then others have the numbers.
    let cursor = read_to_string(at.join("lanjut/cursor")).unwrap();
    for more in [10..10, 20..45] {
        if !more.is_empty() {
            taken(at, restored, more);
        }
        let refused = ran(at, &pull(&server, &key, "lanjut"), 2);
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(
            said.contains("restored from a backup") && said.contains("Begin anew"),
            "{said}"
        );
        assert_eq!(read_to_string(at.join("lanjut/cursor")).unwrap(), cursor);
    }
    assert_eq!(
        document(at, &pull(&server, &key, "dulu"), 0)["changes"],
        json!(25)
    );
    remove_dir_all(at.join("lanjut")).unwrap();
    assert_eq!(
        document(at, &pull(&server, &key, "lanjut"), 0)["changes"],
        json!(35)
    );
    let all: Vec<i64> = (1..=35).collect();
    for folder in ["dulu", "lanjut"] {
        assert!(held(&at.join(folder)).into_keys().eq(all.iter().copied()));
    }
    // Every call is of one person for good.
    assert_eq!(told_of(&told, 35).len(), 35);
}

fn backed_up(db: &str, restored: &str) {
    followed(
        db,
        restored,
        |at| drop(ran(at, &["backup", "satu.backup", "--db", db], 0)),
        |at| drop(ran(at, &["restore", "satu.backup", "--db", restored], 0)),
    );
}

#[test]
fn a_restore_into_postgresql_misses_nobody() {
    backed_up("satu.db", &postgres());
}

#[test]
fn a_restore_from_postgresql_misses_nobody() {
    backed_up(&postgres(), "lagi.db");
}

/// The database's files, copied while nothing was running and put back.
#[test]
fn a_copy_put_back_misses_nobody() {
    let files = ["", "-wal"];
    let copied = |at: &Path, from: &str, to: &str| {
        for end in files {
            let (from, to) = (
                at.join(format!("{from}{end}")),
                at.join(format!("{to}{end}")),
            );
            let _ = std::fs::remove_file(&to);
            if from.exists() {
                copy(from, to).unwrap();
            }
        }
    };
    followed(
        "satu.db",
        "satu.db",
        |at| copied(at, "satu.db", "salinan"),
        |at| {
            let _ = std::fs::remove_file(at.join("satu.db-shm"));
            copied(at, "salinan", "satu.db");
        },
    );
}
