//! How SQLite means to answer a question, for tests.

use sqlx::{AssertSqlSafe, Row};

use crate::{KeyPlace, Store};

/// Asserts that these tables are never read through, and that those are sought in, by the names that the
/// question gives them.
pub(crate) async fn found_by_index(sql: &str, never_through: &[&str], sought: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let [file, key] = ["satu.db", "key"].map(|name| folder.path().join(name));
    let key = KeyPlace::File(key);
    let store = Store::open(file.to_str().unwrap(), &key).await.unwrap();
    let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")));
    let rows = plan.fetch_all(&store.pool).await.unwrap();
    let steps: Vec<String> = rows.iter().map(|row| row.get(3)).collect();
    let read = |how: &str, table: &str| {
        let step = format!("{how} {table} ");
        steps.iter().any(|one| format!("{one} ").starts_with(&step))
    };
    for table in never_through {
        assert!(!read("SCAN", table), "{table}: {steps:#?}");
    }
    for table in sought {
        assert!(read("SEARCH", table), "{table}: {steps:#?}");
    }
}
