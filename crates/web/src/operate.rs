//! 運用: who there is in the book, for those who run it. They register networks, corporations and offices, and look after
//! accounts; dealings they do not see.

pub mod accounts;
pub mod known;
pub mod things;

use crate::{
    error::PageError,
    form::{Form, Wrong},
    masters::{MastersPage, fields::Choice, fields::Sheet, fields::Values, rates, record, register, since},
    page::{self, Asked},
    record::new_key,
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::masters::rates as all_rates;
use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};

/// All of an operator's.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/operate", get(home))
        .route("/operate/rates", get(show_rates).post(add_rate))
        .route("/operate/accounts", get(accounts::show).post(accounts::invite))
        .route("/operate/accounts/end", post(accounts::end))
        .route("/operate/accounts/{person}/{what}", post(accounts::act))
        .route("/operate/{kind}", get(things::list).post(things::add))
        .route("/operate/{kind}/{code}", get(things::show).post(things::change))
        .route("/operate/networks/{code}/members", post(things::join))
}

/// For nobody but an operator; to others there is no such page.
pub fn only_operators(visitor: &Visitor) -> Result<(), PageError> {
    if visitor.caller().rights.is_operator {
        Ok(())
    } else {
        Err(PageError::not_found())
    }
}

#[derive(Template)]
#[template(path = "operate/home.html")]
struct OperatePage {
    shell: Shell,
    counts: [(&'static str, &'static str, usize); 5],
}

/// What there is, in numbers, and the ways to it.
async fn home(State(api): State<Api>, asked: Asked, visitor: Visitor) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let known = known::Known::read(&api, &visitor).await?;
    let people = app::access::people::people(&api.book, visitor.caller()).await?;
    let page = OperatePage {
        shell: Shell::of(&asked),
        counts: [
            ("/operate/networks", "連絡会", known.networks.len()),
            ("/operate/corporations", "法人", known.corporations.len()),
            ("/operate/offices", "事業所", known.offices.len()),
            ("/operate/accounts", "人(アカウント)", people.len()),
            (
                "/operate/rates",
                "消費税の税率",
                all_rates(&api.book).await?.len(),
            ),
        ],
    };
    Ok(page::shown(&asked, &page))
}

fn rate_sheet(api: &Api, values: &Values) -> Sheet {
    Sheet {
        id: "rate".to_owned(),
        action: "/operate/rates".to_owned(),
        heading: "税率を登録する".to_owned(),
        text: "同じ区分の前の税率は、この日の前の日で終わります。".to_owned(),
        key: new_key(api),
        fields: rates::fields(values),
        buttons: register(),
        ..Sheet::default()
    }
}

async fn rates_page(api: &Api, asked: &Asked, visitor: &Visitor) -> Result<MastersPage, PageError> {
    only_operators(visitor)?;
    let mut page = MastersPage::new(Shell::of(asked), "消費税の税率");
    page.back = Some(("/operate".to_owned(), "運用".to_owned()));
    let known = all_rates(&api.book).await?;
    if known.is_empty() {
        page.sheets.push(Sheet {
            id: "law".to_owned(),
            action: "/operate/rates".to_owned(),
            heading: "いまの税率".to_owned(),
            text: "標準税率10%と軽減税率8%(令和元年10月1日から)を、出典をつけて登録します。".to_owned(),
            buttons: vec![Choice::new("law", "いまの税率を登録する")],
            ..Sheet::default()
        });
    }
    page.tables.push(rates::table(&known));
    let blank = Values::default().with("supplied_on", since(api));
    page.sheets.push(rate_sheet(api, &blank));
    Ok(page)
}

async fn show_rates(State(api): State<Api>, asked: Asked, visitor: Visitor) -> Result<Response, PageError> {
    Ok(rates_page(&api, &asked, &visitor).await?.answer(&asked))
}

async fn add_rate(
    State(api): State<Api>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let mut page = rates_page(&api, &asked, &visitor).await?;
    let recorded = if form.get("then") == "law" {
        rates_of_the_law(&api, &visitor).await
    } else {
        record(&api, &visitor, rates::act_of(&form), "").await.map(drop)
    };
    match recorded {
        Ok(()) => Ok(page::done("/operate/rates", &Said::new(What::Registered))),
        Err(problem) => {
            let wrong = Wrong::of(problem)?;
            let sheet = rate_sheet(&api, &Values::typed(&form));
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

/// Records the rates in force, where the book knows none.
pub async fn rates_of_the_law(api: &Api, visitor: &Visitor) -> Result<(), api::problem::Problem> {
    if !all_rates(&api.book).await?.is_empty() {
        return Ok(());
    }
    for act in rates::of_the_law() {
        record(api, visitor, act, "").await?;
    }
    Ok(())
}
