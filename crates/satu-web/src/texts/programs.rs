//! The words of the pages about programs that ask over the API.

use std::fmt::Display;

use satu_registry::four_eyes::OPERATOR;
use satu_store::entry::Done;

use super::Lang;

texts! {
    programs: "Program", "Programs";
    programs_lead: "Aplikasi instansi, seperti SIMPEG, yang membaca atau mengirim data lewat API dengan kunci dan rahasianya sendiri.",
        "Agencies' applications, such as a SIMPEG, that read or send data over the API with a key and a secret of their own.";
    programs_shown(count): "{count} program", "{count} programs";
    no_programs: "Belum ada program.", "No program yet.";
    name_or_key: "Nama atau kunci", "Name or key";
    add_program: "Buat program", "Make a program";
    add_program_lead: "Kunci dan rahasianya ditampilkan satu kali, untuk dipasang pengembang instansi pada aplikasinya.",
        "Key and secret are shown once, for the agency's developer to put into the application.";
    program_name_hint: "Nama aplikasinya, misalnya SIMPEG Kota Contoh.", "The application's name, for instance SIMPEG Kota Contoh.";
    program_reach: "Jangkauan", "Reach";
    program_everyone: "Semua instansi", "All agencies";
    program_places_hint: "Satu per baris, seperti tertulis dalam datanya: nama instansi, atau nama instansi > nama unit.",
        "One a line, as records state it: the agency, or the agency > the unit.";
    program_rights: "Hak", "Rights";
    right_read: "Membaca data pegawai; NIK, kontak, dan keluarga disamarkan", "Read records; NIK, contact and family masked";
    right_sensitive: "Membaca data pribadi tanpa samaran; setiap pembacaan dicatat", "Read personal data in full; each look goes on record";
    right_statements: "Mengirim data pegawai", "Send statements";
    right_review: "Menjawab keraguan: orang yang sama atau bukan", "Answer doubts: the same person or not";
    right_changes: "Mengikuti perubahan data", "Follow changes";
    program_purpose: "Tujuan melihat data pribadi", "Purpose of seeing personal data";
    program_purpose_hint: "Wajib bila program membaca data pribadi tanpa samaran; tertulis pada setiap pembacaan.",
        "Required where the program reads personal data in full; stands with each look.";
    program_owner_hint: "Nama pengguna yang bertanggung jawab atas program ini. Ia tidak dapat menyetujui apa yang diusulkan programnya.",
        "The user name of who answers for the program. They cannot approve what it proposes.";
    password_for_secret: "Kata sandi Anda, untuk membuat rahasia", "Your password, to make a secret";
    program_key: "Kunci (client_id)", "Key (client_id)";
    program_secret: "Rahasia (client_secret)", "Secret (client_secret)";
    program_made(name): "Program {name} sudah dibuat", "The program {name} is made";
    program_turned(name): "Rahasia baru untuk {name}", "A new secret for {name}";
    program_secret_once: "Rahasia ini hanya ditampilkan sekarang. Sampaikan langsung kepada pengembangnya; siapa pun yang memegangnya dapat bertindak sebagai program ini.",
        "The secret is shown now and never again. Hand it to the developer alone; whoever holds it can act as this program.";
    program_both_good: "Rahasia sebelumnya tetap berlaku sampai Anda menghapusnya atau membuat rahasia berikutnya, sehingga aplikasi tidak perlu berhenti.",
        "The secret before stays good until you remove it or make the next one, so that the application need not stop.";
    program_secret_approved: "Rahasia baru sudah disetujui. Buat sekarang: rahasianya ditampilkan satu kali.",
        "The new secret is approved. Make it now: it is shown once.";
    program_see: "Lihat program", "See the program";
    program_secrets: "Rahasia yang berlaku", "Secrets that are good";
    program_secret_made(moment): "Dibuat {moment}", "Made {moment}";
    program_secret_newest: "berlaku sampai diganti", "good until replaced";
    program_secret_before: "berlaku sampai dihapus atau rahasia berikutnya dibuat", "good until removed or the next secret is made";
    program_no_secret: "Tidak ada rahasia yang berlaku: program belum atau tidak lagi dapat masuk.", "No secret is good: the program cannot sign in yet, or no longer.";
    program_secret_used(moment): "Terakhir dipakai {moment}.", "Last used {moment}.";
    program_secret_unused: "Belum pernah dipakai.", "Never used.";
    program_nobody: "Tidak ada", "Nobody";
    program_history: "Riwayat", "History";
    program_by: "Oleh", "By";
    program_by_operator: "Operator, lewat baris perintah", "The operator, by the command line";
    program_was_made(name, reach, rights, owner): "Program {name} dibuat untuk {reach}: {rights}. Penanggung jawab: {owner}",
        "The program {name} was made for {reach}: {rights}. Answers for it: {owner}";
    program_was_owned(owner): "Penanggung jawab: {owner}", "Answers for it: {owner}";
    program_was_turned: "Rahasia baru dibuat", "A new secret was made";
    program_was_turned_by(number): "Rahasia baru dibuat atas usulan {number}", "A new secret was made by proposal {number}";
    program_was_freed: "Rahasia lama dan semua token dihapus", "The old secret and all tokens were removed";
    program_was_closed: "Program diakhiri", "The program was ended";
    program_open: "Aktif", "Open";
    program_open_two: "Aktif, dua rahasia", "Open, two secrets";
    program_shut: "Tanpa rahasia", "No secret";
    program_new_secret: "Buat rahasia baru", "Make a new secret";
    program_drop_old: "Hapus rahasia lama", "Remove the old secret";
    program_drop_old_more: "Rahasia lama dan semua token tidak berlaku lagi saat itu juga.", "The old secret and all tokens are useless at once.";
    program_old_dropped: "Rahasia lama dan semua token sudah dihapus.", "The old secret and all tokens are gone.";
    program_close: "Akhiri program", "End the program";
    program_close_more: "Semua rahasia dan token tidak berlaku lagi saat itu juga. Program hidup kembali dengan rahasia baru.",
        "All secrets and tokens are useless at once. A new secret opens the program again.";
    program_closed: "Program sudah diakhiri.", "The program is ended.";
    rights_missing: "Pilih paling sedikit satu hak.", "Choose at least one right.";
    program_places_missing: "Tulis paling sedikit satu dan paling banyak 100 instansi atau unit.", "Give at least one and at most 100 agencies or units.";
    program_purpose_missing: "Pilih tujuannya: program ini membaca data pribadi tanpa samaran.", "Choose the purpose: the program reads personal data in full.";
    program_owner_unknown(login): "Tidak ada akun {login} dalam wilayah kerja Anda.", "There is no account {login} within your places.";
    program_beyond: "Jangkauan itu di luar kewenangan Anda.", "That reach is beyond what you may give.";
}

impl Lang {
    /// What was done to a program; nothing where it was done to something else.
    pub fn program_act(self, done: &Done) -> String {
        match done {
            Done::ProgramMade {
                name,
                rights,
                places,
                owner,
                ..
            } => {
                let reach = match places.as_str() {
                    "" => self.program_everyone().to_owned(),
                    places => places.replace('\n', ", "),
                };
                let owner = match owner.as_str() {
                    "" => self.program_nobody(),
                    owner => owner,
                };
                self.program_was_made(name, reach, rights, owner)
            }
            Done::ProgramOwned { owner, .. } => self.program_was_owned(owner),
            Done::ProgramTurned { proposal: None, .. } => self.program_was_turned().to_owned(),
            Done::ProgramTurned {
                proposal: Some(number),
                ..
            } => self.program_was_turned_by(number),
            Done::ProgramOldDropped { .. } => self.program_was_freed().to_owned(),
            Done::ProgramClosed { .. } => self.program_was_closed().to_owned(),
            Done::TokenMade { .. } | Done::TokenEnded { .. } | Done::TokensEnded { .. } => {
                String::new()
            }
        }
    }

    /// Who did it.
    pub fn program_actor(self, by: String) -> String {
        if by == OPERATOR {
            self.program_by_operator().to_owned()
        } else {
            by
        }
    }
}
