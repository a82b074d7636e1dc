//! `satu push`: a file to a register on another machine, in parts that go on where they broke off.

mod pace;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use satu_domain::dates::today;
use satu_intake::{MapFile, Options};
use satu_registry::check::{CheckError, check_file};
use satu_rules::{CodeLists, CrossRow, Standard};
use satu_store::RawHasher;
use satu_web::outgoing::{Answer, Bytes, HeaderName, Method, OutgoingError, StatusCode, header};
use serde_json::{Value, json};

use self::pace::Pace;
use crate::check;
use crate::database::blocking;
use crate::remote::{Program, REACH, Remote, refused};
use crate::{Failure, print};

/// Check a file here, send it to a register, and print what was found there.
///
/// The file goes in parts; a run that was cut off or killed goes on where the one before it ended,
/// for a day, be the register restarted meanwhile; where it spoke for another day, or of another kind, it
/// is given up. Bytes that are there already are not sent. Exit code: 0 clean, 1 rows rejected, 2 unusable.
#[derive(clap::Args)]
pub struct Args {
    /// The register: https://HOST (by plain HTTP only on this machine).
    #[arg(long, value_name = "URL")]
    to: String,
    #[command(flatten)]
    program: Program,
    /// The code of the source that speaks.
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    source: String,
    /// The day for which it speaks (YYYY-MM-DD); else today in Jakarta.
    #[arg(long)]
    stated_on: Option<Date>,
    /// The kind of the rows, where the headers do not tell: data_utama, golongan, ...
    #[arg(long)]
    kind: Option<String>,
    /// Send nothing if any row would be rejected.
    #[arg(long)]
    strict: bool,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    /// The file: CSV, XLSX, Parquet or JSON lines.
    file: PathBuf,
}

/// Waits of an answer to what became of the file: the first, and the longest.
const SOON: Duration = Duration::from_millis(200);
const LATER: Duration = Duration::from_secs(5);
/// Findings shown.
const SHOWN: usize = 20;

const TUS: (HeaderName, &str) = (HeaderName::from_static("tus-resumable"), "1.0.0");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");

/// Checks, sends and tells.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    match checked(args)? {
        None => return Ok(ExitCode::from(2)),
        Some(rejected) if args.strict && rejected > 0 => {
            eprintln!("satu: {rejected} rows would be rejected; nothing was sent");
            return Ok(ExitCode::from(1));
        }
        Some(_) => {}
    }
    blocking(async {
        let mut remote = args.program.remote(&args.to).await?;
        let path = sent(&mut remote, args).await?;
        told(&mut remote, args, &path).await
    })
}

fn io(path: &Path, error: &std::io::Error) -> Failure {
    Failure {
        message: format!("{}: {error}", path.display()),
        hint: "Check that the file exists and may be read.".to_owned(),
    }
}

/// Holds the file against the standard as it is known here; the rows that would be rejected, or none
/// where it is no table.
fn checked(args: &Args) -> Result<Option<u64>, Failure> {
    let map = args
        .kind
        .as_deref()
        .map(|kind| format!("kind = {kind:?}\n"));
    let map = map.as_deref().map(MapFile::parse).transpose();
    let options = Options {
        map: map.map_err(|error| Failure::new(&error, "Give --kind, a kind of statement."))?,
        ..Options::default()
    };
    let standard = Standard::new(CodeLists::core(), today());
    let bar = check::bar(&args.file, args.json);
    let mut cross = CrossRow::default();
    let done = check_file(&args.file, &options, &standard, &mut cross, |_, event| {
        if let satu_registry::check::Event::Progress(progress) = event {
            check::advance(&bar, progress);
        }
        Ok::<_, std::convert::Infallible>(())
    });
    bar.finish_and_clear();
    match done {
        Ok(summary) => Ok(Some(summary.outcomes()[3])),
        Err(CheckError::Intake(error)) => {
            eprintln!("satu: {error}\n  {}", error.hint());
            Ok(None)
        }
        Err(CheckError::Sink(never)) => match never {},
    }
}

/// Where the file is on its way, and how much of it is there.
struct Begun {
    place: String,
    offset: u64,
}

/// What is sent.
struct Sent {
    length: u64,
    sha256: String,
}

/// Sends what is not there yet; the address at which the register tells what became of it.
async fn sent(remote: &mut Remote, args: &Args) -> Result<String, Failure> {
    let mut file = File::open(&args.file).map_err(|error| io(&args.file, &error))?;
    let length = file
        .metadata()
        .map_err(|error| io(&args.file, &error))?
        .len();
    let this = Sent {
        length,
        sha256: RawHasher::of(&file).map_err(|error| io(&args.file, &error))?,
    };
    give_up(remote, args, &this).await?;
    let mut begun = begin(remote, args, &this).await?;
    let bar = check::bar(&args.file, args.json);
    bar.set_length(length);
    let mut pace = Pace::new();
    while begun.offset < length {
        bar.set_position(begun.offset);
        let read = read_at(&mut file, begun.offset, pace.part());
        let part = read.map_err(|error| io(&args.file, &error))?;
        if part.is_empty() {
            let error = std::io::Error::other("it became shorter while it was sent");
            return Err(io(&args.file, &error));
        }
        let answer = patched(remote, &begun.place, begun.offset, part.into()).await;
        let came = match &answer {
            Ok(answer) if answer.status == StatusCode::NO_CONTENT => offset(answer),
            Ok(answer) if !again(answer.status) => return Err(refused(answer)),
            _ => None,
        };
        if let Some(offset) = came.filter(|offset| *offset > begun.offset) {
            begun.offset = offset;
            pace.came();
            continue;
        }
        // It broke off, or the register still holds on to a connection that did.
        if matches!(answer, Err(OutgoingError::Late)) {
            pace.late();
        }
        let Some(wait) = pace.wait() else {
            return Err(match answer {
                Ok(answer) => refused(&answer),
                Err(error) => Failure::new(&error, REACH),
            });
        };
        tokio::time::sleep(wait).await;
        let path = &begun.place;
        let answer = remote
            .ask(
                &Method::HEAD,
                path,
                &[(TUS.0, TUS.1.to_owned())],
                Bytes::new(),
            )
            .await?;
        match offset(&answer) {
            Some(offset) if answer.status == StatusCode::OK => {
                if offset > begun.offset {
                    pace.came();
                }
                begun.offset = offset;
            }
            // What had come was given up.
            _ => begun = begin(remote, args, &this).await?,
        }
    }
    bar.finish_and_clear();
    // The register may hold all of it, and not know: the connection broke with the last byte. It says no
    // where the file is taken in already.
    let _ = patched(remote, &begun.place, length, Bytes::new()).await;
    Ok(begun.place)
}

/// Whether the same part may be taken later.
fn again(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::CONFLICT
            | StatusCode::NOT_FOUND
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::UNAUTHORIZED
    ) || status.is_server_error()
}

fn offset(answer: &Answer) -> Option<u64> {
    answer.headers.get(OFFSET)?.to_str().ok()?.parse().ok()
}

fn read_at(file: &mut File, offset: u64, most: u64) -> std::io::Result<Vec<u8>> {
    let mut part = Vec::new();
    file.seek(SeekFrom::Start(offset))?;
    file.take(most).read_to_end(&mut part)?;
    Ok(part)
}

/// Sends a part that stands at an offset.
async fn patched(
    remote: &mut Remote,
    place: &str,
    offset: u64,
    part: Bytes,
) -> Result<Answer, OutgoingError> {
    let headers = [
        (TUS.0, TUS.1.to_owned()),
        (OFFSET, offset.to_string()),
        (
            header::CONTENT_TYPE,
            "application/offset+octet-stream".to_owned(),
        ),
    ];
    let asked = remote.ask_once(&Method::PATCH, place, &headers, part);
    asked.await
}

/// What was begun before of the same bytes by the same source: whether it is what is sent now, and as the
/// register tells it.
async fn known(
    remote: &mut Remote,
    args: &Args,
    this: &Sent,
) -> Result<Vec<(bool, Value)>, Failure> {
    let mut known = remote.get("/api/v1/uploads").await?;
    let known = known["data"].as_array_mut().map(std::mem::take);
    let mut known = known.unwrap_or_default();
    known.retain(|one| {
        one["sha256"] == this.sha256
            && one["source"] == args.source
            && one["length"] == this.length
            && one["state"] == "receiving"
    });
    let day = args.stated_on.map(|day| day.to_string());
    let alike = |one: &Value| {
        one["stated_on"].as_str() == day.as_deref() && one["kind"].as_str() == args.kind.as_deref()
    };
    Ok(known.into_iter().map(|one| (alike(&one), one)).collect())
}

/// Gives up what was begun for another day, or as another kind. Once in a run: of two that do not
/// agree neither keeps the other from its end.
async fn give_up(remote: &mut Remote, args: &Args, this: &Sent) -> Result<(), Failure> {
    for (_, one) in known(remote, args, this)
        .await?
        .iter()
        .filter(|(alike, _)| !alike)
    {
        let (headers, place) = ([(TUS.0, TUS.1.to_owned())], one["location"].as_str());
        let asked = remote.ask(&Method::DELETE, place.unwrap_or(""), &headers, Bytes::new());
        if asked.await?.status == StatusCode::NO_CONTENT {
            let said =
                ["stated_on", "kind"].map(|name| check::plain(one[name].as_str().unwrap_or("")));
            eprintln!(
                "satu: what a run before had sent of it for {} was given up",
                said.join(" ").trim()
            );
        }
    }
    Ok(())
}

/// Goes on with a file that was begun before, or begins it.
async fn begin(remote: &mut Remote, args: &Args, this: &Sent) -> Result<Begun, Failure> {
    let known = known(remote, args, this).await?;
    let same = known.iter().find(|(alike, _)| *alike);
    let begun = same.and_then(|(_, one)| one["location"].as_str().zip(one["offset"].as_u64()));
    if let Some((place, offset)) = begun {
        let place = place.to_owned();
        return Ok(Begun { place, offset });
    }
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    let stated_on = args.stated_on.map(|day| day.to_string());
    let pairs = [
        ("source", args.source.as_str()),
        ("file", &name),
        ("stated_on", stated_on.as_deref().unwrap_or("")),
        ("kind", args.kind.as_deref().unwrap_or("")),
        ("sha256", &this.sha256),
    ];
    let said = pairs.map(|(name, value)| format!("{name} {}", STANDARD.encode(value)));
    let headers = [
        (TUS.0, TUS.1.to_owned()),
        (
            HeaderName::from_static("upload-length"),
            this.length.to_string(),
        ),
        (HeaderName::from_static("upload-metadata"), said.join(",")),
    ];
    let answer = remote
        .ask(&Method::POST, "/api/v1/uploads", &headers, Bytes::new())
        .await?;
    let place = answer.headers.get(header::LOCATION);
    let place = place
        .and_then(|place| place.to_str().ok())
        .map(str::to_owned);
    match (answer.status, place) {
        (StatusCode::CREATED, Some(place)) => Ok(Begun {
            place,
            offset: offset(&answer).unwrap_or(0),
        }),
        _ => Err(refused(&answer)),
    }
}

/// Waits for what becomes of the file, and tells it.
async fn told(remote: &mut Remote, args: &Args, path: &str) -> Result<ExitCode, Failure> {
    let strange = || Failure {
        message: "the register does not know what became of the file".to_owned(),
        hint: "Run the same command again: what is there is not sent twice.".to_owned(),
    };
    let mut wait = SOON;
    let (id, already) = loop {
        let upload = remote.get(path).await?;
        match upload["state"].as_str() {
            Some("taken") => {
                let id = upload["submission"].as_i64().ok_or_else(strange)?;
                break (id, upload["already"] == true);
            }
            Some("taking-in") => tokio::time::sleep(wait).await,
            Some("refused") => {
                let word = |name: &str| upload[name].as_str().unwrap_or("").to_owned();
                let told = format!(
                    "the register refused the file: {} {}",
                    word("field"),
                    word("reason")
                );
                return Err(Failure {
                    message: told,
                    hint: "Nothing was taken in; mend the file and send it again.".to_owned(),
                });
            }
            _ => return Err(strange()),
        }
        wait = (wait * 2).min(LATER);
    };
    let mut delivery = remote.get(&format!("/api/v1/submissions/{id}")).await?;
    let rejected = delivery["rejected"].as_u64().unwrap_or(0);
    if args.json {
        let fields = delivery.as_object_mut();
        let findings = fields.and_then(|fields| fields.remove("findings"));
        let told = json!({ "submission": delivery, "already": already, "findings": findings });
        print(&format!("{told}\n"));
    } else {
        print(&text(&delivery, already));
    }
    Ok(ExitCode::from(u8::from(rejected > 0)))
}

fn text(delivery: &Value, already: bool) -> String {
    let count = |name: &str| delivery[name].as_u64().unwrap_or(0);
    let mut lines = vec![format!(
        "submission {}: {} rows = {} accepted + {} with warnings + {} rejected{}",
        delivery["id"],
        count("rows"),
        count("accepted"),
        count("accepted_with_warnings"),
        count("rejected"),
        if already {
            "; these bytes were there already, nothing changed"
        } else {
            ""
        }
    )];
    let columns = delivery["other_columns"].as_array().into_iter().flatten();
    let columns: Vec<String> = columns
        .map(|one| check::plain(one.as_str().unwrap_or("")))
        .collect();
    if !columns.is_empty() {
        lines.push(format!(
            "  other columns (kept, not checked): {}",
            columns.join(", ")
        ));
    }
    let findings = delivery["findings"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    for one in findings.iter().take(SHOWN) {
        let word = |name: &str| one[name].as_str().unwrap_or("");
        let [column, value, rule, severity] =
            ["column", "value", "rule", "severity"].map(|name| check::plain(word(name)));
        // A sentence is longer than what is plain, and of the register: no value is in it.
        let message: String = word("message")
            .chars()
            .filter(|c| !c.is_control())
            .collect();
        let row = &one["row"];
        lines.push(format!(
            "  row {row}, {column}, \"{value}\": {message} [{rule}, {severity}]"
        ));
    }
    if findings.len() > SHOWN || delivery["more"].is_string() {
        lines.push(format!(
            "  ... and more: the page /kiriman/{} of the register shows all",
            delivery["id"]
        ));
    }
    lines.join("\n") + "\n"
}
