//! The house rules that a machine can check: who may import whom, what code and pages may not contain.
//!
//! Each rule is a function from text to complaints, with an example that breaks it, and one test over the repository.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod code;
mod deploy;
mod files;
mod imports;
mod pages;

/// Fails with every complaint at once, one line each.
fn assert_tidy(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}
