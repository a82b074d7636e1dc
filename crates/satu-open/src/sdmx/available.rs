//! Which codes of each dimension occur, as the cube region of a content constraint (SDMX 2.1): of a whole
//! flow as one of its structures, or of a part that is asked for.
//!
//! It is worked out from the texts of the releases, as the figures are: a code occurs that stands in a
//! published row, be its figure shown or hidden. What is hidden is not known here.

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::Timestamp;

use super::rest::{AvailableQuery, DataQuery};
use super::{AGENCY, Fault, VERSION, dimensions, escaped, flow, names, structure};
use crate::Both;
use crate::dimension::Code;
use crate::population::Table;

/// What occurs in figures: the codes of each dimension, and days.
struct Occurring {
    codes: Vec<BTreeSet<String>>,
    days: BTreeSet<String>,
}

/// What a question finds in the CSV texts of releases.
fn occurring(data: &DataQuery, remaining: bool, releases: &[String]) -> Occurring {
    let count = dimensions(data.table).len();
    let mut codes = vec![BTreeSet::new(); count];
    let mut days = BTreeSet::new();
    for text in releases {
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        for record in reader.records() {
            // Written by this program: dimensions, day, count, confidentiality.
            let Ok(record) = record else { continue };
            let Some(day) = record.get(count).filter(|day| data.covers(day)) else {
                continue;
            };
            let mut fits = Vec::with_capacity(count);
            for (at, code) in record.iter().take(count).enumerate() {
                fits.push(data.fits_at(at, code));
            }
            let strange = fits.iter().filter(|fits| !**fits).count();
            for (at, code) in record.iter().take(count).enumerate() {
                // What remains to choose from in a dimension does not hang on what is chosen in it.
                let free = usize::from(remaining && !fits[at]);
                if strange == free && !codes[at].contains(code) {
                    codes[at].insert(code.to_owned());
                }
            }
            if strange == 0 && !days.contains(day) {
                days.insert(day.to_owned());
            }
        }
    }
    Occurring { codes, days }
}

/// The constraint of a table's flow to what occurs, in the dimensions that are wanted; none where nothing
/// does.
fn written(table: Table, found: &Occurring, wanted: impl Fn(&str) -> bool) -> Option<String> {
    let mut region = String::new();
    for (dimension, codes) in dimensions(table).iter().zip(&found.codes) {
        let id = dimension.id();
        if wanted(&id) && !codes.is_empty() {
            let _ = write!(region, "<com:KeyValue id=\"{id}\">");
            for code in codes {
                let _ = write!(region, "<com:Value>{}</com:Value>", escaped(code));
            }
            region += "</com:KeyValue>";
        }
    }
    if let (Some(first), Some(last)) = (found.days.first(), found.days.last())
        && wanted("TIME_PERIOD")
    {
        let _ = write!(
            region,
            "<com:KeyValue id=\"TIME_PERIOD\"><com:TimeRange>\
             <com:StartPeriod isInclusive=\"true\">{first}T00:00:00</com:StartPeriod>\
             <com:EndPeriod isInclusive=\"true\">{last}T00:00:00</com:EndPeriod></com:TimeRange></com:KeyValue>"
        );
    }
    if region.is_empty() {
        return None;
    }
    let id = flow(table);
    let name = Both::new("Kode yang ada", "Codes that occur");
    Some(format!(
        "<str:ContentConstraint id=\"{id}\" agencyID=\"{AGENCY}\" version=\"{VERSION}\" type=\"Actual\">{}\
         <str:ConstraintAttachment><str:Dataflow><Ref id=\"{id}\" version=\"{VERSION}\" agencyID=\"{AGENCY}\" \
         package=\"datastructure\" class=\"Dataflow\"/></str:Dataflow></str:ConstraintAttachment>\
         <str:CubeRegion include=\"true\">{region}</str:CubeRegion></str:ContentConstraint>",
        names(&name)
    ))
}

/// The constraint of a table's flow to what occurs in all its releases, from their CSV texts: what a
/// structure query calls `contentconstraint`.
pub fn constraint(table: Table, releases: &[String]) -> Option<String> {
    let found = occurring(&DataQuery::all(table), false, releases);
    written(table, &found, |_| true)
}

/// The answer to a question, from the CSV texts of the releases that its period covers, in any order.
pub fn message(
    query: &AvailableQuery,
    releases: &[String],
    agencies: &[Code],
    prepared: Timestamp,
) -> Result<String, Fault> {
    let found = occurring(&query.data, query.remaining, releases);
    let constraint = written(query.data.table, &found, |id| query.names(id));
    let constraint = constraint.ok_or(Fault::NothingFound)?;
    // The order of the schema: constraints come last.
    let mut body = match &query.along {
        Some(along) => structure::body(along, agencies, &[])?,
        None => String::new(),
    };
    let _ = write!(body, "<str:Constraints>{constraint}</str:Constraints>");
    Ok(structure::wrapped("KETERSEDIAAN", &body, prepared))
}
