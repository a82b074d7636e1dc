//! What stands before a site: it hands requests on one by one, or answers them itself.

use std::io::{BufRead, BufReader, Read, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::Server;

/// A proxy before a server.
pub struct Front {
    /// Its address.
    pub base: String,
    handed: Arc<Mutex<Vec<(String, usize)>>>,
}

impl Front {
    /// A proxy that answers with a status (`502 Bad Gateway`) where `rule` has one for a request's method and
    /// path, and its body's length.
    pub fn new(
        server: &Server,
        mut rule: impl FnMut(&str, usize) -> Option<&'static str> + Send + 'static,
    ) -> Front {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let behind = server.base.replace("http://", "");
        let handed = Arc::new(Mutex::new(Vec::new()));
        let told = handed.clone();
        std::thread::spawn(move || {
            for line in listener.incoming() {
                let answered = line.and_then(|line| answer(line, &behind, &mut rule));
                // One that was killed is of no matter.
                if let Ok(Some(request)) = answered {
                    told.lock().unwrap().push(request);
                }
            }
        });
        Front { base, handed }
    }

    /// The requests that were handed on and begin so, and the bytes of them all.
    pub fn handed(&self, begin: &str) -> (usize, usize) {
        let handed = self.handed.lock().unwrap();
        let all = handed.iter().filter(|(told, _)| told.starts_with(begin));
        all.fold((0, 0), |(count, bytes), (_, more)| {
            (count + 1, bytes + more)
        })
    }
}

/// Answers the one request of a connection; what was handed on.
fn answer(
    line: TcpStream,
    behind: &str,
    rule: &mut impl FnMut(&str, usize) -> Option<&'static str>,
) -> Result<Option<(String, usize)>> {
    let mut heard = BufReader::new(line);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if heard.read_line(&mut head)? == 0 {
            return Ok(None);
        }
    }
    let lower = head.to_lowercase();
    let length = lower.split("content-length: ").nth(1);
    let length = length.and_then(|rest| rest.split('\r').next()?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    heard.read_exact(&mut body)?;
    let (request, _) = head.split_once(" HTTP/1.1").unwrap_or_default();
    let request = request.to_owned();
    let mut line = heard.into_inner();
    if let Some(status) = rule(&request, body.len()) {
        let told = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        line.write_all(told.as_bytes())?;
        return Ok(None);
    }
    let mut site = TcpStream::connect(behind)?;
    let head = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    site.write_all(head.as_bytes())?;
    site.write_all(&body)?;
    std::io::copy(&mut site, &mut line)?;
    Ok(Some((request, body.len())))
}
