//! A register on another machine, as a program asks it.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use satu_web::outgoing::{Answer, Bytes, Line, Outgoing, OutgoingError, Reach};
use satu_web::outgoing::{HeaderName, Method, StatusCode, Uri, header};
use serde_json::Value;

use crate::Failure;

/// Longest answer that is taken, in bytes, and longest wait for it.
const ANSWER: usize = 128 << 20;
const WAIT: Duration = Duration::from_mins(2);
/// Times that a request is made again when the register is busy or the connection breaks.
const AGAIN: u32 = 4;

/// How a program signs in.
#[derive(clap::Args)]
pub struct Program {
    /// The program's key.
    #[arg(long, env = "SATU_CLIENT", value_name = "KEY")]
    client: String,
    /// The file that holds the program's secret; else the variable SATU_CLIENT_SECRET.
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

/// The register, by a token.
pub struct Remote {
    out: Outgoing,
    base: Uri,
    line: Option<Line>,
    /// `Basic`: key and secret.
    basic: String,
    token: String,
}

const UNTRUSTED: &str = "The register's certificate is of nobody whom this machine trusts; SSL_CERT_FILE names other roots.";
/// What to do where no answer comes.
pub const REACH: &str =
    "Check the address and the network, and run the same command again: it goes on where it was.";

impl Program {
    fn secret(&self) -> Result<String, Failure> {
        let read = match &self.secret_file {
            Some(path) => std::fs::read_to_string(path).map_err(|error| {
                format!("the secret in {} cannot be read: {error}", path.display())
            }),
            None => {
                std::env::var("SATU_CLIENT_SECRET").map_err(|_| "there is no secret".to_owned())
            }
        };
        read.map(|text| text.trim().to_owned())
            .map_err(|message| Failure {
                message,
                hint: "Give --secret-file, or set SATU_CLIENT_SECRET.".to_owned(),
            })
    }

    /// Signs in at a register: https://HOST, and by plain HTTP only on this machine.
    pub async fn remote(&self, register: &str) -> Result<Remote, Failure> {
        let wrong = |message: String| Failure {
            message,
            hint: "Give https://HOST, the address of the register's site.".to_owned(),
        };
        let base: Uri = register
            .trim_end_matches('/')
            .parse()
            .map_err(|_| wrong(format!("{register:?} is no address")))?;
        let here = base.host().is_some_and(|host| {
            let host = host.trim_matches(['[', ']']);
            let address = host.parse::<std::net::IpAddr>();
            host == "localhost" || address.is_ok_and(|address| address.is_loopback())
        });
        if base.scheme_str() != Some("https") && !(here && base.scheme_str() == Some("http")) {
            let told = format!("{register:?} is not called: a secret goes by https alone");
            return Err(wrong(told));
        }
        let out = Outgoing::new(Reach::Any).map_err(|error| Failure::new(&error, REACH))?;
        let basic = satu_web::outgoing::basic(&self.client, &self.secret()?);
        let mut remote = Remote {
            out,
            base,
            line: None,
            basic,
            token: String::new(),
        };
        remote.sign_in().await?;
        Ok(remote)
    }
}

impl Remote {
    async fn sign_in(&mut self) -> Result<(), Failure> {
        let headers = [
            (header::AUTHORIZATION, self.basic.clone()),
            (
                header::CONTENT_TYPE,
                "application/x-www-form-urlencoded".to_owned(),
            ),
        ];
        let body = Bytes::from_static(b"grant_type=client_credentials");
        let answer = self
            .asked(&Method::POST, "/oauth2/token", &headers, body)
            .await?;
        let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        match told["access_token"].as_str() {
            Some(token) if answer.status == StatusCode::OK => {
                token.clone_into(&mut self.token);
                Ok(())
            }
            _ => Err(Failure {
                message: format!("the register did not let the program in: {}", said(&answer)),
                hint: "Check the program's key and secret; `satu client` on the register's machine makes a new one."
                    .to_owned(),
            }),
        }
    }

    /// The JSON document at a path.
    pub async fn get(&mut self, path: &str) -> Result<Value, Failure> {
        let answer = self.ask(&Method::GET, path, &[], Bytes::new()).await?;
        document(&answer)
    }

    /// Asks; signs in again where the token ran out.
    pub async fn ask(
        &mut self,
        method: &Method,
        path: &str,
        headers: &[(HeaderName, String)],
        body: Bytes,
    ) -> Result<Answer, Failure> {
        let mut again = true;
        loop {
            let mut all = headers.to_vec();
            all.push(self.bearer());
            let answer = self.asked(method, path, &all, body.clone()).await?;
            if answer.status != StatusCode::UNAUTHORIZED || !again {
                return Ok(answer);
            }
            self.sign_in().await?;
            again = false;
        }
    }

    /// Asks once, where asking again would not be the same.
    pub async fn ask_once(
        &mut self,
        method: &Method,
        path: &str,
        headers: &[(HeaderName, String)],
        body: Bytes,
    ) -> Result<Answer, OutgoingError> {
        let mut all = headers.to_vec();
        all.push(self.bearer());
        self.tried(method, path, &all, body).await
    }

    fn bearer(&self) -> (HeaderName, String) {
        (header::AUTHORIZATION, format!("Bearer {}", self.token))
    }

    /// Asks, and asks again after a while where the register is busy or the connection breaks.
    async fn asked(
        &mut self,
        method: &Method,
        path: &str,
        headers: &[(HeaderName, String)],
        body: Bytes,
    ) -> Result<Answer, Failure> {
        let mut turn = 0;
        loop {
            let late = match self.tried(method, path, headers, body.clone()).await {
                Ok(answer) if busy(answer.status) => Ok(answer),
                Ok(answer) => return Ok(answer),
                // What is not trusted now is not in a moment.
                Err(OutgoingError::Connect(error)) if error.kind() == ErrorKind::InvalidData => {
                    return Err(Failure::new(&error, UNTRUSTED));
                }
                Err(error) => {
                    self.line = None;
                    Err(error)
                }
            };
            if turn == AGAIN {
                return late.map_err(|error| Failure::new(&error, REACH));
            }
            let told = late.ok().and_then(|answer| {
                let wait = answer.headers.get(header::RETRY_AFTER)?;
                wait.to_str().ok()?.parse::<u64>().ok()
            });
            let wait = told.unwrap_or(1 << turn).min(60);
            tokio::time::sleep(Duration::from_secs(wait)).await;
            turn += 1;
        }
    }

    async fn tried(
        &mut self,
        method: &Method,
        path: &str,
        headers: &[(HeaderName, String)],
        body: Bytes,
    ) -> Result<Answer, OutgoingError> {
        let mut line = match self.line.take().filter(Line::is_open) {
            Some(line) => line,
            None => self.out.connect(&self.base).await?,
        };
        let path = format!("{}{path}", self.base.path().trim_end_matches('/'));
        let answer = line
            .send(method.clone(), &path, headers, body, (ANSWER, WAIT))
            .await?;
        self.line = Some(line);
        Ok(answer)
    }
}

/// Whether the register, or what stands before it while it starts again, asks for patience.
fn busy(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// The JSON document of an answer.
pub fn document(answer: &Answer) -> Result<Value, Failure> {
    if answer.status != StatusCode::OK {
        return Err(refused(answer));
    }
    serde_json::from_slice(&answer.body)
        .map_err(|error| Failure::new(&error, "Is this the address of a register of this version?"))
}

/// What is told of a refusal.
pub fn refused(answer: &Answer) -> Failure {
    Failure {
        message: format!("the register refused: {}", said(answer)),
        hint: "See the page /api of the register's site.".to_owned(),
    }
}

/// What an answer that is no good says, short.
fn said(answer: &Answer) -> String {
    let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let words = ["title", "detail", "reason", "error_description"];
    let words = words.iter().filter_map(|word| told[*word].as_str());
    let words: Vec<&str> = words.collect();
    let clean = words.join(". ");
    let clean = clean.chars().filter(|c| !c.is_control()).take(300);
    format!("{} {}", answer.status, clean.collect::<String>())
}
