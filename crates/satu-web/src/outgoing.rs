//! Calls to other machines: HTTP/1.1 by TLS, with a bound on every wait and every answer. No
//! redirect is followed, and no cookie kept.
//!
//! The roots are those of the operating system (`SSL_CERT_FILE` and `SSL_CERT_DIR` name others).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

pub use axum::body::Bytes;
pub use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};
use axum::http::{HeaderValue, Request};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;

use crate::webhooks::target;

/// Longest wait for a connection, the handshake with it.
const CONNECT: Duration = Duration::from_secs(10);

/// What may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Addresses of the open network alone: where somebody else names whom to call.
    Open,
    /// Any address: where the operator does.
    Any,
}

/// Why a call did not come to an answer.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// It is no address that is called.
    #[error("no address of http or https")]
    Address,
    /// The name leads to no address that may be called.
    #[error("the host leads to no address of the open network")]
    Closed,
    /// Nobody answers there.
    #[error("no connection: {0}")]
    Connect(#[from] std::io::Error),
    /// What is said there is no HTTP, or it broke off.
    #[error("the connection broke off: {0}")]
    Broken(#[from] hyper::Error),
    /// A header or a path cannot be sent.
    #[error("the request cannot be sent: {0}")]
    Request(#[from] axum::http::Error),
    /// It took too long.
    #[error("no answer in time")]
    Late,
    /// The answer is longer than was asked for.
    #[error("the answer is longer than {0} bytes")]
    Long(usize),
}

/// The value of `Authorization` for a key and its secret (RFC 7617).
pub fn basic(key: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{key}:{secret}")))
}

/// Who calls.
#[derive(Clone)]
pub struct Outgoing {
    tls: TlsConnector,
    reach: Reach,
}

/// A connection to one host, for one call after the other.
pub struct Line {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    /// How it went.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Outgoing {
    /// One who calls; an error where the machine has no roots to trust.
    pub fn new(reach: Reach) -> std::io::Result<Outgoing> {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "a root certificate cannot be read");
        }
        roots.add_parsable_certificates(found.certs);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(std::io::Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Outgoing {
            tls: TlsConnector::from(Arc::new(config)),
            reach,
        })
    }

    /// Opens a connection to the host of an address.
    pub async fn connect(&self, to: &Uri) -> Result<Line, OutgoingError> {
        let connected = tokio::time::timeout(CONNECT, self.connected(to)).await;
        connected.map_err(|_| OutgoingError::Late)?
    }

    async fn connected(&self, to: &Uri) -> Result<Line, OutgoingError> {
        let tls = match to.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(OutgoingError::Address),
        };
        let authority = to.authority().ok_or(OutgoingError::Address)?;
        let name = authority.host().trim_matches(['[', ']']);
        let port = authority.port_u16().unwrap_or(if tls { 443 } else { 80 });
        let host = match authority.port() {
            Some(port) => format!("{}:{port}", authority.host()),
            None => authority.host().to_owned(),
        };
        let host = HeaderValue::try_from(host).map_err(|_| OutgoingError::Address)?;
        // The very addresses that are looked at are called: a name that leads elsewhere a moment
        // later gains nothing.
        let found: Vec<SocketAddr> = lookup_host((name, port)).await?.collect();
        let mut failed = OutgoingError::Closed;
        for address in found {
            if self.reach == Reach::Open && !target::open(address.ip()) {
                continue;
            }
            let stream = match TcpStream::connect(address).await {
                Ok(stream) => stream,
                Err(error) => {
                    failed = error.into();
                    continue;
                }
            };
            stream.set_nodelay(true)?;
            if !tls {
                return shaken(stream, host).await;
            }
            let name = ServerName::try_from(name.to_owned()).map_err(|_| OutgoingError::Address)?;
            return shaken(self.tls.connect(name, stream).await?, host).await;
        }
        Err(failed)
    }
}

async fn shaken(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    host: HeaderValue,
) -> Result<Line, OutgoingError> {
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    let task = tokio::spawn(async move {
        // What goes wrong is told to who sends.
        let _ = connection.await;
    });
    Ok(Line { sender, host, task })
}

impl Line {
    /// Sends a request and takes the whole answer, of at most `most` bytes, within a time.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(HeaderName, String)],
        body: impl Into<Bytes>,
        (most, time): (usize, Duration),
    ) -> Result<Answer, OutgoingError> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.host.clone());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(body.into()))?;
        let answered = async {
            self.sender.ready().await?;
            let (parts, body) = self.sender.send_request(request).await?.into_parts();
            let body = match Limited::new(body, most).collect().await {
                Ok(body) => body.to_bytes(),
                Err(error) if error.is::<LengthLimitError>() => {
                    return Err(OutgoingError::Long(most));
                }
                Err(error) => return Err(std::io::Error::other(error).into()),
            };
            Ok(Answer {
                status: parts.status,
                headers: parts.headers,
                body,
            })
        };
        let answered = tokio::time::timeout(time, answered).await;
        answered.map_err(|_| OutgoingError::Late)?
    }

    /// Whether another request can be sent.
    pub fn is_open(&self) -> bool {
        !self.sender.is_closed()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::Router;
    use axum::http::{Method, StatusCode, Uri, header};
    use tokio::net::TcpListener;

    use super::{Outgoing, OutgoingError, Reach};

    async fn served() -> u16 {
        let long = "x".repeat(10_000);
        let pages = Router::new().fallback(async move || (StatusCode::ACCEPTED, long));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, pages).await });
        port
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_called() {
        let port = served().await;
        for host in ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"] {
            let to: Uri = format!("http://{host}:{port}/").parse().unwrap();
            let refused = Outgoing::new(Reach::Open).unwrap().connect(&to).await.err();
            assert!(
                matches!(refused, Some(OutgoingError::Closed)),
                "{host}: {refused:?}"
            );
        }
        let out = Outgoing::new(Reach::Any).unwrap();
        let to: Uri = format!("http://localhost:{port}/").parse().unwrap();
        assert!(out.connect(&to).await.is_ok());
        let to = Uri::from_static("ftp://localhost/");
        assert!(matches!(
            out.connect(&to).await.err(),
            Some(OutgoingError::Address)
        ));
    }

    #[tokio::test]
    async fn an_answer_has_its_bounds() {
        let to: Uri = format!("http://127.0.0.1:{}/", served().await)
            .parse()
            .unwrap();
        let mut line = Outgoing::new(Reach::Any)
            .unwrap()
            .connect(&to)
            .await
            .unwrap();
        let headers = [(header::ACCEPT, "*/*".to_owned())];
        let wait = Duration::from_mins(1);
        let answer = line
            .send(Method::GET, "/", &headers, "", (10_000, wait))
            .await
            .unwrap();
        assert_eq!(
            (answer.status, answer.body.len()),
            (StatusCode::ACCEPTED, 10_000)
        );
        let long = line
            .send(Method::GET, "/", &headers, "", (9_999, wait))
            .await
            .err();
        assert!(matches!(long, Some(OutgoingError::Long(9_999))), "{long:?}");
        // Somebody who takes the connection and says nothing.
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let to: Uri = format!("http://{}/", silent.local_addr().unwrap())
            .parse()
            .unwrap();
        let mut line = Outgoing::new(Reach::Any)
            .unwrap()
            .connect(&to)
            .await
            .unwrap();
        let short = Duration::from_millis(50);
        let late = line
            .send(Method::GET, "/", &headers, "", (9, short))
            .await
            .err();
        assert!(matches!(late, Some(OutgoingError::Late)), "{late:?}");
    }
}
