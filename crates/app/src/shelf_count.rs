//! 棚の数え: what is left on the shelf says what was sold: placed − left − returned − lost = sold. The sales, the loss and the
//! return are recorded in one group, all or nothing.

use crate::{
    Book, groups,
    record::{How, NotRecorded, Recorded, many},
    viewer::Viewer,
    views::{
        ViewError,
        names::{self, Named},
        on_sale::{OnSale, on_sale},
    },
    writer::Unaccepted,
};
use domain::{
    calendar::{Day, business_day},
    command::Command,
    id::{GroupId, OfficeId},
    text::{Code, Key, Note},
};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Largest number of a line; so no sum of a few leaves the range of decimals.
const MOST: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);

/// A count of one owner's goods on the shelf of an office.
#[derive(Clone, Debug)]
pub struct ShelfCount {
    /// Whose goods.
    pub owner: Code,
    /// Day of the count.
    pub supplied_on: Day,
    /// Sent again under the same key it is recorded once.
    pub key: Key,
    /// Why something was lost.
    pub reason: Option<Note>,
    /// What was counted. A product that is not named was not counted.
    pub lines: Vec<Counted>,
}

/// A product on the shelf.
#[derive(Clone, Debug)]
pub struct Counted {
    /// As an act names it.
    pub product: String,
    /// What the book had when it was counted; what it has now when missing.
    pub there: Option<Decimal>,
    /// What is left.
    pub left: Decimal,
    /// What was lost, broken or spoiled.
    pub lost: Decimal,
    /// What goes back to its owner.
    pub returned: Decimal,
}

/// A product, with what follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountedLine {
    /// Product.
    pub product: Named,
    /// What the book had.
    pub there: Decimal,
    /// What is left.
    pub left: Decimal,
    /// What was lost.
    pub lost: Decimal,
    /// What goes back.
    pub returned: Decimal,
    /// What was sold: all that is not there and not accounted for.
    pub sold: Decimal,
    /// Unit.
    pub unit: String,
}

/// What a count comes to.
#[derive(Clone, Debug)]
pub struct Plan {
    /// By product.
    pub lines: Vec<CountedLine>,
    /// Number of the group.
    pub group: GroupId,
    acts: Vec<Value>,
    /// Lines counted against another number than the book has now.
    stale: Vec<usize>,
}

/// Why a count comes to nothing.
#[derive(Debug)]
pub enum NotCounted {
    /// What is wrong with a line, by its place, or with the whole.
    Wrong(Option<usize>, &'static str, String),
    /// The book could not be read.
    View(ViewError),
    /// The writer takes nothing now.
    Unaccepted(Unaccepted),
    /// One of its acts is refused; nothing is recorded.
    NotRecorded(Box<NotRecorded>),
}

impl From<ViewError> for NotCounted {
    fn from(error: ViewError) -> NotCounted {
        NotCounted::View(error)
    }
}

/// Works out the sales. Records nothing.
///
/// # Errors
/// [`NotCounted`].
pub async fn plan(
    book: &Book,
    viewer: &Viewer,
    (office, code): (OfficeId, &Code),
    count: &ShelfCount,
) -> Result<Plan, NotCounted> {
    let all = on_sale(book, viewer, office).await?;
    let here: Vec<&OnSale> = all
        .iter()
        .filter(|on| {
            on.owner
                .as_ref()
                .is_some_and(|owner| owner.code == count.owner.as_str())
        })
        .collect();
    let mut plan = Plan {
        lines: Vec::new(),
        group: groups::named(office, count.key.as_ref()),
        acts: Vec::new(),
        stale: Vec::new(),
    };
    for (n, line) in count.lines.iter().enumerate() {
        let wrong = |code, sentence| Err(NotCounted::Wrong(Some(n), code, sentence));
        let on = match here.iter().find(|on| on.reference == line.product) {
            Some(on) => Some((on.product.clone(), on.there, on.unit.clone())),
            // all of it is gone by now, as when the same is sent again
            None if line.there.is_some() => gone(book, viewer, &line.product).await?,
            None => None,
        };
        let Some((product, now, unit)) = on else {
            let sentence = format!(
                "「{}」は、いま棚にありません。持ち主と品目を確かめてください。置いてあるなら、持ち主に「置きに行く」で記録してもらってください。",
                line.product
            );
            return wrong("not-on-shelf", sentence);
        };
        let there = line.there.unwrap_or(now);
        if there != now {
            plan.stale.push(n);
        }
        let counted = [line.left, line.lost, line.returned];
        if counted
            .iter()
            .chain([&there])
            .any(|number| *number < Decimal::ZERO || *number > MOST)
        {
            return wrong("count-wrong", "数は0以上、1兆までにしてください。".to_owned());
        }
        let accounted: Decimal = counted.iter().sum();
        let sold = there - accounted;
        if sold < Decimal::ZERO {
            let (there, accounted) = (there.normalize(), accounted.normalize());
            let sentence = format!(
                "帳簿では{there}{unit}なのに、残り・こわれた・返すを合わせると{accounted}{unit}です。数え直してください。多く届いていたなら、持ち主に「置きに行く」で足してもらってください。"
            );
            return wrong("more-than-placed", sentence);
        }
        plan.lines.push(CountedLine {
            product,
            there,
            left: line.left,
            lost: line.lost,
            returned: line.returned,
            sold,
            unit,
        });
    }
    if plan.lines.iter().any(|line| !line.lost.is_zero()) && count.reason.is_none() {
        let sentence = "こわれたもの・捨てたものがあるときは、理由を書いてください。".to_owned();
        return Err(NotCounted::Wrong(None, "reason-needed", sentence));
    }
    plan.acts = acts(code, count, &plan);
    Ok(plan)
}

/// A product that the viewer knows and of which nothing lies here.
async fn gone(
    book: &Book,
    viewer: &Viewer,
    reference: &str,
) -> Result<Option<(Named, Decimal, String)>, ViewError> {
    let moment = book.moment().await?;
    let (masters, today) = (&moment.masters, business_day(book.outside().clock.now()));
    let gate = viewer.gate(masters);
    let product = reference.split_once('/').and_then(|(office, code)| {
        let office = masters.office_by_code(&office.parse().ok()?)?;
        masters.product_by_code(office.id, &code.parse().ok()?)
    });
    let known = product.filter(|product| gate.knows_product(product, today));
    Ok(known.map(|product| {
        let named = names::product(masters, product, today);
        (named, Decimal::ZERO, product.unit.name.clone())
    }))
}

fn acts(office: &Code, count: &ShelfCount, plan: &Plan) -> Vec<Value> {
    let act = |kind: &str, mut fields: Value, lines: Vec<Value>| {
        fields["kind"] = kind.into();
        fields["office"] = office.as_str().into();
        fields["key"] = format!("{}-{kind}", count.key.as_ref()).into();
        fields["supplied_on"] = json!(count.supplied_on);
        fields["group"] = json!(plan.group);
        fields["lines"] = lines.into();
        fields
    };
    let lines = |of: fn(&CountedLine) -> Decimal| {
        let some = plan.lines.iter().filter(|line| !of(line).is_zero());
        some.map(|line| json!({"product": line.product.code, "quantity": of(line).normalize().to_string()}))
            .collect::<Vec<Value>>()
    };
    let mut sold = lines(|line| line.sold);
    for line in &mut sold {
        line["owner"] = count.owner.as_str().into();
    }
    let owner = count.owner.as_str();
    let mut lost = json!({"shelf_of": owner});
    if let Some(reason) = &count.reason {
        lost["reason"] = json!(reason);
    }
    let all = [
        act("sell", json!({}), sold),
        act("return", json!({"owner": owner}), lines(|line| line.returned)),
        act("dispose", lost, lines(|line| line.lost)),
    ];
    let is_some = |act: &Value| act["lines"].as_array().is_some_and(|lines| !lines.is_empty());
    all.into_iter().filter(is_some).collect()
}

/// Tries a plan out, or records it. Sent again it is found, whatever lies on the shelf by then.
///
/// # Errors
/// [`NotCounted`].
pub async fn record(
    book: &Book,
    viewer: &Viewer,
    plan: &Plan,
    how: How,
) -> Result<Vec<Recorded>, NotCounted> {
    let commands = || plan.acts.iter().cloned().map(Command::from_value).collect();
    let trial = many(book, viewer, commands(), How::Trial).await;
    let trial = trial.map_err(NotCounted::Unaccepted)?;
    let is_there = !trial.is_empty() && trial.iter().all(|one| matches!(one, Ok(there) if !there.is_new));
    if let (Some(n), false) = (plan.stale.first(), is_there) {
        let sentence =
            "数えているあいだに、帳簿の数が変わりました。ページを開き直して、いまの数で見てください。";
        return Err(NotCounted::Wrong(Some(*n), "shelf-changed", sentence.to_owned()));
    }
    let became = if how == How::Trial {
        trial
    } else {
        let recorded = many(book, viewer, commands(), how).await;
        recorded.map_err(NotCounted::Unaccepted)?
    };
    // the one that is wrong, not those that were left out because of it
    let mut recorded = Vec::new();
    let mut others = None;
    for one in became {
        match one {
            Ok(one) => recorded.push(one),
            Err(NotRecorded::WithOthers) => others = Some(NotRecorded::WithOthers),
            Err(error) => return Err(NotCounted::NotRecorded(Box::new(error))),
        }
    }
    match others {
        Some(error) => Err(NotCounted::NotRecorded(Box::new(error))),
        None => Ok(recorded),
    }
}
