//! The words of the pages by which agencies stay in step: comparing an extract, and notices.

use std::fmt::Display;

use super::Lang;

texts! {
    compare_a_file: "Cocokkan berkas", "Compare a file";
    compare_lead: "Bandingkan berkas pegawai instansi dengan data induk: siapa yang hanya ada di salah satunya, dan nilai mana yang berbeda. Tidak ada yang dicatat.",
        "Hold the agency's personnel file against the golden records: who stands in only one of them, and which values differ. Nothing is recorded.";
    compare_agency: "Instansi pemilik berkas", "Agency whose file it is";
    compare_agency_hint: "Ditulis seperti di kolom instansi induk.", "Written as in the column of the home agency.";
    compare_file_hint(most): "CSV, XLSX, Parquet, atau JSON per baris, paling besar {most}. Setiap baris dicari lewat NIP, lalu NIK, lalu NIP lama.",
        "CSV, XLSX, Parquet or JSON lines, at most {most}. Each row is looked up by NIP, else NIK, else old NIP.";
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
    notices_lead: "Alamat milik program instansi yang dikabari setiap ada perubahan data. Program menambahkannya lewat API.",
        "Addresses of agencies' programs that are told of each change. A program adds one over the API.";
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
    notice_resume: "Coba sekarang", "Try now";
    notice_resumed: "Dicoba lagi sekarang.", "It is tried again now.";
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
