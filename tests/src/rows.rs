//! The rows of a book, read by themselves: what must be true of them whatever happened to the program.

use crate::{
    dealings::{MADE, SHIPPED, YEN, count},
    world::outside,
};
use app::{Book, verify::verify, viewer::AtTheMachine};
use domain::log::{Hash, root_of};
use sea_orm::{
    ConnectionTrait, DbBackend, IsolationLevel, QueryResult, Statement, TransactionOptions, TransactionTrait,
};
use std::collections::BTreeMap;
use store::Store;

/// An open book's rows.
pub struct Rows(Store);

impl Rows {
    /// Opens a book to look at its rows; on SQLite this folds in what a killed program left in the log of writes.
    ///
    /// # Panics
    /// When it cannot be opened.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn of(url: &str) -> Rows {
        let url = url.parse().expect("an address");
        Rows(Store::connect(&url).await.expect("a book"))
    }

    /// Closes it.
    ///
    /// # Panics
    /// When the engine objects.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn close(self) {
        self.0.close().await.expect("closed");
    }

    /// Rows of a statement.
    ///
    /// # Panics
    /// When the statement fails.
    pub async fn read<T>(&self, sql: &str, row: impl Fn(&QueryResult) -> T) -> Vec<T> {
        read(&self.0.reader, sql, row).await
    }

    /// The numbers in the first column.
    ///
    /// # Panics
    /// When the statement fails or gives no numbers.
    pub async fn numbers(&self, sql: &str) -> Vec<i64> {
        numbers(&self.0.reader, sql).await
    }

    /// Keys of the entries by position.
    ///
    /// # Panics
    /// When they cannot be read.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn keys(&self) -> BTreeMap<u64, String> {
        let key = |row: &QueryResult| {
            let seq: i64 = row.try_get_by_index(0).expect("a position");
            (
                u64::try_from(seq).expect("a position"),
                row.try_get_by_index(1).expect("a key"),
            )
        };
        let rows = self.read("SELECT seq, key FROM entry", key).await;
        rows.into_iter().collect()
    }

    /// The head is the root of the leaves, positions have no gap, what is kept in sum is the sum, no entry is half
    /// there, none is there twice. All of it as of one moment: a PostgreSQL server may still be committing what a
    /// program asked for before it was killed.
    ///
    /// # Panics
    /// When it is not so.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn assert_sound(&self, when: &str) {
        let reader = &self.0.reader;
        let options = TransactionOptions {
            // SQLite's transactions keep to what their first statement saw, without being asked
            isolation_level: (reader.get_database_backend() == DbBackend::Postgres)
                .then_some(IsolationLevel::RepeatableRead),
            ..TransactionOptions::default()
        };
        let now = reader.begin_with_options(options).await.expect("a moment");
        let leaf = |row: &QueryResult| {
            let bytes: Vec<u8> = row.try_get_by_index(0).expect("a leaf");
            Hash::new(bytes.try_into().expect("a hash"))
        };
        let leaves = read(&now, "SELECT leaf_hash FROM entry ORDER BY seq", leaf).await;
        let head = |row: &QueryResult| {
            let root: Vec<u8> = row.try_get_by_index(1).expect("a root");
            (row.try_get_by_index::<i64>(0).expect("a size"), root)
        };
        let head = read(&now, "SELECT size, root FROM log_head", head).await;
        let size = i64::try_from(leaves.len()).expect("a size");
        assert_eq!(head, [(size, root_of(&leaves).as_bytes().to_vec())], "{when}");
        let positions = "SELECT COALESCE(MAX(seq) + 1, 0) FROM entry";
        assert_eq!(numbers(&now, positions).await, [size], "{when}");
        for (what, sql) in NEVER {
            assert_eq!(numbers(&now, sql).await, [0_i64; 0], "{when}: {what}");
        }
        now.commit().await.expect("read");
    }

    /// The sums of the first so many [`crate::dealings`], worked out from what they say.
    ///
    /// # Panics
    /// When the book has others.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn assert_amounts(&self, lots: usize) {
        let (made, corrected) = (i64::try_from(lots).expect("a number"), count(lots, 25, 0));
        let received = made - count(lots, 40, 1);
        // what A kept, what B received, and what was taken back and is on its way again
        let inner = "SELECT CAST(SUM(quantity) AS bigint) FROM stock WHERE inner_place";
        assert_eq!(self.numbers(inner).await, [made * MADE - corrected]);
        let owed = "SELECT b.yen FROM balance b JOIN account a ON a.no = b.account_no WHERE a.kind = 10";
        assert_eq!(self.numbers(owed).await, [received * SHIPPED * YEN]);
    }
}

#[expect(clippy::expect_used, reason = "tests fail by panicking")]
async fn read<T>(db: &impl ConnectionTrait, sql: &str, row: impl Fn(&QueryResult) -> T) -> Vec<T> {
    let found = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .expect(sql);
    found.iter().map(row).collect()
}

#[expect(clippy::expect_used, reason = "tests fail by panicking")]
async fn numbers(db: &impl ConnectionTrait, sql: &str) -> Vec<i64> {
    read(db, sql, |row| row.try_get_by_index(0).expect(sql)).await
}

/// Statements that find nothing in a sound book.
const NEVER: [(&str, &str); 7] = [
    (
        "stock that is not the sum of its movements",
        "SELECT s.lot_no FROM stock s WHERE s.quantity <> \
         (SELECT COALESCE(SUM(m.quantity), 0) FROM movement m WHERE m.lot_no = s.lot_no AND m.to_no = s.place_no) - \
         (SELECT COALESCE(SUM(m.quantity), 0) FROM movement m WHERE m.lot_no = s.lot_no AND m.from_no = s.place_no)",
    ),
    (
        "a movement whose place has no stock",
        "SELECT m.lot_no FROM movement m LEFT JOIN stock s ON s.lot_no = m.lot_no AND s.place_no = m.to_no \
         WHERE s.lot_no IS NULL",
    ),
    (
        "a balance that is not the sum of its postings",
        "SELECT b.account_no FROM balance b WHERE b.yen <> \
         (SELECT SUM(p.yen) FROM posting p WHERE p.account_no = b.account_no)",
    ),
    (
        "an entry that does not balance",
        "SELECT p.seq FROM posting p GROUP BY p.seq HAVING SUM(p.yen) <> 0",
    ),
    (
        "an office of an entry without entry",
        "SELECT o.seq FROM entry_office o WHERE o.seq NOT IN (SELECT seq FROM entry)",
    ),
    (
        "a movement without entry",
        "SELECT m.seq FROM movement m WHERE m.seq NOT IN (SELECT seq FROM entry)",
    ),
    (
        "a key twice",
        "SELECT COUNT(*) FROM entry GROUP BY acting, key HAVING COUNT(*) > 1",
    ),
];

/// All that was answered is there, each under its key at the position that was answered, and nothing is there twice.
///
/// # Panics
/// When it is not so.
pub fn assert_there<'a>(
    acknowledged: impl IntoIterator<Item = (&'a str, u64)>,
    keys: &BTreeMap<u64, String>,
    when: &str,
) {
    for (key, seq) in acknowledged {
        assert_eq!(
            keys.get(&seq).map(String::as_str),
            Some(key),
            "{when}: what was answered at {seq}"
        );
    }
    let mut all: Vec<&String> = keys.values().collect();
    all.sort_unstable();
    let twice = all.windows(2).find(|two| two[0] == two[1]);
    assert_eq!(twice, None, "{when}");
}

/// All nine invariants, both ways, as `yokoito verify` finds them.
///
/// # Panics
/// When something is wrong.
pub async fn assert_verified(book: &Book) {
    let verified = verify(book, AtTheMachine, None).await;
    let findings: Vec<String> = match &verified {
        Ok(verified) => {
            let sentences = verified.findings().map(|finding| verified.sentence(finding));
            sentences.collect()
        }
        Err(error) => vec![error.to_string()],
    };
    assert_eq!(findings, [""; 0]);
    assert!(verified.is_ok_and(|verified| verified.is_clean()));
}

/// Opens a book and verifies it.
///
/// # Panics
/// When it cannot be opened or something is wrong.
#[expect(clippy::expect_used, reason = "tests fail by panicking")]
pub async fn assert_verified_at(url: &str) {
    let url = url.parse().expect("an address");
    let book = Book::open(&url, outside(0)).await.expect("a book");
    assert_verified(&book).await;
    book.close().await.expect("closed");
}
