//! Running the program.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a program that cannot be run fails the test"
)]

use crate::support::{TestDatabase, program};
use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

/// What a run said and how it ended.
#[derive(Debug)]
pub struct Ran {
    /// Exit code; none after a signal.
    pub code: Option<i32>,
    /// What it said.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

impl Ran {
    /// The standard output of a run that went well.
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.stdout
    }
}

/// The program, not yet started, in a directory of its own and without the environment's book.
pub fn yokoito(arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command
        .args(arguments)
        .env_remove("YOKOITO_DATABASE")
        .env_remove("YOKOITO_KEY")
        .stdin(Stdio::null());
    command
}

/// Runs the program without a book.
pub fn run_alone(arguments: &[&str]) -> Ran {
    yokoito(arguments).output().unwrap().into()
}

/// Runs the program on a book.
pub fn run(database: &TestDatabase, arguments: &[&str]) -> Ran {
    on(database, arguments).output().unwrap().into()
}

/// The program on a book, not yet started.
pub fn on(database: &TestDatabase, arguments: &[&str]) -> Command {
    let mut command = yokoito(arguments);
    command
        .args(["--database", database.url()])
        .current_dir(database.directory());
    command
}

/// Runs the program on a book with an input.
pub fn run_with(database: &TestDatabase, arguments: &[&str], input: &str) -> Ran {
    let mut command = on(database, arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writing = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap();
    output.into()
}

/// A file beside a book.
pub fn file(database: &TestDatabase, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = database.directory().join(name);
    fs::write(&path, content).unwrap();
    path
}
