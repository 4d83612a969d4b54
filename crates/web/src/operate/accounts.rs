//! 人: all accounts of the book. Operators invite to any role, shut accounts and open them again, and make links for those who
//! have forgotten their password.

use super::only_operators;
use crate::{
    doors::Handed,
    error::PageError,
    form::{Form, Wrong},
    masters::{
        day,
        fields::{Choice, Control, Field, Sheet, Values},
    },
    page::{self, Asked, Site},
    people::resets,
    record::new_key,
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, actor::id_of_person, problem::Problem};
use app::access::{
    cards::cards,
    invitations,
    people::{self, Person},
    resets::make_reset,
    rights::Role,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    calendar::{Day, Instant, business_day},
    id::{NetworkId, OfficeId},
    masters::Masters,
    text::{Code, Key},
};
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "operate/accounts.html")]
struct AccountsPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    people: Vec<Row>,
    open: Vec<Open>,
    invite: Sheet,
    handed: Option<Handed>,
}

/// An account.
struct Row {
    id: Uuid,
    /// Its word, or the name of its card.
    name: String,
    roles: Vec<String>,
    is_disabled: bool,
    is_self: bool,
    is_card: bool,
}

/// An invitation that nobody has used yet.
struct Open {
    id: Uuid,
    role: String,
    until: String,
}

/// What a role is called.
fn said(masters: &Masters, role: Role, today: Day) -> String {
    let office = |id: OfficeId| {
        let office = masters
            .office(id)
            .and_then(|office| office.facts.on_or_first(today));
        office.map_or_else(String::new, |facts| facts.name.to_string())
    };
    let network = |id: NetworkId| {
        let network = masters.networks().find(|network| network.id == id);
        let name = network.and_then(|network| network.name.on_or_first(today));
        name.map_or_else(String::new, ToString::to_string)
    };
    match role {
        Role::Staff(id) => format!("{} 職員", office(id)),
        Role::Manager(id) => format!("{} 管理者", office(id)),
        Role::Coordinator(id) => format!("{} 世話役", network(id)),
        Role::Operator => "運用者".to_owned(),
    }
}

/// Roles that somebody may be invited to: as they are sent, and as they are read.
pub fn choices(masters: &Masters, today: Day) -> Vec<Choice> {
    let offices = masters.offices().flat_map(|office| {
        [
            ("manager", Role::Manager(office.id)),
            ("staff", Role::Staff(office.id)),
        ]
        .map(|(name, role)| Choice::new(format!("{name}/{}", office.code), said(masters, role, today)))
    });
    let networks = masters.networks().map(|network| {
        let role = Role::Coordinator(network.id);
        Choice::new(
            format!("coordinator/{}", network.code),
            said(masters, role, today),
        )
    });
    let mut choices: Vec<Choice> = offices.chain(networks).collect();
    choices.sort_by(|one, other| one.label.cmp(&other.label));
    choices.push(Choice::new("operator", "運用者"));
    choices
}

/// A role as it was sent.
pub fn role(masters: &Masters, sent: &str) -> Option<Role> {
    if sent == "operator" {
        return Some(Role::Operator);
    }
    let (name, code) = sent.split_once('/')?;
    let code: Code = code.parse().ok()?;
    match name {
        "coordinator" => Some(Role::Coordinator(masters.network_by_code(&code)?.id)),
        "manager" => Some(Role::Manager(masters.office_by_code(&code)?.id)),
        "staff" => Some(Role::Staff(masters.office_by_code(&code)?.id)),
        _ => None,
    }
}

/// The sheet of an invitation.
pub fn invite_sheet(api: &Api, action: &str, choices: Vec<Choice>, values: &Values) -> Sheet {
    Sheet {
        id: "invite".to_owned(),
        action: action.to_owned(),
        heading: "招待する".to_owned(),
        text: "招待のリンクを作ります。本人が開いて、ログイン名とパスワードを決めます。".to_owned(),
        key: new_key(api),
        fields: vec![Field::needed("role", "役割", Control::Choices(choices), values)],
        buttons: vec![Choice::new("", "招待のリンクを作る")],
        ..Sheet::default()
    }
}

/// Invites to the role of a form: the link to be handed over, or what is wrong.
pub async fn invited(
    api: &Api,
    visitor: &Visitor,
    site: &Site,
    form: &Form,
) -> Result<Result<Handed, Wrong>, PageError> {
    let key: Key = form.get("key").parse().map_err(|_| PageError::not_found())?;
    let found = api
        .book
        .with_masters(|masters| role(masters, form.get("role")).ok_or(()))
        .await?;
    let role = found.map_err(|()| PageError::not_found())?;
    let id = id_of_person(visitor.caller().person(), "invitation", &key);
    match invitations::invite(&api.book, visitor.caller(), role, id).await {
        Ok((_, Some(secret))) => Ok(Ok(Handed::new(api, site, "/setup", &secret, INVITED))),
        Ok((_, None)) => Ok(Err(Wrong::whole(crate::people::SHOWN_BEFORE))),
        Err(refused) => Ok(Err(Wrong::of(Problem::from(refused))?)),
    }
}

const INVITED: &str = "招待のリンクができました。本人だけに渡してください。1回だけ、7日のあいだ使えます。";

async fn page_of(api: &Api, asked: &Asked, visitor: &Visitor) -> Result<AccountsPage, PageError> {
    only_operators(visitor)?;
    let caller = visitor.caller();
    let today = business_day(api.book.outside().clock.now());
    let people = people::people(&api.book, caller).await?;
    let invitations = invitations::invitations(&api.book, caller).await?;
    let cards = cards(&api.book, caller).await?;
    let cards: BTreeMap<Uuid, String> = cards.into_iter().map(|card| (card.person, card.name)).collect();
    let ask = |masters: &Masters| {
        let row = |person: &Person| Row {
            id: person.id,
            name: cards
                .get(&person.id)
                .map_or_else(|| person.login.clone(), |name| format!("カード: {name}")),
            roles: person
                .roles
                .iter()
                .map(|held| said(masters, held.role, today))
                .collect(),
            is_disabled: person.is_disabled,
            is_self: person.id == caller.person(),
            is_card: !person.has_password,
        };
        let open = |invitation: &invitations::Invitation| Open {
            id: invitation.id,
            role: said(masters, invitation.role, today),
            until: Instant::from_millis(invitation.expires_at)
                .map(|until| day(business_day(until)))
                .unwrap_or_default(),
        };
        (
            people.iter().map(row).collect::<Vec<_>>(),
            invitations.iter().map(open).collect::<Vec<_>>(),
            choices(masters, today),
        )
    };
    let (people, open, choices) = api.book.with_masters_of_now(ask).await?;
    Ok(AccountsPage {
        shell: Shell::of(asked),
        wrong: Wrong::default(),
        key: new_key(api),
        people,
        open,
        invite: invite_sheet(api, "/operate/accounts", choices, &Values::default()),
        handed: None,
    })
}

/// All of them.
pub async fn show(State(api): State<Api>, asked: Asked, visitor: Visitor) -> Result<Response, PageError> {
    Ok(page::shown(&asked, &page_of(&api, &asked, &visitor).await?))
}

/// Invites somebody; the page that follows shows the link, this once.
pub async fn invite(
    State(api): State<Api>,
    site: Site,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let invited = invited(&api, &visitor, &site, &form).await?;
    let mut page = page_of(&api, &asked, &visitor).await?;
    match invited {
        Ok(handed) => {
            page.handed = Some(handed);
            Ok(page::shown(&asked, &page))
        }
        Err(wrong) => {
            page.wrong = wrong;
            Ok(page::shown_again(&asked, &page))
        }
    }
}

/// Takes an open invitation back.
pub async fn end(
    State(api): State<Api>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let id = form
        .get("invitation")
        .parse()
        .map_err(|_| PageError::not_found())?;
    match invitations::withdraw_invitation(&api.book, visitor.caller(), id).await {
        Ok(()) => Ok(page::done("/operate/accounts", &Said::new(What::Ended))),
        Err(refused) => {
            let mut page = page_of(&api, &asked, &visitor).await?;
            page.wrong = Wrong::of(Problem::from(refused))?;
            Ok(page::shown_again(&asked, &page))
        }
    }
}

/// Shuts an account, opens it again, or makes a link for another password.
pub async fn act(
    State(api): State<Api>,
    Path((person, what)): Path<(Uuid, String)>,
    site: Site,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let (book, caller) = (&api.book, visitor.caller());
    let done = |what| Ok(page::done("/operate/accounts", &Said::new(what)));
    let refused = match what.as_str() {
        "shut" => match people::disable(book, caller, person).await {
            Ok(()) => return done(What::AccountShut),
            Err(refused) => refused,
        },
        "open" => match people::enable(book, caller, person).await {
            Ok(()) => return done(What::AccountOpened),
            Err(refused) => refused,
        },
        "reset" => {
            let key: Key = form.get("key").parse().map_err(|_| PageError::not_found())?;
            let id = id_of_person(caller.person(), "password-reset", &key);
            match make_reset(book, caller, person, id).await {
                Ok((_, Some(secret))) => {
                    let mut page = page_of(&api, &asked, &visitor).await?;
                    page.handed = Some(Handed::new(&api, &site, "/reset", &secret, resets::SENTENCE));
                    return Ok(page::shown(&asked, &page));
                }
                Ok((_, None)) => {
                    let mut page = page_of(&api, &asked, &visitor).await?;
                    page.wrong = Wrong::whole(
                        "このリンクは、もう表示しました。なくしたときは、もう一度作ってください。",
                    );
                    return Ok(page::shown_again(&asked, &page));
                }
                Err(refused) => refused,
            }
        }
        _ => return Err(PageError::not_found()),
    };
    let mut page = page_of(&api, &asked, &visitor).await?;
    page.wrong = Wrong::of(Problem::from(refused))?;
    Ok(page::shown_again(&asked, &page))
}
