//! Words for values that the register keeps as codes.

use std::borrow::Borrow;

use satu_domain::{Kind, parse_date};
use satu_rules::{PROCESSING, Standard};
use satu_store::access::OPENED;
use satu_store::accounts::{AccountError, Role};
use satu_store::clients::{ClientError, Right};
use satu_store::privacy::{About, Told};

use crate::Lang;
use crate::password::{PasswordError, SHORTEST};

impl Lang {
    /// A stored value as it is read: a whole date in words, anything else as it is.
    pub fn date_text(self, value: &str) -> String {
        let dated = value.len() == 10 && value.contains(['-', '/']);
        match parse_date(value).filter(|_| dated) {
            Some(date) => self.date(date),
            None => value.to_owned(),
        }
    }

    /// What is wrong and what to do where a rule of the standard is broken, as `satu check` says it; the
    /// rule's id where it is none of ours.
    pub fn sentence(self, rule: &str) -> &str {
        match (Standard::sentence(rule), self) {
            (None, _) => rule,
            (Some([indonesian, _]), Lang::Id) => indonesian,
            (Some([_, english]), Lang::En) => english,
        }
    }

    /// A weight in bits: `+8,2`, in English `+8.2`.
    pub fn bits(self, bits: f64) -> String {
        let text = format!("{bits:+.1}").replace('-', "−");
        match self {
            Lang::Id => text.replace('.', ","),
            Lang::En => text,
        }
    }

    /// How far two values agree: a level of `satu_linkage`.
    pub fn level_named(self, level: &str) -> String {
        let (name, contained) = match level.strip_suffix(" (contained)") {
            Some(name) => (name, true),
            None => (level, false),
        };
        let indonesian = match name {
            "same" => "sama",
            "close" => "mirip",
            "part left out" => "sebagian tidak ditulis",
            "a word in common" => "satu kata sama",
            "one slip" => "beda satu tanda",
            "swapped or one slip" => "tertukar atau beda satu tanda",
            "one part differs" => "satu bagian berbeda",
            "near" => "dekat",
            "other" => "berbeda",
            "missing" => "tidak ada",
            other => other,
        };
        match (self, contained) {
            (Lang::Id, false) => indonesian.to_owned(),
            (Lang::Id, true) => format!("{indonesian} (sudah dihitung di data lain)"),
            (Lang::En, false) => name.to_owned(),
            (Lang::En, true) => format!("{name} (counted with another field)"),
        }
    }

    /// A kind of statement's name for people.
    pub fn kind_named(self, kind: impl Borrow<Kind>) -> &'static str {
        let (indonesian, english) = match kind.borrow() {
            Kind::DataUtama => ("Data utama", "Main record"),
            Kind::Golongan => ("Riwayat golongan", "Ranks"),
            Kind::Jabatan => ("Riwayat jabatan", "Positions"),
            Kind::Pendidikan => ("Riwayat pendidikan", "Education"),
            Kind::Keluarga => ("Keluarga", "Family"),
            Kind::Kinerja => ("Penilaian kinerja", "Performance"),
            Kind::Diklat => ("Riwayat diklat", "Training"),
            Kind::HukumanDisiplin => ("Hukuman disiplin", "Discipline"),
            Kind::Penghargaan => ("Penghargaan", "Awards"),
            Kind::RiwayatLain => ("Riwayat lain", "Other histories"),
        };
        match self {
            Lang::Id => indonesian,
            Lang::En => english,
        }
    }

    /// Why a new password is not taken; none where the fault is not the password's.
    pub fn password_problem(self, error: &PasswordError) -> Option<String> {
        match error {
            PasswordError::Short => Some(self.password_short(SHORTEST)),
            PasswordError::Long => Some(self.password_long().to_owned()),
            PasswordError::Guessable => Some(self.password_guessable().to_owned()),
            PasswordError::Breached => Some(self.password_breached().to_owned()),
            PasswordError::Busy => Some(self.sign_in_busy().to_owned()),
            PasswordError::Unread(_) | PasswordError::Machine(_) => None,
        }
    }

    /// A role's name.
    pub fn role_named(self, role: &Role) -> &'static str {
        match role {
            Role::Walidata => self.walidata(),
            Role::Administrator { .. } => self.admin(),
            Role::Officer { .. } => self.officer(),
            Role::Asn { .. } => self.asn(),
        }
    }

    /// Why an account is not made.
    pub fn account_problem(self, error: &AccountError) -> String {
        match error {
            AccountError::Login(_) => self.login_rules().to_owned(),
            AccountError::Taken(login) => self.login_taken(login),
            AccountError::Unknown(_) => self.not_found().to_owned(),
            AccountError::Name => self.name_missing().to_owned(),
            AccountError::Instansi => self.instansi_missing().to_owned(),
            AccountError::Places(count) => self.places_too_many(count),
            AccountError::Nip(_) => self.nip_wrong().to_owned(),
            AccountError::Linked | AccountError::Store(_) => self.failed().to_owned(),
        }
    }

    /// What a right of a program lets it do.
    pub fn right_named(self, right: Right) -> &'static str {
        match right {
            Right::PeopleRead => self.right_read(),
            Right::PeopleSensitive => self.right_sensitive(),
            Right::StatementsWrite => self.right_statements(),
            Right::ReviewWrite => self.right_review(),
            Right::ChangesRead => self.right_changes(),
        }
    }

    /// Why a program is not made.
    pub fn program_problem(self, error: &ClientError) -> String {
        match error {
            ClientError::Name => self.name_missing().to_owned(),
            ClientError::Rights => self.rights_missing().to_owned(),
            ClientError::Role => self.program_places_missing().to_owned(),
            ClientError::Purpose => self.program_purpose_missing().to_owned(),
            ClientError::Owner(login) => self.program_owner_unknown(login),
            ClientError::Unknown(_) => self.not_found().to_owned(),
            ClientError::Store(_) => self.failed().to_owned(),
        }
    }

    /// A purpose of a look, by its name in the record of processing.
    pub fn purpose_named(self, purpose: &str) -> &str {
        if purpose == OPENED {
            return self.opened_masked();
        }
        let known = PROCESSING.iter().find(|one| one.id == purpose);
        known.map_or(purpose, |one| self.of(one.name))
    }

    /// The text of this language, Indonesian being the first.
    pub fn of(self, [indonesian, english]: [&'static str; 2]) -> &'static str {
        match self {
            Lang::Id => indonesian,
            Lang::En => english,
        }
    }

    /// What a request is about.
    pub fn about_named(self, about: impl Borrow<About>) -> &'static str {
        match about.borrow() {
            About::Access => self.about_access(),
            About::Correction => self.about_correction(),
            About::Objection => self.about_objection(),
        }
    }

    /// Who is told of a breach.
    pub fn told_named(self, whom: impl Borrow<Told>) -> &'static str {
        match whom.borrow() {
            Told::Persons => self.told_persons(),
            Told::Authority => self.told_authority(),
            Told::Public => self.told_public(),
        }
    }
}

#[cfg(test)]
mod tests {
    use satu_linkage::FieldKind;

    use crate::Lang;

    #[test]
    fn only_whole_dates_are_put_into_words() {
        for (value, read) in [
            ("1985-03-17", "17 Maret 1985"),
            ("17-03-1985", "17 Maret 1985"),
            ("198503172010012005", "198503172010012005"),
            ("08-1234567", "08-1234567"),
            ("1990", "1990"),
        ] {
            assert_eq!(Lang::Id.date_text(value), read);
        }
        assert_eq!(Lang::Id.bits(-3.25), "−3,2");
        assert_eq!(Lang::En.bits(12.0), "+12.0");
    }

    #[test]
    fn every_level_has_a_word() {
        for kind in [
            FieldKind::Name,
            FieldKind::Text,
            FieldKind::Id,
            FieldKind::Date,
            FieldKind::Number,
            FieldKind::Code,
        ] {
            for level in kind.levels() {
                assert_ne!(Lang::Id.level_named(level), *level);
            }
        }
    }
}
