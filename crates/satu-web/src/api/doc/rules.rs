//! What holds of many addresses alike, told in the document by rule: headers of requests and of answers,
//! and the problems that an address may answer with.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use satu_store::clients::Right;
use serde_json::Value;
use utoipa::Modify;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::security::{ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, ResponseBuilder, Schema};

use crate::Lang;
use crate::api::schema::{key, text, whole};
use crate::api::uploads;
use crate::problem::Problem;

/// How a token is come by, and what holds of many addresses.
pub struct Rules;

impl Modify for Rules {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scopes = Right::ALL.map(|right| (right.name(), right.name()));
        let flow = ClientCredentials::new("/oauth2/token", Scopes::from_iter(scopes));
        let scheme = SecurityScheme::OAuth2(OAuth2::new([Flow::ClientCredentials(flow)]));
        let parts = document.components.get_or_insert_with(Default::default);
        parts.add_security_scheme("oauth", scheme);
        for (path, item) in &mut document.paths.paths {
            if path == UPLOAD {
                // What has a GET answers HEAD, too: here a client of tus begins with it.
                item.head.clone_from(&item.get);
            }
            for (method, operation) in operations(item) {
                Address::of(path, &method, operation).tell(operation);
            }
        }
    }
}

const UPLOAD: &str = "/api/v1/uploads/{token}";
const DOUBT: &str = "/api/v1/doubts/{id}";

fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let all = [
        (Method::GET, &mut item.get),
        (Method::HEAD, &mut item.head),
        (Method::POST, &mut item.post),
        (Method::PATCH, &mut item.patch),
        (Method::DELETE, &mut item.delete),
        (Method::OPTIONS, &mut item.options),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// What the rules go by.
struct Address<'a> {
    path: &'a str,
    method: &'a Method,
    /// The rights by which it opens: any of these.
    doors: Value,
    /// Whether anything is said in its path, its query or a body.
    said: bool,
    body: bool,
    /// Whether it makes something.
    makes: bool,
}

impl<'a> Address<'a> {
    fn of(path: &'a str, method: &'a Method, operation: &Operation) -> Address<'a> {
        let doors = operation.security.as_deref().unwrap_or_default();
        let doors = serde_json::to_value(doors).unwrap_or_default();
        let said = operation.parameters.iter().flatten();
        let body = operation.request_body.is_some();
        Address {
            path,
            method,
            doors,
            said: body || said.count() > 0,
            body,
            makes: operation.responses.responses.contains_key("201"),
        }
    }

    fn is(&self, method: &Method, path: &str) -> bool {
        self.method == method && self.path == path
    }

    /// Whether what is sent twice under a key happens once.
    fn once(&self) -> bool {
        self.is(&Method::POST, "/api/v1/statements") || self.is(&Method::POST, DOUBT)
    }

    /// Whether its answer has an ETag.
    fn tagged(&self) -> bool {
        self.is(&Method::GET, "/api/v1/people/{id}") || self.is(&Method::GET, DOUBT)
    }

    fn tus(&self) -> bool {
        uploads::are_at(self.path)
    }

    fn begins(&self) -> bool {
        self.tus() && self.method == Method::POST
    }

    /// Whether it may answer with a problem.
    fn meets(&self, problem: &Problem) -> bool {
        match problem {
            // A parameter that is not known is refused everywhere.
            Problem::Invalid(..)
            | Problem::Unknown(_)
            | Problem::TooMany
            | Problem::TimedOut
            | Problem::Fault => true,
            Problem::Unauthorized => self.doors[0].is_object(),
            Problem::Right(_) => self.doors[0]["oauth"][0].is_string(),
            Problem::NotFound => self.path.contains('{') || self.path == "/api/v1/reconcile",
            Problem::Unfit(..) => self.said,
            // It is the answer of what is no address.
            Problem::Method => false,
            Problem::Conflict => self.once() || (self.tus() && self.method == Method::PATCH),
            Problem::Uploads => self.begins(),
            Problem::Reused => self.once(),
            Problem::OtherFeed => self.path.starts_with("/api/v1/changes"),
            Problem::Precondition => self.is(&Method::POST, DOUBT),
            Problem::TusVersion => self.begins() || (self.path == UPLOAD && !self.method.is_safe()),
            Problem::TooLarge => self.body || self.begins(),
            Problem::MediaType => self.body,
        }
    }

    /// Tells of it by the rules.
    fn tell(&self, operation: &mut Operation) {
        let name = format!("{}{}", self.method, self.path.trim_start_matches("/api/v1"));
        let name = name.replace(['{', '}'], "").replace(['/', '-', '.'], "_");
        operation.operation_id = Some(name.to_lowercase());
        let asked = operation.parameters.get_or_insert_with(Vec::new);
        for (name, schema, says) in self.asked() {
            let one = ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .schema(Some(schema))
                .description(Some(says));
            asked.push(one.build().into());
        }
        let answers = &mut operation.responses.responses;
        if self.tagged() {
            let same = "It is still as `If-None-Match` says";
            let same = ResponseBuilder::new().description(same).build();
            answers.insert("304".to_owned(), same.into());
        }
        let mut problems: BTreeMap<StatusCode, Vec<&str>> = BTreeMap::new();
        for problem in Problem::KINDS.iter().filter(|one| self.meets(one)) {
            let (title, _) = problem.told(Lang::En);
            problems.entry(problem.status()).or_default().push(title);
        }
        for (status, titles) in problems {
            let schema = Ref::from_schema_name("Problem");
            let content = ContentBuilder::new().schema(Some(schema)).build();
            let answer = ResponseBuilder::new()
                .description(titles.join("; or: "))
                .content("application/problem+json", content);
            answers.insert(status.as_str().to_owned(), answer.build().into());
        }
        for (status, answer) in answers {
            let RefOr::T(answer) = answer else { continue };
            let Ok(status) = status.parse() else { continue };
            if self.method == Method::HEAD {
                answer.content.clear();
            }
            for (name, schema, says) in self.answered(status) {
                let header = HeaderBuilder::new().schema(Some(schema));
                let header = header.description(Some(says)).build();
                answer.headers.insert(name.to_owned(), header.into());
            }
        }
    }

    /// The headers of its requests, beside those of its own.
    fn asked(&self) -> Vec<Told> {
        let language = "The language of problems and findings: `id`, the usual, or `en`";
        let key = key();
        let all = [
            (true, "Accept-Language", text().into(), language),
            (
                self.once(),
                "Idempotency-Key",
                key.into(),
                "What is sent again under the same key happens once; kept for a day",
            ),
            (
                self.tagged(),
                "If-None-Match",
                text().into(),
                "The ETag of a copy: 304 where it is still so",
            ),
            (
                self.is(&Method::POST, DOUBT),
                "If-Match",
                text().into(),
                "The ETag that was read: 412 where it is another now",
            ),
            (
                self.path == UPLOAD && self.method.is_safe(),
                "Tus-Resumable",
                text().into(),
                "The version of tus; it may be left out",
            ),
            (
                self.path == "/api/v1/changes/stream",
                "Last-Event-ID",
                text().into(),
                "The id of the last change dealt with; goes before `after`",
            ),
        ];
        given(all)
    }

    /// The headers of an answer of a status.
    fn answered(&self, status: u16) -> Vec<Told> {
        let done = (200..300).contains(&status);
        let tus = self.tus();
        let version = tus && (status == 412 || self.method == Method::OPTIONS);
        let options = tus && self.method == Method::OPTIONS && done;
        let one = self.path == UPLOAD && self.method != Method::DELETE && done;
        let offset = one || (self.begins() && done);
        let told = one && self.method != Method::PATCH;
        let placed = done && self.makes || (status == 202 && self.path == DOUBT);
        let number = || whole(0, i64::MAX).into();
        let all = [
            (
                true,
                "RateLimit-Policy",
                text().into(),
                "How many requests (`q`) in how many seconds (`w`)",
            ),
            (
                true,
                "RateLimit",
                text().into(),
                "What is left of them (`r`), and in how many seconds all are there again (`t`)",
            ),
            (
                status == 429,
                "Retry-After",
                number(),
                "Seconds until it may be asked again, where that is known",
            ),
            (
                status >= 400,
                "Content-Language",
                text().into(),
                "`id` or `en`",
            ),
            (
                status == 401,
                "WWW-Authenticate",
                text().into(),
                "That a token is asked for",
            ),
            (
                self.tagged() && (done || status == 304),
                "ETag",
                text().into(),
                "By which a later request names this state",
            ),
            (placed, "Location", text().into(), "Where it is told later"),
            (
                self.once() && done,
                "Idempotent-Replayed",
                text().into(),
                "`true` where this is the answer of before",
            ),
            (tus, "Tus-Resumable", text().into(), "The version of tus"),
            (
                version,
                "Tus-Version",
                text().into(),
                "Those that are spoken",
            ),
            (
                options,
                "Tus-Extension",
                text().into(),
                "What is spoken besides",
            ),
            (
                options,
                "Tus-Max-Size",
                number(),
                "Bytes of the largest file",
            ),
            (offset, "Upload-Offset", number(), "Bytes that are there"),
            (
                offset,
                "Upload-Expires",
                text().into(),
                "Until when it is kept, where it runs out",
            ),
            (told, "Upload-Length", number(), "Bytes of the whole"),
            (
                told,
                "Upload-Metadata",
                text().into(),
                "What was said of the file",
            ),
        ];
        given(all)
    }
}

/// A header: its name, its form, and what it says.
type Told = (&'static str, RefOr<Schema>, &'static str);

/// Those that are there.
fn given<const COUNT: usize>(
    all: [(bool, &'static str, RefOr<Schema>, &'static str); COUNT],
) -> Vec<Told> {
    let there = all.into_iter().filter(|(there, ..)| *there);
    there
        .map(|(_, name, schema, says)| (name, schema, says))
        .collect()
}
