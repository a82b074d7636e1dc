//! Decisions that wait for a second person, as pages and programs meet them.

use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use satu_registry::four_eyes;
use satu_store::Scope;
use satu_store::accounts::{Role, hashed};
use satu_store::clients::{Client, Rights};
use satu_store::entry::FourEyes;

use crate::browser::{
    Answer, Browser, NIPS, Site, asked, doubt, hidden, site, site_on_postgres, two_persons,
};

/// Where an answer leads.
fn to(answer: &Answer) -> String {
    let told = answer.header("location").map(str::to_owned);
    told.unwrap_or_else(|| panic!("{} {}", answer.status, answer.body))
}

async fn walked(site: Site) {
    two_persons(&site).await;
    let accounts = site.store.accounts();
    let (_, hash) = accounts.find("walidata").await.unwrap().unwrap();
    for login in ["dua", "tiga"] {
        let made = accounts.add(login, "Contoh Pusat", Role::Walidata, &hash);
        made.await.unwrap();
    }
    let on = FourEyes {
        on: true,
        records: 0,
        by: four_eyes::OPERATOR.into(),
    };
    four_eyes::set(&site.store, on, "").await.unwrap();

    // A program proposes, and is told where it waits.
    let id = doubt(&site.store, NIPS).await;
    let client = Client {
        id: 0,
        key: "pusat".into(),
        name: "Pusat".into(),
        role: Role::Walidata,
        rights: Rights::parse("review.write").unwrap(),
        purpose: String::new(),
    };
    let now = Timestamp::now();
    let made = site
        .store
        .clients()
        .add(client, "", "rahasia", "walidata", now)
        .await
        .unwrap();
    let until = now + SignedDuration::from_hours(1);
    let clients = site.store.clients();
    let issued = clients.issue(&made, "rahasia", "tanda", &made.rights, until, now);
    issued.await.unwrap();
    let headers = [
        ("authorization", "Bearer tanda"),
        ("content-type", "application/json"),
    ];
    let body = r#"{"answer":"same","reason":"akta sama"}"#;
    let path = format!("/api/v1/doubts/{id}");
    let told = asked(&site, Method::POST, &path, &headers, body).await;
    assert_eq!(told.status, StatusCode::ACCEPTED, "{}", told.body);
    let merge = to(&told);
    assert!(told.body.contains("\"proposal\""), "{}", told.body);

    // An officer who says the same is led to what waits already.
    let mut satu = Browser::of(&site, "walidata").await;
    let open = site
        .store
        .doubt(&Scope::whole(), id)
        .await
        .unwrap()
        .unwrap();
    let boxes: Vec<String> = open
        .doubt
        .statements
        .iter()
        .map(|one| format!("pilih-{one}"))
        .collect();
    let mut fields = vec![("jawaban", "sama"), ("alasan", "akta sama")];
    fields.extend(boxes.iter().map(|name| (name.as_str(), "1")));
    let again = satu.sent(&format!("/tinjau/{id}"), &fields).await;
    assert_eq!(to(&again), merge);
    let page = satu.get(&merge).await.body;
    assert!(
        page.contains("Gabungkan 2 baris") && page.contains("ANI CONTOH"),
        "{page}"
    );
    let empty = satu
        .sent(&merge, &[("putusan", "setuju"), ("alasan", " ")])
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let yes = [("putusan", "setuju"), ("alasan", "benar, satu orang")];
    assert_eq!(to(&satu.sent(&merge, &yes).await), merge);
    let page = satu.get(&merge).await.body;
    assert!(
        page.contains("Disetujui") && page.contains("benar, satu orang"),
        "{page}"
    );
    assert_eq!(site.store.totals(&Scope::whole()).await.unwrap().persons, 1);
    assert_eq!(satu.sent(&merge, &yes).await.status, StatusCode::NOT_FOUND);

    // Nobody alone tells apart who is one person by now.
    let id = doubt(&site.store, NIPS).await;
    let mut fields = vec![("jawaban", "beda"), ("alasan", "kembar")];
    fields.extend(boxes.iter().map(|name| (name.as_str(), "1")));
    let apart = satu.sent(&format!("/tinjau/{id}"), &fields).await;
    assert!(apart.body.contains("sudah satu orang"), "{}", apart.body);

    // A new officer waits, and nobody approves their own.
    let officer = [
        ("nama", "baru"),
        ("nama_lengkap", "Contoh Baru"),
        ("peran", "officer"),
        ("instansi", "Pemerintah Kota Contoh > Dinas Kesehatan"),
        ("nip", NIPS[0]),
    ];
    let unsaid = satu.sent("/pengguna/undang", &officer).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut said = officer.to_vec();
    said.push(("alasan", "petugas dinas"));
    let new = to(&satu.sent("/pengguna/undang", &said).await);
    assert!(new.starts_with("/usulan/"), "{new}");
    assert!(accounts.named("baru").await.is_err());
    let own = satu.sent(&new, &yes).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own.body.contains("Anda yang mengusulkan"), "{}", own.body);
    accounts.set_nip("tiga", NIPS[0]).await.unwrap();
    let mut tiga = Browser::of(&site, "tiga").await;
    let page = tiga.get(&new).await.body;
    let shown = page.contains(NIPS[0]) && page.contains("data, akun, atau program Anda");
    assert!(shown && !page.contains("value=\"setuju\""), "{page}");
    let mut dua = Browser::of(&site, "dua").await;
    let foreign = dua
        .sent(&new, &[("putusan", "tarik"), ("alasan", "x")])
        .await;
    assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(dua.get("/usulan").await.body.contains("Buat akun baru"));
    assert_eq!(to(&dua.sent(&new, &yes).await), new);
    assert_eq!(accounts.named("baru").await.unwrap().role.name(), "officer");
    assert!(accounts.same_person("baru", "tiga").await.unwrap());
    let id = accounts.named("tiga").await.unwrap().id;
    let less = [
        ("peran", "admin"),
        ("instansi", "Kementerian Contoh"),
        ("nip", ""),
        ("alasan", "x"),
    ];
    let changed = to(&satu.sent(&format!("/pengguna/{id}/peran"), &less).await);
    let subject = tiga.sent(&changed, &yes).await;
    assert_eq!(subject.status, StatusCode::UNPROCESSABLE_ENTITY);
    let back = [("putusan", "tarik"), ("alasan", "salah tulis")];
    assert_eq!(to(&satu.sent(&changed, &back).await), changed);
    assert!(satu.get(&changed).await.body.contains("Ditarik"));
    assert_eq!(accounts.named("tiga").await.unwrap().role, Role::Walidata);
}

/// A new password for another's account: the link is with one person, its code with another.
async fn halved(site: Site) {
    let accounts = site.store.accounts();
    let (_, hash) = accounts.find("walidata").await.unwrap().unwrap();
    let places = "Pemerintah Kota Contoh".into();
    for (login, role) in [
        ("dua", Role::Walidata),
        ("anggota", Role::Officer { places }),
    ] {
        let made = accounts.add(login, "Contoh Nama", role, &hash);
        made.await.unwrap();
    }
    let id = accounts.named("anggota").await.unwrap().id;
    let path = format!("/pengguna/{id}/tautan");
    let mut satu = Browser::of(&site, "walidata").await;
    let whole = satu.sent(&path, &[]).await.body;
    assert!(
        whole.contains("/tautan/") && !whole.contains("/tautan/k"),
        "{whole}"
    );
    let on = FourEyes {
        on: true,
        records: 0,
        by: four_eyes::OPERATOR.into(),
    };
    four_eyes::set(&site.store, on, "").await.unwrap();

    let half = satu.sent(&path, &[]).await;
    assert_eq!(half.status, StatusCode::OK, "{}", half.body);
    let link = part(&half.body, "/tautan/k");
    let proposal = part(&half.body, "/usulan/");
    let new = "Empat kata acak di sini 7";
    let mut owner = Browser::new(&site);
    let form = owner.get(&link).await.body;
    assert!(form.contains("name=\"kode\""), "{form}");
    let mark = hidden(&form, "tanda");
    let mut chosen = async |code: &str| {
        let fields = [
            ("tanda", mark.as_str()),
            ("kode", code),
            ("baru", new),
            ("ulang", new),
        ];
        owner.post(&link, &fields).await
    };
    // Before anybody approves, no code opens it, and who proposed it approves nothing.
    let early = chosen("0000-0000-0000").await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    let yes = [("putusan", "setuju"), ("alasan", "ia menelepon saya")];
    let own = satu.sent(&proposal, &yes).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut dua = Browser::of(&site, "dua").await;
    let page = dua.get(&proposal).await.body;
    assert!(
        page.contains("Kata sandi baru untuk akun anggota"),
        "{page}"
    );
    let told = dua.sent(&proposal, &yes).await;
    assert!(!told.body.contains("/tautan/"), "{}", told.body);
    let code = told.shown("kode");
    assert_eq!(code.len(), 14, "{code}");
    for wrong in ["", "0000-0000-0000", &code[..13]] {
        let refused = chosen(wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(refused.body.contains("Kode salah"), "{}", refused.body);
    }
    // Nor does what both parts are together, written as the address of a whole link: who approves has
    // the code, and the hash of the link's part stands in the ledger.
    let hash = hashed(link.strip_prefix("/tautan/k").unwrap());
    let both = format!("/tautan/{hash}%20{}", code.replace('-', ""));
    assert_eq!(dua.get(&both).await.status, StatusCode::NOT_FOUND);
    let fields = [("baru", new), ("ulang", new)];
    let alone = dua.sent(&both, &fields).await;
    assert_eq!(alone.status, StatusCode::NOT_FOUND);
    let taken = chosen(&code.to_uppercase().replace('-', " ")).await;
    assert_eq!(to(&taken), "/masuk");
    assert_eq!(chosen(&code).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut anggota = Browser::new(&site);
    let entered = anggota.sign_in("anggota", new, "/").await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    let page = satu.get(&proposal).await.body;
    assert!(
        page.contains("Disetujui") && !page.contains(&code),
        "{page}"
    );

    // Two central accounts must be left.
    let id = accounts.named("dua").await.unwrap().id;
    let kept = satu.sent(&format!("/pengguna/{id}/tutup"), &[]).await;
    let page = satu.get(&to(&kept)).await.body;
    assert!(page.contains("Akun itu tidak ditutup"), "{page}");
    assert!(accounts.find("dua").await.unwrap().is_some());
}

/// The address on a page that begins so.
fn part(page: &str, begins: &str) -> String {
    let from = page.find(begins).unwrap_or_else(|| panic!("{page}"));
    let rest = &page[from..];
    rest[..rest.find('"').unwrap()].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_needs_the_parts_of_two_persons() {
    halved(site(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_does_one_on_postgresql() {
    halved(site_on_postgres(satu_web::Settings::default()).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_waits_for_a_second_person() {
    walked(site(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_it_does_on_postgresql() {
    walked(site_on_postgres(satu_web::Settings::default()).await).await;
}
