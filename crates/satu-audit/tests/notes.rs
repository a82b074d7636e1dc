//! Signed notes, against those of the Go project and of the specification.

use satu_audit::{AuditError, Checkpoint, Note, SigningKey, VerifierKey};

/// Keys, text and signatures of golang.org/x/mod/sumdb/note (`note.go`, `note_test.go`).
const SECRET: &str =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
const BY_PETER: &str = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const BY_ENOCH: &str = "\u{2014} EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

/// The example of C2SP signed-note.
const EXAMPLE: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const EXAMPLE_NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

fn key(text: &str) -> VerifierKey {
    text.parse().unwrap()
}

fn signers<'k>(note: &str, keys: &'k [VerifierKey]) -> Result<Vec<&'k str>, AuditError> {
    Note::parse(note)?.verify(keys)
}

#[test]
fn notes_of_others_are_verified() {
    let keys = [key(PETER), key(ENOCH), key(EXAMPLE)];
    let one = format!("{TEXT}\n{BY_PETER}");
    assert_eq!(Note::parse(&one).unwrap().text(), TEXT);
    assert_eq!(signers(&one, &keys).unwrap(), ["PeterNeumann"]);
    let two = format!("{TEXT}\n{BY_PETER}{BY_ENOCH}");
    assert_eq!(signers(&two, &keys).unwrap(), ["PeterNeumann", "EnochRoot"]);
    // Who is not known says nothing, and does no harm.
    assert_eq!(signers(&two, &keys[1..]).unwrap(), ["EnochRoot"]);
    assert_eq!(signers(EXAMPLE_NOTE, &keys).unwrap(), ["example.com/foo"]);
    for text in [PETER, ENOCH, EXAMPLE] {
        assert_eq!(key(text).to_string(), text);
    }
}

#[test]
fn the_key_of_others_is_the_same_key_here() {
    let secret: SigningKey = SECRET.parse().unwrap();
    assert_eq!(secret.secret(), SECRET);
    assert_eq!(secret.verifier().to_string(), PETER);
    assert!(!format!("{secret:?}").contains("AYEK"));
}

#[test]
fn an_altered_note_is_condemned() {
    let keys = [key(PETER), key(ENOCH)];
    let note = format!("{TEXT}\n{BY_PETER}{BY_ENOCH}");
    let altered = note.replace("answer", "amswer");
    let condemned = |name: &str| Err(AuditError::Signature(name.to_owned()));
    assert_eq!(signers(&altered, &keys), condemned("PeterNeumann"));
    // One wrong signature of a known key condemns the note, though another is right.
    let forged = note.replace("rwz+eBzmZa0S", "rwz+eBzmZa0T");
    assert_eq!(signers(&forged, &keys), condemned("EnochRoot"));
    assert_eq!(signers(&forged, &keys[..1]).unwrap(), ["PeterNeumann"]);
    for note in [
        "",
        "\n",
        TEXT,
        &format!("{TEXT}\n"),
        &format!("{TEXT}{BY_PETER}"),
        &format!("{TEXT}\n{}", BY_PETER.trim_end()),
        &format!("{TEXT}\n{BY_PETER} "),
        &format!("{TEXT}\n{}", BY_PETER.replace('\u{2014}', "-")),
        &format!("{TEXT}\n{}", BY_PETER.replace("AM=", "AN=")),
        &format!("{TEXT}\n{}", BY_PETER.replace("AM=", "AM")),
        &format!("{TEXT}\r\n\n{BY_PETER}"),
        &format!("{TEXT}\n{}", BY_PETER.repeat(101)),
    ] {
        let told = Note::parse(note);
        assert!(matches!(told, Err(AuditError::Form { .. })), "{note:?}");
    }
    assert!(Note::parse(&format!("{TEXT}\n{}", BY_PETER.repeat(100))).is_ok());
}

#[test]
fn what_is_no_key_is_refused() {
    for text in [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
        "PeterNeumann+c74f20a3+AhpcZQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        // A witness's key, of another type (transparency-dev/formats, note/note_cosigv1_test.go).
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    ] {
        let told = text.parse::<VerifierKey>();
        assert!(matches!(told, Err(AuditError::Form { .. })), "{text:?}");
    }
    assert!(PETER.parse::<SigningKey>().is_err());
    assert!(
        SECRET
            .replace("c74f", "c74e")
            .parse::<SigningKey>()
            .is_err()
    );
    for name in ["", "a b", "a+b", "a\nb", "a\u{a0}b"] {
        assert!(SigningKey::of_seed(name, [7; 32]).is_err(), "{name:?}");
    }
}

#[test]
fn a_checkpoint_is_signed_and_opened() {
    let ledger = SigningKey::of_seed("contoh.id/ledger", [1; 32]).unwrap();
    let access = SigningKey::of_seed("contoh.id/access", [2; 32]).unwrap();
    let note = Checkpoint::sign(7, &[9; 32], &ledger);
    let keys = [ledger.verifier(), access.verifier()];
    let opened = Checkpoint::open(&note, &keys).unwrap();
    assert_eq!((opened.size, opened.root), (7, [9; 32]));
    assert_eq!(opened.origin, "contoh.id/ledger");
    let unsigned = Err(AuditError::Unsigned("contoh.id/ledger".into()));
    assert_eq!(Checkpoint::open(&note, &keys[1..]), unsigned);
    // The key of one log does not speak for another.
    let other = Note::parse(&note).unwrap().text().to_owned();
    let other = other.replace("/ledger", "/access");
    let (_, signature) = note.rsplit_once("\n\n").unwrap();
    let other = Checkpoint::open(&format!("{other}\n{signature}"), &keys);
    assert_eq!(other, Err(AuditError::Signature("contoh.id/ledger".into())));
    let witnessed = format!("{note}\u{2014} saksi.contoh.id/w1 AAAAAAAA\n");
    assert_eq!(Checkpoint::open(&witnessed, &keys).unwrap(), opened);
}
