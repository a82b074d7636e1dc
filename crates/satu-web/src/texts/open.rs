//! The words of the open data.

use std::fmt::Display;

use super::Lang;

texts! {
    open_data: "Data terbuka", "Open data";
    open_data_lead: "Statistik ASN, daftar kode, dan standar data untuk siapa saja, tanpa akun. Angka yang menyangkut sedikit orang disembunyikan.",
        "Civil service statistics, code lists and the data standard for anyone, without an account. Figures about few people are hidden.";
    statistics: "Statistik", "Statistics";
    code_lists: "Daftar kode", "Code lists";
    nothing_released: "Belum ada rilis.", "Nothing has been released yet.";
    newest_release: "Rilis terbaru", "Newest release";
    dataset: "Dataset", "Dataset";
    files: "Berkas", "Files";
    for_programs: "Untuk program", "For programs";
    for_programs_lead: "Katalog dan statistik yang sama dapat dibaca program lain:", "The same catalogue and statistics for other programs to read:";
    catalogue_dcat: "Katalog DCAT 3", "DCAT 3 catalogue";
    harvest_ckan: "API CKAN untuk pemanen", "CKAN API for harvesters";
    statistics_sdmx: "Statistik SDMX 2.1", "SDMX 2.1 statistics";
    licence: "Lisensi", "Licence";
    licence_free: "Bebas dipakai dengan menyebut sumbernya", "Free to use with the source named";
    versions: "Versi", "Versions";
    versions_lead: "Setiap versi tetap di alamatnya dan tidak pernah berubah.", "Each version stays at its address and never changes.";
    national_figures: "Angka nasional", "National figures";
    category: "Kategori", "Category";
    all_persons: "Semua ASN", "All civil servants";
    men: "Laki-laki", "Men";
    women: "Perempuan", "Women";
    both_sexes: "Jumlah", "Total";
    checksum: "SHA-256 dari CSV", "SHA-256 of the CSV";
    variables: "Variabel", "Variables";
    variable: "Variabel", "Variable";
    meaning: "Arti", "Meaning";
    codes_of(title): "Kode: {title}", "Codes: {title}";
    described_by: "Keterangan variabel (CSVW)", "Variables (CSVW)";
    back_to_open_data: "Semua dataset", "All datasets";
    release_now: "Rilis data hari ini", "Release today's data";
    release_now_lead: "Statistik dihitung dari data induk saat ini, bersama daftar kode dan standar. Yang sudah dirilis tidak dapat ditarik atau diubah.",
        "Statistics are computed from the register as it stands, with the code lists and the standard. What is released cannot be withdrawn or changed.";
    released_now: "Data sudah dirilis.", "The data is released.";
    release_too_soon(last, next): "Rilis terakhir {last}; rilis berikutnya paling cepat {next}, supaya tidak ada orang yang terlihat dari selisih dua rilis.",
        "The last release was on {last}; the next can be on {next} at the earliest, so that nobody stands out in the difference between two releases.";
    release_too_few: "Belum cukup banyak ASN dalam data induk untuk statistik.", "The register holds too few civil servants for statistics.";
}
