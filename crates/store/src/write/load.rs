//! Missing facts, read in bulk: keys, lots with their stock, timelines, entries.

use super::{
    WriterState, answers,
    insert::{Column, select_in},
    numbers::Numbers,
};
use crate::{Engine, StoreError};
use domain::{
    apply, canonical,
    entry::Entry,
    facts::{EntryFact, Facts, Known, LotFact, Need, Stock},
    id::{EntryId, LotId, PartyId, ProductId},
    lot::Lot,
    masters::Masters,
    place::{Place, PlaceKind},
    text::LotCode,
};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// Loads all that is asked for.
pub(super) async fn needs(
    db: &impl ConnectionTrait,
    engine: Engine,
    needs: &[Need],
    state: &mut WriterState,
) -> Result<(), StoreError> {
    let WriterState { facts, numbers, .. } = state;
    let (mut ids, mut codes, mut lots, mut entries) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut later = Vec::new();
    for need in needs.iter().collect::<HashSet<_>>() {
        match need {
            Need::Known(id) => ids.push(*id),
            Need::Lot(code) => codes.push(code.clone()),
            Need::LotById(id) => lots.push(*id),
            Need::Entry(id) => entries.push(*id),
            Need::Timeline(..) | Need::LotsAt(..) | Need::Answer(_) => later.push(need),
        }
    }
    known(db, engine, ids, facts).await?;
    lots_by_code(db, engine, codes, facts, numbers).await?;
    lots_by_id(db, engine, lots, facts, numbers).await?;
    for id in entries {
        let fact = entry(db, engine, id).await?;
        facts.put_entry(id, fact);
    }
    for need in later {
        match need {
            Need::Timeline(lot, place) => {
                let days = timeline(db, engine, numbers.lots.get(lot), numbers.places.get(place)).await?;
                facts.put_timeline(*lot, *place, days);
            }
            Need::LotsAt(product, place) => {
                let found = lots_at(db, engine, *product, *place, numbers).await?;
                facts.put_lots_at(*product, *place, found);
            }
            Need::Answer(question) => {
                let answer = answers::answer(db, engine, question, numbers).await?;
                facts.put_answer(question.clone(), answer);
            }
            Need::Known(_) | Need::Lot(_) | Need::LotById(_) | Need::Entry(_) => {}
        }
    }
    Ok(())
}

/// Master data: the fold of the master entries, up to a size (all when `None`).
pub(crate) async fn masters(
    db: &impl ConnectionTrait,
    engine: Engine,
    up_to: Option<i64>,
) -> Result<Masters, StoreError> {
    let mut facts = Facts::default();
    let mut from = 0_i64;
    loop {
        let sql = format!(
            "SELECT seq, canonical FROM entry WHERE is_master AND seq >= {} AND seq < {} ORDER BY seq LIMIT 1000",
            engine.parameter(1),
            engine.parameter(2)
        );
        let values: [Value; 2] = [from.into(), up_to.unwrap_or(i64::MAX).into()];
        let rows = db
            .query_all_raw(Statement::from_sql_and_values(
                db.get_database_backend(),
                sql,
                values,
            ))
            .await?;
        let Some(last) = rows.last() else { break };
        from = last.try_get_by_index::<i64>(0)? + 1;
        for row in &rows {
            let entry = decode(&row.try_get_by_index::<Vec<u8>>(1)?)?;
            apply::apply(&mut facts, &Arc::new(entry), [0; 32]);
        }
    }
    Ok(std::mem::take(&mut facts.masters))
}

/// An entry's bytes, decoded.
pub(crate) fn decode(bytes: &[u8]) -> Result<Entry, StoreError> {
    canonical::decode(bytes).map_err(|error| StoreError::corrupt(error.to_string()))
}

async fn known(
    db: &impl ConnectionTrait,
    engine: Engine,
    ids: Vec<EntryId>,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    let keys = ids.iter().map(|id| id.0.into()).collect();
    let sql = "SELECT id, seq, body_hash FROM entry WHERE id IN {keys}";
    let mut found = HashMap::new();
    for row in select_in(db, engine, sql, Column::Uuid, keys).await? {
        let body: Vec<u8> = row.try_get_by_index(2)?;
        let body_hash = body
            .try_into()
            .map_err(|_| StoreError::corrupt("entry.body_hash"))?;
        let seq = count(row.try_get_by_index(1)?)?;
        found.insert(EntryId(row.try_get_by_index(0)?), Known { seq, body_hash });
    }
    for id in ids {
        facts.put_known(id, found.get(&id).copied());
    }
    Ok(())
}

const LOT: &str = "SELECT l.no, l.birth_seq, l.facts, (SELECT a.facts FROM lot_amendment a WHERE a.lot_no = l.no \
                   ORDER BY a.seq DESC LIMIT 1) FROM lot l WHERE";

async fn lots_by_code(
    db: &impl ConnectionTrait,
    engine: Engine,
    codes: Vec<LotCode>,
    facts: &mut Facts,
    numbers: &mut Numbers,
) -> Result<(), StoreError> {
    let keys = codes.iter().map(|code| code.as_str().to_owned().into()).collect();
    let rows = select_in(
        db,
        engine,
        &format!("{LOT} l.code IN {{keys}}"),
        Column::Text,
        keys,
    )
    .await?;
    for code in codes {
        facts.put_no_lot(code);
    }
    put_lots(db, engine, rows, facts, numbers).await
}

async fn lots_by_id(
    db: &impl ConnectionTrait,
    engine: Engine,
    ids: Vec<LotId>,
    facts: &mut Facts,
    numbers: &mut Numbers,
) -> Result<(), StoreError> {
    let keys = ids.iter().map(|id| id.0.into()).collect();
    let rows = select_in(db, engine, &format!("{LOT} l.id IN {{keys}}"), Column::Uuid, keys).await?;
    for id in ids {
        facts.put_no_lot_by_id(id);
    }
    put_lots(db, engine, rows, facts, numbers).await
}

async fn put_lots(
    db: &impl ConnectionTrait,
    engine: Engine,
    rows: Vec<QueryResult>,
    facts: &mut Facts,
    numbers: &mut Numbers,
) -> Result<(), StoreError> {
    let mut lots: HashMap<i64, LotFact> = HashMap::new();
    for row in rows {
        let born: String = row.try_get_by_index(2)?;
        let amended: Option<String> = row.try_get_by_index(3)?;
        let lot: Lot = serde_json::from_str(amended.as_deref().unwrap_or(&born))
            .map_err(|_| StoreError::corrupt("lot.facts"))?;
        let no: i64 = row.try_get_by_index(0)?;
        numbers.lots.insert(lot.id, no);
        lots.insert(
            no,
            LotFact {
                lot,
                born_in: count(row.try_get_by_index(1)?)?,
                stock: BTreeMap::new(),
            },
        );
    }
    let keys = lots.keys().map(|no| (*no).into()).collect();
    let sql = "SELECT s.lot_no, s.quantity, s.last_day, p.no, p.kind, p.owner, p.holder, p.ref \
               FROM stock s JOIN place p ON p.no = s.place_no WHERE s.lot_no IN {keys}";
    for row in select_in(db, engine, sql, Column::Big, keys).await? {
        let place = read_place(&row, 4)?;
        numbers.places.insert(place, row.try_get_by_index(3)?);
        let stock = Stock {
            quantity: row.try_get_by_index(1)?,
            last_day: row.try_get_by_index(2)?,
        };
        if let Some(fact) = lots.get_mut(&row.try_get_by_index::<i64>(0)?) {
            fact.stock.insert(place, stock);
        }
    }
    for fact in lots.into_values() {
        facts.put_lot(fact);
    }
    Ok(())
}

/// A place from four columns of a row.
pub(crate) fn read_place(row: &QueryResult, at: usize) -> Result<Place, StoreError> {
    let kind: i16 = row.try_get_by_index(at)?;
    let kind = u8::try_from(kind).ok().and_then(PlaceKind::from_number);
    let reference: Uuid = row.try_get_by_index(at + 3)?;
    Ok(Place {
        kind: kind.ok_or_else(|| StoreError::corrupt("place.kind"))?,
        owner: PartyId(row.try_get_by_index(at + 1)?),
        holder: PartyId(row.try_get_by_index(at + 2)?),
        reference: (!reference.is_nil()).then_some(reference),
    })
}

/// A row of the log as a position.
pub(crate) fn count(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::corrupt("seq"))
}

const ENTRY: &str =
    "SELECT e.canonical, (SELECT r.id FROM entry r WHERE r.reverses_seq = e.seq) FROM entry e";

/// Entries with what became of them; `rest` follows the FROM clause.
pub(super) async fn entries(
    db: &impl ConnectionTrait,
    rest: &str,
    values: Vec<Value>,
) -> Result<Vec<EntryFact>, StoreError> {
    let read = Statement::from_sql_and_values(db.get_database_backend(), format!("{ENTRY} {rest}"), values);
    let rows = db.query_all_raw(read).await?;
    let facts = rows.into_iter().map(|row| {
        let entry = Arc::new(decode(&row.try_get_by_index::<Vec<u8>>(0)?)?);
        let reversed_by: Option<Uuid> = row.try_get_by_index(1)?;
        Ok(EntryFact {
            entry,
            reversed_by: reversed_by.map(EntryId),
        })
    });
    facts.collect()
}

async fn entry(
    db: &impl ConnectionTrait,
    engine: Engine,
    id: EntryId,
) -> Result<Option<EntryFact>, StoreError> {
    let rest = format!("WHERE e.id = {}", engine.parameter(1));
    Ok(entries(db, &rest, vec![id.0.into()]).await?.pop())
}

/// Sums per day of both sides of a lot at a place; empty where neither has a number yet.
async fn timeline(
    db: &impl ConnectionTrait,
    engine: Engine,
    lot: Option<&i64>,
    place: Option<&i64>,
) -> Result<BTreeMap<i32, i64>, StoreError> {
    let (Some(lot), Some(place)) = (lot, place) else {
        return Ok(BTreeMap::new());
    };
    let p = |n| engine.parameter(n);
    let sql = format!(
        "SELECT book_on, CAST(SUM(moved) AS bigint) FROM (\
         SELECT book_on, quantity AS moved FROM movement WHERE lot_no = {} AND to_no = {} UNION ALL \
         SELECT book_on, -quantity AS moved FROM movement WHERE lot_no = {} AND from_no = {}) legs GROUP BY book_on",
        p(1),
        p(2),
        p(1),
        p(2)
    );
    let values: [Value; 2] = [(*lot).into(), (*place).into()];
    let rows = db
        .query_all_raw(Statement::from_sql_and_values(
            db.get_database_backend(),
            sql,
            values,
        ))
        .await?;
    rows.into_iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}

/// Lots of a product with something left at a place, and the last one that was ever there.
async fn lots_at(
    db: &impl ConnectionTrait,
    engine: Engine,
    product: ProductId,
    place: Place,
    numbers: &Numbers,
) -> Result<Vec<LotId>, StoreError> {
    let Some(product) = numbers.products.get(&product) else {
        return Ok(Vec::new());
    };
    let p = |n| engine.parameter(n);
    let there = format!(
        "FROM place p JOIN stock s ON s.place_no = p.no JOIN lot l ON l.no = s.lot_no \
         WHERE p.kind = {} AND p.owner = {} AND p.holder = {} AND p.ref = {} AND l.product_no = {}",
        p(1),
        p(2),
        p(3),
        p(4),
        p(5)
    );
    let sql = format!(
        "SELECT id FROM (SELECT l.no, l.id {there} AND s.quantity <> 0 UNION \
         SELECT no, id FROM (SELECT l.no, l.id {there} ORDER BY l.no DESC LIMIT 1) latest) found ORDER BY no"
    );
    let mut values = super::numbers::place_values(&place);
    values.push((*product).into());
    let rows = db
        .query_all_raw(Statement::from_sql_and_values(
            db.get_database_backend(),
            sql,
            values,
        ))
        .await?;
    rows.into_iter()
        .map(|row| Ok(LotId(row.try_get_by_index(0)?)))
        .collect()
}
