//! Any table as CSV or XLSX, with nothing in it that a spreadsheet would run.

use std::path::Path;

use rust_xlsxwriter::{Color, Format, Workbook};

use crate::report::{ReportError, clip, guarded};

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Text; never a formula.
    Text(String),
    /// A whole number.
    Number(i64),
}

/// Rows that a sheet holds beside its header.
pub const MOST_ROWS: u32 = 1_048_575;

/// Rows as lines of CSV (RFC 4180), UTF-8.
pub fn csv_lines(rows: &[Vec<Cell>]) -> Result<Vec<u8>, ReportError> {
    let mut out = csv::Writer::from_writer(Vec::new());
    for row in rows {
        for cell in row {
            match cell {
                Cell::Text(text) => out.write_field(guarded(text.into()).as_bytes())?,
                Cell::Number(number) => out.write_field(number.to_string())?,
            }
        }
        out.write_record(None::<&[u8]>)?;
    }
    out.into_inner()
        .map_err(|error| ReportError::Io(error.into_error()))
}

/// A workbook of one sheet, in memory that does not grow with it.
pub struct Book {
    book: Workbook,
    next: u32,
}

impl Book {
    /// A sheet with its header row, which stays in sight.
    pub fn new(name: &str, header: &[String]) -> Result<Book, ReportError> {
        let mut book = Workbook::new();
        let bold = Format::new()
            .set_bold()
            .set_background_color(Color::RGB(0x00D9_E2EC));
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (at, title) in header.iter().enumerate() {
            sheet.write_string_with_format(0, at as u16, title, &bold)?;
        }
        Ok(Book { book, next: 1 })
    }

    /// Adds a row; false where the sheet is full and the row was left out.
    pub fn row(&mut self, cells: &[Cell]) -> Result<bool, ReportError> {
        if self.next > MOST_ROWS {
            return Ok(false);
        }
        let sheet = self.book.worksheet_from_index(0)?;
        for (at, cell) in cells.iter().enumerate() {
            match cell {
                Cell::Text(text) if text.is_empty() => continue,
                Cell::Text(text) => sheet.write_string(self.next, at as u16, clip(text))?,
                Cell::Number(number) => sheet.write_number(self.next, at as u16, *number as f64)?,
            };
        }
        self.next += 1;
        Ok(true)
    }

    /// Writes the file.
    pub fn save(mut self, path: &Path) -> Result<(), ReportError> {
        Ok(self.book.save(path)?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, csv_lines};

    #[test]
    fn nothing_in_a_table_is_a_formula() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let rows = [vec![
            text("=1+1"),
            text("a;=1"),
            text("a=1"),
            Cell::Number(-1),
        ]];
        let written = String::from_utf8(csv_lines(&rows).unwrap()).unwrap();
        assert_eq!(written, "'=1+1,a;'=1,a=1,-1\n");
    }
}
