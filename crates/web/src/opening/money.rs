//! お金と取引先: what is in the cash boxes and at the bank, and what partners owe or are owed, on the day of the opening.

use super::{Step, again, save as record};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    money::spend::partners,
    number::{tidied, whole},
    page::{self, Asked},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::{
    money::{Purse, money},
    names::Named,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{id::OfficeId, masters::CashPlaceKind};
use serde_json::{Value, json};

/// Its place among the steps.
const AT: usize = 1;

#[derive(Template)]
#[template(path = "opening/money.html")]
struct MoneyPage {
    shell: Shell,
    step: Step,
    purses: Vec<(Purse, Cell)>,
    /// What each partner owes, and is owed.
    partners: Vec<(Named, Cell, Cell)>,
}

/// A control.
#[derive(Default)]
struct Cell {
    name: String,
    typed: String,
    wrong: Option<String>,
}

/// The form.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let here = (office, code.as_str());
    let page = page_of(&api, &asked, &visitor, here, &Form::default(), Wrong::default()).await?;
    Ok(page::shown(&asked, &page))
}

/// The balances.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let lines: Vec<Value> = form.filled("yen/").into_iter().filter_map(line).collect();
    let wrong = if lines.is_empty() {
        Wrong::whole("金額が1つも入っていません。何もないときは「とばす」を押してください。")
    } else {
        let fields = json!({"balances": lines});
        match record(&api, &visitor, &code, &form, (fields, AT)).await? {
            Ok(done) => return Ok(done),
            Err(wrong) => wrong,
        }
    };
    let page = page_of(&api, &asked, &visitor, (office, code.as_str()), &form, wrong).await?;
    Ok(again(&asked, &page))
}

/// A balance of a control: `cash/kinko`, `receivable/city`, `payable/tane`. What is owed stands below nought in the books.
fn line((name, typed): (&str, &str)) -> Option<Value> {
    let (account, code) = name.split_once('/')?;
    let typed = tidied(typed);
    Some(match account {
        "receivable" => json!({"account": account, "partner": code, "yen": whole(&typed)}),
        "payable" => json!({"account": account, "partner": code, "yen": whole(&format!("-{typed}"))}),
        _ => json!({"account": account, "cash_place": code, "yen": whole(&typed)}),
    })
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
    form: &Form,
    wrong: Wrong,
) -> Result<MoneyPage, PageError> {
    let purses = money(&api.book, visitor.viewer(), office).await?.purses;
    visitor.register(api, "money", code).await?;
    let sent = form.filled("yen/");
    let cell = |name: String| {
        let at = sent.iter().position(|(known, _)| *known == name);
        Cell {
            typed: form.get(&format!("yen/{name}")).to_owned(),
            wrong: at.and_then(|at| Some(wrong.of_field(&format!("balances/{at}"))?.to_owned())),
            name,
        }
    };
    let purse = |purse: Purse| {
        let account = match purse.holds {
            CashPlaceKind::Cash => "cash",
            CashPlaceKind::Bank => "bank",
            CashPlaceKind::Till => "till_cash",
        };
        let cell = cell(format!("{account}/{}", purse.place.code));
        (purse, cell)
    };
    let partner = |partner: Named| {
        let [owes, owed] =
            ["receivable", "payable"].map(|account| cell(format!("{account}/{}", partner.code)));
        (partner, owes, owed)
    };
    Ok(MoneyPage {
        purses: purses.into_iter().map(purse).collect(),
        partners: partners(api, visitor, code)
            .await?
            .into_iter()
            .map(partner)
            .collect(),
        shell: Shell::of_office(api, asked, visitor, office).await?,
        step: Step::new(api, (form, wrong, AT)),
    })
}
