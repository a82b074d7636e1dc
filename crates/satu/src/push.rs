//! `satu push`: a file to a register on another machine, in parts that go on where they broke off.

mod held;
mod pace;
mod told;

use std::path::PathBuf;
use std::process::ExitCode;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use satu_web::outgoing::{Answer, Bytes, HeaderName, Method, OutgoingError, StatusCode, header};
use serde_json::Value;

use self::held::Held;
use self::pace::Pace;
use self::told::told;
use crate::database::blocking;
use crate::remote::{Program, REACH, Remote, refused};
use crate::{Failure, check};

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
    /// The day for which it speaks (YYYY-MM-DD); else that on which it was begun to be sent, in Jakarta.
    #[arg(long)]
    stated_on: Option<Date>,
    /// The kind of the rows, where the headers do not tell: data_utama, golongan, ...
    #[arg(long)]
    kind: Option<String>,
    /// Send nothing if any row would be rejected.
    #[arg(long)]
    strict: bool,
    /// How long to wait, when all has arrived, for the register to take it in.
    #[arg(long, value_name = "MINUTES", default_value_t = 30)]
    wait: u32,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    /// The file: CSV, XLSX, Parquet or JSON lines.
    file: PathBuf,
}

const TUS: (HeaderName, &str) = (HeaderName::from_static("tus-resumable"), "1.0.0");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");

/// Checks, sends and tells.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let mut held = Held::open(&args.file)?;
    match held.checked(args)? {
        None => return Ok(ExitCode::from(2)),
        Some(rejected) if args.strict && rejected > 0 => {
            eprintln!("satu: {rejected} rows would be rejected; nothing was sent");
            return Ok(ExitCode::from(1));
        }
        Some(_) => {}
    }
    blocking(async {
        let mut remote = args.program.remote(&args.to).await?;
        let path = sent(&mut remote, args, &mut held).await?;
        told(&mut remote, args, &path).await
    })
}

/// Where the file is on its way, and how much of it is there.
struct Begun {
    place: String,
    offset: u64,
}

/// Sends what is not there yet; the address at which the register tells what became of it.
async fn sent(remote: &mut Remote, args: &Args, this: &mut Held<'_>) -> Result<String, Failure> {
    give_up(remote, args, this).await?;
    let mut begun = begin(remote, args, this).await?;
    let bar = check::bar(&args.file, args.json);
    bar.set_length(this.length);
    let mut pace = Pace::new();
    while begun.offset < this.length {
        bar.set_position(begun.offset);
        let part = this.part(begun.offset, pace.part())?;
        let answer = patched(remote, &begun.place, begun.offset, part.into()).await;
        let came = match &answer {
            Ok(answer) if answer.status == StatusCode::NO_CONTENT => offset(answer),
            // What stands between has a bound of its own.
            Ok(answer) if answer.status == StatusCode::PAYLOAD_TOO_LARGE && pace.smaller() => {
                continue;
            }
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
            pace.smaller();
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
        match (answer.status, offset(&answer)) {
            (StatusCode::OK, Some(offset)) if offset > begun.offset => {
                begun.offset = offset;
                pace.came();
            }
            // What is kept of it may no longer open.
            (StatusCode::OK, Some(offset)) if remote.get(path).await?["state"] != "refused" => {
                begun.offset = offset;
            }
            // What had come was given up.
            (StatusCode::OK | StatusCode::NOT_FOUND, _) => {
                begun = begin(remote, args, this).await?;
            }
            // It is not back yet.
            _ => {}
        }
    }
    bar.finish_and_clear();
    // The register may hold all of it, and not know: the connection broke with the last byte. It says no
    // where the file is taken in already.
    let _ = patched(remote, &begun.place, this.length, Bytes::new()).await;
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

/// What was begun before of the same bytes by the same source, and not taken in yet: whether it is what is
/// sent now, and as the register tells it.
async fn known(
    remote: &mut Remote,
    args: &Args,
    this: &Held<'_>,
) -> Result<Vec<(bool, Value)>, Failure> {
    let mut known = remote.get("/api/v1/uploads").await?;
    let known = known["data"].as_array_mut().map(std::mem::take);
    let mut known = known.unwrap_or_default();
    known.retain(|one| {
        one["sha256"] == this.sha256
            && one["source"] == args.source
            && one["length"] == this.length
            && ["receiving", "taking-in"].contains(&one["state"].as_str().unwrap_or(""))
    });
    let day = args.stated_on.map(|day| day.to_string());
    let alike = |one: &Value| {
        one["stated_on"].as_str() == day.as_deref() && one["kind"].as_str() == args.kind.as_deref()
    };
    Ok(known.into_iter().map(|one| (alike(&one), one)).collect())
}

/// Gives up what was begun for another day, or as another kind, and has not arrived whole. Once in a run: of two that do not
/// agree neither keeps the other from its end.
async fn give_up(remote: &mut Remote, args: &Args, this: &Held<'_>) -> Result<(), Failure> {
    for (_, one) in known(remote, args, this)
        .await?
        .iter()
        .filter(|(alike, one)| !alike && one["state"] == "receiving")
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
async fn begin(remote: &mut Remote, args: &Args, this: &Held<'_>) -> Result<Begun, Failure> {
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
