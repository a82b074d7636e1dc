//! The questions of SDMX-REST: a path below the service's address, and its parameters.

use super::structure::{list, lists};
use super::{AGENCY, CONCEPTS, Fault, VERSION, dimensions, flow};
use crate::population::Table;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Structures.
    Structure(StructureQuery),
    /// Figures.
    Data(DataQuery),
    /// Which codes occur.
    Available(AvailableQuery),
}

/// A kind of structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What is published under which structure.
    Dataflow,
    /// Dimensions, attributes and measure.
    DataStructure,
    /// Codes.
    Codelist,
    /// Concepts.
    ConceptScheme,
    /// Which codes occur in a flow.
    ContentConstraint,
}

impl Kind {
    fn named(resource: &str) -> Option<Kind> {
        Some(match resource {
            "dataflow" => Kind::Dataflow,
            "datastructure" => Kind::DataStructure,
            "codelist" => Kind::Codelist,
            "conceptscheme" => Kind::ConceptScheme,
            "contentconstraint" => Kind::ContentConstraint,
            _ => return None,
        })
    }
}

/// Structures of a kind, and what is sent along with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StructureQuery {
    /// The kind.
    pub kind: Kind,
    agency: String,
    id: String,
    version: String,
    along: Vec<Kind>,
}

impl StructureQuery {
    /// Whether a thing of the kind is asked for by its name, or any is.
    pub fn id_fits(&self, id: &str) -> bool {
        any(&self.id) || self.id.split('+').any(|one| one == id)
    }

    /// Whether what this service maintains is asked for.
    pub fn agency_and_version_fit(&self) -> bool {
        let agency = any(&self.agency) || self.agency.split('+').any(|one| one == AGENCY);
        let version = any(&self.version) || self.version.split('+').any(|one| one == VERSION);
        agency && version
    }

    /// The tables whose constraints are part of the answer.
    pub fn constrained(&self) -> Vec<Table> {
        let wanted =
            self.kind == Kind::ContentConstraint || self.along.contains(&Kind::ContentConstraint);
        if wanted && self.agency_and_version_fit() {
            self.tables().collect()
        } else {
            Vec::new()
        }
    }

    /// The tables that the answer is about.
    pub fn tables(&self) -> impl Iterator<Item = Table> {
        Table::ALL.into_iter().filter(|table| match self.kind {
            Kind::Dataflow | Kind::DataStructure | Kind::ContentConstraint => {
                self.id_fits(&flow(*table))
            }
            Kind::Codelist => lists(*table).any(|id| self.id_fits(&id)),
            Kind::ConceptScheme => self.id_fits(CONCEPTS),
        })
    }

    /// Whether a thing is part of the answer, provided that it has to do with what is asked for.
    pub fn names(&self, kind: Kind, id: &str) -> bool {
        (self.kind == kind && self.id_fits(id)) || self.along.contains(&kind)
    }
}

fn any(text: &str) -> bool {
    matches!(text, "" | "all" | "latest" | "*")
}

/// Figures of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataQuery {
    /// The table.
    pub table: Table,
    /// The codes of each dimension; none for any.
    pub key: Vec<Vec<String>>,
    /// From which day on, or month or year.
    pub from: Option<String>,
    /// Until which.
    pub until: Option<String>,
    /// So many of each series at most, from the newest back.
    pub last: Option<usize>,
    /// So many of each series at most, from the oldest on.
    pub first: Option<usize>,
    /// Whether every figure carries its whole key, in place of series.
    pub flat: bool,
    /// What of the figures is sent.
    pub detail: Detail,
}

/// What of the figures is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// All.
    Full,
    /// No attributes.
    DataOnly,
    /// The keys of the series alone.
    Keys,
}

impl DataQuery {
    /// All figures of a table.
    pub fn all(table: Table) -> DataQuery {
        DataQuery {
            table,
            key: vec![Vec::new(); dimensions(table).len()],
            from: None,
            until: None,
            last: None,
            first: None,
            flat: false,
            detail: Detail::Full,
        }
    }

    /// Whether a day, as `YYYY-MM-DD`, is within the period.
    pub fn covers(&self, day: &str) -> bool {
        let from = self.from.as_ref().is_none_or(|from| day >= from.as_str());
        let within = |until: &String| &day[..until.len().min(day.len())] <= until.as_str();
        from && self.until.as_ref().is_none_or(within)
    }

    /// Whether a key is asked for.
    pub fn fits<'a>(&self, key: impl Iterator<Item = &'a str>) -> bool {
        key.enumerate().all(|(at, code)| self.fits_at(at, code))
    }

    /// Whether a code is asked for in the dimension of a place.
    pub fn fits_at(&self, at: usize, code: &str) -> bool {
        let wanted = self.key.get(at).map_or(&[][..], Vec::as_slice);
        wanted.is_empty() || wanted.iter().any(|one| one == code)
    }
}

/// Which codes of the dimensions occur in figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AvailableQuery {
    /// The figures.
    pub data: DataQuery,
    /// Whether it is what remains to choose from in each dimension, given what is chosen in the others;
    /// else what occurs in the figures.
    pub remaining: bool,
    /// The structures that are sent along.
    pub along: Option<StructureQuery>,
    component: String,
}

impl AvailableQuery {
    /// Whether a dimension is asked for.
    pub fn names(&self, id: &str) -> bool {
        any(&self.component) || self.component.split('+').any(|one| one == id)
    }
}

/// A year, a month or a day.
fn period(text: &str) -> Result<String, Fault> {
    let shaped = text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if shaped && matches!(text.len(), 4 | 7 | 10) {
        Ok(text.to_owned())
    } else {
        Err(Fault::Syntax(format!(
            "{text:?} is no period: give YYYY, YYYY-MM or YYYY-MM-DD"
        )))
    }
}

impl Query {
    /// Reads a path, without the service's address, and its parameters.
    pub fn parse(path: &str, parameters: &[(String, String)]) -> Result<Query, Fault> {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let (resource, rest) = parts.split_first().ok_or(Fault::NothingFound)?;
        let get = |name: &str| {
            let found = parameters.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.as_str())
        };
        if *resource == "data" {
            return Ok(Query::Data(data(rest, &get)?));
        }
        if *resource == "availableconstraint" {
            return Ok(Query::Available(available(rest, &get)?));
        }
        let kind = Kind::named(resource)
            .ok_or_else(|| Fault::NotImplemented(format!("the resource {resource:?}")))?;
        if rest.len() > 3 {
            return Err(Fault::NotImplemented("parts of structures".to_owned()));
        }
        let part = |at: usize| rest.get(at).copied().unwrap_or_default().to_owned();
        let references = get("references").unwrap_or("none");
        Ok(Query::Structure(StructureQuery {
            kind,
            agency: part(0),
            id: part(1),
            version: part(2),
            along: along(kind, references)?,
        }))
    }
}

/// The kinds that are sent along.
fn along(kind: Kind, references: &str) -> Result<Vec<Kind>, Fault> {
    use Kind::{Codelist, ConceptScheme, ContentConstraint, DataStructure, Dataflow};
    // A constraint refers to its flow, that to its structure, and that to code lists and concepts.
    let (parents, siblings): (&[Kind], &[Kind]) = match kind {
        ContentConstraint => (&[], &[]),
        Dataflow => (&[ContentConstraint], &[]),
        DataStructure => (&[Dataflow], &[]),
        Codelist | ConceptScheme => (&[DataStructure], &[Codelist, ConceptScheme]),
    };
    let (children, further): (&[Kind], &[Kind]) = match kind {
        ContentConstraint => (&[Dataflow], &[DataStructure, Codelist, ConceptScheme]),
        Dataflow => (&[DataStructure], &[Codelist, ConceptScheme]),
        DataStructure => (&[Codelist, ConceptScheme], &[]),
        Codelist | ConceptScheme => (&[], &[]),
    };
    Ok(match references {
        "none" => Vec::new(),
        "parents" => parents.to_vec(),
        "parentsandsiblings" => [parents, siblings].concat(),
        "children" => children.to_vec(),
        "descendants" => [children, further].concat(),
        "all" => [parents, siblings, children, further].concat(),
        other => vec![
            Kind::named(other)
                .ok_or_else(|| Fault::NotImplemented(format!("references={other}")))?,
        ],
    })
}

fn available<'a>(
    rest: &[&str],
    get: &impl Fn(&str) -> Option<&'a str>,
) -> Result<AvailableQuery, Fault> {
    let data = data(rest, get)?;
    let dimensions = dimensions(data.table);
    let component = rest.get(3).copied().unwrap_or_default().to_owned();
    let known = |id: &str| id == "TIME_PERIOD" || dimensions.iter().any(|one| one.id() == id);
    if let Some(strange) = component.split('+').find(|id| !any(id) && !known(id)) {
        return Err(Fault::Syntax(format!("there is no dimension {strange:?}")));
    }
    let remaining = match get("mode") {
        None | Some("exact") => false,
        Some("available") => true,
        Some(other) => return Err(Fault::Syntax(format!("mode={other}"))),
    };
    let id = flow(data.table);
    let of = |kind, id, along| {
        Some(StructureQuery {
            kind,
            agency: String::new(),
            id,
            version: String::new(),
            along,
        })
    };
    let along = match get("references").unwrap_or("none") {
        "none" => None,
        "all" => of(Kind::Dataflow, id, self::along(Kind::Dataflow, "all")?),
        "dataflow" => of(Kind::Dataflow, id, Vec::new()),
        "datastructure" => of(Kind::DataStructure, id, Vec::new()),
        "conceptscheme" => of(Kind::ConceptScheme, String::new(), Vec::new()),
        "codelist" => {
            let lists: Vec<String> = dimensions.iter().map(|one| list(*one)).collect();
            of(Kind::Codelist, lists.join("+"), Vec::new())
        }
        other => return Err(Fault::NotImplemented(format!("references={other}"))),
    };
    Ok(AvailableQuery {
        data,
        remaining,
        along,
        component,
    })
}

fn data<'a>(rest: &[&str], get: &impl Fn(&str) -> Option<&'a str>) -> Result<DataQuery, Fault> {
    let reference: Vec<&str> = rest
        .first()
        .copied()
        .unwrap_or_default()
        .split(',')
        .collect();
    let (agency, id, version) = match reference.as_slice() {
        [id] => (AGENCY, *id, VERSION),
        [agency, id] => (*agency, *id, VERSION),
        [agency, id, version] => (*agency, *id, *version),
        _ => {
            return Err(Fault::Syntax(
                "the flow is [AGENCY,]ID[,VERSION]".to_owned(),
            ));
        }
    };
    let known = (any(agency) || agency == AGENCY) && (any(version) || version == VERSION);
    let table = Table::ALL
        .into_iter()
        .find(|table| known && flow(*table) == id);
    let table = table.ok_or(Fault::NothingFound)?;
    if let Some(provider) = rest.get(2) {
        let fits = any(provider) || provider.split('+').any(|one| one.ends_with(AGENCY));
        if !fits {
            return Err(Fault::NothingFound);
        }
    }
    let count = dimensions(table).len();
    let key = match rest.get(1).copied().unwrap_or("all") {
        "" | "all" => vec![Vec::new(); count],
        key => {
            let parts: Vec<Vec<String>> = key
                .split('.')
                .map(|codes| {
                    let codes = codes
                        .split('+')
                        .filter(|code| !code.is_empty() && *code != "*");
                    codes.map(str::to_owned).collect()
                })
                .collect();
            if parts.len() != count {
                return Err(Fault::Syntax(format!(
                    "the key has {} parts, and {id} has {count} dimensions",
                    parts.len()
                )));
            }
            parts
        }
    };
    let number = |name: &str| {
        let read = |text: &str| {
            let number = text.parse().ok().filter(|number| *number > 0);
            number.ok_or_else(|| Fault::Syntax(format!("{name} is a number above zero")))
        };
        get(name).map(read).transpose()
    };
    for name in ["updatedAfter", "includeHistory"] {
        if get(name).is_some_and(|value| value != "false") {
            return Err(Fault::NotImplemented(name.to_owned()));
        }
    }
    Ok(DataQuery {
        table,
        key,
        from: get("startPeriod").map(period).transpose()?,
        until: get("endPeriod").map(period).transpose()?,
        last: number("lastNObservations")?,
        first: number("firstNObservations")?,
        flat: match get("dimensionAtObservation") {
            None | Some("TIME_PERIOD") => false,
            Some("AllDimensions") => true,
            Some(other) => {
                return Err(Fault::NotImplemented(format!(
                    "dimensionAtObservation={other}"
                )));
            }
        },
        detail: match get("detail") {
            None | Some("full") => Detail::Full,
            Some("dataonly") => Detail::DataOnly,
            Some("serieskeysonly" | "nodata") => Detail::Keys,
            Some(other) => return Err(Fault::Syntax(format!("detail={other}"))),
        },
    })
}
