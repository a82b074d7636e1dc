//! Statistics as SDMX 2.1: what there is ([`structure`]), which codes occur ([`available`]), the figures
//! ([`data`], and as text with commas [`csv`]), the questions of SDMX-REST ([`rest`], version 1.5 of its
//! specification, the one for SDMX 2.1) and the forms of the answers ([`form`]).

pub mod available;
pub mod csv;
pub mod data;
pub mod form;
pub mod rest;
pub mod structure;

use crate::Both;
use crate::dimension::{Code, Dimension, OTHER, TOTAL};
use crate::population::Table;

/// Who maintains all of it.
pub const AGENCY: &str = "SATU";
/// The version of every structure.
pub const VERSION: &str = "1.0";
/// The scheme of all concepts.
const CONCEPTS: &str = "CS_ASN";

/// Why a question has no answer, as SDMX-REST names it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing fits.
    #[error("no results found")]
    NothingFound,
    /// The question cannot be read.
    #[error("syntax error: {0}")]
    Syntax(String),
    /// More figures than one answer takes.
    #[error("the answer would have {0} observations, and at most {most} are sent: narrow the key or the period", most = data::MOST)]
    TooLarge(usize),
    /// The question is one that this service does not answer.
    #[error("not implemented: {0}")]
    NotImplemented(String),
    /// No form in which it could be answered is taken.
    #[error(
        "none of the formats asked for is served: figures are application/vnd.sdmx.genericdata+xml;version=2.1, \
         application/vnd.sdmx.structurespecificdata+xml;version=2.1, \
         application/vnd.sdmx.data+csv;version=1.0.0;labels=[id|both] or \
         application/vnd.sdmx.data+csv;version=2.0.0;labels=[id|both|name], and structures {structure}",
        structure = form::STRUCTURE
    )]
    NotAcceptable,
}

impl Fault {
    /// The HTTP status and the SDMX code.
    pub fn codes(&self) -> (u16, u16) {
        match self {
            Fault::NothingFound => (404, 100),
            Fault::Syntax(_) => (400, 140),
            Fault::TooLarge(_) => (413, 510),
            Fault::NotImplemented(_) => (501, 501),
            Fault::NotAcceptable => (406, 140),
        }
    }

    /// The error message of SDMX-ML.
    pub fn xml(&self) -> String {
        let (_, code) = self.codes();
        format!(
            "{HEAD}<mes:Error xmlns:mes=\"{MES}\" xmlns:com=\"{COM}\"><mes:ErrorMessage code=\"{code}\">\
             <com:Text xml:lang=\"en\">{}</com:Text></mes:ErrorMessage></mes:Error>\n",
            escaped(&self.to_string())
        )
    }
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const MES: &str = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message";
const COM: &str = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common";
const STR: &str = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure";

/// A text inside XML, in an element or in quotation marks; what XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Names in both languages.
fn names(text: &Both) -> String {
    text.each()
        .map(|(language, text)| {
            format!(
                "<com:Name xml:lang=\"{language}\">{}</com:Name>",
                escaped(text)
            )
        })
        .concat()
}

/// The message's header, which says who sends it and when it was made.
fn header(id: &str, prepared: jiff::Timestamp, more: &str) -> String {
    format!(
        "<mes:Header><mes:ID>{}</mes:ID><mes:Test>false</mes:Test><mes:Prepared>{prepared}</mes:Prepared>\
         <mes:Sender id=\"{AGENCY}\"/>{more}</mes:Header>",
        escaped(id)
    )
}

/// The flow of a table, which is also its structure's name.
pub fn flow(table: Table) -> String {
    table.id().to_ascii_uppercase().replace('-', "_")
}

/// A table's dimensions in their order, the day left out.
pub fn dimensions(table: Table) -> Vec<Dimension> {
    let mut all = vec![Dimension::Instansi, Dimension::JenisKelamin];
    all.extend(table.dimensions());
    all
}

/// The codes of a dimension with its total; agencies are those of the releases.
fn codes(dimension: Dimension, agencies: &[Code]) -> Vec<Code> {
    let mut codes = vec![(TOTAL.to_owned(), Both::new("Jumlah", "Total"))];
    if dimension == Dimension::Instansi {
        let named = agencies.iter().filter(|(code, _)| code != OTHER);
        codes.extend(named.cloned());
    }
    codes.extend(dimension.codes());
    codes
}
