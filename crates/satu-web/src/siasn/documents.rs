//! Documents: handed in, given out, told what they are by their first bytes.

use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use satu_domain::Kind;
use satu_registry::single;
use satu_siasn::{Id, NOTHING, Paper, row_id};
use satu_store::documents::KeptDocument;
use satu_store::entry::Document;
use serde_json::{Map, Value};

use super::asking::Asking;
use super::body::{File, Sent};
use super::{Answer, Failed, asked, good, read};
use crate::app::App;
use crate::mask::KEPT_BACK;

/// Longest name of a file, in signs.
const NAME: usize = 150;
/// The sort of a decree of discipline.
const DISCIPLINE: &str = "882";

/// The media type under which what is about nobody is kept: what a program said, and no document.
const SAID: &str = "application/json";

/// A document as the service shows it. Its place holds its number and nothing of its name.
pub(super) fn paper(document: &KeptDocument) -> Paper {
    Paper {
        sort: document.sort.clone(),
        name: document.name.clone(),
        uri: format!(
            "peremajaan/dokumen/{}{}",
            row_id(document.id),
            ending(&document.media)
        ),
    }
}

fn ending(media: &str) -> &'static str {
    match media {
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        _ => ".pdf",
    }
}

/// The number of the document at a place.
pub(super) fn number(uri: &str) -> Option<i64> {
    let name = uri.rsplit('/').next()?;
    let stem = name.split('.').next()?;
    match Id::read(stem) {
        Id::Row(number) => Some(number),
        _ => None,
    }
}

/// What a file is by its first bytes; `None` for one of a kind that is not taken.
pub(super) fn media(bytes: &[u8]) -> Option<&'static str> {
    // A PDF may have a few bytes before its sign (ISO 32000-1, implementation note 13).
    let start = &bytes[..bytes.len().min(1_024)];
    if start.windows(5).any(|part| part == b"%PDF-") {
        Some("application/pdf")
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some("image/jpeg")
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else {
        None
    }
}

/// A file's name without its folder and without signs that a shell or a header would read.
fn plain(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let fits = |letter: &char| letter.is_alphanumeric() || " .-_()".contains(*letter);
    let name: String = name.chars().filter(fits).take(NAME).collect();
    let name = name.trim_matches(['.', ' ']).to_owned();
    if name.is_empty() {
        "dokumen".to_owned()
    } else {
        name
    }
}

/// Keeps a file; its number.
pub(super) async fn keep(
    app: &App,
    asking: &Asking,
    file: &File,
    sort: &str,
    said: Vec<(String, String)>,
    statement: Option<i64>,
) -> Result<KeptDocument, Failed> {
    let told = "Berkas harus PDF, JPEG atau PNG";
    let media = media(&file.bytes).ok_or_else(|| Failed::Bad(told.to_owned()))?;
    let document = Document {
        name: plain(&file.name),
        media: media.to_owned(),
        blob: String::new(),
        sort: sort
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(20)
            .collect(),
        instansi: asking.instansi().to_owned(),
        by: asking.login().to_owned(),
        said,
    };
    let store = app.store(asking);
    let id = single::keep(store, document.clone(), &file.bytes, statement).await?;
    Ok(KeptDocument {
        id,
        name: document.name,
        media: document.media,
        blob: String::new(),
        sort: document.sort,
    })
}

fn file(sent: &Sent) -> Result<&File, Failed> {
    let found = sent.files.iter().find(|file| file.part == "file");
    let found = found.or_else(|| sent.files.first());
    found.ok_or_else(|| Failed::Bad("Bagian file dengan nama berkas wajib ada".to_owned()))
}

fn needed<'a>(sent: &'a Sent, name: &str, shown: &str) -> Result<&'a str, Failed> {
    let wrong = || Failed::Bad(format!("{shown} wajib diisi"));
    sent.said.get(name).ok_or_else(wrong)
}

fn said(sent: &Sent, names: &[&str]) -> Vec<(String, String)> {
    let one = |name: &&str| {
        let value = sent.said.get(name)?;
        Some(((*name).to_owned(), value.to_owned()))
    };
    names.iter().filter_map(one).collect()
}

/// `upload-dok`.
pub(super) async fn upload(app: &App, asking: &Asking, sent: &Sent) -> Answer {
    let file = file(sent)?;
    let sort = needed(sent, "idRefDokumen", "id_ref_dokumen")?;
    let kept = keep(app, asking, file, sort, Vec::new(), None).await?;
    Ok(good(satu_siasn::found(paper(&kept).told())))
}

/// `upload-dok-rw`. A save of the main record answers with the person's id: a document of that id is
/// one of what the agency's own source says of the person.
pub(super) async fn upload_to_row(app: &App, asking: &Asking, sent: &Sent) -> Answer {
    let file = file(sent)?;
    let sort = needed(sent, "idRefDokumen", "id_ref_dokumen")?;
    let id = needed(sent, "idRiwayat", "id_riwayat")?;
    let (person, at) = if let Id::Person(_) = Id::read(id) {
        let person = read::of_id(app, asking, id).await?;
        let source = asking.source(app.store(asking)).await?;
        let at = person.main_of(&source.code);
        (person, at.ok_or(Failed::Nothing(NOTHING))?)
    } else {
        let row = read::row(app, asking, id).await?;
        row.ok_or(Failed::Nothing(NOTHING))?
    };
    let statement = person.rows[at].0.statement;
    let kept = keep(app, asking, file, sort, Vec::new(), Some(statement)).await?;
    Ok(good(satu_siasn::found(paper(&kept).told())))
}

/// `upload-dok-sk-kp` and `upload-dok-sk-nip`: the register has no cases; the document is kept with
/// what is said of it.
pub(super) async fn upload_to_case(app: &App, asking: &Asking, sent: &Sent, sort: &str) -> Answer {
    let file = file(sent)?;
    let names = [
        "idUsulan",
        "noSk",
        "tglSk",
        "noPeserta",
        "tahunFormasi",
        "tglTtdSk",
        "pejabatTtdSk",
    ];
    if sent
        .said
        .get("idUsulan")
        .or_else(|| sent.said.get("noPeserta"))
        .is_none()
    {
        return Err(Failed::Bad("id_usulan wajib diisi".to_owned()));
    }
    needed(sent, "noSk", "no_sk")?;
    needed(sent, "tglSk", "tgl_sk")?;
    let kept = keep(app, asking, file, sort, said(sent, &names), None).await?;
    Ok(good(satu_siasn::found(paper(&kept).told())))
}

fn bytes_of(kind: &str, bytes: Vec<u8>, name: &str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(kind) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    let ascii: String = name.chars().filter(char::is_ascii).collect();
    if let Ok(told) = HeaderValue::from_str(&format!("attachment; filename=\"{ascii}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, told);
    }
    response
}

/// A document within reach, and the persons of whom it bears out what is kept back: that is seen by who may
/// see those rows.
pub(super) async fn seen(
    app: &App,
    asking: &Asking,
    id: i64,
) -> Result<(KeptDocument, Vec<i64>), Failed> {
    let found = app.store(asking).document(&asking.scope(), id).await?;
    let found = found.filter(|(document, _)| document.media != SAID);
    let (document, about) = found.ok_or(Failed::Nothing(NOTHING))?;
    if document.sort == DISCIPLINE {
        read::kept_back(asking, Kind::HukumanDisiplin)?;
    }
    for (kind, _) in &about {
        read::kept_back(asking, *kind)?;
    }
    let about = about.into_iter();
    let about = about.filter(|(kind, _)| KEPT_BACK.contains(kind));
    Ok((document, about.filter_map(|(_, person)| person).collect()))
}

async fn given(app: &App, asking: &Asking, id: i64) -> Answer {
    let store = app.store(asking);
    let (document, persons) = seen(app, asking, id).await?;
    for person in persons {
        asking.looked(app, person, true).await?;
    }
    let mut bytes = Vec::new();
    if !store.read_raw(&document.blob, &mut bytes).await? {
        return Err(Failed::Fault);
    }
    Ok(bytes_of(&document.media, bytes, &document.name))
}

/// `download-dok`.
pub(super) async fn download(app: &App, asking: &Asking, uri: &Uri) -> Answer {
    let path = asked(uri, "filePath");
    let path = path.ok_or_else(|| Failed::Bad("filePath wajib diisi".to_owned()))?;
    let id = number(&path).ok_or(Failed::Nothing(NOTHING))?;
    given(app, asking, id).await
}

/// `pns/photo`.
pub(super) async fn photo(app: &App, asking: &Asking, id: &str) -> Answer {
    let person = read::of_id(app, asking, id).await?;
    asking.looked(app, person.id, false).await?;
    let photos = person
        .rows
        .iter()
        .filter(|(_, row)| row.kind == Kind::RiwayatLain);
    let mut papers = photos.flat_map(|(_, row)| &row.papers);
    let last = papers.rfind(|paper| paper.sort == "foto");
    let id = last.and_then(|paper| number(&paper.uri));
    given(app, asking, id.ok_or(Failed::Nothing(NOTHING))?).await
}

/// What an agency's programs saved that is about nobody, such as its activities.
pub(super) async fn listed(app: &App, asking: &Asking, sort: &str) -> Result<Vec<Value>, Failed> {
    let store = app.store(asking);
    let kept = store.documents_of_sort(&asking.scope(), sort).await?;
    let rows = kept.into_iter().map(|(id, Document { said, .. })| {
        let mut row = Map::new();
        row.insert("id".to_owned(), row_id(id).into());
        row.extend(said.into_iter().map(|(name, value)| (name, value.into())));
        Value::Object(row)
    });
    Ok(rows.collect())
}

/// Keeps something of an agency that is about nobody.
pub(super) async fn save_listed(
    app: &App,
    asking: &Asking,
    sort: &str,
    sent: &Sent,
    body: &[u8],
) -> Answer {
    let names = [
        "instansiId",
        "namaKegiatan",
        "tahun",
        "tanggalMulai",
        "tanggalSelesai",
    ];
    needed(sent, "namaKegiatan", "namaKegiatan")?;
    let (store, said) = (app.store(asking), said(sent, &names));
    // What is sent twice is kept once.
    let kept = store.documents_of_sort(&asking.scope(), sort).await?;
    let mut own = kept
        .iter()
        .filter(|(_, one)| one.instansi == asking.instansi());
    if let Some((id, _)) = own.find(|(_, one)| one.said == said) {
        return Ok(good(satu_siasn::written("id", &row_id(*id))));
    }
    let document = Document {
        name: format!("{sort}.json"),
        media: SAID.to_owned(),
        blob: String::new(),
        sort: sort.to_owned(),
        instansi: asking.instansi().to_owned(),
        by: asking.login().to_owned(),
        said,
    };
    let id = single::keep(store, document, body, None).await?;
    Ok(good(satu_siasn::written("id", &row_id(id))))
}

#[cfg(test)]
mod tests {
    use super::{media, number, plain};

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert_eq!(media(b"%PDF-1.7"), Some("application/pdf"));
        assert_eq!(media(b"\n\n%PDF-1.4"), Some("application/pdf"));
        assert_eq!(media(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(media(b"\x89PNG\r\n\x1a\n"), Some("image/png"));
        for other in [&b""[..], b"MZ", b"<html>", b"PK\x03\x04", b"\xff\xd8"] {
            assert_eq!(media(other), None);
        }
    }

    #[test]
    fn a_name_is_no_path_and_no_command() {
        assert_eq!(plain("../../etc/passwd"), "passwd");
        assert_eq!(plain("C:\\surat\\SK 1.pdf"), "SK 1.pdf");
        assert_eq!(plain("a\"\r\nX: y.pdf"), "aX y.pdf");
        assert_eq!(plain(""), "dokumen");
        assert_eq!(plain(".."), "dokumen");
        assert_eq!(plain(&"x".repeat(900)).len(), 150);
    }

    #[test]
    fn a_place_leads_to_a_number() {
        let uri = format!("peremajaan/dokumen/{}.pdf", satu_siasn::row_id(17));
        assert_eq!(number(&uri), Some(17));
        assert_eq!(number("../../etc/passwd"), None);
        assert_eq!(number(""), None);
    }
}
