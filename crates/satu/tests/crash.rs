//! `kill -9` at any moment of an intake: the delivery is there whole, or not at all, and what was
//! acknowledged is there.

use std::fs::{copy, create_dir, write};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::{document, people, postgres, ran, satu};

const ROWS: usize = 2_000;
const KILLS: u32 = 50;

/// What one kill left: whether the delivery stands, and whether it was acknowledged.
struct Left {
    stands: bool,
    acknowledged: bool,
}

fn entries(at: &Path, db: &str) -> u64 {
    let told = document(at, &["verify", "--json", "--db", db], 0);
    assert_eq!(told["differences"], serde_json::json!([]));
    told["entries"].as_u64().unwrap()
}

/// Takes in a file that no delivery had before and kills the process after a while.
fn killed(at: &Path, db: &str, source: &str, after: Duration) -> Left {
    write(
        at.join("kiriman.csv"),
        people(0..ROWS) + &format!("# {source}\n"),
    )
    .unwrap();
    let before = entries(at, db);
    let mut child = satu(
        at,
        &[
            "intake",
            "--json",
            "--db",
            db,
            "--source",
            source,
            "kiriman.csv",
        ],
    )
    .stdout(Stdio::piped())
    .stderr(Stdio::null())
    .spawn()
    .unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    let acknowledged = !output.stdout.is_empty();
    let now = entries(at, db);
    // Source, submission, one statement a row, the finding of the broken last row, receipt.
    let whole = ROWS as u64 + 4;
    assert!(
        now == before || now == before + whole,
        "killed after {after:?}: {before} entries became {now}, a whole delivery is {whole}"
    );
    let stands = now > before;
    assert!(
        stands || !acknowledged,
        "killed after {after:?}: acknowledged and lost"
    );
    Left {
        stands,
        acknowledged,
    }
}

/// How long a whole run takes on a database of its own.
fn full(at: &Path, db: &str) -> Duration {
    write(at.join("ukur.csv"), people(0..ROWS)).unwrap();
    let start = Instant::now();
    ran(
        at,
        &["intake", "--db", db, "--source", "ukur", "ukur.csv"],
        0,
    );
    start.elapsed()
}

/// Moments from the start to a little beyond the end of a run: one in each equal part, at random.
fn moments(full: Duration) -> impl Iterator<Item = Duration> {
    let mut state: u64 = 20_261_124;
    (0..KILLS).map(move |part| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let inside = (state >> 33) as f64 / (1u64 << 31) as f64;
        full.mul_f64(1.1 * (f64::from(part) + inside) / f64::from(KILLS))
    })
}

/// The moments reached both sides of the commit, so that the test has seen what it is about.
fn assert_both_seen(left: &[Left]) {
    let stand = left.iter().filter(|left| left.stands).count();
    let acknowledged = left.iter().filter(|left| left.acknowledged).count();
    println!(
        "{} kills: {stand} deliveries stand, {acknowledged} acknowledged",
        left.len()
    );
    assert!(stand < left.len(), "no kill came before the commit");
}

#[test]
fn a_killed_intake_is_whole_or_nothing_on_the_embedded_database() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let full = full(at, &at.join("ukur.db").to_string_lossy());
    let base = at.join("dasar.db");
    write(at.join("dasar.csv"), people(0..50)).unwrap();
    let name = base.to_string_lossy();
    ran(
        at,
        &["intake", "--db", &name, "--source", "dasar", "dasar.csv"],
        0,
    );
    ran(at, &["link", "--db", &name], 0);
    let mut left = Vec::new();
    for (number, after) in moments(full).enumerate() {
        let run = at.join(number.to_string());
        create_dir(&run).unwrap();
        copy(&base, run.join("satu.db")).unwrap();
        left.push(killed(&run, "satu.db", "kota", after));
        std::fs::remove_dir_all(&run).unwrap();
    }
    assert_both_seen(&left);
}

#[test]
fn a_killed_intake_is_whole_or_nothing_on_postgresql() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let full = full(at, &postgres());
    let db = postgres();
    write(at.join("dasar.csv"), people(0..50)).unwrap();
    ran(
        at,
        &["intake", "--db", &db, "--source", "dasar", "dasar.csv"],
        0,
    );
    let mut left = Vec::new();
    for (number, after) in moments(full).enumerate() {
        left.push(killed(at, &db, &format!("kota{number}"), after));
    }
    assert_both_seen(&left);
}
