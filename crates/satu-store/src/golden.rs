//! Golden records of stored persons: from statements, memberships and rulings to `resolve`.

use std::sync::Arc;

use jiff::civil::Date;
use satu_domain::resolve::{Claim, GoldenRecord, Ruling, SourceKind, resolve};
use satu_domain::schema::data_utama as du;
use satu_domain::{Kind, canonical, parse_date};

use crate::context::{Context, Delivery};
use crate::entry::{RecordKey, Source, Statement};

/// One statement of a person, with what is known about it.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub seq: i64,
    pub kind: Kind,
    pub statement: Statement,
}

/// The column of a date, and the columns whose values hold from it.
type Dated = (usize, &'static [usize]);

const DATED: [Dated; 2] = [
    (
        du::tmt_golongan,
        &[
            du::golongan,
            du::tmt_golongan,
            du::masa_kerja_tahun,
            du::masa_kerja_bulan,
        ],
    ),
    (
        du::tmt_jabatan,
        &[du::jenis_jabatan, du::jabatan, du::eselon, du::tmt_jabatan],
    ),
];

impl Context {
    /// The golden record from a person's statements, as of a day or of now.
    ///
    /// Asked about a day, a rank or a position that took effect later is left out, and the histories speak for
    /// what held before. So is what a source said or an officer ruled without a date, where what stands now
    /// took effect later.
    pub fn record(&self, said: &[Said], as_of: Option<Date>) -> GoldenRecord {
        let later = as_of.map(|day| (day, self.later(said, day)));
        let mut claims = Vec::new();
        for one in said {
            let Some((delivery, source)) = self.origin(one) else {
                continue;
            };
            let spoken = match (one.kind, as_of) {
                (Kind::DataUtama, _) => Some((plain(&one.statement.cells), delivery.stated_on)),
                (kind, Some(_)) => from_history(kind, &one.statement.cells),
                (_, None) => None,
            };
            let Some((mut cells, stated_on)) = spoken else {
                continue;
            };
            if let Some((day, later)) = &later {
                leave_out_later(&mut cells, stated_on, *day, later);
            }
            claims.push((one.seq, source, stated_on, cells));
        }
        let claims: Vec<Claim<'_>> = claims
            .iter()
            .map(|(statement, source, stated_on, cells)| Claim {
                statement: *statement,
                source: Arc::from(source.code.as_str()),
                source_kind: source.kind,
                stated_on: *stated_on,
                cells,
            })
            .collect();
        let mut rulings: Vec<Ruling> = said
            .iter()
            .filter(|one| one.kind == Kind::DataUtama && !self.values.is_empty())
            .filter_map(|one| {
                let (delivery, _) = self.origin(one)?;
                let key = RecordKey {
                    source: delivery.source.clone(),
                    fact: one.statement.fact.clone(),
                };
                self.values.get(&key)
            })
            .flatten()
            .cloned()
            .collect();
        rulings.sort_by_key(|ruling| ruling.decision);
        rulings.dedup();
        for (_, group) in later.iter().flat_map(|(_, later)| later) {
            let columns = Kind::DataUtama.columns();
            rulings.retain(|ruling| !group.iter().any(|at| columns[*at] == ruling.field));
        }
        resolve(&claims, &rulings)
    }

    /// The rank or the position, where the one that stands now took effect after a day.
    fn later(&self, said: &[Said], day: Date) -> Vec<Dated> {
        let now = self.record(said, None);
        let since = |tmt: usize| parse_date(now.value(Kind::DataUtama.columns()[tmt])?);
        let mut groups = DATED.to_vec();
        groups.retain(|(tmt, _)| since(*tmt).is_some_and(|since| since > day));
        groups
    }

    /// Whether the person is paid and stands nowhere else.
    pub fn is_ghost(&self, said: &[Said]) -> bool {
        let mut kinds = said
            .iter()
            .filter_map(|one| self.origin(one).map(|(_, source)| source.kind))
            .peekable();
        kinds.peek().is_some() && kinds.all(|kind| kind == SourceKind::Payroll)
    }

    pub fn origin(&self, said: &Said) -> Option<(&Delivery, &Source)> {
        let delivery = self.deliveries.get(&said.statement.submission)?;
        Some((delivery, self.sources.get(&delivery.source)?))
    }
}

fn plain(cells: &[String]) -> Vec<String> {
    Kind::DataUtama
        .columns()
        .iter()
        .zip(cells)
        .map(|(column, value)| {
            if value.is_empty() {
                String::new()
            } else {
                canonical(column, value)
            }
        })
        .collect()
}

/// What a history row says in the columns of `data_utama`, and since when.
fn from_history(kind: Kind, cells: &[String]) -> Option<(Vec<String>, Date)> {
    let (tmt, group) = match kind {
        Kind::Golongan => DATED[0],
        Kind::Jabatan => DATED[1],
        _ => return None,
    };
    let columns = Kind::DataUtama.columns();
    let since = parse_date(cells.get(kind.position(columns[tmt])?)?)?;
    let mut plain = vec![String::new(); columns.len()];
    for at in group {
        let name = columns[*at];
        let value = kind.position(name).and_then(|from| cells.get(from));
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            plain[*at] = canonical(name, value);
        }
    }
    Some((plain, since))
}

fn leave_out_later(cells: &mut [String], stated_on: Date, day: Date, later: &[Dated]) {
    for (tmt, group) in DATED {
        let left_out = match parse_date(&cells[tmt]) {
            Some(since) => since > day,
            None => stated_on > day && later.iter().any(|(other, _)| *other == tmt),
        };
        if left_out {
            for at in group {
                cells[*at].clear();
            }
        }
    }
}
