//! What the operator says of the site.

use std::net::IpAddr;
use std::str::FromStr;

use axum::http::Uri;
use axum::http::uri::Authority;

use satu_store::accounts::Role;

use crate::oidc::OidcSettings;
use crate::password::Rules;
use crate::serving::Patience;

/// What the operator says of the site.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The address by which browsers reach it, where a proxy stands before it. Without one it
    /// answers to `localhost` and to addresses in numbers alone.
    pub site: Option<SiteAddress>,
    /// Where to report a weakness: an address that begins `mailto:`, `https:` or `tel:`.
    pub contact: Option<String>,
    /// What new passwords are held against.
    pub passwords: Rules,
    /// Whether officers come to any page but their own account only with a second factor.
    pub second_factor: bool,
    /// Whether programs may have addresses inside our own network told of changes, and by plain
    /// HTTP.
    pub private_webhooks: bool,
    /// The provider through which people sign in too.
    pub oidc: Option<OidcSettings>,
    /// Whether browsers reach the site by HTTPS, so that cookies and connections are held to it.
    pub secure: bool,
    /// How long the site waits.
    pub patience: Patience,
}

/// The address of a site: `https://` and a host, without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAddress(Authority);

impl SiteAddress {
    /// What stands before the path of any page.
    pub fn base(&self) -> String {
        format!("https://{}", self.0)
    }
}

impl FromStr for SiteAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<SiteAddress, String> {
        let told = || format!("{text:?} is no address of a site; give https://HOST");
        let address: Uri = text.parse().map_err(|_| told())?;
        let bare = matches!(address.path(), "" | "/") && address.query().is_none();
        let host = address
            .authority()
            .filter(|one| !one.as_str().contains('@'));
        match host {
            Some(host) if bare && address.scheme_str() == Some("https") => {
                let lower = host.as_str().to_lowercase();
                Ok(SiteAddress(lower.parse().map_err(|_| told())?))
            }
            _ => Err(told()),
        }
    }
}

impl Settings {
    /// Whether a request that names this host is for this site. A name that somebody else's name
    /// server lets point here is not.
    pub fn is_ours(&self, host: &str) -> bool {
        let host = host.to_lowercase();
        match &self.site {
            Some(site) => host == site.0.as_str(),
            None => host.parse::<Authority>().is_ok_and(|host| {
                let name = host.host().trim_matches(['[', ']']);
                name == "localhost" || name.parse::<IpAddr>().is_ok()
            }),
        }
    }

    /// The same, whatever port it names. Only for what brings no cookie and is given no link.
    pub fn is_ours_at_any_port(&self, host: &str) -> bool {
        let Some(site) = &self.site else {
            return self.is_ours(host);
        };
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
            _ => host,
        };
        name.eq_ignore_ascii_case(site.0.host())
    }

    /// Whether somebody of a role must have a second factor: whoever works with others' records or
    /// accounts, where it is asked.
    pub fn asks_factor(&self, role: &Role) -> bool {
        self.second_factor && !matches!(role, Role::Asn { .. })
    }

    /// What stands before the path of any page, for a browser that asked this host.
    pub fn base(&self, host: &str) -> String {
        match &self.site {
            Some(site) => site.base(),
            None if self.secure => format!("https://{host}"),
            None => format!("http://{host}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Settings, SiteAddress};

    #[test]
    fn only_the_sites_own_names_are_its_own() {
        let mut settings = Settings::default();
        for (host, ours) in [
            ("localhost", true),
            ("localhost:8017", true),
            ("127.0.0.1:8017", true),
            ("[::1]:8017", true),
            ("192.0.2.1", true),
            ("satu.example", false),
            ("127.0.0.1.satu.example", false),
            ("localhost.satu.example", false),
            ("a@127.0.0.1/x", false),
            ("", false),
        ] {
            assert_eq!(settings.is_ours(host), ours, "{host}");
        }
        settings.site = Some("https://Satu.Example:444".parse().unwrap());
        assert!(settings.is_ours("satu.example:444") && settings.is_ours("SATU.example:444"));
        for host in ["satu.example", "localhost", "127.0.0.1", "lain.example", ""] {
            assert!(!settings.is_ours(host), "{host}");
        }
        for (host, ours) in [
            ("satu.example", true),
            ("SATU.example:444", true),
            ("satu.example:8243", true),
            ("satu.example:x", false),
            ("satu.example:443:8243", false),
            ("a@satu.example:8243", false),
            ("satu.example@lain.example:8243", false),
            ("lain.example:444", false),
            ("localhost:444", false),
            (":444", false),
            ("", false),
        ] {
            assert_eq!(settings.is_ours_at_any_port(host), ours, "{host}");
        }
        assert_eq!(settings.base("lain.example"), "https://satu.example:444");
    }

    #[test]
    fn an_address_of_a_site_is_a_host_by_https() {
        for wrong in [
            "satu.example",
            "http://satu.example",
            "https://satu.example/a",
            "https://a@satu.example",
            "https://satu.example?a",
            "",
        ] {
            assert!(wrong.parse::<SiteAddress>().is_err(), "{wrong}");
        }
        let site: SiteAddress = "https://satu.example/".parse().unwrap();
        assert_eq!(site.base(), "https://satu.example");
    }
}
