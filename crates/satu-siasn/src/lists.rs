//! The code lists as the service gives them, and the units.

use serde_json::{Map, Value, json};

use crate::codes::{Code, Codes};
use crate::ids::named;

/// A list's name on the wire, its name here, and its fields beside `id` and `nama`.
const LISTS: [(&str, &str, &[&str]); 23] = [
    ("agama", "agama", &[]),
    ("asn-jenis-jabatan", "asn_jenis_jabatan", &[]),
    ("jenis-anak", "jenis_anak", &[]),
    ("jenis-jabatan", "jenis_jabatan", &[]),
    (
        "alasan-hukuman-disiplin",
        "alasan_hukuman_disiplin",
        &["keterangan"],
    ),
    (
        "asn-jenjang-jabatan",
        "asn_jenjang_jabatan",
        &["asnJenisJabatanId", "level"],
    ),
    (
        "eselon",
        "eselon",
        &[
            "terendah_id",
            "tertinggi_id",
            "eselon_level_id",
            "asn_jenjang_jabatan_id",
            "jabatan_asn",
            "level_kompetensi_jabatan",
        ],
    ),
    (
        "golongan",
        "golongan",
        &[
            "namaPangkat",
            "fungKredututama",
            "fungKreditTambahan",
            "fungKreditTotal",
        ],
    ),
    (
        "instansi",
        "instansi",
        &[
            "lokasiId",
            "jenis",
            "cepatKode",
            "prosesBerkasDipusat",
            "mgrCepatKode",
            "status",
            "cepatKode5",
            "cepatKode5Lama",
            "namaBaru",
            "namaJabatan",
            "jenisInstansiId",
        ],
    ),
    (
        "jabatan-fungsional",
        "jabatan_fungsional",
        &[
            "min_gol_id",
            "max_gol_id",
            "bup_usia",
            "tun_jabatan",
            "bobot",
            "kel_jabatan_id",
            "cepat_kode",
            "mgr_cepat_kode",
            "jenis",
            "cepat_kode_new",
            "status",
            "jml_formasi",
            "nama_asli",
            "jenjang",
            "jf_ex_medis",
            "is_syarat_jabatan",
            "jenis_jabatan_id",
            "jenis_jabatan_nama",
            "kode_jenjang_jabatan",
            "asn_jenjang_jabatan",
            "level",
            "rumpun_jabatan_id",
            "rumpun_jabatan_nama",
        ],
    ),
    (
        "jabatan-fungsional-umum",
        "jabatan_fungsional_umum",
        &[
            "cepat_kode",
            "wajib_ganti_tertentu",
            "mgr_cepat_kode",
            "nama_asli",
            "kode_menpan",
            "instansi_id",
            "status",
            "asal_peraturan_id",
            "jfu_urusan_pemerintahan",
            "jenis_jabatan_umum_id",
            "jenis_jabatan_umum_nama",
            "asn_jenjang_jabatan_id",
            "asn_jenjang_jabatan_nama",
            "level",
            "ref_urusan_pemerintahan_id",
            "ref_urusan_pemerintahan_nama",
        ],
    ),
    ("jenis-hukuman", "jenis_hukuman", &["jenisTingkatHukumanId"]),
    (
        "kanreg",
        "kanreg",
        &["regKota", "pengenal", "satuanKerjaId", "tanggalJorge"],
    ),
    ("kedudukan-hukum", "kedudukan_hukum", &["aturan", "kode"]),
    (
        "kel-jabatan",
        "kel_jabatan",
        &[
            "rumpunJabatanId",
            "lingkup",
            "tugasPokok",
            "pejabatPak",
            "pembinaId",
            "jenisJabatanUmumId",
            "status",
            "kodeRumpun",
            "kodeKelompok",
            "jenisJabatanUmumBaruId",
            "kesehatanNonmedis",
            "refUrusanPemerintahanId",
        ],
    ),
    (
        "latihan-struktural",
        "latihan_struktural",
        &["eselon_level", "ncsistime", "struktural_pns"],
    ),
    (
        "lokasi",
        "lokasi",
        &[
            "kanregId",
            "lokasiId",
            "cepatKode",
            "jenis",
            "jenisKabupaten",
            "removalDate",
            "jenisDesa",
            "tanggalJorge",
            "mgrCepatKode",
            "ibukota",
        ],
    ),
    (
        "pendidikan",
        "pendidikan",
        &[
            "tingkat_pendidikan_id",
            "cepat_kode",
            "mgr_cepat_kode",
            "nama_asli",
            "status",
            "subrumpun_prog_id",
            "cepat_kode_induk",
            "subrumpun_prog_kode",
        ],
    ),
    (
        "ref-dokumen",
        "ref_dokumen",
        &[
            "layananId",
            "layananNama",
            "subLayananId",
            "subLayananNama",
            "detailLayananId",
            "detailLayananNama",
            "document",
            "jenisDokumen",
            "fileType",
            "linkProses",
            "mandatory",
        ],
    ),
    (
        "ref-jenjang-jf",
        "ref_jenjang_jf",
        &["deskripsi", "peraturan", "kode"],
    ),
    (
        "satuan-kerja",
        "satuan_kerja",
        &[
            "kanregId",
            "lokasiId",
            "instansiId",
            "parentId",
            "jenisSatuanKerjaId",
            "unblockCode",
        ],
    ),
    (
        "tingkat-pendidikan",
        "tingkat_pendidikan",
        &[
            "golongan_id",
            "golongan_awal_id",
            "id_lama",
            "group_tk_pend_id",
            "group_tk_pend_nm",
        ],
    ),
    ("jenis-diklat", "jenis_diklat", &["jenis_diklat"]),
];

/// Lists whose rows have no `nama`.
const NAMELESS: [&str; 3] = ["ref-dokumen", "ref-jenjang-jf", "jenis-diklat"];

/// The sorts of documents in use, where no list of them is loaded.
const DOCUMENTS: [(&str, &str); 13] = [
    ("858", "SK KP"),
    ("872", "SK Jabatan"),
    ("873", "Surat Pernyataan Pelantikan"),
    ("874", "Sertifikat Diklat"),
    ("879", "PAK"),
    ("880", "SK PAK"),
    ("881", "Sertifikat Kursus"),
    ("882", "SK Hukuman Disiplin"),
    ("888", "SPMT"),
    ("889", "SK CPNS"),
    ("890", "Kinerja Periodik"),
    ("891", "SKP"),
    ("892", "Penghargaan"),
];

fn row(name: &str, code: &Code, fields: &[&str], codes: &Codes) -> Value {
    let mut told = Map::new();
    told.insert("id".to_owned(), code.id.as_str().into());
    if !NAMELESS.contains(&name) {
        told.insert("nama".to_owned(), code.name.as_str().into());
    }
    for field in fields {
        let value = code.more.get(*field).filter(|text| !text.is_empty());
        let value = value.map_or(Value::Null, |text| text.as_str().into());
        told.insert((*field).to_owned(), value);
    }
    match name {
        "golongan" if told["namaPangkat"].is_null() => {
            told["namaPangkat"] = codes.name("pangkat", &code.name).into();
        }
        "jenis-diklat" => told["jenis_diklat"] = code.name.as_str().into(),
        "ref-dokumen" if told["document"].is_null() => {
            told["document"] = code.name.as_str().into();
            told["jenisDokumen"] = code.name.as_str().into();
        }
        "ref-jenjang-jf" if told["deskripsi"].is_null() => {
            told["deskripsi"] = code.name.as_str().into();
        }
        _ => {}
    }
    Value::Object(told)
}

/// A part of a code list by its name on the wire: rows in `results`; `None` where there is no such
/// list. `agencies` stand in where no list of agencies is loaded.
pub fn code_list(
    name: &str,
    codes: &Codes,
    agencies: &[String],
    offset: usize,
    limit: Option<usize>,
) -> Option<Value> {
    let (_, list, fields) = LISTS.iter().find(|(wire, ..)| *wire == name)?;
    let made = |id: String, name: &str| Code {
        id,
        name: name.to_owned(),
        more: std::collections::BTreeMap::new(),
    };
    let instead: Vec<Code> = match (name, codes.rows(list).is_empty()) {
        ("instansi", true) => agencies
            .iter()
            .map(|name| made(named("instansi", name), name))
            .collect(),
        ("ref-dokumen", true) => DOCUMENTS
            .iter()
            .map(|(id, name)| made((*id).to_owned(), name))
            .collect(),
        _ => Vec::new(),
    };
    let rows = codes.rows(list);
    let rows = if rows.is_empty() { &instead[..] } else { rows };
    let part = rows.iter().skip(offset).take(limit.unwrap_or(usize::MAX));
    let results: Vec<Value> = part.map(|code| row(name, code, fields, codes)).collect();
    Some(json!({
        "limit": limit.unwrap_or(0),
        "offset": offset,
        "total": rows.len(),
        "count": results.len(),
        "results": results,
    }))
}

/// A unit as the service shows it, with its capitals.
pub fn unor(instansi: &str, name: &str, codes: &Codes) -> Value {
    let code = codes.find("unor", name);
    let more = |field: &str| {
        let found = code.and_then(|code| code.more.get(field));
        found
            .filter(|text| !text.is_empty())
            .map_or(Value::Null, |text| text.as_str().into())
    };
    json!({
        "Id": codes.id("unor", name),
        "InstansiId": codes.id("instansi", instansi),
        "DiatasanId": more("diatasan_id"),
        "EselonId": more("eselon_id"),
        "NamaUnor": codes.name("unor", name),
        "NamaJabatan": more("nama_jabatan"),
        "CepatKode": more("cepat_kode"),
        "IndukUnorId": more("induk_unor_id"),
        "PemimpinPnsId": more("pemimpin_pns_id"),
        "JenisUnorId": more("jenis_unor_id"),
    })
}

#[cfg(test)]
mod tests {
    use super::code_list;
    use crate::codes::Codes;

    #[test]
    fn a_list_is_given_in_parts_with_every_declared_field() {
        let codes = Codes::read([("golongan", &b"id,nama\n31,III/a\n32,III/b\n"[..])]);
        let list = code_list("golongan", &codes, &[], 1, Some(5)).unwrap_or_default();
        assert_eq!(list["results"].as_array().map(Vec::len), Some(1));
        assert_eq!(list["results"][0]["id"], "32");
        assert_eq!(list["results"][0]["namaPangkat"], "Penata Muda Tingkat I");
        assert!(list["results"][0]["fungKreditTotal"].is_null());
        assert_eq!(list["offset"], 1);
        assert_eq!(code_list("tiada", &codes, &[], 0, None), None);
        let empty = code_list("kanreg", &codes, &[], 0, None).unwrap_or_default();
        assert_eq!(empty["results"], serde_json::json!([]));
    }
}
