//! A backup that is behind what was once signed, or beside it.

use super::{Place, Source};
use acceptance::{
    support::engines,
    world::{World, outside},
};
use app::{
    Book,
    backup::{BackupError, Occupied, Request, examine},
    key,
    last_head::{self, Kept},
    log,
};
use domain::log::{BookKey, Checkpoint};
use std::fs;

/// The three ways in which later entries are noticed: the head beside the key, a head that is named, the book itself.
#[tokio::test]
async fn a_backup_behind_a_signed_head_is_refused_until_the_loss_is_accepted() {
    for engine in engines() {
        let mut source = Source::new(engine, 3).await;
        let (old, written) = source.backup("old.jsonl").await;
        source.grow(2).await;
        let note = source.sign().await;
        let size = source.world.head().await.0;
        let (have, signed) = (written.head.size, u64::try_from(size).unwrap());
        assert!(signed > have);

        // beside the key
        let place = Place::new(engine);
        let key = place.key();
        fs::copy(
            source.file("book.head"),
            place.database.directory().join("another.head"),
        )
        .unwrap();
        let error = place.restore_plainly(&old).await.unwrap_err();
        assert!(
            matches!(&error, BackupError::Older { have: h, signed: s, path, .. }
                if (*h, *s) == (have, signed) && path.ends_with("another.head")),
            "{error:?}"
        );
        let sentence = error.to_string();
        for said in [
            format!("伝票は{have}枚ですが"),
            format!("{signed}枚までの署名された証明"),
            format!("少なくとも{}枚の伝票がなくなります", signed - have),
            "--older".to_owned(),
        ] {
            assert!(sentence.contains(&said), "{sentence}");
        }
        fs::remove_file(place.database.directory().join("another.head")).unwrap();
        place.assert_untouched("behind the head beside the key").await;

        // named
        let named = source.file("note.txt");
        fs::write(&named, &note).unwrap();
        let place = Place::new(engine);
        let error = place
            .restore(&old, &place.key(), Some(&named), false)
            .await
            .unwrap_err();
        assert!(
            matches!(&error, BackupError::Older { path, .. } if *path == named),
            "{error:?}"
        );
        place.assert_untouched("behind a named head").await;

        // the book itself, whatever is accepted
        fs::remove_file(source.file("book.head")).unwrap();
        for older in [false, true] {
            let url = source.world.database.url().parse().unwrap();
            let request = Request {
                file: &old,
                place: &url,
                key: Some(&source.file("book.key")),
                head: None,
                older,
            };
            let error = app::backup::restore(&request, outside(1), |_, _| {})
                .await
                .unwrap_err();
            let BackupError::Occupied(Occupied::Book { size, ahead, .. }) = &error else {
                panic!("{error:?}")
            };
            assert_eq!((*size, *ahead), (Some(signed), signed - have));
            assert!(
                error
                    .to_string()
                    .contains(&format!("バックアップより{}枚多く", signed - have))
            );
        }
        assert_eq!(source.world.head().await.0, size);

        // accepted: the head steps aside and does not speak against what comes after
        let place = Place::new(engine);
        let beside = place.database.directory().join("book.head");
        fs::write(&beside, &note).unwrap();
        let restored = place.restore(&old, &key, Some(&named), true).await.unwrap();
        assert_eq!(restored.backup.missing(), signed - have);
        // its folder is that of the key named
        assert!(restored.given_up.is_empty());
        let place = Place::new(engine);
        let beside = place.database.directory().join("book.head");
        fs::write(&beside, &note).unwrap();
        let restored = place
            .restore(&old, &place.key(), Some(&named), true)
            .await
            .unwrap();
        assert_eq!(restored.backup.missing(), signed - have);
        assert_eq!(
            restored.given_up,
            [place
                .database
                .directory()
                .join(format!("book.head.given-up-{signed}"))]
        );
        assert_eq!(fs::read_to_string(&restored.given_up[0]).unwrap(), note);
        assert_eq!(fs::read_to_string(&beside).unwrap(), written.note);
        let book = place.open().await;
        let own = key::open(&book, &place.key()).await.unwrap();
        let again = place.database.directory().join("again.jsonl");
        let written = app::backup::write(&book, &own, &again, false, |_, _| {})
            .await
            .unwrap();
        assert_eq!(written.keep_head(&book, &beside).await.unwrap(), Kept::Written);
        book.close().await.unwrap();
        let next = Place::new(engine);
        next.restore(&again, &place.key(), None, false).await.unwrap();
    }
}

#[tokio::test]
async fn a_backup_that_contradicts_a_signed_head_is_always_refused() {
    for engine in engines() {
        let source = Source::new(engine, 2).await;
        let (old, _) = source.backup("old.jsonl").await;
        // another history from there on
        let place = Place::new(engine);
        place.restore_plainly(&old).await.unwrap();
        let book = place.open().await;
        let acts = acceptance::dealings::dealings(9).split_off(20);
        let file = acceptance::dealings::lines(&acts[..3]);
        app::import::import(&book, file.as_bytes(), app::import::Options::default(), &mut ())
            .await
            .unwrap();
        let own = key::open(&book, &place.key()).await.unwrap();
        let fork = place.database.directory().join("fork.jsonl");
        let written = app::backup::write(&book, &own, &fork, false, |_, _| {})
            .await
            .unwrap();
        let beside = place.database.directory().join("book.head");
        assert_eq!(written.keep_head(&book, &beside).await.unwrap(), Kept::Written);
        book.close().await.unwrap();

        let mut source = source;
        source.grow(4).await;
        let (newer, _) = source.backup("newer.jsonl").await;
        for older in [false, true] {
            let next = Place::new(engine);
            // the key of the fork is not known to the other book: beside it, it is
            let error = next.restore(&newer, &place.key(), None, older).await.unwrap_err();
            assert!(
                matches!(&error, BackupError::Forks { signed, path, .. }
                    if *signed == written.head.size && *path == beside),
                "{error:?}"
            );
            assert!(error.to_string().contains("書きかえられている"), "{error}");
            next.assert_untouched("a fork").await;
        }
    }
}

#[tokio::test]
async fn a_head_that_cannot_be_believed_is_said_to_be_so() {
    let engine = engines()[0];
    let source = Source::new(engine, 1).await;
    let (file, written) = source.backup("backup.jsonl").await;
    let place = Place::new(engine);
    let note = |name: &str, text: &str| {
        let path = source.file(name);
        fs::write(&path, text).unwrap();
        path
    };
    let restore = async |path: std::path::PathBuf| {
        place
            .restore(&file, &place.key(), Some(&path), true)
            .await
            .map(drop)
            .unwrap_err()
    };
    // signed by nobody we know, in the name of the book
    let name = log::origin_of(source.book()).await.unwrap();
    let stranger = BookKey::from_secret(name.parse().unwrap(), &[5; 32]);
    let forged = Checkpoint::new(&name, 99, written.head.root)
        .unwrap()
        .sign(&stranger);
    let error = restore(note("forged", &forged)).await;
    assert!(matches!(&error, BackupError::Head { .. }), "{error:?}");
    // changed by one
    let changed = written
        .note
        .replacen(&format!("\n{}\n", written.head.size), "\n999\n", 1);
    let error = restore(note("changed", &changed)).await;
    assert!(matches!(&error, BackupError::Head { .. }), "{error:?}");
    // beside the key it counts as well
    fs::write(place.database.directory().join("x.head"), &changed).unwrap();
    let error = place.restore_plainly(&file).await.map(drop).unwrap_err();
    assert!(matches!(&error, BackupError::Head { .. }), "{error:?}");
    fs::remove_file(place.database.directory().join("x.head")).unwrap();
    // another book's, and no head at all
    let other = World::new(engine).await;
    let own = key::open(&other.book, &source.file("other.key")).await.unwrap();
    // a world has the id that follows from its seed
    let other_note = Checkpoint::new(
        "yokoito/00000000-0000-8000-8000-000000000001",
        3,
        written.head.root,
    );
    for text in [
        other_note.unwrap().sign(&own),
        "なにかのメモ\n".to_owned(),
        String::new(),
    ] {
        let error = restore(note("other", &text)).await;
        assert!(matches!(&error, BackupError::OtherHead(_)), "{error:?}");
    }
    // beside the key they are somebody else's business
    fs::write(place.database.directory().join("x.head"), "なにかのメモ\n").unwrap();
    place.restore_plainly(&file).await.unwrap();
}

/// The file beside the key never goes back, and warns when the book has.
#[tokio::test]
async fn the_last_known_head_never_goes_back() {
    for engine in engines() {
        let mut source = Source::new(engine, 1).await;
        let (old, written) = source.backup("old.jsonl").await;
        source.grow(1).await;
        let newer = source.sign().await;
        let place = Place::new(engine);
        place.restore_plainly(&old).await.unwrap();
        let book = place.open().await;
        let ahead = last_head::keep(&book, &source.file("book.head"), &written.note)
            .await
            .unwrap();
        assert_eq!(
            ahead,
            Kept::Ahead(u64::try_from(source.world.head().await.0).unwrap())
        );
        assert_eq!(fs::read_to_string(source.file("book.head")).unwrap(), newer);
        // other entries at the same size
        let produce = acceptance::dealings::dealings(30).split_off(60);
        let lines = acceptance::dealings::lines(&produce);
        app::import::import(&book, lines.as_bytes(), app::import::Options::default(), &mut ())
            .await
            .unwrap();
        let own = key::open(&book, &place.key()).await.unwrap();
        let head = log::head(&book).await.unwrap();
        assert!(head.size > u64::try_from(source.world.head().await.0).unwrap());
        let signed = log::sign(&book, &own, head).await.unwrap();
        let kept = last_head::keep(&book, &source.file("book.head"), &signed.note)
            .await
            .unwrap();
        assert!(matches!(kept, Kept::Contradicts(_)), "{kept:?}");
        assert_eq!(fs::read_to_string(source.file("book.head")).unwrap(), newer);
        let text = source.file("text.head");
        fs::write(&text, "なにか").unwrap();
        let kept = last_head::keep(&book, &text, &signed.note).await.unwrap();
        assert_eq!(kept, Kept::Foreign);
        book.close().await.unwrap();
    }
}

/// Whether it could be restored, without any place.
#[tokio::test]
async fn examining_writes_nothing() {
    let engine = engines()[0];
    let mut source = Source::new(engine, 1).await;
    let (old, written) = source.backup("old.jsonl").await;
    source.grow(1).await;
    source.sign().await;
    let place = Place::new(engine);
    let key = source.file("book.key");
    let request = |older| Request {
        file: &old,
        place: &place.url,
        key: Some(&key),
        head: None,
        older,
    };
    let error = examine(&request(false), |_, _| {}).await.unwrap_err();
    assert!(matches!(error, BackupError::Older { .. }), "{error:?}");
    let examined = examine(&request(true), |_, _| {}).await.unwrap();
    assert_eq!(examined.summary.head, written.head);
    assert_eq!(examined.lost.len(), 1);
    place.assert_untouched("examined").await;
}

/// Opened by mistake and signed, a place is a book of its own.
#[tokio::test]
async fn a_place_that_is_another_book_is_not_empty() {
    for engine in engines() {
        let source = Source::new(engine, 1).await;
        let (file, _) = source.backup("backup.jsonl").await;
        let place = Place::new(engine);
        let book = Book::open(&place.url, outside(3)).await.unwrap();
        let own = key::open(&book, &source.file("other.key")).await.unwrap();
        log::checkpoint(&book, &own).await.unwrap();
        book.close().await.unwrap();
        let error = place.restore_plainly(&file).await.map(drop).unwrap_err();
        assert!(
            matches!(
                &error,
                BackupError::Occupied(Occupied::Book {
                    size: Some(0),
                    ahead: 0,
                    ..
                })
            ),
            "{error:?}"
        );
    }
}
