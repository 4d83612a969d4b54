//! What always holds of a plan, against debts at random and against the minimum found by trying everything.

use super::*;
use proptest::{collection::vec, prelude::*};
use std::time::{Duration, Instant};

fn owes(debtor: u16, creditor: u16, yen: i64) -> Owes<u16> {
    Owes {
        debtor,
        creditor,
        yen,
    }
}

fn sums(debts: &[Owes<u16>]) -> Vec<Net<u16>> {
    nets(&debts.iter().collect::<Vec<_>>())
}

/// The fewest payments, by trying every way to share out who has a balance among groups that sum to nought.
fn fewest(nets: &[Net<u16>]) -> usize {
    fn most(left: &[i128], sums: &mut Vec<i128>) -> usize {
        let Some((first, rest)) = left.split_first() else {
            return if sums.iter().all(|sum| *sum == 0) {
                sums.len()
            } else {
                0
            };
        };
        let mut found = 0;
        for at in 0..sums.len() {
            sums[at] += first;
            found = found.max(most(rest, sums));
            sums[at] -= first;
        }
        sums.push(*first);
        found = found.max(most(rest, sums));
        sums.pop();
        found
    }
    let all: Vec<i128> = nets.iter().map(|(_, net)| *net).collect();
    all.len() - most(&all, &mut Vec::new())
}

/// Sums that often make groups: few amounts.
fn debts(offices: u16, most: usize, yen: i64) -> impl Strategy<Value = Vec<Owes<u16>>> {
    let one =
        (0..offices, 0..offices, 0..=yen).prop_map(|(debtor, creditor, yen)| owes(debtor, creditor, yen));
    vec(one, 0..=most)
}

fn check(before: &[Owes<u16>]) -> Result<Vec<Owes<u16>>, TestCaseError> {
    let after = payments(before);
    prop_assert_eq!(sums(before), sums(&after), "every net stays what it was");
    prop_assert!(
        after
            .iter()
            .all(|owes| owes.yen > 0 && owes.debtor != owes.creditor)
    );
    let with_balance = sums(before).len();
    prop_assert!(after.len() <= with_balance.saturating_sub(1));
    let elsewhere = before.iter().filter(|owes| owes.debtor != owes.creditor);
    let elsewhere: Vec<Owes<u16>> = elsewhere.copied().collect();
    prop_assert!(after.len() <= count(&elsewhere), "never more than before");
    prop_assert_eq!(count(&after), after.len(), "nobody pays the same one twice");
    // nobody both pays and is paid, and nobody is paid more than is owed to them on balance
    for payment in &after {
        prop_assert!(after.iter().all(|other| other.creditor != payment.debtor));
    }
    let mut turned = before.to_vec();
    turned.reverse();
    prop_assert_eq!(
        payments(&turned),
        after.clone(),
        "in whatever order they are told"
    );
    Ok(after)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn of_few_the_fewest_payments_are_found(before in debts(8, 14, 6)) {
        let after = check(&before)?;
        prop_assert_eq!(after.len(), fewest(&sums(&before)));
    }

    #[test]
    fn of_many_nets_stay_and_payments_are_no_more(before in debts(60, 200, 40)) {
        check(&before)?;
    }

    #[test]
    fn large_sums_stay_exact(before in debts(20, 60, 9_007_199_254_740_991)) {
        check(&before)?;
    }
}

#[test]
fn a_circle_needs_no_payment_and_a_chain_one() {
    assert_eq!(payments(&[owes(1, 2, 500), owes(2, 3, 500), owes(3, 1, 500)]), []);
    assert_eq!(
        payments(&[owes(1, 2, 500), owes(2, 3, 500), owes(3, 4, 500)]),
        [owes(1, 4, 500)]
    );
    assert_eq!(payments::<u16>(&[]), []);
    assert_eq!(payments(&[owes(1, 1, 500), owes(1, 2, 0)]), []);
}

#[test]
fn two_who_owe_each_other_are_left_with_the_difference() {
    assert_eq!(
        payments(&[owes(1, 2, 12_000), owes(2, 1, 9_000)]),
        [owes(1, 2, 3_000)]
    );
}

/// Largest to largest alone would need four payments here: 1 → 4 of 60, 1 → 5 of 10, 2 → 5 of 30, 2 → 6 of 20.
#[test]
fn groups_that_sum_to_nought_are_seen() {
    let before = [
        owes(1, 9, 70),
        owes(2, 9, 50),
        owes(3, 9, 30),
        owes(9, 4, 70),
        owes(9, 5, 50),
        owes(9, 6, 30),
    ];
    assert_eq!(
        payments(&before),
        [owes(1, 4, 70), owes(2, 5, 50), owes(3, 6, 30)]
    );
}

/// Debts of a large network, the same each time: numbers of a linear congruence.
fn large(offices: u16, debts: usize) -> Vec<Owes<u16>> {
    let mut state = 20_261_127_u64;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let below = u64::from(offices);
    let mut one = || {
        let office = |number: u64| u16::try_from(number).unwrap_or_default();
        let (debtor, creditor) = (office(next(below)), office(next(below)));
        owes(
            debtor,
            creditor,
            i64::try_from(next(300_000)).unwrap_or_default() + 1,
        )
    };
    (0..debts).map(|_| one()).collect()
}

#[test]
fn four_hundred_offices_take_less_than_a_second() {
    let before = large(400, 8_000);
    let began = Instant::now();
    let after = payments(&before);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert!(after.len() < 400 && after.len() * 10 < count(&before));
    assert_eq!(sums(&before), sums(&after));
}
