//! Missing facts, read in bulk: keys, lots with their stock, timelines, entries.

use super::{
    WriterState, answers,
    column::{Column, Row},
    lookup::{Join, Lookup},
    numbers::{Numbers, place_values},
};
use crate::{Engine, StoreError};
use domain::{
    apply, canonical, entry,
    facts::{EntryFact, Facts, Known, LotFact, Need, Question, Stock},
    id::{EntryId, LotId, PartyId, ProductId},
    lot::Lot,
    masters::Masters,
    place::{Place, PlaceKind},
    text::LotCode,
};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use std::{
    collections::{BTreeMap, HashMap, HashSet, hash_map::Entry},
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
    let mut asked = Asked::default();
    for need in needs.iter().collect::<HashSet<_>>() {
        match need {
            Need::Known(id) => asked.known.push(*id),
            Need::Lot(code) => asked.codes.push(code.clone()),
            Need::LotById(id) => asked.lots.push(*id),
            Need::Entry(id) => asked.entries.push(*id),
            Need::Timeline(lot, place) => asked.timelines.push((*lot, *place)),
            Need::LotsAt(product, place) => asked.lots_at.push((*product, *place)),
            Need::Answer(question) => asked.questions.push(question.clone()),
        }
    }
    known(db, engine, asked.known, facts).await?;
    lots_by_code(db, engine, asked.codes, facts, numbers).await?;
    lots_by_id(db, engine, asked.lots, facts, numbers).await?;
    entries_by_id(db, engine, asked.entries, facts).await?;
    timelines(db, engine, asked.timelines, facts, numbers).await?;
    lots_at(db, engine, asked.lots_at, facts, numbers).await?;
    for question in asked.questions {
        let answer = answers::answer(db, engine, &question, numbers).await?;
        facts.put_answer(question, answer);
    }
    Ok(())
}

/// What is asked for, sorted: one statement each.
#[derive(Default)]
struct Asked {
    known: Vec<EntryId>,
    codes: Vec<LotCode>,
    lots: Vec<LotId>,
    entries: Vec<EntryId>,
    timelines: Vec<(LotId, Place)>,
    lots_at: Vec<(ProductId, Place)>,
    questions: Vec<Question>,
}

/// Master data: the fold of the master entries, up to a size (all when `None`).
pub(crate) async fn masters(
    db: &impl ConnectionTrait,
    engine: Engine,
    up_to: Option<i64>,
) -> Result<Masters, StoreError> {
    more_masters(db, engine, Masters::default(), 0, up_to).await
}

/// Master data with the entries from a position on folded in.
pub(crate) async fn more_masters(
    db: &impl ConnectionTrait,
    engine: Engine,
    masters: Masters,
    from: i64,
    up_to: Option<i64>,
) -> Result<Masters, StoreError> {
    let mut facts = Facts::default();
    facts.masters = masters;
    let mut from = from;
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
pub(crate) fn decode(bytes: &[u8]) -> Result<entry::Entry, StoreError> {
    canonical::decode(bytes).map_err(|error| StoreError::corrupt(error.to_string()))
}

pub(crate) const KNOWN: Lookup = Lookup::by(
    &[("id", Column::Uuid)],
    "e.id, e.seq, e.body_hash",
    &[Join::inner(
        "entry",
        "e",
        "e.id, e.seq, e.body_hash",
        "e.id = k.id",
    )],
);

async fn known(
    db: &impl ConnectionTrait,
    engine: Engine,
    ids: Vec<EntryId>,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    let keys = ids.iter().map(|id| vec![id.0.into()]).collect();
    for id in ids {
        facts.put_known(id, None);
    }
    for row in KNOWN.read(db, engine, keys).await? {
        let body: Vec<u8> = row.try_get_by_index(2)?;
        let body_hash = body
            .try_into()
            .map_err(|_| StoreError::corrupt("entry.body_hash"))?;
        let seq = count(row.try_get_by_index(1)?)?;
        facts.put_known(EntryId(row.try_get_by_index(0)?), Some(Known { seq, body_hash }));
    }
    Ok(())
}

const LOT: &str = "l.no, l.birth_seq, l.facts, (SELECT a.facts FROM lot_amendment a WHERE a.lot_no = l.no \
                   ORDER BY a.seq DESC LIMIT 1), s.quantity, s.last_day, p.no, p.kind, p.owner, p.holder, p.ref";
const STOCK: Join = Join::outer(
    "stock",
    "s",
    "s.place_no, s.quantity, s.last_day",
    "s.lot_no = l.no",
);
const STOCKED_AT: Join = Join::outer(
    "place",
    "p",
    "p.no, p.kind, p.owner, p.holder, p.ref",
    "p.no = s.place_no",
);
pub(crate) const LOT_BY_CODE: Lookup = Lookup::by(
    &[("code", Column::Text)],
    LOT,
    &[
        Join::inner("lot", "l", "l.no, l.birth_seq, l.facts", "l.code = k.code"),
        STOCK,
        STOCKED_AT,
    ],
);
pub(crate) const LOT_BY_ID: Lookup = Lookup::by(
    &[("id", Column::Uuid)],
    LOT,
    &[
        Join::inner("lot", "l", "l.no, l.birth_seq, l.facts", "l.id = k.id"),
        STOCK,
        STOCKED_AT,
    ],
);

async fn lots_by_code(
    db: &impl ConnectionTrait,
    engine: Engine,
    codes: Vec<LotCode>,
    facts: &mut Facts,
    numbers: &mut Numbers,
) -> Result<(), StoreError> {
    let keys = codes
        .iter()
        .map(|code| vec![code.as_str().to_owned().into()])
        .collect();
    for code in codes {
        facts.put_no_lot(code);
    }
    put_lots(LOT_BY_CODE.read(db, engine, keys).await?, facts, numbers)
}

async fn lots_by_id(
    db: &impl ConnectionTrait,
    engine: Engine,
    ids: Vec<LotId>,
    facts: &mut Facts,
    numbers: &mut Numbers,
) -> Result<(), StoreError> {
    let keys = ids.iter().map(|id| vec![id.0.into()]).collect();
    for id in ids {
        facts.put_no_lot_by_id(id);
    }
    put_lots(LOT_BY_ID.read(db, engine, keys).await?, facts, numbers)
}

/// Lots with their stock: one row a place, the lot's own columns in each.
fn put_lots(rows: Vec<QueryResult>, facts: &mut Facts, numbers: &mut Numbers) -> Result<(), StoreError> {
    let mut lots: HashMap<i64, LotFact> = HashMap::new();
    for row in rows {
        let fact = match lots.entry(row.try_get_by_index(0)?) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let lot = read_lot(&row)?;
                numbers.lots.insert(lot.id, *new.key());
                new.insert(LotFact {
                    lot,
                    born_in: count(row.try_get_by_index(1)?)?,
                    stock: BTreeMap::new(),
                })
            }
        };
        let Some(no) = row.try_get_by_index::<Option<i64>>(6)? else {
            continue;
        };
        let place = read_place(&row, 7)?;
        numbers.places.insert(place, no);
        let stock = Stock {
            quantity: row.try_get_by_index(4)?,
            last_day: row.try_get_by_index(5)?,
        };
        fact.stock.insert(place, stock);
    }
    for fact in lots.into_values() {
        facts.put_lot(fact);
    }
    Ok(())
}

fn read_lot(row: &QueryResult) -> Result<Lot, StoreError> {
    let born: String = row.try_get_by_index(2)?;
    let amended: Option<String> = row.try_get_by_index(3)?;
    serde_json::from_str(amended.as_deref().unwrap_or(&born)).map_err(|_| StoreError::corrupt("lot.facts"))
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
    rows.iter().map(read_entry).collect()
}

fn read_entry(row: &QueryResult) -> Result<EntryFact, StoreError> {
    let entry = Arc::new(decode(&row.try_get_by_index::<Vec<u8>>(0)?)?);
    let reversed_by: Option<Uuid> = row.try_get_by_index(1)?;
    Ok(EntryFact {
        entry,
        reversed_by: reversed_by.map(EntryId),
    })
}

pub(crate) const ENTRY_BY_ID: Lookup = Lookup::by(
    &[("id", Column::Uuid)],
    "e.canonical, (SELECT r.id FROM entry r WHERE r.reverses_seq = e.seq)",
    &[Join::inner("entry", "e", "e.seq, e.canonical", "e.id = k.id")],
);

async fn entries_by_id(
    db: &impl ConnectionTrait,
    engine: Engine,
    ids: Vec<EntryId>,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    let keys = ids.iter().map(|id| vec![id.0.into()]).collect();
    for id in ids {
        facts.put_entry(id, None);
    }
    for row in ENTRY_BY_ID.read(db, engine, keys).await? {
        let fact = read_entry(&row)?;
        facts.put_entry(fact.entry.id, Some(fact));
    }
    Ok(())
}

pub(crate) const INTO: Lookup = Lookup::by(
    &[("lot", Column::Big), ("place", Column::Big)],
    "k.lot, k.place, m.book_on, CAST(SUM(m.quantity) AS bigint)",
    &[Join::inner(
        "movement",
        "m",
        "m.book_on, m.quantity",
        "m.lot_no = k.lot AND m.to_no = k.place",
    )
    .by_index("movement_into")],
)
.grouped("GROUP BY k.lot, k.place, m.book_on");
pub(crate) const OUT_OF: Lookup = Lookup::by(
    &[("lot", Column::Big), ("place", Column::Big)],
    "k.lot, k.place, m.book_on, CAST(-SUM(m.quantity) AS bigint)",
    &[Join::inner(
        "movement",
        "m",
        "m.book_on, m.quantity",
        "m.lot_no = k.lot AND m.from_no = k.place",
    )
    .by_index("movement_out_of")],
)
.grouped("GROUP BY k.lot, k.place, m.book_on");

/// Sums per day of both sides of lots at places; empty where either has no number yet.
async fn timelines(
    db: &impl ConnectionTrait,
    engine: Engine,
    asked: Vec<(LotId, Place)>,
    facts: &mut Facts,
    numbers: &Numbers,
) -> Result<(), StoreError> {
    let mut days: HashMap<(i64, i64), BTreeMap<i32, i64>> = HashMap::new();
    let number = |(lot, place): &(LotId, Place)| Some((*numbers.lots.get(lot)?, *numbers.places.get(place)?));
    let keys: Vec<Row> = (asked.iter().filter_map(number))
        .map(|(lot, place)| vec![lot.into(), place.into()])
        .collect();
    for lookup in [&INTO, &OUT_OF] {
        for row in lookup.read(db, engine, keys.clone()).await? {
            let at = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let moved = days
                .entry(at)
                .or_default()
                .entry(row.try_get_by_index(2)?)
                .or_insert(0);
            *moved = moved.saturating_add(row.try_get_by_index(3)?);
        }
    }
    for key in asked {
        let days = number(&key).and_then(|at| days.remove(&at)).unwrap_or_default();
        facts.put_timeline(key.0, key.1, days);
    }
    Ok(())
}

/// By the lots of the product, which are far fewer than those that ever were at the place.
pub(crate) const LOTS_AT: Lookup = Lookup::by(
    &[
        ("n", Column::Big),
        ("product", Column::Big),
        ("kind", Column::Small),
        ("owner", Column::Uuid),
        ("holder", Column::Uuid),
        ("ref", Column::Uuid),
    ],
    "k.n, l.id, s.quantity",
    &[
        Join::inner(
            "place",
            "p",
            "p.no",
            "p.kind = k.kind AND p.owner = k.owner AND p.holder = k.holder AND p.ref = k.ref",
        ),
        Join::inner("lot", "l", "l.no, l.id", "l.product_no = k.product").by_index("lot_by_product"),
        Join::inner(
            "stock",
            "s",
            "s.quantity",
            "s.lot_no = l.no AND s.place_no = p.no",
        ),
    ],
);

/// Lots of products that are or were at places: all of them, because what is empty now may be filled again by the
/// correction that asks, was not empty on the day that is counted, or is the last that ever was there. Facts that were
/// loaded must not differ from those that were kept.
async fn lots_at(
    db: &impl ConnectionTrait,
    engine: Engine,
    asked: Vec<(ProductId, Place)>,
    facts: &mut Facts,
    numbers: &Numbers,
) -> Result<(), StoreError> {
    let key = |(n, (product, place)): (i64, &(ProductId, Place))| {
        let mut key: Row = vec![n.into(), (*numbers.products.get(product)?).into()];
        key.extend(place_values(place));
        Some(key)
    };
    let keys: Vec<Row> = (0_i64..).zip(&asked).filter_map(key).collect();
    let mut found: HashMap<i64, Vec<(LotId, i64)>> = HashMap::new();
    for row in LOTS_AT.read(db, engine, keys).await? {
        let lot = (LotId(row.try_get_by_index(1)?), row.try_get_by_index(2)?);
        found.entry(row.try_get_by_index(0)?).or_default().push(lot);
    }
    for (n, (product, place)) in (0_i64..).zip(asked) {
        facts.put_lots_at(product, place, found.remove(&n).unwrap_or_default());
    }
    Ok(())
}
