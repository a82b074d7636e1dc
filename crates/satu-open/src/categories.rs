//! The categories that a table shows: those that too few persons have are pooled.
//!
//! National figures are always shown. So a category that has few persons in the country is pooled with
//! the others of its group, and a group that has few with the other groups.

use std::collections::BTreeSet;

use crate::dimension::OTHER;
use crate::pooling::Agencies;
use crate::population::{Column, Table};
use crate::protect::Rule;

/// A table's categories, and in which each is shown.
pub(crate) struct Categories {
    /// In which column each of the table's columns is shown.
    shown: Vec<Column>,
    /// National counts of men and of women.
    counts: Vec<[u64; 2]>,
    /// Of these, those in rows that have persons of their sex in other columns too: only there could one column have
    /// more and another less.
    loose: Vec<[u64; 2]>,
    /// The group of what is other.
    other: &'static str,
}

impl Categories {
    /// Every category that has enough persons by itself, the others pooled. The agencies stand in rows.
    pub fn new(table: Table, agencies: &Agencies, rows: &[Vec<usize>], rule: Rule) -> Categories {
        let shown = table.columns();
        let (mut counts, mut loose) = (vec![[0; 2]; shown.len()], vec![[0; 2]; shown.len()]);
        for row in rows {
            for sex in [0, 1] {
                let count = |column: usize| -> u64 {
                    let members = row.iter().map(|at| agencies[*at].1);
                    members
                        .map(|one| one.counts[table as usize][sex][column])
                        .sum()
                };
                let row: Vec<u64> = (0..shown.len()).map(count).collect();
                let several = row.iter().filter(|count| **count > 0).count() > 1;
                for (column, count) in row.iter().enumerate() {
                    counts[column][sex] += count;
                    loose[column][sex] += if several { *count } else { 0 };
                }
            }
        }
        let mut categories = Categories {
            counts,
            loose,
            other: shown.last().map_or("", |(group, _)| *group),
            shown,
        };
        categories.settle(rule);
        categories
    }

    /// The columns that are shown, and in which of them each of the table's columns is; one that
    /// nobody has is left away.
    pub fn columns(&self) -> (Vec<Column>, Vec<Option<usize>>) {
        let mut columns: Vec<Column> = Vec::new();
        for (column, counts) in self.shown.iter().zip(&self.counts) {
            if counts[0] + counts[1] > 0 && !columns.contains(column) {
                columns.push(column.clone());
            }
        }
        // Those of a group together, and what is other last.
        let first = |group: &str| self.shown.iter().position(|(of, _)| *of == group);
        columns.sort_by_key(|(group, code)| (*group == OTHER, first(group), code == OTHER));
        let place = |column: &Column| columns.iter().position(|one| one == column);
        let places = self.shown.iter().map(place).collect();
        (columns, places)
    }

    /// Pools until no national figure is small.
    pub fn settle(&mut self, rule: Rule) {
        let small = |sums: [u64; 2]| sums.iter().any(|sum| rule.small(*sum));
        loop {
            let group = self.shown.iter().map(|(group, _)| *group);
            let group = group
                .into_iter()
                .find(|group| small(self.sums(|(of, _)| of == group)));
            if let Some(group) = group {
                if self.pool_group(group) {
                    continue;
                }
                return;
            }
            let column = self
                .shown
                .iter()
                .find(|one| small(self.sums(|of| of == *one)));
            let Some(column) = column.cloned() else {
                return;
            };
            if !self.pool(&column, rule) {
                return;
            }
        }
    }

    /// Pools columns, and what is small then; false where that changes nothing.
    pub fn pool_all(&mut self, columns: &BTreeSet<Column>, rule: Rule) -> bool {
        let mut changed = false;
        for column in columns {
            changed |= self.pool(column, rule);
        }
        self.settle(rule);
        changed
    }

    /// Pools the smallest of some columns, what is other last; false where that changes nothing.
    pub fn pool_smallest(&mut self, columns: &BTreeSet<Column>, rule: Rule) -> bool {
        let smallest = columns
            .iter()
            .min_by_key(|one| (one.1 == OTHER, self.size(|of| of == *one)));
        smallest.is_some_and(|one| self.pool_all(&BTreeSet::from([one.clone()]), rule))
    }

    /// Persons of the columns that are shown as other.
    pub fn pooled(&self) -> u64 {
        self.size(|(_, code)| code == OTHER)
    }

    /// Pools a column with others; false where there are none.
    fn pool(&mut self, column: &Column, rule: Rule) -> bool {
        let from = if column.1 == OTHER {
            let named = self
                .shown
                .iter()
                .filter(|(group, code)| *group == column.0 && code != OTHER)
                .filter(|one| self.size(|of| of == *one) > 0);
            // The smallest, but for one that nobody can vouch in for those who are pooled.
            let stiff = |one: &Column| {
                let loose = sums(&self.shown, &self.loose, |of| of == one);
                loose.iter().any(|sum| *sum < rule.width)
            };
            let key = |one: &&Column| (stiff(one), self.size(|of| of == *one));
            match named.min_by_key(key).cloned() {
                Some(from) => from,
                None => return self.pool_group(column.0),
            }
        } else {
            column.clone()
        };
        for one in &mut self.shown {
            if *one == from {
                OTHER.clone_into(&mut one.1);
            }
        }
        true
    }

    /// Pools a group with what is other; that one takes the smallest in.
    fn pool_group(&mut self, group: &'static str) -> bool {
        let from = if group == self.other {
            let named = self.shown.iter().map(|(of, _)| *of);
            let named = named.filter(|of| *of != group && self.size(|one| one.0 == *of) > 0);
            named.min_by_key(|of| self.size(|one| one.0 == *of))
        } else {
            Some(group)
        };
        let Some(from) = from else { return false };
        let mut changed = false;
        for column in &mut self.shown {
            if column.0 == from {
                *column = (self.other, OTHER.to_owned());
                changed = true;
            }
        }
        changed
    }

    fn sums(&self, fits: impl Fn(&Column) -> bool) -> [u64; 2] {
        sums(&self.shown, &self.counts, fits)
    }

    fn size(&self, fits: impl Fn(&Column) -> bool) -> u64 {
        self.sums(fits).iter().sum()
    }
}

/// Men and women of the columns that fit where they are shown.
fn sums(shown: &[Column], counts: &[[u64; 2]], fits: impl Fn(&Column) -> bool) -> [u64; 2] {
    let mut sums = [0, 0];
    for (column, counts) in shown.iter().zip(counts) {
        if fits(column) {
            sums[0] += counts[0];
            sums[1] += counts[1];
        }
    }
    sums
}
