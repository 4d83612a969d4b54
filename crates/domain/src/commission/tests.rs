use super::*;
use crate::tax::TaxCategory;
use proptest::prelude::*;
use std::collections::BTreeMap;

const FOOD: TaxRate = TaxRate {
    category: TaxCategory::Reduced,
    percent: 8,
};
const CRAFT: TaxRate = TaxRate {
    category: TaxCategory::Standard,
    percent: 10,
};

fn percent(text: &str) -> Percent {
    Percent::try_new(text.parse().unwrap()).unwrap()
}

fn terms(charge: Charge) -> CommissionTerms {
    CommissionTerms {
        charge,
        minimum: None,
        base: PriceBasis::Inclusive,
        tax: PriceBasis::Inclusive,
        rounding: Rounding::Down,
    }
}

fn sales(gross: &[(TaxRate, i64)]) -> PeriodSales {
    let gross = gross.iter().map(|(rate, yen)| (*rate, Yen::new(*yen))).collect();
    PeriodSales {
        gross,
        units: Decimal::ZERO,
    }
}

fn amount(sales: &PeriodSales, terms: &CommissionTerms) -> i64 {
    commission_of_period(sales, terms, 10).unwrap().amount.get()
}

#[derive(Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    commission_percent: u32,
    sales: Vec<Sale>,
    gross: BTreeMap<String, Yen>,
    tax_within: BTreeMap<String, Yen>,
    commission: Yen,
    tax_within_commission: Yen,
    pay_to_producer: Yen,
}

#[derive(Deserialize)]
struct Sale {
    rate: u8,
    unit_price: i64,
    quantity: i64,
}

#[test]
fn golden_settlements() {
    let golden: Golden =
        serde_json::from_str(include_str!("../../../../tests/golden/consignment.json")).unwrap();
    assert_eq!(golden.cases.len(), 2);
    for case in golden.cases {
        let rate = |percent| if percent == 8 { FOOD } else { CRAFT };
        let lines: Vec<_> = case
            .sales
            .iter()
            .map(|s| (rate(s.rate), s.unit_price * s.quantity))
            .collect();
        let sales = sales(&lines);

        let sums =
            DocumentTax::of(sales.gross.iter().copied(), PriceBasis::Inclusive, Rounding::Down).unwrap();
        let by_rate = |of: fn(&crate::tax::RateTotal) -> Yen| -> BTreeMap<String, Yen> {
            sums.rates()
                .iter()
                .map(|total| (total.rate.percent.to_string(), of(total)))
                .collect()
        };
        assert_eq!(by_rate(|total| total.gross), case.gross);
        assert_eq!(by_rate(|total| total.tax), case.tax_within);

        let terms = terms(Charge::Percent(percent(&case.commission_percent.to_string())));
        let commission = commission_of_period(&sales, &terms, 10).unwrap();
        assert_eq!(commission.amount, case.commission);
        assert_eq!(commission.tax_within, case.tax_within_commission);
        assert_eq!(
            sums.gross().unwrap().checked_sub(commission.amount),
            Ok(case.pay_to_producer)
        );
    }
}

#[test]
fn a_period_is_not_the_sum_of_its_sales() {
    #[derive(Deserialize)]
    struct Period {
        per_period: i64,
        per_sale_would_be: i64,
    }
    let golden: Period =
        serde_json::from_str(include_str!("../../../../tests/golden/commission_period.json")).unwrap();
    let terms = terms(Charge::Percent(percent("15")));
    assert_eq!(amount(&sales(&[(FOOD, 330); 9]), &terms), golden.per_period);
    assert_eq!(
        9 * amount(&sales(&[(FOOD, 330)]), &terms),
        golden.per_sale_would_be
    );
}

#[test]
fn fifteen_percent_of_sales_without_tax_plus_tax() {
    // 31,000 − 1,481 − 1,000 = 28,519; × 15 % = 4,277.85 → 4,277; tax 427.7 → 427
    let terms = CommissionTerms {
        base: PriceBasis::Exclusive,
        tax: PriceBasis::Exclusive,
        ..terms(Charge::Percent(percent("15")))
    };
    let commission = commission_of_period(&sales(&[(FOOD, 20_000), (CRAFT, 11_000)]), &terms, 10).unwrap();
    assert_eq!(
        commission,
        Commission {
            base: Yen::new(28_519),
            percent: Some(percent("15")),
            amount: Yen::new(4_704),
            tax_within: Yen::new(427),
        }
    );
}

#[test]
fn the_tier_reached_holds_for_the_whole_base() {
    let tier = |from, text| Tier {
        from: Yen::new(from),
        percent: percent(text),
    };
    let tiers = Tiers::try_new(vec![tier(0, "20"), tier(100_000, "15"), tier(500_000, "12.5")]).unwrap();
    let terms = terms(Charge::Tiers(tiers));
    assert_eq!(amount(&sales(&[(FOOD, 99_999)]), &terms), 19_999);
    assert_eq!(amount(&sales(&[(FOOD, 100_000)]), &terms), 15_000);
    assert_eq!(
        amount(&sales(&[(FOOD, 300_000), (CRAFT, 300_000)]), &terms),
        75_000
    );
    assert_eq!(amount(&sales(&[(FOOD, -1_000)]), &terms), -200);
    for bad in [
        vec![],
        vec![tier(1, "20")],
        vec![tier(0, "20"), tier(0, "15")],
        vec![tier(0, "20"), tier(9, "15"), tier(5, "1")],
    ] {
        assert_eq!(Tiers::try_new(bad), Err(TiersError));
    }
}

#[test]
fn a_fixed_sum_per_unit_ignores_prices() {
    let each = UnitPrice::try_new("5.5".parse().unwrap()).unwrap();
    let terms = terms(Charge::PerUnit(each));
    // 5.5 × 7 = 38.5 → 38, of which 38 × 10/110 = 3.45 → 3
    let sales = PeriodSales {
        units: Decimal::from(7),
        ..sales(&[(FOOD, 99_999)])
    };
    let commission = commission_of_period(&sales, &terms, 10).unwrap();
    assert_eq!(
        (commission.amount, commission.tax_within, commission.percent),
        (Yen::new(38), Yen::new(3), None)
    );
    let huge = PeriodSales {
        units: Decimal::MAX,
        ..sales
    };
    assert_eq!(commission_of_period(&huge, &terms, 10), Err(YenOverflow));
}

#[test]
fn the_minimum_is_in_the_tax_mode_of_the_charge() {
    let inclusive = CommissionTerms {
        minimum: Some(Yen::new(1_100)),
        ..terms(Charge::Percent(percent("15")))
    };
    let exclusive = CommissionTerms {
        tax: PriceBasis::Exclusive,
        ..inclusive.clone()
    };
    let little = sales(&[(FOOD, 7_333)]); // 1,099.95 → 1,099
    let commission = commission_of_period(&little, &inclusive, 10).unwrap();
    assert_eq!(
        (commission.amount, commission.tax_within),
        (Yen::new(1_100), Yen::new(100))
    );
    assert_eq!(amount(&little, &exclusive), 1_210);
    assert_eq!(amount(&sales(&[]), &inclusive), 1_100);
    assert_eq!(amount(&sales(&[(FOOD, 8_000)]), &inclusive), 1_200);
}

#[test]
fn rounding_is_the_agreements() {
    // 333 × 12.5 % = 41.625
    for (rounding, expected) in [(Rounding::Down, 41), (Rounding::HalfUp, 42), (Rounding::Up, 42)] {
        let terms = CommissionTerms {
            rounding,
            ..terms(Charge::Percent(percent("12.5")))
        };
        assert_eq!(amount(&sales(&[(FOOD, 333)]), &terms), expected);
        assert_eq!(amount(&sales(&[(FOOD, -333)]), &terms), -expected);
    }
}

#[test]
fn terms_are_parsed_at_the_border() {
    let text = r#"{"charge":{"tiers":[{"from":0,"percent":"20"},{"from":100000,"percent":"12.5"}]},"minimum":500,"base":"inclusive","tax":"exclusive","rounding":"half_up"}"#;
    let parsed: CommissionTerms = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&parsed).unwrap(), text);

    let short = r#"{"charge":{"percent":"15.00"},"base":"inclusive","tax":"inclusive"}"#;
    let parsed: CommissionTerms = serde_json::from_str(short).unwrap();
    assert_eq!(parsed, terms(Charge::Percent(percent("15"))));

    for bad in [
        r#"{"charge":{"percent":15},"base":"inclusive","tax":"inclusive"}"#,
        r#"{"charge":{"percent":"-1"},"base":"inclusive","tax":"inclusive"}"#,
        r#"{"charge":{"percent":"100.1"},"base":"inclusive","tax":"inclusive"}"#,
        r#"{"charge":{"percent":"1.00001"},"base":"inclusive","tax":"inclusive"}"#,
        r#"{"charge":{"tiers":[]},"base":"inclusive","tax":"inclusive"}"#,
        r#"{"charge":{"percent":"15"},"minimum":-1,"base":"inclusive","tax":"inclusive"}"#,
        r#"{"charge":{"percent":"15"},"base":"inclusive","tax":"inclusive","cap":1}"#,
        r#"{"charge":{"percent":"15"},"base":"inclusive"}"#,
    ] {
        assert!(serde_json::from_str::<CommissionTerms>(bad).is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn commission_stays_within_what_was_sold(
        yen in prop::collection::vec((any::<bool>(), 0..1_000_000_i64), 0..20),
        share in 0..=1_000_000_i64,
    ) {
        let lines: Vec<_> = yen.iter().map(|(food, yen)| (if *food { FOOD } else { CRAFT }, *yen)).collect();
        let period = sales(&lines);
        let terms = terms(Charge::Percent(Percent::try_new(Decimal::new(share, 4)).unwrap()));
        let commission = commission_of_period(&period, &terms, 10).unwrap();
        let gross: i64 = yen.iter().map(|(_, yen)| yen).sum();
        prop_assert!(0 <= commission.amount.get() && commission.amount.get() <= gross);
        prop_assert!(commission.tax_within <= commission.amount);
        // rounding down once never takes less than rounding each sale
        let per_sale: i64 = lines.iter().map(|line| amount(&sales(&[*line]), &terms)).sum();
        prop_assert!(commission.amount.get() >= per_sale);
        let mirrored: Vec<_> = lines.iter().map(|(rate, yen)| (*rate, -yen)).collect();
        prop_assert_eq!(amount(&sales(&mirrored), &terms), -commission.amount.get());
    }
}
