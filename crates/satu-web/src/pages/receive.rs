//! `/kiriman/baru`: a file is chosen and received. Nothing is recorded here.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use askama::Template;
use axum::extract::State;
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use jiff::civil::Date;
use satu_intake::MapFile;
use satu_registry::reference::edition;
use satu_store::RawHasher;
use satu_store::deliveries::Sent;
use satu_store::entry::{Source, Way};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;

use crate::app::App;
use crate::form::from_here;
use crate::page::{self, Answer, Failure, Officer, Viewer};
use crate::uploads::Upload;
use crate::work::{self, today};

/// Largest body, in bytes.
pub const MOST: usize = 2 << 30;
/// The same for people.
pub(super) const MOST_SAID: &str = "2 GB";
/// Largest map file, in bytes.
pub(super) const MAP: usize = 64 << 10;
/// Largest of the form's other fields, in bytes.
const TEXT: usize = 1 << 10;

#[derive(Template)]
#[template(path = "receive.html")]
struct Shown<'a> {
    page: &'a Viewer,
    sources: &'a [Source],
    source: &'a str,
    today: String,
    stated_on: String,
    most: &'static str,
    problem: Option<String>,
}

pub async fn ask(State(app): State<App>, viewer: Officer) -> Answer {
    let sources = app.store(&viewer).sources(&viewer.scope()).await?;
    form(&viewer, &sources, "", &today().to_string(), None)
}

fn form(
    viewer: &Viewer,
    sources: &[Source],
    source: &str,
    stated_on: &str,
    problem: Option<String>,
) -> Answer {
    page::show(&Shown {
        page: viewer,
        sources,
        source,
        today: today().to_string(),
        stated_on: stated_on.to_owned(),
        most: MOST_SAID,
        problem,
    })
}

/// A body that breaks off.
fn broken(error: &MultipartError) -> Failure {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge,
        _ => Failure::BadRequest,
    }
}

/// A short field; none where it is longer than `most` bytes or no UTF-8.
pub(super) async fn text(mut field: Field<'_>, most: usize) -> Result<Option<String>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        if bytes.len() + chunk.len() > most {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8(bytes).ok())
}

/// The next field, which must have this name: the mark comes first, the large file last.
pub(super) async fn field<'a>(body: &'a mut Multipart, name: &str) -> Result<Field<'a>, Failure> {
    match body.next_field().await.map_err(|error| broken(&error))? {
        Some(field) if field.name() == Some(name) => Ok(field),
        _ => Err(Failure::BadRequest),
    }
}

pub(super) async fn short(body: &mut Multipart, name: &str) -> Result<String, Failure> {
    text(field(body, name).await?, TEXT)
        .await?
        .ok_or(Failure::BadRequest)
}

pub async fn take(
    State(app): State<App>,
    viewer: Officer,
    headers: HeaderMap,
    body: Result<Multipart, MultipartRejection>,
) -> Answer {
    if !from_here(&headers) {
        return Err(Failure::Forbidden);
    }
    let mut body = body.map_err(|_| Failure::BadRequest)?;
    match short(&mut body, "tanda").await {
        Ok(mark) if viewer.marked(&mark) => {}
        _ => return Err(Failure::Forbidden),
    }
    let (t, owner, store) = (viewer.t, viewer.account().id, app.store(&viewer));
    let scope = viewer.scope();
    let sources = store.sources(&scope).await?;
    let code = short(&mut body, "sumber").await?;
    let source = sources.iter().find(|source| source.code == code);
    let source = source.ok_or(Failure::NotFound)?.clone();
    let date_text = short(&mut body, "tanggal").await?;
    let map = text(field(&mut body, "peta").await?, MAP).await?;
    let date: Option<Date> = date_text.parse().ok().filter(|date| *date <= today());
    let mut problem = match (&map, date) {
        (None, _) => Some(t.map_too_large().to_owned()),
        (_, None) => Some(t.no_date().to_owned()),
        _ => None,
    };
    let map = map.filter(|map| !map.trim().is_empty());
    if let Some(Err(error)) = map.as_deref().map(MapFile::parse) {
        problem = Some(t.map_problem(&error));
    }
    let room = app.uploads().room(owner, Instant::now());
    let Some(room) = room else {
        let answer = form(
            &viewer,
            &sources,
            &code,
            &date_text,
            Some(t.too_many_uploads().to_owned()),
        );
        return Ok((StatusCode::TOO_MANY_REQUESTS, answer?).into_response());
    };
    // Taken to its end even where there is a problem: a browser that is cut off shows no answer.
    let file = field(&mut body, "berkas").await?;
    let received = received(file).await?;
    if received.bytes == 0 && problem.is_none() {
        problem = Some(t.no_file().to_owned());
    }
    let (Some(stated_on), None) = (date, &problem) else {
        let answer = form(&viewer, &sources, &code, &date_text, problem);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, answer?).into_response());
    };
    let sent = Sent {
        source: &code,
        sha256: &received.blob,
        map: map.as_deref(),
        sheet: None,
        stated_on: Some(stated_on),
        way: Way::File,
        standard: &edition(store).await?,
    };
    if let Some(same) = store.said_before(&scope, &sent).await? {
        return Ok(Redirect::to(&format!("/kiriman/{same}?sama")).into_response());
    }
    let place = (received.path, received.folder);
    let upload = Arc::new(Upload::new(owner, source, stated_on, map, place));
    let kept = app.uploads().keep(room, upload.clone());
    let token = kept.map_err(|error| Failure::Fault(error.to_string()))?;
    work::check(&app, store.clone(), upload);
    Ok(Redirect::to(&format!("/kiriman/periksa/{token}")).into_response())
}

/// A file in a private folder.
pub(super) struct Received {
    pub path: PathBuf,
    pub folder: TempDir,
    blob: String,
    pub bytes: usize,
}

pub(super) async fn received(mut field: Field<'_>) -> Result<Received, Failure> {
    let fault = |error: std::io::Error| Failure::Fault(format!("an upload: {error}"));
    let folder = tempfile::tempdir().map_err(fault)?;
    let path = folder.path().join(named(field.file_name().unwrap_or("")));
    let mut file = tokio::fs::File::create_new(&path).await.map_err(fault)?;
    let (mut hasher, mut bytes) = (RawHasher::default(), 0);
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        hasher.update(&chunk);
        bytes += chunk.len();
        file.write_all(&chunk).await.map_err(fault)?;
    }
    file.flush().await.map_err(fault)?;
    Ok(Received {
        path,
        folder,
        blob: hasher.finish(),
        bytes,
    })
}

/// Longest name of a file that is kept, in bytes; file systems take 255.
const NAME: usize = 200;

/// A file's name without folders and without signs that command anything.
fn named(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or("");
    let clean = last.chars().filter(|sign| !sign.is_control());
    let mut name = String::new();
    for sign in clean {
        if name.len() + sign.len_utf8() > NAME {
            break;
        }
        name.push(sign);
    }
    if name.trim_matches(['.', ' ']).is_empty() {
        return "berkas".to_owned();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{NAME, named};

    #[test]
    fn a_name_leads_nowhere() {
        for (given, name) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\data\\pegawai.xlsx", "pegawai.xlsx"),
            ("..", "berkas"),
            ("", "berkas"),
            ("a/", "berkas"),
            ("a\u{0}\nb.csv", "ab.csv"),
        ] {
            assert_eq!(named(given), name);
        }
        assert_eq!(named(&"ü".repeat(300)).len(), NAME);
    }
}
