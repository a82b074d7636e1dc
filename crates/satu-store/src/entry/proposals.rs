//! Decisions that need a second person, as the ledger has them.

use serde::{Deserialize, Serialize};

/// Which decisions need a second person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FourEyes {
    /// Whether any does.
    pub on: bool,
    /// So many records one person may move at once.
    pub records: u64,
    /// Who set it.
    pub by: String,
}

/// A decision that waits for a second person (usulan).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What would be done.
    pub act: Act,
    /// Who proposes it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The persons whom it would touch, ascending.
    pub persons: Vec<i64>,
    /// How many records would change.
    pub records: u64,
}

/// What a proposal would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "a", rename_all = "snake_case")]
pub enum Act {
    /// Records of a doubt are one person.
    Merge {
        /// The ledger number of the [`Doubt`](super::Doubt).
        doubt: i64,
        /// The records, by statement.
        chosen: Vec<i64>,
    },
    /// A decision is taken back.
    Undo {
        /// The ledger number of the [`Ruling`](super::Ruling).
        ruling: i64,
    },
    /// A value stands for a field that says what becomes of somebody.
    Value {
        /// The person.
        person: i64,
        /// The field of `data_utama`.
        field: String,
        /// The value.
        value: String,
    },
    /// An account is made, or given another role or other places.
    Grant {
        /// Its login.
        login: String,
        /// The name to greet by, of one that is to be made; empty for one that is there.
        name: String,
        /// The role's name.
        role: String,
        /// The places, one a line.
        places: String,
        /// The NIP of the civil servant whose record it is, or who holds an account of another role;
        /// empty where nobody says.
        nip: String,
    },
    /// A program is made.
    Program {
        /// Its key.
        key: String,
        /// Its name.
        name: String,
        /// Its rights, with blanks between.
        rights: String,
        /// What it sees sensitive data for.
        purpose: String,
        /// The login of who answers for it; empty where nobody does.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        owner: String,
        /// Whose people it may see, one place a line; the whole country's where it is empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        places: String,
    },
    /// A program gets a new secret, once, which who proposed it is shown.
    Secret {
        /// Its key.
        key: String,
        /// Its name.
        name: String,
        /// Whose people it may see, one place a line; the whole country's where it is empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        places: String,
    },
    /// An account's owner chooses a new password by a link.
    Link {
        /// Its login.
        login: String,
        /// Its role when this was proposed.
        role: String,
        /// Its places, one a line.
        places: String,
        /// The SHA-256 of the part of the link that whoever proposed it holds.
        half: String,
    },
    /// Another choice of the decisions that need a second person.
    FourEyes {
        /// Whether any does.
        on: bool,
        /// So many records one person may move at once.
        records: u64,
    },
}

/// How a proposal ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The ledger number of the [`Proposal`].
    pub proposal: i64,
    /// How.
    pub answer: Settled,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// How a proposal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// A second person approved it, and it was done.
    Approved,
    /// A second person refused it.
    Refused,
    /// Who proposed it took it back.
    Withdrawn,
    /// A second person would have approved it, but what it was about was no longer as it was.
    Stale,
}
