//! What an outsider does: check files, with nothing but the files; or hold a database to them.

use std::path::PathBuf;
use std::process::ExitCode;

use jiff::Timestamp;
use satu_audit::{Checked, Checkpoint, Proven, base64};
use satu_store::audit::Held;
use satu_store::{Log, Store};
use serde_json::{Value, json};

use super::files::{read, verifier_keys};
use super::sign::refused;
use crate::database::{Address, Key};
use crate::{Failure, print};

/// What stands before an entry that is shown sealed, in base 64.
const SEALED: &str = "sealed:";

/// More characters of an entry are not printed; --json prints all.
const SHOWN: usize = 2_000;

/// Check checkpoints and proofs. Exit code: 0 all proven, 1 not all, 2 unusable.
///
/// Needs no database and no server, only the files and the verifier keys. With --db, says also
/// whether that database still holds exactly what each checkpoint signed.
#[derive(clap::Args)]
pub struct Args {
    /// Checkpoints and proofs; a proof that a log only grew needs the earlier checkpoint beside it.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The verifier keys that you trust, one a line.
    #[arg(long, value_name = "FILE")]
    vkey: PathBuf,
    /// A database to be held to the checkpoints: a file, or postgres://...
    #[arg(long, value_name = "DB")]
    db: Option<String>,
    /// Open the entries that are proven with the key of that register, and show what they say.
    #[arg(long, requires = "db")]
    open: bool,
    #[command(flatten)]
    key: Key,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// Checks.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let keys = verifier_keys(&args.vkey)?;
    let mut files = Vec::new();
    for path in &args.files {
        files.push((path.display().to_string(), read(path)?));
    }
    let checked = satu_audit::check(&files, &keys);
    let held = match &args.db {
        Some(address) => held(address, &checked)?,
        None => vec![None; checked.len()],
    };
    let texts = match &args.db {
        Some(address) if args.open => args.key.of(address).with_existing(async |store| {
            let texts = checked.iter().map(|one| text(&store, one));
            texts.collect::<Result<Vec<_>, _>>()
        })?,
        _ => checked.iter().map(plain).collect(),
    };
    let told = checked.iter().zip(&held).zip(&texts);
    let good = |((one, held), _): ((&Checked, &Option<Held>), &String)| {
        one.found.is_ok() && held.is_none_or(|held| held == Held::Whole)
    };
    let all = told.clone().all(good);
    if args.json {
        let files: Vec<Value> = told
            .map(|((one, held), text)| document(one, text, *held))
            .collect();
        print(&format!("{}\n", json!({ "proven": all, "files": files })));
    } else {
        for line in told.flat_map(|((one, held), text)| lines(one, text, *held)) {
            print(&format!("{line}\n"));
        }
    }
    Ok(ExitCode::from(u8::from(!all)))
}

/// An entry that is proven, as it is stored; empty where none is.
fn plain(one: &Checked) -> String {
    let Ok(Proven::Included { entry, .. }) = &one.found else {
        return String::new();
    };
    if let Ok(text) = std::str::from_utf8(entry) {
        return text.to_owned();
    }
    let at = entry.split(|byte| *byte == b'\n').next();
    let at = at.unwrap_or_default();
    let sealed = base64(entry.get(at.len() + 1..).unwrap_or_default());
    format!("{}\n{SEALED}{sealed}", String::from_utf8_lossy(at))
}

/// The same, opened where it is an entry of the ledger.
fn text(store: &Store, one: &Checked) -> Result<String, Failure> {
    let Ok(Proven::Included {
        number,
        entry,
        checkpoint,
        ..
    }) = &one.found
    else {
        return Ok(String::new());
    };
    if Log::of_origin(&checkpoint.origin) != Some(Log::Ledger) {
        return Ok(plain(one));
    }
    let text = store.opened(*number, entry);
    text.map_err(|error| crate::database::refused(&error))
}

/// How a database stands to the checkpoint of each file that proves something.
fn held(address: &str, checked: &[Checked]) -> Result<Vec<Option<Held>>, Failure> {
    let proven = |one: &Checked| Some(one.found.as_ref().ok()?.checkpoint().clone());
    let signed: Vec<Option<Checkpoint>> = checked.iter().map(proven).collect();
    let flat: Vec<Checkpoint> = signed.iter().flatten().cloned().collect();
    let address = address.to_owned();
    Address { address }.sealed(async |store| {
        let held = store.held(&flat).await.map_err(|error| refused(&error))?;
        let mut held = held.into_iter();
        Ok(signed
            .iter()
            .map(|one| one.as_ref().and_then(|_| held.next()))
            .collect())
    })
}

/// What a file proves, and what a database has to do with it: a line each.
fn lines(one: &Checked, text: &str, held: Option<Held>) -> Vec<String> {
    let name = &one.name;
    let proven = match &one.found {
        Ok(proven) => proven,
        Err(error) => {
            let told = format!("{name}: NOT proven: {error}");
            return vec![told, format!("  {}", error.hint())];
        }
    };
    let mut lines = vec![format!("{name}: proven: {proven}")];
    if let Proven::Included { .. } = proven {
        lines.push(format!("  {}", shown(text)));
    }
    let size = proven.checkpoint().size;
    match held {
        None => {}
        Some(Held::Whole) => lines.push(format!(
            "{name}: the database still begins with those {size} entries, unchanged and in their order"
        )),
        Some(held) => {
            let why = held.why();
            let told = format!("{name}: the database does NOT hold those {size} entries: {why}");
            lines.push(told);
        }
    }
    lines
}

/// An entry as a line: when, then what.
fn shown(text: &str) -> String {
    let moment = text.split_once('\n').and_then(|(at, body)| {
        let at = Timestamp::from_microsecond(at.parse().ok()?).ok()?;
        Some(format!("{at} {body}"))
    });
    let line = moment.unwrap_or_else(|| text.to_owned());
    let plain = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut shown: String = line.chars().take(SHOWN).map(plain).collect();
    if line.chars().nth(SHOWN).is_some() {
        shown.push('\u{2026}');
    }
    shown
}

fn document(one: &Checked, text: &str, held: Option<Held>) -> Value {
    let mut told = json!({ "file": one.name, "proven": one.found.is_ok() });
    match &one.found {
        Err(error) => told["why"] = json!(error.to_string()),
        Ok(proven) => {
            let Checkpoint { origin, size, root } = proven.checkpoint();
            told["origin"] = json!(origin);
            told["size"] = json!(size);
            told["root"] = json!(base64(root));
            match proven {
                Proven::Signed(_) => told["what"] = json!("checkpoint"),
                Proven::Included { number, .. } => {
                    told["what"] = json!("entry");
                    told["number"] = json!(number);
                    told["entry"] = json!(text);
                }
                Proven::Extended { old, .. } => {
                    told["what"] = json!("extension");
                    told["old"] = json!(old);
                }
            }
        }
    }
    if let Some(held) = held {
        told["database"] = json!({ "holds": held == Held::Whole });
        if held != Held::Whole {
            told["database"]["why"] = json!(held.why());
        }
    }
    told
}
