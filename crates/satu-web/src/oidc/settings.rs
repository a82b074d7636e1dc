//! What the operator says of the provider, in a TOML file (`docs/oidc.md`).

use std::net::IpAddr;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};

use openidconnect::{ClientId, ClientSecret, IssuerUrl};
use serde::Deserialize;

use super::claims::{Claims, RoleRule, holds, text};

/// Why the file does not do.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// A file that cannot be read.
    #[error("{0}: {1}")]
    Read(PathBuf, std::io::Error),
    /// It is no TOML, or says something that is not known.
    #[error("{0}")]
    Parse(#[from] toml::de::Error),
    /// The provider has no name.
    #[error("`name` is empty: it stands on the button")]
    Name,
    /// The issuer is no address of a provider.
    #[error("`issuer` {0:?} is no https address without a query")]
    Issuer(String),
    /// The client has no name.
    #[error("`client_id` is empty")]
    ClientId,
    /// Two places for one secret.
    #[error("give `secret_file` or `secret_env`, not both")]
    TwoSecrets,
    /// The environment lacks the secret.
    #[error("the environment has no {0}, which `secret_env` names")]
    NoSecret(String),
    /// The file of the secret is empty.
    #[error("{0} is empty")]
    EmptySecret(PathBuf),
    /// A line of the mapping.
    #[error("[[role]] number {0}: {1}")]
    Role(usize, &'static str),
    /// Accounts to be made of which nobody says what they are.
    #[error("`accounts.make` needs a [[role]]")]
    NoRole,
}

impl OidcError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            OidcError::Issuer(_) => {
                "Give the issuer as its .well-known/openid-configuration states it."
            }
            OidcError::NoSecret(_) | OidcError::EmptySecret(_) => {
                "Without a secret leave both lines out."
            }
            _ => "docs/oidc.md shows a whole file.",
        }
    }
}

/// What the operator says of the provider.
#[derive(Debug, Clone)]
pub struct OidcSettings {
    /// What the provider is called, on the button.
    pub name: String,
    /// Its issuer.
    pub issuer: IssuerUrl,
    /// Who we are to it.
    pub client_id: ClientId,
    /// By what we show it. It is not shown when this is printed.
    pub secret: Option<ClientSecret>,
    /// What we ask for beside `openid`.
    pub scopes: Vec<String>,
    /// Whether its userinfo endpoint is asked too.
    pub userinfo: bool,
    /// How long ago, in minutes, it may last have asked somebody who they are; as it likes where it is
    /// not said.
    pub max_age: Option<NonZeroU16>,
    /// Whether plain HTTP on this very machine will do, for tests and development.
    pub loopback: bool,
    /// Who has an account.
    pub accounts: AccountRule,
    /// What counts as a second factor that the provider has asked.
    pub second_factor: FactorRule,
    /// Who is what; empty where roles are as they were given here.
    pub roles: Vec<RoleRule>,
}

/// Who has an account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountRule {
    /// Whether one is made at the first sign-in.
    pub make: bool,
    /// Whether an account of the same login that nobody is linked with is linked at the first
    /// sign-in. Who chooses logins at the provider then chooses whose account they get, once.
    pub link_by_login: bool,
    /// The claim that is the login.
    pub login: String,
    /// The claim that is the name.
    pub name: String,
}

impl Default for AccountRule {
    fn default() -> AccountRule {
        AccountRule {
            make: false,
            link_by_login: false,
            login: "preferred_username".to_owned(),
            name: "name".to_owned(),
        }
    }
}

/// What counts as a second factor that the provider has asked; nothing where both are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FactorRule {
    /// Methods of which one must have been used (RFC 8176).
    pub amr: Vec<String>,
    /// Levels of which one must have been reached; they are asked for.
    pub acr: Vec<String>,
}

impl FactorRule {
    /// Whether the provider says that it has asked for a second factor.
    pub fn met(&self, claims: &Claims) -> bool {
        let level = text(claims, "acr");
        self.amr.iter().any(|method| holds(claims, "amr", method))
            || self.acr.iter().any(|one| level == Some(one))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    issuer: String,
    client_id: String,
    secret_file: Option<PathBuf>,
    secret_env: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    userinfo: bool,
    max_age_minutes: Option<NonZeroU16>,
    #[serde(default)]
    loopback: bool,
    #[serde(default)]
    accounts: AccountRule,
    #[serde(default)]
    second_factor: FactorRule,
    #[serde(default, rename = "role")]
    roles: Vec<RoleRule>,
}

impl OidcSettings {
    /// Reads the file; a relative `secret_file` is beside it.
    pub fn read(path: &Path) -> Result<OidcSettings, OidcError> {
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|error| OidcError::Read(path.to_owned(), error))?;
        let beside = path.parent().unwrap_or(Path::new(""));
        OidcSettings::of(&text, beside, |name| std::env::var(name).ok())
    }

    /// What a file's text says, with the folder it lies in and the environment.
    pub fn of(
        text: &str,
        folder: &Path,
        env: impl FnOnce(&str) -> Option<String>,
    ) -> Result<OidcSettings, OidcError> {
        let file: Written = toml::from_str(text)?;
        if file.name.trim().is_empty() {
            return Err(OidcError::Name);
        }
        if file.client_id.is_empty() {
            return Err(OidcError::ClientId);
        }
        let issuer = issuer(&file.issuer, file.loopback);
        let issuer = issuer.ok_or_else(|| OidcError::Issuer(file.issuer.clone()))?;
        let secret = match (&file.secret_file, &file.secret_env) {
            (Some(_), Some(_)) => return Err(OidcError::TwoSecrets),
            (None, None) => None,
            (Some(path), None) => {
                let path = folder.join(path);
                let secret = std::fs::read_to_string(&path);
                let secret = secret.map_err(|error| OidcError::Read(path.clone(), error))?;
                let secret = secret.trim();
                if secret.is_empty() {
                    return Err(OidcError::EmptySecret(path));
                }
                Some(ClientSecret::new(secret.to_owned()))
            }
            (None, Some(name)) => {
                let secret = env(name).filter(|secret| !secret.is_empty());
                let secret = secret.ok_or_else(|| OidcError::NoSecret(name.clone()))?;
                Some(ClientSecret::new(secret))
            }
        };
        for (at, rule) in file.roles.iter().enumerate() {
            if let Some(fault) = rule.fault() {
                return Err(OidcError::Role(at + 1, fault));
            }
        }
        if file.accounts.make && file.roles.is_empty() {
            return Err(OidcError::NoRole);
        }
        Ok(OidcSettings {
            name: file.name.trim().to_owned(),
            issuer,
            client_id: ClientId::new(file.client_id),
            secret,
            scopes: file.scopes,
            userinfo: file.userinfo,
            max_age: file.max_age_minutes,
            loopback: file.loopback,
            accounts: file.accounts,
            second_factor: file.second_factor,
            roles: file.roles,
        })
    }
}

/// An issuer: https, a host, no query and no fragment (OpenID Connect Discovery 1.0, section 3).
fn issuer(text: &str, loopback: bool) -> Option<IssuerUrl> {
    let issuer = IssuerUrl::new(text.to_owned()).ok()?;
    let url = issuer.url();
    let plain = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    let fits = match url.scheme() {
        "https" => url.has_host(),
        "http" => loopback && url.host_str().is_some_and(is_loopback),
        _ => false,
    };
    (plain && fits).then_some(issuer)
}

/// Whether a host is this very machine.
pub(super) fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::{OidcError, OidcSettings};

    const WHOLE: &str = r#"
        name = "SSO Contoh"
        issuer = "https://sso.contoh.example/realms/asn"
        client_id = "satu"
        secret_env = "SATU_OIDC_SECRET"
        scopes = ["profile"]
        max_age_minutes = 480
        [accounts]
        make = true
        [second_factor]
        amr = ["otp", "hwk"]
        acr = ["loa3"]
        [[role]]
        is = "asn"
        nip = "nip"
    "#;

    fn read(text: &str) -> Result<OidcSettings, OidcError> {
        let folder = Path::new("/tiada");
        OidcSettings::of(text, folder, |name| {
            (name == "SATU_OIDC_SECRET").then(|| "sangat-rahasia".to_owned())
        })
    }

    #[test]
    fn a_file_says_what_the_provider_is() {
        let settings = read(WHOLE).unwrap();
        assert_eq!(
            settings.issuer.as_str(),
            "https://sso.contoh.example/realms/asn"
        );
        assert_eq!(settings.secret.as_ref().unwrap().secret(), "sangat-rahasia");
        assert!(
            !format!("{settings:?}").contains("sangat-rahasia"),
            "a secret is printed"
        );
        assert!(settings.accounts.make && !settings.accounts.link_by_login);
        assert_eq!(settings.max_age.unwrap().get(), 480);
        assert_eq!(settings.accounts.login, "preferred_username");
        let bare = read("name = 'S'\nissuer = 'https://sso.example'\nclient_id = 'satu'").unwrap();
        assert!(bare.secret.is_none() && !bare.accounts.make && bare.roles.is_empty());
        assert_eq!(bare.max_age, None);
    }

    #[test]
    fn what_is_wrong_is_said() {
        type Fits = fn(&OidcError) -> bool;
        let cases: [(&str, &str, Fits); 14] = [
            ("name = \"SSO Contoh\"", "name = \" \"", |e| {
                matches!(e, OidcError::Name)
            }),
            ("client_id = \"satu\"", "client_id = \"\"", |e| {
                matches!(e, OidcError::ClientId)
            }),
            ("name =", "nama =", |e| matches!(e, OidcError::Parse(_))),
            ("480", "0", |e| matches!(e, OidcError::Parse(_))),
            ("https://", "http://", |e| matches!(e, OidcError::Issuer(_))),
            ("asn\"\n        client", "asn?a=b\"\n        client", |e| {
                matches!(e, OidcError::Issuer(_))
            }),
            ("https://sso", "https://a:b@sso", |e| {
                matches!(e, OidcError::Issuer(_))
            }),
            ("https://sso.contoh.example/realms/asn", "sso", |e| {
                matches!(e, OidcError::Issuer(_))
            }),
            ("SATU_OIDC_SECRET", "LAIN", |e| {
                matches!(e, OidcError::NoSecret(_))
            }),
            ("secret_env", "secret_file", |e| {
                matches!(e, OidcError::Read(..))
            }),
            ("scopes =", "secret_file = \"a\"\n        scopes =", |e| {
                matches!(e, OidcError::TwoSecrets)
            }),
            ("nip = \"nip\"", "", |e| matches!(e, OidcError::Role(1, _))),
            ("is = \"asn\"", "is = \"kepala\"", |e| {
                matches!(e, OidcError::Role(1, _))
            }),
            (
                "[[role]]\n        is = \"asn\"\n        nip = \"nip\"",
                "",
                |e| matches!(e, OidcError::NoRole),
            ),
        ];
        for (old, new, fits) in cases {
            assert!(WHOLE.contains(old), "{old}");
            let error = read(&WHOLE.replacen(old, new, 1)).unwrap_err();
            assert!(fits(&error), "{old} to {new}: {error}");
            assert!(!error.hint().is_empty());
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_alone_and_only_where_it_is_allowed() {
        let with = |issuer: &str, loopback: bool| {
            let text =
                format!("name = 'S'\nissuer = '{issuer}'\nclient_id = 'c'\nloopback = {loopback}");
            read(&text).is_ok()
        };
        for issuer in [
            "http://127.0.0.1:9/a",
            "http://localhost:9",
            "http://[::1]:9",
        ] {
            assert!(with(issuer, true), "{issuer}");
            assert!(!with(issuer, false), "{issuer}");
        }
        for issuer in [
            "http://192.0.2.1",
            "http://localhost.example",
            "ftp://localhost",
        ] {
            assert!(!with(issuer, true), "{issuer}");
        }
        assert!(with("https://192.0.2.1", false));
    }

    #[test]
    fn a_second_factor_is_one_that_the_setting_names() {
        let rule = read(WHOLE).unwrap().second_factor;
        let met = |claims: serde_json::Value| rule.met(claims.as_object().unwrap());
        assert!(met(json!({"amr": ["pwd", "otp"]})) && met(json!({"acr": "loa3"})));
        assert!(!met(json!({"amr": ["pwd"]})) && !met(json!({"acr": "loa2"})));
        assert!(!met(json!({})) && !met(json!({"amr": [], "acr": ""})));
        let none = super::FactorRule::default();
        let claims = json!({"amr": ["otp"], "acr": ""});
        assert!(!none.met(claims.as_object().unwrap()));
    }
}
