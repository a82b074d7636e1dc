//! Refusals, as the log tells them.

use std::net::IpAddr;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};

use crate::app::App;
use crate::asker;
use crate::rate::{Turn, Who};

/// What was asked and from where, kept until it is known how it went. The route stands for the address:
/// a NIP in a path is not logged.
pub struct Attempt {
    method: Method,
    route: Option<MatchedPath>,
    from: Option<IpAddr>,
}

impl Attempt {
    pub fn of(request: &Request, app: &App) -> Attempt {
        Attempt {
            method: request.method().clone(),
            route: request.extensions().get::<MatchedPath>().cloned(),
            from: asker::address(request.extensions(), request.headers(), app),
        }
    }

    /// From where it came, as far as counting goes.
    pub fn place(&self) -> Option<IpAddr> {
        self.from.map(asker::place)
    }

    /// Takes a request out of the bucket of who asks; that there was none is told, where it is news.
    pub fn turn(&self, app: &App, bucket: Who, who: Option<&str>) -> Turn {
        let turn = app.rate().take(bucket, Instant::now());
        if turn.news {
            self.told(who, StatusCode::TOO_MANY_REQUESTS);
        }
        turn
    }

    /// Tells that somebody was refused: by their role, right or place, by a form's mark, or as they came
    /// too fast. Somebody who is known and finds nothing may have asked for what is not theirs; of
    /// others that is no news.
    pub fn told(&self, who: Option<&str>, status: StatusCode) {
        let refused = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS => {
                true
            }
            StatusCode::NOT_FOUND => who.is_some(),
            _ => false,
        };
        if refused {
            tracing::info!(target: "security",
                who,
                address = self.from.map(|address| address.to_string()),
                method = %self.method,
                route = self.route.as_ref().map(MatchedPath::as_str),
                status = status.as_u16(),
                "refused a request"
            );
        }
    }
}
