//! The words that programs, and those who write them, are given.

use std::fmt::Display;

use super::Lang;

texts! {
    api_reference: "Antarmuka untuk aplikasi (API)", "Interface for programs (API)";
    api_lead: "Untuk pengembang di instansi: alamat, parameter, dan hak yang diperlukan.", "For developers in agencies: addresses, parameters and the rights they need.";
    api_token_more: "Kunci dan rahasia aplikasi, yang dibuat walidata pusat atau pengelola akun instansi, ditukar dengan token di", "A program's key and secret, made by the central data officer or the agency's account administrator, give a token at";
    api_parameters: "Parameter", "Parameters";
    api_body: "Isi", "Body";
    api_answers: "Jawaban", "Answers";
    api_rights: "Hak", "Rights";
    api_unauthorized: "Token tidak ada, salah, atau sudah lewat waktunya", "There is no token, or it is wrong, or it ran out";
    api_unauthorized_more: "Minta token baru di /oauth2/token, lalu kirim sebagai Authorization: Bearer.",
        "Ask for a new token at /oauth2/token and send it as Authorization: Bearer.";
    api_right: "Aplikasi ini tidak mempunyai hak yang diperlukan", "This program lacks a right";
    api_right_more: "Minta walidata pusat menambahkan hak itu, atau sebutkan dalam scope saat meminta token.",
        "Have the central data officer add the right, or name it in scope when asking for the token.";
    api_not_found: "Tidak ditemukan", "Not found";
    api_not_found_more: "Tidak ada, atau di luar jangkauan aplikasi ini.", "There is no such thing, or it is outside this program's reach.";
    api_invalid: "Permintaan tidak sesuai", "The request does not fit";
    api_invalid_more: "Periksa parameter atau isian yang disebut, lalu kirim lagi.", "Check the parameter or field named, and send it again.";
    api_unknown: "Parameter ini tidak dikenal di alamat ini", "This address does not know this parameter";
    api_unknown_more: "Periksa ejaannya; /api menyebut parameter setiap alamat. Yang tidak dikenal tidak dilewati diam-diam.", "Check its spelling; /api names the parameters of each address. What is not known is not passed over in silence.";
    api_unfit: "Permintaan terbaca, tetapi isinya tidak dapat diterima", "The request can be read, and what it says cannot be taken";
    api_unfit_more: "Lihat bagian yang disebut dan alasannya, perbaiki, lalu kirim lagi.", "See the part named and the reason, mend it and send it again.";
    why_missing: "Ini harus diisi.", "This must be given.";
    why_twice: "Ini disebut dua kali.", "This is given twice.";
    why_unknown: "Isian ini tidak dikenal; periksa ejaannya.", "There is no such field; check its spelling.";
    why_no_object: "Kirim satu objek JSON: {...}.", "Send one JSON object: {...}.";
    why_no_json(line, column): "Bukan JSON yang benar, di baris {line} kolom {column}.", "This is no JSON, at line {line} column {column}.";
    why_form: "Bentuknya bukan yang disebut dokumen OpenAPI.", "It has not the form that the OpenAPI document tells.";
    why_text: "Memuat karakter nol, atau byte yang bukan UTF-8.", "It holds a null character, or bytes that are not UTF-8.";
    why_broken_off: "Isinya terputus, atau tidak dapat dibuka.", "It broke off, or cannot be unpacked.";
    why_whole: "Tulis bilangan bulat.", "Write a whole number.";
    why_range(least, most): "Tulis bilangan bulat dari {least} sampai {most}.", "Write a whole number from {least} to {most}.";
    why_cursor: "Tulis seperti yang disebut next dalam jawaban sebelumnya.", "Write it as next in the answer before says.";
    why_place: "Tulis seperti yang disebut cursor atau id dalam jawaban sebelumnya.", "Write it as cursor or id in an answer before says.";
    why_day: "Tulis tanggal sebagai YYYY-MM-DD.", "Write the day as YYYY-MM-DD.";
    why_late: "Tanggal itu belum tiba.", "The day is yet to come.";
    why_one_of(names): "Pilih dari: {names}.", "Choose of: {names}.";
    why_no_column(name): "{name} bukan kolom data_utama.", "{name} is no column of data_utama.";
    why_no_source(code): "{code} bukan sumber dalam jangkauan aplikasi ini.", "{code} is no source within this program's reach.";
    why_no_agency(name): "{name} bukan instansi dalam jangkauan aplikasi ini.", "{name} is no agency within this program's reach.";
    why_search_alone: "Pencarian dengan q tidak digabung dengan nip, nik, dan cursor.", "A search by q is asked without nip, nik and cursor.";
    why_file_name: "Tulis nama berkas, tanpa foldernya.", "Give the file's name, without its folder.";
    why_other_bytes: "Isi yang sampai mempunyai SHA-256 yang lain.", "The bytes that arrived have another SHA-256.";
    why_stopped: "Berkas ini tidak dapat diperiksa sampai selesai.", "The check of this file ended before its time.";
    why_empty: "Tidak ada isinya.", "It says nothing.";
    why_metadata: "Tulis pasangan nama dan nilai dalam base64, dipisahkan koma.", "Give names and values in base64, with commas between.";
    why_part_gone: "Sebagian berkas ini tidak ada lagi; kirim lagi.", "A part of it is gone: send it again.";
    why_unreadable: "Yang tersimpan tidak terbaca lagi; kirim lagi.", "What is kept of it can no longer be read: send it again.";
    why_may_not_send: "Aplikasi ini tidak lagi boleh mengirim.", "The program may no longer send.";
    why_key(most): "Tulis 1 sampai {most} huruf, angka, dan tanda.", "Give 1 to {most} letters, digits and signs.";
    why_no_url: "Tulis https://HOST/JALUR, tanpa nama pengguna dan tanpa fragmen.", "Give https://HOST/PATH, without a user name and without a fragment.";
    why_only_https: "Hanya https yang dipanggil.", "Only https is called.";
    why_private: "Host itu bukan alamat di jaringan terbuka.", "The host is an address that is not of the open network.";
    why_many(most): "Paling banyak {most} alamat.", "At most {most} addresses.";
    api_method: "Metode tidak diterima di alamat ini", "The address does not take this method";
    api_method_more: "Lihat metode yang diterima dalam kepala Allow.", "The header Allow says which it takes.";
    api_conflict: "Bertentangan dengan keadaan sekarang", "In conflict with the present state";
    api_conflict_more: "Permintaan yang sama masih dikerjakan, atau isinya tidak cocok lagi dengan keadaan sekarang. Tunggu, lalu baca lagi keadaannya.",
        "The same request is still being worked on, or it no longer fits the present state. Wait, then read the state again.";
    api_uploads: "Terlalu banyak berkas belum selesai", "Too many files are on the way";
    api_uploads_more: "Aplikasi ini sudah mempunyai lima berkas yang belum sampai seluruhnya atau menunggu diterima (GET /api/v1/uploads). Lanjutkan salah satunya, tunggu, atau batalkan dengan DELETE; yang belum sampai seluruhnya dan sudah satu jam tidak bertambah memberi tempat dengan sendirinya.",
        "This program has five files already that have not arrived whole, or wait to be taken in (GET /api/v1/uploads). Go on with one, wait, or give one up by DELETE; one that has not arrived whole and not grown for an hour gives way by itself.";
    api_reused: "Kunci idempotensi ini sudah dipakai untuk permintaan lain", "This idempotency key was used for another request";
    api_reused_more: "Kirim dengan Idempotency-Key yang baru.", "Send it with a new Idempotency-Key.";
    api_other_feed: "Tempat baca ini tidak ada lagi", "This place in the changes is gone";
    api_other_feed_more: "Register dipulihkan dari cadangan, diperbarui, atau memang register lain. Mulailah dari awal: baca tanpa after, perbarui data Anda, dan hapus orang yang tidak ada di dalamnya.", "The register was restored from a backup, is of another version, or is another register. Begin anew: read without after, update what you hold, and drop whoever is not in it.";
    api_precondition: "Sudah berubah sejak dibaca", "Changed since it was read";
    api_precondition_more: "Baca lagi, lalu kirim dengan ETag yang baru.", "Read it again and send the new ETag.";
    api_tus: "Versi tus ini tidak dikenal di sini", "This version of tus is not spoken here";
    api_tus_more: "Kirim kepala Tus-Resumable dengan versi yang disebut kepala Tus-Version.", "Send the header Tus-Resumable with a version that the header Tus-Version names.";
    api_media_type: "Jenis isi ini tidak diterima", "This kind of content is not taken";
    api_media_type_more: "Kirim jenis yang disebut dokumentasi untuk alamat ini.", "Send a kind that the documentation names for this address.";
}
