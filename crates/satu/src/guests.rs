//! The accounts with which the demo is looked at.

use rustc_hash::FxHashSet;
use satu_domain::resolve::SourceKind;
use satu_domain::{Kind, Nip};
use satu_store::accounts::{Account, Role};
use satu_store::place::Places;
use satu_store::{OPEN, Scope, Store};
use satu_web::password;
use serde_json::json;

use crate::Failure;
use crate::database::refused;

/// Persons looked at to find one with much to show.
const LOOKED_AT: i64 = 200;
/// Letters of a password that are told apart on any screen and paper.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// One account for each role, and the password of them all: made for this database, printed once.
pub struct Guests {
    accounts: Vec<Account>,
    password: String,
}

impl Guests {
    /// Makes them.
    pub async fn invite(store: &Store) -> Result<Guests, Failure> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| Failure {
            message: format!("the machine gives no random numbers: {error}"),
            hint: "Make accounts with `satu account add`.".to_owned(),
        })?;
        let letters = bytes.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
        let groups: Vec<String> = letters
            .chunks(4)
            .map(|four| four.iter().collect())
            .collect();
        let password = groups.join("-");
        let hash = password::hash(&password).map_err(|error| Failure::new(&error, error.hint()))?;

        let mut wanted = vec![(
            "walidata",
            "Walidata Pusat (demo)".to_owned(),
            Role::Walidata,
        )];
        let sources = store.sources(&Scope::whole()).await;
        let agencys = |kind| kind == SourceKind::Agency;
        let sources = sources.map_err(|error| refused(&error))?;
        if let Some(source) = sources
            .into_iter()
            .find(|s| agencys(s.kind) && !s.instansi.is_empty())
        {
            let instansi = source.instansi;
            wanted.push((
                "petugas",
                "Petugas Data (demo)".to_owned(),
                Role::Officer {
                    places: Places::agency(&instansi),
                },
            ));
        }
        if let Some((nip, nama)) = well_known(store).await? {
            wanted.push(("asn", nama, Role::Asn { nip }));
        }
        let mut accounts = Vec::new();
        for (login, name, role) in wanted {
            let made = store.accounts().add(login, &name, role, &hash).await;
            accounts.push(made.map_err(|error| Failure::new(&error, error.hint()))?);
        }
        Ok(Guests { accounts, password })
    }

    /// For `--json`.
    pub fn document(&self) -> serde_json::Value {
        let one = |account: &Account| json!({ "login": account.login, "role": account.role.name(), "password": self.password });
        self.accounts.iter().map(one).collect()
    }

    /// For a reader.
    pub fn lines(&self) -> String {
        let logins: Vec<_> = self
            .accounts
            .iter()
            .map(|account| account.login.as_str())
            .collect();
        format!(
            "sign in        as {}, password {}\n",
            logins.join(", "),
            self.password
        )
    }
}

/// NIP and name of a civil servant of whom sources say much.
async fn well_known(store: &Store) -> Result<Option<(String, String)>, Failure> {
    let mut best = (0, None);
    for id in 1..=LOOKED_AT {
        let found = store.person(&Scope::whole(), id, None, OPEN).await;
        let Some(person) = found.map_err(|error| refused(&error))? else {
            continue;
        };
        let kinds: FxHashSet<Kind> = person.evidence.iter().map(|one| one.kind).collect();
        let (nip, nama) = (person.record.value("nip"), person.record.value("nama"));
        if let (Some(nip), Some(nama)) = (nip, nama)
            && kinds.len() > best.0
            && Nip::parse(nip).is_ok()
        {
            best = (kinds.len(), Some((nip.to_owned(), nama.to_owned())));
        }
    }
    Ok(best.1)
}
