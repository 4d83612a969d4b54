//! The migrated schema as text, committed under `schema/`, so that a review sees what a migration did.
//! `UPDATE_SCHEMA=1 cargo test -p migrations` writes it anew.

use std::path::Path;

use sea_orm_migration::sea_orm::DatabaseConnection;

use crate::support::{Fresh, texts};

const SQLITE: &str = "
    SELECT sql || ';' FROM sqlite_schema
    WHERE sql IS NOT NULL AND tbl_name <> 'seaql_migrations'
    ORDER BY tbl_name, CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name";

const POSTGRES: &str = r#"
    WITH tables AS (
        SELECT oid, relname::text COLLATE "C" AS name, reloptions FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname <> 'seaql_migrations'
    ), lines AS (
        SELECT name, 0 AS part, 0 AS position, '' AS item,
            'table ' || name || coalesce(' with ' || array_to_string(reloptions, ', '), '') AS line
        FROM tables
        UNION ALL
        SELECT name, 1, attnum, '',
            '    column ' || attname || ' ' || format_type(atttypid, atttypmod)
            || CASE WHEN attcollation IN (0, 100) THEN '' ELSE ' collate ' || attcollation::regcollation END
            || CASE WHEN attnotnull THEN ' not null' ELSE '' END
        FROM tables JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
        UNION ALL
        SELECT name, 2, 0, conname, '    constraint ' || conname || ' ' || pg_get_constraintdef(pg_constraint.oid)
        FROM tables JOIN pg_constraint ON conrelid = tables.oid AND contype <> 'n'
        UNION ALL
        SELECT name, 3, 0, indexname, '    index ' || replace(indexdef, quote_ident(schemaname) || '.', '')
        FROM tables JOIN pg_indexes ON tablename = name AND schemaname = current_schema()
        WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = tables.oid AND conname = indexname)
        UNION ALL
        SELECT name, 4, 0, tgname, '    trigger ' || pg_get_triggerdef(pg_trigger.oid, true)
        FROM tables JOIN pg_trigger ON tgrelid = tables.oid AND NOT tgisinternal
        UNION ALL
        SELECT '~', 5, 0, proname, 'function ' || proname || ' ' || prosrc
        FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
    )
    SELECT line FROM lines ORDER BY name, part, position, item COLLATE "C""#;

async fn check(db: &DatabaseConnection, sql: &str, file: &str) {
    let mut dump = texts(db, sql).await.join("\n");
    dump.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(file);
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &dump).expect("the dump is written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        dump, committed,
        "schema/{file} is not what the migrations make: run with UPDATE_SCHEMA=1"
    );
}

#[tokio::test]
async fn sqlite_is_as_committed() {
    let fresh = Fresh::sqlite();
    check(&fresh.migrated().await, SQLITE, "sqlite.sql").await;
}

#[tokio::test]
async fn postgres_is_as_committed() {
    let fresh = Fresh::postgres("dump").await;
    check(&fresh.migrated().await, POSTGRES, "postgres.sql").await;
}

#[tokio::test]
async fn every_sqlite_table_is_strict() {
    let fresh = Fresh::sqlite();
    let lax = texts(
        &fresh.migrated().await,
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite_%'",
    )
    .await;
    assert_eq!(lax, ["seaql_migrations"]);
}
