//! Ledger rows stay as they were written, whatever the SQL.

use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use crate::support::{Fresh, refused, texts};

const LEDGER: &[&str] = &[
    "book",
    "book_key",
    "log_tile",
    "log_checkpoint",
    "entry",
    "entry_office",
    "entry_ref",
    "party",
    "product",
    "lot",
    "place",
    "account",
    "movement",
    "posting",
    "link",
    "reading",
];

/// One row in every ledger table. `ID` and `HASH` stand for the engine's 16 and 32 bytes.
const ROWS: &str = "
    INSERT INTO book VALUES (1, ID, 1, 0);
    INSERT INTO book_key VALUES ('k', HASH, '', 0);
    INSERT INTO log_tile VALUES (0, 0, 0, HASH);
    INSERT INTO log_checkpoint VALUES (1, '', 0);
    INSERT INTO entry VALUES (1, ID, 'produce', 1, 'keeper', 'k1', HASH, 20260401, 20260401, 0, '', NULL, NULL,
        NULL, NO, HASH, HASH, HASH);
    INSERT INTO entry_text VALUES (1, 0, 'note', HASH, 'にんじん');
    INSERT INTO entry_office VALUES (1, 1);
    INSERT INTO entry_ref VALUES (1, 1, 'r');
    INSERT INTO party VALUES (1, 0, ID, 'a', 1);
    INSERT INTO product VALUES (1, ID, 1, 'p', 1);
    INSERT INTO lot VALUES (1, ID, 'l', 1, 1, 1, NULL, NULL, '{}');
    INSERT INTO place VALUES (1, 0, ID, ID, ID);
    INSERT INTO account VALUES (1, 0, ID, 0, 0, ID, ID);
    INSERT INTO movement VALUES (1, 0, 1, 1, 2, 5, NO, 20260401);
    INSERT INTO posting VALUES (1, 0, 1, 100, 0, 8, 0, NULL, 20260401, 20260401);
    INSERT INTO link VALUES (1, 0, 1, 2, 5);
    INSERT INTO stock VALUES (1, 1, YES, 5, 20260401);
    INSERT INTO reading VALUES (1, 0, ID, ID, ID, 'trace', 'l')";

fn for_engine(db: &DatabaseConnection, sql: &str) -> String {
    let (id, hash) = ("11".repeat(16), "22".repeat(32));
    if db.get_database_backend() == DbBackend::Sqlite {
        sql.replace("ID", &format!("x'{id}'"))
            .replace("HASH", &format!("x'{hash}'"))
            .replace("YES", "1")
            .replace("NO", "0")
    } else {
        sql.replace("ID", &format!("'{id}'"))
            .replace("HASH", &format!("'\\x{hash}'"))
            .replace("YES", "true")
            .replace("NO", "false")
    }
}

async fn filled(fresh: &Fresh) -> DatabaseConnection {
    let db = fresh.migrated().await;
    db.execute_unprepared(&for_engine(&db, ROWS))
        .await
        .expect("one row each");
    db
}

#[tokio::test]
async fn ledger_tables_refuse_update_and_delete() {
    for fresh in Fresh::both("append_only").await {
        let db = filled(&fresh).await;
        for table in LEDGER {
            let column = &texts(&db, &first_column(&db, table)).await[0];
            let said = refused(&db, &format!("UPDATE {table} SET {column} = {column}")).await;
            assert!(said.contains(&format!("append-only: {table}")), "{said}");
            let said = refused(&db, &format!("DELETE FROM {table}")).await;
            assert!(said.contains(&format!("append-only: {table}")), "{said}");
            if db.get_database_backend() == DbBackend::Postgres {
                // CASCADE, or the foreign key of product would refuse party first.
                let said = refused(&db, &format!("TRUNCATE {table} CASCADE")).await;
                assert!(said.contains("append-only: "), "{said}");
            }
            assert_eq!(
                texts(&db, &format!("SELECT CAST(count(*) AS text) FROM {table}")).await,
                ["1"]
            );
        }
    }
}

fn first_column(db: &DatabaseConnection, table: &str) -> String {
    if db.get_database_backend() == DbBackend::Sqlite {
        format!("SELECT name FROM pragma_table_info('{table}') WHERE cid = 0")
    } else {
        format!("SELECT attname::text FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum = 1")
    }
}

#[tokio::test]
async fn a_ledger_row_cannot_be_replaced() {
    let fresh = Fresh::sqlite();
    let db = filled(&fresh).await;
    let said = refused(&db, "INSERT OR REPLACE INTO link VALUES (1, 0, 1, 2, 6)").await;
    assert!(said.contains("append-only: link"), "{said}");
}

#[tokio::test]
async fn a_text_can_be_erased_and_nothing_else() {
    for fresh in Fresh::both("entry_text").await {
        let db = filled(&fresh).await;
        for change in [
            "text = 'other'",
            "text = NULL",
            "salt = NULL, text = NULL, role = 'reason'",
        ] {
            let said = refused(&db, &format!("UPDATE entry_text SET {change}")).await;
            assert!(said.contains("entry_text"), "{said}");
        }
        let said = refused(&db, "DELETE FROM entry_text").await;
        assert!(said.contains("append-only: entry_text"), "{said}");
        db.execute_unprepared("UPDATE entry_text SET salt = NULL, text = NULL")
            .await
            .expect("erased");
        assert_eq!(
            texts(
                &db,
                "SELECT CAST(count(*) AS text) FROM entry_text WHERE text IS NULL AND salt IS NULL"
            )
            .await,
            ["1"]
        );
    }
}

#[tokio::test]
async fn the_head_is_updated_but_never_lost() {
    for fresh in Fresh::both("head").await {
        let db = filled(&fresh).await;
        let said = refused(&db, "DELETE FROM log_head").await;
        assert!(said.contains("append-only: log_head"), "{said}");
        let outcome = db
            .execute_unprepared("UPDATE log_head SET size = 1 WHERE size = 0")
            .await
            .expect("moved");
        assert_eq!(outcome.rows_affected(), 1);
        let said = refused(
            &db,
            &for_engine(
                &db,
                "INSERT INTO log_head SELECT 2, size, root, frontier, 0, 1, 1, 1, 1, 1 FROM log_head",
            ),
        )
        .await;
        assert!(said.contains("log_head_one"), "{said}");
    }
}

#[tokio::test]
async fn the_backstops_hold() {
    for fresh in Fresh::both("backstops").await {
        let db = filled(&fresh).await;
        for (sql, constraint) in [
            ("UPDATE stock SET quantity = -1", "stock_inner_not_negative"),
            (
                "INSERT INTO stock VALUES (2, 1, YES, -1, 20260401)",
                "stock_inner_not_negative",
            ),
            (
                "INSERT INTO movement VALUES (1, 1, 1, 1, 2, 0, NO, 20260401)",
                "movement_quantity_positive",
            ),
            (
                "INSERT INTO movement VALUES (1, 1, 1, 2, 2, 1, NO, 20260401)",
                "movement_goes_somewhere",
            ),
            (
                "INSERT INTO posting VALUES (1, 1, 1, 0, 0, 8, 0, NULL, 20260401, 20260401)",
                "posting_yen_not_zero",
            ),
            (
                "INSERT INTO link VALUES (1, 1, 1, 2, 0)",
                "link_quantity_not_zero",
            ),
        ] {
            let said = refused(&db, &for_engine(&db, sql)).await;
            assert!(said.contains(constraint), "{said}");
        }
        // A boundary place may go below zero.
        db.execute_unprepared(&for_engine(
            &db,
            "INSERT INTO stock VALUES (2, 2, NO, -1, 20260401)",
        ))
        .await
        .expect("below zero outside");
    }
}
