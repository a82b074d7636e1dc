//! Who asks: a program by the gateway's token, for a person by theirs.

use axum::http::HeaderMap;
use jiff::Timestamp;
use satu_domain::canonical;
use satu_domain::resolve::SourceKind;
use satu_store::access::Opening;
use satu_store::accounts::{Account, Role};
use satu_store::clients::Right;
use satu_store::entry::Source;
use satu_store::{Scope, Store};

use super::Failed;
use crate::app::{App, Asks};
use crate::caller::Caller;

/// A program and the person for whom it asks. What a call may see is what both may.
pub(super) struct Asking {
    caller: Caller,
    account: Account,
    role: Role,
}

impl Asks for Asking {}

/// What both roles reach; none where they are of different parties.
fn common(program: &Role, person: &Role) -> Option<Role> {
    match (program, person) {
        // An account that administers accounts reaches no record.
        (_, Role::Administrator { .. }) => None,
        (Role::Walidata, role) | (role, Role::Walidata) => Some(role.clone()),
        (Role::Officer { places: one }, Role::Officer { places: two }) => {
            let places = two.common(one);
            (!places.is_empty()).then_some(Role::Officer { places })
        }
        _ => None,
    }
}

impl Asking {
    pub async fn with(
        app: &App,
        caller: Option<Caller>,
        headers: &HeaderMap,
    ) -> Result<Asking, Failed> {
        let caller = caller.ok_or(Failed::Gateway)?;
        let text = headers.get("auth").and_then(|value| value.to_str().ok());
        let token = text.and_then(|text| {
            let (scheme, token) = text.trim().split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let token = token.ok_or(Failed::Personal)?;
        let account = app.accounts().of_personal(token, Timestamp::now());
        let (account, name) = account.await?.ok_or(Failed::Personal)?;
        // What a password gave is as one factor, also where more came to be asked for since.
        if name.is_empty() && app.settings().asks_factor(&account.role) {
            return Err(Failed::Personal);
        }
        let role = common(&caller.client().role, &account.role).ok_or(Failed::Mismatch)?;
        Ok(Asking {
            caller,
            account,
            role,
        })
    }

    pub fn scope(&self) -> Scope {
        self.role.scope()
    }

    pub fn may(&self, right: Right) -> Result<(), Failed> {
        self.caller.may(right).map_err(|_| Failed::Forbidden)
    }

    /// Whether the program may save: of an agency or of the centre. A civil servant's record is not
    /// theirs to state, and a unit has no source that speaks.
    pub fn may_save(&self) -> Result<(), Failed> {
        if self.role != Role::Walidata && self.instansi().is_empty() {
            return Err(Failed::Forbidden);
        }
        self.may(Right::StatementsWrite)
    }

    /// Whether what is sensitive is shown.
    pub fn open(&self) -> bool {
        self.may(Right::PeopleSensitive).is_ok()
    }

    /// By what the record of looks and decisions names who asked.
    pub fn login(&self) -> &str {
        &self.account.login
    }

    /// The agency for which is asked; empty for the centre.
    pub fn instansi(&self) -> &str {
        match &self.role {
            Role::Officer { places } => places.speaks_for().unwrap_or_default(),
            _ => "",
        }
    }

    /// Puts a look on the record: with the program's purpose where what is sensitive is `shown` and the
    /// program may see it, else as an opening, unless it is a civil servant's of themselves.
    pub async fn looked(&self, app: &App, person: i64, shown: bool) -> Result<(), Failed> {
        let at = Timestamp::now();
        if shown && self.open() {
            let purpose = &self.caller.client().purpose;
            let store = app.store(self);
            store
                .note_access(&[person], self.login(), purpose, at)
                .await?;
        } else if !matches!(self.role, Role::Asn { .. }) {
            let by = self.login().to_owned();
            app.openings().note(Opening { person, by, at }).await?;
        }
        Ok(())
    }

    /// The source that speaks where the program saves: its agency's own system, or the program for that
    /// agency or the centre. What one program says for several agencies is of as many sources.
    pub async fn source(&self, store: &Store) -> Result<Source, Failed> {
        let agency = canonical("instansi_induk", self.instansi());
        let id = satu_siasn::named("instansi", &agency);
        let of = match id.get(..13) {
            Some(short) if !agency.is_empty() => short,
            _ => "pusat",
        };
        let own = Source {
            code: format!("siasn-{}-{of}", self.caller.client().key),
            name: self.caller.client().name.clone(),
            kind: if agency.is_empty() {
                SourceKind::Central
            } else {
                SourceKind::Agency
            },
            instansi: self.instansi().to_owned(),
        };
        if agency.is_empty() {
            return Ok(own);
        }
        let all = store.sources(&self.scope()).await?;
        let its = all.into_iter().find(|source| {
            source.kind == SourceKind::Agency
                && canonical("instansi_induk", &source.instansi) == agency
        });
        Ok(its.unwrap_or(own))
    }
}

#[cfg(test)]
mod tests {
    use satu_store::accounts::Role;

    use super::common;

    #[test]
    fn a_program_and_a_person_reach_what_both_may() {
        let officer = |places: &str| Role::Officer {
            places: places.into(),
        };
        let kota = || officer("Pemerintah Kota Contoh");
        let dinas = officer("Pemerintah Kota Contoh > Dinas Kesehatan");
        let other = officer("Kementerian Contoh");
        let admin = Role::Administrator {
            places: "Pemerintah Kota Contoh".into(),
        };
        let asn = Role::Asn {
            nip: "198503172010012005".to_owned(),
        };
        assert_eq!(common(&kota(), &kota()), Some(kota()));
        assert_eq!(common(&Role::Walidata, &kota()), Some(kota()));
        assert_eq!(common(&kota(), &Role::Walidata), Some(kota()));
        assert_eq!(common(&Role::Walidata, &asn), Some(asn.clone()));
        assert_eq!(common(&kota(), &dinas), Some(dinas.clone()));
        assert_eq!(common(&dinas, &kota()), Some(dinas.clone()));
        assert_eq!(common(&kota(), &other), None);
        assert_eq!(common(&Role::Walidata, &admin), None);
        assert_eq!(common(&kota(), &asn), None);
    }
}
