//! Every operation: its method, its path below the base, and what it does.

/// How it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// DELETE.
    Delete,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// The main record of a NIP.
    Main,
    /// The main record of a NIP, of part-time staff.
    PartTime,
    /// A history of a NIP.
    Rows(&'static str),
    /// One row of a history.
    Row(&'static [&'static str]),
    /// A row of a history is saved.
    Save(&'static str),
    /// A row of a history is saved with its documents: which part is which sort of document.
    SaveWith(&'static str, &'static [(&'static str, &'static str)]),
    /// A row of a history is deleted.
    Delete(&'static [&'static str]),
    /// The main record is changed.
    SaveMain,
    /// What is said of a candidate's appointment, with a document.
    SaveMainWith,
    /// Children.
    Children,
    /// Parents.
    Parents,
    /// Spouses.
    Spouses,
    /// The main record is brought in step with a history: it always is.
    Sync,
    /// The index of professionalism.
    Indices,
    /// Who retires in a span of days, or one of them.
    Pensions,
    /// The same for one NIP.
    PensionOf,
    /// A list of cases that the register does not hold: empty. The parameter that it must have.
    NoCases(Option<&'static str>),
    /// A photograph.
    Photo,
    /// A photograph is handed in.
    SavePhoto,
    /// A document's bytes.
    Download,
    /// A document is handed in.
    Upload,
    /// A document of a row is handed in.
    UploadToRow,
    /// A document of a case is handed in: the sort of document.
    UploadToCase(&'static str),
    /// The units.
    Units,
    /// Lists of degrees: nothing there, said with 200.
    NothingKindly,
    /// Kept as it came, though it is about nobody: an activity of an agency.
    SaveList(&'static str),
    /// What was kept so.
    ReadList(&'static str),
    /// Somebody who is no civil servant: none is in the register.
    NonAsn,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// Its method.
    pub method: Method,
    /// Its path below the base; `{}` at the end stands for one part, `{?}` for one or none.
    pub path: &'static str,
    /// What it does.
    pub does: Does,
}

use Does::{
    Children, Delete as Remove, Download, Indices, Main, NoCases, NonAsn, NothingKindly, Parents,
    PartTime, PensionOf, Pensions, Photo, ReadList, Row, Rows, Save, SaveList, SaveMain,
    SaveMainWith, SavePhoto, SaveWith, Spouses, Sync, Units, Upload, UploadToCase, UploadToRow,
};
use Method::{Delete, Get, Post};

const fn op(method: Method, path: &'static str, does: Does) -> Operation {
    Operation { method, path, does }
}

/// Every operation.
pub const OPERATIONS: &[Operation] = &[
    op(Delete, "angkakredit/delete/{}", Remove(&["angkakredit"])),
    op(Get, "angkakredit/id/{}", Row(&["angkakredit"])),
    op(Post, "angkakredit/save", Save("angkakredit")),
    op(
        Post,
        "angkakredit/document/save",
        SaveWith("angkakredit", &[("dok_pak", "879"), ("sk_pak", "880")]),
    ),
    op(Post, "cpns/save", SaveMain),
    op(Post, "cpns/document/save", SaveMainWith),
    op(Delete, "diklat/delete/{}", Remove(&["diklat"])),
    op(Get, "diklat/id/{}", Row(&["diklat"])),
    op(Post, "diklat/save", Save("diklat")),
    op(
        Post,
        "diklat/document/save",
        SaveWith("diklat", &[("file", "874")]),
    ),
    op(Get, "download-dok", Download),
    op(Get, "hukdis/id/{}", Row(&["hukdis"])),
    op(Post, "hukdis/save", Save("hukdis")),
    op(Get, "jabatan/id/{}", Row(&["jabatan"])),
    op(Get, "jabatan/pns/{}", Rows("jabatan")),
    op(Post, "jabatan/unorjabatan/save", Save("jabatan")),
    op(
        Post,
        "jabatan/unorjabatan/document/save",
        SaveWith(
            "jabatan",
            &[
                ("dok_sk_jabatan", "872"),
                ("dok_surat_pelantikan", "873"),
                // No number of a decree of transfer is known.
                ("dok_sk_mutasi", "mutasi"),
            ],
        ),
    ),
    op(Post, "jabatan/save", Save("jabatan")),
    op(Delete, "jabatan/delete/{}", Remove(&["jabatan"])),
    op(
        Delete,
        "kinerjaperiodik/delete/{}",
        Remove(&["kinerjaperiodik"]),
    ),
    op(Post, "kinerjaperiodik/save", Save("kinerjaperiodik")),
    op(Delete, "kursus/delete/{}", Remove(&["kursus"])),
    op(Get, "kursus/id/{}", Row(&["kursus"])),
    op(Post, "kursus/save", Save("kursus")),
    op(
        Post,
        "kursus/document/save",
        SaveWith("kursus", &[("file", "881")]),
    ),
    op(Get, "pemberhentian/list", Pensions),
    op(Get, "pengadaan/dokumen-pengadaan", NoCases(None)),
    op(
        Get,
        "pengadaan/list-pengadaan-instansi",
        NoCases(Some("tahun")),
    ),
    op(Get, "penghargaan/id/{}", Row(&["penghargaan"])),
    op(Delete, "penghargaan/delete/{}", Remove(&["penghargaan"])),
    op(Post, "penghargaan/save", Save("penghargaan")),
    op(
        Post,
        "penghargaan/document/save",
        SaveWith("penghargaan", &[("file", "892")]),
    ),
    op(Get, "pns/data-anak/{}", Children),
    op(Get, "pns/data-ortu/{}", Parents),
    op(Get, "pns/data-pasangan/{}", Spouses),
    op(Get, "pns/data-utama-golongansync/{?}", Sync),
    op(Get, "pns/data-utama-jabatansync/{?}", Sync),
    op(Post, "pns/data-utama-update", SaveMain),
    op(Get, "pns/nilaiipasn/{?}", Indices),
    op(Get, "pns/data-utama/paruhwaktu/{}", PartTime),
    op(Get, "pns/data-utama/{}", Main),
    op(Get, "pns/list-kp-instansi", NoCases(Some("periode"))),
    op(Get, "pns/kp-instansi-byId", NoCases(Some("idUsulan"))),
    op(Get, "pns/list-pensiun-instansi", Pensions),
    op(Get, "pns/list-pensiun-instansibynip", PensionOf),
    op(Get, "pns/photo/{}", Photo),
    op(Get, "pns/rw-angkakredit/{}", Rows("angkakredit")),
    op(Get, "pns/rw-cltn/{}", Rows("cltn")),
    op(Get, "pns/rw-diklat/{}", Rows("diklat")),
    op(Get, "pns/rw-dp3/{}", Rows("dp3")),
    op(Get, "pns/rw-golongan/{}", Rows("golongan")),
    op(Get, "pns/rw-hukdis/{}", Rows("hukdis")),
    op(Get, "pns/rw-jabatan/{}", Rows("jabatan")),
    op(Get, "pns/rw-kgb/{}", Rows("kgb")),
    op(Get, "pns/rw-kinerjaperiodik/{}", Rows("kinerjaperiodik")),
    op(Get, "pns/rw-kompetensi/{}", Rows("kompetensi")),
    op(Get, "pns/rw-kontrak/{}", Rows("kontrak")),
    op(Get, "pns/rw-kursus/{}", Rows("kursus")),
    op(Get, "pns/rw-masakerja/{}", Rows("masakerja")),
    op(Get, "pns/rw-pemberhentian/{}", Rows("pemberhentian")),
    op(Get, "pns/rw-pendidikan/{}", Rows("pendidikan")),
    op(Get, "pns/rw-penghargaan/{}", Rows("penghargaan")),
    op(Get, "pns/rw-pindahinstansi/{}", Rows("pindahinstansi")),
    op(Get, "pns/rw-pnsunor/{}", Rows("pnsunor")),
    op(Get, "pns/rw-potensi/{}", Rows("potensi")),
    op(Get, "pns/rw-pwk/{}", Rows("pwk")),
    op(Get, "pns/rw-sertifikasi/{}", Rows("sertifikasi")),
    op(Get, "pns/rw-skp/{}", Rows("skp")),
    op(Get, "pns/rw-skp22/{}", Rows("skp22")),
    op(Get, "pns/rw-tubel/{}", Rows("tubel")),
    op(Get, "referensi/ref-unor", Units),
    op(Post, "skp/2021/save", Save("skp2021")),
    op(Get, "skp/id/{}", Row(&["skp", "skp2021"])),
    op(Post, "skp/save", Save("skp")),
    op(Get, "skp22/id/{}", Row(&["skp22"])),
    op(Post, "skp22/save", Save("skp22")),
    op(
        Post,
        "skp22/document/save",
        SaveWith("skp22", &[("file", "891")]),
    ),
    op(Post, "upload-dok", Upload),
    op(Post, "upload-dok-rw", UploadToRow),
    op(Post, "upload-dok-sk-kp", UploadToCase("858")),
    op(Post, "upload-dok-sk-nip", UploadToCase("889")),
    op(Post, "upload-photo", SavePhoto),
    op(Post, "keluarga/pasangan/save", Save("pasangan")),
    op(Post, "keluarga/anak/save", Save("anak")),
    op(Post, "kgb/save", Save("kgb")),
    op(Delete, "kgb/delete/{}", Remove(&["kgb"])),
    op(Post, "sertifikasi/save", Save("sertifikasi")),
    op(Delete, "sertifikasi/delete/{}", Remove(&["sertifikasi"])),
    op(Post, "tubel/save", Save("tubel")),
    op(Get, "partition/list-pg-instansi", NothingKindly),
    op(Get, "partition/profesi-instansi", NothingKindly),
    op(Get, "kompetensi/refkegiatan", ReadList("kegiatan")),
    op(Get, "kompetensi/refinstitusipenkom", NoCases(None)),
    op(
        Post,
        "kompetensi/refkegiataninstansi/save",
        SaveList("kegiatan"),
    ),
    op(Post, "kompetensi/potensi/save", Save("potensi")),
    op(Post, "kompetensi/kompetensi/save", Save("kompetensi")),
    op(Post, "tm/talentmapping-save", Save("talenta")),
    op(Get, "tm/detail-nilai-sumbu-tm", NoCases(None)),
    op(Get, "nonasn/data/{}", NonAsn),
    op(Get, "idis/usulan-pelaporan", NoCases(None)),
    op(Get, "idis/usulan-pelaporan-detail", NoCases(None)),
    op(Get, "imut/simpeg/usulan/list", NoCases(None)),
    op(Post, "imut/simpeg/usulan/list", NoCases(None)),
    op(Post, "dashboard/aktivity/save", Save("aktivitas")),
    op(
        Delete,
        "dashboard/aktivity/delete/{}",
        Remove(&["aktivitas"]),
    ),
];

/// The operation of a path below the base, with the part of the path that it takes; where there is
/// one of the path alone, by another method, `Err(true)`.
pub fn operation(method: Method, path: &str) -> Result<(&'static Operation, Option<String>), bool> {
    let path = path.trim_matches('/');
    let mut other = false;
    for one in OPERATIONS {
        let part = if let Some(before) = one.path.strip_suffix("/{}") {
            let rest = path
                .strip_prefix(before)
                .and_then(|rest| rest.strip_prefix('/'));
            match rest.filter(|rest| !rest.is_empty() && !rest.contains('/')) {
                Some(part) => Some(part.to_owned()),
                None => continue,
            }
        } else if let Some(before) = one.path.strip_suffix("/{?}") {
            match path.strip_prefix(before) {
                Some("") => None,
                Some(rest) => match rest.strip_prefix('/').filter(|rest| !rest.contains('/')) {
                    Some(part) => Some(part.to_owned()),
                    None => continue,
                },
                None => continue,
            }
        } else if one.path == path {
            None
        } else {
            continue;
        };
        if one.method == method {
            return Ok((one, part));
        }
        other = true;
    }
    Err(other)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Does, Method, OPERATIONS, operation};
    use crate::histories::History;

    #[test]
    fn all_operations_are_there_once() {
        let all: BTreeSet<_> = OPERATIONS
            .iter()
            .map(|one| (format!("{:?}", one.method), one.path))
            .collect();
        assert_eq!(all.len(), OPERATIONS.len());
        // 63 that the description declares, 40 that clients show; of the list of transfers both methods.
        assert!(OPERATIONS.len() >= 103, "{}", OPERATIONS.len());
        for one in OPERATIONS {
            let names: Vec<&str> = match one.does {
                Does::Rows(name) | Does::Save(name) | Does::SaveWith(name, _) => vec![name],
                Does::Row(names) | Does::Delete(names) => names.to_vec(),
                _ => Vec::new(),
            };
            for name in names {
                assert!(History::named(name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn a_path_leads_to_its_operation() {
        let of = |method, path| operation(method, path).map(|(one, part)| (one.path, part));
        let nip = Some("198503172010012005".to_owned());
        assert_eq!(
            of(Method::Get, "pns/data-utama/198503172010012005"),
            Ok(("pns/data-utama/{}", nip.clone()))
        );
        assert_eq!(
            of(Method::Get, "pns/data-utama/paruhwaktu/198503172010012005"),
            Ok(("pns/data-utama/paruhwaktu/{}", nip))
        );
        assert_eq!(
            of(Method::Get, "pns/nilaiipasn"),
            Ok(("pns/nilaiipasn/{?}", None))
        );
        assert_eq!(of(Method::Get, "/pns/rw-ctln/1"), Err(false));
        assert_eq!(of(Method::Post, "pns/rw-cltn/1"), Err(true));
        assert_eq!(of(Method::Get, "pns/data-utama/"), Err(false));
    }
}
