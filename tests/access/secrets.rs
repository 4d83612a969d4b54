//! No secret is in the bytes of the database, and nothing of people is in the log or an export.

use acceptance::{
    people::{HERE, PASSWORD, Visited},
    support::{Engine, engines},
};
use app::access::{
    invitations::{accept_invitation, invite, set_up_link},
    log_in::{caller_of_session, log_in},
    rights::Role,
    tokens::{NewToken, caller_of_token, make_token},
};
use std::collections::BTreeSet;

#[tokio::test]
async fn only_hashes_are_in_the_bytes_of_the_database() {
    if !engines().contains(&Engine::Sqlite) {
        return;
    }
    let visited = Visited::new(Engine::Sqlite).await;
    let book = visited.book();
    let set_up = set_up_link(book).await.unwrap().unwrap();
    accept_invitation(book, set_up.expose(), "operator", PASSWORD)
        .await
        .unwrap();
    let (session, operator) = log_in(book, "operator", PASSWORD, HERE).await.unwrap();
    caller_of_session(book, session.expose()).await.unwrap().unwrap();
    let role = Role::Staff(visited.office("a").await);
    let (_, unused) = invite(book, &operator, role, visited.id()).await.unwrap();
    let new = NewToken {
        name: "till".parse().unwrap(),
        only_reads: false,
        offices: BTreeSet::new(),
        expires: None,
    };
    let (_, token) = make_token(book, &operator, new, visited.id()).await.unwrap();
    let token = token.unwrap();
    caller_of_token(book, token.expose()).await.unwrap().unwrap();
    let secrets = [set_up, session, unused.unwrap(), token];
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(visited.world.database.directory()).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let is_there = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    // what is looked for would be found
    assert!(is_there(b"$argon2id$") && is_there(b"operator"));
    assert!(!is_there(PASSWORD.as_bytes()));
    for secret in &secrets {
        // without its prefix, and a part of it too
        let text = secret.expose().as_bytes();
        assert!(
            !is_there(&text[4..]) && !is_there(&text[4..24]),
            "{}",
            secret.expose()
        );
    }
}

#[tokio::test]
async fn the_log_knows_nothing_of_people() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let before = visited.world.head().await;
        let mut exported = Vec::new();
        app::export::export_entries(visited.book(), &mut exported)
            .await
            .unwrap();
        let operator = visited.operator().await;
        visited
            .person(&operator, Role::Staff(visited.office("a").await), "zyxw-1")
            .await;
        assert_eq!(visited.world.head().await, before);
        let mut again = Vec::new();
        app::export::export_entries(visited.book(), &mut again)
            .await
            .unwrap();
        assert_eq!(again, exported);
        acceptance::rows::assert_verified(visited.book()).await;
    }
}
