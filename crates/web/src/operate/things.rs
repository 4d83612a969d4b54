//! 連絡会, 法人, 事業所: a page of each list and each thing, for operators.

use super::{
    known::{Kind, Known},
    only_operators, rates_of_the_law,
};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    masters::{
        MastersPage, corporations, doubtful,
        fields::{Sheet, Values},
        networks, offices, record, register, since,
    },
    page::{self, Asked},
    record::new_key,
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::access::{invitations::take_role, rights::Role};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{masters::Masters, text::Code};
use serde_json::{Value, json};

fn act_of(kind: Kind, form: &Form, code: &str) -> Value {
    match kind {
        Kind::Networks => networks::act_of(form, code),
        Kind::Corporations => corporations::act_of(form, code),
        Kind::Offices => offices::act_of(form, code),
    }
}

/// Something that is asked once more before it is recorded.
pub fn doubt(kind: Kind, form: &Form) -> Option<String> {
    match kind {
        Kind::Corporations => doubtful(form.get("registration"), form),
        Kind::Networks | Kind::Offices => None,
    }
}

/// Records a new one with what is settled together with it: a corporation needs the law's rates in the book, an office
/// joins a network, and who registers it may run it. Pressed twice, each of these is done once.
pub async fn record_new(api: &Api, visitor: &Visitor, kind: Kind, form: &Form) -> Result<(), Problem> {
    let code = form.get("code");
    record(api, visitor, act_of(kind, form, code), "").await?;
    match kind {
        Kind::Networks => {}
        Kind::Corporations => rates_of_the_law(api, visitor).await?,
        Kind::Offices => {
            if let Some(network) = form.typed("network") {
                let act = json!({
                    "kind": "membership", "key": format!("{}-member", form.get("key")),
                    "supplied_on": form.get("supplied_on"), "network": network, "member": code,
                });
                record(api, visitor, act, "").await?;
            }
            if form.get("mine") == "yes" {
                manage(api, visitor, code).await?;
            }
        }
    }
    Ok(())
}

/// The visitor manages an office from now on.
async fn manage(api: &Api, visitor: &Visitor, office: &str) -> Result<(), Problem> {
    let code: Code = office.parse().map_err(|_| Problem::not_found())?;
    let of = |masters: &Masters| masters.office_by_code(&code).map(|office| office.id).ok_or(());
    let found = api.book.with_masters(of).await?;
    let office = found.map_err(|()| Problem::not_found())?;
    Ok(take_role(&api.book, visitor.caller(), Role::Manager(office)).await?)
}

fn list_page(known: &Known, asked: &Asked, kind: Kind) -> MastersPage {
    let mut page = MastersPage::new(Shell::of(asked), kind.title());
    page.back = Some(("/operate".to_owned(), "運用".to_owned()));
    page.tables.push(known.table(kind));
    page
}

/// All of a kind, and a form for another one.
pub async fn list(
    State(api): State<Api>,
    Path(kind): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let kind = Kind::named(&kind)?;
    let known = Known::read(&api, &visitor).await?;
    let mut page = list_page(&known, &asked, kind);
    if kind == Kind::Offices && known.corporations.is_empty() {
        "先に、法人を登録してください。".clone_into(&mut page.text);
        page.ways.push((
            Kind::Corporations.address().to_owned(),
            "法人を登録する".to_owned(),
        ));
    } else {
        page.sheets
            .push(known.new_sheet(&api, kind, kind.address(), None));
    }
    Ok(page.answer(&asked))
}

/// Another one.
pub async fn add(
    State(api): State<Api>,
    Path(kind): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let kind = Kind::named(&kind)?;
    let known = Known::read(&api, &visitor).await?;
    let again = known.new_sheet(&api, kind, kind.address(), Some(&form));
    let Some(sheet) = added(&api, &visitor, kind, &form, again).await? else {
        return Ok(page::done(kind.address(), &Said::new(What::Registered)));
    };
    let mut page = list_page(&known, &asked, kind);
    page.sheets.push(sheet);
    Ok(page.answer(&asked))
}

/// Records a new one; the sheet again with what is wrong or in doubt.
pub async fn added(
    api: &Api,
    visitor: &Visitor,
    kind: Kind,
    form: &Form,
    again: Sheet,
) -> Result<Option<Sheet>, PageError> {
    let doubt = doubt(kind, form);
    if doubt.is_some() {
        return Ok(Some(Sheet { doubt, ..again }));
    }
    match record_new(api, visitor, kind, form).await {
        Ok(()) => Ok(None),
        Err(problem) => Ok(Some(again.told(Wrong::of(problem)?))),
    }
}

fn thing_page(
    api: &Api,
    asked: &Asked,
    known: &Known,
    kind: Kind,
    code: &str,
) -> Result<MastersPage, PageError> {
    let (row, _) = known.row(kind, code).ok_or_else(PageError::not_found)?;
    let name = row["name"].as_str().unwrap_or(code);
    let mut page = MastersPage::new(Shell::of(asked), name);
    page.back = Some((kind.address().to_owned(), kind.title().to_owned()));
    page.tables.push(known.history(kind, code));
    if let (Kind::Networks, Some(network)) = (
        kind,
        known
            .networks
            .iter()
            .find(|network| network.thing.code.as_str() == code),
    ) {
        page.tables.push(networks::members(&network.thing));
        let blank = Values::default().with("supplied_on", since(api));
        page.sheets.push(membership_sheet(api, known, code, &blank));
    }
    Ok(page)
}

fn membership_sheet(api: &Api, known: &Known, network: &str, values: &Values) -> Sheet {
    Sheet {
        id: "membership".to_owned(),
        action: format!("/operate/networks/{network}/members"),
        heading: "事業所の参加を登録する".to_owned(),
        key: new_key(api),
        fields: networks::membership_fields(values, offices::choices(&known.offices)),
        buttons: register(),
        ..Sheet::default()
    }
}

/// One, its history, and a form for another version.
pub async fn show(
    State(api): State<Api>,
    Path((kind, code)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let kind = Kind::named(&kind)?;
    let known = Known::read(&api, &visitor).await?;
    let mut page = thing_page(&api, &asked, &known, kind, &code)?;
    page.sheets.extend(known.change_sheet(&api, kind, &code, None));
    Ok(page.answer(&asked))
}

/// Another version of one.
pub async fn change(
    State(api): State<Api>,
    Path((kind, code)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let kind = Kind::named(&kind)?;
    let known = Known::read(&api, &visitor).await?;
    let again = known.change_sheet(&api, kind, &code, Some(&form));
    let again = again.ok_or_else(PageError::not_found)?;
    let doubt = doubt(kind, &form);
    let sheet = if doubt.is_some() {
        Sheet { doubt, ..again }
    } else {
        match record(&api, &visitor, act_of(kind, &form, &code), form.get("version")).await {
            Ok(_) => return Ok(page::done(kind.address(), &Said::new(What::Changed))),
            Err(problem) => again.told(Wrong::of(problem)?),
        }
    };
    let mut page = thing_page(&api, &asked, &known, kind, &code)?;
    page.sheets = vec![sheet];
    Ok(page.answer(&asked))
}

/// An office joins a network, or leaves it.
pub async fn join(
    State(api): State<Api>,
    Path(code): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let at = format!("/operate/networks/{code}");
    match record(&api, &visitor, networks::membership(&form, &code), "").await {
        Ok(_) => Ok(page::done(&at, &Said::new(What::Registered))),
        Err(problem) => {
            let wrong = Wrong::of(problem)?;
            let known = Known::read(&api, &visitor).await?;
            let mut page = thing_page(&api, &asked, &known, Kind::Networks, &code)?;
            let sheet = membership_sheet(&api, &known, &code, &Values::typed(&form));
            page.sheets = vec![
                Sheet {
                    key: form.get("key").to_owned(),
                    ..sheet
                }
                .told(wrong),
            ];
            Ok(page.answer(&asked))
        }
    }
}
