//! What PostgreSQL knows of its tables when it plans.

use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_store::Store;
use satu_store::entry::{Entry, Linked};
use sqlx::Row;

use crate::{databases, deliver, key_file, source};

/// Rows that PostgreSQL believes a table holds; -1 where it never looked.
async fn believed(address: &str, table: &str) -> i64 {
    sqlx::query("SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE relname = $1")
        .bind(table.to_owned())
        .fetch_one(&sqlx::AnyPool::connect(address).await.unwrap())
        .await
        .unwrap()
        .get(0)
}

#[tokio::test]
async fn postgresql_has_looked_at_its_tables_after_a_large_write() {
    const ROWS: i64 = 6_000;
    let (_folder, addresses) = databases().await;
    let address = &addresses[1];
    let store = Store::open(address, &key_file()).await.unwrap();
    let mut writer = store.begin().await.unwrap();
    let pusat = source("pusat", SourceKind::Central);
    writer.append(&pusat).await.unwrap();
    writer.commit().await.unwrap();
    assert_eq!(believed(address, "statement").await, -1, "nothing to know");

    let facts: Vec<String> = (0..ROWS).map(|at| format!("{at:018}")).collect();
    let rows: Vec<[(&str, &str); 2]> = facts
        .iter()
        .map(|fact| [("nip", fact.as_str()), ("nama", "Contoh Nama")])
        .collect();
    let rows: Vec<&[(&str, &str)]> = rows.iter().map(|row| &row[..]).collect();
    let mut writer = store.begin().await.unwrap();
    let said = deliver(&mut writer, "pusat", Kind::DataUtama, &rows).await;
    writer.commit().await.unwrap();
    assert_eq!(believed(address, "statement").await, ROWS);

    // One entry, and as many memberships as statements.
    let moved = said.iter().zip(1..).map(|(one, at)| (*one, at)).collect();
    let mut writer = store.begin().await.unwrap();
    let linked = Entry::Linked(Linked { moved });
    writer.append(&linked).await.unwrap();
    writer.commit().await.unwrap();
    assert_eq!(believed(address, "member").await, ROWS);
}
