//! 前の工賃と積立金: wages of earlier months, for the averages of the year and the limits of the reserves, and the reserves themselves.
//! Totals of the office, never of a person.

use super::{Step, again, save as record};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    number::{tidied, whole},
    page::{self, Asked},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    calendar::{Day, Month, business_day},
    id::OfficeId,
};
use serde_json::{Value, json};

/// Its place among the steps.
const AT: usize = 3;
/// Earlier months on the page: a fiscal year and what of the present one is over.
const MONTHS: usize = 24;

/// What is asked of each month.
const ASKED: [&str; 3] = ["wages", "person_days", "open_days"];

#[derive(Template)]
#[template(path = "opening/wages.html")]
struct WagesPage {
    shell: Shell,
    step: Step,
    months: Vec<Row>,
    wage_reserve: String,
    equipment_reserve: String,
    asset_cost: String,
}

struct Row {
    month: Month,
    typed: [String; 3],
    wrong: Option<String>,
}

impl Row {
    /// `2026年6月`.
    fn name(&self) -> String {
        format!("{}年{}月", self.month.year(), self.month.number())
    }
}

/// The form.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let page = page_of(&api, &asked, &visitor, office, &Form::default(), Wrong::default()).await?;
    Ok(page::shown(&asked, &page))
}

/// The history and the reserves.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let history: Vec<Value> = typed_months(&form)
        .into_iter()
        .map(|month| {
            let mut row = json!({"month": month});
            for what in ASKED {
                row[what] = whole(&tidied(form.get(&format!("months/{month}/{what}"))));
            }
            row
        })
        .collect();
    let mut fields = json!({"wages_history": history});
    let balances = reserves(&form);
    if !balances.is_empty() {
        fields["balances"] = balances.into();
    }
    if let Some(cost) = form.typed("asset_cost") {
        fields["asset_cost"] = whole(&tidied(cost));
    }
    let wrong = match record(&api, &visitor, &code, &form, (fields, AT)).await? {
        Ok(done) => return Ok(done),
        Err(wrong) => wrong,
    };
    let page = page_of(&api, &asked, &visitor, office, &form, wrong).await?;
    Ok(again(&asked, &page))
}

/// The reserves, and the same amount as 積立資産: the standard of accounts (就労支援事業会計) wants them side by side.
fn reserves(form: &Form) -> Vec<Value> {
    let mut balances = Vec::new();
    let mut assets = 0_i64;
    for account in ["wage_reserve", "equipment_reserve"] {
        if let Some(typed) = form.typed(account) {
            let typed = tidied(typed);
            assets = assets.saturating_add(typed.parse().unwrap_or_default());
            balances.push(json!({"account": account, "yen": whole(&format!("-{typed}"))}));
        }
    }
    if !balances.is_empty() {
        balances.push(json!({"account": "reserve_asset", "yen": assets}));
    }
    balances
}

/// Months of which something was typed, in the order of the page.
fn typed_months(form: &Form) -> Vec<&str> {
    form.rows("months/")
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: OfficeId,
    form: &Form,
    wrong: Wrong,
) -> Result<WagesPage, PageError> {
    let today = business_day(api.book.outside().clock.now());
    let opened_on: Day = form.get("supplied_on").parse().unwrap_or(today);
    let sent = typed_months(form);
    let before = std::iter::successors(opened_on.month().prev(), |month| month.prev());
    let row = |month: Month| {
        let name = month.to_string();
        let at = sent.iter().position(|sent| *sent == name);
        Row {
            month,
            typed: ASKED.map(|what| form.get(&format!("months/{name}/{what}")).to_owned()),
            wrong: at.and_then(|at| Some(wrong.of_field(&format!("wages_history/{at}"))?.to_owned())),
        }
    };
    Ok(WagesPage {
        months: before.take(MONTHS).map(row).collect(),
        shell: Shell::of_office(api, asked, visitor, office).await?,
        step: Step::new(api, (form, wrong, AT)),
        wage_reserve: form.get("wage_reserve").to_owned(),
        equipment_reserve: form.get("equipment_reserve").to_owned(),
        asset_cost: form.get("asset_cost").to_owned(),
    })
}
