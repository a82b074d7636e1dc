//! Acts under UU 27/2022 on personal data, as the ledger has them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::privacy::{About, Told};

/// An act under UU 27/2022 on personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privacy {
    /// What was done.
    pub act: PrivacyAct,
    /// Who did it.
    pub by: String,
}

/// What was done about a civil servant's request on their own data, or about a failure to protect it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "p", rename_all = "snake_case")]
pub enum PrivacyAct {
    /// A civil servant asked about their own data.
    Requested {
        /// Their NIP.
        nip: String,
        /// What it is about.
        about: About,
        /// In their words.
        text: String,
    },
    /// A request was answered.
    RequestAnswered {
        /// The ledger number of the request.
        request: i64,
        /// Whether it was granted.
        granted: bool,
        /// What was done; why not, where it was refused.
        answer: String,
    },
    /// A breach was put on the register.
    BreachNoted {
        /// When it was found: the clock starts.
        found: Timestamp,
        /// What is told of it.
        words: BreachWords,
    },
    /// What is told of a breach was said anew.
    BreachRetold {
        /// The ledger number of the breach.
        breach: i64,
        /// What is told of it now.
        words: BreachWords,
    },
    /// Somebody was told of a breach.
    BreachTold {
        /// The ledger number of the breach.
        breach: i64,
        /// Who.
        whom: Told,
    },
    /// A breach touches these persons, beside those named before.
    BreachTouches {
        /// The ledger number of the breach.
        breach: i64,
        /// The number that each had then, and the NIP; empty where the record had none.
        persons: Vec<(i64, String)>,
    },
}

/// What the law wants to be told of a breach (art. 46 par. 2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreachWords {
    /// Which data came out.
    pub data: String,
    /// When and how it came out.
    pub how: String,
    /// What is done about it.
    pub handling: String,
}
