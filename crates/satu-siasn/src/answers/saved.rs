//! The histories that the standard has no kind for: rows are read as they were saved.

use super::answer;
use crate::record::From::{Cell, Day, Int, Main, Moment, Path, Person, RowId, Truth};

answer!(
    /// `riwayat.RWCltnResponse`.
    CLTN { id = RowId, cltnId = RowId, pnsOrangId = Person, skNomor = Cell("nomor"), skTanggal = Day("tanggal"), tanggalLetterBkn = Moment, path = Path }
    nomorLetterBkn, tanggalAkhir, tanggalAktif, tanggalAwal,
);

answer!(
    /// `riwayat.RWMasaKerjaResponse`.
    MASA_KERJA {
        id = RowId, idPns = Person, nipBaru = Main("nip"), nipLama = Main("nip_lama"),
        nomorSk = Cell("nomor"), tanggalSk = Day("tanggal"), pengalaman = Cell("uraian"),
        masaKerjaBulan = Int(""), tasaKerjaTahun | masaKerjaTahun = Int(""), path = Path,
    }
    dinilai, nomorBkn, tanggalAwal, tanggalBkn, tanggalSelesai,
);

answer!(
    /// `riwayat.RWPemberhentianResponse`.
    PEMBERHENTIAN { id = RowId, pnsOrang = Person, skNomor = Cell("nomor"), skTanggal = Day("tanggal"), jenisHenti = Cell("uraian"), path = Path }
    asalId, asalNama, asalNamaLabel, kedudukanHukumPns,
);

answer!(
    /// `riwayat.RwPindahInstansiResponse`.
    PINDAH {
        id = RowId, pnsOrang = Person, tmtPi = Day("tanggal"), skTujuanNomor = Cell("nomor"), path = Path,
    }
    eselon, instansiIndukBaru, instansiIndukLama, instansiKerjaBaru, instansiKerjaLama,
    jabatanFungsionalBaru, jabatanFungsionalLama, jabatanFungsionalUmumBaru, jenisJabatanBaru,
    jenisJabatanLama, jenisPegawai, jenisPi, kpknBaru, lokasiKerjaBaru, lokasiKerjaLama,
    orangUsulPeremajaanId, satuanKerjaBaru, satuanKerjaIndukBaru, satuanKerjaIndukLama,
    satuanKerjaLama, skAsalNomor, skAsalProvNomor, skAsalProvTanggal, skAsalTanggal, skBknNomor,
    skBknTanggal, skTujuanTanggal, skUsulNomor, skUsulTanggal, unorBaru, unorLama,
);

answer!(
    /// `riwayat.RwPnsUnorResponse`.
    PNS_UNOR { id = RowId, pnsOrang = Person, skNomor = Cell("nomor"), skTanggal = Day("tanggal"), namaUnorBaru = Cell("uraian"), path = Path }
    asalId, asalNama, asalNamaLabel, instansi, unorBaru,
);

answer!(
    /// `riwayat.RwPwkResponse`.
    PWK { id = RowId, pnsOrang = Person, skNomor = Cell("nomor"), skTanggal = Day("tanggal"), path = Path }
    asalId, asalNama, instansi, kpknBaru, lokasiKerjaBaru, satuanKerja, tmtPwk, unorBaru,
);

answer!(
    /// A row of `rw-kgb`: the fields that programs save.
    KGB { id = RowId, pnsId = Person, nomorSk = Cell("nomor"), tanggalSk = Day("tanggal"), path = Path }
    gajiBaru, gajiLama, tmtGajiBaru, masaKerja,
);

answer!(
    /// A row of `rw-tubel`: the fields that programs save.
    TUBEL { id = RowId, pnsOrangId = Person, namaSekolah = Cell("uraian"), path = Path }
    pendidikanId, tglMulai, tglSelesai,
);

answer!(
    /// A row of `rw-kontrak`: of contracts of PPPK; nobody states them here but as a saved row.
    KONTRAK { id = RowId, pnsId = Person, nomorSk = Cell("nomor"), tanggalSk = Day("tanggal"), path = Path }
    tglKontrakMulai, tglKontrakAkhir,
);

answer!(
    /// A row of `rw-potensi`: the fields that programs save.
    POTENSI { id = RowId, pnsOrangId = Person, path = Path }
    berfikirKritis, intelektual, interpersonal, kesadaranDiri, motivasiKomitmen, total,
);

answer!(
    /// A row of `rw-kompetensi`: the fields that programs save.
    KOMPETENSI { id = RowId, pnsId = Person, path = Path }
    integritas, kerjasama, komunikasi, orientasiPadaHasil, pelayananPublik,
    pengembanganDiriDanOrla, mengelolaPerubahan, pengambilanKeputusan, perekatBangsa,
);

answer!(
    /// A saved box of talent mapping.
    TALENTA { id = RowId, pns_id | pnsId = Person, sumbu_x | sumbuX = Cell(""), sumbu_y | sumbuY = Cell(""), total_sumbu | totalSumbu = Cell("") }
    r#box,
);

answer!(
    /// A saved activity.
    AKTIVITAS { id = RowId, pnsId = Person }
    kegiatanId, realisasi, sesi, sistem, waktu,
);

answer!(
    /// `pns.ListAnak`.
    ANAK {
        id = RowId, nama = Cell("nama"), jenisKelamin = crate::record::From::Sex("jenis_kelamin"),
        tempatLahir = Cell("tempat_lahir"), tglLahir = Day("tanggal_lahir"),
        jenisAnak | jenisAnakId = Cell("status"),
    }
    ayahId, ibuId, kabupatenId,
);

answer!(
    /// `pns.OrangResp`, of a spouse.
    PASANGAN_ORANG {
        id = RowId, nama = Cell("nama"), namaKtp = Cell("nama"),
        jenisKelamin = crate::record::From::Sex("jenis_kelamin"), tempatLahir = Cell("tempat_lahir"),
        tglLahir = Day("tanggal_lahir"), statusHidup = Cell("status_hidup"),
        tglMeninggal = Day("tanggal_meninggal"), created_at = crate::record::From::Made,
        aktaMeninggal | noAktaMeninggal = Cell(""), karisKarsu = Cell(""),
    }
    ayahId, gelarBlk, gelarDepan, ibuId, jenisAnak, jenisKawinId,
);

answer!(
    /// `pns.PnsOrangIstriResponse`: the marriage.
    PERNIKAHAN {
        id = RowId, orangId = RowId, pnsOrangId = Person, status | statusPernikahan = Cell("status"),
        tgglMenikah | tglAktaMenikah = Day("tanggal_menikah"), aktaMenikah | noAktaMenikah = Cell("akta_nikah"),
        tgglCerai = Day("tanggal_cerai"), aktaCerai | noAktaCerai = Cell("akta_cerai"),
        posisi | pasanganKe = Int(""), isPns | statusPekerjaanPasangan = Truth,
    }
    noSkPensiun,
);

answer!(
    /// A parent, as `pns.DataAyahResponse` and `pns.DataIbuResponse` have it but for its own id.
    ORANG_TUA {
        id = RowId, nama = Cell("nama"), jenisKelamin = crate::record::From::Sex("jenis_kelamin"),
        tempatLahir = Cell("tempat_lahir"), tglLahir = Day("tanggal_lahir"),
        tglMeninggal = Day("tanggal_meninggal"),
    }
    aktaMeninggal, jenisAnak,
);
