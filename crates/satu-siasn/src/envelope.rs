//! The forms of answers.

use serde_json::{Value, json};

/// What the service says where a read finds nothing; one program knows this very text alone.
pub const NOTHING: &str = "Data tidak ditemukan";

/// A read that found what was asked for.
pub fn found(data: impl Into<Value>) -> Value {
    let data = data.into();
    let count = match &data {
        Value::Array(rows) => rows.len(),
        Value::Null => 0,
        _ => 1,
    };
    json!({ "code": 1, "count": count, "data": data, "message": "success" })
}

/// A read that failed, and why.
pub fn failed(why: &str) -> Value {
    json!({ "code": 0, "count": 0, "data": why, "message": why })
}

/// A write that was taken: the key under which programs look for the row's id, and the id. Without a key
/// the id stands alone.
pub fn written(key: &str, id: &str) -> Value {
    let told = match key {
        "" => Value::from(id),
        key => json!({ key: id }),
    };
    json!({ "success": true, "code": 1, "message": "success", "mapData": told })
}

/// A write whose content does not hold, and why. Programs take `data` and `mapData` for rows where the status
/// is a good one.
pub fn declined(why: &str) -> Value {
    json!({ "success": false, "code": 0, "message": why, "mapData": null, "data": null })
}

/// A write that was not taken, and why.
pub fn refused(why: &str) -> Value {
    json!({ "success": false, "code": 0, "message": why, "mapData": why, "data": why })
}

/// What a call to bring the main record in step is answered: every form at once that some program
/// takes for success.
pub fn synced(message: &str) -> Value {
    json!({
        "Error": "false",
        "Message": message,
        "code": 1,
        "success": true,
        "message": message,
        "data": null,
        "mapData": {},
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_count_is_that_of_the_rows() {
        assert_eq!(super::found(json!([]))["count"], 0);
        assert_eq!(super::found(json!([1, 2]))["count"], 2);
        assert_eq!(super::found(json!({}))["count"], 1);
    }
}
