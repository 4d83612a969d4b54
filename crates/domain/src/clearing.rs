//! 消込: which sales, purchases and papers of a debt are paid, and how far.
//!
//! Payments clear what they name first; the rest of them clears what is due first (民法 第489条). So the open items, less what was
//! paid ahead, always are what the book says is owed.

use crate::{
    calendar::Day,
    money::{Yen, YenOverflow},
};

/// Something that raised a debt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raised {
    /// When it was due, else its day.
    pub due: Day,
    /// By how much; above nought.
    pub yen: Yen,
}

/// Something that made it smaller: a payment, a set-off, a write-off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clearing {
    /// By how much; above nought.
    pub yen: Yen,
    /// What it names: positions in the list of what was raised (several for one paper), with yen for all of them.
    pub of: Vec<(Vec<usize>, Yen)>,
}

/// What is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Of each that was raised, in the order given: nought for what is paid.
    pub open: Vec<Yen>,
    /// Paid beyond all of it.
    pub ahead: Yen,
}

/// Clears a debt.
///
/// # Errors
/// When a sum leaves the range of [`Yen`].
pub fn clear(raised: &[Raised], clearings: &[Clearing]) -> Result<Left, YenOverflow> {
    let mut open: Vec<Yen> = raised.iter().map(|raised| raised.yen).collect();
    let mut rest = Yen::ZERO;
    for clearing in clearings {
        let mut left = clearing.yen;
        for (named, yen) in &clearing.of {
            let mut of_these = (*yen).min(left);
            left = left.checked_sub(of_these)?;
            for at in named {
                if let Some(open) = open.get_mut(*at) {
                    of_these = take(open, of_these)?;
                }
            }
            left = left.checked_add(of_these)?;
        }
        rest = rest.checked_add(left)?;
    }
    let mut by_day: Vec<usize> = (0..raised.len()).collect();
    by_day.sort_by_key(|at| raised.get(*at).map(|raised| raised.due));
    for at in by_day {
        if let Some(open) = open.get_mut(at) {
            rest = take(open, rest)?;
        }
    }
    Ok(Left { open, ahead: rest })
}

/// Clears what is open; what is left of the clearing.
fn take(open: &mut Yen, left: Yen) -> Result<Yen, YenOverflow> {
    let taken = left.min(*open);
    *open = open.checked_sub(taken)?;
    left.checked_sub(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn yen(yen: i64) -> Yen {
        Yen::try_new(yen).unwrap()
    }

    fn raised(due: &str, of: i64) -> Raised {
        Raised {
            due: due.parse().unwrap(),
            yen: yen(of),
        }
    }

    fn clearing(of: i64, named: &[(usize, i64)]) -> Clearing {
        Clearing {
            yen: yen(of),
            of: named.iter().map(|(at, of)| (vec![*at], yen(*of))).collect(),
        }
    }

    #[test]
    fn what_names_nothing_clears_what_is_due_first() {
        let bills = [raised("2026-07-31", 3_000), raised("2026-06-30", 5_000)];
        let left = clear(&bills, &[clearing(6_000, &[])]).unwrap();
        assert_eq!((left.open, left.ahead), (vec![yen(2_000), yen(0)], yen(0)));
    }

    #[test]
    fn what_is_named_is_cleared_though_older_ones_are_open() {
        let bills = [raised("2026-06-30", 5_000), raised("2026-07-31", 3_000)];
        let left = clear(&bills, &[clearing(3_500, &[(1, 3_000)])]).unwrap();
        assert_eq!((left.open, left.ahead), (vec![yen(4_500), yen(0)], yen(0)));
    }

    #[test]
    fn what_was_paid_twice_is_paid_ahead() {
        let bills = [raised("2026-06-30", 5_000)];
        let twice = [clearing(5_000, &[(0, 5_000)]), clearing(5_000, &[(0, 5_000)])];
        let left = clear(&bills, &twice).unwrap();
        assert_eq!((left.open, left.ahead), (vec![yen(0)], yen(5_000)));
    }

    #[test]
    fn a_paper_of_several_sales_takes_no_more_than_it_was_paid() {
        let bills = [
            raised("2026-06-30", 300),
            raised("2026-06-30", 300),
            raised("2026-06-01", 400),
        ];
        let paper = Clearing {
            yen: yen(700),
            of: vec![(vec![0, 1], yen(500))],
        };
        let left = clear(&bills, &[paper]).unwrap();
        // 200 that name nothing go to what is due first
        assert_eq!(
            (left.open, left.ahead),
            (vec![yen(0), yen(100), yen(200)], yen(0))
        );
    }

    proptest! {
        #[test]
        fn open_less_ahead_is_what_is_owed(
            bills in prop::collection::vec((1_i32..28, 1_i64..10_000), 0..12),
            payments in prop::collection::vec((1_i64..20_000, prop::collection::vec((0_usize..14, 1_i64..9_000), 0..4)), 0..9),
        ) {
            let bills: Vec<Raised> = bills.iter().map(|(day, of)| raised(&format!("2026-07-{day:02}"), *of)).collect();
            let payments: Vec<Clearing> = payments.iter().map(|(of, named)| clearing(*of, named)).collect();
            let left = clear(&bills, &payments).unwrap();
            let sum = |of: &mut dyn Iterator<Item = Yen>| of.map(Yen::get).sum::<i64>();
            let owed = sum(&mut bills.iter().map(|bill| bill.yen)) - sum(&mut payments.iter().map(|paid| paid.yen));
            let open = sum(&mut left.open.iter().copied());
            prop_assert_eq!(open - left.ahead.get(), owed);
            for (open, bill) in left.open.iter().zip(&bills) {
                prop_assert!(Yen::ZERO <= *open && *open <= bill.yen);
            }
            // nothing is paid ahead while something is open
            prop_assert!(left.ahead.is_zero() || open == 0);
        }
    }
}
