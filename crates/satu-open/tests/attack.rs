//! Somebody who has every published figure and wants the hidden ones.
//!
//! The attacker writes down every equation that the tables of a release obey together, and asks of
//! each hidden cell how small and how large it can be (linear programming, by the simplex method).
//! Known to the attacker is also that zeros are shown, so that a hidden cell is at least 1; and, where two
//! tables are taken together, that there are persons behind them who stand in both.

use std::collections::BTreeMap;

/// A figure's place: the dataset, and a code of each dimension.
pub type Key = Vec<String>;

/// Figures as published: the value, or nothing.
pub type Figures = BTreeMap<Key, Option<i64>>;

/// The figures in a dataset's CSV.
pub fn figures(dataset: &str, csv: &str) -> Figures {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let dimensions = reader.headers().unwrap().len() - 3;
    let mut found = Figures::new();
    for record in reader.records() {
        let record = record.unwrap();
        let mut key = vec![dataset.to_owned()];
        key.extend(record.iter().take(dimensions).map(str::to_owned));
        let value = &record[dimensions + 1];
        assert_eq!(value.is_empty(), &record[dimensions + 2] == "C");
        let value = (!value.is_empty()).then(|| value.parse().unwrap());
        assert!(found.insert(key, value).is_none());
    }
    found
}

/// Hidden cells that add up to a sum.
#[derive(Debug)]
struct Equation {
    hidden: Vec<(usize, f64)>,
    sum: f64,
}

/// What the attacker knows.
pub struct Attack {
    pub hidden: Vec<Key>,
    /// Hidden cells, and behind them groups of persons that no table shows.
    unknown: usize,
    equations: Vec<Equation>,
}

impl Attack {
    /// Every equation of these figures: along each dimension, the codes add up to their total.
    pub fn new(figures: &Figures) -> Attack {
        let hidden: Vec<Key> = figures
            .iter()
            .filter(|(_, value)| value.is_none())
            .map(|(key, _)| key.clone())
            .collect();
        let place: BTreeMap<&Key, usize> = hidden.iter().zip(0..).collect();
        let mut parts: BTreeMap<Key, Vec<&Key>> = BTreeMap::new();
        for key in figures.keys() {
            for at in 1..key.len() {
                if key[at] == "_T" {
                    continue;
                }
                let mut sum = key.clone();
                "_T".clone_into(&mut sum[at]);
                // Ranks add up within a kind of employment; a sum over kinds is of their sums.
                let grouped = key[0] == "asn-golongan";
                if grouped && at == 3 && key[4] != "_T" {
                    continue;
                }
                parts.entry(sum).or_default().push(key);
            }
        }
        // A key can be the sum along several dimensions: one equation for each.
        let mut equations = Vec::new();
        for (sum, keys) in parts {
            for at in 1..sum.len() {
                let along: Vec<&&Key> = keys.iter().filter(|key| key[at] != sum[at]).collect();
                if sum[at] != "_T" || along.is_empty() || !figures.contains_key(&sum) {
                    continue;
                }
                let mut equation = Equation {
                    hidden: Vec::new(),
                    sum: 0.0,
                };
                let mut add = |key: &Key, sign: i64| match figures[key] {
                    Some(value) => equation.sum -= (sign * value) as f64,
                    None => equation.hidden.push((place[key], sign as f64)),
                };
                add(&sum, -1);
                for key in along {
                    add(key, 1);
                }
                if equation.hidden.is_empty() {
                    assert!(
                        equation.sum.abs() < 0.5,
                        "the figures contradict each other: {sum:?}"
                    );
                } else {
                    equations.push(equation);
                }
            }
        }
        Attack {
            unknown: hidden.len(),
            hidden,
            equations,
        }
    }

    /// Adds the persons whom two tables by agency, sex and one category count: so many of an agency and sex
    /// have both categories, and they add up to the cells of each table. An agency that one table pools is
    /// in its pool.
    pub fn join(&mut self, figures: &Figures, one: &str, other: &str) {
        let of = |dataset: &str| -> Vec<&Key> {
            let cells = figures.keys().filter(|key| key[0] == dataset);
            cells
                .filter(|key| !key.contains(&"_T".to_owned()))
                .collect()
        };
        let (ones, others) = (of(one), of(other));
        let row = |cells: &[&Key], agency: &str| {
            let known = cells.iter().any(|key| key[1] == agency);
            if known {
                agency.to_owned()
            } else {
                "_O".to_owned()
            }
        };
        let mut parts: BTreeMap<&Key, Vec<usize>> = BTreeMap::new();
        for first in &ones {
            for second in &others {
                // The second table's rows are those of the first, more of them pooled.
                let together = first[2] == second[2] && row(&others, &first[1]) == second[1];
                if together && figures[*first] != Some(0) && figures[*second] != Some(0) {
                    parts.entry(first).or_default().push(self.unknown);
                    parts.entry(second).or_default().push(self.unknown);
                    self.unknown += 1;
                }
            }
        }
        for key in ones.iter().chain(&others) {
            let inside = parts.remove(key).unwrap_or_default();
            let mut hidden: Vec<(usize, f64)> = inside.iter().map(|part| (*part, 1.0)).collect();
            let sum = if let Some(value) = figures[*key] {
                value as f64
            } else {
                let place = self.hidden.iter().position(|one| one == *key);
                hidden.push((place.unwrap(), -1.0));
                0.0
            };
            if hidden.is_empty() {
                assert!(sum.abs() < 0.5, "nobody can be in {key:?}");
            } else {
                self.equations.push(Equation { hidden, sum });
            }
        }
    }

    /// The smallest and the largest value that a hidden cell can have.
    pub fn bounds(&self, cell: usize) -> (f64, f64) {
        let mut simplex = self.around(cell);
        let low = simplex.least(1.0);
        let high = -simplex.least(-1.0);
        (low + 1.0, high + 1.0)
    }

    /// The linear program of the cells that have to do with one; that one is its first variable.
    fn around(&self, cell: usize) -> Simplex {
        let mut cells = vec![cell];
        let mut place = vec![usize::MAX; self.unknown];
        place[cell] = 0;
        let mut taken = vec![false; self.equations.len()];
        let mut at = 0;
        while at < cells.len() {
            for (number, equation) in self.equations.iter().enumerate() {
                if taken[number] || !equation.hidden.iter().any(|(one, _)| *one == cells[at]) {
                    continue;
                }
                taken[number] = true;
                for (one, _) in &equation.hidden {
                    if place[*one] == usize::MAX {
                        place[*one] = cells.len();
                        cells.push(*one);
                    }
                }
            }
            at += 1;
        }
        let rows = self
            .equations
            .iter()
            .zip(&taken)
            .filter(|(_, taken)| **taken);
        let rows = rows.map(|(equation, _)| {
            let mut row = vec![0.0; cells.len()];
            // A hidden cell is at least 1: what is counted is how much it has above that.
            let mut sum = equation.sum;
            for (one, sign) in &equation.hidden {
                row[place[*one]] = *sign;
                if *one < self.hidden.len() {
                    sum -= sign;
                }
            }
            (row, sum)
        });
        Simplex::new(rows.collect(), cells.len())
    }
}

const TINY: f64 = 1e-7;

/// A linear program in standard form, at a feasible corner.
struct Simplex {
    /// Coefficients of each row, and its right side last.
    rows: Vec<Vec<f64>>,
    /// The variable that each row gives.
    basis: Vec<usize>,
    variables: usize,
}

impl Simplex {
    fn new(given: Vec<(Vec<f64>, f64)>, variables: usize) -> Simplex {
        let count = given.len();
        let rows = given
            .into_iter()
            .enumerate()
            .map(|(at, (mut row, mut sum))| {
                if sum < 0.0 {
                    for value in &mut row {
                        *value = -*value;
                    }
                    sum = -sum;
                }
                row.extend((0..count).map(|other| f64::from(u8::from(other == at))));
                row.push(sum);
                row
            });
        let mut simplex = Simplex {
            rows: rows.collect(),
            basis: (variables..variables + count).collect(),
            variables,
        };
        // First the artificial variables go, which leads to a corner.
        let cost = (0..variables + count).map(|at| f64::from(u8::from(at >= variables)));
        let left = simplex.minimise(&cost.collect::<Vec<_>>());
        assert!(
            left < 1e-4,
            "the attacker's equations contradict each other by {left}"
        );
        for at in (0..simplex.rows.len()).rev() {
            if simplex.basis[at] < variables {
                continue;
            }
            let column = (0..variables).find(|column| simplex.rows[at][*column].abs() > TINY);
            if let Some(column) = column {
                simplex.pivot(at, column);
            } else {
                simplex.rows.remove(at);
                simplex.basis.remove(at);
            }
        }
        for row in &mut simplex.rows {
            row.drain(variables..variables + count);
        }
        simplex
    }

    /// The least that `sign` times the first variable can be.
    fn least(&mut self, sign: f64) -> f64 {
        let mut cost = vec![0.0; self.variables];
        cost[0] = sign;
        self.minimise(&cost)
    }

    fn minimise(&mut self, cost: &[f64]) -> f64 {
        let width = cost.len();
        let mut reduced: Vec<f64> = cost.iter().copied().chain([0.0]).collect();
        for (row, basic) in self.rows.iter().zip(&self.basis) {
            let by = cost[*basic];
            if by != 0.0 {
                reduced
                    .iter_mut()
                    .zip(row)
                    .for_each(|(value, part)| *value -= by * part);
            }
        }
        // Bland's rule: the first that helps, so that it never goes round in circles.
        while let Some(column) = (0..width).find(|column| reduced[*column] < -TINY) {
            let able = (0..self.rows.len()).filter(|row| self.rows[*row][column] > TINY);
            let ratio = |row: usize| self.rows[row][width] / self.rows[row][column];
            let leaving = able.min_by(|one, two| {
                let order = ratio(*one).total_cmp(&ratio(*two));
                order.then(self.basis[*one].cmp(&self.basis[*two]))
            });
            let Some(leaving) = leaving else {
                return f64::NEG_INFINITY;
            };
            self.pivot(leaving, column);
            let by = reduced[column];
            let row = &self.rows[leaving];
            reduced
                .iter_mut()
                .zip(row)
                .for_each(|(value, part)| *value -= by * part);
        }
        -reduced[width]
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let by = self.rows[row][column];
        self.rows[row].iter_mut().for_each(|value| *value /= by);
        let pivot = self.rows[row].clone();
        for (at, other) in self.rows.iter_mut().enumerate() {
            let by = other[column];
            if at != row && by != 0.0 {
                other
                    .iter_mut()
                    .zip(&pivot)
                    .for_each(|(value, part)| *value -= by * part);
            }
        }
        self.basis[row] = column;
    }
}
