//! 相殺: the plan of a network from what stands in its books, the same debts each time.

use crate::{
    figures::{Goal, Line},
    progress,
};
use anyhow::ensure;
use domain::{
    account::Section,
    acts::net::ClaimKind,
    id::OfficeId,
    netting::{Standing, Unit, plan},
};
use std::{collections::BTreeSet, time::Instant};
use uuid::Uuid;

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Offices.
    pub offices: u64,
    /// With how many others each deals.
    pub pairs: u64,
    /// Rounds.
    pub rounds: usize,
}

/// Measures.
pub fn run(asked: Plan) -> anyhow::Result<Vec<Line>> {
    let standing = debts(asked);
    let (mut times, mut shares) = (Vec::new(), Vec::new());
    for round in 0..asked.rounds {
        progress::say(&format!(
            "netting, {} offices, round {}",
            asked.offices,
            round + 1
        ));
        let began = Instant::now();
        let found = plan(&standing, &BTreeSet::new());
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
        ensure!(
            found.after.len() <= found.before.len(),
            "more payments than before"
        );
        let payments = |count: usize| u32::try_from(count).map(f64::from);
        shares.push(100.0 * payments(found.after.len())? / payments(found.before.len())?);
    }
    let line = |what: String, unit, rounds, goal| Line {
        group: "netting",
        what,
        engine: "both".to_owned(),
        unit,
        rounds,
        goal,
    };
    let what = format!("plan of {} offices, {} debts", asked.offices, standing.len());
    Ok(vec![
        line(what, "ms", times, Some(Goal::AtMost(1_000.0))),
        line("payments left of those before".to_owned(), "%", shares, None),
    ])
}

/// Debts by a linear congruence: from each office to some others, two kinds of them.
fn debts(asked: Plan) -> Vec<Standing> {
    let mut state = 20_261_127_u64;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let unit = |office: u64| -> Unit {
        (
            OfficeId(Uuid::from_u128(u128::from(office) + 1)),
            Section::Production,
        )
    };
    let mut found = Vec::new();
    for debtor in 0..asked.offices {
        for _ in 0..asked.pairs {
            let creditor = (debtor + 1 + next(asked.offices - 1)) % asked.offices;
            let yen = i64::try_from(next(300_000)).unwrap_or_default() + 1;
            let what = if next(2) == 0 {
                ClaimKind::Receivable
            } else {
                ClaimKind::ConsignmentReceivable
            };
            found.push(Standing {
                debtor: unit(debtor),
                creditor: unit(creditor),
                what,
                yen,
            });
        }
    }
    found
}
