//! The connection to PostgreSQL, encrypted. `scripts/with-postgres` gives the server a certificate.

use std::io::{Read, Write};
use std::net::TcpListener;

use satu_store::{Store, StoreError};
use sqlx::{AnyPool, Row};

use crate::{databases, key_file};

#[tokio::test]
async fn a_connection_is_encrypted_and_the_certificate_is_looked_at() {
    let (folder, all) = databases().await;
    let address = &all[1];
    let ca = std::env::var("SATU_TEST_POSTGRES_CA").unwrap();
    let trusted = format!("{address}?sslmode=verify-full&sslrootcert={ca}");
    let store = Store::open(&trusted, &key_file()).await.unwrap();
    let name = address.rsplit('/').next().unwrap();
    let server = AnyPool::connect(address).await.unwrap();
    let sql = "SELECT count(*), count(*) FILTER (WHERE s.ssl AND s.version >= 'TLSv1.2') FROM pg_stat_ssl s \
               JOIN pg_stat_activity a ON a.pid = s.pid WHERE a.datname = $1 AND a.pid <> pg_backend_pid()";
    let row = sqlx::query(sql).bind(name.to_owned()).fetch_one(&server);
    let row = row.await.unwrap();
    let (connections, encrypted): (i64, i64) = (row.get(0), row.get(1));
    assert!(
        connections > 0 && connections == encrypted,
        "{connections} {encrypted}"
    );
    drop(store);

    // Another authority, and none that is named.
    let other = folder.path().join("lain.pem");
    let made = std::process::Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args([
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=lain",
            "-keyout",
            "/dev/null",
            "-out",
        ])
        .arg(&other)
        .output()
        .unwrap();
    assert!(made.status.success());
    for more in [
        format!("sslmode=verify-full&sslrootcert={}", other.display()),
        "sslmode=verify-full".to_owned(),
    ] {
        let refused = Store::open(&format!("{address}?{more}"), &key_file()).await;
        assert!(matches!(refused, Err(StoreError::Tls(_))), "{refused:?}");
    }
}

/// A server, or somebody between, that says it cannot: eight bytes ask for encryption (PostgreSQL 17
/// documentation, 53.2.9), and after its "N" nothing more may come.
#[tokio::test]
async fn a_server_that_cannot_encrypt_is_told_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 8];
        stream.read_exact(&mut asked).unwrap();
        stream.write_all(b"N").unwrap();
        let mut more = Vec::new();
        let _ = stream.read_to_end(&mut more);
        more
    });
    let address = format!("postgres://satu:rahasia@127.0.0.1:{port}/satu?sslmode=require");
    let refused = Store::open(&address, &key_file()).await;
    assert!(matches!(refused, Err(StoreError::Tls(_))), "{refused:?}");
    assert_eq!(heard.join().unwrap(), b"");
}
