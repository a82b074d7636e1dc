//! Which codes of each dimension occur, as the cube region of a content constraint (SDMX 2.1).
//!
//! It is worked out from the texts of the releases, as the figures are: a code occurs that stands in a
//! published row, be its figure shown or hidden. What is hidden is not known here.

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::Timestamp;

use super::rest::AvailableQuery;
use super::{AGENCY, Fault, VERSION, dimensions, escaped, flow, names, structure};
use crate::Both;
use crate::dimension::Code;

/// The answer to a question, from the CSV texts of the releases that its period covers, in any order.
pub fn message(
    query: &AvailableQuery,
    releases: &[String],
    agencies: &[Code],
    prepared: Timestamp,
) -> Result<String, Fault> {
    let table = query.data.table;
    let ids: Vec<String> = dimensions(table).iter().map(|one| one.id()).collect();
    let mut codes = vec![BTreeSet::new(); ids.len()];
    let mut days = BTreeSet::new();
    for text in releases {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for record in reader.records() {
            // Written by this program: dimensions, day, count, confidentiality.
            let Ok(record) = record else { continue };
            let Some(day) = record.get(ids.len()).filter(|day| query.data.covers(day)) else {
                continue;
            };
            let mut fits = Vec::with_capacity(ids.len());
            for (at, code) in record.iter().take(ids.len()).enumerate() {
                fits.push(query.data.fits_at(at, code));
            }
            let strange = fits.iter().filter(|fits| !**fits).count();
            for (at, code) in record.iter().take(ids.len()).enumerate() {
                // What remains to choose from in a dimension does not hang on what is chosen in it.
                let free = usize::from(query.remaining && !fits[at]);
                if strange == free && !codes[at].contains(code) {
                    codes[at].insert(code.to_owned());
                }
            }
            if strange == 0 && !days.contains(day) {
                days.insert(day.to_owned());
            }
        }
    }
    let mut region = String::new();
    for (id, codes) in ids.iter().zip(&codes) {
        if query.names(id) && !codes.is_empty() {
            let _ = write!(region, "<com:KeyValue id=\"{id}\">");
            for code in codes {
                let _ = write!(region, "<com:Value>{}</com:Value>", escaped(code));
            }
            region += "</com:KeyValue>";
        }
    }
    if let (Some(first), Some(last)) = (days.first(), days.last())
        && query.names("TIME_PERIOD")
    {
        let _ = write!(
            region,
            "<com:KeyValue id=\"TIME_PERIOD\"><com:TimeRange>\
             <com:StartPeriod isInclusive=\"true\">{first}T00:00:00</com:StartPeriod>\
             <com:EndPeriod isInclusive=\"true\">{last}T00:00:00</com:EndPeriod></com:TimeRange></com:KeyValue>"
        );
    }
    if region.is_empty() {
        return Err(Fault::NothingFound);
    }
    let id = flow(table);
    let name = Both::new("Kode yang ada", "Codes that occur");
    let constraint = format!(
        "<str:Constraints><str:ContentConstraint id=\"{id}\" agencyID=\"{AGENCY}\" version=\"{VERSION}\" type=\"Actual\">{}\
         <str:ConstraintAttachment><str:Dataflow><Ref id=\"{id}\" version=\"{VERSION}\" agencyID=\"{AGENCY}\" \
         package=\"datastructure\" class=\"Dataflow\"/></str:Dataflow></str:ConstraintAttachment>\
         <str:CubeRegion include=\"true\">{region}</str:CubeRegion></str:ContentConstraint></str:Constraints>",
        names(&name)
    );
    // The order of the schema: constraints come last.
    let mut body = match &query.along {
        Some(along) => structure::body(along, agencies)?,
        None => String::new(),
    };
    body += &constraint;
    Ok(structure::wrapped("KETERSEDIAAN", &body, prepared))
}
