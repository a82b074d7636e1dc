//! Who opened a record, as the site puts it on the record of looks.

use std::net::SocketAddr;
use std::time::Duration;

use jiff::tz;
use satu_registry::link::link_all;
use satu_store::Scope;
use satu_store::access::OPENED;
use satu_web::Settings;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use crate::api::{program, token};
use crate::browser::{Browser, Site, delivered, site, site_on_postgres};
use crate::siasn::personal;

const ANI: &str = "198503172010012005";
const BUDI: &str = "199001012015011001";

/// Asks a site that is served, with these headers; the answer must be a good one.
async fn get(address: SocketAddr, path: &str, headers: &str) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let asked =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(asked.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let read = stream.read_to_string(&mut answer);
    timeout(Duration::from_secs(20), read)
        .await
        .unwrap()
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
}

/// The header with which somebody who has signed in asks.
async fn cookie(site: &Site, login: &str) -> String {
    let browser = Browser::of(site, login).await;
    format!("Cookie: satu={}\r\n", browser.cookie("satu").unwrap())
}

/// Who looked at a person, and what for, in the order of the logins. Each is there once on a day; the test
/// may see two of them.
async fn looks(site: &Site, person: i64) -> Vec<(String, String)> {
    let looks = site.store.accesses(&Scope::whole(), person, 99).await;
    let mut looks: Vec<_> = looks
        .unwrap()
        .into_iter()
        .map(|look| {
            let day = tz::offset(7).to_datetime(look.at).date();
            ((look.by, look.purpose), day)
        })
        .collect();
    looks.sort();
    assert!(looks.is_sorted_by(|one, next| one < next), "{looks:?}");
    let mut looks: Vec<_> = looks.into_iter().map(|(look, _)| look).collect();
    looks.dedup();
    looks
}

async fn openings_are_seen_by_whose_record_it_is(site: Site) {
    let rows = |nip, nik, name, born| {
        format!(
            "nip,nik,nama,tanggal_lahir,jenis_kelamin,instansi_induk\n\
             {nip},{nik},{name},{born},P,Pemerintah Kota Contoh\n"
        )
    };
    let ani = rows(ANI, "3273015703850004", "ANI CONTOH", "1985-03-17");
    let budi = rows(BUDI, "3273014101900001", "BUDIARTI CONTOH", "1990-01-01");
    delivered(&site, "sendiri", "Pemerintah Kota Contoh", &ani).await;
    delivered(&site, "lagi", "Pemerintah Kota Contoh", &budi).await;
    link_all(&site.store).await.unwrap();
    let id = async |nip| site.store.find(&Scope::whole(), "nip", nip).await.unwrap()[0];
    let (ani, budi) = (id(ANI).await, id(BUDI).await);
    program(&site, "pusat", false, "people.read").await;
    let gateway = token(&site, "pusat").await;
    let gateway = format!("Authorization: Bearer {gateway}\r\n");
    let for_whom = async |login| {
        let personal = personal(&site, login).await;
        format!("{gateway}Auth: bearer {personal}\r\n")
    };
    let (walidata, asn) = (for_whom("walidata").await, for_whom("asn").await);
    let [officer, own, central] = [
        cookie(&site, "petugas").await,
        cookie(&site, "asn").await,
        cookie(&site, "walidata").await,
    ];

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = satu_web::serve(
        site.store.clone(),
        listener,
        Settings::default(),
        async move { stopped.await.unwrap_or_default() },
    );
    let server = tokio::spawn(serving);

    // Whoever writes holds up no page that masks.
    let writer = site.store.begin().await.unwrap();
    let page = format!("/orang/{ani}");
    for _ in 0..2 {
        get(address, &page, &officer).await;
    }
    drop(writer);
    get(address, &page, &own).await;
    let main = format!("/apisiasn/1.0/pns/data-utama/{ANI}");
    let ranks = format!("/apisiasn/1.0/pns/rw-golongan/{ANI}");
    for path in [&main, &ranks] {
        get(address, path, &walidata).await;
        get(address, path, &asn).await;
    }
    get(address, &format!("/api/v1/people/{ani}"), &gateway).await;
    let both = ["petugas", "walidata"].map(|by| (by.to_owned(), OPENED.to_owned()));
    let written = async {
        while looks(&site, ani).await.len() < both.len() {
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(Duration::from_secs(20), written).await.unwrap();
    assert_eq!(looks(&site, ani).await, both);
    assert_eq!(looks(&site, budi).await, []);
    let told = Browser::of(&site, "asn").await.get(&page).await.body;
    assert!(told.contains("Dibuka; data pribadi tetap disamarkan") && told.contains("petugas"));

    // The same again, and another just before the site is stopped.
    get(address, &page, &officer).await;
    get(address, &page, &central).await;
    get(address, &format!("/orang/{budi}"), &officer).await;
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    assert_eq!(looks(&site, ani).await, both);
    assert_eq!(looks(&site, budi).await, both[..1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn openings_on_sqlite() {
    openings_are_seen_by_whose_record_it_is(site(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn openings_on_postgresql() {
    openings_are_seen_by_whose_record_it_is(site_on_postgres(Settings::default()).await).await;
}
