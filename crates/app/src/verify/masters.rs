//! Parties and products: what master entries made known, against the rows that have their numbers.

use super::Audit;
use domain::{
    acts::{Act, Rules},
    decide::act_of,
    entry::Entry,
    masters::Masters,
    verify::{Invariant, Problem, Subject},
};
use std::collections::{BTreeMap, HashMap};
use store::{
    StoreError,
    entity::{party, product},
};
use uuid::Uuid;

/// A party or product as an entry made it known.
#[derive(Debug)]
struct Known {
    kind: i16,
    owner: Uuid,
    code: String,
    seq: u64,
}

/// What has a number, and what the entries say of it.
#[derive(Debug, Default)]
pub(super) struct Named {
    masters: Masters,
    parties: BTreeMap<Uuid, Known>,
    products: BTreeMap<Uuid, Known>,
    party_ids: HashMap<i64, Uuid>,
    product_ids: HashMap<i64, Uuid>,
}

impl Named {
    pub fn masters(&self) -> &Masters {
        &self.masters
    }

    /// Ids by number, as the tables have them.
    pub fn load(&mut self, parties: &[party::Model], products: &[product::Model]) {
        self.party_ids = parties.iter().map(|row| (row.no, row.id)).collect();
        self.product_ids = products.iter().map(|row| (row.no, row.id)).collect();
    }

    pub fn party(&self, no: i64) -> Option<Uuid> {
        self.party_ids.get(&no).copied()
    }

    pub fn product(&self, no: i64) -> Option<Uuid> {
        self.product_ids.get(&no).copied()
    }

    /// Folds a master entry. Kinds that this program does not know name nothing it could check.
    pub fn apply(&mut self, entry: &Entry) {
        if !Act::is_master(&entry.kind) {
            return;
        }
        let Some(act) = act_of(entry) else { return };
        act.apply(&mut self.masters, entry);
        let (masters, acting) = (&self.masters, entry.acting.office());
        let party = match &act {
            Act::Office(act) => masters
                .office_by_code(&act.code)
                .map(|found| (0, found.id.0, &act.code)),
            Act::Partner(act) => masters
                .partner_by_code(acting, &act.code)
                .map(|id| (1, id.0, &act.code)),
            Act::Corporation(act) => masters
                .corporation_by_code(&act.code)
                .map(|found| (2, found.id.0, &act.code)),
            Act::Network(act) => masters
                .network_by_code(&act.code)
                .map(|found| (3, found.id.0, &act.code)),
            _ => None,
        };
        let known = |kind, owner, code: &domain::text::Code| Known {
            kind,
            owner,
            code: code.to_string(),
            seq: entry.seq,
        };
        if let Some((kind, id, code)) = party {
            self.parties
                .entry(id)
                .or_insert_with(|| known(kind, Uuid::nil(), code));
        }
        if let (Act::Product(act), Some(office)) = (&act, acting)
            && let Some(product) = masters.product_by_code(office, &act.code)
        {
            self.products
                .entry(product.id.0)
                .or_insert_with(|| known(0, office.0, &act.code));
        }
    }
}

/// A row of either table.
struct NumberedRow {
    no: i64,
    id: Uuid,
    kind: i16,
    owner: Uuid,
    code: String,
    seq: i64,
}

impl Audit {
    /// Compares the rows of parties and products of the first `size` entries.
    pub async fn masters(&mut self, size: u64) -> Result<(), StoreError> {
        let parties = self.store.rows().parties().await;
        let products = self.store.rows().products().await;
        let parties = self
            .readable("party", parties)?
            .into_iter()
            .map(|row| NumberedRow {
                no: row.no,
                id: row.id,
                kind: row.kind,
                owner: Uuid::nil(),
                code: row.code,
                seq: row.seq,
            });
        let parties: Vec<NumberedRow> = parties.collect();
        let owners = &self.named.party_ids;
        let products = products.map(|rows| {
            let row = |row: product::Model| NumberedRow {
                no: row.no,
                id: row.id,
                kind: 0,
                owner: owners.get(&row.owner_no).copied().unwrap_or_default(),
                code: row.code,
                seq: row.seq,
            };
            rows.into_iter().map(row).collect::<Vec<_>>()
        });
        let products = self.readable("product", products)?;
        let (known_parties, known_products) = (
            std::mem::take(&mut self.named.parties),
            std::mem::take(&mut self.named.products),
        );
        self.numbered("party", "kind", parties, known_parties, size)
            .await?;
        self.numbered("product", "owner_no", products, known_products, size)
            .await
    }

    async fn numbered(
        &mut self,
        table: &'static str,
        second: &'static str,
        rows: Vec<NumberedRow>,
        mut known: BTreeMap<Uuid, Known>,
        size: u64,
    ) -> Result<(), StoreError> {
        let old = |row: &NumberedRow| u64::try_from(row.seq).is_ok_and(|seq| seq < size);
        let mut before = -1;
        for (n, row) in rows.into_iter().filter(old).enumerate() {
            let about = [Subject::Row(format!("no={} {}", row.no, row.code))];
            let differs = |column| Problem::Differs { table, column };
            // numbers are given out one by one, one to an entry
            if usize::try_from(row.no) != Ok(n + 1) || row.seq <= before {
                self.add(Invariant::Projected, about.clone(), differs("no"));
            }
            before = before.max(row.seq);
            let Some(known) = known.remove(&row.id) else {
                if self.kind_is_known(row.seq).await? {
                    self.add(Invariant::Projected, about, Problem::RowWithoutEntry { table });
                }
                continue;
            };
            for (column, same) in [
                (second, row.kind == known.kind && row.owner == known.owner),
                ("code", row.code == known.code),
                ("seq", u64::try_from(row.seq) == Ok(known.seq)),
            ] {
                if !same {
                    self.add(Invariant::Projected, about.clone(), differs(column));
                }
            }
        }
        for known in known.into_values() {
            let about = [Subject::Position(known.seq), Subject::Row(known.code)];
            self.add(Invariant::Projected, about, Problem::RowMissing { table });
        }
        Ok(())
    }

    /// Whether this program knows what the entry at a position makes known.
    async fn kind_is_known(&self, seq: i64) -> Result<bool, StoreError> {
        let entries = self.store.rows().entries_at(&[seq]).await?;
        let known = |kind: &str| Act::KINDS.iter().any(|(known, _)| *known == kind);
        Ok(entries.first().is_none_or(|entry| known(&entry.kind)))
    }
}
