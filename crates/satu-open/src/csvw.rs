//! The variables of a version's CSV, as CSV on the Web metadata (W3C Recommendation of 17 December
//! 2015): found by programs at the CSV's own address with `-metadata.json` behind it.

use serde_json::{Value, json};

use crate::Both;
use crate::dataset::{Dataset, Holds, Kind, Version};
use crate::dcat::{Format, LICENCE, Publisher};

fn words(text: &Both) -> Value {
    let each = text.each();
    json!(each.map(|(language, text)| json!({ "@value": text, "@language": language })))
}

/// The metadata of a version's CSV.
pub fn metadata(one: &Dataset, version: &Version, publisher: &Publisher) -> Value {
    let columns = one.variables.iter().map(|variable| {
        let kind = match variable.holds {
            Holds::Text if variable.codes.is_empty() => json!("string"),
            Holds::Text => {
                let codes = variable.codes.iter().map(|(code, _)| code.as_str());
                json!({ "base": "string", "format": codes.collect::<Vec<_>>().join("|") })
            }
            Holds::Number => json!({ "base": "integer", "minimum": "0" }),
            Holds::Day => json!({ "base": "date", "format": "yyyy-MM-dd" }),
        };
        let required = matches!(one.kind, Kind::Statistics(_)) && variable.name != "jumlah";
        let mut column = json!({
            "name": variable.name,
            "titles": variable.name,
            "rdfs:label": words(&variable.title),
            "dc:description": words(&variable.about),
            "datatype": kind,
            "required": required,
        });
        if !variable.codes.is_empty() {
            let concepts = variable.codes.iter().map(|(code, name)| {
                json!({ "@type": "skos:Concept", "skos:notation": code, "skos:prefLabel": words(name) })
            });
            column["rdfs:range"] = json!({
                "@type": "skos:ConceptScheme",
                "skos:hasTopConcept": concepts.collect::<Vec<_>>(),
            });
        }
        column
    });
    let mut schema = json!({ "columns": columns.collect::<Vec<_>>() });
    if matches!(one.kind, Kind::Statistics(_)) {
        let keys = one.variables.iter().map(|variable| variable.name.as_str());
        let keys = keys.filter(|name| !matches!(*name, "jumlah" | "kerahasiaan"));
        schema["primaryKey"] = keys.collect();
    }
    json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": "id" }],
        "url": publisher.file(&one.name, version, Format::Csv),
        "dc:title": words(&one.title),
        "dc:description": words(&one.about),
        "dc:license": { "@id": LICENCE },
        "dc:issued": version.released_at.to_string(),
        "dialect": { "encoding": "utf-8", "header": true, "delimiter": "," },
        "tableSchema": schema,
    })
}
