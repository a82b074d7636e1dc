//! A provider of the test's own, which can lie as no real one does.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreHmacKey, CoreJwsSigningAlgorithm as Algorithm,
};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

pub const SECRET: &str = "rahasia-yang-dikarang";

/// What the provider does next.
#[derive(Clone)]
pub struct Plan {
    /// Claims of the ID token in place of the right ones; null takes one away.
    pub claims: Value,
    /// What userinfo answers.
    pub userinfo: Value,
    /// The name of the key that signs, from which the key is made.
    pub key: &'static str,
    /// The keys that it publishes.
    pub published: Vec<&'static str>,
    /// How the token is signed.
    pub signed: Signed,
    /// What it says of itself beside what it must.
    pub says: Value,
}

/// How a token is signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    Rightly,
    /// One letter of the claims was changed afterwards.
    Tampered,
    /// Not at all: `alg` is `none`.
    Not,
    /// With the secret that we share: `alg` is `HS256`.
    Shared,
    /// By an algorithm that nobody knows.
    Oddly,
}

/// A sign-in that went to the provider.
#[derive(Clone)]
struct Waiting {
    nonce: String,
    challenge: String,
    redirect: String,
}

pub struct Issuer {
    pub address: String,
    pub plan: Mutex<Plan>,
    waiting: Mutex<BTreeMap<String, Waiting>>,
    /// Logout tokens made.
    made: AtomicU32,
    /// How often the keys were fetched.
    pub fetched: Mutex<u32>,
}

/// The key of a name: Ed25519, as PKCS 8 (RFC 8410, section 7).
fn key(name: &str) -> CoreEdDsaPrivateSigningKey {
    let mut der = vec![
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ];
    der.extend(Sha256::digest(name));
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(der)
    );
    let id = JsonWebKeyId::new(name.to_owned());
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(id)).unwrap()
}

impl Issuer {
    pub async fn start() -> Arc<Issuer> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = Arc::new(Issuer {
            address: format!("http://{}", listener.local_addr().unwrap()),
            plan: Mutex::new(Plan {
                claims: json!({}),
                userinfo: json!({}),
                key: "satu",
                published: vec!["satu"],
                signed: Signed::Rightly,
                says: json!({}),
            }),
            waiting: Mutex::default(),
            made: AtomicU32::default(),
            fetched: Mutex::new(0),
        });
        let pages = Router::new()
            .route("/.well-known/openid-configuration", get(about))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(me))
            .with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, pages).await });
        issuer
    }

    pub fn plan(&self, change: impl FnOnce(&mut Plan)) {
        change(&mut self.plan.lock().unwrap());
    }

    /// Somebody has signed in at the address to which the site sent them: the path by which they
    /// come back.
    pub fn approved(&self, to: &str) -> String {
        let asked = query(to);
        let code = format!("kode-{}", self.waiting.lock().unwrap().len());
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["client_id"], "satu");
        let waiting = Waiting {
            nonce: asked["nonce"].clone(),
            challenge: asked["code_challenge"].clone(),
            redirect: asked["redirect_uri"].clone(),
        };
        let path = waiting.redirect.find("/masuk").unwrap();
        let back = format!(
            "{}?code={code}&state={}&iss={}",
            &waiting.redirect[path..],
            asked["state"],
            crate::browser::encoded(&self.address)
        );
        self.waiting.lock().unwrap().insert(code, waiting);
        back
    }

    fn id_token(&self, nonce: &str) -> String {
        self.token("JWT", json!({"nonce": nonce}))
    }

    /// The word that somebody has signed out, by what the plan says of them.
    pub fn logout_token(&self) -> String {
        self.logout_token_as("logout+jwt")
    }

    /// The same, as another kind of token.
    pub fn logout_token_as(&self, kind: &str) -> String {
        let event = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let more = json!({"events": event, "jti": format!("keluar-{number}")});
        self.token(kind, more)
    }

    fn token(&self, kind: &str, mut claims: Value) -> String {
        let plan = self.plan.lock().unwrap().clone();
        let now = Timestamp::now().as_second();
        for (name, value) in [
            ("iss", json!(self.address)),
            ("aud", json!("satu")),
            ("sub", json!("u-1")),
            ("iat", json!(now)),
            ("exp", json!(now + 300)),
        ] {
            claims[name] = value;
        }
        for (name, value) in plan.claims.as_object().unwrap() {
            claims[name] = value.clone();
        }
        if let Value::Object(claims) = &mut claims {
            claims.retain(|_, value| !value.is_null());
        }
        let algorithm = match plan.signed {
            Signed::Rightly | Signed::Tampered => "EdDSA",
            Signed::Not => "none",
            Signed::Shared => "HS256",
            Signed::Oddly => "XX99",
        };
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = part(&json!({"alg": algorithm, "kid": plan.key, "typ": kind}));
        let text = format!("{header}.{}", part(&claims));
        let signature = match plan.signed {
            Signed::Not => Vec::new(),
            Signed::Shared => {
                let key = CoreHmacKey::new(SECRET);
                key.sign(&Algorithm::HmacSha256, text.as_bytes()).unwrap()
            }
            _ => key(plan.key)
                .sign(&Algorithm::EdDsa, text.as_bytes())
                .unwrap(),
        };
        let text = if plan.signed == Signed::Tampered {
            claims["sub"] = json!("u-2");
            format!("{header}.{}", part(&claims))
        } else {
            text
        };
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The query of an address.
pub fn query(address: &str) -> BTreeMap<String, String> {
    let (_, query) = address.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

async fn about(State(issuer): State<Arc<Issuer>>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", issuer.address);
    let mut says = json!({
        "issuer": issuer.address,
        "authorization_endpoint": at("/auth"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/me"),
        "jwks_uri": at("/keys"),
        "end_session_endpoint": at("/end"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
        "authorization_response_iss_parameter_supported": true,
    });
    let plan = issuer.plan.lock().unwrap();
    for (name, value) in plan.says.as_object().unwrap() {
        says[name] = value.clone();
    }
    Json(says)
}

async fn keys(State(issuer): State<Arc<Issuer>>) -> Json<Value> {
    *issuer.fetched.lock().unwrap() += 1;
    let plan = issuer.plan.lock().unwrap();
    let keys: Vec<Value> = plan
        .published
        .iter()
        .map(|name| serde_json::to_value(key(name).as_verification_key()).unwrap())
        .collect();
    Json(json!({ "keys": keys }))
}

/// Redeems a code once, of the right client, with the verifier of its challenge.
async fn token(
    State(issuer): State<Arc<Issuer>>,
    headers: HeaderMap,
    Form(asked): Form<BTreeMap<String, String>>,
) -> Response {
    let refused = |why: &str| {
        let body = json!({"error": "invalid_grant", "error_description": why});
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    };
    let expected = format!("Basic {}", STANDARD.encode(format!("satu:{SECRET}")));
    let shown = headers.get("authorization").unwrap().to_str().unwrap();
    assert_eq!(shown, expected, "the client's secret");
    assert_eq!(asked["grant_type"], "authorization_code");
    let waiting = issuer.waiting.lock().unwrap().get(&asked["code"]).cloned();
    let Some(waiting) = waiting else {
        return refused("no such code");
    };
    let hash = Sha256::digest(&asked["code_verifier"]);
    if URL_SAFE_NO_PAD.encode(hash) != waiting.challenge {
        return refused("not its verifier");
    }
    if asked["redirect_uri"] != waiting.redirect {
        return refused("not its address");
    }
    // Used up: what stays has no challenge that any verifier meets.
    let spent = Waiting {
        challenge: String::new(),
        ..waiting.clone()
    };
    issuer
        .waiting
        .lock()
        .unwrap()
        .insert(asked["code"].clone(), spent);
    let body = json!({
        "access_token": "akses", "token_type": "Bearer", "expires_in": 60,
        "id_token": issuer.id_token(&waiting.nonce),
    });
    Json(body).into_response()
}

async fn me(State(issuer): State<Arc<Issuer>>, headers: HeaderMap) -> Json<Value> {
    assert_eq!(headers["authorization"], "Bearer akses");
    Json(issuer.plan.lock().unwrap().userinfo.clone())
}
