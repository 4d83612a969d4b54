//! Entries of kinds that this program does not know: an old program verifies a newer book.

use super::{World, book, findings, verified};
use acceptance::support::engines;
use domain::{
    account::{Account, AccountKind, BookUnit},
    apply::apply_act,
    calendar::{Day, Instant},
    command::{body_hash_of, entry_id},
    decide::Decided,
    entry::{Entry, Movement, Posting},
    facts::Need,
    id::Acting,
    money::Yen,
    place::{Place, PlaceKind},
    quantity::Quantity,
    tax::TaxRate,
};
use std::sync::Arc;
use store::WriterState;

/// Writes an entry of the kind `festival`: 2 kg of the carrots are lost, and yen go from sales to losses.
async fn festival(world: &World, lost: i64) {
    let store = world.book.store();
    let mut state = WriterState::default();
    let mut batch = store.begin_batch(&mut state).await.unwrap();
    let code = "A-0601".parse().unwrap();
    batch.load(&[Need::Lot(code)], &mut state).await.unwrap();
    let lot = state
        .facts()
        .lot_by_code(&"A-0601".parse().unwrap())
        .unwrap()
        .unwrap()
        .lot
        .id;
    let office = state
        .facts()
        .masters
        .office_by_code(&"b".parse().unwrap())
        .unwrap()
        .id;
    let (acting, key) = (Acting::Office(office), "f1".parse().unwrap());
    let day = Day::from_number(20_260_605).unwrap();
    let unit = BookUnit::production(office);
    let post = |kind, yen| Posting {
        account: Account::plain(unit, kind),
        yen: Yen::new(yen),
        tax: TaxRate::OUT_OF_SCOPE,
        basis: None,
        work: None,
    };
    let entry = Entry {
        seq: batch.size(),
        id: entry_id(acting, &key),
        kind: "festival".into(),
        format: 3,
        supplied_on: day,
        book_on: day,
        acting,
        key,
        group: None,
        agreement: None,
        references: Vec::new(),
        reverses: None,
        births: Vec::new(),
        movements: vec![Movement {
            lot,
            from: Place::store(office),
            to: Place::own(PlaceKind::Lost, office),
            quantity: Quantity::try_new(2_000).unwrap(),
            assumed: false,
        }],
        links: Vec::new(),
        postings: vec![
            post(AccountKind::Sales, -500),
            post(AccountKind::Miscellaneous, lost),
        ],
        evidence: Vec::new(),
        texts: Vec::new(),
        payload: br#"{"fireworks":"many"}"#.to_vec(),
        recorder: "test".into(),
        recorded_at: Instant::from_rfc3339("2026-07-10T03:00:00Z").unwrap(),
        offices: [office].into(),
    };
    let body_hash = body_hash_of(&entry);
    apply_act(state.facts_mut(), &Arc::new(entry.clone()), None, body_hash);
    let decided = Decided {
        entry,
        seed: [3; 32],
        texts: Vec::new(),
        body_hash,
    };
    batch.write(&[decided], &mut state).await.unwrap();
    batch.commit(&mut state).await.unwrap();
}

#[tokio::test]
async fn an_unknown_kind_passes() {
    for engine in engines() {
        let world = book(engine).await;
        festival(&world, 500).await;
        assert_eq!(
            world
                .number("SELECT COUNT(*) FROM entry WHERE kind = 'festival'")
                .await,
            1
        );
        assert_eq!(findings(&verified(&world).await), [""; 0]);
    }
}

#[tokio::test]
async fn an_unknown_kind_keeps_the_rules_too() {
    for engine in engines() {
        let world = book(engine).await;
        festival(&world, 499).await;
        let found = findings(&verified(&world).await);
        let numbers: Vec<&str> = found.iter().map(|line| &line[..1]).collect();
        assert_eq!(numbers, ["3", "9", "9"], "{found:#?}");
        assert!(
            found[0].contains("festival") && found[0].contains("-1円"),
            "{found:#?}"
        );
    }
}
