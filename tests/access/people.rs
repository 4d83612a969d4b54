//! Who holds which role, and how roles end.

use crate::code;
use acceptance::{
    people::{HERE, PASSWORD, Visited},
    support::engines,
};
use app::{
    Book,
    access::{
        Caller,
        invitations::{accept_invitation, invite},
        log_in::{caller_of_session, log_in},
        people::{disable, end_role, people},
        rights::Role,
        tokens::{NewToken, caller_of_token, make_token},
    },
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The id of a role that somebody holds, as an operator sees it.
async fn held(book: &Book, operator: &Caller, login: &str, role: Role) -> Uuid {
    let all = people(book, operator).await.unwrap();
    let person = all.iter().find(|person| person.login == login).unwrap();
    person.roles.iter().find(|held| held.role == role).unwrap().id
}

#[tokio::test]
async fn managers_see_the_people_of_their_offices() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let (a, b) = (visited.office("a").await, visited.office("b").await);
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        let staff = visited.person(&operator, Role::Staff(a), "staff").await;
        visited.person(&operator, Role::Staff(b), "other").await;
        let (_, link) = invite(book, &operator, Role::Staff(b), visited.id())
            .await
            .unwrap();
        app::access::invitations::accept_as(book, &staff, link.unwrap().expose())
            .await
            .unwrap();
        let logins = |people: &[app::access::people::Person]| -> Vec<String> {
            people.iter().map(|person| person.login.clone()).collect()
        };
        let seen = people(book, &manager).await.unwrap();
        assert_eq!(logins(&seen), ["manager", "staff"]);
        // what they are elsewhere is not the manager's business
        let roles: Vec<Role> = seen[1].roles.iter().map(|held| held.role).collect();
        assert_eq!(roles, [Role::Staff(a)]);
        let all = people(book, &operator).await.unwrap();
        assert_eq!(logins(&all), ["manager", "operator", "other", "staff"]);
        assert_eq!(code(people(book, &staff).await), "not-allowed");
    }
}

#[tokio::test]
async fn a_role_that_ends_stops_session_and_token_at_once() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let a = visited.office("a").await;
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        let staff = visited.person(&operator, Role::Staff(a), "staff").await;
        let (session, _) = log_in(book, "staff", PASSWORD, HERE).await.unwrap();
        let new = NewToken {
            name: "till".parse().unwrap(),
            only_reads: false,
            offices: BTreeSet::from([a]),
            expires: None,
        };
        let (_, token) = make_token(book, &staff, new, visited.id()).await.unwrap();
        let token = token.unwrap();
        assert!(
            caller_of_token(book, token.expose())
                .await
                .unwrap()
                .unwrap()
                .rights
                .records_for(a)
        );
        end_role(
            book,
            &manager,
            held(book, &operator, "staff", Role::Staff(a)).await,
        )
        .await
        .unwrap();
        let by_session = caller_of_session(book, session.expose()).await.unwrap().unwrap();
        let by_token = caller_of_token(book, token.expose()).await.unwrap().unwrap();
        for caller in [by_session, by_token] {
            assert!(
                !caller.rights.records_for(a) && !caller.rights.is_of(a.into()),
                "{caller:?}"
            );
        }
    }
}

#[tokio::test]
async fn who_lost_a_role_does_not_come_in_again_by_an_own_invitation() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let a = visited.office("a").await;
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        let (_, link) = invite(book, &manager, Role::Manager(a), visited.id())
            .await
            .unwrap();
        end_role(
            book,
            &operator,
            held(book, &operator, "manager", Role::Manager(a)).await,
        )
        .await
        .unwrap();
        let outcome = accept_invitation(book, link.unwrap().expose(), "again", PASSWORD).await;
        assert_eq!(code(outcome), "invitation-expired");
    }
}

#[tokio::test]
async fn who_was_shut_out_leaves_no_way_in() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let a = visited.office("a").await;
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        visited.person(&operator, Role::Manager(a), "second").await;
        let (_, link) = invite(book, &manager, Role::Staff(a), visited.id())
            .await
            .unwrap();
        disable(book, &operator, manager.person()).await.unwrap();
        let outcome = accept_invitation(book, link.unwrap().expose(), "again", PASSWORD).await;
        assert_eq!(code(outcome), "invitation-expired");
    }
}

#[tokio::test]
async fn the_last_operator_and_the_last_manager_stay() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let (a, b) = (visited.office("a").await, visited.office("b").await);
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        visited.person(&operator, Role::Manager(b), "other").await;
        let own = held(book, &operator, "operator", Role::Operator).await;
        assert_eq!(code(end_role(book, &operator, own).await), "last-operator");
        let of_a = held(book, &operator, "manager", Role::Manager(a)).await;
        assert_eq!(code(end_role(book, &manager, of_a).await), "last-manager");
        let of_b = held(book, &operator, "other", Role::Manager(b)).await;
        assert_eq!(code(end_role(book, &manager, of_b).await), "not-found");
        visited.person(&operator, Role::Operator, "second").await;
        end_role(book, &operator, own).await.unwrap();
        // an office may close
        let second = visited.log_in("second").await;
        end_role(book, &second, of_a).await.unwrap();
        end_role(book, &second, of_a).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_operators_who_end_each_other_leave_one() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let one = visited.operator().await;
        let two = visited.person(&one, Role::Operator, "second").await;
        let of_one = held(book, &one, "operator", Role::Operator).await;
        let of_two = held(book, &one, "second", Role::Operator).await;
        let (ended, other) = tokio::join!(end_role(book, &one, of_two), end_role(book, &two, of_one));
        assert!(ended.is_ok() != other.is_ok(), "{ended:?} {other:?}");
        assert_eq!(code(if ended.is_err() { ended } else { other }), "last-operator");
    }
}
