//! Decisions that need a second person: what is proposed, and what becomes of it.
//!
//! A decision that the setting asks a second person for is not taken but proposed, with what it would
//! touch. Another person who reaches all of it approves it; then it is done in the same transaction,
//! under the ledger's write lock, so that two who approve at once do it once. Where what it was about
//! has changed meanwhile, it is not done, and the proposal says so.

mod answering;

use satu_store::accounts::{Account, AccountError, Role, kept_nip};
use satu_store::clients::Client;
use satu_store::entry::{Act, FourEyes, Proposal};
use satu_store::place::Places;
use satu_store::proposals::STATUS;
use satu_store::{Entry, Store, Writer};

use crate::review::ReviewError;

pub use answering::{approve, concerns, refuse, touches, withdraw};

/// Who acts on the command line, where no account does.
pub const OPERATOR: &str = "operator:";

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is done: its ledger number.
    Done(i64),
    /// It waits for a second person: the number of the proposal.
    Proposed(i64),
}

impl Taken {
    /// The ledger number, of the decision or of the proposal.
    pub fn number(self) -> i64 {
        match self {
            Taken::Done(number) | Taken::Proposed(number) => number,
        }
    }
}

/// Whom a decision touches, and how much.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Effect {
    /// Persons, ascending.
    pub persons: Vec<i64>,
    /// Records that change.
    pub records: u64,
}

/// Whether so many records are more than one person may move.
pub(crate) fn mass(set: &FourEyes, effect: &Effect) -> bool {
    set.on && effect.records > set.records
}

/// Whether a field says what becomes of somebody.
pub(crate) fn status(set: &FourEyes, field: &str) -> bool {
    set.on && STATUS.contains(&field)
}

/// Writes a proposal and ends the transaction; where the same waits already, its number.
pub(crate) async fn propose(
    store: &Store,
    mut writer: Writer,
    act: Act,
    by: &str,
    reason: String,
    effect: Effect,
) -> Result<Taken, ReviewError> {
    if let Some(number) = store.proposed_already(&act).await? {
        return Ok(Taken::Proposed(number));
    }
    let proposal = Proposal {
        act,
        by: by.to_owned(),
        reason,
        persons: effect.persons,
        records: effect.records,
    };
    let number = writer.append(&Entry::Proposed(proposal)).await?;
    writer.commit().await?;
    Ok(Taken::Proposed(number))
}

/// A role that is to be given.
#[derive(Debug, Clone)]
pub struct Grant<'a> {
    /// The account's login.
    pub login: &'a str,
    /// The name to greet by, of an account that is to be made; empty for one that is there.
    pub name: &'a str,
    /// The role.
    pub role: &'a Role,
    /// The NIP of who holds an account that is no civil servant's own; empty where nobody says.
    pub nip: &'a str,
}

/// Proposes a role for an account where that needs a second person: every role but a civil servant's
/// own, and that one too where it takes another from the account, for whoever takes the second
/// person's role away decides alone from then on. Who proposes must be let to by whoever calls. None where it needs no one.
pub async fn propose_grant(
    store: &Store,
    grant: &Grant<'_>,
    by: &str,
    reason: &str,
) -> Result<Option<Taken>, ReviewError> {
    let mut nip = grant.nip;
    if let Role::Asn { nip: own } = grant.role {
        match store.accounts().named(grant.login).await {
            Ok(account) if !matches!(account.role, Role::Asn { .. }) => nip = own,
            Ok(_) | Err(AccountError::Unknown(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
    let nip = match nip {
        "" => String::new(),
        nip => kept_nip(nip)?,
    };
    let act = Act::Grant {
        login: grant.login.trim().to_lowercase(),
        name: grant.name.trim().to_owned(),
        role: grant.role.name().to_owned(),
        places: grant.role.places().map(Places::lines).unwrap_or_default(),
        nip,
    };
    needing(store, act, by, reason).await
}

/// Proposes a program where that needs a second person: one that may see the whole country, and every
/// one that an account makes, for its secret lets read what a role would. `owner` is the login of who
/// answers for it, empty where nobody does.
pub async fn propose_program(
    store: &Store,
    client: &Client,
    owner: &str,
    by: &str,
    reason: &str,
) -> Result<Option<Taken>, ReviewError> {
    client.checked()?;
    if client.role != Role::Walidata && by == OPERATOR {
        return Ok(None);
    }
    let act = Act::Program {
        key: client.key.clone(),
        name: client.name.clone(),
        rights: client.rights.to_string(),
        purpose: client.purpose.clone(),
        owner: match owner {
            "" => String::new(),
            owner => store.accounts().named(owner).await?.login,
        },
        places: client.role.places().map(Places::lines).unwrap_or_default(),
    };
    needing(store, act, by, reason).await
}

/// Proposes a link by which the owner of an account chooses a new password, where that needs a second
/// person: whoever holds the link alone could answer as the owner. So it comes in two parts, one for
/// who proposes it, of which `half` is the SHA-256, and one for who approves it. None where it needs
/// no one: while four eyes are off, and for a civil servant's own account, which answers nothing.
pub async fn propose_link(
    store: &Store,
    account: &Account,
    half: &str,
    by: &str,
    reason: &str,
) -> Result<Option<Taken>, ReviewError> {
    if matches!(account.role, Role::Asn { .. }) {
        return Ok(None);
    }
    let act = Act::Link {
        login: account.login.clone(),
        role: account.role.name().to_owned(),
        places: account.role.places().map(Places::lines).unwrap_or_default(),
        half: half.to_owned(),
    };
    needing(store, act, by, reason).await
}

/// Closes an account. While four eyes are on, two persons who may approve for the whole country must
/// be left, else nothing would ever be approved again: a central account is closed under the ledger's
/// write lock, so that of two that are closed at once the second is counted without the first. Any other
/// is shut out at once, whatever is being written.
pub async fn close(store: &Store, login: &str) -> Result<(), ReviewError> {
    let account = store.accounts().named(login).await?;
    if account.role != Role::Walidata {
        return Ok(store.accounts().close(&account.login).await?);
    }
    let mut writer = store.begin().await?;
    enough_left(store, &account).await?;
    writer.close_account(&account.login).await?;
    writer.commit().await?;
    Ok(())
}

/// Whether two persons who may approve are left without this account, if four eyes are on.
async fn enough_left(store: &Store, without: &Account) -> Result<(), ReviewError> {
    let central = without.role == Role::Walidata;
    if central && store.four_eyes().await?.on && store.accounts().centres(&without.login).await? < 2
    {
        return Err(ReviewError::Alone);
    }
    Ok(())
}

async fn needing(
    store: &Store,
    act: Act,
    by: &str,
    reason: &str,
) -> Result<Option<Taken>, ReviewError> {
    let writer = store.begin().await?;
    if !store.four_eyes().await?.on {
        return Ok(None);
    }
    let reason = stated(reason)?;
    let taken = propose(store, writer, act, by, reason, Effect::default());
    Ok(Some(taken.await?))
}

/// Sets which decisions need a second person. Once any does, so does the setting itself.
pub async fn set(store: &Store, set: FourEyes, reason: &str) -> Result<Taken, ReviewError> {
    let mut writer = store.begin().await?;
    if store.four_eyes().await?.on {
        let (on, records) = (set.on, set.records);
        let act = Act::FourEyes { on, records };
        let reason = stated(reason)?;
        return propose(store, writer, act, &set.by, reason, Effect::default()).await;
    }
    // Where one alone could approve, nothing would ever be approved again.
    if set.on && store.accounts().centres("").await? < 2 {
        return Err(ReviewError::Alone);
    }
    let number = writer.append(&Entry::FourEyes(set)).await?;
    writer.commit().await?;
    Ok(Taken::Done(number))
}

pub(crate) fn stated(reason: &str) -> Result<String, ReviewError> {
    match reason.trim() {
        "" => Err(ReviewError::NoReason),
        reason => Ok(reason.to_owned()),
    }
}
