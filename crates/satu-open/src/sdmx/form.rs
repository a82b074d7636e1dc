//! In which form an answer is sent: the media types of SDMX-REST, and which of them an `Accept` header takes.

use super::Fault;

/// The media type of structures.
pub const STRUCTURE: &str = "application/vnd.sdmx.structure+xml;version=2.1";

/// The form of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// SDMX-ML 2.1, the same for every structure.
    Generic,
    /// SDMX-ML 2.1, with elements of the structure.
    Specific,
    /// SDMX-CSV 1.0, the one of SDMX 2.1, with names beside the codes or without.
    CsvOne {
        /// Whether names stand beside the codes.
        names: bool,
    },
    /// SDMX-CSV 2.0, the one of SDMX 3.0.
    CsvTwo(Labels),
}

/// How SDMX-CSV 2.0 names columns and codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// By identifiers alone.
    Id,
    /// By identifier and name in one field.
    Both,
    /// By identifiers, with the names in columns of their own.
    Name,
}

impl Form {
    /// The media type of the answer.
    pub fn media_type(self) -> &'static str {
        match self {
            Form::Generic => "application/vnd.sdmx.genericdata+xml;version=2.1",
            Form::Specific => "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
            Form::CsvOne { names: false } => "application/vnd.sdmx.data+csv;version=1.0.0",
            Form::CsvOne { names: true } => {
                "application/vnd.sdmx.data+csv;version=1.0.0;labels=both"
            }
            Form::CsvTwo(Labels::Id) => "application/vnd.sdmx.data+csv;version=2.0.0",
            Form::CsvTwo(Labels::Both) => "application/vnd.sdmx.data+csv;version=2.0.0;labels=both",
            Form::CsvTwo(Labels::Name) => "application/vnd.sdmx.data+csv;version=2.0.0;labels=name",
        }
    }

    /// The labels of its columns and codes.
    pub fn labels(self) -> Labels {
        match self {
            Form::CsvOne { names: true } => Labels::Both,
            Form::CsvTwo(labels) => labels,
            _ => Labels::Id,
        }
    }

    /// The form that an `Accept` header likes best; generic where it leaves that open. Of a version or of labels
    /// that are not served nothing else is sent in their place.
    pub fn accepted(accept: &str) -> Result<Form, Fault> {
        preferred(accept, Form::Generic, |range| match range.kind.as_str() {
            "application/vnd.sdmx.genericdata+xml" => range.of_version(Form::Generic),
            "application/vnd.sdmx.structurespecificdata+xml" => range.of_version(Form::Specific),
            "application/xml" | "text/xml" | "*/*" | "application/*" => Some(Form::Generic),
            "application/vnd.sdmx.data+csv" | "text/csv" | "text/*" => range.csv(),
            _ => None,
        })
    }
}

/// Whether an `Accept` header takes structures.
pub fn takes_structures(accept: &str) -> Result<(), Fault> {
    preferred(accept, (), |range| match range.kind.as_str() {
        "application/vnd.sdmx.structure+xml" => range.of_version(()),
        "application/xml" | "text/xml" | "*/*" | "application/*" => Some(()),
        _ => None,
    })
}

/// One member of an `Accept` header: a media type and its parameters.
struct Range {
    kind: String,
    parameters: Vec<(String, String)>,
}

impl Range {
    fn read(text: &str) -> Range {
        let mut parts = text.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let parameters = parts.filter_map(|part| part.split_once('='));
        let parameters = parameters.map(|(name, value)| {
            let value = value.trim().trim_matches('"');
            (name.trim().to_ascii_lowercase(), value.to_owned())
        });
        Range {
            kind,
            parameters: parameters.collect(),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    fn weight(&self) -> f32 {
        self.get("q").map_or(1.0, |q| q.parse().unwrap_or(0.0))
    }

    /// A form of SDMX-ML 2.1, where no other version is asked for.
    fn of_version<T>(&self, form: T) -> Option<T> {
        matches!(self.get("version"), None | Some("2.1")).then_some(form)
    }

    /// The form of SDMX-CSV, where it is one that is served. Days are written as ISO 8601 has them, so each
    /// `timeFormat` is the same.
    fn csv(&self) -> Option<Form> {
        let times = matches!(
            self.get("timeformat"),
            None | Some("original" | "normalized")
        );
        let keys = matches!(self.get("keys"), None | Some("none"));
        let labels = match self.get("labels") {
            None | Some("id") => Labels::Id,
            Some("both") => Labels::Both,
            Some("name") => Labels::Name,
            Some(_) => return None,
        };
        let form = match (self.get("version"), labels) {
            (Some("2.0.0"), labels) => Form::CsvTwo(labels),
            (None | Some("1.0.0"), Labels::Id) => Form::CsvOne { names: false },
            (None | Some("1.0.0"), Labels::Both) => Form::CsvOne { names: true },
            _ => return None,
        };
        (times && keys).then_some(form)
    }
}

/// What is sent for the member of an `Accept` header that weighs most, the first of those that weigh the same.
fn preferred<T>(
    accept: &str,
    otherwise: T,
    served: impl Fn(&Range) -> Option<T>,
) -> Result<T, Fault> {
    if accept.trim().is_empty() {
        return Ok(otherwise);
    }
    let mut best: Option<(f32, T)> = None;
    for range in accept.split(',').map(Range::read) {
        let weight = range.weight();
        let least = best.as_ref().map_or(0.0, |(weight, _)| *weight);
        if let Some(form) = served(&range).filter(|_| weight > least) {
            best = Some((weight, form));
        }
    }
    best.map(|(_, form)| form).ok_or(Fault::NotAcceptable)
}
