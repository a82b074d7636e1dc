//! What to link and how: fields, blocking rules, hard evidence and thresholds, read from TOML.

use serde::Deserialize;

use crate::field::{Field, FieldKind};

/// The most fields a specification may have: a pair's levels pack into 64 bits, three per field.
const MOST_FIELDS: usize = 21;

/// What part of a value a blocking key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    Whole,
    Sound,
    First,
    Last,
    Long,
    Year,
    MonthDay,
    Head(usize),
    Tail(usize),
}

/// One part of a blocking key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub field: usize,
    pub part: Part,
}

/// Records that agree on all keys are compared.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub name: String,
    pub keys: Vec<Key>,
    /// Whether its pairs teach what records of one person agree on.
    pub teaches: bool,
}

/// Why a specification cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SpecError {
    /// Not TOML, or not of this shape.
    #[error("the specification cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// A name that no field has.
    #[error("{place} names the field {name:?}, which no [[field]] declares")]
    UnknownField {
        /// Where the name stands.
        place: String,
        /// The name.
        name: String,
    },
    /// A key part that does not exist.
    #[error(
        "blocking key {key:?}: {part:?} is not one of sound, first, last, long, year, monthday, headN, tailN"
    )]
    UnknownPart {
        /// The whole key.
        key: String,
        /// The part after the colon.
        part: String,
    },
    /// Thresholds that are no probabilities, or in the wrong order.
    #[error(
        "review_at ({review_at}) and link_at ({link_at}) must be probabilities, review_at not above link_at"
    )]
    Thresholds {
        /// As given.
        review_at: f64,
        /// As given.
        link_at: f64,
    },
    /// No field, no blocking rule, an empty rule, the same field twice, or too many fields.
    #[error("{0}")]
    Shape(String),
}

/// What to link and how.
#[derive(Debug, Clone)]
pub struct Spec {
    fields: Vec<Field>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) hard: Vec<Vec<usize>>,
    pub(crate) refine: Vec<Key>,
    /// Fields that neighbouring numbers of two persons never share.
    pub(crate) twins_differ_in: Vec<usize>,
    pub(crate) covers: Vec<Vec<usize>>,
    pub(crate) begins_with: Vec<Option<usize>>,
    /// Per field: the field in whose column it is sometimes written, and how long it then is.
    pub(crate) also_in: Vec<Option<(usize, usize)>>,
    pub(crate) block_cap: usize,
    link_at: f64,
    review_at: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    keys: Vec<String>,
    #[serde(default)]
    teaches: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHard {
    differ: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSpec {
    link_at: f64,
    review_at: f64,
    #[serde(default = "usual_cap")]
    block_cap: usize,
    #[serde(default)]
    refine: Vec<String>,
    #[serde(default)]
    twins_differ_in: Vec<String>,
    field: Vec<Field>,
    block: Vec<RawRule>,
    #[serde(default)]
    hard: Vec<RawHard>,
}

fn usual_cap() -> usize {
    100
}

impl Spec {
    /// Reads a specification; the shipped ones ([`crate::ASN_SPEC`]) show every setting.
    pub fn parse(toml: &str) -> Result<Spec, SpecError> {
        let raw: RawSpec = toml::from_str(toml)?;
        if !(0.0..=1.0).contains(&raw.review_at)
            || !(0.0..=1.0).contains(&raw.link_at)
            || raw.review_at > raw.link_at
        {
            return Err(SpecError::Thresholds {
                review_at: raw.review_at,
                link_at: raw.link_at,
            });
        }
        let fields = raw.field;
        if fields.is_empty() || fields.len() > MOST_FIELDS {
            return Err(SpecError::Shape(format!(
                "a specification has 1 to {MOST_FIELDS} fields, this one {}",
                fields.len()
            )));
        }
        for (at, field) in fields.iter().enumerate() {
            if fields[..at].iter().any(|other| other.name == field.name) {
                return Err(SpecError::Shape(format!(
                    "the field {:?} is declared twice",
                    field.name
                )));
            }
        }
        if raw.block.is_empty() || raw.block.iter().any(|rule| rule.keys.is_empty()) {
            return Err(SpecError::Shape(
                "at least one [[block]] is needed, each with at least one key".to_owned(),
            ));
        }
        let keys = |texts: &[String]| -> Result<Vec<Key>, SpecError> {
            texts.iter().map(|text| parse_key(&fields, text)).collect()
        };
        // Where no rule is marked, all teach.
        let all_teach = !raw.block.iter().any(|rule| rule.teaches);
        let rules = raw
            .block
            .iter()
            .map(|rule| {
                Ok(Rule {
                    name: rule.keys.join(" + "),
                    keys: keys(&rule.keys)?,
                    teaches: rule.teaches || all_teach,
                })
            })
            .collect::<Result<_, SpecError>>()?;
        let refine = keys(&raw.refine)?;
        let places = |place: &str, names: &[String]| -> Result<Vec<usize>, SpecError> {
            names
                .iter()
                .map(|name| position(&fields, place, name))
                .collect()
        };
        let twins_differ_in = places("twins_differ_in", &raw.twins_differ_in)?;
        let hard = raw
            .hard
            .iter()
            .map(|rule| places("[[hard]]", &rule.differ))
            .collect::<Result<Vec<_>, SpecError>>()?;
        if hard.iter().any(Vec::is_empty) {
            return Err(SpecError::Shape(
                "a [[hard]] rule must name at least one field in `differ`".to_owned(),
            ));
        }
        let covers = fields
            .iter()
            .map(|field| places(&format!("covers of {:?}", field.name), &field.covers))
            .collect::<Result<_, SpecError>>()?;
        let begins_with = fields
            .iter()
            .map(|field| {
                let place = format!("begins_with of {:?}", field.name);
                let found = field.begins_with.as_ref();
                found
                    .map(|name| position(&fields, &place, name))
                    .transpose()
            })
            .collect::<Result<_, SpecError>>()?;
        let also_in = fields
            .iter()
            .map(|field| {
                let Some(name) = &field.also_in else {
                    return Ok(None);
                };
                let other = position(&fields, &format!("also_in of {:?}", field.name), name)?;
                let digits = field.digits.filter(|_| {
                    let ids = [field.kind, fields[other].kind];
                    ids == [FieldKind::Id; 2] && *name != field.name
                });
                let Some(digits) = digits else {
                    return Err(SpecError::Shape(format!(
                        "{:?} has `also_in`: it must be an id with `digits`, and {name:?} another id",
                        field.name
                    )));
                };
                Ok(Some((other, digits)))
            })
            .collect::<Result<_, SpecError>>()?;
        Ok(Spec {
            rules,
            begins_with,
            also_in,
            hard,
            refine,
            twins_differ_in,
            covers,
            block_cap: raw.block_cap.max(2),
            link_at: raw.link_at,
            review_at: raw.review_at,
            fields,
        })
    }

    /// The fields, in the order [`crate::Records::push`] takes cells.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// More records than this that share a blocking key are not all compared with each other.
    pub fn block_cap(&self) -> usize {
        self.block_cap
    }

    /// The ids that hard rules speak of: field, and the blocking rule whose key is the whole id, so
    /// that as many records hold the id as share the key.
    pub fn counted(&self) -> Vec<(usize, usize)> {
        let mut found: Vec<(usize, usize)> = self
            .hard
            .iter()
            .flatten()
            .filter(|field| self.fields[**field].kind == FieldKind::Id)
            .filter_map(|field| {
                let whole = Key {
                    field: *field,
                    part: Part::Whole,
                };
                let rule = self.rules.iter().position(|rule| rule.keys == [whole])?;
                Some((*field, rule))
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The hard rules that are of ids alone: what sets two persons apart however alike they are.
    pub(crate) fn of_numbers(&self) -> impl Iterator<Item = &Vec<usize>> {
        let is_id = |field: &usize| self.fields[*field].kind == FieldKind::Id;
        self.hard.iter().filter(move |rule| rule.iter().all(is_id))
    }

    /// From this probability on, a pair is linked without asking.
    pub fn link_at(&self) -> f64 {
        self.link_at
    }

    /// From this probability on, a person looks at the pair.
    pub fn review_at(&self) -> f64 {
        self.review_at
    }
}

fn position(fields: &[Field], place: &str, name: &str) -> Result<usize, SpecError> {
    fields
        .iter()
        .position(|field| field.name == name)
        .ok_or_else(|| SpecError::UnknownField {
            place: place.to_owned(),
            name: name.to_owned(),
        })
}

fn parse_key(fields: &[Field], text: &str) -> Result<Key, SpecError> {
    let (name, part) = text.split_once(':').unwrap_or((text, ""));
    let number = |prefix: &str| part.strip_prefix(prefix)?.parse().ok().filter(|n| *n > 0);
    let part = match part {
        "" => Part::Whole,
        "sound" => Part::Sound,
        "first" => Part::First,
        "last" => Part::Last,
        "long" => Part::Long,
        "year" => Part::Year,
        "monthday" => Part::MonthDay,
        _ => match (number("head"), number("tail")) {
            (Some(count), _) => Part::Head(count),
            (_, Some(count)) => Part::Tail(count),
            _ => {
                return Err(SpecError::UnknownPart {
                    key: text.to_owned(),
                    part: part.to_owned(),
                });
            }
        },
    };
    Ok(Key {
        field: position(fields, "a blocking key", name)?,
        part,
    })
}
