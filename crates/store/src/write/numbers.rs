//! Small numbers of this book for lots, places, accounts, parties and products, given out under the head's lock.

use super::{
    column::{Column, Row},
    head::Head,
    load::read_place,
    lookup::{Join, Lookup},
};
use crate::{Engine, StoreError};
use domain::{
    account::{Account, BookUnit},
    id::{LotId, PartyId, ProductId},
    place::Place,
};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use std::collections::{BTreeSet, HashMap, hash_map::Entry};
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
    pub async fn load(db: &impl ConnectionTrait, head: &Head) -> Result<Numbers, StoreError> {
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

    /// Reads the numbers that these places and accounts have, if any.
    pub async fn look_up(
        &mut self,
        db: &impl ConnectionTrait,
        engine: Engine,
        places: impl Iterator<Item = Place>,
        accounts: impl Iterator<Item = Account>,
    ) -> Result<(), StoreError> {
        let places: BTreeSet<Place> = places.filter(|place| !self.places.contains_key(place)).collect();
        let keys = places.iter().map(place_values).collect();
        for row in PLACE_NO.read(db, engine, keys).await? {
            self.places.insert(read_place(&row, 1)?, row.try_get_by_index(0)?);
        }
        let accounts: BTreeSet<Account> = accounts
            .filter(|account| !self.accounts.contains_key(account))
            .collect();
        let accounts: Vec<Account> = accounts.into_iter().collect();
        let keys = (0_i64..).zip(&accounts).map(|(n, account)| {
            let mut key: Row = vec![n.into()];
            key.extend(account_values(account));
            key
        });
        for row in ACCOUNT_NO.read(db, engine, keys.collect()).await? {
            let n: i64 = row.try_get_by_index(1)?;
            let account = usize::try_from(n).ok().and_then(|n| accounts.get(n));
            let account = account.ok_or_else(|| StoreError::corrupt("account"))?;
            self.accounts.insert(*account, row.try_get_by_index(0)?);
        }
        Ok(())
    }

    /// A place's number; a new one where it has none. The flag says that its row must be written. What has a number
    /// was looked up before.
    pub fn place(&mut self, place: Place) -> (i64, bool) {
        let next = &mut self.next_place;
        give(self.places.entry(place), next)
    }

    /// An account's number, as [`Numbers::place`].
    pub fn account(&mut self, account: Account) -> (i64, bool) {
        let next = &mut self.next_account;
        give(self.accounts.entry(account), next)
    }
}

pub(crate) const PLACE_NO: Lookup = Lookup::by(
    &[
        ("kind", Column::Small),
        ("owner", Column::Uuid),
        ("holder", Column::Uuid),
        ("ref", Column::Uuid),
    ],
    "p.no, k.kind, k.owner, k.holder, k.ref",
    &[Join::inner(
        "place",
        "p",
        "p.no",
        "p.kind = k.kind AND p.owner = k.owner AND p.holder = k.holder AND p.ref = k.ref",
    )],
);

pub(crate) const ACCOUNT_NO: Lookup = Lookup::by(
    &[
        ("n", Column::Big),
        ("unit_kind", Column::Small),
        ("unit", Column::Uuid),
        ("section", Column::Small),
        ("kind", Column::Small),
        ("party", Column::Uuid),
        ("cash_place", Column::Uuid),
    ],
    "a.no, k.n",
    &[Join::inner(
        "account",
        "a",
        "a.no",
        "a.unit_kind = k.unit_kind AND a.unit = k.unit AND a.section = k.section AND a.kind = k.kind \
             AND a.party = k.party AND a.cash_place = k.cash_place",
    )],
);

fn give<K>(known: Entry<'_, K, i64>, next: &mut i64) -> (i64, bool) {
    match known {
        Entry::Occupied(known) => (*known.get(), false),
        Entry::Vacant(new) => {
            let no = *next;
            *next += 1;
            (*new.insert(no), true)
        }
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

async fn all(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<QueryResult>, StoreError> {
    Ok(db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await?)
}
