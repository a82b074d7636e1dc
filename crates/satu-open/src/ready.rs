//! A table with what is hidden of it, as CSV.

use jiff::civil::Date;

use crate::dimension::TOTAL;
use crate::population::{Column, Table};
use crate::protect::{Hidden, Matrix};

/// One table, ready to be written.
pub(crate) struct Ready {
    /// The columns, those of a group together.
    pub columns: Vec<Column>,
    /// Of men and of women.
    pub sexes: [(Matrix, Hidden); 2],
}

/// What is written of a cell; nothing where it is hidden.
type Shown = Option<u64>;

impl Ready {
    /// Row (none for the country), group and column (none for a sum), of one sex or of both.
    fn value(
        &self,
        row: Option<usize>,
        group: Option<usize>,
        column: Option<usize>,
        sex: Option<usize>,
    ) -> Shown {
        let Some(sex) = sex else {
            let both = [0, 1].map(|sex| self.value(row, group, column, Some(sex)));
            return Some(both[0]? + both[1]?);
        };
        let (matrix, hidden) = &self.sexes[sex];
        let count = |row: usize| match (group, column) {
            (_, Some(column)) => matrix.rows[row][column],
            (Some(group), None) => matrix.group_sum(row, group),
            (None, None) => matrix.rows[row].iter().sum(),
        };
        let Some(row) = row else {
            return Some((0..matrix.rows.len()).map(count).sum());
        };
        let out_of_sight = match (group, column) {
            (_, Some(column)) => hidden.cells[row][column],
            (Some(group), None) => hidden.groups[row][group],
            (None, None) => false,
        };
        (!out_of_sight).then(|| count(row))
    }
}

/// A table as CSV: one line a cell, the sums among them. `agencies` are the codes of the rows.
pub(crate) fn table_csv(table: Table, ready: &Ready, agencies: &[&str], day: Date) -> String {
    let mut head = vec!["instansi".to_owned(), "jenis_kelamin".to_owned()];
    head.extend(table.dimensions().iter().map(|one| one.column().to_owned()));
    head.extend(["periode", "jumlah", "kerahasiaan"].map(str::to_owned));
    let grouped = table.dimensions().len() == 2;
    // Every place in the columns: a sum over all, the sum of each group, each column.
    let mut places = vec![(None, None, vec![TOTAL.to_owned(); table.dimensions().len()])];
    let of = &ready.sexes[0].0.groups;
    for group in 0..ready.sexes[0].0.group_count() {
        let inside: Vec<usize> = (0..of.len())
            .filter(|column| of[*column] == group)
            .collect();
        let name = inside.first().map_or("", |column| ready.columns[*column].0);
        if grouped {
            places.push((Some(group), None, vec![name.to_owned(), TOTAL.to_owned()]));
        }
        for column in inside {
            let code = ready.columns[column].1.clone();
            let codes = if grouped {
                vec![name.to_owned(), code]
            } else {
                vec![code]
            };
            places.push((Some(group), Some(column), codes));
        }
    }
    let day = day.to_string();
    let rows = std::iter::once((None, TOTAL)).chain(
        agencies
            .iter()
            .enumerate()
            .map(|(row, code)| (Some(row), *code)),
    );
    let mut lines = vec![head];
    for (row, agency) in rows {
        for (sex, letter) in [(None, TOTAL), (Some(0), "L"), (Some(1), "P")] {
            for (group, column, codes) in &places {
                let value = ready.value(row, *group, *column, sex);
                let mut line = vec![agency.to_owned(), letter.to_owned()];
                line.extend(codes.iter().cloned());
                line.extend([
                    day.clone(),
                    value.map_or_else(String::new, |value| value.to_string()),
                    if value.is_some() { "F" } else { "C" }.to_owned(),
                ]);
                lines.push(line);
            }
        }
    }
    csv_text(&lines)
}

/// Lines as CSV (RFC 4180), each ended by a line feed.
pub(crate) fn csv_text(lines: &[Vec<String>]) -> String {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    for line in lines {
        // Writing to memory does not fail.
        let _ = writer.write_record(line);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
