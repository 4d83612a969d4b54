use super::*;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

#[test]
fn a_day_has_one_spelling_and_must_exist() {
    assert_eq!(day("2024-02-29").to_string(), "2024-02-29");
    for bad in [
        "2026-02-29",
        "2100-02-29",
        "2026-1-02",
        "2026-01-2",
        " 2026-01-02",
        "2026-13-01",
        "2026/01/02",
        "20260102",
        "",
    ] {
        assert_eq!(bad.parse::<Day>(), Err(CalendarError::Day), "{bad}");
    }
    assert_eq!("1899-12-31".parse::<Day>(), Err(CalendarError::OutOfRange));
    assert_eq!("2200-01-01".parse::<Day>(), Err(CalendarError::OutOfRange));
    assert!("12026-01-01".parse::<Day>().is_err());
    assert!("+2026-01-01".parse::<Day>().is_err());
}

#[test]
fn days_are_stored_as_numbers() {
    assert_eq!(day("2026-11-22").as_number(), 20_261_122);
    assert_eq!(Day::from_number(20_261_122), Ok(day("2026-11-22")));
    for bad in [
        20_260_229,
        20_261_301,
        20_260_100,
        0,
        -20_260_101,
        i32::MIN,
        i32::MAX,
    ] {
        assert!(Day::from_number(bad).is_err(), "{bad}");
    }
    assert_eq!(month("2026-11").as_number(), 202_611);
    assert_eq!(Month::from_number(202_611), Ok(month("2026-11")));
    for bad in [202_600, 202_613, -202_601, 0] {
        assert!(Month::from_number(bad).is_err(), "{bad}");
    }
}

#[test]
fn days_follow_each_other() {
    assert_eq!(day("2024-02-28").succ(), Some(day("2024-02-29")));
    assert_eq!(day("2026-12-31").succ(), Some(day("2027-01-01")));
    assert_eq!(day("2199-12-31").succ(), None);
    assert_eq!(day("2024-03-01").pred(), Some(day("2024-02-29")));
    assert_eq!(day("1900-01-01").pred(), None);
    assert_eq!(day("2026-04-01").days_until(day("2027-04-01")), 365);
    assert_eq!(day("2026-04-01").days_until(day("2026-03-31")), -1);
}

#[test]
fn months_have_first_and_last_days() {
    assert_eq!(month("2024-02").last_day(), day("2024-02-29"));
    assert_eq!(month("1900-02").last_day(), day("1900-02-28"));
    assert_eq!(month("2026-12").last_day(), day("2026-12-31"));
    assert_eq!(month("2026-12").first_day(), day("2026-12-01"));
    assert_eq!(month("2026-12").next(), Some(month("2027-01")));
    assert_eq!(month("2026-01").prev(), Some(month("2025-12")));
    assert_eq!(month("2199-12").next(), None);
    assert_eq!(month("1900-01").prev(), None);
    assert!(month("2026-12").contains(day("2026-12-31")));
    assert!(!month("2026-12").contains(day("2027-01-01")));
    for bad in [
        "2026-1",
        "2026-13",
        "2026-00",
        "+2026-01",
        "2026-+1",
        "2026-01-01",
        "2026",
        "",
    ] {
        assert_eq!(bad.parse::<Month>(), Err(CalendarError::Month), "{bad}");
    }
}

#[test]
fn a_fiscal_year_runs_from_april_to_march() {
    assert_eq!(FiscalYear::of(day("2026-03-31")).year(), 2025);
    assert_eq!(FiscalYear::of(day("2026-04-01")).to_string(), "2026年度");
    let months: Vec<String> = FiscalYear::of(day("2026-04-01"))
        .months()
        .map(|m| m.to_string())
        .collect();
    assert_eq!(months.len(), 12);
    assert_eq!(
        (months[0].as_str(), months[8].as_str(), months[11].as_str()),
        ("2026-04", "2026-12", "2027-03")
    );
    assert_eq!(FiscalYear::of(day("1900-01-01")).months().count(), 3);
    assert_eq!(FiscalYear::from_year(2199), Err(CalendarError::OutOfRange));
    assert_eq!(FiscalYear::from_year(i32::MAX), Err(CalendarError::OutOfRange));
}

#[test]
fn weekdays_are_japanese() {
    // 2026-11-22 is a Sunday, Showa day 2026-04-29 a Wednesday
    assert_eq!(day("2026-11-22").weekday(), '日');
    assert_eq!(day("2026-04-29").weekday(), '水');
    let week: String = (22..=28)
        .map(|d| Day::from_ymd(2026, 11, d).unwrap().weekday())
        .collect();
    assert_eq!(week, "日月火水木金土");
}

#[test]
fn eras_change_on_their_days() {
    for (text, era) in [
        ("1900-01-01", "明治33年1月1日"),
        ("1912-07-29", "明治45年7月29日"),
        ("1912-07-30", "大正元年7月30日"),
        ("1926-12-24", "大正15年12月24日"),
        ("1926-12-25", "昭和元年12月25日"),
        ("1989-01-07", "昭和64年1月7日"),
        ("1989-01-08", "平成元年1月8日"),
        ("2019-04-30", "平成31年4月30日"),
        ("2019-05-01", "令和元年5月1日"),
        ("2026-11-22", "令和8年11月22日"),
    ] {
        assert_eq!(wareki(day(text)), era);
    }
    assert_eq!(wareki_month(month("1989-01")), "平成元年1月");
    assert_eq!(wareki_month(month("2026-11")), "令和8年11月");
}

#[test]
fn instants_are_utc_milliseconds_and_fall_on_days_in_tokyo() {
    let moment: Instant = "2026-03-31T14:59:59.999Z".parse().unwrap();
    assert_eq!(business_day(moment), day("2026-03-31"));
    let next = Instant::from_millis(moment.millis() + 1).unwrap();
    assert_eq!(next.to_string(), "2026-03-31T15:00:00.000Z");
    assert_eq!(business_day(next), day("2026-04-01"));
    assert_eq!(
        Instant::from_millis(0).unwrap().to_string(),
        "1970-01-01T00:00:00.000Z"
    );
    // before the epoch the milliseconds still count forwards
    assert_eq!(
        Instant::from_millis(-1).unwrap().to_string(),
        "1969-12-31T23:59:59.999Z"
    );
    for bad in [
        "2026-03-31T15:00:00Z",
        "2026-03-31T15:00:00.0000Z",
        "2026-03-31T15:00:00.000+00:00",
        "2026-03-31 15:00:00.000Z",
        "2026-03-31T23:59:60.000Z",
        "2026-03-31",
    ] {
        assert_eq!(bad.parse::<Instant>(), Err(CalendarError::Instant), "{bad}");
    }
    assert_eq!(Instant::from_rfc3339("2026-04-01T00:00:00.0009+09:00"), Ok(next));
    assert_eq!(moment.in_tokyo(), "2026-03-31 23:59");
    assert_eq!(next.in_tokyo(), "2026-04-01 00:00");
    assert_eq!(Instant::from_millis(i64::MAX), Err(CalendarError::OutOfRange));
    assert!("1899-12-31T15:00:00.000Z".parse::<Instant>().is_ok());
    assert_eq!(
        "1899-12-31T14:59:59.999Z".parse::<Instant>(),
        Err(CalendarError::OutOfRange)
    );
    assert_eq!(
        "2199-12-31T15:00:00.000Z".parse::<Instant>(),
        Err(CalendarError::OutOfRange)
    );
}

#[test]
fn json_is_the_same_text() {
    assert_eq!(
        serde_json::to_string(&(day("2026-11-22"), month("2026-11"))).unwrap(),
        r#"["2026-11-22","2026-11"]"#
    );
    assert!(serde_json::from_str::<Day>("\"2026-02-30\"").is_err());
    assert!(serde_json::from_str::<Day>("20261122").is_err());
    let moment: Instant = serde_json::from_str("\"2026-11-22T03:04:05.678Z\"").unwrap();
    assert_eq!(
        serde_json::to_string(&moment).unwrap(),
        "\"2026-11-22T03:04:05.678Z\""
    );
}

#[test]
fn periods_include_both_ends() {
    let year = Period::new(day("2026-04-01"), Some(day("2027-03-31"))).unwrap();
    let open = Period::new(day("2027-03-31"), None).unwrap();
    let later = Period::new(day("2027-04-01"), None).unwrap();
    assert!(year.contains(day("2026-04-01")) && year.contains(day("2027-03-31")));
    assert!(!year.contains(day("2026-03-31")) && !year.contains(day("2027-04-01")));
    assert!(year.overlaps(open) && open.overlaps(year) && open.overlaps(later));
    assert!(!year.overlaps(later) && !later.overlaps(year));
    assert_eq!(
        Period::new(day("2026-04-02"), Some(day("2026-04-01"))),
        Err(CalendarError::Backwards)
    );
}

fn any_day() -> impl Strategy<Value = Day> {
    (1900..=2199_i32, 1..=12_u32, 1..=31_u32)
        .prop_filter_map("no such day", |(y, m, d)| Day::from_ymd(y, m, d).ok())
}

proptest! {
    #[test]
    fn every_day_survives_text_and_number(a in any_day(), b in any_day()) {
        prop_assert_eq!(day(&a.to_string()), a);
        prop_assert_eq!(Day::from_number(a.as_number()), Ok(a));
        prop_assert_eq!(a.cmp(&b), a.as_number().cmp(&b.as_number()));
        prop_assert_eq!(a.days_until(b), -b.days_until(a));
        prop_assert!(a.month().first_day() <= a && a <= a.month().last_day());
        prop_assert!(FiscalYear::of(a).months().any(|m| m == a.month()));
        prop_assert_eq!(a.succ().and_then(Day::pred), a.succ().map(|_| a));
    }

    #[test]
    fn every_instant_survives_text(millis in -2_208_999_600_000_i64..7_258_086_000_000) {
        if let Ok(moment) = Instant::from_millis(millis) {
            prop_assert_eq!(moment.to_string().parse::<Instant>(), Ok(moment));
            prop_assert_eq!(moment.millis(), millis);
        }
    }
}
