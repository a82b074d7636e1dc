//! What the catalogue says.

use jiff::Timestamp;
use jiff::civil::date;
use satu_open::ckan::answer;
use satu_open::dataset::{Catalogue, Dataset, Version};
use satu_open::dcat::{self, Publisher};
use satu_open::rdf::{json_ld, turtle};
use serde_json::{Value, json};

fn publisher() -> Publisher {
    Publisher {
        base: "https://satu.example".to_owned(),
        contact: None,
    }
}

fn version(month: i8, hash: &str) -> Version {
    Version {
        day: date(2026, month, 1),
        released_at: Timestamp::UNIX_EPOCH,
        hash: hash.to_owned(),
    }
}

#[test]
fn a_version_in_which_nothing_changed_is_none() {
    let mut one = Dataset::described("kode-agama", &["id", "nama"]);
    for (month, hash) in [(11, "b"), (10, "b"), (9, "a"), (8, "b")] {
        one.add_older(version(month, hash));
    }
    let months: Vec<i8> = one.versions.iter().map(|one| one.day.month()).collect();
    assert_eq!(months, [10, 9, 8]);
    assert_eq!(one.version(date(2026, 9, 1)), Some(&version(9, "a")));
    assert_eq!(one.version(date(2026, 11, 1)), None);
}

fn catalogue() -> Catalogue {
    let columns = [
        "instansi",
        "jenis_kelamin",
        "kelompok_usia",
        "periode",
        "jumlah",
        "kerahasiaan",
    ];
    let mut ages = Dataset::described("asn-usia", &columns);
    ages.add_older(version(11, "b"));
    ages.add_older(version(10, "a"));
    let mut codes = Dataset::described("kode-agama", &["id", "nama"]);
    codes.add_older(version(10, "c"));
    Catalogue {
        datasets: vec![ages, codes],
    }
}

#[test]
fn every_version_stands_in_the_catalogue_with_its_files() {
    let nodes = dcat::catalogue(&catalogue(), &publisher());
    let text = turtle(&nodes);
    for said in [
        "<https://satu.example/data/asn-usia>\n    rdf:type dcat:Dataset",
        "dcat:hasVersion <https://satu.example/data/asn-usia/2026-10-01>",
        "dcat:hasCurrentVersion <https://satu.example/data/asn-usia/2026-11-01>",
        "dcat:previousVersion <https://satu.example/data/asn-usia/2026-10-01>",
        "dcat:downloadURL <https://satu.example/data/kode-agama/2026-10-01.parquet>",
        "dcat:version \"2026-11-01\"",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    let document = json_ld(&nodes);
    assert_eq!(document["@graph"].as_array().unwrap().len(), nodes.len());
    // What stands in one description of a thing stands nowhere a second time.
    let mut names: Vec<&String> = nodes.iter().map(|node| &node.iri).collect();
    names.sort();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn a_harvester_pages_and_searches() {
    let all = catalogue();
    let told = |action, asked: Value| {
        let asked = asked.as_object().cloned();
        answer(
            action,
            asked.ok_or("no object".to_owned()),
            &all,
            &publisher(),
        )
    };
    let search = |query: &str, start: usize, rows: usize| {
        let asked = json!({ "q": query, "start": start, "rows": rows.to_string() });
        let (status, document) = told("package_search", asked);
        assert_eq!((status, &document["success"]), (200, &json!(true)));
        let result = &document["result"];
        let names = result["results"].as_array().unwrap().iter();
        let names: Vec<String> = names
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect();
        (result["count"].as_u64().unwrap(), names)
    };
    assert_eq!(search("*:*", 0, 1), (2, vec!["asn-usia".to_owned()]));
    assert_eq!(search("", 1, 9), (2, vec!["kode-agama".to_owned()]));
    assert_eq!(search("AGE band", 0, 9), (1, vec!["asn-usia".to_owned()]));
    assert_eq!(search("tiada", 0, 9), (0, vec![]));
    // Conditions on fields, as ckanext-harvest and others ask with (Solr's query language).
    for (query, count) in [
        ("organization:satu-data-asn", 2),
        ("organization:lain OR organization:\"satu-data-asn\"", 2),
        ("organization:lain", 0),
        ("-organization:lain +state:active", 2),
        ("-organization:satu-data-asn", 0),
        ("*:* AND metadata_modified:[1970-01-01T00:00:00Z TO *]", 2),
        ("metadata_modified:[1970-01-01T00:00:01Z TO NOW]", 0),
        ("metadata_created:[* TO 1970-01-01T00:00:00.000Z]", 2),
        ("name:kode-agama", 1),
        ("name:asn*", 1),
        ("(name:asn-usia OR id:kode-agama) AND res_format:CSV", 2),
        ("name:asn-usia age band", 1),
        ("name:kode-agama age band", 0),
        ("title:\"age band\"", 1),
        ("tidak_ada:x", 0),
        ("\"a:b\"", 0),
        ("age - band", 1),
        ("kode-agama -", 1),
        ("- + && – \"-\"", 2),
        ("+(name:asn-usia OR name:kode-agama)", 2),
        ("(+name:asn-usia || name:kode-agama)", 2),
        ("-(name:asn-usia)", 1),
        ("*", 2),
    ] {
        assert_eq!(search(query, 0, 9).0, count, "{query}");
        let (_, filtered) = told("package_search", json!({ "q": "*:*", "fq": query }));
        assert_eq!(filtered["result"]["count"], count, "{query}");
    }
    let (status, none) = told("package_show", json!({ "id": "tiada" }));
    assert_eq!(
        (status, &none["success"], &none["error"]["__type"]),
        (404, &json!(false), &json!("Not Found Error"))
    );
    for (action, asked, field, why) in [
        (
            "package_search",
            json!({ "rows": "x" }),
            "rows",
            "Invalid integer",
        ),
        (
            "package_search",
            json!({ "start": -1 }),
            "start",
            "Invalid integer",
        ),
        (
            "package_search",
            json!({ "rows": [1] }),
            "rows",
            "Invalid integer",
        ),
        ("package_show", json!({}), "id", "Missing value"),
    ] {
        let (status, wrong) = told(action, asked);
        assert_eq!(
            (status, &wrong["success"], &wrong["error"]),
            (
                409,
                &json!(false),
                &json!({ "__type": "Validation Error", field: [why] })
            )
        );
    }
    let bad = json!("Bad request - JSON Error: no object");
    assert_eq!(told("package_list", json!(["rows"])), (400, bad));
    let bad = json!("Bad request - Action name not known: package_buang");
    assert_eq!(told("package_buang", json!({})), (400, bad));
}
