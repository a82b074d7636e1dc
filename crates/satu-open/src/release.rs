//! From counts to the tables that are released: agencies and categories that are too small are
//! pooled, the rest is held against [`protect`], and written as CSV.

use std::collections::BTreeSet;

use satu_domain::Province;

use crate::categories::Categories;
use crate::dimension::{OTHER, province_code};
use crate::population::{Agency, Column, LeftOut, Population, Table};
use crate::protect::{Matrix, Rule, protect};
use crate::ready::{Ready, csv_text, table_csv};

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

/// Tables with the same rows, ready to be written.
struct Settled {
    /// The agencies of the pool.
    pooled: BTreeSet<usize>,
    ready: Vec<(Table, Ready)>,
}

/// A row that stands for one agency.
struct Row {
    code: String,
    name: String,
    province: Option<Province>,
}

type Agencies<'a> = [(&'a String, &'a Agency)];

/// Persons of a sex in an agency. Every table counts each person once.
fn by_sex(agency: &Agency, sex: usize) -> u64 {
    agency.counts[0][sex].iter().sum()
}

fn total(agency: &Agency) -> u64 {
    by_sex(agency, 0) + by_sex(agency, 1)
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
    let (by_province, others): (Vec<Table>, Vec<Table>) = Table::ALL
        .into_iter()
        .partition(|table| *table == Table::Provinsi);
    let first = settled(&agencies, &others, small.collect(), |_| true, rule).ok_or(too_few)?;
    // In the table by province more agencies may have to be pooled, and need not be in the others for that.
    // A regional government, of which everybody is in one province, is not pooled there: what it adds to
    // the pool's figures would be known from the other tables.
    let (pooled, central) = (first.pooled.clone(), |agency: &Agency| {
        agency.province.is_none()
    });
    let second = settled(&agencies, &by_province, pooled, central, rule).ok_or(too_few)?;
    Ok(written(
        population,
        &agencies,
        &[first, second],
        persons,
        rule,
    ))
}

/// Pools categories, and agencies beyond these where they may be, until everything small can be hidden; none
/// where that takes more than there is.
fn settled(
    agencies: &Agencies,
    tables: &[Table],
    mut pooled: BTreeSet<usize>,
    may_be: impl Fn(&Agency) -> bool,
    rule: Rule,
) -> Option<Settled> {
    let smallest = |pooled: &BTreeSet<usize>| {
        let named = (0..agencies.len()).filter(|at| !pooled.contains(at));
        let named = named.filter(|at| may_be(agencies[*at].1));
        named.min_by_key(|at| total(agencies[*at].1))
    };
    let mut categories: Vec<(Table, Categories)> = tables
        .iter()
        .map(|table| (*table, Categories::new(*table, agencies, rule)))
        .collect();
    loop {
        // A pool of one is that one, and a sum of the pool is shown like any other.
        let lacks = |pooled: &BTreeSet<usize>| {
            let members = || pooled.iter().map(|at| agencies[*at].1);
            let sum = |sex| members().map(|agency| by_sex(agency, sex)).sum::<u64>();
            pooled.len() == 1 || rule.small(sum(0)) || rule.small(sum(1))
        };
        while let Some(next) = smallest(&pooled).filter(|_| lacks(&pooled)) {
            pooled.insert(next);
        }
        let rows = rows(agencies.len(), &pooled);
        let (mut thin, mut merged) = (Vec::new(), false);
        let mut ready = Vec::new();
        for (at, (table, categories)) in categories.iter_mut().enumerate() {
            match prepared(agencies, &rows, *table, categories, rule) {
                Ok(one) => ready.push((*table, one)),
                Err(more) if categories.pool_all(&more.columns, rule) => merged = true,
                Err(more) => thin.push((at, more)),
            }
        }
        if ready.len() == categories.len() {
            return Some(Settled { pooled, ready });
        }
        let thin_rows = thin.iter().flat_map(|(_, thin)| &thin.rows);
        let members = thin_rows.flat_map(|row| &rows[*row]).copied();
        let wider: BTreeSet<usize> = pooled.iter().copied().chain(members).collect();
        let alone = wider.len() == 1 && smallest(&wider).is_none();
        if wider.len() > pooled.len() && !alone {
            pooled = wider;
            continue;
        }
        if merged {
            continue;
        }
        // The pool itself is too thin.
        if let Some(next) = smallest(&pooled).filter(|_| !alone) {
            pooled.insert(next);
            continue;
        }
        for (at, thin) in &thin {
            merged |= categories[*at].1.pool_all(&thin.of_rows, rule);
        }
        if !merged {
            return None;
        }
    }
}

/// The agencies of each row: one, and in the last those of the pool.
fn rows(agencies: usize, pooled: &BTreeSet<usize>) -> Vec<Vec<usize>> {
    let named = (0..agencies).filter(|at| !pooled.contains(at));
    let mut rows: Vec<Vec<usize>> = named.map(|at| vec![at]).collect();
    if !pooled.is_empty() {
        rows.push(pooled.iter().copied().collect());
    }
    rows
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

/// What is too thin to be shown: rows, and columns by name.
struct Thin {
    rows: BTreeSet<usize>,
    columns: BTreeSet<Column>,
    of_rows: BTreeSet<Column>,
}

/// A table with what is hidden of it; or what is too thin.
fn prepared(
    agencies: &Agencies,
    rows: &[Vec<usize>],
    table: Table,
    categories: &Categories,
    rule: Rule,
) -> Result<Ready, Thin> {
    let (columns, places) = categories.columns();
    let mut names: Vec<&str> = Vec::new();
    let of = columns.iter().map(|(group, _)| {
        let known = names.iter().position(|name| name == group);
        known.unwrap_or_else(|| {
            names.push(group);
            names.len() - 1
        })
    });
    let of: Vec<usize> = of.collect();
    let mut thin = Thin {
        rows: BTreeSet::new(),
        columns: BTreeSet::new(),
        of_rows: BTreeSet::new(),
    };
    let sexes = [0, 1].map(|sex| {
        let rows = rows.iter().map(|members| {
            let mut row = vec![0; columns.len()];
            for member in members {
                let counts = &agencies[*member].1.counts[table as usize][sex];
                for (count, place) in counts.iter().zip(&places) {
                    if let Some(place) = place {
                        row[*place] += count;
                    }
                }
            }
            row
        });
        let matrix = Matrix {
            groups: of.clone(),
            rows: rows.collect(),
        };
        match protect(&matrix, rule) {
            Ok(hidden) => Some((matrix, hidden)),
            Err(more) => {
                thin.rows.extend(more.rows);
                let named = |column: &usize| columns[*column].clone();
                thin.columns.extend(more.columns.iter().map(named));
                thin.of_rows.extend(more.of_rows.iter().map(named));
                None
            }
        }
    });
    match sexes {
        [Some(men), Some(women)] => Ok(Ready {
            columns,
            sexes: [men, women],
        }),
        _ => Err(thin),
    }
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
