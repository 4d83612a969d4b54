//! From a row to an act.

use super::{
    Intake, Skip,
    cells::{ByName, Cells},
    fields::{Columns, Field, Kind, folded},
    wrong::Wrong,
};
use crate::table::Line;
use domain::{
    acts::{Act, product::Product},
    calendar::Day,
    command::{ActingRef, Command, Head},
    entry::TextRole,
    id::{GroupId, OfficeId},
    masters::{self, Masters},
    money::{Rounding, UnitPrice, Yen},
    quantity::Unit,
    text::{Code, Key, LotCode, Note},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Reason of a count that gives none: a sheet of a stocktake says itself what it is.
const COUNTED: &str = "棚卸";

/// What a row says.
pub(super) enum Reading {
    /// An act; whether it changes something that is known already.
    Act(Box<Command>, bool),
    /// Nothing that would have to be recorded.
    Skip(Skip),
    /// All that is wrong with it.
    Wrong(Vec<Wrong>),
}

/// A reading of all rows.
pub(super) struct Rows<'a> {
    pub masters: &'a Masters,
    pub office: OfficeId,
    pub code: Code,
    pub intake: &'a Intake,
    pub columns: &'a Columns,
    pub group: GroupId,
    named: &'a ByName<'a>,
    /// Rows in which codes of products stood before.
    seen: BTreeMap<Code, u32>,
}

impl<'a> Rows<'a> {
    pub fn new(
        masters: &'a Masters,
        (office, code): (OfficeId, Code),
        intake: &'a Intake,
        columns: &'a Columns,
        (group, named): (GroupId, &'a ByName<'a>),
    ) -> Rows<'a> {
        Rows {
            masters,
            office,
            code,
            intake,
            columns,
            group,
            named,
            seen: BTreeMap::new(),
        }
    }

    pub fn read(&mut self, line: &'a Line) -> Reading {
        let mut cells = Cells {
            masters: self.masters,
            office: self.office,
            named: self.named,
            columns: self.columns,
            line,
            usual_day: &self.intake.day,
            wrong: Vec::new(),
        };
        if is_total(&cells) {
            return Reading::Skip(Skip::Total);
        }
        let kind = self.intake.kind;
        let amount = if kind == Kind::Count {
            Field::Counted
        } else {
            Field::Quantity
        };
        if matches!(kind, Kind::Produce | Kind::Count) && cells.typed(amount).is_none() {
            return Reading::Skip(Skip::NoQuantity);
        }
        let made = match kind {
            Kind::Produce => self.produce(&mut cells).map(|act| (act, false)),
            Kind::Purchase => self.purchase(&mut cells).map(|act| (act, false)),
            Kind::Count => self.count(&mut cells).map(|act| (act, false)),
            Kind::Product => match self.product(&mut cells) {
                Some((_, Change::Same)) if cells.wrong.is_empty() => return Reading::Skip(Skip::Same),
                Some((act, change)) => Some((act, change == Change::Changed)),
                None => None,
            },
        };
        let mut wrong = cells.wrong;
        match made {
            Some((Ok(command), is_change)) if wrong.is_empty() => Reading::Act(Box::new(command), is_change),
            Some((Err(refused), _)) => {
                // the cells told it better
                if wrong.is_empty() {
                    wrong.push(refused);
                }
                Reading::Wrong(wrong)
            }
            _ if wrong.is_empty() => Reading::Wrong(vec![Wrong::row(
                "row-unread",
                "この行を読めません。見出しと列を確かめてください。",
            )]),
            _ => Reading::Wrong(wrong),
        }
    }

    /// Everything that is not a cell of its own, around the act's fields.
    fn command(&self, cells: &Cells<'_>, day: Day, mut fields: Value) -> Result<Command, Wrong> {
        let kind = self.intake.kind;
        if let Value::Object(fields) = &mut fields {
            let mut put = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
            put("kind", kind.name().into());
            put("office", self.code.as_str().into());
            put("key", self.intake.key_of(cells.line.number).into());
            put("supplied_on", day.to_string().into());
            put("group", self.group.to_string().into());
            if let Some(note) = cells.typed(Field::Note) {
                put("note", note.into());
            }
        }
        Command::from_value(fields).map_err(|refusal| Wrong::of(kind, &refusal))
    }

    fn produce(&self, cells: &mut Cells<'_>) -> Option<Result<Command, Wrong>> {
        let (day, product) = (cells.day(), cells.product());
        let (quantity, lot) = (cells.quantity(Field::Quantity), lot(cells, product));
        let line = json!({"product": product?.code, "quantity": quantity?, "lot": lot?});
        Some(self.command(cells, day?, json!({"lines": [line]})))
    }

    fn purchase(&self, cells: &mut Cells<'_>) -> Option<Result<Command, Wrong>> {
        let (day, supplier, product) = (cells.day(), cells.supplier(), cells.product());
        let (quantity, lot) = (cells.quantity(Field::Quantity), lot(cells, product));
        let price = price(cells, product, quantity.as_ref());
        let (purpose, paid) = (cells.purpose(), cells.paid(supplier.as_ref()));
        let mut line = json!({"product": product?.code, "quantity": quantity?, "lot": lot?});
        let (name, value) = price?;
        line[name] = value;
        let mut fields = json!({"supplier": supplier?, "lines": [line]});
        if let Some(purpose) = purpose {
            fields["purpose"] = purpose.into();
        }
        if let Some(paid) = paid {
            fields["paid"] = paid;
        }
        Some(self.command(cells, day?, fields))
    }

    fn count(&self, cells: &mut Cells<'_>) -> Option<Result<Command, Wrong>> {
        let day = cells.day();
        let counted = cells.quantity(Field::Counted);
        let mut line = Map::new();
        if let Some(lot) = cells.typed(Field::Lot) {
            line.insert("lot".to_owned(), lot.into());
        } else {
            let product = cells.product()?;
            line.insert("product".to_owned(), product.code.as_str().into());
        }
        line.insert("counted".to_owned(), counted?);
        let reason = cells.typed(Field::Reason).unwrap_or(COUNTED);
        Some(self.command(cells, day?, json!({"lines": [line], "reason": reason})))
    }

    /// A product with what is stated; what is not stated stays as it was.
    fn product(&mut self, cells: &mut Cells<'_>) -> Option<(Result<Command, Wrong>, Change)> {
        let row = cells.line.number;
        let day = cells.day();
        cells.needed(Field::Code)?;
        let code: Code = cells.parsed(Field::Code)?;
        if let Some(before) = self.seen.insert(code.clone(), row) {
            let sentence = format!("コード『{code}』は{before}行目にもあります。1行にまとめてください。");
            cells.wrong.push(Wrong::at(Field::Code, "code-twice", sentence));
        }
        let day = day?;
        let known = self.masters.product_by_code(self.office, &code);
        let before = known.and_then(|product| as_stated(product, day));
        if before.is_none() {
            for field in [Field::Name, Field::Unit, Field::Tax] {
                cells.needed(field);
            }
        }
        let unit = unit(cells, before.as_ref().map(|before| &before.unit));
        let of = before.as_ref();
        let stated = Product {
            name: cells.parsed(Field::Name).or_else(|| Some(of?.name.clone()))?,
            kana: cells.parsed(Field::Kana).or_else(|| of?.kana.clone()),
            unit: unit?,
            tax: cells.tax(Field::Tax).or_else(|| Some(of?.tax))?,
            modes: of.map_or_else(BTreeMap::new, |before| before.modes.clone()),
            allergens: of.and_then(|before| before.allergens.clone()),
            keeps_days: cells.whole(Field::KeepsDays, 3_650).or_else(|| of?.keeps_days),
            use_by: cells
                .yes(Field::UseBy)
                .or_else(|| Some(of?.use_by))
                .unwrap_or_default(),
            work: cells.parsed(Field::Work).or_else(|| of?.work.clone()),
            label: of.and_then(|before| before.label.clone()),
            code,
        };
        let change = match before {
            None => Change::New,
            Some(before) if before == stated => Change::Same,
            Some(_) => Change::Changed,
        };
        Some((self.stated(cells, day, stated), change))
    }

    fn stated(&self, cells: &Cells<'_>, day: Day, product: Product) -> Result<Command, Wrong> {
        let key: Result<Key, _> = self.intake.key_of(cells.line.number).parse();
        let note = cells.typed(Field::Note).map(str::parse::<Note>).transpose();
        let wrong = |error: &dyn std::fmt::Display| Wrong::row("text-wrong", error.to_string());
        Ok(Command {
            head: Head {
                acting: ActingRef::Office(self.code.clone()),
                key: key.map_err(|error| wrong(&error))?,
                supplied_on: day,
                group: Some(self.group),
                texts: note
                    .map_err(|error| wrong(&error))?
                    .map(|note| (TextRole::Note, note))
                    .into_iter()
                    .collect(),
                evidence: Vec::new(),
            },
            act: Act::Product(Box::new(product)),
        })
    }
}

/// What a row does to a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    New,
    Same,
    Changed,
}

/// A line that only adds the others up.
fn is_total(cells: &Cells<'_>) -> bool {
    let first = cells.line.cells.iter().find(|cell| !cell.trim().is_empty());
    let named = [Some(cells.text(Field::Product)), first.map(String::as_str)];
    let is_sum = |text: &str| matches!(folded(text).as_str(), "合計" | "小計" | "総計" | "計" | "total");
    named.into_iter().flatten().any(is_sum)
}

/// Facts of a new lot; none where one of them cannot be read.
fn lot(cells: &mut Cells<'_>, product: Option<&masters::Product>) -> Option<Value> {
    let mut lot = Map::new();
    let mut is_sound = true;
    if cells.typed(Field::Lot).is_some() {
        match cells.parsed::<LotCode>(Field::Lot) {
            Some(code) => drop(lot.insert("code".to_owned(), code.as_ref().into())),
            None => is_sound = false,
        }
    }
    if let Some(text) = cells.typed(Field::BestBefore) {
        let use_by = product
            .and_then(|product| product.facts.latest())
            .is_some_and(|facts| facts.use_by);
        match cells.day_in(Field::BestBefore, text) {
            Some(day) => drop(lot.insert("best_before".to_owned(), json!({"day": day, "use_by": use_by}))),
            None => is_sound = false,
        }
    }
    if let Some(origin) = cells.typed(Field::Origin) {
        lot.insert("origin".to_owned(), origin.into());
    }
    is_sound.then_some(Value::Object(lot))
}

/// What a purchased line cost: its amount, else its unit price. Where both are stated they have to agree to the yen, however it
/// was rounded.
fn price(
    cells: &mut Cells<'_>,
    product: Option<&masters::Product>,
    quantity: Option<&Value>,
) -> Option<(&'static str, Value)> {
    let had = cells.wrong.len();
    let (amount, price) = (cells.yen(Field::Amount), cells.price(Field::UnitPrice));
    if cells.wrong.len() > had {
        return None;
    }
    let price = match price.map(UnitPrice::try_new).transpose() {
        Ok(price) => price,
        Err(error) => {
            cells
                .wrong
                .push(Wrong::at(Field::UnitPrice, "price-wrong", error.to_string()));
            return None;
        }
    };
    match (amount, price) {
        (None, None) => {
            let sentence = "単価も金額も空です。どちらかを入れてください。";
            cells
                .wrong
                .push(Wrong::at(Field::Amount, "price-missing", sentence));
            None
        }
        (None, Some(price)) => Some(("unit_price", price.get().to_string().into())),
        (Some(amount), None) => Some(("amount", amount.get().into())),
        (Some(amount), Some(price)) => {
            let full = product.zip(quantity).and_then(|(product, stated)| {
                let stated = serde_json::from_value(stated.clone()).ok()?;
                let quantity = product.unit.decimal(product.unit.read(&stated).ok()?.get());
                quantity.checked_mul(price.get())
            });
            let agrees = |rounding: Rounding| full.and_then(|full| rounding.round(full).ok()) == Some(amount);
            let is_sound = full.is_none()
                || [Rounding::Down, Rounding::HalfUp, Rounding::Up]
                    .into_iter()
                    .any(agrees);
            if is_sound {
                return Some(("amount", amount.get().into()));
            }
            let product = full
                .and_then(|full| Rounding::HalfUp.round(full).ok())
                .map_or(0, Yen::get);
            let sentence = format!(
                "単価×数量は{product}円で、金額の{}円とちがいます。どれかを直してください。",
                amount.get()
            );
            cells
                .wrong
                .push(Wrong::at(Field::Amount, "amounts-do-not-add-up", sentence));
            None
        }
    }
}

/// The unit: as it is known, or as it is stated, weights and volumes to the gram and millilitre.
fn unit(cells: &mut Cells<'_>, known: Option<&Unit>) -> Option<Unit> {
    let name = cells.typed(Field::Unit).map(folded);
    let decimals = cells
        .whole(Field::Decimals, 6)
        .and_then(|decimals| u8::try_from(decimals).ok());
    let usual = |name: &str| if matches!(name, "kg" | "l" | "ℓ") { 3 } else { 0 };
    match (known, name) {
        // another unit, or other decimals, is refused by the rules: they are fixed for ever
        (Some(known), name) => Some(Unit {
            name: name
                .filter(|name| *name != folded(&known.name))
                .unwrap_or_else(|| known.name.clone()),
            decimals: decimals.unwrap_or(known.decimals),
            packs: known.packs.clone(),
        }),
        (None, Some(name)) => Some(Unit {
            decimals: decimals.unwrap_or_else(|| usual(&name)),
            name,
            packs: Vec::new(),
        }),
        (None, None) => None,
    }
}

/// A known product as an act would state it on a day.
fn as_stated(product: &masters::Product, day: Day) -> Option<Product> {
    let facts = product.facts.on_or_first(day)?;
    Some(Product {
        code: product.code.clone(),
        name: facts.name.clone(),
        kana: facts.kana.clone(),
        unit: product.unit.clone(),
        tax: facts.tax,
        modes: facts.modes.clone(),
        allergens: Some(facts.allergens.clone()),
        keeps_days: facts.keeps_days,
        use_by: facts.use_by,
        work: facts.work.clone(),
        label: facts.label.clone(),
    })
}
