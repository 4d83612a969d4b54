//! What two offices owe each other is set off, or put under another name; now and then with lines that will not do.

use super::{dealings::open_debts, goods::Act, one_of};
use crate::{model::Model, step::Step, world::OFFICES};
use serde_json::{Value, json};

/// A claim of an office on another one: as what it stands, and how much.
struct Claim {
    creditor: usize,
    debtor: usize,
    what: String,
    yen: i64,
}

fn claims(model: &Model) -> Vec<Claim> {
    let mut claims = Vec::new();
    for creditor in 0..4 {
        for (debt, yen) in open_debts(model, creditor) {
            let what = debt["what"].as_str().unwrap_or_default().to_owned();
            let kinds = [
                "receivable",
                "consignment_receivable",
                "paid_for_others",
                "internal_receivable",
            ];
            let debtor = OFFICES.iter().position(|code| debt["with_office"] == *code);
            if let (Some(debtor), true) = (debtor, kinds.contains(&what.as_str())) {
                claims.push(Claim {
                    creditor,
                    debtor,
                    what,
                    yen,
                });
            }
        }
    }
    claims
}

fn line(claim: &Claim, yen: i64) -> Value {
    json!({"creditor": OFFICES[claim.creditor], "debtor": OFFICES[claim.debtor], "what": claim.what, "yen": yen})
}

/// One claim and, where there is one, a claim the other way; what is left of the larger is owed anew.
pub fn net(model: &Model, step: &Step) -> Act {
    let claims = claims(model);
    let all: Vec<&Claim> = claims.iter().collect();
    let mutual: Vec<&Claim> = (all.iter().copied())
        .filter(|one| {
            claims
                .iter()
                .any(|other| (other.creditor, other.debtor) == (one.debtor, one.creditor))
        })
        .collect();
    let among = if mutual.is_empty() || step.b >= 200 {
        &all
    } else {
        &mutual
    };
    let Some(first) = one_of(among, step.a.into()) else {
        let line = json!({"creditor": "a", "debtor": "b", "what": "receivable", "yen": 5});
        return (Some(0), json!({"kind": "net", "clears": [line], "agreed": ["b"]}));
    };
    let back: Vec<&Claim> = (all.iter().copied())
        .filter(|one| (one.creditor, one.debtor) == (first.debtor, first.creditor))
        .collect();
    let part = |yen: i64, choice: u8| match choice {
        0..=149 => yen,
        150..=239 => 1 + yen * i64::from(choice) / 300,
        240..=247 => yen + 1,
        248 => 0,
        _ => yen / 2,
    };
    let [_, one, other, odd] = step.lines[0];
    let yen = part(first.yen, one);
    let mut clears = vec![line(first, yen)];
    let mut left = yen;
    if let Some(second) = one_of(&back, step.c.into()) {
        let theirs = part(second.yen, other);
        clears.push(line(second, theirs));
        left -= theirs;
    }
    let (creditor, debtor) = if left < 0 {
        (first.debtor, first.creditor)
    } else {
        (first.creditor, first.debtor)
    };
    let mut remain = Vec::new();
    if left != 0 {
        remain.push(json!({"creditor": OFFICES[creditor], "debtor": OFFICES[debtor], "yen": left.abs()}));
    }
    let office = if step.office.is_multiple_of(2) {
        first.creditor
    } else {
        first.debtor
    };
    let mut act = json!({"kind": "net", "agreed": [OFFICES[first.creditor], OFFICES[first.debtor]]});
    match odd {
        // nobody was asked, a line twice, one with oneself, a claim of others, more than was cleared
        228..=231 => act["agreed"] = json!([]),
        232..=235 => clears.push(clears[0].clone()),
        236..=238 => clears[0]["debtor"] = clears[0]["creditor"].clone(),
        239..=241 => clears[0]["creditor"] = OFFICES[(first.creditor + 1) % 4].into(),
        242..=244 => remain.push(json!({"creditor": OFFICES[debtor], "debtor": OFFICES[creditor], "yen": 7})),
        245..=247 => {
            remain.clear();
            for (from, to, more) in [(creditor, debtor, left.abs()), (debtor, creditor, 0)] {
                let yen = 100_000 + more;
                remain.push(json!({"creditor": OFFICES[from], "debtor": OFFICES[to], "yen": yen}));
            }
        }
        248..=250 => clears.clear(),
        251 => clears[0]["debtor"] = "zzz".into(),
        _ => {}
    }
    act["clears"] = clears.into();
    act["remain"] = remain.into();
    (Some(office), act)
}
