//! Both engines have the same tables, columns and indexes.

use crate::support::{Fresh, texts};

/// table.column, its place in the table, and whether it may be null.
const SQLITE_COLUMNS: &str = "
    SELECT t.name || '.' || c.name || ' ' || (c.cid + 1)
        || CASE WHEN c.\"notnull\" OR c.pk THEN ' not null' ELSE '' END
    FROM pragma_table_list t JOIN pragma_table_xinfo(t.name) c
    WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'seaql_migrations'";

const POSTGRES_COLUMNS: &str = "
    SELECT t.relname || '.' || attname || ' ' || attnum || CASE WHEN attnotnull THEN ' not null' ELSE '' END
    FROM pg_class t JOIN pg_attribute ON attrelid = t.oid AND attnum > 0
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname <> 'seaql_migrations'";

/// table (columns), unique or not, partial or not. A whole-number key of SQLite is the table itself, not an index.
const SQLITE_INDEXES: &str = "
    SELECT t.name || ' (' || (SELECT group_concat(x.name, ', ' ORDER BY x.seqno) FROM pragma_index_info(i.name) x) || ')'
        || CASE WHEN i.\"unique\" THEN ' unique' ELSE '' END || CASE WHEN i.partial THEN ' partial' ELSE '' END
    FROM pragma_table_list t JOIN pragma_index_list(t.name) i
    WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'seaql_migrations'
    UNION ALL
    SELECT t.name || ' (' || c.name || ') unique'
    FROM pragma_table_list t JOIN pragma_table_info(t.name) c
    WHERE t.schema = 'main' AND c.pk = 1 AND c.type = 'INTEGER' AND t.name <> 'seaql_migrations'
        AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) i WHERE i.origin = 'pk')";

const POSTGRES_INDEXES: &str = "
    SELECT t.relname || ' ('
        || (SELECT string_agg(attname, ', ' ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY k (attnum, n)
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum) || ')'
        || CASE WHEN x.indisunique THEN ' unique' ELSE '' END || CASE WHEN x.indpred IS NULL THEN '' ELSE ' partial' END
    FROM pg_class t JOIN pg_index x ON x.indrelid = t.oid
    WHERE t.relnamespace = current_schema()::regnamespace AND t.relname <> 'seaql_migrations'";

#[tokio::test]
async fn columns_and_indexes_are_the_same() {
    let [sqlite, postgres] = Fresh::both("parity").await;
    let (sqlite, postgres) = (sqlite.migrated().await, postgres.migrated().await);
    for (here, there) in [
        (SQLITE_COLUMNS, POSTGRES_COLUMNS),
        (SQLITE_INDEXES, POSTGRES_INDEXES),
    ] {
        let mut ours = texts(&sqlite, here).await;
        let mut theirs = texts(&postgres, there).await;
        ours.sort();
        theirs.sort();
        assert!(ours.len() > 20, "found only {ours:?}");
        assert_eq!(ours, theirs);
    }
}
