//! QRカード: what a shared tablet may do, and how its card is stopped.

use crate::code;
use acceptance::{
    people::{HERE, HOUR, MINUTE, Visited},
    support::engines,
};
use app::access::{
    Caller, Means,
    cards::{cards, issue_card, log_in_by_card, stop_card},
    invitations::{accept_as, invite},
    log_in::{caller_of_session, change_password, log_out},
    people::{disable, enable, end_role, people},
    resets::make_reset,
    rights::{Rights, Role},
    secret::Secret,
    tokens::{NewToken, make_token},
};
use domain::text::Name;
use std::collections::BTreeSet;

fn name() -> Name {
    "作業場のタブレット".parse().unwrap()
}

async fn card(visited: &Visited, by: &Caller) -> (uuid::Uuid, Secret) {
    let office = visited.office("a").await;
    let (card, secret) = issue_card(visited.book(), by, office, &name(), visited.id())
        .await
        .unwrap();
    (card.id, secret.unwrap())
}

async fn refused(visited: &Visited, secret: &str) -> &'static str {
    log_in_by_card(visited.book(), secret, HERE)
        .await
        .unwrap_err()
        .code()
}

#[tokio::test]
async fn a_card_is_staff_of_one_office_for_a_day_and_nothing_more() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let (book, a) = (visited.book(), visited.office("a").await);
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        let (_, secret) = card(&visited, &manager).await;
        let (session, tablet) = log_in_by_card(book, secret.expose(), HERE).await.unwrap();
        assert_eq!(tablet.rights, Rights::of(tablet.person(), [Role::Staff(a)]));
        assert!(matches!(tablet.means, Means::Card(_)));

        // nobody comes in by a tablet, and nothing lasts longer than its day
        let (_, link) = invite(book, &operator, Role::Manager(a), visited.id())
            .await
            .unwrap();
        let link = link.unwrap();
        let token = NewToken {
            name: name(),
            only_reads: true,
            offices: BTreeSet::new(),
            expires: None,
        };
        for told in [
            code(invite(book, &tablet, Role::Staff(a), visited.id()).await),
            code(accept_as(book, &tablet, link.expose()).await),
            code(make_token(book, &tablet, token, visited.id()).await),
            code(issue_card(book, &tablet, a, &name(), visited.id()).await),
            code(make_reset(book, &tablet, manager.person(), visited.id()).await),
            code(change_password(book, &tablet, "", "another long password").await),
        ] {
            assert_eq!(told, "needs-password");
        }
        assert_eq!(code(people(book, &tablet).await), "not-allowed");
        assert!(cards(book, &tablet).await.unwrap().is_empty());

        visited.clock.pass(11 * HOUR);
        assert!(caller_of_session(book, session.expose()).await.unwrap().is_some());
        visited.clock.pass(HOUR + MINUTE);
        assert!(caller_of_session(book, session.expose()).await.unwrap().is_none());
        let (session, tablet) = log_in_by_card(book, secret.expose(), HERE).await.unwrap();
        log_out(book, &tablet).await.unwrap();
        assert!(caller_of_session(book, session.expose()).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_card_that_is_stopped_counts_no_more_at_once() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let (book, a, b) = (
            visited.book(),
            visited.office("a").await,
            visited.office("b").await,
        );
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        let other = visited.person(&operator, Role::Manager(b), "other").await;
        let (id, secret) = card(&visited, &manager).await;
        let (session, _) = log_in_by_card(book, secret.expose(), HERE).await.unwrap();

        // of another office's cards nobody knows
        assert_eq!(code(stop_card(book, &other, id).await), "not-found");
        assert!(cards(book, &other).await.unwrap().is_empty());
        assert_eq!(
            code(issue_card(book, &other, a, &name(), visited.id()).await),
            "not-allowed"
        );

        stop_card(book, &manager, id).await.unwrap();
        stop_card(book, &manager, id).await.unwrap();
        assert!(caller_of_session(book, session.expose()).await.unwrap().is_none());
        assert_eq!(refused(&visited, secret.expose()).await, "card-wrong");
        assert!(cards(book, &manager).await.unwrap()[0].stopped_at.is_some());
        // not even when its account is opened
        let account = cards(book, &manager).await.unwrap()[0].person;
        enable(book, &operator, account).await.unwrap();
        assert_eq!(refused(&visited, secret.expose()).await, "card-wrong");
    }
}

#[tokio::test]
async fn a_card_goes_with_its_account_and_its_role() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let (book, a) = (visited.book(), visited.office("a").await);
        let operator = visited.operator().await;
        let (_, secret) = card(&visited, &operator).await;
        let (session, tablet) = log_in_by_card(book, secret.expose(), HERE).await.unwrap();
        disable(book, &operator, tablet.person()).await.unwrap();
        assert!(caller_of_session(book, session.expose()).await.unwrap().is_none());
        assert_eq!(refused(&visited, secret.expose()).await, "card-wrong");
        enable(book, &operator, tablet.person()).await.unwrap();
        log_in_by_card(book, secret.expose(), HERE).await.unwrap();

        let all = people(book, &operator).await.unwrap();
        let account = all.iter().find(|person| person.id == tablet.person()).unwrap();
        assert!(!account.has_password && account.login.starts_with("card-"));
        end_role(book, &operator, account.roles[0].id).await.unwrap();
        let (_, tablet) = log_in_by_card(book, secret.expose(), HERE).await.unwrap();
        assert!(!tablet.rights.records_for(a), "its role has ended");
    }
}

#[tokio::test]
async fn a_card_is_made_once_a_key_and_guessing_is_limited() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let (book, a, b) = (
            visited.book(),
            visited.office("a").await,
            visited.office("b").await,
        );
        let operator = visited.operator().await;
        let id = visited.id();
        let (made, secret) = issue_card(book, &operator, a, &name(), id).await.unwrap();
        let (again, nothing) = issue_card(book, &operator, a, &name(), id).await.unwrap();
        assert_eq!(made, again);
        assert!(secret.is_some() && nothing.is_none());
        assert_eq!(
            code(issue_card(book, &operator, b, &name(), id).await),
            "key-reused"
        );
        for _ in 0..60 {
            assert_eq!(refused(&visited, "ykc_no").await, "card-wrong");
        }
        assert_eq!(
            refused(&visited, secret.unwrap().expose()).await,
            "too-many-tries"
        );
    }
}
