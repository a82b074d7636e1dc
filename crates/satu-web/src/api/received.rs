//! Bodies of programs, taken without a bound on the whole time.

use std::path::Path;

use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use tokio::io::AsyncWriteExt;

use crate::Lang;
use crate::problem::Problem;
use crate::serving::late;

/// A body of at most so many bytes, in memory.
pub async fn whole(body: Body, most: usize) -> Result<Vec<u8>, Problem> {
    let mut all = Vec::new();
    let mut parts = Parts::new(body, most);
    while let Some(part) = parts.next().await? {
        all.extend_from_slice(&part);
    }
    Ok(all)
}

/// A body of at most so many bytes, in a new file.
pub async fn file(body: Body, path: &Path, most: usize) -> Result<(), Problem> {
    let mut file = tokio::fs::File::create_new(path)
        .await
        .map_err(|error| unkept(&error))?;
    let mut parts = Parts::new(body, most);
    while let Some(part) = parts.next().await? {
        file.write_all(&part)
            .await
            .map_err(|error| unkept(&error))?;
    }
    file.flush().await.map_err(|error| unkept(&error))
}

fn unkept(error: &std::io::Error) -> Problem {
    tracing::error!(%error, "a body cannot be kept");
    Problem::Fault
}

/// The parts of a body as they come.
pub struct Parts {
    parts: axum::body::BodyDataStream,
    left: usize,
}

impl Parts {
    /// Those of a body of at most so many bytes.
    pub fn new(body: Body, most: usize) -> Parts {
        Parts {
            parts: body.into_data_stream(),
            left: most,
        }
    }

    /// The next; a problem where it breaks off, comes too slowly or is too much.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let Some(part) = self.parts.next().await else {
            return Ok(None);
        };
        let part = part.map_err(|error| {
            if late(&error) {
                Problem::TimedOut
            } else {
                Problem::invalid("body", Lang::why_broken_off)
            }
        })?;
        self.left = self.left.checked_sub(part.len()).ok_or(Problem::TooLarge)?;
        Ok(Some(part))
    }
}
