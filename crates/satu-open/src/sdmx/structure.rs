//! Structures as SDMX-ML: code lists, concepts, data structures and the flows that follow them.

use std::fmt::Write;

use jiff::Timestamp;

use super::rest::{Kind, StructureQuery};
use super::{
    AGENCY, COM, CONCEPTS, Fault, HEAD, MES, STR, VERSION, codes, dimensions, escaped, flow,
    header, names,
};
use crate::Both;
use crate::dataset::Dataset;
use crate::dimension::{Code, Dimension};
use crate::population::Table;

/// What is beside the dimensions: the concept, its name, and the codes it has.
pub(super) const OTHERS: [(&str, Both); 4] = [
    ("TIME_PERIOD", Both::new("Hari rilis", "Day of the release")),
    ("OBS_VALUE", Both::new("Jumlah orang", "Persons")),
    (
        "OBS_STATUS",
        Both::new("Status angka", "Observation status"),
    ),
    (
        "CONF_STATUS",
        Both::new("Kerahasiaan", "Confidentiality status"),
    ),
];

/// Code lists that are not of a dimension, with the codes of SDMX's own lists.
pub(super) fn status_lists() -> [(&'static str, Both, Vec<Code>); 2] {
    let code = |code: &str, name: Both| (code.to_owned(), name);
    [
        (
            "CL_OBS_STATUS",
            Both::new("Status angka", "Observation status"),
            vec![
                code("A", Both::new("Angka biasa", "Normal value")),
                code("Q", Both::new("Disembunyikan", "Missing value; suppressed")),
            ],
        ),
        (
            "CL_CONF_STATUS",
            Both::new("Kerahasiaan", "Confidentiality status"),
            vec![
                code("F", Both::new("Terbuka", "Free (free for publication)")),
                code(
                    "C",
                    Both::new("Rahasia", "Confidential statistical information"),
                ),
            ],
        ),
    ]
}

/// The structures that a question asks for, with the constraints of the tables that it says.
pub fn message(
    query: &StructureQuery,
    agencies: &[Code],
    constraints: &[String],
    prepared: Timestamp,
) -> Result<String, Fault> {
    let body = body(query, agencies, constraints)?;
    Ok(wrapped("STRUKTUR", &body, prepared))
}

/// A message of structures.
pub(super) fn wrapped(id: &str, body: &str, prepared: Timestamp) -> String {
    format!(
        "{HEAD}<mes:Structure xmlns:mes=\"{MES}\" xmlns:com=\"{COM}\" xmlns:str=\"{STR}\">{}\
         <mes:Structures>{body}</mes:Structures></mes:Structure>\n",
        header(id, prepared, "")
    )
}

/// What such a message holds.
pub(super) fn body(
    query: &StructureQuery,
    agencies: &[Code],
    constraints: &[String],
) -> Result<String, Fault> {
    let wanted = |kind: Kind, id: &str| query.names(kind, id);
    let tables: Vec<Table> = query.tables().collect();
    let lists: Vec<Dimension> = Dimension::ALL
        .into_iter()
        .filter(|one| {
            let used = tables.iter().any(|table| dimensions(*table).contains(one));
            used && wanted(Kind::Codelist, &list(*one))
        })
        .collect();
    let (mut flows, mut structures) = (String::new(), String::new());
    for table in &tables {
        let id = flow(*table);
        if wanted(Kind::Dataflow, &id) {
            flows += &dataflow(*table);
        }
        if wanted(Kind::DataStructure, &id) {
            structures += &data_structure(*table);
        }
    }
    let mut codelists: String = lists
        .iter()
        .map(|one| codelist(&list(*one), &one.title(), &codes(*one, agencies)))
        .collect();
    for (id, name, codes) in status_lists() {
        if !tables.is_empty() && wanted(Kind::Codelist, id) {
            codelists += &codelist(id, &name, &codes);
        }
    }
    let concepts = if !tables.is_empty() && wanted(Kind::ConceptScheme, CONCEPTS) {
        concept_scheme()
    } else {
        String::new()
    };
    let parts = [
        ("Dataflows", flows),
        ("Codelists", codelists),
        ("Concepts", concepts),
        ("DataStructures", structures),
        ("Constraints", constraints.concat()),
    ];
    let mut body = String::new();
    for (name, text) in parts.iter().filter(|(_, text)| !text.is_empty()) {
        let _ = write!(body, "<str:{name}>{text}</str:{name}>");
    }
    if !query.agency_and_version_fit() || body.is_empty() {
        return Err(Fault::NothingFound);
    }
    Ok(body)
}

/// The names of a table's code lists.
pub(super) fn lists(table: Table) -> impl Iterator<Item = String> {
    let own = dimensions(table).into_iter().map(list);
    own.chain(status_lists().map(|(id, ..)| id.to_owned()))
}

/// The name of a dimension's code list.
pub(super) fn list(dimension: Dimension) -> String {
    format!("CL_{}", dimension.id())
}

/// What every maintained thing says of itself.
fn identity(id: &str) -> String {
    format!("id=\"{id}\" agencyID=\"{AGENCY}\" version=\"{VERSION}\" isFinal=\"true\"")
}

fn dataflow(table: Table) -> String {
    let id = flow(table);
    let title = Dataset::described(table.id(), &[]).title;
    format!(
        "<str:Dataflow {}>{}<str:Structure><Ref id=\"{id}\" version=\"{VERSION}\" agencyID=\"{AGENCY}\" \
         package=\"datastructure\" class=\"DataStructure\"/></str:Structure></str:Dataflow>",
        identity(&id),
        names(&title)
    )
}

fn codelist(id: &str, name: &Both, codes: &[Code]) -> String {
    let mut out = format!("<str:Codelist {}>{}", identity(id), names(name));
    for (code, name) in codes {
        let _ = write!(
            out,
            "<str:Code id=\"{}\">{}</str:Code>",
            escaped(code),
            names(name)
        );
    }
    out + "</str:Codelist>"
}

fn concept_scheme() -> String {
    let name = Both::new(
        "Konsep statistik ASN",
        "Concepts of the civil service statistics",
    );
    let dimensions = Dimension::ALL.map(|one| (one.id(), one.title()));
    let others = OTHERS.map(|(id, name)| (id.to_owned(), name));
    let concepts = dimensions.into_iter().chain(others);
    let mut all = String::new();
    for (id, name) in concepts {
        let _ = write!(
            all,
            "<str:Concept id=\"{id}\">{}</str:Concept>",
            names(&name)
        );
    }
    format!(
        "<str:ConceptScheme {}>{}{all}</str:ConceptScheme>",
        identity(CONCEPTS),
        names(&name)
    )
}

fn concept(id: &str) -> String {
    format!(
        "<str:ConceptIdentity><Ref id=\"{id}\" maintainableParentID=\"{CONCEPTS}\" \
         maintainableParentVersion=\"{VERSION}\" agencyID=\"{AGENCY}\" package=\"conceptscheme\" \
         class=\"Concept\"/></str:ConceptIdentity>"
    )
}

fn enumerated(list: &str) -> String {
    format!(
        "<str:LocalRepresentation><str:Enumeration><Ref id=\"{list}\" version=\"{VERSION}\" \
         agencyID=\"{AGENCY}\" package=\"codelist\" class=\"Codelist\"/></str:Enumeration></str:LocalRepresentation>"
    )
}

fn data_structure(table: Table) -> String {
    let id = flow(table);
    let title = Dataset::described(table.id(), &[]).title;
    let mut out = format!(
        "<str:DataStructure {}>{}<str:DataStructureComponents><str:DimensionList id=\"DimensionDescriptor\">",
        identity(&id),
        names(&title)
    );
    let all = dimensions(table);
    for (at, dimension) in all.iter().enumerate() {
        let id = dimension.id();
        let _ = write!(
            out,
            "<str:Dimension id=\"{id}\" position=\"{}\">{}{}</str:Dimension>",
            at + 1,
            concept(&id),
            enumerated(&list(*dimension))
        );
    }
    let _ = write!(
        out,
        "<str:TimeDimension id=\"TIME_PERIOD\" position=\"{}\">{}<str:LocalRepresentation>\
         <str:TextFormat textType=\"ObservationalTimePeriod\"/></str:LocalRepresentation></str:TimeDimension>\
         </str:DimensionList><str:AttributeList id=\"AttributeDescriptor\">",
        all.len() + 1,
        concept("TIME_PERIOD")
    );
    for (id, list) in [
        ("OBS_STATUS", "CL_OBS_STATUS"),
        ("CONF_STATUS", "CL_CONF_STATUS"),
    ] {
        let _ = write!(
            out,
            "<str:Attribute id=\"{id}\" assignmentStatus=\"Mandatory\">{}{}<str:AttributeRelationship>\
             <str:PrimaryMeasure><Ref id=\"OBS_VALUE\"/></str:PrimaryMeasure></str:AttributeRelationship></str:Attribute>",
            concept(id),
            enumerated(list)
        );
    }
    let _ = write!(
        out,
        "</str:AttributeList><str:MeasureList id=\"MeasureDescriptor\"><str:PrimaryMeasure id=\"OBS_VALUE\">{}\
         <str:LocalRepresentation><str:TextFormat textType=\"Long\"/></str:LocalRepresentation></str:PrimaryMeasure>\
         </str:MeasureList></str:DataStructureComponents></str:DataStructure>",
        concept("OBS_VALUE")
    );
    out
}
