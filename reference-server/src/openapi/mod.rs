//! The description of the API, made from the routes themselves: what a handler says of itself, and what holds for all.

mod shapes;

use bytes::Bytes;
use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

pub use self::shapes::{MessageForm, OfferBody, PhotoForm, ProblemBody};

const ABOUT: &str = "Rooms for rent in Nepal. One verified eSewa payment opens a room's contact details and a chat with \
    its owner. Every path answers with and without its trailing slash. Money is a string with two decimals, times are \
    RFC 3339 in UTC. Unsafe methods from a page of another site are refused; a program sends no Origin and passes.";

/// The finished description.
#[derive(Debug, Clone)]
pub struct Description {
    /// As it is served.
    pub json: Bytes,
    /// As the page of it reads it.
    pub document: Value,
}

impl Description {
    /// What the routes say of themselves, with what holds for all of them; `cookie` is the session's.
    ///
    /// # Errors
    ///
    /// When it can't be written as JSON.
    pub fn of(routes: &OpenApi, cookie: &str) -> Result<Self, serde_json::Error> {
        let mut document = serde_json::to_value(routes)?;
        document["info"] =
            json!({ "title": "Kotha", "version": env!("CARGO_PKG_VERSION"), "description": ABOUT });
        document["components"]["securitySchemes"] =
            json!({ "session": { "type": "apiKey", "in": "cookie", "name": cookie } });
        let paths = document["paths"].as_object_mut().map(std::mem::take).unwrap_or_default();
        document["paths"] = paths.into_iter().map(|(path, item)| (with_slash(path), whole(item))).collect();
        let json = serde_json::to_vec_pretty(&document)?.into();
        Ok(Self { json, document })
    }
}

/// As the contract writes them.
fn with_slash(path: String) -> String {
    let file = path.rsplit('/').next().is_some_and(|last| last.contains('.') || last == "{file}");
    if file || matches!(path.as_str(), "/healthz" | "/readyz") { path } else { format!("{path}/") }
}

fn whole(item: Value) -> Value {
    let Value::Object(item) = item else { return item };
    item.into_iter()
        .map(|(method, operation)| (method.clone(), whole_operation(&method, operation)))
        .collect()
}

/// Every refusal is a problem; some can meet every route of a kind, and no handler has to say so.
fn whole_operation(method: &str, mut operation: Value) -> Value {
    let mut common: Vec<(&str, &str)> = vec![
        ("429", "Too many requests: come back after `Retry-After` seconds"),
        ("503", "Something that is needed does not answer: come back after `Retry-After` seconds"),
        ("504", "The answer took too long"),
    ];
    if method != "get" {
        common.push(("403", "`cross_origin`: sent by a page of another site"));
    }
    if operation["responses"]["101"].is_object() {
        common.push(("400", "No upgrade to a WebSocket is asked for, or a parameter can't be read"));
    }
    if operation["security"].is_array() {
        common.push(("401", "Not signed in"));
    }
    if operation["parameters"].is_array() {
        common.push(("404", "There is nothing here, or not for the caller"));
        common.push(("400", "A parameter can't be read"));
    }
    if operation["requestBody"].is_object() {
        common.push(("400", "The body can't be read"));
        common.push(("404", "What the body names is not there, or not for the caller"));
        common.push(("413", "The body is too large"));
        common.push(("415", "The body is of another type"));
    }
    let Some(answers) = operation["responses"].as_object_mut() else { return operation };
    for (status, description) in common {
        answers.entry(status).or_insert_with(|| json!({ "description": description }));
    }
    for (status, answer) in answers.iter_mut() {
        let refusal = status.starts_with(['4', '5']);
        if refusal && answer["content"].is_null() {
            answer["content"] = problem();
        }
    }
    sort(answers);
    operation
}

/// For a browser that asks for HTML, a page says the same.
fn problem() -> Value {
    let problem = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
    json!({ "application/problem+json": problem, "text/html": { "schema": { "type": "string" } } })
}

fn sort(answers: &mut Map<String, Value>) {
    let mut sorted: Vec<_> = std::mem::take(answers).into_iter().collect();
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    answers.extend(sorted);
}
