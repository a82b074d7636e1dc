//! The words that programs, and those who write them, are given.

use super::Lang;

texts! {
    api_reference: "Antarmuka untuk aplikasi (API)", "Interface for programs (API)";
    api_lead: "Untuk pengembang di instansi: alamat, parameter, dan hak yang diperlukan.", "For developers in agencies: addresses, parameters and the rights they need.";
    api_token_more: "Kunci dan rahasia aplikasi, yang dibuat walidata pusat atau pengelola akun instansi, ditukar dengan token di", "A program's key and secret, made by the central data officer or the agency's account administrator, give a token at";
    api_address: "Alamat", "Address";
    api_what: "Kegunaan", "What it does";
    api_parameters: "Parameter", "Parameters";
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
    api_method: "Metode tidak diterima di alamat ini", "The address does not take this method";
    api_method_more: "Lihat metode yang diterima dalam kepala Allow.", "The header Allow says which it takes.";
    api_conflict: "Bertentangan dengan keadaan sekarang", "In conflict with the present state";
    api_conflict_more: "Permintaan yang sama masih dikerjakan, atau isinya tidak cocok lagi dengan keadaan sekarang. Tunggu, lalu baca lagi keadaannya.",
        "The same request is still being worked on, or it no longer fits the present state. Wait, then read the state again.";
    api_uploads: "Terlalu banyak berkas belum selesai dikirim", "Too many files have not arrived whole";
    api_uploads_more: "Aplikasi ini sudah mempunyai lima berkas yang belum sampai seluruhnya (GET /api/v1/uploads). Lanjutkan salah satunya, atau batalkan dengan DELETE; yang sudah satu jam tidak bertambah memberi tempat dengan sendirinya.",
        "This program has five files already that have not arrived whole (GET /api/v1/uploads). Go on with one, or give it up by DELETE; one that has not grown for an hour gives way by itself.";
    api_reused: "Kunci idempotensi ini sudah dipakai untuk permintaan lain", "This idempotency key was used for another request";
    api_reused_more: "Kirim dengan Idempotency-Key yang baru.", "Send it with a new Idempotency-Key.";
    api_precondition: "Sudah berubah sejak dibaca", "Changed since it was read";
    api_precondition_more: "Baca lagi, lalu kirim dengan ETag yang baru.", "Read it again and send the new ETag.";
    api_tus: "Versi tus ini tidak dikenal di sini", "This version of tus is not spoken here";
    api_tus_more: "Kirim kepala Tus-Resumable dengan versi yang disebut kepala Tus-Version.", "Send the header Tus-Resumable with a version that the header Tus-Version names.";
    api_media_type: "Jenis isi ini tidak diterima", "This kind of content is not taken";
    api_media_type_more: "Kirim jenis yang disebut dokumentasi untuk alamat ini.", "Send a kind that the documentation names for this address.";
}
