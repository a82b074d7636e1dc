//! The part of CKAN's action API (version 3) that harvesters of other portals ask:
//! `package_list`, `package_show` and `package_search`.

use serde_json::{Value, json};

use crate::dataset::{Catalogue, Dataset, Kind};
use crate::dcat::{Format, LICENCE, Publisher};

/// Most packages of one answer, as CKAN has it.
pub const MOST: usize = 1_000;

/// An action that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action<'a> {
    /// The names of all packages.
    List,
    /// One package.
    Show(&'a str),
    /// Packages that hold some words.
    Search {
        /// The words; empty or `*:*` for all.
        query: &'a str,
        /// How many come before.
        start: usize,
        /// How many at most.
        rows: usize,
    },
}

/// The answer: whether it was found, and the document.
pub fn answer(action: Action<'_>, all: &Catalogue, publisher: &Publisher) -> (bool, Value) {
    let name = match action {
        Action::List => "package_list",
        Action::Show(_) => "package_show",
        Action::Search { .. } => "package_search",
    };
    let help = publisher.at(&format!("/api/3/action/{name}"));
    let result = match action {
        Action::List => json!(all.datasets.iter().map(|one| &one.name).collect::<Vec<_>>()),
        Action::Show(id) => {
            let Some(one) = all.dataset(id) else {
                let error = json!({ "__type": "Not Found Error", "message": "Not found" });
                let document = json!({ "help": help, "success": false, "error": error });
                return (false, document);
            };
            package(one, publisher)
        }
        Action::Search { query, start, rows } => {
            let fits: Vec<&Dataset> = all
                .datasets
                .iter()
                .filter(|one| found(one, query))
                .collect();
            let page = fits.iter().skip(start).take(rows.min(MOST));
            json!({
                "count": fits.len(),
                "sort": "name asc",
                "facets": {},
                "search_facets": {},
                "results": page.map(|one| package(one, publisher)).collect::<Vec<_>>(),
            })
        }
    };
    (
        true,
        json!({ "help": help, "success": true, "result": result }),
    )
}

/// Whether all words of a query stand in a dataset. A harvester's `*:*` and `field:value` conditions
/// on what every dataset here shares let it pass.
fn found(one: &Dataset, query: &str) -> bool {
    let text = [&one.title, &one.about]
        .into_iter()
        .chain(&one.keywords)
        .flat_map(|text| [&*text.id, &*text.en])
        .chain([one.name.as_str()])
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    query
        .split_whitespace()
        .filter(|word| *word != "*:*")
        .all(|word| text.contains(&word.trim_matches('"').to_lowercase()))
}

/// CKAN wants moments without a zone, in UTC.
fn moment(at: jiff::Timestamp) -> String {
    at.to_string().trim_end_matches('Z').to_owned()
}

fn package(one: &Dataset, publisher: &Publisher) -> Value {
    let newest = one.newest();
    let changed = newest.map(|version| moment(version.released_at));
    let created = one
        .versions
        .last()
        .map(|version| moment(version.released_at));
    let mut resources = Vec::new();
    for version in &one.versions {
        for format in Format::ALL {
            let url = publisher.file(&one.name, version, format);
            let hash = if format == Format::Csv {
                version.hash.as_str()
            } else {
                ""
            };
            resources.push(json!({
                "id": format!("{}-{}-{}", one.name, version.day, format.ending()),
                "package_id": one.name,
                "name": format!("{} ({})", version.day, format.ending().to_uppercase()),
                "description": one.about.id,
                "url": url,
                "format": format.ending().to_uppercase(),
                "mimetype": format.media_type(),
                "hash": hash,
                "created": moment(version.released_at),
                "last_modified": moment(version.released_at),
                "state": "active",
                "position": resources.len(),
                "describedBy": publisher.metadata(&one.name, version),
            }));
        }
    }
    let tags = one.keywords.iter().map(
        |keyword| json!({ "name": keyword.id, "display_name": keyword.id, "state": "active" }),
    );
    json!({
        "id": one.name,
        "name": one.name,
        "title": one.title.id,
        "title_translated": { "id": one.title.id, "en": one.title.en },
        "notes": one.about.id,
        "notes_translated": { "id": one.about.id, "en": one.about.en },
        "url": publisher.dataset(&one.name),
        "type": "dataset",
        "state": "active",
        "private": false,
        "isopen": true,
        "license_id": "cc-by-4.0",
        "license_title": "Creative Commons Attribution 4.0",
        "license_url": LICENCE,
        "version": newest.map(|version| version.day.to_string()),
        "metadata_created": created,
        "metadata_modified": changed,
        "organization": {
            "id": "satu-data-asn",
            "name": "satu-data-asn",
            "title": Publisher::NAME.id,
            "type": "organization",
            "is_organization": true,
            "state": "active",
        },
        "owner_org": "satu-data-asn",
        "author": Publisher::NAME.id,
        "maintainer": Publisher::NAME.id,
        "groups": [],
        "tags": tags.collect::<Vec<_>>(),
        "num_tags": one.keywords.len(),
        "extras": [
            { "key": "kind", "value": match one.kind {
                Kind::Statistics(_) => "statistics",
                Kind::CodeList => "code list",
                Kind::Standard => "standard",
            } },
            { "key": "spatial", "value": "Indonesia" },
        ],
        "num_resources": resources.len(),
        "resources": resources,
    })
}
