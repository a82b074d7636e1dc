//! The provider's word that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0).

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKey, JsonWebKeyAlgorithm, JsonWebKeyUse, SignatureVerificationError};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::pending::make_room;
use super::provider::{ALGORITHMS, OLDEST, SKEW};

/// What a logout token must say that it is (section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// How long a token that was taken is known: beyond that it is too old.
const KNOWN: Duration = Duration::from_secs((OLDEST + SKEW).unsigned_abs());
/// Longest name of a session that is taken.
pub const LONGEST: usize = 255;

/// Why a logout token ends no session.
#[derive(Debug, thiserror::Error)]
pub enum LogoutError {
    /// It is no signed token of its type.
    #[error("it is no signed token of type logout+jwt")]
    Form,
    /// Its key is not known, or its signature does not hold.
    #[error(transparent)]
    Signature(#[from] SignatureVerificationError),
    /// What it says does not hold.
    #[error("its {0} does not hold")]
    Claim(&'static str),
    /// It came before.
    #[error("it came before")]
    Again,
}

impl LogoutError {
    /// Whether its key may be one that the provider has had since its keys were fetched.
    pub fn is_unknown_key(&self) -> bool {
        matches!(
            self,
            LogoutError::Signature(SignatureVerificationError::NoMatchingKey)
        )
    }
}

/// Who has signed out at the provider: somebody, a session of theirs there, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOut {
    /// Who they are to it.
    pub subject: Option<String>,
    /// What it calls the session.
    pub sid: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

/// The claims of a token whose signature holds.
pub fn claims(token: &str, keys: &CoreJsonWebKeySet) -> Result<Map<String, Value>, LogoutError> {
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| LogoutError::Form);
    let (signed, signature) = token.rsplit_once('.').ok_or(LogoutError::Form)?;
    let (header, payload) = signed.split_once('.').ok_or(LogoutError::Form)?;
    let header: Header =
        serde_json::from_slice(&decoded(header)?).map_err(|_| LogoutError::Form)?;
    // No other token of the provider's is one (RFC 8725, section 3.11); and nothing that a header calls
    // critical is understood here (RFC 7515, section 4.1.11).
    let kind = header.typ.unwrap_or_default().to_lowercase();
    let kind = kind.strip_prefix("application/").unwrap_or(&kind);
    if kind != "logout+jwt" || header.crit.is_some() {
        return Err(LogoutError::Form);
    }
    if !ALGORITHMS.contains(&header.alg) {
        let told = "no algorithm that is taken".to_owned();
        return Err(SignatureVerificationError::DisallowedAlg(told).into());
    }
    let fits = |key: &&openidconnect::core::CoreJsonWebKey| {
        let named = header.kid.as_deref();
        (named.is_none() || named == key.key_id().map(|id| id.as_str()))
            && key.key_use().is_none_or(JsonWebKeyUse::allows_signature)
            && match key.signing_alg() {
                JsonWebKeyAlgorithm::Algorithm(alg) => *alg == header.alg,
                JsonWebKeyAlgorithm::Unspecified => true,
                JsonWebKeyAlgorithm::Unsupported => false,
            }
    };
    let signature = decoded(signature)?;
    let mut held = Err(SignatureVerificationError::NoMatchingKey);
    for key in keys.keys().iter().filter(fits) {
        held = key.verify_signature(&header.alg, signed.as_bytes(), &signature);
        if held.is_ok() {
            break;
        }
    }
    held?;
    serde_json::from_slice(&decoded(payload)?).map_err(|_| LogoutError::Form)
}

/// Checks the claims (section 2.6); who signed out, and by what the token is known again.
pub fn checked(
    claims: &Map<String, Value>,
    issuer: &str,
    client: &str,
    now: i64,
) -> Result<(SignedOut, String), LogoutError> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    // A moment may have a fraction (RFC 7519, section 2).
    let moment = |value: &Value| value.as_i64().or_else(|| Some(value.as_f64()? as i64));
    let seconds = |name: &str| claims.get(name).and_then(moment);
    let audience = match claims.get("aud") {
        Some(Value::Array(all)) if all.len() == 1 => all[0].as_str(),
        one => one.and_then(Value::as_str),
    };
    let age = seconds("iat").map(|at| now.saturating_sub(at));
    let event = claims.get("events").and_then(|events| events.get(EVENT));
    let jti = text("jti").filter(|id| !id.is_empty());
    let named = |name: &'static str| match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if (1..=LONGEST).contains(&text.len()) => Ok(Some(text.clone())),
        Some(_) => Err(LogoutError::Claim(name)),
    };
    let who = SignedOut {
        subject: named("sub")?,
        sid: named("sid")?,
    };
    let holds = [
        ("iss", text("iss") == Some(issuer)),
        ("aud", audience == Some(client)),
        (
            "iat",
            age.is_some_and(|age| (-SKEW..=OLDEST).contains(&age)),
        ),
        ("exp", seconds("exp").is_some_and(|end| now < end)),
        ("events", event.is_some_and(Value::is_object)),
        // An ID token is no logout token.
        ("nonce", !claims.contains_key("nonce")),
        ("sub", who.subject.is_some() || who.sid.is_some()),
    ];
    if let Some((name, _)) = holds.iter().find(|(_, holds)| !holds) {
        return Err(LogoutError::Claim(name));
    }
    let jti = jti.ok_or(LogoutError::Claim("jti"))?;
    Ok((who, jti.to_owned()))
}

/// Tokens that were taken a moment ago.
#[derive(Default)]
pub struct Taken(Mutex<HashMap<String, Instant>>);

impl Taken {
    /// Whether a token was taken.
    pub fn knows(&self, jti: &str, now: Instant) -> bool {
        let Ok(all) = self.0.lock() else {
            return true;
        };
        all.get(jti)
            .is_some_and(|at| now.saturating_duration_since(*at) <= KNOWN)
    }

    /// Takes a token.
    pub fn take(&self, jti: String, now: Instant) {
        let Ok(mut all) = self.0.lock() else { return };
        all.retain(|_, at| now.saturating_duration_since(*at) <= KNOWN);
        make_room(&mut all, |at| *at);
        all.insert(jti, now);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use serde_json::{Value, json};

    use super::super::pending::MOST;
    use super::{EVENT, KNOWN, LogoutError, Taken, checked};

    const NOW: i64 = 1_800_000_000;

    fn right() -> Value {
        // The example of section 2.4, with our names.
        json!({
            "iss": "https://sso.example", "sub": "248289761001", "aud": "satu", "iat": NOW, "exp": NOW + 120,
            "jti": "bWJq", "sid": "08a5019c", "events": {EVENT: {}},
        })
    }

    fn held(claims: &Value) -> Result<(Option<String>, Option<String>), String> {
        let claims = claims.as_object().unwrap();
        match checked(claims, "https://sso.example", "satu", NOW) {
            Ok((who, jti)) => {
                assert_eq!(jti, "bWJq");
                Ok((who.subject, who.sid))
            }
            Err(LogoutError::Claim(name)) => Err(name.to_owned()),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_token_is_held_to_each_of_its_claims() {
        let both = (Some("248289761001".to_owned()), Some("08a5019c".to_owned()));
        assert_eq!(held(&right()), Ok(both));
        for (claim, value) in [
            ("iss", json!("https://lain.example")),
            ("aud", json!("lain")),
            ("aud", json!(["satu", "lain"])),
            ("aud", Value::Null),
            ("iat", json!(NOW - 601)),
            ("iat", json!(NOW + 61)),
            ("iat", json!("kini")),
            ("exp", json!(NOW)),
            ("exp", Value::Null),
            ("events", json!({"http://lain.example": {}})),
            ("events", json!({EVENT: true})),
            ("events", json!(EVENT)),
            ("nonce", json!("n")),
            ("nonce", Value::Null),
            ("jti", json!("")),
            ("jti", json!(7)),
            ("sub", json!(7)),
            ("sub", json!("")),
            ("sid", json!("x".repeat(256))),
        ] {
            let mut claims = right();
            claims[claim] = value.clone();
            assert_eq!(held(&claims), Err(claim.to_owned()), "{claim} {value}");
        }
        let without = |names: &[&str]| {
            let mut claims = right();
            claims
                .as_object_mut()
                .unwrap()
                .retain(|name, _| !names.contains(&name.as_str()));
            held(&claims)
        };
        assert_eq!(without(&["sub"]).unwrap().0, None);
        assert_eq!(without(&["sid"]).unwrap().1, None);
        assert_eq!(without(&["sub", "sid"]), Err("sub".to_owned()));
        let mut listed = right();
        listed["aud"] = json!(["satu"]);
        assert!(held(&listed).is_ok());
    }

    #[test]
    fn a_token_is_taken_once_and_a_flood_does_not_fill_the_memory() {
        let (taken, now) = (Taken::default(), Instant::now());
        assert!(!taken.knows("a", now));
        taken.take("a".to_owned(), now);
        assert!(taken.knows("a", now + KNOWN));
        let later = now + KNOWN + Duration::from_secs(1);
        assert!(!taken.knows("a", later), "too old by then for its iat");
        for number in 0..=MOST {
            let at = later + Duration::from_micros(number as u64 + 1);
            taken.take(number.to_string(), at);
        }
        assert_eq!(taken.0.lock().unwrap().len(), MOST);
    }
}
