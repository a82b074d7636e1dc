//! From counts to the tables that are released: agencies and categories that are too small are
//! pooled, the rest is held against [`protect`], and written as CSV.

use std::collections::BTreeSet;

use satu_domain::Province;

use crate::dimension::{OTHER, province_code};
use crate::pooling::{Agencies, Settled, by_province, by_sex, settled, total};
use crate::population::{Agency, LeftOut, Population, Table};
use crate::protect::Rule;
use crate::ready::{csv_text, table_csv};

/// An agency with fewer persons is pooled with others: a handful of rows under a name that occurs
/// nowhere else is more often a misspelling than an agency.
const SMALLEST: u64 = 20;

/// The dataset that names the agencies of the statistics.
pub const AGENCIES: &str = "asn-instansi";

/// Why no statistics can be released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{persons} persons in service are too few: of each sex there must be none or at least {least}"
)]
pub struct TooFew {
    /// Persons in service.
    pub persons: u64,
    /// How many of a sex there must be.
    pub least: u64,
}

/// The statistics of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// Each dataset's name and CSV text.
    pub datasets: Vec<(String, String)>,
    /// What was done to them.
    pub told: Told,
}

/// What was done to the statistics before their release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Persons in service.
    pub persons: u64,
    /// Who was not counted.
    pub left_out: LeftOut,
    /// Agencies under their own names.
    pub agencies: usize,
    /// Agencies in the pool.
    pub pooled: usize,
    /// Cells of agency, sex and category that hold a number above zero.
    pub cells: usize,
    /// Those hidden because they are small.
    pub small: usize,
    /// Those hidden so that the small ones cannot be worked out.
    pub complementary: usize,
}

/// A row that stands for one agency.
struct Row {
    code: String,
    name: String,
    province: Option<Province>,
}

/// Makes the statistics of a population.
pub fn statistics(population: &Population, rule: Rule) -> Result<Statistics, TooFew> {
    let agencies: Vec<(&String, &Agency)> = population.agencies().iter().collect();
    let persons: u64 = agencies.iter().map(|(_, agency)| total(agency)).sum();
    let too_few = TooFew {
        persons,
        least: rule.threshold,
    };
    for sex in [0, 1] {
        let sum: u64 = agencies.iter().map(|(_, agency)| by_sex(agency, sex)).sum();
        if rule.small(sum) || persons == 0 {
            return Err(too_few);
        }
    }
    let small = (0..agencies.len()).filter(|at| {
        let (name, agency) = agencies[*at];
        let thin = [0, 1].iter().any(|sex| rule.small(by_sex(agency, *sex)));
        name.is_empty() || total(agency) < SMALLEST || thin
    });
    let others = Table::ALL.into_iter();
    let others: Vec<Table> = others.filter(|table| *table != Table::Provinsi).collect();
    let first = settled(&agencies, &others, small.collect(), rule).ok_or(too_few)?;
    let second = by_province(&agencies, first.pooled.clone(), rule).ok_or(too_few)?;
    Ok(written(
        population,
        &agencies,
        &[first, second],
        persons,
        rule,
    ))
}

/// The rows that stand for one agency, by its number.
fn named(agencies: &Agencies, pooled: &BTreeSet<usize>) -> Vec<(usize, Row)> {
    let mut rows: Vec<(usize, Row)> = Vec::new();
    for at in (0..agencies.len()).filter(|at| !pooled.contains(at)) {
        let (name, agency) = agencies[at];
        let name = harmless(name);
        let plain = slug(&name);
        let mut code = plain.clone();
        let mut number = 1;
        while code.is_empty() || rows.iter().any(|(_, row)| row.code == code) {
            number += 1;
            code = format!("{plain}_{number}");
        }
        let province = agency.province;
        let row = Row {
            code,
            name,
            province,
        };
        rows.push((at, row));
    }
    rows
}

/// A name as an SDMX identifier: capitals, digits and underscores, a letter first.
fn slug(name: &str) -> String {
    let mut code = String::new();
    for word in name.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        if word.is_empty() {
            continue;
        }
        if code.is_empty() && word.starts_with(|first: char| first.is_ascii_digit()) {
            code.push('I');
        }
        if !code.is_empty() {
            code.push('_');
        }
        code.push_str(&word.to_ascii_uppercase());
    }
    code
}

fn written(
    population: &Population,
    agencies: &Agencies,
    settled: &[Settled],
    persons: u64,
    rule: Rule,
) -> Statistics {
    let pooled = &settled[0].pooled;
    let named = named(agencies, pooled);
    let mut datasets = Vec::new();
    let (mut cells, mut small, mut hidden) = (0, 0, 0);
    for Settled { pooled, ready } in settled {
        let shown = named.iter().filter(|(at, _)| !pooled.contains(at));
        let mut codes: Vec<&str> = shown.map(|(_, row)| row.code.as_str()).collect();
        codes.extend((!pooled.is_empty()).then_some(OTHER));
        for (table, ready) in ready {
            let text = table_csv(*table, ready, &codes, population.day());
            datasets.push((table.id().to_owned(), text));
        }
        let sexes = ready.iter().flat_map(|(_, one)| &one.sexes);
        for (matrix, out) in sexes {
            for (row, gone) in matrix.rows.iter().zip(&out.cells) {
                for (count, gone) in row.iter().zip(gone) {
                    cells += usize::from(*count > 0);
                    small += usize::from(rule.small(*count));
                    hidden += usize::from(*gone);
                }
            }
        }
    }
    let mut lines = vec![["kode", "nama", "provinsi"].map(str::to_owned).to_vec()];
    for (_, row) in &named {
        let province = row.province.map(province_code).unwrap_or_default();
        lines.push(vec![row.code.clone(), row.name.clone(), province]);
    }
    if settled.iter().any(|one| !one.pooled.is_empty()) {
        lines.push(
            [OTHER, "Lainnya atau tidak disebut", ""]
                .map(str::to_owned)
                .to_vec(),
        );
    }
    datasets.push((AGENCIES.to_owned(), csv_text(&lines)));
    Statistics {
        datasets,
        told: Told {
            persons,
            left_out: population.left_out(),
            agencies: agencies.len() - pooled.len(),
            pooled: pooled.len(),
            cells,
            small,
            complementary: hidden - small,
        },
    }
}

impl Table {
    /// The dataset's name.
    pub fn id(self) -> &'static str {
        match self {
            Table::Golongan => "asn-golongan",
            Table::Usia => "asn-usia",
            Table::Pendidikan => "asn-pendidikan",
            Table::Jabatan => "asn-jabatan",
            Table::Provinsi => "asn-provinsi",
        }
    }

    /// The table of a dataset's name.
    pub fn named(id: &str) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.id() == id)
    }
}

/// A name that no spreadsheet runs as a formula.
fn harmless(name: &str) -> String {
    name.trim_start_matches(['=', '+', '-', '@', '\t', '\r', ' '])
        .to_owned()
}
