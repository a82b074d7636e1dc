//! What becomes of a proposal: it is approved and done, refused, or taken back.

use satu_store::accounts::{Account, AccountError, Role};
use satu_store::clients::{Client, Rights};
use satu_store::entry::{Act, Answered, FourEyes, Settled};
use satu_store::proposals::Proposed;
use satu_store::{Entry, Store, Writer};

use super::{Effect, enough_left, stated};
use crate::review::{self, Decider, ReviewError};

/// Approves a proposal and does it, or finds that what it was about has changed: then it is not done,
/// and [`Settled::Stale`] is on the record and comes back.
pub async fn approve(
    store: &Store,
    by: &Account,
    id: i64,
    reason: &str,
) -> Result<Settled, ReviewError> {
    let reason = stated(reason)?;
    let mut writer = store.begin().await?;
    let open = waiting(store, by, id).await?;
    if concerns(store, by, &open).await? {
        return Err(ReviewError::Own);
    }
    let answer = match done(store, &mut writer, by, &open).await {
        Ok(()) => Settled::Approved,
        Err(
            ReviewError::NotThere(_)
            | ReviewError::TooFew
            | ReviewError::ToldApart
            | ReviewError::Moved
            | ReviewError::Account(AccountError::Taken(_) | AccountError::Unknown(_)),
        ) => {
            // What it may have begun goes; that it was not done is an entry of its own.
            drop(writer);
            writer = store.begin().await?;
            waiting(store, by, id).await?;
            Settled::Stale
        }
        Err(error) => return Err(error),
    };
    settle(writer, id, answer, &by.login, reason).await?;
    Ok(answer)
}

/// Whether somebody proposed this, could have by a program whose secret they were shown, is given
/// something by it, or is one of the persons whom it touches: they do not approve it.
pub async fn concerns(store: &Store, by: &Account, one: &Proposed) -> Result<bool, ReviewError> {
    let accounts = store.accounts();
    Ok(accounts.same_person(&one.proposal.by, &by.login).await?
        || accounts.saw_secret(&one.proposal.by, &by.login).await?
        || touches(store, by, one).await?)
}

/// Whether somebody is given or loses something by this, or is one of the persons whom it touches: they do
/// not refuse it either.
pub async fn touches(store: &Store, by: &Account, one: &Proposed) -> Result<bool, ReviewError> {
    let accounts = store.accounts();
    let (given, nip) = match &one.proposal.act {
        Act::Grant { login, nip, .. } => (login.as_str(), nip.as_str()),
        Act::Link { login, .. } => (login.as_str(), ""),
        Act::Program { owner, .. } => (owner.as_str(), ""),
        _ => ("", ""),
    };
    Ok(accounts.same_person(given, &by.login).await?
        || accounts.is_of(&by.login, nip).await?
        || store.is_among(&by.login, &one.proposal.persons).await?)
}

/// Refuses a proposal; nobody refuses their own, they take it back, nor one that touches them.
pub async fn refuse(
    store: &Store,
    by: &Account,
    id: i64,
    reason: &str,
) -> Result<Settled, ReviewError> {
    ended(store, by, id, reason, Settled::Refused).await
}

/// Takes one's own proposal back.
pub async fn withdraw(
    store: &Store,
    by: &Account,
    id: i64,
    reason: &str,
) -> Result<Settled, ReviewError> {
    ended(store, by, id, reason, Settled::Withdrawn).await
}

/// Ends a proposal that is not done: one's own is withdrawn, another's refused.
async fn ended(
    store: &Store,
    by: &Account,
    id: i64,
    reason: &str,
    answer: Settled,
) -> Result<Settled, ReviewError> {
    let reason = stated(reason)?;
    let writer = store.begin().await?;
    let open = waiting(store, by, id).await?;
    let accounts = store.accounts();
    let own = accounts.same_person(&open.proposal.by, &by.login).await?;
    if answer == Settled::Refused && (own || touches(store, by, &open).await?) {
        return Err(ReviewError::Own);
    }
    if answer == Settled::Withdrawn && !own {
        return Err(ReviewError::NotOwn);
    }
    settle(writer, id, answer, &by.login, reason).await
}

/// A proposal that waits, read under the write lock: of two who answer at once, the second is told.
async fn waiting(store: &Store, by: &Account, id: i64) -> Result<Proposed, ReviewError> {
    let found = store.proposal(&by.role, id).await?;
    found
        .filter(|one| one.answered.is_none())
        .ok_or(ReviewError::NotThere(id))
}

async fn settle(
    mut writer: Writer,
    proposal: i64,
    answer: Settled,
    by: &str,
    reason: String,
) -> Result<Settled, ReviewError> {
    let answered = Answered {
        proposal,
        answer,
        by: by.to_owned(),
        reason,
    };
    writer.append(&Entry::Answered(answered)).await?;
    writer.commit().await?;
    Ok(answer)
}

/// The account of a login. Where it has gone beyond whoever approves, it is not theirs to decide on.
async fn governed(store: &Store, by: &Account, login: &str) -> Result<Account, ReviewError> {
    let account = store.accounts().named(login).await?;
    if !store.accounts().governs(&by.role, &account.role).await? {
        return Err(ReviewError::Moved);
    }
    Ok(account)
}

/// Does what was proposed, within the reach of whoever approves it and in the name of whoever proposed
/// it, if it still touches what it was to touch.
async fn done(
    store: &Store,
    writer: &mut Writer,
    by: &Account,
    Proposed { id, proposal, .. }: &Proposed,
) -> Result<(), ReviewError> {
    let scope = by.role.scope();
    let decider = Decider {
        scope: &scope,
        by: &proposal.by,
        reason: &proposal.reason,
    };
    let same = |effect: &Effect| {
        let as_told = effect.persons == proposal.persons && effect.records == proposal.records;
        as_told.then_some(()).ok_or(ReviewError::Moved)
    };
    match &proposal.act {
        Act::Merge { doubt, chosen } => {
            let merge = review::Merge::of(store, writer, &scope, *doubt, chosen).await?;
            same(&merge.effect())?;
            review::settled(writer, &decider, &merge, review::Answer::Same).await?;
        }
        Act::Undo { ruling } => {
            let (decided, effect) = review::undoing(store, writer, &scope, *ruling).await?;
            same(&effect)?;
            review::undone(store, writer, &decider, &decided).await?;
        }
        Act::Value {
            person,
            field,
            value,
        } => {
            // It was proposed of the record as it stood.
            if writer.changed_since(*person, *id).await? {
                return Err(ReviewError::Moved);
            }
            review::valued(store, writer, &decider, *person, field, value).await?;
        }
        Act::Grant {
            login,
            name,
            role,
            places,
            nip,
        } => {
            let given = Role::of(role, places.clone(), nip.clone()).ok_or(ReviewError::Moved)?;
            if name.is_empty() {
                let account = governed(store, by, login).await?;
                if given != Role::Walidata {
                    enough_left(store, &account).await?;
                }
                writer.set_role(login, &given).await?;
            } else {
                writer.add_account(login, name, given.clone()).await?;
            }
            if !nip.is_empty() {
                writer.set_nip(login, nip).await?;
            }
        }
        Act::Program {
            key,
            name,
            rights,
            purpose,
            owner,
            ..
        } => {
            let client = Client {
                id: 0,
                key: key.clone(),
                name: name.clone(),
                role: proposal.act.role().unwrap_or(Role::Walidata),
                rights: Rights::parse(rights).map_err(|_| ReviewError::Moved)?,
                purpose: purpose.clone(),
            };
            writer.add_program(client, owner, &proposal.by).await?;
        }
        Act::Secret { key, .. } => {
            // Who proposed it takes it then; it is for the program as it was proposed.
            let client = store.clients().named(key).await?;
            if proposal.act.role() != Some(client.role) {
                return Err(ReviewError::Moved);
            }
        }
        Act::Link { login, .. } => {
            let account = governed(store, by, login).await?;
            if proposal.act.role() != Some(account.role) {
                return Err(ReviewError::Moved);
            }
        }
        Act::FourEyes { on, records } => {
            let set = FourEyes {
                on: *on,
                records: *records,
                by: proposal.by.clone(),
            };
            writer.append(&Entry::FourEyes(set)).await?;
        }
    }
    Ok(())
}
