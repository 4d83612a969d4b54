//! A book of its own for a test.

use sea_orm::{ConnectionTrait, Database, Statement};
use store::{DatabaseUrl, Store};
use tempfile::TempDir;

/// An address nobody else uses; the folder goes with it.
pub struct Fresh {
    pub url: DatabaseUrl,
    pub folder: TempDir,
}

impl Fresh {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let url = format!("sqlite://{}/book.db", folder.path().display())
            .parse()
            .expect("an address");
        Self { url, folder }
    }

    /// What an earlier run left is dropped.
    pub async fn postgres(test: &str) -> Self {
        let server = server();
        let schema = format!("store_{test}");
        let db = Database::connect(&server).await.expect("PostgreSQL for tests");
        db.execute_unprepared(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE"))
            .await
            .expect("dropped");
        db.close().await.expect("closed");
        Self {
            url: in_schema(&server, &schema),
            folder: tempfile::tempdir().expect("a folder for the test"),
        }
    }

    pub async fn both(test: &str) -> [Self; 2] {
        [Self::sqlite(), Self::postgres(test).await]
    }

    pub async fn open(&self) -> Store {
        Store::connect(&self.url).await.expect("opened")
    }

    pub async fn migrated(&self) -> Store {
        let store = self.open().await;
        store.migrate().await.expect("migrated");
        store
    }
}

/// Where the PostgreSQL for tests is.
pub fn server() -> String {
    std::env::var("YOKOITO_TEST_POSTGRES")
        .expect("YOKOITO_TEST_POSTGRES must name a PostgreSQL database for tests")
}

/// The address of a schema on a server.
pub fn in_schema(server: &str, schema: &str) -> DatabaseUrl {
    let joint = if server.contains('?') { '&' } else { '?' };
    format!("{server}{joint}schema={schema}")
        .parse()
        .expect("an address")
}

/// The one number a question is answered with.
pub async fn number(db: &impl ConnectionTrait, sql: &str) -> i64 {
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .expect("an answer")
        .expect("a row");
    row.try_get_by_index(0).expect("a number")
}
