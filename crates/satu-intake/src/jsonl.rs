//! JSON lines: one object a line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::delimited::LONGEST_ROW;
use crate::reader::Raw;
use crate::{Broken, IntakeError};

/// Most columns taken from the keys of a file.
const MOST_COLUMNS: usize = 4096;
/// Most bytes of all keys together.
const LONGEST_HEADER: usize = 1 << 20;

/// A file of JSON objects, one a line.
pub(crate) struct Lines {
    path: PathBuf,
    file: BufReader<File>,
    line: Vec<u8>,
    number: u64,
    headers: Vec<String>,
}

impl Lines {
    /// Reads the file once for its keys, so that a key of the last line is a column too.
    pub(crate) fn open(file: File, path: &Path) -> Result<(Lines, Vec<String>), IntakeError> {
        let io = |source| IntakeError::Io {
            path: path.to_owned(),
            source,
        };
        let mut lines = Lines {
            path: path.to_owned(),
            file: BufReader::with_capacity(1 << 16, file),
            line: Vec::new(),
            number: 0,
            headers: Vec::new(),
        };
        let mut room = LONGEST_HEADER;
        while lines.advance()? {
            let Ok(object) = lines.object() else { continue };
            for key in object.keys() {
                if lines.headers.contains(key) {
                    continue;
                }
                room = room.saturating_sub(key.len());
                if room == 0 || lines.headers.len() == MOST_COLUMNS {
                    return Err(IntakeError::Damaged {
                        path: path.to_owned(),
                        reason: format!(
                            "more than {MOST_COLUMNS} different keys, or too long ones"
                        ),
                    });
                }
                lines.headers.push(key.clone());
            }
        }
        lines.file.rewind().map_err(io)?;
        lines.number = 0;
        let headers = lines.headers.clone();
        Ok((lines, headers))
    }

    /// Reads the next row; false at the end.
    pub(crate) fn next(&mut self, raw: &mut Raw) -> Result<bool, IntakeError> {
        if !self.advance()? {
            return Ok(false);
        }
        raw.number = self.number;
        raw.cells.clear();
        if self.line.trim_ascii().is_empty() {
            return Ok(true);
        }
        match self.object() {
            Ok(object) => {
                for header in &self.headers {
                    match object.get(header) {
                        None | Some(Value::Null) => raw.cells.push_field(""),
                        Some(Value::String(text)) => raw.cells.push_field(text),
                        Some(other) => raw.cells.push_field(&other.to_string()),
                    }
                }
            }
            Err(error) => {
                raw.cells.push_field(&String::from_utf8_lossy(&self.line));
                raw.broken = Some(Broken::NotAnObject(error.to_string()));
            }
        }
        Ok(true)
    }

    fn object(&self) -> Result<Map<String, Value>, serde_json::Error> {
        let line = self
            .line
            .strip_prefix(b"\xEF\xBB\xBF")
            .unwrap_or(&self.line);
        serde_json::from_slice(line)
    }

    fn advance(&mut self) -> Result<bool, IntakeError> {
        self.line.clear();
        let read = (&mut self.file)
            .take(LONGEST_ROW)
            .read_until(b'\n', &mut self.line)
            .map_err(|source| IntakeError::Io {
                path: self.path.clone(),
                source,
            })?;
        self.number += 1;
        if read as u64 == LONGEST_ROW {
            return Err(IntakeError::TooLong {
                path: self.path.clone(),
                row: self.number,
                limit: LONGEST_ROW,
            });
        }
        Ok(read > 0)
    }
}
