//! What `package_search` finds: the part of Solr's query language that harvesters ask with.
//!
//! Words stand in a dataset's text; `field:value` is compared, with a blank only in quotes, a range in
//! brackets, a `*` at the end; `*` alone is everything; `-` before a condition denies it; conditions hold together
//! unless `OR` stands between them; signs without a letter say nothing. Parentheses around alternatives are passed over. A field that is none has no value:
//! so does CKAN's index, which takes any name.

use super::{LICENCE_ID, ORGANIZATION, moments};
use crate::dataset::Dataset;
use crate::dcat::Format;

/// Whether a dataset fits a query.
pub fn found(one: &Dataset, query: &str) -> bool {
    let (mut alternatives, mut or): (Vec<bool>, bool) = (Vec::new(), false);
    for term in terms(query) {
        match bare(term) {
            "AND" => {}
            "OR" | "||" => or = true,
            // A dash between words is no word.
            sign if !sign.contains(|sign: char| sign.is_alphanumeric() || sign == '*') => {}
            term => {
                let holds = match term.strip_prefix('-') {
                    Some(denied) => !holds(one, bare(denied)),
                    None => holds(one, bare(term.trim_start_matches('+'))),
                };
                match alternatives.last_mut().filter(|_| or) {
                    Some(before) => *before |= holds,
                    None => alternatives.push(holds),
                }
                or = false;
            }
        }
    }
    alternatives.iter().all(|one| *one)
}

/// A term without the parentheses around it.
fn bare(term: &str) -> &str {
    term.trim_matches(['(', ')'])
}

/// The parts between blanks that stand neither in quotes nor in brackets.
fn terms(query: &str) -> impl Iterator<Item = &str> {
    let mut until = None;
    query.split(move |sign: char| {
        match (until, sign) {
            (Some(end), sign) if sign == end => until = None,
            (None, '"') => until = Some('"'),
            (None, '[') => until = Some(']'),
            _ => {}
        }
        until.is_none() && sign.is_whitespace()
    })
}

fn holds(one: &Dataset, term: &str) -> bool {
    match term.split_once(':') {
        Some(("*", "*")) => true,
        None if term == "*" => true,
        Some((field, value)) if !field.contains('"') => compared(one, field, value),
        _ => text(one).contains(&quoted(term).to_lowercase()),
    }
}

fn quoted(value: &str) -> &str {
    value.trim_matches('"')
}

/// Everything in a dataset that words are looked for in.
fn text(one: &Dataset) -> String {
    let texts = [&one.title, &one.about].into_iter().chain(&one.keywords);
    let texts = texts.flat_map(|text| [&*text.id, &*text.en]);
    let all: Vec<&str> = texts.chain([one.name.as_str()]).collect();
    all.join(" ").to_lowercase()
}

/// Whether any value of a field is this one.
fn compared(one: &Dataset, field: &str, value: &str) -> bool {
    let words = |text: &[&crate::Both]| {
        let text: Vec<String> = text
            .iter()
            .map(|text| format!("{} {}", text.id, text.en))
            .collect();
        text.join(" ")
            .to_lowercase()
            .contains(&quoted(value).to_lowercase())
    };
    let [created, changed] = moments(one);
    let values: Vec<String> = match field {
        "text" => return text(one).contains(&quoted(value).to_lowercase()),
        "title" => return words(&[&one.title]),
        "notes" => return words(&[&one.about]),
        "id" | "name" => vec![one.name.clone()],
        "organization" | "owner_org" => vec![ORGANIZATION.to_owned()],
        "tags" => one
            .keywords
            .iter()
            .map(|word| word.id.to_string())
            .collect(),
        "type" | "dataset_type" => vec!["dataset".to_owned()],
        "state" => vec!["active".to_owned()],
        "capacity" => vec!["public".to_owned()],
        "private" => vec!["false".to_owned()],
        "license_id" => vec![LICENCE_ID.to_owned()],
        "res_format" => Format::ALL
            .map(|format| format.ending().to_uppercase())
            .to_vec(),
        "metadata_created" => created.into_iter().collect(),
        "metadata_modified" => changed.into_iter().collect(),
        _ => return false,
    };
    let range = value
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let range = range.and_then(|range| range.split_once(" TO "));
    values
        .iter()
        .any(|own| match (range, value.strip_suffix('*')) {
            (Some((from, to)), _) => {
                let [from, to] = [from, to].map(|end| end.trim().trim_end_matches('Z'));
                (from == "*" || from <= own.as_str()) && (to == "*" || own.as_str() <= to)
            }
            (None, Some(begin)) => own.starts_with(begin),
            (None, None) => own == quoted(value),
        })
}
