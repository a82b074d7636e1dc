//! The words of signing in through a provider.

use std::fmt::Display;

use super::Lang;

texts! {
    sso_or: "atau", "or";
    sso_sign_in(name): "Masuk dengan {name}", "Sign in with {name}";
    sso_away(name): "{name} sedang tidak dapat dihubungi", "{name} cannot be reached right now";
    sso_away_more(name): "{name} tidak menjawab. Coba lagi beberapa saat lagi, atau masuk dengan nama pengguna dan kata sandi bila Anda mempunyainya.",
        "{name} does not answer. Try again in a while, or sign in with your user name and password if you have them.";
    sso_refused: "Belum dapat masuk", "You are not signed in";
    sso_not_linked: "Belum tertaut", "Not linked yet";
    sso_late: "Waktu untuk masuk sudah habis, atau proses ini dimulai di peramban lain. Mulai lagi dari awal.",
        "Signing in took too long, or was begun in another browser. Begin again.";
    sso_cancelled(name): "Proses masuk di {name} tidak diselesaikan. Mulai lagi bila Anda ingin masuk.",
        "Signing in at {name} was not completed. Begin again if you want to sign in.";
    sso_invalid(name): "Jawaban dari {name} tidak sah, jadi kami tidak menerimanya. Coba lagi; bila terulang, beri tahu walidata instansi Anda.",
        "The answer from {name} is not valid, so we did not take it. Try again; if it happens again, tell your agency's data officer.";
    sso_unlinked(name): "Akun {name} Anda belum ditautkan dengan akun di sini. Masuk dengan kata sandi, lalu tautkan lewat halaman Akun saya.",
        "Your account at {name} is not linked with one here. Sign in with your password, then link it on the page My account.";
    sso_roleless(name): "Menurut {name}, Anda tidak mempunyai peran di sini. Hubungi walidata instansi Anda.",
        "According to {name} you have no role here. Contact your agency's data officer.";
    sso_closed: "Akun Anda sudah ditutup. Hubungi walidata instansi Anda.", "Your account is closed. Contact your agency's data officer.";
    sso_login(name): "Nama pengguna Anda di {name} sudah dipakai di sini atau tidak dapat dipakai. Hubungi walidata instansi Anda.",
        "Your user name at {name} is taken here, or cannot be used. Contact your agency's data officer.";
    sso_other_role(name): "Peran akun ini berbeda dari peran Anda menurut {name}, jadi keduanya tidak ditautkan. Hubungi walidata instansi Anda.",
        "The role of this account differs from your role according to {name}, so they were not linked. Contact your agency's data officer.";
    sso_taken(name): "Akun ini, atau akun {name} Anda, sudah ditautkan dengan yang lain.", "This account, or your account at {name}, is linked with another already.";
    sso_again(name): "Akun ini tidak mempunyai kata sandi. Keluar dari sini dan dari {name}, masuk lagi dengannya, lalu ulangi dalam 10 menit.",
        "This account has no password. Sign out here and at {name}, sign in again with it, then repeat this within 10 minutes.";
    sso_link(name): "Tautkan dengan {name}", "Link with {name}";
    sso_link_lead(name): "Setelah ditautkan, Anda dapat masuk dengan akun {name} Anda tanpa mengetik kata sandi di sini.",
        "Once linked, you can sign in with your account at {name}, without typing a password here.";
    sso_go_lead(name): "Anda akan berpindah ke {name}. Masuk di sana dengan akun Anda sendiri.",
        "You will go to {name}. Sign in there with your own account.";
    sso_go(name): "Lanjut ke {name}", "Go on to {name}";
    sso_linked: "Akun Anda sudah ditautkan.", "Your account is linked.";
    sso_ended: "Tautan sudah dilepas.", "The link has ended.";
    sso_since(name, since): "Akun ini tertaut dengan {name} sejak {since}.", "This account has been linked with {name} since {since}.";
    sso_unlink: "Lepas tautan", "End the link";
    sso_only(name): "Akun ini hanya dapat dimasuki dengan {name}: tidak ada kata sandi.", "This account is signed in to with {name} alone: it has no password.";
    sso_left: "Anda sudah keluar", "You are signed out";
    sso_left_lead(name): "Anda mungkin masih masuk di {name}. Bila komputer ini dipakai bersama, keluarlah dari sana juga.",
        "You may still be signed in at {name}. If others use this computer, sign out there too.";
    sso_leave(name): "Keluar juga dari {name}", "Sign out of {name} too";
}
