//! 現金を数える: at the end of the day, blind, by coins and notes or as one sum. The difference to the book is told afterwards.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    number::{tidied, whole},
    page::{self, Asked},
    record::{self, act, day_of, key_of, today},
    said::What,
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::{money::Purse, names::Named};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use domain::{id::OfficeId, masters::CashPlaceKind};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Coins and notes, the largest first, as they lie in a cash box.
const COINS_AND_NOTES: [u32; 10] = [10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 1];

#[derive(Template)]
#[template(path = "money/count.html")]
struct CountPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    place: Option<Named>,
    places: Vec<Named>,
    counted: String,
    /// Coins and notes, and how many of each were typed.
    coins: Vec<(u32, String)>,
    reason: String,
    /// What the book lacks (above nought) or has too much of, once it was counted.
    difference: Option<i64>,
}

/// Which cash box.
#[derive(Default, Deserialize)]
pub struct Where {
    #[serde(default)]
    place: String,
}

/// The form.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(asking): Query<Where>,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let here = (office, code.as_str());
    let page = page_of(&api, &asked, &visitor, here, &asking.place, &Form::default()).await?;
    Ok(page::shown(&asked, &page))
}

/// Counted.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let counted = counted(&form);
    let (wrong, sum) = match counted {
        Err(wrong) => (wrong, None),
        Ok((sum, coins)) => {
            let fields = json!({"place": form.get("place"), "counted": sum, "denominations": coins});
            let count = act("count_cash", code.as_str(), &form, fields);
            let to = format!("/o/{code}/money");
            match record::save(&api, &visitor, count, What::CashCounted, &to).await? {
                Ok(done) => return Ok(done),
                Err(wrong) => (wrong, sum.as_i64()),
            }
        }
    };
    let here = (office, code.as_str());
    let mut page = page_of(&api, &asked, &visitor, here, form.get("place"), &form).await?;
    // only of today: of an earlier day the sum of now says nothing
    let is_today = form.get("supplied_on") == today(&api);
    if wrong.of_field("reason").is_some()
        && is_today
        && let Some(purse) = cash(&api, &visitor, here)
            .await?
            .iter()
            .find(|purse| purse.place.code == form.get("place"))
    {
        page.difference = sum.map(|sum| sum.saturating_sub(purse.yen.get()));
    }
    page.wrong = wrong;
    Ok(page::shown_again(&asked, &page))
}

/// The sum, and the coins and notes where they were counted.
fn counted(form: &Form) -> Result<(Value, Map<String, Value>), Wrong> {
    let mut coins = Map::new();
    let mut sum = 0_i64;
    for (yen, typed) in form.filled("coin/") {
        let many = tidied(typed);
        let many = many.parse::<u32>().ok().zip(yen.parse::<u32>().ok());
        let Some((many, yen)) = many else {
            let sentence = format!("{yen}円の枚数が数字ではありません。0 か、数えた枚数を入れてください。");
            return Err(Wrong::whole(&sentence));
        };
        sum = sum.saturating_add(i64::from(many).saturating_mul(i64::from(yen)));
        if many > 0 {
            coins.insert(yen.to_string(), many.into());
        }
    }
    match form.typed("counted") {
        Some(stated) => Ok((whole(&tidied(stated)), coins)),
        None if form.filled("coin/").is_empty() => {
            let sentence =
                "枚数も合計も入っていません。どちらかを入れてください。からなら、合計に 0 と入れてください。";
            Err(Wrong::whole(sentence))
        }
        None => Ok((sum.into(), coins)),
    }
}

async fn cash(
    api: &Api,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
) -> Result<Vec<Purse>, PageError> {
    let mut purses = super::of(api, visitor, office, code).await?.purses;
    purses.retain(|purse| purse.holds != CashPlaceKind::Bank);
    Ok(purses)
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    here: (OfficeId, &str),
    place: &str,
    form: &Form,
) -> Result<CountPage, PageError> {
    let purses = cash(api, visitor, here).await?;
    let places: Vec<Named> = purses.into_iter().map(|purse| purse.place).collect();
    let chosen = places.iter().find(|known| known.code == place);
    let only = places.first().filter(|_| places.len() == 1);
    let coins = COINS_AND_NOTES.into_iter();
    Ok(CountPage {
        shell: Shell::of_office(api, asked, visitor, here.0).await?,
        wrong: Wrong::default(),
        key: key_of(api, form),
        supplied_on: day_of(api, form),
        place: chosen.or(only).cloned(),
        places,
        counted: form.get("counted").to_owned(),
        coins: coins
            .map(|yen| (yen, form.get(&format!("coin/{yen}")).to_owned()))
            .collect(),
        reason: form.get("reason").to_owned(),
        difference: None,
    })
}
