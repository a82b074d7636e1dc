//! Disclosure control of one table of counts: which cells to hide so that no small one can be worked
//! out from those that are shown.
//!
//! The table has rows (agencies) and columns, the columns stand in groups, and shown are: every row
//! total, every column total, every zero, and each cell and group sum that is not hidden. A cell of
//! 1 to `threshold - 1` is hidden (primary suppression). For each of them [`protect`] finds a *move*:
//! changes of hidden cells alone that make the cell larger by `width`, leave every shown figure as it
//! is and every hidden cell at least 1. The table with the move made would have been published in
//! the very same form, so no attack on the published figures, by whatever method, can rule it out.
//! The other cells of a move are hidden too (complementary suppression). It is the two-way
//! exchange of Cox (1980), spread over several cells where one is too small.

use std::cmp::Reverse;
use std::collections::BTreeSet;

/// How small a cell is too small, and how much in doubt a hidden one must stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Counts from 1 up to one less are hidden.
    pub threshold: u64,
    /// By how much a hidden small cell could at least be larger, as far as anyone can tell.
    pub width: u64,
}

impl Default for Rule {
    fn default() -> Rule {
        Rule {
            threshold: 5,
            width: 5,
        }
    }
}

impl Rule {
    /// Whether a count is small enough to point at somebody.
    pub fn small(self, count: u64) -> bool {
        (1..self.threshold).contains(&count)
    }
}

/// Counts by row and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// The group of each column.
    pub groups: Vec<usize>,
    /// The counts of each row, in the order of the columns.
    pub rows: Vec<Vec<u64>>,
}

/// A hidden small cell could as well be larger: with these changes the table looks the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The small cell first.
    pub changes: Vec<Change>,
}

/// Row, column, and what is added there.
pub type Change = (usize, usize, i64);

/// What is hidden of a matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// Of each row and column.
    pub cells: Vec<Vec<bool>>,
    /// Of each row and group.
    pub groups: Vec<Vec<bool>>,
    /// Why it suffices: one move for each small cell and small group.
    pub moves: Vec<Move>,
}

impl Matrix {
    /// Groups of columns.
    pub fn group_count(&self) -> usize {
        self.groups.iter().max().map_or(0, |last| last + 1)
    }

    /// The sum of a row over a group.
    pub fn group_sum(&self, row: usize, group: usize) -> u64 {
        let columns = self.rows[row].iter().zip(&self.groups);
        columns
            .filter(|(_, of)| **of == group)
            .map(|(count, _)| count)
            .sum()
    }
}

/// What a move would cost: how many cells more are hidden, the larger ones weighing more.
fn cost(count: u64) -> u64 {
    16 + u64::from(64 - count.leading_zeros())
}

/// Rows that are looked at for a way once there is one.
const ENOUGH: usize = 60;

struct Search<'a> {
    matrix: &'a Matrix,
    rule: Rule,
    hidden: Hidden,
}

/// A way to make a cell larger: what other rows give it in its column, and get back from its row in
/// others.
struct Way {
    cost: u64,
    /// Row that gives, column in which it is paid back, how many.
    parts: Vec<(usize, usize, u64)>,
}

/// What is too thin to be shown by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thin {
    /// Columns in which so few stand outside a row that the row's small cell cannot be kept in doubt.
    pub columns: BTreeSet<usize>,
    /// Rows in which so few stand outside a column.
    pub rows: BTreeSet<usize>,
    /// Columns of the small cells of these rows: to be pooled where there is no row to pool them with.
    pub of_rows: BTreeSet<usize>,
}

/// Hides what must be hidden, or says what is too thin to be shown at all. Columns and groups must be
/// zero or at least `threshold` in total, and rows too.
pub fn protect(matrix: &Matrix, rule: Rule) -> Result<Hidden, Thin> {
    let (rows, groups) = (matrix.rows.len(), matrix.group_count());
    let small = |row: &Vec<u64>| row.iter().map(|count| rule.small(*count)).collect();
    let small_groups = |row: usize| {
        let sums = (0..groups).map(|group| matrix.group_sum(row, group));
        sums.map(|sum| groups > 1 && rule.small(sum)).collect()
    };
    let mut search = Search {
        matrix,
        rule,
        hidden: Hidden {
            cells: matrix.rows.iter().map(small).collect(),
            groups: (0..rows).map(small_groups).collect(),
            moves: Vec::new(),
        },
    };
    let mut thin = Thin::default();
    // Small groups first: what they hide serves the cells too.
    for row in 0..rows {
        for group in 0..groups {
            if groups > 1 && rule.small(matrix.group_sum(row, group)) {
                let inside = |column: &usize| matrix.groups[*column] == group;
                let columns: Vec<usize> = (0..matrix.groups.len()).filter(inside).collect();
                search.enlarge(row, &columns, &[false], &mut thin);
            }
        }
    }
    for row in 0..rows {
        for column in 0..matrix.groups.len() {
            if rule.small(matrix.rows[row][column]) {
                search.enlarge(row, &[column], &[true, false], &mut thin);
            }
        }
    }
    if thin == Thin::default() {
        Ok(search.hidden)
    } else {
        Err(thin)
    }
}

impl Search<'_> {
    /// Finds a move that makes one of these cells larger, and hides what it touches: paid back
    /// `within` the group of the column, which leaves the sums of groups alone, or outside it.
    fn enlarge(&mut self, row: usize, columns: &[usize], within: &[bool], thin: &mut Thin) {
        let filled: Vec<usize> = columns
            .iter()
            .copied()
            .filter(|column| self.matrix.rows[row][*column] > 0)
            .collect();
        for within in within {
            let ways = filled
                .iter()
                .filter_map(|column| Some((*column, self.way(row, *column, *within)?)));
            if let Some((column, way)) = ways.min_by_key(|(_, way)| way.cost) {
                self.take(row, column, &way);
                return;
            }
        }
        let able = |column: &usize| self.outside(row, *column) >= self.rule.width;
        if filled.iter().any(able) {
            thin.rows.insert(row);
            thin.of_rows.extend(filled);
        } else {
            thin.columns.extend(filled);
        }
    }

    /// What the other rows could give in a column and still be counted there.
    fn outside(&self, row: usize, column: usize) -> u64 {
        let others = self
            .matrix
            .rows
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != row);
        others
            .map(|(_, counts)| counts[column].saturating_sub(1))
            .sum()
    }

    fn way(&self, row: usize, column: usize, within: bool) -> Option<Way> {
        let group = self.matrix.groups[column];
        let mut givers: Vec<usize> = (0..self.matrix.groups.len())
            .filter(|other| {
                *other != column
                    && (self.matrix.groups[*other] == group) == within
                    && self.matrix.rows[row][*other] > 1
            })
            .collect();
        // Hidden already, then the largest.
        givers.sort_by_key(|other| {
            let count = self.matrix.rows[row][*other];
            (!self.hidden.cells[row][*other], Reverse(count))
        });
        let mut rows: Vec<usize> = (0..self.matrix.rows.len())
            .filter(|other| *other != row && self.matrix.rows[*other][column] > 1)
            .collect();
        rows.sort_by_key(|other| {
            let count = self.matrix.rows[*other][column];
            (!self.hidden.cells[*other][column], count)
        });
        let width = self.rule.width;
        let mut best: Option<Way> = None;
        let large = rows
            .iter()
            .filter(|other| self.matrix.rows[**other][column] > width);
        for (seen, other_row) in large.enumerate() {
            let whole = givers.iter().filter(|other| {
                self.matrix.rows[row][**other] > width && self.matrix.rows[*other_row][**other] > 0
            });
            let whole = whole.map(|other| vec![(*other_row, *other, width)]);
            let spread = self.spread(row, column, &[*other_row], &givers);
            for parts in whole.chain(spread) {
                let cost = self.cost(row, column, &parts);
                if best.as_ref().is_none_or(|best| cost < best.cost) {
                    best = Some(Way { cost, parts });
                }
            }
            if best
                .as_ref()
                .is_some_and(|best| best.cost == 0 || seen >= ENOUGH)
            {
                break;
            }
        }
        best.or_else(|| {
            rows.sort_by_key(|other| Reverse(self.matrix.rows[*other][column]));
            let parts = self.spread(row, column, &rows, &givers)?;
            Some(Way {
                cost: self.cost(row, column, &parts),
                parts,
            })
        })
    }

    /// A little from each of several rows, paid back in several columns.
    fn spread(
        &self,
        row: usize,
        column: usize,
        rows: &[usize],
        givers: &[usize],
    ) -> Option<Vec<(usize, usize, u64)>> {
        let mut left = self.rule.width;
        let mut able: Vec<u64> = givers
            .iter()
            .map(|other| self.matrix.rows[row][*other] - 1)
            .collect();
        let mut parts = Vec::new();
        for other_row in rows {
            let mut gives = self.matrix.rows[*other_row][column] - 1;
            for (other, able) in givers.iter().zip(&mut able) {
                let part = gives.min(*able).min(left);
                if part == 0 || self.matrix.rows[*other_row][*other] == 0 {
                    continue;
                }
                parts.push((*other_row, *other, part));
                gives -= part;
                *able -= part;
                left -= part;
                if left == 0 {
                    return Some(parts);
                }
            }
        }
        None
    }

    /// The cells that a way changes, and by how much.
    fn changes(&self, row: usize, column: usize, parts: &[(usize, usize, u64)]) -> Vec<Change> {
        let mut changes: Vec<Change> = vec![(row, column, self.rule.width as i64)];
        let mut add = |row: usize, column: usize, by: i64| match changes
            .iter_mut()
            .find(|(r, c, _)| (*r, *c) == (row, column))
        {
            Some(known) => known.2 += by,
            None => changes.push((row, column, by)),
        };
        for (other_row, other, part) in parts {
            let part = *part as i64;
            add(*other_row, column, -part);
            add(row, *other, -part);
            add(*other_row, *other, part);
        }
        changes
    }

    /// What a way hides beyond what is hidden: the larger, the dearer.
    fn cost(&self, row: usize, column: usize, parts: &[(usize, usize, u64)]) -> u64 {
        let changes = self.changes(row, column, parts);
        let cells = changes
            .iter()
            .filter(|(row, column, _)| !self.hidden.cells[*row][*column])
            .map(|(row, column, _)| cost(self.matrix.rows[*row][*column]));
        let groups = self.groups_changed(&changes).into_iter();
        let groups = groups
            .filter(|(row, group)| !self.hidden.groups[*row][*group])
            .map(|(row, group)| 2 * cost(self.matrix.group_sum(row, group)));
        cells.chain(groups).sum()
    }

    /// Rows and groups whose sum changes.
    fn groups_changed(&self, changes: &[Change]) -> Vec<(usize, usize)> {
        let mut sums: Vec<(usize, usize, i64)> = Vec::new();
        for (row, column, by) in changes {
            let group = self.matrix.groups[*column];
            match sums.iter_mut().find(|(r, g, _)| (*r, *g) == (*row, group)) {
                Some(known) => known.2 += by,
                None => sums.push((*row, group, *by)),
            }
        }
        let changed = sums.into_iter().filter(|(_, _, by)| *by != 0);
        changed.map(|(row, group, _)| (row, group)).collect()
    }

    fn take(&mut self, row: usize, column: usize, way: &Way) {
        let changes = self.changes(row, column, &way.parts);
        for (row, column, _) in &changes {
            self.hidden.cells[*row][*column] = true;
        }
        for (row, group) in self.groups_changed(&changes) {
            self.hidden.groups[row][group] = true;
        }
        self.hidden.moves.push(Move { changes });
    }
}
