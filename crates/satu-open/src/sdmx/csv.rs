//! Figures as SDMX-CSV 1.0 and 2.0 (sdmx-twg, *SDMX-CSV field guide*).

use std::collections::BTreeMap;

use super::data::{Series, figures};
use super::form::{Form, Labels};
use super::rest::{DataQuery, Detail};
use super::structure::{OTHERS, status_lists};
use super::{AGENCY, VERSION, codes, dimensions, flow};
use crate::dataset::Dataset;
use crate::dimension::Code;

/// The names of codes.
type Names = BTreeMap<String, String>;

/// One line as it is being written.
struct Line {
    labels: Labels,
    fields: Vec<String>,
}

impl Line {
    /// An identifier and its name, as many fields as the labels ask for.
    fn add(&mut self, id: &str, name: Option<&str>) {
        match (self.labels, name) {
            (Labels::Both, Some(name)) => self.fields.push(format!("{id}: {name}")),
            (Labels::Id | Labels::Both, _) => self.fields.push(id.to_owned()),
            (Labels::Name, name) => {
                let name = name.unwrap_or_default().to_owned();
                self.fields.extend([id.to_owned(), name]);
            }
        }
    }
}

/// The figures in one of the two forms; `agencies` are the codes of the releases.
pub(super) fn message(
    query: &DataQuery,
    series: &Series,
    form: Form,
    agencies: &[Code],
    language: &str,
) -> String {
    let labels = form.labels();
    let two = matches!(form, Form::CsvTwo(_));
    let full = query.detail == Detail::Full;
    let line = || Line {
        labels,
        fields: Vec::new(),
    };
    let title = Dataset::described(query.table.id(), &[]).title;
    let named = |all: &[Code]| -> Names {
        let each = all.iter();
        each.map(|(code, name)| (code.clone(), name.of(language).to_owned()))
            .collect()
    };
    let dimensions = dimensions(query.table);
    let names: Vec<Names> = dimensions
        .iter()
        .map(|one| named(&codes(*one, agencies)))
        .collect();
    let [status_names, confidentiality_names] = status_lists().map(|(_, _, codes)| named(&codes));

    // Whose figures a line has: the same in every line.
    let (mut head, mut whose) = (line(), line());
    if two {
        head.fields.push("STRUCTURE".to_owned());
        whose.fields.push("dataflow".to_owned());
    }
    head.fields
        .push(if two { "STRUCTURE_ID" } else { "DATAFLOW" }.to_owned());
    let reference = format!("{AGENCY}:{}({VERSION})", flow(query.table));
    whose.add(&reference, Some(title.of(language)));
    if labels == Labels::Name {
        head.fields.push("STRUCTURE_NAME".to_owned());
    }
    if two {
        head.fields.push("ACTION".to_owned());
        whose.fields.push("R".to_owned());
    }
    for dimension in &dimensions {
        head.add(&dimension.id(), Some(dimension.title().of(language)));
    }
    for (id, name) in OTHERS.iter().take(if full { 4 } else { 2 }) {
        // Version 1.0 names the column of the values once and for all.
        head.add(id, (two || *id != "OBS_VALUE").then(|| name.of(language)));
    }

    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = writer.write_record(&head.fields);
    for (key, all) in series {
        let mut start = line();
        start.fields.clone_from(&whose.fields);
        for (code, names) in key.iter().zip(&names) {
            start.add(code, names.get(code).map(String::as_str));
        }
        let mut write = |day: &str, value: &str, status: Option<(&str, &str)>| {
            let mut one = line();
            one.fields.clone_from(&start.fields);
            one.add(day, None);
            one.add(value, None);
            if let Some((status, confidentiality)) = status {
                one.add(status, status_names.get(status).map(String::as_str));
                let name = confidentiality_names.get(confidentiality);
                one.add(confidentiality, name.map(String::as_str));
            }
            let _ = writer.write_record(&one.fields);
        };
        if query.detail == Detail::Keys {
            write("", "", None);
            continue;
        }
        for figure in figures(all) {
            let status = full.then(|| figure.status());
            write(figure.day, figure.value.unwrap_or_default(), status);
        }
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
