//! The reading register: each reading is noted before it is answered, and cannot be taken back.

use crate::code;
use acceptance::{people::Visited, support::engines};
use app::access::register::{Noted, Reading, note, readings_of};
use domain::id::{NetworkId, OfficeId};
use sea_orm::ConnectionTrait;
use tokio::task::JoinSet;
use uuid::Uuid;

fn reading(office: u128, subject: &str) -> Reading {
    Reading {
        person: Uuid::from_u128(1),
        office: OfficeId(Uuid::from_u128(office)),
        network: NetworkId(Uuid::from_u128(2)),
        operation: "trace".to_owned(),
        subject: subject.to_owned(),
    }
}

fn subjects(noted: &[Noted]) -> Vec<&str> {
    noted.iter().map(|noted| noted.reading.subject.as_str()).collect()
}

#[tokio::test]
async fn an_office_sees_who_read_its_dealings() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        note(book, vec![reading(10, "lot-1"), reading(11, "lot-1")])
            .await
            .unwrap();
        note(book, Vec::new()).await.unwrap();
        visited.clock.pass(1_000);
        note(book, vec![reading(10, "lot-2")]).await.unwrap();
        let (ten, eleven) = (OfficeId(Uuid::from_u128(10)), OfficeId(Uuid::from_u128(11)));
        let of_ten = readings_of(book, &[ten], 0, 10).await.unwrap();
        assert_eq!(subjects(&of_ten), ["lot-1", "lot-2"]);
        assert_eq!(of_ten[0].reading, reading(10, "lot-1"));
        assert_eq!(of_ten[1].at - of_ten[0].at, 1_000);
        let of_both = readings_of(book, &[ten, eleven], 0, 10).await.unwrap();
        assert_eq!(subjects(&of_both), ["lot-1", "lot-1", "lot-2"]);
        // page by page
        let first = readings_of(book, &[ten, eleven], 0, 2).await.unwrap();
        let rest = readings_of(book, &[ten, eleven], first[1].no, 2).await.unwrap();
        assert_eq!([first, rest].concat(), of_both);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_readings_at_once_are_all_there_when_they_are_answered() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let mut readers = JoinSet::new();
        for n in 0..200_u128 {
            let book = visited.book().clone();
            readers.spawn(async move {
                let office = OfficeId(Uuid::from_u128(n));
                note(&book, vec![reading(n, "a"), reading(n, "b"), reading(n, "c")])
                    .await
                    .unwrap();
                readings_of(&book, &[office], 0, 10).await.unwrap().len()
            });
        }
        let seen = readers.join_all().await;
        assert!(seen.iter().all(|seen| *seen == 3), "{seen:?}");
        let many = (0..1_300).map(|n| reading(7_000, &n.to_string())).collect();
        note(visited.book(), many).await.unwrap();
        let count = "SELECT CAST(COUNT(*) AS bigint) FROM reading";
        assert_eq!(visited.world.number(count).await, 600 + 1_300);
    }
}

#[tokio::test]
async fn what_cannot_be_noted_is_not_answered() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let store = visited.book().store();
        store
            .access
            .execute_unprepared("DROP TABLE reading")
            .await
            .unwrap();
        assert_eq!(
            code(note(visited.book(), vec![reading(1, "lot-1")]).await),
            "internal"
        );
        let book = visited.book().clone();
        visited.world.book.close().await.unwrap();
        assert_eq!(code(note(&book, vec![reading(1, "lot-1")]).await), "closing");
    }
}
