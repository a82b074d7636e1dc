//! What has happened to a person, newest first: the histories as one line of time.

use satu_domain::{Kind, parse_date};
use satu_store::ask::Evidence;

use crate::mask::KEPT_BACK;
use crate::{Lang, columns};

/// One thing that happened.
pub struct Moment {
    /// When, as its source wrote it where it is no whole date.
    pub when: String,
    /// What kind of thing.
    pub kind: &'static str,
    /// What happened.
    pub what: String,
    /// More of it: title and value.
    pub more: Vec<(String, String)>,
    /// Who says so.
    pub sources: Vec<String>,
    order: String,
}

/// The columns in which each kind says when; the first that is filled counts.
fn when(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::DataUtama => &[],
        Kind::Golongan => &["tmt_golongan", "sk_tanggal"],
        Kind::Jabatan => &["tmt_jabatan", "tmt_pelantikan", "sk_tanggal"],
        Kind::Pendidikan => &["tanggal_lulus", "tahun_lulus"],
        Kind::Keluarga => &["tanggal_menikah", "tanggal_lahir"],
        Kind::Kinerja => &["tahun"],
        Kind::Diklat => &["tanggal_mulai", "tahun"],
        Kind::HukumanDisiplin => &["tmt_hukuman", "sk_tanggal"],
        Kind::Penghargaan => &["sk_tanggal", "tahun"],
        Kind::RiwayatLain => &["tanggal"],
    }
}

/// The columns that say in a few words what it is.
fn what(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::DataUtama => &[],
        Kind::Golongan => &["golongan"],
        Kind::Jabatan => &["jabatan", "unor"],
        Kind::Pendidikan => &["tingkat_pendidikan", "pendidikan"],
        Kind::Keluarga => &["hubungan", "nama"],
        Kind::Kinerja => &["predikat"],
        Kind::Diklat => &["nama_diklat"],
        Kind::HukumanDisiplin => &["tingkat_hukuman", "jenis_hukuman"],
        Kind::Penghargaan => &["jenis_penghargaan"],
        Kind::RiwayatLain => &["jenis", "uraian"],
    }
}

/// The line of time. Family and discipline stand in it only where what is sensitive is open. Two
/// sources that say the same stand at one moment.
pub fn timeline(
    t: Lang,
    evidence: &[Evidence],
    open: bool,
    named: &impl Fn(&str) -> String,
) -> Vec<Moment> {
    let mut moments: Vec<Moment> = Vec::new();
    for one in evidence {
        let kept_back = KEPT_BACK.contains(&one.kind) && !open;
        if one.kind == Kind::DataUtama || kept_back {
            continue;
        }
        let cell = |column: &str| -> &str {
            let at = one.kind.position(column);
            at.and_then(|at| one.cells.get(at))
                .map_or("", String::as_str)
        };
        let mut said = when(one.kind).iter().map(|column| cell(column));
        let date = said.find(|text| !text.is_empty()).unwrap_or("");
        let order = parse_date(date).map_or_else(|| date.to_owned(), |date| date.to_string());
        let words: Vec<&str> = what(one.kind)
            .iter()
            .map(|column| cell(column))
            .filter(|text| !text.is_empty())
            .collect();
        let what_it_is = words.join(", ");
        let source = named(&one.source);
        let kind = t.kind_named(one.kind);
        let known = moments.iter_mut().find(|moment| {
            moment.order == order
                && moment.kind == kind
                && moment.what.eq_ignore_ascii_case(&what_it_is)
        });
        if let Some(moment) = known {
            if !moment.sources.contains(&source) {
                moment.sources.push(source);
            }
            continue;
        }
        let rest = one.kind.columns().iter().zip(&one.cells);
        let more = rest
            .filter(|(column, value)| {
                **column != "nip" && !value.is_empty() && !what(one.kind).contains(column)
            })
            .map(|(column, value)| (columns::title(t, column).to_owned(), t.date_text(value)))
            .collect();
        moments.push(Moment {
            when: t.date_text(date),
            kind,
            what: what_it_is,
            more,
            sources: vec![source],
            order,
        });
    }
    moments.sort_by(|a, b| b.order.cmp(&a.order));
    moments
}
