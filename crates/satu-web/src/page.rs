//! Who asks, in which language, and how a failure looks.

use std::ops::Deref;

use askama::Template;
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::Timestamp;
use satu_registry::review::Decider;
use satu_store::Scope;
use satu_store::accounts::{Account, Means, Role};

use crate::app::{App, Asks};
pub use crate::failure::Failure;
use crate::rate::Who;
use crate::refusal::Attempt;
use crate::token::Token;
use crate::{Lang, cookie, pages};

/// What the layout of every page needs to know of a request.
#[derive(Clone)]
pub struct Page {
    /// The language, and all its words.
    pub t: Lang,
    /// Path and query, to come back to.
    pub here: String,
    /// Who is signed in.
    pub account: Option<Account>,
    token: Option<Token>,
}

impl Page {
    /// The page that [`met`] made for a request.
    pub fn of(extensions: &Extensions) -> Result<Page, Failure> {
        let page = extensions.get::<Page>().cloned();
        page.ok_or_else(|| Failure::Fault("a page outside the layer that makes pages".to_owned()))
    }

    /// What each form holds in its hidden field `tanda`.
    pub fn mark(&self) -> String {
        self.token
            .as_ref()
            .map(Token::form_mark)
            .unwrap_or_default()
    }

    /// Whether a form's mark is this browser's.
    pub fn marked(&self, mark: &str) -> bool {
        self.token.as_ref().is_some_and(|token| token.marked(mark))
    }

    pub fn token(&self) -> Option<&Token> {
        self.token.as_ref()
    }

    /// The same page for a browser that has just been given a token.
    pub fn with(self, token: Token) -> Page {
        Page {
            token: Some(token),
            ..self
        }
    }

    /// Whether the page at a path is the one shown, or one below it.
    pub fn at(&self, path: &str) -> bool {
        let here = self.here.split('?').next().unwrap_or_default();
        here == path
            || (path != "/"
                && here
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with('/')))
    }

    /// Whether somebody is signed in who works with others' records.
    pub fn officer(&self) -> bool {
        let role = self.account.as_ref().map(|account| &account.role);
        matches!(role, Some(Role::Walidata | Role::Officer { .. }))
    }

    /// Whether somebody is signed in who administers accounts.
    pub fn administrator(&self) -> bool {
        let role = self.account.as_ref().map(|account| &account.role);
        matches!(role, Some(Role::Walidata | Role::Administrator { .. }))
    }

    /// Whether somebody is signed in who speaks for the whole country.
    pub fn central(&self) -> bool {
        let role = self.account.as_ref().map(|account| &account.role);
        matches!(role, Some(Role::Walidata))
    }

    /// Path and query, written for a query.
    pub fn here_encoded(&self) -> String {
        encoded(&self.here)
    }

    /// The role's name, for the header.
    pub fn role(&self) -> &'static str {
        let account = self.account.as_ref();
        account.map_or("", |account| self.t.role_named(&account.role))
    }
}

/// A text as part of a query (RFC 3986: all but the unreserved is escaped).
pub fn encoded(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// A path of this site to come back to; the home page in place of anything else.
pub fn safe(path: &str) -> &str {
    let bytes = path.as_bytes();
    let inside = bytes.first() == Some(&b'/')
        && !matches!(bytes.get(1), Some(b'/' | b'\\'))
        && bytes.iter().all(u8::is_ascii_graphic);
    if inside { path } else { "/" }
}

/// Somebody who is signed in: the only way to the register.
pub struct Viewer {
    page: Page,
    account: Account,
}

impl Viewer {
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The part of the register that answers to this viewer may speak of.
    pub fn scope(&self) -> Scope {
        self.account.role.scope()
    }
}

impl Asks for Viewer {}
impl Asks for Officer {}
impl Asks for Administrator {}
impl Asks for Central {}
impl Asks for Second {}

impl Deref for Viewer {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Page, Failure> {
        Page::of(&parts.extensions)
    }
}

impl<S: Sync> FromRequestParts<S> for Viewer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Viewer, Failure> {
        let page = Page::of(&parts.extensions)?;
        match page.account.clone() {
            Some(account) => Ok(Viewer { page, account }),
            None if parts.method == Method::GET => Err(Failure::SignIn(page.here)),
            None => Err(Failure::SignIn("/".to_owned())),
        }
    }
}

/// Somebody who is signed in and works with others' records: what a page for officers takes in
/// place of a [`Viewer`].
pub struct Officer(Viewer);

impl Officer {
    /// The officer as one who decides within their scope, for a reason.
    pub fn decider<'a>(&'a self, scope: &'a Scope, reason: &'a str) -> Decider<'a> {
        Decider {
            scope,
            by: &self.account.login,
            reason,
        }
    }
}

impl Deref for Officer {
    type Target = Viewer;

    fn deref(&self) -> &Viewer {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Officer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Officer, Failure> {
        let viewer = Viewer::from_request_parts(parts, state).await?;
        if viewer.officer() {
            Ok(Officer(viewer))
        } else {
            Err(Failure::Forbidden)
        }
    }
}

/// Somebody who is signed in and administers accounts: the central officer every one, an agency's
/// administrator those that their role governs.
pub struct Administrator(Viewer);

impl Deref for Administrator {
    type Target = Viewer;

    fn deref(&self) -> &Viewer {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Administrator {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Administrator, Failure> {
        let viewer = Viewer::from_request_parts(parts, state).await?;
        if viewer.administrator() {
            Ok(Administrator(viewer))
        } else {
            Err(Failure::Forbidden)
        }
    }
}

/// Somebody who is signed in and speaks for the whole country: the central officer.
pub struct Central(Viewer);

impl Deref for Central {
    type Target = Viewer;

    fn deref(&self) -> &Viewer {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Central {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Central, Failure> {
        let viewer = Viewer::from_request_parts(parts, state).await?;
        if viewer.central() {
            Ok(Central(viewer))
        } else {
            Err(Failure::Forbidden)
        }
    }
}

/// Somebody who is signed in and may be the second person of a decision: an officer, or whoever
/// administers accounts.
pub struct Second(Viewer);

impl Deref for Second {
    type Target = Viewer;

    fn deref(&self) -> &Viewer {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Second {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Second, Failure> {
        let viewer = Viewer::from_request_parts(parts, state).await?;
        if viewer.officer() || viewer.administrator() {
            Ok(Second(viewer))
        } else {
            Err(Failure::Forbidden)
        }
    }
}

/// What a handler answers.
pub type Answer = Result<Response, Failure>;

/// A template as a page.
pub fn show(template: &impl Template) -> Answer {
    Ok(Html(template.render()?).into_response())
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    page: &'a Page,
    title: &'a str,
    more: &'a str,
    status: u16,
}

/// The layer that finds out who asks, and gives every failure the look of a page.
pub async fn met(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let attempt = Attempt::of(&request, &app);
    let headers = request.headers();
    let token = cookie::token(headers, app.secure());
    let here = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let mut page = Page {
        t: cookie::language(headers, app.secure()),
        here: safe(here).to_owned(),
        account: None,
        token,
    };
    if let Some(token) = &page.token {
        match app
            .accounts()
            .session(token.as_str(), Timestamp::now())
            .await
        {
            Ok(account) => page.account = account,
            Err(error) => return dressed(&page, Failure::from(error).into_response()),
        }
    }
    let who = if let Some(account) = &page.account {
        Who::Account(account.id)
    } else {
        Who::Place(attempt.place())
    };
    let login = page.account.as_ref().map(|account| account.login.clone());
    if !attempt.turn(&app, who, login.as_deref()).allowed {
        let mut response = dressed(&page, Failure::TooMany.into_response());
        let wait = HeaderValue::from_static("5");
        response.headers_mut().insert(header::RETRY_AFTER, wait);
        return response;
    }
    match lacks_factor(&app, &page).await {
        Ok(true) => return Redirect::to("/akun/kedua").into_response(),
        Ok(false) => {}
        Err(failure) => return dressed(&page, failure.into_response()),
    }
    // No text holds a null character, and no database keeps one.
    if page.here.contains("%00") {
        return dressed(&page, Failure::BadRequest.into_response());
    }
    if request.method() != Method::GET {
        let route = request.extensions().get::<MatchedPath>();
        let above = route.map_or("/", |route| shown_at(route.as_str(), &page.here));
        page.here = above.to_owned();
    }
    request.extensions_mut().insert(page.clone());
    let response = next.run(request).await;
    attempt.told(login.as_deref(), response.status());
    dressed(&page, response)
}

/// Where to come back to from the answer to a form: the page at the address that it was sent to, or the
/// nearest above it.
fn shown_at<'a>(route: &str, here: &'a str) -> &'a str {
    if pages::list().any(|address| address == ("get", route)) {
        return here;
    }
    let path = here.split('?').next().unwrap_or_default();
    match (route.rsplit_once('/'), path.rsplit_once('/')) {
        (Some((route, _)), Some((path, _))) if !path.is_empty() => shown_at(route, path),
        _ => "/",
    }
}

/// Whether somebody must set up a second factor before this page is theirs to see.
async fn lacks_factor(app: &App, page: &Page) -> Result<bool, Failure> {
    let Some(account) = &page.account else {
        return Ok(false);
    };
    // The last is where the provider leads back to, for whoever links their account.
    let allowed = ["/akun", "/keluar", "/bahasa", "/masuk/sso/kembali"];
    // A token would outlast the session, and ask for no factor.
    let allowed = allowed.iter().any(|path| page.at(path)) && !page.at("/akun/token");
    if allowed || !app.settings().asks_factor(&account.role) {
        return Ok(false);
    }
    if app.accounts().second(account.id).await?.is_some() {
        return Ok(false);
    }
    let Some(token) = &page.token else {
        return Ok(true);
    };
    let how = app.accounts().how(token.as_str()).await?;
    Ok(!how.is_some_and(|(how, _)| how.means == Means::ProviderTwice))
}

/// A failure without a page of its own gets one.
fn dressed(page: &Page, response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let has_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if has_page || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let t = page.t;
    let (title, more) = match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            (t.not_found(), t.not_found_more())
        }
        StatusCode::FORBIDDEN => (t.forbidden(), t.forbidden_more()),
        StatusCode::PAYLOAD_TOO_LARGE => (t.too_large(), t.too_large_more()),
        StatusCode::TOO_MANY_REQUESTS => (t.too_many(), t.too_many_more()),
        StatusCode::REQUEST_TIMEOUT => (t.timed_out(), t.timed_out_more()),
        status if status.is_client_error() => (t.bad_request(), t.bad_request_more()),
        _ => (t.failed(), t.failed_more()),
    };
    let body = ErrorPage {
        page,
        title,
        more,
        status: status.as_u16(),
    }
    .render();
    (status, Html(body.unwrap_or_else(|_| title.to_owned()))).into_response()
}
