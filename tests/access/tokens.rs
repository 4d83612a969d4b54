//! Tokens: how other programs come in.

use crate::code;
use acceptance::{
    people::{DAY, PASSWORD, Visited},
    support::engines,
};
use app::access::{
    Caller,
    log_in::change_password,
    people::disable,
    rights::Role,
    tokens::{NewToken, Token, caller_of_token, make_token, managed_tokens, own_tokens, revoke_token},
};
use domain::{calendar::Instant, id::OfficeId};
use std::collections::BTreeSet;
use uuid::Uuid;

fn new(offices: &[OfficeId]) -> NewToken {
    NewToken {
        name: "レジ".parse().unwrap(),
        only_reads: false,
        offices: offices.iter().copied().collect(),
        expires: None,
    }
}

fn ids(tokens: Vec<Token>) -> BTreeSet<Uuid> {
    tokens.into_iter().map(|token| token.id).collect()
}

async fn comes_in(visited: &Visited, secret: &str) -> Option<Caller> {
    caller_of_token(visited.book(), secret).await.unwrap()
}

#[tokio::test]
async fn a_token_is_limited_to_offices_and_to_reading() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let (a, b) = (visited.office("a").await, visited.office("b").await);
        let operator = visited.operator().await;
        visited.person(&operator, Role::Manager(a), "person").await;
        let (_, link) = app::access::invitations::invite(book, &operator, Role::Staff(b), visited.id())
            .await
            .unwrap();
        let person = visited.log_in("person").await;
        app::access::invitations::accept_as(book, &person, link.unwrap().expose())
            .await
            .unwrap();
        let person = visited.log_in("person").await;

        let (_, all) = make_token(book, &person, new(&[]), visited.id()).await.unwrap();
        let all = comes_in(&visited, all.unwrap().expose()).await.unwrap();
        assert_eq!(all.rights, person.rights);

        let (_, one) = make_token(book, &person, new(&[b]), visited.id()).await.unwrap();
        let one = comes_in(&visited, one.unwrap().expose()).await.unwrap();
        assert_eq!(one.rights.offices, BTreeSet::from([b]));
        assert!(one.rights.records_for(b) && one.rights.managed.is_empty());

        let reading = NewToken {
            only_reads: true,
            ..new(&[a, b])
        };
        let (_, reads) = make_token(book, &person, reading, visited.id()).await.unwrap();
        let reads = comes_in(&visited, reads.unwrap().expose()).await.unwrap();
        assert!(reads.rights.is_of(a.into()) && !reads.rights.records_for(a) && !reads.rights.manages(a));

        let c = visited.office("c").await;
        assert_eq!(
            code(make_token(book, &person, new(&[c]), visited.id()).await),
            "not-your-office"
        );
        // what makes others come in is for people
        assert_eq!(
            code(make_token(book, &all, new(&[]), visited.id()).await),
            "needs-login"
        );
        assert_eq!(
            code(change_password(book, &all, PASSWORD, "x").await),
            "needs-login"
        );
    }
}

#[tokio::test]
async fn a_token_expires_and_is_revoked() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let operator = visited.operator().await;
        let person = visited
            .person(&operator, Role::Staff(visited.office("a").await), "person")
            .await;
        let tomorrow = Instant::from_millis(book.outside().clock.now().millis() + DAY).unwrap();
        let short = NewToken {
            expires: Some(tomorrow),
            ..new(&[])
        };
        let id = visited.id();
        let (_, short_lived) = make_token(book, &person, short.clone(), id).await.unwrap();
        let (lasting, lasts) = make_token(book, &person, new(&[]), visited.id()).await.unwrap();
        let (short_lived, lasts) = (short_lived.unwrap(), lasts.unwrap());
        visited.clock.pass(DAY - 1);
        assert!(comes_in(&visited, short_lived.expose()).await.is_some());
        visited.clock.pass(1);
        assert_eq!(comes_in(&visited, short_lived.expose()).await, None);
        assert!(comes_in(&visited, lasts.expose()).await.is_some());
        // a retry that comes late is still the same
        assert_eq!(
            make_token(book, &person, short.clone(), id).await.unwrap().1,
            None
        );
        assert_eq!(
            code(make_token(book, &person, short, visited.id()).await),
            "expiry-past"
        );
        revoke_token(book, &person, lasting.id).await.unwrap();
        revoke_token(book, &person, lasting.id).await.unwrap();
        assert_eq!(comes_in(&visited, lasts.expose()).await, None);
    }
}

#[tokio::test]
async fn the_same_id_is_one_token() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let a = visited.office("a").await;
        let operator = visited.operator().await;
        let person = visited.person(&operator, Role::Staff(a), "person").await;
        let id = visited.id();
        let (made, secret) = make_token(book, &person, new(&[a]), id).await.unwrap();
        assert!(secret.is_some());
        assert_eq!(
            make_token(book, &person, new(&[a]), id).await.unwrap(),
            (made, None)
        );
        assert_eq!(code(make_token(book, &person, new(&[]), id).await), "key-reused");
        assert_eq!(
            code(make_token(book, &operator, new(&[]), id).await),
            "key-reused"
        );
    }
}

#[tokio::test]
async fn managers_see_and_revoke_the_tokens_of_their_people() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let (a, b) = (visited.office("a").await, visited.office("b").await);
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        let staff = visited.person(&operator, Role::Staff(a), "staff").await;
        let other = visited.person(&operator, Role::Manager(b), "other").await;
        let (limited, secret) = make_token(book, &staff, new(&[a]), visited.id()).await.unwrap();
        let (whole, _) = make_token(book, &staff, new(&[]), visited.id()).await.unwrap();
        let (of_b, _) = make_token(book, &other, new(&[b]), visited.id()).await.unwrap();
        assert_eq!(
            ids(own_tokens(book, &staff).await.unwrap()),
            BTreeSet::from([limited.id, whole.id])
        );
        assert_eq!(
            ids(managed_tokens(book, &manager).await.unwrap()),
            BTreeSet::from([limited.id, whole.id])
        );
        assert_eq!(code(managed_tokens(book, &staff).await), "not-allowed");
        assert_eq!(code(revoke_token(book, &manager, of_b.id).await), "not-found");
        assert_eq!(code(revoke_token(book, &staff, of_b.id).await), "not-found");
        revoke_token(book, &manager, limited.id).await.unwrap();
        assert_eq!(comes_in(&visited, secret.unwrap().expose()).await, None);
        revoke_token(book, &operator, of_b.id).await.unwrap();
    }
}

/// What else somebody does elsewhere is not told: not by their token, not to the manager of one of their offices.
#[tokio::test]
async fn a_token_of_two_offices_is_told_to_each_as_its_own() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let (a, b) = (visited.office("a").await, visited.office("b").await);
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        visited.person(&operator, Role::Staff(a), "both").await;
        let (_, link) = app::access::invitations::invite(book, &operator, Role::Staff(b), visited.id())
            .await
            .unwrap();
        let both = visited.log_in("both").await;
        app::access::invitations::accept_as(book, &both, link.unwrap().expose())
            .await
            .unwrap();
        let both = visited.log_in("both").await;
        let (shared, secret) = make_token(book, &both, new(&[a, b]), visited.id()).await.unwrap();
        let (elsewhere, _) = make_token(book, &both, new(&[b]), visited.id()).await.unwrap();
        let told = managed_tokens(book, &manager).await.unwrap();
        assert_eq!(ids(told.clone()), BTreeSet::from([shared.id]));
        assert_eq!(told[0].offices, BTreeSet::from([a]), "b is not theirs to know");
        assert_eq!(
            code(revoke_token(book, &manager, elsewhere.id).await),
            "not-found"
        );
        let by_token = comes_in(&visited, secret.unwrap().expose()).await.unwrap();
        assert_eq!(
            ids(own_tokens(book, &by_token).await.unwrap()),
            BTreeSet::from([shared.id])
        );
        assert_eq!(
            ids(own_tokens(book, &both).await.unwrap()),
            BTreeSet::from([shared.id, elsewhere.id])
        );
    }
}

#[tokio::test]
async fn an_account_that_is_shut_has_no_token() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let operator = visited.operator().await;
        let staff = visited
            .person(&operator, Role::Staff(visited.office("a").await), "staff")
            .await;
        let (_, secret) = make_token(visited.book(), &staff, new(&[]), visited.id())
            .await
            .unwrap();
        disable(visited.book(), &operator, staff.person()).await.unwrap();
        assert_eq!(comes_in(&visited, secret.unwrap().expose()).await, None);
    }
}
