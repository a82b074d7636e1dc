//! What is done with an uploaded file while its sender waits.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

pub use satu_domain::dates::today;
use satu_intake::{MapFile, Options};
use satu_registry::check::{CheckError, Event, Progress, check_file};
use satu_registry::intake::{Delivery, Taken, take_in_telling};
use satu_registry::link_new::link_new;
use satu_registry::reference::{ReferenceError, standard};
use satu_registry::report::{Report, ReportError};
use satu_rules::CrossRow;
use satu_store::Store;
use tokio::runtime::Handle;

use crate::app::App;
use crate::page::Failure;
use crate::uploads::{Checked, State, Upload};

/// Findings shown with a check.
pub const SHOWN: usize = 50;

impl From<ReferenceError> for Failure {
    fn from(error: ReferenceError) -> Failure {
        Failure::Fault(error.to_string())
    }
}

fn options(upload: &Upload) -> Result<Options, CheckError<Infallible>> {
    let map = upload.map.as_deref().map(MapFile::parse).transpose();
    Ok(Options {
        map: map.map_err(satu_intake::IntakeError::Map)?,
        ..Options::default()
    })
}

/// Holds a file against the standard, in the background.
pub fn check(app: &App, store: Store, upload: Arc<Upload>) {
    let app = app.clone();
    tokio::spawn(async move {
        let failed = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "a check failed");
            upload.set(State::Failed);
        };
        let _turn = app.turn().await;
        let standard = match standard(&store, today()).await {
            Ok(standard) => standard,
            Err(error) => return failed(&error),
        };
        let file = upload.clone();
        let work = tokio::task::spawn_blocking(move || {
            let checked = checked(&file, &standard);
            (checked, file.seal())
        });
        upload.set(match work.await {
            Ok((Ok(checked), Ok(()))) => State::Checked(Arc::new(checked)),
            Ok((Err(CheckError::Intake(error)), _)) => State::Unreadable(Arc::new(error)),
            Ok((Err(CheckError::Sink(never)), _)) => match never {},
            Ok((_, Err(error))) => return failed(&error),
            Err(error) => return failed(&error),
        });
    });
}

fn checked(
    upload: &Upload,
    standard: &satu_rules::Standard,
) -> Result<Checked, CheckError<Infallible>> {
    let mut first = Vec::new();
    let mut counts = BTreeMap::new();
    let mut cross = CrossRow::default();
    let sink = |_: &str, event: Event<'_>| {
        if let Event::Row(row) = event {
            upload.rows.fetch_add(1, Ordering::Relaxed);
            for found in row.findings {
                let key = (found.rule, found.severity_name(), found.column);
                *counts.entry(key).or_insert(0) += 1;
                if first.len() < SHOWN {
                    first.push((row.number, found.clone()));
                }
            }
        }
        Ok(())
    };
    let summary = check_file(&upload.path, &options(upload)?, standard, &mut cross, sink)?;
    Ok(Checked {
        summary,
        first,
        counts,
    })
}

/// Writes a checked file to the ledger and links it, in the background. One file at a time: the
/// ledger has one writer.
pub fn send(app: &App, store: Store, upload: Arc<Upload>) {
    let app = app.clone();
    upload.rows.store(0, Ordering::Relaxed);
    tokio::spawn(async move {
        let turn = app.writing().await;
        // Linking computes for long: on a thread of its own it holds up no page.
        let (runtime, file) = (Handle::current(), upload.clone());
        let work = tokio::task::spawn_blocking(move || runtime.block_on(sent(store, file)));
        match work.await {
            Ok(Ok(state)) => upload.set(state),
            Ok(Err(error)) => failed(&upload, &error),
            Err(error) => failed(&upload, &error),
        }
        drop(turn);
        if !matches!(upload.state(), State::Failed) {
            // The bytes are kept with the ledger; the folder goes with the last who holds it.
            let _ = std::fs::remove_file(&upload.path);
        }
    });
}

fn failed(upload: &Upload, error: &dyn std::fmt::Display) {
    tracing::error!(%error, "sending failed");
    upload.set(State::Failed);
}

async fn sent(
    store: Store,
    upload: Arc<Upload>,
) -> Result<State, Box<dyn std::error::Error + Send + Sync>> {
    let standard = standard(&store, today()).await?;
    let (path, _folder) = upload.opened()?;
    let delivery = Delivery {
        path,
        map: upload.map.clone(),
        sheet: None,
        stated_on: Some(upload.stated_on),
        way: satu_store::entry::Way::File,
    };
    let tell = |so_far: Progress| upload.rows.store(so_far.rows, Ordering::Relaxed);
    let taken = take_in_telling(&store, &upload.source, &delivery, &standard, &tell);
    let id = match taken.await? {
        Taken::Already(id) => return Ok(State::Already(id)),
        Taken::New(id, _) => id,
    };
    upload.set(State::Linking);
    Ok(match link_new(&store).await {
        Ok(_) => State::Sent(id),
        Err(error) => {
            tracing::error!(%error, "linking failed");
            State::NotLinked(id)
        }
    })
}

/// Links what was taken in, in the background and when nothing is being written; several deliveries
/// in a row are linked at once.
pub fn link_soon(app: &App, store: Store) {
    if !app.links().wanted() {
        return;
    }
    let app = app.clone();
    tokio::spawn(async move {
        let turn = app.writing().await;
        app.links().begun();
        let runtime = Handle::current();
        let work = tokio::task::spawn_blocking(move || runtime.block_on(link_new(&store)));
        match work.await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::error!(%error, "linking failed"),
            Err(error) => tracing::error!(%error, "linking failed"),
        }
        drop(turn);
    });
}

/// Writes the check's report, its kind told by the name's ending.
pub async fn report(
    app: &App,
    store: &Store,
    upload: Arc<Upload>,
    to: &Path,
) -> Result<(), Failure> {
    let standard = standard(store, today()).await?;
    let to = to.to_owned();
    let work = app.work(move || {
        let fault = |error: std::io::Error| Failure::Fault(error.to_string());
        let (path, _folder) = upload.opened().map_err(fault)?;
        let mut report = Report::create(&to)?;
        let options = options(&upload).map_err(|_| Failure::NotFound)?;
        let mut cross = CrossRow::default();
        let sink = |file: &str, event: Event<'_>| match event {
            Event::Begin(mapping) => report.begin_file(file, mapping),
            Event::Row(row) => report.row(file, row),
            Event::Progress(_) => Ok(()),
        };
        let done = check_file(&path, &options, &standard, &mut cross, sink);
        let summary = done.map_err(|error: CheckError<ReportError>| match error {
            CheckError::Intake(_) => Failure::NotFound,
            CheckError::Sink(error) => error.into(),
        })?;
        Ok(report.finish(&[summary])?)
    });
    work.await
        .map_err(|error| Failure::Fault(error.to_string()))?
}
