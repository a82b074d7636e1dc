//! Accounts on the command line: no account has a password that nobody chose.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

use crate::{people, ran, satu};

pub const PASSWORD: &str = "jendela kuda biola hujan";
/// SHA-1 of that, as `printf 'jendela kuda biola hujan' | sha1sum` writes it.
const SHA1: &str = "6988BA139416A83A5BB39FF061031E57B49E589A";

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs a command that reads a password; its exit code and what it says.
pub fn given(folder: &Path, arguments: &[&str], password: &str) -> (Option<i32>, String) {
    let mut child = satu(folder, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let typed = format!("{password}\n");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(typed.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(told).unwrap())
}

fn said(folder: &Path, arguments: &[&str]) -> String {
    String::from_utf8(ran(folder, arguments, 0).stdout).unwrap()
}

#[test]
fn passwords_are_chosen_and_held_to_the_rules() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let add = [
        "account",
        "add",
        "pusat",
        "--role",
        "walidata",
        "--name",
        "Contoh Pusat",
    ];
    for (password, says) in [
        ("", "fewer than 15"),
        ("empat belas hr", "fewer than 15"),
        ("pusatcontohpusat2026", "easy to guess"),
    ] {
        let (code, told) = given(at, &add, password);
        assert!(code == Some(2) && told.contains(says), "{told}");
    }
    let file = at.join("sha1.txt");
    std::fs::write(&file, format!("{SHA1}:3\n")).unwrap();
    let file = file.to_string_lossy().into_owned();
    let held = [&add[..], &["--breached", &file]].concat();
    let (code, told) = given(at, &held, PASSWORD);
    assert!(code == Some(2) && told.contains("breach"), "{told}");
    let (code, told) = given(at, &held, "hujan biola kuda jendela");
    assert!(code == Some(0), "{told}");
    let none = [
        &["account", "password", "pusat"][..],
        &["--breached", "tiada.txt"],
    ]
    .concat();
    assert_eq!(given(at, &none, PASSWORD).0, Some(2));
    let (code, told) = given(at, &["account", "password", "pusat"], PASSWORD);
    assert!(code == Some(0), "{told}");

    // An invited account has none, and a closed one has none any more.
    let invite = [
        "account",
        "invite",
        "kota",
        "--role",
        "officer",
        "--instansi",
        "Kota Contoh",
        "--name",
        "Contoh Kota",
        "--site",
        "https://satu.example",
    ];
    let link = said(at, &invite);
    let token = link
        .trim()
        .strip_prefix("https://satu.example/tautan/")
        .unwrap();
    assert!(token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let grant = [
        "account",
        "grant",
        "kota",
        "--role",
        "officer",
        "--instansi",
        "Kota Contoh > Dinas Kesehatan",
        "--instansi",
        "Kota Lain",
    ];
    let given_places = "Kota Contoh > Dinas Kesehatan; Kota Lain\n";
    assert_eq!(said(at, &grant), format!("kota is officer {given_places}"));
    assert!(said(at, &["account", "list"]).contains(given_places));
    let nowhere = ran(at, &["account", "grant", "kota", "--role", "admin"], 2);
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("--instansi"));
    let state = |login: &str| {
        let list = said(at, &["account", "list"]);
        let line = list.lines().find(|line| line.starts_with(login)).unwrap();
        line.split_whitespace().nth(2).unwrap().to_owned()
    };
    assert_eq!(
        (state("pusat"), state("kota")),
        ("password".into(), "invited".into())
    );
    ran(at, &["account", "close", "kota"], 0);
    assert_eq!(state("kota"), "closed");
    assert!(said(at, &["account", "reset", "kota"]).starts_with("http://127.0.0.1:8017/tautan/"));
    assert_eq!(state("kota"), "invited");
    assert!(said(at, &["account", "forget-factor", "kota"]).contains("no second factor"));
    assert_eq!(
        said(at, &["account", "end-sessions", "--all"]),
        "0 sessions ended\n"
    );
    ran(at, &["account", "end-sessions"], 2);
    for command in ["reset", "close", "forget-factor", "end-sessions"] {
        ran(at, &["account", command, "tiada"], 2);
    }
    // The link itself is kept nowhere.
    let held = std::fs::read_dir(at)
        .unwrap()
        .flat_map(|file| std::fs::read(file.unwrap().path()));
    for bytes in held {
        assert!(
            !bytes
                .windows(token.len())
                .any(|part| part == token.as_bytes())
        );
    }
}

/// One request over a connection of its own; the whole answer.
pub fn asked(address: &str, method: &str, path: &str, cookie: &str, form: &str) -> String {
    let mut connection = TcpStream::connect(address).unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nCookie: {cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_first_run_prints_one_link_that_makes_the_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("a.csv"), people(0..3)).unwrap();
    ran(at, &["intake", "a.csv", "--source", "a"], 0);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = port.local_addr().unwrap().to_string();
    drop(port);
    let serve = || {
        let mut child = satu(at, &["serve", "--listen", &address])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let running = Running(child);
        let mut told = Vec::new();
        while !told.iter().any(|line: &String| line.contains("Ctrl-C")) {
            told.push(lines.next().unwrap().unwrap());
        }
        (running, told, lines)
    };
    let (server, told, mut log) = serve();
    let base = format!("http://{address}");
    let links: Vec<&str> = told
        .iter()
        .filter_map(|line| line.trim().strip_prefix(&base))
        .collect();
    let link = *links
        .iter()
        .find(|link| link.starts_with("/tautan/"))
        .unwrap();
    let page = asked(&address, "GET", link, "", "");
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("<h1>Akun pertama</h1>"),
        "{page}"
    );
    assert!(!page.to_lowercase().contains("\r\nserver:"), "{page}");
    let between = |before: &str, after: char| {
        let rest = page.split(before).nth(1).unwrap();
        rest.split(after).next().unwrap()
    };
    let form = format!(
        "tanda={}&nama=pertama&nama_lengkap=Contoh&baru={PASSWORD}&ulang={PASSWORD}",
        between("name=\"tanda\" value=\"", '"')
    );
    let cookie = between("set-cookie: ", ';');
    let made = asked(&address, "POST", link, cookie, &form.replace(' ', "+"));
    assert!(made.starts_with("HTTP/1.1 303"), "{made}");
    // Who chose a password is logged, and the password is not.
    let line = log.next().unwrap().unwrap();
    assert!(
        line.contains("pertama") && !line.contains("biola"),
        "{line}"
    );
    drop(server);
    assert!(said(at, &["account", "list"]).starts_with("pertama "));
    // With an account there is no such link.
    let (_server, told, _) = serve();
    assert!(
        !told.iter().any(|line| line.contains("/tautan/")),
        "{told:?}"
    );
}

#[test]
fn roles_and_wide_programs_wait_once_two_are_needed() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let add = |login: &'static str, nip: &'static str| {
        let words = [
            "account",
            "add",
            login,
            "--role",
            "walidata",
            "--name",
            "Contoh Nama",
        ];
        let mut words = words.to_vec();
        words.extend(["--nip", nip]);
        let (code, told) = given(at, &words, PASSWORD);
        assert!(code == Some(0), "{told}");
    };
    add("satu", "198503172010012005");
    let alone = ran(at, &["four-eyes", "on"], 2);
    assert!(String::from_utf8_lossy(&alone.stderr).contains("two central accounts"));
    add("satu.lagi", "198503172010012005");
    ran(at, &["four-eyes", "on"], 2);
    add("dua", "199001012015011001");
    assert_eq!(said(at, &["four-eyes", "show"]), "off\n");
    let on = said(at, &["four-eyes", "on", "--records", "7"]);
    assert_eq!(on, "on: a second person for more than 7 records\n");
    assert_eq!(said(at, &["four-eyes", "show"]), on);

    let invite = [
        "account",
        "invite",
        "kota",
        "--role",
        "officer",
        "--instansi",
        "Kota",
        "--name",
        "Kota",
    ];
    let unsaid = ran(at, &invite, 2);
    assert!(String::from_utf8_lossy(&unsaid.stderr).contains("--reason"));
    let waits = "waits for a second person: /usulan/";
    let with = |words: &[&'static str]| [words, &["--reason", "contoh"]].concat();
    assert!(said(at, &with(&invite)).contains(waits));
    let grant = [
        "account",
        "grant",
        "dua",
        "--role",
        "admin",
        "--instansi",
        "Kota",
    ];
    assert!(said(at, &with(&grant)).contains(waits));
    let program = [
        "client",
        "add",
        "--name",
        "Dasbor",
        "--walidata",
        "--rights",
        "people.read",
    ];
    assert!(said(at, &with(&program)).contains(waits));
    assert_eq!(said(at, &["client", "list"]), "");
    assert!(!said(at, &["account", "list"]).contains("kota"));
    // A secret of a program that is there waits too, of whatever places it is.
    let add = [
        "client",
        "add",
        "--name",
        "SIMPEG",
        "--instansi",
        "Kota",
        "--rights",
        "people.read",
    ];
    let made = said(at, &add);
    let key: &'static str = made.split(' ').next().unwrap().to_owned().leak();
    let turn = ["client", "rotate", key];
    ran(at, &turn, 2);
    assert!(said(at, &with(&turn)).contains(waits));
    assert_eq!(said(at, &with(&turn)), said(at, &with(&turn)), "once");
    let history = said(at, &["client", "history", key]);
    assert!(history.contains("made \"SIMPEG\" for Kota") && !history.contains("new secret"));
    said(at, &["client", "close", key]);
    assert!(said(at, &with(&["four-eyes", "off"])).contains(waits));
    assert_eq!(said(at, &["four-eyes", "show"]), on);
    // A civil servant's own account, and a program of one agency, are nobody else's matter.
    let asn = [
        "account",
        "invite",
        "asn",
        "--role",
        "asn",
        "--nip",
        "199001012015011001",
        "--name",
        "A",
    ];
    assert!(said(at, &asn).contains("/tautan/"));
}

#[test]
fn what_was_done_to_a_program_and_to_tokens_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let words = [
        "account", "add", "pusat", "--role", "walidata", "--name", "Contoh",
    ];
    let (code, told) = given(at, &words, PASSWORD);
    assert!(code == Some(0), "{told}");
    let add = [
        "client",
        "add",
        "--name",
        "SIMPEG",
        "--instansi",
        "Kota",
        "--instansi",
        "Kota > Dinas",
        "--rights",
        "people.read",
        "--owner",
        "pusat",
    ];
    let made = said(at, &add);
    let (key, secret) = made.trim().split_once(' ').unwrap();
    let second = said(at, &["client", "rotate", key]);
    said(at, &["client", "drop-old", key]);
    said(at, &["client", "own", key, "pusat"]);
    said(at, &["client", "close", key]);
    let told = said(at, &["client", "history", key]);
    let acts: Vec<&str> = told
        .lines()
        .map(|line| line.split_once("\toperator:\t").unwrap().1)
        .collect();
    let expected = [
        "made \"SIMPEG\" for Kota, Kota > Dinas, with people.read; pusat answers for it",
        "new secret",
        "old secrets and all tokens ended",
        "pusat answers for it",
        "closed",
    ];
    assert_eq!(acts, expected);
    assert!(!told.contains(secret) && !told.contains(second.trim()));
    ran(at, &["client", "history", "tiada"], 2);

    let token = said(at, &["account", "token", "pusat", "--name", "SIMPEG"]);
    said(at, &["account", "end-tokens", "pusat"]);
    let told = said(at, &["account", "token-history", "pusat"]);
    assert_eq!(told.lines().count(), 2, "{told}");
    assert!(told.contains("made \"SIMPEG\", good until") && told.contains("ended all 1"));
    assert!(!told.contains(token.trim()));
}
