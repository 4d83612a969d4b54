//! Imports run down the list of crates only (ARCHITECTURE.md): the rules know nothing of the shell.

use std::process::Command;

use acceptance::support::repository;
use serde_json::Value;

use crate::assert_tidy;

/// Our crates and which of ours each may depend on, in any way (also for its tests only).
const MAY_IMPORT: [(&str, &[&str]); 9] = [
    ("domain", &[]),
    ("migrations", &[]),
    ("store", &["domain", "migrations"]),
    ("app", &["domain", "store"]),
    ("api", &["domain", "app"]),
    ("web", &["domain", "app", "api"]), // api: who sends a request, problems, and what is around all routes
    ("yokoito", &["domain", "store", "app", "api", "web"]), // store: for the database's URL
    (
        "acceptance",
        &["domain", "migrations", "store", "app", "api", "web", "yokoito"],
    ),
    ("bench", &["domain", "app", "api", "web"]),
];

/// I/O, runtimes, clocks and randomness: the rules take their results as arguments. Their tests may use them.
const NOT_IN_THE_RULES: [&str; 10] = [
    "async-trait",
    "axum",
    "getrandom",
    "rand",
    "reqwest",
    "sea-orm",
    "sqlx",
    "tempfile",
    "tokio",
    "tracing",
];

fn complaints(metadata: &Value) -> Vec<String> {
    let mut complaints = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(crate_name, _)| *crate_name == name) else {
            complaints.push(format!(
                "{name}: a new crate; say in tests/tidy/imports.rs what it may import"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().unwrap() {
            let import = dependency["name"].as_str().unwrap();
            let is_ours = !dependency["path"].is_null();
            let for_tests_only = dependency["kind"] == "dev";
            if is_ours && !allowed.contains(&import) {
                complaints.push(format!(
                    "{name} imports {import}; it may import only {allowed:?} of our crates"
                ));
            }
            if name == "domain" && !for_tests_only && NOT_IN_THE_RULES.contains(&import) {
                complaints.push(format!(
                    "domain imports {import}; its results come in as arguments"
                ));
            }
        }
    }
    complaints
}

#[test]
fn imports_run_down_the_list() {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "cargo metadata: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(
        metadata["packages"].as_array().unwrap().len() >= 6,
        "crates are missing from the workspace"
    );
    assert_tidy(&complaints(&metadata));
}

#[test]
fn a_wrong_import_is_seen() {
    let metadata = serde_json::json!({"packages": [
        {"name": "domain", "dependencies": [
            {"name": "tokio", "kind": null},
            {"name": "rand", "kind": "dev"},
            {"name": "store", "kind": "dev", "path": "/x/store"},
        ]},
        {"name": "app", "dependencies": [{"name": "store", "kind": null, "path": "/x/store"}]},
        {"name": "extra", "dependencies": []},
    ]});
    assert_eq!(
        complaints(&metadata),
        [
            "domain imports tokio; its results come in as arguments",
            "domain imports store; it may import only [] of our crates",
            "extra: a new crate; say in tests/tidy/imports.rs what it may import",
        ]
    );
}
