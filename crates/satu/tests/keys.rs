//! The keys of a register on the command line: where they are, what is said when they are not, and
//! `kill -9` at any moment of a rotation.

use std::fs::{copy, read, remove_file, rename, write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{DATA, document, people, postgres, ran, satu};

const KILLS: u32 = 40;

fn shown(at: &Path, db: &str) -> Value {
    document(at, &["key", "show", "--json", "--db", db], 0)
}

/// What is said of a command that fails.
fn refused(at: &Path, arguments: &[&str]) -> String {
    String::from_utf8(ran(at, arguments, 2).stderr).unwrap()
}

/// Takes people in and links them.
fn filled(at: &Path, db: &str) {
    write(at.join("kiriman.csv"), people(0..20)).unwrap();
    let first = ran(
        at,
        &["intake", "--db", db, "--source", "pusat", "kiriman.csv"],
        0,
    );
    let told = String::from_utf8(first.stderr).unwrap();
    assert!(told.contains("keep a copy"), "{told}");
    let linked = String::from_utf8(ran(at, &["link", "--db", db], 0).stderr).unwrap();
    assert!(!linked.contains("keep a copy"), "{linked}");
}

fn unbroken(at: &Path, db: &str) {
    let told = document(at, &["verify", "--json", "--db", db], 0);
    assert_eq!(told["differences"], serde_json::json!([]));
    assert!(told["rows"].as_u64().unwrap() > 0);
}

#[test]
fn a_key_is_made_apart_from_the_database_and_missed_when_it_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    filled(at, "satu.db");
    let told = shown(at, "satu.db");
    let file = told["file"].as_str().unwrap();
    let register = told["register"].as_str().unwrap();
    assert_eq!(file, format!("{DATA}/satu/keys/{register}.key"));
    assert_eq!(
        Path::new(file).metadata().unwrap().permissions().mode() & 0o777,
        0o600
    );
    let secret = String::from_utf8(read(file).unwrap()).unwrap();
    let secret = secret.lines().last().unwrap().rsplit(' ').next().unwrap();
    assert!(!told.to_string().contains(secret));
    // The database may be moved.
    rename(at.join("satu.db"), at.join("lain.db")).unwrap();
    unbroken(at, "lain.db");

    copy(file, at.join("salinan.key")).unwrap();
    remove_file(file).unwrap();
    for command in [
        &["link"][..],
        &["verify"],
        &["serve"],
        &["key", "rotate"],
        &["intake", "--source", "pusat", "kiriman.csv"],
    ] {
        let told = refused(at, &[command, &["--db", "lain.db"]].concat());
        assert!(
            told.contains("there is no key file") && told.contains("--key"),
            "{told}"
        );
        assert!(!Path::new(file).exists());
    }
    // What needs no key works without.
    ran(at, &["backup", "cadangan", "--db", "lain.db"], 0);
    let told = refused(at, &["restore", "cadangan", "--db", "baru.db"]);
    assert!(told.contains("there is no key file"), "{told}");
    let keyed = |name: &str, arguments: &[&str], code: i32| {
        ran(at, &[arguments, &["--key", name]].concat(), code)
    };
    keyed(
        "salinan.key",
        &["restore", "cadangan", "--db", "baru.db"],
        0,
    );
    keyed("salinan.key", &["verify", "--db", "baru.db"], 0);
    keyed(
        "salinan.key",
        &["move", "--from", "baru.db", "--to", "pindah.db"],
        0,
    );
    keyed("salinan.key", &["verify", "--db", "pindah.db"], 0);
    // By the environment, too.
    let mut named = satu(at, &["verify", "--db", "lain.db"]);
    assert!(
        named
            .env("SATU_KEY_FILE", "salinan.key")
            .status()
            .unwrap()
            .success()
    );

    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(at.join("salinan.key"), open).unwrap();
    let told = keyed("salinan.key", &["verify", "--db", "lain.db"], 2);
    assert!(
        String::from_utf8(told.stderr)
            .unwrap()
            .contains("chmod 600")
    );
    write(at.join("rusak.key"), "satu-key-1 ab cd\n").unwrap();
    std::fs::set_permissions(at.join("rusak.key"), std::fs::Permissions::from_mode(0o600)).unwrap();
    let told = keyed("rusak.key", &["verify", "--db", "lain.db"], 2);
    assert!(String::from_utf8(told.stderr).unwrap().contains("damaged"));
    ran(
        at,
        &[
            "account",
            "list",
            "--db",
            "kosong.db",
            "--key",
            "kosong.key",
        ],
        2,
    );
    keyed(
        "lain.key",
        &[
            "intake",
            "--db",
            "lain2.db",
            "--source",
            "pusat",
            "kiriman.csv",
        ],
        0,
    );
    let told = keyed("lain.key", &["verify", "--db", "lain.db"], 2);
    assert!(
        String::from_utf8(told.stderr)
            .unwrap()
            .contains("holds no key")
    );
}

/// Kills a rotation after a while.
fn killed(at: &Path, db: &str, after: Duration) {
    let mut child = satu(at, &["key", "rotate", "--db", db])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
}

fn rotate_again_and_again(at: &Path, db: &str) {
    filled(at, db);
    let start = Instant::now();
    ran(at, &["key", "rotate", "--db", db], 0);
    let full = start.elapsed();
    let (mut kills, mut done, mut begun) = (0, 0, 0);
    // Later and later, until one came too late: how long a rotation takes is the machine's affair.
    let mut wait = full / KILLS;
    while kills < KILLS || begun == 0 || done == 0 || done == kills {
        assert!(kills < 4 * KILLS, "{begun} {done}");
        kills += 1;
        let before = shown(at, db);
        killed(at, db, wait);
        let after = shown(at, db);
        let in_use = |told: &Value| {
            let masters = told["masters"].as_array().unwrap();
            let used = masters
                .iter()
                .filter(|one| one["wraps"] == serde_json::json!([1]));
            let used: Vec<_> = used.map(|one| one["id"].clone()).collect();
            assert_eq!(used.len(), 1, "{told}");
            used[0].clone()
        };
        let count = |told: &Value| told["masters"].as_array().unwrap().len();
        begun += count(&after) - count(&before);
        let whole = in_use(&before) != in_use(&after);
        done += u32::from(whole);
        wait = if whole { wait / 2 } else { wait + full / KILLS };
        // Statements open, those of before and those that come.
        ran(at, &["link", "--db", db], 0);
    }
    assert!(begun >= done as usize);
    unbroken(at, db);
    let told = shown(at, db);
    for one in told["masters"].as_array().unwrap() {
        let (id, used) = (
            one["id"].as_str().unwrap(),
            one["wraps"] == serde_json::json!([1]),
        );
        ran(
            at,
            &["key", "drop", id, "--db", db],
            if used { 2 } else { 0 },
        );
    }
    assert_eq!(shown(at, db)["masters"].as_array().unwrap().len(), 1);
    unbroken(at, db);
}

#[test]
fn a_rotation_that_is_killed_leaves_a_register_that_opens() {
    let folder = tempfile::tempdir().unwrap();
    rotate_again_and_again(folder.path(), "satu.db");
}

#[test]
fn a_rotation_that_is_killed_leaves_a_register_that_opens_on_postgres() {
    let folder = tempfile::tempdir().unwrap();
    rotate_again_and_again(folder.path(), &postgres());
}
