//! From counts to the tables that are released: agencies and categories that are too small are
//! pooled, the rest is held against [`protect`], and written as CSV.

use std::collections::BTreeSet;

use crate::categories::Categories;
use crate::dimension::OTHER;
use crate::population::{Column, Counts, LeftOut, Population, Table};
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

/// A line of rows that are shown as one: an agency, or the pool.
struct Group {
    code: String,
    name: String,
    members: Vec<usize>,
}

/// Makes the statistics of a population.
pub fn statistics(population: &Population, rule: Rule) -> Result<Statistics, TooFew> {
    let agencies: Vec<(&String, &Counts)> = population.agencies().iter().collect();
    let by_sex = |at: usize, sex: usize| -> u64 { agencies[at].1[0][sex].iter().sum() };
    let total = |at: usize| by_sex(at, 0) + by_sex(at, 1);
    let persons: u64 = (0..agencies.len()).map(total).sum();
    for sex in [0, 1] {
        let sum: u64 = (0..agencies.len()).map(|at| by_sex(at, sex)).sum();
        if rule.small(sum) || persons == 0 {
            let least = rule.threshold;
            return Err(TooFew { persons, least });
        }
    }
    let mut pooled: BTreeSet<usize> = (0..agencies.len())
        .filter(|at| {
            agencies[*at].0.is_empty()
                || total(*at) < SMALLEST
                || [0, 1].iter().any(|sex| rule.small(by_sex(*at, *sex)))
        })
        .collect();
    let smallest = |pooled: &BTreeSet<usize>| {
        let named = (0..agencies.len()).filter(|at| !pooled.contains(at));
        named.min_by_key(|at| total(*at))
    };
    let mut categories: Vec<Categories> = Table::ALL
        .into_iter()
        .enumerate()
        .map(|(at, table)| Categories::new(at, table, &agencies, rule))
        .collect();
    loop {
        // A pool of one is that one, and a sum of the pool is shown like any other.
        let lacks = |pooled: &BTreeSet<usize>| {
            let sum = |sex| pooled.iter().map(|at| by_sex(*at, sex)).sum::<u64>();
            pooled.len() == 1 || rule.small(sum(0)) || rule.small(sum(1))
        };
        while let Some(next) = smallest(&pooled).filter(|_| lacks(&pooled)) {
            pooled.insert(next);
        }
        let groups = grouped(&agencies, &pooled);
        let (mut thin, mut merged) = (BTreeSet::new(), false);
        let mut ready = Vec::new();
        for (at, categories) in categories.iter_mut().enumerate() {
            match prepared(&agencies, &groups, at, categories, rule) {
                Ok(one) => ready.push(one),
                Err(more) => {
                    let mut changed = false;
                    for column in &more.columns {
                        changed |= categories.pool(column);
                    }
                    categories.settle(rule);
                    merged |= changed;
                    if !changed {
                        thin.extend(more.rows);
                    }
                }
            }
        }
        if ready.len() == categories.len() {
            return Ok(written(population, &groups, &ready, persons, rule));
        }
        let before = pooled.len();
        let members = thin.iter().flat_map(|row| groups[*row].members.iter());
        pooled.extend(members);
        if pooled.len() == before && !merged {
            // The pool itself is too thin; with every agency in it there is nothing left to hide.
            let Some(next) = smallest(&pooled) else {
                let least = rule.threshold;
                return Err(TooFew { persons, least });
            };
            pooled.insert(next);
        }
    }
}

fn grouped(agencies: &[(&String, &Counts)], pooled: &BTreeSet<usize>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for at in (0..agencies.len()).filter(|at| !pooled.contains(at)) {
        let name = harmless(agencies[at].0);
        let plain = slug(&name);
        let mut code = plain.clone();
        let mut number = 1;
        while code.is_empty() || groups.iter().any(|group| group.code == code) {
            number += 1;
            code = format!("{plain}_{number}");
        }
        groups.push(Group {
            code,
            name,
            members: vec![at],
        });
    }
    if !pooled.is_empty() {
        groups.push(Group {
            code: OTHER.to_owned(),
            name: "Lainnya atau tidak disebut".to_owned(),
            members: pooled.iter().copied().collect(),
        });
    }
    groups
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
}

/// A table with what is hidden of it; or what is too thin.
fn prepared(
    agencies: &[(&String, &Counts)],
    groups: &[Group],
    at: usize,
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
    };
    let sexes = [0, 1].map(|sex| {
        let rows = groups.iter().map(|group| {
            let mut row = vec![0; columns.len()];
            for member in &group.members {
                for (count, place) in agencies[*member].1[at][sex].iter().zip(&places) {
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
                let named = more.columns.iter().map(|column| columns[*column].clone());
                thin.columns.extend(named);
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
    groups: &[Group],
    ready: &[Ready],
    persons: u64,
    rule: Rule,
) -> Statistics {
    let codes: Vec<&str> = groups.iter().map(|group| group.code.as_str()).collect();
    let mut datasets = Vec::new();
    for (table, ready) in Table::ALL.into_iter().zip(ready) {
        datasets.push((
            table.id().to_owned(),
            table_csv(table, ready, &codes, population.day()),
        ));
    }
    let mut lines = vec![vec!["kode".to_owned(), "nama".to_owned()]];
    lines.extend(
        groups
            .iter()
            .map(|group| vec![group.code.clone(), group.name.clone()]),
    );
    datasets.push((AGENCIES.to_owned(), csv_text(&lines)));
    let (mut cells, mut small, mut hidden) = (0, 0, 0);
    for (matrix, out) in ready.iter().flat_map(|one| &one.sexes) {
        for (row, gone) in matrix.rows.iter().zip(&out.cells) {
            for (count, gone) in row.iter().zip(gone) {
                cells += usize::from(*count > 0);
                small += usize::from(rule.small(*count));
                hidden += usize::from(*gone);
            }
        }
    }
    let pool = groups.iter().find(|group| group.code == OTHER);
    Statistics {
        datasets,
        told: Told {
            persons,
            left_out: population.left_out(),
            agencies: groups.iter().filter(|group| group.code != OTHER).count(),
            pooled: pool.map_or(0, |pool| pool.members.len()),
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
