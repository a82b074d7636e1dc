//! Many values as one: a question about a list has one text however long the list is, so that an engine
//! prepares it once.

use serde_json::Value;
use sqlx::AnyConnection;

/// A list as it is bound: JSON.
pub(crate) fn listed<T: Into<Value>>(values: impl IntoIterator<Item = T>) -> String {
    Value::from_iter(values).to_string()
}

/// The numbers of the list bound as the `at`th value: a question with the one column `value`.
pub(crate) fn numbers(connection: &AnyConnection, at: usize) -> String {
    if connection.backend_name() == "SQLite" {
        return texts(connection, at);
    }
    let texts = texts(connection, at);
    format!("(SELECT value::bigint AS value FROM {texts} AS text)")
}

/// The same of texts.
pub(crate) fn texts(connection: &AnyConnection, at: usize) -> String {
    if connection.backend_name() == "SQLite" {
        format!("(SELECT value FROM json_each(${at}))")
    } else {
        format!("(SELECT value FROM jsonb_array_elements_text(${at}::jsonb) AS value)")
    }
}
