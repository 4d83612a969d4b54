//! Cells of a row as what they say: a product of the office, a quantity, yen. What cannot be read is noted beside the others,
//! so that all that is wrong with a row is told at once.

use super::{
    day::{self, NoDay},
    fields::{Columns, Field, folded},
    wrong::Wrong,
};
use crate::{number, table::Line};
use domain::{
    calendar::Day,
    id::OfficeId,
    masters::{Masters, PUBLIC_CODE, Product},
    money::Yen,
    tax::TaxCategory,
    text::Code,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::{collections::BTreeMap, str::FromStr};

/// Names that are proposed at most.
const PROPOSED: usize = 3;

/// A row that is being read.
pub(super) struct Cells<'a> {
    pub masters: &'a Masters,
    pub office: OfficeId,
    pub named: &'a ByName<'a>,
    pub columns: &'a Columns,
    pub line: &'a Line,
    /// Day of rows that state none.
    pub usual_day: &'a str,
    pub wrong: Vec<Wrong>,
}

/// Products and partners of an office by the names that people write.
pub(super) struct ByName<'a> {
    products: BTreeMap<String, Vec<&'a Product>>,
    /// Names by their readings.
    readings: BTreeMap<String, String>,
    partners: BTreeMap<String, Vec<&'a Code>>,
}

impl<'a> ByName<'a> {
    pub fn new(masters: &'a Masters, office: OfficeId) -> ByName<'a> {
        let (mut products, mut readings) = (BTreeMap::new(), BTreeMap::new());
        for product in masters.products().filter(|product| product.office == office) {
            let Some(facts) = product.facts.latest() else {
                continue;
            };
            let same: &mut Vec<&Product> = products.entry(folded(facts.name.as_str())).or_default();
            same.push(product);
            same.sort_by(|one, other| one.code.cmp(&other.code));
            if let Some(kana) = &facts.kana {
                readings.insert(folded(kana.as_str()), facts.name.to_string());
            }
        }
        let mut partners = BTreeMap::new();
        for partner in masters.partners() {
            let is_known = partner.office.is_none_or(|of| of == office);
            if let Some(facts) = partner.facts.latest().filter(|_| is_known) {
                let same: &mut Vec<&Code> = partners.entry(folded(facts.name.as_str())).or_default();
                same.push(&partner.code);
                same.sort();
                same.dedup();
            }
        }
        ByName {
            products,
            readings,
            partners,
        }
    }
}

impl<'a> Cells<'a> {
    /// What stands in a column; nothing where there is none.
    pub fn text(&self, field: Field) -> &'a str {
        self.columns
            .get(&field)
            .map_or("", |column| self.line.cell(*column))
    }

    /// What stands there, if anything does.
    pub fn typed(&self, field: Field) -> Option<&'a str> {
        Some(self.text(field)).filter(|text| !text.is_empty())
    }

    fn note<T>(&mut self, field: Field, code: &str, sentence: impl Into<String>) -> Option<T> {
        self.wrong.push(Wrong::at(field, code, sentence));
        None
    }

    /// What has to stand there.
    pub fn needed(&mut self, field: Field) -> Option<&'a str> {
        match self.typed(field) {
            Some(text) => Some(text),
            None => self.note(
                field,
                "empty",
                format!("空です。{}を入れてください。", field.heading()),
            ),
        }
    }

    /// A day: the row's own, or that of all rows.
    pub fn day(&mut self) -> Option<Day> {
        let text = self.typed(Field::Day).unwrap_or(self.usual_day);
        self.day_in(Field::Day, text)
    }

    /// A day in some column.
    pub fn day_in(&mut self, field: Field, text: &str) -> Option<Day> {
        match day::read(text) {
            Ok(day) => Some(day),
            Err(NoDay::YearMissing) => {
                let sentence = format!(
                    "『{text}』は、年から日まで書いてありません。2026/11/22 のように、4けたの年から入れてください。"
                );
                self.note(field, "year-missing", sentence)
            }
            Err(NoDay::NotInCalendar) => self.note(
                field,
                "no-such-day",
                format!("『{text}』という日はありません。暦を確かめて、入れ直してください。"),
            ),
            Err(NoDay::NotADay) => self.note(
                field,
                "not-a-day",
                format!(
                    "『{text}』は日付ではありません。2026-11-22 か 令和8年11月22日 のように入れてください。"
                ),
            ),
        }
    }

    /// A number with its unit.
    fn number(&mut self, field: Field, text: &str) -> Option<(String, String)> {
        if let Some(read) = number::split(text) {
            return Some(read);
        }
        let instead = number::of_kanji(text).map_or_else(|| "12".to_owned(), |number| number.to_string());
        let how = if instead == "12" {
            "のように入れてください。"
        } else {
            "と入れてください。"
        };
        self.note(
            field,
            "not-a-number",
            format!("『{text}』は数字ではありません。{instead} {how}"),
        )
    }

    /// A quantity as acts state it: in the unit behind it, or in that of the unit's column.
    pub fn quantity(&mut self, field: Field) -> Option<Value> {
        let text = self.needed(field)?;
        let (amount, unit) = self.number(field, text)?;
        let unit = if unit.is_empty() {
            folded(self.text(Field::Unit))
        } else {
            unit
        };
        Some(if unit.is_empty() {
            json!(amount)
        } else {
            json!({"amount": amount, "unit": unit})
        })
    }

    /// Yen, if any are stated.
    pub fn yen(&mut self, field: Field) -> Option<Yen> {
        let price = self.price(field)?;
        if !price.fract().is_zero() {
            let text = self.text(field);
            return self.note(
                field,
                "yen-not-whole",
                format!("『{text}』は円の端数です。1円単位で入れてください。"),
            );
        }
        let yen: Option<i64> = price.normalize().to_string().parse().ok();
        match yen.and_then(|yen| Yen::try_new(yen).ok()) {
            Some(yen) => Some(yen),
            None => self.note(
                field,
                "amount-too-large",
                "金額が大きすぎます。桁を確かめてください。",
            ),
        }
    }

    /// Yen with a fraction, if any are stated.
    pub fn price(&mut self, field: Field) -> Option<Decimal> {
        let text = self.typed(field)?;
        let (amount, unit) = self.number(field, text)?;
        if !matches!(unit.as_str(), "" | "円") {
            return self.note(
                field,
                "not-yen",
                format!("『{text}』は円の金額ではありません。150 のように入れてください。"),
            );
        }
        match Decimal::from_str(&amount) {
            Ok(amount) => Some(amount),
            Err(_) => self.note(
                field,
                "amount-too-large",
                "金額が大きすぎます。桁を確かめてください。",
            ),
        }
    }

    /// A whole number from nought on, if one is stated.
    pub fn whole(&mut self, field: Field, most: u16) -> Option<u16> {
        let text = self.typed(field)?;
        let (amount, unit) = self.number(field, text)?;
        let read = amount.parse().ok().filter(|read| *read <= most);
        match read.filter(|_| matches!(unit.as_str(), "" | "日" | "桁")) {
            Some(read) => Some(read),
            None => self.note(
                field,
                "out-of-range",
                format!("『{text}』は入れられません。0から{most}までの数字を入れてください。"),
            ),
        }
    }

    /// Yes or no, if it is stated.
    pub fn yes(&mut self, field: Field) -> Option<bool> {
        let text = self.typed(field)?;
        match folded(text).as_str() {
            "はい" | "○" | "◯" | "〇" | "1" | "true" | "yes" | "消費期限" => Some(true),
            "いいえ" | "×" | "0" | "false" | "no" | "賞味期限" | "-" => Some(false),
            _ => self.note(
                field,
                "not-yes-or-no",
                format!("『{text}』は選べません。「はい」か「いいえ」を入れてください。"),
            ),
        }
    }

    /// A tax class, if one is stated.
    pub fn tax(&mut self, field: Field) -> Option<TaxCategory> {
        let text = self.typed(field)?;
        match folded(text).as_str() {
            "軽減" | "軽減税率" | "軽" | "8%" | "8" | "0.08" | "8%(軽減)" | "軽減8%" | "reduced" => {
                Some(TaxCategory::Reduced)
            }
            "標準" | "標準税率" | "10%" | "10" | "0.1" | "standard" => Some(TaxCategory::Standard),
            "非課税" | "non_taxable" => Some(TaxCategory::NonTaxable),
            "対象外" | "不課税" | "課税対象外" | "out_of_scope" => Some(TaxCategory::OutOfScope),
            _ => self.note(
                field,
                "tax-unknown",
                format!("『{text}』は選べません。軽減、標準、非課税、対象外 のどれかを入れてください。"),
            ),
        }
    }

    /// What goods are for, if it is stated.
    pub fn purpose(&mut self) -> Option<&'static str> {
        let text = self.typed(Field::Purpose)?;
        match folded(text).as_str() {
            "材料" | "原材料" | "material" => Some("material"),
            "商品" | "仕入商品" | "merchandise" => Some("merchandise"),
            "消耗品" | "supplies" => Some("supplies"),
            "福祉" | "福祉側" | "給食" | "welfare" => Some("welfare"),
            _ => self.note(
                Field::Purpose,
                "purpose-unknown",
                format!("『{text}』は選べません。材料、商品、消耗品、福祉 のどれかを入れてください。"),
            ),
        }
    }

    /// How it was paid, if it is stated.
    pub fn paid(&mut self, supplier: Option<&Code>) -> Option<Value> {
        let text = self.typed(Field::Paid)?;
        match folded(text).as_str() {
            "現金" | "cash" => Some(json!({"by": "cash"})),
            "預金" | "振込" | "振り込み" | "銀行" | "口座" | "bank" => {
                Some(json!({"by": "bank"}))
            }
            "掛け" | "掛" | "買掛" | "買掛金" | "つけ" | "on_account" => {
                Some(json!({"by": "on_account", "partner": supplier?}))
            }
            _ => self.note(
                Field::Paid,
                "paid-unknown",
                format!("『{text}』は選べません。現金、預金、掛け のどれかを入れてください。"),
            ),
        }
    }

    /// A product of the office, by its code or by its name.
    pub fn product(&mut self) -> Option<&'a Product> {
        let text = self.needed(Field::Product)?;
        let by_code = codes(text).find_map(|code| self.masters.product_by_code(self.office, &code));
        if by_code.is_some() {
            return by_code;
        }
        let wanted = folded(text);
        let named = self.named;
        match named.products.get(&wanted).map_or(&[][..], Vec::as_slice) {
            [product] => Some(product),
            [] => {
                let names = named
                    .products
                    .values()
                    .filter_map(|same| same.first()?.facts.latest());
                let names = names.map(|facts| facts.name.to_string());
                let near = proposed(near(&wanted, names).chain(named.readings.get(&wanted).cloned()));
                let sentence = format!(
                    "『{text}』という品目は台帳にありません。{near}名前を直すか、先に品目を登録してください。"
                );
                self.note(Field::Product, "product-unknown", sentence)
            }
            found => {
                let codes: Vec<&str> = found.iter().map(|product| product.code.as_str()).collect();
                let sentence = format!(
                    "『{text}』という品目は{}つあります。コード({})で入れてください。",
                    found.len(),
                    codes.join("、")
                );
                self.note(Field::Product, "product-ambiguous", sentence)
            }
        }
    }

    /// A partner of the office or of the whole book, by its code or by its name.
    pub fn supplier(&mut self) -> Option<Code> {
        let text = self.needed(Field::Supplier)?;
        let is_known = |code: &Code| {
            code.as_str() == PUBLIC_CODE || self.masters.partner_by_code(Some(self.office), code).is_some()
        };
        if let Some(code) = codes(text).find(is_known) {
            return Some(code);
        }
        let wanted = folded(text);
        let named = self.named;
        match named.partners.get(&wanted).map_or(&[][..], Vec::as_slice) {
            [code] => Some((*code).clone()),
            [] => {
                let near = proposed(near(&wanted, named.partners.keys().cloned()));
                let sentence = format!(
                    "『{text}』という取引先は台帳にありません。{near}名前を直すか、先に取引先を登録してください。"
                );
                self.note(Field::Supplier, "supplier-unknown", sentence)
            }
            found => {
                let codes: Vec<&str> = found.iter().map(|code| code.as_str()).collect();
                let sentence = format!(
                    "『{text}』という取引先は{}つあります。コード({})で入れてください。",
                    found.len(),
                    codes.join("、")
                );
                self.note(Field::Supplier, "supplier-ambiguous", sentence)
            }
        }
    }

    /// A text of the book, if one is stated.
    pub fn parsed<T: FromStr<Err: std::fmt::Display>>(&mut self, field: Field) -> Option<T> {
        let text = self.typed(field)?;
        match text.parse() {
            Ok(parsed) => Some(parsed),
            Err(error) => self.note(field, "text-wrong", format!("『{text}』{error}")),
        }
    }
}

/// A text as a code: as it stands there, and in half-width lower case.
fn codes(text: &str) -> impl Iterator<Item = Code> {
    let texts = [text.to_owned(), folded(text)];
    texts.into_iter().filter_map(|text| text.parse().ok())
}

/// Names that are a part of what was written, or of which it is a part.
fn near(wanted: &str, names: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    names.filter(move |name| {
        let name = folded(name);
        name.contains(wanted) || wanted.contains(&name)
    })
}

/// 「『にんじん』ではありませんか。」
fn proposed(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.dedup();
    names.truncate(PROPOSED);
    if names.is_empty() {
        String::new()
    } else {
        format!("『{}』ではありませんか。", names.join("』『"))
    }
}
