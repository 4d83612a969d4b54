//! People come in by links, each of which is used once.

use crate::code;
use acceptance::{
    people::{DAY, HERE, PASSWORD, Visited},
    support::engines,
};
use app::access::{
    Means,
    invitations::{
        accept_as, accept_invitation, invitation, invitations, invite, set_up_link, withdraw_invitation,
    },
    log_in::{caller_of_session, log_in},
    people::people,
    rights::Role,
    tokens::{NewToken, caller_of_token, make_token},
};
use domain::id::OfficeId;
use std::collections::BTreeSet;
use tokio::task::JoinSet;
use uuid::Uuid;

#[tokio::test]
async fn the_link_that_sets_the_book_up_is_used_once() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let older = set_up_link(book).await.unwrap().unwrap();
        let link = set_up_link(book).await.unwrap().unwrap();
        assert_ne!(older, link);
        // only the one that was printed last counts
        assert_eq!(
            code(accept_invitation(book, older.expose(), "a", PASSWORD).await),
            "invitation-expired"
        );
        visited.clock.pass(DAY - 1);
        assert_eq!(
            invitation(book, link.expose()).await.unwrap().role,
            Role::Operator
        );
        // what is wrong with the form does not use it up
        let long_login = "A".to_owned();
        assert_eq!(
            code(accept_invitation(book, link.expose(), &long_login, PASSWORD).await),
            "login-malformed"
        );
        assert_eq!(
            code(accept_invitation(book, link.expose(), "a", "short").await),
            "password-too-short"
        );
        let id = accept_invitation(book, link.expose(), "a", PASSWORD)
            .await
            .unwrap();
        assert_eq!(
            code(accept_invitation(book, link.expose(), "b", PASSWORD).await),
            "invitation-used"
        );
        assert_eq!(set_up_link(book).await.unwrap(), None);
        let (secret, caller) = log_in(book, "a", PASSWORD, HERE).await.unwrap();
        assert!(caller.rights.is_operator && caller.person() == id);
        assert!(caller.rights.offices.is_empty() && caller.rights.networks.is_empty());
        assert_eq!(
            caller_of_session(book, secret.expose()).await.unwrap(),
            Some(caller)
        );
    }
}

#[tokio::test]
async fn a_link_expires_and_can_be_made_again() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let link = set_up_link(book).await.unwrap().unwrap();
        visited.clock.pass(DAY);
        assert_eq!(
            code(accept_invitation(book, link.expose(), "a", PASSWORD).await),
            "invitation-expired"
        );
        assert_eq!(code(invitation(book, "yki_nonsense").await), "invitation-unknown");
        let operator = visited.operator().await;
        let office = Role::Staff(visited.office("a").await);
        let (_, link) = invite(book, &operator, office, visited.id()).await.unwrap();
        visited.clock.pass(7 * DAY);
        assert_eq!(
            code(accept_invitation(book, link.unwrap().expose(), "b", PASSWORD).await),
            "invitation-expired"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_use_a_link_at_once_one_comes_in() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let link = set_up_link(visited.book()).await.unwrap().unwrap();
        let mut racers = JoinSet::new();
        for n in 0..6 {
            let (book, link) = (visited.book().clone(), link.clone());
            racers.spawn(async move {
                accept_invitation(&book, link.expose(), &format!("racer-{n}"), PASSWORD).await
            });
        }
        let outcomes = racers.join_all().await;
        let came_in = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(came_in, 1, "{outcomes:?}");
        for refused in outcomes.into_iter().filter(Result::is_err) {
            assert_eq!(code(refused), "invitation-used");
        }
        assert_eq!(
            visited
                .world
                .number("SELECT CAST(COUNT(*) AS bigint) FROM person")
                .await,
            1
        );
        assert_eq!(
            visited
                .world
                .number("SELECT CAST(COUNT(*) AS bigint) FROM person_role")
                .await,
            1
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_want_a_login_at_once_one_gets_it() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let operator = visited.operator().await;
        let role = Role::Staff(visited.office("a").await);
        let mut racers = JoinSet::new();
        for _ in 0..4 {
            let (_, link) = invite(visited.book(), &operator, role, visited.id())
                .await
                .unwrap();
            let (book, link) = (visited.book().clone(), link.unwrap());
            racers.spawn(async move {
                let outcome = accept_invitation(&book, link.expose(), "wanted", PASSWORD).await;
                (outcome, link)
            });
        }
        let mut refused = Vec::new();
        for (outcome, link) in racers.join_all().await {
            if outcome.is_err() {
                assert_eq!(code(outcome), "login-taken");
                refused.push(link);
            }
        }
        assert_eq!(refused.len(), 3);
        // their links still count
        accept_invitation(visited.book(), refused[0].expose(), "other", PASSWORD)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn managers_invite_to_their_office_operators_to_any_role_coordinators_to_none() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let (a, b, network) = (
            visited.office("a").await,
            visited.office("b").await,
            visited.network().await,
        );
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        let staff = visited.person(&manager, Role::Staff(a), "staff").await;
        let coordinator = visited
            .person(&operator, Role::Coordinator(network), "coordinator")
            .await;
        visited.person(&manager, Role::Manager(a), "second").await;
        for (caller, role) in [
            (&manager, Role::Staff(b)),
            (&manager, Role::Coordinator(network)),
            (&manager, Role::Operator),
            (&staff, Role::Staff(a)),
            (&coordinator, Role::Staff(a)),
            (&coordinator, Role::Coordinator(network)),
        ] {
            assert_eq!(
                code(invite(book, caller, role, visited.id()).await),
                "not-allowed",
                "{role:?}"
            );
        }
        let nowhere = OfficeId(Uuid::from_u128(1));
        assert_eq!(
            code(invite(book, &operator, Role::Staff(nowhere), visited.id()).await),
            "office-unknown"
        );
        // a token does not invite
        let new = NewToken {
            name: "till".parse().unwrap(),
            only_reads: false,
            offices: BTreeSet::new(),
            expires: None,
        };
        let (_, secret) = make_token(book, &manager, new, visited.id()).await.unwrap();
        let token = caller_of_token(book, secret.unwrap().expose())
            .await
            .unwrap()
            .unwrap();
        assert!(matches!(token.means, Means::Token(_)));
        assert_eq!(
            code(invite(book, &token, Role::Staff(a), visited.id()).await),
            "needs-login"
        );
    }
}

#[tokio::test]
async fn the_same_id_is_one_invitation() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let (a, b) = (visited.office("a").await, visited.office("b").await);
        let operator = visited.operator().await;
        let id = visited.id();
        let (made, secret) = invite(book, &operator, Role::Staff(a), id).await.unwrap();
        assert!(secret.is_some());
        visited.clock.pass(1_000);
        assert_eq!(
            invite(book, &operator, Role::Staff(a), id).await.unwrap(),
            (made, None)
        );
        assert_eq!(
            code(invite(book, &operator, Role::Staff(b), id).await),
            "key-reused"
        );
    }
}

#[tokio::test]
async fn invitations_are_listed_and_withdrawn() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let (a, b) = (visited.office("a").await, visited.office("b").await);
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        let (of_a, link) = invite(book, &operator, Role::Staff(a), visited.id())
            .await
            .unwrap();
        let (of_b, _) = invite(book, &operator, Role::Staff(b), visited.id())
            .await
            .unwrap();
        let ids = |list: Vec<app::access::invitations::Invitation>| -> BTreeSet<Uuid> {
            list.into_iter().map(|invitation| invitation.id).collect()
        };
        assert_eq!(
            ids(invitations(book, &manager).await.unwrap()),
            BTreeSet::from([of_a.id])
        );
        assert_eq!(
            ids(invitations(book, &operator).await.unwrap()),
            BTreeSet::from([of_a.id, of_b.id])
        );
        assert_eq!(
            code(withdraw_invitation(book, &manager, of_b.id).await),
            "not-found"
        );
        withdraw_invitation(book, &manager, of_a.id).await.unwrap();
        withdraw_invitation(book, &manager, of_a.id).await.unwrap();
        assert_eq!(
            ids(invitations(book, &operator).await.unwrap()),
            BTreeSet::from([of_b.id])
        );
        let link = link.unwrap();
        assert_eq!(
            code(accept_invitation(book, link.expose(), "late", PASSWORD).await),
            "invitation-expired"
        );
    }
}

#[tokio::test]
async fn somebody_who_is_in_gets_another_role() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let (a, b) = (visited.office("a").await, visited.office("b").await);
        let operator = visited.operator().await;
        let person = visited.person(&operator, Role::Staff(a), "person").await;
        let (_, link) = invite(book, &operator, Role::Manager(b), visited.id())
            .await
            .unwrap();
        accept_as(book, &person, link.clone().unwrap().expose())
            .await
            .unwrap();
        assert_eq!(
            code(accept_as(book, &person, link.unwrap().expose()).await),
            "invitation-used"
        );
        let now = visited.log_in("person").await;
        assert!(now.rights.records_for(a) && now.rights.manages(b) && !now.rights.manages(a));
        // a role that runs already is one role
        let (_, link) = invite(book, &operator, Role::Staff(a), visited.id())
            .await
            .unwrap();
        accept_as(book, &person, link.unwrap().expose()).await.unwrap();
        let all = people(book, &operator).await.unwrap();
        let there = all.iter().find(|person| person.login == "person").unwrap();
        let roles: Vec<Role> = there.roles.iter().map(|held| held.role).collect();
        assert_eq!(roles.len(), 2, "{roles:?}");
    }
}
