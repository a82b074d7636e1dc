//! `/privasi`: what is done with personal data, for everyone (UU 27/2022 art. 5, 31).

use askama::Template;
use satu_rules::PROCESSING;

use crate::page::{self, Answer, Page};

#[derive(Template)]
#[template(path = "privacy.html")]
struct Shown {
    page: Page,
}

impl Shown {
    /// The text in the page's language.
    fn told(&self, texts: &[&'static str; 2]) -> &'static str {
        self.page.t.of(*texts)
    }
}

pub async fn show(page: Page) -> Answer {
    page::show(&Shown { page })
}
