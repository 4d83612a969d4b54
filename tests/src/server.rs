//! A PostgreSQL that belongs to one test, which may kill it.

use crate::support::repository;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, QueryResult, Statement};
use std::{
    fs,
    io::{Read as _, Seek as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long a server is given to come back: it waits until nobody uses the memory of the killed one, then reads its log.
const COMES_BACK: Duration = Duration::from_mins(1);

/// A private server, started by `tests/postgres`, stopped and removed at drop.
pub struct Server {
    directory: TempDir,
    url: String,
}

impl Server {
    /// A new one in a temporary directory.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start() -> Server {
        Server::start_under(&[])
    }

    /// A new one, started by a command that runs the command behind it, as `strace` does.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_under(wrapper: &[&str]) -> Server {
        Server::start_in(server_directory(None), wrapper)
    }

    /// A new one in this directory, which is empty.
    ///
    /// # Panics
    /// When it does not start.
    #[expect(clippy::panic, reason = "tests fail by panicking")]
    pub fn start_in(directory: TempDir, wrapper: &[&str]) -> Server {
        let url = postgres(wrapper, "start", directory.path()).unwrap_or_else(|why| panic!("{why}"));
        Server { directory, url }
    }

    /// Where a book of this name is on it.
    pub fn book(&self, schema: &str) -> String {
        format!("{}?schema={schema}", self.url)
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The directory it was given.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// One connection.
    ///
    /// # Errors
    /// When it is down.
    pub async fn connect(&self) -> Result<DatabaseConnection, DbErr> {
        let mut options = ConnectOptions::new(&self.url);
        options.max_connections(1).sqlx_logging(false);
        Database::connect(options).await
    }

    /// One connection, as soon as the server takes one.
    ///
    /// # Panics
    /// When it does not come back.
    #[expect(clippy::panic, reason = "tests fail by panicking")]
    pub async fn connect_again(&self) -> DatabaseConnection {
        let begun = Instant::now();
        loop {
            match self.connect().await {
                Ok(connection) => return connection,
                Err(error) if begun.elapsed() > COMES_BACK => {
                    panic!("the server does not come back: {error}")
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Changes a setting of all sessions, those that are open too. Comes back when a new session has it.
    ///
    /// # Panics
    /// When the server objects, or a number is written otherwise than the server shows it.
    #[expect(clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]
    pub async fn set(&self, name: &str, value: &str) {
        let connection = self.connect().await.expect("a connection");
        for sql in [
            format!("ALTER SYSTEM SET {name} = '{value}'"),
            "SELECT pg_reload_conf()".to_owned(),
        ] {
            connection.execute_unprepared(&sql).await.expect(&sql);
        }
        let begun = Instant::now();
        while text(&connection, &format!("SHOW {name}")).await.as_deref() != Ok(value) {
            assert!(begun.elapsed() < COMES_BACK, "{name} = {value} is not taken");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        connection.close().await.unwrap_or_else(|error| panic!("{error}"));
    }

    /// The process that starts all others.
    ///
    /// # Panics
    /// When the server has never been up.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub fn postmaster(&self) -> u32 {
        let file = self.directory.path().join("data/postmaster.pid");
        let file = fs::read_to_string(file).expect("a running server");
        file.lines()
            .next()
            .and_then(|line| line.parse().ok())
            .expect("a process id")
    }

    /// Kills the process that starts all others. Comes back when it is gone; those that it had started notice and go.
    ///
    /// # Panics
    /// When it does not go.
    pub fn kill_postmaster(&self) {
        let pid = self.postmaster();
        let begun = Instant::now();
        // a second signal reaches nobody, or a process that is no more than a name
        while kill(pid) {
            assert!(begun.elapsed() < COMES_BACK, "process {pid} does not go");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Starts it again on the same port after it was killed.
    ///
    /// # Panics
    /// When it does not come back.
    pub fn start_again(&self) {
        let begun = Instant::now();
        // until the last process of the killed server is gone, a new one refuses to start
        while let Err(why) = postgres(&[], "start", self.directory.path()) {
            assert!(begun.elapsed() < COMES_BACK, "{why}");
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Stops it as a crash does, without removing anything.
    ///
    /// # Panics
    /// When it does not stop.
    #[expect(clippy::panic, reason = "tests fail by panicking")]
    pub fn halt(&self) {
        postgres(&[], "halt", self.directory.path()).unwrap_or_else(|why| panic!("{why}"));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(why) = postgres(&[], "stop", self.directory.path()) {
            eprintln!("{why}");
        }
    }
}

/// A directory that the server's user can enter, inside another one or among the temporary ones.
///
/// # Panics
/// When it cannot be made.
#[expect(clippy::expect_used, reason = "tests fail by panicking")]
pub fn server_directory(inside: Option<&Path>) -> TempDir {
    let mut directory = tempfile::Builder::new();
    directory
        .prefix("yokoito-server-")
        .permissions(fs::Permissions::from_mode(0o755));
    let made = match inside {
        Some(inside) => directory.tempdir_in(inside),
        None => directory.tempdir(),
    };
    made.expect("a directory")
}

fn postgres(wrapper: &[&str], command: &str, directory: &Path) -> Result<String, String> {
    let script = repository().join("tests/postgres");
    let mut words = wrapper.iter().map(Into::into).chain([script.into_os_string()]);
    // files, not pipes: a wrapper may hold them as long as the server runs
    let (said, complained) = (tempfile::tempfile(), tempfile::tempfile());
    let (Ok(mut said), Ok(mut complained)) = (said, complained) else {
        return Err("no temporary files".to_owned());
    };
    let mut run = Command::new(words.next().unwrap_or_default());
    run.args(words).arg(command).arg(directory).stdin(Stdio::null());
    let status = (said.try_clone())
        .and_then(|said| Ok(run.stdout(said).stderr(complained.try_clone()?)))
        .and_then(Command::status)
        .map_err(|error| format!("tests/postgres {command}: {error}"))?;
    if status.success() {
        Ok(content(&mut said).trim().to_owned())
    } else {
        Err(content(&mut complained))
    }
}

fn content(file: &mut fs::File) -> String {
    let mut text = String::new();
    let read = file.rewind().and_then(|()| file.read_to_string(&mut text));
    read.map_or_else(|error| error.to_string(), |_| text)
}

/// The first column of the first row as text; empty when there is no row.
///
/// # Errors
/// As any statement.
pub async fn text(connection: &DatabaseConnection, sql: &str) -> Result<String, DbErr> {
    let texts = texts(connection, sql).await?;
    Ok(texts.into_iter().next().unwrap_or_default())
}

/// The first column as texts.
///
/// # Errors
/// As any statement.
pub async fn texts(connection: &DatabaseConnection, sql: &str) -> Result<Vec<String>, DbErr> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await?;
    let first = |row: &QueryResult| row.try_get_by_index(0);
    rows.iter().map(first).collect()
}

/// SIGKILL to a process of which the test knows that it is one of its own server or its own program.
///
/// # Panics
/// When there is no `kill`.
#[expect(clippy::expect_used, reason = "tests fail by panicking")]
pub fn kill(pid: u32) -> bool {
    let mut kill = Command::new("kill");
    kill.args(["-KILL", &pid.to_string()]).stderr(Stdio::null());
    kill.status().expect("kill").success()
}
