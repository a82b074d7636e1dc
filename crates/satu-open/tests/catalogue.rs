//! What the catalogue says, and how SDMX answers.

use jiff::Timestamp;
use jiff::civil::date;
use satu_open::Both;
use satu_open::ckan::answer;
use satu_open::dataset::{Catalogue, Dataset, Version};
use satu_open::dcat::{self, Publisher};
use satu_open::rdf::{json_ld, turtle};
use satu_open::sdmx::data::{self, Form};
use satu_open::sdmx::rest::Query;
use satu_open::sdmx::{Fault, available, structure};
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

fn asked(path: &str, parameters: &[(&str, &str)]) -> Result<Query, Fault> {
    let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    Query::parse(path, &parameters.iter().map(own).collect::<Vec<_>>())
}

const RELEASES: [&str; 2] = [
    "instansi,jenis_kelamin,kelompok_usia,periode,jumlah,kerahasiaan\n\
     _T,L,_T,2026-11-01,42,F\nA,L,Y_LT25,2026-11-01,,C\n",
    "instansi,jenis_kelamin,kelompok_usia,periode,jumlah,kerahasiaan\n\
     _T,L,_T,2026-10-01,40,F\nA,P,Y_LT25,2026-10-01,9,F\n",
];

fn told(path: &str, parameters: &[(&str, &str)], form: Form) -> Result<String, Fault> {
    let Query::Data(query) = asked(path, parameters)? else {
        panic!("{path} is no question for figures");
    };
    data::message(
        &query,
        &RELEASES.map(str::to_owned),
        form,
        Timestamp::UNIX_EPOCH,
    )
}

fn occurring(path: &str, parameters: &[(&str, &str)]) -> Result<String, Fault> {
    let Query::Available(query) = asked(path, parameters)? else {
        panic!("{path} asks for no codes");
    };
    let covered = RELEASES.iter().filter(|text| {
        text.lines()
            .skip(1)
            .any(|line| query.data.covers(line.split(',').nth(3).unwrap()))
    });
    let covered: Vec<String> = covered.map(|text| (*text).to_owned()).collect();
    available::message(&query, &covered, &[], Timestamp::UNIX_EPOCH)
}

#[test]
fn codes_that_occur_are_those_of_the_published_rows() {
    let codes = |path: &str, parameters: &[(&str, &str)]| -> String {
        let text = occurring(path, parameters).unwrap();
        let region = text
            .split("<str:CubeRegion include=\"true\">")
            .nth(1)
            .unwrap();
        let mut told = Vec::new();
        for part in region.split("<com:KeyValue id=\"").skip(1) {
            let (id, rest) = part.split_once("\">").unwrap();
            let rest = rest.split("</com:KeyValue>").next().unwrap();
            let values = rest.split('<').filter_map(|piece| piece.split_once('>'));
            let values = values
                .map(|(_, value)| value)
                .filter(|value| !value.is_empty());
            told.push(format!("{id}={}", values.collect::<Vec<_>>().join("+")));
        }
        told.join(" ")
    };
    let path = "availableconstraint/ASN_USIA";
    // The row whose figure is hidden is published, and so is its code.
    assert_eq!(
        codes(path, &[]),
        "INSTANSI=A+_T JENIS_KELAMIN=L+P KELOMPOK_USIA=Y_LT25+_T \
         TIME_PERIOD=2026-10-01T00:00:00+2026-11-01T00:00:00"
    );
    assert_eq!(
        codes(&format!("{path}/A.P."), &[]),
        "INSTANSI=A JENIS_KELAMIN=P KELOMPOK_USIA=Y_LT25 TIME_PERIOD=2026-10-01T00:00:00+2026-10-01T00:00:00"
    );
    // What could be chosen beside it.
    assert_eq!(
        codes(
            &format!("{path}/A.P./all/JENIS_KELAMIN"),
            &[("mode", "available")]
        ),
        "JENIS_KELAMIN=L+P"
    );
    assert_eq!(
        codes(
            &format!("{path}/_T../all/INSTANSI+KELOMPOK_USIA"),
            &[("mode", "available")]
        ),
        "INSTANSI=A+_T KELOMPOK_USIA=_T"
    );
    assert_eq!(
        codes(
            &format!("{path}/all/all/JENIS_KELAMIN"),
            &[("startPeriod", "2026-11")]
        ),
        "JENIS_KELAMIN=L"
    );
    let counts = |references: &str| {
        let text = occurring(path, &[("references", references)]).unwrap();
        [
            "<str:Dataflow ",
            "<str:DataStructure ",
            "<str:Codelist ",
            "<str:ConceptScheme ",
        ]
        .map(|tag| text.matches(tag).count())
    };
    assert_eq!(counts("none"), [0, 0, 0, 0]);
    assert_eq!(counts("all"), [1, 1, 5, 1]);
    assert_eq!(counts("dataflow"), [1, 0, 0, 0]);
    assert_eq!(counts("datastructure"), [0, 1, 0, 0]);
    assert_eq!(counts("codelist"), [0, 0, 3, 0]);
    assert_eq!(counts("conceptscheme"), [0, 0, 0, 1]);
}

#[test]
fn a_flow_has_a_constraint_to_the_codes_that_occur() {
    let constrained = |path: &str, references: &str| {
        let Query::Structure(query) = asked(path, &[("references", references)]).unwrap() else {
            panic!()
        };
        let releases = RELEASES.map(str::to_owned);
        let made = query.constrained().into_iter();
        let made: Vec<String> = made
            .filter_map(|table| available::constraint(table, &releases))
            .collect();
        let text = structure::message(&query, &[], &made, Timestamp::UNIX_EPOCH);
        let text = text.unwrap_or_default();
        let counts = [
            "<str:ContentConstraint ",
            "<str:Dataflow ",
            "<str:DataStructure ",
            "<str:Codelist ",
        ]
        .map(|tag| text.matches(tag).count());
        (counts, text)
    };
    let (counts, text) = constrained("contentconstraint/SATU/ASN_USIA/1.0", "none");
    assert_eq!(counts, [1, 0, 0, 0]);
    // The same thing as the answer to the question what of all is available.
    let constraint = |text: &str| {
        let (_, rest) = text.split_once("<str:Constraints>").unwrap();
        rest.split_once("</str:Constraints>").unwrap().0.to_owned()
    };
    let asked = occurring("availableconstraint/ASN_USIA", &[]).unwrap();
    assert_eq!(constraint(&text), constraint(&asked));
    let path = "contentconstraint/SATU/ASN_USIA";
    assert_eq!(constrained(path, "children").0, [1, 1, 0, 0]);
    assert_eq!(constrained(path, "descendants").0, [1, 1, 1, 5]);
    assert_eq!(constrained(path, "parents").0, [1, 0, 0, 0]);
    for (references, constraints) in [
        ("none", 0),
        ("descendants", 0),
        ("parents", 1),
        ("parentsandsiblings", 1),
        ("contentconstraint", 1),
        ("all", 1),
    ] {
        let ([own, flows, ..], _) = constrained("dataflow/SATU/ASN_USIA", references);
        assert_eq!((own, flows), (constraints, 1), "{references}");
    }
    assert_eq!(constrained("contentconstraint/LAIN", "none").0, [0; 4]);
    assert_eq!(
        constrained("contentconstraint/SATU/TIADA", "none").0,
        [0; 4]
    );
}

#[test]
fn figures_are_chosen_by_key_and_period() {
    let days = |path: &str, parameters: &[(&str, &str)]| -> Vec<String> {
        let text = told(path, parameters, Form::Csv).unwrap();
        let lines = text.lines().skip(1);
        lines
            .map(|line| line.split(',').skip(1).collect::<Vec<_>>().join(","))
            .collect()
    };
    let all = days("data/ASN_USIA", &[]);
    assert_eq!(
        all,
        [
            "A,L,Y_LT25,2026-11-01,,Q,C",
            "A,P,Y_LT25,2026-10-01,9,A,F",
            "_T,L,_T,2026-10-01,40,A,F",
            "_T,L,_T,2026-11-01,42,A,F",
        ]
    );
    assert_eq!(days("/data/SATU,ASN_USIA,1.0/all/all/", &[]), all);
    assert_eq!(days("data/ASN_USIA/A+_T.P.", &[]), all[1..2]);
    assert_eq!(
        days("data/ASN_USIA/_T..", &[("lastNObservations", "1")]),
        all[3..]
    );
    assert_eq!(
        days("data/ASN_USIA/_T..", &[("firstNObservations", "1")]),
        all[2..3]
    );
    assert_eq!(
        days("data/ASN_USIA/_T..", &[("startPeriod", "2026-11")]),
        all[3..]
    );
    assert_eq!(
        days("data/ASN_USIA/_T..", &[("endPeriod", "2026-10")]),
        all[2..3]
    );
    assert_eq!(
        days(
            "data/ASN_USIA",
            &[("startPeriod", "2026"), ("endPeriod", "2026")]
        ),
        all
    );
    assert_eq!(
        days("data/ASN_USIA/_T..", &[("detail", "dataonly")]),
        ["_T,L,_T,2026-10-01,40", "_T,L,_T,2026-11-01,42"]
    );
    let keys = told(
        "data/ASN_USIA",
        &[("detail", "serieskeysonly")],
        Form::Generic,
    )
    .unwrap();
    assert_eq!(
        (
            keys.matches("<gen:Series>").count(),
            keys.matches("<gen:Obs>").count()
        ),
        (3, 0)
    );
    let flat = told(
        "data/ASN_USIA",
        &[("dimensionAtObservation", "AllDimensions")],
        Form::Specific,
    )
    .unwrap();
    assert_eq!(
        (
            flat.matches("<Series").count(),
            flat.matches("<Obs INSTANSI=").count()
        ),
        (0, 4)
    );
}

#[test]
fn what_cannot_be_answered_is_refused_as_sdmx_says() {
    for (path, parameters, status) in [
        ("data/TIADA", &[][..], 404),
        ("data/LAIN,ASN_USIA", &[], 404),
        ("data/ASN_USIA/all/LAIN", &[], 404),
        ("data/ASN_USIA/B..", &[], 404),
        ("data/ASN_USIA/A.B", &[], 400),
        ("data/ASN_USIA", &[("startPeriod", "kemarin")], 400),
        ("data/ASN_USIA", &[("startPeriod", "2026-1")], 400),
        ("data/ASN_USIA", &[("lastNObservations", "0")], 400),
        ("data/ASN_USIA", &[("detail", "x")], 400),
        ("data/ASN_USIA", &[("updatedAfter", "2026-01-01")], 501),
        ("data/A,B,C,D", &[], 400),
        ("metadata/ASN_USIA", &[], 501),
        ("", &[], 501),
        ("dataflow", &[("references", "x")], 501),
        ("availableconstraint/TIADA", &[], 404),
        ("availableconstraint/ASN_USIA/B..", &[], 404),
        ("availableconstraint/ASN_USIA/A", &[], 400),
        ("availableconstraint/ASN_USIA/all/all/X", &[], 400),
        ("availableconstraint/ASN_USIA", &[("mode", "x")], 400),
        ("availableconstraint/ASN_USIA", &[("references", "x")], 501),
    ] {
        let refused = asked(path, parameters).and_then(|query| match query {
            Query::Data(_) => told(path, parameters, Form::Csv),
            Query::Structure(query) => structure::message(&query, &[], &[], Timestamp::UNIX_EPOCH),
            Query::Available(_) => occurring(path, parameters),
        });
        let refused = refused
            .err()
            .unwrap_or_else(|| panic!("{path} is answered"));
        assert_eq!(
            refused.codes().0,
            status,
            "{path} {parameters:?}: {refused}"
        );
        assert!(refused.xml().contains("<com:Text"));
    }
    assert_eq!(Form::accepted("image/png"), Err(Fault::NotAcceptable));
    assert_eq!(Form::accepted(""), Ok(Form::Generic));
    assert_eq!(
        Form::accepted("text/html, application/vnd.sdmx.data+csv;version=1.0.0"),
        Ok(Form::Csv)
    );
}

#[test]
fn structures_bring_along_what_is_asked_for() {
    let agencies = [("A".to_owned(), Both::same("KOTA <CONTOH> & \"LAIN\""))];
    let counts = |path: &str, references: &str| {
        let query = asked(path, &[("references", references)]).unwrap();
        let Query::Structure(query) = query else {
            panic!()
        };
        let text = structure::message(&query, &agencies, &[], Timestamp::UNIX_EPOCH).unwrap();
        [
            "<str:Dataflow ",
            "<str:DataStructure ",
            "<str:Codelist ",
            "<str:ConceptScheme ",
        ]
        .map(|one| text.matches(one).count())
    };
    assert_eq!(counts("dataflow", "none"), [5, 0, 0, 0]);
    assert_eq!(counts("dataflow/SATU/ASN_USIA/latest", "all"), [1, 1, 5, 1]);
    assert_eq!(counts("dataflow/SATU/ASN_USIA", "children"), [1, 1, 0, 0]);
    assert_eq!(
        counts("datastructure/SATU/ASN_GOLONGAN/1.0", "descendants"),
        [0, 1, 6, 1]
    );
    assert_eq!(
        counts("datastructure/all/ASN_GOLONGAN", "parents"),
        [1, 1, 0, 0]
    );
    assert_eq!(counts("codelist/SATU/CL_INSTANSI", "none"), [0, 0, 1, 0]);
    assert_eq!(counts("codelist/SATU/CL_GOLONGAN", "parents"), [0, 1, 1, 0]);
    assert_eq!(counts("conceptscheme", "none"), [0, 0, 0, 1]);
    let Query::Structure(query) = asked("codelist/SATU/CL_INSTANSI", &[]).unwrap() else {
        panic!()
    };
    let text = structure::message(&query, &agencies, &[], Timestamp::UNIX_EPOCH).unwrap();
    assert!(
        text.contains("KOTA &lt;CONTOH&gt; &amp; &quot;LAIN&quot;"),
        "{text}"
    );
    let Query::Structure(query) = asked("codelist/LAIN/CL_INSTANSI", &[]).unwrap() else {
        panic!()
    };
    assert!(structure::message(&query, &agencies, &[], Timestamp::UNIX_EPOCH).is_err());
}
