//! Who asks: what of the register an answer may speak of.

use satu_domain::canonical;

use crate::changes::ChangeKind;

/// The part of the register that an answer may speak of. Every read of persons, deliveries or
/// decisions takes one; the condition is part of the query, so what is outside is never read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope(Reach);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    Whole,
    Agency(String),
    Own(String),
}

impl Scope {
    /// Everything: the central walidata, and the operator who holds the database file.
    pub fn whole() -> Scope {
        Scope(Reach::Whole)
    }

    /// One agency: its sources, and the persons of whom its sources speak or whose golden record
    /// places them there. A name without letters reaches nothing.
    pub fn agency(name: &str) -> Scope {
        Scope(Reach::Agency(canonical("instansi_induk", name)))
    }

    /// One civil servant: the person whose golden record has this NIP. An empty one reaches
    /// nothing.
    pub fn own(nip: &str) -> Scope {
        Scope(Reach::Own(canonical("nip", nip)))
    }

    /// Whether it reaches everything.
    pub fn is_whole(&self) -> bool {
        self.0 == Reach::Whole
    }

    /// The part of it that is one agency's: the whole holds every agency, an agency itself alone, and
    /// a civil servant none.
    pub fn of_agency(&self, name: &str) -> Option<Scope> {
        let part = Scope::agency(name);
        (self.is_whole() || *self == part).then_some(part)
    }

    /// The persons within reach as rows `w` that have their number in `person_id`, with the value at
    /// `$1`; more conditions may follow. Unlike [`Scope::persons`] it begins with those persons, not
    /// with all.
    pub(crate) fn within(&self) -> &'static str {
        match &self.0 {
            Reach::Whole => "person w WHERE $1 = ''",
            Reach::Agency(_) => "person_agency w WHERE $1 <> '' AND w.agency = $1",
            Reach::Own(_) => "person w WHERE $1 <> '' AND w.nip = $1",
        }
    }

    /// What every query that has a condition of this scope binds for it.
    pub(crate) fn value(&self) -> String {
        match &self.0 {
            Reach::Whole => String::new(),
            Reach::Agency(value) | Reach::Own(value) => value.clone(),
        }
    }

    /// The condition on a person's number in `column`, with the value at the place `at`.
    pub(crate) fn persons(&self, column: &str, at: &str) -> String {
        match &self.0 {
            Reach::Whole => format!("{at} = ''"),
            Reach::Agency(_) => format!(
                "({at} <> '' AND EXISTS (SELECT 1 FROM person_agency reach \
                 WHERE reach.person_id = {column} AND reach.agency = {at}))"
            ),
            Reach::Own(_) => format!(
                "({at} <> '' AND EXISTS (SELECT 1 FROM person reach \
                 WHERE reach.person_id = {column} AND reach.nip = {at}))"
            ),
        }
    }

    /// The condition on a source's code in `column`, with the value at the place `at`. A civil
    /// servant has no deliveries.
    pub(crate) fn sources(&self, column: &str, at: &str) -> String {
        match &self.0 {
            Reach::Whole => format!("{at} = ''"),
            Reach::Agency(_) => format!(
                "({at} <> '' AND EXISTS (SELECT 1 FROM source reach \
                 WHERE reach.code = {column} AND reach.agency = {at}))"
            ),
            Reach::Own(_) => format!("({at} <> {at})"),
        }
    }

    /// The condition on an agency's name in `column`.
    pub(crate) fn agencies(&self, column: &str, at: &str) -> String {
        match &self.0 {
            Reach::Whole => format!("{at} = ''"),
            Reach::Agency(_) => format!("({at} <> '' AND {column} = {at})"),
            Reach::Own(_) => format!("({at} <> {at})"),
        }
    }

    /// The condition on a doubt's number in `column`: every record in doubt must be of a person
    /// within reach; what lies between two agencies is for the centre. Nobody judges themselves.
    pub(crate) fn doubts(&self, column: &str, at: &str) -> String {
        match &self.0 {
            Reach::Whole => format!("{at} = ''"),
            Reach::Agency(_) => format!(
                "NOT EXISTS (SELECT 1 FROM doubt_record reached LEFT JOIN member holds \
                 ON holds.statement = reached.statement AND holds.until = {} \
                 WHERE reached.doubt = {column} AND (holds.person_id IS NULL OR NOT {}))",
                crate::OPEN,
                self.persons("holds.person_id", at)
            ),
            Reach::Own(_) => format!("({at} <> {at})"),
        }
    }

    /// The condition on a row `c` of the change feed: of persons as known now; what is told an agency
    /// alone (that a person came into its reach, left it, or is gone) only where it still holds.
    pub(crate) fn changes(&self, at: &str) -> String {
        if self.is_whole() {
            return format!("c.agency = '' AND {at} = ''");
        }
        let [entered, merged, doubts] = [
            ChangeKind::Entered,
            ChangeKind::Merged,
            ChangeKind::DoubtOpened,
        ]
        .map(ChangeKind::code);
        let (reached, agency) = (
            self.persons("c.person_id", at),
            self.agencies("c.agency", at),
        );
        format!(
            "CASE WHEN c.kind >= {doubts} THEN {} WHEN c.agency = '' THEN {reached} \
             WHEN NOT {agency} THEN 1 = 0 WHEN c.kind = {entered} THEN {reached} \
             WHEN c.kind >= {merged} THEN NOT {reached} ELSE 1 = 0 END",
            self.doubts("c.other", at)
        )
    }
}
