//! はじめての設定: from an empty book to an office that can work, in five steps, each of which can be left out, come back to and
//! done again. What a step records it records as everywhere else. Or one button fills in the sample.
//!
//! An operator registers who there is; what an office makes is its own to say. So whoever registers an office here may become
//! its manager, and then states the first products; for offices of others their managers are invited, who meet the page of
//! products when they come in.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    masters::{
        MastersPage, Steps,
        fields::{Choice, Sheet, Values},
        products,
    },
    operate::{
        accounts,
        known::{Kind, Known},
        only_operators, things,
    },
    page::{self, Asked, Site},
    said::{Said, What},
    shell::{OfficeName, Shell, office_name},
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::{
    sample::{self, may_fill},
    views::masters::prices,
};
use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::{get, post},
};
use domain::{calendar::business_day, text::Code};
use serde::Deserialize;

/// The steps.
const STEPS: [(&str, &str); 5] = [
    ("/begin/network", "連絡会"),
    ("/begin/corporation", "法人"),
    ("/begin/office", "事業所"),
    ("/begin/products", "品目"),
    ("/begin/people", "人"),
];

/// All of it.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/begin", get(start))
        .route("/begin/sample", post(fill))
        .route("/begin/products", get(show_products).post(add_product))
        .route("/begin/people", get(show_people).post(invite))
        .route("/begin/{step}", get(show).post(save))
}

#[derive(Template)]
#[template(path = "begin/start.html")]
struct StartPage {
    shell: Shell,
    wrong: Wrong,
    /// Whether the sample may be filled in.
    offers_sample: bool,
    /// Whether something was registered already.
    is_begun: bool,
}

async fn start_page(api: &Api, asked: &Asked, visitor: &Visitor) -> Result<StartPage, PageError> {
    only_operators(visitor)?;
    let offers_sample = match &api.sample {
        Some(sample) => may_fill(&api.book, sample).await?,
        None => false,
    };
    Ok(StartPage {
        shell: Shell::of(asked),
        wrong: Wrong::default(),
        offers_sample,
        is_begun: app::log::head(&api.book).await?.size > 0,
    })
}

/// Where it begins: with one's own offices, or with the sample.
async fn start(State(api): State<Api>, asked: Asked, visitor: Visitor) -> Result<Response, PageError> {
    Ok(page::shown(&asked, &start_page(&api, &asked, &visitor).await?))
}

/// Fills in the sample.
async fn fill(State(api): State<Api>, asked: Asked, visitor: Visitor) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let sample = api.sample.as_ref().ok_or_else(PageError::not_found)?;
    match sample::fill(&api.book, visitor.caller(), sample).await {
        Ok(_) => Ok(page::done("/", &Said::new(What::Filled))),
        Err(refused) => {
            let mut page = start_page(&api, &asked, &visitor).await?;
            page.wrong = Wrong::of(Problem::from(refused))?;
            Ok(page::shown_again(&asked, &page))
        }
    }
}

/// A step's page with its place among the others and the way on.
fn step(asked: &Asked, at: usize) -> MastersPage {
    let (_, name) = STEPS.get(at - 1).copied().unwrap_or_default();
    let mut page = MastersPage::new(Shell::of(asked), name);
    page.steps = Some(Steps {
        at,
        all: STEPS.to_vec(),
    });
    page
}

/// The address after a step.
fn next(at: usize) -> &'static str {
    STEPS.get(at).map_or("/", |(address, _)| address)
}

/// Which step, of those that register what there is.
fn of_name(name: &str) -> Result<(usize, Kind), PageError> {
    match name {
        "network" => Ok((1, Kind::Networks)),
        "corporation" => Ok((2, Kind::Corporations)),
        "office" => Ok((3, Kind::Offices)),
        _ => Err(PageError::not_found()),
    }
}

/// Sentences that stand on top of the first steps.
const fn text(kind: Kind) -> &'static str {
    match kind {
        Kind::Networks => {
            "地域の事業所が集まる連絡会・協議会の名前です。取引は、同じ連絡会の事業所どうしで始められます。連絡会がなければ、とばしてかまいません。"
        }
        Kind::Corporations => {
            "事業所を運営する法人です。いっしょに、消費税の税率(標準10%、軽減8%。令和元年10月1日から、消費税法)も登録します。"
        }
        Kind::Offices => {
            "作る、買う、売る事業所です。まずは自分の事業所を1つ登録すれば、使いはじめられます。"
        }
    }
}

fn buttons() -> Vec<Choice> {
    vec![
        Choice::new("next", "登録して次へ"),
        Choice::new("more", "登録して、もう1つ"),
    ]
}

fn things_page(asked: &Asked, known: &Known, (at, kind): (usize, Kind), sheet: Option<Sheet>) -> MastersPage {
    let mut page = step(asked, at);
    text(kind).clone_into(&mut page.text);
    page.tables.push(known.table(kind));
    let is_there = known.count(kind) > 0;
    if kind == Kind::Offices && known.corporations.is_empty() {
        "先に、法人を登録してください。".clone_into(&mut page.text);
        page.ways
            .push((STEPS[1].0.to_owned(), "法人を登録する".to_owned()));
        return page;
    }
    page.sheets.extend(sheet.map(|sheet| Sheet {
        buttons: buttons(),
        ..sheet
    }));
    if is_there {
        page.ways.push((next(at).to_owned(), "次へ".to_owned()));
    } else if kind == Kind::Networks {
        page.ways
            .push((next(at).to_owned(), "連絡会を作らずに次へ".to_owned()));
    }
    page
}

/// One of the first three steps.
async fn show(
    State(api): State<Api>,
    Path(name): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let (at, kind) = of_name(&name)?;
    let known = Known::read(&api, &visitor).await?;
    let mut sheet = known.new_sheet(&api, kind, STEPS[at - 1].0, None);
    // whoever runs one office already registers others for others
    if kind == Kind::Offices && !visitor.caller().rights.managed.is_empty() {
        for field in sheet.fields.iter_mut().filter(|field| field.name == "mine") {
            field.value.clear();
        }
    }
    Ok(things_page(&asked, &known, (at, kind), Some(sheet)).answer(&asked))
}

/// Records what one of the first three steps says.
async fn save(
    State(api): State<Api>,
    Path(name): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let (at, kind) = of_name(&name)?;
    let here = STEPS[at - 1].0;
    let known = Known::read(&api, &visitor).await?;
    let again = known.new_sheet(&api, kind, here, Some(&form));
    match things::added(&api, &visitor, kind, &form, again).await? {
        None => {
            let to = if form.get("then") == "more" {
                here
            } else {
                next(at)
            };
            Ok(page::done(to, &Said::new(What::Registered)))
        }
        Some(sheet) => Ok(things_page(&asked, &known, (at, kind), Some(sheet)).answer(&asked)),
    }
}

/// For which office.
#[derive(Default, Deserialize)]
struct Of {
    #[serde(default)]
    office: String,
}

/// Offices that the visitor manages, and the one whose products are to be stated.
async fn managed(
    api: &Api,
    visitor: &Visitor,
    of: &str,
) -> Result<(Vec<OfficeName>, Option<OfficeName>), PageError> {
    let mut offices = Vec::new();
    for office in &visitor.caller().rights.managed {
        offices.push(office_name(api, *office).await?);
    }
    offices.sort();
    let chosen = offices
        .iter()
        .find(|office| office.code == of)
        .or(offices.first())
        .cloned();
    Ok((offices, chosen))
}

async fn products_page(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    of: &str,
    sheet: Option<Sheet>,
) -> Result<MastersPage, PageError> {
    only_operators(visitor)?;
    let mut page = step(asked, 4);
    let (offices, chosen) = managed(api, visitor, of).await?;
    let Some(chosen) = chosen else {
        "品目は、事業所の管理者が登録します。次の段で、管理者を招待してください。".clone_into(&mut page.text);
        page.ways.push((next(4).to_owned(), "次へ".to_owned()));
        return Ok(page);
    };
    let code: Code = chosen.code.parse().map_err(|_| PageError::not_found())?;
    let known = products::of_office(api, visitor, &code).await?;
    let all = prices(&api.book, &visitor.as_member(), None).await?;
    page.title = format!("品目({})", chosen.name);
    "作るもの、買うものを登録します。あとから、いつでも足せます。".clone_into(&mut page.text);
    page.tables
        .push(products::table(&known, &all, &format!("/o/{code}/products")));
    let action = format!("/begin/products?office={code}");
    let sheet = sheet.unwrap_or_else(|| products::new_sheet(api, &action, &products::blank(api, &known)));
    page.sheets.push(Sheet {
        action,
        buttons: buttons(),
        ..sheet
    });
    page.ways.push((next(4).to_owned(), "次へ".to_owned()));
    let others = offices.into_iter().filter(|office| office.code != chosen.code);
    page.ways.extend(others.map(|office| {
        let address = format!("/begin/products?office={}", office.code);
        (address, format!("{}の品目", office.name))
    }));
    Ok(page)
}

/// Products of an office that the visitor manages.
async fn show_products(
    State(api): State<Api>,
    Query(of): Query<Of>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    Ok(products_page(&api, &asked, &visitor, &of.office, None)
        .await?
        .answer(&asked))
}

/// One more product.
async fn add_product(
    State(api): State<Api>,
    Query(of): Query<Of>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let (_, code) = visitor.office(&api, &of.office).await?;
    match products::record_new(&api, &visitor, &form, &code).await {
        Ok(()) => {
            let here = format!("/begin/products?office={code}");
            let to = if form.get("then") == "more" {
                &here
            } else {
                next(4)
            };
            Ok(page::done(to, &Said::new(What::Registered)))
        }
        Err(problem) => {
            let wrong = Wrong::of(problem)?;
            let sheet = Sheet {
                key: form.get("key").to_owned(),
                ..products::new_sheet(&api, "", &Values::typed(&form))
            };
            let page = products_page(&api, &asked, &visitor, &of.office, Some(sheet.told(wrong))).await?;
            Ok(page.answer(&asked))
        }
    }
}

async fn people_page(api: &Api, asked: &Asked, visitor: &Visitor) -> Result<MastersPage, PageError> {
    only_operators(visitor)?;
    let mut page = step(asked, 5);
    "ほかの人を招待します。リンクを送るか、QRコードをその場で読んでもらいます。人の名前は、どこにも登録しません。"
        .clone_into(&mut page.text);
    let today = business_day(api.book.outside().clock.now());
    let choices = api
        .book
        .with_masters_of_now(|masters| accounts::choices(masters, today))
        .await?;
    page.sheets.push(accounts::invite_sheet(
        api,
        "/begin/people",
        choices,
        &Values::default(),
    ));
    page.ways.push(("/".to_owned(), "終わって、ホームへ".to_owned()));
    Ok(page)
}

/// Whom to invite.
async fn show_people(State(api): State<Api>, asked: Asked, visitor: Visitor) -> Result<Response, PageError> {
    Ok(people_page(&api, &asked, &visitor).await?.answer(&asked))
}

/// Invites somebody; the page that follows shows the link, this once.
async fn invite(
    State(api): State<Api>,
    site: Site,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    only_operators(&visitor)?;
    let invited = accounts::invited(&api, &visitor, &site, &form).await?;
    let mut page = people_page(&api, &asked, &visitor).await?;
    match invited {
        Ok(handed) => page.handed = Some(handed),
        Err(wrong) => {
            page.sheets = page
                .sheets
                .into_iter()
                .map(|sheet| sheet.told(wrong.clone()))
                .collect();
        }
    }
    Ok(page.answer(&asked))
}
