//! Books that are healthy, in use, not there, or not what they should be.

use super::{book, doctor, files, ill, size, well, yokoito};
use crate::run::{Ran, run, run_alone, run_with};
use acceptance::{
    disk::SmallDisk,
    server::Server,
    support::{Engine, TestDatabase, engines},
    world::SMALL_WORLD,
};
use std::fs;
use store::Store;

#[test]
fn a_healthy_book_needs_nothing() {
    for engine in engines() {
        let database = book(engine);
        let size = size(&database);
        let ran = doctor(&database, &["--backups", "."]);
        well(
            &ran,
            &[
                &format!("(伝票{size}枚)"),
                &format!(
                    "0番から{}番までの{size}枚は、署名した証明のとおりで、無事です。",
                    size - 1
                ),
                &format!("✔ ./full.jsonl — 伝票{size}枚、最後の記録 20"),
                "この帳簿の記録と合います",
                &format!("book.head — {size}枚まで。帳簿はその続きです"),
            ],
        );
        assert!(!ran.stdout.contains('【'), "{}", ran.stdout);
        // without a backup named, without a signature: good to know, and still healthy
        let unsigned = TestDatabase::new(engine);
        run_with(&unsigned, &["import", "-"], SMALL_WORLD).ok();
        well(
            &doctor(&unsigned, &[]),
            &[
                "【参考】この帳簿には、署名した証明がまだありません",
                "【参考】バックアップは調べていません",
                "31枚は、まだ署名した証明がありませんが",
            ],
        );
    }
}

/// Also one that a killed program left, with the index of its log of writes and without it.
#[test]
fn a_book_in_use_or_left_by_a_killed_program_is_read_with_its_last_entries() {
    let database = book(Engine::Sqlite);
    let folder = database.directory();
    let before = size(&database);
    super::block_on(async {
        let url = database.url().parse().unwrap();
        let open = Store::connect(&url).await.unwrap();
        open.log_head().await.unwrap();
        super::more(&database, 25);
        assert!(fs::metadata(folder.join("book.db-wal")).unwrap().len() > 0);
        let ran = tokio::task::block_in_place(|| doctor(&database, &[]));
        well(&ran, &["伝票"]);
        let now = super::size(&database);
        assert!(now > before);
        assert!(ran.stdout.contains(&format!("(伝票{now}枚)")), "{}", ran.stdout);
        for left in [
            &["book.db", "book.db-wal", "book.db-shm"][..],
            &["book.db", "book.db-wal"],
        ] {
            let killed = TestDatabase::new(Engine::Sqlite);
            for name in left.iter().chain(&["book.key"]) {
                let mut copy = std::process::Command::new("cp");
                copy.args([folder.join(name), killed.directory().join(name)]);
                assert!(copy.status().unwrap().success());
            }
            let ran = tokio::task::block_in_place(|| doctor(&killed, &[]));
            well(&ran, &[&format!("(伝票{now}枚)")]);
        }
        open.close().await.unwrap();
    });
}

#[test]
fn what_is_not_there_is_not_made() {
    let database = TestDatabase::new(Engine::Sqlite);
    let ran = doctor(&database, &[]);
    ill(
        &ran,
        &[
            "【急ぎ】",
            "に帳簿のファイルがありません",
            "--database を確かめて",
            "--backups",
        ],
    );
    assert_eq!(files(database.directory()).len(), 0);
    if engines().contains(&Engine::Postgres) {
        let database = TestDatabase::new(Engine::Postgres);
        ill(
            &doctor(&database, &[]),
            &["まだ帳簿がありません(空です)", "?schema="],
        );
    }
    fs::write(database.directory().join("book.db"), b"").unwrap();
    ill(&doctor(&database, &[]), &["まだ帳簿がありません(空です)"]);
    fs::write(database.directory().join("book.db"), "にんじん".repeat(1_000)).unwrap();
    ill(
        &doctor(&database, &[]),
        &["帳簿のファイルではないか、先頭が壊れていて", "消さずに"],
    );
}

#[test]
fn what_cannot_be_asked_is_exit_code_2() {
    let database = book(Engine::Sqlite);
    for (arguments, expected) in [
        (
            &["doctor", "--head", "no-such-file"][..],
            "no-such-file を読めません",
        ),
        (
            &["doctor", "--backups", "no-such-folder"],
            "「no-such-folder」を開けません",
        ),
    ] {
        let ran = run(&database, arguments);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(expected), "{ran:?}");
    }
}

#[test]
fn a_server_that_is_down_or_set_to_lose_entries() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let nowhere = run_alone(&["doctor", "--database", "postgres://me:secret@127.0.0.1:1/db"]);
    ill(
        &nowhere,
        &[
            "を開けません",
            "PostgreSQL が動いているか",
            "サーバーに残っています",
        ],
    );
    assert!(!nowhere.stdout.contains("secret"), "{nowhere:?}");

    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let doctor = || -> Ran {
        let mut command =
            crate::run::yokoito(&["doctor", "--database", &server.book("town"), "--key", "book.key"]);
        command.current_dir(folder.path()).output().unwrap().into()
    };
    let mut import = crate::run::yokoito(&["import", "world.jsonl", "--database", &server.book("town")]);
    fs::write(folder.path().join("world.jsonl"), SMALL_WORLD).unwrap();
    Ran::from(import.current_dir(folder.path()).output().unwrap()).ok();
    well(&doctor(), &["(伝票31枚)"]);
    for name in ["fsync", "full_page_writes"] {
        super::block_on(server.set(name, "off"));
        ill(
            &doctor(),
            &[
                &format!("【急ぎ】PostgreSQL の設定 {name} が off です"),
                "postgresql.conf",
            ],
        );
        super::block_on(server.set(name, "on"));
    }
    well(&doctor(), &[]);
    server.halt();
    ill(&doctor(), &["PostgreSQL が動いているか"]);
}

#[test]
fn a_disk_that_is_nearly_full() {
    let Some(disk) = SmallDisk::new(32 << 20) else {
        return;
    };
    let url = format!("sqlite://{}/book.db", disk.path().display());
    let input = disk.path().join("world.jsonl");
    fs::write(&input, SMALL_WORLD).unwrap();
    run_alone(&["import", input.to_str().unwrap(), "--database", &url]).ok();
    let before = files(disk.path());
    let ran = run_alone(&["doctor", "--database", &url]);
    ill(
        &ran,
        &[
            "【早めに】帳簿のあるディスクの空きが、あと",
            "空きを作ってください",
        ],
    );
    assert!(files(disk.path()) == before);
}

/// Something else than the program opened the book; a write was cut off.
#[test]
fn a_rollback_journal_is_noticed() {
    let database = book(Engine::Sqlite);
    let path = database.directory().join("book.db");
    super::block_on(async {
        let other = sea_orm::Database::connect(format!("sqlite://{}", path.display()))
            .await
            .unwrap();
        sea_orm::ConnectionTrait::execute_unprepared(&other, "PRAGMA journal_mode = DELETE")
            .await
            .unwrap();
        other.close().await.unwrap();
    });
    well(
        &doctor(&database, &[]),
        &["【参考】帳簿のファイルが、別の道具で開かれた"],
    );
    let hot = [&[0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7][..], &[0; 504]].concat();
    fs::write(database.directory().join("book.db-journal"), hot).unwrap();
    ill(
        &doctor(&database, &[]),
        &["途中で止まった書き込み(-journal)", "yokoito verify"],
    );
    fs::remove_file(database.directory().join("book.db-journal")).unwrap();
    // the program itself puts the setting right
    yokoito(&database, &["log", "head"]).ok();
    assert!(!doctor(&database, &[]).stdout.contains("別の道具"));
}
