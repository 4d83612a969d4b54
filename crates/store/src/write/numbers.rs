//! Small numbers of this book for lots, places, accounts, parties and products, given out under the head's lock.

use super::head::Head;
use crate::{Engine, StoreError};
use domain::{
    account::{Account, BookUnit},
    id::{LotId, PartyId, ProductId},
    place::Place,
};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// Known numbers and the next free ones.
#[derive(Default)]
pub(super) struct Numbers {
    pub lots: HashMap<LotId, i64>,
    pub places: HashMap<Place, i64>,
    pub accounts: HashMap<Account, i64>,
    /// Offices, partners, corporations, networks.
    pub parties: HashMap<Uuid, i64>,
    pub products: HashMap<ProductId, i64>,
    pub next_lot: i64,
    pub next_place: i64,
    pub next_account: i64,
    pub next_party: i64,
    pub next_product: i64,
}

/// What stands in a row for "none".
pub(super) fn or_nil(id: Option<Uuid>) -> Uuid {
    id.unwrap_or(Uuid::nil())
}

impl Numbers {
    /// Parties and products, whole; the others are read when they are met.
    pub async fn load(db: &impl ConnectionTrait, engine: Engine, head: &Head) -> Result<Numbers, StoreError> {
        let _ = engine;
        let mut numbers = Numbers {
            next_lot: head.next_lot,
            next_place: head.next_place,
            next_account: head.next_account,
            next_party: head.next_party,
            next_product: head.next_product,
            ..Numbers::default()
        };
        for row in all(db, "SELECT id, no FROM party").await? {
            numbers
                .parties
                .insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        }
        for row in all(db, "SELECT id, no FROM product").await? {
            numbers
                .products
                .insert(ProductId(row.try_get_by_index(0)?), row.try_get_by_index(1)?);
        }
        Ok(numbers)
    }

    /// Forgets what can be read again.
    pub fn forget_lots(&mut self) {
        self.lots.clear();
        self.places.clear();
        self.accounts.clear();
    }

    pub fn lot(&self, id: LotId) -> Result<i64, StoreError> {
        self.lots
            .get(&id)
            .copied()
            .ok_or_else(|| StoreError::corrupt(format!("lot {id}")))
    }

    pub fn party(&self, id: impl Into<PartyId>) -> Result<i64, StoreError> {
        let id: PartyId = id.into();
        self.parties
            .get(&id.0)
            .copied()
            .ok_or_else(|| StoreError::corrupt(format!("party {id}")))
    }

    /// A place's number; a new one where it has none. The flag says that its row must be written.
    pub async fn place(
        &mut self,
        db: &impl ConnectionTrait,
        engine: Engine,
        place: Place,
    ) -> Result<(i64, bool), StoreError> {
        if let Some(no) = self.places.get(&place) {
            return Ok((*no, false));
        }
        let p = |n| engine.parameter(n);
        let sql = format!(
            "SELECT no FROM place WHERE kind = {} AND owner = {} AND holder = {} AND ref = {}",
            p(1),
            p(2),
            p(3),
            p(4)
        );
        let found = one(db, sql, place_values(&place)).await?;
        let is_new = found.is_none();
        let no = take(found, &mut self.next_place)?;
        self.places.insert(place, no);
        Ok((no, is_new))
    }

    /// An account's number; a new one where it has none. The flag says that its row must be written.
    pub async fn account(
        &mut self,
        db: &impl ConnectionTrait,
        engine: Engine,
        account: Account,
    ) -> Result<(i64, bool), StoreError> {
        if let Some(no) = self.accounts.get(&account) {
            return Ok((*no, false));
        }
        let p = |n| engine.parameter(n);
        let sql = format!(
            "SELECT no FROM account WHERE unit_kind = {} AND unit = {} AND section = {} AND kind = {} \
             AND party = {} AND cash_place = {}",
            p(1),
            p(2),
            p(3),
            p(4),
            p(5),
            p(6)
        );
        let found = one(db, sql, account_values(&account)).await?;
        let is_new = found.is_none();
        let no = take(found, &mut self.next_account)?;
        self.accounts.insert(account, no);
        Ok((no, is_new))
    }
}

/// A place as its row's values after the number.
pub(super) fn place_values(place: &Place) -> Vec<Value> {
    vec![
        i16::from(place.kind.number()).into(),
        place.owner.0.into(),
        place.holder.0.into(),
        or_nil(place.reference).into(),
    ]
}

/// An account as its row's values after the number.
pub(super) fn account_values(account: &Account) -> Vec<Value> {
    let (unit_kind, unit, section) = match account.unit {
        BookUnit::Office(office, section) => (1_i16, office.0, section as i16),
        BookUnit::Head(corporation) => (2_i16, corporation.0, 0_i16),
    };
    vec![
        unit_kind.into(),
        unit.into(),
        section.into(),
        i16::from(account.kind.number()).into(),
        or_nil(account.party.map(|id| id.0)).into(),
        or_nil(account.cash_place.map(|id| id.0)).into(),
    ]
}

fn take(found: Option<QueryResult>, next: &mut i64) -> Result<i64, StoreError> {
    if let Some(row) = found {
        return Ok(row.try_get_by_index(0)?);
    }
    let no = *next;
    *next += 1;
    Ok(no)
}

async fn all(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<QueryResult>, StoreError> {
    Ok(db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await?)
}

async fn one(
    db: &impl ConnectionTrait,
    sql: String,
    values: Vec<Value>,
) -> Result<Option<QueryResult>, StoreError> {
    Ok(db
        .query_one_raw(Statement::from_sql_and_values(
            db.get_database_backend(),
            sql,
            values,
        ))
        .await?)
}
