//! What an account is for, and whom it may see by that.

use satu_domain::Nip;

use super::AccountError;
use crate::Scope;
use crate::place::{MOST_PLACES, Places};

/// What an account is for, and thereby whom it may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The central officer: everyone.
    Walidata,
    /// Who administers the accounts of some places: those alone, no record.
    Administrator {
        /// Where.
        places: Places,
    },
    /// The data officer of some places: their people.
    Officer {
        /// Where.
        places: Places,
    },
    /// A civil servant: their own record.
    Asn {
        /// Their NIP.
        nip: String,
    },
}

impl Role {
    /// `walidata`, `admin`, `officer` or `asn`.
    pub fn name(&self) -> &'static str {
        match self {
            Role::Walidata => "walidata",
            Role::Administrator { .. } => "admin",
            Role::Officer { .. } => "officer",
            Role::Asn { .. } => "asn",
        }
    }

    /// The part of the register that somebody with this role may see: the one place where a role
    /// becomes a reach.
    pub fn scope(&self) -> Scope {
        match self {
            Role::Walidata => Scope::whole(),
            Role::Administrator { .. } => Scope::nothing(),
            Role::Officer { places } => Scope::places(places),
            Role::Asn { nip } => Scope::own(nip),
        }
    }

    /// The part of the register about which it is given its role: whose accounts may be looked after by
    /// whom is told by this.
    pub fn ground(&self) -> Scope {
        match self {
            Role::Administrator { places } => Scope::places(places),
            role => role.scope(),
        }
    }

    /// How high it stands: nobody makes or changes an account of a higher role than their own.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Role::Walidata => 3,
            Role::Administrator { .. } => 2,
            Role::Officer { .. } => 1,
            Role::Asn { .. } => 0,
        }
    }

    /// Its places; none of a role that has none.
    pub fn places(&self) -> Option<&Places> {
        match self {
            Role::Administrator { places } | Role::Officer { places } => Some(places),
            Role::Walidata | Role::Asn { .. } => None,
        }
    }

    /// Whether it says where, or who.
    pub(super) fn checked(&self) -> Result<(), AccountError> {
        match self {
            Role::Asn { nip } if Nip::parse(nip).is_err() => Err(AccountError::Nip(nip.clone())),
            role => match role.places().map(Places::len) {
                Some(0) => Err(AccountError::Instansi),
                Some(count) if count > MOST_PLACES => Err(AccountError::Places(count)),
                _ => Ok(()),
            },
        }
    }

    pub(crate) fn columns(&self) -> [String; 3] {
        let nip = match self {
            Role::Asn { nip } => nip.clone(),
            _ => String::new(),
        };
        let places = self.places().map(Places::lines).unwrap_or_default();
        [self.name().to_owned(), places, nip]
    }

    /// The role of this name, for these places (one a line) or this civil servant.
    pub fn of(role: &str, places: String, nip: String) -> Option<Role> {
        let places = Places::from(places);
        match role {
            "walidata" => Some(Role::Walidata),
            "admin" => Some(Role::Administrator { places }),
            "officer" => Some(Role::Officer { places }),
            "asn" => Some(Role::Asn { nip }),
            _ => None,
        }
    }
}
