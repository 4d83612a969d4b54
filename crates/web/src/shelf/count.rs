//! 数えて売上を出す: what is left, lost and goes back is typed; what was sold follows, is shown first and then recorded.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    masters::{
        MastersPage, Table, TableRow,
        fields::{Choice, Control, Field, Sheet, Values},
        from_day,
    },
    number::tidied,
    page::{self, Asked},
    record::{new_key, today},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::{
    record::How,
    shelf_count::{Counted, Plan, ShelfCount, plan, record},
    views::on_sale::{OnSale, on_sale},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{id::OfficeId, text::Code};
use rust_decimal::Decimal;

/// What is typed of each product, and what it is called.
const TYPED: [(&str, &str); 3] = [
    ("left", "残り"),
    ("lost", "こわれた・捨てた"),
    ("returned", "返す"),
];

async fn goods(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    owner: &str,
) -> Result<Vec<OnSale>, PageError> {
    let all = on_sale(&api.book, visitor.viewer(), office).await?;
    let of_owner = |on: &OnSale| on.owner.as_ref().is_some_and(|of| of.code == owner);
    Ok(all.into_iter().filter(of_owner).collect())
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code, owner): (OfficeId, &Code, &str),
    (values, wrong, key): (&Values, Wrong, String),
) -> Result<MastersPage, PageError> {
    let goods = goods(api, visitor, office, owner).await?;
    let shell = Shell::of_office(api, asked, visitor, office).await?;
    let name = goods
        .iter()
        .find_map(|on| on.owner.as_ref())
        .map(|of| of.name.clone());
    let mut page = MastersPage::new(
        shell,
        &format!("{}のものを数える", name.as_deref().unwrap_or(owner)),
    );
    page.back = Some((format!("/o/{code}/shelf"), "棚(委託)".to_owned()));
    if goods.is_empty() {
        "この事業所のものは、いま棚にありません。".clone_into(&mut page.text);
        return Ok(page);
    }
    let mut fields = vec![from_day(values)];
    if let Some(first) = fields.first_mut() {
        "数えた日".clone_into(&mut first.label);
    }
    // lines of the count are those in which something was typed, in the order of the page as it was shown
    let pairs = values.get("carried").split(' ');
    let named = pairs.filter_map(|pair| Some(pair.split_once('=')?.0));
    let sent: Vec<&str> = named
        .filter(|reference| !values.get(&format!("lines/{reference}/left")).is_empty())
        .collect();
    for on in &goods {
        let there = on.there.normalize().to_string();
        for (what, label) in TYPED {
            let name = format!("lines/{}/{what}", on.reference);
            let label = format!("{} {label}({})", on.product.name, on.unit);
            let mut field = Field::free(&name, &label, Control::Number, values);
            if what == "left" {
                field = field.hint(&format!(
                    "帳簿では {there} {}。何も入れなければ、数えていないことになります。",
                    on.unit
                ));
                let at = sent.iter().position(|reference| *reference == on.reference);
                field.wrong = at
                    .and_then(|at| wrong.of_field(&format!("lines/{at}")))
                    .map(str::to_owned);
            }
            fields.push(field);
        }
    }
    fields.push(Field::free(
        "reason",
        "こわれた・捨てた理由",
        Control::Text,
        values,
    ));
    let there: Vec<String> = goods
        .iter()
        .map(|on| format!("{}={}", on.reference, on.there.normalize()))
        .collect();
    let carried = match values.get("carried") {
        "" => there.join(" "),
        carried => carried.to_owned(),
    };
    let mut sheet = Sheet {
        id: "shelf".to_owned(),
        action: format!("/o/{code}/shelf/of/{owner}"),
        heading: "残っている数を入れる".to_owned(),
        text: "置いた数から、残り・こわれた数・返す数を引いたものが、売れた数になります。".to_owned(),
        key,
        carried,
        fields,
        buttons: vec![
            Choice::new("look", "売れた数を見る"),
            Choice::new("record", "記録する"),
        ],
        ..Sheet::default()
    };
    let of_reason = wrong.of_field("reason").map(str::to_owned);
    if let Some(field) = sheet.fields.iter_mut().find(|field| field.name == "reason") {
        field.wrong = of_reason;
    }
    sheet.wrong = wrong;
    page.sheets.push(sheet);
    Ok(page)
}

/// What is there, to be counted.
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

/// What it comes to, or into the book.
pub async fn save(
    State(api): State<Api>,
    Path((office, owner)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let is_look = form.get("then") != "record";
    let became = counted(&api, &visitor, (office, &code, &owner), &form, is_look).await;
    let (plan, wrong) = match became {
        Ok((_, is_new)) if !is_look => {
            let what = if is_new { What::ShelfCounted } else { What::Already };
            return Ok(page::done(&format!("/o/{code}/shelf"), &Said::new(what)));
        }
        Ok((plan, _)) => (Some(plan), Wrong::default()),
        Err(problem) => (None, Wrong::of(problem)?),
    };
    let values = Values::typed(&form);
    let again = (&values, wrong, form.get("key").to_owned());
    let mut page = page_of(&api, &asked, &visitor, (office, &code, &owner), again).await?;
    page.tables.extend(plan.as_ref().map(sold));
    Ok(page.answer(&asked))
}

fn sold(plan: &Plan) -> Table {
    let rows = plan.lines.iter().map(|line| {
        let number = |number: Decimal| format!("{} {}", number.normalize(), line.unit);
        TableRow {
            cells: vec![
                line.product.name.clone(),
                number(line.there),
                number(line.left),
                number(line.lost),
                number(line.returned),
                number(line.sold),
            ],
            ..TableRow::default()
        }
    });
    Table {
        caption: "売れた数(まだ記録していません)".to_owned(),
        heads: vec!["品目", "帳簿の数", "残り", "こわれた", "返す", "売れた"],
        rows: rows.collect(),
    }
}

async fn counted(
    api: &Api,
    visitor: &Visitor,
    (office, code, owner): (OfficeId, &Code, &str),
    form: &Form,
    is_look: bool,
) -> Result<(Plan, bool), Problem> {
    let wrong = |field: String, sentence: &str| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "malformed", sentence).at(format!("/{field}"))
    };
    let number = |reference: &str, what: &str| match form.typed(&format!("lines/{reference}/{what}")) {
        None => Ok(Decimal::ZERO),
        Some(typed) => tidied(typed).parse::<Decimal>().map_err(|_| {
            wrong(
                "lines/0".to_owned(),
                &format!("「{typed}」は数ではありません。数で入れてください。"),
            )
        }),
    };
    // what the book had when the page was shown
    let mut lines = Vec::new();
    for pair in form.get("carried").split(' ') {
        let Some((reference, there)) = pair.split_once('=') else {
            continue;
        };
        if form.typed(&format!("lines/{reference}/left")).is_none() {
            continue;
        }
        lines.push(Counted {
            product: reference.to_owned(),
            there: there.parse().ok(),
            left: number(reference, "left")?,
            lost: number(reference, "lost")?,
            returned: number(reference, "returned")?,
        });
    }
    if lines.is_empty() {
        let sentence = "残っている数が1つも入っていません。何も残っていないときは 0 と入れてください。";
        return Err(wrong("lines/0".to_owned(), sentence));
    }
    let count = ShelfCount {
        owner: owner.parse().map_err(|_| Problem::not_found())?,
        supplied_on: (form.get("supplied_on").parse()).map_err(|_| {
            wrong(
                "supplied_on".to_owned(),
                "数えた日を、年・月・日で入れてください。",
            )
        })?,
        key: (form.get("key").parse()).map_err(|_| Problem::not_found())?,
        reason: (form.typed("reason").map(str::parse).transpose())
            .map_err(|_| wrong("reason".to_owned(), "理由が長すぎます。短くしてください。"))?,
        lines,
    };
    let plan = plan(&api.book, visitor.viewer(), (office, code), &count).await?;
    let how = if is_look { How::Trial } else { How::AllOrNothing };
    let recorded = record(&api.book, visitor.viewer(), &plan, how).await?;
    let is_new = recorded.is_empty() || recorded.iter().any(|one| one.is_new);
    Ok((plan, is_new))
}
