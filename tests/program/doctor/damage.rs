//! Damage in the book: what is named, which entries are said to be safe, and that the commands given repair it.

use super::{behind_its_back, book, doctor, follow, ill, more, number, size, sound_at, well, yokoito};
use crate::run::file;
use acceptance::support::{Engine, TestDatabase, engines};
use std::fs;

/// Sums and rows can be made anew from the entries: nothing is lost.
#[test]
fn damaged_rows_are_made_anew() {
    for engine in engines() {
        for (damage, says) in [
            (
                "UPDATE stock SET quantity = quantity + 1 WHERE lot_no = 1",
                "検証 6",
            ),
            ("UPDATE posting SET yen = yen + 1 WHERE seq = 33", "posting"),
            ("DELETE FROM balance_month WHERE account_no = 1", "balance_month"),
            ("DROP TABLE link", "表がなくなっています: link"),
        ] {
            let database = book(engine);
            more(&database, 23);
            let entries = size(&database);
            behind_its_back(&database, &[damage]);
            let ran = doctor(&database, &["--backups", "."]);
            ill(
                &ran,
                &[
                    "【急ぎ】帳簿が、記録したときのままではありません",
                    says,
                    "記録を止めてください",
                    "伝票そのものは、すべて無事です",
                    "yokoito backup 救出.jsonl",
                    "トリガー",
                ],
            );
            let place = follow(&database, &ran.stdout);
            sound_at(&database, &place, entries);
        }
    }
}

#[test]
fn changed_and_missing_entries_are_named_and_the_others_are_safe() {
    for engine in engines() {
        let database = book(engine);
        let entries = size(&database);
        more(&database, 23);
        let all = size(&database);
        behind_its_back(
            &database,
            &[
                "UPDATE entry SET salt = (SELECT salt FROM entry WHERE seq = 3) WHERE seq = 40",
                "DELETE FROM entry WHERE seq IN (50, 51)",
                &format!("DELETE FROM entry WHERE seq = {}", all - 2),
            ],
        );
        let ran = doctor(&database, &["--backups", "."]);
        ill(
            &ran,
            &[
                "検証 8",
                "0番から39番までの40枚は、署名した証明のとおりで、無事です。",
                &format!("40番、50番から51番までの2枚、{}番は、なくなっているか", all - 2),
                &format!("そのあとの伝票のうち{}枚は、署名した証明のとおり", entries - 43),
                &format!("バックアップ「./full.jsonl」(伝票{entries}枚)を戻す"),
                &format!(
                    "{entries}番から{}番までの{}枚の伝票が入っていません",
                    all - 1,
                    all - entries
                ),
            ],
        );
        let place = follow(&database, &ran.stdout);
        sound_at(&database, &place, entries);
    }
}

/// An entry changed and the tiles of its neighbours gone: nothing but what was signed tells that some entry is wrong.
#[test]
fn without_tiles_only_what_was_signed_tells() {
    for engine in engines() {
        let database = book(engine);
        let entries = size(&database);
        behind_its_back(
            &database,
            &[
                "UPDATE entry SET salt = (SELECT salt FROM entry WHERE seq = 41) WHERE seq = 40",
                "DELETE FROM log_tile WHERE level = 0",
            ],
        );
        let ran = doctor(&database, &["--backup", "full.jsonl"]);
        ill(
            &ran,
            &[
                "はじめの伝票から、無事かどうかを確かめられません",
                &format!(
                    "0番から{}番までの{entries}枚は、記録したときのままかどうか、確かめるものがありません",
                    entries - 1
                ),
            ],
        );
        sound_at(&database, &follow(&database, &ran.stdout), entries);
        // with an earlier head that was signed, what it covers is safe
        let database = book(engine);
        file(
            &database,
            "30.txt",
            yokoito(&database, &["log", "consistency", "30"]).ok(),
        );
        behind_its_back(
            &database,
            &[
                "UPDATE entry SET salt = (SELECT salt FROM entry WHERE seq = 41) WHERE seq = 40",
                "DELETE FROM log_tile WHERE level = 0",
            ],
        );
        ill(
            &doctor(&database, &["--backup", "full.jsonl"]),
            &["0番から29番までの30枚は、署名した証明のとおりで、無事です"],
        );
    }
}

#[test]
fn a_file_that_was_cut_off_or_overwritten() {
    let database = book(Engine::Sqlite);
    let entries = size(&database);
    let path = database.directory().join("book.db");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let ran = doctor(&database, &["--backups", "."]);
    ill(
        &ran,
        &[
            "帳簿のファイルが途中で切れています(",
            "full.jsonl」",
            "yokoito restore ./full.jsonl",
        ],
    );
    sound_at(&database, &follow(&database, &ran.stdout), entries);

    // a page of entries overwritten in the middle of the file
    let database = book(Engine::Sqlite);
    let path = database.directory().join("book.db");
    let mut bytes = fs::read(&path).unwrap();
    let root = number(
        &database,
        "SELECT rootpage FROM sqlite_schema WHERE name = 'entry'",
    );
    let page = leaf_page(&bytes, usize::try_from(root).unwrap());
    bytes[page..page + 4_096].fill(0xab);
    fs::write(&path, &bytes).unwrap();
    let ran = doctor(&database, &["--backups", "."]);
    ill(
        &ran,
        &[
            "データベースの中が壊れています(",
            "は、なくなっているか、記録したときのままではありません",
            "署名した証明のとおりで、無事です",
            "yokoito restore ./full.jsonl",
        ],
    );
    sound_at(&database, &follow(&database, &ran.stdout), entries);

    // the first page: nothing can be read, the backup is as good as the day before
    let mut bytes = fs::read(&path).unwrap();
    bytes[..4_096].fill(0);
    fs::write(&path, &bytes).unwrap();
    ill(
        &doctor(&database, &["--backups", "."]),
        &[
            "先頭が壊れていて、中を読めません",
            "yokoito restore ./full.jsonl",
            "この帳簿の記録と合います",
        ],
    );
}

/// Where a leaf page of a table begins, by its root: the second child, so that entries before it are safe.
fn leaf_page(bytes: &[u8], root: usize) -> usize {
    let at = (root - 1) * 4_096;
    assert_eq!(bytes[at], 5, "an interior page: the table has more than one page");
    let cell = u16::from_be_bytes(bytes[at + 14..at + 16].try_into().unwrap());
    let child = at + usize::from(cell);
    let child = u32::from_be_bytes(bytes[child..child + 4].try_into().unwrap());
    (usize::try_from(child).unwrap() - 1) * 4_096
}

#[test]
fn tables_of_another_version() {
    for engine in engines() {
        let database = book(engine);
        behind_its_back(
            &database,
            &["INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_later', 1)"],
        );
        ill(
            &doctor(&database, &[]),
            &[
                "新しい版のプログラムで使われています(m29990101_000001_later)",
                "新しい版に替えて",
            ],
        );
        // the last migration was never applied: as if the book were of the version before
        let database = book(engine);
        let last = migrations::PAIRS.last().unwrap().name;
        let delete = format!("DELETE FROM seaql_migrations WHERE version = '{last}'");
        behind_its_back(&database, &[&delete]);
        let ran = doctor(&database, &[]);
        assert!(
            ran.stdout.contains(&format!("前の版のものです({last})")),
            "{}",
            ran.stdout
        );
        assert_eq!(
            number(&database, "SELECT count(*) FROM seaql_migrations"),
            i64::try_from(migrations::PAIRS.len()).unwrap() - 1,
            "and was not applied"
        );
    }
}

#[test]
fn guards_and_indexes_that_are_gone() {
    for engine in engines() {
        let database = book(engine);
        behind_its_back(&database, &["DROP INDEX lot_by_product"]);
        let off = match engine {
            Engine::Sqlite => "トリガー)がなくなっています",
            Engine::Postgres => "トリガー)が止められています",
        };
        ill(
            &doctor(&database, &[]),
            &[off, "直接さわりました", "遅くなります: lot_by_product"],
        );
        // as it says, a copy has them all
        yokoito(&database, &["backup", "again.jsonl"]).ok();
        let anew = TestDatabase::new(engine);
        for name in ["again.jsonl", "book.key"] {
            fs::copy(database.directory().join(name), anew.directory().join(name)).unwrap();
        }
        yokoito(&anew, &["restore", "again.jsonl"]).ok();
        well(&doctor(&anew, &[]), &[]);
    }
}
