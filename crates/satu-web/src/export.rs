//! Tables to take away, as CSV or XLSX.

use std::path::PathBuf;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{Stream, try_unfold};
use satu_registry::report::ReportError;
use satu_registry::table::{Book, Cell, csv_lines};
use tokio::io::AsyncReadExt;

use crate::page::{Answer, Failure};

/// What a table is taken away as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Csv,
    Xlsx,
}

impl Ending {
    pub fn name(self) -> &'static str {
        match self {
            Ending::Csv => "csv",
            Ending::Xlsx => "xlsx",
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Ending::Csv => "text/csv; charset=utf-8",
            Ending::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Failure {
        Failure::Fault(error.to_string())
    }
}

fn io(error: &std::io::Error) -> Failure {
    Failure::Fault(format!("a file to take away: {error}"))
}

/// A body as a file to save. The name is ours: letters, digits and `-`.
pub fn saved(name: &str, ending: Ending, body: Body) -> Response {
    let disposition = format!("attachment; filename=\"{name}.{}\"", ending.name());
    let headers = [
        (header::CONTENT_TYPE, ending.kind().to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, body).into_response()
}

/// A table that is at hand.
pub async fn whole(name: &str, ending: Ending, head: Vec<String>, rows: Vec<Vec<Cell>>) -> Answer {
    if ending == Ending::Csv {
        let mut lines = csv_lines(&[texts(head)])?;
        lines.extend(csv_lines(&rows)?);
        return Ok(saved(name, ending, lines.into()));
    }
    let mut book = Book::new("Data", &head)?;
    for row in &rows {
        book.row(row)?;
    }
    book_saved(name, book).await
}

/// Texts as cells.
pub fn texts(texts: Vec<String>) -> Vec<Cell> {
    texts.into_iter().map(Cell::Text).collect()
}

/// A workbook as a file to save.
pub async fn book_saved(name: &str, book: Book) -> Answer {
    let folder = tempfile::tempdir().map_err(|error| io(&error))?;
    let path = folder.path().join("table.xlsx");
    let written = path.clone();
    tokio::task::spawn_blocking(move || book.save(&written))
        .await
        .map_err(|error| Failure::Fault(error.to_string()))??;
    file_saved(name, Ending::Xlsx, path, folder).await
}

/// A file as a file to save, read while it is sent; what keeps it in place goes then.
pub async fn file_saved(
    name: &str,
    ending: Ending,
    path: PathBuf,
    keeper: impl Send + 'static,
) -> Answer {
    Ok(saved(name, ending, file_body(path, keeper).await?))
}

/// A file as a body, read while it is sent; what keeps it in place goes then.
pub async fn file_body(path: PathBuf, keeper: impl Send + 'static) -> Result<Body, Failure> {
    let file = tokio::fs::File::open(path).await;
    let file = file.map_err(|error| io(&error))?;
    Ok(Body::from_stream(read(file, keeper)))
}

fn read(
    file: tokio::fs::File,
    keeper: impl Send + 'static,
) -> impl Stream<Item = std::io::Result<Bytes>> {
    try_unfold((file, keeper), async |(mut file, keeper)| {
        let mut part = Vec::with_capacity(1 << 16);
        let count = file.read_buf(&mut part).await?;
        Ok((count > 0).then(|| (Bytes::from(part), (file, keeper))))
    })
}
