//! What a label says: a price tag, the tag of a box, or 食品表示 with the fields that the law wants (食品表示基準). It never says
//! that something is free of what nobody has stated.

use crate::papers::until;
use crate::qr::Qr;
use app::{
    office_likes::LabelForm,
    views::{
        label::{LabelAllergens, LabelView},
        paper::Letterhead,
    },
};
use domain::{allergen, masters::FoodLabel, text::Name};

/// A label as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// 食品表示; else a tag.
    pub is_food: bool,
    /// Product.
    pub name: String,
    /// Price with tax.
    pub price: Option<String>,
    /// Office that made it.
    pub maker: String,
    /// 期限: its kind and the date.
    pub until: Option<(&'static str, String)>,
    /// 食品表示: titles and texts.
    pub rows: Vec<(&'static str, String)>,
    /// Outside of 食品表示: the law does not let it say that something may be in it.
    pub notice: Option<String>,
    /// Code of the lot.
    pub lot: String,
    /// QR of the public page.
    pub qr: Option<Qr>,
}

/// A label of a lot in a form. `base` is where the public page is: `https://yokoito.example.jp`.
///
/// # Errors
/// What the law wants and nobody has stated.
pub fn printed(label: &LabelView, form: LabelForm, base: &str) -> Result<Printed, Vec<&'static str>> {
    let until_kind = label.best_before.map(|date| {
        if date.use_by {
            "消費期限"
        } else {
            "賞味期限"
        }
    });
    let date = label.best_before.as_ref().map(until);
    let dated = until_kind.zip(date);
    let mut printed = Printed {
        is_food: form == LabelForm::Food,
        name: label.product.name.clone(),
        price: label
            .price
            .filter(|_| form == LabelForm::Price)
            .map(|yen| yen.to_string()),
        maker: label.maker.office.name.clone(),
        until: dated.clone(),
        rows: Vec::new(),
        notice: None,
        lot: label.lot.clone(),
        qr: Qr::small(&format!("{base}/l/{}", label.public_code)),
    };
    if printed.is_food {
        let food = label.food.clone().unwrap_or_default();
        printed.rows = if food.fresh {
            fresh(label, &food)?
        } else {
            processed(label, &food, dated)?
        };
        printed.notice = notice(&label.allergens);
    }
    Ok(printed)
}

fn text<T: ToString>(text: Option<&T>) -> Option<String> {
    text.map(ToString::to_string)
}

/// 生鮮食品: 名称 and 原産地.
fn fresh(label: &LabelView, food: &FoodLabel) -> Result<Vec<(&'static str, String)>, Vec<&'static str>> {
    let name = text(food.common_name.as_ref()).unwrap_or_else(|| label.product.name.clone());
    let Some(origin) = label.origin.clone() else {
        return Err(vec!["産地(ロットの記録)"]);
    };
    let mut rows = vec![("名称", name), ("原産地", origin)];
    rows.extend(text(food.content.as_ref()).map(|content| ("内容量", content)));
    rows.push(("生産者", maker(&label.maker)));
    Ok(rows)
}

/// 加工食品, in the order of the law's form.
fn processed(
    label: &LabelView,
    food: &FoodLabel,
    dated: Option<(&'static str, String)>,
) -> Result<Vec<(&'static str, String)>, Vec<&'static str>> {
    let mut missing = Vec::new();
    let mut due = |title: &'static str, stated: Option<String>| {
        if stated.is_none() {
            missing.push(title);
        }
        (title, stated.unwrap_or_default())
    };
    let name = text(food.common_name.as_ref()).unwrap_or_else(|| label.product.name.clone());
    let ingredients = text(food.ingredients.as_ref());
    let ingredients = ingredients.map(|stated| stated + &allergens(&label.allergens));
    let mut rows = vec![("名称", name), due("原材料名", ingredients)];
    rows.extend(text(food.additives.as_ref()).map(|additives| ("添加物", additives)));
    rows.push(due("内容量", text(food.content.as_ref())));
    let (kind, date) = dated.map_or(("期限", None), |(kind, date)| (kind, Some(date)));
    rows.push(due(kind, date));
    rows.push(due("保存方法", text(food.storage.as_ref())));
    let place = label.maker.address.as_ref().map(|_| maker(&label.maker));
    let (_, place) = due("製造者の所在地(事業所の登録)", place);
    rows.push(("製造者", place));
    rows.extend(text(food.nutrition.as_ref()).map(|nutrition| ("栄養成分表示", nutrition)));
    if missing.is_empty() {
        Ok(rows)
    } else {
        Err(missing)
    }
}

/// The sentence on allergens behind the ingredients; also that of something nobody has stated it.
fn allergens(allergens: &LabelAllergens) -> String {
    let names = |names: &[Name]| {
        let names: Vec<&str> = names
            .iter()
            .map(|name| allergen::on_label(name.as_str()))
            .collect();
        names.join("・")
    };
    let mut said = String::new();
    if !allergens.contains.is_empty() {
        said = format!("、（一部に{}を含む）", names(&allergens.contains));
    }
    if allergens.unknown {
        said += "【アレルゲンのわからない原材料があります】";
    }
    said
}

fn notice(allergens: &LabelAllergens) -> Option<String> {
    let names: Vec<&str> = allergens.may_contain.iter().map(Name::as_str).collect();
    let said = || format!("本品は、{}を含む製品と同じ設備で作っています。", names.join("・"));
    (!names.is_empty()).then(said)
}

fn maker(maker: &Letterhead) -> String {
    let parts = [
        maker.corporation.as_deref(),
        Some(maker.office.name.as_str()),
        maker.address.as_deref(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::views::names::Named;
    use domain::lot::BestBefore;

    fn names(names: &[&str]) -> Vec<Name> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    fn label() -> LabelView {
        LabelView {
            lot: "KIT-0602-BENTO".to_owned(),
            product: Named::new("aozora/bento", "日替わり弁当"),
            unit: "個".to_owned(),
            maker: Letterhead {
                office: Named::new("aozora", "あおぞらキッチン"),
                corporation: Some("社会福祉法人あおぞら会".to_owned()),
                address: Some("茨城県南野市中央1-2-3".to_owned()),
                phone: None,
            },
            made_on: "2026-06-02".parse().unwrap(),
            best_before: Some(BestBefore {
                day: "2026-06-02".parse().unwrap(),
                hour: Some(19),
                use_by: true,
            }),
            origin: None,
            allergens: LabelAllergens {
                contains: names(&["小麦", "乳", "大豆"]),
                must: names(&["小麦", "乳"]),
                may_contain: Vec::new(),
                unknown: false,
            },
            food: Some(FoodLabel {
                common_name: Some("弁当".parse().unwrap()),
                ingredients: Some("ご飯(米(国産))、鶏肉".parse().unwrap()),
                content: Some("1人前".parse().unwrap()),
                storage: Some("10℃以下で保存".parse().unwrap()),
                ..FoodLabel::default()
            }),
            price: None,
            contested: false,
            public_code: "KIT-0602-BENTO-0123456789abcdef".to_owned(),
        }
    }

    #[test]
    fn a_food_label_has_what_the_law_wants_in_its_order() {
        let printed = printed(&label(), LabelForm::Food, "https://y.example").unwrap();
        let rows: Vec<(&str, &str)> = printed
            .rows
            .iter()
            .map(|(title, text)| (*title, text.as_str()))
            .collect();
        assert_eq!(
            rows,
            [
                ("名称", "弁当"),
                (
                    "原材料名",
                    "ご飯(米(国産))、鶏肉、（一部に小麦・乳成分・大豆を含む）"
                ),
                ("内容量", "1人前"),
                ("消費期限", "2026.6.2 19時"),
                ("保存方法", "10℃以下で保存"),
                (
                    "製造者",
                    "社会福祉法人あおぞら会 あおぞらキッチン 茨城県南野市中央1-2-3"
                ),
            ]
        );
        assert!(printed.notice.is_none() && printed.qr.is_some());
    }

    #[test]
    fn what_is_missing_is_named_and_nothing_is_printed_without_it() {
        let mut bare = label();
        bare.food = None;
        bare.maker.address = None;
        bare.best_before = None;
        let missing = printed(&bare, LabelForm::Food, "").unwrap_err();
        assert_eq!(
            missing,
            [
                "原材料名",
                "内容量",
                "期限",
                "保存方法",
                "製造者の所在地(事業所の登録)"
            ]
        );
        assert!(printed(&bare, LabelForm::Price, "").is_ok());
    }

    #[test]
    fn unknown_is_not_free_and_may_contain_stands_outside() {
        let mut label = label();
        label.allergens = LabelAllergens {
            contains: Vec::new(),
            must: Vec::new(),
            may_contain: names(&["そば"]),
            unknown: true,
        };
        let printed = printed(&label, LabelForm::Food, "").unwrap();
        assert_eq!(
            printed.rows[1].1,
            "ご飯(米(国産))、鶏肉【アレルゲンのわからない原材料があります】"
        );
        assert_eq!(
            printed.notice.as_deref(),
            Some("本品は、そばを含む製品と同じ設備で作っています。")
        );
        label.food = Some(FoodLabel {
            fresh: true,
            ..FoodLabel::default()
        });
        assert_eq!(
            super::printed(&label, LabelForm::Food, "").unwrap_err(),
            ["産地(ロットの記録)"]
        );
        label.origin = Some("茨城県".to_owned());
        let rows = super::printed(&label, LabelForm::Food, "").unwrap().rows;
        assert_eq!(rows[1], ("原産地", "茨城県".to_owned()));
    }
}
