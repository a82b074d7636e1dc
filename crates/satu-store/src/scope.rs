//! Who asks: what of the register an answer may speak of.

use satu_domain::canonical;

use crate::changes::ChangeKind;
use crate::place::{Places, UNDER, key};

/// The part of the register that an answer may speak of. Every read of persons, deliveries or
/// decisions takes one; the condition is part of the query, so what is outside is never read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope(Reach);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Reach {
    Whole,
    /// Keys of places, ascending, each once; a union. None reaches nothing.
    Places(Vec<String>),
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
        Scope::of_keys([key(name, "")])
    }

    /// Several agencies and units: of a unit the persons whose golden record places them in it or in
    /// one below it, and no source, since a source speaks for an agency.
    pub fn places(places: &Places) -> Scope {
        Scope::of_keys(places.iter().map(crate::place::Place::key))
    }

    /// Nothing.
    pub fn nothing() -> Scope {
        Scope(Reach::Places(Vec::new()))
    }

    fn of_keys(keys: impl IntoIterator<Item = String>) -> Scope {
        let mut keys: Vec<String> = keys.into_iter().filter(|key| !key.is_empty()).collect();
        keys.sort_unstable();
        keys.dedup();
        Scope(Reach::Places(keys))
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

    /// The part of it that is one agency's: the whole holds every agency, places those agencies that
    /// they name as a whole, and a civil servant none.
    pub fn of_agency(&self, name: &str) -> Option<Scope> {
        let part = Scope::agency(name);
        (self.is_whole() || (part != Scope::nothing() && self.holds(&part))).then_some(part)
    }

    /// Whether all that another reaches is within this one, as far as the names of places tell: of
    /// units, [`crate::Store::covers`] looks at the tree too.
    pub fn holds(&self, other: &Scope) -> bool {
        match (&self.0, &other.0) {
            (Reach::Whole, _) => true,
            (Reach::Places(mine), Reach::Places(theirs)) => {
                theirs.iter().all(|key| held(mine, key))
            }
            (mine, theirs) => mine == theirs,
        }
    }

    /// The keys of another's places that this one does not hold by name; none where the answer does
    /// not hang on the tree of units.
    pub(crate) fn lacks(&self, other: &Scope) -> Option<Vec<String>> {
        match (&self.0, &other.0) {
            (Reach::Places(mine), Reach::Places(theirs)) => {
                let lacking = theirs.iter().filter(|key| !held(mine, key));
                Some(lacking.cloned().collect())
            }
            _ => None,
        }
    }

    /// The NIP of a civil servant's.
    pub(crate) fn nip(&self) -> Option<&str> {
        match &self.0 {
            Reach::Own(nip) => Some(nip),
            _ => None,
        }
    }

    /// The persons within reach as rows `w` that have their number in `person_id`, with the value at
    /// `$1`; more conditions may follow. Unlike [`Scope::persons`] it begins with those persons, not
    /// with all.
    pub(crate) fn within(&self) -> String {
        match &self.0 {
            Reach::Whole => "person w WHERE $1 = ''".to_owned(),
            // A person has one row of each place: of several, the same person may come again.
            Reach::Places(keys) if keys.len() == 1 && !keys[0].contains(UNDER) => {
                "person_place w WHERE $1 <> '' AND w.place = $1".to_owned()
            }
            Reach::Places(_) => format!(
                "(SELECT DISTINCT r.person_id FROM person_place r WHERE {}) w WHERE $1 <> ''",
                self.one_of("r.place", "$1")
            ),
            Reach::Own(_) => "person w WHERE $1 <> '' AND w.nip = $1".to_owned(),
        }
    }

    /// What every query that has a condition of this scope binds for it: of several places, their keys
    /// on end, of which [`Scope::keys`] takes each.
    pub(crate) fn value(&self) -> String {
        match &self.0 {
            Reach::Whole => String::new(),
            Reach::Places(keys) => keys.concat(),
            Reach::Own(value) => value.clone(),
        }
    }

    /// Each key that meets a condition, as an expression over the value at the place `at`: the lengths
    /// stand in the query, the names never.
    fn keys(&self, at: &str, which: impl Fn(&str) -> bool) -> Vec<String> {
        let Reach::Places(keys) = &self.0 else {
            return Vec::new();
        };
        if let [one] = keys.as_slice() {
            return which(one).then(|| at.to_owned()).into_iter().collect();
        }
        let mut first = 1;
        let mut found = Vec::new();
        for key in keys {
            let length = key.chars().count();
            if which(key) {
                found.push(format!("SUBSTR({at}, {first}, {length})"));
            }
            first += length;
        }
        found
    }

    /// The condition that a place in `column` is one of these.
    fn named(&self, column: &str, at: &str) -> String {
        match self.keys(at, |_| true).as_slice() {
            [] => "1 = 0".to_owned(),
            keys => format!("{column} IN ({})", keys.join(", ")),
        }
    }

    /// The condition that a place in `column` is one of these, or a unit below one of them.
    fn one_of(&self, column: &str, at: &str) -> String {
        let all = self.keys(at, |_| true);
        let units = self.keys(at, |key| key.contains(UNDER));
        match (all.as_slice(), units.is_empty()) {
            ([], _) => "1 = 0".to_owned(),
            ([one], true) => format!("{column} = {one}"),
            (all, true) => format!("{column} IN ({})", all.join(", ")),
            (all, false) => {
                let named = all.iter().map(|key| format!(" UNION ALL SELECT {key}"));
                format!(
                    "{column} IN (SELECT b.place FROM unit_below b WHERE b.above IN ({}){})",
                    units.join(", "),
                    named.collect::<String>()
                )
            }
        }
    }

    /// The condition on a person's number in `column`, with the value at the place `at`.
    pub(crate) fn persons(&self, column: &str, at: &str) -> String {
        match &self.0 {
            Reach::Whole => format!("{at} = ''"),
            Reach::Places(_) => format!(
                "({at} <> '' AND EXISTS (SELECT 1 FROM person_place reach \
                 WHERE reach.person_id = {column} AND {}))",
                self.one_of("reach.place", at)
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
            Reach::Places(_) => format!(
                "({at} <> '' AND EXISTS (SELECT 1 FROM source reach \
                 WHERE reach.code = {column} AND {}))",
                self.one_of("reach.agency", at)
            ),
            Reach::Own(_) => format!("({at} <> {at})"),
        }
    }

    /// The condition on an agency's name, or on a place, in `column`.
    pub(crate) fn agencies(&self, column: &str, at: &str) -> String {
        match &self.0 {
            Reach::Whole => format!("{at} = ''"),
            Reach::Places(_) => format!("({at} <> '' AND {})", self.one_of(column, at)),
            Reach::Own(_) => format!("({at} <> {at})"),
        }
    }

    /// The condition on a doubt's number in `column`: every record in doubt must be of a person
    /// within reach; what lies between two agencies is for the centre. Nobody judges themselves.
    pub(crate) fn doubts(&self, column: &str, at: &str) -> String {
        match &self.0 {
            Reach::Whole => format!("{at} = ''"),
            Reach::Places(_) => format!(
                "NOT EXISTS (SELECT 1 FROM doubt_record reached LEFT JOIN member holds \
                 ON holds.statement = reached.statement AND holds.until = {} \
                 WHERE reached.doubt = {column} AND (holds.person_id IS NULL OR NOT {}))",
                crate::OPEN,
                self.persons("holds.person_id", at)
            ),
            Reach::Own(_) => format!("({at} <> {at})"),
        }
    }

    /// The condition on what is told of a doubt: as [`Scope::doubts`], but of a record by whoever had it
    /// last, since a doubt closes because its source has sent the record again.
    fn told_of_doubt(&self, column: &str, at: &str) -> String {
        let Reach::Places(_) = &self.0 else {
            return self.doubts(column, at);
        };
        format!(
            "NOT EXISTS (SELECT 1 FROM doubt_record reached WHERE reached.doubt = {column} AND NOT {})",
            self.persons(&holder("reached.statement"), at)
        )
    }

    /// The condition on a row `c` of the change feed: of persons as known now; what is told a place
    /// alone (that a person came into its reach, left it, or is gone) only where it still holds. Such a
    /// row stands for each place that it is told, those above a unit too: the tree may be another by now.
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
        let (reached, agency) = (self.persons("c.person_id", at), self.named("c.agency", at));
        format!(
            "CASE WHEN c.kind >= {doubts} THEN {} WHEN c.agency = '' THEN {reached} \
             WHEN NOT {agency} THEN 1 = 0 WHEN c.kind = {entered} THEN {reached} \
             WHEN c.kind >= {merged} THEN NOT {reached} ELSE 1 = 0 END",
            self.told_of_doubt("c.other", at)
        )
    }
}

/// Who has the record of the statement in `column`, or had it last, whichever version of it that was.
pub(crate) fn holder(column: &str) -> String {
    format!(
        "(SELECT had.person_id FROM statement said \
         JOIN statement version ON version.source = said.source AND version.kind = said.kind AND version.fact = said.fact \
         JOIN member had ON had.statement = version.seq WHERE said.seq = {column} ORDER BY had.since DESC LIMIT 1)"
    )
}

/// Whether a key is among these, or a unit of an agency among them.
fn held(keys: &[String], key: &str) -> bool {
    let among = |key: &str| keys.binary_search_by(|one| one.as_str().cmp(key)).is_ok();
    among(key)
        || key
            .split_once(UNDER)
            .is_some_and(|(agency, _)| among(agency))
}

impl crate::Store {
    /// Whether all that another scope reaches is within this one: by the names of places, by the tree
    /// of units, and for a civil servant by where the golden record places them.
    pub async fn covers(&self, scope: &Scope, other: &Scope) -> Result<bool, crate::StoreError> {
        covers(&self.pool, scope, other).await
    }
}

/// The same, without a store at hand.
pub(crate) async fn covers(
    pool: &sqlx::AnyPool,
    scope: &Scope,
    other: &Scope,
) -> Result<bool, crate::StoreError> {
    if scope.holds(other) {
        return Ok(true);
    }
    let asked = async |sql: String, bound: &str| {
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(scope.value());
        let row = query.bind(bound.to_owned()).fetch_optional(pool).await?;
        Ok::<bool, sqlx::Error>(row.is_some())
    };
    if let Some(nip) = other.nip() {
        let within = scope.persons("p.person_id", "$1");
        let sql = format!("SELECT 1 FROM person p WHERE {within} AND p.nip = $2 AND p.nip <> ''");
        return Ok(asked(sql, nip).await?);
    }
    let Some(lacking) = scope.lacks(other) else {
        return Ok(false);
    };
    for key in lacking {
        let within = scope.agencies("u.place", "$1");
        let sql = format!("SELECT 1 FROM unit_below u WHERE {within} AND u.place = $2");
        if !asked(sql, &key).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::Scope;
    use crate::place::Places;

    #[test]
    fn names_are_bound_and_never_part_of_the_query() {
        let places = Places::from("Kota 'A' > Dinas; --\nKota Bé");
        let scope = Scope::places(&places);
        let sql = scope.persons("p.person_id", "$1");
        assert!(!sql.contains("KOTA") && !sql.contains("DINAS"), "{sql}");
        assert!(
            sql.contains("SUBSTR($1, 1, 18)") && sql.contains("SUBSTR($1, 19, 7)"),
            "{sql}"
        );
        assert_eq!(scope.value(), "KOTA 'A'\u{1f}DINAS; --KOTA BÉ");
    }

    #[test]
    fn an_agency_holds_its_units_and_no_other() {
        let [kota, dinas, utara] = ["Kota A", "kota a > Dinas", "Kota A Utara"]
            .map(|text| Scope::places(&Places::from(text)));
        assert!(kota.holds(&dinas) && kota.holds(&kota) && Scope::whole().holds(&kota));
        assert!(!dinas.holds(&kota) && !kota.holds(&utara) && !kota.holds(&Scope::whole()));
        assert!(!kota.holds(&Scope::own("198503172010012005")));
        assert_eq!(kota.of_agency("KOTA A"), Some(kota.clone()));
        assert_eq!(dinas.of_agency("Kota A"), None);
        assert_eq!(kota.of_agency(""), None);
        assert!(kota.holds(&Scope::nothing()) && !Scope::nothing().holds(&kota));
    }
}
