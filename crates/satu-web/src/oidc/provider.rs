//! The provider: what it says of itself, its keys, and what it says of somebody.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient,
    CoreClientAuthMethod, CoreGenderClaim, CoreGrantType, CoreIdToken, CoreIdTokenVerifier,
    CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType,
    CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalClaims, AdditionalProviderMetadata, AuthType, AuthenticationContextClass,
    AuthorizationCode, ClaimsVerificationError, CsrfToken, EndSessionUrl, LogoutProviderMetadata,
    LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PostLogoutRedirectUrl,
    ProviderMetadata, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError,
    SubjectIdentifier, TokenResponse, UserInfoClaims, url::Url,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;

use super::claims::Claims;
use super::fetch::Fetch;
use super::logout::{self, LogoutError, SignedOut, Taken};
use super::pending::{Begun, For, Pending};
use super::settings::{OidcSettings, is_loopback};

/// How old what the provider says of itself may be where it is used.
const FRESH: Duration = Duration::from_hours(1);
/// How old it may be where somebody is sent there: nobody is sent to a provider that is away.
const LATELY: Duration = Duration::from_mins(1);
/// Who did not answer is not asked again for so long.
const AGAIN: Duration = Duration::from_secs(5);
/// Keys are not fetched again more often than this: whoever sends tokens with made-up key names
/// does not make us call the provider each time.
const ROTATED: Duration = Duration::from_secs(30);
/// How far the provider's clock may be ahead of ours, in seconds.
pub(super) const SKEW: i64 = 60;
/// The oldest ID token that is taken, in seconds: it was made for us a moment ago.
pub(super) const OLDEST: i64 = 600;

/// Signatures that are taken: those made with a key that we do not have (RFC 8725, section 3.1).
pub(super) const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What a provider says of itself beside what OpenID Connect Discovery 1.0 names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct More {
    /// RFC 9207, section 3.
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for More {}

type Metadata = ProviderMetadata<
    LogoutProviderMetadata<More>,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// Every claim of a userinfo answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct All {
    #[serde(flatten)]
    rest: Claims,
}

impl AdditionalClaims for All {}

/// Why the provider signs nobody in.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It does not answer, or says nothing that can be understood.
    #[error("the provider does not answer: {0}")]
    Away(String),
    /// It did not take the code.
    #[error("the provider refuses the code: {0}")]
    Code(String),
    /// What it says of somebody does not hold.
    #[error("the token does not hold: {0}")]
    Token(String),
}

/// What a provider says of somebody who came back from it, once all was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Who they are to it, for ever.
    pub subject: String,
    /// All it says of them.
    pub claims: Claims,
    /// Whether it asked for a second factor that ours may stand back for.
    pub twice: bool,
    /// What it calls its session with them, where it says so: it can end that alone.
    pub sid: Option<String>,
    /// When it last asked them who they are, where the settings make it say so.
    pub asked_at: Option<Timestamp>,
}

#[derive(Default)]
struct Known {
    metadata: Option<(Metadata, Instant)>,
    /// When the keys were fetched last, by themselves or with the rest.
    keys_at: Option<Instant>,
    /// When the provider did not answer last.
    away: Option<Instant>,
}

/// The provider, and who is on the way to it.
pub struct Provider {
    settings: OidcSettings,
    fetch: Fetch,
    known: Mutex<Known>,
    pending: Pending,
    taken: Taken,
}

impl Provider {
    /// It is not asked anything yet: a site starts without its provider.
    pub fn new(settings: OidcSettings) -> Provider {
        Provider {
            fetch: Fetch::new(settings.loopback),
            settings,
            known: Mutex::default(),
            pending: Pending::default(),
            taken: Taken::default(),
        }
    }

    pub fn settings(&self) -> &OidcSettings {
        &self.settings
    }

    /// The issuer, as links are kept with it.
    pub fn issuer(&self) -> &str {
        self.settings.issuer.as_str()
    }

    pub fn pending(&self) -> &Pending {
        &self.pending
    }

    /// What the provider says of itself, and its keys; asked again where it is older than so much.
    async fn metadata(&self, oldest: Duration) -> Result<Metadata, ProviderError> {
        let mut known = self.known.lock().await;
        if let Some((metadata, at)) = &known.metadata
            && at.elapsed() < oldest
        {
            return Ok(metadata.clone());
        }
        if known.away.is_some_and(|at| at.elapsed() < AGAIN) {
            let error = "it did not answer a moment ago".to_owned();
            return Err(ProviderError::Away(error));
        }
        let issuer = self.settings.issuer.clone();
        match Metadata::discover_async(issuer, &self.fetch).await {
            Ok(metadata) => {
                let now = Instant::now();
                known.metadata = Some((metadata.clone(), now));
                known.keys_at = Some(now);
                known.away = None;
                Ok(metadata)
            }
            Err(error) => {
                let error = whole(&error);
                tracing::warn!(error, "the OpenID provider does not answer");
                known.away = Some(Instant::now());
                Err(ProviderError::Away(error))
            }
        }
    }

    /// The keys anew, as a token names one that is not known; none where they were fetched a
    /// moment ago.
    async fn rotated(&self) -> Result<Option<CoreJsonWebKeySet>, ProviderError> {
        let mut known = self.known.lock().await;
        if known.keys_at.is_some_and(|at| at.elapsed() < ROTATED) {
            return Ok(None);
        }
        known.keys_at = Some(Instant::now());
        let Some((metadata, _)) = &mut known.metadata else {
            return Ok(None);
        };
        let keys = CoreJsonWebKeySet::fetch_async(metadata.jwks_uri(), &self.fetch).await;
        let keys = keys.map_err(|error| ProviderError::Away(whole(&error)))?;
        *metadata = metadata.clone().set_jwks(keys.clone());
        Ok(Some(keys))
    }

    /// Where to send a browser that begins to sign in, and what to keep of it under a state.
    pub async fn begin(
        &self,
        purpose: For,
        redirect: String,
        back: String,
    ) -> Result<(String, String, Begun), ProviderError> {
        let metadata = self.metadata(LATELY).await?;
        if !self.leads(metadata.authorization_endpoint().url()) {
            let told = "its authorization_endpoint is not https".to_owned();
            return Err(ProviderError::Away(told));
        }
        let redirect = RedirectUrl::new(redirect);
        let redirect = redirect.map_err(|error| ProviderError::Away(error.to_string()))?;
        let client =
            CoreClient::from_provider_metadata(metadata, self.settings.client_id.clone(), None)
                .set_redirect_uri(redirect.clone());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .set_pkce_challenge(challenge);
        for scope in &self.settings.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        for level in &self.settings.second_factor.acr {
            let level = AuthenticationContextClass::new(level.clone());
            request = request.add_auth_context_value(level);
        }
        if let Some(age) = self.settings.max_age {
            request = request.set_max_age(Duration::from_mins(age.get().into()));
        }
        let (url, state, nonce) = request.url();
        let begun = Begun {
            purpose,
            nonce,
            verifier,
            redirect,
            back,
        };
        Ok((url.into(), state.into_secret(), begun))
    }

    /// Whether an answer is this provider's: its `iss` is ours, and is there where the provider
    /// says that it sends one (RFC 9207, section 2.4).
    pub async fn answers(&self, iss: Option<&str>) -> Result<bool, ProviderError> {
        if let Some(iss) = iss {
            return Ok(iss == self.issuer());
        }
        let metadata = self.metadata(FRESH).await?;
        let more = &metadata.additional_metadata().additional_metadata;
        Ok(!more.authorization_response_iss_parameter_supported)
    }

    /// Redeems a code and checks what comes for it.
    pub async fn told(&self, code: String, begun: Begun) -> Result<Told, ProviderError> {
        let metadata = self.metadata(FRESH).await?;
        let settings = &self.settings;
        let mut client = CoreClient::from_provider_metadata(
            metadata.clone(),
            settings.client_id.clone(),
            settings.secret.clone(),
        )
        .set_redirect_uri(begun.redirect);
        // Without a word of it the provider takes the header (OpenID Connect Discovery 1.0).
        if let Some(methods) = metadata.token_endpoint_auth_methods_supported()
            && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
        {
            client = client.set_auth_type(AuthType::RequestBody);
        }
        let exchange = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| ProviderError::Away(error.to_string()))?
            .set_pkce_verifier(begun.verifier);
        let tokens = match exchange.request_async(&self.fetch).await {
            Ok(tokens) => tokens,
            Err(RequestTokenError::ServerResponse(error)) => {
                return Err(ProviderError::Code(error.error().to_string()));
            }
            Err(RequestTokenError::Request(error)) => {
                return Err(ProviderError::Away(whole(&error)));
            }
            // What cannot be read may be a part of the token: it is not told on.
            Err(RequestTokenError::Parse(error, _)) => {
                let told = format!("{} cannot be read", error.path());
                return Err(ProviderError::Token(told));
            }
            Err(RequestTokenError::Other(error)) => return Err(ProviderError::Away(error)),
        };
        let missing = || ProviderError::Token("there is none".to_owned());
        let token = tokens.id_token().ok_or_else(missing)?;
        let keys = metadata.jwks().clone();
        let subject = match self.checked(token, keys, &begun.nonce) {
            Err(unknown) if is_unknown_key(&unknown) => match self.rotated().await? {
                Some(keys) => self.checked(token, keys, &begun.nonce),
                None => Err(unknown),
            },
            other => other,
        };
        let (subject, asked) = subject.map_err(|error| ProviderError::Token(whole(&error)))?;
        let mut claims = payload(token).ok_or_else(missing)?;
        // Who asked for the token is who it is for (section 3.1.3.7, rule 5).
        let party = claims.get("azp");
        if party.is_some_and(|party| party.as_str() != Some(settings.client_id.as_str())) {
            return Err(ProviderError::Token("its azp is another client".to_owned()));
        }
        let twice = settings.second_factor.met(&claims);
        let sid = claims.get("sid").and_then(Value::as_str);
        let sid = sid.filter(|sid| sid.len() <= logout::LONGEST);
        let sid = sid.map(str::to_owned);
        if settings.userinfo {
            let more: UserInfoClaims<All, CoreGenderClaim> = client
                .user_info(tokens.access_token().clone(), Some(subject.clone()))
                .map_err(|error| ProviderError::Away(error.to_string()))?
                .request_async(&self.fetch)
                .await
                // Without its sources, which may hold what it says of somebody.
                .map_err(|error| ProviderError::Token(format!("userinfo: {error}")))?;
            if let Ok(Value::Object(more)) = serde_json::to_value(&more) {
                // What is signed is not overridden.
                for (name, value) in more {
                    claims.entry(name).or_insert(value);
                }
            }
        }
        Ok(Told {
            subject: subject.to_string(),
            claims,
            twice,
            sid,
            asked_at: asked,
        })
    }

    /// Checks an ID token: signature, issuer, audience, times, nonce (section 3.1.3.7); who it is of, and
    /// when they were last asked, where that must be said.
    fn checked(
        &self,
        token: &CoreIdToken,
        keys: CoreJsonWebKeySet,
        nonce: &Nonce,
    ) -> Result<(SubjectIdentifier, Option<Timestamp>), ClaimsVerificationError> {
        let (client, issuer) = (&self.settings.client_id, &self.settings.issuer);
        let verifier = CoreIdTokenVerifier::new_public_client(client.clone(), issuer.clone(), keys)
            .set_allowed_algs(ALGORITHMS)
            .set_issue_time_verifier_fn(|issued| {
                let age = Timestamp::now().as_second() - issued.timestamp();
                if (-SKEW..=OLDEST).contains(&age) {
                    return Ok(());
                }
                Err(format!("it was issued {age} seconds ago"))
            })
            .set_auth_time_verifier_fn(|asked| self.asked_lately(asked.map(|at| at.timestamp())));
        let claims = token.claims(&verifier, nonce)?;
        let asked = claims
            .auth_time()
            .filter(|_| self.settings.max_age.is_some());
        let asked = asked.and_then(|at| Timestamp::from_second(at.timestamp()).ok());
        Ok((claims.subject().clone(), asked))
    }

    /// Whether the provider asked lately enough who somebody is (rule 13), at so many seconds since 1970.
    fn asked_lately(&self, asked: Option<i64>) -> Result<(), String> {
        let Some(oldest) = self.settings.max_age else {
            return Ok(());
        };
        let asked = asked.ok_or("it has no auth_time, which max_age asks for")?;
        let age = Timestamp::now().as_second().saturating_sub(asked);
        if (-SKEW..=i64::from(oldest.get()) * 60 + SKEW).contains(&age) {
            return Ok(());
        }
        Err(format!("they were asked who they are {age} seconds ago"))
    }

    /// Checks a logout token: who has signed out at the provider (OpenID Connect Back-Channel Logout 1.0,
    /// section 2.6), and what to [take](Provider::take) once their sessions have ended.
    pub async fn signed_out(&self, token: &str) -> Result<(SignedOut, String), ProviderError> {
        let wrong = |error: LogoutError| ProviderError::Token(error.to_string());
        let metadata = self.metadata(FRESH).await?;
        let claims = match logout::claims(token, metadata.jwks()) {
            Err(unknown) if unknown.is_unknown_key() => match self.rotated().await? {
                Some(keys) => logout::claims(token, &keys),
                None => Err(unknown),
            },
            other => other,
        };
        let (issuer, client) = (self.issuer(), self.settings.client_id.as_str());
        let now = Timestamp::now().as_second();
        let checked = claims.and_then(|claims| logout::checked(&claims, issuer, client, now));
        let (who, jti) = checked.map_err(wrong)?;
        if self.taken.knows(&jti, Instant::now()) {
            return Err(wrong(LogoutError::Again));
        }
        Ok((who, jti))
    }

    /// Takes a logout token: it does not hold again. Before that, the provider may bring it once more.
    pub fn take(&self, jti: String) {
        self.taken.take(jti, Instant::now());
    }

    /// Whether a browser is sent to an address that the provider names.
    fn leads(&self, to: &Url) -> bool {
        let here = self.settings.loopback && to.host_str().is_some_and(is_loopback);
        to.scheme() == "https" || (here && to.scheme() == "http")
    }

    /// Where to sign out of the provider too, coming back to `after`; none where it offers that
    /// nowhere or does not answer (OpenID Connect RP-Initiated Logout 1.0).
    pub async fn end_session(&self, after: String) -> Option<String> {
        let metadata = self.metadata(FRESH).await.ok()?;
        let end: EndSessionUrl = metadata
            .additional_metadata()
            .end_session_endpoint
            .clone()?;
        let safe = self.leads(end.url());
        let request = LogoutRequest::from(end)
            .set_client_id(self.settings.client_id.clone())
            .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(after).ok()?);
        safe.then(|| request.http_get_url().into())
    }
}

fn is_unknown_key(error: &ClaimsVerificationError) -> bool {
    matches!(
        error,
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)
    )
}

/// The claims of an ID token that was checked.
fn payload(token: &CoreIdToken) -> Option<Claims> {
    let text = token.to_string();
    let payload = URL_SAFE_NO_PAD.decode(text.split('.').nth(1)?).ok()?;
    match serde_json::from_slice(&payload).ok()? {
        Value::Object(claims) => Some(claims),
        _ => None,
    }
}

/// An error with what it stands on.
fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text = format!("{text}: {error}");
        next = error.source();
    }
    text
}
