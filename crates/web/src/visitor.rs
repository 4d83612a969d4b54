//! Who opens a page: somebody who is logged in. Whoever is not is sent to the page where one logs in, and back.

use crate::error::PageError;
use api::{Api, actor::Actor, problem::Problem};
use app::{
    access::{Caller, Means},
    viewer::Viewer,
};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{StatusCode, request::Parts},
};
use domain::{id::OfficeId, text::Code};
use std::convert::Infallible;

/// Somebody.
pub struct Visitor {
    actor: Actor,
}

impl Visitor {
    /// What they may do, and how they came in.
    pub fn caller(&self) -> &Caller {
        &self.actor.caller
    }

    /// Who looks.
    pub fn viewer(&self) -> &Viewer {
        &self.actor.viewer
    }

    /// Who looks as one of their own offices: what is shown then is no reading of others as a coordinator.
    pub fn as_member(&self) -> Viewer {
        let rights = self.actor.caller.rights.clone();
        let offices = rights.offices.clone();
        Viewer::person(rights.limited_to(&offices))
    }

    /// An office of theirs; any other one is not there.
    pub async fn office(&self, api: &Api, code: &str) -> Result<(OfficeId, Code), PageError> {
        let code: Code = code.parse().map_err(|_| PageError::not_found())?;
        let office = self.actor.own_office(api, &code).await?;
        Ok((office.ok_or_else(PageError::not_found)?, code))
    }

    /// Writes to the register what was read as a coordinator, before the page goes out.
    pub async fn register(&self, api: &Api, page: &'static str, subject: &str) -> Result<(), PageError> {
        Ok(self.actor.register(api, page, subject).await?)
    }
}

impl FromRequestParts<Api> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Visitor, PageError> {
        match Actor::from_request_parts(parts, api).await {
            // pages are for people: what a program may do it does by the API
            Ok(actor) if matches!(actor.caller.means, Means::Token(_)) => Err(Problem::unauthorized().into()),
            Ok(actor) => Ok(Visitor { actor }),
            Err(problem) if problem.status() == StatusCode::UNAUTHORIZED => {
                let to = parts.uri.path_and_query().map_or("/", |path| path.as_str());
                Err(PageError::log_in_first(to))
            }
            Err(problem) => Err(problem.into()),
        }
    }
}

impl OptionalFromRequestParts<Api> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Option<Visitor>, Infallible> {
        let known = <Visitor as FromRequestParts<Api>>::from_request_parts(parts, api).await;
        Ok(known.ok())
    }
}
