//! The rules of the house that a machine can check.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

const LINES_MAX: usize = 400;

#[test]
fn every_file_is_short_and_says_what_it_is() {
    let mut wrong = Vec::new();
    for file in sources() {
        let text = fs::read_to_string(&file).expect("UTF-8");
        if text.lines().count() > LINES_MAX {
            wrong.push(format!("{}: more than {LINES_MAX} lines", file.display()));
        }
        let first = text.lines().find(|line| !line.is_empty()).unwrap_or_default();
        if !first.starts_with("//") && !first.starts_with("#![doc") {
            wrong.push(format!("{}: begins without saying what it is", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_unfinished() {
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("todo", "!("),
        concat!("#[ign", "ore"),
    ];
    let mut found = Vec::new();
    for file in sources() {
        let text = fs::read_to_string(&file).expect("UTF-8");
        for (number, line) in text.lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark)) {
                found.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
            }
        }
    }
    // The one place that shows how a proof can't be made up.
    found.retain(|line| !line.contains("let forged = paygate::Unlocked"));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Knowledge flows down: `library` must not name any of these crates.
#[test]
fn knowledge_flows_down_only() {
    let rules: [(&str, &[&str]); 4] = [
        ("esewa-client", &["chat_core", "paygate", "reference_server"]),
        ("chat-core", &["esewa_client", "paygate", "reference_server", "axum"]),
        ("paygate", &["chat_core", "reference_server"]),
        ("examples", &["reference_server"]),
    ];
    let mut wrong = Vec::new();
    for (folder, forbidden) in rules {
        for file in sources().into_iter().filter(|file| file.starts_with(root().join(folder))) {
            let text = fs::read_to_string(&file).expect("UTF-8");
            let named = |line: &str| forbidden.iter().any(|name| line.contains(&format!("{name}::")));
            let code = |line: &&str| !line.trim_start().starts_with("//");
            wrong.extend(
                text.lines()
                    .filter(code)
                    .filter(|line| named(line))
                    .map(|line| format!("{}: {}", file.display(), line.trim())),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whoever writes SQL is in `db`; whoever knows a status code is not.
#[test]
fn sql_stays_in_its_folder() {
    let server = root().join("reference-server/src");
    let mut wrong = Vec::new();
    for file in sources().into_iter().filter(|file| file.starts_with(&server)) {
        let text = fs::read_to_string(&file).expect("UTF-8");
        let in_db = file.starts_with(server.join("db"));
        if in_db && text.contains("StatusCode") {
            wrong.push(format!("{}: a status code beside the tables", file.display()));
        }
        if !in_db && text.contains("sqlx::query") {
            wrong.push(format!("{}: SQL outside of db", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The Rust sources of the whole workspace, without what is generated or fuzzed.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["esewa-client", "chat-core", "paygate", "reference-server", "examples"] {
        collect(&root().join(folder), &mut found);
    }
    found
}

fn collect(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() && !matches!(name.as_str(), "target" | "node_modules") {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}
