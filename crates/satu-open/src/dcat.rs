//! The catalogue as DCAT 3 (W3C Recommendation of 22 August 2024).
//!
//! Each dataset is a `dcat:Dataset` under a stable address, with `dcat:hasVersion` to one
//! `dcat:Dataset` for each version; distributions hang on the versions, those of the newest also on
//! the dataset itself. Checksums are of the CSV (SPDX); variables are `schema:variableMeasured`
//! and, with types, in the CSVW metadata beside each CSV.

use crate::Both;
use crate::dataset::{Catalogue, Dataset, Kind, Version};
use crate::rdf::{Node, Object};

/// Under which licence all of it is.
pub const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";

/// How often there is a new version (EU vocabulary of frequencies).
const FREQUENCY: &str = "http://publications.europa.eu/resource/authority/frequency/MONTHLY";

/// Who publishes, and under which address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// What stands before every path: scheme and host, no slash at the end.
    pub base: String,
    /// Where to write: `mailto:`, `https:` or `tel:`.
    pub contact: Option<String>,
}

/// A form of a version's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Comma-separated text: what was released, byte for byte.
    Csv,
    /// The same as JSON.
    Json,
    /// The same as Parquet.
    Parquet,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 3] = [Format::Csv, Format::Json, Format::Parquet];

    /// The end of a file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Parquet => "parquet",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv",
            Format::Json => "application/json",
            Format::Parquet => "application/vnd.apache.parquet",
        }
    }
}

impl Publisher {
    /// The site's name.
    pub const NAME: Both = Both::new("Satu Data ASN", "Satu Data ASN (One Civil Service Data)");

    /// The address of a path.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The address of the catalogue.
    pub fn catalogue(&self) -> String {
        self.at("/data")
    }

    /// The address of a dataset.
    pub fn dataset(&self, name: &str) -> String {
        self.at(&format!("/data/{name}"))
    }

    /// The address of a version.
    pub fn version(&self, name: &str, version: &Version) -> String {
        self.at(&format!("/data/{name}/{}", version.day))
    }

    /// The address of a version's file.
    pub fn file(&self, name: &str, version: &Version, format: Format) -> String {
        format!("{}.{}", self.version(name, version), format.ending())
    }

    /// The address of the description of a version's variables.
    pub fn metadata(&self, name: &str, version: &Version) -> String {
        format!("{}.csv-metadata.json", self.version(name, version))
    }
}

/// Everything as triples: the catalogue, its datasets, versions and files.
pub fn catalogue(all: &Catalogue, publisher: &Publisher) -> Vec<Node> {
    let mut node = Node::new(publisher.catalogue(), "dcat:Catalog");
    node.text(
        "dct:title",
        &Both::new("Data terbuka Satu Data ASN", "Open data of Satu Data ASN"),
    );
    node.text(
        "dct:description",
        &Both::new(
            "Statistik ASN, daftar kode, dan standar data.",
            "Civil service statistics, code lists and the data standard.",
        ),
    );
    common(&mut node, publisher);
    node.to("foaf:homepage", publisher.catalogue());
    if let Some(changed) = all.changed() {
        node.say(
            "dct:modified",
            Object::Typed(changed.to_string(), "xsd:dateTime"),
        );
    }
    for dataset in &all.datasets {
        node.to("dcat:dataset", publisher.dataset(&dataset.name));
    }
    if all
        .datasets
        .iter()
        .any(|one| matches!(one.kind, Kind::Statistics(_)))
    {
        node.to("dcat:service", service_iri(publisher));
    }
    let mut nodes = vec![node, agent(publisher)];
    nodes.extend(service(all, publisher));
    for one in &all.datasets {
        nodes.extend(described(one, publisher));
    }
    nodes
}

/// One dataset as triples, with its versions and files.
pub fn dataset(one: &Dataset, publisher: &Publisher) -> Vec<Node> {
    let mut nodes = vec![agent(publisher)];
    nodes.extend(described(one, publisher));
    nodes
}

fn agent_iri(publisher: &Publisher) -> String {
    publisher.at("/data#penerbit")
}

fn service_iri(publisher: &Publisher) -> String {
    publisher.at("/sdmx/2.1")
}

fn agent(publisher: &Publisher) -> Node {
    let mut node = Node::new(agent_iri(publisher), "foaf:Organization");
    node.text("foaf:name", &Publisher::NAME);
    let contact = publisher.contact.as_ref();
    if let Some(contact) = contact.filter(|one| one.starts_with("mailto:")) {
        node.to("foaf:mbox", contact.clone());
    }
    node
}

/// The SDMX service, which serves the statistics.
fn service(all: &Catalogue, publisher: &Publisher) -> Option<Node> {
    let mut node = Node::new(service_iri(publisher), "dcat:DataService");
    node.text("dct:title", &Both::new("Layanan SDMX", "SDMX service"));
    common(&mut node, publisher);
    node.to("dcat:endpointURL", publisher.at("/sdmx/2.1"));
    node.to(
        "dct:conformsTo",
        "https://github.com/sdmx-twg/sdmx-rest/tree/v1.5.0",
    );
    let mut served = all
        .datasets
        .iter()
        .filter(|one| matches!(one.kind, Kind::Statistics(_)))
        .peekable();
    served.peek()?;
    for one in served {
        node.to("dcat:servesDataset", publisher.dataset(&one.name));
    }
    Some(node)
}

fn common(node: &mut Node, publisher: &Publisher) {
    node.to("dct:publisher", agent_iri(publisher));
    node.to("dct:license", LICENCE);
    for language in ["IND", "ENG"] {
        let base = "http://publications.europa.eu/resource/authority/language/";
        node.to("dct:language", format!("{base}{language}"));
    }
}

fn titled(node: &mut Node, one: &Dataset, publisher: &Publisher) {
    node.text("dct:title", &one.title);
    node.text("dct:description", &one.about);
    for keyword in &one.keywords {
        node.text("dcat:keyword", keyword);
    }
    common(node, publisher);
    node.to(
        "dct:spatial",
        "http://publications.europa.eu/resource/authority/country/IDN",
    );
    let access = "http://publications.europa.eu/resource/authority/access-right/PUBLIC";
    node.to("dct:accessRights", access);
    for at in 0..one.variables.len() {
        node.to("schema:variableMeasured", variable_iri(one, at, publisher));
    }
}

fn variable_iri(one: &Dataset, at: usize, publisher: &Publisher) -> String {
    format!(
        "{}#{}",
        publisher.dataset(&one.name),
        one.variables[at].name
    )
}

fn described(one: &Dataset, publisher: &Publisher) -> Vec<Node> {
    let mut node = Node::new(publisher.dataset(&one.name), "dcat:Dataset");
    titled(&mut node, one, publisher);
    node.say("dct:identifier", Object::Plain(one.name.clone()));
    node.to("dcat:landingPage", publisher.dataset(&one.name));
    if matches!(one.kind, Kind::Statistics(_)) {
        node.to("dct:accrualPeriodicity", FREQUENCY);
    }
    let mut nodes = Vec::new();
    for (at, variable) in one.variables.iter().enumerate() {
        let mut said = Node::new(variable_iri(one, at, publisher), "schema:PropertyValue");
        said.say("schema:propertyID", Object::Plain(variable.name.clone()));
        said.text("schema:name", &variable.title);
        said.text("schema:description", &variable.about);
        nodes.push(said);
    }
    for (at, version) in one.versions.iter().enumerate() {
        let own = publisher.version(&one.name, version);
        node.to("dcat:hasVersion", own.clone());
        if at == 0 {
            node.to("dcat:hasCurrentVersion", own.clone());
            node.say("dcat:version", Object::Plain(version.day.to_string()));
            node.say(
                "dct:modified",
                Object::Typed(version.released_at.to_string(), "xsd:dateTime"),
            );
        }
        let mut said = Node::new(own, "dcat:Dataset");
        titled(&mut said, one, publisher);
        let identifier = format!("{}/{}", one.name, version.day);
        said.say("dct:identifier", Object::Plain(identifier));
        said.say("dcat:version", Object::Plain(version.day.to_string()));
        said.say(
            "dct:issued",
            Object::Typed(version.released_at.to_string(), "xsd:dateTime"),
        );
        said.to("dcat:isVersionOf", publisher.dataset(&one.name));
        if let Some(before) = one.versions.get(at + 1) {
            said.to("dcat:previousVersion", publisher.version(&one.name, before));
        }
        for format in Format::ALL {
            let file = publisher.file(&one.name, version, format);
            said.to("dcat:distribution", file.clone());
            if at == 0 {
                node.to("dcat:distribution", file);
            }
            nodes.extend(distribution(one, version, format, publisher));
        }
        nodes.push(said);
    }
    nodes.insert(0, node);
    nodes
}

fn distribution(
    one: &Dataset,
    version: &Version,
    format: Format,
    publisher: &Publisher,
) -> Vec<Node> {
    let file = publisher.file(&one.name, version, format);
    let mut node = Node::new(file.clone(), "dcat:Distribution");
    node.text(
        "dct:title",
        &Both::same(format!(
            "{} {}",
            version.day,
            format.ending().to_uppercase()
        )),
    );
    node.to("dcat:accessURL", file.clone());
    node.to("dcat:downloadURL", file.clone());
    let media = format!(
        "https://www.iana.org/assignments/media-types/{}",
        format.media_type()
    );
    node.to("dcat:mediaType", media);
    node.to("dct:license", LICENCE);
    node.say(
        "dct:issued",
        Object::Typed(version.released_at.to_string(), "xsd:dateTime"),
    );
    let mut nodes = Vec::new();
    if format == Format::Csv {
        node.to("dct:conformsTo", publisher.metadata(&one.name, version));
        let sum = format!("{file}#sha256");
        node.to("spdx:checksum", sum.clone());
        let mut checksum = Node::new(sum, "spdx:Checksum");
        checksum.say(
            "spdx:algorithm",
            Object::Named("spdx:checksumAlgorithm_sha256"),
        );
        checksum.say(
            "spdx:checksumValue",
            Object::Typed(version.hash.clone(), "xsd:hexBinary"),
        );
        nodes.push(checksum);
    }
    nodes.insert(0, node);
    nodes
}
