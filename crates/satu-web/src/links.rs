//! Links that are used once, whole or in two parts of which each opens nothing alone.

use satu_store::accounts::hashed;

use crate::token::Token;

/// Before the token of a link that is one of two parts.
const HALF: char = 'k';

/// A new single-use link below a site's address: its token, of which the hash is kept, and the link.
pub fn new_link(base: &str) -> std::io::Result<(String, String)> {
    let token = Token::new()?;
    let link = format!("{base}/tautan/{}", token.as_str());
    Ok((token.as_str().to_owned(), link))
}

/// A new link in two parts, of which each opens nothing alone: the SHA-256 of the part that is in the
/// link, and the link. The other part is a [`code`].
pub fn new_half_link(base: &str) -> std::io::Result<(String, String)> {
    let token = Token::new()?;
    let link = format!("{base}/tautan/{HALF}{}", token.as_str());
    Ok((hashed(token.as_str()), link))
}

/// What the token in a link's address is.
pub enum Link {
    /// All that opens it.
    Whole,
    /// One of two parts: the same SHA-256 of it.
    Half(String),
}

/// Reads the token in a link's address; none where no link is made with such a one, so that nobody writes
/// what two parts are together as the address of a whole link.
pub fn read(token: &str) -> Option<Link> {
    match token.strip_prefix(HALF) {
        Some(part) => Some(Link::Half(hashed(part))),
        None => Token::parse(token).map(|_| Link::Whole),
    }
}

/// The other part of a link: twelve hexadecimal digits, 48 bits, to be told and typed.
pub fn code() -> std::io::Result<String> {
    let token = Token::new()?;
    Ok(token.as_str()[..12].to_owned())
}

/// What a link's two parts are together, as [`satu_store::accounts::Accounts::make_link`] takes it.
/// A code may be typed in any case and with blanks or hyphens.
pub fn in_two_parts(half: &str, code: &str) -> String {
    let digits = code.chars().filter(char::is_ascii_hexdigit);
    let code: String = digits.map(|digit| digit.to_ascii_lowercase()).collect();
    format!("{half} {code}")
}
