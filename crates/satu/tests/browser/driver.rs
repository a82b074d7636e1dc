//! A real Chromium, driven over WebDriver, and the site of a real demo.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use satu_store::{KeyPlace, Store};
use serde_json::json;

/// A process that ends with the test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The site of a demo of made-up persons, served on a port of its own.
pub struct Site {
    pub address: String,
    /// Login and password of the three demo accounts: walidata, officer, civil servant.
    pub password: String,
    _server: Running,
    folder: tempfile::TempDir,
}

/// Starts a program and reads its standard output until `ready` answers; none if it ends before.
pub fn start<T>(
    command: &mut Command,
    mut ready: impl FnMut(&str) -> Option<T>,
) -> Option<(Running, T)> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; run the tests with scripts/test"));
    let out = child.stdout.take().unwrap();
    let running = Running(child);
    let mut lines = BufReader::new(out).lines();
    let found = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| ready(&line))?;
    // What it prints later is read away, so that it never waits for us.
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    Some((running, found))
}

impl Site {
    pub fn start() -> Site {
        Site::of("400")
    }

    /// Its register.
    pub async fn store(&self) -> Store {
        let at = |name| self.folder.path().join(name);
        let (database, key) = (at("demo.db"), KeyPlace::File(at("satu.key")));
        let database = database.to_string_lossy();
        let opened = Store::open_existing(&database, &key);
        opened.await.unwrap()
    }

    /// The site of a demo of so many persons.
    pub fn of(persons: &str) -> Site {
        Site::with(persons, |_, _| Vec::new())
    }

    /// The same with further options, which may name the site's address and a folder for files.
    pub fn with(persons: &str, options: impl FnOnce(&str, &Path) -> Vec<String>) -> Site {
        let folder = tempfile::tempdir().unwrap();
        // A port that was free a moment ago.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = port.local_addr().unwrap().to_string();
        drop(port);
        let (server, password) = start(
            Command::new(env!("CARGO_BIN_EXE_satu"))
                // This country has a doubt for an officer to decide.
                .args([
                    "demo",
                    "--persons",
                    persons,
                    "--seed",
                    "11",
                    "--listen",
                    &address,
                ])
                .arg("--key")
                .arg(folder.path().join("satu.key"))
                .args(options(&format!("http://{address}"), folder.path()))
                .arg("--db")
                .arg(folder.path().join("demo.db")),
            |line| Some(line.split_once("password ")?.1.trim().to_owned()),
        )
        .expect("the demo ended before it was ready");
        for _ in 0..600 {
            if std::net::TcpStream::connect(&address).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Site {
            address: format!("http://{address}"),
            password,
            _server: server,
            folder,
        }
    }
}

/// One window of Chromium.
pub struct Browser {
    pub client: Client,
    site: String,
    axe: String,
    _driver: Running,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// A fresh window without cookies; `script`: whether pages may run any.
    pub async fn open(site: &Site, width: u32, script: bool) -> Browser {
        let axe = std::env::var("SATU_TEST_AXE").expect("run the tests with scripts/test");
        let axe = std::fs::read_to_string(axe).unwrap();
        // It ends where somebody else takes the port it chose before it does.
        let (driver, port) = (0..5)
            .find_map(|_| {
                start(Command::new("chromedriver").arg("--port=0"), |line| {
                    let (_, port) = line.split_once("successfully on port ")?;
                    port.trim_end_matches('.').parse::<u16>().ok()
                })
            })
            .expect("chromedriver ended five times before it was ready");
        let profile = tempfile::tempdir().unwrap();
        let mut wanted = Capabilities::new();
        let mut options = json!({
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--hide-scrollbars",
                format!("--user-data-dir={}", profile.path().display()),
                format!("--window-size={width},900"),
            ],
            "prefs": { "profile.managed_default_content_settings.javascript": if script { 1 } else { 2 } },
        });
        if width < 500 {
            // No window of a desktop is that narrow: the page is shown as on a phone.
            options["mobileEmulation"] =
                json!({ "deviceMetrics": { "width": width, "height": 900, "pixelRatio": 1.0 } });
        }
        wanted.insert("goog:chromeOptions".into(), options);
        let mut builder =
            ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        let client = builder
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        Browser {
            client,
            site: site.address.clone(),
            axe,
            _driver: driver,
            _profile: profile,
        }
    }

    /// Closes the window; a driver that is only killed would leave Chromium running.
    pub async fn close(self) {
        self.client.clone().close().await.unwrap();
    }

    pub async fn go(&self, path: &str) {
        let address = format!("{}{path}", self.site);
        self.client.goto(&address).await.unwrap();
    }

    /// The path and query that the window shows.
    pub async fn path(&self) -> String {
        let address = self.client.current_url().await.unwrap();
        address.as_str()[self.site.len()..].to_owned()
    }

    pub async fn text(&self) -> String {
        let body = self.client.find(Locator::Css("body")).await.unwrap();
        body.text().await.unwrap()
    }

    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.client.find(Locator::Css(css)).await;
        let field = field.unwrap_or_else(|error| panic!("{css}: {error}"));
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    pub async fn click(&self, css: &str) {
        self.clicked(css).await;
    }

    /// Clicks what leads to another page, a link or a form's button, and waits until that stands: what
    /// is asked while the window changes pages is answered by neither.
    pub async fn follow(&self, css: &str) {
        let clicked = self.clicked(css).await;
        for _ in 0..600 {
            let gone = clicked.tag_name().await.is_err();
            if gone && self.client.find(Locator::Css("main")).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{css} leads nowhere from {}", self.path().await);
    }

    async fn clicked(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(Duration::from_secs(10));
        let Ok(found) = found.for_element(Locator::Css(css)).await else {
            panic!("no {css} on {}:\n{}", self.path().await, self.text().await);
        };
        found.click().await.unwrap();
        found
    }

    /// Waits until an element is there.
    pub async fn arrives(&self, css: &str) {
        let found = self.client.wait().at_most(Duration::from_secs(30));
        let Ok(_) = found.for_element(Locator::Css(css)).await else {
            panic!("no {css} on {}:\n{}", self.path().await, self.text().await);
        };
    }

    pub async fn sign_in(&self, login: &str, password: &str) {
        self.go("/masuk").await;
        self.fill("#nama", login).await;
        self.fill("#sandi", password).await;
        self.follow("main form .button").await;
        // Answered, in either way: hashing the password takes its time.
        let answered = self.client.wait().at_most(Duration::from_secs(30));
        let either = Locator::Css("form[action='/keluar'], .problem");
        answered.for_element(either).await.unwrap();
    }

    /// What axe-core finds wrong with the page as it stands: rules of WCAG 2.2 A and AA and best
    /// practice, each with the elements concerned.
    pub async fn faults(&self) -> Vec<String> {
        // Put in by the driver, outside the page's own policy on scripts.
        self.client.execute(&self.axe, vec![]).await.unwrap();
        let run = "const done = arguments[0]; axe.run(document).then(r => done(r.violations.map(v => \
                   v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' | '))), e => done(['axe: ' + e]))";
        let found = self.client.execute_async(run, vec![]).await.unwrap();
        serde_json::from_value(found).unwrap()
    }

    /// What makes the page wider than its window; empty where it fits.
    pub async fn overflows(&self) -> String {
        let wide = "const page = document.documentElement, width = page.clientWidth; \
                    if (page.scrollWidth <= width) return ''; \
                    return page.scrollWidth + ' > ' + width + ' ' + [...document.querySelectorAll('main *')] \
                    .filter(e => e.getBoundingClientRect().right > width && !e.closest('.scroll')) \
                    .map(e => e.outerHTML.slice(0, 120)).slice(0, 3).join(' | ')";
        let told = self.client.execute(wide, vec![]).await.unwrap();
        told.as_str().unwrap().to_owned()
    }

    /// Keeps a picture of the whole page where `SATU_TEST_PICTURES` names a folder.
    pub async fn picture(&self, name: &str) {
        let Ok(folder) = std::env::var("SATU_TEST_PICTURES") else {
            return;
        };
        let png = self.client.screenshot().await.unwrap();
        std::fs::write(format!("{folder}/{name}.png"), png).unwrap();
    }
}
