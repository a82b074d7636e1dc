//! From what a provider says of somebody to what they are here.

use std::collections::BTreeMap;

use satu_domain::Nip;
use satu_store::accounts::Role;
use serde::Deserialize;
use serde_json::{Map, Value};

/// What a provider says of somebody.
pub type Claims = Map<String, Value>;

/// One line of the mapping: who fits it has this role. The first that fits counts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRule {
    /// `walidata`, `admin`, `officer` or `asn`.
    pub is: String,
    /// The claim that is looked at; inside others with dots between.
    pub claim: Option<String>,
    /// What it must be, or hold where it is a list.
    pub value: Option<String>,
    /// Of an officer or an administrator: the claim that names the agency.
    pub instansi: Option<String>,
    /// What the agencies are called here, by what the provider calls them. Without it the provider
    /// calls them as the records do; with it no others are taken.
    pub agencies: Option<BTreeMap<String, String>>,
    /// Of a civil servant: the claim that is the NIP.
    pub nip: Option<String>,
}

impl RoleRule {
    /// What is wrong with the line, if anything.
    pub fn fault(&self) -> Option<&'static str> {
        if self.claim.is_some() != self.value.is_some() {
            return Some("`claim` and `value` go together");
        }
        let (instansi, nip) = (self.instansi.is_some(), self.nip.is_some());
        match self.is.as_str() {
            "asn" if !nip => Some("`asn` needs `nip`, the claim that is the NIP"),
            "asn" if instansi || self.agencies.is_some() => Some("`asn` has no `instansi`"),
            "admin" | "officer" | "walidata" if self.claim.is_none() => {
                Some("not everybody is an officer: give `claim` and `value`")
            }
            "admin" | "officer" if !instansi => {
                Some("`officer` and `admin` need `instansi`, the claim that names the agency")
            }
            "walidata" if instansi || self.agencies.is_some() => Some("`walidata` has no agency"),
            "admin" | "officer" | "walidata" if nip => Some("only `asn` has a `nip`"),
            "admin" | "asn" | "officer" | "walidata" => None,
            _ => Some("`is` is one of walidata, admin, officer, asn"),
        }
    }

    fn role(&self, claims: &Claims) -> Option<Role> {
        if let (Some(claim), Some(value)) = (&self.claim, &self.value)
            && !holds(claims, claim, value)
        {
            return None;
        }
        let instansi = match &self.instansi {
            None => String::new(),
            Some(claim) => {
                let named = text(claims, claim)?;
                match &self.agencies {
                    None => named.to_owned(),
                    Some(agencies) => agencies.get(named)?.clone(),
                }
            }
        };
        let nip = match &self.nip {
            None => String::new(),
            Some(claim) => {
                let nip = text(claims, claim)?;
                Nip::parse(nip).ok()?;
                nip.to_owned()
            }
        };
        Role::of(&self.is, instansi, nip)
    }
}

/// The role of somebody: that of the first line that fits; none where none does.
pub fn role(rules: &[RoleRule], claims: &Claims) -> Option<Role> {
    rules.iter().find_map(|rule| rule.role(claims))
}

/// The claim of a name: the very name, else inside others with dots between (`realm_access.roles`).
pub fn claim<'a>(claims: &'a Claims, name: &str) -> Option<&'a Value> {
    if let Some(found) = claims.get(name) {
        return Some(found);
    }
    let (outer, inner) = name.split_once('.')?;
    claim(claims.get(outer)?.as_object()?, inner)
}

/// A claim that is one text and not empty, or a list of one.
pub fn text<'a>(claims: &'a Claims, name: &str) -> Option<&'a str> {
    let found = match claim(claims, name)? {
        Value::String(text) => text,
        Value::Array(all) => match all.as_slice() {
            [Value::String(text)] => text,
            _ => return None,
        },
        _ => return None,
    };
    Some(found.trim()).filter(|text| !text.is_empty())
}

/// Whether a claim is a text, or a list that holds it.
pub fn holds(claims: &Claims, name: &str, wanted: &str) -> bool {
    match claim(claims, name) {
        Some(Value::String(text)) => text == wanted,
        Some(Value::Array(all)) => all.iter().any(|one| one.as_str() == Some(wanted)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use satu_store::accounts::Role;
    use serde_json::json;

    use super::{Claims, RoleRule, role, text};

    const NIP: &str = "198503172010012005";

    fn rules() -> Vec<RoleRule> {
        #[derive(serde::Deserialize)]
        struct File {
            role: Vec<RoleRule>,
        }
        let file: File = toml::from_str(
            r#"
            [[role]]
            is = "walidata"
            claim = "realm_access.roles"
            value = "satu-walidata"
            [[role]]
            is = "officer"
            claim = "realm_access.roles"
            value = "satu-petugas"
            instansi = "unit"
            [role.agencies]
            K05 = "Kementerian Contoh"
            [[role]]
            is = "officer"
            claim = "https://sso.example/level"
            value = "3"
            instansi = "instansi"
            [[role]]
            is = "asn"
            nip = "nip"
            "#,
        )
        .unwrap();
        file.role
    }

    fn claims(value: &serde_json::Value) -> Claims {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn the_first_line_that_fits_gives_the_role() {
        let officer = |instansi: &str| Role::of("officer", instansi.to_owned(), String::new());
        let asn = Role::of("asn", String::new(), NIP.to_owned());
        for (said, expected) in [
            (
                json!({"realm_access": {"roles": ["x", "satu-petugas", "satu-walidata"]}, "unit": "K05"}),
                Some(Role::Walidata),
            ),
            (
                json!({"realm_access": {"roles": ["satu-petugas"]}, "unit": "K05"}),
                officer("Kementerian Contoh"),
            ),
            // An agency that the table does not have is none; what else they are, they are.
            (
                json!({"realm_access": {"roles": ["satu-petugas"]}, "unit": "K06"}),
                None,
            ),
            (
                json!({"realm_access": {"roles": ["satu-petugas"]}, "unit": "K06", "nip": NIP}),
                asn.clone(),
            ),
            (json!({"realm_access": {"roles": ["satu-petugas"]}}), None),
            // A claim whose name has dots is looked up by its whole name first.
            (
                json!({"https://sso.example/level": "3", "instansi": [" Pemerintah Kota Contoh "]}),
                officer("Pemerintah Kota Contoh"),
            ),
            (
                json!({"https://sso.example/level": 3, "instansi": "Kota"}),
                None,
            ),
            (
                json!({"https://sso.example/level": "3", "instansi": ["Satu", "Dua"]}),
                None,
            ),
            (json!({"nip": NIP}), asn),
            (json!({"nip": "198503172010012"}), None),
            (json!({"nip": 198_503_172_010_012_005_u64}), None),
            // A text that only holds the value is not the value, and neither is a like name.
            (
                json!({"realm_access": {"roles": "satu-walidata-bukan"}}),
                None,
            ),
            (json!({"realm_access.roles": "satu-walidata "}), None),
            (json!({"roles": ["satu-walidata"]}), None),
            (json!({}), None),
        ] {
            assert_eq!(role(&rules(), &claims(&said)), expected, "{said}");
        }
        assert_eq!(role(&[], &claims(&json!({"nip": NIP}))), None);
    }

    #[test]
    fn a_line_that_means_nothing_is_refused() {
        let line = |text: &str| toml::from_str::<RoleRule>(text).unwrap().fault();
        assert_eq!(line("is = 'asn'\nnip = 'nip'"), None);
        assert_eq!(
            line("is = 'walidata'\nclaim = 'groups'\nvalue = 'pusat'"),
            None
        );
        for wrong in [
            "is = 'admin'\nclaim = 'a'\nvalue = 'b'",
            "is = 'walidata'",
            "is = 'walidata'\nclaim = 'groups'",
            "is = 'walidata'\nclaim = 'a'\nvalue = 'b'\ninstansi = 'c'",
            "is = 'walidata'\nclaim = 'a'\nvalue = 'b'\nnip = 'c'",
            "is = 'officer'\ninstansi = 'unit'",
            "is = 'officer'\nclaim = 'a'\nvalue = 'b'",
            "is = 'officer'\nclaim = 'a'\nvalue = 'b'\ninstansi = 'c'\nnip = 'd'",
            "is = 'asn'",
            "is = 'asn'\nnip = 'nip'\ninstansi = 'unit'",
            "is = 'asn'\nnip = 'nip'\nvalue = 'b'",
        ] {
            assert!(line(wrong).is_some(), "{wrong}");
        }
        assert!(toml::from_str::<RoleRule>("is = 'asn'\nnipp = 'nip'").is_err());
    }

    #[test]
    fn one_text_is_one_text() {
        let said = claims(&json!({"a": " x ", "b": ["y"], "c": "", "d": ["y", "z"], "e": null}));
        assert_eq!(text(&said, "a"), Some("x"));
        assert_eq!(text(&said, "b"), Some("y"));
        for name in ["c", "d", "e", "f", "a.b"] {
            assert_eq!(text(&said, name), None, "{name}");
        }
    }
}
