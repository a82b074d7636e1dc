//! Taking a delivery in: the same check as `satu check`, then into the ledger, whole or not at all.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, Write};
use std::path::PathBuf;

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use satu_domain::{Kind, canonical};
use satu_intake::{MapError, MapFile, Options};
use satu_rules::{CrossRow, Standard};
use satu_store::deliveries::Sent;
use satu_store::entry::{Findings, Found, Receipt, Source, Statement, Submission};
use satu_store::{Entry, RawHasher, Scope, Store, StoreError, Writer};
use tokio::sync::mpsc;

use crate::check::{CheckError, Checked, Event, Progress, RowOutcome, Summary, check_rows};

/// Why a delivery could not be taken in. Nothing of it is left behind.
#[derive(Debug, thiserror::Error)]
pub enum TakeInError {
    /// The file cannot be read as a table.
    #[error(transparent)]
    Intake(#[from] satu_intake::IntakeError),
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The map cannot be used.
    #[error(transparent)]
    Map(#[from] MapError),
    /// The file system said no.
    #[error("{file}: {source}")]
    Io {
        /// Which file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// The check ended before its time.
    #[error("the check of {0} ended before its time")]
    Stopped(String),
}

impl TakeInError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            TakeInError::Intake(error) => error.hint(),
            TakeInError::Store(error) => error.hint(),
            TakeInError::Map(_) => "Correct the map file.",
            TakeInError::Io { .. } => "Check that the file may be read and that the disk has room.",
            TakeInError::Stopped(_) => "Nothing was written; send the file again.",
        }
    }
}

/// A file as it is handed in.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Where it stands.
    pub path: PathBuf,
    /// The text of the map file that fits its layout, where it needs one.
    pub map: Option<String>,
    /// The sheet of a workbook; the first where none is named.
    pub sheet: Option<String>,
    /// The day for which the source speaks; unsaid, that as of which the standard judges.
    pub stated_on: Option<Date>,
}

/// What became of a delivery.
#[derive(Debug)]
pub enum Taken {
    /// It is in the ledger, under this number.
    New(i64, Box<Summary>),
    /// The source said the same before, under this number, and it stands; nothing changed. It is the same
    /// if the bytes, the map, the sheet and the day are (whichever day, where none is said), and no row of it
    /// was said anew since.
    Already(i64),
}

/// Rows on their way from the check to the ledger.
const ON_THE_WAY: usize = 4_096;

/// What an accepted row states.
struct Said {
    fact: String,
    cells: Vec<String>,
    unknown: Vec<(String, String)>,
}

enum Step {
    Begin(Kind, Vec<String>),
    Row {
        row: u64,
        said: Option<Said>,
        found: Vec<Found>,
    },
}

/// Takes one file in: keeps its bytes, holds it against the standard, and writes every accepted
/// row as a statement and every finding, in one transaction. Memory does not grow with the file,
/// but for the keys that tell two rows of one record apart.
pub async fn take_in(
    store: &Store,
    source: &Source,
    delivery: &Delivery,
    standard: &Standard,
) -> Result<Taken, TakeInError> {
    take_in_telling(store, source, delivery, standard, &|_| ()).await
}

/// Takes one file in as [`take_in`] does, and tells now and then how far it has come.
pub async fn take_in_telling(
    store: &Store,
    source: &Source,
    delivery: &Delivery,
    standard: &Standard,
    tell: &(dyn Fn(Progress) + Sync),
) -> Result<Taken, TakeInError> {
    let name = delivery
        .path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let io = |source| TakeInError::Io {
        file: name.clone(),
        source,
    };
    // A private copy: what is hashed, kept and checked are the same bytes, whatever happens to the
    // file meanwhile. It has no name, so the system removes it however this process ends.
    let mut copy = tempfile::tempfile().map_err(io)?;
    let raw = copy_and_hash(File::open(&delivery.path).map_err(io)?, &copy).map_err(io)?;
    let mut writer = store.begin().await?;
    let sent = Sent {
        source: &source.code,
        sha256: &raw,
        map: delivery.map.as_deref(),
        sheet: delivery.sheet.as_deref(),
        stated_on: delivery.stated_on,
    };
    if let Some(id) = writer.said_before(&sent).await? {
        return Ok(Taken::Already(id));
    }
    copy.rewind().map_err(io)?;
    writer.keep_raw(&raw, BufReader::new(&copy)).await?;
    declare(store, &mut writer, source).await?;
    let (send, mut receive) = mpsc::channel(ON_THE_WAY);
    let options = Options {
        map: delivery.map.as_deref().map(MapFile::parse).transpose()?,
        sheet: delivery.sheet.clone(),
        kind: None,
    };
    let mut facts = Facts::default();
    let check = || {
        let send = send;
        check_rows(
            satu_intake::read(copy, &delivery.path, &options)?,
            name.clone(),
            standard,
            &mut CrossRow::default(),
            |_, event| {
                let step = match event {
                    Event::Begin(mapping) => {
                        facts.kind = Some(mapping.kind);
                        let unknown = mapping.unknown().map(str::to_owned).collect();
                        Step::Begin(mapping.kind, unknown)
                    }
                    Event::Row(row) => facts.step(row),
                    Event::Progress(progress) => {
                        tell(progress);
                        return Ok(());
                    }
                };
                send.blocking_send(step)
            },
        )
    };
    let write = async {
        let mut submission = 0;
        while let Some(step) = receive.recv().await {
            match step {
                Step::Begin(kind, unknown) => {
                    let entry = Submission {
                        source: source.code.clone(),
                        file: name.clone(),
                        kind,
                        blob: raw.clone(),
                        stated_on: delivery.stated_on.unwrap_or(standard.today()),
                        map: delivery.map.clone(),
                        sheet: delivery.sheet.clone(),
                        unknown,
                    };
                    submission = writer.append(&Entry::Submission(entry)).await?;
                }
                Step::Row { row, said, found } => {
                    if let Some(Said {
                        fact,
                        cells,
                        unknown,
                    }) = said
                    {
                        let statement = Statement {
                            submission,
                            row,
                            fact,
                            cells,
                            unknown,
                        };
                        writer.append(&Entry::Statement(statement)).await?;
                    }
                    if !found.is_empty() {
                        writer
                            .append(&Entry::Findings(Findings {
                                submission,
                                row,
                                found,
                            }))
                            .await?;
                    }
                }
            }
        }
        Ok::<i64, TakeInError>(submission)
    };
    // The check computes on a thread of its own; a failed write drops the receiver, which ends it.
    let (checked, written) = std::thread::scope(|threads| {
        let checking = threads.spawn(check);
        let written =
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(write));
        (checking.join(), written)
    });
    let submission = written?;
    let summary = match checked {
        Ok(Ok(summary)) => summary,
        Ok(Err(CheckError::Intake(error))) => return Err(error.into()),
        Ok(Err(CheckError::Sink(_))) | Err(_) => return Err(TakeInError::Stopped(name)),
    };
    let receipt = Receipt {
        submission,
        rows: summary.rows,
        accepted: summary.accepted,
        accepted_with_warnings: summary.accepted_with_warnings,
        rejected: summary.rejected,
    };
    writer.append(&Entry::Receipt(receipt)).await?;
    writer.commit().await?;
    Ok(Taken::New(submission, Box::new(summary)))
}

/// Declares a source that is new, or has another name now. What it has said would go with it to another
/// agency, or get another weight: that is refused.
pub(crate) async fn declare(
    store: &Store,
    writer: &mut Writer,
    source: &Source,
) -> Result<(), StoreError> {
    let known = store.sources(&Scope::whole()).await?;
    if let Some(known) = known.iter().find(|known| known.code == source.code) {
        let agency = |one: &Source| canonical("instansi_induk", &one.instansi);
        if known.kind != source.kind || agency(known) != agency(source) {
            return Err(StoreError::OtherSource(source.code.clone()));
        }
    }
    if !known.contains(source) {
        writer.append(&Entry::Source(source.clone())).await?;
    }
    Ok(())
}

fn copy_and_hash(mut from: File, to: &File) -> std::io::Result<String> {
    let mut writer = BufWriter::new(to);
    let mut hasher = RawHasher::default();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match from.read(&mut buffer)? {
            0 => break,
            count => {
                hasher.update(&buffer[..count]);
                writer.write_all(&buffer[..count])?;
            }
        }
    }
    writer.flush()?;
    Ok(hasher.finish())
}

/// The fact keys given so far in a delivery.
#[derive(Default)]
struct Facts {
    kind: Option<Kind>,
    seen: FxHashMap<String, u32>,
}

impl Facts {
    fn step(&mut self, row: &Checked<'_>) -> Step {
        let found = row
            .findings
            .iter()
            .map(|found| Found {
                rule: found.rule.to_owned(),
                severity: found.severity_name().to_owned(),
                column: found.column.to_owned(),
                value: found.value.clone(),
            })
            .collect();
        let said = (row.outcome != RowOutcome::Rejected).then(|| {
            let key = self
                .kind
                .map_or_else(String::new, |kind| fact_key(kind, row.cells));
            let times = self.seen.entry(key.clone()).or_default();
            *times += 1;
            let fact = if *times == 1 {
                key
            } else {
                format!("{key}#{times}")
            };
            let cells = row.cells.iter().map(|cell| (*cell).to_owned()).collect();
            let unknown = row
                .unknown()
                .map(|(header, value)| (header.to_owned(), value.to_owned()))
                .collect();
            Said {
                fact,
                cells,
                unknown,
            }
        });
        Step::Row {
            row: row.number,
            said,
            found,
        }
    }
}

/// Under what key a source knows a fact: a later row with the same key says the same fact anew.
fn fact_key(kind: Kind, cells: &[&str]) -> String {
    let columns: &[&str] = match kind {
        Kind::DataUtama => &["nip"],
        Kind::Golongan => &["nip", "golongan", "tmt_golongan"],
        Kind::Jabatan => &["nip", "jabatan", "tmt_jabatan"],
        Kind::Pendidikan => &["nip", "tingkat_pendidikan", "pendidikan", "tahun_lulus"],
        Kind::Keluarga => &["nip", "hubungan", "nama", "tanggal_lahir"],
        Kind::Kinerja => &["nip", "tahun", "periode"],
        Kind::Diklat => &["nip", "jenis_diklat", "nama_diklat", "tanggal_mulai"],
        Kind::HukumanDisiplin => &["nip", "jenis_hukuman", "tmt_hukuman"],
        Kind::Penghargaan => &["nip", "jenis_penghargaan", "tahun"],
        Kind::RiwayatLain => &["nip", "jenis", "nomor", "tanggal"],
    };
    let cell = |name: &str| {
        kind.position(name)
            .and_then(|at| cells.get(at))
            .copied()
            .unwrap_or("")
    };
    let parts = |names: &[&str]| {
        let canonical: Vec<_> = names
            .iter()
            .map(|name| canonical(name, cell(name)))
            .collect();
        canonical.join("|")
    };
    if kind == Kind::DataUtama && cell("nip").is_empty() {
        // No employee number: the population number names the record, or else name and birth date.
        return if cell("nik").is_empty() {
            parts(&["nama", "tanggal_lahir"])
        } else {
            format!("nik:{}", parts(&["nik"]))
        };
    }
    parts(columns)
}
