//! What the site logs, as whoever reads the log finds it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use crate::accounts::{PASSWORD, asked, given};
use crate::feed::program;
use crate::{people, ran, satu};

/// A running site, and what it has said of itself so far.
fn begun(at: &Path) -> (Child, BufReader<std::process::ChildStderr>, String) {
    let mut child = satu(at, &["serve", "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    let address = line.split(' ').next().unwrap().trim();
    let address = address.strip_prefix("http://").unwrap().to_owned();
    (child, told, address)
}

/// The value of a form's hidden mark.
fn mark(page: &str) -> &str {
    let rest = page.split("name=\"tanda\" value=\"").nth(1).unwrap();
    rest.split('"').next().unwrap()
}

/// The token that an answer gives a browser, as it sends it back.
fn cookie(answer: &str) -> String {
    let set = answer.split("set-cookie: satu=").nth(1).unwrap();
    format!("satu={}", set.split(';').next().unwrap())
}

#[test]
fn who_came_in_and_who_was_refused_is_logged_a_line_each() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("a.csv"), people(0..3)).unwrap();
    ran(at, &["intake", "a.csv", "--source", "a"], 0);
    let add = ["account", "add", "kota", "--role", "officer"];
    let more = ["--instansi", "Kota Contoh", "--name", "Contoh Kota"];
    let (code, told) = given(at, &[&add[..], &more[..]].concat(), PASSWORD);
    assert!(code == Some(0), "{told}");
    let key = program(at, "satu.db", "people.read");
    let secret = std::fs::read_to_string(at.join("rahasia")).unwrap();

    let (mut child, mut log, site) = begun(at);
    let page = asked(&site, "GET", "/masuk", "", "");
    let before = cookie(&page);
    let enter = |password: &str| {
        let password = password.replace(' ', "+");
        let form = format!("tanda={}&nama=kota&sandi={password}", mark(&page));
        asked(&site, "POST", "/masuk", &before, &form)
    };
    let wrong = enter("kata sandi salah sekali");
    assert!(wrong.starts_with("HTTP/1.1 422"), "{wrong}");
    let session = cookie(&enter(PASSWORD));
    // What is for others, by the own role and by another's form.
    for (method, path) in [("GET", "/pengguna"), ("POST", "/keluar")] {
        let refused = asked(&site, method, path, &session, "tanda=palsu");
        assert!(refused.starts_with("HTTP/1.1 40"), "{refused}");
    }
    let own = asked(&site, "GET", "/akun", &session, "");
    let form = format!("tanda={}", mark(&own));
    let left = asked(&site, "POST", "/keluar", &session, &form);
    assert!(left.starts_with("HTTP/1.1 303"), "{left}");
    // A program; one with a wrong secret; one that would write a line of its own; one with key and secret
    // in each other's place; one without a token.
    let token = |key: &str, secret: &str| {
        let form = format!("grant_type=client_credentials&client_id={key}&client_secret={secret}");
        asked(&site, "POST", "/oauth2/token", "", &form)
    };
    let given = token(&key, &secret);
    assert!(given.starts_with("HTTP/1.1 200"), "{given}");
    let bearer = given.split("\"access_token\":\"").nth(1).unwrap();
    let bearer = bearer.split('"').next().unwrap();
    let lie = "x%0A%0D2026-01-01T00:00:00Z++INFO+security:+signed+in+login=%22pusat%22%1B[31m";
    for (key, secret) in [
        (key.as_str(), "salah"),
        (lie, "salah"),
        (secret.as_str(), key.as_str()),
    ] {
        let refused = token(key, secret);
        assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
    }
    let nobody = asked(&site, "GET", "/api/v1/people/1", "", "");
    assert!(nobody.starts_with("HTTP/1.1 401"), "{nobody}");
    child.kill().unwrap();
    child.wait().unwrap();

    let mut lines = Vec::new();
    let mut line = String::new();
    while log.read_line(&mut line).unwrap() > 0 {
        lines.push(std::mem::take(&mut line));
    }
    let said = [
        "refused a password login=\"kota\" address=\"127.0.0.1\"",
        "signed in login=\"kota\" address=\"127.0.0.1\"",
        "refused a request who=\"kota\" address=\"127.0.0.1\" method=GET route=\"/pengguna\" status=",
        "refused a request who=\"kota\" address=\"127.0.0.1\" method=POST route=\"/keluar\" status=403",
        "signed out login=\"kota\"",
        "gave a program a token client=",
        &format!("wrong secret of a program client={key:?} address=\"127.0.0.1\""),
        "refused a request address=\"127.0.0.1\" method=POST route=\"/oauth2/token\" status=401",
        "wrong secret of a program address=\"127.0.0.1\"",
        "refused a request address=\"127.0.0.1\" method=POST route=\"/oauth2/token\" status=401",
        "wrong secret of a program address=\"127.0.0.1\"",
        "refused a request address=\"127.0.0.1\" method=POST route=\"/oauth2/token\" status=401",
        "refused a request address=\"127.0.0.1\" method=GET route=\"/api/v1/people/{id}\" status=401",
    ];
    assert_eq!(lines.len(), said.len(), "{lines:#?}");
    for (line, event) in lines.iter().zip(said) {
        let (time, rest) = line.split_once(' ').unwrap();
        assert!(time.starts_with("20") && time.ends_with('Z'), "{line}");
        let rest = rest.trim_start();
        let rest = rest.strip_prefix("INFO security: ").unwrap();
        assert!(rest.starts_with(event), "{line}\n{event}");
        assert!(
            !line.contains('\x1b') && !line.contains("2026-01-01T00"),
            "{line:?}"
        );
        for hidden in [
            PASSWORD,
            "kata sandi",
            bearer,
            &secret,
            &session[5..],
            "palsu",
        ] {
            assert!(!line.contains(hidden), "{line}: {hidden}");
        }
    }
}
