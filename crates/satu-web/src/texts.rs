//! Every word of the pages, in both languages.

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

texts! {
    site: "Satu Data ASN", "Satu Data ASN";
    motto: "Satu data tepercaya untuk setiap ASN", "One trusted record per civil servant";
    skip: "Langsung ke isi", "Skip to content";
    menu: "Menu utama", "Main menu";
    language: "Bahasa", "Language";
    in_the_other_language: "English", "Bahasa Indonesia";
    home: "Beranda", "Home";
    standard: "Standar data", "Data standard";
    my_account: "Akun saya", "My account";
    sign_in: "Masuk", "Sign in";
    sign_out: "Keluar", "Sign out";
    persons: "Data ASN", "Civil servants";
    submissions: "Kiriman", "Submissions";
    review: "Pemeriksaan", "Review";
    agency_data: "Data instansi", "Agency data";
    my_record: "Data saya", "My record";
    walidata: "Walidata pusat", "Central data officer";
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
    rows_received: "baris diterima dari sumber", "rows received from sources";
    persons_held: "orang dalam data induk", "persons in the register";
    conflicts_open: "nilai yang berbeda antarsumber", "values on which sources differ";
    groups_waiting: "kelompok menunggu pemeriksaan", "groups waiting for review";
    paid_only: "hanya ada di daftar gaji", "found in payroll only";
    rows_rejected: "baris ditolak", "rows rejected";
    you_see_agency(instansi): "Anda melihat data {instansi}.", "You see the data of {instansi}.";
    you_see_own: "Anda melihat data Anda sendiri.", "You see your own data.";
    you_see_all: "Anda melihat data semua instansi.", "You see the data of all agencies.";
    what_you_can_do: "Yang dapat Anda lakukan", "What you can do";

    sign_in_lead: "Untuk pegawai dan petugas yang sudah mempunyai akun.", "For staff and officers who have an account.";
    login: "Nama pengguna", "User name";
    login_hint: "Diberikan oleh walidata instansi Anda.", "Given to you by your agency's data officer.";
    password: "Kata sandi", "Password";
    sign_in_wrong: "Nama pengguna atau kata sandi salah. Periksa keduanya lalu coba lagi.",
        "The user name or the password is wrong. Check both and try again.";
    sign_in_wait(seconds): "Terlalu banyak percobaan. Tunggu {seconds} detik, lalu coba lagi.",
        "Too many attempts. Wait {seconds} seconds, then try again.";
    sign_in_busy: "Sedang banyak yang masuk. Coba lagi sebentar.", "Many are signing in right now. Try again in a moment.";
    there_is_a_problem: "Belum berhasil", "There is a problem";
    forgot: "Lupa kata sandi? Hubungi walidata instansi Anda.", "Forgot the password? Contact your agency's data officer.";

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

    account_lead: "Akun dan peramban yang sedang masuk.", "Your account and the browsers that are signed in.";
    name: "Nama", "Name";
    role: "Peran", "Role";
    instansi: "Instansi", "Agency";
    nip: "NIP", "NIP";
    sessions: "Sesi yang terbuka", "Open sessions";
    sessions_lead: "Akhiri sesi yang tidak Anda kenal, lalu minta kata sandi baru.",
        "End a session you do not recognise, then ask for a new password.";
    device: "Perangkat", "Device";
    since: "Masuk sejak", "Signed in";
    last_seen: "Terakhir dipakai", "Last used";
    action: "Tindakan", "Action";
    this_session: "Sesi ini", "This session";
    end_session: "Akhiri", "End";
    end_session_of(device): "Akhiri sesi {device}", "End the session of {device}";
    session_ended: "Sesi itu sudah diakhiri.", "That session has been ended.";
    unknown_device: "Perangkat tak dikenal", "Unknown device";

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
    timed_out: "Terlalu lama", "It took too long";
    timed_out_more: "Permintaan ini dihentikan. Persempit lalu coba lagi.", "The request was stopped. Narrow it down and try again.";
    back_home: "Ke beranda", "To the home page";
}
