//! The tables of the sample's README against the postings of the book. The README was worked out by another model of
//! the same month, so neither is read off the other.

use crate::month::{README, rows};
use acceptance::world::World;
use domain::{
    account::{AccountKind, Class},
    money::Yen,
    wages::average_monthly_wage,
};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of a README's table after its mark, by their first cell; commas and code marks off.
pub fn table(readme: &str, mark: &str) -> BTreeMap<String, Vec<String>> {
    let mark = format!("<!-- {mark} -->");
    let after = readme.split_once(&mark).map(|(_, after)| after).expect(&mark);
    let lines = after
        .trim_start()
        .lines()
        .take_while(|line| line.starts_with('|'))
        .skip(2);
    lines
        .map(|line| {
            let mut cells = line
                .trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().to_owned());
            (
                cells.next().expect("a first cell"),
                cells.map(|cell| cell.replace(',', "")).collect(),
            )
        })
        .collect()
}

/// A posting of June or before, as far as the tables need it.
struct Posted {
    seq: i64,
    act: String,
    office: String,
    kind: AccountKind,
    with_office: bool,
    yen: i64,
    in_june: bool,
}

pub async fn check(world: &World) {
    let posted = posted(world).await;
    let (mut income, mut costs) = (Sums::new(), Sums::new());
    let mut means: BTreeMap<(i64, &str), BTreeSet<(AccountKind, bool)>> = BTreeMap::new();
    for posting in &posted {
        let seen = means.entry((posting.seq, &posting.office)).or_default();
        seen.insert((posting.kind, posting.with_office));
    }
    for posting in posted.iter().filter(|posting| posting.in_june) {
        let office = posting.office.as_str();
        match posting.kind.class() {
            Class::Income => {
                let column = income_column(posting, &means[&(posting.seq, office)]);
                add(&mut income, office, column, -posting.yen);
                add(&mut income, office, 9, -posting.yen);
            }
            Class::Expense => add(&mut costs, office, cost_column(posting.kind), posting.yen),
            _ => {}
        }
    }
    compare(&income, "income", 10);
    compare(&costs, "costs", 6);
    check_balances(&posted);
    check_wages(&costs);
}

/// Postings of offices up to the end of June.
async fn posted(world: &World) -> Vec<Posted> {
    let sql = "SELECT CAST(p.seq AS bigint), e.kind, u.code, CAST(a.kind AS bigint), \
               CAST(CASE WHEN c.kind = 0 THEN 1 ELSE 0 END AS bigint), CAST(p.yen AS bigint), CAST(p.book_on AS bigint) \
               FROM posting p JOIN entry e ON e.seq = p.seq JOIN account a ON a.no = p.account_no \
               JOIN party u ON u.id = a.unit LEFT JOIN party c ON c.id = a.party WHERE p.book_on <= 20260630";
    let rows = rows(world, sql).await;
    let read = rows.iter().map(|row| {
        let number = |column| row.try_get_by_index::<i64>(column).expect("a number");
        let text = |column| row.try_get_by_index::<String>(column).expect("a text");
        let kind = u8::try_from(number(3)).ok().and_then(AccountKind::from_number);
        Posted {
            seq: number(0),
            act: text(1),
            office: text(2),
            kind: kind.expect("a kind of account"),
            with_office: number(4) == 1,
            yen: number(5),
            in_june: number(6) >= 20_260_601,
        }
    });
    read.collect()
}

type Sums = BTreeMap<(String, usize), i64>;

fn add(sums: &mut Sums, office: &str, column: usize, yen: i64) {
    *sums.entry((office.to_owned(), column)).or_default() += yen;
}

/// Cash, cashless, on account, to offices, consigned, bought on sale, internal, services, commission.
fn income_column(posting: &Posted, means: &BTreeSet<(AccountKind, bool)>) -> usize {
    use AccountKind as K;
    let by = |kind: K| means.contains(&(kind, false)) || means.contains(&(kind, true));
    match posting.kind {
        K::InternalIncome => 6,
        K::ServiceIncome => 7,
        K::CommissionIncome => 8,
        _ if by(K::Cash) || by(K::TillCash) => 0,
        _ if by(K::CashlessReceivable) => 1,
        _ if by(K::ConsignmentReceivable) => 4,
        _ if means.contains(&(K::Receivable, false)) => 2,
        _ if posting.act == "sell" => 5,
        _ => 3,
    }
}

/// Goods, supplies, commission, other costs, welfare meals, wages.
fn cost_column(kind: AccountKind) -> usize {
    use AccountKind as K;
    match kind {
        K::Materials | K::Merchandise | K::InternalExpense => 0,
        K::Supplies => 1,
        K::CommissionPaid => 2,
        K::WelfareFood => 4,
        K::Wages => 5,
        _ => 3,
    }
}

fn check_balances(posted: &[Posted]) {
    use AccountKind as K;
    let mut sums = Sums::new();
    for posting in posted {
        let (column, sign) = match posting.kind {
            K::Cash | K::TillCash | K::Bank => (0, 1),
            K::Receivable | K::ConsignmentReceivable | K::CashlessReceivable | K::PaidForOthers => (1, 1),
            K::Payable | K::ConsignmentDeposit | K::OwedForOthers => (2, -1),
            K::Internal => (3, 1),
            K::UnpaidWages => (4, -1),
            _ => continue,
        };
        add(&mut sums, &posting.office, column, sign * posting.yen);
    }
    compare(&sums, "balances", 5);
}

/// 平均工賃 of the month by the rule of the year: twelve such months, divided by twelve.
fn check_wages(costs: &Sums) {
    for (office, cells) in table(README, "wages") {
        let [wages, person_days, open_days] =
            [0, 1, 2].map(|column: usize| cells[column].parse::<i64>().expect("a number"));
        // もりの工房 pays wages of 生活介護 too, which do not count for B型
        let others = if office == "`mori`" { 38_000 } else { 0 };
        let paid = costs[&(office.trim_matches('`').to_owned(), 5)];
        assert_eq!(paid, wages + others, "{office}");
        let [person_days, open_days] =
            [person_days, open_days].map(|days| u64::try_from(days).expect("days"));
        let average = average_monthly_wage(Yen::new(wages * 12), person_days, open_days).expect("an average");
        assert_eq!(
            [average.daily_average(), average.monthly.get().to_string()],
            cells[3..],
            "{office}"
        );
    }
}

fn compare(sums: &Sums, mark: &str, columns: usize) {
    let stated = table(README, mark);
    assert_eq!(stated.len(), 9, "nine offices in the table {mark}");
    for (office, cells) in stated {
        let office = office.trim_matches('`').to_owned();
        let found: Vec<String> = (0..columns)
            .map(|column| sums.get(&(office.clone(), column)).unwrap_or(&0).to_string())
            .collect();
        assert_eq!(found, cells, "{mark} of {office}");
    }
}
