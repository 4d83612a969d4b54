//! The baselines: the statements of `baselines/*.sql`, driven by the same recorders.

use super::{Run, drive, tills::Tills};
use crate::{
    place::{Engine, Place},
    world::{SALE_DAY_NUMBER, SALE_MONTH},
};
use anyhow::ensure;
use sqlx::{AssertSqlSafe, PgConnection, SqliteConnection};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio::sync::Mutex;
use uuid::Uuid;

/// Which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One guarded statement an act, no log.
    B0,
    /// B0 and the head row.
    B1,
    /// One transaction an act, by one writer.
    Single,
}

const B0: &str = include_str!("../../baselines/b0.postgres.sql");
const B1: &str = include_str!("../../baselines/b1.postgres.sql");
const SINGLE: &str = include_str!("../../baselines/single.sqlite.sql");

/// How many entries there are.
const ENTRIES: &str = "SELECT COUNT(*) FROM entry";
/// Yen of a piece.
const YEN: i64 = 500;

impl Kind {
    /// As the table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::B0 => "B0",
            Kind::B1 => "B1",
            Kind::Single => "single commits",
        }
    }

    /// Name of its schema or file.
    pub fn schema(self) -> &'static str {
        match self {
            Kind::B0 => "recording_b0",
            Kind::B1 => "recording_b1",
            Kind::Single => "recording_single",
        }
    }

    /// How many times its speed ours should be at 64 recorders.
    pub fn goal(self) -> f64 {
        match self {
            Kind::B0 => 1.3,
            Kind::B1 => 4.0,
            Kind::Single => 1.8,
        }
    }
}

/// What an act's statement is given.
struct Act {
    id: Uuid,
    acting: String,
    key: String,
    body_hash: Vec<u8>,
    canonical: Vec<u8>,
    leaf: Vec<u8>,
    salt: Vec<u8>,
    office: i64,
    lot: i64,
    store: i64,
    sold: i64,
    cash: i64,
    sales: i64,
}

/// Bytes that no compression shortens, other ones for each act.
fn noise(state: &mut u64, count: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(count + 8);
    while bytes.len() < count {
        // splitmix64
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bytes.extend((z ^ (z >> 31)).to_le_bytes());
    }
    bytes.truncate(count);
    bytes
}

impl Act {
    /// The sale of a recorder; `n` counts all acts of the book.
    fn new(tills: &Tills, recorder: usize, n: i64) -> Option<Act> {
        let till = tills.tills.get(recorder % tills.tills.len())?;
        let turn = usize::try_from(n).ok()? + recorder;
        let mut state = n.unsigned_abs().wrapping_mul(0x1000_0001);
        Some(Act {
            id: Uuid::from_u128(u128::from_le_bytes(noise(&mut state, 16).try_into().ok()?)),
            acting: till.acting.clone(),
            key: format!("r1-{recorder}-{n}"),
            body_hash: noise(&mut state, 32),
            canonical: noise(&mut state, tills.canonical),
            leaf: noise(&mut state, 32),
            salt: noise(&mut state, 32),
            office: till.office,
            lot: *till.lots.get(turn % till.lots.len())?,
            store: till.store,
            sold: till.sold,
            cash: till.cash,
            sales: till.sales,
        })
    }
}

/// Binds what all statements have in common.
macro_rules! bound {
    ($sql:expr, $act:expr, $millis:expr) => {
        sqlx::query($sql)
            .bind($act.id)
            .bind($act.acting)
            .bind($act.key)
            .bind($act.body_hash)
            .bind(SALE_DAY_NUMBER)
            .bind($millis)
            .bind($act.canonical)
            .bind($act.leaf)
            .bind($act.salt)
            .bind($act.office)
            .bind($act.lot)
            .bind($act.store)
            .bind($act.sold)
            .bind(1_i64)
            .bind($act.cash)
            .bind($act.sales)
            .bind(YEN)
            .bind(SALE_MONTH)
    };
}

/// Lets so many clients record.
pub async fn run(
    place: &Place,
    kind: Kind,
    tills: &Tills,
    recorders: usize,
    time: Duration,
) -> anyhow::Result<Run> {
    match place.engine {
        Engine::Postgres => postgres(place, kind, tills, recorders, time).await,
        Engine::Sqlite => sqlite(place, tills, recorders, time).await,
    }
}

/// Each client has a connection of its own.
async fn postgres(
    place: &Place,
    kind: Kind,
    tills: &Tills,
    recorders: usize,
    time: Duration,
) -> anyhow::Result<Run> {
    let sql = if kind == Kind::B0 { B0 } else { B1 };
    let entries = place.number(ENTRIES).await?;
    if kind == Kind::B0 {
        let sequence =
            format!("DROP SEQUENCE IF EXISTS baseline_seq; CREATE SEQUENCE baseline_seq START {entries}");
        sqlx::raw_sql(AssertSqlSafe(sequence))
            .execute(&mut place.postgres().await?)
            .await?;
    }
    let count = Arc::new(AtomicI64::new(entries));
    let mut connections: Vec<Arc<Mutex<PgConnection>>> = Vec::new();
    for _ in 0..recorders {
        connections.push(Arc::new(Mutex::new(place.postgres().await?)));
    }
    let tills = Arc::new(tills.clone());
    let run = drive(recorders, time, |recorder| {
        let connection = connections.get(recorder).cloned();
        let (tills, count) = (Arc::clone(&tills), Arc::clone(&count));
        move || {
            let n = count.fetch_add(1, Ordering::Relaxed);
            let (connection, act) = (connection.clone(), Act::new(&tills, recorder, n));
            async move {
                let (Some(connection), Some(act)) = (connection, act) else {
                    anyhow::bail!("no till {recorder}");
                };
                let mut connection = connection.lock().await;
                let done = bound!(sql, act, n).fetch_all(&mut *connection).await?;
                ensure!(done.len() == 1, "B0 or B1 recorded nothing");
                Ok(())
            }
        }
    })
    .await?;
    let after = place.number(ENTRIES).await?;
    ensure!(
        after == count.load(Ordering::Relaxed),
        "{}: {after} entries, not those sent",
        place.name
    );
    Ok(run)
}

/// All clients share the one writer.
async fn sqlite(place: &Place, tills: &Tills, recorders: usize, time: Duration) -> anyhow::Result<Run> {
    let connection = place.sqlite().await?;
    let entries = place.number(ENTRIES).await?;
    let writer = Arc::new(Mutex::new((connection, entries)));
    let tills = Arc::new(tills.clone());
    let run = drive(recorders, time, |recorder| {
        let (writer, tills) = (Arc::clone(&writer), Arc::clone(&tills));
        move || {
            let (writer, tills) = (Arc::clone(&writer), Arc::clone(&tills));
            async move {
                let mut writer = writer.lock().await;
                let (connection, seq) = &mut *writer;
                let Some(act) = Act::new(&tills, recorder, *seq) else {
                    anyhow::bail!("no till {recorder}");
                };
                single(connection, act, *seq).await?;
                *seq += 1;
                Ok(())
            }
        }
    })
    .await?;
    let sent = writer.lock().await.1;
    let after = place.number(ENTRIES).await?;
    ensure!(
        after == sent,
        "{}: {after} entries, not the {sent} sent",
        place.name
    );
    Ok(run)
}

async fn single(connection: &mut SqliteConnection, act: Act, seq: i64) -> anyhow::Result<()> {
    bound!(SINGLE, act, seq).bind(seq).execute(connection).await?;
    Ok(())
}
