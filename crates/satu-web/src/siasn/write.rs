//! What is saved and deleted: statements, on the road of every other input.

use std::sync::Arc;

use axum::http::Uri;
use satu_domain::Kind;
use satu_registry::single::{self, Outcome, Single};
use satu_siasn::{Codes, Does, Draft, History, Id, NOTHING, Refusal, Row, found, row_id, written};
use satu_store::rows::{GIVEN, HistoryRow};
use tokio::sync::OnceCell;

use super::asking::Asking;
use super::body::{self, Sent};
use super::known::Names;
use super::read::{self, Person, same};
use super::{Answer, Failed, documents, good};
use crate::app::App;
use crate::mask::KEPT_BACK;
use crate::token::Token;
use crate::work::today;

/// How often what another process overtook is done anew, from the reading on.
const TRIES: usize = 3;

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Failed {
        Failed::Bad(refusal.to_string())
    }
}

pub(super) async fn answered(
    app: &App,
    asking: &Asking,
    does: Does,
    kind: &str,
    body: &[u8],
    uri: &Uri,
) -> Answer {
    if let Does::NoCases(_) = does {
        return read::answered(app, asking, does, None, uri).await;
    }
    asking.may_save()?;
    let sent = body::read(kind, body)?;
    let save = Save {
        app,
        asking,
        sent: &sent,
        body,
        operation: uri.path(),
        names: OnceCell::new(),
        files: OnceCell::new(),
    };
    if let Does::Save(..) | Does::SaveWith(..) | Does::SaveMain | Does::SaveMainWith = does {
        // Gathered while others have their turns.
        save.names().await?;
    }
    // Looked for and written as one: two saves of the same row do not cross.
    let _turn = app.writing().await;
    again(|| save.done(does, uri)).await
}

/// Does anew what another process overtook, [`TRIES`] times at most.
async fn again<Done: Future<Output = Answer>>(done: impl Fn() -> Done) -> Answer {
    let mut tries = 1;
    loop {
        match done().await {
            Err(Failed::Overtaken) if tries < TRIES => tries += 1,
            done => return done,
        }
    }
}

/// A save on its way.
struct Save<'a> {
    app: &'a App,
    asking: &'a Asking,
    sent: &'a Sent,
    body: &'a [u8],
    operation: &'a str,
    /// What ids stand for.
    names: OnceCell<Arc<Names>>,
    /// Its documents, kept once.
    files: OnceCell<Vec<i64>>,
}

impl Save<'_> {
    async fn done(&self, does: Does, uri: &Uri) -> Answer {
        match does {
            Does::Save(name) => self.row(name, &[]).await,
            Does::SaveWith(name, parts) => self.row(name, parts).await,
            Does::SaveMain => self.main(uri.path().ends_with("cpns/save"), None).await,
            Does::SaveMainWith => self.main(true, Some("889")).await,
            Does::SavePhoto => self.photo().await,
            Does::Upload => documents::upload(self.app, self.asking, self.sent).await,
            Does::UploadToRow => documents::upload_to_row(self.app, self.asking, self.sent).await,
            Does::UploadToCase(sort) => {
                documents::upload_to_case(self.app, self.asking, self.sent, sort).await
            }
            Does::SaveList(sort) => {
                documents::save_listed(self.app, self.asking, sort, self.sent, self.body).await
            }
            _ => Err(Failed::Fault),
        }
    }

    async fn names(&self) -> Result<Arc<Names>, Failed> {
        let (store, scope) = (self.app.store(self.asking), self.asking.scope());
        let names = || self.app.siasn().names(store, &scope);
        self.names.get_or_try_init(names).await.cloned()
    }

    async fn owner(&self, names: &'static [&'static str]) -> Result<Person, Failed> {
        let id = self.sent.said.owner(names)?;
        let found = read::of_id(self.app, self.asking, id).await;
        found.map_err(|failed| match failed {
            Failed::Nothing(_) => Failed::Bad(format!(
                "{} tidak dikenal",
                names.first().copied().unwrap_or("pnsId")
            )),
            other => other,
        })
    }

    /// Documents that the body holds, kept before the row that they bear out.
    async fn files(&self, parts: &[(&str, &str)]) -> Result<Vec<i64>, Failed> {
        let kept = self.files.get_or_try_init(|| self.kept(parts)).await?;
        Ok(kept.clone())
    }

    async fn kept(&self, parts: &[(&str, &str)]) -> Result<Vec<i64>, Failed> {
        let mut kept = Vec::new();
        for file in &self.sent.files {
            let sort = parts.iter().find(|(part, _)| *part == file.part);
            let Some((_, sort)) = sort else {
                let name: String = file.part.chars().take(40).collect();
                return Err(Failed::Bad(format!("Bagian {name} tidak dikenal")));
            };
            let document = documents::keep(self.app, self.asking, file, sort, Vec::new(), None);
            kept.push(document.await?.id);
        }
        Ok(kept)
    }

    /// Whether a row has every document that the body holds.
    async fn borne_out(&self, row: &HistoryRow, parts: &[(&str, &str)]) -> Result<bool, Failed> {
        if self.sent.files.is_empty() {
            return Ok(true);
        }
        let (store, scope) = (self.app.store(self.asking), self.asking.scope());
        let papers = store.documents_of(&scope, row.person).await?;
        Ok(self.sent.files.iter().all(|file| {
            let blob = single::hash(&file.bytes);
            papers.iter().any(|(statement, paper)| {
                *statement == row.statement
                    && paper.blob == blob
                    && parts.contains(&(file.part.as_str(), paper.sort.as_str()))
            })
        }))
    }

    /// Documents of the field `path` that are ours and within reach. A row of a kind that everybody reads
    /// shows their names: one that bears out what is kept back goes there by who may see it.
    async fn named_papers(&self, kind: Kind) -> Result<Vec<i64>, Failed> {
        let (app, asking) = (self.app, self.asking);
        let mut found = Vec::new();
        for uri in self.sent.said.papers() {
            let Some(id) = documents::number(&uri) else {
                continue;
            };
            match documents::seen(app, asking, id).await {
                Err(Failed::Nothing(_)) => {
                    return Err(Failed::Bad(format!("Dokumen {uri} tidak ditemukan")));
                }
                Err(Failed::Forbidden) if KEPT_BACK.contains(&kind) => {}
                other => _ = other?,
            }
            found.push(id);
        }
        Ok(found)
    }

    /// The row that a save with an id changes; none where the id is new and the sender's to give.
    async fn before(
        &self,
        history: &History,
        person: &Person,
        codes: &Codes,
    ) -> Result<Option<usize>, Failed> {
        let Some(id) = self.sent.said.id() else {
            return Ok(None);
        };
        let others = || Failed::Bad("id bukan riwayat ini milik pegawai tersebut".to_owned());
        if let Some((owner, at)) = read::row(self.app, self.asking, id).await? {
            let own = owner.id == person.id && history.has(&owner.rows[at].1, codes);
            return if own { Ok(Some(at)) } else { Err(others()) };
        }
        let Id::Other(given) = Id::read(id) else {
            return Err(Failed::Bad("id riwayat tidak ditemukan".to_owned()));
        };
        if given.len() > 100 {
            return Err(others());
        }
        // A row of the time before this register: it keeps the id that the program knows it by.
        let (store, scope) = (self.app.store(self.asking), self.asking.scope());
        let taken = store.persons_of_given(&scope, &given).await?;
        if taken.is_empty() {
            Ok(None)
        } else {
            Err(others())
        }
    }

    async fn row(&self, name: &str, parts: &[(&str, &str)]) -> Answer {
        let history = History::named(name).ok_or(Failed::Fault)?;
        let said = &self.sent.said;
        if parts.is_empty() {
            if !self.sent.files.is_empty() {
                return Err(Failed::Bad("Operasi ini tidak menerima berkas".to_owned()));
            }
            history.complete(said)?;
        }
        let person = self.owner(history.owner).await?;
        let store = self.app.store(self.asking);
        let source = self.asking.source(store).await?;
        let lists = self.app.siasn().codes(store).await?;
        let at = self.before(history, &person, &lists.codes).await?;
        let before = at.map(|at| &person.rows[at]);
        let names = self.names().await?;
        let row = before.map(|(_, row)| row);
        let named = |list: &str, id: &str| {
            let name = names.name(id);
            name.or_else(|| person.called(history.kind, list, id))
        };
        let mut draft = history.draft(said, &person.subject, row, &lists.codes, &named);
        if before.is_none() {
            // A save that is sent twice makes one row.
            let same = |(kept, _): &&(HistoryRow, Row)| {
                let unknown = kept.unknown.iter().filter(|(name, _)| name != "siasn.id");
                kept.source == source.code
                    && kept.kind == draft.kind
                    && kept.cells == draft.cells
                    && unknown.eq(&draft.unknown)
            };
            for (kept, row) in person.rows.iter().filter(same) {
                if self.borne_out(kept, parts).await? {
                    return Ok(good(written(history.key, &row.id)));
                }
            }
        }
        let mut papers = self.named_papers(history.kind).await?;
        papers.extend(self.files(parts).await?);
        let given = match (before, said.id()) {
            (Some((_, row)), _) => Some(row.id.clone()),
            (None, id) => id.map(str::to_owned),
        };
        let own = before.filter(|(kept, _)| kept.source == source.code);
        let fact = match (own, &given) {
            (Some((kept, _)), _) => kept.fact.clone(),
            (None, Some(id)) => {
                draft.unknown.retain(|(name, _)| name != "siasn.id");
                draft.unknown.push(("siasn.id".to_owned(), id.clone()));
                format!("{GIVEN}{}", id.to_lowercase())
            }
            (None, None) => new_fact()?,
        };
        // Another source's row goes on as the agency's, with its id and its documents.
        let foreign = before.filter(|_| own.is_none());
        if let Some((_, row)) = foreign {
            papers.extend(
                row.papers
                    .iter()
                    .filter_map(|paper| documents::number(&paper.uri)),
            );
        }
        papers.sort_unstable();
        papers.dedup();
        let single = Single {
            source: &source,
            person: person.id,
            name: self.operation,
            raw: self.body,
            kind: draft.kind,
            cells: &draft.cells,
            unknown: &draft.unknown,
            fact,
            before: single::Before::Read(own.map(|(kept, _)| kept.statement)),
            instead_of: foreign.map(|(kept, _)| kept.statement),
            documents: &papers,
            by: self.asking.login(),
            on: today(),
        };
        let outcome = single::state(store, &lists.standard, single).await?;
        let statement = stated(outcome, &draft.unread)?;
        let id = given.unwrap_or_else(|| row_id(statement));
        Ok(good(written(history.key, &id)))
    }

    /// The main record: what is said goes into what the agency's own source says of the person.
    async fn main(&self, appointment: bool, sort: Option<&str>) -> Answer {
        let said = &self.sent.said;
        if appointment {
            for field in ["nomorSkCpns", "tglSkCpns"] {
                if said.get(field).is_none() {
                    return Err(Refusal::Missing(field).into());
                }
            }
        }
        let person = self.owner(&["pnsOrangId"]).await?;
        let store = self.app.store(self.asking);
        let source = self.asking.source(store).await?;
        let lists = self.app.siasn().codes(store).await?;
        let names = self.names().await?;
        let before = person.main_of(&source.code).map(|at| &person.rows[at]);
        // What the asker may not see stays all the same.
        let row = before.map(|(kept, row)| Row {
            unknown: person.saved(kept),
            ..row.clone()
        });
        let value = |column: &str| person.record.value(column).unwrap_or_default();
        let who = ["nip", "nama", "tanggal_lahir"].map(|column| (column, value(column)));
        let named = |list: &str, id: &str| {
            let name = names.name(id);
            name.or_else(|| person.called(Kind::DataUtama, list, id))
        };
        let draft = Draft::main(said, row.as_ref(), who, &lists.codes, &named);
        let parts: Vec<(&str, &str)> = sort.map(|sort| ("file", sort)).into_iter().collect();
        let mut papers = self.named_papers(draft.kind).await?;
        papers.extend(self.files(&parts).await?);
        let single = Single {
            source: &source,
            person: person.id,
            name: self.operation,
            raw: self.body,
            kind: draft.kind,
            cells: &draft.cells,
            unknown: &draft.unknown,
            fact: before.map_or_else(|| person.nip.clone(), |(kept, _)| kept.fact.clone()),
            before: single::Before::Read(before.map(|(kept, _)| kept.statement)),
            instead_of: None,
            documents: &papers,
            by: self.asking.login(),
            on: today(),
        };
        let outcome = single::state(store, &lists.standard, single).await?;
        stated(outcome, &draft.unread)?;
        Ok(good(written("id", &person.subject.id)))
    }

    async fn photo(&self) -> Answer {
        let person = self.owner(&["pnsId"]).await?;
        let store = self.app.store(self.asking);
        let source = self.asking.source(store).await?;
        let lists = self.app.siasn().codes(store).await?;
        let history = History::named("foto").ok_or(Failed::Fault)?;
        let (said, codes) = (&self.sent.said, &lists.codes);
        let draft = history.draft(said, &person.subject, None, codes, &|_, _| None);
        let file = self.sent.files.first();
        let file = file.ok_or_else(|| Failed::Bad("file wajib ada".to_owned()))?;
        let media = documents::media(&file.bytes);
        if media.is_none_or(|media| !media.starts_with("image/")) {
            return Err(Failed::Bad("Foto harus JPEG atau PNG".to_owned()));
        }
        let kept = documents::keep(self.app, self.asking, file, "foto", Vec::new(), None).await?;
        let single = Single {
            source: &source,
            person: person.id,
            name: self.operation,
            raw: self.body,
            kind: draft.kind,
            cells: &draft.cells,
            unknown: &draft.unknown,
            fact: format!("foto:{}", person.nip),
            before: single::Before::Any,
            instead_of: None,
            documents: &[kept.id],
            by: self.asking.login(),
            on: today(),
        };
        stated(single::state(store, &lists.standard, single).await?, &[])?;
        Ok(good(found(documents::paper(&kept).told())))
    }
}

/// The number of what was stated; what is wrong with it, where it was not, and of which fields nothing
/// is known that it may have missed.
fn stated(outcome: Outcome, unread: &[&str]) -> Result<i64, Failed> {
    match outcome {
        Outcome::Stated(statement) => Ok(statement),
        Outcome::Rejected(wrong) => {
            let unread = unread.iter().map(|field| format!("{field} tidak dikenal."));
            let why: Vec<String> = unread.chain(wrong).collect();
            Err(Failed::Bad(why.join(" ")))
        }
    }
}

/// A key for a row that is like no other.
fn new_fact() -> Result<String, Failed> {
    let token = Token::new().map_err(|error| {
        tracing::error!(%error, "no randomness");
        Failed::Fault
    })?;
    Ok(format!("siasn:{}", &token.as_str()[..32]))
}

/// Deletes a row of one of these histories: its statement ends. An id of another history is none.
pub(super) async fn deleted(app: &App, asking: &Asking, histories: &[&str], id: &str) -> Answer {
    asking.may_save()?;
    let _turn = app.writing().await;
    again(|| ended(app, asking, histories, id)).await
}

async fn ended(app: &App, asking: &Asking, histories: &[&str], id: &str) -> Answer {
    let store = app.store(asking);
    let lists = app.siasn().codes(store).await?;
    let nothing = || Failed::Nothing(NOTHING);
    let (person, at) = read::row(app, asking, id).await?.ok_or_else(nothing)?;
    let row = &person.rows[at].1;
    let history = histories.iter().filter_map(|name| History::named(name));
    let mut history = history.filter(|history| history.has(row, &lists.codes));
    let history = history.next().ok_or_else(nothing)?;
    let reason = format!("{}/delete", history.name);
    let behind = person.behind.iter();
    let behind = behind.filter(|(_, other)| same(&other.id, &row.id));
    for (kept, _) in behind.chain([&person.rows[at]]) {
        single::end(store, kept.statement, asking.login(), &reason).await?;
    }
    Ok(good(written(history.key, &row.id)))
}
