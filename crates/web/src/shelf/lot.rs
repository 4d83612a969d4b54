//! One lot of another office on the shelf: given back, thrown away, or sold below its price. Who bears what is said before.

use super::words;
use crate::{
    error::PageError,
    form::{Form, Wrong},
    masters::{
        MastersPage, Table, TableRow,
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
use api::{Api, problem::Problem};
use app::{
    record::{How, many},
    views::{
        shelf::{Costs, costs, shelf},
        stock::StockLine,
    },
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    calendar::{Day, business_day},
    command::Command,
    id::OfficeId,
    money::UnitPrice,
    text::Code,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Which lot, on whose page.
type At<'a> = (OfficeId, &'a Code, &'a str, &'a str);

/// What was sent of one of the forms.
struct Sent<'a> {
    form: &'a Form,
    wrong: Wrong,
    /// What it comes to, where that was asked.
    told: Option<Table>,
}

/// Finds the lot where it lies.
async fn found(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    (owner, lot): (&str, &str),
) -> Result<Option<StockLine>, PageError> {
    let here = shelf(&api.book, visitor.viewer(), office).await?.here;
    let is_it = |line: &StockLine| line.owner.code == owner && line.lot == lot;
    Ok(here.into_iter().find(is_it))
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code, owner, lot): At<'_>,
    sent: Option<Sent<'_>>,
) -> Result<MastersPage, PageError> {
    let shell = Shell::of_office(api, asked, visitor, office).await?;
    let line = found(api, visitor, office, (owner, lot)).await?;
    let name = line
        .as_ref()
        .map_or("棚のもの", |line| line.product.name.as_str());
    let mut page = MastersPage::new(shell, &format!("{name} {lot}"));
    page.back = Some((format!("/o/{code}/shelf"), "棚(委託)".to_owned()));
    let Some(line) = line else {
        "このロットは、いま棚にありません。".clone_into(&mut page.text);
        return Ok(page);
    };
    let now = business_day(api.book.outside().clock.now());
    let until = words::until(line.best_before, now);
    let there = format!("{} {}", line.quantity.normalize(), line.unit);
    page.text = format!("持ち主 {}。いま {there} あります。期限 {until}", line.owner.name);
    let all = costs(&api.book, visitor.viewer(), &line, (line.quantity, None), now).await?;
    page.sheets = sheets(&line, all.as_ref(), today(api).as_str(), code, api);
    if let Some(Sent { form, wrong, told }) = sent {
        page.tables.extend(told);
        let id = form.get("then").trim_start_matches("look-");
        if let Some(sheet) = page.sheets.iter_mut().find(|sheet| sheet.id == id) {
            form.get("key").clone_into(&mut sheet.key);
            let typed = Values::typed(form);
            for field in &mut sheet.fields {
                typed.get(&field.name).clone_into(&mut field.value);
            }
            let empty = Sheet::default();
            *sheet = std::mem::replace(sheet, empty).told(wrong);
        }
    }
    Ok(page)
}

/// The three forms, each as it is first shown.
fn sheets(line: &StockLine, all: Option<&Costs>, today: &str, code: &Code, api: &Api) -> Vec<Sheet> {
    let owner = line.owner.name.as_str();
    let there = line.quantity.normalize().to_string();
    let values = Values::default()
        .with("supplied_on", today)
        .with("lines/0/quantity", there);
    let day = |label: &str| Field {
        label: label.to_owned(),
        ..from_day(&values)
    };
    let quantity = |what: &str| {
        let label = format!("{what}({})", line.unit);
        Field::needed("lines/0/quantity", &label, Control::Number, &values)
    };
    let reason = |label: &str, usual: &str| {
        let values = Values::default().with("reason", usual);
        Field::needed("reason", label, Control::Text, &values)
    };
    let sheet = |id: &str, heading: &str, text: String| Sheet {
        id: id.to_owned(),
        action: format!("/o/{code}/shelf/of/{}/lots/{}", line.owner.code, line.lot),
        heading: heading.to_owned(),
        text,
        key: new_key(api),
        ..Sheet::default()
    };
    let broken = all.and_then(|all| all.broken.as_ref());
    let listed = match all.and_then(|all| all.full) {
        Some(full) => format!("値段表では、いまある分ぜんぶで {full}円です。"),
        None => "値段表に、この品目の値段がありません。".to_owned(),
    };
    let discounts = all.map_or(String::new(), |all| words::discounts(all.discount_bearer, owner));
    vec![
        Sheet {
            fields: vec![day("返す日"), quantity("返す数")],
            buttons: vec![Choice::new("return", "返す")],
            ..sheet(
                "return",
                "持ち主に返す",
                format!("{owner}の在庫に戻ります。お金は動きません。"),
            )
        },
        Sheet {
            fields: vec![
                day("捨てる日"),
                quantity("捨てる数"),
                reason("理由", "期限が切れた"),
            ],
            buttons: vec![
                Choice::new("dispose", "捨てる"),
                Choice::new("look-dispose", "だれがいくらもつか見る"),
            ],
            ..sheet(
                "dispose",
                "捨てる",
                format!("いまある分をぜんぶ捨てると: {}", words::lost(broken, owner)),
            )
        },
        Sheet {
            fields: vec![
                day("売れた日"),
                quantity("売れた数"),
                Field::needed(
                    "lines/0/unit_price",
                    &format!("値下げした値段(1{}・税込みの円)", line.unit),
                    Control::Number,
                    &values,
                )
                .hint(&listed),
                reason("値下げの理由", "期限が近い"),
            ],
            buttons: vec![
                Choice::new("sell", "売れたと記録する"),
                Choice::new("look-sell", "だれがいくらもつか見る"),
            ],
            ..sheet("sell", "値下げして売る", discounts)
        },
    ]
}

/// A lot, with what can be done with it.
pub async fn show(
    State(api): State<Api>,
    Path((office, owner, lot)): Path<(String, String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let page = page_of(&api, &asked, &visitor, (office, &code, &owner, &lot), None).await?;
    Ok(page.answer(&asked))
}

/// Given back, thrown away, sold; or what that comes to.
pub async fn save(
    State(api): State<Api>,
    Path((office, owner, lot)): Path<(String, String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let then = form.get("then");
    let (is_look, kind) = match then.strip_prefix("look-") {
        Some(kind) => (true, kind),
        None => (false, then),
    };
    let what = match kind {
        "return" => What::TakenBack,
        "dispose" => What::Disposed,
        "sell" => What::Sold,
        _ => return Err(PageError::not_found()),
    };
    let act = act(kind, code.as_str(), &form, fields(kind, &form, (&owner, &lot)));
    let (mut wrong, mut told) = (Wrong::default(), None);
    if kind == "sell" && form.typed("lines/0/unit_price").is_none() {
        wrong = Wrong::whole("値下げした値段が入っていません。1つの値段を、円で入れてください。");
    } else if is_look {
        match tried(&api, &visitor, act).await {
            Ok(()) => told = comes_to(&api, &visitor, (office, kind), (&owner, &lot), &form).await?,
            Err(problem) => wrong = Wrong::of(problem)?,
        }
    } else {
        let to = format!("/o/{code}/shelf");
        match record::save(&api, &visitor, act, what, &to).await? {
            Ok(done) => return Ok(done),
            Err(refused) => wrong = refused,
        }
    }
    let form = &form;
    let sent = Some(Sent { form, wrong, told });
    let page = page_of(&api, &asked, &visitor, (office, &code, &owner, &lot), sent).await?;
    Ok(page.answer(&asked))
}

/// The act's own fields.
fn fields(kind: &str, form: &Form, (owner, lot): (&str, &str)) -> Value {
    let mut line = json!({"lot": lot, "quantity": tidied(form.get("lines/0/quantity"))});
    match kind {
        "return" => json!({"owner": owner, "lines": [line]}),
        "dispose" => json!({"shelf_of": owner, "lines": [line]}),
        _ => {
            line["owner"] = owner.into();
            line["unit_price"] = tidied(form.get("lines/0/unit_price")).into();
            json!({"lines": [line]})
        }
    }
}

/// Whether it would be recorded.
async fn tried(api: &Api, visitor: &Visitor, act: Value) -> Result<(), Problem> {
    let commands = vec![Command::from_value(act)];
    let became = many(&api.book, visitor.viewer(), commands, How::Trial).await?;
    for one in became {
        one?;
    }
    Ok(())
}

async fn comes_to(
    api: &Api,
    visitor: &Visitor,
    (office, kind): (OfficeId, &str),
    of: (&str, &str),
    form: &Form,
) -> Result<Option<Table>, PageError> {
    let Some(line) = found(api, visitor, office, of).await? else {
        return Ok(None);
    };
    let number = |name: &str| tidied(form.get(name)).parse::<Decimal>().ok();
    let day: Option<Day> = form.get("supplied_on").parse().ok();
    let (Some(quantity), Some(day)) = (number("lines/0/quantity"), day) else {
        return Ok(None);
    };
    let at = number("lines/0/unit_price").and_then(|price| UnitPrice::try_new(price).ok());
    let at = at.filter(|_| kind == "sell");
    let Some(all) = costs(&api.book, visitor.viewer(), &line, (quantity, at), day).await? else {
        return Ok(None);
    };
    let owner = line.owner.name.as_str();
    let row = |name: &str, told: String| TableRow {
        cells: vec![name.to_owned(), told],
        ..TableRow::default()
    };
    let rows = match (kind, all.paid) {
        ("dispose", _) => vec![row("捨てた分", words::lost(all.broken.as_ref(), owner))],
        (_, Some(paid)) => {
            let full = all.full.map(|full| row("値段表の値段", format!("{full}円")));
            let paid = row("お客さまが払う額", format!("{paid}円"));
            let off = words::discount(all.off(), all.discount_bearer, owner);
            full.into_iter().chain([paid, row("値引き", off)]).collect()
        }
        _ => return Ok(None),
    };
    Ok(Some(Table {
        caption: "だれがいくらもつか(まだ記録していません)".to_owned(),
        heads: vec!["こと", "円"],
        rows,
    }))
}
