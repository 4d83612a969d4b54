//! Terms as people say them, one line each. What both get is said in yen, never as a bare percent.

use app::views::both::BothView;
use domain::masters::{AgreementKind, AgreementTerms, Bearer, ConsignForm, LossTreatment};
use domain::{commission::CommissionTerms, money::Rounding, tax::PriceBasis};

/// What it is about.
pub const fn about(kind: AgreementKind) -> &'static str {
    match kind {
        AgreementKind::Supply => "納入(つくり手が売り、相手が買う)",
        AgreementKind::Consign => "委託(つくり手の品を、相手が売る)",
        AgreementKind::Internal => "法人内(同じ法人の中で渡す)",
    }
}

/// What the other office is.
pub const fn other(kind: AgreementKind) -> &'static str {
    match kind {
        AgreementKind::Consign => "売り手",
        AgreementKind::Supply | AgreementKind::Internal => "買い手",
    }
}

/// What both get, with what to look at.
pub fn in_yen(both: &BothView) -> Vec<(String, String)> {
    let shares = both.shares.iter().map(|share| share.sentence.clone());
    let shares = shares.map(|sentence| ("取り分".to_owned(), sentence));
    let warnings = both.warnings.iter().cloned();
    shares
        .chain(warnings.map(|warning| ("確かめてください".to_owned(), warning)))
        .collect()
}

const fn bearer(bearer: Bearer) -> &'static str {
    match bearer {
        Bearer::Producer => "つくり手が負担します",
        Bearer::Other => "相手(売り手・買い手)が負担します",
    }
}

const fn rounding(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::Down => "切捨て",
        Rounding::HalfUp => "四捨五入",
        Rounding::Up => "切上げ",
    }
}

fn form(consign: &ConsignForm) -> String {
    match consign {
        ConsignForm::Commission(CommissionTerms {
            base,
            tax,
            rounding: round,
            ..
        }) => {
            let base = match base {
                PriceBasis::Inclusive => "税込みの売上",
                PriceBasis::Exclusive => "税抜きの売上",
            };
            let tax = match tax {
                PriceBasis::Inclusive => "手数料に消費税をふくむ",
                PriceBasis::Exclusive => "手数料に消費税を足す",
            };
            format!(
                "手数料型。期間に1回、{base}から計算({tax}、1円未満は{})",
                rounding(*round)
            )
        }
        ConsignForm::BuyOnSale {
            percent_of_retail: Some(_),
        } => "消化仕入型。売れたときに、売れた値段に応じて売り手が仕入れます".to_owned(),
        ConsignForm::BuyOnSale {
            percent_of_retail: None,
        } => "消化仕入型。売れたときに、品目ごとに決めた仕入値で売り手が仕入れます".to_owned(),
    }
}

/// Closing and pay day: `毎月末に締めて、翌月20日に支払います`.
pub fn paying(terms: &AgreementTerms) -> String {
    let closing = terms
        .closing_day
        .map_or("毎月末".to_owned(), |day| format!("毎月{day}日"));
    let Some(months) = terms.pay_after_months else {
        return format!("{closing}に締めます。支払日は決めていません");
    };
    let month = match months {
        0 => "同じ月の".to_owned(),
        1 => "翌月の".to_owned(),
        2 => "翌々月の".to_owned(),
        months => format!("{months}か月後の"),
    };
    let day = terms.pay_day.map_or("末日".to_owned(), |day| format!("{day}日"));
    format!("{closing}に締めて、{month}{day}に支払います")
}

/// All terms but the yen.
pub fn terms(terms: &AgreementTerms) -> Vec<(String, String)> {
    let mut said = Vec::new();
    let mut say = |name: &str, words: String| said.push((name.to_owned(), words));
    if let Some(consign) = &terms.consign {
        say("売り方", form(consign));
    }
    let discounts = match terms.discount_bearer {
        Bearer::Producer => "つくり手が負担します(売れた値段で、手数料と代金を計算します)",
        Bearer::Other => "売り手が負担します(値段表との差を、売り手が補います)",
    };
    if terms.consign.is_some() {
        say("値引き", discounts.to_owned());
    }
    say("なくなったもの", bearer(terms.loss_bearer).to_owned());
    say(
        "こわれたもの・いたんだもの",
        bearer(terms.bears_breakages()).to_owned(),
    );
    if terms.loss_bearer == Bearer::Other || terms.bears_breakages() == Bearer::Other {
        let treatment = match terms.loss_treatment {
            LossTreatment::Sale => "決めた値段で買ったことにします",
            LossTreatment::Compensation => "弁償金として払います(消費税なし)",
        };
        say("相手が負担するとき", treatment.to_owned());
    }
    say("締めと支払い", paying(terms));
    if let Some(below) = terms.carry_below.filter(|below| !below.is_zero()) {
        say(
            "少ない額",
            format!("支払いが{below}円より少ないときは、次の期間に繰り越します"),
        );
    }
    if terms.intermediary_invoice {
        say(
            "領収書",
            "売り手が自分の名前で出します(媒介者交付特例)".to_owned(),
        );
    }
    if let Some(days) = terms.confirm_days {
        say(
            "数のちがい",
            format!("{days}日のうちに返事がなければ、負担する側のものとして記録します"),
        );
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paying_is_said_in_words() {
        let terms = |text| serde_json::from_str::<AgreementTerms>(text).unwrap();
        assert_eq!(paying(&terms("{}")), "毎月末に締めます。支払日は決めていません");
        assert_eq!(
            paying(&terms(
                r#"{"closing_day": 20, "pay_after_months": 1, "pay_day": 10}"#
            )),
            "毎月20日に締めて、翌月の10日に支払います"
        );
        assert_eq!(
            paying(&terms(r#"{"pay_after_months": 2}"#)),
            "毎月末に締めて、翌々月の末日に支払います"
        );
    }
}
