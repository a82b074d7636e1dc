//! Triples, and the two forms in which they are written: Turtle and JSON-LD.

use std::fmt::Write;

use serde_json::{Map, Value, json};

/// The namespaces that are written short.
pub const PREFIXES: [(&str, &str); 7] = [
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("schema", "https://schema.org/"),
    ("spdx", "http://spdx.org/rdf/terms#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// The object of a triple.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// A thing of its own, by its IRI.
    Iri(String),
    /// A name of a namespace of [`PREFIXES`], such as `dcat:Dataset`.
    Named(&'static str),
    /// A text in a language.
    Text(String, &'static str),
    /// A text in no language.
    Plain(String),
    /// A value of a type of XML Schema, such as `xsd:date`.
    Typed(String, &'static str),
}

/// A thing and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its IRI.
    pub iri: String,
    /// Predicate, as a name of a namespace, and object.
    pub says: Vec<(&'static str, Object)>,
}

impl Node {
    /// A thing of a class.
    pub fn new(iri: impl Into<String>, class: &'static str) -> Node {
        Node {
            iri: iri.into(),
            says: vec![("rdf:type", Object::Named(class))],
        }
    }

    /// Says one thing more.
    pub fn say(&mut self, predicate: &'static str, object: Object) -> &mut Node {
        self.says.push((predicate, object));
        self
    }

    /// Says a text in both languages.
    pub fn text(&mut self, predicate: &'static str, text: &crate::Both) -> &mut Node {
        for (language, text) in text.each() {
            self.say(predicate, Object::Text(text.to_owned(), language));
        }
        self
    }

    /// Names another thing.
    pub fn to(&mut self, predicate: &'static str, iri: impl Into<String>) -> &mut Node {
        self.say(predicate, Object::Iri(iri.into()))
    }
}

/// An IRI between angle brackets: what may not stand in one is escaped.
fn iri(text: &str) -> String {
    let mut out = String::from("<");
    for letter in text.chars() {
        if letter <= ' ' || "<>\"{}|^`\\".contains(letter) {
            let _ = write!(out, "%{:02X}", letter as u32);
        } else {
            out.push(letter);
        }
    }
    out.push('>');
    out
}

/// A text between quotation marks.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control.is_control() => {
                let _ = write!(out, "\\u{:04X}", control as u32);
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Things as Turtle.
pub fn turtle(nodes: &[Node]) -> String {
    let mut out = String::new();
    for (prefix, namespace) in PREFIXES {
        let _ = writeln!(out, "@prefix {prefix}: <{namespace}> .");
    }
    for node in nodes {
        let _ = write!(out, "\n{}", iri(&node.iri));
        for (at, (predicate, object)) in node.says.iter().enumerate() {
            let object = match object {
                Object::Iri(text) => iri(text),
                Object::Named(name) => (*name).to_owned(),
                Object::Text(text, language) => format!("{}@{language}", quoted(text)),
                Object::Plain(text) => quoted(text),
                Object::Typed(text, kind) => format!("{}^^{kind}", quoted(text)),
            };
            let end = if at + 1 == node.says.len() {
                " ."
            } else {
                " ;"
            };
            let _ = write!(out, "\n    {predicate} {object}{end}");
        }
        out.push('\n');
    }
    out
}

/// Things as a JSON-LD document, with its context in it.
pub fn json_ld(nodes: &[Node]) -> Value {
    let context: Map<String, Value> = PREFIXES
        .iter()
        .map(|(prefix, namespace)| ((*prefix).to_owned(), json!(namespace)))
        .collect();
    let graph = nodes.iter().map(|node| {
        let mut all = Map::new();
        all.insert("@id".to_owned(), json!(node.iri));
        for (predicate, object) in &node.says {
            let (key, value) = match object {
                Object::Named(name) if *predicate == "rdf:type" => ("@type", json!(name)),
                Object::Iri(text) => (*predicate, json!({ "@id": text })),
                Object::Named(name) => (*predicate, json!({ "@id": name })),
                Object::Text(text, language) => {
                    (*predicate, json!({ "@value": text, "@language": language }))
                }
                Object::Plain(text) => (*predicate, json!(text)),
                Object::Typed(text, kind) => (*predicate, json!({ "@value": text, "@type": kind })),
            };
            let values = all.entry(key).or_insert_with(|| json!([]));
            if let Value::Array(values) = values {
                values.push(value);
            }
        }
        Value::Object(all)
    });
    json!({ "@context": context, "@graph": graph.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_it() {
        let mut node = Node::new("https://satu.example/a b>", "dcat:Dataset");
        node.say("dct:title", Object::Text("a \"b\" \\ \n.".to_owned(), "id"));
        let written = turtle(&[node]);
        assert!(
            written.contains("<https://satu.example/a%20b%3E>"),
            "{written}"
        );
        assert!(
            written.contains(r#"dct:title "a \"b\" \\ \n."@id ."#),
            "{written}"
        );
    }
}
