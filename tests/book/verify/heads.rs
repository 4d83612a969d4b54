//! Signed heads: kept elsewhere they tell a book that was rolled back or written anew.

use super::{World, acts, book, findings, record, verified};
use acceptance::support::engines;
use app::{key, log, verify::verify, viewer::AtTheMachine};
use domain::log::{BookKey, Checkpoint, verify_consistency, verify_inclusion};

async fn key_of(world: &World) -> BookKey {
    let path = world.database.directory().join("test.key");
    key::open(&world.book, &path).await.unwrap()
}

async fn compared(world: &World, note: &str) -> Vec<String> {
    findings(&verify(&world.book, AtTheMachine, Some(note)).await.unwrap())
}

#[tokio::test]
async fn a_size_is_signed_once_and_stays_true() {
    for engine in engines() {
        let world = World::new(engine).await;
        let key = key_of(&world).await;
        let early = log::checkpoint(&world.book, &key).await.unwrap();
        assert_eq!(log::checkpoint(&world.book, &key).await.unwrap(), early);
        record(&world, acts()).await;
        let late = log::checkpoint(&world.book, &key).await.unwrap();
        assert_ne!(early, late);
        assert_eq!(world.number("SELECT COUNT(*) FROM log_checkpoint").await, 2);
        for note in [&early, &late] {
            assert_eq!(compared(&world, note).await, [""; 0]);
        }
        // what an outsider checks with the notes alone
        let keys = [key.public()];
        let old = Checkpoint::parse_and_verify(&early, &keys).unwrap();
        let new = Checkpoint::parse_and_verify(&late, &keys).unwrap();
        let proof = log::consistency(&world.book, old.size(), new.size())
            .await
            .unwrap();
        verify_consistency(old.size(), old.root(), new.size(), new.root(), &proof).unwrap();
        let page = world.book.store().log_page(3, 4).await.unwrap();
        let proof = log::inclusion(&world.book, 3, new.size()).await.unwrap();
        verify_inclusion(page[0].leaf(), 3, new.size(), &proof, new.root()).unwrap();
        assert!(log::inclusion(&world.book, new.size(), new.size()).await.is_err());
    }
}

#[tokio::test]
async fn a_book_that_was_rolled_back_is_noticed() {
    for engine in engines() {
        let whole = book(engine).await;
        let note = log::checkpoint(&whole.book, &key_of(&whole).await).await.unwrap();
        // the same clock and bytes give the same book: this one is as if an older copy had been put back
        let older = World::new(engine).await;
        record(&older, acts().into_iter().take(4).collect()).await;
        std::fs::copy(
            whole.database.directory().join("test.key"),
            older.database.directory().join("test.key"),
        )
        .unwrap();
        key_of(&older).await;
        assert_eq!(findings(&verified(&older).await), [""; 0]);
        let found = compared(&older, &note).await;
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(
            found[0].starts_with("8 ") && found[0].contains("前の状態に戻されています"),
            "{found:#?}"
        );
        // as long as before, but with another last entry
        record(&older, acts().into_iter().skip(4).take(4).collect()).await;
        let mut other = acts().swap_remove(8);
        other["key"] = "e2".into();
        record(&older, vec![other]).await;
        assert_eq!(older.head().await.0, whole.head().await.0);
        let found = compared(&older, &note).await;
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(
            found[0].starts_with("8 ") && found[0].contains("書き換えられています"),
            "{found:#?}"
        );
    }
}

#[tokio::test]
async fn a_note_by_nobody_known_is_no_proof() {
    for engine in engines() {
        let world = book(engine).await;
        let note = log::checkpoint(&world.book, &key_of(&world).await).await.unwrap();
        let found = compared(&world, &note.replace("yokoito/", "yokoita/")).await;
        assert!(
            found
                .iter()
                .any(|line| line.starts_with("8 署名した証明を読めません")),
            "{found:#?}"
        );
        let stranger = BookKey::from_secret("yokoito/stranger".parse().unwrap(), &[9; 32]);
        let size = u64::try_from(world.head().await.0).unwrap();
        let root = log::head(&world.book).await.unwrap().root;
        let foreign = Checkpoint::new("yokoito/stranger", size, root)
            .unwrap()
            .sign(&stranger);
        assert_eq!(compared(&world, &foreign).await.len(), 1);
        assert!(log::read_checkpoint(&world.book, &foreign).await.is_err());
        assert_eq!(
            log::read_checkpoint(&world.book, &note).await.unwrap().size(),
            size
        );
    }
}
