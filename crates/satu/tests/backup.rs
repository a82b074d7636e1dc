//! The register carried elsewhere and back, killed on the way, and written out as tables.

use std::fs::{File, read, read_dir, write};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

use crate::{HEADER, document, number, people, person, postgres, ran, satu, sessions};

/// What `verify` counts, where nothing differs.
fn verified(at: &Path, db: &str) -> Value {
    let told = document(at, &["verify", "--json", "--db", db], 0);
    assert_eq!(told["differences"], json!([]));
    told
}

/// A register: two sources that agree on most, linked.
fn fill(at: &Path, db: &str, persons: usize) {
    write(at.join("pusat.csv"), people(0..persons)).unwrap();
    let kota = HEADER.replace('\n', ",email,alamat\n")
        + &person(0).replace('\n', ",contoh@contoh.id,=JALAN CONTOH 1;=2\n");
    write(at.join("kota.csv"), kota).unwrap();
    for source in ["pusat", "kota"] {
        let file = format!("{source}.csv");
        ran(at, &["intake", "--db", db, "--source", source, &file], 0);
    }
    ran(at, &["link", "--db", db], 0);
}

#[test]
fn a_register_goes_to_postgresql_and_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fill(at, "satu.db", 40);
    let before = verified(at, "satu.db");
    let server = postgres();
    let moved = document(
        at,
        &["move", "--json", "--from", "satu.db", "--to", &server],
        0,
    );
    assert_eq!(moved["entries"], before["entries"]);
    assert_eq!(verified(at, &server), before);
    let arguments = ["backup", "satu.backup", "--json", "--db", &server];
    let backed_up = document(at, &arguments, 0);
    let arguments = ["restore", "satu.backup", "--json", "--db", "lagi.db"];
    let restored = document(at, &arguments, 0);
    assert_eq!((&backed_up, &restored), (&moved, &moved));
    assert_eq!(verified(at, "lagi.db"), before);
    let once_more = document(at, &["backup", "2.backup", "--json", "--db", "lagi.db"], 0);
    assert_eq!(once_more, moved);

    // Nothing that is there is overwritten.
    let bytes = read(at.join("satu.backup")).unwrap();
    ran(at, &["backup", "satu.backup", "--db", "lagi.db"], 2);
    assert_eq!(read(at.join("satu.backup")).unwrap(), bytes);
    ran(at, &["restore", "satu.backup", "--db", "lagi.db"], 2);
    ran(at, &["move", "--from", "lagi.db", "--to", &server], 2);
    // A backup in a bad state leaves not even an empty database, and a failed one no file.
    for end in [0, 5, bytes.len() / 2, bytes.len() - 1] {
        write(at.join("putus.backup"), &bytes[..end]).unwrap();
        ran(at, &["restore", "putus.backup", "--db", "baru.db"], 2);
    }
    ran(at, &["backup", "3.backup", "--db", "tiada.db"], 2);
    for name in ["baru.db", "tiada.db", "3.backup"] {
        assert!(!at.join(name).exists(), "{name}");
    }
    let hidden = |name: &str| name.starts_with(".satu-");
    for file in read_dir(at).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(!hidden(&name), "{name} was left behind");
    }
}

const KILLS: u32 = 12;

/// Kills restore after restore, each later than the one before until one came too late, then again in
/// smaller steps: the database holds nothing, and can be filled, or everything.
fn kill_again_and_again(at: &Path, new: impl Fn() -> String) {
    fill(at, "asal.db", 800);
    let whole = verified(at, "asal.db")["entries"].clone();
    ran(at, &["backup", "satu.backup", "--db", "asal.db"], 0);
    let start = Instant::now();
    ran(at, &["restore", "satu.backup", "--db", &new()], 0);
    let full = start.elapsed();
    let (mut db, mut nothing) = (new(), 0);
    let (mut after, mut step) = (Duration::ZERO, full / (KILLS - 2));
    for _ in 0..KILLS {
        let mut child = satu(at, &["restore", "satu.backup", "--db", &db])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(after);
        after += step;
        child.kill().unwrap();
        child.wait().unwrap();
        while sessions(&db) > 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        // Killed before it made the embedded database, it leaves none.
        if !db.starts_with("postgres://") && !at.join(&db).exists() {
            nothing += 1;
            continue;
        }
        let now = verified(at, &db);
        if now["entries"] == whole {
            db = new();
            step /= 2;
            after = Duration::ZERO;
        } else {
            let left = [&now["entries"], &now["rows"], &now["files"]];
            assert_eq!(left, [&json!(0), &json!(0), &json!(0)]);
            nothing += 1;
        }
    }
    println!("{KILLS} kills, a restore takes {full:?}: {nothing} left nothing");
    assert!(nothing > KILLS / 4, "hardly a kill came before the commit");
    // What a kill left is filled as if nothing had been.
    ran(at, &["restore", "satu.backup", "--db", &db], 0);
    assert_eq!(verified(at, &db)["entries"], whole);
}

#[test]
fn a_killed_restore_leaves_nothing_on_the_embedded_database() {
    let folder = tempfile::tempdir().unwrap();
    kill_again_and_again(folder.path(), || format!("satu{}.db", number()));
}

#[test]
fn a_killed_restore_leaves_nothing_on_postgresql() {
    let folder = tempfile::tempdir().unwrap();
    kill_again_and_again(folder.path(), postgres);
}

/// The rows of a CSV file, each with its header's names.
fn rows(path: &Path) -> Vec<std::collections::HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn exports(at: &Path, db: &str, name: &str) {
    let (csv, parquet) = (format!("{name}-csv"), format!("{name}-parquet"));
    ran(at, &["export", &csv, "--format", "csv", "--db", db], 0);
    let again = ["export", &csv, "--format", "csv", "--db", db];
    ran(at, &again, 2);
    let golden = rows(&at.join(&csv).join("golden_records.csv"));
    assert_eq!(golden.len(), 25);
    let first = golden
        .iter()
        .find(|row| row["nip"] == "197601012010011001")
        .unwrap();
    assert_eq!(first["alamat"], "'=JALAN CONTOH 1;'=2", "a formula");
    assert_eq!(first["email"], "contoh@contoh.id");
    assert_eq!(first["conflicts"], "0");
    assert!(first.contains_key("lokasi_kerja"));
    let ranks = rows(&at.join(&csv).join("golongan.csv"));
    assert_eq!(ranks.len(), 1);
    assert_eq!(ranks[0]["golongan"], "III/b");
    assert_eq!(ranks[0]["row"], "2");
    let sent = rows(&at.join(&csv).join("submissions.csv"));
    let files: Vec<&str> = sent.iter().map(|row| row["file"].as_str()).collect();
    assert_eq!(files, ["pusat.csv", "kota.csv", "golongan.csv"]);
    let found = rows(&at.join(&csv).join("findings.csv")).len();

    ran(
        at,
        &["export", &parquet, "--format", "parquet", "--db", db],
        0,
    );
    let table = |name: &str| {
        let file = File::open(at.join(&parquet).join(name)).unwrap();
        let mut reader = ParquetRecordBatchReaderBuilder::try_new(file)
            .unwrap()
            .build()
            .unwrap();
        reader.next().map(Result::unwrap)
    };
    let batch = table("golden_records.parquet").unwrap();
    assert_eq!(batch.num_rows(), 25);
    let persons = batch.column_by_name("person_id").unwrap();
    let persons = persons.as_primitive::<Int64Type>();
    let homes = batch.column_by_name("alamat").unwrap().as_string::<i32>();
    for (at, row) in golden.iter().enumerate() {
        assert_eq!(persons.value(at).to_string(), row["person_id"]);
        // As it is, and nothing where nothing is said.
        assert_eq!(homes.is_null(at), row["alamat"].is_empty());
        if !homes.is_null(at) {
            assert_eq!(homes.value(at), row["alamat"].replace('\'', ""));
        }
    }
    assert_eq!(
        table("findings.parquet").map_or(0, |batch| batch.num_rows()),
        found
    );
    assert!(table("keluarga.parquet").is_none());
}

#[test]
fn the_register_is_written_out_as_tables() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fill(at, "satu.db", 25);
    let rank = "nip,golongan,tmt_golongan,sk_nomor,sk_tanggal\n\
                197601012010011001,III/b,2014-04-01,1/CONTOH,2014-03-01\n";
    write(at.join("golongan.csv"), rank).unwrap();
    let arguments = ["intake", "--db", "satu.db", "--source", "pusat"];
    let taken = satu(at, &arguments).arg("golongan.csv").output().unwrap();
    assert!(taken.status.code() < Some(2), "{taken:?}");
    let server = postgres();
    ran(at, &["move", "--from", "satu.db", "--to", &server], 0);
    exports(at, "satu.db", "lite");
    exports(at, &server, "server");
    for name in read_dir(at.join("lite-csv")).unwrap() {
        let name = name.unwrap().file_name();
        let [one, two] = ["lite-csv", "server-csv"].map(|folder| read(at.join(folder).join(&name)));
        assert_eq!(one.unwrap(), two.unwrap(), "{name:?}");
    }
}
