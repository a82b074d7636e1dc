//! Whose account somebody of the provider comes into, and why not.

use axum::http::StatusCode;
use jiff::Timestamp;
use satu_store::accounts::{Account, AccountError, Identity, Role};

use crate::Lang;
use crate::app::App;
use crate::oidc::Provider;
use crate::oidc::claims::{role, text};
use crate::oidc::provider::Told;
use crate::page::Failure;

/// Why somebody whom the provider knows does not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// They took too long, or it was another browser.
    Late,
    /// They, or the provider, said no.
    Cancelled,
    /// What the provider said does not hold.
    Invalid,
    /// Nobody here is linked with them.
    Unlinked,
    /// No line of the mapping fits them.
    Roleless,
    /// Their account is closed.
    Closed,
    /// Their login is another's here, or none.
    Login,
    /// The account is of another role than the provider says.
    OtherRole,
    /// They, or the account, are linked with somebody else.
    Taken,
}

impl Refused {
    pub fn status(self) -> StatusCode {
        match self {
            Refused::Late | Refused::Cancelled | Refused::Invalid => StatusCode::BAD_REQUEST,
            _ => StatusCode::FORBIDDEN,
        }
    }

    pub fn says(self, t: Lang, name: &str) -> String {
        match self {
            Refused::Late => t.sso_late().to_owned(),
            Refused::Cancelled => t.sso_cancelled(name),
            Refused::Invalid => t.sso_invalid(name),
            Refused::Unlinked => t.sso_unlinked(name),
            Refused::Roleless => t.sso_roleless(name),
            Refused::Closed => t.sso_closed().to_owned(),
            Refused::Login => t.sso_login(name),
            Refused::OtherRole => t.sso_other_role(name),
            Refused::Taken => t.sso_taken(name),
        }
    }
}

/// The account of somebody whom the provider signs in, with the role that it has now.
pub async fn account(
    app: &App,
    provider: &Provider,
    told: &Told,
) -> Result<Result<Account, Refused>, Failure> {
    let (accounts, settings) = (app.accounts(), provider.settings());
    let issuer = provider.issuer();
    let found = accounts.of_identity(issuer, &told.subject).await?;
    let account = match found {
        Some(Identity { open: false, .. }) => return Ok(Err(Refused::Closed)),
        Some(Identity { account, .. }) => account,
        None => match first(app, provider, told).await? {
            Ok(account) => account,
            Err(why) => return Ok(Err(why)),
        },
    };
    if settings.roles.is_empty() {
        return Ok(Ok(account));
    }
    let Some(role) = role(&settings.roles, &told.claims) else {
        return Ok(Err(Refused::Roleless));
    };
    if role == account.role {
        return Ok(Ok(account));
    }
    // Where roles need a second person, a claim is none; it takes nothing away unseen either.
    if app.four_eyes().await? {
        return Ok(Err(Refused::OtherRole));
    }
    // Places of the provider may be none that the register keeps.
    let given = match accounts.set_role(&account.login, &role).await {
        Ok(given) => given,
        Err(AccountError::Store(error)) => return Err(error.into()),
        Err(error) => {
            tracing::warn!(target: "security", login = account.login, %error, "a role of the provider is none");
            return Ok(Err(Refused::Roleless));
        }
    };
    tracing::info!(target: "security",
        login = account.login,
        before = told_of(&account.role),
        after = told_of(&role),
        "the provider changed a role"
    );
    Ok(Ok(given))
}

/// The account of somebody who comes for the first time: one of the same login, or a new one, as
/// the settings allow.
async fn first(
    app: &App,
    provider: &Provider,
    told: &Told,
) -> Result<Result<Account, Refused>, Failure> {
    let rule = &provider.settings().accounts;
    if !rule.make && !rule.link_by_login {
        return Ok(Err(Refused::Unlinked));
    }
    let Some(login) = text(&told.claims, &rule.login) else {
        return Ok(Err(Refused::Login));
    };
    if rule.link_by_login {
        match app.accounts().find(login).await? {
            Some((account, _)) => {
                let linked = linked(app, provider, &account, told).await?;
                return Ok(linked.map(|()| account));
            }
            None if !rule.make => return Ok(Err(Refused::Unlinked)),
            None => {}
        }
    }
    let Some(role) = role(&provider.settings().roles, &told.claims) else {
        return Ok(Err(Refused::Roleless));
    };
    // Such a role is given by two persons, and then linked.
    if !matches!(role, Role::Asn { .. }) && app.four_eyes().await? {
        return Ok(Err(Refused::Unlinked));
    }
    let name = text(&told.claims, &rule.name).unwrap_or(login);
    let who = (provider.issuer(), told.subject.as_str());
    let made = app
        .accounts()
        .add_with_identity(login, name, role, who, Timestamp::now());
    match made.await {
        Ok(account) => {
            tracing::info!(target: "security",
                login = account.login,
                role = told_of(&account.role),
                "an account was made at its first sign-in through the provider"
            );
            Ok(Ok(account))
        }
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(AccountError::Linked) => Ok(Err(Refused::Late)),
        Err(AccountError::Nip(_) | AccountError::Instansi) => Ok(Err(Refused::Roleless)),
        Err(_) => Ok(Err(Refused::Login)),
    }
}

/// Links an account with somebody of the provider. An account of another role than the provider
/// says is not: what it may see would change with a sign-in that was to be a convenience.
pub async fn linked(
    app: &App,
    provider: &Provider,
    account: &Account,
    told: &Told,
) -> Result<Result<(), Refused>, Failure> {
    let rules = &provider.settings().roles;
    if !rules.is_empty() {
        match role(rules, &told.claims) {
            None => return Ok(Err(Refused::Roleless)),
            Some(role) if role != account.role => return Ok(Err(Refused::OtherRole)),
            Some(_) => {}
        }
    }
    let linked = app.accounts().link_identity(
        account.id,
        provider.issuer(),
        &told.subject,
        Timestamp::now(),
    );
    if !linked.await? {
        return Ok(Err(Refused::Taken));
    }
    tracing::info!(target: "security", login = account.login, "linked with the provider");
    Ok(Ok(()))
}

/// A role for the log, which holds no NIP.
fn told_of(role: &Role) -> String {
    match role {
        Role::Officer { places } | Role::Administrator { places } => {
            format!("{} {:?}", role.name(), places.to_string())
        }
        _ => role.name().to_owned(),
    }
}
