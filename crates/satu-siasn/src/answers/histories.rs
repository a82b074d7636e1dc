//! The histories that the standard has kinds for.

use super::answer;
use crate::record::From::{
    Cell, Code, Coded, Day, Int, Job, JobId, Main, Name, Path, Person, RowId, YearOf,
};

answer!(
    /// `riwayat.RWGolonganResponse`.
    GOLONGAN {
        id = RowId,
        idPns = Person,
        nipBaru = Main("nip"),
        nipLama = Main("nip_lama"),
        golonganId = Code("golongan", "golongan"),
        golongan = Name("golongan", "golongan"),
        pangkat = Name("pangkat", "golongan"),
        skNomor = Cell("sk_nomor"),
        skTanggal = Day("sk_tanggal"),
        tmtGolongan = Day("tmt_golongan"),
        noPertekBkn = Cell("nomor_pertek"),
        tglPertekBkn = Day("tanggal_pertek"),
        jenisKPId = Code("jenis_kenaikan_pangkat", "jenis_kp"),
        jenisKPNama = Name("jenis_kenaikan_pangkat", "jenis_kp"),
        masaKerjaGolonganTahun = Cell("masa_kerja_tahun"),
        masaKerjaGolonganBulan = Cell("masa_kerja_bulan"),
        path = Path,
    }
    jumlahKreditTambahan, jumlahKreditUtama,
);

answer!(
    /// `riwayat.RwJabatanResponse`.
    JABATAN {
        id = RowId,
        idPns = Person,
        nipBaru = Main("nip"),
        nipLama = Main("nip_lama"),
        jenisJabatan = Code("jenis_jabatan", "jenis_jabatan"),
        namaJabatan = Cell("jabatan"),
        jabatanFungsionalId = JobId("2"),
        jabatanFungsionalNama = Job("2"),
        jabatanFungsionalUmumId = JobId("4"),
        jabatanFungsionalUmumNama = Job("4"),
        eselonId = Code("eselon", "eselon"),
        eselon = Name("eselon", "eselon"),
        instansiKerjaId | instansiId = Code("instansi", "instansi_kerja"),
        instansiKerjaNama = Cell("instansi_kerja"),
        satuanKerjaId = Code("satuan_kerja", "satuan_kerja"),
        satuanKerjaNama = Cell("satuan_kerja"),
        unorId = Code("unor", "unor"),
        unorNama = Cell("unor"),
        namaUnor = Cell("unor"),
        nomorSk = Cell("sk_nomor"),
        tanggalSk = Day("sk_tanggal"),
        tmtJabatan = Day("tmt_jabatan"),
        tmtPelantikan = Day("tmt_pelantikan"),
        path = Path,
    }
    unorIndukId, unorIndukNama, jenisPenugasanId, jenisMutasiId, subJabatanId, tmtMutasi,
);

answer!(
    /// `riwayat.RwPendidikanResponse`.
    PENDIDIKAN {
        id = RowId,
        idPns = Person,
        nipBaru = Main("nip"),
        nipLama = Main("nip_lama"),
        pendidikanId = Code("pendidikan", "pendidikan"),
        pendidikanNama = Cell("pendidikan"),
        tkPendidikanId = Code("tingkat_pendidikan", "tingkat_pendidikan"),
        tkPendidikanNama = Name("tingkat_pendidikan", "tingkat_pendidikan"),
        tahunLulus = Cell("tahun_lulus"),
        tglLulus = Day("tanggal_lulus"),
        isPendidikanPertama = Cell("pendidikan_pertama"),
        nomorIjasah = Cell("nomor_ijazah"),
        namaSekolah = Cell("nama_sekolah"),
        gelarDepan = Cell("gelar_depan"),
        gelarBelakang = Cell("gelar_belakang"),
        path = Path,
    }
);

answer!(
    /// `riwayat.RWDiklatResponse`.
    DIKLAT {
        id = RowId,
        idPns = Person,
        nipBaru = Main("nip"),
        nipLama = Main("nip_lama"),
        latihanStrukturalId = Code("latihan_struktural", "nama_diklat"),
        latihanStrukturalNama = Cell("nama_diklat"),
        nomor = Cell("nomor_sertifikat"),
        tanggal = Day("tanggal_mulai"),
        tanggalSelesai = Day("tanggal_selesai"),
        tahun = Cell("tahun"),
        institusiPenyelenggara = Cell("penyelenggara"),
        jumlahJam = Int("jumlah_jam"),
        path = Path,
    }
    bobot, jenisKompetensi,
);

answer!(
    /// `riwayat.RWKursusResponse`.
    KURSUS {
        id = RowId,
        idPns = Person,
        nipBaru = Main("nip"),
        nipLama = Main("nip_lama"),
        jenisDiklatId = Code("jenis_diklat", "jenis_diklat"),
        namaKursus = Cell("nama_diklat"),
        institusiPenyelenggara = Cell("penyelenggara"),
        noSertipikat | nomorSertipikat = Cell("nomor_sertifikat"),
        tanggalKursus = Day("tanggal_mulai"),
        tanggalSelesaiKursus = Day("tanggal_selesai"),
        tahunKursus = Cell("tahun"),
        jumlahJam = Int("jumlah_jam"),
        jenisKursusSertifikat | jenisKursusSertipikat = Cell(""),
        jenisKursusId | jenisKursus = Cell(""),
        path = Path,
    }
    jenisKursusNama,
);

answer!(
    /// `riwayat.RwHukdisResponse`.
    HUKDIS {
        id = RowId,
        rwHukumanDisiplin = RowId,
        pnsOrang = Person,
        jenisHukuman | jenisHukumanId = Code("jenis_hukuman", "jenis_hukuman"),
        jenisHukumanNama = Name("jenis_hukuman", "jenis_hukuman"),
        jenisTingkatHukumanId = Code("tingkat_hukuman", "tingkat_hukuman"),
        alasanHukumanDisiplin | alasanHukumanDisiplinId = Code("alasan_hukuman_disiplin", "alasan"),
        alasanHukumanDisiplinNama = Name("alasan_hukuman_disiplin", "alasan"),
        skNomor = Cell("sk_nomor"),
        skTanggal = Day("sk_tanggal"),
        hukumanTanggal = Day("tmt_hukuman"),
        akhirHukumTanggal | akhirHukumanTanggal = Day("tanggal_akhir"),
        masaTahun = Cell("masa_tahun"),
        masaBulan = Cell("masa_bulan"),
        nomorPp = Cell("nomor_pp"),
        golongan | golonganId = Cell(""),
        kedudukanHukum | kedudukanHukumId = Cell(""),
        path = Path,
    }
    golonganLama, keterangan, skPembatalanNomor, skPembatalanTanggal,
);

answer!(
    /// `riwayat.RwPenghargaanResponse`, with the id in both spellings.
    PENGHARGAAN {
        ID = RowId,
        id = RowId,
        pnsOrangId = Person,
        hargaId = Code("penghargaan", "jenis_penghargaan"),
        hargaNama = Name("penghargaan", "jenis_penghargaan"),
        skDate = Day("sk_tanggal"),
        skNomor = Cell("sk_nomor"),
        tahun = Int("tahun"),
        path = Path,
    }
    skalaHarga,
);

answer!(
    /// `riwayat.RwSkp22Response`.
    SKP22 {
        id = RowId,
        pnsDinilaiId = Person,
        tahun = Cell("tahun"),
        hasilKinerja = Name("nilai_perilaku_dan_hasil", "hasil_kinerja"),
        hasilKinerjaNilai = Code("nilai_perilaku_dan_hasil", "hasil_kinerja"),
        perilakuKerja = Name("nilai_perilaku_dan_hasil", "perilaku_kerja"),
        PerilakuKerjaNilai | perilakuKerjaNilai = Code("nilai_perilaku_dan_hasil", "perilaku_kerja"),
        kuadranKinerja = Name("kuadran_kinerja", "predikat"),
        KuadranKinerjaNilai | kuadranKinerjaNilai = Code("kuadran_kinerja", "predikat"),
        namaPenilai | penilaiNama = Cell("penilai_nama"),
        nipNrpPenilai | penilaiNipNrp = Cell("penilai_nip"),
        penilaiGolonganId | penilaiGolongan = Cell(""),
        penilaiJabatanNm | penilaiJabatan = Cell(""),
        penilaiUnorNm | penilaiUnorNama = Cell(""),
        path = Path,
    }
    statusPenilai,
);

answer!(
    /// `riwayat.RwSkp22PeriodikResponse`.
    PERIODIK {
        id = RowId,
        pnsDinilaiId = Person,
        nama = Main("nama"),
        nip = Main("nip"),
        jabatan = Main("jabatan"),
        instansiNama = Main("instansi_kerja"),
        unorNama = Main("unor"),
        tahun = Cell("tahun"),
        periodikId = Cell("periode"),
        periodikNama = Cell("periode"),
        hasilKinerja = Name("nilai_perilaku_dan_hasil", "hasil_kinerja"),
        hasilKinerjaNilai = Coded("nilai_perilaku_dan_hasil", "hasil_kinerja"),
        perilakuKerja = Name("nilai_perilaku_dan_hasil", "perilaku_kerja"),
        perilakuKerjaNilai = Coded("nilai_perilaku_dan_hasil", "perilaku_kerja"),
        kuadranNilai = Name("kuadran_kinerja", "predikat"),
        kuadranKinerjaNilai = Coded("kuadran_kinerja", "predikat"),
        namaPenilai | penilaiNama = Cell("penilai_nama"),
        penilaiNipNrp = Cell("penilai_nip"),
        penilaiGolonganId | penilaiGolongan = Cell(""),
        penilaiUnorNm | penilaiUnorNama = Cell(""),
        koefisenId | koefisienId = Cell(""),
        bulanMulaiPenilaian = Int(""),
        bulanSelesaiPenilaian = Int(""),
        tahunMulaiPenilaian = Int(""),
        tahunSelesaiPenilaian = Int(""),
        path = Path,
    }
    instansiId, kriteria, penilaiJabatanNama, penilaiPnsId, persentase, statusPenilai, unorId,
);

answer!(
    /// `riwayat.RwAngkaKreditResponse`, with the source in both spellings.
    ANGKA_KREDIT {
        id = RowId,
        pns = Person,
        nomorSk = Cell("nomor"),
        tanggalSk = Day("tanggal"),
        bulanMulaiPenailan | bulanMulaiPenilaian = Cell(""),
        tahunMulaiPenailan | tahunMulaiPenilaian = Cell(""),
        bulanSelesaiPenailan | bulanSelesaiPenilaian = Cell(""),
        tahunSelesaiPenailan | tahunSelesaiPenilaian = Cell(""),
        rwJabatan | rwJabatanId = Cell(""),
        created_at = crate::record::From::Made,
        updated_at = crate::record::From::Changed,
        path = Path,
    }
    isAngkaKreditPertama, isIntegrasi, isKonversi, kreditBaruTotal, kreditPenunjangBaru,
    kreditUtamaBaru, namaJabatan, sumber, Sumber,
);

answer!(
    /// A row of `rw-sertifikasi`: the fields that programs save.
    SERTIFIKASI {
        id = RowId,
        pnsOrangId = Person,
        nomorSertifikat = Cell("nomor"),
        tanggalSertifikat = Day("tanggal"),
        namaSertifikasi = Cell("uraian"),
        masaBerlakuSertMulai = Day(""),
        masaBerlakuSertSelasai | masaBerlakuSertSelesai = Day(""),
        tahunSertifikat = YearOf("tanggal"),
        path = Path,
    }
    lembagaSertifikasiId, lembagaSertifikasiNama, rumpunJabatanId, gelarDepanSert,
    gelarBelakangSert,
);

answer!(
    /// `riwayat.RwSkpResponse`.
    SKP {
        id = RowId,
        pns = Person,
        tahun = Cell("uraian"),
        atasanPejabatPenilai = Cell(""),
        nilaiSkp = Cell(""),
        path = Path,
    }
    atasanNonPns, atasanPenilaiGolongan, atasanPenilaiJabatan, atasanPenilaiNama,
    atasanPenilaiNipNrp, atasanPenilaiTmtGolongan, atasanPenilaiUnorNama, disiplin, inisiatifKerja,
    integritas, jenisJabatan, jenisPeraturanKinerjaKd, jumlah, kepemimpinan, kerjasama, komitmen,
    konversiNilai, nilaiIntegrasi, nilaiPerilakuKerja, nilaiPrestasiKerja, nilairatarata,
    orientasiPelayanan, pejabatPenilai, penilaiGolongan, penilaiJabatan, penilaiNama, penilaiNipNrp,
    penilaiNonPns, penilaiTmtGolongan, penilaiUnorNama, statusAtasanPenilai, statusPenilai,
);

answer!(
    /// `riwayat.RwDp3Response`.
    DP3 {
        id = RowId,
        pnsId = Person,
        tahun = Cell("uraian"),
        path = Path,
    }
    atasanNonPns, atasanPejabatPenilaiId, atasanPenilaiGolongan, atasanPenilaiJabatan,
    atasanPenilaiNama, atasanPenilaiNipNrp, atasanPenilaiTmtGolongan, atasanPenilaiUnorNama,
    jenisJabatan, jumlah, kejujuran, kepemimpinan, kerjasama, kesetiaan, ketaatan, nilairatarata,
    pejabatPenilaiId, penilaiGolongan, penilaiJabatan, penilaiNama, penilaiNipNrp, penilaiNonPns,
    penilaiTmtGolongan, penilaiUnorNama, prakarsa, prestasiKerja, statusAtasanPenilai, statusPenilai,
    tanggungJawab,
);
