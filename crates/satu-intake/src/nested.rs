//! Lists and structures in a Parquet column, each cell of them a text in brackets.

use std::ops::Range;

use parquet::basic::{ConvertedType, LogicalType, Repetition};
use parquet::schema::types::Type;

use crate::batches::Leaf;
use crate::cells::NoText;
use crate::delimited::LONGEST_ROW;

/// A field of the schema; `level` is the definition level at which there is one.
pub(crate) enum Node {
    /// One value, by the number of its leaf.
    Leaf(usize),
    /// Values side by side, each with its name.
    Structure {
        level: i16,
        leaves: Range<usize>,
        fields: Vec<(String, Node)>,
    },
    /// Any number of values.
    List {
        level: i16,
        leaves: Range<usize>,
        /// The definition level at which it has a value, and the repetition level of a further one.
        filled: i16,
        again: i16,
        item: Box<Node>,
    },
}

impl Node {
    /// A column of the table; `next` counts the leaves.
    pub(crate) fn of(column: &Type, next: &mut usize) -> Node {
        Node::field(column, (0, 0), next)
    }

    /// A field inside what has these levels, definition and repetition.
    fn field(field: &Type, (level, again): (i16, i16), next: &mut usize) -> Node {
        match repetition(field) {
            Repetition::REPEATED => Node::list(field, false, (level, level + 1, again + 1), next),
            Repetition::OPTIONAL => Node::bare(field, (level + 1, again), next),
            Repetition::REQUIRED => Node::bare(field, (level, again), next),
        }
    }

    /// A field whose own repetition is in the levels already.
    fn bare(field: &Type, (level, again): (i16, i16), next: &mut usize) -> Node {
        let start = *next;
        if field.is_primitive() {
            *next += 1;
            return Node::Leaf(start);
        }
        match field.get_fields() {
            [only] if listed(field) && repetition(only) == Repetition::REPEATED => {
                let wrapped = wraps(only, field.name());
                Node::list(only, wrapped, (level, level + 1, again + 1), next)
            }
            fields => {
                let fields = fields
                    .iter()
                    .map(|field| {
                        let name = field.name().to_owned();
                        (name, Node::field(field, (level, again), next))
                    })
                    .collect();
                Node::Structure {
                    level,
                    leaves: start..*next,
                    fields,
                }
            }
        }
    }

    /// A list of what is repeated, or of the one field in it.
    fn list(
        repeated: &Type,
        wrapped: bool,
        (level, filled, again): (i16, i16, i16),
        next: &mut usize,
    ) -> Node {
        let start = *next;
        let item = match repeated {
            Type::GroupType { fields, .. } if wrapped && !fields.is_empty() => {
                Node::field(&fields[0], (filled, again), next)
            }
            _ => Node::bare(repeated, (filled, again), next),
        };
        Node::List {
            level,
            leaves: start..*next,
            filled,
            again,
            item: Box::new(item),
        }
    }

    fn leaves(&self) -> Range<usize> {
        match self {
            Node::Leaf(leaf) => *leaf..*leaf + 1,
            Node::Structure { leaves, .. } | Node::List { leaves, .. } => leaves.clone(),
        }
    }

    /// Writes the cell of a row behind `out`; nothing where it is null.
    pub(crate) fn push(&self, leaves: &[Leaf], row: usize, out: &mut String) -> Result<(), NoText> {
        let mut walk = Walk {
            from: self.leaves().start,
            places: self
                .leaves()
                .map(|leaf| leaves[leaf].start(row))
                .collect::<Option<Vec<usize>>>()
                .ok_or_else(untrue)?,
            longest: out.len() + LONGEST_ROW as usize,
            leaves,
            out,
        };
        walk.node(self)
    }
}

fn repetition(field: &Type) -> Repetition {
    let info = field.get_basic_info();
    if info.has_repetition() {
        info.repetition()
    } else {
        Repetition::REQUIRED
    }
}

/// Whether the one field of a group is what the group is a list of.
fn listed(group: &Type) -> bool {
    let info = group.get_basic_info();
    matches!(
        info.logical_type_ref(),
        Some(LogicalType::List | LogicalType::Map)
    ) || matches!(
        info.converted_type(),
        ConvertedType::LIST | ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE
    )
}

/// Whether a repeated group only holds the item of a list, by the rules for older files in the format's
/// LogicalTypes.md.
fn wraps(repeated: &Type, list: &str) -> bool {
    match repeated {
        Type::GroupType { fields, .. } => {
            let inner = fields.len() == 1 && repetition(&fields[0]) == Repetition::REPEATED;
            let named = repeated.name() == "array" || repeated.name() == format!("{list}_tuple");
            fields.len() == 1 && (listed(repeated) || inner || !named)
        }
        Type::PrimitiveType { .. } => false,
    }
}

fn untrue() -> NoText {
    NoText("a list that contradicts itself".to_owned())
}

/// Where each leaf of a cell stands while the cell is written.
struct Walk<'a> {
    leaves: &'a [Leaf],
    /// The first leaf of the cell.
    from: usize,
    /// Of each of its leaves, the place to be read next.
    places: Vec<usize>,
    longest: usize,
    out: &'a mut String,
}

impl Walk<'_> {
    /// Definition and repetition level at the place of a leaf.
    fn levels(&self, leaf: usize) -> (Option<i16>, Option<i16>) {
        self.leaves[leaf].levels(self.places[leaf - self.from])
    }

    /// Whether there is something at this definition level or deeper.
    fn there(&self, leaves: &Range<usize>, level: i16) -> Result<bool, NoText> {
        if leaves.is_empty() {
            return Ok(false);
        }
        let (definition, _) = self.levels(leaves.start);
        Ok(definition.ok_or_else(untrue)? >= level)
    }

    fn pass(&mut self, leaves: &Range<usize>) {
        for leaf in leaves.clone() {
            self.places[leaf - self.from] += 1;
        }
    }

    fn node(&mut self, node: &Node) -> Result<(), NoText> {
        if self.out.len() > self.longest {
            return Err(NoText(format!("a cell of more than {LONGEST_ROW} bytes")));
        }
        match node {
            Node::Leaf(leaf) => {
                self.leaves[*leaf].push(self.places[leaf - self.from], self.out)?;
                self.pass(&node.leaves());
            }
            Node::Structure { level, leaves, .. } | Node::List { level, leaves, .. }
                if !self.there(leaves, *level)? =>
            {
                self.pass(leaves);
            }
            Node::Structure { fields, .. } => {
                self.out.push('{');
                for (at, (name, field)) in fields.iter().enumerate() {
                    if at > 0 {
                        self.out.push_str(", ");
                    }
                    self.out.push_str(name);
                    self.out.push_str(": ");
                    self.node(field)?;
                }
                self.out.push('}');
            }
            Node::List {
                leaves,
                filled,
                again,
                item,
                ..
            } => {
                self.out.push('[');
                if self.there(leaves, *filled)? {
                    self.node(item)?;
                    while self.levels(leaves.start).1 == Some(*again) {
                        self.out.push_str(", ");
                        self.node(item)?;
                    }
                } else {
                    self.pass(leaves);
                }
                self.out.push(']');
            }
        }
        Ok(())
    }
}
