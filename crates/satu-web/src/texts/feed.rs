//! The words of the pages by which agencies stay in step: comparing an extract, and notices.

use std::fmt::Display;

use super::Lang;

texts! {
    compare_a_file: "Cocokkan berkas", "Compare a file";
    compare_lead: "Bandingkan berkas pegawai instansi dengan data induk: siapa yang hanya ada di salah satunya, dan nilai mana yang berbeda. Isi berkas tidak dicatat.",
        "Hold the agency's personnel file against the golden records: who stands in only one of them, and which values differ. Nothing of the file is recorded.";
    compare_agency: "Instansi pemilik berkas", "Agency whose file it is";
    compare_agency_hint: "Ditulis seperti di kolom instansi induk.", "Written as in the column of the home agency.";
    compare_file_hint(most): "CSV, XLSX, Parquet, atau JSON per baris, paling besar {most}. Setiap baris dicari lewat NIP, lalu NIK, lalu NIP lama.",
        "CSV, XLSX, Parquet or JSON lines, at most {most}. Each row is looked up by NIP, else NIK, else old NIP.";
    compare_purpose: "Tujuan membandingkan data pribadi", "Purpose of comparing personal data";
    compare_purpose_hint: "NIK, kontak, agama, dan nama ibu hanya dibandingkan untuk suatu tujuan. Itu dicatat sebagai pembukaan data: siapa, kapan, dan untuk apa. Pegawai yang bersangkutan dapat melihatnya.",
        "NIK, contact data, religion and the mother's name are compared for a purpose only. That is recorded as a look: who, when, and for what. The civil servant can see it.";
    compare_no_purpose: "Tanpa tujuan: tidak dibandingkan", "No purpose: not compared";
    compare_now: "Bandingkan", "Compare";
    comparing: "Sedang membandingkan", "Comparing";
    comparison_of(file): "Hasil pencocokan {file}", "Comparison of {file}";
    compared_agrees: "Berkas dan data induk sama.", "The file and the golden records agree.";
    compared_same: "Sama", "Same";
    compared_different: "Berbeda", "Different";
    compared_only_here: "Hanya di berkas", "Only in the file";
    compared_only_there: "Hanya di data induk", "Only in the register";
    compared_ambiguous: "Belum jelas", "Ambiguous";
    compared_unreadable: "Tidak terbaca", "Unreadable";
    compared_fields: "Kolom yang berbeda", "Fields that differ";
    compared_lines(count): "{count} baris pertama yang tidak sama", "The first {count} lines that differ";
    compared_masked: "NIK dan data pribadi lain disamarkan. Buka halaman orangnya untuk melihatnya dengan suatu tujuan.",
        "NIK and other personal data are masked. Open the person's page to see them for a purpose.";
    compared_hidden: "NIK dan data pribadi lain tidak dibandingkan, karena tidak ada tujuan yang dipilih.",
        "NIK and other personal data were not compared, as no purpose was chosen.";
    in_the_file: "Di berkas", "In the file";
    in_the_register: "Di data induk", "In the register";
    not_stated: "tidak ada", "none";
    why_it_stands: "Mengapa", "Why";
    person_of_row(row): "Orang yang sama dengan baris {row}", "The person of row {row}";
    number_of_several(count): "Nomor ini milik {count} orang", "{count} persons have this number";
    matched_by(column): "Ditemukan lewat {column}", "Found by {column}";
    not_compared: "Berkas belum dapat dibandingkan", "The file could not be compared";
    no_such_agency(name): "Tidak ada sumber atau data induk dari instansi bernama {name}.", "No source or golden record is of an agency called {name}.";
    no_such_agency_hint: "Tulis namanya seperti di kolom instansi induk, misalnya Pemerintah Kota Contoh.",
        "Write its name as in the column of the home agency, for instance Pemerintah Kota Contoh.";

    notices: "Pemberitahuan perubahan", "Notices of changes";
    notices_lead: "Alamat milik program instansi yang dikabari setiap ada perubahan data. Program menambahkannya lewat API, atau pengelolanya di sini.",
        "Addresses of agencies' programs that are told of each change. A program adds one over the API, or whoever looks after it does here.";
    no_notices: "Belum ada alamat yang dikabari.", "No address is told of changes.";
    notice_of(name): "Pemberitahuan untuk {name}", "Notices for {name}";
    notice_address: "Alamat", "Address";
    notice_program: "Program", "Program";
    notice_behind: "Belum disampaikan", "Not told yet";
    notice_kinds: "Jenis perubahan", "Kinds of changes";
    notice_active: "Aktif", "Active";
    notice_waiting: "Menunggu dicoba lagi", "Waiting for another try";
    notice_stopped: "Dihentikan", "Stopped";
    notice_fault: "Kegagalan terakhir", "Last failure";
    fault_right: "programnya tidak lagi berhak mengikuti perubahan", "the program may not follow the changes any more";
    fault_feed: "nomor perubahan bukan lagi yang dahulu, karena register dipulihkan atau diperbarui: programnya perlu membaca perubahan dari awal, lalu alamat ini dilanjutkan", "the changes are numbered otherwise since the register was restored or updated: the program has to read them from the beginning, then resume this address";
    fault_gone: "410: penerimanya tidak mau dikabari lagi", "410: it wants no more";
    fault_answered(status): "dijawab {status}", "answered {status}";
    fault_address: "bukan alamat http atau https", "no address of http or https";
    fault_closed: "nama hostnya tidak menuju alamat di jaringan terbuka", "the host leads to no address of the open network";
    fault_connect(said): "tidak tersambung ({said})", "no connection: {said}";
    fault_broken(said): "sambungannya terputus ({said})", "the connection broke off: {said}";
    fault_request(said): "permintaannya tidak dapat dikirim ({said})", "the request cannot be sent: {said}";
    fault_late: "tidak dijawab pada waktunya", "no answer in time";
    fault_long(most): "jawabannya lebih dari {most} byte", "the answer is longer than {most} bytes";
    notice_resume: "Coba sekarang", "Try now";
    notice_resumed: "Dicoba lagi sekarang.", "It is tried again now.";
    add_notice: "Tambah alamat", "Add an address";
    add_notice_lead: "Alamat ini dikabari setiap ada perubahan data dalam jangkauan programnya, sejak sekarang.",
        "The address is told of each change within its program's reach, from now on.";
    notice_address_hint: "Diawali https://, di jaringan terbuka.", "Beginning with https://, on the open network.";
    notice_kinds_hint: "Bila tidak ada yang dipilih, semua jenis.", "All kinds where none is chosen.";
    notice_no_programs: "Belum ada program aktif yang berhak mengikuti perubahan (changes.read).", "No open program has the right to follow changes (changes.read).";
    notice_no_program: "Pilih programnya.", "Choose the program.";
    notice_wrong_address: "Itu bukan alamat: tulis https://HOST/JALUR, tanpa nama pengguna dan tanpa tanda #.",
        "That is no address: give https://HOST/PATH, without a user name and without a fragment.";
    notice_not_https: "Hanya alamat https yang dikabari.", "Only https is called.";
    notice_inside: "Alamat itu bukan di jaringan terbuka.", "That address is not of the open network.";
    notice_too_many: "Program ini sudah mempunyai 10 alamat. Akhiri salah satunya dahulu.", "The program has 10 addresses already. End one of them first.";
    notice_secret: "Rahasia penandatanganan", "Signing secret";
    notice_secret_lead: "Dengan rahasia ini penerima memeriksa bahwa kabar benar berasal dari sini.", "By this secret the receiver checks that a call comes from here.";
    notice_secret_once: "Rahasia ini hanya ditampilkan sekarang. Sampaikan langsung kepada pengembang penerimanya.",
        "The secret is shown now and never again. Hand it to the receiver's developer alone.";
    notice_both_sign(moment): "Sampai {moment} kabar ditandatangani dengan rahasia sebelumnya juga.", "Until {moment} calls are signed with the secret before, too.";
    notice_see: "Lihat alamat", "See the address";
    notice_turn: "Buat rahasia baru", "Make a new secret";
    notice_turn_more: "Selama sehari kabar ditandatangani dengan kedua rahasia, sehingga penerima tidak perlu berhenti.",
        "For a day calls are signed with both secrets, so that the receiver need not stop.";
    notice_end: "Akhiri alamat", "End the address";
    notice_end_more: "Alamat ini tidak dikabari lagi, dan yang gagal disampaikan dilupakan.", "The address is told nothing any more, and what was given up is forgotten.";
    notice_ended: "Alamat itu tidak dikabari lagi.", "That address is told nothing any more.";
    change_created: "Orang baru", "A new person";
    change_entered: "Orang masuk ke jangkauan", "A person came into reach";
    change_split: "Sebagian baris menjadi orang baru", "Some records became a new person";
    change_changed: "Nilai data induk berubah", "Golden values changed";
    change_merged: "Digabungkan dengan orang lain", "Merged into another person";
    change_withdrawn: "Orang keluar dari jangkauan", "A person left the reach";
    change_doubt_opened: "Keraguan menunggu petugas", "A doubt waits for an officer";
    change_doubt_closed: "Keraguan selesai", "A doubt is settled";
    dead_letters: "Gagal disampaikan", "Given up";
    dead_letters_lead: "Perubahan yang sudah berkali-kali dicoba dan tidak diterima alamat ini.",
        "Changes that were tried again and again and that the address did not take.";
    no_dead_letters: "Tidak ada.", "None.";
    replay: "Kirim ulang", "Tell again";
    replay_all: "Kirim ulang semua", "Tell all again";
    replaying: "Sedang dikirim ulang", "Being told again";
    notice_replayed(count): "{count} perubahan dikirim ulang.", "{count} changes are told again.";
    change_number: "Perubahan", "Change";
    given_up: "Dihentikan pada", "Given up on";
    tries: "Percobaan", "Tries";
    further: "Berikutnya", "Further";
    whole_result: "Seluruh hasil", "The whole result";
}
