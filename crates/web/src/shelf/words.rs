//! What the pages of the shelf say: how long goods keep, and who bears what, in yen.

use crate::{masters::day, stock::Keeps};
use domain::{
    acts::Act,
    calendar::Day,
    lot::BestBefore,
    masters::{Bearer, LossTreatment},
    money::Yen,
    quantity::StatedQuantity,
    shelf::Lost,
    tax::PriceBasis,
    text::LotCode,
};

/// Days before the last good one in which goods are marked.
const NEAR: u64 = 3;

/// The last good day, with a word where it is over or near.
pub fn until(best_before: Option<BestBefore>, today: Day) -> String {
    let Some(until) = best_before else {
        return "なし".to_owned();
    };
    let hour = until.hour.map_or(String::new(), |hour| format!("{hour}時"));
    let mark = match Keeps::of(best_before, today) {
        Keeps::Yet if is_near(best_before, today) => "もうすぐ期限",
        keeps => keeps.words(),
    };
    let told = format!("{}{hour} {mark}", day(until.day));
    told.trim_end().to_owned()
}

/// Whether goods are over, or have only a few days left.
pub fn is_near(best_before: Option<BestBefore>, today: Day) -> bool {
    best_before.is_some_and(|until| today.days_later(NEAR).is_none_or(|near| until.day <= near))
}

/// Who bears what is lost, and what that comes to.
pub fn lost(lost: Option<&Lost>, owner: &str) -> String {
    match lost {
        None => "委託の取り決めがないので、捨てることは記録できません。持ち主に返してください。".to_owned(),
        Some(Lost::ToProducer) => format!("つくり手({owner})がもちます。お金は動きません。"),
        Some(Lost::ToShop { owed: None, .. }) => format!(
            "この店がもちます。いくらになるかは、値段が決まっていないのでわかりません。{owner}に値段を登録してもらってください。"
        ),
        Some(Lost::ToShop {
            treatment,
            owed: Some((yen, basis)),
        }) => {
            let how = match (treatment, basis) {
                (LossTreatment::Compensation, _) => "弁償金として(消費税なし)",
                (LossTreatment::Sale, PriceBasis::Inclusive) => "売れたものとして(税込み)",
                (LossTreatment::Sale, PriceBasis::Exclusive) => "売れたものとして(税は別)",
            };
            format!("この店がもちます。{yen}円を、{how}、{owner}に払うことになります。")
        }
    }
}

/// Who bears a discount, before it is known how much it is.
pub fn discounts(bearer: Bearer, owner: &str) -> String {
    match bearer {
        Bearer::Producer => format!(
            "値引き分は、つくり手({owner})がもちます。手数料も代金も、お客さまが払った額から計算します。"
        ),
        Bearer::Other => {
            format!("値引き分は、この店がもちます。値段表との差を、{owner}に払うことになります。")
        }
    }
}

/// The same with its yen.
pub fn discount(off: Option<Yen>, bearer: Bearer, owner: &str) -> String {
    match (off, bearer) {
        (None, _) => "値引きはありません。".to_owned(),
        (Some(off), Bearer::Producer) => format!("値引き分 {off}円は、つくり手({owner})がもちます。"),
        (Some(off), Bearer::Other) => {
            format!("値引き分 {off}円は、この店がもちます。{owner}に払うことになります。")
        }
    }
}

/// Lots of a return or a loss, each with its number.
pub fn lots(act: &Act) -> String {
    let told = |lot: Option<&LotCode>, quantity: &StatedQuantity| {
        let unit = quantity.unit.as_deref().unwrap_or_default();
        let lot = lot.map_or(String::new(), |lot| format!("{lot} "));
        format!("{lot}{}{unit}", quantity.amount.normalize())
    };
    let all: Vec<String> = match act {
        Act::GiveBack(act) => (act.lines.iter())
            .map(|line| told(line.lot.as_ref(), &line.quantity))
            .collect(),
        Act::Dispose(act) => (act.lines.iter())
            .map(|line| told(line.lot.as_ref(), &line.quantity))
            .collect(),
        _ => Vec::new(),
    };
    all.join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_marked_with_its_day() {
        let today: Day = "2026-07-10".parse().unwrap();
        let said = |day: &str| {
            let day = day.parse().unwrap();
            let until_day = BestBefore {
                day,
                hour: None,
                use_by: false,
            };
            until(Some(until_day), today)
        };
        assert_eq!(said("2026-07-09"), "2026年7月9日 期限切れ");
        assert_eq!(said("2026-07-10"), "2026年7月10日 今日まで");
        assert_eq!(said("2026-07-11"), "2026年7月11日 明日まで");
        assert_eq!(said("2026-07-13"), "2026年7月13日 もうすぐ期限");
        assert_eq!(said("2026-07-14"), "2026年7月14日");
        assert_eq!(until(None, today), "なし");
    }

    #[test]
    fn who_bears_it_is_said_in_yen() {
        let shop = Lost::ToShop {
            treatment: LossTreatment::Sale,
            owed: Some((Yen::new(11_000), PriceBasis::Inclusive)),
        };
        assert_eq!(
            lost(Some(&shop), "A農園"),
            "この店がもちます。11,000円を、売れたものとして(税込み)、A農園に払うことになります。"
        );
        assert_eq!(
            discount(Some(Yen::new(550)), Bearer::Producer, "A農園"),
            "値引き分 550円は、つくり手(A農園)がもちます。"
        );
    }
}
