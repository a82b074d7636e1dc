//! Databases that cannot be used: what is wrong is told at once, and what to do.

use std::fs::write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::{ran, server};

#[test]
fn what_is_wrong_with_a_database_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at.join("catatan.txt"), "Ini catatan. ".repeat(100)).unwrap();
    let server = server();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = nobody.local_addr().unwrap().port();
    drop(nobody);
    for (db, cause, hint) in [
        ("catatan.txt", "file is not a database", "Correct --db"),
        (".", "unable to open database file", "can be reached"),
        (
            &format!("{server}/tiada"),
            "database \"tiada\" does not exist",
            "Correct --db",
        ),
        (
            &server.replace("satu@", "tiada@"),
            "role \"tiada\" does not exist",
            "Correct the user",
        ),
        (
            &format!("postgres://satu@127.0.0.1:{port}/satu"),
            "Connection refused",
            "can be reached",
        ),
    ] {
        let begun = Instant::now();
        let output = ran(at, &["verify", "--db", db], 2);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(cause) && told.contains(hint), "{db}: {told}");
        assert!(begun.elapsed() < Duration::from_secs(30), "{db}: {told}");
    }
}
