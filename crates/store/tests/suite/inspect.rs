//! Looking at a book without leaving a trace: whatever lies beside the file, it stays byte for byte, and what was
//! committed last is read.

use crate::support::{Fresh, number};
use sea_orm::{ConnectionTrait, Database};
use std::{collections::BTreeMap, fs, path::Path, time::SystemTime};
use store::{
    DatabaseUrl, Engine, Store, StoreError,
    inspect::{Object, ObjectKind, SqliteFile},
};

type Listing = BTreeMap<String, (Vec<u8>, SystemTime)>;

/// Every file of a folder: its bytes and when it was last changed.
fn listing(folder: &Path) -> Listing {
    let files = fs::read_dir(folder).expect("a folder").map(|file| {
        let file = file.expect("a file");
        let changed = file.metadata().and_then(|metadata| metadata.modified());
        let bytes = fs::read(file.path()).expect("bytes");
        (
            file.file_name().to_string_lossy().into_owned(),
            (bytes, changed.expect("a time")),
        )
    });
    files.collect()
}

/// A book whose head says `size`, closed.
async fn closed(size: u32) -> Fresh {
    let fresh = Fresh::sqlite();
    let store = fresh.migrated().await;
    set(&store, size).await;
    store.close().await.expect("closed");
    fresh
}

async fn set(store: &Store, size: u32) {
    let sql = format!("UPDATE log_head SET size = {size}");
    store.writer.execute_unprepared(&sql).await.expect("changed");
}

/// What the head says, read without a trace; the store stays open as long as a listing takes.
async fn read(url: &DatabaseUrl, folder: &Path) -> i64 {
    let before = listing(folder);
    let store = Store::open_read_only(url).await.expect("opened");
    let size = number(&store.reader, "SELECT size FROM log_head").await;
    assert_eq!(store.damaged_pages().await.expect("checked"), [""; 0]);
    assert!(
        store
            .writer
            .execute_unprepared("UPDATE log_head SET size = 99")
            .await
            .is_err(),
        "nothing can be written"
    );
    assert!(listing(folder) == before, "changed while it was open");
    store.close().await.expect("closed");
    assert!(listing(folder) == before, "changed when it was closed");
    size
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_book_is_left_as_it_was() {
    let fresh = closed(5).await;
    assert_eq!(listing(fresh.folder.path()).len(), 1);
    assert_eq!(read(&fresh.url, fresh.folder.path()).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_book_in_use_is_left_as_it_was_and_its_newest_state_is_read() {
    let fresh = Fresh::sqlite();
    let store = fresh.migrated().await;
    for size in [5, 6] {
        set(&store, size).await;
        assert_eq!(
            number(&store.reader, "SELECT size FROM log_head").await,
            i64::from(size)
        );
        assert_eq!(
            listing(fresh.folder.path()).len(),
            3,
            "the log and its index are there"
        );
        assert_eq!(read(&fresh.url, fresh.folder.path()).await, i64::from(size));
    }
    // and who uses it goes on
    set(&store, 7).await;
    store.close().await.expect("closed");
    assert_eq!(listing(fresh.folder.path()).len(), 1);
    assert_eq!(read(&fresh.url, fresh.folder.path()).await, 7);
}

/// The files as a killed program leaves them, with the index of the log and without it.
#[tokio::test(flavor = "multi_thread")]
async fn a_book_whose_program_was_killed_is_left_as_it_was() {
    let fresh = closed(5).await;
    let store = fresh.open().await;
    set(&store, 6).await;
    for left in [
        &["book.db", "book.db-wal", "book.db-shm"][..],
        &["book.db", "book.db-wal"],
    ] {
        // a name that an address could misread
        let killed = tempfile::Builder::new()
            .prefix("帳簿 ?a=1#%41&")
            .tempdir()
            .expect("a folder");
        for name in left {
            fs::copy(fresh.folder.path().join(name), killed.path().join(name)).expect("copied");
        }
        let url = DatabaseUrl::of_file(killed.path().join("book.db"));
        for _ in 0..2 {
            assert_eq!(read(&url, killed.path()).await, 6, "{left:?}");
        }
    }
    // an index without a log: somebody took the log away
    let orphan = tempfile::tempdir().expect("a folder");
    for name in ["book.db", "book.db-shm"] {
        fs::copy(fresh.folder.path().join(name), orphan.path().join(name)).expect("copied");
    }
    let url = DatabaseUrl::of_file(orphan.path().join("book.db"));
    assert_eq!(read(&url, orphan.path()).await, 5);
}

#[tokio::test]
async fn what_is_no_book_is_said_and_nothing_is_made() {
    let fresh = Fresh::sqlite();
    let path = fresh.folder.path().join("book.db");
    let missing = Store::open_read_only(&fresh.url).await;
    assert!(
        matches!(missing, Err(StoreError::Unavailable { .. })),
        "{missing:?}"
    );
    assert_eq!(listing(fresh.folder.path()).len(), 0);

    fs::write(&path, "にんじん".repeat(1000)).expect("written");
    let before = listing(fresh.folder.path());
    let store = Store::open_read_only(&fresh.url)
        .await
        .expect("the file is there");
    let schema = store.schema().await;
    assert!(matches!(schema, Err(StoreError::Corrupt { .. })), "{schema:?}");
    store.close().await.expect("closed");
    assert!(listing(fresh.folder.path()) == before);

    fs::write(&path, b"").expect("written");
    let store = Store::open_read_only(&fresh.url)
        .await
        .expect("the file is there");
    assert!(!store.schema().await.expect("read").is_book);
    store.close().await.expect("closed");
    assert_eq!(fs::read(&path).expect("there"), b"");

    let fresh = Fresh::postgres("inspect_none").await;
    let store = Store::open_read_only(&fresh.url)
        .await
        .expect("the server is there");
    assert!(!store.schema().await.expect("read").is_book);
    let made = "SELECT count(*) FROM pg_namespace WHERE nspname = 'store_inspect_none'";
    assert_eq!(number(&store.reader, made).await, 0);
    assert!(
        store
            .writer
            .execute_unprepared("CREATE SCHEMA store_inspect_none")
            .await
            .is_err()
    );
}

/// SQLite refuses a file that is shorter than it says; what is left of it can be read all the same.
#[tokio::test]
async fn a_file_that_was_cut_off_is_read_as_far_as_it_goes() {
    let fresh = Fresh::sqlite();
    let store = fresh.migrated().await;
    set(&store, 5).await;
    // enough rows that what is cut off are rows only
    let fill = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) \
                INSERT INTO log_tile (level, tile_index, slot, hashes) SELECT 0, i, 0, zeroblob(32) FROM n";
    store.writer.execute_unprepared(fill).await.expect("filled");
    store.close().await.expect("closed");
    let path = fresh.folder.path().join("book.db");
    let whole = fs::read(&path).expect("bytes");
    assert_eq!(SqliteFile::look(&path).expect("there").missing_pages(), None);
    fs::write(&path, &whole[..whole.len() - 3 * 4096]).expect("cut");
    let (stated, have) = SqliteFile::look(&path)
        .expect("there")
        .missing_pages()
        .expect("pages are missing");
    assert_eq!(stated - have, 3);
    let before = listing(fresh.folder.path());
    let store = Store::open_read_only(&fresh.url).await.expect("opened");
    assert_eq!(number(&store.reader, "SELECT size FROM log_head").await, 5);
    assert_ne!(store.damaged_pages().await.expect("checked"), [""; 0]);
    store.close().await.expect("closed");
    assert!(listing(fresh.folder.path()) == before);
}

#[tokio::test]
async fn a_new_book_has_what_the_migrations_make() {
    for fresh in Fresh::both("inspect_schema").await {
        let store = fresh.migrated().await;
        let schema = store.schema().await.expect("read");
        assert!(schema.is_book, "{schema:?}");
        assert_eq!((&schema.missing[..], &schema.disabled[..]), (&[][..], &[][..]));
        assert_eq!((&schema.pending[..], &schema.unknown[..]), (&[][..], &[][..]));
        // and the other way round: every table and trigger there is comes from a list that is compared
        let (tables, triggers) = match store.engine {
            Engine::Sqlite => (
                "SELECT count(*) FROM sqlite_schema WHERE type = 'table'",
                "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'",
            ),
            Engine::Postgres => (
                "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()",
                "SELECT count(*) FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid \
                 WHERE relnamespace = to_regnamespace(current_schema()) AND NOT tgisinternal",
            ),
        };
        let made = migrations::objects(
            migrations::PAIRS.iter().map(|pair| pair.name),
            store.reader.get_database_backend(),
        );
        let count =
            |kind| i64::try_from(made.iter().filter(|object| object.kind == kind).count()).expect("few");
        assert_eq!(number(&store.reader, tables).await, count(ObjectKind::Table) + 1);
        assert_eq!(number(&store.reader, triggers).await, count(ObjectKind::Trigger));
        assert!(count(ObjectKind::Index) > 5);
    }
}

#[tokio::test]
async fn what_is_missing_is_named() {
    for fresh in Fresh::both("inspect_missing").await {
        let store = fresh.migrated().await;
        let (off, version) = match store.engine {
            Engine::Sqlite => ("DROP TRIGGER lot_never_updated", "lot_never_updated"),
            Engine::Postgres => ("DROP TRIGGER lot_never_changed ON lot", "lot_never_changed"),
        };
        for sql in [
            off,
            "DROP INDEX lot_by_product",
            "DROP TABLE link",
            "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_later', 1)",
        ] {
            store.writer.execute_unprepared(sql).await.expect(sql);
        }
        let schema = store.schema().await.expect("read");
        for object in [
            Object::new(ObjectKind::Table, "link"),
            Object::new(ObjectKind::Index, "lot_by_product"),
            Object::new(ObjectKind::Trigger, version),
        ] {
            assert!(schema.missing.contains(&object), "{object:?}: {schema:?}");
        }
        assert_eq!(schema.unknown, ["m29990101_000001_later"]);
        if store.engine == Engine::Postgres {
            store
                .writer
                .execute_unprepared("ALTER TABLE entry DISABLE TRIGGER entry_never_changed")
                .await
                .expect("off");
            let schema = store.schema().await.expect("read");
            assert_eq!(schema.disabled, ["entry_never_changed"]);
        }
        // of an older book the later migrations are pending, and nothing of them is missing
        for sql in ["DELETE FROM seaql_migrations"] {
            store.writer.execute_unprepared(sql).await.expect(sql);
        }
        let schema = store.schema().await.expect("read");
        assert!(schema.is_book && schema.missing.is_empty(), "{schema:?}");
        assert_eq!(schema.pending.len(), migrations::PAIRS.len());
    }
}

/// A book made by another tool, without a write-ahead log.
#[tokio::test]
async fn a_book_with_a_rollback_journal_is_left_as_it_was() {
    let fresh = closed(5).await;
    let path = fresh.folder.path().join("book.db");
    let other = Database::connect(format!("sqlite://{}", path.display()))
        .await
        .expect("opened");
    other
        .execute_unprepared("PRAGMA journal_mode = DELETE")
        .await
        .expect("changed");
    other.close().await.expect("closed");
    let file = SqliteFile::look(&path).expect("there");
    assert!(!file.header.expect("a header").is_wal);
    assert_eq!(read(&fresh.url, fresh.folder.path()).await, 5);
}
