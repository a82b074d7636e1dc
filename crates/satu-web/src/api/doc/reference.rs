//! The page made from the document: what each address is asked, and what it answers.

use std::sync::LazyLock;

use askama::Template;
use serde_json::Value;

use super::DOCUMENT;
use crate::page::{self, Answer, Page};

#[derive(Template)]
#[template(path = "api.html")]
struct Reference {
    page: Page,
    lines: &'static [Line],
}

/// One address.
struct Line {
    method: String,
    path: String,
    summary: String,
    parameters: Vec<Part>,
    body: Vec<Part>,
    answers: Vec<Answered>,
    /// Statuses of problems.
    problems: Vec<String>,
    rights: String,
}

/// A parameter, or a field of a body.
struct Part {
    name: String,
    says: String,
    needed: bool,
}

/// What comes back.
struct Answered {
    status: String,
    says: String,
    fields: Vec<Part>,
}

/// `/api`: every address, for people.
pub async fn reference(page: Page) -> Answer {
    static LINES: LazyLock<Vec<Line>> =
        LazyLock::new(|| lines(&serde_json::to_value(&*DOCUMENT).unwrap_or_default()));
    page::show(&Reference {
        page,
        lines: &LINES,
    })
}

fn lines(all: &Value) -> Vec<Line> {
    let mut lines = Vec::new();
    for (path, item) in members(&all["paths"]) {
        for (method, operation) in members(item) {
            lines.push(line(all, method, path, operation));
        }
    }
    lines
}

fn line(all: &Value, method: &str, path: &str, operation: &Value) -> Line {
    // Any of them opens the address, with all the rights that it names.
    let door = |door: &Value| {
        let rights = items(&door["oauth"]).map(said);
        rights.collect::<Vec<_>>().join(" ")
    };
    let rights: Vec<String> = items(&operation["security"]).map(door).collect();
    let parameter = |one: &Value| Part {
        name: said(&one["name"]),
        says: said(&one["description"]),
        needed: one["required"] == true,
    };
    let body = members(&operation["requestBody"]["content"]);
    let (done, problems): (Vec<_>, Vec<_>) =
        members(&operation["responses"]).partition(|(status, _)| status.starts_with('2'));
    let answered = |(status, told): (&String, &Value)| Answered {
        status: status.clone(),
        says: said(&told["description"]),
        fields: members(&told["content"])
            .flat_map(|(_, content)| fields(all, &content["schema"], ""))
            .collect(),
    };
    Line {
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: [&operation["summary"], &operation["description"]]
            .map(said)
            .join(" "),
        parameters: items(&operation["parameters"]).map(parameter).collect(),
        body: body
            .flat_map(|(_, content)| fields(all, &content["schema"], ""))
            .collect(),
        answers: done.into_iter().map(answered).collect(),
        problems: problems
            .into_iter()
            .map(|(status, _)| status.clone())
            .collect(),
        rights: rights.join(" / "),
    }
}

/// The fields of a schema; those of the rows of a list behind the list's name.
fn fields(all: &Value, schema: &Value, before: &str) -> Vec<Part> {
    let place = said(&schema["$ref"]);
    let schema = all
        .pointer(place.trim_start_matches('#'))
        .filter(|_| !place.is_empty())
        .unwrap_or(schema);
    let mut parts: Vec<Part> = items(&schema["allOf"])
        .flat_map(|one| fields(all, one, before))
        .collect();
    for (name, one) in members(&schema["properties"]) {
        parts.push(Part {
            name: format!("{before}{name}"),
            says: said(&one["description"]),
            needed: items(&schema["required"]).any(|needed| needed == name),
        });
        if before.is_empty() {
            parts.extend(fields(all, &one["items"], &format!("{name}[].")));
        }
    }
    parts
}

fn said(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
