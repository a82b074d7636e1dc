//! A register held to its past by somebody who has nothing but files.

use std::fs::{copy, create_dir, read_to_string, write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use satu_store::{Log, Store};
use serde_json::{Value, json};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

use crate::{document, people, postgres, ran, satu};

/// Runs to the end what needs an executor.
fn wait<T>(task: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    runtime.block_on(task)
}

/// An officer looks at two persons.
fn look(db: &str, at: i64) {
    wait(async {
        let store = Store::open_sealed(db).await.unwrap();
        let at = jiff::Timestamp::from_second(at).unwrap();
        let looked = store.note_access(&[1, 2], "petugas", "tinjau", at);
        looked.await.unwrap();
    });
}

/// What nobody may do, done to the database itself.
fn altered(db: &str, statement: &str) {
    let url = if db.starts_with("postgres") {
        db.to_owned()
    } else {
        format!("sqlite:{db}")
    };
    sqlx::any::install_default_drivers();
    wait(async {
        let mut connection = AnyConnection::connect(&url).await.unwrap();
        let done = connection
            .execute(AssertSqlSafe(statement.to_owned()))
            .await;
        assert_eq!(done.unwrap().rows_affected(), 1, "{statement}");
    });
}

fn grow(at: &Path, db: &str, source: &str, numbers: std::ops::Range<usize>) {
    let file = format!("{source}.csv");
    write(at.join(&file), people(numbers)).unwrap();
    ran(at, &["intake", "--db", db, "--source", source, &file], 0);
    ran(at, &["link", "--db", db], 0);
}

/// The sizes that both logs were signed at.
fn signed(at: &Path, db: &str) -> [u64; 2] {
    let arguments = [
        "audit",
        "checkpoint",
        "kept",
        "--key",
        "satu.key",
        "--json",
        "--db",
        db,
    ];
    let told = document(at, &arguments, 0);
    [0, 1].map(|log| {
        let told = &told["checkpoints"][log];
        assert_eq!(told["log"], Log::ALL[log].name());
        told["size"].as_u64().unwrap()
    })
}

fn proven(at: &Path, db: &str, arguments: &[&str], code: i32) {
    let arguments = [&["audit", "prove", "--db", db], arguments].concat();
    ran(at, &arguments, code);
}

/// What the outsider is told of files.
fn checked(at: &Path, arguments: &[&str], code: i32) -> Vec<Value> {
    let arguments = [
        &["audit", "check", "--vkey", "satu.vkey", "--json"],
        arguments,
    ]
    .concat();
    let told = document(at, &arguments, code);
    assert_eq!(told["proven"], json!(code == 0));
    told["files"].as_array().unwrap().clone()
}

fn held_to_its_past(db: &str) {
    let (keeper, outsider) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (at, out) = (keeper.path(), outsider.path());
    let made = ran(
        at,
        &["audit", "key", "satu.key", "--new", "contoh.go.id"],
        0,
    );
    let again = ran(at, &["audit", "key", "satu.key"], 0);
    assert_eq!(made.stdout, again.stdout);
    ran(
        at,
        &["audit", "key", "satu.key", "--new", "contoh.go.id"],
        2,
    );
    let mode = |name: &str| at.join(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("satu.key"), 0o600);
    let keys = String::from_utf8(made.stdout).unwrap();
    write(out.join("satu.vkey"), format!("# kunci\n\n{keys}")).unwrap();
    assert!(!keys.contains("PRIVATE"));

    grow(at, db, "pusat", 0..20);
    look(db, 1_800_000_000);
    let old = signed(at, db);
    grow(at, db, "kota", 5..15);
    look(db, 1_800_000_001);
    let new = signed(at, db);
    assert!(new[0] > old[0]);
    assert_eq!((old[1], new[1]), (2, 4));
    // Nothing changed, nothing new: the same files stay.
    assert_eq!(signed(at, db), new);

    let name = |log: Log, size: u64| format!("kept/{}-{size}.checkpoint", log.name());
    create_dir(out.join("kept")).unwrap();
    let mut given = Vec::new();
    for (log, (old, new)) in Log::ALL.into_iter().zip(old.into_iter().zip(new)) {
        let (old, new) = (name(log, old), name(log, new));
        let (entry, grown) = (
            format!("{}.tlog-proof", log.name()),
            format!("{}.grown", log.name()),
        );
        let proof = ["--checkpoint", &new, "--entry", "2", "--out", &entry];
        proven(at, db, &proof, 0);
        proven(at, db, &proof, 2);
        let proof = ["--checkpoint", &new, "--since", &old, "--out", &grown];
        proven(at, db, &proof, 0);
        assert_eq!(
            (mode(&entry), mode(&grown), mode(&old)),
            (0o600, 0o644, 0o644)
        );
        given.extend([old, new, entry, grown]);
    }
    for file in &given {
        copy(at.join(file), out.join(file)).unwrap();
    }
    let [ledger, access] = [name(Log::Ledger, new[0]), name(Log::Access, new[1])];
    for number in ["0", "1000000", "18446744073709551615"] {
        proven(
            at,
            db,
            &["--checkpoint", &ledger, "--entry", number, "--out", "x"],
            2,
        );
    }
    proven(
        at,
        db,
        &["--checkpoint", &ledger, "--since", &access, "--out", "x"],
        2,
    );
    proven(at, db, &["--checkpoint", &ledger, "--out", "x"], 2);
    assert!(!at.join("x").exists());

    // The outsider, who has no database.
    let files: Vec<&str> = given.iter().map(String::as_str).collect();
    let told = checked(out, &files, 0);
    let what: Vec<&str> = told
        .iter()
        .map(|one| one["what"].as_str().unwrap())
        .collect();
    let each = ["checkpoint", "checkpoint", "entry", "extension"];
    assert_eq!(what, [each, each].concat());
    let shown = told[6]["entry"].as_str().unwrap();
    let look = r#"{"t":"look","person":2,"by":"petugas","purpose":"tinjau"}"#;
    assert_eq!(shown, format!("1800000000000000\n{look}"));
    let arguments = [&["audit", "check", "--vkey", "satu.vkey"], &files[..]].concat();
    let text = String::from_utf8(ran(out, &arguments, 0).stdout).unwrap();
    assert!(
        text.contains(&format!("  2027-01-15T08:00:00Z {look}\n")),
        "{text}"
    );
    assert_eq!(text.matches(": proven: ").count(), 8, "{text}");
    let database = |code: i32| {
        let told = checked(out, &[&files[..], &["--db", db]].concat(), code);
        told.into_iter()
            .map(|one| one["database"]["holds"] == true)
            .collect::<Vec<bool>>()
    };
    assert_eq!(database(0), [true; 8]);
    // What the ledger holds is sealed: whoever has the register's key opens it.
    let entry = told[2]["entry"].as_str().unwrap();
    assert!(entry.contains("\nsealed:"), "{entry}");
    let opening = [&files[..], &["--db", db, "--open"]].concat();
    let opened = checked(out, &opening, 0);
    let text = opened[2]["entry"].as_str().unwrap();
    let (moment, body) = text.split_once('\n').unwrap();
    assert!(entry.starts_with(moment), "{entry}");
    assert!(body.starts_with("{\"t\":\"submission\""), "{text}");
    assert_eq!(opened[6]["entry"], shown);

    // A proof needs its start; a changed file is told; what is no proof is told; the rest stands.
    let told = checked(out, &[&given[1], &given[3]], 1);
    assert!(
        told[1]["why"].as_str().unwrap().contains("is not here"),
        "{told:?}"
    );
    let text = read_to_string(out.join(&given[2])).unwrap();
    write(out.join("lain"), text.replace("index 1", "index 2")).unwrap();
    write(out.join("kosong"), "").unwrap();
    let told = checked(out, &[&given[0], "lain", "kosong"], 1);
    let good: Vec<&Value> = told.iter().map(|one| &one["proven"]).collect();
    assert_eq!(good, [true, false, false]);
    let told = ran(out, &["audit", "check", "--vkey", "satu.vkey", "lain"], 1);
    assert!(
        String::from_utf8(told.stdout)
            .unwrap()
            .starts_with("lain: NOT proven: entry 3")
    );
    ran(out, &["audit", "check", "--vkey", "satu.vkey", "tiada"], 2);
    ran(out, &["audit", "check", "--vkey", "kosong", &given[0]], 2);
    ran(out, &["audit", "check", "--vkey", &given[0], &given[0]], 2);
    let arguments = [
        "audit",
        "check",
        "--vkey",
        "satu.vkey",
        &given[0],
        "--db",
        "tiada.db",
    ];
    ran(out, &arguments, 2);

    let unsigned = |key: &str| {
        let arguments = ["audit", "checkpoint", "kept", "--key", key, "--db", db];
        ran(at, &arguments, 2)
    };
    // Whoever owns the database changes a look; the ledger still holds.
    altered(db, "UPDATE look SET login = 'penguji' WHERE seq = 3");
    let held = [true, true, true, true, true, false, false, false];
    assert_eq!(database(1), held);
    let told = unsigned("satu.key");
    assert!(String::from_utf8_lossy(&told.stderr).contains("satu verify"));
    ran(at, &["verify", "--db", db], 1);
    ran(at, &["backup", "x", "--db", db], 2);
    altered(db, "UPDATE look SET login = 'petugas' WHERE seq = 3");
    assert_eq!(signed(at, db), new);
    altered(
        db,
        "UPDATE ledger SET recorded_at = recorded_at - 1 WHERE seq = 2",
    );
    assert_eq!(
        database(1),
        [false, false, false, false, true, true, true, true]
    );
    proven(
        at,
        db,
        &["--checkpoint", &ledger, "--entry", "9", "--out", "x"],
        2,
    );
    altered(
        db,
        "UPDATE ledger SET recorded_at = recorded_at + 1 WHERE seq = 2",
    );
    assert_eq!(database(0), [true; 8]);

    // A key that others may read signs nothing, nor does one beside another's checkpoints.
    let others = satu(at, &["audit", "key", "lain.key", "--new", "contoh.go.id"]).output();
    assert!(others.unwrap().status.success());
    unsigned("lain.key");
    let open = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(at.join("satu.key"), open).unwrap();
    unsigned("satu.key");
}

#[test]
fn held_to_its_past_on_the_embedded_database() {
    let folder = tempfile::tempdir().unwrap();
    held_to_its_past(&folder.path().join("satu.db").to_string_lossy());
}

#[test]
fn held_to_its_past_on_postgresql() {
    held_to_its_past(&postgres());
}

/// The commands of docs/audit.md, in their order, in an empty folder.
#[test]
fn the_commands_of_the_documentation_run() {
    let folder = tempfile::tempdir().unwrap();
    let page = include_str!("../../../docs/audit.md");
    let blocks = page.split("```sh\n").skip(1);
    let blocks: Vec<&str> = blocks
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert_eq!(blocks.len(), 5);
    let binary = Path::new(env!("CARGO_BIN_EXE_satu")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let done = std::process::Command::new("bash")
        .args(["-euc", &blocks.concat()])
        .current_dir(folder.path())
        .env("PATH", path)
        .env_remove("SATU_DB")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{told}\n{done:?}");
    assert_eq!(told.matches(": proven: ").count(), 5, "{told}");
    assert!(
        told.contains("the database still begins with those"),
        "{told}"
    );
}
