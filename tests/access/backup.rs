//! A backup holds what is kept beside the book, an export never does.

use acceptance::{
    people::{HERE, PASSWORD, Visited},
    support::{TestDatabase, engines},
    world::outside,
};
use app::{
    Book,
    access::{
        cards::{issue_card, log_in_by_card},
        evidence::{evidence, keep_evidence},
        invitations::{accept_invitation, invite, set_up_link},
        log_in::{caller_of_session, log_in},
        people::people,
        proposals::{State, proposal, propose},
        register::{Reading, note, readings_of},
        resets::{make_reset, reset_password},
        rights::Role,
        settings::{Setting, set},
        tokens::{NewToken, caller_of_token, make_token},
    },
    backup::{self, BackupError, Request},
    export, key,
};
use domain::command::Command;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;
use store::{access::Kept, entity::question};

#[derive(Default, Serialize, Deserialize)]
struct Sheet(String);

impl Setting for Sheet {
    const NAME: &'static str = "test-sheet";
}

#[tokio::test]
async fn a_backup_brings_people_back_on_the_other_engine() {
    for (from, to) in engines().into_iter().zip(engines().into_iter().rev()) {
        let visited = Visited::new(from).await;
        let book = visited.book();
        let (a, b, network) = (
            visited.office("a").await,
            visited.office("b").await,
            visited.network().await,
        );
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        let new = NewToken {
            name: "till".parse().unwrap(),
            only_reads: true,
            offices: BTreeSet::from([a]),
            expires: None,
        };
        let (_, token) = make_token(book, &manager, new, visited.id()).await.unwrap();
        let (_, link) = invite(book, &manager, Role::Staff(a), visited.id())
            .await
            .unwrap();
        let (session, _) = log_in(book, "manager", PASSWORD, HERE).await.unwrap();
        let reading = Reading {
            person: operator.person(),
            office: a,
            network,
            operation: "trace".to_owned(),
            subject: "lot-1".to_owned(),
        };
        note(book, vec![reading.clone()]).await.unwrap();
        let file = keep_evidence(book, &manager, a, "text/plain", b"slip".to_vec())
            .await
            .unwrap();
        let act = json!({"kind": "agreement", "office": "a", "key": "p-1", "supplied_on": "2026-07-10", "code": "a-b",
            "about": "supply", "producer": "a", "other": "b", "agreed": [], "terms": {}});
        let act = Command::parse(&act.to_string()).unwrap();
        let id = visited.id();
        let due = "2026-07-17".parse().unwrap();
        let proposed = propose(book, &manager, act, &BTreeSet::from([b]), due, id)
            .await
            .unwrap()
            .0;
        let name = "作業場のタブレット".parse().unwrap();
        let (_, card) = issue_card(book, &manager, a, &name, visited.id()).await.unwrap();
        let (_, reset) = make_reset(book, &operator, manager.person(), visited.id())
            .await
            .unwrap();
        set(book, &manager, a, &Sheet("24".to_owned())).await.unwrap();
        let asked = question::Model {
            id: visited.id(),
            office: a.0,
            other: b.0,
            entry: visited.id(),
            text: "10個ですか。".to_owned(),
            asked_by: manager.person(),
            asked_at: 1,
            answer: None,
            answered_by: None,
            answered_at: None,
            closed_at: None,
        };
        let change = book.store().change_access().await.unwrap();
        assert!(change.add_question(asked.clone()).await.unwrap());
        change.commit().await.unwrap();

        let folder = visited.world.database.directory();
        let signing = key::open(book, &folder.join("book.key")).await.unwrap();
        let path = folder.join("book.jsonl");
        backup::write(book, &signing, &path, false, |_, _| {})
            .await
            .unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for kind in Kept::KINDS {
            assert!(text.contains(&format!("{{\"kind\":\"{kind}\",")), "{kind}");
        }
        assert!(!text.contains("{\"kind\":\"session\""));
        let mut exported = Vec::new();
        export::export_entries(book, &mut exported).await.unwrap();
        export::export_acts(book, &mut exported).await.unwrap();
        let exported = String::from_utf8(exported).unwrap();
        for kind in Kept::KINDS {
            assert!(!exported.contains(&format!("{{\"kind\":\"{kind}\",")), "{kind}");
        }

        let new_place = TestDatabase::new(to);
        let url = new_place.url().parse().unwrap();
        let request = Request {
            file: &path,
            place: &url,
            key: Some(&folder.join("book.key")),
            head: None,
            older: false,
        };
        let restored = backup::restore(&request, outside(8), |_, _| {}).await.unwrap();
        assert!(restored.verified.is_clean());
        let there = Book::open(&url, outside(9)).await.unwrap();
        let kept = there.store().question(asked.id).await.unwrap();
        assert_eq!(kept, Some(asked));
        let (_, back) = log_in(&there, "manager", PASSWORD, HERE).await.unwrap();
        assert_eq!(back.rights, manager.rights);
        assert_eq!(
            people(&there, &operator).await.unwrap(),
            people(book, &operator).await.unwrap()
        );
        assert_eq!(caller_of_session(&there, session.expose()).await.unwrap(), None);
        let by_token = caller_of_token(&there, token.unwrap().expose())
            .await
            .unwrap()
            .unwrap();
        assert!(by_token.rights.only_reads && by_token.rights.offices == BTreeSet::from([a]));
        accept_invitation(&there, link.unwrap().expose(), "staff", PASSWORD)
            .await
            .unwrap();
        assert_eq!(set_up_link(&there).await.unwrap(), None);
        let (_, tablet) = log_in_by_card(&there, card.unwrap().expose(), HERE)
            .await
            .unwrap();
        assert_eq!(tablet.rights.offices, BTreeSet::from([a]));
        let another = "やまびこ れんこん はしご";
        reset_password(&there, reset.unwrap().expose(), another)
            .await
            .unwrap();
        log_in(&there, "manager", another, HERE).await.unwrap();
        assert_eq!(
            evidence(&there, &file).await.unwrap(),
            evidence(book, &file).await.unwrap()
        );
        assert_eq!(proposal(&there, id).await.unwrap(), Some(proposed));
        assert_eq!(proposal(&there, id).await.unwrap().unwrap().state, State::Open);
        // the register goes on where it was
        note(&there, vec![reading.clone(), reading.clone()])
            .await
            .unwrap();
        let noted = readings_of(&there, &[a], 0, 10).await.unwrap();
        assert_eq!(noted.iter().map(|noted| noted.no).collect::<Vec<_>>(), [1, 2, 3]);
        there.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_backup_does_not_go_where_others_are() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        visited.operator().await;
        let folder = visited.world.database.directory();
        let signing = key::open(visited.book(), &folder.join("book.key")).await.unwrap();
        let path = folder.join("book.jsonl");
        backup::write(visited.book(), &signing, &path, false, |_, _| {})
            .await
            .unwrap();
        let other = TestDatabase::new(engine);
        let url = other.url().parse().unwrap();
        let there = Book::open(&url, outside(8)).await.unwrap();
        let link = set_up_link(&there).await.unwrap().unwrap();
        accept_invitation(&there, link.expose(), "somebody", PASSWORD)
            .await
            .unwrap();
        there.close().await.unwrap();
        let request = Request {
            file: &path,
            place: &url,
            key: Some(&folder.join("book.key")),
            head: None,
            older: false,
        };
        let refused = backup::restore(&request, outside(9), |_, _| {})
            .await
            .unwrap_err();
        assert!(matches!(refused, BackupError::Occupied(_)), "{refused}");
    }
}
