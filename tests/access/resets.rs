//! A forgotten password, and accounts that are opened again.

use crate::code;
use acceptance::{
    people::{HERE, HOUR, PASSWORD, Visited},
    support::engines,
};
use app::access::{
    invitations::{accept_as, invite},
    log_in::{caller_of_session, log_in},
    people::{disable, enable, end_role, people},
    resets::{make_reset, reset_password},
    rights::Role,
};

const ANOTHER: &str = "やまびこ れんこん はしご すずめ";

#[tokio::test]
async fn a_link_gives_another_password_once_and_ends_all_sessions() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let (book, a) = (visited.book(), visited.office("a").await);
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        let staff = visited.person(&operator, Role::Staff(a), "staff").await;
        let (session, _) = log_in(book, "staff", PASSWORD, HERE).await.unwrap();
        let id = visited.id();
        let (made, link) = make_reset(book, &manager, staff.person(), id).await.unwrap();
        let link = link.unwrap();
        let (again, nothing) = make_reset(book, &manager, staff.person(), id).await.unwrap();
        assert!(made == again && nothing.is_none());
        assert_eq!(
            code(make_reset(book, &manager, manager.person(), id).await),
            "own-password"
        );

        // a password that is refused leaves the link
        assert_eq!(
            code(reset_password(book, link.expose(), "short").await),
            "password-too-short"
        );
        assert!(caller_of_session(book, session.expose()).await.unwrap().is_some());
        reset_password(book, link.expose(), ANOTHER).await.unwrap();
        assert!(caller_of_session(book, session.expose()).await.unwrap().is_none());
        assert!(log_in(book, "staff", PASSWORD, HERE).await.is_err());
        log_in(book, "staff", ANOTHER, HERE).await.unwrap();
        assert_eq!(
            code(reset_password(book, link.expose(), PASSWORD).await),
            "reset-used"
        );
        assert_eq!(
            code(reset_password(book, "ykr_no", PASSWORD).await),
            "reset-unknown"
        );
    }
}

#[tokio::test]
async fn a_link_ends_by_time_by_a_newer_one_and_with_who_made_it() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let (book, a) = (visited.book(), visited.office("a").await);
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        let staff = visited.person(&operator, Role::Staff(a), "staff").await;
        let link = async |by: &app::access::Caller| {
            let made = make_reset(book, by, staff.person(), visited.id()).await.unwrap();
            made.1.unwrap()
        };
        let (first, second) = (link(&manager).await, link(&operator).await);
        assert_eq!(
            code(reset_password(book, first.expose(), ANOTHER).await),
            "reset-expired"
        );
        visited.clock.pass(24 * HOUR);
        assert_eq!(
            code(reset_password(book, second.expose(), ANOTHER).await),
            "reset-expired"
        );
        // who made it knows it: it does not open what the account has become since
        let (b, fourth) = (visited.office("b").await, link(&manager).await);
        let (_, more) = invite(book, &operator, Role::Staff(b), visited.id())
            .await
            .unwrap();
        accept_as(book, &staff, more.unwrap().expose()).await.unwrap();
        assert_eq!(
            code(reset_password(book, fourth.expose(), ANOTHER).await),
            "reset-expired"
        );
        let all = people(book, &operator).await.unwrap();
        let roles = &all.iter().find(|person| person.login == "staff").unwrap().roles;
        let of_b = roles.iter().find(|held| held.role == Role::Staff(b)).unwrap();
        end_role(book, &operator, of_b.id).await.unwrap();
        let third = link(&manager).await;
        let held = people(book, &operator).await.unwrap();
        let held = held
            .iter()
            .find(|person| person.login == "manager")
            .unwrap()
            .roles[0]
            .id;
        end_role(book, &operator, held).await.unwrap();
        assert_eq!(
            code(reset_password(book, third.expose(), ANOTHER).await),
            "reset-expired"
        );
        log_in(book, "staff", PASSWORD, HERE).await.unwrap();
    }
}

#[tokio::test]
async fn a_manager_does_not_get_hold_of_what_somebody_is_elsewhere() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let (book, a, b) = (
            visited.book(),
            visited.office("a").await,
            visited.office("b").await,
        );
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        let staff = visited.person(&operator, Role::Staff(a), "staff").await;
        let other = visited.person(&operator, Role::Staff(b), "other").await;
        let (_, link) = invite(book, &operator, Role::Staff(b), visited.id())
            .await
            .unwrap();
        accept_as(book, &staff, link.unwrap().expose()).await.unwrap();
        let of = async |by, person| code(make_reset(book, by, person, visited.id()).await);
        assert_eq!(of(&manager, staff.person()).await, "not-allowed");
        assert_eq!(of(&manager, other.person()).await, "not-found");
        assert_eq!(of(&manager, operator.person()).await, "not-found");
        assert_eq!(of(&other, staff.person()).await, "not-allowed");
        make_reset(book, &operator, staff.person(), visited.id())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn an_account_that_was_shut_is_opened_again_by_an_operator() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let (book, a) = (visited.book(), visited.office("a").await);
        let operator = visited.operator().await;
        let manager = visited.person(&operator, Role::Manager(a), "manager").await;
        let staff = visited.person(&operator, Role::Staff(a), "staff").await;
        disable(book, &operator, staff.person()).await.unwrap();
        assert!(log_in(book, "staff", PASSWORD, HERE).await.is_err());
        assert_eq!(
            code(make_reset(book, &operator, staff.person(), visited.id()).await),
            "account-shut"
        );
        assert_eq!(code(enable(book, &manager, staff.person()).await), "not-allowed");
        enable(book, &operator, staff.person()).await.unwrap();
        let (_, back) = log_in(book, "staff", PASSWORD, HERE).await.unwrap();
        assert_eq!(back.rights, staff.rights);
    }
}
