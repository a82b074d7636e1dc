//! The words of the pages about accounts and signing in.

use std::fmt::Display;

use super::Lang;

texts! {
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

    account_lead: "Akun dan peramban yang sedang masuk.", "Your account and the browsers that are signed in.";
    name: "Nama", "Name";
    role: "Peran", "Role";
    instansi: "Instansi", "Agency";
    nip: "NIP", "NIP";
    sessions: "Sesi yang terbuka", "Open sessions";
    sessions_lead: "Akhiri sesi yang tidak Anda kenal, lalu ganti kata sandi Anda.",
        "End a session you do not recognise, then change your password.";
    device: "Perangkat", "Device";
    since: "Masuk sejak", "Signed in";
    last_seen: "Terakhir dipakai", "Last used";
    action: "Tindakan", "Action";
    this_session: "Sesi ini", "This session";
    end_session: "Akhiri", "End";
    password_to_end: "Kata sandi, untuk mengakhiri sesi", "Your password, to end sessions";
    end_session_of(device): "Akhiri sesi {device}", "End the session of {device}";
    session_ended: "Sesi itu sudah diakhiri.", "That session has been ended.";
    end_other_sessions: "Akhiri semua sesi lain", "End all other sessions";
    sessions_ended: "Semua sesi lain sudah diakhiri.", "All other sessions have been ended.";
    unknown_device: "Perangkat tak dikenal", "Unknown device";
    address: "Alamat", "Address";
    second_factor: "Faktor kedua", "Second factor";
    code_now: "Kode", "Code";
    code_hint: "Enam angka dari aplikasi autentikator Anda, atau satu kode pemulihan.",
        "The six digits in your authenticator app, or one recovery code.";
    code_wrong: "Kodenya salah, sudah dipakai, atau sudah lewat. Tunggu kode berikutnya lalu coba lagi.",
        "The code is wrong, used already, or too old. Wait for the next one and try again.";
    code_lost: "Ponsel dan kode pemulihan hilang? Minta walidata pusat melepas faktor kedua Anda.",
        "Lost the phone and the recovery codes? Ask the central data officer to take your second factor off.";
    tokens: "Token pribadi", "Personal tokens";
    tokens_lead: "Dengan token, aplikasi yang terhubung seperti ke SIASN bertindak atas nama Anda tanpa kata sandi Anda.",
        "With a token an application that is connected as to SIASN acts in your name without your password.";
    token: "Token", "Token";
    token_for: "Untuk aplikasi", "For the application";
    token_for_hint: "Misalnya SIMPEG Kota Contoh.", "For instance SIMPEG Kota Contoh.";
    token_days(most): "Berlaku berapa hari (paling lama {most})", "Good for how many days (at most {most})";
    token_days_wrong(most): "Tulis 1 sampai {most} hari.", "Give 1 to {most} days.";
    password_for_token: "Kata sandi Anda, untuk membuat atau mengakhiri token", "Your password, to make or end a token";
    make_token: "Buat token", "Make a token";
    token_made(name): "Token untuk {name}", "Token for {name}";
    token_made_lead(moment): "Berlaku sampai {moment}.", "Good until {moment}.";
    token_made_more: "Token ini hanya ditampilkan sekarang. Pasang pada aplikasinya; siapa pun yang memegangnya dapat bertindak atas nama Anda.",
        "The token is shown now and never again. Put it into the application; whoever holds it can act in your name.";
    tokens_good: "Token yang berlaku", "Tokens that are good";
    no_tokens: "Belum ada token.", "No token yet.";
    token_of_password: "Masuk dengan kata sandi", "Signed in with the password";
    token_made_on: "Dibuat", "Made";
    token_until: "Berlaku sampai", "Good until";
    end_token_of(name): "Akhiri token {name}", "End the token {name}";
    token_ended: "Token itu sudah diakhiri.", "That token has been ended.";
    change_password: "Ganti kata sandi", "Change the password";
    change_password_lead: "Semua sesi lain akan berakhir.", "All other sessions will end.";
    password_now: "Kata sandi sekarang", "Present password";
    password_new: "Kata sandi baru", "New password";
    password_rules(shortest): "Paling sedikit {shortest} karakter; beberapa kata yang tidak berhubungan paling mudah diingat. Nama Anda, kata umum, tahun, dan deretan tombol tidak dihitung.",
        "At least {shortest} characters; a few unrelated words are easiest to remember. Your name, common words, years and runs of keys do not count.";
    password_again: "Kata sandi baru sekali lagi", "The new password again";
    password_changed: "Kata sandi sudah diganti, dan sesi lain sudah diakhiri.", "The password is changed, and other sessions have ended.";
    password_wrong: "Kata sandi sekarang salah.", "The present password is wrong.";
    passwords_differ: "Kedua kata sandi baru berbeda. Ketik ulang keduanya.", "The two new passwords differ. Type both again.";
    password_short(shortest): "Kata sandi baru kurang dari {shortest} karakter.", "The new password has fewer than {shortest} characters.";
    password_long: "Kata sandi baru terlalu panjang.", "The new password is too long.";
    password_guessable: "Kata sandi baru mudah ditebak: selain kata umum, tahun, deretan tombol, dan nama Anda, terlalu sedikit yang tersisa.",
        "The new password is easy to guess: beside common words, years, runs of keys and your own names, too little is left.";
    password_breached: "Kata sandi ini pernah bocor dari situs lain. Pilih yang lain.", "This password was found in a breach of another site. Choose another one.";
    choose_password: "Pilih kata sandi", "Choose a password";
    choose_password_lead(name, login): "{name}, nama pengguna Anda {login}. Tautan ini hanya berlaku sekali.",
        "{name}, your user name is {login}. This link works once.";
    first_account: "Akun pertama", "The first account";
    first_account_lead: "Akun ini mengelola semua akun lain dan melihat data semua instansi. Tautan ini hanya berlaku sekali.",
        "This account administers all others and sees the data of all agencies. This link works once.";
    login_rules: "Nama pengguna: 3 sampai 64 huruf, angka, titik, tanda hubung, garis bawah, atau @.",
        "User name: 3 to 64 letters, digits, dots, hyphens, underscores or @.";
    login_taken(login): "Nama pengguna {login} sudah dipakai. Pilih yang lain.", "The user name {login} is taken. Choose another one.";
    name_missing: "Tulis namanya.", "Give the name.";
    instansi_missing: "Tulis instansi atau unitnya; akun ini hanya menjangkau yang ditulis.", "Give the agency or the unit; the account reaches what is written and no more.";
    places_too_many(count): "{count} wilayah kerja terlalu banyak; paling banyak 100. Tulis instansinya saja sebagai ganti unit-unitnya.",
        "{count} places are too many; 100 is the most. Give an agency in place of its units.";
    role_above: "Peran atau wilayah kerja itu di luar kewenangan Anda.", "That role or place is beyond what you may give.";
    nip_wrong: "NIP itu tidak benar; 18 angka.", "That is no NIP; it has 18 digits.";
    save: "Simpan", "Save";
    link_used: "Tautan tidak berlaku", "The link is not valid";
    link_used_more: "Tautan ini sudah dipakai atau sudah lewat waktunya. Minta yang baru kepada walidata pusat.",
        "This link was used already or has run out. Ask the central data officer for a new one.";
    users: "Pengguna", "Users";
    users_lead: "Siapa yang dapat masuk, dan data siapa yang dilihatnya.", "Who can sign in, and whose data they see.";
    users_shown(count): "{count} akun", "{count} accounts";
    login_or_name: "Nama pengguna atau nama", "User name or name";
    state: "Keadaan", "State";
    account_open: "Aktif", "Active";
    account_invited(moment): "Tautan berlaku sampai {moment}", "Link valid until {moment}";
    account_shut: "Ditutup", "Closed";
    with_second_factor: "dengan faktor kedua", "with a second factor";
    change: "Ubah", "Change";
    make_link: "Tautan kata sandi", "Password link";
    take_factor_off: "Lepas faktor kedua", "Take the second factor off";
    close_account: "Tutup akun", "Close the account";
    end_sessions: "Akhiri semua sesi", "End all sessions";
    sessions_of_ended(login): "Semua sesi akun {login} sudah diakhiri.", "All sessions of {login} have ended.";
    account_closed(login): "Akun {login} sudah ditutup, dan sesinya sudah diakhiri.", "The account {login} is closed, and its sessions have ended.";
    factor_taken_off(login): "Faktor kedua akun {login} sudah dilepas.", "The second factor of {login} has been taken off.";
    invite: "Undang pengguna", "Invite a user";
    invite_lead: "Akun dibuat tanpa kata sandi. Anda mendapat tautan untuk diberikan kepada pemiliknya, yang lalu memilih kata sandinya sendiri.",
        "The account is made without a password. You get a link to hand to its owner, who then chooses the password.";
    places: "Wilayah kerja", "Places";
    places_hint: "Untuk petugas data dan pengelola akun, satu per baris, seperti tertulis dalam datanya: nama instansi, atau nama instansi > nama unit. Unit mencakup semua unit di bawahnya.",
        "For a data officer or an account administrator, one a line, as records state it: the agency, or the agency > the unit. A unit holds all units below it.";
    change_role: "Peran dan wilayah kerja", "Role and places";
    change_role_lead(name, login): "{name} ({login}). Perubahan berlaku sejak halaman berikutnya yang dibuka.", "{name} ({login}). The change holds from the next page that is opened.";
    role_changed(login): "Peran dan wilayah kerja {login} sudah diubah.", "Role and places of {login} are changed.";
    nip_hint: "NIP 18 angka: wajib untuk ASN; untuk petugas, NIP pemegang akun, agar dua akun satu orang dikenali.", "The NIP of 18 digits: required for a civil servant; for an officer, of who holds the account, so that two accounts of one person are known.";
    make_account: "Buat akun", "Make the account";
    link: "Tautan", "Link";
    link_made: "Tautan sekali pakai", "Single-use link";
    link_made_lead(name, login, moment): "Untuk {name} ({login}), berlaku sekali, sampai {moment}.", "For {name} ({login}), good once, until {moment}.";
    link_made_more: "Tautan ini hanya ditampilkan sekarang. Sampaikan langsung kepada pemiliknya; siapa pun yang memegangnya dapat memilih kata sandi akun ini.",
        "The link is shown now and never again. Hand it to its owner alone; whoever holds it can choose this account's password.";
    half_link_lead(name, login, proposal): "Untuk {name} ({login}). Baru berlaku setelah orang kedua menyetujui usulan {proposal}; ia mendapat kode yang diminta tautan ini.",
        "For {name} ({login}). Good once a second person approves proposal {proposal}; they get the code that this link asks for.";
    half_link_more: "Tautan ini hanya ditampilkan sekarang. Sampaikan langsung kepada pemiliknya; kodenya disampaikan oleh yang menyetujui, bukan melalui Anda.",
        "The link is shown now and never again. Hand it to its owner; the code is told by who approves, not through you.";
    password_forgotten: "Pemilik akun memerlukan kata sandi baru", "The account's owner needs a new password";
    link_code: "Kode", "Code";
    link_code_hint: "12 angka atau huruf dari orang yang menyetujui tautan ini.", "12 digits or letters from who approved this link.";
    link_code_wrong: "Kode salah, usulannya belum disetujui, atau tautannya sudah dipakai atau lewat waktunya.", "The code is wrong, the proposal is not approved yet, or the link was used or has run out.";
    half_password_lead: "Tautan ini hanya berlaku sekali, bersama kode dari orang yang menyetujuinya.", "This link works once, with the code of who approved it.";
    link_code_made: "Kode untuk tautan", "Code for the link";
    link_code_made_lead(name, login, moment): "Sampaikan sendiri kepada {name} ({login}), berlaku sekali, sampai {moment}. Tautannya ada pada pengusul.",
        "Tell it to {name} ({login}) yourself; good once, until {moment}. Who proposed it has the link.";
    link_code_made_more: "Kode ini hanya ditampilkan sekarang. Jangan sampaikan melalui pengusul: dengan keduanya akun itu terbuka baginya.",
        "The code is shown now and never again. Do not tell it through who proposed: with both parts the account is open to them.";
    too_few_central: "Akun itu tidak ditutup: keputusan penting memerlukan dua akun pusat milik dua orang yang dapat masuk. Undang akun pusat lain dahulu.",
        "The account was not closed: decisions that matter need two central accounts of two persons that can sign in. Invite another central account first.";
    second_lead: "Selain kata sandi, saat masuk Anda memasukkan kode dari aplikasi autentikator di ponsel. Pindai gambar ini dengan aplikasi itu.",
        "Beside the password you then enter a code from an authenticator app on your phone. Scan this picture with the app.";
    second_required: "Peran Anda memerlukan faktor kedua. Pasang dahulu untuk melanjutkan.", "Your role needs a second factor. Set it up to go on.";
    qr_label: "Kode QR berisi kunci; kunci yang sama tertulis di bawah", "QR code that holds the key; the same key is written below";
    secret_typed: "Atau ketik kunci ini:", "Or type this key:";
    code_first_hint: "Enam angka yang sekarang ditampilkan aplikasi.", "The six digits that the app shows now.";
    second_take: "Pasang", "Turn on";
    second_taken: "Faktor kedua sudah terpasang.", "The second factor is on.";
    second_on: "Faktor kedua terpasang: saat masuk diminta kode dari aplikasi autentikator Anda.",
        "The second factor is on: signing in asks for a code from your authenticator app.";
    second_off: "Lepas faktor kedua", "Turn the second factor off";
    second_anew: "Ganti ponsel atau kode pemulihan habis? Lepas dahulu, lalu pasang lagi.",
        "A new phone, or no recovery codes left? Turn it off first, then on again.";
    second_set_up: "Pasang faktor kedua", "Set up a second factor";
    second_removed: "Faktor kedua sudah dilepas.", "The second factor is off.";
    codes_left(count): "Kode pemulihan yang tersisa: {count}.", "Recovery codes left: {count}.";
    recovery_codes: "Kode pemulihan", "Recovery codes";
    recovery_codes_lead: "Bila ponsel Anda hilang, satu kode menggantikan kode dari aplikasi, masing-masing satu kali. Catat atau cetak sekarang; kode ini tidak ditampilkan lagi.",
        "If your phone is lost, one of these stands in for the app's code, each once. Write them down or print them now; they are not shown again.";
    recovery_codes_kept: "Sudah saya simpan", "I have kept them";
}
