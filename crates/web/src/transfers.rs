//! 振込: what is to be paid by bank, as one form: amounts, the file for the bank, and after it was sent the payments in the
//! book.

mod bank;

use crate::{
    error::PageError,
    form::{Form, Wrong},
    money::pay,
    number::tidied,
    page::{self, Asked},
    record::{key_of, today},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::{
    record::{How, many},
    table::{to_csv, to_csv_cp932},
    transfers::{
        NoTransfer, Prepared, TransferItem, TransferOrder, TransferOrderLine, TransfersView, prepared,
        transfers,
    },
};
use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{
    account::Section, acts::debt::DebtKind, command::Command, id::OfficeId, money::Yen, text::Code,
};
use serde_json::json;

/// The pages of transfers.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/o/{office}/transfers", get(show).post(send))
        .route("/o/{office}/transfers/bank", get(bank::show).post(bank::save))
}

/// A debt as a row of the form.
struct Row {
    item: TransferItem,
    /// As a form names it.
    name: String,
    /// As typed, or what is proposed.
    yen: String,
}

#[derive(Template)]
#[template(path = "transfers/list.html")]
struct ListPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    on: String,
    view: TransfersView,
    rows: Vec<Row>,
}

impl ListPage {
    /// What is carried over, in all.
    fn carried(&self) -> Option<Yen> {
        let carried = self.rows.iter().filter(|row| row.item.carry_below.is_some());
        let sum = Yen::sum(carried.map(|row| row.item.yen)).ok()?;
        sum.is_positive().then_some(sum)
    }

    /// What the form begins with, in all.
    fn sum(&self) -> Yen {
        Yen::sum(self.view.items.iter().map(|item| item.proposed)).unwrap_or_default()
    }
}

/// What there is to pay.
async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let page = page_of(&api, &asked, &visitor, office, &Form::default(), Wrong::default()).await?;
    Ok(page::shown(&asked, &page))
}

/// The file, or the payments.
async fn send(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let outcome = match form.get("then") {
        "record" => recorded(&api, &visitor, &code, &form).await,
        format => file(&api, &visitor, office, &form, format).await,
    };
    let wrong = match outcome {
        Ok(answer) => return Ok(answer),
        Err(problem) => Wrong::of(problem)?,
    };
    let page = page_of(&api, &asked, &visitor, office, &form, wrong).await?;
    Ok(page::shown_again(&asked, &page))
}

/// The debts of a form with their amounts: the name in the form, and the line of an order.
fn lines(form: &Form) -> Result<Vec<(&str, TransferOrderLine)>, Problem> {
    let wrong = |name: &str| {
        let detail = "金額は、1円からの数字で書いてください。払わないものは、空にします。";
        let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
        Problem::new(status, "transfer-amount-wrong", detail).at(format!("/pay/{name}"))
    };
    let filled = form.filled("pay/").into_iter();
    filled
        .filter(|(_, typed)| tidied(typed) != "0")
        .map(|(name, typed)| {
            let yen: Option<i64> = tidied(typed).parse().ok();
            let yen = yen.and_then(|yen| Yen::try_new(yen).ok());
            let (clears, what) = pay::read(name).ok_or_else(|| wrong(name))?;
            let code = |side: &str| clears[side].as_str().and_then(|code| code.parse::<Code>().ok());
            let line = TransferOrderLine {
                what,
                section: if clears["section"] == "welfare" {
                    Section::Welfare
                } else {
                    Section::Production
                },
                with_office: code("with_office"),
                partner: code("partner"),
                yen: yen.filter(|yen| yen.is_positive()).ok_or_else(|| wrong(name))?,
            };
            Ok((name, line))
        })
        .collect()
}

async fn file(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    form: &Form,
    format: &str,
) -> Result<Response, Problem> {
    let typed = lines(form)?;
    let view = transfers(&api.book, &visitor.as_member(), office).await?;
    let view = view.ok_or_else(Problem::not_found)?;
    let order = TransferOrder {
        on: form.get("on").parse().map_err(|_| NoTransfer::DayPast)?,
        lines: typed.iter().map(|(_, line)| line.clone()).collect(),
    };
    // a refusal is told at the control of its line
    let told = |error: NoTransfer| {
        let name = error.pointer().and_then(|pointer| {
            let line = pointer.split('/').nth(2)?.parse::<usize>().ok()?;
            typed.get(line).map(|(name, _)| format!("/pay/{name}"))
        });
        let problem = Problem::from(error);
        match name {
            Some(name) => problem.at(name),
            None => problem,
        }
    };
    let ready: Prepared = prepared(&view, &order).map_err(told)?;
    let (bytes, name) = match format {
        "csv" => (to_csv(&ready.list()), "furikomi.csv"),
        "csv-cp932" => (to_csv_cp932(&ready.list()).bytes, "furikomi-cp932.csv"),
        _ => (ready.zengin()?, "furikomi.txt"),
    };
    let mut answer = bytes.into_response();
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    let called = format!("attachment; filename=\"{}-{name}\"", order.on);
    if let Ok(called) = HeaderValue::from_str(&called) {
        headers.insert(header::CONTENT_DISPOSITION, called);
    }
    Ok(answer)
}

/// All payments of the form, or none.
async fn recorded(api: &Api, visitor: &Visitor, code: &Code, form: &Form) -> Result<Response, Problem> {
    let typed = lines(form)?;
    if typed.is_empty() {
        return Err(NoTransfer::File(domain::transfer::TransferError::Nothing).into());
    }
    let act = |(name, line): &(&str, TransferOrderLine)| {
        let clears = pay::read(name).map(|(clears, _)| clears);
        // the same press again finds the same keys
        let key = format!("{}.{}", form.get("key"), name.replace(' ', "."));
        Command::from_value(
            json!({"kind": "pay", "office": code, "key": key, "supplied_on": form.get("on"),
            "clears": clears, "yen": line.yen, "from": {"by": "bank"}, "not_ahead": true}),
        )
    };
    let acts = typed.iter().map(act).collect();
    let became = many(&api.book, visitor.viewer(), acts, How::AllOrNothing).await?;
    let mut is_new = false;
    // of all that were not recorded the one that stopped the others is told
    let mut told: Option<Problem> = None;
    for ((name, _), outcome) in typed.iter().zip(became) {
        match outcome {
            Ok(recorded) => is_new |= recorded.is_new,
            Err(app::record::NotRecorded::WithOthers) => {}
            Err(error) => {
                told.get_or_insert(Problem::from(error).at(format!("/pay/{name}")));
            }
        }
    }
    if let Some(problem) = told {
        return Err(problem);
    }
    let what = if is_new { What::Paid } else { What::Already };
    Ok(page::done(&format!("/o/{code}/transfers"), &Said::new(what)))
}

/// A debt as a form names it, as the page of a payment does.
fn name_of(item: &TransferItem) -> String {
    let what: Option<String> = serde_json::to_value::<DebtKind>(item.what)
        .ok()
        .and_then(|what| what.as_str().map(str::to_owned));
    let side = if item.is_office { "office" } else { "partner" };
    let section = if item.section == Section::Welfare {
        " welfare"
    } else {
        ""
    };
    format!("{} {side} {}{section}", what.unwrap_or_default(), item.with.code)
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: OfficeId,
    form: &Form,
    wrong: Wrong,
) -> Result<ListPage, PageError> {
    let view = transfers(&api.book, &visitor.as_member(), office).await?;
    let view = view.ok_or_else(PageError::not_found)?;
    let is_typed = form.typed("key").is_some();
    let row = |item: &TransferItem| {
        let name = name_of(item);
        let yen = if is_typed {
            form.get(&format!("pay/{name}")).to_owned()
        } else if item.proposed.is_positive() && item.account.is_some() {
            item.proposed.get().to_string()
        } else {
            String::new()
        };
        Row {
            item: item.clone(),
            name,
            yen,
        }
    };
    Ok(ListPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: key_of(api, form),
        on: form.typed("on").map_or_else(|| today(api), str::to_owned),
        rows: view.items.iter().map(row).collect(),
        view,
    })
}
