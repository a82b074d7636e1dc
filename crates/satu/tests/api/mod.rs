//! The API as programs of others meet it: schemathesis, which asks what its document says, and a
//! client of tus.

use std::fs::write;
use std::path::Path;
use std::process::{Command, Output};

use crate::feed::{Server, program, serve};
use crate::{people, ran};

/// A program of the Python that `scripts/test` prepares.
fn python(name: &str) -> Command {
    let python = std::env::var("SATU_TEST_PYTHON");
    let python = python.expect("scripts/test says where the Python of the tests is");
    Command::new(Path::new(&python).with_file_name(name))
}

fn told(done: &Output) -> String {
    [&done.stdout, &done.stderr]
        .map(|text| String::from_utf8_lossy(text))
        .concat()
}

const RIGHTS: &str = "people.read people.sensitive statements.write review.write changes.read";

/// A register that is served, and the key of a program that may do everything.
fn served(at: &Path) -> (Server, String) {
    write(at.join("pegawai.csv"), people(0..30)).unwrap();
    let instansi = "Pemerintah Kota Contoh";
    let intake = [
        "intake",
        "--db",
        "satu.db",
        "--source",
        "kota",
        "--instansi",
        instansi,
    ];
    ran(at, &[&intake[..], &["pegawai.csv"]].concat(), 0);
    ran(at, &["link", "--db", "satu.db"], 0);
    let key = program(at, "satu.db", RIGHTS);
    (serve(at, "satu.db", &[]), key)
}

/// Every address is asked what the document allows and what it does not; no answer may be a fault,
/// or one that the document does not tell of.
#[test]
fn the_document_says_what_is_so() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (server, key) = served(at);
    let secret = std::fs::read_to_string(at.join("rahasia")).unwrap();
    let form = format!("grant_type=client_credentials&client_id={key}&client_secret={secret}");
    let token = Command::new("curl")
        .args([
            "-sSf",
            "-d",
            &form,
            &format!("{}/oauth2/token", server.base),
        ])
        .output()
        .unwrap();
    let token: serde_json::Value = serde_json::from_slice(&token.stdout).unwrap();
    let token = token["access_token"].as_str().unwrap();
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api");
    let done = python("schemathesis")
        .args(["--config-file", &format!("{here}/schemathesis.toml"), "run"])
        .arg(format!("{}/api/v1/openapi.json", server.base))
        .args(["--header", &format!("Authorization: Bearer {token}")])
        // The stream lasts as long as its reader likes.
        .args([
            "--checks",
            "all",
            "--exclude-path",
            "/api/v1/changes/stream",
        ])
        .args([
            "--max-examples",
            "25",
            "--seed",
            "2026",
            "--workers",
            "1",
            "--no-color",
        ])
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PYTHONPATH", here)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(at)
        .output()
        .unwrap();
    let said = told(&done);
    assert!(done.status.success(), "{said}");
    assert!(said.contains("32 selected / 33 total"), "{said}");
}

/// The client of tus.io for Python sends a file in parts.
#[test]
fn a_client_of_tus_sends_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (server, key) = served(at);
    write(at.join("baru.csv"), people(30..3_000)).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/tus.py");
    let done = python("python")
        .args([script, &server.base, &key, "rahasia", "baru.csv"])
        .current_dir(at)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", told(&done));
    assert!(
        told(&done).contains("2970 rows in 40 parts or more"),
        "{}",
        told(&done)
    );
}
