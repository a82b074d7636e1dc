//! How much of a password is left once everything is taken away that a guesser tries first.
//!
//! NIST SP 800-63B-4 (section 3.1.1.2) has new passwords compared with a list of those that are
//! common, expected or compromised, and leaves the list to the verifier. A list of whole passwords
//! of fifteen characters and more would be long and still miss most; what such passwords are made
//! of is short. So the words of that trade are taken away, and with them runs of neighbours on the
//! keyboard or in the alphabet, repetitions, years, and what is known of the account. The rest must
//! be as long as the shortest password that the standard admits beside a second factor.

/// What must be left, in letters and digits (the eight of SP 800-63B-4, 3.1.1.2).
pub const LEFT: usize = 8;
/// The shortest word of an account that is taken away.
const WORD: usize = 3;
/// The shortest run or repetition that is taken away.
const RUN: usize = 3;

/// Rows that fingers run along.
const ROWS: [&str; 5] = [
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
];

/// What passwords are commonly made of, in Indonesian and English; longer words first where one
/// holds another.
const WORDS: &[&str] = &[
    "katasandi",
    "sandi",
    "rahasia",
    "password",
    "passwd",
    "passphrase",
    "pass",
    "secret",
    "changeme",
    "default",
    "letmein",
    "welcome",
    "selamat",
    "datang",
    "administrator",
    "admin",
    "root",
    "super",
    "user",
    "pengguna",
    "login",
    "masuk",
    "guest",
    "tamu",
    "test",
    "tester",
    "contoh",
    "coba",
    "bismillah",
    "alhamdulillah",
    "assalamualaikum",
    "insyaallah",
    "allah",
    "muhammad",
    "indonesia",
    "merdeka",
    "garuda",
    "pancasila",
    "nusantara",
    "republik",
    "negara",
    "jakarta",
    "bandung",
    "surabaya",
    "semarang",
    "medan",
    "makassar",
    "jogja",
    "sayang",
    "sayangku",
    "cinta",
    "cintaku",
    "iloveyou",
    "love",
    "keluarga",
    "bahagia",
    "sukses",
    "semangat",
    "ganteng",
    "cantik",
    "kucing",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "sunshine",
    "princess",
    "master",
    "batman",
    "naruto",
    "liverpool",
    "persib",
    "persija",
    "arema",
    "kosong",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "data",
    "asn",
    "pns",
    "pppk",
    "bkn",
    "bkd",
    "simpeg",
    "walidata",
    "petugas",
    "pegawai",
    "kepegawaian",
    "dinas",
    "kantor",
    "pemerintah",
    "kabupaten",
    "kementerian",
    "provinsi",
    "kota",
    "computer",
    "komputer",
    "internet",
    "qazwsx",
    "abc",
];

/// Letters and digits that are left of a password. `known`: what is known of its account.
pub fn left(password: &str, known: &[&str]) -> usize {
    let text: Vec<char> = password.to_lowercase().chars().collect();
    let spoken: Vec<char> = text.iter().map(|c| letter(*c)).collect();
    let mut taken: Vec<bool> = text.iter().map(|c| !c.is_alphanumeric()).collect();
    take_runs(&text, &mut taken);
    take_years(&text, &mut taken);
    take_repetitions(&text, &mut taken);
    let known = known.iter().flat_map(|one| {
        let lower = one.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric());
        words.map(str::to_owned).collect::<Vec<_>>()
    });
    let words = WORDS.iter().map(|word| (*word).to_owned());
    for word in words.chain(known) {
        let word: Vec<char> = word.chars().collect();
        if word.len() >= WORD {
            take(&text, &word, &mut taken);
            take(&spoken, &word, &mut taken);
        }
    }
    taken.iter().filter(|taken| !**taken).count()
}

/// The letter that a sign is written for.
fn letter(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

fn take(text: &[char], word: &[char], taken: &mut [bool]) {
    for at in 0..text.len().saturating_sub(word.len() - 1) {
        if text[at..].starts_with(word) {
            taken[at..at + word.len()].fill(true);
        }
    }
}

/// One sign again and again, or neighbours in a row, either way.
fn take_runs(text: &[char], taken: &mut [bool]) {
    let step = |one: char, next: char| {
        if one == next {
            return Some(0);
        }
        ROWS.iter().find_map(|row| {
            let (a, b) = (row.find(one)? as i64, row.find(next)? as i64);
            (a.abs_diff(b) == 1).then_some(b - a)
        })
    };
    let mut from = 0;
    while from < text.len() {
        let mut to = from + 1;
        let run = text.get(to).and_then(|next| step(text[from], *next));
        while to < text.len() && run.is_some() && step(text[to - 1], text[to]) == run {
            to += 1;
        }
        if to - from >= RUN {
            taken[from..to].fill(true);
            from = to;
        } else {
            from += 1;
        }
    }
}

/// Years of this century and the last.
fn take_years(text: &[char], taken: &mut [bool]) {
    for at in 0..text.len().saturating_sub(3) {
        let year = &text[at..at + 4];
        let century = matches!(year[..2], ['1', '9'] | ['2', '0']);
        if century && year.iter().all(char::is_ascii_digit) {
            taken[at..at + 4].fill(true);
        }
    }
}

/// What stood in the password before.
fn take_repetitions(text: &[char], taken: &mut [bool]) {
    for at in 0..text.len().saturating_sub(RUN - 1) {
        let part = &text[at..at + RUN];
        if text[..at + RUN - 1]
            .windows(RUN)
            .any(|before| before == part)
        {
            taken[at..at + RUN].fill(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LEFT, left};

    #[test]
    fn what_guessers_try_first_does_not_count() {
        for easy in [
            "passwordpassword",
            "P@ssw0rd1234567",
            "katasandikatasandi",
            "KataSandi2026!!!",
            "qwertyuiopasdfghjkl",
            "111111111111111111",
            "abcabcabcabcabcabc",
            "123456789012345678",
            "zyxwvutsrqponmlkj",
            "rahasia-rahasia-17-08-1945",
            "simpegkotabandung2026",
            "xk3xk3xk3xk3xk3xk3",
            "bismillahbismillah99",
        ] {
            assert!(left(easy, &[]) < LEFT, "{easy}: {}", left(easy, &[]));
        }
        for good in [
            "empat kata yang lepas",
            "jendela kuda biola hujan",
            "Tk9-vQz2.mWp7-Lx4a",
            "gerimis menulis peta lama",
        ] {
            assert!(left(good, &[]) >= LEFT, "{good}: {}", left(good, &[]));
        }
    }

    #[test]
    fn what_is_known_of_the_account_does_not_count() {
        let known = [
            "ani.wulandari",
            "Ani Wulandari",
            "Dinas Perhubungan",
            "198503172010012005",
        ];
        for easy in [
            "aniwulandari-perhubungan",
            "WulandariPerhubungan85",
            "198503172010012005",
            "ani198503172010012005",
        ] {
            assert!(left(easy, &known) < LEFT, "{easy}: {}", left(easy, &known));
        }
        assert!(left("aniwulandari-perhubungan", &[]) >= LEFT);
        assert!(left("jendela kuda biola hujan", &known) >= LEFT);
    }
}
