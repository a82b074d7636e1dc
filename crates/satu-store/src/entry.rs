//! What the ledger holds: statements and decisions.

mod credentials;
mod privacy;
mod proposals;

use jiff::civil::Date;
use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use serde::{Deserialize, Serialize};

pub use credentials::{Credential, Done};
pub use privacy::{BreachWords, Privacy, PrivacyAct};
pub use proposals::{Act, Answered, FourEyes, Proposal, Settled};

/// One entry of the ledger. Its JSON text is what is hashed, so a field is only ever added, never
/// renamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Entry {
    /// A source is declared, or declared anew.
    Source(Source),
    /// A code list is loaded, or loaded anew.
    CodeList {
        /// Its name, such as `instansi`.
        name: String,
        /// SHA-256 of its CSV text, which is kept.
        blob: String,
    },
    /// The units of an agency and which is above which, as the code list `unor` has them: follows the
    /// list when it is loaded.
    Units(Units),
    /// A delivery begins; the statements that follow belong to it.
    Submission(Submission),
    /// One typed fact record.
    Statement(Statement),
    /// What the check found in one row of a delivery.
    Findings(Findings),
    /// A delivery is complete; the counts add up to its rows.
    Receipt(Receipt),
    /// A linkage run concluded who is who: these records are now these persons.
    Linked(Linked),
    /// A linkage run found records that a person must look at.
    Doubt(Doubt),
    /// A doubt is withdrawn: the records no longer stand as they did.
    Withdrawn {
        /// The ledger number of the [`Doubt`].
        doubt: i64,
    },
    /// An officer looked at a doubt and could not tell; it waits for another.
    Deferred {
        /// The ledger number of the [`Doubt`].
        doubt: i64,
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// A linkage run learnt how much agreement says.
    Model {
        /// SHA-256 of the model's JSON text, which is kept.
        blob: String,
    },
    /// An officer decided.
    Ruling(Ruling),
    /// Open data is released: statistics, code lists and the standard of a day.
    Release(Release),
    /// An officer took a decision back.
    Undone {
        /// The ledger number of the [`Ruling`].
        ruling: i64,
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// Which decisions need a second person is set, or set anew.
    FourEyes(FourEyes),
    /// A decision that needs a second person waits for one.
    Proposed(Proposal),
    /// A proposal is settled.
    Answered(Answered),
    /// Something was done to what is asked with over the API: a program, or a token of an account.
    Credential(Credential),
    /// A civil servant asked about their data, or a failure to protect it was dealt with.
    Privacy(Privacy),
    /// A statement no longer stands, and nothing stands in its place.
    Ended {
        /// The ledger number of the [`Statement`].
        statement: i64,
        /// Who ended it.
        by: String,
        /// Why.
        reason: String,
    },
    /// A document was handed in.
    Document(Document),
    /// A document bears a statement out.
    Attached {
        /// The ledger number of the [`Document`].
        document: i64,
        /// The ledger number of the [`Statement`].
        statement: i64,
    },
}

/// The tree of an agency's units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units {
    /// The agency, as records state it.
    pub instansi: String,
    /// Its units.
    pub units: Vec<Unit>,
}

/// A unit of an agency (unor).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its code.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The code of the unit above it; empty for one at the top.
    pub above: String,
}

impl Entry {
    /// Reads an entry's text. Most are statements; the reader of all kinds would keep the whole text in
    /// parts until it knew the kind, and read those again.
    pub(crate) fn read(text: &[u8]) -> Result<Entry, serde_json::Error> {
        if text.starts_with(br#"{"t":"statement","#) {
            return serde_json::from_slice(text).map(Entry::Statement);
        }
        serde_json::from_slice(text)
    }
}

/// A document (dokumen): a decree, a certificate, a photograph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its file's name, as its sender gave it.
    pub name: String,
    /// Its media type, told by its first bytes.
    pub media: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub blob: String,
    /// The code of what sort of document it is; empty where nobody says.
    pub sort: String,
    /// The agency that handed it in; empty for the centre.
    pub instansi: String,
    /// Who handed it in.
    pub by: String,
    /// What its sender said of it: name and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<(String, String)>,
}

/// A system that speaks (sumber).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its code, the key.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How near it stands to the facts.
    pub kind: SourceKind,
    /// The agency that it belongs to, as written in `instansi_induk`; empty for a national one.
    pub instansi: String,
}

/// One delivery by a source (kiriman).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The source's code.
    pub source: String,
    /// The file's name.
    pub file: String,
    /// The kind of its rows.
    pub kind: Kind,
    /// SHA-256 of the raw bytes, hexadecimal.
    pub blob: String,
    /// The day for which the source speaks.
    pub stated_on: Date,
    /// The map file's text, where one was used.
    pub map: Option<String>,
    /// The sheet of a workbook, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Headers of columns outside the standard.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

/// One fact record as a source stated it (pernyataan).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The ledger number of its [`Submission`].
    pub submission: i64,
    /// The row in the file; the header is row 1.
    pub row: u64,
    /// The fact's key inside its source and kind: a later statement with the same key supersedes
    /// this one.
    pub fact: String,
    /// Cells in the order of the kind's columns.
    pub cells: Vec<String>,
    /// Columns outside the standard: header and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<(String, String)>,
}

/// What the check found in one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// The ledger number of the [`Submission`].
    pub submission: i64,
    /// The row in the file.
    pub row: u64,
    /// Rule, column, value.
    pub found: Vec<Found>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The rule's id.
    pub rule: String,
    /// `error` or `warning`.
    pub severity: String,
    /// The column.
    pub column: String,
    /// The value as it stands in the file.
    pub value: String,
}

/// The counts of a complete delivery.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The ledger number of the [`Submission`].
    pub submission: i64,
    /// Rows read.
    pub rows: u64,
    /// Rows without a finding.
    pub accepted: u64,
    /// Rows with warnings only.
    pub accepted_with_warnings: u64,
    /// Rows with an error; they make no statement.
    pub rejected: u64,
}

/// The open data of a day; what is released stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The day, which is the version of every dataset in it.
    pub version: Date,
    /// Who released it.
    pub by: String,
    /// Each dataset's name, and the SHA-256 of its CSV text, which is kept.
    pub datasets: Vec<(String, String)>,
}

/// A part of what a linkage run concluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// Statement and the person it is now of, for each statement that moved.
    pub moved: Vec<(i64, i64)>,
}

/// Records that may be one person; an officer must look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// The statements, ascending; two to many.
    pub statements: Vec<i64>,
    /// Each pair in doubt, with its weight (log2 of the odds) and probability in millionths.
    pub pairs: Vec<DoubtPair>,
}

/// One pair in doubt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubtPair {
    /// The one statement.
    pub a: i64,
    /// The other.
    pub b: i64,
    /// The weight in thousandths of a bit.
    pub weight: i64,
    /// The probability that both are one person, in millionths.
    pub probability: i64,
}

/// A record as its source knows it: survives a correction of its content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordKey {
    /// The source's code.
    pub source: String,
    /// The fact key of its `data_utama` statement.
    pub fact: String,
}

/// An officer's decision (keputusan).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// What was decided.
    pub verdict: Verdict,
    /// Who decided.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// What an officer decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "v", rename_all = "snake_case")]
pub enum Verdict {
    /// These records are one person.
    Same {
        /// The records.
        records: Vec<RecordKey>,
    },
    /// These records are different persons, but for those of one group.
    NotSame {
        /// The records.
        records: Vec<RecordKey>,
        /// The group of each record, in their order: those that were one person when it was decided, or
        /// that a decision that stood makes one, are a group and not told apart. Entries of before have
        /// none: each of their records is a group by itself.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        groups: Vec<i64>,
    },
    /// This value stands for the field of the person who has this record.
    Value {
        /// Any record of the person.
        record: RecordKey,
        /// The field of `data_utama`.
        field: String,
        /// The value.
        value: String,
    },
}
