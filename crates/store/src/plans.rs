//! How the engine walks the constant statements: what the speed of a grown book rests on.

use crate::{
    Engine, Store, StoreError,
    read::{lots, referring, search, stock, trace},
    write::{answers, insert, load, lookup::Lookup, numbers},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement};

/// A statement and how the engine goes about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What it is for.
    pub name: &'static str,
    /// The engine's own words, one step a line.
    pub steps: Vec<String>,
}

/// All look-ups.
const LOOKUPS: [(&str, &Lookup); 20] = [
    ("known entries", &load::KNOWN),
    ("lots by code", &load::LOT_BY_CODE),
    ("lots by id", &load::LOT_BY_ID),
    ("entries by id", &load::ENTRY_BY_ID),
    ("days into a place", &load::INTO),
    ("days out of a place", &load::OUT_OF),
    ("lots at a place", &load::LOTS_AT),
    ("numbers of places", &numbers::PLACE_NO),
    ("numbers of accounts", &numbers::ACCOUNT_NO),
    ("stock of lots", &stock::STOCK_OF),
    ("what was sent for orders", &search::SENT),
    ("documents of entries", &answers::COVERED),
    ("what refers to entries", &referring::REFERRING),
    ("lots by number", &lots::BY_NO),
    ("lots by id, to read", &lots::BY_ID),
    ("links backward", &trace::OUT_OF),
    ("links forward", &trace::INTO),
    ("movements of lots", &trace::MOVED),
    ("heads of entries", &trace::HEAD),
    ("whole entries", &trace::WHOLE),
];

impl Store {
    /// Asks the engine for the plan of each constant statement, as the writer runs it. Changes nothing.
    ///
    /// # Errors
    /// As any statement.
    pub async fn plans(&self) -> Result<Vec<Plan>, StoreError> {
        let tx = self.begin_write().await?;
        let mut plans = Vec::new();
        for (name, lookup) in LOOKUPS {
            let steps = match self.engine {
                Engine::Sqlite => {
                    let text = format!("EXPLAIN QUERY PLAN {}", lookup.sqlite(8));
                    steps(&tx, text, 3).await?
                }
                Engine::Postgres => prepared(&tx, &lookup.postgres(), lookup.parameters()).await?,
            };
            plans.push(Plan { name, steps });
        }
        if self.engine == Engine::Postgres {
            let steps = prepared(&tx, insert::everything(), insert::parameters()).await?;
            plans.push(Plan {
                name: "a batch",
                steps,
            });
        }
        tx.rollback().await?;
        Ok(plans)
    }
}

/// The plan of a statement whose parameters are not known, as the session keeps it.
async fn prepared(
    tx: &DatabaseTransaction,
    text: &str,
    parameters: usize,
) -> Result<Vec<String>, StoreError> {
    tx.execute_unprepared(&format!("PREPARE planned AS {text}"))
        .await?;
    let nulls = vec!["NULL"; parameters].join(", ");
    let steps = steps(tx, format!("EXPLAIN (COSTS OFF) EXECUTE planned({nulls})"), 0).await?;
    tx.execute_unprepared("DEALLOCATE planned").await?;
    Ok(steps)
}

async fn steps(tx: &DatabaseTransaction, text: String, at: usize) -> Result<Vec<String>, StoreError> {
    let rows = tx
        .query_all_raw(Statement::from_string(tx.get_database_backend(), text))
        .await?;
    let steps = rows.iter().map(|row| Ok(row.try_get_by_index::<String>(at)?));
    steps.collect()
}
