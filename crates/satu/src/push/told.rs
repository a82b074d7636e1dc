//! What became of a file that has arrived.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Args;
use crate::remote::Remote;
use crate::{Failure, check, print};

/// Waits of an answer: the first, and the longest.
const SOON: Duration = Duration::from_millis(200);
const LATER: Duration = Duration::from_secs(5);
/// Findings shown.
const SHOWN: usize = 20;

/// Waits for what becomes of the file, and tells it.
pub async fn told(remote: &mut Remote, args: &Args, path: &str) -> Result<ExitCode, Failure> {
    let strange = || Failure {
        message: "the register does not know what became of the file".to_owned(),
        hint: "Run the same command again: what is there is not sent twice.".to_owned(),
    };
    let (mut wait, begun) = (SOON, Instant::now());
    let (id, already) = loop {
        let upload = remote.get(path).await?;
        match upload["state"].as_str() {
            Some("taken") => {
                let id = upload["submission"].as_i64().ok_or_else(strange)?;
                break (id, upload["already"] == true);
            }
            Some("taking-in") if begun.elapsed() < Duration::from_mins(args.wait.into()) => {
                tokio::time::sleep(wait).await;
            }
            Some("taking-in") => {
                return Err(Failure {
                    message: "the file has arrived, and the register has not taken it in yet".to_owned(),
                    hint: "It does so later; run the same command again for what became of it: nothing is sent twice."
                        .to_owned(),
                });
            }
            Some("refused") => {
                let word = |name: &str| upload[name].as_str().unwrap_or("").to_owned();
                let told = format!(
                    "the register refused the file: {} {}",
                    word("field"),
                    word("reason")
                );
                return Err(Failure {
                    message: told,
                    hint: "Nothing was taken in; mend the file and send it again.".to_owned(),
                });
            }
            _ => return Err(strange()),
        }
        wait = (wait * 2).min(LATER);
    };
    let mut delivery = remote.get(&format!("/api/v1/submissions/{id}")).await?;
    let rejected = delivery["rejected"].as_u64().unwrap_or(0);
    if args.json {
        let fields = delivery.as_object_mut();
        let findings = fields.and_then(|fields| fields.remove("findings"));
        let told = json!({ "submission": delivery, "already": already, "findings": findings });
        print(&format!("{told}\n"));
    } else {
        print(&text(&delivery, already));
    }
    Ok(ExitCode::from(u8::from(rejected > 0)))
}

fn text(delivery: &Value, already: bool) -> String {
    let count = |name: &str| delivery[name].as_u64().unwrap_or(0);
    let mut lines = vec![format!(
        "submission {}: {} rows = {} accepted + {} with warnings + {} rejected{}",
        delivery["id"],
        count("rows"),
        count("accepted"),
        count("accepted_with_warnings"),
        count("rejected"),
        if already {
            "; these bytes were there already, nothing changed"
        } else {
            ""
        }
    )];
    let columns = delivery["other_columns"].as_array().into_iter().flatten();
    let columns: Vec<String> = columns
        .map(|one| check::plain(one.as_str().unwrap_or("")))
        .collect();
    if !columns.is_empty() {
        lines.push(format!(
            "  other columns (kept, not checked): {}",
            columns.join(", ")
        ));
    }
    let findings = delivery["findings"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    for one in findings.iter().take(SHOWN) {
        let word = |name: &str| one[name].as_str().unwrap_or("");
        let [column, value, rule, severity] =
            ["column", "value", "rule", "severity"].map(|name| check::plain(word(name)));
        // A sentence is longer than what is plain, and of the register: no value is in it.
        let message: String = word("message")
            .chars()
            .filter(|c| !c.is_control())
            .collect();
        let row = &one["row"];
        lines.push(format!(
            "  row {row}, {column}, \"{value}\": {message} [{rule}, {severity}]"
        ));
    }
    if findings.len() > SHOWN || delivery["more"].is_string() {
        lines.push(format!(
            "  ... and more: the page /kiriman/{} of the register shows all",
            delivery["id"]
        ));
    }
    lines.join("\n") + "\n"
}
