//! Rules, findings, and the standard that holds them.

use std::sync::LazyLock;

use jiff::civil::Date;
use satu_domain::{Kind, Nik, Nip, NipError};

use crate::row::Row;
use crate::{CodeLists, FileRule, career, histories, identity};

/// How grave a finding is. An error rejects the row; a warning lets it pass, marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The row cannot be taken.
    Error,
    /// The row is taken; somebody should look.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// What a rule looks for. The named forms need no code of their own.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// The cell must not be empty.
    Required,
    /// A date that exists.
    Date,
    /// A date not after the day of the check.
    NotFuture,
    /// A whole number in this range.
    Number(i64, i64),
    /// A code or name of this list.
    Code(&'static str),
    /// 18 digits that parse as a NIP.
    Nip,
    /// A rank of PNS or PPPK.
    Golongan,
    /// A kind of position.
    JenisJabatan,
    /// A level of education.
    Education,
    /// A sex.
    Sex,
    /// At most this many characters, none of them a control character.
    Text(usize),
    /// Found by the cross-row pass, never by a row alone.
    CrossRow,
    /// Anything else: true where the rule is broken.
    Broken(fn(&Row<'_>) -> bool),
}

impl Check {
    fn breaks(self, row: &Row<'_>, column: usize) -> bool {
        let cell = row.cells[column];
        match self {
            Check::Required => cell.is_empty(),
            Check::CrossRow => false,
            Check::Broken(broken) => broken(row),
            _ if cell.is_empty() => false,
            Check::Date => row.date(column).is_none(),
            Check::NotFuture => row.date(column).is_some_and(|date| date > row.today),
            Check::Number(low, high) => !row
                .number(column)
                .is_some_and(|n| (low..=high).contains(&n)),
            Check::Code(list) => !row.lists.allows(list, cell),
            Check::Nip => row
                .nip_error(column)
                .is_some_and(|error| error != NipError::Scientific),
            Check::Golongan => row.golongan(column).is_none(),
            Check::JenisJabatan => row.position(column).is_none(),
            Check::Education => row.education(column).is_none(),
            Check::Sex => row.sex(column).is_none(),
            Check::Text(longest) => {
                (cell.len() > longest && cell.chars().count() > longest)
                    || cell
                        .bytes()
                        .any(|b| b < 32 && b != b'\n' && b != b'\r' && b != b'\t')
            }
        }
    }
}

/// One rule of the standard.
pub struct Rule {
    /// Stable id; never reused.
    pub id: &'static str,
    /// The kind of row it is for.
    pub kind: Kind,
    /// The column it points at, by position.
    pub column: usize,
    /// How grave a breach is.
    pub severity: Severity,
    /// What is wrong and what to do, in Indonesian.
    pub message_id: &'static str,
    /// The same in English.
    pub message_en: &'static str,
    /// The regulation with its article, or the code list, that it rests on.
    pub source: &'static str,
    pub(crate) check: Check,
}

/// A rule broken by a row.
pub struct Finding {
    /// Which rule.
    pub rule: &'static Rule,
    /// The column's position.
    pub column: usize,
}

/// The numbers that a row goes by, each none where its cell holds none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Numbers {
    /// The employee number.
    pub nip: Option<Nip>,
    /// The population number of a `data_utama` row.
    pub nik: Option<Nik>,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let mut rules = identity::rules();
    rules.extend(career::rules());
    rules.extend(histories::rules());
    rules.sort_by_key(|rule| rule.kind);
    rules
});

/// The rules of each kind, in the order of the kinds.
static OF_KIND: LazyLock<[&[Rule]; Kind::ALL.len()]> = LazyLock::new(|| {
    Kind::ALL.map(|kind| {
        let start = RULES.partition_point(|rule| rule.kind < kind);
        let end = RULES.partition_point(|rule| rule.kind <= kind);
        &RULES[start..end]
    })
});

/// The data standard, version 1, with the code lists and the day it is asked for.
pub struct Standard {
    lists: CodeLists,
    today: Date,
}

impl Standard {
    /// The standard with these lists, as of this day.
    pub fn new(lists: CodeLists, today: Date) -> Standard {
        Standard { lists, today }
    }

    /// The day as of which rows are judged.
    pub fn today(&self) -> Date {
        self.today
    }

    /// Every rule, by kind.
    pub fn rules(&self) -> &'static [Rule] {
        &RULES
    }

    /// What is wrong and what to do where the rule of an id is broken, in Indonesian and in English; none
    /// where no rule has it.
    pub fn sentence(id: &str) -> Option<[&'static str; 2]> {
        let of_rows = RULES
            .iter()
            .map(|one| (one.id, one.message_id, one.message_en));
        let of_files = FileRule::ALL
            .iter()
            .map(|one| (one.id, one.message_id, one.message_en));
        let mut all = of_rows.chain(of_files);
        let (_, indonesian, english) = all.find(|(known, ..)| *known == id)?;
        Some([indonesian, english])
    }

    /// The rules of one kind.
    pub fn rules_of(kind: Kind) -> &'static [Rule] {
        OF_KIND[kind as usize]
    }

    /// Adds to `findings` every rule that one row breaks. Cells stand in the kind's order; a cell
    /// that the row lacks counts as empty. Returns the numbers that the row goes by.
    pub fn check_row(&self, kind: Kind, cells: &[&str], findings: &mut Vec<Finding>) -> Numbers {
        let padded: Vec<&str>;
        let cells = if cells.len() < kind.columns().len() {
            let missing = std::iter::repeat_n("", kind.columns().len() - cells.len());
            padded = cells.iter().copied().chain(missing).collect();
            &padded
        } else {
            cells
        };
        let row = Row::new(kind, cells, &self.lists, self.today);
        for rule in Standard::rules_of(kind) {
            if rule.check.breaks(&row, rule.column) {
                findings.push(Finding {
                    rule,
                    column: rule.column,
                });
            }
        }
        Numbers {
            nip: row.nip,
            nik: row.facts.nik,
        }
    }
}

/// Writes rules as a table, kind by kind: id, severity, column and source, what breaks the rule, and what
/// is wrong and what to do, in Indonesian and in English.
macro_rules! rules {
    ($($kind:ident $columns:ident { $(
        $id:literal $severity:ident $column:ident $source:literal: $check:expr,
            $message_id:literal,
            $message_en:literal;
    )+ })+) => {
        vec![$($($crate::rule::Rule {
            id: $id,
            kind: satu_domain::Kind::$kind,
            column: satu_domain::schema::$columns::$column,
            severity: $crate::rule::Severity::$severity,
            message_id: $message_id,
            message_en: $message_en,
            source: $source,
            check: $check,
        }),+),+]
    };
}
pub(crate) use rules;
