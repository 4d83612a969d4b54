//! Backups that are damaged, cut off, newer or none: refused with the place where it shows, nothing written. And what
//! is in the way of a sound one.

use super::{Place, Source, content_root};
use acceptance::{
    support::{Engine, engines},
    world::World,
};
use app::{
    backup::{self, BackupError, Occupied, summary},
    key, log,
};
use sea_orm::ConnectionTrait;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What a refused backup says, and that nothing was written.
async fn refused(engine: Engine, file: &Path) -> String {
    let place = Place::new(engine);
    let error = place.restore_plainly(file).await.map(drop).unwrap_err();
    let looked_at = summary(file, &[]).await.map(drop).unwrap_err();
    assert_eq!(error.to_string(), looked_at.to_string());
    assert!(error.is_about_backup(), "{error:?}");
    place.assert_untouched(&error.to_string()).await;
    error.to_string()
}

fn written(source: &Source, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = source.file(name);
    fs::write(&path, content).unwrap();
    path
}

#[tokio::test]
async fn a_damaged_backup_is_refused_and_says_where() {
    for engine in engines() {
        let source = Source::new(engine, 3).await;
        let (file, _) = source.backup("backup.jsonl").await;
        let text = fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let count = lines.len();
        let joined = |lines: &[&str]| lines.join("\n") + "\n";
        let swapped = {
            let mut lines = lines.clone();
            lines.swap(7, 8);
            joined(&lines)
        };
        let twice = {
            let mut lines = lines.clone();
            lines.insert(7, lines[7]);
            joined(&lines)
        };
        let without = |n: usize| joined(&[&lines[..n], &lines[n + 1..]].concat());
        for (name, content, expected) in [
            (
                "swapped",
                swapped,
                "8行目が正しくありません。6番目の伝票のはずが、7番目です。".to_owned(),
            ),
            ("twice", twice, "9行目が正しくありません。".to_owned()),
            (
                "an entry left out",
                without(5),
                "6行目が正しくありません。".to_owned(),
            ),
            (
                "the signature left out",
                without(count - 2),
                format!("{}行目が正しくありません。ファイルの全体が", count - 1),
            ),
            (
                "without end",
                without(count - 1),
                format!("途中で切れています({}行目まで", count - 1),
            ),
            (
                "half a line",
                text[..text.len() - 40].to_owned(),
                format!("途中で切れています({count}行目まで"),
            ),
            (
                "half a file",
                text[..text.len() / 2].to_owned(),
                "途中で切れています".to_owned(),
            ),
            ("empty", String::new(), "途中で切れています".to_owned()),
            (
                "acts",
                acceptance::world::SMALL_WORLD.to_owned(),
                "1行目が正しくありません。帳簿の写しの1行目".to_owned(),
            ),
            (
                "a text",
                "こんにちは\n".to_owned(),
                "1行目が正しくありません。".to_owned(),
            ),
        ] {
            let sentence = refused(engine, &written(&source, "damaged.jsonl", content)).await;
            assert!(sentence.contains(&expected), "{name}: {sentence}");
            assert!(
                sentence.ends_with("別のバックアップを使ってください。"),
                "{name}: {sentence}"
            );
        }
        for (name, content, expected) in [
            (
                "a newer form",
                text.replacen(r#""format":1"#, r#""format":2"#, 1),
                "1行目の形式の版(2)は、新しい版のプログラム",
            ),
            (
                "a newer line",
                joined(&[&lines[..4], &[r#"{"kind":"account","id":"x"}"#], &lines[4..]].concat()),
                "5行目の種類(account)は、新しい版のプログラム",
            ),
        ] {
            let sentence = refused(engine, &written(&source, "newer.jsonl", content)).await;
            assert!(sentence.contains(expected), "{name}: {sentence}");
            assert!(!sentence.contains("別のバックアップ"), "{name}: {sentence}");
        }
    }
}

/// Any byte of it: entries, what stands beside them, the last line.
#[tokio::test]
async fn any_changed_byte_is_noticed() {
    let source = Source::new(engines()[0], 1).await;
    for name in ["backup.jsonl", "backup.jsonl.gz"] {
        let (file, taken) = source.backup(name).await;
        assert_eq!(summary(&file, &[]).await.unwrap().head, taken.head);
        let bytes = fs::read(&file).unwrap();
        // the compressed file begins with ten bytes of which some (time, system) say nothing about what is in it
        let (from, to, step) = if name.ends_with("gz") {
            (10, bytes.len(), 41)
        } else {
            (0, bytes.len() - 1, 89)
        };
        let last_line = bytes[..bytes.len() - 1]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .unwrap_or(to);
        for at in (from..to).step_by(step).chain(last_line..to) {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let path = written(&source, "changed", &changed);
            let found = summary(&path, &[]).await;
            let error = found.map(drop).expect_err(&format!("{name}: byte {at}"));
            assert!(
                matches!(error, BackupError::Unsound { .. } | BackupError::Newer { .. }),
                "{name}: byte {at}: {error:?}"
            );
        }
        for length in (0..bytes.len()).step_by(bytes.len() / 12) {
            let path = written(&source, "cut", &bytes[..length]);
            let error = summary(&path, &[]).await.map(drop).unwrap_err();
            assert!(
                error.to_string().contains("途中で切れています"),
                "{length}: {error}"
            );
        }
    }
}

/// Line ends of another system do not matter: an editor or a mail changed them.
#[tokio::test]
async fn other_line_ends_are_the_same_backup() {
    let source = Source::new(engines()[0], 1).await;
    let (file, taken) = source.backup("backup.jsonl").await;
    let text = fs::read_to_string(&file).unwrap();
    let path = written(&source, "crlf.jsonl", text.replace('\n', "\r\n"));
    let found = summary(&path, &[0, 5, taken.head.size, 1_000]).await.unwrap();
    assert_eq!(found.head, taken.head);
    assert_eq!(found.signature().unwrap().note, taken.note);
    assert_eq!(found.origin(), Some(log::origin_of(source.book()).await.unwrap()));
    assert_eq!(
        found.roots.keys().copied().collect::<Vec<_>>(),
        [0, 5, taken.head.size]
    );
    for (size, root) in &found.roots {
        assert_eq!(log::root_at(source.book().store(), *size).await.unwrap(), *root);
    }
    let last = source
        .book()
        .store()
        .log_page(taken.head.size - 1, taken.head.size)
        .await
        .unwrap();
    assert_eq!(found.last_recorded_at, Some(last[0].entry.recorded_at));
}

/// A signed head that the entries contradict makes no backup: the book was rewritten, and older backups are the truth.
#[tokio::test]
async fn a_rewritten_book_makes_no_backup() {
    for engine in engines() {
        let mut source = Source::new(engine, 1).await;
        source.sign().await;
        source.grow(1).await;
        let writer = &source.book().store().writer;
        let other = "UPDATE log_head SET root = (SELECT leaf_hash FROM entry WHERE seq = 0)";
        writer.execute_unprepared(other).await.unwrap();
        let key = key::open(source.book(), &source.file("book.key")).await.unwrap();
        let path = source.file("backup.jsonl");
        let error = backup::write(source.book(), &key, &path, false, |_, _| {})
            .await
            .unwrap_err();
        assert!(error.to_string().contains("log_head.root"), "{error}");
        let names: Vec<_> = fs::read_dir(source.world.database.directory())
            .unwrap()
            .map(|file| file.unwrap().file_name())
            .collect();
        assert!(
            names
                .iter()
                .all(|name| !name.to_str().unwrap().starts_with("backup")),
            "{names:?}"
        );
        // and nothing was signed
        assert_eq!(
            source.world.number("SELECT COUNT(*) FROM log_checkpoint").await,
            1
        );
    }
}

#[tokio::test]
async fn a_file_that_is_there_is_kept_unless_it_is_to_be_replaced() {
    let source = Source::new(engines()[0], 1).await;
    let (path, _) = source.backup("backup.jsonl").await;
    fs::write(&path, "other").unwrap();
    let key = key::open(source.book(), &source.file("book.key")).await.unwrap();
    let error = backup::write(source.book(), &key, &path, false, |_, _| {})
        .await
        .unwrap_err();
    assert!(matches!(error, BackupError::Exists(_)), "{error:?}");
    assert_eq!(fs::read(&path).unwrap(), b"other");
    backup::write(source.book(), &key, &path, true, |_, _| {})
        .await
        .unwrap();
    summary(&path, &[]).await.unwrap();
    let nowhere = source.file("no-folder/backup.jsonl");
    let error = backup::write(source.book(), &key, &nowhere, false, |_, _| {})
        .await
        .unwrap_err();
    assert!(matches!(error, BackupError::Unwritable { .. }), "{error:?}");
}

/// With the book gone and its newest entries still in the log beside it, a new file of that name would lose them.
#[tokio::test]
async fn what_is_left_of_a_sqlite_book_is_not_lost() {
    if !engines().contains(&Engine::Sqlite) {
        return;
    }
    let source = Source::new(Engine::Sqlite, 1).await;
    let (file, _) = source.backup("backup.jsonl").await;
    let place = Place::new(Engine::Sqlite);
    for ending in ["-wal", "-shm", "-journal"] {
        let left = place.database.directory().join(format!("book.db{ending}"));
        fs::write(&left, "x").unwrap();
        let error = place.restore_plainly(&file).await.map(drop).unwrap_err();
        assert!(
            matches!(&error, BackupError::Occupied(Occupied::Left(path)) if *path == left),
            "{error:?}"
        );
        assert_eq!(fs::read(&left).unwrap(), b"x");
        fs::remove_file(&left).unwrap();
    }
    let other = place.database.directory().join("book.db");
    fs::write(&other, "写真").unwrap();
    let error = place.restore_plainly(&file).await.map(drop).unwrap_err();
    assert!(
        matches!(&error, BackupError::Occupied(Occupied::Book { size: None, .. })),
        "{error:?}"
    );
    assert_eq!(fs::read_to_string(&other).unwrap(), "写真");
    fs::remove_file(&other).unwrap();
    // half of what a killed restore had written
    fs::write(place.database.directory().join("book.db.restoring"), "half").unwrap();
    fs::write(place.database.directory().join("book.db.restoring-wal"), "half").unwrap();
    fs::write(place.database.directory().join("book.db.part"), "").unwrap();
    place.restore_plainly(&file).await.unwrap();
    let mut names: Vec<_> = fs::read_dir(place.database.directory())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["book.db", "book.head"]);
}

/// A plain copy has no signature of its own, but is as whole as a backup.
#[tokio::test]
async fn an_export_and_an_empty_book_come_back_as_well() {
    for engine in engines() {
        let source = Source::new(engine, 1).await;
        let mut copy = Vec::new();
        let head = app::export::export_entries(source.book(), &mut copy)
            .await
            .unwrap();
        let file = written(&source, "export.jsonl", &copy);
        let place = Place::new(engine);
        let restored = place.restore_plainly(&file).await.unwrap();
        assert!(restored.backup.summary.signature().is_none() && restored.head.is_none());
        let book = place.open().await;
        assert_eq!(
            content_root(&book, head.size).await,
            content_root(source.book(), head.size).await
        );
        book.close().await.unwrap();

        let empty = World::empty(engine).await;
        let own = key::open(&empty.book, &source.file("empty.key")).await.unwrap();
        let file = source.file("empty.jsonl");
        backup::write(&empty.book, &own, &file, false, |_, _| {})
            .await
            .unwrap();
        let place = Place::new(engine);
        place.restore_plainly(&file).await.unwrap();
        let book = place.open().await;
        assert_eq!(
            log::origin_of(&book).await.unwrap(),
            log::origin_of(&empty.book).await.unwrap()
        );
        assert_eq!(book.store().checkpoints(0, 9).await.unwrap().len(), 1);
        book.close().await.unwrap();
    }
}
