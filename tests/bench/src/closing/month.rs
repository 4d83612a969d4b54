//! A month of consignment as JSON Lines: every office has goods on the shelves of some others, which sell them one by one.

use crate::world::{FIRST_DAY, act, masters, office};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Last day of the month.
pub const LAST_DAY: &str = "2025-06-30";
/// First day of the month.
pub const FIRST_OF_MONTH: &str = "2025-06-01";
/// What a customer pays for a piece.
pub const YEN: i64 = 500;
/// What of it the shop takes, in percent.
pub const PERCENT: i64 = 15;

/// How large the month is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Offices.
    pub offices: usize,
    /// Shops that sell an office's goods.
    pub shops: usize,
    /// Sales of each pair.
    pub sales: usize,
}

/// A producer and a shop, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    pub producer: usize,
    pub shop: usize,
}

impl Pair {
    fn name(self) -> String {
        format!("p{:03}-s{:03}", self.producer, self.shop)
    }

    /// Code of their agreement.
    pub fn agreement(self) -> String {
        format!("consign-{}", self.name())
    }
}

impl Size {
    /// All pairs.
    pub fn pairs(self) -> impl Iterator<Item = Pair> {
        let of = move |producer| {
            (1..=self.shops).map(move |step| Pair {
                producer,
                shop: (producer + step * 7) % self.offices,
            })
        };
        (0..self.offices).flat_map(of)
    }

    /// What a pair's shop owes after its commission.
    pub fn owed(self) -> i64 {
        let gross = YEN * i64::try_from(self.sales).unwrap_or(i64::MAX);
        gross - gross * PERCENT / 100
    }

    /// Writes it, and says how many acts it has.
    pub fn write(self, to: &mut impl Write) -> io::Result<usize> {
        let mut written = 0;
        let mut put = |act: Value| {
            written += 1;
            writeln!(to, "{act}")
        };
        masters(self.offices).into_iter().try_for_each(&mut put)?;
        for pair in self.pairs() {
            placed(pair).into_iter().try_for_each(&mut put)?;
        }
        for n in 0..self.sales {
            let day = format!("2025-06-{:02}", n * 30 / self.sales + 1);
            for pair in self.pairs() {
                let lines = json!([{"lot": pair.name(), "quantity": "1", "unit_price": YEN.to_string()}]);
                let key = format!("sale-{}-{n}", pair.name());
                put(act(
                    "sell",
                    &office(pair.shop),
                    &key,
                    &day,
                    json!({ "lines": lines }),
                ))?;
            }
        }
        Ok(written)
    }
}

/// The agreement, and goods on the shelf, more than are ever sold.
fn placed(pair: Pair) -> [Value; 3] {
    let (producer, shop) = (office(pair.producer), office(pair.shop));
    let terms = json!({"consign": {"commission": {"charge": {"percent": PERCENT.to_string()}, "base": "inclusive",
        "tax": "inclusive", "rounding": "down"}}});
    let agreement = json!({"kind": "agreement", "key": pair.agreement(), "supplied_on": FIRST_DAY,
        "code": pair.agreement(), "about": "consign", "producer": producer, "other": shop,
        "agreed": [producer, shop], "terms": terms});
    let line = json!([{"product": "craft", "quantity": "1000000", "lot": {"code": pair.name()}}]);
    let made = act(
        "produce",
        &producer,
        &format!("made-{}", pair.name()),
        FIRST_DAY,
        json!({ "lines": line }),
    );
    let line = json!([{"lot": pair.name(), "quantity": "1000000"}]);
    let placed = json!({"to": shop, "lines": line});
    let placed = act(
        "consign",
        &producer,
        &format!("placed-{}", pair.name()),
        FIRST_DAY,
        placed,
    );
    [agreement, made, placed]
}
