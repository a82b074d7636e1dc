//! Addresses that are told of changes: from a program's wish to a signed call.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use satu_store::webhooks::Webhook;
use satu_web::Settings;
use serde_json::{Value, json};
use sha2_for_hmac::Sha256;
use tokio::net::TcpListener;

use super::ruled;
use crate::api::{ANI, BUDI, json as read, program, token};
use crate::browser::{Answer, Browser, Site, asked, delivered, site_of};

type Calls = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// Somebody who is told: keeps every call, and answers with a status.
async fn receiver(status: Arc<Mutex<StatusCode>>) -> (String, Calls) {
    let calls = Calls::default();
    let kept = calls.clone();
    let take = async move |headers: HeaderMap, body: Bytes| {
        let text = String::from_utf8(body.to_vec()).unwrap();
        kept.lock().unwrap().push((headers, text));
        *status.lock().unwrap()
    };
    let pages = Router::new().fallback(take);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/kabar?a=b", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, pages).await });
    (url, calls)
}

async fn until(calls: &Calls, count: usize) -> Vec<(HeaderMap, String)> {
    for _ in 0..600 {
        let held = calls.lock().unwrap().clone();
        if held.len() >= count {
            return held;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{count} calls: {:?}", calls.lock().unwrap());
}

async fn call(site: &Site, token: &str, method: Method, path: &str, body: Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    asked(site, method, path, &headers, &body.to_string()).await
}

/// Whether a call is signed with a secret as it was shown.
fn signed(secret: &str, (headers, body): &(HeaderMap, String)) -> bool {
    let text = |name: &str| headers.get(name).unwrap().to_str().unwrap();
    let secret = STANDARD
        .decode(secret.strip_prefix("whsec_").unwrap())
        .unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
    let told = format!(
        "{}.{}.{body}",
        text("webhook-id"),
        text("webhook-timestamp")
    );
    mac.update(told.as_bytes());
    let code = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    text("webhook-signature").split(' ').any(|one| one == code)
}

/// A country, and workers over it, as long as what is returned lives.
async fn worked() -> (Site, tokio::task::JoinHandle<std::io::Result<()>>) {
    let private = Settings {
        private_webhooks: true,
        ..Settings::default()
    };
    let site = site_of(private.clone()).await;
    let row = |nip: &str, nik: &str, name: &str, born: &str| {
        format!("nip,nik,nama,tanggal_lahir,jenis_kelamin\n{nip},{nik},{name},{born},L\n")
    };
    let ani = row(ANI, "3273015703850004", "ANI CONTOH", "1985-03-17");
    let budi = row(BUDI, "3273010101900001", "BUDI ASING", "1990-01-01");
    delivered(&site, "sendiri", "Pemerintah Kota Contoh", &ani).await;
    delivered(&site, "lain", "Pemerintah Kota Lain", &budi).await;
    satu_registry::link::link_all(&site.store).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let serving = satu_web::serve(
        site.store.clone(),
        listener,
        private,
        std::future::pending::<()>(),
    );
    let serving = tokio::spawn(serving);
    (site, serving)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_told_signed_and_again_where_it_was_in_vain() {
    let (site, serving) = worked().await;
    program(&site, "kota", true, "changes.read").await;
    program(&site, "lain", false, "changes.read").await;
    program(&site, "tanpa", true, "people.read").await;
    let kota = token(&site, "kota").await;
    let status = Arc::new(Mutex::new(StatusCode::NO_CONTENT));
    let (url, calls) = receiver(status.clone()).await;
    let path = "/api/v1/webhooks";
    let wanted = json!({ "url": url, "types": ["person.changed"] });
    let added = call(&site, &kota, Method::POST, path, wanted.clone()).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
    let hook = read(&added);
    let secret = hook["secret"].as_str().unwrap().to_owned();
    let one = format!("{path}/{}", hook["id"]);
    let get = async |path: &str| read(&call(&site, &kota, Method::GET, path, json!({})).await);
    assert!(get(&one).await.get("secret").is_none(), "shown once");

    ruled(&site, BUDI, "agama", "Islam").await;
    ruled(&site, ANI, "golongan", "III/c").await;
    let told = until(&calls, 1).await;
    let (headers, body) = &told[0];
    assert!(
        signed(&secret, &told[0])
            && !signed(&format!("whsec_{}", STANDARD.encode([0; 32])), &told[0])
    );
    assert!(
        headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("application/cloudevents+json")
    );
    let event: Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        [
            &event["specversion"],
            &event["type"],
            &event["source"],
            &event["data"]["fields"]
        ],
        [
            &json!("1.0"),
            &json!("person.changed"),
            &json!("/api/v1/changes"),
            &json!(["golongan"])
        ]
    );
    assert_eq!(event["subject"], json!(event["data"]["person"].to_string()));
    assert!(!body.contains("III/c"), "no values");

    // Two secrets while one follows the other.
    let turned = call(
        &site,
        &kota,
        Method::POST,
        &format!("{one}/secret"),
        json!({}),
    )
    .await;
    let second = read(&turned)["secret"].as_str().unwrap().to_owned();
    assert_ne!(second, secret);
    // In vain, and again: the wait after the first fault is at least two seconds.
    *status.lock().unwrap() = StatusCode::SERVICE_UNAVAILABLE;
    ruled(&site, ANI, "golongan", "III/d").await;
    let told = until(&calls, 2).await;
    assert!(signed(&secret, &told[1]) && signed(&second, &told[1]));
    let waiting = async {
        loop {
            let now = get(&one).await;
            if now["state"] == json!("waiting") {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let now = waiting.await;
    assert_eq!(now["fault"], json!("answered 503"), "{now}");
    let page = one.replace("/api/v1/webhooks", "/pemberitahuan");
    let page = Browser::of(&site, "walidata").await.get(&page).await.body;
    assert!(page.contains("dijawab 503"), "{page}");
    *status.lock().unwrap() = StatusCode::OK;
    let told = until(&calls, 3).await;
    let id = |at: usize| told[at].0["webhook-id"].clone();
    assert_eq!(id(1), id(2), "a call that is made again is the same call");

    // A receiver that wants no more is left alone; what it was not told can be told again.
    *status.lock().unwrap() = StatusCode::GONE;
    ruled(&site, ANI, "golongan", "IV/a").await;
    until(&calls, 4).await;
    let stopped = async {
        while get(&one).await["state"] != json!("stopped") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    stopped.await;
    ruled(&site, ANI, "golongan", "IV/b").await;
    let dead = get(&format!("{one}/dead-letters")).await;
    assert_eq!(dead["dead_letters"].as_array().unwrap().len(), 1, "{dead}");
    *status.lock().unwrap() = StatusCode::OK;
    let replay = format!("{one}/dead-letters/replay");
    let again = call(&site, &kota, Method::POST, &replay, json!({})).await;
    assert_eq!(
        (again.status, &read(&again)["replaying"]),
        (StatusCode::ACCEPTED, &json!(1))
    );
    let told = until(&calls, 5).await;
    assert_eq!(told[3].0["webhook-id"], told[4].0["webhook-id"]);
    let resumed = call(
        &site,
        &kota,
        Method::POST,
        &format!("{one}/resume"),
        json!({}),
    )
    .await;
    assert_eq!(resumed.status, StatusCode::NO_CONTENT);
    let told = until(&calls, 6).await;
    assert_ne!(told[5].0["webhook-id"], told[4].0["webhook-id"]);

    // It is the program's own; the wrong wishes are refused.
    let lain = token(&site, "lain").await;
    assert_eq!(
        call(&site, &lain, Method::GET, &one, json!({}))
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        call(&site, &lain, Method::DELETE, &one, json!({}))
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    let tanpa = token(&site, "tanpa").await;
    assert_eq!(
        call(&site, &tanpa, Method::POST, path, wanted).await.status,
        StatusCode::FORBIDDEN
    );
    for wrong in [
        json!({ "url": "ftp://simpeg.example.com/" }),
        json!({ "url": "x" }),
        json!({ "url": url, "types": ["person.died"] }),
        json!({}),
    ] {
        let answer = call(&site, &kota, Method::POST, path, wrong).await;
        assert!(answer.status.is_client_error(), "{}", answer.body);
        assert!(
            answer
                .header("content-type")
                .unwrap()
                .contains("problem+json")
        );
    }
    let gone = call(&site, &kota, Method::DELETE, &one, json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(get(path).await["webhooks"], json!([]));
    serving.abort();
}

/// Changes of which an address is not told say nothing of whether it answers.
#[tokio::test(flavor = "multi_thread")]
async fn a_dead_address_is_left_alone_whatever_else_changes() {
    let (site, serving) = worked().await;
    program(&site, "kota", true, "changes.read").await;
    let kota = token(&site, "kota").await;
    let status = Arc::new(Mutex::new(StatusCode::SERVICE_UNAVAILABLE));
    let (url, calls) = receiver(status.clone()).await;
    let wanted = json!({ "url": url, "types": ["person.changed"] });
    let added = call(&site, &kota, Method::POST, "/api/v1/webhooks", wanted).await;
    let id = read(&added)["id"].as_i64().unwrap();
    let hooks = site.store.webhooks();
    let settled = async |done: &dyn Fn(&Webhook) -> bool| {
        for _ in 0..600 {
            let now = hooks.one(id).await.unwrap().unwrap();
            if done(&now) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{:?}", hooks.one(id).await);
    };
    // The hours between eleven tries are not waited for.
    let pool = site.pool().await;
    let tried = sqlx::query("UPDATE webhook SET tries = 11");
    tried.execute(&pool).await.unwrap();
    ruled(&site, ANI, "golongan", "III/c").await;
    let given_up = settled(&|hook| hook.dead == 1).await;
    assert_eq!((given_up.lost, given_up.tries), (1, 0));
    assert_eq!(calls.lock().unwrap().len(), 1);

    let citra = "nip,nik,nama,tanggal_lahir,jenis_kelamin\n199203042019031002,3273010403920001,CITRA CONTOH,1992-03-04,L\n";
    delivered(&site, "sendiri", "Pemerintah Kota Contoh", citra).await;
    satu_registry::link::link_all(&site.store).await.unwrap();
    let passed = settled(&|hook| hook.place.id > given_up.place.id).await;
    assert_eq!(passed.lost, 1, "nothing was told in between");
    assert!(passed.fault.contains("503"), "{}", passed.fault);
    // A call that is taken is another matter.
    *status.lock().unwrap() = StatusCode::OK;
    ruled(&site, ANI, "golongan", "III/d").await;
    let told = settled(&|hook| hook.place.id > passed.place.id).await;
    assert_eq!((told.lost, told.fault.as_str()), (0, ""));
    serving.abort();
}

/// A place that is none of the changes any more, as after a restore with another version.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_lost_its_place_says_so_and_goes_on_when_it_is_resumed() {
    let (site, serving) = worked().await;
    program(&site, "kota", true, "changes.read").await;
    let kota = token(&site, "kota").await;
    let (url, calls) = receiver(Arc::new(Mutex::new(StatusCode::OK))).await;
    let wanted = json!({ "url": url });
    let added = call(&site, &kota, Method::POST, "/api/v1/webhooks", wanted).await;
    let one = format!("/api/v1/webhooks/{}", read(&added)["id"]);
    let get = async || read(&call(&site, &kota, Method::GET, &one, json!({})).await);
    ruled(&site, ANI, "golongan", "III/c").await;
    let told = until(&calls, 1).await;
    let event: Value = serde_json::from_str(&told[0].1).unwrap();
    // The id is the call's, the event's and the feed's.
    let id = event["id"].as_str().unwrap();
    assert!(id.contains('.') && event["data"]["id"] == id, "{event}");
    let call_id = format!("satu-{}-{id}", read(&added)["id"]);
    assert_eq!(told[0].0["webhook-id"].to_str().unwrap(), call_id);

    let other = sqlx::query("UPDATE webhook SET mark = mark + 1");
    other.execute(&site.pool().await).await.unwrap();
    ruled(&site, ANI, "golongan", "III/d").await;
    let stopped = async {
        loop {
            let now = get().await;
            if now["state"] == json!("stopped") {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let now = tokio::time::timeout(Duration::from_mins(1), stopped)
        .await
        .unwrap();
    let fault = now["fault"].as_str().unwrap();
    assert!(fault.contains("from the beginning"), "{now}");
    call(
        &site,
        &kota,
        Method::POST,
        &format!("{one}/resume"),
        json!({}),
    )
    .await;
    ruled(&site, ANI, "golongan", "IV/a").await;
    let told = until(&calls, 2).await;
    let event: Value = serde_json::from_str(&told[1].1).unwrap();
    let feed = read(&call(&site, &kota, Method::GET, "/api/v1/changes", json!({})).await);
    assert_eq!(event["id"], feed["cursor"], "what came before is not told");
    serving.abort();
}

/// Unless the operator lets it, nothing inside our own network is called.
#[tokio::test(flavor = "multi_thread")]
async fn addresses_of_our_own_network_are_refused() {
    let site = crate::api::country().await;
    program(&site, "kota", true, "changes.read").await;
    let kota = token(&site, "kota").await;
    for url in [
        "http://simpeg.example.com/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://169.254.169.254/",
        "https://[::ffff:10.0.0.1]/",
    ] {
        let answer = call(
            &site,
            &kota,
            Method::POST,
            "/api/v1/webhooks",
            json!({ "url": url }),
        )
        .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        assert_eq!(read(&answer)["field"], json!("url"));
    }
    let open = json!({ "url": "https://simpeg.example.com/kabar" });
    let answer = call(&site, &kota, Method::POST, "/api/v1/webhooks", open).await;
    assert_eq!(answer.status, StatusCode::CREATED);
}
