//! What the columns of the data standard are called on a page.

use crate::Lang;

/// Column, Indonesian, English.
const TITLES: &[(&str, &str, &str)] = &[
    ("nip", "NIP", "NIP"),
    ("nip_lama", "NIP lama", "Old NIP"),
    ("nik", "NIK", "NIK"),
    ("nama", "Nama", "Name"),
    ("gelar_depan", "Gelar depan", "Title before the name"),
    ("gelar_belakang", "Gelar belakang", "Title after the name"),
    ("tempat_lahir", "Tempat lahir", "Place of birth"),
    ("tanggal_lahir", "Tanggal lahir", "Date of birth"),
    ("jenis_kelamin", "Jenis kelamin", "Sex"),
    ("agama", "Agama", "Religion"),
    ("status_kawin", "Status kawin", "Marital status"),
    ("nama_ibu_kandung", "Nama ibu kandung", "Mother's name"),
    ("email", "Surel", "E-mail"),
    ("nomor_hp", "Nomor HP", "Mobile number"),
    ("alamat", "Alamat", "Address"),
    ("npwp", "NPWP", "Tax number (NPWP)"),
    ("nomor_bpjs", "Nomor BPJS", "BPJS number"),
    ("jenis_pegawai", "Jenis pegawai", "Kind of employee"),
    ("kedudukan_hukum", "Kedudukan hukum", "Legal standing"),
    ("tmt_cpns", "TMT CPNS", "Candidate since (TMT CPNS)"),
    ("tmt_pns", "TMT PNS", "Civil servant since (TMT PNS)"),
    ("golongan", "Golongan", "Rank (golongan)"),
    ("tmt_golongan", "TMT golongan", "Rank since"),
    ("masa_kerja_tahun", "Masa kerja (tahun)", "Years of service"),
    (
        "masa_kerja_bulan",
        "Masa kerja (bulan)",
        "Months of service",
    ),
    ("jenis_jabatan", "Jenis jabatan", "Kind of position"),
    ("jabatan", "Jabatan", "Position"),
    ("eselon", "Eselon", "Echelon"),
    ("tmt_jabatan", "TMT jabatan", "Position since"),
    (
        "tingkat_pendidikan",
        "Tingkat pendidikan",
        "Level of education",
    ),
    ("pendidikan", "Pendidikan", "Education"),
    ("tahun_lulus", "Tahun lulus", "Year of graduation"),
    ("instansi_induk", "Instansi induk", "Home agency"),
    ("instansi_kerja", "Instansi kerja", "Agency of work"),
    ("satuan_kerja", "Satuan kerja", "Work unit"),
    ("unor", "Unit organisasi", "Organisational unit"),
    ("lokasi_kerja", "Lokasi kerja", "Place of work"),
    ("sk_nomor", "Nomor SK", "Decree number"),
    ("sk_tanggal", "Tanggal SK", "Decree date"),
    ("jenis_kp", "Jenis kenaikan pangkat", "Kind of promotion"),
    ("nomor_pertek", "Nomor pertek", "Technical consent number"),
    ("tanggal_pertek", "Tanggal pertek", "Technical consent date"),
    ("tmt_pelantikan", "TMT pelantikan", "Sworn in on"),
    ("nama_sekolah", "Nama sekolah", "School"),
    ("nomor_ijazah", "Nomor ijazah", "Diploma number"),
    ("tanggal_lulus", "Tanggal lulus", "Date of graduation"),
    (
        "pendidikan_pertama",
        "Pendidikan pertama",
        "First education",
    ),
    ("hubungan", "Hubungan", "Relation"),
    ("status", "Status", "Status"),
    ("tanggal_menikah", "Tanggal menikah", "Married on"),
    ("akta_nikah", "Akta nikah", "Marriage certificate"),
    ("tanggal_cerai", "Tanggal cerai", "Divorced on"),
    ("akta_cerai", "Akta cerai", "Divorce certificate"),
    ("status_hidup", "Status hidup", "Living"),
    ("tanggal_meninggal", "Tanggal meninggal", "Died on"),
    ("tahun", "Tahun", "Year"),
    ("periode", "Periode", "Period"),
    ("hasil_kinerja", "Hasil kinerja", "Result"),
    ("perilaku_kerja", "Perilaku kerja", "Conduct"),
    ("predikat", "Predikat", "Rating"),
    ("penilai_nip", "NIP penilai", "Assessor's NIP"),
    ("penilai_nama", "Nama penilai", "Assessor"),
    ("jenis_diklat", "Jenis diklat", "Kind of training"),
    ("nama_diklat", "Nama diklat", "Training"),
    ("penyelenggara", "Penyelenggara", "Organiser"),
    ("nomor_sertifikat", "Nomor sertifikat", "Certificate number"),
    ("tanggal_mulai", "Tanggal mulai", "From"),
    ("tanggal_selesai", "Tanggal selesai", "Until"),
    ("jumlah_jam", "Jumlah jam", "Hours"),
    ("jenis_hukuman", "Jenis hukuman", "Sanction"),
    ("tingkat_hukuman", "Tingkat hukuman", "Level of sanction"),
    ("alasan", "Alasan", "Reason"),
    ("tmt_hukuman", "TMT hukuman", "In force since"),
    ("masa_tahun", "Masa (tahun)", "Duration in years"),
    ("masa_bulan", "Masa (bulan)", "Duration in months"),
    ("tanggal_akhir", "Tanggal akhir", "Ends on"),
    ("nomor_pp", "Nomor PP", "Government regulation"),
    ("jenis_penghargaan", "Penghargaan", "Award"),
    ("jenis", "Jenis riwayat", "Sort of history"),
    ("nomor", "Nomor", "Number"),
    ("tanggal", "Tanggal", "Date"),
    ("uraian", "Uraian", "In words"),
];

/// A column's name for people; the column itself where the table has none.
pub fn title(lang: Lang, column: &str) -> &str {
    let found = TITLES.iter().find(|(name, ..)| *name == column);
    found.map_or(column, |(_, indonesian, english)| match lang {
        Lang::Id => indonesian,
        Lang::En => english,
    })
}

#[cfg(test)]
mod tests {
    use satu_domain::Kind;

    use super::TITLES;

    #[test]
    fn every_column_has_a_title() {
        for column in Kind::ALL.iter().flat_map(|kind| kind.columns()) {
            assert!(TITLES.iter().any(|(name, ..)| name == column), "{column}");
        }
    }
}
