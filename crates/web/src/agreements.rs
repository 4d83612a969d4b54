//! 取り決め: what two offices agreed, in words and in yen for both; a new one, new terms or an end are proposed to the other
//! office, or by a coordinator to both. For those who run an office or a network; these pages speak ふつう alone.

mod form;
mod network;
pub mod words;

pub use form::due_on;

use crate::{
    error::PageError,
    form::{Form, Wrong},
    masters::{MastersPage, Table, TableRow, day, fields::Values},
    page::{self, Asked},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, actor::id_of_person, problem::Problem};
use app::{
    propose::propose,
    views::{
        both::{Asked as AtPrice, BothView, both, shares},
        masters::{AgreementRow, AgreementView, Only, Versioned, agreements},
        usual,
    },
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use domain::{calendar::Day, command::Command, id::OfficeId, masters::AgreementTerms, text::Code};

/// All pages of agreements.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/o/{office}/agreements", get(list).post(add))
        .route("/o/{office}/agreements/{code}", get(show).post(change))
        .route(
            "/n/{network}/agreements",
            get(network::show).post(network::propose),
        )
        .route("/n/{network}/agreements/{id}/withdraw", post(network::withdraw))
}

/// Agreements of an office with others.
async fn of_office(
    api: &Api,
    visitor: &Visitor,
    office: &Code,
    only: Option<&Only>,
) -> Result<Vec<AgreementView>, PageError> {
    let all = agreements(&api.book, &visitor.as_member(), only).await?;
    let own = all.into_iter().map(|Versioned { thing, .. }| thing);
    Ok(own
        .filter(|of| of.producer.code == office.as_str() || of.other.code == office.as_str())
        .collect())
}

/// The row that holds today, else the newest one.
fn current(agreement: &AgreementView, today: Day) -> Option<&AgreementRow> {
    let mut rows = agreement.rows.iter().rev();
    let holds = rows.find(|row| row.from <= today);
    holds.or(agreement.rows.last())
}

fn today(api: &Api) -> Day {
    domain::calendar::business_day(api.book.outside().clock.now())
}

fn sentences(both: &BothView) -> String {
    let shares: Vec<&str> = both.shares.iter().map(|share| share.sentence.as_str()).collect();
    shares.join(" / ")
}

async fn list_page(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &Code),
) -> Result<MastersPage, PageError> {
    let mut rows = Vec::new();
    for agreement in of_office(api, visitor, code, None).await? {
        let yen = match current(&agreement, today(api)) {
            Some(row) => sentences(&both(&api.book, &row.terms, &AtPrice::USUAL).await?),
            None => String::new(),
        };
        rows.push(TableRow {
            cells: vec![
                format!("{} → {}", agreement.producer.name, agreement.other.name),
                words::about(agreement.about).to_owned(),
                yen,
                agreement.until.map_or("続いています".to_owned(), |until| {
                    format!("{}まで", day(until))
                }),
            ],
            link: Some(format!("/o/{code}/agreements/{}", agreement.code)),
            ..TableRow::default()
        });
    }
    let shell = Shell::of_office(api, asked, visitor, office).await?;
    let mut page = MastersPage::new(shell, "取り決め");
    page.back = Some((format!("/o/{code}"), "ホーム".to_owned()));
    if rows.is_empty() {
        "まだ取り決めがありません。".clone_into(&mut page.text);
    }
    page.tables.push(Table {
        caption: "取り決めの一覧".to_owned(),
        heads: vec!["つくり手 → 相手", "何の取り決めか", "1,000円の品なら", "いつまで"],
        rows,
    });
    Ok(page)
}

async fn list(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let mut page = list_page(&api, &asked, &visitor, (office, &code)).await?;
    if page.shell.manages {
        let others = usual::receivers(&api.book, visitor.viewer(), office).await?;
        page.sheets
            .push(form::new(&api, &code, &others, &form::blank(&api)));
    } else {
        page.text.push_str("取り決めは、事業所の管理者が申し出ます。");
    }
    Ok(page.answer(&asked))
}

/// A new one: first what it comes to, then to the other office.
async fn add(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let act = form::act(&form, &code, None);
    let outcome = match form.get("then") {
        "preview" => Ok(Err(())),
        _ => proposed(&api, &visitor, &act, &form).await.map(Ok),
    };
    let wrong = match outcome {
        Ok(Ok(what)) => return Ok(page::done(&format!("/o/{code}/agreements"), &Said::new(what))),
        Ok(Err(())) => Wrong::default(),
        Err(problem) => Wrong::of(problem)?,
    };
    let mut page = list_page(&api, &asked, &visitor, (office, &code)).await?;
    let others = usual::receivers(&api.book, visitor.viewer(), office).await?;
    let values = Values::typed(&form);
    let mut sheet = form::new(&api, &code, &others, &values);
    form.get("key").clone_into(&mut sheet.key);
    page.tables.insert(0, preview(&api, &act, &form).await?);
    page.sheets.push(sheet.told(wrong));
    Ok(page.answer(&asked))
}

async fn one_page(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &Code),
    agreement: &AgreementView,
) -> Result<MastersPage, PageError> {
    let shell = Shell::of_office(api, asked, visitor, office).await?;
    let title = format!("{} → {}", agreement.producer.name, agreement.other.name);
    let mut page = MastersPage::new(shell, &title);
    page.back = Some((format!("/o/{code}/agreements"), "取り決め".to_owned()));
    words::about(agreement.about).clone_into(&mut page.text);
    if let Some(until) = agreement.until {
        let last = day(until);
        let said = "までです。そのあとは、棚に残ったものを最後の条件で売るか返すかし、新しくは置けません";
        page.text.extend(["。", &last, said]);
    }
    let holding = shares(&api.book, &visitor.as_member(), &agreement.code).await?;
    if let Some(lacks) = &holding.intermediary {
        let said = "。いまは、売り手の名前の領収書(媒介者交付特例)を使えません: ";
        page.text.extend([said, lacks]);
    }
    let rows = holding.products.iter().map(|of| TableRow {
        cells: vec![
            of.product.name.clone(),
            sentences(&of.both),
            of.both.warnings.join(" "),
        ],
        ..TableRow::default()
    });
    page.tables.push(Table {
        caption: "品目ごとの取り分(いまの値段)".to_owned(),
        heads: vec!["品目", "取り分", "確かめてください"],
        rows: rows.collect(),
    });
    for row in agreement.rows.iter().rev() {
        let in_yen = both(&api.book, &row.terms, &AtPrice::USUAL).await?;
        let said = words::in_yen(&in_yen).into_iter().chain(words::terms(&row.terms));
        page.tables.push(Table {
            caption: format!("{}からの条件", day(row.from)),
            heads: vec!["こと", "決めたこと"],
            rows: said
                .map(|(name, words)| TableRow {
                    cells: vec![name, words],
                    ..TableRow::default()
                })
                .collect(),
        });
    }
    Ok(page)
}

async fn found(
    api: &Api,
    visitor: &Visitor,
    office: &Code,
    agreement: &str,
) -> Result<AgreementView, PageError> {
    let code: Code = agreement.parse().map_err(|_| PageError::not_found())?;
    let only = Only { office: None, code };
    let found = of_office(api, visitor, office, Some(&only)).await?;
    found.into_iter().next().ok_or_else(PageError::not_found)
}

async fn show(
    State(api): State<Api>,
    Path((office, agreement)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let agreement = found(&api, &visitor, &code, &agreement).await?;
    let mut page = one_page(&api, &asked, &visitor, (office, &code), &agreement).await?;
    if let (true, Some(last)) = (page.shell.manages, agreement.rows.last()) {
        let values = form::known(&api, &agreement, &last.terms);
        page.sheets
            .push(form::change(&api, &code, &agreement, &last.terms, &values));
    }
    Ok(page.answer(&asked))
}

/// New terms from a day on, or an end.
async fn change(
    State(api): State<Api>,
    Path((office, agreement)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let agreement = found(&api, &visitor, &code, &agreement).await?;
    let act = form::act(&form, &code, Some(&agreement));
    let wrong = if form.get("then") == "preview" {
        Wrong::default()
    } else {
        match proposed(&api, &visitor, &act, &form).await {
            Ok(what) => {
                let to = format!("/o/{code}/agreements/{}", agreement.code);
                return Ok(page::done(&to, &Said::new(what)));
            }
            Err(problem) => Wrong::of(problem)?,
        }
    };
    let mut page = one_page(&api, &asked, &visitor, (office, &code), &agreement).await?;
    if let Some(last) = agreement.rows.last() {
        let mut sheet = form::change(&api, &code, &agreement, &last.terms, &Values::typed(&form));
        form.get("key").clone_into(&mut sheet.key);
        page.tables.insert(0, preview(&api, &act, &form).await?);
        page.sheets.push(sheet.told(wrong));
    }
    Ok(page.answer(&asked))
}

/// What is typed comes to, at the price that is typed. Nothing while it cannot be read: then the form says what is wrong.
async fn preview(api: &Api, act: &serde_json::Value, form: &Form) -> Result<Table, PageError> {
    let terms: Option<AgreementTerms> = serde_json::from_value(act["terms"].clone()).ok();
    let said = match terms {
        Some(terms) => words::in_yen(&both(&api.book, &terms, &form::price(form)).await?),
        None => Vec::new(),
    };
    Ok(Table {
        caption: "申し出る前に: 両方の取り分".to_owned(),
        heads: vec!["こと", "円"],
        rows: said
            .into_iter()
            .map(|(name, words)| TableRow {
                cells: vec![name, words],
                ..TableRow::default()
            })
            .collect(),
    })
}

async fn proposed(
    api: &Api,
    visitor: &Visitor,
    act: &serde_json::Value,
    form: &Form,
) -> Result<What, Problem> {
    let command = Command::from_value(act.clone())?;
    // left empty, or no day: the usual time to think it over
    let due_on: Day = form.get("due_on").parse().unwrap_or_else(|_| form::due_on(api));
    let id = id_of_person(visitor.caller().person(), "proposal", &command.head.key);
    let (viewer, caller) = (visitor.viewer(), visitor.caller());
    let (_, is_new) = propose(&api.book, viewer, caller, command, due_on, id).await?;
    Ok(if is_new { What::Proposed } else { What::Already })
}
