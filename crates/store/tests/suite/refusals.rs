//! What the engines say is told apart, and a constraint has one name on both.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};
use store::entity::{entry, place, product};
use store::{Engine, Store, StoreError};
use uuid::Uuid;

use crate::support::Fresh;

fn entry(seq: i64, key: &str) -> entry::ActiveModel {
    entry::ActiveModel {
        seq: Set(seq),
        id: Set(Uuid::from_u128(u128::try_from(seq).expect("above zero"))),
        kind: Set("produce".to_owned()),
        format: Set(1),
        acting: Set("keeper".to_owned()),
        key: Set(key.to_owned()),
        body_hash: Set(vec![0; 32]),
        supplied_on: Set(20_260_401),
        book_on: Set(20_260_401),
        recorded_at: Set(0),
        recorder: Set("r".to_owned()),
        group_id: Set(None),
        agreement_id: Set(None),
        reverses_seq: Set(None),
        is_master: Set(false),
        canonical: Set(vec![1]),
        leaf_hash: Set(vec![0; 32]),
        salt: Set(vec![0; 32]),
    }
}

async fn conflict(store: &Store, row: entry::ActiveModel) -> String {
    match entry::Entity::insert(row)
        .exec_without_returning(&store.writer)
        .await
        .map_err(StoreError::from)
    {
        Err(StoreError::Conflict { constraint, .. }) => constraint,
        other => panic!("{other:?}"),
    }
}

async fn said(store: &Store, sql: &str) -> StoreError {
    match store.writer.execute_unprepared(sql).await {
        Ok(_) => panic!("should have been refused: {sql}"),
        Err(error) => error.into(),
    }
}

#[tokio::test]
async fn a_conflict_has_one_name_on_both_engines() {
    for fresh in Fresh::both("conflicts").await {
        let store = fresh.migrated().await;
        entry::Entity::insert(entry(1, "a"))
            .exec_without_returning(&store.writer)
            .await
            .expect("the first");
        assert_eq!(conflict(&store, entry(2, "a")).await, "entry_acting_key");
        assert_eq!(conflict(&store, entry(1, "b")).await, "entry_seq");
        let mut same_id = entry(2, "b");
        same_id.id = Set(Uuid::from_u128(1));
        assert_eq!(conflict(&store, same_id).await, "entry_id");
        let mut no_day = entry(2, "b");
        no_day.book_on = Set(19_500);
        assert_eq!(conflict(&store, no_day).await, "entry_book_on_is_day");
        let error = said(&store, "DELETE FROM entry").await;
        assert!(
            matches!(&error, StoreError::Conflict { constraint, .. } if constraint == "append-only: entry")
        );
        let error = said(
            &store,
            "INSERT INTO link (seq, line, input_no, output_no) VALUES (1, 0, 1, 2)",
        )
        .await;
        assert!(
            matches!(&error, StoreError::Conflict { constraint, .. } if constraint == "link_quantity"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_missing_owner_is_a_conflict() {
    for fresh in Fresh::both("owner").await {
        let store = fresh.migrated().await;
        let row = product::ActiveModel {
            no: Set(1),
            id: Set(Uuid::from_u128(1)),
            owner_no: Set(7),
            code: Set("p".to_owned()),
            seq: Set(1),
        };
        let outcome = product::Entity::insert(row)
            .exec_without_returning(&store.writer)
            .await;
        assert!(matches!(
            outcome.map_err(StoreError::from),
            Err(StoreError::Conflict { .. })
        ));
    }
}

#[tokio::test]
async fn ids_and_the_nil_id_read_back() {
    for fresh in Fresh::both("ids").await {
        let store = fresh.migrated().await;
        let row = place::Model {
            no: 1,
            kind: 11,
            owner: Uuid::from_u128(0x0196_0000_0000_7000_8000_0000_0000_0001),
            holder: Uuid::max(),
            reference: Uuid::nil(),
        };
        place::Entity::insert(place::ActiveModel::from(row.clone()).reset_all())
            .exec_without_returning(&store.writer)
            .await
            .expect("written");
        assert_eq!(
            place::Entity::find_by_id(1)
                .one(&store.reader)
                .await
                .expect("read"),
            Some(row)
        );
    }
}

#[tokio::test]
async fn a_full_disk_is_said_to_be_full() {
    let fresh = Fresh::sqlite();
    let store = fresh.migrated().await;
    assert_eq!(store.engine, Engine::Sqlite);
    // As a full disk: SQLITE_FULL, once the file may not grow.
    store
        .writer
        .execute_unprepared("PRAGMA max_page_count = 1")
        .await
        .expect("set");
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
        INSERT INTO balance SELECT i, i, 20260401 FROM n";
    let error = said(&store, rows).await;
    assert!(matches!(error, StoreError::DiskFull { .. }), "{error:?}");
}

#[tokio::test]
async fn a_wrong_statement_is_ours_not_the_users() {
    for fresh in Fresh::both("wrong").await {
        let store = fresh.migrated().await;
        assert!(matches!(
            said(&store, "SELECT nothing FROM nowhere").await,
            StoreError::Driver { .. }
        ));
    }
}
