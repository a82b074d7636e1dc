//! A text in both languages.

use std::borrow::Cow;

/// A text in Indonesian and in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Both {
    /// Indonesian.
    pub id: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

impl Both {
    /// A text that is known beforehand.
    pub const fn new(id: &'static str, en: &'static str) -> Both {
        Both {
            id: Cow::Borrowed(id),
            en: Cow::Borrowed(en),
        }
    }

    /// A name that is the same in both.
    pub fn same(text: impl Into<String>) -> Both {
        let text: Cow<'static, str> = Cow::Owned(text.into());
        Both {
            id: text.clone(),
            en: text,
        }
    }

    /// Each with the tag of its language.
    pub fn each(&self) -> [(&'static str, &str); 2] {
        [("id", &self.id), ("en", &self.en)]
    }

    /// The one in the language of a tag; Indonesian where there is none in it.
    pub fn of(&self, language: &str) -> &str {
        if language == "en" { &self.en } else { &self.id }
    }
}
