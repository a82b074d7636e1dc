//! What is done to programs and personal tokens, as the ledger has it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was done to a program or to a personal token (kredensial). Nothing of a secret stands in it, not
/// its hash either.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// What.
    pub done: Done,
    /// Who did it.
    pub by: String,
}

/// What was done to a program or to a personal token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "d", rename_all = "snake_case")]
pub enum Done {
    /// A program was made.
    ProgramMade {
        /// Its key.
        key: String,
        /// Its name.
        name: String,
        /// Its rights, with blanks between.
        rights: String,
        /// What it sees sensitive data for; empty where nobody says.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        purpose: String,
        /// Whose people it may see, one place a line; the whole country's where it is empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        places: String,
        /// The login of who answers for it; empty where nobody does.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        owner: String,
    },
    /// Another answers for a program.
    ProgramOwned {
        /// Its key.
        key: String,
        /// The login.
        owner: String,
    },
    /// A program got a new secret; the one before it stays good until the next.
    ProgramTurned {
        /// Its key.
        key: String,
        /// The ledger number of the [`Proposal`](super::Proposal) that a second person approved, where one was needed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposal: Option<i64>,
    },
    /// All secrets of a program but the newest, and its tokens, ended.
    ProgramOldDropped {
        /// Its key.
        key: String,
    },
    /// A program ended, with its secrets and tokens.
    ProgramClosed {
        /// Its key.
        key: String,
    },
    /// An account got a personal token.
    TokenMade {
        /// The account's login.
        login: String,
        /// What the token is called.
        name: String,
        /// When it runs out.
        until: Timestamp,
    },
    /// A personal token ended before its time.
    TokenEnded {
        /// The account's login.
        login: String,
        /// What the token is called.
        name: String,
    },
    /// All personal tokens of an account ended.
    TokensEnded {
        /// The account's login.
        login: String,
        /// How many there were.
        count: u64,
    },
}
