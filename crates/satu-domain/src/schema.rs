//! The columns of each kind of statement: the shape a row takes once its file's own layout is mapped.
//!
//! A row is a slice of cells in the order of [`Kind::columns`]; an empty cell means "not said".

use serde::{Deserialize, Serialize};

/// A kind of statement: what sort of fact a row asserts (SIASN history kinds, PerBKN 7/2023 art. 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Identity and present state of one civil servant.
    DataUtama,
    /// One rank held from a date.
    Golongan,
    /// One position held from a date.
    Jabatan,
    /// One formal education completed.
    Pendidikan,
    /// One spouse or child.
    Keluarga,
    /// One performance assessment.
    Kinerja,
    /// One training completed.
    Diklat,
    /// One disciplinary sanction.
    HukumanDisiplin,
    /// One award.
    Penghargaan,
    /// A row of another history (credit points, certificates, periodic pay rises, study leave ...), with its
    /// own columns beside those of the standard.
    RiwayatLain,
}

macro_rules! columns {
    ($module:ident, $names:ident, [$($name:ident),+ $(,)?]) => {
        #[doc = concat!("Column positions of `", stringify!($module), "`.")]
        #[allow(missing_docs, non_upper_case_globals, non_camel_case_types)]
        pub mod $module {
            #[derive(Clone, Copy)]
            enum Position { $($name),+ }
            $(pub const $name: usize = Position::$name as usize;)+
        }
        const $names: &[&str] = &[$(stringify!($name)),+];
    };
}

columns!(
    data_utama,
    DATA_UTAMA,
    [
        nip,
        nip_lama,
        nik,
        nama,
        gelar_depan,
        gelar_belakang,
        tempat_lahir,
        tanggal_lahir,
        jenis_kelamin,
        agama,
        status_kawin,
        nama_ibu_kandung,
        email,
        nomor_hp,
        alamat,
        npwp,
        nomor_bpjs,
        jenis_pegawai,
        kedudukan_hukum,
        tmt_cpns,
        tmt_pns,
        golongan,
        tmt_golongan,
        masa_kerja_tahun,
        masa_kerja_bulan,
        jenis_jabatan,
        jabatan,
        eselon,
        tmt_jabatan,
        tingkat_pendidikan,
        pendidikan,
        tahun_lulus,
        instansi_induk,
        instansi_kerja,
        satuan_kerja,
        unor,
        lokasi_kerja,
    ]
);
columns!(
    golongan,
    GOLONGAN,
    [
        nip,
        golongan,
        tmt_golongan,
        sk_nomor,
        sk_tanggal,
        jenis_kp,
        masa_kerja_tahun,
        masa_kerja_bulan,
        nomor_pertek,
        tanggal_pertek,
    ]
);
columns!(
    jabatan,
    JABATAN,
    [
        nip,
        jenis_jabatan,
        jabatan,
        eselon,
        unor,
        instansi_kerja,
        satuan_kerja,
        tmt_jabatan,
        tmt_pelantikan,
        sk_nomor,
        sk_tanggal,
    ]
);
columns!(
    pendidikan,
    PENDIDIKAN,
    [
        nip,
        tingkat_pendidikan,
        pendidikan,
        nama_sekolah,
        nomor_ijazah,
        tahun_lulus,
        tanggal_lulus,
        gelar_depan,
        gelar_belakang,
        pendidikan_pertama,
    ]
);
columns!(
    keluarga,
    KELUARGA,
    [
        nip,
        hubungan,
        nama,
        jenis_kelamin,
        tempat_lahir,
        tanggal_lahir,
        nik,
        status,
        tanggal_menikah,
        akta_nikah,
        tanggal_cerai,
        akta_cerai,
        status_hidup,
        tanggal_meninggal,
    ]
);
columns!(
    kinerja,
    KINERJA,
    [
        nip,
        tahun,
        periode,
        hasil_kinerja,
        perilaku_kerja,
        predikat,
        penilai_nip,
        penilai_nama,
    ]
);
columns!(
    diklat,
    DIKLAT,
    [
        nip,
        jenis_diklat,
        nama_diklat,
        penyelenggara,
        nomor_sertifikat,
        tanggal_mulai,
        tanggal_selesai,
        tahun,
        jumlah_jam,
    ]
);
columns!(
    hukuman_disiplin,
    HUKUMAN_DISIPLIN,
    [
        nip,
        jenis_hukuman,
        tingkat_hukuman,
        alasan,
        sk_nomor,
        sk_tanggal,
        tmt_hukuman,
        masa_tahun,
        masa_bulan,
        tanggal_akhir,
        nomor_pp,
    ]
);
columns!(
    penghargaan,
    PENGHARGAAN,
    [nip, jenis_penghargaan, sk_nomor, sk_tanggal, tahun]
);
columns!(
    riwayat_lain,
    RIWAYAT_LAIN,
    [nip, jenis, nomor, tanggal, uraian]
);

/// Whether a column, of whatever kind, holds a date.
pub fn is_date(column: &str) -> bool {
    ["tanggal", "tmt_", "sk_tanggal"]
        .iter()
        .any(|begin| column.starts_with(begin))
}

impl Kind {
    /// Every kind, in the order of the standard.
    pub const ALL: [Kind; 10] = [
        Kind::DataUtama,
        Kind::Golongan,
        Kind::Jabatan,
        Kind::Pendidikan,
        Kind::Keluarga,
        Kind::Kinerja,
        Kind::Diklat,
        Kind::HukumanDisiplin,
        Kind::Penghargaan,
        Kind::RiwayatLain,
    ];

    /// The kind's name on the wire and in files.
    pub fn name(self) -> &'static str {
        match self {
            Kind::DataUtama => "data_utama",
            Kind::Golongan => "golongan",
            Kind::Jabatan => "jabatan",
            Kind::Pendidikan => "pendidikan",
            Kind::Keluarga => "keluarga",
            Kind::Kinerja => "kinerja",
            Kind::Diklat => "diklat",
            Kind::HukumanDisiplin => "hukuman_disiplin",
            Kind::Penghargaan => "penghargaan",
            Kind::RiwayatLain => "riwayat_lain",
        }
    }

    /// The kind of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind's columns; a row's cells stand in this order.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Kind::DataUtama => DATA_UTAMA,
            Kind::Golongan => GOLONGAN,
            Kind::Jabatan => JABATAN,
            Kind::Pendidikan => PENDIDIKAN,
            Kind::Keluarga => KELUARGA,
            Kind::Kinerja => KINERJA,
            Kind::Diklat => DIKLAT,
            Kind::HukumanDisiplin => HUKUMAN_DISIPLIN,
            Kind::Penghargaan => PENGHARGAAN,
            Kind::RiwayatLain => RIWAYAT_LAIN,
        }
    }

    /// Where a column stands in this kind's rows.
    pub fn position(self, column: &str) -> Option<usize> {
        self.columns().iter().position(|name| *name == column)
    }
}
