//! An answer that may be kept: with its tag, short where the asker has it already, packed where the
//! asker can unpack.

use std::io::Write;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use satu_store::hex;
use sha2::{Digest, Sha256};

/// Shorter answers are not packed.
const WORTH: usize = 1_000;

/// For how long an answer may be kept without asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It never changes.
    Forever,
    /// It may change with the next release or version of this program.
    Minutes,
}

/// What is sent: plain, packed, and the tag of the content.
#[derive(Debug, Clone)]
pub struct Body {
    plain: Bytes,
    packed: Option<Bytes>,
    tag: String,
}

impl Body {
    pub fn new(plain: impl Into<Bytes>) -> Body {
        let plain = plain.into();
        let tag = hex(&Sha256::digest(&plain))[..32].to_owned();
        let packed = (plain.len() >= WORTH).then(|| {
            let mut out = GzEncoder::new(Vec::new(), Compression::fast());
            // Writing to memory does not fail.
            let _ = out.write_all(&plain);
            out.finish().unwrap_or_default().into()
        });
        Body {
            packed: packed
                .filter(|packed: &Bytes| !packed.is_empty() && packed.len() < plain.len()),
            plain,
            tag,
        }
    }

    /// Bytes that it holds in memory.
    pub fn size(&self) -> usize {
        self.plain.len() + self.packed.as_ref().map_or(0, Bytes::len)
    }

    /// As the answer to a request with these headers.
    pub fn answer(&self, asked: &HeaderMap, media_type: &str, kept: Kept) -> Response {
        let unpacks = listed(asked, header::ACCEPT_ENCODING).any(|one| {
            let mut parts = one.split(';').map(str::trim);
            parts.next() == Some("gzip") && !parts.any(|part| part.replace(' ', "") == "q=0")
        });
        let packed = self.packed.as_ref().filter(|_| unpacks);
        let tag = match packed {
            Some(_) => format!("\"{}-gz\"", self.tag),
            None => format!("\"{}\"", self.tag),
        };
        let cache = match kept {
            Kept::Forever => "public, max-age=31536000, immutable",
            Kept::Minutes => "public, max-age=300",
        };
        let known = listed(asked, header::IF_NONE_MATCH)
            .any(|one| one == "*" || one.trim_start_matches("W/") == tag);
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else if let Some(packed) = packed {
            let encoding = [(header::CONTENT_ENCODING, "gzip")];
            (encoding, packed.clone()).into_response()
        } else {
            self.plain.clone().into_response()
        };
        let headers = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_TYPE, media_type),
            (header::ETAG, &tag),
            (header::CACHE_CONTROL, cache),
            (header::VARY, "Accept, Accept-Encoding"),
        ] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// The members of a header that is a list.
fn listed(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    let all = headers.get_all(name).into_iter();
    let texts = all.filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).map(str::trim)
}
