//! Saves that wait while another process writes what they are about.

use std::time::Duration;

use axum::http::StatusCode;
use satu_domain::Kind;
use satu_store::entry::{Linked, Receipt, Statement, Submission};
use satu_store::rows::HistoryRow;
use satu_store::{Entry, RawHasher, Scope, Writer};
use serde_json::{Value, json as object};

use super::{ANI, Simpeg, id_of};

/// Sends a save that waits for the ledger, and meanwhile writes these entries as another process does.
async fn overtaken(
    simpeg: &Simpeg,
    path: &str,
    body: &Value,
    write: impl AsyncFnOnce(&mut Writer),
) -> crate::browser::Answer {
    let mut other = simpeg.site.store.begin().await.unwrap();
    let writing = async {
        // Long enough for the save to have read; were it not, nothing would be overtaken, and all holds too.
        tokio::time::sleep(Duration::from_millis(500)).await;
        write(&mut other).await;
        other.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(simpeg.save(path, body), writing);
    answer
}

/// The row anew by its own source, with this cell.
async fn anew(writer: &mut Writer, row: &HistoryRow, column: &str, value: &str) {
    let mut hasher = RawHasher::default();
    hasher.update(b"lain");
    let blob = hasher.finish();
    writer.keep_raw(&blob, &b"lain"[..]).await.unwrap();
    let submission = Submission {
        source: row.source.clone(),
        file: "lain.csv".to_owned(),
        kind: row.kind,
        blob,
        stated_on: jiff::civil::date(2026, 11, 1),
        map: None,
        sheet: None,
        unknown: Vec::new(),
    };
    let submission = writer.append(&Entry::Submission(submission)).await.unwrap();
    let mut cells = row.cells.clone();
    value.clone_into(&mut cells[row.kind.position(column).unwrap()]);
    let said = Statement {
        submission,
        row: 1,
        fact: row.fact.clone(),
        cells,
        unknown: row.unknown.clone(),
    };
    writer.append(&Entry::Statement(said)).await.unwrap();
    let receipt = Receipt {
        submission,
        rows: 1,
        accepted: 1,
        accepted_with_warnings: 0,
        rejected: 0,
    };
    writer.append(&Entry::Receipt(receipt)).await.unwrap();
}

pub async fn walked(simpeg: &Simpeg) {
    let pns = simpeg.pns_id(ANI).await;
    let whole = Scope::whole();
    let store = &simpeg.site.store;
    let ani = store.find(&whole, "nip", ANI).await.unwrap()[0];
    let kept = async |kind: Kind, sign: &str| {
        let rows = store.rows_of(&whole, ani).await.unwrap();
        let is = |row: &&HistoryRow| row.kind == kind && row.cells.iter().any(|cell| cell == sign);
        rows.iter().find(is).unwrap().clone()
    };

    // A row whose other cells a file corrected meanwhile.
    let mut rise = object!({"pnsId": pns, "gajiBaru": "3000000", "nomorSk": "KGB/9", "tanggalSk": "01-02-2025"});
    let id = simpeg.saved("/kgb/save", "rwKgbId", &rise).await;
    let before = kept(Kind::RiwayatLain, "KGB/9").await;
    rise = object!({"id": id, "pnsId": pns, "gajiBaru": "3100000", "nomorSk": "KGB/9"});
    let answer = overtaken(simpeg, "/kgb/save", &rise, async |writer| {
        anew(writer, &before, "tanggal", "2025-02-28").await;
    })
    .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(id_of(&answer, "rwKgbId"), id);
    let now = kept(Kind::RiwayatLain, "KGB/9").await;
    let cell = |column| now.cells[now.kind.position(column).unwrap()].as_str();
    assert_eq!((cell("uraian"), cell("tanggal")), ("3100000", "2025-02-28"));

    // The person goes under another number, as a run that merges gives.
    let main = object!({"pnsOrangId": ANI, "email": "baru@contoh.id"});
    let number = ani + 1_000;
    let answer = overtaken(simpeg, "/pns/data-utama-update", &main, async |writer| {
        let all = writer.statements_of(ani).await.unwrap();
        let moved = all.into_iter().map(|one| (one, number)).collect();
        writer
            .append(&Entry::Linked(Linked { moved }))
            .await
            .unwrap();
    })
    .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(store.rows_of(&whole, ani).await.unwrap().len(), 0);
    let now = store.golden(&whole, number).await.unwrap().unwrap();
    assert_eq!(now.value("email"), Some("baru@contoh.id"));
}
