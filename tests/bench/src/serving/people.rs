//! Those who ask the server: staff of an office each, with a token.

use crate::{place::Place, product};
use anyhow::Context;
use app::{
    Book,
    access::{
        invitations::{accept_invitation, invite_at_the_machine},
        log_in::log_in,
        rights::Role,
        tokens::{NewToken, make_token},
    },
    viewer::AtTheMachine,
};
use domain::text::Code;
use std::{collections::BTreeSet, net::Ipv4Addr};
use uuid::Uuid;

/// Login and password of a new staff account of each office: a book that is kept between runs keeps those of before.
pub async fn staff(book: &Book, offices: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let run = book.outside().clock.now().millis();
    let masters = book.store().masters().await?;
    let mut staff = Vec::new();
    for (n, office) in offices.iter().enumerate() {
        let code: Code = office.parse()?;
        let id = masters.office_by_code(&code).context("an office")?.id;
        let (_, secret) = invite_at_the_machine(book, AtTheMachine, Role::Staff(id)).await?;
        let (login, password) = (format!("till-{run}-{n}"), format!("{office} {run} no himitsu"));
        accept_invitation(book, secret.expose(), &login, &password).await?;
        staff.push((login, password));
    }
    Ok(staff)
}

/// A token of each office.
pub async fn tokens(place: &Place, offices: &[String]) -> anyhow::Result<Vec<String>> {
    let book = product::open(place).await?;
    let run = book.outside().clock.now().millis();
    let mut tokens = Vec::new();
    for (n, (login, password)) in staff(&book, offices).await?.into_iter().enumerate() {
        let (_, caller) = log_in(&book, &login, &password, Ipv4Addr::LOCALHOST.into()).await?;
        let token = NewToken {
            name: "レジ".parse()?,
            only_reads: false,
            offices: BTreeSet::new(),
            expires: None,
        };
        let id = Uuid::from_u64_pair(run.unsigned_abs(), u64::try_from(n)?);
        let (_, secret) = make_token(&book, &caller, token, id).await?;
        tokens.push(secret.context("a secret")?.expose().to_owned());
    }
    book.close().await?;
    Ok(tokens)
}
