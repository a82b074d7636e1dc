//! How SDMX answers.

use jiff::Timestamp;
use satu_open::Both;
use satu_open::sdmx::data;
use satu_open::sdmx::form::{Form, Labels, takes_structures};
use satu_open::sdmx::rest::Query;
use satu_open::sdmx::{Fault, available, structure};

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
        (&[("A".to_owned(), Both::same("KOTA A, \"B\""))], "id"),
        form,
        Timestamp::UNIX_EPOCH,
    )
}

const CSV: Form = Form::CsvOne { names: false };

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
        let text = told(path, parameters, CSV).unwrap();
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
            Query::Data(_) => told(path, parameters, CSV),
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
}

#[test]
fn the_form_is_the_one_that_is_liked_best_of_those_served() {
    let two = |labels| Ok(Form::CsvTwo(labels));
    for (accept, form) in [
        ("", Ok(Form::Generic)),
        ("*/*", Ok(Form::Generic)),
        ("image/png", Err(Fault::NotAcceptable)),
        ("text/csv", Ok(CSV)),
        (
            "text/html, application/vnd.sdmx.data+csv;version=1.0.0",
            Ok(CSV),
        ),
        (
            "application/vnd.sdmx.data+csv; version=1.0.0; labels=both",
            Ok(Form::CsvOne { names: true }),
        ),
        (
            "application/vnd.sdmx.data+csv;version=1.0.0;labels=name",
            Err(Fault::NotAcceptable),
        ),
        (
            "application/vnd.sdmx.data+csv;version=2.0.0",
            two(Labels::Id),
        ),
        (
            "application/vnd.sdmx.data+csv;version=\"2.0.0\";labels=both;timeFormat=normalized",
            two(Labels::Both),
        ),
        (
            "Application/vnd.SDMX.data+csv;Version=2.0.0;Labels=name;keys=none",
            two(Labels::Name),
        ),
        (
            "application/vnd.sdmx.data+csv;version=2.0.0;labels=x",
            Err(Fault::NotAcceptable),
        ),
        (
            "application/vnd.sdmx.data+csv;version=2.0.0;keys=series",
            Err(Fault::NotAcceptable),
        ),
        (
            "application/vnd.sdmx.data+csv;version=2.1.0",
            Err(Fault::NotAcceptable),
        ),
        (
            "application/vnd.sdmx.data+csv;version=2.1.0, */*;q=0.1",
            Ok(Form::Generic),
        ),
        (
            "application/vnd.sdmx.genericdata+xml;version=3.0",
            Err(Fault::NotAcceptable),
        ),
        (
            "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
            Ok(Form::Specific),
        ),
        ("application/xml;q=0.5, text/csv;q=0.9", Ok(CSV)),
        ("text/csv;q=0", Err(Fault::NotAcceptable)),
    ] {
        assert_eq!(Form::accepted(accept), form, "{accept}");
        if let Ok(form @ (Form::CsvOne { .. } | Form::CsvTwo(_))) = form {
            assert_eq!(Form::accepted(form.media_type()), Ok(form));
        }
    }
    assert!(takes_structures("application/vnd.sdmx.structure+xml;version=2.1").is_ok());
    assert!(takes_structures("application/vnd.sdmx.structure+xml;version=3.0.0").is_err());
    assert!(takes_structures("application/vnd.sdmx.data+csv").is_err());
}

#[test]
fn names_stand_beside_codes_where_they_are_asked_for() {
    let lines = |form: Form, parameters: &[(&str, &str)]| {
        let text = told("data/ASN_USIA/A.L.", parameters, form).unwrap();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        lines(Form::CsvTwo(Labels::Id), &[]),
        [
            "STRUCTURE,STRUCTURE_ID,ACTION,INSTANSI,JENIS_KELAMIN,KELOMPOK_USIA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS",
            "dataflow,SATU:ASN_USIA(1.0),R,A,L,Y_LT25,2026-11-01,,Q,C",
        ]
    );
    assert_eq!(
        lines(Form::CsvOne { names: true }, &[("detail", "dataonly")]),
        [
            "DATAFLOW,INSTANSI: Instansi induk,JENIS_KELAMIN: Jenis kelamin,KELOMPOK_USIA: Kelompok usia,\
             TIME_PERIOD: Hari rilis,OBS_VALUE",
            "\"SATU:ASN_USIA(1.0): Jumlah ASN menurut instansi, jenis kelamin, dan kelompok usia\",\"A: KOTA A, \"\"B\"\"\",L: Laki-laki,\
             Y_LT25: Di bawah 25 tahun,2026-11-01,",
        ]
    );
    assert_eq!(
        lines(Form::CsvTwo(Labels::Name), &[("detail", "serieskeysonly")]),
        [
            "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,INSTANSI,Instansi induk,JENIS_KELAMIN,Jenis kelamin,\
             KELOMPOK_USIA,Kelompok usia,TIME_PERIOD,Hari rilis,OBS_VALUE,Jumlah orang",
            "dataflow,SATU:ASN_USIA(1.0),\"Jumlah ASN menurut instansi, jenis kelamin, dan kelompok usia\",R,A,\"KOTA A, \"\"B\"\"\",L,Laki-laki,\
             Y_LT25,Di bawah 25 tahun,,,,",
        ]
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
