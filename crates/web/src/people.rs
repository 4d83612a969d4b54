//! 人: who may come in for an office, and the invitations that are still open. For its managers.

pub mod cards;
pub mod resets;

use crate::{
    doors::Handed,
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked, Site},
    record::new_key,
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, actor::id_of_person, problem::Problem};
use app::access::{
    cards::cards as cards_of,
    invitations::{self, Invitation},
    people::{self, Person},
    rights::Role,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    calendar::{Day, Instant, business_day},
    id::OfficeId,
    text::{Code, Key},
};
use uuid::Uuid;

/// What stands beside the link of an invitation.
const INVITED: &str = "招待のリンクができました。本人だけに渡してください。1回だけ、7日のあいだ使えます。";
/// A secret is shown once.
pub const SHOWN_BEFORE: &str =
    "この招待のリンクは、もう表示しました。なくしたときは、取り下げて、もう一度招待してください。";

#[derive(Template)]
#[template(path = "people/people.html")]
struct PeoplePage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    people: Vec<Row>,
    open: Vec<OpenInvitation>,
    /// Cards that count.
    cards: Vec<Card>,
    /// What was typed for another one.
    card: String,
    /// A link that was just made; it is shown this once.
    handed: Option<Handed>,
}

/// A card of the office.
struct Card {
    id: Uuid,
    name: String,
    since: Day,
}

/// Somebody with a role of the office.
struct Row {
    id: Uuid,
    login: String,
    roles: Vec<HeldHere>,
    is_self: bool,
}

/// A role of this office.
struct HeldHere {
    id: Uuid,
    is_manager: bool,
}

/// An invitation that nobody has used yet.
struct OpenInvitation {
    id: Uuid,
    is_manager: bool,
    until: Day,
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: OfficeId,
) -> Result<PeoplePage, PageError> {
    let caller = visitor.caller();
    let of_office = |role: Role| match role {
        Role::Staff(of) if of == office => Some(false),
        Role::Manager(of) if of == office => Some(true),
        _ => None,
    };
    let row = |person: Person| {
        let held = person.roles.iter();
        let roles: Vec<HeldHere> = held
            .filter_map(|held| {
                Some(HeldHere {
                    id: held.id,
                    is_manager: of_office(held.role)?,
                })
            })
            .collect();
        // a card's account stands with the cards
        (!roles.is_empty() && !person.is_disabled && person.has_password).then(|| Row {
            id: person.id,
            is_self: person.id == caller.person(),
            login: person.login,
            roles,
        })
    };
    let people = people::people(&api.book, caller).await?;
    let open = invitations::invitations(&api.book, caller).await?;
    let open = open.iter().filter_map(|invitation: &Invitation| {
        let until = Instant::from_millis(invitation.expires_at).ok()?;
        Some(OpenInvitation {
            id: invitation.id,
            is_manager: of_office(invitation.role)?,
            until: business_day(until),
        })
    });
    let cards = cards_of(&api.book, caller).await?.into_iter();
    let here = cards.filter(|card| card.office == office && card.stopped_at.is_none());
    let cards = here.map(|card| {
        Some(Card {
            id: card.id,
            name: card.name,
            since: business_day(Instant::from_millis(card.made_at).ok()?),
        })
    });
    Ok(PeoplePage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong: Wrong::default(),
        key: new_key(api),
        people: people.into_iter().filter_map(row).collect(),
        open: open.collect(),
        cards: cards.flatten().collect(),
        card: String::new(),
        handed: None,
    })
}

/// An office that the visitor manages; to others there is no such page.
async fn managed(api: &Api, visitor: &Visitor, office: &str) -> Result<(OfficeId, Code), PageError> {
    let (office, code) = visitor.office(api, office).await?;
    if visitor.caller().rights.manages(office) {
        Ok((office, code))
    } else {
        Err(PageError::not_found())
    }
}

/// The list.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = managed(&api, &visitor, &office).await?;
    let page = page_of(&api, &asked, &visitor, office).await?;
    Ok(page::shown(&asked, &page))
}

/// Invites somebody; the page that follows shows the link, this once.
pub async fn invite(
    State(api): State<Api>,
    Path(office): Path<String>,
    site: Site,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, _) = managed(&api, &visitor, &office).await?;
    let role = match form.get("role") {
        "manager" => Role::Manager(office),
        _ => Role::Staff(office),
    };
    let key: Key = form.get("key").parse().map_err(|_| PageError::not_found())?;
    let id = id_of_person(visitor.caller().person(), "invitation", &key);
    let outcome = invitations::invite(&api.book, visitor.caller(), role, id).await;
    let mut page = page_of(&api, &asked, &visitor, office).await?;
    match outcome {
        Ok((_, Some(secret))) => {
            page.handed = Some(Handed::new(&api, &site, "/setup", &secret, INVITED));
            Ok(page::shown(&asked, &page))
        }
        Ok((_, None)) => {
            page.wrong = Wrong::whole(SHOWN_BEFORE);
            Ok(page::shown_again(&asked, &page))
        }
        Err(refused) => {
            page.wrong = Wrong::of(Problem::from(refused))?;
            Ok(page::shown_again(&asked, &page))
        }
    }
}

/// Takes an open invitation back, or ends a role.
pub async fn end(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = managed(&api, &visitor, &office).await?;
    let caller = visitor.caller();
    let outcome = match (form.get("invitation").parse(), form.get("held").parse()) {
        (Ok(id), _) => invitations::withdraw_invitation(&api.book, caller, id).await,
        (_, Ok(id)) => people::end_role(&api.book, caller, id).await,
        _ => return Err(PageError::not_found()),
    };
    match outcome {
        Ok(()) => Ok(page::done(&format!("/o/{code}/people"), &Said::new(What::Ended))),
        Err(refused) => {
            let mut page = page_of(&api, &asked, &visitor, office).await?;
            page.wrong = Wrong::of(Problem::from(refused))?;
            Ok(page::shown_again(&asked, &page))
        }
    }
}
