//! CSV in flat memory.

use std::borrow::Cow;
use std::cell::Cell;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use csv::{ByteRecord, StringRecord};
use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::mapping::known;
use crate::reader::Raw;
use crate::{IntakeError, LooksLike, Options};

/// Longest row, in bytes; a row beyond it is a quotation mark that was never closed.
pub(crate) const LONGEST_ROW: u64 = 4 << 20;

/// Rows searched for the header.
const TITLES: usize = 20;

const MAGIC: [(&[u8], LooksLike); 6] = [
    (b"%PDF", LooksLike::Pdf),
    (b"\xD0\xCF\x11\xE0", LooksLike::OldOffice),
    (b"\x89PNG", LooksLike::Picture),
    (b"\xFF\xD8\xFF", LooksLike::Picture),
    (b"<!DOCTYPE", LooksLike::WebPage),
    (b"<html", LooksLike::WebPage),
];

/// Stands after the last row, alone in a row of its own, unless a quotation mark is still open there.
const END: &[u8] = b"\n\x03\n";

/// Counts the bytes since the last row ended and stops a row that never ends; turns UTF-16 into UTF-8;
/// puts [`END`] after the file.
struct Bounded {
    inner: BufReader<File>,
    given: u64,
    /// The bytes given last, and how many were given before them.
    chunk: Vec<u8>,
    before: u64,
    ended: Rc<Cell<Option<u64>>>,
    since_row: Rc<Cell<u64>>,
    utf16: Option<Decoder>,
    done: bool,
}

impl Bounded {
    /// Whether the byte before this position, which must be of those given last, is a line feed.
    fn line_feed_before(&self, position: u64) -> bool {
        let at = position.checked_sub(self.before + 1);
        at.and_then(|at| self.chunk.get(at as usize)) == Some(&b'\n')
    }

    fn remember(&mut self, bytes: &[u8]) {
        self.before = self.given;
        self.chunk.clear();
        self.chunk.extend_from_slice(bytes);
    }
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.since_row.get() > LONGEST_ROW {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        let count = match &mut self.utf16 {
            None => self.inner.read(buffer)?,
            Some(decoder) => {
                let mut written = 0;
                // A decoder may take bytes and give none yet.
                while written == 0 && !self.done && buffer.len() >= 16 {
                    let bytes = std::io::BufRead::fill_buf(&mut self.inner)?;
                    let last = bytes.is_empty();
                    let (state, read, out, _) = decoder.decode_to_utf8(bytes, buffer, last);
                    std::io::BufRead::consume(&mut self.inner, read);
                    written = out;
                    self.done = last && state == encoding_rs::CoderResult::InputEmpty;
                }
                written
            }
        };
        if count == 0 && self.ended.get().is_none() && buffer.len() >= END.len() {
            self.ended.set(Some(self.given));
            buffer[..END.len()].copy_from_slice(END);
            self.remember(END);
            return Ok(END.len());
        }
        self.remember(&buffer[..count]);
        self.given += count as u64;
        self.since_row.set(self.since_row.get() + count as u64);
        Ok(count)
    }
}

/// A delimited text file after its header.
pub(crate) struct Delimited {
    path: PathBuf,
    csv: csv::Reader<Bounded>,
    since_row: Rc<Cell<u64>>,
    /// How many bytes stand before [`END`], once it was put there.
    ended: Rc<Cell<Option<u64>>>,
    number: u64,
    /// Lines ended so far, but for those inside quotation marks.
    lines: u64,
    /// Line feeds inside quotation marks so far.
    quoted: u64,
}

impl Delimited {
    /// Reads up to the header.
    pub(crate) fn open(
        file: File,
        path: &Path,
        head: &[u8],
        options: &Options,
    ) -> Result<(Delimited, Vec<String>), IntakeError> {
        let utf16 = match head {
            [0xFF, 0xFE, ..] => Some(UTF_16LE),
            [0xFE, 0xFF, ..] => Some(UTF_16BE),
            _ => None,
        };
        let magic = MAGIC
            .iter()
            .find(|(magic, _)| head.starts_with(magic))
            .map(|(_, name)| *name);
        let binary = (utf16.is_none() && head.contains(&0)).then_some(LooksLike::Binary);
        if let Some(looks_like) = magic.or(binary) {
            return Err(IntakeError::NotATable {
                path: path.to_owned(),
                looks_like,
            });
        }
        let head = utf16.map_or(Cow::Borrowed(head), |encoding| {
            Cow::Owned(encoding.decode(head).0.into_owned().into_bytes())
        });
        let (delimiter, titles) = layout(&head, options);
        let (since_row, ended) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(None)));
        let csv = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(Bounded {
                inner: BufReader::with_capacity(1 << 16, file),
                given: 0,
                chunk: Vec::new(),
                before: 0,
                ended: ended.clone(),
                since_row: since_row.clone(),
                utf16: utf16.map(encoding_rs::Encoding::new_decoder_with_bom_removal),
                done: false,
            });
        let mut table = Delimited {
            path: path.to_owned(),
            csv,
            since_row,
            ended,
            number: 0,
            lines: 0,
            quoted: 0,
        };
        let mut raw = Raw::default();
        for _ in 0..=titles {
            table.next(&mut raw)?;
        }
        let clean = |cell: &str| cell.trim_start_matches('\u{feff}').trim().to_owned();
        Ok((table, raw.cells.iter().map(clean).collect()))
    }

    /// Reads the next row; false at the end.
    pub(crate) fn next(&mut self, raw: &mut Raw) -> Result<bool, IntakeError> {
        self.since_row.set(0);
        let mut record = std::mem::take(&mut raw.cells).into_byte_record();
        let more = self
            .csv
            .read_byte_record(&mut record)
            .map_err(|error| self.broken(error))?;
        // A row that goes beyond the file's last line break is the end mark, or swallowed it.
        let beyond = self
            .ended
            .get()
            .is_some_and(|end| self.csv.position().byte() > end + 1);
        if beyond && !record.is_empty() && record.as_slice() != [3] {
            return Err(IntakeError::NeverClosed {
                path: self.path.clone(),
                row: self.number + 1,
            });
        }
        if beyond {
            record.clear();
        }
        let more = more && !beyond;
        if more {
            self.count(&record);
        }
        raw.cells = StringRecord::from_byte_record(record).unwrap_or_else(|error| {
            let record: ByteRecord = error.into_byte_record();
            record.iter().map(text).collect()
        });
        raw.number = self.number;
        Ok(more)
    }

    /// Moves on to the row just read, over the blank lines before it, which the CSV reader passes
    /// over unseen: a row's number is the one that a spreadsheet shows.
    fn count(&mut self, record: &ByteRecord) {
        self.quoted += memchr::memchr_iter(b'\n', record.as_slice()).count() as u64;
        let position = self.csv.position();
        // Of CR LF, the reader leaves the line feed to the next row.
        let ended = u64::from(!self.csv.get_ref().line_feed_before(position.byte()));
        let lines = (position.line() - 1 + ended).saturating_sub(self.quoted);
        // At least one: a line may end in CR alone, which nobody counts.
        self.number += lines.saturating_sub(self.lines).max(1);
        self.lines = lines;
    }

    /// The number of the row read last.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    fn broken(&self, error: csv::Error) -> IntakeError {
        let path = self.path.clone();
        match error.into_kind() {
            csv::ErrorKind::Io(e) if e.kind() == std::io::ErrorKind::FileTooLarge => {
                IntakeError::TooLong {
                    path,
                    row: self.number + 1,
                    limit: LONGEST_ROW,
                }
            }
            csv::ErrorKind::Io(source) => IntakeError::Io { path, source },
            other => IntakeError::Io {
                path,
                source: std::io::Error::other(format!("{other:?}")),
            },
        }
    }
}

/// The separator, and how many rows stand above the header: the first row with the most known names.
fn layout(head: &[u8], options: &Options) -> (u8, usize) {
    let mut best = (0, b',', 0);
    for delimiter in [b',', b';', b'\t', b'|'] {
        let mut csv = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(head);
        for (at, record) in csv.byte_records().take(TITLES).enumerate() {
            let Ok(record) = record else { break };
            let cells: Vec<Cow<'_, str>> = record.iter().map(text).collect();
            let names = cells.iter().map(|c| c.trim_start_matches('\u{feff}'));
            let count = known(names, options.kind, options.map.as_ref());
            // Below the first row, one known word may be a title's.
            if count > best.0 && (at == 0 || count > 1) {
                best = (count, delimiter, at);
            }
        }
    }
    (best.1, best.2)
}

fn text(cell: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(cell).map_or_else(
        |_| WINDOWS_1252.decode_without_bom_handling(cell).0,
        Cow::Borrowed,
    )
}
