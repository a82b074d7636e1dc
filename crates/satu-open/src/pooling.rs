//! What is pooled so that every small cell can be hidden: agencies, and categories.

use std::collections::BTreeSet;

use crate::categories::Categories;
use crate::population::{Agency, Column, Table};
use crate::protect::{Matrix, Rule, protect};
use crate::ready::Ready;

/// Tables with the same rows, ready to be written.
pub(crate) struct Settled {
    /// The agencies of the pool.
    pub pooled: BTreeSet<usize>,
    /// What is shown of each table.
    pub ready: Vec<(Table, Ready)>,
}

pub(crate) type Agencies<'a> = [(&'a String, &'a Agency)];

/// Persons of a sex in an agency. Every table counts each person once.
pub(crate) fn by_sex(agency: &Agency, sex: usize) -> u64 {
    agency.counts[0][sex].iter().sum()
}

pub(crate) fn total(agency: &Agency) -> u64 {
    by_sex(agency, 0) + by_sex(agency, 1)
}

/// The agency with the fewest persons of those that are not in the pool and fit.
fn smallest(
    agencies: &Agencies,
    pooled: &BTreeSet<usize>,
    fits: impl Fn(usize) -> bool,
) -> Option<usize> {
    let named = (0..agencies.len()).filter(|at| !pooled.contains(at) && fits(*at));
    named.min_by_key(|at| total(agencies[*at].1))
}

/// Whether a pool cannot be shown: a pool of one is that one, and a sum of the pool is shown like any other.
fn lacks(agencies: &Agencies, pooled: &BTreeSet<usize>, rule: Rule) -> bool {
    let members = || pooled.iter().map(|at| agencies[*at].1);
    let sum = |sex| members().map(|agency| by_sex(agency, sex)).sum::<u64>();
    pooled.len() == 1 || rule.small(sum(0)) || rule.small(sum(1))
}

/// Pools categories, and agencies beyond these, until everything small can be hidden; none where that takes more
/// than there is.
pub(crate) fn settled(
    agencies: &Agencies,
    tables: &[Table],
    mut pooled: BTreeSet<usize>,
    rule: Rule,
) -> Option<Settled> {
    let smallest = |pooled: &BTreeSet<usize>| smallest(agencies, pooled, |_| true);
    let first = rows(agencies.len(), &pooled);
    let mut categories: Vec<(Table, Categories)> = tables
        .iter()
        .map(|table| (*table, Categories::new(*table, agencies, &first, rule)))
        .collect();
    loop {
        while let Some(next) = smallest(&pooled).filter(|_| lacks(agencies, &pooled, rule)) {
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

/// The table by province, where more agencies can be pooled than in the others.
///
/// A small cell that cannot be hidden goes with its province into the other provinces, or with its agency into the
/// pool. Both are tried: with as many of the smallest agencies pooled as helps, none at first, provinces are pooled
/// until everything small can be hidden. What leaves most persons under the name of their agency and of their
/// province is taken. A regional government, of which everybody is in one province, is not pooled for that: what it
/// adds to the pool's figures would be known from the other tables.
pub(crate) fn by_province(
    agencies: &Agencies,
    mut pooled: BTreeSet<usize>,
    rule: Rule,
) -> Option<Settled> {
    let central = |at: usize| agencies[at].1.province.is_none();
    let mut best: Option<(u64, Settled)> = None;
    loop {
        let in_pool: u64 = pooled.iter().map(|at| total(agencies[*at].1)).sum();
        let least = best.as_ref().map_or(u64::MAX, |(nameless, _)| *nameless);
        let rows = rows(agencies.len(), &pooled);
        let (found, thin) = provinces_pooled(agencies, &rows, least.saturating_sub(in_pool), rule);
        if let Some((elsewhere, ready)) = found {
            let settled = Settled {
                pooled: pooled.clone(),
                ready: vec![(Table::Provinsi, ready)],
            };
            best = Some((in_pool + elsewhere, settled));
        }
        // Next with the smallest thin agency in the pool, and more where the pool is what is thin.
        let thin: BTreeSet<usize> = thin.iter().flat_map(|row| &rows[*row]).copied().collect();
        let of_pool = thin.iter().any(|at| pooled.contains(at));
        let fits = |at: usize| central(at) && thin.contains(&at);
        let next = smallest(agencies, &pooled, fits);
        let more = || smallest(agencies, &pooled, central).filter(|_| of_pool);
        let Some(next) = next.or_else(more) else {
            break;
        };
        pooled.insert(next);
        while lacks(agencies, &pooled, rule) {
            let Some(next) = smallest(agencies, &pooled, central) else {
                return best.map(|(_, settled)| settled);
            };
            pooled.insert(next);
        }
    }
    best.map(|(_, settled)| settled)
}

/// Pools provinces until everything small can be hidden: the table, and how many persons are not under the name of
/// their province, provided that they are fewer than `least`. And the rows that were too thin before that.
fn provinces_pooled(
    agencies: &Agencies,
    rows: &[Vec<usize>],
    least: u64,
    rule: Rule,
) -> (Option<(u64, Ready)>, BTreeSet<usize>) {
    let mut categories = Categories::new(Table::Provinsi, agencies, rows, rule);
    let mut thin_rows = None;
    let mut found = None;
    while categories.pooled() < least {
        match prepared(agencies, rows, Table::Provinsi, &categories, rule) {
            Ok(ready) => {
                found = Some((categories.pooled(), ready));
                break;
            }
            Err(thin) => {
                thin_rows.get_or_insert(thin.rows);
                let columns = thin.columns.union(&thin.of_rows).cloned().collect();
                if !categories.pool_smallest(&columns, rule) {
                    break;
                }
            }
        }
    }
    (found, thin_rows.unwrap_or_default())
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
