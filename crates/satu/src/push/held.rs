//! The file that is checked and sent: opened once, whatever gets its name meanwhile.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use satu_domain::dates::today;
use satu_intake::{IntakeError, MapFile, Options};
use satu_registry::check::{CheckError, Event, check_rows};
use satu_rules::{CodeLists, CrossRow, Standard};
use satu_store::RawHasher;

use super::Args;
use crate::{Failure, check};

/// The file, as it was when it was opened.
pub struct Held<'a> {
    path: &'a Path,
    file: File,
    /// Its bytes.
    pub length: u64,
    /// Their hash, hexadecimal.
    pub sha256: String,
}

impl<'a> Held<'a> {
    /// Opens a file.
    pub fn open(path: &'a Path) -> Result<Held<'a>, Failure> {
        let opened = || {
            let file = File::open(path)?;
            let (length, sha256) = (file.metadata()?.len(), RawHasher::of(&file)?);
            Ok((file, length, sha256))
        };
        let (file, length, sha256) = opened().map_err(|error| io(path, &error))?;
        Ok(Held {
            path,
            file,
            length,
            sha256,
        })
    }

    /// Holds it against the standard as it is known here; the rows that would be rejected, or none where
    /// it is no table. A failure where it was written to meanwhile.
    pub fn checked(&mut self, args: &Args) -> Result<Option<u64>, Failure> {
        let map = args
            .kind
            .as_deref()
            .map(|kind| format!("kind = {kind:?}\n"));
        let map = map.as_deref().map(MapFile::parse).transpose();
        let options = Options {
            map: map.map_err(|error| Failure::new(&error, "Give --kind, a kind of statement."))?,
            ..Options::default()
        };
        let bar = check::bar(self.path, args.json);
        let done = self.rows(&options, |event| {
            if let Event::Progress(progress) = event {
                check::advance(&bar, progress);
            }
        });
        bar.finish_and_clear();
        match done {
            Ok(rejected) => {
                self.unchanged()?;
                Ok(Some(rejected))
            }
            Err(error) => {
                eprintln!("satu: {error}\n  {}", error.hint());
                Ok(None)
            }
        }
    }

    fn rows(&self, options: &Options, mut tell: impl FnMut(Event<'_>)) -> Result<u64, IntakeError> {
        let file = self.file.try_clone().map_err(|source| IntakeError::Io {
            path: self.path.to_owned(),
            source,
        })?;
        let reader = satu_intake::read(file, self.path, options)?;
        let standard = Standard::new(CodeLists::core(), today());
        let name = self.path.display().to_string();
        let mut cross = CrossRow::default();
        let done = check_rows(reader, name, &standard, &mut cross, |_, event| {
            tell(event);
            Ok::<_, std::convert::Infallible>(())
        });
        match done {
            Ok(summary) => Ok(summary.outcomes()[3]),
            Err(CheckError::Intake(error)) => Err(error),
            Err(CheckError::Sink(never)) => match never {},
        }
    }

    fn unchanged(&mut self) -> Result<(), Failure> {
        let hash = self.file.rewind().and_then(|()| RawHasher::of(&self.file));
        if hash.map_err(|error| io(self.path, &error))? == self.sha256 {
            return Ok(());
        }
        Err(Failure {
            message: format!("{}: it changed while it was checked", self.path.display()),
            hint: "Nothing was sent; run the same command again when it is written whole."
                .to_owned(),
        })
    }

    /// The bytes from an offset on, `most` of them.
    pub fn part(&mut self, offset: u64, most: u64) -> Result<Vec<u8>, Failure> {
        let mut part = Vec::new();
        let read = self.file.seek(SeekFrom::Start(offset));
        let read = read.and_then(|_| (&self.file).take(most).read_to_end(&mut part));
        read.map_err(|error| io(self.path, &error))?;
        if part.is_empty() {
            let error = std::io::Error::other("it became shorter while it was sent");
            return Err(io(self.path, &error));
        }
        Ok(part)
    }
}

fn io(path: &Path, error: &std::io::Error) -> Failure {
    Failure {
        message: format!("{}: {error}", path.display()),
        hint: "Check that the file exists and may be read.".to_owned(),
    }
}
