//! 使う, 捨てる: goods that leave the store without being sold. Lot by lot, with what they were used for or why they are thrown
//! away.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    grid::{Row, tell},
    number::{tidied, whole},
    page::{self, Asked},
    record::{self, act, day_of, key_of},
    said::What,
    shell::Shell,
    stock::lots::{LotThere, in_store, on_shelf, owners_on_shelf},
    visitor::Visitor,
};
use api::Api;
use app::views::names::Named;
use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::get,
};
use domain::id::OfficeId;
use serde::Deserialize;
use serde_json::{Value, json};

/// Both pages.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/o/{office}/use", get(show_use).post(save_use))
        .route("/o/{office}/dispose", get(show_dispose).post(save_dispose))
}

/// What goods are used for, as the act names it.
const PURPOSES: &[(&str, &str)] = &[
    ("meals", "給食"),
    ("samples", "試食・見本"),
    ("gifts", "贈り物"),
    ("supplies", "消耗品として"),
];

#[derive(Template)]
#[template(path = "leaving/use.html")]
struct UsePage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    note: String,
    used_for: String,
    cost: String,
    purposes: &'static [(&'static str, &'static str)],
    rows: Vec<Row<LotThere>>,
}

#[derive(Template)]
#[template(path = "leaving/dispose.html")]
struct DisposePage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    reason: String,
    /// Owner of the goods on the shelf; nobody for the own store.
    of: Option<Named>,
    owners: Vec<Named>,
    rows: Vec<Row<LotThere>>,
}

/// Whose goods.
#[derive(Default, Deserialize)]
struct Whose {
    #[serde(default)]
    of: String,
}

async fn show_use(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let rows = in_store(&api, &visitor, (office, code.as_str())).await?;
    let page = use_page(
        &api,
        &asked,
        &visitor,
        office,
        &Form::default(),
        Wrong::default(),
        rows,
    )
    .await?;
    Ok(page::shown(&asked, &page))
}

async fn save_use(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let sent = form.filled("out/");
    let wrong = if sent.is_empty() {
        Wrong::whole("数が1つも入っていません。使った数を入れてください。")
    } else {
        let mut fields = json!({"for": form.get("for"), "lines": lines(&sent)});
        if let Some(cost) = form.typed("cost") {
            fields["cost"] = whole(&tidied(cost));
        }
        let used = act("use", code.as_str(), &form, fields);
        match record::save(&api, &visitor, used, What::Used, &format!("/o/{code}")).await? {
            Ok(done) => return Ok(done),
            Err(wrong) => wrong,
        }
    };
    let mut rows = in_store(&api, &visitor, (office, code.as_str())).await?;
    tell(&mut rows, &sent, &wrong, "lines");
    let page = use_page(&api, &asked, &visitor, office, &form, wrong, rows).await?;
    Ok(page::shown_again(&asked, &page))
}

async fn use_page(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: OfficeId,
    form: &Form,
    wrong: Wrong,
    rows: Vec<Row<LotThere>>,
) -> Result<UsePage, PageError> {
    Ok(UsePage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: key_of(api, form),
        supplied_on: day_of(api, form),
        note: form.get("note").to_owned(),
        used_for: form.typed("for").unwrap_or("meals").to_owned(),
        cost: form.get("cost").to_owned(),
        purposes: PURPOSES,
        rows,
    })
}

async fn show_dispose(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(whose): Query<Whose>,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let rows = lying(&api, &visitor, (office, code.as_str()), &whose.of).await?;
    let form = Form::default();
    let page = dispose_page(&api, &asked, &visitor, (office, code.as_str()), &whose.of, &form).await?;
    let page = DisposePage { rows, ..page };
    Ok(page::shown(&asked, &page))
}

async fn save_dispose(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let sent = form.filled("out/");
    let wrong = if sent.is_empty() {
        Wrong::whole("数が1つも入っていません。捨てた数を入れてください。")
    } else {
        let mut fields = json!({"lines": lines(&sent)});
        if let Some(owner) = form.typed("of") {
            fields["shelf_of"] = owner.into();
        }
        let disposed = act("dispose", code.as_str(), &form, fields);
        match record::save(&api, &visitor, disposed, What::Disposed, &format!("/o/{code}")).await? {
            Ok(done) => return Ok(done),
            Err(wrong) => wrong,
        }
    };
    let mut rows = lying(&api, &visitor, (office, code.as_str()), form.get("of")).await?;
    tell(&mut rows, &sent, &wrong, "lines");
    let page = dispose_page(
        &api,
        &asked,
        &visitor,
        (office, code.as_str()),
        form.get("of"),
        &form,
    )
    .await?;
    let page = DisposePage { wrong, rows, ..page };
    Ok(page::shown_again(&asked, &page))
}

/// The page without its rows.
async fn dispose_page(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
    of: &str,
    form: &Form,
) -> Result<DisposePage, PageError> {
    let owners = owners_on_shelf(api, visitor, (office, code)).await?;
    Ok(DisposePage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong: Wrong::default(),
        key: key_of(api, form),
        supplied_on: day_of(api, form),
        reason: form.get("reason").to_owned(),
        of: owners.iter().find(|owner| owner.code == of).cloned(),
        owners,
        rows: Vec::new(),
    })
}

/// The own lots in the store, or those of an owner on the shelf.
async fn lying(
    api: &Api,
    visitor: &Visitor,
    office: (OfficeId, &str),
    of: &str,
) -> Result<Vec<Row<LotThere>>, PageError> {
    match of {
        "" => in_store(api, visitor, office).await,
        owner => on_shelf(api, visitor, office, owner).await,
    }
}

fn lines(sent: &[(&str, &str)]) -> Vec<Value> {
    let line = |(lot, typed): &(&str, &str)| json!({"lot": lot, "quantity": tidied(typed)});
    sent.iter().map(line).collect()
}
