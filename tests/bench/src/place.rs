//! Where books are measured: a folder for SQLite files, a server for PostgreSQL schemas.

use anyhow::{Context, anyhow};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection, postgres::PgConnectOptions};
use std::{fmt, path::PathBuf, str::FromStr};

/// Environment variable with the URL of the server.
pub const SERVER: &str = "YOKOITO_TEST_POSTGRES";

/// What a book is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// One file.
    Sqlite,
    /// One schema.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        })
    }
}

/// Where the books of a run are.
#[derive(Clone, Debug)]
pub struct Places {
    /// Folder of what is kept between runs, and of this run's files.
    pub cache: PathBuf,
    /// URL of the server, for PostgreSQL.
    pub server: Option<String>,
}

/// One book's place.
#[derive(Clone, Debug)]
pub struct Place {
    /// Engine.
    pub engine: Engine,
    /// Name of file or schema.
    pub name: String,
    /// As the program takes it.
    pub url: String,
    path: PathBuf,
    server: String,
}

impl Places {
    /// The place of a name.
    pub fn place(&self, engine: Engine, name: &str) -> anyhow::Result<Place> {
        let path = self.cache.join(format!("{name}.db"));
        let server = match (engine, &self.server) {
            (Engine::Sqlite, _) => String::new(),
            (Engine::Postgres, Some(server)) => server.clone(),
            (Engine::Postgres, None) => {
                return Err(anyhow!(
                    "{SERVER} is not set: start a server by tests/postgres start DIR"
                ));
            }
        };
        let url = match engine {
            Engine::Sqlite => format!("sqlite://{}", path.display()),
            Engine::Postgres => format!("{server}?schema={name}"),
        };
        Ok(Place {
            engine,
            name: name.to_owned(),
            url,
            path,
            server,
        })
    }

    /// Lets the server take a client for each recorder, from its next start on. Its other settings stay as they are.
    pub async fn prepare_server(&self) -> anyhow::Result<()> {
        let place = self.place(Engine::Postgres, "public")?;
        let setting = "ALTER SYSTEM SET max_connections = 300";
        sqlx::raw_sql(setting)
            .execute(&mut place.postgres().await?)
            .await?;
        Ok(())
    }

    /// The place of a name, with nothing there.
    pub async fn fresh(&self, engine: Engine, name: &str) -> anyhow::Result<Place> {
        let place = self.place(engine, name)?;
        place.remove().await?;
        Ok(place)
    }
}

impl Place {
    /// One number of its tables.
    pub async fn number(&self, sql: &'static str) -> anyhow::Result<i64> {
        Ok(match self.engine {
            Engine::Sqlite => {
                sqlx::query_scalar(sql)
                    .fetch_one(&mut self.sqlite().await?)
                    .await?
            }
            Engine::Postgres => {
                sqlx::query_scalar(sql)
                    .fetch_one(&mut self.postgres().await?)
                    .await?
            }
        })
    }

    /// One text.
    pub async fn text(&self, sql: &'static str) -> anyhow::Result<String> {
        Ok(match self.engine {
            Engine::Sqlite => {
                sqlx::query_scalar(sql)
                    .fetch_one(&mut self.sqlite().await?)
                    .await?
            }
            Engine::Postgres => {
                sqlx::query_scalar(sql)
                    .fetch_one(&mut self.postgres().await?)
                    .await?
            }
        })
    }

    /// Bytes on disk, indexes included.
    pub async fn bytes(&self) -> anyhow::Result<u64> {
        let sum = "SELECT CAST(SUM(pg_total_relation_size(c.oid)) AS bigint) FROM pg_class c \
                   JOIN pg_namespace n ON n.oid = c.relnamespace \
                   WHERE n.nspname = current_schema AND c.relkind = 'r'";
        Ok(match self.engine {
            Engine::Sqlite => std::fs::metadata(&self.path)?.len(),
            Engine::Postgres => u64::try_from(self.number(sum).await?)?,
        })
    }

    /// Removes the book.
    pub async fn remove(&self) -> anyhow::Result<()> {
        match self.engine {
            Engine::Sqlite => {
                for end in ["", "-wal", "-shm"] {
                    let mut file = self.path.clone().into_os_string();
                    file.push(end);
                    match std::fs::remove_file(&file) {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                            return Err(error).with_context(|| format!("{}", self.path.display()));
                        }
                        _ => {}
                    }
                }
            }
            Engine::Postgres => {
                let mut connection = self.postgres().await?;
                let drop = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name);
                sqlx::raw_sql(AssertSqlSafe(drop))
                    .execute(&mut connection)
                    .await?;
                connection.close().await?;
            }
        }
        Ok(())
    }

    /// A connection as the product's writer has it: every commit waits for the disk.
    pub async fn postgres(&self) -> anyhow::Result<PgConnection> {
        let options = PgConnectOptions::from_str(&self.server)?.options([
            ("search_path", self.name.as_str()),
            ("synchronous_commit", "on"),
            ("default_transaction_isolation", "read committed"),
        ]);
        Ok(PgConnection::connect_with(&options).await?)
    }

    /// A connection with the settings of the product's writer.
    pub async fn sqlite(&self) -> anyhow::Result<SqliteConnection> {
        use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
        let options = SqliteConnectOptions::new()
            .filename(&self.path)
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(std::time::Duration::from_secs(5))
            .pragma("recursive_triggers", "ON")
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("wal_autocheckpoint", "10000");
        Ok(SqliteConnection::connect_with(&options).await?)
    }
}
