//! What each address answers to nobody and to every role.

/// Method and path; what nobody is answered; then, for a civil servant, the officer of a unit, the
/// officer of its agency, the agency's administrator of accounts and the central officer, what each is
/// answered on a record of their own and on one of another's. What is foreign to the unit's officer is
/// of the same agency.
pub type Line = (&'static str, &'static str, u16, [[u16; 2]; 5]);

/// The answers of a page for everyone who is signed in; whether nobody sees it too is said beside.
const EVERYONES: [[u16; 2]; 5] = [[200; 2]; 5];
/// Those of an address for programs: to be signed in counts for nothing there.
const BY_TOKEN: [[u16; 2]; 5] = [[401; 2]; 5];
/// Those of a page for officers: what is on it is within their scope.
const OFFICERS: [[u16; 2]; 5] = [[403; 2], [200; 2], [200; 2], [403; 2], [200; 2]];
/// Those of a page for officers about a person of theirs; the central officer sees every agency.
const AGENCYS: [[u16; 2]; 5] = [[403; 2], [200, 404], [200, 404], [403; 2], [200; 2]];
/// The same, with a change.
const AGENCYS_CHANGE: [[u16; 2]; 5] = [[403; 2], [303, 404], [303, 404], [403; 2], [303; 2]];
/// Those of a page about what is a whole agency's, such as a delivery, or about two persons of it.
const WHOLE: [[u16; 2]; 5] = [[403; 2], [404; 2], [200, 404], [403; 2], [200; 2]];
/// The same, with a change.
const WHOLE_CHANGE: [[u16; 2]; 5] = [[403; 2], [404; 2], [303, 404], [403; 2], [303; 2]];
/// A change that only the centre makes.
const CENTRES: [[u16; 2]; 5] = [[403; 2], [403; 2], [403; 2], [403; 2], [303; 2]];
/// Those of a file that one account has sent and is still to confirm.
const SENDERS: [[u16; 2]; 5] = [[403; 2], [404; 2], [200, 404], [403; 2], [200, 404]];
/// The same, with a change.
const SENDERS_CHANGE: [[u16; 2]; 5] = [[403; 2], [404; 2], [303, 404], [403; 2], [303, 404]];
/// Those of a page for who administers accounts.
const ADMINISTRATORS: [[u16; 2]; 5] = [[403; 2], [403; 2], [403; 2], [200; 2], [200; 2]];
/// Those of a page about what they look after: a program of their places.
const GOVERNED: [[u16; 2]; 5] = [[403; 2], [403; 2], [403; 2], [200, 404], [200; 2]];
/// The same, with a change.
const GOVERNED_CHANGE: [[u16; 2]; 5] = [[403; 2], [403; 2], [403; 2], [303, 404], [303; 2]];
/// Those of a page for who may be the second person of a decision.
const SECONDS: [[u16; 2]; 5] = [[403; 2], [200; 2], [200; 2], [200; 2], [200; 2]];
/// Those of a page for civil servants about themselves.
const OWN: [[u16; 2]; 5] = [[200; 2], [403; 2], [403; 2], [403; 2], [403; 2]];

pub const TABLE: &[Line] = &[
    (
        "get",
        "/",
        200,
        [[303; 2], [200; 2], [200; 2], [303; 2], [200; 2]],
    ),
    ("get", "/keadaan.csv", 303, OFFICERS),
    ("get", "/keadaan.xlsx", 303, OFFICERS),
    ("get", "/masuk", 200, [[303; 2]; 5]),
    ("post", "/masuk", 303, [[303; 2]; 5]),
    ("get", "/masuk/kode", 303, [[303; 2]; 5]),
    ("post", "/masuk/kode", 303, [[303; 2]; 5]),
    ("post", "/keluar", 303, [[303; 2]; 5]),
    // Its provider does not answer.
    ("get", "/masuk/sso", 503, [[303; 2]; 5]),
    ("get", "/masuk/sso/kembali", 400, [[400; 2]; 5]),
    ("get", "/keluar/sso", 303, [[303; 2]; 5]),
    ("get", "/akun", 303, EVERYONES),
    ("post", "/akun/sesi", 303, [[303; 2]; 5]),
    ("post", "/akun/sesi/lain", 303, [[303; 2]; 5]),
    ("get", "/akun/sandi", 303, EVERYONES),
    ("post", "/akun/sandi", 303, [[422; 2]; 5]),
    ("get", "/akun/kedua", 303, EVERYONES),
    ("post", "/akun/kedua", 303, [[422; 2]; 5]),
    ("post", "/akun/kedua/lepas", 303, [[303; 2]; 5]),
    ("get", "/akun/sso", 303, EVERYONES),
    ("post", "/akun/sso", 303, [[422; 2]; 5]),
    ("post", "/akun/sso/lepas", 303, [[422; 2]; 5]),
    ("get", "/akun/token", 303, EVERYONES),
    // Without a name.
    (
        "post",
        "/akun/token",
        303,
        [[403; 2], [422; 2], [422; 2], [403; 2], [422; 2]],
    ),
    // Of none.
    ("post", "/akun/token/akhiri", 303, [[404; 2]; 5]),
    // Who holds a link is whose link it is.
    ("get", "/tautan/{token}", 404, [[200, 404]; 5]),
    ("post", "/tautan/{token}", 404, [[303, 404]; 5]),
    ("get", "/usulan", 303, SECONDS),
    // What is proposed here touches two persons of the agency; about accounts, `proposals` asks.
    (
        "get",
        "/usulan/{id}",
        303,
        [[403; 2], [404; 2], [200, 404], [404; 2], [200; 2]],
    ),
    (
        "post",
        "/usulan/{id}",
        303,
        [[403; 2], [404; 2], [303, 404], [404; 2], [303; 2]],
    ),
    ("get", "/pengguna", 303, ADMINISTRATORS),
    ("get", "/pengguna/undang", 303, ADMINISTRATORS),
    (
        "post",
        "/pengguna/undang",
        303,
        [[403; 2], [403; 2], [403; 2], [422; 2], [422; 2]],
    ),
    // Nobody gives themselves a role; the foreign account is one of the centre's.
    // How one signs in oneself is changed on the own page, and nobody changes their own role, ends their
    // own sessions there or closes their own account.
    (
        "get",
        "/pengguna/{id}/peran",
        303,
        [[403; 2], [403; 2], [403; 2], [403, 404], [403, 200]],
    ),
    (
        "post",
        "/pengguna/{id}/peran",
        303,
        [[403; 2], [403; 2], [403; 2], [403, 404], [403, 303]],
    ),
    (
        "post",
        "/pengguna/{id}/tautan",
        303,
        [[403; 2], [403; 2], [403; 2], [403, 404], [403, 200]],
    ),
    (
        "post",
        "/pengguna/{id}/faktor",
        303,
        [[403; 2], [403; 2], [403; 2], [403, 404], [403, 303]],
    ),
    (
        "post",
        "/pengguna/{id}/sesi",
        303,
        [[403; 2], [403; 2], [403; 2], [403, 404], [403, 303]],
    ),
    (
        "post",
        "/pengguna/{id}/tutup",
        303,
        [[403; 2], [403; 2], [403; 2], [403, 404], [403, 303]],
    ),
    ("get", "/program", 303, ADMINISTRATORS),
    ("get", "/program/baru", 303, ADMINISTRATORS),
    // Without a right.
    (
        "post",
        "/program/baru",
        303,
        [[403; 2], [403; 2], [403; 2], [422; 2], [422; 2]],
    ),
    ("get", "/program/{id}", 303, GOVERNED),
    ("post", "/program/{id}/rahasia", 303, GOVERNED),
    ("post", "/program/{id}/lama", 303, GOVERNED_CHANGE),
    ("post", "/program/{id}/tutup", 303, GOVERNED_CHANGE),
    ("get", "/standar", 200, EVERYONES),
    ("get", "/data", 200, EVERYONES),
    ("get", "/data/{dataset}", 200, EVERYONES),
    ("get", "/data/{dataset}/{file}", 200, EVERYONES),
    ("get", "/data/catalog.ttl", 200, EVERYONES),
    ("get", "/data/catalog.jsonld", 200, EVERYONES),
    // Released a moment ago: not again so soon.
    (
        "post",
        "/data/rilis",
        303,
        [[403; 2], [403; 2], [403; 2], [403; 2], [422; 2]],
    ),
    ("get", "/api/3/action/{action}", 200, EVERYONES),
    ("get", "/api/action/{action}", 200, EVERYONES),
    // The form of this test names no dataset.
    ("post", "/api/3/action/{action}", 409, [[409; 2]; 5]),
    ("post", "/api/action/{action}", 409, [[409; 2]; 5]),
    ("get", "/sdmx/2.1/{*path}", 200, EVERYONES),
    ("get", "/cari", 303, OFFICERS),
    (
        "get",
        "/saya",
        303,
        [[303; 2], [404; 2], [404; 2], [404; 2], [404; 2]],
    ),
    (
        "get",
        "/orang/{id}",
        303,
        [[200, 404], [200, 404], [200, 404], [404; 2], [200; 2]],
    ),
    ("post", "/orang/{id}/buka", 303, AGENCYS),
    ("post", "/orang/{id}/nilai", 303, AGENCYS_CHANGE),
    ("get", "/tinjau", 303, OFFICERS),
    (
        "get",
        "/tinjau/berikut",
        303,
        [[403; 2], [303; 2], [303; 2], [403; 2], [303; 2]],
    ),
    ("get", "/tinjau/{id}", 303, WHOLE),
    ("post", "/tinjau/{id}", 303, WHOLE_CHANGE),
    ("get", "/keputusan", 303, OFFICERS),
    ("post", "/keputusan/{id}/batal", 303, AGENCYS_CHANGE),
    ("get", "/bahasa/{code}", 303, [[303; 2]; 5]),
    ("get", "/kiriman", 303, OFFICERS),
    ("get", "/kiriman/{id}", 303, WHOLE),
    ("get", "/kiriman/periksa/{token}", 303, SENDERS),
    (
        "post",
        "/kiriman/periksa/{token}/kirim",
        303,
        SENDERS_CHANGE,
    ),
    (
        "post",
        "/kiriman/periksa/{token}/buang",
        303,
        SENDERS_CHANGE,
    ),
    ("get", "/kiriman/baru", 303, OFFICERS),
    ("post", "/kiriman/baru", 303, WHOLE_CHANGE),
    ("get", "/kiriman/periksa/{token}/laporan.csv", 303, SENDERS),
    ("get", "/kiriman/periksa/{token}/laporan.xlsx", 303, SENDERS),
    ("get", "/kiriman/{id}/temuan.csv", 303, WHOLE),
    ("get", "/kiriman/{id}/temuan.xlsx", 303, WHOLE),
    ("get", "/pemberitahuan", 303, SECONDS),
    ("get", "/pemberitahuan/baru", 303, ADMINISTRATORS),
    // Of no program.
    (
        "post",
        "/pemberitahuan/baru",
        303,
        [[403; 2], [403; 2], [403; 2], [422; 2], [422; 2]],
    ),
    // A program of the whole agency is no unit's.
    (
        "get",
        "/pemberitahuan/{id}",
        303,
        [[403; 2], [404; 2], [200, 404], [200, 404], [200; 2]],
    ),
    (
        "post",
        "/pemberitahuan/{id}/lanjut",
        303,
        [[403; 2], [404; 2], [303, 404], [303, 404], [303; 2]],
    ),
    (
        "post",
        "/pemberitahuan/{id}/ulang",
        303,
        [[403; 2], [404; 2], [303, 404], [303, 404], [303; 2]],
    ),
    ("post", "/pemberitahuan/{id}/rahasia", 303, GOVERNED),
    ("post", "/pemberitahuan/{id}/akhiri", 303, GOVERNED_CHANGE),
    ("get", "/kiriman/cocok", 303, OFFICERS),
    ("post", "/kiriman/cocok", 303, WHOLE_CHANGE),
    ("get", "/kiriman/cocok/{token}", 303, SENDERS),
    ("get", "/kiriman/cocok/{token}/hasil.csv", 303, SENDERS),
    ("get", "/kiriman/cocok/{token}/hasil.xlsx", 303, SENDERS),
    ("get", "/privasi", 200, EVERYONES),
    ("get", "/saya/hak", 303, OWN),
    (
        "post",
        "/saya/hak",
        303,
        [[303; 2], [403; 2], [403; 2], [403; 2], [403; 2]],
    ),
    ("get", "/saya/salinan.csv", 303, OWN),
    ("get", "/saya/salinan.xlsx", 303, OWN),
    ("get", "/permintaan", 303, OFFICERS),
    ("get", "/permintaan/{id}", 303, AGENCYS),
    ("post", "/permintaan/{id}", 303, AGENCYS_CHANGE),
    ("get", "/pelanggaran", 303, OFFICERS),
    // The register of breaches is the centre's to write.
    ("post", "/pelanggaran", 303, CENTRES),
    ("get", "/pelanggaran/{id}", 303, AGENCYS),
    ("post", "/pelanggaran/{id}", 303, CENTRES),
    ("post", "/pelanggaran/{id}/orang", 303, CENTRES),
    ("post", "/pelanggaran/{id}/kabar", 303, CENTRES),
    ("get", "/pelanggaran/{id}/terdampak.csv", 303, AGENCYS),
    ("get", "/pelanggaran/{id}/terdampak.xlsx", 303, AGENCYS),
    // Programs bring key and secret; a browser's session is nothing here.
    ("post", "/oauth2/token", 400, [[400; 2]; 5]),
    // The provider brings a token that it signed; a browser's session is nothing here.
    ("post", "/keluar/sso/penyedia", 400, [[400; 2]; 5]),
    ("get", "/api", 200, EVERYONES),
    ("get", "/api/problems/{slug}", 200, EVERYONES),
    ("get", "/api/v1/openapi.json", 200, EVERYONES),
    ("get", "/api/v1/people", 401, BY_TOKEN),
    ("get", "/api/v1/people/{id}", 401, BY_TOKEN),
    ("get", "/api/v1/changes", 401, BY_TOKEN),
    ("get", "/api/v1/changes/stream", 401, BY_TOKEN),
    ("post", "/api/v1/reconcile", 401, BY_TOKEN),
    ("get", "/api/v1/webhooks", 401, BY_TOKEN),
    ("post", "/api/v1/webhooks", 401, BY_TOKEN),
    ("get", "/api/v1/webhooks/{id}", 401, BY_TOKEN),
    ("delete", "/api/v1/webhooks/{id}", 401, BY_TOKEN),
    ("post", "/api/v1/webhooks/{id}/secret", 401, BY_TOKEN),
    ("post", "/api/v1/webhooks/{id}/resume", 401, BY_TOKEN),
    ("get", "/api/v1/webhooks/{id}/dead-letters", 401, BY_TOKEN),
    (
        "post",
        "/api/v1/webhooks/{id}/dead-letters/replay",
        401,
        BY_TOKEN,
    ),
    ("get", "/api/v1/people/{id}/histories", 401, BY_TOKEN),
    ("post", "/api/v1/match", 401, BY_TOKEN),
    // What the protocol of uploads is spoken in is no secret.
    ("options", "/api/v1/uploads", 204, [[204; 2]; 5]),
    ("post", "/api/v1/uploads", 401, BY_TOKEN),
    ("get", "/api/v1/uploads", 401, BY_TOKEN),
    ("get", "/api/v1/uploads/{token}", 401, BY_TOKEN),
    ("patch", "/api/v1/uploads/{token}", 401, BY_TOKEN),
    ("delete", "/api/v1/uploads/{token}", 401, BY_TOKEN),
    ("post", "/api/v1/statements", 401, BY_TOKEN),
    ("get", "/api/v1/submissions", 401, BY_TOKEN),
    ("post", "/api/v1/submissions", 401, BY_TOKEN),
    ("get", "/api/v1/submissions/{id}", 401, BY_TOKEN),
    ("get", "/api/v1/submissions/{id}/findings", 401, BY_TOKEN),
    ("get", "/api/v1/doubts", 401, BY_TOKEN),
    ("get", "/api/v1/doubts/{id}", 401, BY_TOKEN),
    ("post", "/api/v1/doubts/{id}", 401, BY_TOKEN),
    ("get", "/api/v1/sources", 401, BY_TOKEN),
    ("get", "/api/v1/reference", 401, BY_TOKEN),
    ("get", "/api/v1/reference/{name}", 401, BY_TOKEN),
    // The service of SIASN: two tokens; `siasn` walks it.
    (
        "post",
        "/auth/realms/public-siasn/protocol/openid-connect/token",
        400,
        [[400; 2]; 5],
    ),
    ("get", "/apisiasn/1.0/{*operation}", 401, BY_TOKEN),
    ("post", "/apisiasn/1.0/{*operation}", 401, BY_TOKEN),
    ("delete", "/apisiasn/1.0/{*operation}", 401, BY_TOKEN),
    ("get", "/api/1.0/{*operation}", 401, BY_TOKEN),
    ("post", "/api/1.0/{*operation}", 401, BY_TOKEN),
    ("delete", "/api/1.0/{*operation}", 401, BY_TOKEN),
    ("get", "/referensi_siasn/1/{list}", 401, BY_TOKEN),
    ("get", "/referensi_siasn/1/{list}/search", 401, BY_TOKEN),
    ("get", "/.well-known/security.txt", 404, [[404; 2]; 5]),
    ("get", "/aset/gaya.css", 200, EVERYONES),
    ("get", "/aset/tinjau.js", 200, EVERYONES),
    ("get", "/aset/tanda.svg", 200, EVERYONES),
];
