//! What a program may do: OAuth scopes.

use std::collections::BTreeSet;

use sqlx::Row;
use sqlx::any::AnyRow;

/// What a program may do: an OAuth scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Read persons, with what is sensitive masked.
    PeopleRead,
    /// See what is sensitive; each such look is put on the record.
    PeopleSensitive,
    /// Send statements.
    StatementsWrite,
    /// Answer doubts.
    ReviewWrite,
    /// Follow the changes.
    ChangesRead,
}

impl Right {
    /// All.
    pub const ALL: [Right; 5] = [
        Right::PeopleRead,
        Right::PeopleSensitive,
        Right::StatementsWrite,
        Right::ReviewWrite,
        Right::ChangesRead,
    ];

    /// Its name as an OAuth scope.
    pub fn name(self) -> &'static str {
        match self {
            Right::PeopleRead => "people.read",
            Right::PeopleSensitive => "people.sensitive",
            Right::StatementsWrite => "statements.write",
            Right::ReviewWrite => "review.write",
            Right::ChangesRead => "changes.read",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Right> {
        Right::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// What a program may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights(BTreeSet<Right>);

impl Rights {
    /// Those named, with blanks between; the name of one that there is not.
    pub fn parse(names: &str) -> Result<Rights, String> {
        let one = |name: &str| Right::parse(name).ok_or_else(|| name.to_owned());
        Ok(Rights(
            names
                .split_whitespace()
                .map(one)
                .collect::<Result<_, _>>()?,
        ))
    }

    /// Whether this is among them.
    pub fn has(&self, right: Right) -> bool {
        self.0.contains(&right)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that are among others, too.
    #[must_use]
    pub fn within(&self, others: &Rights) -> Rights {
        Rights(self.0.intersection(&others.0).copied().collect())
    }
}

impl std::fmt::Display for Rights {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, right) in self.0.iter().enumerate() {
            write!(to, "{}{}", if at > 0 { " " } else { "" }, right.name())?;
        }
        Ok(())
    }
}

/// Rights as they are kept; one that this version does not know is none.
pub(super) fn kept_rights(row: &AnyRow, at: usize) -> Result<Rights, sqlx::Error> {
    let names: String = row.try_get(at)?;
    Ok(Rights(names.split(' ').filter_map(Right::parse).collect()))
}
