//! The golden record: which value stands for each field, and why.
//!
//! [`resolve`] is a pure function of the statements about one person and the officers' decisions:
//! the same input gives the same record, in whatever order it comes.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::schema::Kind;

/// How near a source stands to a fact; the higher, the more it is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Payroll: knows who is paid.
    Payroll,
    /// An agency's own personnel system.
    Agency,
    /// The central personnel system.
    Central,
}

impl SourceKind {
    /// Every kind, the least believed first.
    pub const ALL: [SourceKind; 3] = [SourceKind::Payroll, SourceKind::Agency, SourceKind::Central];

    /// The kind's word on the command line and in tables.
    pub fn name(self) -> &'static str {
        match self {
            SourceKind::Payroll => "payroll",
            SourceKind::Agency => "agency",
            SourceKind::Central => "central",
        }
    }

    /// The kind of that word, if there is one.
    pub fn from_name(name: &str) -> Option<SourceKind> {
        SourceKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What one source says about one person in one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim<'a> {
    /// The ledger sequence number of the statement.
    pub statement: i64,
    /// The source's code.
    pub source: Arc<str>,
    /// What kind of system speaks.
    pub source_kind: SourceKind,
    /// The day the source spoke for (the extract's date).
    pub stated_on: Date,
    /// Cells in the order of `data_utama`; empty where nothing is said.
    pub cells: &'a [String],
}

/// An officer's ruling that a value stands for a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// The decision's ledger sequence number.
    pub decision: i64,
    /// The field of `data_utama`.
    pub field: String,
    /// The value that stands.
    pub value: String,
}

/// Why a value won over its rivals. Registers keep its number: never change the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nobody says otherwise.
    Unopposed,
    /// An officer decided.
    Ruling,
    /// The field's authority says so.
    Authority,
    /// More sources say so.
    Agreement,
    /// It was said last.
    Recency,
    /// All else equal: the value first in the alphabet, so that the answer never depends on order.
    Tie,
}

/// One value that was offered for a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// The value as stated.
    pub value: String,
    /// Who says it: many values of a record may have the same.
    #[serde(flatten)]
    pub by: Arc<Speakers>,
}

/// Who says a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Speakers {
    /// The statements that say it, ascending.
    pub statements: Vec<i64>,
    /// The sources that say it, ascending, each once.
    pub sources: Vec<Arc<str>>,
    /// The last day it was stated for.
    pub stated_on: Option<Date>,
}

impl Speakers {
    /// Of statements, each with its source and the day it speaks for.
    pub fn of<T: Into<Arc<str>>>(said: Vec<(i64, T, Date)>) -> Speakers {
        let mut by = Speakers::default();
        for (statement, source, day) in said {
            by.statements.push(statement);
            by.sources.push(source.into());
            by.stated_on = by.stated_on.max(Some(day));
        }
        by.statements.sort_unstable();
        by.sources.sort_unstable();
        by.sources.dedup();
        by
    }
}

/// A field of the golden record: the value, why it won, and what lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// The field's name in `data_utama`.
    pub name: &'static str,
    /// The value that stands, with who says it.
    pub winner: Offer,
    /// Why it stands.
    pub reason: Reason,
    /// The values that lost, best first. Empty when nobody disagrees.
    pub losers: Vec<Offer>,
}

/// The golden record of one person: every field that anybody states.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct GoldenRecord {
    /// The fields, in the order of `data_utama`.
    pub fields: Vec<Field>,
}

impl GoldenRecord {
    /// The value that stands for a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|f| f.name == name)
            .map(|f| f.winner.value.as_str())
    }

    /// Fields where sources disagree and no officer has ruled.
    pub fn conflicts(&self) -> impl Iterator<Item = &Field> {
        self.fields
            .iter()
            .filter(|f| !f.losers.is_empty() && f.reason != Reason::Ruling)
    }
}

/// What decides a field, in order; the declared policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// The kind of source decides first, then agreement, then recency: numbers and identity, which
    /// the central system issues or checks.
    Authority,
    /// Agreement between sources first, then recency, then the source's kind: facts all sources
    /// learn from the same papers.
    Agreement,
    /// What was said last, then the source's kind: facts that change with life and work.
    Recency,
}

/// The policy of a field of `data_utama`.
pub fn policy(field: &str) -> Policy {
    match field {
        "nip" | "nip_lama" | "nik" | "jenis_pegawai" | "kedudukan_hukum" | "tmt_cpns"
        | "tmt_pns" => Policy::Authority,
        "nama" | "tempat_lahir" | "tanggal_lahir" | "jenis_kelamin" | "nama_ibu_kandung"
        | "npwp" => Policy::Agreement,
        _ => Policy::Recency,
    }
}

/// Builds the golden record of one person from all that is claimed and ruled.
pub fn resolve(claims: &[Claim<'_>], rulings: &[Ruling]) -> GoldenRecord {
    let columns = Kind::DataUtama.columns();
    let fields = columns.iter().enumerate().filter_map(|(position, name)| {
        let offers = offers(claims, position);
        let ruling = rulings
            .iter()
            .filter(|r| r.field == *name)
            .max_by_key(|r| r.decision);
        settle(name, offers, ruling)
    });
    GoldenRecord {
        fields: fields.collect(),
    }
}

struct Candidate {
    offer: Offer,
    authority: SourceKind,
}

fn offers(claims: &[Claim<'_>], position: usize) -> Vec<Candidate> {
    let mut found: Vec<(&String, Vec<&Claim<'_>>)> = Vec::new();
    for claim in claims {
        let Some(value) = claim.cells.get(position).filter(|v| !v.is_empty()) else {
            continue;
        };
        match found.iter_mut().find(|(one, _)| *one == value) {
            Some((_, claims)) => claims.push(claim),
            None => found.push((value, vec![claim])),
        }
    }
    let candidate = |(value, claims): (&String, Vec<&Claim<'_>>)| {
        let kinds = claims.iter().map(|claim| claim.source_kind);
        let authority = kinds.max().unwrap_or(SourceKind::Payroll);
        let said = claims.iter();
        let said = said.map(|claim| (claim.statement, Arc::clone(&claim.source), claim.stated_on));
        Candidate {
            offer: Offer {
                value: value.clone(),
                by: Arc::new(Speakers::of(said.collect())),
            },
            authority,
        }
    };
    found.into_iter().map(candidate).collect()
}

fn settle(name: &'static str, mut found: Vec<Candidate>, ruling: Option<&Ruling>) -> Option<Field> {
    let order = policy(name);
    let rank = |c: &Candidate| {
        let (authority, agreement, recency) = (
            c.authority as i64,
            c.offer.by.sources.len() as i64,
            c.offer.by.stated_on.map_or(0, days),
        );
        match order {
            Policy::Authority => [authority, agreement, recency],
            Policy::Agreement => [agreement, recency, authority],
            Policy::Recency => [recency, authority, agreement],
        }
    };
    found.sort_by(|a, b| {
        rank(b)
            .cmp(&rank(a))
            .then_with(|| a.offer.value.cmp(&b.offer.value))
    });
    let reason = if let Some(ruling) = ruling {
        let winner = if let Some(at) = found.iter().position(|c| c.offer.value == ruling.value) {
            found.remove(at)
        } else {
            Candidate {
                offer: Offer {
                    value: ruling.value.clone(),
                    by: Arc::default(),
                },
                authority: SourceKind::Central,
            }
        };
        found.insert(0, winner);
        Reason::Ruling
    } else if found.len() < 2 {
        Reason::Unopposed
    } else {
        let (first, second) = (rank(&found[0]), rank(&found[1]));
        let reasons = match order {
            Policy::Authority => [Reason::Authority, Reason::Agreement, Reason::Recency],
            Policy::Agreement => [Reason::Agreement, Reason::Recency, Reason::Authority],
            Policy::Recency => [Reason::Recency, Reason::Authority, Reason::Agreement],
        };
        (0..3)
            .find(|i| first[*i] != second[*i])
            .map_or(Reason::Tie, |i| reasons[i])
    };
    let mut offers = found.into_iter().map(|c| c.offer);
    Some(Field {
        name,
        winner: offers.next()?,
        reason,
        losers: offers.collect(),
    })
}

fn days(date: Date) -> i64 {
    i64::from(date.year()) * 372 + i64::from(date.month()) * 31 + i64::from(date.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::data_utama as du;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn cells(values: &[(usize, &str)]) -> Vec<String> {
        let mut cells = vec![String::new(); Kind::DataUtama.columns().len()];
        for (at, value) in values {
            cells[*at] = (*value).to_owned();
        }
        cells
    }

    fn claim<'a>(
        statement: i64,
        source: &'a str,
        source_kind: SourceKind,
        day: i8,
        cells: &'a [String],
    ) -> Claim<'a> {
        Claim {
            statement,
            source: source.into(),
            source_kind,
            stated_on: date(2026, 1, day),
            cells,
        }
    }

    #[test]
    fn each_policy_has_its_own_winner() {
        let central = cells(&[(du::nik, "A"), (du::nama, "X"), (du::unor, "lama")]);
        let agency = cells(&[(du::nik, "B"), (du::nama, "Y"), (du::unor, "baru")]);
        let payroll = cells(&[(du::nik, "B"), (du::nama, "Y")]);
        let record = resolve(
            &[
                claim(1, "bkn", SourceKind::Central, 1, &central),
                claim(2, "kota", SourceKind::Agency, 9, &agency),
                claim(3, "gaji", SourceKind::Payroll, 5, &payroll),
            ],
            &[],
        );
        let reason = |name: &str| {
            record
                .fields
                .iter()
                .find(|f| f.name == name)
                .map(|f| f.reason)
        };
        assert_eq!(
            (record.value("nik"), reason("nik")),
            (Some("A"), Some(Reason::Authority))
        );
        assert_eq!(
            (record.value("nama"), reason("nama")),
            (Some("Y"), Some(Reason::Agreement))
        );
        assert_eq!(
            (record.value("unor"), reason("unor")),
            (Some("baru"), Some(Reason::Recency))
        );
        assert_eq!(record.conflicts().count(), 3);
    }

    #[test]
    fn the_latest_ruling_stands_and_ends_the_conflict() {
        let one = cells(&[(du::nama, "X")]);
        let two = cells(&[(du::nama, "Y")]);
        let claims = [
            claim(1, "a", SourceKind::Agency, 1, &one),
            claim(2, "b", SourceKind::Central, 2, &two),
        ];
        let ruling = |decision, value: &str| Ruling {
            decision,
            field: "nama".into(),
            value: value.into(),
        };
        let record = resolve(&claims, &[ruling(9, "X"), ruling(8, "Z")]);
        assert_eq!(record.value("nama"), Some("X"));
        assert_eq!(record.fields[0].reason, Reason::Ruling);
        assert_eq!(record.fields[0].losers.len(), 1);
        assert_eq!(record.conflicts().count(), 0);
        assert_eq!(resolve(&claims, &[ruling(8, "Z")]).value("nama"), Some("Z"));
    }

    proptest! {
        #[test]
        fn order_never_matters_and_nothing_is_lost(
            rows in prop::collection::vec((0usize..3, "[ab]{0,2}", "[ab]{0,2}", 1i8..4), 1..8),
            turn in 0usize..8,
        ) {
            let kinds = [SourceKind::Payroll, SourceKind::Agency, SourceKind::Central];
            let bodies: Vec<_> =
                rows.iter().map(|r| cells(&[(du::nama, r.1.as_str()), (du::nik, r.2.as_str())])).collect();
            let mut claims: Vec<_> = rows
                .iter()
                .zip(&bodies)
                .enumerate()
                .map(|(i, (r, body))| claim(i as i64, ["p", "a", "c"][r.0], kinds[r.0], r.3, body))
                .collect();
            let record = resolve(&claims, &[]);
            let by = turn % claims.len();
            claims.rotate_left(by);
            prop_assert_eq!(&resolve(&claims, &[]), &record);
            for (name, stated) in [("nama", rows.iter().filter(|r| !r.1.is_empty()).count()),
                                   ("nik", rows.iter().filter(|r| !r.2.is_empty()).count())] {
                let kept: usize = record.fields.iter().filter(|f| f.name == name)
                    .map(|f| f.winner.by.statements.len() + f.losers.iter().map(|o| o.by.statements.len()).sum::<usize>())
                    .sum();
                prop_assert_eq!(kept, stated);
            }
        }
    }
}
