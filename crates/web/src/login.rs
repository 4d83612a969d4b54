//! ログイン, and coming in for the first time by an invitation's link. Nothing is to be remembered or typed twice: a password
//! may be pasted, and a password manager knows the fields.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked, own_address},
    resume,
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{
    Api,
    actor::{no_session, sender, session_cookie, set},
    problem::Problem,
};
use app::access::{invitations::accept_invitation, log_in};
use askama::Template;
use axum::{
    extract::{ConnectInfo, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use std::net::SocketAddr;

#[derive(Template)]
#[template(path = "login/login.html")]
struct LogInPage {
    shell: Shell,
    wrong: Wrong,
    login: String,
    next: String,
    /// What was typed into another form before one had to log in.
    typed: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "login/invited.html")]
struct InvitedPage {
    shell: Shell,
    wrong: Wrong,
    secret: String,
    login: String,
    /// Somebody is in already, and may take one more role.
    is_in: bool,
}

/// Where one goes afterwards.
#[derive(Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

/// The form.
pub async fn ask(asked: Asked, Query(next): Query<Next>) -> Response {
    let page = LogInPage {
        shell: Shell::of_nobody(&asked),
        wrong: Wrong::default(),
        login: String::new(),
        next: next.next,
        typed: Vec::new(),
    };
    page::shown(&asked, &page)
}

/// The form for somebody whose session ended while they typed: what they typed comes along.
pub fn ask_with(asked: &Asked, next: &str, typed: Vec<(String, String)>) -> Response {
    let page = LogInPage {
        shell: Shell::of_nobody(asked),
        wrong: Wrong::default(),
        login: String::new(),
        next: next.to_owned(),
        typed,
    };
    let mut answer = page::shown(asked, &page);
    *answer.status_mut() = StatusCode::UNAUTHORIZED;
    answer
}

/// In.
pub async fn enter(
    State(api): State<Api>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    asked: Asked,
    form: Form,
) -> Result<Response, PageError> {
    let (login, password) = (form.get("login"), form.verbatim("password"));
    let entered = log_in::log_in(&api.book, login, password, sender(&api, peer, &headers)).await;
    match entered {
        Ok((secret, _)) => {
            let mut answer = match resume::carried(&form) {
                none if none.is_empty() => Redirect::to(own_address(form.get("next"))).into_response(),
                typed => resume::page(&asked, typed, form.get("next")),
            };
            set(&mut answer, &session_cookie(&api, secret.expose().to_owned()));
            Ok(answer)
        }
        Err(refused) => {
            let mut wrong = Wrong::of(known(refused.into()))?;
            wrong.sentence.push_str(" 忘れたときは、管理者に聞いてください。");
            let page = LogInPage {
                shell: Shell::of_nobody(&asked),
                wrong,
                login: login.to_owned(),
                next: form.get("next").to_owned(),
                typed: resume::carried(&form),
            };
            Ok(page::shown_again(&asked, &page))
        }
    }
}

/// Nobody of that word and password, no such invitation: that is wrong with the form, not with the page.
pub fn known(problem: Problem) -> Problem {
    if [StatusCode::UNAUTHORIZED, StatusCode::NOT_FOUND].contains(&problem.status()) {
        Problem {
            status: StatusCode::UNPROCESSABLE_ENTITY.as_u16(),
            ..problem
        }
    } else {
        problem
    }
}

/// Out.
pub async fn leave(State(api): State<Api>, visitor: Visitor) -> Result<Response, PageError> {
    log_in::log_out(&api.book, visitor.caller()).await?;
    let mut answer = page::done("/login", &Said::new(What::LoggedOut));
    set(&mut answer, &no_session(&api));
    Ok(answer)
}

/// The page behind an invitation's link. The secret stands behind the `#`, which browsers keep to themselves; a script puts it
/// into its field, or it is pasted.
pub async fn invited(asked: Asked, visitor: Option<Visitor>) -> Response {
    page::shown(&asked, &invited_page(&asked, "", visitor.is_some()))
}

fn invited_page(asked: &Asked, secret: &str, is_in: bool) -> InvitedPage {
    InvitedPage {
        shell: if is_in {
            Shell::of(asked)
        } else {
            Shell::of_nobody(asked)
        },
        wrong: Wrong::default(),
        secret: secret.to_owned(),
        login: String::new(),
        is_in,
    }
}

/// The page again, with what is wrong.
pub fn invited_again(asked: &Asked, wrong: Wrong, secret: &str, is_in: bool) -> Response {
    let page = InvitedPage {
        wrong,
        ..invited_page(asked, secret, is_in)
    };
    page::shown_again(asked, &page)
}

/// An account.
pub async fn accept(State(api): State<Api>, asked: Asked, form: Form) -> Result<Response, PageError> {
    let (secret, login) = (form.get("secret"), form.get("login"));
    let accepted = accept_invitation(&api.book, secret, login, form.verbatim("password")).await;
    match accepted {
        Ok(_) => Ok(page::done("/login", &Said::new(What::Joined))),
        Err(refused) => {
            let problem = Problem::from(refused);
            // what is about no other field is about the secret: unknown, used, expired
            let problem = match (problem.errors.is_empty(), problem.status().is_client_error()) {
                (true, true) => known(problem).at("secret"),
                _ => problem,
            };
            let page = InvitedPage {
                wrong: Wrong::of(problem)?,
                login: login.to_owned(),
                ..invited_page(&asked, secret, false)
            };
            Ok(page::shown_again(&asked, &page))
        }
    }
}
