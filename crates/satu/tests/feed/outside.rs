//! Staying in step as an agency's developer meets it: the examples of the documentation, and TLS.

use std::fs::write;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use super::{Server, pull, serve};
use crate::{people, ran, satu};

/// The examples of a language on a page of the documentation.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let begin = format!("```{language}\n");
    let parts = page.split(&begin).skip(1);
    parts
        .map(|part| part.split("```").next().unwrap().to_owned())
        .collect()
}

/// Runs the examples of a page, as they stand but for the address, against a register of five persons;
/// what they print.
fn examples(at: &Path, page: &str) -> String {
    write(at.join("pegawai.csv"), people(0..5)).unwrap();
    let arguments = [
        "intake",
        "--source",
        "kota",
        "--instansi",
        "Pemerintah Kota Contoh",
        "pegawai.csv",
    ];
    ran(at, &arguments, 0);
    ran(at, &["link"], 0);
    // No private address is needed for the examples, and none is let in.
    let server = serve(at, "satu.db", &[]);
    let mut script = String::from("set -eu\n");
    for block in blocks(page, "sh") {
        script.push_str(&block.replace("http://127.0.0.1:8017", &server.base));
        script.push_str("echo\n");
    }
    let binary = Path::new(env!("CARGO_BIN_EXE_satu")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let done = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(at)
        .env("PATH", path)
        .env("XDG_DATA_HOME", crate::DATA)
        .env_remove("SATU_DB")
        .env_remove("SATU_KEY_FILE")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{told}\n{wrong}");
    told
}

/// What `docs/api.md` shows.
#[test]
fn the_examples_of_the_api_run() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let told = examples(at, include_str!("../../../../docs/api.md"));
    for wanted in [
        "\"next\":\"2\"",
        "\"reason\":\"unopposed\"",
        "\"linked\":true",
        "these bytes were there already, nothing changed",
        "\"type\":\"/api/problems/not-found\"",
    ] {
        assert!(told.contains(wanted), "{wanted}\n{told}");
    }
    let lines = std::fs::read_to_string(at.join("everybody.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), 5);
    let columns = std::fs::read(at.join("everybody.parquet")).unwrap();
    assert!(columns.starts_with(b"PAR1") && columns.ends_with(b"PAR1"));
    let taken = std::fs::read_to_string(at.join("taken")).unwrap();
    assert!(taken.contains("\"rows\":1"), "{taken}");
}

/// What `docs/changes.md` shows.
#[test]
fn the_examples_of_the_documentation_run() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let page = include_str!("../../../../docs/changes.md");
    let told = examples(at, page);
    for wanted in [
        "5 changes, up to 5",
        "\"values\":{\"nip\":\"",
        "\"changes\":[],\"cursor\":\"5.",
        "event: person.created",
        "\"secret\":\"whsec_",
        "Keadaan / Status",
    ] {
        assert!(told.contains(wanted), "{wanted}\n{told}");
    }
    assert!(at.join("hasil.xlsx").exists());

    // The example in Python takes what is signed as the specification of the signature has it.
    let python = blocks(page, "python").concat()
        + r#"
key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
body = b'{"test": 2432232314}'
headers = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
           "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}
time.time = lambda: 1614265400
assert genuine([key], headers, body) and genuine(["whsec_AAAA", key], headers, body)
assert not genuine(["whsec_AAAA"], headers, body) and not genuine([key], headers, body + b" ")
time.time = lambda: 1614266400
assert not genuine([key], headers, body)
"#;
    let done = std::process::Command::new("python3")
        .args(["-c", &python])
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// A register behind TLS, in Python: it lets every program in, and has nothing to tell.
const TLS: &str = r#"
import http.server, ssl, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def told(self, text):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())
    def do_POST(self):
        self.told('{"access_token":"t"}')
    def do_GET(self):
        self.told('{"changes":[],"cursor":"7","more":false}')
server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert.pem", "key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
"#;

#[test]
fn a_secret_goes_only_to_whom_the_machine_trusts() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let made = std::process::Command::new("openssl")
        .current_dir(at)
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ])
        .args([
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
        ])
        .args([
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
        ])
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    write(at.join("rahasia"), "rahasia").unwrap();
    let mut child = std::process::Command::new("python3")
        .current_dir(at)
        .args(["-c", TLS])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut port = String::new();
    let mut told = BufReader::new(child.stdout.take().unwrap());
    told.read_line(&mut port).unwrap();
    let of = |host: &str| Server {
        child: std::process::Command::new("true").spawn().unwrap(),
        base: format!("https://{host}:{}", port.trim()),
    };
    let _served = Server {
        child,
        base: String::new(),
    };
    let fetched = |host: &str, trusted: bool| {
        let server = of(host);
        let mut command = satu(at, &pull(&server, "kunci", "ke"));
        if trusted {
            command.env("SSL_CERT_FILE", at.join("cert.pem"));
        }
        command.output().unwrap()
    };
    let done = fetched("localhost", true);
    let text = String::from_utf8_lossy(&done.stdout);
    assert!(
        done.status.success() && text.contains("\"cursor\":\"7\""),
        "{done:?}"
    );
    for (host, trusted) in [("localhost", false), ("127.0.0.1", true)] {
        let refused = fetched(host, trusted);
        let text = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{host}: {text}");
        assert!(text.contains("certificate"), "{host}: {text}");
    }
}
