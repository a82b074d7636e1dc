//! Figures, and how they are told as SDMX-ML (generic and structure-specific).

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::Timestamp;

use super::form::Form;
use super::rest::{DataQuery, Detail};
use super::{AGENCY, COM, Fault, HEAD, MES, VERSION, csv, dimensions, escaped, flow, header};
use crate::dimension::Code;

/// Observations of one answer at most.
pub const MOST: usize = 200_000;

const GEN: &str = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic";
const SPECIFIC: &str = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/structurespecific";

/// One figure of a series.
pub(super) struct Figure<'a> {
    pub day: &'a str,
    pub value: Option<&'a str>,
}

/// Series by key.
pub(super) type Series = BTreeMap<Vec<String>, Vec<(String, Option<String>)>>;

/// The answer to a question, from the CSV texts of the releases that its period covers, in any order. Where names
/// are asked for, they are those of the agencies' codes, and in the language of a tag.
pub fn message(
    query: &DataQuery,
    releases: &[String],
    names: (&[Code], &str),
    form: Form,
    prepared: Timestamp,
) -> Result<String, Fault> {
    let series = collected(query, releases)?;
    Ok(match form {
        Form::CsvOne { .. } | Form::CsvTwo(_) => {
            let (agencies, language) = names;
            csv::message(query, &series, form, agencies, language)
        }
        Form::Generic => generic(query, &series, prepared),
        Form::Specific => specific(query, &series, prepared),
    })
}

fn collected(query: &DataQuery, releases: &[String]) -> Result<Series, Fault> {
    let width = dimensions(query.table).len();
    let mut series = Series::new();
    let mut count = 0;
    for text in releases {
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        for record in reader.records() {
            // Written by this program: dimensions, day, count, confidentiality.
            let Ok(record) = record else { continue };
            let key = record.iter().take(width);
            let Some(day) = record.get(width) else {
                continue;
            };
            if !query.covers(day) || !query.fits(key.clone()) {
                continue;
            }
            count += 1;
            if count > MOST {
                continue;
            }
            let value = record.get(width + 1).filter(|value| !value.is_empty());
            let figures = series.entry(key.map(str::to_owned).collect()).or_default();
            figures.push((day.to_owned(), value.map(str::to_owned)));
        }
    }
    if count > MOST {
        return Err(Fault::TooLarge(count));
    }
    if series.is_empty() {
        return Err(Fault::NothingFound);
    }
    for figures in series.values_mut() {
        figures.sort_unstable();
        let from_first = query.first.unwrap_or(usize::MAX).min(figures.len());
        match (query.first, query.last) {
            (None, Some(last)) => drop(figures.drain(..figures.len().saturating_sub(last))),
            _ => figures.truncate(from_first),
        }
    }
    Ok(series)
}

pub(super) fn figures(all: &[(String, Option<String>)]) -> impl Iterator<Item = Figure<'_>> {
    all.iter().map(|(day, value)| Figure {
        day,
        value: value.as_deref(),
    })
}

impl Figure<'_> {
    /// Observation status and confidentiality.
    pub fn status(&self) -> (&'static str, &'static str) {
        if self.value.is_some() {
            ("A", "F")
        } else {
            ("Q", "C")
        }
    }
}

/// What the header says of the structure.
fn structure(query: &DataQuery, namespace: &str) -> String {
    let id = flow(query.table);
    let at = if query.flat {
        "AllDimensions"
    } else {
        "TIME_PERIOD"
    };
    format!(
        "<mes:Structure structureID=\"{id}\"{namespace} dimensionAtObservation=\"{at}\"><com:StructureUsage>\
         <Ref agencyID=\"{AGENCY}\" id=\"{id}\" version=\"{VERSION}\" package=\"datastructure\" class=\"Dataflow\"/>\
         </com:StructureUsage></mes:Structure>"
    )
}

fn generic(query: &DataQuery, series: &Series, prepared: Timestamp) -> String {
    let id = flow(query.table);
    let ids: Vec<String> = dimensions(query.table).iter().map(|one| one.id()).collect();
    let mut out = format!(
        "{HEAD}<mes:GenericData xmlns:mes=\"{MES}\" xmlns:com=\"{COM}\" xmlns:gen=\"{GEN}\">{}\
         <mes:DataSet action=\"Replace\" structureRef=\"{id}\">",
        header(&id, prepared, &structure(query, ""))
    );
    let values = |out: &mut String, key: &[String]| {
        for (id, code) in ids.iter().zip(key) {
            let _ = write!(out, "<gen:Value id=\"{id}\" value=\"{}\"/>", escaped(code));
        }
    };
    for (key, all) in series {
        if !query.flat {
            out += "<gen:Series><gen:SeriesKey>";
            values(&mut out, key);
            out += "</gen:SeriesKey>";
        }
        let sent = if query.detail == Detail::Keys {
            &[][..]
        } else {
            all
        };
        for figure in figures(sent) {
            out += "<gen:Obs>";
            if query.flat {
                out += "<gen:ObsKey>";
                values(&mut out, key);
                let _ = write!(
                    out,
                    "<gen:Value id=\"TIME_PERIOD\" value=\"{}\"/></gen:ObsKey>",
                    figure.day
                );
            } else {
                let _ = write!(out, "<gen:ObsDimension value=\"{}\"/>", figure.day);
            }
            if let Some(value) = figure.value {
                let _ = write!(out, "<gen:ObsValue value=\"{value}\"/>");
            }
            if query.detail == Detail::Full {
                let (status, confidentiality) = figure.status();
                let _ = write!(
                    out,
                    "<gen:Attributes><gen:Value id=\"OBS_STATUS\" value=\"{status}\"/>\
                     <gen:Value id=\"CONF_STATUS\" value=\"{confidentiality}\"/></gen:Attributes>"
                );
            }
            out += "</gen:Obs>";
        }
        if !query.flat {
            out += "</gen:Series>";
        }
    }
    out + "</mes:DataSet></mes:GenericData>\n"
}

fn specific(query: &DataQuery, series: &Series, prepared: Timestamp) -> String {
    let id = flow(query.table);
    let ids: Vec<String> = dimensions(query.table).iter().map(|one| one.id()).collect();
    let at = if query.flat {
        "AllDimensions"
    } else {
        "TIME_PERIOD"
    };
    let own = format!(
        "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={AGENCY}:{id}({VERSION}):ObsLevelDim:{at}"
    );
    let namespace = format!(" namespace=\"{own}\"");
    let mut out = format!(
        "{HEAD}<mes:StructureSpecificData xmlns:mes=\"{MES}\" xmlns:com=\"{COM}\" xmlns:ss=\"{SPECIFIC}\" \
         xmlns:ns1=\"{own}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">{}\
         <mes:DataSet ss:dataScope=\"DataStructure\" ss:action=\"Replace\" ss:structureRef=\"{id}\" xsi:type=\"ns1:DataSetType\">",
        header(&id, prepared, &structure(query, &namespace))
    );
    let values = |out: &mut String, key: &[String]| {
        for (id, code) in ids.iter().zip(key) {
            let _ = write!(out, " {id}=\"{}\"", escaped(code));
        }
    };
    for (key, all) in series {
        if !query.flat {
            out += "<Series";
            values(&mut out, key);
            out.push('>');
        }
        let sent = if query.detail == Detail::Keys {
            &[][..]
        } else {
            all
        };
        for figure in figures(sent) {
            out += "<Obs";
            if query.flat {
                values(&mut out, key);
            }
            let _ = write!(out, " TIME_PERIOD=\"{}\"", figure.day);
            if let Some(value) = figure.value {
                let _ = write!(out, " OBS_VALUE=\"{value}\"");
            }
            if query.detail == Detail::Full {
                let (status, confidentiality) = figure.status();
                let _ = write!(
                    out,
                    " OBS_STATUS=\"{status}\" CONF_STATUS=\"{confidentiality}\""
                );
            }
            out += "/>";
        }
        if !query.flat {
            out += "</Series>";
        }
    }
    out + "</mes:DataSet></mes:StructureSpecificData>\n"
}
