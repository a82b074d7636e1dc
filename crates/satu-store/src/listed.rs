//! Many values as one: a question about a list has one text however long the list is, so that an engine
//! prepares it once.

use serde_json::Value;
use sqlx::AnyConnection;

/// Most values of a list whose length nothing else bounds, so that what is read at a time is.
pub(crate) const MOST: usize = 5_000;

/// A list as it is bound: JSON.
pub(crate) fn listed<T: Into<Value>>(values: impl IntoIterator<Item = T>) -> String {
    Value::from_iter(values).to_string()
}

/// That a column is one of the numbers of the list bound as the `at`th value.
pub(crate) fn in_numbers(connection: &AnyConnection, at: usize) -> String {
    if is_sqlite(connection) {
        return in_texts(connection, at);
    }
    // Asked for once, so that where no index serves it the list is not read anew for each row.
    format!("= ANY((SELECT {})::bigint[])", numbers(at))
}

/// The same of texts.
pub(crate) fn in_texts(connection: &AnyConnection, at: usize) -> String {
    if is_sqlite(connection) {
        return format!("IN (SELECT value FROM json_each(${at}))");
    }
    format!("= ANY(ARRAY(SELECT jsonb_array_elements_text(${at}::jsonb)))")
}

/// The numbers of such a list as a table with the one column `value`.
pub(crate) fn number_rows(connection: &AnyConnection, at: usize) -> String {
    if is_sqlite(connection) {
        return format!("(SELECT value FROM json_each(${at}))");
    }
    format!("(SELECT unnest({}) AS value)", numbers(at))
}

/// The list as PostgreSQL reads an array.
fn numbers(at: usize) -> String {
    format!("translate(${at}, '[]', '{{}}')::bigint[]")
}

fn is_sqlite(connection: &AnyConnection) -> bool {
    connection.backend_name() == "SQLite"
}
