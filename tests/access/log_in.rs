//! Passwords and sessions.

use crate::code;
use acceptance::{
    people::{DAY, HERE, HOUR, MINUTE, PASSWORD, Visited},
    support::engines,
};
use app::access::{
    Caller,
    log_in::{caller_of_session, change_password, end_all_sessions, log_in, log_out},
    people::disable,
    rights::Role,
    secret::Secret,
};
use std::{net::IpAddr, time::Duration};

async fn refused(visited: &Visited, login: &str, password: &str, address: IpAddr) -> &'static str {
    let outcome = log_in(visited.book(), login, password, address).await;
    outcome.expect_err("refused").code()
}

async fn session(visited: &Visited, login: &str) -> Secret {
    log_in(visited.book(), login, PASSWORD, HERE).await.unwrap().0
}

async fn caller(visited: &Visited, secret: &Secret) -> Option<Caller> {
    caller_of_session(visited.book(), secret.expose()).await.unwrap()
}

#[tokio::test]
async fn nobody_learns_which_accounts_there_are() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        visited.operator().await;
        for (login, password) in [
            ("operator", "another long password"),
            ("nobody", PASSWORD),
            ("No Login", PASSWORD),
            ("operator", ""),
            ("operator", &"x".repeat(100_000)),
        ] {
            assert_eq!(refused(&visited, login, password, HERE).await, "log-in-wrong");
        }
    }
}

#[tokio::test]
async fn tries_are_limited_where_they_come_from_and_the_office_is_not_locked_out() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        visited.operator().await;
        let elsewhere: IpAddr = [198, 51, 100, 7].into();
        for _ in 0..10 {
            assert_eq!(
                refused(&visited, "operator", "wrong wrong wrong", elsewhere).await,
                "log-in-wrong"
            );
        }
        let too_many = log_in(visited.book(), "operator", PASSWORD, elsewhere)
            .await
            .unwrap_err();
        assert_eq!(too_many.code(), "too-many-tries");
        assert_eq!(too_many.retry_after(), Some(Duration::from_secs(90)));
        // the office itself goes on
        visited.log_in("operator").await;
        // and elsewhere too, a while later
        visited.clock.pass(2 * MINUTE);
        log_in(visited.book(), "operator", PASSWORD, elsewhere)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_session_rests_at_most_twelve_hours() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        visited.operator().await;
        let secret = session(&visited, "operator").await;
        for _ in 0..4 {
            visited.clock.pass(12 * HOUR - 1);
            assert!(caller(&visited, &secret).await.is_some());
        }
        visited.clock.pass(12 * HOUR);
        assert_eq!(caller(&visited, &secret).await, None);
    }
}

#[tokio::test]
async fn a_session_lasts_at_most_thirty_days() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        visited.operator().await;
        let secret = session(&visited, "operator").await;
        for _ in 0..59 {
            visited.clock.pass(DAY / 2 - 1);
            assert!(caller(&visited, &secret).await.is_some());
        }
        visited.clock.pass(11 * HOUR);
        assert!(caller(&visited, &secret).await.is_some());
        visited.clock.pass(HOUR + 59);
        assert_eq!(caller(&visited, &secret).await, None);
    }
}

#[tokio::test]
async fn that_somebody_was_there_is_written_every_ten_minutes() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        visited.operator().await;
        let secret = session(&visited, "operator").await;
        let seen = "SELECT MAX(seen_at) FROM session";
        let begun = visited.world.number(seen).await;
        visited.clock.pass(10 * MINUTE - 1);
        caller(&visited, &secret).await.unwrap();
        assert_eq!(visited.world.number(seen).await, begun);
        visited.clock.pass(1);
        caller(&visited, &secret).await.unwrap();
        assert_eq!(visited.world.number(seen).await, begun + 10 * MINUTE);
    }
}

#[tokio::test]
async fn who_logs_out_is_out() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        visited.operator().await;
        let (one, other) = (
            session(&visited, "operator").await,
            session(&visited, "operator").await,
        );
        let leaving = caller(&visited, &one).await.unwrap();
        log_out(visited.book(), &leaving).await.unwrap();
        assert_eq!(caller(&visited, &one).await, None);
        let staying = caller(&visited, &other).await.unwrap();
        end_all_sessions(visited.book(), &staying, staying.person())
            .await
            .unwrap();
        assert_eq!(caller(&visited, &other).await, None);
        // what is over is forgotten with the next session
        session(&visited, "operator").await;
        assert_eq!(
            visited
                .world
                .number("SELECT CAST(COUNT(*) AS bigint) FROM session")
                .await,
            1
        );
    }
}

#[tokio::test]
async fn only_operators_end_the_sessions_of_others() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let operator = visited.operator().await;
        let staff = visited
            .person(&operator, Role::Staff(visited.office("a").await), "staff")
            .await;
        let outcome = end_all_sessions(visited.book(), &staff, operator.person()).await;
        assert_eq!(code(outcome), "not-allowed");
        let secret = session(&visited, "staff").await;
        end_all_sessions(visited.book(), &operator, staff.person())
            .await
            .unwrap();
        assert_eq!(caller(&visited, &secret).await, None);
    }
}

#[tokio::test]
async fn another_password_ends_the_other_sessions() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        visited.operator().await;
        let (one, other) = (
            session(&visited, "operator").await,
            session(&visited, "operator").await,
        );
        let me = caller(&visited, &one).await.unwrap();
        let new = "みなみ やま とんぼ でんしゃ";
        assert_eq!(
            code(change_password(book, &me, "wrong wrong wrong", new).await),
            "wrong-password"
        );
        assert_eq!(
            code(change_password(book, &me, PASSWORD, "operator12").await),
            "password-like-login"
        );
        change_password(book, &me, PASSWORD, new).await.unwrap();
        assert!(caller(&visited, &one).await.is_some());
        assert_eq!(caller(&visited, &other).await, None);
        assert_eq!(
            refused(&visited, "operator", PASSWORD, HERE).await,
            "log-in-wrong"
        );
        log_in(book, "operator", new, HERE).await.unwrap();
        // who has got hold of a session cannot find the password by trying
        for _ in 0..10 {
            assert_eq!(
                code(change_password(book, &me, PASSWORD, new).await),
                "wrong-password"
            );
        }
        assert_eq!(
            code(change_password(book, &me, PASSWORD, new).await),
            "too-many-tries"
        );
    }
}

#[tokio::test]
async fn an_account_that_is_shut_is_out_at_once() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let operator = visited.operator().await;
        let staff = visited
            .person(&operator, Role::Staff(visited.office("a").await), "staff")
            .await;
        let secret = session(&visited, "staff").await;
        disable(visited.book(), &operator, staff.person()).await.unwrap();
        assert_eq!(caller(&visited, &secret).await, None);
        assert_eq!(refused(&visited, "staff", PASSWORD, HERE).await, "log-in-wrong");
        assert_eq!(
            code(disable(visited.book(), &operator, operator.person()).await),
            "last-operator"
        );
        assert_eq!(
            code(disable(visited.book(), &staff, operator.person()).await),
            "not-allowed"
        );
    }
}
