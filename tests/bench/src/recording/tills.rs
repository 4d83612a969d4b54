//! The book that recording begins from, and what a baseline has to know of it: numbers of offices, lots, places and
//! accounts, and how large an entry is.

use super::Plan;
use crate::{
    place::{Engine, Place, Places},
    product, world,
};
use anyhow::Context;

/// A till with what it sells.
#[derive(Clone, Debug)]
pub struct Till {
    /// Acting body, as the entry names it.
    pub acting: String,
    /// Number of the office.
    pub office: i64,
    /// Number of its store.
    pub store: i64,
    /// Number of what it has sold.
    pub sold: i64,
    /// Number of its cash account.
    pub cash: i64,
    /// Number of its sales account.
    pub sales: i64,
    /// Numbers of its lots.
    pub lots: Vec<i64>,
}

/// The tills of a book.
#[derive(Clone, Debug)]
pub struct Tills {
    /// One an office.
    pub tills: Vec<Till>,
    /// Canonical bytes of the entry of a sale.
    pub canonical: usize,
}

/// Makes the book in a place of this name.
pub async fn made(places: &Places, plan: &Plan, engine: Engine, name: &str) -> anyhow::Result<Place> {
    let place = places.fresh(engine, name).await?;
    let book = product::open(&place).await?;
    product::record_all(&book, &world::masters(plan.offices)).await?;
    product::record_all(&book, &world::tills(plan.offices, plan.lots)).await?;
    book.store().analyze().await?;
    book.close().await?;
    Ok(place)
}

/// The first sale of each lot, with its two postings.
const SALES: &str = "SELECT e.acting, o.office_no, m.from_no, m.to_no, c.account_no, s.account_no, m.lot_no, \
     CAST(length(e.canonical) AS bigint) FROM entry e JOIN entry_office o ON o.seq = e.seq \
     JOIN movement m ON m.seq = e.seq JOIN posting c ON c.seq = e.seq AND c.yen > 0 \
     JOIN posting s ON s.seq = e.seq AND s.yen < 0 WHERE e.kind = 'sell' ORDER BY e.seq";

type Sale = (String, i64, i64, i64, i64, i64, i64, i64);

impl Tills {
    /// Reads them from the tables.
    pub async fn read(place: &Place, plan: &Plan) -> anyhow::Result<Tills> {
        let sales: Vec<Sale> = match place.engine {
            Engine::Sqlite => {
                sqlx::query_as(SALES)
                    .fetch_all(&mut place.sqlite().await?)
                    .await?
            }
            Engine::Postgres => {
                sqlx::query_as(SALES)
                    .fetch_all(&mut place.postgres().await?)
                    .await?
            }
        };
        let mut tills: Vec<Till> = Vec::new();
        let mut canonical = 0;
        for (acting, office, store, sold, cash, sales, lot, bytes) in sales {
            canonical = usize::try_from(bytes)?;
            match tills.last_mut() {
                Some(till) if till.acting == acting => till.lots.push(lot),
                _ => tills.push(Till {
                    acting,
                    office,
                    store,
                    sold,
                    cash,
                    sales,
                    lots: vec![lot],
                }),
            }
        }
        let whole = tills.len() == plan.offices && tills.iter().all(|till| till.lots.len() == plan.lots);
        whole
            .then_some(())
            .with_context(|| format!("{}: not the tills that were made", place.name))?;
        Ok(Tills { tills, canonical })
    }
}
