//! From where a request comes.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use satu_store::accounts::Browser;

use crate::app::App;
use crate::cookie;
use crate::page::Failure;
use crate::token::Token;

/// From where a request comes.
pub struct Asker {
    /// The address.
    pub address: Option<IpAddr>,
    /// What the browser says it is.
    pub agent: String,
    /// By what the browser is known from an earlier sign-in.
    pub known: Option<Token>,
}

impl Asker {
    /// As a session keeps it.
    pub fn browser<'a>(&'a self, address: &'a str) -> Browser<'a> {
        Browser {
            agent: &self.agent,
            address,
        }
    }

    /// The address as it is kept and shown; empty where it is not known.
    pub fn address_text(&self) -> String {
        self.address.map(|one| one.to_string()).unwrap_or_default()
    }

    /// Where it is, as far as counting goes.
    pub fn place(&self) -> Option<IpAddr> {
        self.address.map(place)
    }
}

/// What one subscriber of a network has at least: of IPv6 a whole /64.
pub fn place(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) if six.to_ipv4_mapped().is_none() => {
            IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX)))
        }
        other => other.to_canonical(),
    }
}

/// The address that a request comes from. Behind a proxy, the one that the proxy says it was asked
/// from: the last of `X-Forwarded-For`, as the earlier ones are what the browser itself may have sent.
pub fn address(extensions: &Extensions, headers: &HeaderMap, app: &App) -> Option<IpAddr> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|ConnectInfo(address)| address.ip());
    match app.settings().site {
        Some(_) => forwarded(headers).or(peer),
        None => peer,
    }
}

impl FromRequestParts<App> for Asker {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Asker, Failure> {
        let agent = parts.headers.get(USER_AGENT);
        let agent = agent.and_then(|agent| agent.to_str().ok());
        Ok(Asker {
            address: address(&parts.extensions, &parts.headers, app),
            agent: agent.unwrap_or_default().to_owned(),
            known: cookie::known(&parts.headers, app.secure()),
        })
    }
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::forwarded;

    #[test]
    fn only_the_proxys_own_word_is_taken() {
        let mut headers = HeaderMap::new();
        assert_eq!(forwarded(&headers), None);
        headers.append("x-forwarded-for", "198.51.100.1".parse().unwrap());
        headers.append("x-forwarded-for", "203.0.113.9, 192.0.2.7".parse().unwrap());
        assert_eq!(forwarded(&headers), "192.0.2.7".parse().ok());
        headers.append("x-forwarded-for", "unknown".parse().unwrap());
        assert_eq!(forwarded(&headers), None);
    }

    #[test]
    fn neighbours_in_one_network_are_one_place() {
        let place = |text: &str| super::place(text.parse().unwrap()).to_string();
        assert_eq!(place("2001:db8:1:2:aaaa::1"), "2001:db8:1:2::");
        assert_eq!(place("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(place("192.0.2.7"), "192.0.2.7");
    }
}
