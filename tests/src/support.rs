//! What every suite needs: the engines to run on, a fresh database, the program.
//!
//! ```no_run
//! use acceptance::support::{TestDatabase, engines};
//!
//! for engine in engines() {
//!     let database = TestDatabase::new(engine);
//!     println!("{engine:?}: {}", database.url());
//! }
//! ```
#![expect(clippy::panic, reason = "tests fail by panicking")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use crate::postgres;

/// The databases a book can live in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one file.
    Sqlite,
    /// A server, one schema per book.
    Postgres,
}

/// The engines to run a test on: both, or those named in `TEST_ENGINES` (`sqlite`, `postgres`, or both with a comma).
///
/// # Panics
/// When `TEST_ENGINES` names anything else, or nothing.
pub fn engines() -> Vec<Engine> {
    match std::env::var("TEST_ENGINES") {
        Ok(names) => {
            parse_engines(&names).unwrap_or_else(|| panic!("TEST_ENGINES={names}: sqlite, postgres"))
        }
        Err(_) => vec![Engine::Sqlite, Engine::Postgres],
    }
}

fn parse_engines(names: &str) -> Option<Vec<Engine>> {
    names
        .split(',')
        .map(|name| match name.trim() {
            "sqlite" => Some(Engine::Sqlite),
            "postgres" => Some(Engine::Postgres),
            _ => None,
        })
        .collect()
}

/// Whether the long histories and crash tests were asked for (`tests/run --long`, `YOKOITO_LONG=1`).
pub fn long() -> bool {
    std::env::var("YOKOITO_LONG").is_ok_and(|value| value == "1")
}

/// What a test that depends on chance has really met, in one line. `tests/run` shows these lines at its end, because a
/// test that went well is not heard otherwise.
///
/// # Panics
/// When the file of `YOKOITO_TEST_NOTES` cannot be written.
#[expect(clippy::expect_used, reason = "tests fail by panicking")]
pub fn note(line: &str) {
    println!("{line}");
    if let Some(file) = std::env::var_os("YOKOITO_TEST_NOTES") {
        let notes = std::fs::OpenOptions::new().create(true).append(true).open(file);
        let mut notes = notes.expect("a file for notes");
        notes.write_all(format!("{line}\n").as_bytes()).expect("noted");
    }
}

/// A place for one book that no other test uses: empty, without tables.
///
/// It owns a temporary directory, on PostgreSQL too (for key files, checkpoints, exports), removed at drop. A schema is
/// left to the server, which `tests/run` throws away: dropping it here would wait for a program that was killed.
#[derive(Debug)]
pub struct TestDatabase {
    engine: Engine,
    url: String,
    directory: TempDir,
}

impl TestDatabase {
    /// A fresh place on `engine`.
    ///
    /// # Panics
    /// When no temporary directory can be made, or PostgreSQL is asked for and no server is named.
    pub fn new(engine: Engine) -> Self {
        let directory = tempfile::Builder::new()
            .prefix("yokoito-")
            .tempdir()
            .unwrap_or_else(|error| panic!("no temporary directory: {error}"));
        let url = match engine {
            Engine::Sqlite => format!("sqlite://{}", directory.path().join("book.db").display()),
            Engine::Postgres => postgres::url_of_schema(&unique_schema()),
        };
        Self {
            engine,
            url,
            directory,
        }
    }

    /// The engine it is on.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// As `--database` takes it: `sqlite:///…/book.db` or `postgres://…/DB?schema=t_…`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The directory it owns; on SQLite the file `book.db` appears there.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }
}

/// A name that neither another test, another process nor an earlier run on the same server has.
fn unique_schema() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("t_{}_{count}_{:08x}", std::process::id(), rand::random::<u32>())
}

/// Path of the program `yokoito`, built from the present sources with the profile of the running test.
///
/// # Panics
/// When it cannot be built.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let program = build(&["--bins"], "yokoito");
        program.unwrap_or_else(|why| panic!("the program yokoito: {why}"))
    })
}

/// Path of the program `recorders` that the crash tests kill.
///
/// # Panics
/// When it cannot be built.
pub fn recorders() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let program = build(&["--example", "recorders"], "examples/recorders");
        program.unwrap_or_else(|why| panic!("the program recorders: {why}"))
    })
}

/// Cargo builds another package's program only on request, so a test that just took the file might run an old one.
fn build(what: &[&str], made: &str) -> Result<PathBuf, String> {
    let test = std::env::current_exe().map_err(|error| error.to_string())?;
    // TARGET/PROFILE/deps/this-test
    let profile = test
        .ancestors()
        .nth(2)
        .ok_or("the test is not where cargo puts tests")?;
    let target = profile.parent().ok_or("no target directory")?;
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build
        .args(["build", "--quiet", "--workspace"])
        .args(what)
        .arg("--target-dir")
        .arg(target);
    if profile.ends_with("release") {
        build.arg("--release");
    }
    let status = build
        .current_dir(repository())
        .status()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if !status.success() {
        return Err(format!("cargo build: {status}"));
    }
    Ok(profile.join(format!("{made}{}", std::env::consts::EXE_SUFFIX)))
}

/// The top folder of the repository.
pub fn repository() -> &'static Path {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_are_named_one_by_one() {
        assert_eq!(parse_engines("sqlite"), Some(vec![Engine::Sqlite]));
        assert_eq!(
            parse_engines("postgres, sqlite"),
            Some(vec![Engine::Postgres, Engine::Sqlite])
        );
        assert_eq!(parse_engines(""), None);
        assert_eq!(parse_engines("mysql"), None);
    }

    #[test]
    fn each_test_has_its_own_database() {
        for engine in engines() {
            let (one, other) = (TestDatabase::new(engine), TestDatabase::new(engine));
            assert_ne!(one.url(), other.url());
        }
    }

    #[test]
    fn a_database_file_goes_with_its_test() {
        let database = TestDatabase::new(Engine::Sqlite);
        let file = database.directory().join("book.db");
        assert_eq!(database.url(), format!("sqlite://{}", file.display()));
        std::fs::write(&file, b"rows").unwrap();
        drop(database);
        assert!(!file.exists());
    }

    #[test]
    fn the_program_is_there() {
        assert!(program().is_file(), "{}", program().display());
    }

    #[tokio::test]
    async fn the_server_answers() {
        if engines().contains(&Engine::Postgres) {
            let server = std::env::var(postgres::SERVER).unwrap();
            let connection = sea_orm::Database::connect(server).await.unwrap();
            connection.ping().await.unwrap();
            connection.close().await.unwrap();
        }
    }
}
