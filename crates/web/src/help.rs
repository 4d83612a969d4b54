//! 使い方, at the same place on every page.

use crate::{
    page::{self, Asked},
    shell::Shell,
    visitor::Visitor,
};
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    shell: Shell,
}

/// The page.
pub async fn show(asked: Asked, visitor: Option<Visitor>) -> Response {
    let shell = match visitor {
        Some(_) => Shell::of(&asked),
        None => Shell::of_nobody(&asked),
    };
    page::shown(&asked, &HelpPage { shell })
}
