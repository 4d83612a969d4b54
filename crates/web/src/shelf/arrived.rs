//! 届いた数がちがう: the shop says how many came of what was placed in the book. What did not come is proposed to its owner, as
//! a return or as a loss by their agreement; nothing moves before the owner says yes.

use super::words;
use crate::{
    error::PageError,
    form::{Form, Wrong},
    masters::{
        MastersPage, Table, TableRow, day,
        fields::{Choice, Control, Field, Sheet, Values},
        from_day,
    },
    number::tidied,
    page::{self, Asked},
    record::{act, new_key, today},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, actor::id_of_person, problem::Problem};
use app::{
    access::proposals::{Proposal, State as Stands, Which, proposals},
    propose::propose,
    views::{
        deliveries::{OF_SHELVES, days_to_answer},
        shelf::{Placement, ShelfView, shelf},
    },
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    acts::Act,
    calendar::business_day,
    command::Command,
    id::{Acting, OfficeId},
    masters::Bearer,
    text::Code,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Whose goods, on whose shelf.
type At<'a> = (OfficeId, &'a Code, &'a str);

/// What is typed of a lot of a placement: its name says how many were placed, so that what was typed is compared with what
/// the page showed.
fn name_of(placement: &Placement, lot: &str, placed: Decimal) -> String {
    format!("came/{lot}/{}/{}", placed.normalize(), placement.entry.0.simple())
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code, owner): At<'_>,
    (values, wrong, key): (&Values, Wrong, String),
) -> Result<MastersPage, PageError> {
    let ShelfView { placed, terms, .. } = shelf(&api.book, visitor.viewer(), office).await?;
    let is_here =
        |placement: &Placement| placement.owner.code == owner && placement.shop.code == code.as_str();
    let placed: Vec<Placement> = placed.into_iter().filter(is_here).collect();
    let shell = Shell::of_office(api, asked, visitor, office).await?;
    let mut page = MastersPage::new(shell, "届いた数がちがう");
    page.back = Some((format!("/o/{code}/shelf"), "棚(委託)".to_owned()));
    page.tables
        .push(open_differences(api, visitor, (office, code.as_str())).await?);
    let Some(name) = placed.first().map(|placement| placement.owner.name.clone()) else {
        "この2週間に、この事業所が置いたものはありません。".clone_into(&mut page.text);
        return Ok(page);
    };
    let mut fields = vec![Field {
        label: "届いた日".to_owned(),
        ..from_day(values)
    }];
    for placement in &placed {
        for line in &placement.lines {
            let name = name_of(placement, &line.lot, line.placed);
            let label = format!("{} {} 届いた数({})", line.product.name, line.lot, line.unit);
            let hint = format!(
                "{}に {} {} 置いたことになっています。いま棚に {} {}。",
                day(placement.placed_on),
                line.placed.normalize(),
                line.unit,
                line.there.normalize(),
                line.unit
            );
            fields.push(Field::free(&name, &label, Control::Number, values).hint(&hint));
        }
    }
    let bearer = terms.iter().find(|of| of.owner.code == owner);
    let bearer = match bearer.map(|of| of.loss_bearer) {
        Some(Bearer::Other) => "なくなった分は、この店がもつ取り決めです。",
        Some(Bearer::Producer) => "なくなった分は、つくり手がもつ取り決めです。",
        None => "",
    };
    let rests = vec![
        Choice::new(
            "return",
            "届かなかった分は、持ち主の手もとにある(持ち主の在庫に戻す)",
        ),
        Choice::new(
            "lost",
            "届かなかった分は、途中でなくなった(取り決めのとおりに負担する)",
        ),
    ];
    fields.push(Field::needed("rest", "届かなかった分", Control::Choices(rests), values).hint(bearer));
    fields.push(Field::needed("reason", "わけ", Control::Text, values));
    let sheet = Sheet {
        id: "arrived".to_owned(),
        action: format!("/o/{code}/shelf/of/{owner}/arrived"),
        heading: format!("{name}が置いたもの"),
        text: "ちがうものだけ、届いた数を入れてください。持ち主が同意するまで、何も動きません。".to_owned(),
        key,
        fields,
        buttons: vec![Choice::new("", "持ち主に伝える")],
        ..Sheet::default()
    };
    page.sheets.push(sheet.told(wrong));
    Ok(page)
}

/// What was placed, to be compared with what came.
pub async fn show(
    State(api): State<Api>,
    Path((office, owner)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let values = Values::default().with("supplied_on", today(&api));
    let new = (&values, Wrong::default(), new_key(&api));
    let page = page_of(&api, &asked, &visitor, (office, &code, &owner), new).await?;
    Ok(page.answer(&asked))
}

/// The owner is asked.
pub async fn save(
    State(api): State<Api>,
    Path((office, owner)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let problem = match told(&api, &visitor, (office, &code, &owner), &form).await {
        Ok(is_new) => {
            let what = if is_new { What::Proposed } else { What::Already };
            return Ok(page::done(&format!("/o/{code}/shelf"), &Said::new(what)));
        }
        Err(problem) => problem,
    };
    let values = Values::typed(&form);
    let again = (&values, Wrong::of(problem)?, form.get("key").to_owned());
    let page = page_of(&api, &asked, &visitor, (office, &code, &owner), again).await?;
    Ok(page.answer(&asked))
}

/// Proposes what did not come to its owner; whether it is a new proposal.
async fn told(
    api: &Api,
    visitor: &Visitor,
    (office, code, owner): At<'_>,
    form: &Form,
) -> Result<bool, Problem> {
    let lines: Vec<Value> = (missing(form)?.into_iter())
        .map(|(lot, much)| json!({"lot": lot, "quantity": much.normalize().to_string()}))
        .collect();
    let wrong = |field: &str, sentence: &str| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "malformed", sentence).at(format!("/{field}"))
    };
    if form.typed("reason").is_none() {
        return Err(wrong("reason", "数がちがうわけを書いてください。"));
    }
    let (kind, fields) = match form.get("rest") {
        "lost" => (
            "dispose",
            json!({"shelf_of": owner, "missing": true, "lines": lines}),
        ),
        _ => ("return", json!({"owner": owner, "lines": lines})),
    };
    let command = Command::from_value(act(kind, code.as_str(), form, fields))?;
    let seller: Code = owner.parse().map_err(|_| Problem::not_found())?;
    let (on, viewer) = (command.head.supplied_on, visitor.viewer());
    let days = days_to_answer(&api.book, viewer, OF_SHELVES, (office, &seller), on).await?;
    let today = business_day(api.book.outside().clock.now());
    let due_on = on.days_later(u64::from(days)).unwrap_or(on).max(today);
    let id = id_of_person(visitor.caller().person(), "proposal", &command.head.key);
    let (_, is_new) = propose(&api.book, viewer, visitor.caller(), command, due_on, id).await?;
    Ok(is_new)
}

/// What did not come, lot by lot, by what was typed and how many the page said were placed.
fn missing(form: &Form) -> Result<BTreeMap<&str, Decimal>, Problem> {
    let wrong = |name: &str, sentence: &str| {
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "malformed", sentence);
        Err(problem.at(format!("/came/{name}")))
    };
    let mut lots: BTreeMap<&str, Decimal> = BTreeMap::new();
    let mut some = false;
    for (name, typed) in form.filled("came/") {
        let mut parts = name.split('/');
        let (lot, placed) = (parts.next().unwrap_or_default(), parts.next());
        let Some(placed) = placed.and_then(|placed| placed.parse::<Decimal>().ok()) else {
            continue;
        };
        let came = match tidied(typed).parse::<Decimal>() {
            Ok(came) if came >= Decimal::ZERO => came,
            _ => return wrong(name, "届いた数を、0以上の数で入れてください。"),
        };
        some = true;
        if came > placed {
            let sentence = "置いた数より多く届いています。持ち主に、「置きに行く」で足してもらってください。";
            return wrong(name, sentence);
        }
        if came < placed {
            *lots.entry(lot).or_default() += placed - came;
        }
    }
    let sentence = match (some, lots.is_empty()) {
        (_, false) => return Ok(lots),
        (false, true) => "数が1つも入っていません。ちがうものの、届いた数を入れてください。",
        (true, true) => "置いた数と同じです。伝えることはありません。",
    };
    Err(Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "nothing-typed",
        sentence,
    ))
}

/// Whether a proposal is about what was placed on a shelf and did not come.
pub fn is_of_shelf(proposal: &Proposal) -> bool {
    match &proposal.command.act {
        Act::GiveBack(act) => act.owner.is_some(),
        Act::Dispose(act) => act.shelf_of.is_some(),
        _ => false,
    }
}

/// Differences about which an owner was asked and that are not over, by or to an office.
pub async fn open_differences(
    api: &Api,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
) -> Result<Table, PageError> {
    let own = BTreeSet::from([office]);
    let open = proposals(&api.book, &own, &BTreeSet::new(), Which::Open, 200).await?;
    let open: Vec<Proposal> = open.into_iter().filter(is_of_shelf).collect();
    if !open.is_empty() {
        visitor.register(api, "proposals", code).await?;
    }
    let row = |proposal: &Proposal| {
        let what = match &proposal.command.act {
            Act::Dispose(_) => "なくなった分",
            _ => "持ち主に戻す分",
        };
        let stands = match proposal.state {
            Stands::Expired => "返事の期限が過ぎました",
            _ if proposal.acting == Acting::Office(office) => "返事待ち",
            _ => "返事をしてください",
        };
        TableRow {
            cells: vec![
                what.to_owned(),
                words::lots(&proposal.command.act),
                day(proposal.due_on),
                stands.to_owned(),
            ],
            link: Some(format!("/o/{code}/proposals/{}", proposal.id)),
            ..TableRow::default()
        }
    };
    Ok(Table {
        caption: "届いた数のちがい".to_owned(),
        heads: vec!["こと", "ロットと数", "返事の期限", "いま"],
        rows: open.iter().map(row).collect(),
    })
}
