//! Every word of the pages, in both languages; those about accounts are in [`account`].

use std::fmt::Display;

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Indonesian.
    #[default]
    Id,
    /// English.
    En,
}

impl Lang {
    /// Both.
    pub const ALL: [Lang; 2] = [Lang::Id, Lang::En];

    /// The code, as in `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Id => "id",
            Lang::En => "en",
        }
    }

    /// The language of a code.
    pub fn parse(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.tag() == code)
    }

    /// The one it is not.
    #[must_use]
    pub fn other(self) -> Lang {
        match self {
            Lang::Id => Lang::En,
            Lang::En => Lang::Id,
        }
    }
}

/// One line a text: `key: "Indonesian", "English";`, or with what is put in,
/// `key(n): "{n} aturan", "{n} rules";`.
macro_rules! texts {
    ($($key:ident $(($($given:ident),+))? : $id:literal, $en:literal;)+) => {
        impl Lang {
            $(texts!(@one $key [$($($given)+)?] $id, $en);)+
        }

        /// Every text: key, Indonesian, English.
        pub const TEXTS: &[(&str, &str, &str)] = &[$((stringify!($key), $id, $en)),+];
    };
    (@one $key:ident [] $id:literal, $en:literal) => {
        #[doc = $en]
        pub fn $key(self) -> &'static str {
            match self {
                Lang::Id => $id,
                Lang::En => $en,
            }
        }
    };
    (@one $key:ident [$($given:ident)+] $id:literal, $en:literal) => {
        #[doc = $en]
        pub fn $key(self, $($given: impl Display),+) -> String {
            match self {
                Lang::Id => format!($id),
                Lang::En => format!($en),
            }
        }
    };
}

pub mod account;
pub mod api;
pub mod feed;
pub mod files;
pub mod open;
pub mod privacy;
pub mod programs;
pub mod proposals;
pub mod sso;

texts! {
    site: "Satu Data ASN", "Satu Data ASN";
    motto: "Satu data tepercaya untuk setiap ASN", "One trusted record per civil servant";
    skip: "Langsung ke isi", "Skip to content";
    menu: "Menu utama", "Main menu";
    in_the_other_language: "English", "Bahasa Indonesia";
    home: "Beranda", "Home";
    standard: "Standar data", "Data standard";
    my_account: "Akun saya", "My account";
    sign_in: "Masuk", "Sign in";
    sign_out: "Keluar", "Sign out";
    persons: "Data ASN", "Civil servants";
    submissions: "Kiriman", "Submissions";
    review: "Pemeriksaan", "Review";
    my_record: "Data saya", "My record";
    walidata: "Walidata pusat", "Central data officer";
    admin: "Pengelola akun", "Account administrator";
    officer: "Petugas data", "Data officer";
    asn: "ASN", "Civil servant";
    footer: "Data pada layanan ini dilindungi UU 27/2022 tentang Pelindungan Data Pribadi. Waktu dalam WIB.",
        "Data in this service is protected by Law 27/2022 on Personal Data Protection. Times are Jakarta time (WIB).";

    welcome_lead: "Satu catatan yang sama tentang setiap pegawai ASN, dari semua instansi, lengkap dengan asal setiap datanya.",
        "One shared record of every civil servant, drawn from all agencies, with the origin of each value.";
    for_agencies: "Untuk instansi", "For agencies";
    for_agencies_more: "Periksa berkas kepegawaian, kirim, dan selesaikan yang perlu dibetulkan.",
        "Check personnel files, send them, and settle what needs correcting.";
    for_asn: "Untuk ASN", "For civil servants";
    for_asn_more: "Lihat data Anda, dari mana asalnya, dan mengapa nilai itu yang berlaku.",
        "See your record, where it comes from, and why each value stands.";
    for_everyone: "Untuk semua", "For everyone";
    for_everyone_more: "Standar data terbuka: setiap aturan dengan dasar hukumnya.",
        "An open data standard: each rule with the regulation it rests on.";
    see_standard: "Lihat standar data", "See the data standard";
    greeting(name): "Selamat datang, {name}", "Welcome, {name}";
    state_of_data: "Keadaan data", "State of the data";
    counted_at(moment): "Dihitung {moment}.", "Counted {moment}.";
    rows_received: "baris diterima dari sumber", "rows received from sources";
    persons_held: "orang dalam data induk", "persons in the register";
    conflicts_open: "nilai yang berbeda antarsumber", "values on which sources differ";
    groups_waiting: "kelompok menunggu pemeriksaan", "groups waiting for review";
    paid_only: "hanya ada di daftar gaji", "found in payroll only";
    rows_rejected: "baris ditolak", "rows rejected";
    you_see_agency(instansi): "Anda melihat data {instansi}.", "You see the data of {instansi}.";
    you_see_own: "Anda melihat data Anda sendiri.", "You see your own data.";
    you_see_all: "Anda melihat data semua instansi.", "You see the data of all agencies.";

    standard_lead: "Aturan yang dikenakan pada setiap baris data kepegawaian. Kesalahan menolak baris; peringatan meloloskannya dengan tanda.",
        "The rules that every row of personnel data is held against. An error rejects the row; a warning lets it pass, marked.";
    filter: "Saring", "Filter";
    kind_of_statement: "Jenis data", "Kind of data";
    all_kinds: "Semua jenis", "All kinds";
    severity: "Tingkat", "Severity";
    all_severities: "Semua tingkat", "All severities";
    error: "Kesalahan", "Error";
    warning: "Peringatan", "Warning";
    search: "Cari", "Search";
    search_rules_hint: "Kode, kolom, pesan, atau dasar hukum", "Code, column, message or source";
    show: "Tampilkan", "Show";
    clear: "Hapus saringan", "Clear the filter";
    rules_shown(shown, all): "{shown} dari {all} aturan", "{shown} of {all} rules";
    no_rules: "Tidak ada aturan yang cocok. Longgarkan saringannya.", "No rule fits. Loosen the filter.";
    code: "Kode", "Code";
    column: "Kolom", "Column";
    message: "Pesan", "Message";
    source: "Dasar", "Source";

    search_persons: "Nama, NIP, atau NIK", "Name, NIP or NIK";
    search_persons_hint: "Satu huruf atau angka yang salah tidak apa-apa; awal nama atau awal NIP juga cukup.",
        "One wrong letter or digit is fine; the beginning of a name or NIP will do as well.";
    nobody_found: "Tidak ada yang ditemukan. Periksa ejaannya, atau cari dengan sebagian nama saja.",
        "Nobody found. Check the spelling, or search by a part of the name.";
    found(count): "{count} orang ditemukan", "{count} found";
    more_found(count): "{count} orang pertama; tambahkan kata untuk mempersempit", "The first {count}; add a word to narrow it down";
    born: "Lahir", "Born";
    position: "Jabatan", "Position";
    similar: "mirip", "similar";
    conflicts_of(count): "{count} nilai berbeda", "{count} in conflict";
    ghost: "Hanya ada di daftar gaji", "In payroll only";
    value_set: "Keputusan dicatat; nilainya berlaku mulai sekarang.", "The decision is recorded; the value stands from now on.";
    see_decisions: "Lihat keputusan", "See decisions";
    ask_the_past: "Tanya keadaan lampau", "Ask about the past";
    as_of: "Keadaan per tanggal", "As of";
    known_on: "Menurut yang diketahui pada", "As known on";
    back_to_now: "Kembali ke sekarang", "Back to now";
    unmask: "Buka data pribadi yang disamarkan", "Show masked personal data";
    purpose: "Tujuan", "Purpose";
    purpose_hint: "Pembukaan dicatat: siapa, kapan, dan untuk apa. Pegawai yang bersangkutan dapat melihatnya.",
        "It is put on record: who, when and what for. The civil servant can see it.";
    choose: "Pilih", "Choose";
    golden_record: "Data induk", "Golden record";
    field: "Data", "Field";
    value: "Nilai", "Value";
    origin: "Asal", "Origin";
    sources_differ: "sumber berbeda", "sources differ";
    decide_value: "Tetapkan nilai", "Decide the value";
    which_value: "Nilai mana yang benar?", "Which value is right?";
    another_value: "Nilai lain (bila tidak ada yang benar)", "Another value (if none is right)";
    reason: "Alasan", "Reason";
    let_it_stand: "Tetapkan", "Let it stand";
    because_unopposed: "Tidak ada yang menyatakan lain", "Nobody says otherwise";
    because_ruling: "Ditetapkan petugas", "An officer decided";
    because_authority: "Sumber yang berwenang atas data ini", "The source with authority over this field";
    because_agreement: "Dinyatakan lebih banyak sumber", "More sources say so";
    because_recency: "Pernyataan terbaru", "It was said last";
    because_tie: "Setara; yang pertama menurut abjad", "All else equal, the first in the alphabet";
    timeline: "Riwayat", "Timeline";
    no_timeline: "Belum ada riwayat dari sumber mana pun.", "No source has sent a history yet.";
    details: "Rincian", "Details";
    kept_back: "Keluarga dan hukuman disiplin tampil setelah data pribadi dibuka.", "Family and discipline appear once personal data is shown.";
    made_of: "Disusun dari", "Made of";
    spoken_by: "Sumber", "Source";
    file: "Berkas", "File";
    row: "Baris", "Row";
    spoken_for: "Keadaan per", "Speaks for";
    ledger_number: "Nomor buku besar", "Ledger number";
    who_looked: "Siapa yang membuka data ini", "Who opened this record";
    who_looked_hint: "Membuka tanpa data pribadi dicatat sekali sehari untuk tiap akun. Program hanya dicatat bila membaca data pribadi tanpa samaran. Daftar hasil pencarian tidak dicatat.",
        "Opening it without personal data is recorded once a day for each account. Programs are recorded only where they read personal data in full. Lists of search results are not recorded.";
    opened_masked: "Dibuka; data pribadi tetap disamarkan", "Opened; personal data stayed masked";
    nobody_looked: "Belum ada.", "Nobody yet.";
    when: "Waktu", "When";

    review_lead: "Baris yang mungkin satu orang, mungkin bukan. Bandingkan, putuskan, dan tulis alasannya.",
        "Rows that may be one person, or may not. Compare them, decide, and say why.";
    waiting(count): "{count} menunggu", "{count} waiting";
    start_review: "Mulai memeriksa", "Start";
    nothing_waits: "Tidak ada yang menunggu. Semua sudah diputuskan.", "Nothing waits. Everything has been decided.";
    records: "Baris", "Records";
    likelihood: "Kemungkinan satu orang", "Likelihood";
    likelihood_of(percent): "kemungkinan satu orang {percent}%", "{percent}% likely one person";
    deferred: "pernah diragukan", "was left open";
    deferred_by(by): "Belum dapat diputuskan oleh {by}", "{by} could not tell";
    look: "Periksa", "Look";
    pages: "Halaman", "Pages";
    previous: "Sebelumnya", "Previous";
    next: "Berikutnya", "Next";
    page_of(at, pages): "Halaman {at} dari {pages}", "Page {at} of {pages}";
    same_person: "Apakah ini orang yang sama?", "Is this the same person?";
    record_now: "data induk", "record";
    side_by_side: "Baris berdampingan", "Records side by side";
    differs: "beda", "differs";
    same: "Orang yang sama", "Same person";
    not_same: "Bukan orang yang sama", "Not the same";
    not_sure: "Belum yakin", "Not sure";
    keys_hint: "Papan ketik: S, B, R menjawab; 1 sampai 9 memilih baris; U membatalkan yang terakhir.",
        "Keyboard: S, B, R answer; 1 to 9 choose records; U takes the last one back.";
    usual_reason_same: "NIK, nama, dan tanggal lahir sama; NIP salah ketik", "NIK, name and birth date agree; the NIP is mistyped";
    usual_reason_twins: "Saudara kembar: nama dan NIK berbeda", "Twins: names and NIKs differ";
    usual_reason_reused: "NIP dipakai dua orang", "One NIP used by two persons";
    value_unread(title): "Nilai itu tidak dapat dibaca sebagai {title}; periksa penulisannya.", "That value cannot be read as {title}; check how it is written.";
    reason_missing: "Tulis alasannya; alasan adalah bagian dari keputusan.", "Give the reason; it is part of the decision.";
    too_few_records: "Pilih sedikitnya dua baris.", "Choose at least two records.";
    told_apart: "Di antara baris yang dipilih ada yang sudah diputuskan orang yang berbeda. Batalkan dulu keputusan itu, atau pilih baris lain.", "Some of the chosen records were decided to be different persons. Take that decision back first, or choose other records.";
    already_one: "Baris yang dipilih sudah satu orang. Jika karena keputusan, batalkan keputusan itu; jika karena pencocokan, perbaiki datanya di sumbernya.", "The chosen records are one person already. If by a decision, take it back; if by linkage, correct the data at their source.";
    no_answer: "Pilih salah satu jawaban.", "Choose one of the answers.";
    decision_recorded: "Keputusan dicatat.", "The decision is recorded.";
    undo: "Batalkan", "Undo";
    undo_reason: "Dibatalkan segera setelah diputuskan", "Taken back right after deciding";
    undone: "dibatalkan", "taken back";
    decisions: "Keputusan", "Decisions";
    decisions_lead: "Keputusan petugas mengikat setiap penautan berikutnya, sampai dibatalkan.",
        "Officers' decisions bind every later linkage run until they are taken back.";
    no_decisions: "Belum ada keputusan.", "No decision yet.";
    decision: "Keputusan", "Decision";
    decided_same(count): "{count} baris adalah satu orang", "{count} records are one person";
    decided_not_same(count, persons): "{count} baris adalah {persons} orang yang berbeda", "{count} records are {persons} different persons";
    decided_value(field, value): "{field}: {value}", "{field}: {value}";
    evidence: "Bukti", "Evidence";
    evidence_lead: "Bobot dalam bit: positif mendukung satu orang, negatif menentang. Setiap bit melipatgandakan peluang.",
        "Weights in bits: positive speaks for one person, negative against. Each bit doubles the odds.";
    hard_evidence: "bukti keras: bukan orang yang sama", "hard evidence: not the same";
    agreement: "Kecocokan", "Agreement";
    weight: "Bobot", "Weight";
    chart: "Grafik", "Chart";
    prior: "Dua baris acak", "Two random rows";
    alike: "Dua orang bisa semirip ini", "Two persons may be as alike";
    sum: "Jumlah", "Sum";

    persons_short: "Orang", "Persons";
    conflicts_short: "Nilai berbeda", "Conflicts";
    rejected: "Ditolak", "Rejected";
    findings: "Temuan", "Findings";
    duplicates: "Ganda", "Duplicates";
    last_delivery: "Kiriman terakhir", "Last delivery";
    state_in_detail: "Keadaan menurut sumber dan instansi", "State by source and agency";
    by_source: "Per sumber", "By source";
    by_agency: "Per instansi", "By agency";
    sort_by: "Urutkan", "Sort by";
    highest_first: "terbanyak dahulu", "highest first";
    sources_shown(count): "{count} sumber", "{count} sources";
    agencies_shown(count): "{count} instansi", "{count} agencies";
    take_away: "Unduh:", "Download:";
    nothing_fits: "Tidak ada yang cocok. Ubah saringannya.", "Nothing fits. Change the filter.";
    nothing_of_you: "Belum ada data tentang Anda dalam data induk. Hubungi petugas data di instansi Anda.",
        "The register holds nothing about you yet. Contact the data officer of your agency.";

    ghosts_short: "Hanya gaji", "Payroll only";
    submissions_lead: "Berkas yang telah masuk, apa yang diterima, dan apa yang perlu dibetulkan.",
        "Files taken in, what was accepted, and what needs correcting.";
    send_a_file: "Kirim berkas", "Send a file";
    all_sources: "Semua sumber", "All sources";
    submissions_shown(count): "{count} kiriman", "{count} submissions";
    no_submissions: "Belum ada kiriman. Mulailah dengan mengirim berkas.", "Nothing has been sent yet. Begin by sending a file.";
    received: "Diterima pada", "Received";
    accepted: "Diterima", "Accepted";
    warned: "Diterima dengan peringatan", "With warnings";
    counts_add_up(rows, accepted, warned, rejected): "{rows} baris = {accepted} diterima + {warned} diterima dengan peringatan + {rejected} ditolak",
        "{rows} rows = {accepted} accepted + {warned} accepted with warnings + {rejected} rejected";
    fingerprint: "Sidik berkas (SHA-256)", "Fingerprint (SHA-256)";
    sent_and_linked: "Berkas sudah dicatat dalam buku besar dan ditautkan ke data induk.",
        "The file is recorded in the ledger and linked to the register.";
    sent_before(moment): "Berkas yang persis sama sudah diterima dari sumber ini pada {moment}. Tidak ada yang ditulis ulang.",
        "The very same file was received from this source on {moment}. Nothing was written again.";
    no_findings: "Tidak ada temuan. Semua baris sesuai dengan standar data.", "No findings. Every row meets the data standard.";
    findings_by_rule: "Temuan menurut aturan", "Findings by rule";
    findings_shown(count): "{count} temuan", "{count} findings";
    count: "Jumlah", "Count";
    rule: "Aturan", "Rule";
    all_rules: "Semua aturan", "All rules";
    all_columns: "Semua kolom", "All columns";

    upload_lead: "Berkas diperiksa lebih dahulu. Tidak ada yang dicatat sebelum Anda menekan Kirim.",
        "The file is checked first. Nothing is recorded until you press Send.";
    upload_file: "Berkas data", "Data file";
    upload_file_hint(most): "XLSX, CSV, Parquet, atau JSON per baris; paling besar {most}.", "XLSX, CSV, Parquet or JSON lines; {most} at most.";
    upload_date: "Data ini menggambarkan keadaan per tanggal", "The data describes the state as of";
    upload_map: "Berkas peta kolom (bila perlu)", "Column map file (if needed)";
    upload_map_hint: "Berkas TOML yang menyebutkan kolom mana untuk data apa, bila nama kolomnya tidak dikenali.",
        "A TOML file that says which column is which, where the names are not recognised.";
    check_the_file: "Periksa berkas", "Check the file";
    no_own_source: "Belum ada sumber untuk instansi Anda. Minta walidata pusat mendaftarkannya.",
        "There is no source of your agency yet. Ask the central data officer to register it.";
    no_file: "Pilih berkas yang akan diperiksa.", "Choose the file to check.";
    no_date: "Tulis tanggal yang benar, tidak lebih dari hari ini.", "Give a correct date, no later than today.";
    too_many_uploads: "Masih ada berkas Anda yang sedang diproses. Tunggu sampai selesai, lalu coba lagi.",
        "Files of yours are still being worked on. Wait for them, then try again.";
    map_too_large: "Berkas peta terlalu besar; paling besar 64 KB.", "The map file is too large; 64 KB at most.";
    check_of(file): "Pemeriksaan {file}", "Check of {file}";
    checking: "Berkas sedang diperiksa", "The file is being checked";
    sending: "Berkas sedang dicatat", "The file is being recorded";
    linking: "Data sedang ditautkan", "The data is being linked";
    rows_so_far(count): "{count} baris sejauh ini", "{count} rows so far";
    rows_of(count, all): "{count} dari {all} baris", "{count} of {all} rows";
    linking_more: "Semua baris sudah dicatat; sekarang dicari siapa orangnya.", "All rows are recorded; now they are matched to persons.";
    waits_alone: "Halaman ini memperbarui diri setiap 2 detik. Anda boleh menutupnya dan kembali lagi ke alamat ini.",
        "This page renews itself every 2 seconds. You may close it and come back to this address.";
    unreadable: "Berkas tidak dapat dibaca", "The file cannot be read";
    try_another: "Pilih berkas lain", "Choose another file";
    not_recorded_yet: "Belum ada yang dicatat. Kirim untuk mencatat baris yang diterima, atau buang.",
        "Nothing is recorded yet. Send to record the accepted rows, or discard.";
    send_now: "Kirim", "Send";
    discard: "Buang", "Discard";
    report_to_mend: "Laporan untuk dibetulkan", "Report for correcting";
    report_marked: "XLSX bertanda", "Marked XLSX";
    header_taken: "Kolom yang dikenali", "Columns recognised";
    our_column: "Data", "Field";
    header_in_file: "Kepala kolom dalam berkas", "Header in the file";
    unknown_columns: "Kolom lain (disimpan, tidak diperiksa)", "Other columns (kept, not checked)";
    blank_rows(count): "{count} baris kosong dilewati.", "{count} blank rows passed over.";
    first_findings(count): "{count} temuan pertama", "First {count} findings";
    nothing_accepted: "Tidak ada baris yang dapat diterima. Betulkan berkasnya lebih dahulu.", "No row can be accepted. Correct the file first.";
    not_sent: "Pengiriman gagal", "Sending failed";
    not_sent_more: "Tidak ada yang dicatat. Coba lagi sebentar; bila tetap gagal, hubungi walidata pusat.",
        "Nothing was recorded. Try again in a moment; if it keeps failing, contact the central data officer.";
    not_linked: "Berkas sudah dicatat, tetapi penautan ke data induk gagal dan akan diulang pada kiriman berikutnya.",
        "The file is recorded, but linking it to the register failed; it will be done again with the next submission.";

    not_found: "Halaman tidak ditemukan", "Page not found";
    not_found_more: "Alamatnya mungkin salah ketik, atau halamannya sudah pindah.", "The address may be mistyped, or the page has moved.";
    forbidden: "Permintaan ditolak", "Request refused";
    forbidden_more: "Halaman ini bukan untuk peran Anda, atau formulirnya sudah terlalu lama terbuka. Muat ulang halaman sebelumnya dan coba lagi.",
        "This page is not for your role, or its form was open for too long. Reload the page before it and try again.";
    bad_request: "Permintaan tidak dapat dipahami", "Request not understood";
    bad_request_more: "Ada isian yang tidak lengkap atau tidak sesuai. Kembali, periksa, lalu kirim lagi.",
        "Something in the form is missing or does not fit. Go back, check it, and send it again.";
    too_large: "Kiriman terlalu besar", "Too large";
    too_large_more: "Pecah menjadi beberapa bagian yang lebih kecil.", "Split it into smaller parts.";
    failed: "Terjadi gangguan", "Something went wrong";
    failed_more: "Ini kesalahan di pihak kami, dan sudah dicatat. Tidak ada yang berubah; coba lagi sebentar.",
        "The fault is ours, and it has been recorded. Nothing was changed; try again in a moment.";
    too_many: "Terlalu banyak permintaan", "Too many requests";
    too_many_more: "Tunggu beberapa detik, lalu coba lagi.", "Wait a few seconds, then try again.";
    timed_out: "Terlalu lama", "It took too long";
    timed_out_more: "Permintaan ini dihentikan. Persempit lalu coba lagi.", "The request was stopped. Narrow it down and try again.";
    back_home: "Ke beranda", "To the home page";
}
