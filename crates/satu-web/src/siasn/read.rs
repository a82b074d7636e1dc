//! What is read: main records, histories, family, lists.

use std::collections::BTreeMap;

use axum::http::Uri;
use jiff::civil::Date;
use satu_domain::resolve::GoldenRecord;
use satu_domain::{Kind, canonical};
use satu_siasn::{
    Codes, Does, History, Id, KEPT, NOTHING, Row, Subject, digits, failed, found, named, person_id,
    row_id, synced, unor,
};
use satu_store::Store;
use satu_store::clients::Right;
use satu_store::rows::{GIVEN, HistoryRow};
use serde_json::Value;

use super::asking::Asking;
use super::{Answer, Failed, asked, documents, good, within};
use crate::app::App;
use crate::mask::{KEPT_BACK, is_sensitive};

/// Persons read at a time.
const PART: i64 = 1_000;

/// A person as the asker may see them, with the rows as the register has them.
pub(super) struct Person {
    pub id: i64,
    pub nip: String,
    pub record: GoldenRecord,
    pub subject: Subject,
    /// One of each id.
    pub rows: Vec<(HistoryRow, Row)>,
    /// Others of those ids: what its first source sent again of a row that went on as another's.
    pub behind: Vec<(HistoryRow, Row)>,
    /// What programs saved last of the main record, though its source's files came since.
    saves: Vec<HistoryRow>,
}

impl Person {
    /// Where among the rows a source's own main record of the person stands.
    pub(super) fn main_of(&self, source: &str) -> Option<usize> {
        let own =
            |(kept, _): &(HistoryRow, Row)| kept.kind == Kind::DataUtama && kept.source == source;
        self.rows.iter().position(own)
    }

    /// What programs saved beside this main record of the person, and what it says itself.
    pub(super) fn saved(&self, main: &HistoryRow) -> Vec<(String, String)> {
        let own = |save: &&HistoryRow| save.source == main.source && save.fact == main.fact;
        let saved = self.saves.iter().filter(own).flat_map(|save| &save.unknown);
        let saved = saved.filter(|(name, _)| name.starts_with(KEPT));
        let all: BTreeMap<_, _> = saved.chain(&main.unknown).cloned().collect();
        all.into_iter().collect()
    }

    /// The name that an id of a list stands for, in the main record or in the person's rows of a kind.
    pub(super) fn called(&self, kind: Kind, list: &str, id: &str) -> Option<String> {
        let id = digits(id)?;
        let golden = self.record.fields.iter().map(|field| &field.winner.value);
        let rows = self.rows.iter().filter(|(kept, _)| kept.kind == kind);
        let mut names = golden.chain(rows.flat_map(|(kept, _)| &kept.cells));
        let its = |name: &&String| digits(&named(list, name)).is_some_and(|one| one == id);
        names.find(its).cloned()
    }

    fn shown(&self) -> Vec<Row> {
        self.rows.iter().map(|(_, row)| row.clone()).collect()
    }
}

fn nothing() -> Failed {
    Failed::Nothing(NOTHING)
}

/// The id under which programs know a row.
pub(super) fn public_id(row: &HistoryRow) -> String {
    match row.fact.strip_prefix(GIVEN) {
        Some(given) => {
            let as_it_came = row.unknown.iter().find(|(name, _)| name == "siasn.id");
            as_it_came.map_or_else(|| given.to_owned(), |(_, id)| id.clone())
        }
        None => row_id(row.first),
    }
}

fn subject(id: i64, record: &GoldenRecord, rows: &[Row], open: bool) -> Subject {
    let value = |column: &str| {
        if is_sensitive(column) && !open {
            return String::new();
        }
        record.value(column).unwrap_or_default().to_owned()
    };
    Subject::new(person_id(id), value, rows)
}

/// The person of a number within reach.
pub(super) async fn person(app: &App, asking: &Asking, id: i64) -> Result<Option<Person>, Failed> {
    let (store, scope, open) = (app.store(asking), asking.scope(), asking.open());
    let Some(record) = store.golden(&scope, id).await? else {
        return Ok(None);
    };
    let papers = store.documents_of(&scope, id).await?;
    let rows: Vec<(HistoryRow, Row)> = store
        .rows_of(&scope, id)
        .await?
        .into_iter()
        .map(|row| {
            let own = papers
                .iter()
                .filter(|(statement, _)| *statement == row.statement);
            let shown = Row {
                id: public_id(&row),
                kind: row.kind,
                cells: row.cells.clone(),
                // What programs saved of the main record may reach the person.
                unknown: if row.kind == Kind::DataUtama && !open {
                    Vec::new()
                } else {
                    row.unknown.clone()
                },
                papers: own
                    .map(|(_, document)| documents::paper(document))
                    .collect(),
                made_at: Some(row.made_at),
                changed_at: Some(row.changed_at),
            };
            (row, shown)
        })
        .collect();
    let (rows, behind) = told_apart(rows);
    let saves = store.main_saves_of(&scope, id).await?;
    let saved = saves.iter().filter(|_| open).map(|save| Row {
        id: String::new(),
        kind: save.kind,
        cells: Vec::new(),
        unknown: save.unknown.clone(),
        papers: Vec::new(),
        made_at: None,
        changed_at: Some(save.changed_at),
    });
    let shown: Vec<Row> = rows
        .iter()
        .map(|(_, row)| row.clone())
        .chain(saved)
        .collect();
    Ok(Some(Person {
        id,
        nip: record.value("nip").unwrap_or_default().to_owned(),
        subject: subject(id, &record, &shown, open),
        record,
        rows,
        behind,
        saves,
    }))
}

type Rows = Vec<(HistoryRow, Row)>;

/// One row of each id, and the others: of those with one id goes the one that a program gave it, before
/// what its first source sends again, and the last said.
fn told_apart(rows: Rows) -> (Rows, Rows) {
    let id = |row: &Row| digits(&row.id).unwrap_or_else(|| row.id.to_lowercase());
    let rank = |kept: &HistoryRow| (kept.fact.starts_with(GIVEN), kept.statement);
    let mut first = BTreeMap::new();
    for (kept, row) in &rows {
        let one = first.entry(id(row)).or_insert_with(|| rank(kept));
        *one = rank(kept).max(*one);
    }
    let goes = |(kept, row): &(HistoryRow, Row)| first.get(&id(row)) == Some(&rank(kept));
    rows.into_iter().partition(goes)
}

/// Whether two ids are one.
pub(super) fn same(one: &str, two: &str) -> bool {
    let plain = |id: &str| id.trim().replace('-', "").to_lowercase();
    plain(one) == plain(two)
}

/// The person of a NIP within reach. A person whose main record has it goes before one of whom some
/// source once stated it.
pub(super) async fn of_nip(app: &App, asking: &Asking, nip: &str) -> Result<Person, Failed> {
    let (store, scope) = (app.store(asking), asking.scope());
    let nip = canonical("nip", nip);
    if nip.is_empty() || nip.len() > 40 || nip.contains('\0') {
        return Err(nothing());
    }
    let mut other = None;
    for id in store.find(&scope, "nip", &nip).await? {
        let Some(found) = person(app, asking, id).await? else {
            continue;
        };
        if found.nip == nip {
            return Ok(found);
        }
        other.get_or_insert(found);
    }
    other.ok_or_else(nothing)
}

/// The person of an id or a NIP within reach.
pub(super) async fn of_id(app: &App, asking: &Asking, text: &str) -> Result<Person, Failed> {
    match Id::read(text) {
        Id::Person(id) => person(app, asking, id).await?.ok_or_else(nothing),
        Id::Row(_) => Err(nothing()),
        Id::Other(text) => of_nip(app, asking, &text).await,
    }
}

/// The row of an id within reach, and its person.
pub(super) async fn row(
    app: &App,
    asking: &Asking,
    text: &str,
) -> Result<Option<(Person, usize)>, Failed> {
    let (store, scope) = (app.store(asking), asking.scope());
    let given = async |id: &str| -> Result<Option<i64>, Failed> {
        let found = store.persons_of_given(&scope, id).await?;
        let mut within = found.into_iter().filter(|(_, within)| *within);
        Ok(within.next().map(|(person, _)| person))
    };
    let found = match Id::read(text) {
        // A row that went over to another source has its first id as one that was given.
        Id::Row(first) => match store.person_of_row(&scope, first).await? {
            None => given(&row_id(first)).await?,
            person => person,
        },
        Id::Person(_) => None,
        Id::Other(text) if text.len() > 100 || text.contains('\0') => None,
        Id::Other(text) => given(&text).await?,
    };
    let Some(id) = found else { return Ok(None) };
    let Some(person) = person(app, asking, id).await? else {
        return Ok(None);
    };
    let its =
        |(kept, row): &(HistoryRow, Row)| same(&row.id, text) || same(&row_id(kept.first), text);
    let at = person.rows.iter().position(its);
    Ok(at.map(|at| (person, at)))
}

/// A day of the query, `dd-mm-yyyy`.
fn day(uri: &Uri, name: &str) -> Result<Date, Failed> {
    let text = asked(uri, name).ok_or_else(|| Failed::Bad(format!("{name} wajib diisi")))?;
    let wrong = || Failed::Bad(format!("{name} bukan tanggal dd-mm-yyyy"));
    satu_domain::parse_date(&text).ok_or_else(wrong)
}

pub(super) async fn answered(
    app: &App,
    asking: &Asking,
    does: Does,
    part: Option<&str>,
    uri: &Uri,
) -> Answer {
    asking.may(Right::PeopleRead)?;
    let store = app.store(asking);
    let lists = app.siasn().codes(store).await?;
    let codes = &lists.codes;
    let nip = part.unwrap_or_default();
    let told = match does {
        Does::Main => main(app, asking, of_nip(app, asking, nip).await?, codes).await?,
        Does::PartTime => {
            let person = of_nip(app, asking, nip).await?;
            // Those of part-time staff are PPPK of a kind of their own; nobody else is answered here.
            let kind = person.record.value("jenis_pegawai").unwrap_or_default();
            if !kind.to_uppercase().contains("PARUH WAKTU") {
                return Err(nothing());
            }
            main(app, asking, person, codes).await?
        }
        Does::Rows(name) => {
            let history = History::named(name).ok_or(Failed::Fault)?;
            kept_back(asking, history.kind)?;
            let person = of_nip(app, asking, nip).await?;
            let rows = history.all(&person.subject, &person.shown(), codes);
            if rows.is_empty() && name == "tubel" {
                return Err(Failed::Nothing("record not found"));
            }
            let sensitive = KEPT_BACK.contains(&history.kind);
            asking.looked(app, person.id, sensitive).await?;
            found(rows)
        }
        Does::Row(names) => {
            let (person, at) = row(app, asking, nip).await?.ok_or_else(nothing)?;
            let shown = &person.rows[at].1;
            let history = names.iter().filter_map(|name| History::named(name));
            let mut history = history.filter(|history| history.has(shown, codes));
            let history = history.next().ok_or_else(nothing)?;
            kept_back(asking, history.kind)?;
            let sensitive = KEPT_BACK.contains(&history.kind);
            asking.looked(app, person.id, sensitive).await?;
            found(history.told(&person.subject, shown, codes))
        }
        Does::Children | Does::Parents | Does::Spouses => {
            kept_back(asking, Kind::Keluarga)?;
            let person = of_nip(app, asking, nip).await?;
            asking.looked(app, person.id, true).await?;
            let (subject, rows) = (&person.subject, person.shown());
            found(match does {
                Does::Children => subject.children(&rows, codes),
                Does::Parents => subject.parents(&rows, codes),
                _ => subject.spouses(&rows, codes),
            })
        }
        Does::Sync => {
            let id = part
                .map(str::to_owned)
                .or_else(|| asked(uri, "pns_orang_id"));
            let id = id.ok_or_else(|| Failed::Bad("pns_orang_id wajib diisi".to_owned()))?;
            of_id(app, asking, &id).await?;
            synced("Data utama sudah sesuai dengan riwayat")
        }
        Does::Indices => {
            let nip = part.map(str::to_owned).or_else(|| asked(uri, "nipBaru"));
            let nip = nip.ok_or_else(|| Failed::Bad("nipBaru wajib diisi".to_owned()))?;
            let person = of_nip(app, asking, &nip).await?;
            asking.looked(app, person.id, false).await?;
            found(person.subject.indices(codes))
        }
        Does::Pensions => {
            let (from, until) = (day(uri, "tglAwal")?, day(uri, "tglAkhir")?);
            let rows = pensions(store, asking, from, until, codes).await?;
            found(within(uri, rows))
        }
        Does::PensionOf => {
            let nip = asked(uri, "nip").ok_or_else(|| Failed::Bad("nip wajib diisi".to_owned()))?;
            let person = of_nip(app, asking, &nip).await?;
            asking.looked(app, person.id, false).await?;
            let due = person.subject.retires();
            let rows = due.map(|due| person.subject.pension(due, codes));
            found(rows.into_iter().collect::<Vec<Value>>())
        }
        Does::NoCases(needed) => {
            if let Some(name) = needed
                && asked(uri, name).is_none()
            {
                return Err(Failed::Bad(format!("{name} wajib diisi")));
            }
            found(Vec::<Value>::new())
        }
        Does::NothingKindly => failed(NOTHING),
        Does::NonAsn => return Err(nothing()),
        Does::ReadList(sort) => found(within(uri, documents::listed(app, asking, sort).await?)),
        Does::Units => {
            let names = app.siasn().names(store, &asking.scope()).await?;
            let rows = names
                .units
                .iter()
                .map(|(instansi, name)| unor(instansi, name, codes));
            found(within(uri, rows.collect()))
        }
        Does::Photo => return documents::photo(app, asking, nip).await,
        Does::Download => return documents::download(app, asking, uri).await,
        _ => return Err(Failed::Fault),
    };
    Ok(good(told))
}

pub(super) fn kept_back(asking: &Asking, kind: Kind) -> Result<(), Failed> {
    if KEPT_BACK.contains(&kind) {
        asking.may(Right::PeopleSensitive)
    } else {
        Ok(())
    }
}

async fn main(app: &App, asking: &Asking, person: Person, codes: &Codes) -> Result<Value, Failed> {
    asking.looked(app, person.id, true).await?;
    Ok(found(person.subject.main_told(codes)))
}

/// Who reaches the age of retirement in a span of days, within reach.
async fn pensions(
    store: &Store,
    asking: &Asking,
    from: Date,
    until: Date,
    codes: &Codes,
) -> Result<Vec<Value>, Failed> {
    let scope = asking.scope();
    let (mut rows, mut after) = (Vec::new(), 0);
    loop {
        let part = store.people(&scope, after, PART).await?;
        let Some((last, _)) = part.last() else { break };
        after = *last;
        for (id, record) in &part {
            let subject = subject(*id, record, &[], false);
            if let Some(due) = subject.retires().filter(|due| (from..=until).contains(due)) {
                rows.push(subject.pension(due, codes));
            }
        }
    }
    Ok(rows)
}
