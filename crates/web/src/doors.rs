//! Other ways in: a card in front of a tablet's camera, a link for a forgotten password, one more role for an account that is
//! there. Secrets stand behind the `#` of their address, which browsers keep to themselves: no server, proxy or log on the
//! way reads them, and opening a link does nothing yet, so a preview of it does neither. A button does.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    login::known,
    page::{self, Asked, Site},
    people,
    qr::Qr,
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{
    Api,
    actor::{sender, session_cookie, set},
    problem::Problem,
};
use app::access::{
    AccessRefused, Means, cards::log_in_by_card, invitations::accept_as, log_in::change_password,
    resets::reset_password, secret::Secret,
};
use askama::Template;
use axum::{
    Router,
    extract::{ConnectInfo, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use std::net::SocketAddr;

/// All of them.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/card", get(show_card).post(enter))
        .route("/reset", get(show_reset).post(reset))
        .route("/password", get(show_password).post(change))
        .route("/setup/join", post(join))
        .route("/o/{office}/people/reset", post(people::resets::make))
        .route("/o/{office}/people/cards", post(people::cards::issue))
        .route("/o/{office}/people/cards/stop", post(people::cards::stop))
}

/// A link to be handed over: shown this once, to be copied or read off the screen.
pub struct Handed {
    /// What it is.
    pub sentence: &'static str,
    /// The link with its secret.
    pub link: String,
    /// The same as a QR code.
    pub qr: Option<Qr>,
}

impl Handed {
    /// A link to a page of this site, as its visitor calls the site.
    pub fn new(api: &Api, site: &Site, page: &str, secret: &Secret, sentence: &'static str) -> Handed {
        let link = format!("{}{page}#{}", site.base(api), secret.expose());
        Handed {
            sentence,
            qr: Qr::sturdy(&link),
            link,
        }
    }
}

#[derive(Template)]
#[template(path = "doors/card.html")]
struct CardPage {
    shell: Shell,
    wrong: Wrong,
}

/// The page behind a card's code: a button, and nothing done yet.
async fn show_card(asked: Asked) -> Response {
    let page = CardPage {
        shell: Shell::of_nobody(&asked),
        wrong: Wrong::default(),
    };
    page::shown(&asked, &page)
}

/// In, with a card.
async fn enter(
    State(api): State<Api>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    asked: Asked,
    form: Form,
) -> Result<Response, PageError> {
    let address = sender(&api, peer, &headers);
    match log_in_by_card(&api.book, form.get("secret"), address).await {
        Ok((secret, _)) => {
            let mut answer = Redirect::to("/").into_response();
            set(&mut answer, &session_cookie(&api, secret.expose().to_owned()));
            Ok(answer)
        }
        Err(refused) => {
            let page = CardPage {
                shell: Shell::of_nobody(&asked),
                wrong: Wrong::of(known(refused.into()))?,
            };
            Ok(page::shown_again(&asked, &page))
        }
    }
}

#[derive(Template)]
#[template(path = "doors/reset.html")]
struct ResetPage {
    shell: Shell,
    wrong: Wrong,
    secret: String,
}

/// The page behind a link for a forgotten password.
async fn show_reset(asked: Asked) -> Response {
    let page = ResetPage {
        shell: Shell::of_nobody(&asked),
        wrong: Wrong::default(),
        secret: String::new(),
    };
    page::shown(&asked, &page)
}

/// Another password.
async fn reset(State(api): State<Api>, asked: Asked, form: Form) -> Result<Response, PageError> {
    let secret = form.get("secret");
    match reset_password(&api.book, secret, form.verbatim("password")).await {
        Ok(()) => Ok(page::done("/login", &Said::new(What::PasswordSet))),
        Err(refused) => {
            let problem = Problem::from(refused);
            // what is about no other field is about the secret: unknown, used, expired
            let problem = match (problem.errors.is_empty(), problem.status().is_client_error()) {
                (true, true) => problem.at("secret"),
                _ => problem,
            };
            let page = ResetPage {
                shell: Shell::of_nobody(&asked),
                wrong: Wrong::of(problem)?,
                secret: secret.to_owned(),
            };
            Ok(page::shown_again(&asked, &page))
        }
    }
}

#[derive(Template)]
#[template(path = "doors/password.html")]
struct PasswordPage {
    shell: Shell,
    wrong: Wrong,
}

/// For those who came in by a password.
fn by_password(visitor: &Visitor) -> Result<(), PageError> {
    match visitor.caller().means {
        Means::Session(_) => Ok(()),
        Means::Card(_) | Means::Token(_) => Err(AccessRefused::NeedsPassword.into()),
    }
}

/// One's own password.
async fn show_password(asked: Asked, visitor: Visitor) -> Result<Response, PageError> {
    by_password(&visitor)?;
    let page = PasswordPage {
        shell: Shell::of(&asked),
        wrong: Wrong::default(),
    };
    Ok(page::shown(&asked, &page))
}

/// Another one.
async fn change(
    State(api): State<Api>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    by_password(&visitor)?;
    let (old, new) = (form.verbatim("old"), form.verbatim("new"));
    match change_password(&api.book, visitor.caller(), old, new).await {
        Ok(()) => Ok(page::done("/", &Said::new(What::PasswordSet))),
        Err(refused) => {
            let problem = match &refused {
                AccessRefused::Password(_) => Problem::from(refused).named("/new"),
                AccessRefused::WrongPassword => Problem::from(refused).at("/old"),
                _ => refused.into(),
            };
            let page = PasswordPage {
                shell: Shell::of(&asked),
                wrong: Wrong::of(problem)?,
            };
            Ok(page::shown_again(&asked, &page))
        }
    }
}

/// One more role for somebody who is in.
async fn join(
    State(api): State<Api>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    match accept_as(&api.book, visitor.caller(), form.get("secret")).await {
        Ok(()) => Ok(page::done("/", &Said::new(What::RoleTaken))),
        Err(refused) => {
            let wrong = Wrong::of(known(refused.into()))?;
            Ok(crate::login::invited_again(
                &asked,
                wrong,
                form.get("secret"),
                true,
            ))
        }
    }
}
