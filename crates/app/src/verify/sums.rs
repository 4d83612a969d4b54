//! Rows folded by lot and by account against the sums that are kept: stock, links, balances.

use super::Audit;
use domain::{
    account::{Account, AccountKind, BookUnit, Section},
    calendar::Day,
    id::{CashPlaceId, CorporationId, LotId, OfficeId, PartyId},
    place::{Place, PlaceKind},
    verify::{Invariant, Problem, Running, Search, Subject},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{
    StoreError,
    entity::{account, place},
    verify::{BalanceRow, LotName, StockRow},
};
use uuid::Uuid;

/// Lots of a page.
const LOTS: i64 = 500;
/// Accounts of a page.
const ACCOUNTS: i64 = 100;

/// A row of `stock`, and what the movements come to.
#[derive(Default)]
struct AtPlace {
    kept: Option<(bool, i64, i32)>,
    moved: Option<Running>,
}

/// Rows of `balance` and `balance_month`, and what the postings come to.
#[derive(Default)]
struct OnAccount {
    kept: Option<(i64, i32)>,
    months: BTreeMap<i32, i64>,
    posted: BTreeMap<i32, i128>,
    last_day: i32,
}

impl Audit {
    /// Stock and links of all lots: 1, 2, 5 and 6.
    pub async fn lots(&mut self) -> Result<(), StoreError> {
        let mut after = i64::MIN;
        loop {
            let page = self.store.rows().lots_after(after, LOTS).await;
            let lots = self.readable("lot", page)?;
            let (Some(first), Some(last)) = (lots.first(), lots.last()) else {
                return Ok(());
            };
            let (from, to) = (first.no, last.no);
            after = to;
            let stock = self.store.rows().stock_rows(from, to).await;
            let mut by_lot: BTreeMap<i64, BTreeMap<i64, AtPlace>> = BTreeMap::new();
            for row in self.readable("stock", stock)? {
                match row {
                    StockRow::Kept {
                        lot_no,
                        place_no,
                        inner,
                        quantity,
                        last_day,
                    } => {
                        let at = by_lot.entry(lot_no).or_default().entry(place_no).or_default();
                        at.kept = Some((inner, quantity, last_day));
                    }
                    StockRow::Moved {
                        lot_no,
                        place_no,
                        day,
                        sum,
                    } => {
                        let at = by_lot.entry(lot_no).or_default().entry(place_no).or_default();
                        at.moved.get_or_insert_default().add(day, sum);
                    }
                }
            }
            let numbers: BTreeSet<i64> = by_lot.values().flat_map(BTreeMap::keys).copied().collect();
            let places = self
                .store
                .rows()
                .places(&numbers.into_iter().collect::<Vec<_>>())
                .await;
            let places = self.readable("place", places)?;
            for lot in &lots {
                let places_of_lot = by_lot.remove(&lot.no).unwrap_or_default();
                self.stock(lot, &places_of_lot, &places);
            }
            self.links(from, to, &lots).await?;
        }
    }

    fn stock(&mut self, lot: &LotName, at: &BTreeMap<i64, AtPlace>, places: &HashMap<i64, place::Model>) {
        let about_lot = Subject::Lot(LotId(lot.id), Some(lot.code.clone()));
        let mut sum = 0_i128;
        for (no, at) in at {
            let place = places.get(no).and_then(place_of);
            let about = [
                about_lot.clone(),
                place.map_or_else(|| Subject::Row(format!("place {no}")), Subject::Place),
            ];
            sum += i128::from(at.kept.map_or(0, |(_, quantity, _)| quantity));
            let Some(moved) = at.moved else {
                self.add(
                    Invariant::Projected,
                    about,
                    Problem::RowWithoutEntry { table: "stock" },
                );
                continue;
            };
            let is_inner = place.is_some_and(|place| place.is_inner());
            if let Some((day, quantity)) = moved.below
                && is_inner
                && let Ok(day) = Day::from_number(day)
            {
                self.add(
                    Invariant::NeverNegative,
                    about.clone(),
                    Problem::BelowZero { day, quantity },
                );
            }
            let Some((inner, quantity, last_day)) = at.kept else {
                self.add(
                    Invariant::Projected,
                    about,
                    Problem::RowMissing { table: "stock" },
                );
                continue;
            };
            for (column, same) in [
                ("inner_place", inner == is_inner),
                ("quantity", i128::from(quantity) == moved.sum),
                ("last_day", last_day == moved.last_day),
            ] {
                if !same {
                    let problem = Problem::Differs {
                        table: "stock",
                        column,
                    };
                    self.add(Invariant::Projected, about.clone(), problem);
                }
            }
        }
        if sum != 0 {
            self.add(Invariant::Conserved, [about_lot], Problem::NotConserved { sum });
        }
    }

    /// Links that hold form no circle: looked for behind the few that run against the order of birth.
    async fn links(&mut self, from: i64, to: i64, lots: &[LotName]) -> Result<(), StoreError> {
        let links = self.store.rows().link_sums(from, to).await;
        for link in self.readable("link", links)? {
            let lot = lots.iter().find(|lot| lot.no == link.input_no);
            let about = lot.map(|lot| Subject::Lot(LotId(lot.id), Some(lot.code.clone())));
            if link.sum < 0 {
                self.add(Invariant::BornOnce, about, Problem::TakenBackMore);
            } else if link.sum > 0 && Search::is_needed(link.input_no, link.output_no) {
                let mut search = Search::behind(link.input_no, link.output_no);
                loop {
                    let open = search.take_open();
                    if open.is_empty() {
                        break;
                    }
                    let next = self.store.rows().links_out_of(&open).await?;
                    search.follow(next.iter().filter(|link| link.sum > 0).map(|link| link.output_no));
                }
                if search.closes_circle() {
                    self.add(Invariant::BornOnce, about, Problem::Circle);
                }
            }
        }
        Ok(())
    }

    /// Balances of all accounts: 6 and 9.
    pub async fn accounts(&mut self) -> Result<(), StoreError> {
        let mut after = i64::MIN;
        loop {
            let page = self.store.rows().accounts_after(after, ACCOUNTS).await;
            let accounts = self.readable("account", page)?;
            let (Some(first), Some(last)) = (accounts.first(), accounts.last()) else {
                break;
            };
            after = last.no;
            let rows = self.store.rows().balance_rows(first.no, last.no).await;
            let mut by_account: BTreeMap<i64, OnAccount> = BTreeMap::new();
            for row in self.readable("balance", rows)? {
                match row {
                    BalanceRow::Kept {
                        account_no,
                        yen,
                        last_day,
                    } => {
                        by_account.entry(account_no).or_default().kept = Some((yen, last_day));
                    }
                    BalanceRow::Month {
                        account_no,
                        month,
                        yen,
                    } => {
                        by_account
                            .entry(account_no)
                            .or_default()
                            .months
                            .insert(month, yen);
                    }
                    BalanceRow::Posted {
                        account_no,
                        month,
                        sum,
                        last_day,
                    } => {
                        let on = by_account.entry(account_no).or_default();
                        on.posted.insert(month, sum);
                        on.last_day = on.last_day.max(last_day);
                    }
                }
            }
            for row in &accounts {
                let about = account_of(row)
                    .map_or_else(|| Subject::Row(format!("account {}", row.no)), Subject::Account);
                self.balance(&about, &by_account.remove(&row.no).unwrap_or_default());
            }
        }
        let sum = self.store.rows().sum_of_balances().await?;
        if sum != 0 {
            self.add(Invariant::Shared, [], Problem::BookDoesNotCancel { sum });
        }
        Ok(())
    }

    fn balance(&mut self, about: &Subject, on: &OnAccount) {
        let mut add = |month: Option<i32>, problem| {
            let month = month.map(|month| Subject::Row(month.to_string()));
            self.add(
                Invariant::Projected,
                std::iter::once(about.clone()).chain(month),
                problem,
            );
        };
        match on.kept {
            None if on.posted.is_empty() => {}
            None => add(None, Problem::RowMissing { table: "balance" }),
            Some(_) if on.posted.is_empty() => add(None, Problem::RowWithoutEntry { table: "balance" }),
            Some((yen, last_day)) => {
                let table = "balance";
                if i128::from(yen) != on.posted.values().sum() {
                    add(None, Problem::Differs { table, column: "yen" });
                }
                if last_day != on.last_day {
                    add(
                        None,
                        Problem::Differs {
                            table,
                            column: "last_day",
                        },
                    );
                }
            }
        }
        let months: BTreeSet<i32> = on.months.keys().chain(on.posted.keys()).copied().collect();
        for month in months {
            let table = "balance_month";
            match (on.months.get(&month), on.posted.get(&month)) {
                (Some(_), None) => add(Some(month), Problem::RowWithoutEntry { table }),
                (None, Some(_)) => add(Some(month), Problem::RowMissing { table }),
                (Some(kept), Some(posted)) if i128::from(*kept) != *posted => {
                    add(Some(month), Problem::Differs { table, column: "yen" });
                }
                _ => {}
            }
        }
    }
}

fn place_of(row: &place::Model) -> Option<Place> {
    let kind = u8::try_from(row.kind).ok().and_then(PlaceKind::from_number)?;
    Some(Place {
        kind,
        owner: PartyId(row.owner),
        holder: PartyId(row.holder),
        reference: some(row.reference),
    })
}

fn account_of(row: &account::Model) -> Option<Account> {
    let unit = match (row.unit_kind, row.section) {
        (1, 1) => BookUnit::Office(OfficeId(row.unit), Section::Production),
        (1, 2) => BookUnit::Office(OfficeId(row.unit), Section::Welfare),
        (2, 0) => BookUnit::Head(CorporationId(row.unit)),
        _ => return None,
    };
    Some(Account {
        unit,
        kind: u8::try_from(row.kind).ok().and_then(AccountKind::from_number)?,
        party: some(row.party).map(PartyId),
        cash_place: some(row.cash_place).map(CashPlaceId),
    })
}

fn some(id: Uuid) -> Option<Uuid> {
    (!id.is_nil()).then_some(id)
}
