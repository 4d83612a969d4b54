//! Proofs made from a book with erased texts, and from a damaged one.

use acceptance::{
    support::engines,
    world::{World, act},
};
use app::{
    key, log,
    proof::{Disclosure, HeadChoice, ProofError, of_consistency, of_entry},
    viewer::Viewer,
    writer::Answer,
};
use domain::{
    entry::TextRole,
    log::{BookKey, VerifierKey},
    proof::{Proved, check},
};
use sea_orm::ConnectionTrait;
use serde_json::json;

const SHIPMENT: &str = "a/s1";

async fn world(engine: acceptance::support::Engine) -> (World, BookKey) {
    let world = World::new(engine).await;
    let lot = json!({"code": "A-0601"});
    for act in [
        act(
            "produce",
            "a",
            "p1",
            "2026-06-01",
            json!({"lines": [
            {"product": "carrot", "quantity": "20", "lot": lot}]}),
        ),
        act(
            "ship",
            "a",
            "s1",
            "2026-06-02",
            json!({"to": "b", "note": "朝の便", "lines": [
            {"lot": "A-0601", "quantity": "12"}]}),
        ),
        act(
            "spend",
            "a",
            "e1",
            "2026-06-30",
            json!({"item": "fuel", "yen": 1_000}),
        ),
    ] {
        let answer = world.record(act.clone()).await;
        assert!(matches!(answer, Answer::Recorded(..)), "{act} {answer:?}");
    }
    let path = world.database.directory().join("test.key");
    let key = key::open(&world.book, &path).await.unwrap();
    (world, key)
}

async fn prove(world: &World, key: &BookKey) -> Result<String, ProofError> {
    let entry = SHIPMENT.parse().unwrap();
    of_entry(&world.book, &Viewer::Keeper, key, &entry, &Disclosure::All, None).await
}

fn texts(proof: &str, key: &VerifierKey) -> Vec<(TextRole, Option<String>)> {
    let Ok(Proved::Entry(entry)) = check(proof, std::slice::from_ref(key)) else {
        panic!("{proof}");
    };
    let text = |(role, text): &(TextRole, Option<domain::text::Note>)| {
        (*role, text.as_ref().map(ToString::to_string))
    };
    entry.texts.iter().map(text).collect()
}

async fn execute(world: &World, sql: &str) {
    let db = &world.book.store().writer;
    db.execute_unprepared(sql).await.expect(sql);
}

/// The proof of before goes on to hold; the one of after shows the seal alone.
#[tokio::test]
async fn an_erased_text_is_no_longer_shown() {
    for engine in engines() {
        let (world, key) = world(engine).await;
        let before = prove(&world, &key).await.unwrap();
        let public = key.public();
        assert_eq!(
            texts(&before, &public),
            [(TextRole::Note, Some("朝の便".to_owned()))]
        );
        execute(&world, "UPDATE entry_text SET salt = NULL, text = NULL").await;
        let after = prove(&world, &key).await.unwrap();
        assert_eq!(texts(&after, &public), [(TextRole::Note, None)]);
        assert!(!after.contains("朝の便"));
        assert_eq!(
            texts(&before, &public),
            [(TextRole::Note, Some("朝の便".to_owned()))]
        );
    }
}

/// What is handed out has been checked: a damaged book gives no proof instead of a wrong one.
#[tokio::test]
async fn a_damaged_book_proves_nothing() {
    for engine in engines() {
        for damage in [
            "UPDATE entry SET salt = (SELECT salt FROM entry WHERE seq = 0) WHERE key = 's1'",
            "UPDATE log_tile SET hashes = (SELECT t.hashes FROM log_tile t WHERE t.level = 0 AND t.slot = 31) \
             WHERE level = 0 AND slot = 33",
            "UPDATE log_head SET root = (SELECT leaf_hash FROM entry WHERE seq = 3)",
            "UPDATE entry_text SET text = '夕方の便'",
        ] {
            let (world, key) = world(engine).await;
            prove(&world, &key).await.unwrap();
            // another size, so that no kept note stands for what is damaged
            let more = json!({"item": "fuel", "yen": 2_000});
            world.record(act("spend", "a", "e2", "2026-06-30", more)).await;
            unlock(&world, engine).await;
            execute(&world, damage).await;
            let answer = prove(&world, &key).await;
            assert!(
                matches!(answer, Err(ProofError::Damaged(_) | ProofError::Log(_))),
                "{damage}: {answer:?}"
            );
        }
    }
}

/// Takes the triggers off that refuse changes.
async fn unlock(world: &World, engine: acceptance::support::Engine) {
    for (table, trigger) in [
        ("entry", "entry_never_updated"),
        ("log_tile", "log_tile_never_updated"),
        ("entry_text", "entry_text_only_erased"),
    ] {
        let sql = match engine {
            acceptance::support::Engine::Sqlite => format!("DROP TRIGGER {trigger}"),
            acceptance::support::Engine::Postgres => format!("ALTER TABLE {table} DISABLE TRIGGER ALL"),
        };
        execute(world, &sql).await;
    }
}

#[tokio::test]
async fn a_head_that_was_written_anew_is_not_continued() {
    for engine in engines() {
        let (one, key_of_one) = world(engine).await;
        let kept = log::checkpoint(&one.book, &key_of_one).await.unwrap();
        // the same clock and bytes give the same book, but this one goes another way before that size
        let other = World::new(engine).await;
        let path = other.database.directory().join("test.key");
        std::fs::copy(one.database.directory().join("test.key"), &path).unwrap();
        for n in 0..5 {
            let fields = json!({"item": "fuel", "yen": 1_000 + n});
            other
                .record(act("spend", "a", &format!("e{n}"), "2026-06-30", fields))
                .await;
        }
        let key = key::open(&other.book, &path).await.unwrap();
        let old = HeadChoice::Note(kept);
        of_consistency(&one.book, &Viewer::Keeper, &key, &old, None)
            .await
            .unwrap();
        let answer = of_consistency(&other.book, &Viewer::Keeper, &key, &old, None).await;
        let Err(ProofError::NotContinued(why)) = answer else {
            panic!("{answer:?}");
        };
        assert!(why.contains("書き換えられています"), "{why}");
    }
}
