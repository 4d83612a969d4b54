//! A fresh database for a test, and short ways to ask it.

use migrations::run;
use sea_orm_migration::sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, Statement,
};
use tempfile::TempDir;

/// An empty database that several pools may open.
pub enum Fresh {
    Sqlite(TempDir),
    Postgres { url: String, schema: String },
}

impl Fresh {
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a folder for the test"))
    }

    /// A schema of this test's own; what an earlier run left is dropped.
    pub async fn postgres(test: &str) -> Self {
        let url = std::env::var("YOKOITO_TEST_POSTGRES")
            .expect("YOKOITO_TEST_POSTGRES must name a PostgreSQL database for tests");
        let schema = format!("migrations_{test}");
        let db = Database::connect(&url).await.expect("PostgreSQL for tests");
        db.execute_unprepared(&format!(
            "DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}"
        ))
        .await
        .expect("a schema for the test");
        db.close().await.expect("closed");
        Self::Postgres { url, schema }
    }

    pub async fn both(test: &str) -> [Self; 2] {
        [Self::sqlite(), Self::postgres(test).await]
    }

    /// A pool of one connection.
    pub async fn open(&self) -> DatabaseConnection {
        let mut options = match self {
            Self::Sqlite(folder) => {
                ConnectOptions::new(format!("sqlite://{}/book.db?mode=rwc", folder.path().display()))
            }
            Self::Postgres { url, schema } => {
                let mut options = ConnectOptions::new(url);
                options.set_schema_search_path(schema);
                options
            }
        };
        options.max_connections(1);
        options.map_sqlx_sqlite_opts(|opts| opts.pragma("recursive_triggers", "ON"));
        Database::connect(options).await.expect("a connection")
    }

    /// A pool of one connection to the migrated database.
    pub async fn migrated(&self) -> DatabaseConnection {
        let db = self.open().await;
        run(&db).await.expect("migrated");
        db
    }
}

/// The first column of every row as text.
pub async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .expect("rows");
    rows.iter()
        .map(|row| row.try_get_by_index(0).expect("text"))
        .collect()
}

/// The driver's code and message of a statement that must fail.
pub async fn refused(db: &DatabaseConnection, sql: &str) -> String {
    match db.execute_unprepared(sql).await {
        Ok(_) => panic!("should have been refused: {sql}"),
        Err(DbErr::Exec(error) | DbErr::Query(error)) => error.to_string(),
        Err(other) => panic!("{sql}: {other}"),
    }
}
