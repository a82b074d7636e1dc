//! Many rows in one statement, as each engine takes them fastest.

use std::fmt::Write;

use sqlx::{AnyConnection, AssertSqlSafe};

use crate::StoreError;

/// A cell to be written.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Int(i64),
    Text(String),
}

/// Most parameters of one statement on SQLite, which takes 32,766.
const MOST: usize = 16_000;

/// Most bytes of text in one statement on PostgreSQL, well under the gigabyte of one value.
const MOST_BYTES: usize = 16 << 20;

/// Inserts rows, given cell by cell, into the named columns, and leaves `cells` empty. A column
/// holds either numbers or texts.
pub(crate) async fn insert(
    connection: &mut AnyConnection,
    table_and_columns: &str,
    width: usize,
    cells: &mut Vec<Cell>,
) -> Result<(), StoreError> {
    if connection.backend_name() == "PostgreSQL" {
        insert_arrays(connection, table_and_columns, width, cells).await?;
    } else {
        insert_values(connection, table_and_columns, width, cells).await?;
    }
    cells.clear();
    Ok(())
}

/// One array for each column, written as text: a few parameters for the server to plan, not
/// thousands.
async fn insert_arrays(
    connection: &mut AnyConnection,
    table_and_columns: &str,
    width: usize,
    cells: &[Cell],
) -> Result<(), StoreError> {
    let Some(first) = cells.get(..width) else {
        return Ok(());
    };
    let arrays: Vec<String> = (1..)
        .zip(first)
        .map(|(at, cell)| match cell {
            Cell::Int(_) => format!("${at}::bigint[]"),
            Cell::Text(_) => format!("${at}::text[]"),
        })
        .collect();
    let sql = format!(
        "INSERT INTO {table_and_columns} SELECT * FROM unnest({})",
        arrays.join(", ")
    );
    let mut rows = cells.chunks(width).peekable();
    while rows.peek().is_some() {
        let mut columns = vec![String::from("{"); width];
        let mut bytes = 0;
        while let Some(row) = rows.next_if(|_| bytes < MOST_BYTES) {
            for (column, cell) in columns.iter_mut().zip(row) {
                let before = column.len();
                push(column, cell);
                bytes += column.len() - before;
            }
        }
        let mut query = sqlx::query(AssertSqlSafe(sql.clone()));
        for mut column in columns {
            column.push('}');
            query = query.bind(column);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Adds an element to an array's text, see "Array Input and Output Syntax" in PostgreSQL's manual.
fn push(array: &mut String, cell: &Cell) {
    if array.len() > 1 {
        array.push(',');
    }
    match cell {
        Cell::Int(value) => {
            let _ = write!(array, "{value}");
        }
        Cell::Text(value) => {
            array.push('"');
            for part in value.split_inclusive(['"', '\\']) {
                match part.strip_suffix(['"', '\\']) {
                    None => array.push_str(part),
                    Some(before) => {
                        array.push_str(before);
                        array.push('\\');
                        array.push_str(&part[before.len()..]);
                    }
                }
            }
            array.push('"');
        }
    }
}

/// One place for each cell.
async fn insert_values(
    connection: &mut AnyConnection,
    table_and_columns: &str,
    width: usize,
    cells: &mut Vec<Cell>,
) -> Result<(), StoreError> {
    let most = MOST / width * width;
    while !cells.is_empty() {
        let rest = cells.split_off(cells.len().min(most));
        // SQLite looks each `$1` up by its name among all others; a plain `?` has none.
        let row = format!("({})", vec!["?"; width].join(","));
        let sql = format!(
            "INSERT INTO {table_and_columns} VALUES {}",
            vec![row.as_str(); cells.len() / width].join(",")
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(cells.len() == most);
        for cell in cells.drain(..) {
            query = match cell {
                Cell::Int(value) => query.bind(value),
                Cell::Text(value) => query.bind(value),
            };
        }
        query.execute(&mut *connection).await?;
        *cells = rest;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Cell, push};

    #[test]
    fn an_element_is_quoted_as_the_manual_says() {
        let mut array = String::from("{");
        push(&mut array, &Cell::Int(-1));
        for value in ["", "NULL", "a,b}", r#"\"x\\"#] {
            push(&mut array, &Cell::Text(value.to_owned()));
        }
        assert_eq!(array, r#"{-1,"","NULL","a,b}","\\\"x\\\\""#);
    }
}
