//! The histories: what their rows are in the standard, how they are shown, and how they are saved.

use std::collections::BTreeMap;

use satu_domain::Kind;
use serde_json::Value;

use crate::answers::{self as a};
use crate::codes::Codes;
use crate::record::{Field, Row, Subject, answer, filled};

/// How a saved field becomes the value of a column.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Put {
    /// As it is.
    Text,
    /// A day.
    Day,
    /// A code, kept as it is.
    Code,
    /// A code, kept by its name where the list has it.
    Name(&'static str),
    /// The same, where the column says nothing.
    Else(&'static str),
    /// `M` or `F`, kept as the standard has them.
    Sex,
    /// The same for all, where the column says nothing.
    Always(&'static str),
}

/// A history.
#[derive(Debug)]
pub struct History {
    /// Its name, which stands with each saved row.
    pub name: &'static str,
    /// The kind of its rows in the standard.
    pub kind: Kind,
    /// What makes an unsaved row of the kind one of this history.
    pub of: Of,
    /// The fields of its answers.
    pub(crate) answer: &'static [Field],
    /// Under which key a save answers with the row's id.
    pub key: &'static str,
    /// Names under which a save gives the person's id.
    pub owner: &'static [&'static str],
    /// What a save must say.
    pub required: &'static [&'static str],
    /// Columns, and from which saved field each is filled; the first that is filled counts.
    pub(crate) put: &'static [(&'static str, &'static str, Put)],
}

/// Which rows of a kind that nobody saved here are of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// All.
    Every,
    /// None.
    Saved,
    /// Those whose column has one of these values, by a code list.
    Being(&'static str, &'static str, &'static [&'static str]),
    /// All but those.
    NotBeing(&'static str, &'static str, &'static [&'static str]),
}

use Put::{Always, Code, Day, Else, Name, Sex, Text};

const PNS: &[&str] = &["pnsId"];
const ORANG: &[&str] = &["pnsOrangId"];
const SKP_OWNER: &[&str] = &["pnsDinilaiOrang"];

macro_rules! history {
    ($name:literal, $kind:ident, $of:expr, $answer:ident, $key:literal, $owner:expr, [$($required:literal)*], [$($column:literal = $field:literal $put:expr),* $(,)?]) => {
        History {
            name: $name,
            kind: Kind::$kind,
            of: $of,
            answer: a::$answer,
            key: $key,
            owner: $owner,
            required: &[$($required),*],
            put: &[$(($column, $field, $put)),*],
        }
    };
}

/// Every history.
pub const HISTORIES: &[History] = &[
    history!(
        "golongan",
        Golongan,
        Of::Every,
        GOLONGAN,
        "rwGolonganId",
        PNS,
        [],
        []
    ),
    history!(
        "pendidikan",
        Pendidikan,
        Of::Every,
        PENDIDIKAN,
        "rwPendidikanId",
        PNS,
        [],
        []
    ),
    history!("jabatan", Jabatan, Of::Every, JABATAN, "rwJabatanId", PNS,
        ["instansiId" "nomorSk" "satuanKerjaId" "unorId"],
        ["jenis_jabatan" = "jenisJabatan" Text,
         "jabatan" = "jabatanFungsionalId" Name("jabatan_fungsional"),
         "jabatan" = "jabatanFungsionalUmumId" Name("jabatan_fungsional_umum"),
         "eselon" = "eselonId" Name("eselon"),
         "unor" = "unorId" Name("unor"),
         "instansi_kerja" = "instansiId" Name("instansi"),
         "satuan_kerja" = "satuanKerjaId" Name("satuan_kerja"),
         "tmt_jabatan" = "tmtJabatan" Day,
         "tmt_pelantikan" = "tmtPelantikan" Day,
         "sk_nomor" = "nomorSk" Text,
         "sk_tanggal" = "tanggalSk" Day]),
    history!("angkakredit", RiwayatLain, Of::Saved, ANGKA_KREDIT, "rwAngkaKreditId", PNS,
        ["bulanMulaiPenailan" "bulanSelesaiPenailan" "kreditBaruTotal" "kreditPenunjangBaru" "kreditUtamaBaru"
         "nomorSk" "tahunMulaiPenailan" "tahunSelesaiPenailan" "tanggalSk"],
        ["jenis" = "" Always("angkakredit"), "nomor" = "nomorSk" Text, "tanggal" = "tanggalSk" Day,
         "uraian" = "kreditBaruTotal" Text]),
    history!("diklat", Diklat, Of::Being("jenis_diklat", "jenis_diklat", &["1"]), DIKLAT, "rwDiklatId", ORANG,
        ["institusiPenyelenggara" "jumlahJam" "latihanStrukturalId" "nomor" "tahun" "tanggalSelesai"],
        ["jenis_diklat" = "" Always("1"),
         "nama_diklat" = "latihanStrukturalId" Name("latihan_struktural"),
         "penyelenggara" = "institusiPenyelenggara" Text,
         "nomor_sertifikat" = "nomor" Text,
         "tanggal_mulai" = "tanggal" Day,
         "tanggal_selesai" = "tanggalSelesai" Day,
         "tahun" = "tahun" Text,
         "jumlah_jam" = "jumlahJam" Text]),
    history!("kursus", Diklat, Of::NotBeing("jenis_diklat", "jenis_diklat", &["1"]), KURSUS, "rwKursusId", ORANG,
        ["institusiPenyelenggara" "jenisDiklatId" "jumlahJam" "nomorSertipikat" "tahunKursus"],
        ["jenis_diklat" = "jenisDiklatId" Code,
         "nama_diklat" = "namaKursus" Text,
         "nama_diklat" = "jenisDiklatId" Else("jenis_diklat"),
         "penyelenggara" = "institusiPenyelenggara" Text,
         "nomor_sertifikat" = "nomorSertipikat" Text,
         "tanggal_mulai" = "tanggalKursus" Day,
         "tanggal_selesai" = "tanggalSelesaiKursus" Day,
         "tahun" = "tahunKursus" Text,
         "jumlah_jam" = "jumlahJam" Text]),
    history!("hukdis", HukumanDisiplin, Of::Every, HUKDIS, "rwHukdisId", ORANG,
        ["alasanHukumanDisiplinId" "golonganId" "jenisHukumanId" "kedudukanHukumId" "skNomor"],
        ["jenis_hukuman" = "jenisHukumanId" Code,
         "tingkat_hukuman" = "jenisTingkatHukumanId" Code,
         "alasan" = "alasanHukumanDisiplinId" Name("alasan_hukuman_disiplin"),
         "sk_nomor" = "skNomor" Text,
         "sk_tanggal" = "skTanggal" Day,
         "tmt_hukuman" = "hukumanTanggal" Day,
         "masa_tahun" = "masaTahun" Text,
         "masa_bulan" = "masaBulan" Text,
         "tanggal_akhir" = "akhirHukumanTanggal" Day,
         "nomor_pp" = "nomorPp" Text]),
    history!("penghargaan", Penghargaan, Of::Every, PENGHARGAAN, "rwPenghargaanId", ORANG,
        ["hargaId" "skDate" "skNomor" "tahun"],
        ["jenis_penghargaan" = "hargaId" Code, "sk_nomor" = "skNomor" Text,
         "sk_tanggal" = "skDate" Day, "tahun" = "tahun" Text]),
    history!("skp22", Kinerja, Of::Being("", "periode", &["", "TAHUNAN"]), SKP22, "rwSkpId", SKP_OWNER,
        ["hasilKinerjaNilai" "kuadranKinerjaNilai" "perilakuKerjaNilai" "tahun"],
        ["tahun" = "tahun" Text, "hasil_kinerja" = "hasilKinerjaNilai" Text,
         "perilaku_kerja" = "perilakuKerjaNilai" Text, "predikat" = "kuadranKinerjaNilai" Text,
         "penilai_nip" = "penilaiNipNrp" Text, "penilai_nama" = "penilaiNama" Text]),
    history!("kinerjaperiodik", Kinerja, Of::NotBeing("", "periode", &["", "TAHUNAN"]), PERIODIK,
        "rwKinerjaPeriodikId", &["pnsDinilaiId"],
        ["bulanMulaiPenilaian" "bulanSelesaiPenilaian" "hasilKinerjaNilai" "koefisienId" "kuadranKinerjaNilai"
         "perilakuKerjaNilai" "periodikId" "tahun" "tahunMulaiPenilaian" "tahunSelesaiPenilaian"],
        ["tahun" = "tahun" Text, "periode" = "periodikId" Code,
         "hasil_kinerja" = "hasilKinerjaNilai" Text, "perilaku_kerja" = "perilakuKerjaNilai" Text,
         "predikat" = "kuadranKinerjaNilai" Text, "penilai_nip" = "penilaiNipNrp" Text,
         "penilai_nama" = "penilaiNama" Text]),
    history!("skp", RiwayatLain, Of::Saved, SKP, "rwSkpId", SKP_OWNER,
        ["disiplin" "integritas" "jenisJabatan" "jumlah" "kepemimpinan" "kerjasama" "komitmen"
         "nilaiPerilakuKerja" "nilaiPrestasiKerja" "nilaiSkp" "nilairatarata" "orientasiPelayanan" "tahun"],
        ["jenis" = "" Always("skp"), "uraian" = "tahun" Text]),
    history!("skp2021", RiwayatLain, Of::Saved, SKP, "rwSkpId", SKP_OWNER,
        ["disiplin" "inisiatifKerja" "integritas" "jenisJabatan" "jenisPeraturanKinerjaKd" "jumlah" "kerjasama"
         "komitmen" "konversiNilai" "nilaiIntegrasi" "nilaiPerilakuKerja" "nilaiPrestasiKerja" "nilaiSkp"
         "nilairatarata" "orientasiPelayanan" "tahun"],
        ["jenis" = "" Always("skp"), "uraian" = "tahun" Text]),
    history!("dp3", RiwayatLain, Of::Saved, DP3, "rwDp3Id", PNS, [], []),
    history!(
        "cltn",
        RiwayatLain,
        Of::Saved,
        CLTN,
        "rwCltnId",
        ORANG,
        [],
        []
    ),
    history!(
        "masakerja",
        RiwayatLain,
        Of::Saved,
        MASA_KERJA,
        "rwMasaKerjaId",
        PNS,
        [],
        []
    ),
    history!(
        "pemberhentian",
        RiwayatLain,
        Of::Saved,
        PEMBERHENTIAN,
        "rwPemberhentianId",
        ORANG,
        [],
        []
    ),
    history!(
        "pindahinstansi",
        RiwayatLain,
        Of::Saved,
        PINDAH,
        "rwPindahInstansiId",
        ORANG,
        [],
        []
    ),
    history!(
        "pnsunor",
        RiwayatLain,
        Of::Saved,
        PNS_UNOR,
        "rwPnsUnorId",
        ORANG,
        [],
        []
    ),
    history!("pwk", RiwayatLain, Of::Saved, PWK, "rwPwkId", ORANG, [], []),
    history!(
        "kontrak",
        RiwayatLain,
        Of::Saved,
        KONTRAK,
        "rwKontrakId",
        PNS,
        [],
        []
    ),
    history!("kgb", RiwayatLain, Of::Saved, KGB, "rwKgbId", PNS, ["gajiBaru" "nomorSk"],
        ["jenis" = "" Always("kgb"), "nomor" = "nomorSk" Text, "tanggal" = "tanggalSk" Day,
         "uraian" = "gajiBaru" Text]),
    history!("tubel", RiwayatLain, Of::Saved, TUBEL, "rwTubelId", ORANG, ["namaSekolah"],
        ["jenis" = "" Always("tubel"), "tanggal" = "tglMulai" Day, "uraian" = "namaSekolah" Text]),
    history!("sertifikasi", RiwayatLain, Of::Saved, SERTIFIKASI, "rwSertifikasiId", ORANG,
        ["namaSertifikasi" "nomorSertifikat"],
        ["jenis" = "" Always("sertifikasi"), "nomor" = "nomorSertifikat" Text,
         "tanggal" = "tanggalSertifikat" Day, "uraian" = "namaSertifikasi" Text]),
    history!("potensi", RiwayatLain, Of::Saved, POTENSI, "rwPotensiId", ORANG, ["total"],
        ["jenis" = "" Always("potensi"), "uraian" = "total" Text]),
    history!("kompetensi", RiwayatLain, Of::Saved, KOMPETENSI, "rwKompetensiId", PNS, [],
        ["jenis" = "" Always("kompetensi")]),
    history!("talenta", RiwayatLain, Of::Saved, TALENTA, "talentMappingId", PNS, ["box"],
        ["jenis" = "" Always("talenta"), "uraian" = "box" Text]),
    history!("aktivitas", RiwayatLain, Of::Saved, AKTIVITAS, "aktivityId", PNS, ["kegiatanId"],
        ["jenis" = "" Always("aktivitas"), "uraian" = "kegiatanId" Code]),
    history!("foto", RiwayatLain, Of::Saved, AKTIVITAS, "id", PNS, [], ["jenis" = "" Always("foto")]),
    history!("pasangan", Keluarga, Of::Being("", "hubungan", &["SUAMI", "ISTRI", "PASANGAN"]), PASANGAN_ORANG,
        "rwPasanganId", ORANG, ["nama"],
        ["hubungan" = "" Always("Pasangan"), "nama" = "nama" Text, "tanggal_lahir" = "tglLahir" Day,
         "nik" = "nomorIdentitas" Text, "status" = "statusPernikahan" Text,
         "tanggal_menikah" = "tglAktaMenikah" Day, "akta_nikah" = "noAktaMenikah" Text,
         "akta_cerai" = "noAktaCerai" Text, "status_hidup" = "statusHidup" Text]),
    history!("anak", Keluarga, Of::Being("", "hubungan", &["ANAK", "ANAK KANDUNG", "ANAK ANGKAT", "ANAK TIRI"]), ANAK,
        "rwAnakId", ORANG, ["nama"],
        ["hubungan" = "" Always("Anak"), "nama" = "nama" Text, "jenis_kelamin" = "jenisKelamin" Sex,
         "tanggal_lahir" = "tglLahir" Day, "nik" = "nomorIdDocument" Text, "status" = "jenisAnakId" Code,
         "status_hidup" = "statusHidup" Text, "tanggal_meninggal" = "tglMeninggal" Day]),
    history!(
        "ayah",
        Keluarga,
        Of::Being("", "hubungan", &["AYAH"]),
        ORANG_TUA,
        "rwAyahId",
        ORANG,
        [],
        []
    ),
    history!(
        "ibu",
        Keluarga,
        Of::Being("", "hubungan", &["IBU"]),
        ORANG_TUA,
        "rwIbuId",
        ORANG,
        [],
        []
    ),
];

impl History {
    /// The history of a name.
    pub fn named(name: &str) -> Option<&'static History> {
        HISTORIES.iter().find(|history| history.name == name)
    }

    /// Whether a row is of this history.
    pub fn has(&self, row: &Row, codes: &Codes) -> bool {
        if row.kind != self.kind {
            return false;
        }
        if let Some(name) = row.history() {
            // Both forms of the older assessment are read at one address.
            return name == self.name || (self.name == "skp" && name == "skp2021");
        }
        if row.kind == Kind::RiwayatLain {
            return row.cell("jenis").eq_ignore_ascii_case(self.name);
        }
        let is = |list: &str, column: &str, wanted: &[&str]| {
            let value = row.cell(column);
            let value = if list.is_empty() {
                value.to_uppercase()
            } else {
                codes.id(list, value)
            };
            wanted.contains(&value.as_str())
        };
        match self.of {
            Of::Every => true,
            Of::Saved => false,
            Of::Being(list, column, wanted) => is(list, column, wanted),
            Of::NotBeing(list, column, wanted) => !is(list, column, wanted),
        }
    }

    /// One row as the service shows it.
    pub fn told(&self, subject: &Subject, row: &Row, codes: &Codes) -> Value {
        answer(self.answer, subject, row, codes)
    }

    /// What a row's columns answer, whatever a program saved beside them, by each name that a save may give
    /// the same.
    pub(crate) fn columns_told(
        &self,
        subject: &Subject,
        row: &Row,
        codes: &Codes,
    ) -> BTreeMap<&'static str, Value> {
        let row = Row {
            unknown: Vec::new(),
            ..row.clone()
        };
        // A spouse is told in two parts.
        let more = (self.name == "pasangan").then_some(a::PERNIKAHAN);
        let fields = self.answer.iter().chain(more.into_iter().flatten());
        fields
            .flat_map(|field| {
                let told = filled(field, subject, &row, codes);
                let names = std::iter::once(field.name).chain(field.also.iter().copied());
                names.map(move |name| (name, told.clone()))
            })
            .collect()
    }

    /// A person's rows as the service shows them.
    pub fn all(&self, subject: &Subject, rows: &[Row], codes: &Codes) -> Vec<Value> {
        let own = rows.iter().filter(|row| self.has(row, codes));
        own.map(|row| self.told(subject, row, codes)).collect()
    }
}
