//! アレルゲン by law: what a label has to name (特定原材料, 食品表示基準 別表第14) and what it should name (特定原材料に準ずるもの,
//! 消費者庁次長通知), with the days from which each is on the list. What people state of their goods is free
//! ([`Allergens`](crate::lot::Allergens)); the list says which of it is a duty, and in which order it is printed.

use crate::{calendar::Day, text::Name};
use std::collections::BTreeSet;

/// How much the law wants an allergen named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Duty {
    /// It has to be named (特定原材料).
    Must,
    /// It was made a duty, and labels of before may still be used up (経過措置).
    MustSoon,
    /// It should be named (準ずるもの).
    Should,
}

/// An allergen on the list, in the days of which it is on it. Days are numbers like 20260401.
struct Listed {
    name: &'static str,
    /// On the list of those that should be named.
    should_from: Option<i32>,
    /// Made a duty.
    must_from: Option<i32>,
    /// The duty binds everybody.
    bound_from: Option<i32>,
    /// Taken off the list.
    until: Option<i32>,
}

const fn must(name: &'static str, from: i32, bound_from: i32) -> Listed {
    Listed {
        name,
        should_from: None,
        must_from: Some(from),
        bound_from: Some(bound_from),
        until: None,
    }
}

const fn should(name: &'static str, from: i32) -> Listed {
    Listed {
        name,
        should_from: Some(from),
        must_from: None,
        bound_from: None,
        until: None,
    }
}

/// In the order of the law's tables.
const LIST: [Listed; 30] = [
    must("えび", 20_080_603, 20_100_604),
    must("かに", 20_080_603, 20_100_604),
    Listed {
        should_from: Some(20_010_401),
        ..must("くるみ", 20_230_309, 20_250_401)
    },
    must("小麦", 20_010_401, 20_020_401),
    must("そば", 20_010_401, 20_020_401),
    must("卵", 20_010_401, 20_020_401),
    must("乳", 20_010_401, 20_020_401),
    must("落花生", 20_010_401, 20_020_401),
    Listed {
        should_from: Some(20_130_920),
        ..must("カシューナッツ", 20_260_401, 20_280_401)
    },
    should("アーモンド", 20_190_919),
    should("あわび", 20_010_401),
    should("いか", 20_010_401),
    should("いくら", 20_010_401),
    should("オレンジ", 20_010_401),
    should("キウイフルーツ", 20_010_401),
    should("牛肉", 20_010_401),
    should("ごま", 20_130_920),
    should("さけ", 20_010_401),
    should("さば", 20_010_401),
    should("大豆", 20_010_401),
    should("鶏肉", 20_010_401),
    should("バナナ", 20_041_227),
    should("ピスタチオ", 20_260_401),
    should("豚肉", 20_010_401),
    should("マカダミアナッツ", 20_240_328),
    Listed {
        until: Some(20_240_328),
        ..should("まつたけ", 20_010_401)
    },
    should("もも", 20_010_401),
    should("やまいも", 20_010_401),
    should("りんご", 20_010_401),
    should("ゼラチン", 20_010_401),
];

impl Listed {
    fn duty_on(&self, day: i32) -> Option<Duty> {
        let since = |from: Option<i32>| from.is_some_and(|from| from <= day);
        if since(self.until) {
            None
        } else if since(self.bound_from) {
            Some(Duty::Must)
        } else if since(self.must_from) {
            Some(Duty::MustSoon)
        } else {
            since(self.should_from).then_some(Duty::Should)
        }
    }
}

/// What the law says of an allergen on a day; none for what is on no list.
pub fn duty(name: &str, day: Day) -> Option<Duty> {
    let listed = LIST.iter().find(|listed| listed.name == name)?;
    listed.duty_on(day.as_number())
}

/// Names that are on the lists of a day, duties first.
pub fn listed(day: Day) -> impl Iterator<Item = (&'static str, Duty)> {
    let all = LIST.iter();
    all.filter_map(move |listed| Some((listed.name, listed.duty_on(day.as_number())?)))
}

/// Stated names in the order in which a label says them: as in the law's tables, then what is on no list.
pub fn in_order(names: &BTreeSet<Name>, day: Day) -> Vec<&Name> {
    let mut ordered: Vec<&Name> = names.iter().collect();
    let place = |name: &Name| {
        let at = listed(day).position(|(listed, _)| listed == name.as_str());
        at.unwrap_or(LIST.len())
    };
    ordered.sort_by_key(|name| place(name));
    ordered
}

/// How a label says it (食品表示基準 別表第14: 乳 is 「乳成分」 where all allergens are named together).
pub fn on_label(name: &str) -> &str {
    if name == "乳" { "乳成分" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(name: &str, day: &str) -> Option<Duty> {
        duty(name, day.parse().unwrap())
    }

    #[test]
    fn what_the_law_wants_named_changes_by_day() {
        assert_eq!(on("カシューナッツ", "2026-03-31"), Some(Duty::Should));
        assert_eq!(on("カシューナッツ", "2026-04-01"), Some(Duty::MustSoon));
        assert_eq!(on("カシューナッツ", "2028-03-31"), Some(Duty::MustSoon));
        assert_eq!(on("カシューナッツ", "2028-04-01"), Some(Duty::Must));
        assert_eq!(on("くるみ", "2025-03-31"), Some(Duty::MustSoon));
        assert_eq!(on("ピスタチオ", "2026-03-31"), None);
        assert_eq!(on("まつたけ", "2026-04-01"), None);
        assert_eq!(on("米", "2026-04-01"), None);
    }

    /// 消費者庁: from 1 April 2026 nine are a duty, twenty are recommended.
    #[test]
    fn nine_are_a_duty_and_twenty_recommended() {
        let day = "2026-04-01".parse().unwrap();
        let count = |wanted: &[Duty]| listed(day).filter(|(_, duty)| wanted.contains(duty)).count();
        assert_eq!(count(&[Duty::Must, Duty::MustSoon]), 9);
        assert_eq!(count(&[Duty::Should]), 20);
    }

    #[test]
    fn a_label_names_duties_first() {
        let names: BTreeSet<Name> = ["よもぎ", "大豆", "乳", "えび"]
            .map(|name| name.parse().unwrap())
            .into();
        let said: Vec<&str> = in_order(&names, "2026-07-01".parse().unwrap())
            .into_iter()
            .map(Name::as_str)
            .collect();
        assert_eq!(said, ["えび", "乳", "大豆", "よもぎ"]);
        assert_eq!(on_label("乳"), "乳成分");
    }
}
