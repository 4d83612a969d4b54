//! Every column of every table, one at a time, on the first, a middle and the last row: none can be changed unnoticed.

use super::{
    World, book,
    damage::{damaged, unguard},
    findings, verified,
};
use acceptance::support::{Engine, engines};
use app::{key, log};
use sea_orm::{ConnectionTrait, Statement};

/// Tables and their keys, which give the rows an order.
const TABLES: [(&str, &str); 20] = [
    ("book", "id"),
    ("book_key", "key_id"),
    ("log_head", "id"),
    ("log_tile", "level, tile_index, slot"),
    ("log_checkpoint", "size"),
    ("entry", "seq"),
    ("entry_text", "seq, line"),
    ("entry_office", "office_no, seq"),
    ("entry_ref", "target_seq, seq, role"),
    ("party", "no"),
    ("product", "no"),
    ("lot", "no"),
    ("lot_amendment", "lot_no, seq"),
    ("place", "no"),
    ("account", "no"),
    ("movement", "seq, line"),
    ("posting", "seq, line"),
    ("link", "seq, line"),
    ("stock", "lot_no, place_no"),
    ("balance", "account_no"),
];

/// Columns that nothing depends on: when a row beside the log was written; and the one value of a table of one row.
const FREE: [(&str, &str); 5] = [
    ("book", "made_at"),
    ("book_key", "from_at"),
    ("log_checkpoint", "at"),
    ("book", "id"),
    ("log_head", "id"),
];

/// Those that are stored; what the engine makes of them itself cannot be changed.
pub(super) async fn columns(world: &World, table: &str) -> Vec<(String, String)> {
    let db = &world.book.store().reader;
    let sql = match world.database.engine() {
        Engine::Sqlite => format!("SELECT name, type FROM pragma_table_info('{table}')"),
        Engine::Postgres => format!(
            "SELECT CAST(column_name AS text), CAST(data_type AS text) FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}' AND is_generated = 'NEVER' ORDER BY ordinal_position"
        ),
    };
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap();
    let column = |row: &sea_orm::QueryResult| {
        let (name, kind): (String, String) =
            (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
        (name, kind.to_lowercase())
    };
    rows.iter().map(column).collect()
}

/// Another value of the same type, one that the table's own constraints let pass.
fn other(engine: Engine, column: &str, kind: &str) -> String {
    match (kind, engine) {
        _ if column == "slot" => "255 - slot".into(),
        ("boolean", _) => format!("NOT {column}"),
        ("integer", Engine::Sqlite) if ["is_master", "assumed", "inner_place"].contains(&column) => {
            format!("1 - {column}")
        }
        ("integer" | "bigint" | "smallint", _) => format!("COALESCE({column}, 0) + 1003"),
        ("text", _) => format!("COALESCE({column}, '') || 'x'"),
        ("blob", _) => format!(
            "CASE WHEN {column} IS NULL THEN x'00000000000000000000000000000001' ELSE \
             CAST(substr({column}, 1, length({column}) - 1) || CASE WHEN substr({column}, -1) = x'00' THEN x'01' \
             ELSE x'00' END AS BLOB) END"
        ),
        ("bytea", _) => {
            format!("set_byte({column}, length({column}) - 1, get_byte({column}, length({column}) - 1) # 1)")
        }
        ("uuid", _) => format!("COALESCE(CAST(md5(CAST({column} AS text)) AS uuid), CAST(md5('') AS uuid))"),
        _ => panic!("{column}: {kind}"),
    }
}

#[tokio::test]
async fn no_column_can_be_changed_unnoticed() {
    for engine in engines() {
        let world = book(engine).await;
        let path = world.database.directory().join("test.key");
        let key = key::open(&world.book, &path).await.unwrap();
        log::checkpoint(&world.book, &key).await.unwrap();
        unguard(&world).await;
        let mut unnoticed = Vec::new();
        let tables = TABLES.into_iter().chain([("balance_month", "account_no, month")]);
        for (table, order) in tables {
            // a boundary place below zero could not be called an inner one: CHECK
            let rows = if table == "stock" {
                "stock WHERE quantity >= 0"
            } else {
                table
            };
            let count = world.number(&format!("SELECT COUNT(*) FROM {rows}")).await;
            assert!(count > 0, "{table} is empty: nothing would be tried");
            let mut positions = vec![0, count / 2, count - 1];
            positions.dedup();
            for (column, kind) in columns(&world, table).await {
                if FREE.contains(&(table, column.as_str())) {
                    continue;
                }
                for at in &positions {
                    let sql = format!(
                        "UPDATE {table} SET {column} = {} WHERE ({order}) = (SELECT {order} FROM {rows} \
                         ORDER BY {order} LIMIT 1 OFFSET {at})",
                        other(engine, &column, &kind)
                    );
                    if damaged(&world, &[&sql]).await.is_empty() {
                        unnoticed.push(format!("{table}.{column} of row {at}"));
                    }
                }
            }
        }
        assert_eq!(unnoticed, [""; 0], "{engine:?}");
        assert_eq!(findings(&verified(&world).await), [""; 0]);
    }
}
