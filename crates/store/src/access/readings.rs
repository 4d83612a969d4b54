//! 閲覧記録: the reading register.

use crate::{
    Engine, Store, StoreError,
    entity::reading,
    write::column::{Column, Named, Row, arrays, tuples, unnest},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement, Value,
};
use std::sync::OnceLock;
use uuid::Uuid;

/// Readings of one statement.
pub const READINGS: usize = 512;
/// Columns that are written; the number is the engine's.
const COLUMNS: &[Named] = &[
    ("at", Column::Big),
    ("person", Column::Uuid),
    ("office", Column::Uuid),
    ("network", Column::Uuid),
    ("operation", Column::Text),
    ("subject", Column::Text),
];

impl Store {
    /// Writes readings, in one statement if they are at most [`READINGS`]; their `no` does not matter. When this
    /// answers they are kept.
    ///
    /// # Errors
    /// As any statement.
    pub async fn add_readings(&self, readings: Vec<reading::Model>) -> Result<(), StoreError> {
        if readings.is_empty() {
            return Ok(());
        }
        let rows: Vec<Row> = readings.into_iter().map(row).collect();
        let into = "INSERT INTO reading (at, person, office, network, operation, subject)";
        match self.engine {
            Engine::Postgres => {
                static TEXT: OnceLock<String> = OnceLock::new();
                let text = TEXT.get_or_init(|| format!("{into} SELECT * FROM {}", unnest(COLUMNS, 1)));
                self.insert(text, arrays(COLUMNS, rows).collect()).await
            }
            Engine::Sqlite => {
                let text = format!("{into} VALUES {}", tuples(COLUMNS.len(), rows.len()));
                self.insert(&text, rows.into_iter().flatten().collect()).await
            }
        }
    }

    async fn insert(&self, text: &str, values: Vec<Value>) -> Result<(), StoreError> {
        let db = &self.access;
        let statement = Statement::from_sql_and_values(db.get_database_backend(), text, values);
        db.execute_raw(statement).await?;
        Ok(())
    }

    /// Readings of an office's dealings after a number, in their order.
    ///
    /// # Errors
    /// As any statement.
    pub async fn readings(
        &self,
        office: Uuid,
        after: i64,
        limit: u64,
    ) -> Result<Vec<reading::Model>, StoreError> {
        let found = reading::Entity::find()
            .filter(reading::Column::Office.eq(office))
            .filter(reading::Column::No.gt(after))
            .order_by_asc(reading::Column::No)
            .limit(limit);
        Ok(found.all(&self.reader).await?)
    }
}

fn row(reading: reading::Model) -> Row {
    vec![
        reading.at.into(),
        reading.person.into(),
        reading.office.into(),
        reading.network.into(),
        reading.operation.into(),
        reading.subject.into(),
    ]
}
