//! The description of the API as a page: it loads nothing but the style sheet.

use askama::Template;
use serde_json::Value;

use super::{Here, Layout};

/// What a schema refers to begins so.
const SHAPES: &str = "#/components/schemas/";

/// `GET /docs/`
#[derive(Debug, Template)]
#[template(path = "pages/docs.html")]
pub struct DocsPage {
    pub layout: Layout,
    pub about: String,
    pub groups: Vec<Group>,
    pub shapes: Vec<Shape>,
}

/// Operations that belong together.
#[derive(Clone, Debug)]
pub struct Group {
    pub name: String,
    pub operations: Vec<Operation>,
}

/// A method of a path.
#[derive(Clone, Debug)]
pub struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub summary: String,
    /// Whether it needs a session.
    pub session: bool,
    pub parameters: Vec<Entry>,
    /// What is sent: the shape, and as which types.
    pub body: Option<(Kind, String)>,
    pub answers: Vec<Answer>,
}

/// A parameter, or a field of a shape.
#[derive(Clone, Debug)]
pub struct Entry {
    pub name: String,
    pub kind: Kind,
    pub required: bool,
    pub about: String,
}

/// What may be answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: String,
    pub about: String,
    pub kind: Option<Kind>,
}

/// The shape of a value: in words, and the name of a shape on this page that the words are about.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "partials/kind.html")]
pub struct Kind {
    pub words: String,
    pub shape: Option<String>,
}

/// The template escapes what is in it.
impl askama::filters::HtmlSafe for Kind {}

/// A named object, or a list of words.
#[derive(Clone, Debug)]
pub struct Shape {
    pub name: String,
    pub about: String,
    pub fields: Vec<Entry>,
    pub words: Vec<String>,
}

impl DocsPage {
    /// The page of an OpenAPI document.
    pub fn new(layout: Layout, document: &Value) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for (path, item) in members(&document["paths"]) {
            for (method, operation) in members(item) {
                let name = text(&operation["tags"][0]);
                let operation = self::operation(path, method, operation);
                match groups.iter_mut().find(|group| group.name == name) {
                    Some(group) => group.operations.push(operation),
                    None => groups.push(Group { name, operations: vec![operation] }),
                }
            }
        }
        groups.sort_by(|a, b| a.name.cmp(&b.name));
        let shapes = members(&document["components"]["schemas"]).map(|(name, schema)| shape(name, schema));
        Self { layout, about: text(&document["info"]["description"]), groups, shapes: shapes.collect() }
    }
}

fn operation(path: &str, method: &str, operation: &Value) -> Operation {
    let parameters = items(&operation["parameters"]).map(|parameter| Entry {
        name: text(&parameter["name"]),
        kind: kind(&parameter["schema"]),
        required: parameter["required"] == true,
        about: text(&parameter["description"]),
    });
    let content = &operation["requestBody"]["content"];
    let types: Vec<_> = members(content).map(|(kind, _)| kind.to_owned()).collect();
    let body = members(content).next().map(|(_, content)| (kind(&content["schema"]), types.join(" or ")));
    let answers = members(&operation["responses"]).map(|(status, answer)| Answer {
        status: if status == "default" { "other".to_owned() } else { status.to_owned() },
        about: text(&answer["description"]),
        kind: members(&answer["content"]).next().map(|(_, content)| kind(&content["schema"])),
    });
    Operation {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        session: operation["security"].is_array(),
        parameters: parameters.collect(),
        body,
        answers: answers.collect(),
    }
}

fn shape(name: &str, schema: &Value) -> Shape {
    // What is put together from parts has the fields of all of them.
    let parts: Vec<&Value> = match schema["allOf"].as_array() {
        Some(parts) => parts.iter().collect(),
        None => vec![schema],
    };
    let mut fields = Vec::new();
    for part in parts {
        if let Some(reference) = part["$ref"].as_str() {
            let kind = Kind { words: "all fields of".to_owned(), shape: Some(local(reference)) };
            fields.push(Entry { name: "…".to_owned(), kind, required: true, about: String::new() });
        }
        let required: Vec<_> = items(&part["required"]).map(text).collect();
        fields.extend(members(&part["properties"]).map(|(name, schema)| Entry {
            name: name.to_owned(),
            kind: kind(schema),
            required: required.iter().any(|required| required == name),
            about: text(&schema["description"]),
        }));
    }
    let words = items(&schema["enum"]).map(text).collect();
    Shape { name: name.to_owned(), about: text(&schema["description"]), fields, words }
}

fn kind(schema: &Value) -> Kind {
    if let Some(reference) = schema["$ref"].as_str() {
        return Kind { words: String::new(), shape: Some(local(reference)) };
    }
    let choices = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
    if let Some(choices) = choices {
        let kinds: Vec<Kind> = choices.iter().map(kind).collect();
        let words: Vec<_> =
            kinds.iter().map(|kind| kind.words.as_str()).filter(|words| !words.is_empty()).collect();
        let shape = kinds.iter().find_map(|kind| kind.shape.clone());
        let or = if shape.is_some() && !words.is_empty() { " or" } else { "" };
        return Kind { words: format!("{}{or}", words.join(" or ")), shape };
    }
    let named: Vec<String> = match &schema["type"] {
        Value::Array(types) => types.iter().map(text).collect(),
        one => vec![text(one)],
    };
    if named.iter().any(|name| name == "array") {
        let of = kind(&schema["items"]);
        return Kind { words: format!("list of {}", of.words).trim_end().to_owned(), shape: of.shape };
    }
    let format = schema["format"].as_str().map(|format| format!(" ({format})")).unwrap_or_default();
    Kind { words: format!("{}{format}", named.join(" or ")), shape: None }
}

fn local(reference: &str) -> String {
    reference.strip_prefix(SHAPES).unwrap_or(reference).to_owned()
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
impl DocsPage {
    pub(super) fn sample() -> Self {
        let document = serde_json::json!({
            "info": { "description": "About <script>alert(1)</script>." },
            "paths": { "/api/rooms/{id}/": { "patch": {
                "tags": ["rooms"], "operationId": "change_room", "summary": "Change a room", "security": [{}],
                "parameters": [{ "name": "id", "required": true, "description": "The room",
                                 "schema": { "type": "string", "format": "uuid" } }],
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Room" } } } },
                "responses": {
                    "200": { "description": "How it is now",
                             "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Room" } } } },
                    "default": { "description": "Any other refusal" },
                },
            } } },
            "components": { "schemas": {
                "Room": { "description": "A room.", "required": ["title"], "properties": {
                    "title": { "type": "string", "description": "A line." },
                    "photos": { "type": "array", "items": { "type": "string" } },
                    "owner": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Role" }] },
                } },
                "Role": { "enum": ["client", "owner"] },
            } },
        });
        Self::new(Layout::sample_visitor("The API", Here::Elsewhere), &document)
    }
}
