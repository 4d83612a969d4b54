//! 値段: of a product, in a shop (店頭) or for other offices (卸), from a day on.

use super::{Table, TableRow, day, from_day, products, record, register};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    masters::fields::{Choice, Control, Field, Sheet, Values},
    number::tidied,
    page::{self, Asked},
    record::{new_key, today},
    said::{Said, What},
    visitor::Visitor,
};
use api::Api;
use app::views::masters::{AgreementView, PriceView, ProductView, Versioned, agreements, prices};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    calendar::business_day,
    masters::{AgreementKind, Channel},
    tax::PriceBasis,
    text::Code,
};
use serde_json::json;

/// What a channel is called.
fn named(channel: &Channel) -> String {
    match channel {
        Channel::Retail => "店頭".to_owned(),
        Channel::Supply => "卸(事業所に売る)".to_owned(),
        Channel::Internal => "法人内".to_owned(),
        Channel::Cost => "仕入値(消化仕入)".to_owned(),
        Channel::Agreement(code) => format!("取り決め {code}"),
    }
}

fn said(price: &PriceView) -> String {
    let basis = match price.basis {
        PriceBasis::Inclusive => "",
        PriceBasis::Exclusive => "(税別)",
    };
    format!("{}円{basis}", price.unit_price)
}

/// The newest price of a product in a channel; empty where there is none.
pub fn now(all: &[Versioned<PriceView>], product: &str, channel: &str) -> String {
    let of = all.iter().map(|price| &price.thing).filter(|price| {
        price.product.code == product
            && match price.channel {
                Channel::Retail => channel == "retail",
                Channel::Supply => channel == "supply",
                _ => false,
            }
    });
    of.max_by_key(|price| price.from).map_or_else(String::new, said)
}

/// All prices of a product.
pub async fn table(api: &Api, visitor: &Visitor, product: &ProductView) -> Result<Table, PageError> {
    let code = format!("{}/{}", product.office.code, product.code);
    let all = prices(&api.book, &visitor.as_member(), None).await?;
    let of = all
        .iter()
        .map(|price| &price.thing)
        .filter(|price| price.product.code == code);
    let row = |price: &PriceView| TableRow {
        cells: vec![named(&price.channel), said(price), day(price.from)],
        ..TableRow::default()
    };
    Ok(Table {
        caption: "値段".to_owned(),
        heads: vec!["どこで", "1単位あたり", "いつから"],
        rows: of.map(row).collect(),
    })
}

/// A new one.
pub fn blank(api: &Api) -> Values {
    Values::default().with("supplied_on", today(api))
}

/// Before the code of an agreement, as the choice of a channel is sent.
const AGREEMENT: &str = "agreement:";

/// Agreements of an office with those who sell on or buy what it makes: each may have prices of its own.
async fn agreed(api: &Api, visitor: &Visitor, office: &Code) -> Result<Vec<Choice>, PageError> {
    let today = business_day(api.book.outside().clock.now());
    let all = agreements(&api.book, &visitor.as_member(), None).await?;
    let own = all.into_iter().map(|agreement| agreement.thing).filter(|of| {
        of.producer.code == office.as_str()
            && of.about != AgreementKind::Internal
            && of.until.is_none_or(|until| until >= today)
    });
    let choice = |of: AgreementView| {
        let label = format!("{}だけの値段({})", of.other.name, of.code);
        Choice::new(format!("{AGREEMENT}{}", of.code), label)
    };
    Ok(own.map(choice).collect())
}

/// The sheet of a new one.
pub async fn sheet(
    api: &Api,
    visitor: &Visitor,
    office: &Code,
    action: &str,
    values: &Values,
) -> Result<Sheet, PageError> {
    let mut channels = vec![
        Choice::new("retail", "店頭(お客さまに売る)"),
        Choice::new("supply", "卸(ほかの事業所に売る)"),
        Choice::new("internal", "法人内(同じ法人の事業所に渡す)"),
        Choice::new("cost", "仕入値(消化仕入の店に)"),
    ];
    channels.extend(agreed(api, visitor, office).await?);
    let bases = vec![Choice::new("inclusive", "税込"), Choice::new("exclusive", "税別")];
    Ok(Sheet {
        id: "price".to_owned(),
        action: action.to_owned(),
        heading: "値段を決める".to_owned(),
        text: "同じ売り方の前の値段は、この日の前の日までになります。".to_owned(),
        key: new_key(api),
        fields: vec![
            Field::needed("channel", "売り方", Control::Choices(channels), values),
            Field::needed("unit_price", "1単位あたりの円", Control::Number, values),
            Field::needed("basis", "税", Control::Choices(bases), values),
            from_day(values),
        ],
        buttons: register(),
        ..Sheet::default()
    })
}

/// Another one.
pub async fn add(
    State(api): State<Api>,
    Path((office, code)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (_, acting) = visitor.office(&api, &office).await?;
    let channel = match form.get("channel").strip_prefix(AGREEMENT) {
        Some(agreement) => json!({ "agreement": agreement }),
        None => form.get("channel").into(),
    };
    let act = json!({
        "kind": "price", "office": acting.as_str(), "key": form.get("key"), "supplied_on": form.get("supplied_on"),
        "product": code, "channel": channel, "unit_price": tidied(form.get("unit_price")),
        "basis": form.get("basis"),
    });
    let at = format!("/o/{acting}/products/{code}");
    match record(&api, &visitor, act, "").await {
        Ok(_) => Ok(page::done(&at, &Said::new(What::Registered))),
        Err(problem) => {
            let wrong = Wrong::of(problem)?;
            let typed = Values::typed(&form);
            let sheet = Sheet {
                key: form.get("key").to_owned(),
                ..sheet(&api, &visitor, &acting, &format!("{at}/prices"), &typed).await?
            };
            let page =
                products::page_of(&api, &asked, &visitor, (&office, &code), Some(sheet.told(wrong))).await?;
            Ok(page.answer(&asked))
        }
    }
}
