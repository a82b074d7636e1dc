//! `kill -9` at any moment of an intake: the delivery is there whole, or not at all, and what was
//! acknowledged is there.

use std::fs::write;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::{document, number, people, postgres, ran, satu, sessions};

const ROWS: usize = 2_000;
const KILLS: usize = 50;

/// Every so many kills, one comes the moment the acknowledgement does.
const AT_ONCE: usize = 10;

/// Ledger entries of a whole delivery: source, submission, one statement a row, the finding of
/// the broken last row, receipt.
const WHOLE: u64 = ROWS as u64 + 4;

fn entries(at: &Path, db: &str) -> u64 {
    let told = document(at, &["verify", "--json", "--db", db], 0);
    assert_eq!(told["differences"], serde_json::json!([]));
    told["entries"].as_u64().unwrap()
}

/// Takes in a file and kills the process after a while, or else the moment that it acknowledges;
/// returns whether it had acknowledged.
fn killed(at: &Path, db: &str, source: &str, after: Option<Duration>) -> bool {
    write(
        at.join("kiriman.csv"),
        people(0..ROWS) + &format!("# {source}\n"),
    )
    .unwrap();
    let arguments = ["intake", "--json", "--db", db, "--source", source];
    let mut child = satu(at, &arguments)
        .arg("kiriman.csv")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut told = child.stdout.take().unwrap();
    let mut first = [0; 1];
    let mut acknowledged = false;
    match after {
        Some(after) => std::thread::sleep(after),
        None => acknowledged = told.read(&mut first).unwrap() == 1,
    }
    child.kill().unwrap();
    child.wait().unwrap();
    acknowledged || told.read(&mut first).unwrap() == 1
}

/// Kills intake after intake. A delivery that stands makes room for a new database, so that the
/// check after each kill stays quick; where nothing stands, the next delivery goes into what the
/// killed one left.
fn kill_again_and_again(at: &Path, new: impl Fn() -> String) {
    let fresh = || {
        let db = new();
        write(at.join("dasar.csv"), people(0..50)).unwrap();
        let arguments = ["intake", "--db", &db, "--source", "dasar", "dasar.csv"];
        ran(at, &arguments, 0);
        let before = entries(at, &db);
        (db, before)
    };
    let (mut db, mut before) = fresh();
    // How long a run takes from end to end.
    let start = Instant::now();
    assert!(killed(at, &db, "ukur", None));
    let full = start.elapsed();

    let (mut stand, mut acknowledged) = (1, 1);
    let mut state: u64 = 20_261_124;
    assert_eq!(entries(at, &db), before + WHOLE, "acknowledged and lost");
    (db, before) = fresh();
    for kill in 0..KILLS {
        // One moment in each equal part of the run and a little beyond, at random.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let inside = (state >> 33) as f64 / (1_u64 << 31) as f64;
        let part = (kill as f64 + inside) / KILLS as f64;
        let after = (kill % AT_ONCE != 0).then(|| full.mul_f64(1.2 * part));

        let told = killed(at, &db, &format!("kota{kill}"), after);
        while sessions(&db) > 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        let now = entries(at, &db);
        assert!(
            now == before || now == before + WHOLE,
            "killed after {after:?}: {before} entries became {now}, a whole delivery is {WHOLE}"
        );
        let stands = now > before;
        assert!(
            stands || !told,
            "killed after {after:?}: acknowledged and lost"
        );
        stand += usize::from(stands);
        acknowledged += usize::from(told);
        if stands {
            (db, before) = fresh();
        }
    }
    println!("{KILLS} kills, a run takes {full:?}: {stand} stand, {acknowledged} acknowledged");
    assert!(stand <= KILLS, "no kill came before the commit");
    assert!(acknowledged > KILLS / AT_ONCE);
}

#[test]
fn a_killed_intake_is_whole_or_nothing_on_the_embedded_database() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    kill_again_and_again(at, || format!("satu{}.db", number()));
}

#[test]
fn a_killed_intake_is_whole_or_nothing_on_postgresql() {
    let folder = tempfile::tempdir().unwrap();
    kill_again_and_again(folder.path(), postgres);
}
