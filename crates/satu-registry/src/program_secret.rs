//! A program's new secret. Whoever holds it can act as the program: while a second person is needed, it is
//! proposed, and who proposed it takes it, once, after another approved. Neither acts as the program
//! alone: who approves is shown nothing, who proposes gets nothing before.

use jiff::Timestamp;
use satu_store::accounts::INVITED;
use satu_store::clients::Client;
use satu_store::entry::{Act, Done, Settled};
use satu_store::place::Places;
use satu_store::{Store, StoreError};

use crate::four_eyes::{Effect, Taken, propose, stated};
use crate::review::ReviewError;

/// Gives a program a secret, or proposes it where that needs a second person and none has approved it. The
/// one before it stays good until the next; a closed program opens by it.
pub async fn give_secret(
    store: &Store,
    client: &Client,
    secret: &str,
    by: &str,
    reason: &str,
) -> Result<Taken, ReviewError> {
    let mut writer = store.begin().await?;
    let now = Timestamp::now();
    let mut proposal = None;
    if store.four_eyes().await?.on {
        proposal = secret_approved(store, client, by, now).await?;
        if proposal.is_none() {
            let act = Act::Secret {
                key: client.key.clone(),
                name: client.name.clone(),
                places: client.role.places().map(Places::lines).unwrap_or_default(),
            };
            let reason = stated(reason)?;
            return propose(store, writer, act, by, reason, Effect::default()).await;
        }
    }
    let number = writer.turn_program(client, secret, proposal, by, now);
    let number = number.await?;
    writer.commit().await?;
    Ok(Taken::Done(number))
}

/// The proposal by which somebody may give a program a secret now: theirs, of the program or of a secret,
/// approved lately, not used yet, and not of before the program was closed.
pub async fn secret_approved(
    store: &Store,
    client: &Client,
    by: &str,
    now: Timestamp,
) -> Result<Option<i64>, StoreError> {
    let history = store.program_history(&client.key).await?;
    let used = |id: i64| {
        history.iter().any(|one| {
            matches!(one.act.done, Done::ProgramTurned { proposal: Some(used), .. } if used == id)
        })
    };
    let closed = history
        .iter()
        .rfind(|one| matches!(one.act.done, Done::ProgramClosed { .. }));
    for one in store.secrets_proposed(&client.key).await? {
        let Some((at, answered)) = &one.answered else {
            continue;
        };
        let good = answered.answer == Settled::Approved
            && now < *at + INVITED
            && closed.is_none_or(|closed| closed.at < *at);
        if good && !used(one.id) && store.accounts().same_person(&one.proposal.by, by).await? {
            return Ok(Some(one.id));
        }
    }
    Ok(None)
}
