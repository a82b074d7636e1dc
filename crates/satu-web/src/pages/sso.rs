//! `/masuk/sso`, `/akun/sso` and `/keluar/sso`: signing in through a provider, the link of an account
//! with it, and signing out of it too.

use std::time::Instant;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use satu_store::accounts::{Account, AccountError, Identity, Means};
use serde::Deserialize;

use super::password::still_theirs;
use super::sign_in::{Back, entered, machine, with_token};
use crate::Lang;
use crate::app::App;
use crate::asker::Asker;
use crate::form::{Posted, from_here};
use crate::oidc::Provider;
use crate::oidc::claims::{Claims, role, text};
use crate::oidc::pending::For;
use crate::oidc::provider::{ProviderError, Told};
use crate::page::{self, Answer, Failure, Page, Viewer, encoded, safe};
use crate::slow::Key;
use crate::token::Token;

/// Longest path to come back to that is kept meanwhile.
const LONGEST: usize = 2_000;
/// Most characters of what somebody else wrote that go to the log.
const LOGGED: usize = 100;

#[derive(Template)]
#[template(path = "sso_failed.html")]
struct Failed<'a> {
    page: &'a Page,
    title: &'a str,
    more: String,
    /// Where to go on, and what that is called.
    next: (&'a str, &'a str),
}

#[derive(Template)]
#[template(path = "sso_link.html")]
struct Link<'a> {
    page: &'a Viewer,
    name: &'a str,
    /// Since when the account is linked.
    since: Option<String>,
    /// Whether it has a password, without which a link cannot be ended.
    password: bool,
    done: Option<&'a str>,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "sso_go.html")]
struct Go<'a> {
    page: &'a Viewer,
    name: &'a str,
    to: &'a str,
}

#[derive(Template)]
#[template(path = "sso_left.html")]
struct Left<'a> {
    page: &'a Page,
    name: &'a str,
    to: &'a str,
}

/// Why somebody whom the provider knows does not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
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
    fn status(self) -> StatusCode {
        match self {
            Refused::Late | Refused::Cancelled | Refused::Invalid => StatusCode::BAD_REQUEST,
            _ => StatusCode::FORBIDDEN,
        }
    }

    fn says(self, t: Lang, name: &str) -> String {
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

/// What a provider sends a browser back with (RFC 6749, sections 4.1.2; RFC 9207).
#[derive(Deserialize)]
pub struct Came {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    sandi: String,
}

#[derive(Deserialize)]
pub struct Happened {
    tertaut: Option<String>,
    lepas: Option<String>,
}

fn provider(app: &App) -> Result<&Provider, Failure> {
    app.provider().ok_or(Failure::NotFound)
}

/// What stands before the path of any page, for the browser that asks.
fn base(app: &App, headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    app.settings().base(host.unwrap_or_default())
}

fn failed(mut page: Page, status: StatusCode, title: &str, more: String, linking: bool) -> Answer {
    // The address holds what the provider gave: it is no page to come back to.
    let next = if linking {
        ("/akun/sso", page.t.my_account())
    } else {
        ("/masuk", page.t.sign_in())
    };
    next.0.clone_into(&mut page.here);
    let shown = Failed {
        page: &page,
        title,
        more,
        next,
    };
    Ok((status, page::show(&shown)?).into_response())
}

fn away(page: Page, name: &str, linking: bool) -> Answer {
    let (title, more) = (page.t.sso_away(name), page.t.sso_away_more(name));
    failed(page, StatusCode::SERVICE_UNAVAILABLE, &title, more, linking)
}

fn refused(page: Page, why: Refused, name: &str, linking: bool) -> Answer {
    let t = page.t;
    failed(
        page,
        why.status(),
        t.sso_refused(),
        why.says(t, name),
        linking,
    )
}

/// Failures at an address count as those of passwords do.
fn keys(asker: &Asker) -> [Key; 1] {
    [Key::Address(asker.place())]
}

/// Sends the browser to the provider.
pub async fn begin(
    State(app): State<App>,
    page: Page,
    asker: Asker,
    Query(back): Query<Back>,
    headers: HeaderMap,
) -> Answer {
    let provider = provider(&app)?;
    let back = safe(&back.kembali);
    if page.account.is_some() {
        return Ok(Redirect::to(back).into_response());
    }
    // Another site may lead to the page with the button, but presses it for nobody.
    let typed = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "none");
    if !typed && !from_here(&headers) {
        let to = format!("/masuk?kembali={}", encoded(back));
        return Ok(Redirect::to(&to).into_response());
    }
    let left = app.slow().left(&keys(&asker), Instant::now());
    if !left.is_zero() {
        let t = page.t;
        let (title, more) = (t.too_many(), t.sign_in_wait(left.as_secs() + 1));
        return failed(page, StatusCode::TOO_MANY_REQUESTS, title, more, false);
    }
    let new = page.token().is_none();
    let token = match page.token() {
        Some(token) => token.clone(),
        None => Token::new().map_err(machine)?,
    };
    match sent(&app, &headers, &token, For::SigningIn, back).await? {
        None => away(page, &provider.settings().name, false),
        Some(to) => {
            let response = Redirect::to(&to).into_response();
            if new {
                with_token(&app, &token, response)
            } else {
                Ok(response)
            }
        }
    }
}

/// Where to send a browser to the provider; none where that does not answer.
async fn sent(
    app: &App,
    headers: &HeaderMap,
    token: &Token,
    purpose: For,
    back: &str,
) -> Result<Option<String>, Failure> {
    let provider = provider(app)?;
    let redirect = format!("{}/masuk/sso/kembali", base(app, headers));
    let back = if back.len() > LONGEST { "/" } else { back };
    match provider.begin(purpose, redirect, back.to_owned()).await {
        Ok((to, state, begun)) => {
            provider
                .pending()
                .begin(&state, token, begun, Instant::now());
            Ok(Some(to))
        }
        Err(ProviderError::Away(_)) => Ok(None),
        Err(error) => Err(machine(error)),
    }
}

/// The browser comes back from the provider.
pub async fn come_back(
    State(app): State<App>,
    page: Page,
    asker: Asker,
    Query(came): Query<Came>,
) -> Answer {
    let provider = provider(&app)?;
    let name = &provider.settings().name;
    let begun = came
        .state
        .as_deref()
        .and_then(|state| provider.pending().take(state, page.token(), Instant::now()));
    let Some(begun) = begun else {
        // Nobody guesses a state, and any page could send its readers' browsers here: to count this
        // would let it keep them out.
        log(&asker, "the state is nobody's, or another browser's");
        return refused(page, Refused::Late, name, false);
    };
    let linking = match begun.purpose {
        For::SigningIn => None,
        For::Linking(account) => Some(account),
    };
    if linking.is_some() && linking != page.account.as_ref().map(|account| account.id) {
        return refused(page, Refused::Late, name, true);
    }
    match provider.answers(came.iss.as_deref()).await {
        Ok(true) => {}
        Ok(false) => {
            log(&asker, "the answer is of another issuer");
            return refused(page, Refused::Invalid, name, linking.is_some());
        }
        Err(_) => return away(page, name, linking.is_some()),
    }
    let code = match (came.code, came.error) {
        (Some(code), None) => code,
        (_, error) => {
            let error: String = error.unwrap_or_default().chars().take(LOGGED).collect();
            log(&asker, &format!("the provider answered {error:?}"));
            let gone = ["server_error", "temporarily_unavailable"];
            if gone.contains(&error.as_str()) {
                return away(page, name, linking.is_some());
            }
            return refused(page, Refused::Cancelled, name, linking.is_some());
        }
    };
    let back = begun.back.clone();
    let told = match provider.told(code, begun).await {
        Ok(told) => told,
        Err(error) => {
            log(&asker, &error.to_string());
            if let ProviderError::Away(_) = error {
                return away(page, name, linking.is_some());
            }
            app.slow().failed(&keys(&asker), Instant::now());
            return refused(page, Refused::Invalid, name, linking.is_some());
        }
    };
    if let Some(account) = linking {
        let account = app.accounts().of(account).await?.ok_or(Failure::NotFound)?;
        return match linked(&app, provider, &account, &told).await? {
            Ok(()) => Ok(Redirect::to("/akun/sso?tertaut").into_response()),
            Err(why) => refused(page, why, name, true),
        };
    }
    match account(&app, provider, &told).await? {
        Ok(account) => {
            let means = if told.twice {
                Means::ProviderTwice
            } else {
                Means::Provider
            };
            entered(&app, &page, &asker, &account, means, &back).await
        }
        Err(why) => {
            let address = asker.address_text();
            tracing::info!(target: "security", ?why, address, "refused somebody of the provider");
            refused(page, why, name, false)
        }
    }
}

fn log(asker: &Asker, why: &str) {
    let address = asker.address_text();
    tracing::info!(target: "security", address, why, "refused a sign-in through the provider");
}

/// The account of somebody whom the provider signs in, with the role that it has now.
async fn account(
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
    accounts.set_role(account.id, &role).await?;
    tracing::info!(target: "security",
        login = account.login,
        before = ?account.role,
        after = ?role,
        "the provider changed a role"
    );
    Ok(Ok(Account { role, ..account }))
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
    let name = name(&told.claims, &rule.name, login);
    let who = (provider.issuer(), told.subject.as_str());
    let made = app
        .accounts()
        .add_with_identity(login, name, role, who, Timestamp::now());
    match made.await {
        Ok(account) => {
            tracing::info!(target: "security",
                login = account.login,
                role = ?account.role,
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

fn name<'a>(claims: &'a Claims, claim: &str, login: &'a str) -> &'a str {
    text(claims, claim).unwrap_or(login)
}

/// Links an account with somebody of the provider. An account of another role than the provider
/// says is not: what it may see would change with a sign-in that was to be a convenience.
async fn linked(
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

/// The link of the own account with the provider.
pub async fn link(
    State(app): State<App>,
    viewer: Viewer,
    Query(happened): Query<Happened>,
) -> Answer {
    let done = match (happened.tertaut, happened.lepas) {
        (Some(_), _) => Some(viewer.t.sso_linked()),
        (_, Some(_)) => Some(viewer.t.sso_ended()),
        _ => None,
    };
    link_page(&app, &viewer, done, None).await
}

async fn link_page(
    app: &App,
    viewer: &Viewer,
    done: Option<&str>,
    problem: Option<String>,
) -> Answer {
    let provider = provider(app)?;
    let account = viewer.account().id;
    let since = app.accounts().identity_since(account, provider.issuer());
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let shown = page::show(&Link {
        page: viewer,
        name: &provider.settings().name,
        since: since.await?.map(|since| viewer.t.moment(since)),
        password: app.accounts().has_password(account).await?,
        done,
        problem,
    })?;
    Ok((status, shown).into_response())
}

/// Begins to link the own account, once the password shows that it is its owner who does.
pub async fn link_begin(
    State(app): State<App>,
    viewer: Viewer,
    asker: Asker,
    headers: HeaderMap,
    Posted(asked): Posted<Asked>,
) -> Answer {
    let provider = provider(&app)?;
    if let Err(problem) = still_theirs(&app, &viewer, &asker, asked.sandi).await? {
        return link_page(&app, &viewer, None, Some(problem)).await;
    }
    let token = viewer.token().ok_or(Failure::Forbidden)?;
    let purpose = For::Linking(viewer.account().id);
    let name = &provider.settings().name;
    match sent(&app, &headers, token, purpose, "/akun/sso").await? {
        None => away((*viewer).clone(), name, true),
        // A form may lead nowhere but to this site (`form-action`): a link goes on.
        Some(to) => page::show(&Go {
            page: &viewer,
            name,
            to: &to,
        }),
    }
}

/// Ends the link of the own account.
pub async fn unlink(
    State(app): State<App>,
    viewer: Viewer,
    asker: Asker,
    Posted(asked): Posted<Asked>,
) -> Answer {
    let provider = provider(&app)?;
    let account = viewer.account();
    // Without a password nothing would be left to sign in with.
    if !app.accounts().has_password(account.id).await? {
        return Err(Failure::Forbidden);
    }
    if let Err(problem) = still_theirs(&app, &viewer, &asker, asked.sandi).await? {
        return link_page(&app, &viewer, None, Some(problem)).await;
    }
    let issuer = provider.issuer();
    if app.accounts().unlink_identity(account.id, issuer).await? {
        super::account::others_ended(&app, &viewer).await?;
        tracing::info!(target: "security", login = account.login, "ended the link with the provider");
    }
    Ok(Redirect::to("/akun/sso?lepas").into_response())
}

/// Where a browser goes that has signed out: on to the page that offers to sign out of the provider
/// too, where it was signed in through it.
pub fn after_leaving(app: &App, means: Option<Means>) -> Response {
    let through = matches!(means, Some(Means::Provider | Means::ProviderTwice));
    let to = if through && app.provider().is_some() {
        "/keluar/sso"
    } else {
        "/"
    };
    Redirect::to(to).into_response()
}

/// Offers to sign out of the provider too.
pub async fn left(State(app): State<App>, page: Page, headers: HeaderMap) -> Answer {
    let provider = provider(&app)?;
    let after = format!("{}/", base(&app, &headers));
    match provider.end_session(after).await {
        Some(to) if page.account.is_none() => page::show(&Left {
            page: &page,
            name: &provider.settings().name,
            to: &to,
        }),
        _ => Ok(Redirect::to("/").into_response()),
    }
}
