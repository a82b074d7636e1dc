//! Signing in through a real provider, the npm package `oidc-provider`, in a real browser.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::Locator;

use super::driver::{Browser, Running, Site, start};
use super::{DESK, PHONE, all, look};

/// The provider as a child process, which ends with the test.
struct Provider {
    process: Running,
    port: u16,
    site: String,
}

impl Provider {
    /// Starts it for a site, on a port that was free a moment ago.
    fn start(site: &str) -> Provider {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        Provider::at(port, site)
    }

    fn at(port: u16, site: &str) -> Provider {
        let folder = std::env::var("SATU_TEST_OIDC").expect("run the tests with scripts/test");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oidc/provider.mjs");
        let (process, ()) = start(
            Command::new("node")
                .args([script, &port.to_string(), site])
                .current_dir(folder)
                .stdin(Stdio::piped()),
            |line| line.starts_with("issuer ").then_some(()),
        )
        .expect("the provider ended before it was ready");
        Provider {
            process,
            port,
            site: site.to_owned(),
        }
    }

    /// Signs with other keys from now on.
    fn rotate(&mut self) {
        let input = self.process.0.stdin.as_mut().unwrap();
        input.write_all(b"rotate\n").unwrap();
    }

    /// Ends it; what starts it again.
    fn stop(self) -> impl FnOnce() -> Provider {
        let Provider {
            process,
            port,
            site,
        } = self;
        drop(process);
        move || Provider::at(port, &site)
    }
}

/// What the operator says of it; `more` goes before the roles.
fn settings(folder: &Path, port: u16, more: &str) -> Vec<String> {
    let secret = folder.join("oidc.secret");
    std::fs::write(&secret, "rahasia-yang-dikarang\n").unwrap();
    let text = format!(
        r#"
        name = "SSO Contoh"
        issuer = "http://127.0.0.1:{port}"
        client_id = "satu"
        secret_file = "oidc.secret"
        scopes = ["profile"]
        loopback = true
        {more}
        [second_factor]
        amr = ["otp"]
        [[role]]
        is = "walidata"
        claim = "satu_roles"
        value = "satu-walidata"
        [[role]]
        is = "officer"
        claim = "satu_roles"
        value = "satu-petugas"
        instansi = "instansi"
        [role.agencies]
        K05 = "Kementerian Contoh"
        [[role]]
        is = "asn"
        nip = "nip"
        "#
    );
    let path = folder.join("oidc.toml");
    std::fs::write(&path, text).unwrap();
    vec!["--oidc".to_owned(), path.to_string_lossy().into_owned()]
}

/// A demo with the provider beside it.
fn with_provider(more: &str) -> (Site, Provider) {
    let mut provider = None;
    let site = Site::with("100", |address, folder| {
        let started = Provider::start(address);
        let options = settings(folder, started.port, more);
        provider = Some(started);
        options
    });
    (site, provider.unwrap())
}

const MAKE: &str = "[accounts]\nmake = true";

/// At the provider: types the name, with a code or without, and goes on.
async fn at_provider(browser: &Browser, login: &str, otp: bool) {
    browser.arrives("#login").await;
    browser.fill("#login", login).await;
    if otp {
        browser.click("#otp").await;
    }
    browser.follow("#enter").await;
}

/// Signs in from the site's own page.
async fn sign_in(browser: &Browser, login: &str) {
    browser.go("/masuk").await;
    browser.follow("#sso").await;
    at_provider(browser, login, false).await;
}

async fn signed_in(browser: &Browser) {
    browser.arrives("form[action='/keluar']").await;
}

/// Signs out here and at the provider.
async fn sign_out(browser: &Browser) {
    browser.follow("form[action='/keluar'] button").await;
    browser.arrives("#lanjut").await;
    browser.follow("#lanjut").await;
    browser.follow("#yes").await;
    browser.arrives("a[href='/masuk']").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_through_the_provider() {
    let (site, _provider) = with_provider(MAKE);
    for (width, size) in [(DESK, "desk"), (PHONE, "phone")] {
        let browser = Browser::open(&site, width, true).await;
        browser.go("/masuk?kembali=/pengguna").await;
        look(&browser, &format!("masuk-sso-{size}")).await;
        browser.follow("#sso").await;
        at_provider(&browser, "wati", false).await;
        signed_in(&browser).await;
        assert_eq!(browser.path().await, "/pengguna");
        assert_eq!(
            all(&browser.client, "header .who .name b").await,
            ["Wati Contoh"]
        );
        let listed = all(&browser.client, "main tbody th").await;
        assert_eq!(listed.iter().filter(|one| one.contains("wati")).count(), 1);
        browser.go("/akun").await;
        look(&browser, &format!("akun-sso-{size}")).await;
        browser.go("/akun/sso").await;
        assert!(
            browser
                .text()
                .await
                .contains("tertaut dengan SSO Contoh sejak")
        );
        look(&browser, &format!("tautan-sso-{size}")).await;
        browser.go("/akun/kedua").await;
        look(&browser, &format!("kedua-sso-{size}")).await;
        browser.follow("form[action='/keluar'] button").await;
        browser.arrives("#lanjut").await;
        look(&browser, &format!("keluar-sso-{size}")).await;
        browser.close().await;
    }
}

/// The page says so.
async fn told(browser: &Browser, text: &str) {
    let shown = browser.text().await;
    assert!(shown.contains(text), "{text}: {shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_what_the_provider_says_and_no_more() {
    let (site, _provider) = with_provider(MAKE);
    let browser = Browser::open(&site, DESK, true).await;
    // An officer of an agency, by the name that the records give it.
    sign_in(&browser, "petrus").await;
    signed_in(&browser).await;
    browser.go("/akun").await;
    told(&browser, "Kementerian Contoh").await;
    sign_out(&browser).await;
    assert_eq!(browser.path().await, "/");
    // A civil servant, by their NIP.
    sign_in(&browser, "ani").await;
    signed_in(&browser).await;
    browser.go("/akun").await;
    told(&browser, "198503172010012005").await;
    sign_out(&browser).await;
    browser.close().await;
    for (width, size) in [(DESK, "desk"), (PHONE, "phone")] {
        let fresh = async || Browser::open(&site, width, true).await;
        // Somebody without a role.
        let browser = fresh().await;
        sign_in(&browser, "tamu").await;
        told(&browser, "tidak mempunyai peran di sini").await;
        look(&browser, &format!("sso-tanpa-peran-{size}")).await;
        browser.close().await;
        // Somebody whose login is another's here.
        let browser = fresh().await;
        sign_in(&browser, "petugas").await;
        told(&browser, "sudah dipakai di sini").await;
        browser.close().await;
        // Somebody who thinks better of it.
        let browser = fresh().await;
        browser.go("/masuk").await;
        browser.follow("#sso").await;
        browser.arrives("#login").await;
        browser.follow("#cancel").await;
        told(&browser, "tidak diselesaikan").await;
        browser.follow("header a[hreflang=en]").await;
        browser.arrives("html[lang=en] #sso").await;
        look(&browser, &format!("sign-in-sso-{size}")).await;
        browser.close().await;
    }
}

/// To where the provider last sent a browser back, as a path of the site.
async fn last(browser: &Browser, provider: &Provider, site: &Site) -> String {
    let address = format!("http://127.0.0.1:{}/last", provider.port);
    browser.client.goto(&address).await.unwrap();
    let main = browser.client.find(Locator::Css("main")).await.unwrap();
    let text = main.text().await.unwrap();
    text.strip_prefix(&site.address).unwrap().to_owned()
}

/// Signs in at the provider, which keeps the browser; the path to which it would go back.
async fn held(browser: &Browser, provider: &Provider, site: &Site, login: &str) -> String {
    browser.go("/masuk").await;
    // Signed in nowhere: cookies are of a host, whatever its port.
    browser.client.delete_all_cookies().await.unwrap();
    browser.go("/masuk").await;
    browser.follow("#sso").await;
    browser.arrives("#login").await;
    browser.fill("#login", login).await;
    browser.click("#hold").await;
    browser.follow("#enter").await;
    browser.arrives("#held").await;
    last(browser, provider, site).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_for_one_browser_and_one_time() {
    let (site, provider) = with_provider(MAKE);
    let browser = Browser::open(&site, DESK, true).await;
    sign_in(&browser, "ani").await;
    signed_in(&browser).await;
    // Brought again, the code and its state sign nobody in.
    let used = last(&browser, &provider, &site).await;
    assert!(used.contains("code=") && used.contains("&iss="), "{used}");
    for path in [used.as_str(), "/masuk/sso/kembali?code=abc&state=lain"] {
        browser.go(path).await;
        told(&browser, "dimulai di peramban lain").await;
    }
    browser.go("/akun").await;
    sign_out(&browser).await;
    browser.go(&used).await;
    told(&browser, "dimulai di peramban lain").await;
    browser.go("/akun").await;
    assert!(browser.path().await.starts_with("/masuk"));

    // Fresh, but brought by another browser: then it is nobody's any more.
    let fresh = held(&browser, &provider, &site, "ani").await;
    let foreign = Browser::open(&site, PHONE, true).await;
    foreign.go("/masuk").await;
    foreign.go(&fresh).await;
    told(&foreign, "dimulai di peramban lain").await;
    look(&foreign, "sso-peramban-lain-phone").await;
    foreign.close().await;
    browser.go(&fresh).await;
    told(&browser, "dimulai di peramban lain").await;
    look(&browser, "sso-peramban-lain-desk").await;

    // Changed on its way: another state, another code, another issuer.
    let fresh = held(&browser, &provider, &site, "ani").await;
    browser.go(&fresh.replace("state=", "state=x")).await;
    told(&browser, "dimulai di peramban lain").await;
    for (right, wrong) in [
        ("code=", "code=x"),
        ("&iss=", "&iss=https://lain.example&x="),
    ] {
        let fresh = held(&browser, &provider, &site, "ani").await;
        browser.go(&fresh.replace(right, wrong)).await;
        told(&browser, "tidak sah").await;
    }
    // And as it came it signs in.
    let fresh = held(&browser, &provider, &site, "ani").await;
    browser.go(&fresh).await;
    signed_in(&browser).await;
    browser.close().await;
}

/// Signs out at the provider, not here.
async fn leave_provider(browser: &Browser, provider: &Provider) {
    let end = format!(
        "http://127.0.0.1:{}/session/end?client_id=satu",
        provider.port
    );
    browser.client.goto(&end).await.unwrap();
    browser.follow("#yes").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_at_the_provider_is_signed_out_here() {
    let (site, provider) = with_provider(MAKE);
    let one = Browser::open(&site, DESK, true).await;
    let two = Browser::open(&site, PHONE, true).await;
    for browser in [&one, &two] {
        sign_in(browser, "wati").await;
        signed_in(browser).await;
    }
    leave_provider(&one, &provider).await;
    one.go("/akun").await;
    assert!(one.path().await.starts_with("/masuk"));
    // The other browser's session at the provider is another one.
    two.go("/akun").await;
    assert_eq!(two.path().await, "/akun");
    one.close().await;
    two.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_change_while_the_site_runs() {
    let (site, mut provider) = with_provider(MAKE);
    let browser = Browser::open(&site, DESK, true).await;
    sign_in(&browser, "ani").await;
    let began = Instant::now();
    signed_in(&browser).await;
    sign_out(&browser).await;
    provider.rotate();
    // Keys are not fetched more than twice a minute.
    tokio::time::sleep(Duration::from_secs(32).saturating_sub(began.elapsed())).await;
    sign_in(&browser, "ani").await;
    signed_in(&browser).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_away_is_told_and_passwords_still_sign_in() {
    let (site, provider) = with_provider(MAKE);
    let browser = Browser::open(&site, DESK, true).await;
    // It goes away while somebody is there.
    let back = held(&browser, &provider, &site, "ani").await;
    let again = provider.stop();
    browser.go(&back).await;
    told(&browser, "tidak dapat dihubungi").await;
    look(&browser, "sso-tidak-ada-desk").await;
    browser.close().await;

    // And it is away from the start, until it is there.
    let port = again().port;
    let other = Site::with("100", |_, folder| settings(folder, port, MAKE));
    let browser = Browser::open(&other, PHONE, true).await;
    browser.go("/masuk").await;
    browser.follow("#sso").await;
    told(&browser, "tidak dapat dihubungi").await;
    browser.follow("header a[hreflang=en]").await;
    browser.go("/masuk/sso").await;
    told(&browser, "cannot be reached right now").await;
    look(&browser, "sso-away-phone").await;
    browser.follow("main .button").await;
    browser.sign_in("walidata", &other.password).await;
    signed_in(&browser).await;
    browser.follow("form[action='/keluar'] button").await;
    let _provider = Provider::at(port, &other.address);
    tokio::time::sleep(Duration::from_secs(6)).await;
    sign_in(&browser, "ani").await;
    signed_in(&browser).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_asked_there_is_not_asked_again_here() {
    let mut started = None;
    let site = Site::with("100", |address, folder| {
        let provider = Provider::start(address);
        let mut options = settings(folder, provider.port, MAKE);
        options.push("--second-factor".to_owned());
        started = Some(provider);
        options
    });
    let browser = Browser::open(&site, DESK, true).await;
    sign_in(&browser, "wati").await;
    signed_in(&browser).await;
    browser.go("/cari").await;
    assert_eq!(browser.path().await, "/akun/kedua");
    look(&browser, "kedua-sso-wajib-desk").await;
    sign_out(&browser).await;
    browser.go("/masuk?kembali=/cari").await;
    browser.follow("#sso").await;
    at_provider(&browser, "wati", true).await;
    signed_in(&browser).await;
    assert_eq!(browser.path().await, "/cari");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_linked_by_its_owner() {
    let (site, _provider) = with_provider("");
    let browser = Browser::open(&site, PHONE, true).await;
    sign_in(&browser, "wati").await;
    told(&browser, "belum ditautkan").await;
    browser.sign_in("walidata", &site.password).await;
    browser.go("/akun/sso").await;
    look(&browser, "tautkan-sso-phone").await;
    browser.fill("#sandi", &site.password).await;
    browser.follow("main form .button").await;
    look(&browser, "lanjut-sso-phone").await;
    // The provider knows them still, and asks nothing.
    browser.follow("#lanjut").await;
    told(&browser, "Akun Anda sudah ditautkan.").await;
    look(&browser, "tertaut-sso-phone").await;
    browser.follow("form[action='/keluar'] button").await;
    browser.go("/masuk").await;
    browser.follow("#sso").await;
    signed_in(&browser).await;
    browser.go("/akun/sso").await;
    browser.fill("#sandi", &site.password).await;
    browser.follow("main form .button").await;
    told(&browser, "Tautan sudah dilepas.").await;
    browser.close().await;
}

/// Signs in from the site's own page, at a provider where the password was typed so many minutes ago.
async fn sign_in_of(browser: &Browser, login: &str, minutes: &str) {
    browser.go("/masuk").await;
    browser.follow("#sso").await;
    browser.arrives("#login").await;
    browser.fill("#menit", minutes).await;
    at_provider(browser, login, false).await;
}

/// Signs out here, and not at the provider.
async fn leave(browser: &Browser) {
    browser.go("/akun").await;
    browser.follow("form[action='/keluar'] button").await;
    browser.arrives("#lanjut").await;
}

/// Makes a personal token, for which somebody without a password must have been asked a moment ago who
/// they are.
async fn make_token(browser: &Browser) {
    browser.go("/akun/token").await;
    browser.fill("#nama", "SIMPEG").await;
    browser.follow("#isian .button").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_asks_again_where_it_asked_too_long_ago() {
    let (site, _provider) = with_provider(&format!("max_age_minutes = 30\n{MAKE}"));
    let browser = Browser::open(&site, DESK, true).await;
    // The password was typed there lately enough to come in, and too long ago for what is sensitive.
    sign_in_of(&browser, "wati", "20").await;
    signed_in(&browser).await;
    make_token(&browser).await;
    told(&browser, "Keluar dari sini dan dari SSO Contoh").await;
    look(&browser, "token-sso-lama").await;
    // The session there opens one here unasked, which is no newer.
    leave(&browser).await;
    browser.go("/masuk").await;
    browser.follow("#sso").await;
    signed_in(&browser).await;
    make_token(&browser).await;
    told(&browser, "Keluar dari sini dan dari SSO Contoh").await;
    sign_out(&browser).await;
    // Longer ago than `max_age_minutes` it does not come in, whatever the provider thinks of it.
    sign_in_of(&browser, "wati", "40").await;
    told(&browser, "tidak sah").await;
    // And the provider, which still knows them, asks for the password again.
    browser.go("/masuk").await;
    browser.follow("#sso").await;
    browser.arrives("#login").await;
    let asked = browser.client.find(Locator::Css("#max_age")).await.unwrap();
    assert_eq!(asked.text().await.unwrap(), "1800");
    at_provider(&browser, "wati", false).await;
    signed_in(&browser).await;
    make_token(&browser).await;
    let shown = browser.text().await;
    assert!(!shown.contains("Keluar dari sini"), "{shown}");
    browser.go("/akun/token").await;
    assert_eq!(all(&browser.client, "main tbody th").await, ["SIMPEG"]);
    browser.close().await;
}
