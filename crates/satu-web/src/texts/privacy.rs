//! The words of the pages about personal data: the notice, requests, breaches.

use std::fmt::Display;

use super::Lang;

texts! {
    privacy: "Data pribadi", "Personal data";
    privacy_lead: "Apa yang dilakukan dengan data pribadi pegawai, untuk apa, dan atas dasar apa (UU 27/2022 pasal 5 dan 31). Selain ini tidak ada.",
        "What is done with civil servants' personal data, what for, and on which ground (UU 27/2022 art. 5 and 31). Nothing else is.";
    processing: "Pemrosesan", "Use";
    data_used: "Data yang dipakai", "Data used";
    recipients: "Penerima", "Who sees it";
    retention: "Masa simpan", "Kept for";
    legal_basis: "Dasar hukum", "Legal ground";
    your_rights: "Hak Anda", "Your rights";
    your_rights_more: "Anda dapat melihat data Anda dan asalnya, meminta salinan, meminta perbaikan, dan mengajukan keberatan. Permintaan dijawab paling lambat 3 × 24 jam.",
        "You can see your data and where it comes from, take a copy, ask for correction, and object. Requests are answered within 3 × 24 hours.";
    my_rights: "Hak saya", "My rights";
    my_rights_lead: "Salinan data Anda, permintaan Anda, dan jawabannya.", "A copy of your data, your requests, and the answers.";
    my_copy: "Salinan data saya", "A copy of my data";
    my_copy_more: "Semua yang tersimpan tentang Anda: data induk, setiap pernyataan sumber, dan siapa yang membuka data Anda.",
        "All that is held about you: the golden record, each source's statements, and who opened your data.";
    new_request: "Ajukan permintaan", "Make a request";
    about_access: "Melihat data saya", "See my data";
    about_correction: "Memperbaiki data saya", "Correct my data";
    about_objection: "Menunda, membatasi, atau mengakhiri pemakaian data saya", "Delay, limit or end a use of my data";
    request_about: "Tentang apa?", "What about?";
    request_text: "Jelaskan", "Explain";
    request_text_hint: "Data mana, apa yang benar, dan dokumen apa yang membuktikannya.", "Which data, what is right, and which document proves it.";
    send_request: "Kirim permintaan", "Send the request";
    request_sent: "Permintaan Anda sudah dicatat.", "Your request is on the register.";
    request_problem: "Pilih tentang apa, dan jelaskan dengan paling banyak 2.000 huruf.", "Say what it is about, and explain in 2,000 letters at most.";
    my_requests: "Permintaan saya", "My requests";
    requests: "Permintaan", "Requests";
    requests_lead: "Permintaan pegawai tentang data mereka sendiri. Setiap permintaan dijawab paling lambat 3 × 24 jam (UU 27/2022 pasal 30, 32, dan 41).",
        "What civil servants ask about their own data. Each is answered within 3 × 24 hours (UU 27/2022 art. 30, 32 and 41).";
    requests_waiting(count): "{count} menunggu jawaban", "{count} waiting for an answer";
    no_requests: "Belum ada permintaan.", "No request yet.";
    request_of(nip): "Permintaan {nip}", "Request of {nip}";
    asked_on: "Diajukan", "Made";
    answer_by(moment): "Dijawab paling lambat {moment}", "To be answered by {moment}";
    overdue: "Lewat waktu", "Overdue";
    waits: "Menunggu", "Waiting";
    granted: "Dikabulkan", "Granted";
    refused: "Ditolak permintaannya", "Refused";
    own_request: "Permintaan ini Anda sendiri yang mengajukan. Petugas lain yang menjawabnya.", "This is your own request. Another officer answers it.";
    answer_request: "Jawab permintaan", "Answer the request";
    the_answer: "Jawaban", "Answer";
    answer_hint: "Apa yang sudah dilakukan; bila ditolak, alasan dan dasar hukumnya (UU 27/2022 pasal 15 atau 33). Dibaca oleh pegawai yang meminta.",
        "What was done; if refused, why, and on which ground (UU 27/2022 art. 15 or 33). The civil servant reads it.";
    grant: "Kabulkan", "Grant";
    refuse: "Tolak", "Refuse";
    answer_problem: "Pilih kabulkan atau tolak, dan tulis jawabannya.", "Grant or refuse, and write the answer.";
    answered: "Permintaan sudah dijawab.", "The request is answered.";
    answered_by(by, moment): "Dijawab oleh {by}, {moment}", "Answered by {by}, {moment}";
    open_record: "Buka datanya", "Open the record";

    breaches: "Kegagalan pelindungan", "Breaches";
    breaches_lead: "Kegagalan pelindungan data pribadi: diberitahukan kepada pegawai dan lembaga paling lambat 3 × 24 jam sejak diketahui (UU 27/2022 pasal 46).",
        "Failures to protect personal data: the persons and the authority are told within 3 × 24 hours of finding out (UU 27/2022 art. 46).";
    no_breaches: "Belum ada kegagalan yang dicatat.", "No breach on the register.";
    breach_number(id): "Kegagalan nomor {id}", "Breach number {id}";
    note_breach: "Catat kegagalan", "Put a breach on the register";
    found_on: "Diketahui pada", "Found";
    found_hint: "Waktu WIB; sejak saat ini 3 × 24 jam dihitung.", "Jakarta time; the 3 × 24 hours run from here.";
    breach_data: "Data yang terungkap", "Data that came out";
    breach_how: "Kapan dan bagaimana terungkap", "When and how it came out";
    breach_handling: "Upaya penanganan dan pemulihan", "What is done about it";
    breach_problem: "Isi semua kolom; waktunya tidak boleh lebih dari sekarang.", "Fill in every field; the time must not be later than now.";
    breach_noted: "Kegagalan sudah dicatat.", "The breach is on the register.";
    breach_saved: "Perubahan sudah disimpan.", "The change is saved.";
    tell_by(moment): "Beritahukan sebelum {moment}", "Tell by {moment}";
    affected_persons: "Pegawai yang terdampak", "Persons affected";
    affected_count(count): "{count} pegawai terdampak", "{count} persons affected";
    nobody_affected: "Belum ada pegawai dalam daftar.", "Nobody on the list yet.";
    add_affected: "Tambah pegawai yang terdampak", "Add persons affected";
    affected_added(count): "{count} pegawai ditambahkan.", "{count} persons added.";
    by_nip: "Menurut NIP", "By NIP";
    nips_hint: "Satu NIP per baris.", "One NIP a line.";
    by_looks: "Yang datanya dibuka sebuah akun", "Whose data an account opened";
    by_agency_whole: "Semua pegawai sebuah instansi", "Everybody of an agency";
    looks_from: "Sejak", "From";
    looks_until: "Sampai", "Until";
    add: "Tambah", "Add";
    add_problem: "Isi NIP, atau akun dengan kedua waktunya, atau instansi.", "Give NIPs, or an account with both times, or an agency.";
    nip_problem(nip): "Ini bukan NIP: {nip}. Tulis satu NIP per baris.", "This is no NIP: {nip}. Give one NIP a line.";
    looks_problem: "Tulis nama pengguna akunnya dan kedua waktunya; waktu akhirnya tidak boleh lebih awal.",
        "Give the account's login and both times; the later one must not be before the other.";
    nips_unknown(nips): "Tidak ada pegawai dengan NIP {nips}.", "Nobody has the NIP {nips}.";
    login_unknown(login): "Tidak ada akun atau program bernama {login}.", "No account or program is called {login}.";
    agency_unknown(agency): "Tidak ada pegawai instansi {agency}.", "Nobody is of the agency {agency}.";
    nobody_added: "Belum ada yang ditambahkan.", "Nobody was added.";
    told_whom: "Pemberitahuan", "Notices";
    told_persons: "Pegawai yang terdampak", "The persons affected";
    told_authority: "Lembaga pelindungan data pribadi", "The authority for personal data";
    told_public: "Masyarakat", "The public";
    told_persons_hint: "Setelah ditandai, pegawai membaca pemberitahuan ini di halaman Hak saya.", "Once marked, the persons read this notice on their page My rights.";
    not_told: "Belum", "Not yet";
    mark_told: "Tandai sudah diberitahu", "Mark as told";
    told_noted: "Pemberitahuan sudah dicatat.", "The notice is on the register.";
    breach_of_yours: "Pemberitahuan: data Anda terungkap", "Notice: your data came out";
}
