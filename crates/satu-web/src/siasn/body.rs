//! Bodies as programs send them: JSON, a form, or multipart, whatever they say it is.

use satu_siasn::{Refusal, Said, fields_of};
use serde_json::Value;

/// A file of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// The part's name.
    pub part: String,
    /// The file's name, as its sender says; maybe a path, maybe nothing.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a body says: its fields, and its files.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub said: Said,
    pub files: Vec<File>,
}

/// Parts of one body.
const PARTS: usize = 100;

/// Reads a body. One that begins with two hyphens is multipart, and its first line says what
/// separates its parts: some programs send it as something else.
pub(super) fn read(kind: &str, body: &[u8]) -> Result<Sent, Refusal> {
    if body.starts_with(b"--") {
        return multipart(body);
    }
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') {
        return Ok(Sent {
            said: Said::read(body)?,
            files: Vec::new(),
        });
    }
    if kind.contains("urlencoded") {
        let form = form_urlencoded::parse(body);
        let form = form.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())));
        return Ok(Sent {
            said: fields_of(form)?,
            files: Vec::new(),
        });
    }
    Err(Refusal::NoObject)
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|part| part == what)
}

fn multipart(body: &[u8]) -> Result<Sent, Refusal> {
    let end = body.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
    let mark = &body[..end.ok_or(Refusal::NoObject)?];
    // RFC 2046: at most 70 signs after the hyphens.
    if mark.len() < 3 || mark.len() > 72 {
        return Err(Refusal::NoObject);
    }
    let mut between = b"\n".to_vec();
    between.extend_from_slice(mark);
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    let mut rest = &body[mark.len()..];
    let mut parts = 0;
    while !rest.starts_with(b"--") {
        if parts == PARTS {
            return Err(Refusal::TooMany);
        }
        parts += 1;
        let Some(at) = find(rest, &between) else {
            // The body ends before its last mark does: a part was cut off.
            return Err(Refusal::NoObject);
        };
        let part = &rest[..at];
        rest = &rest[at + between.len()..];
        let part = part
            .strip_prefix(b"\r\n")
            .or_else(|| part.strip_prefix(b"\n"));
        let Some(part) = part else {
            return Err(Refusal::NoObject);
        };
        let (head, content) = match (find(part, b"\r\n\r\n"), find(part, b"\n\n")) {
            (Some(at), _) => (&part[..at], &part[at + 4..]),
            (None, Some(at)) => (&part[..at], &part[at + 2..]),
            (None, None) => continue,
        };
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        let head = String::from_utf8_lossy(head);
        let line = head.lines().find(|line| {
            line.to_ascii_lowercase()
                .starts_with("content-disposition:")
        });
        let Some(line) = line else { continue };
        let Some(name) = parameter(line, "name") else {
            continue;
        };
        if let Some(file) = parameter(line, "filename") {
            // So a browser sends a file that nobody chose.
            if file.is_empty() && content.is_empty() {
                continue;
            }
            files.push(File {
                part: name,
                name: file,
                bytes: content.to_vec(),
            });
        } else {
            let text = String::from_utf8_lossy(content).into_owned();
            fields.push((name, Value::from(text)));
        }
    }
    Ok(Sent {
        said: fields_of(fields)?,
        files,
    })
}

/// A parameter of a `Content-Disposition` line: `name="x"` or `name=x`.
fn parameter(line: &str, name: &str) -> Option<String> {
    let mut rest = line.split_once(';')?.1;
    loop {
        rest = rest.trim_start_matches([' ', ';', '\t']);
        let (key, after) = rest.split_once('=')?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_once(';').unwrap_or((after, "")),
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(value.trim().to_owned());
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::{Refusal, parameter, read};

    const BODY: &str = "--batas\r\nContent-Disposition: form-data; name=\"id_ref_dokumen\"\r\nContent-Length: 3\r\n\r\n872\r\n\
        --batas\r\nContent-Disposition: form-data; name=\"file\"; filename=\"sk.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1\r\n\r\n--bat\r\n--batas--\r\n";

    #[test]
    fn multipart_is_read_whatever_it_is_called() {
        for kind in [
            "multipart/form-data; boundary=batas",
            "application/json",
            "",
        ] {
            let sent = read(kind, BODY.as_bytes()).unwrap();
            assert_eq!(sent.said.get("idRefDokumen"), Some("872"));
            assert_eq!(sent.files.len(), 1);
            assert_eq!(sent.files[0].name, "sk.pdf");
            assert_eq!(sent.files[0].bytes, b"%PDF-1\r\n\r\n--bat");
        }
    }

    #[test]
    fn a_body_cut_off_is_not_taken() {
        for length in 0..BODY.len() - 10 {
            assert!(
                read("multipart/form-data", &BODY.as_bytes()[..length]).is_err(),
                "{length}"
            );
        }
        for text in ["--", "--\r\n", "--x", "[]", "nol", "\u{0}"] {
            assert!(
                read("application/json", text.as_bytes()).is_err(),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_body_of_too_many_parts_is_not_taken_in_part() {
        let body = |parts: usize| {
            let part = |at| {
                format!("--b\r\nContent-Disposition: form-data; name=\"n{at}\"\r\n\r\n{at}\r\n")
            };
            let body = (1..=parts).map(part).collect::<String>() + "--b--\r\n";
            read("multipart/form-data", body.as_bytes())
        };
        assert_eq!(body(100).unwrap().said.get("n100"), Some("100"));
        assert_eq!(body(101).unwrap_err(), Refusal::TooMany);
    }

    #[test]
    fn a_file_that_was_not_chosen_is_none() {
        let part = |name: &str, file: &str, content: &str| {
            format!(
                "--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n{content}\r\n"
            )
        };
        let body = part("tiada", "", "")
            + &part("satu", "a.pdf", "")
            + &part("dua", "", "%PDF-1.4")
            + "--b--\r\n";
        let sent = read("multipart/form-data", body.as_bytes()).unwrap();
        let files: Vec<&str> = sent.files.iter().map(|file| file.part.as_str()).collect();
        assert_eq!(files, ["satu", "dua"]);
    }

    #[test]
    fn a_form_and_json_are_read() {
        let sent = read(
            "application/x-www-form-urlencoded",
            b"nomor_sk=1%2F2&tahun=2025",
        )
        .unwrap();
        assert_eq!(sent.said.get("nomorSk"), Some("1/2"));
        let sent = read("text/plain", b" {\"tahun\":2025}").unwrap();
        assert_eq!(sent.said.get("tahun"), Some("2025"));
    }

    #[test]
    fn a_parameter_is_found_among_others() {
        let line = "Content-Disposition: form-data; filename=\"a;b=c.pdf\"; name=file";
        assert_eq!(parameter(line, "name").as_deref(), Some("file"));
        assert_eq!(parameter(line, "filename").as_deref(), Some("a;b=c.pdf"));
        assert_eq!(parameter(line, "lain"), None);
        assert_eq!(parameter("x", "name"), None);
    }
}
