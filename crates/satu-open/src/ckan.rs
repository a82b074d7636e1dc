//! The part of CKAN's action API (version 3) that harvesters of other portals ask:
//! `package_list`, `package_show` and `package_search`.

mod search;

use serde_json::{Map, Value, json};

use crate::dataset::{Catalogue, Dataset, Kind};
use crate::dcat::{Format, LICENCE, Publisher};

/// Most packages of one answer, and how many where nobody says: as CKAN has it.
const MOST: usize = 1_000;
const ROWS: usize = 10;

/// Who publishes all packages, and under which licence.
const ORGANIZATION: &str = "satu-data-asn";
const LICENCE_ID: &str = "cc-by-4.0";

/// What is asked with: the parameters of a GET, or the JSON object of a POST.
pub type Asked = Map<String, Value>;

/// An action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    /// The names of all packages.
    List,
    /// One package, by `id` or `name_or_id`.
    Show,
    /// Packages that fit `q` and `fq`, `rows` of them behind the first `start`.
    Search,
}

impl Action {
    fn named(name: &str) -> Option<Action> {
        Some(match name {
            "package_list" => Action::List,
            "package_show" => Action::Show,
            "package_search" => Action::Search,
            _ => return None,
        })
    }
}

/// Why there is no answer.
enum Refused {
    /// No such package.
    NotFound,
    /// What should be a whole number is none.
    Number(&'static str),
    /// What must be given is not.
    Missing(&'static str),
}

impl Refused {
    /// The HTTP status, and the error, as CKAN has them.
    fn told(&self) -> (u16, Value) {
        let (name, why) = match self {
            Refused::NotFound => {
                let error = json!({ "__type": "Not Found Error", "message": "Not found" });
                return (404, error);
            }
            Refused::Number(name) => (name, "Invalid integer"),
            Refused::Missing(name) => (name, "Missing value"),
        };
        let mut error = json!({ "__type": "Validation Error" });
        error[name] = json!([why]);
        (409, error)
    }
}

/// The answer to an action by its name: the HTTP status and the document. What cannot be read comes as the
/// reason why.
///
/// As in CKAN (`ckan/views/api.py`), an action that is not known and a body that is no JSON object are told
/// in a text alone, without the document around it.
pub fn answer(
    action: &str,
    asked: Result<Asked, String>,
    all: &Catalogue,
    publisher: &Publisher,
) -> (u16, Value) {
    let bad = |why: String| (400, json!(format!("Bad request - {why}")));
    let Some(known) = Action::named(action) else {
        return bad(format!("Action name not known: {action}"));
    };
    let asked = match asked {
        Ok(asked) => asked,
        Err(why) => return bad(format!("JSON Error: {why}")),
    };
    let help = publisher.at(&format!("/api/3/action/{action}"));
    match result(known, &asked, all, publisher) {
        Ok(result) => {
            let document = json!({ "help": help, "success": true, "result": result });
            (200, document)
        }
        Err(refused) => {
            let (status, error) = refused.told();
            let document = json!({ "help": help, "success": false, "error": error });
            (status, document)
        }
    }
}

fn result(
    action: Action,
    asked: &Asked,
    all: &Catalogue,
    publisher: &Publisher,
) -> Result<Value, Refused> {
    let text = |name: &str| {
        let text = asked.get(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    };
    Ok(match action {
        Action::List => json!(all.datasets.iter().map(|one| &one.name).collect::<Vec<_>>()),
        Action::Show => {
            let id = text("name_or_id").or(text("id"));
            let id = id.ok_or(Refused::Missing("id"))?;
            package(all.dataset(id).ok_or(Refused::NotFound)?, publisher)
        }
        Action::Search => {
            let (start, rows) = (number(asked, "start")?, number(asked, "rows")?);
            let queries = [text("q"), text("fq")].map(Option::unwrap_or_default);
            let fits = all.datasets.iter();
            let fits: Vec<&Dataset> = fits
                .filter(|one| queries.iter().all(|query| search::found(one, query)))
                .collect();
            let page = fits.iter().skip(start.unwrap_or(0));
            let page = page.take(rows.unwrap_or(ROWS).min(MOST));
            json!({
                "count": fits.len(),
                "sort": "name asc",
                "facets": {},
                "search_facets": {},
                "results": page.map(|one| package(one, publisher)).collect::<Vec<_>>(),
            })
        }
    })
}

/// A whole number, as JSON has it or as a text.
fn number(asked: &Asked, name: &'static str) -> Result<Option<usize>, Refused> {
    let number = match asked.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(value) => value.as_u64().and_then(|number| number.try_into().ok()),
    };
    number.map(Some).ok_or(Refused::Number(name))
}

/// CKAN wants moments without a zone, in UTC.
fn moment(at: jiff::Timestamp) -> String {
    at.to_string().trim_end_matches('Z').to_owned()
}

/// When a dataset was released first, and last.
fn moments(one: &Dataset) -> [Option<String>; 2] {
    [one.versions.last(), one.newest()]
        .map(|version| version.map(|version| moment(version.released_at)))
}

fn package(one: &Dataset, publisher: &Publisher) -> Value {
    let newest = one.newest();
    let [created, changed] = moments(one);
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
        "license_id": LICENCE_ID,
        "license_title": "Creative Commons Attribution 4.0",
        "license_url": LICENCE,
        "version": newest.map(|version| version.day.to_string()),
        "metadata_created": created,
        "metadata_modified": changed,
        "organization": {
            "id": ORGANIZATION,
            "name": ORGANIZATION,
            "title": Publisher::NAME.id,
            "type": "organization",
            "is_organization": true,
            "state": "active",
        },
        "owner_org": ORGANIZATION,
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
