//! Which addresses may be called: those of the open network by HTTPS. One inside our own network,
//! this machine's among them, would let who names it reach what only we reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::Uri;

/// Longest address, in bytes.
const LONGEST: usize = 500;

/// Why an address is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// It is no address of the web.
    #[error("no address: give https://HOST/PATH, without a user name and without a fragment")]
    Form,
    /// It is not called by HTTPS.
    #[error("only https is called")]
    Scheme,
    /// Its host is inside our own network, or nowhere.
    #[error("the host is an address that is not of the open network")]
    Private,
}

/// Reads an address as a program gives it. `private` lets any host be called, and plain HTTP too.
pub fn read(text: &str, private: bool) -> Result<Uri, TargetError> {
    if text.len() > LONGEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(TargetError::Form);
    }
    let uri: Uri = text.parse().map_err(|_| TargetError::Form)?;
    let host = uri.host().ok_or(TargetError::Form)?;
    let user = uri
        .authority()
        .is_some_and(|one| one.as_str().contains('@'));
    if user || text.contains('#') || host.is_empty() {
        return Err(TargetError::Form);
    }
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if private => {}
        _ => return Err(TargetError::Scheme),
    }
    if !private && !named(host) {
        return Err(TargetError::Private);
    }
    Ok(uri)
}

/// Whether a host may be of the open network, as far as its name says.
fn named(host: &str) -> bool {
    let bare = host.trim_matches(['[', ']']).trim_end_matches('.');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return open(address);
    }
    let lower = bare.to_ascii_lowercase();
    let inside = [
        "localhost",
        "local",
        "internal",
        "lan",
        "home.arpa",
        "test",
        "invalid",
    ];
    // `2130706433`, `127.1` and `127.0x1` are addresses to some resolvers, and names to nobody.
    let last = lower.rsplit('.').next().unwrap_or("");
    let number = last.starts_with("0x") || last.bytes().all(|byte| byte.is_ascii_digit());
    lower.contains('.')
        && !number
        && !inside
            .iter()
            .any(|name| lower == *name || lower.ends_with(&format!(".{name}")))
}

/// Whether an address is of the open network; asked of what a name led to, at the time of the call.
pub fn open(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => open_four(four),
        IpAddr::V6(six) => open_six(six),
    }
}

fn open_four(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || matches!(
            (a, b, c),
            (0 | 240..=255, ..)
                | (100, 64..=127, _)
                | (192, 0, 0)
                | (192, 88, 99)
                | (198, 18..=19, _)
        ))
}

fn open_six(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    // Ways in which an IPv4 address is written as one of IPv6: mapped, NAT64, 6to4.
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        open_four(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            four(high, low)
        }
        [0x2002, high, low, ..] => four(high, low),
        // All that is given out so far, less documentation, ORCHID, Teredo and the like.
        [0x2001, second, ..] => second >= 0x200 && second != 0xdb8,
        [first, ..] => (0x2000..0x3fff).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::{TargetError, open, read};

    #[test]
    fn only_the_open_network_is_called() {
        for good in [
            "https://simpeg.kota-contoh.go.id/kabar",
            "https://SIMPEG.example.com:8443/a?b=c",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/",
        ] {
            assert!(read(good, false).is_ok(), "{good}");
        }
        for (wrong, why) in [
            ("http://simpeg.example.com/", TargetError::Scheme),
            ("ftp://simpeg.example.com/", TargetError::Scheme),
            ("file:///etc/passwd", TargetError::Form),
            ("simpeg.example.com", TargetError::Scheme),
            ("https://a@simpeg.example.com/", TargetError::Form),
            ("https://simpeg.example.com/#a", TargetError::Form),
            ("https://simpeg.example.com/ a", TargetError::Form),
            ("", TargetError::Form),
            ("https://localhost/", TargetError::Private),
            ("https://localhost./", TargetError::Private),
            ("https://a.LOCALHOST/", TargetError::Private),
            ("https://server/", TargetError::Private),
            ("https://db.internal/", TargetError::Private),
            ("https://127.0.0.1/", TargetError::Private),
            ("https://127.1/", TargetError::Private),
            ("https://2130706433/", TargetError::Private),
            ("https://0x7f.0.0.1/", TargetError::Private),
            ("https://10.1.2.3/", TargetError::Private),
            ("https://169.254.169.254/latest", TargetError::Private),
            ("https://[::1]/", TargetError::Private),
            ("https://[::ffff:127.0.0.1]/", TargetError::Private),
            ("https://[fd00::1]/", TargetError::Private),
        ] {
            assert_eq!(read(wrong, false).err(), Some(why), "{wrong}");
        }
        for inside in [
            "http://127.0.0.1:9/",
            "https://localhost/",
            "http://[::1]:9/",
        ] {
            assert!(read(inside, true).is_ok(), "{inside}");
        }
    }

    #[test]
    fn what_a_name_leads_to_is_looked_at() {
        let told = |text: &str| open(text.parse().unwrap());
        for inside in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.0.1",
            "172.16.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "fc00::1",
            "fe80::1",
            "ff02::1",
        ] {
            assert!(!told(inside), "{inside}");
        }
        for outside in [
            "1.1.1.1",
            "100.63.0.1",
            "172.32.0.1",
            "198.20.0.1",
            "2606:4700::1111",
            "2001:4860::8888",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2002:101:101::",
        ] {
            assert!(told(outside), "{outside}");
        }
    }
}
