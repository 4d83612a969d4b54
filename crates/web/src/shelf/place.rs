//! 置きに行く and 引き取る: the producer's own goods onto a shop's shelf, and back.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    masters::{
        MastersPage,
        fields::{Choice, Control, Field, Sheet, Values},
        from_day,
    },
    number::tidied,
    page::Asked,
    record::{self, act, new_key, today},
    said::What,
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::{
    masters::agreements,
    names::Named,
    shelf::shelf,
    stock::{StockLine, stock},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{id::OfficeId, masters::AgreementKind, place::PlaceKind, text::Code};
use serde_json::{Value, json};

/// Where goods are moved from.
enum Way<'a> {
    /// Out of the own store.
    Place,
    /// From the shelf of a shop.
    Back(&'a str),
}

async fn goods(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    way: &Way<'_>,
) -> Result<Vec<StockLine>, PageError> {
    Ok(match way {
        Way::Back(shop) => {
            let on = shelf(&api.book, visitor.viewer(), office).await?.elsewhere;
            on.into_iter().filter(|line| line.holder.code == *shop).collect()
        }
        Way::Place => {
            let rows = stock(&api.book, visitor.viewer(), None, Some(office)).await?.rows;
            let is_stored =
                |line: &StockLine| line.place == PlaceKind::Store.label() && line.holder == line.owner;
            rows.into_iter().filter(is_stored).collect()
        }
    })
}

/// Shops that sell for this office, those whose agreement has ended too: the book says so then.
async fn shops(api: &Api, visitor: &Visitor, code: &Code) -> Result<Vec<Named>, PageError> {
    let all = agreements(&api.book, &visitor.as_member(), None).await?;
    let own = all.into_iter().map(|one| one.thing);
    let own = own.filter(|of| of.about == AgreementKind::Consign && of.producer.code == code.as_str());
    let mut shops: Vec<Named> = own.map(|of| of.other).collect();
    shops.sort();
    shops.dedup();
    Ok(shops)
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code, way): (OfficeId, &Code, &Way<'_>),
    (values, wrong, key): (&Values, Wrong, String),
) -> Result<MastersPage, PageError> {
    let goods = goods(api, visitor, office, way).await?;
    let shops = shops(api, visitor, code).await?;
    let shell = Shell::of_office(api, asked, visitor, office).await?;
    let (title, action) = match way {
        Way::Place => ("置きに行く", format!("/o/{code}/consign")),
        Way::Back(shop) => ("引き取る", format!("/o/{code}/shelf/at/{shop}")),
    };
    let mut page = MastersPage::new(shell, title);
    page.back = Some((format!("/o/{code}/shelf"), "棚(委託)".to_owned()));
    if goods.is_empty() {
        "ここには、いま何もありません。".clone_into(&mut page.text);
        return Ok(page);
    }
    let mut fields = Vec::new();
    if matches!(way, Way::Place) {
        if shops.is_empty() {
            "委託の取り決めがある店がありません。先に「取り決め」で申し出てください。"
                .clone_into(&mut page.text);
            page.ways
                .push((format!("/o/{code}/agreements"), "取り決め".to_owned()));
            return Ok(page);
        }
        let shops = shops.iter().map(|shop| Choice::new(&*shop.code, &*shop.name));
        fields.push(Field::needed(
            "to",
            "どの店に",
            Control::Choices(shops.collect()),
            values,
        ));
    }
    let mut on = from_day(values);
    "日付".clone_into(&mut on.label);
    fields.push(on);
    for line in &goods {
        let name = format!("lots/{}", line.lot);
        let label = format!("{} {}({})", line.product.name, line.lot, line.unit);
        let hint = format!("ある数 {} {}", line.quantity.normalize(), line.unit);
        fields.push(Field::free(&name, &label, Control::Number, values).hint(&hint));
    }
    let mut sheet = Sheet {
        id: "place".to_owned(),
        action,
        heading: title.to_owned(),
        key,
        fields,
        buttons: vec![Choice::new("", "記録する")],
        ..Sheet::default()
    };
    for field in &mut sheet.fields {
        field.wrong = wrong.of_field(&field.name).map(str::to_owned);
    }
    sheet.wrong = wrong;
    page.sheets.push(sheet);
    Ok(page)
}

async fn first(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: &str,
    way: &Way<'_>,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(api, office).await?;
    let values = Values::default().with("supplied_on", today(api));
    let new = (&values, Wrong::default(), new_key(api));
    Ok(page_of(api, asked, visitor, (office, &code, way), new)
        .await?
        .answer(asked))
}

async fn moved(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: &str,
    (way, form): (&Way<'_>, &Form),
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(api, office).await?;
    let sent = form.filled("lots/");
    let lines: Vec<Value> = sent
        .iter()
        .map(|(lot, typed)| json!({"lot": lot, "quantity": tidied(typed)}))
        .collect();
    let (kind, fields, what) = match way {
        Way::Place => (
            "consign",
            json!({"to": form.get("to"), "lines": lines}),
            What::Placed,
        ),
        Way::Back(shop) => ("return", json!({"holder": shop, "lines": lines}), What::TakenBack),
    };
    let wrong = if sent.is_empty() {
        Wrong::whole("数が1つも入っていません。数を入れてください。")
    } else {
        let act = act(kind, code.as_str(), form, fields);
        match record::save(api, visitor, act, what, &format!("/o/{code}/shelf")).await? {
            Ok(done) => return Ok(done),
            Err(wrong) => wrong,
        }
    };
    // what is wrong with a line stands beside its lot
    let told: Vec<(String, Option<String>)> = sent
        .iter()
        .enumerate()
        .map(|(n, (lot, _))| {
            let sentence = wrong.of_field(&format!("lines/{n}")).map(str::to_owned);
            (format!("lots/{lot}"), sentence)
        })
        .collect();
    let values = Values::typed(form);
    let again = (&values, wrong, form.get("key").to_owned());
    let mut page = page_of(api, asked, visitor, (office, &code, way), again).await?;
    for sheet in &mut page.sheets {
        for field in &mut sheet.fields {
            if let Some((_, sentence)) = told.iter().find(|(name, _)| *name == field.name) {
                field.wrong.clone_from(sentence);
            }
        }
    }
    Ok(page.answer(asked))
}

/// 置きに行く.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    first(&api, &asked, &visitor, &office, &Way::Place).await
}

/// Placed.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    moved(&api, &asked, &visitor, &office, (&Way::Place, &form)).await
}

/// 引き取る.
pub async fn back(
    State(api): State<Api>,
    Path((office, shop)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    first(&api, &asked, &visitor, &office, &Way::Back(&shop)).await
}

/// Taken back.
pub async fn take_back(
    State(api): State<Api>,
    Path((office, shop)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    moved(&api, &asked, &visitor, &office, (&Way::Back(&shop), &form)).await
}
