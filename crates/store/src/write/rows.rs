//! The rows of decided entries: ledger, projections, tiles.

use super::{
    Batch, WriterState,
    column::Row,
    erase,
    insert::{self, insert},
    numbers::{Numbers, account_values, place_values},
};
use crate::StoreError;
use domain::{
    acts::Act,
    canonical,
    decide::Decided,
    entry::{Entry, ReferenceRole},
    facts::Facts,
    id::{LotId, PartyId},
    log::{self, Hash, TileAppend},
    numbered::Numbered,
    place::Place,
    tax::PriceBasis,
};
use sea_orm::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
struct Rows {
    entry: Vec<Row>,
    entry_text: Vec<Row>,
    entry_office: Vec<Row>,
    entry_ref: Vec<Row>,
    numbered: Vec<Row>,
    party: Vec<Row>,
    product: Vec<Row>,
    lot: Vec<Row>,
    lot_amendment: Vec<Row>,
    place: Vec<Row>,
    account: Vec<Row>,
    movement: Vec<Row>,
    posting: Vec<Row>,
    link: Vec<Row>,
    touched: BTreeSet<(LotId, Place)>,
    balance: BTreeMap<i64, (i64, i32)>,
    balance_month: BTreeMap<(i64, i32), i64>,
}

/// Rows and sums of entries, the tiles that their leaves go into, and the head after them.
pub(super) async fn write(
    batch: &mut Batch,
    entries: &[Decided],
    state: &mut WriterState,
) -> Result<(), StoreError> {
    let WriterState { facts, numbers, .. } = state;
    let each = || entries.iter().map(|decided| &decided.entry);
    let places = each()
        .flat_map(|entry| &entry.movements)
        .flat_map(|moved| [moved.from, moved.to]);
    let accounts = each()
        .flat_map(|entry| &entry.postings)
        .map(|posting| posting.account);
    numbers.look_up(&batch.tx, batch.engine, places, accounts).await?;
    let mut rows = Rows::default();
    let mut leaves = Vec::with_capacity(entries.len());
    for decided in entries {
        let entry = &decided.entry;
        leaves.push(rows.entry(decided, facts)?);
        rows.texts(decided)?;
        rows.masters(entry, facts, numbers)?;
        rows.lots(entry, numbers)?;
        rows.movements(entry, numbers)?;
        rows.postings(entry, numbers)?;
        rows.links_offices_references(entry, facts, numbers)?;
    }
    let stock = rows.stock(facts, numbers)?;
    let tiles = tiles(log::append_batch(&mut batch.frontier, &leaves))?;
    batch
        .head
        .recorded(each().map(|entry| entry.recorded_at.millis()));
    let head = batch.head.values(&batch.frontier, numbers)?;
    insert(&batch.tx, batch.engine, rows.all(stock, tiles), head).await?;
    batch.erases |= erase::erase(&batch.tx, batch.engine, entries).await?;
    batch.head.size = batch.frontier.size();
    Ok(())
}

fn tiles(tiles: Vec<TileAppend>) -> Result<Vec<Row>, StoreError> {
    let rows = tiles.into_iter().map(|tile| {
        let slot = i16::try_from(tile.offset).map_err(|_| StoreError::corrupt("log_tile.slot"))?;
        Ok(vec![
            i16::from(tile.level).into(),
            number(tile.index)?.into(),
            slot.into(),
            log::pack(&tile.hashes).into(),
        ])
    });
    rows.collect()
}

fn number(count: u64) -> Result<i64, StoreError> {
    i64::try_from(count).map_err(|_| StoreError::corrupt("number"))
}

fn line(n: usize) -> Result<Value, StoreError> {
    Ok(i32::try_from(n).map_err(|_| StoreError::corrupt("line"))?.into())
}

impl Rows {
    fn entry(&mut self, decided: &Decided, facts: &Facts) -> Result<Hash, StoreError> {
        let entry = &decided.entry;
        let parts = canonical::parts(entry);
        let leaf = log::leaf_hash(&canonical::leaf_content(entry.seq, &parts, &decided.seed));
        let reverses = match entry.reverses {
            None => None,
            Some(id) => Some(number(seq_of(facts, id)?)?),
        };
        self.entry.push(vec![
            number(entry.seq)?.into(),
            entry.id.0.into(),
            entry.kind.clone().into(),
            i32::from(entry.format).into(),
            entry.acting.to_string().into(),
            entry.key.as_str().to_owned().into(),
            decided.body_hash.to_vec().into(),
            entry.supplied_on.as_number().into(),
            entry.book_on.as_number().into(),
            entry.recorded_at.millis().into(),
            entry.recorder.clone().into(),
            entry.group.map(|id| id.0).into(),
            entry.agreement.map(|id| id.0).into(),
            reverses.into(),
            Act::is_master(&entry.kind).into(),
            canonical::encode(&parts).into(),
            leaf.as_bytes().to_vec().into(),
            decided.seed.to_vec().into(),
        ]);
        Ok(leaf)
    }

    fn texts(&mut self, decided: &Decided) -> Result<(), StoreError> {
        for (n, text) in decided.texts.iter().enumerate() {
            let role = erase::name(text.role);
            let salt = text.kept.as_ref().map(|kept| kept.salt.to_vec());
            let text = text.kept.as_ref().map(|kept| kept.text.as_str().to_owned());
            let seq = number(decided.entry.seq)?;
            self.entry_text
                .push(vec![seq.into(), line(n)?, role.into(), salt.into(), text.into()]);
        }
        Ok(())
    }

    /// Numbers for what a master entry made known. A second entry for the same thing makes nothing new.
    fn masters(&mut self, entry: &Entry, facts: &Facts, numbers: &mut Numbers) -> Result<(), StoreError> {
        if !Act::is_master(&entry.kind) {
            return Ok(());
        }
        let Some(act) = domain::decide::act_of(entry) else {
            return Ok(());
        };
        let masters = &facts.masters;
        let acting = entry.acting.office();
        let party = match &act {
            Act::Office(act) => masters
                .office_by_code(&act.code)
                .map(|office| (0_i16, office.id.0, &act.code)),
            Act::Partner(act) => masters
                .partner_by_code(acting, &act.code)
                .map(|id| (1, id.0, &act.code)),
            Act::Corporation(act) => masters
                .corporation_by_code(&act.code)
                .map(|found| (2, found.id.0, &act.code)),
            Act::Network(act) => masters
                .network_by_code(&act.code)
                .map(|network| (3, network.id.0, &act.code)),
            _ => None,
        };
        let seq = number(entry.seq)?;
        if let Some((kind, id, code)) = party
            && !numbers.parties.contains_key(&id)
        {
            let no = numbers.next_party;
            numbers.next_party += 1;
            numbers.parties.insert(id, no);
            self.party.push(vec![
                no.into(),
                kind.into(),
                id.into(),
                code.as_str().to_owned().into(),
                seq.into(),
            ]);
        }
        if let (Act::Product(act), Some(office)) = (&act, acting)
            && let Some(product) = masters.product_by_code(office, &act.code)
            && !numbers.products.contains_key(&product.id)
        {
            let (no, owner) = (numbers.next_product, numbers.party(office)?);
            numbers.next_product += 1;
            numbers.products.insert(product.id, no);
            let code = act.code.as_str().to_owned();
            self.product.push(vec![
                no.into(),
                product.id.0.into(),
                owner.into(),
                code.into(),
                seq.into(),
            ]);
        }
        Ok(())
    }

    fn lots(&mut self, entry: &Entry, numbers: &mut Numbers) -> Result<(), StoreError> {
        for birth in &entry.births {
            let lot = &birth.lot;
            let facts = serde_json::to_string(lot).map_err(|_| StoreError::corrupt("lot.facts"))?;
            if birth.amends {
                let no = numbers.lot(lot.id)?;
                self.lot_amendment
                    .push(vec![no.into(), number(entry.seq)?.into(), facts.into()]);
                continue;
            }
            let no = numbers.next_lot;
            numbers.next_lot += 1;
            numbers.lots.insert(lot.id, no);
            let product = numbers.products.get(&lot.product).copied();
            self.lot.push(vec![
                no.into(),
                lot.id.0.into(),
                lot.code.as_str().to_owned().into(),
                product.ok_or_else(|| StoreError::corrupt("product"))?.into(),
                numbers.party(lot.maker)?.into(),
                number(entry.seq)?.into(),
                Some(lot.made_on.as_number()).into(),
                lot.best_before.map(|date| date.day.as_number()).into(),
                facts.into(),
            ]);
        }
        Ok(())
    }

    fn movements(&mut self, entry: &Entry, numbers: &mut Numbers) -> Result<(), StoreError> {
        for (n, movement) in entry.movements.iter().enumerate() {
            let mut ends = [0_i64; 2];
            for (end, place) in ends.iter_mut().zip([movement.from, movement.to]) {
                let (no, is_new) = numbers.place(place);
                if is_new {
                    let mut row: Row = vec![no.into()];
                    row.extend(place_values(&place));
                    self.place.push(row);
                }
                *end = no;
                self.touched.insert((movement.lot, place));
            }
            self.movement.push(vec![
                number(entry.seq)?.into(),
                line(n)?,
                numbers.lot(movement.lot)?.into(),
                ends[0].into(),
                ends[1].into(),
                movement.quantity.get().into(),
                movement.assumed.into(),
                entry.book_on.as_number().into(),
            ]);
        }
        Ok(())
    }

    fn postings(&mut self, entry: &Entry, numbers: &mut Numbers) -> Result<(), StoreError> {
        for (n, posting) in entry.postings.iter().enumerate() {
            let (no, is_new) = numbers.account(posting.account);
            if is_new {
                let mut row: Row = vec![no.into()];
                row.extend(account_values(&posting.account));
                self.account.push(row);
            }
            let (yen, day) = (posting.yen.get(), entry.book_on);
            let balance = self.balance.entry(no).or_insert((0, 0));
            *balance = (balance.0.saturating_add(yen), balance.1.max(day.as_number()));
            let month = self
                .balance_month
                .entry((no, day.month().as_number()))
                .or_insert(0);
            *month = month.saturating_add(yen);
            self.posting.push(vec![
                number(entry.seq)?.into(),
                line(n)?,
                no.into(),
                yen.into(),
                i16::from(posting.tax.category.number()).into(),
                i16::from(posting.tax.percent).into(),
                basis(posting.basis).into(),
                posting.work.as_ref().map(|work| work.as_str().to_owned()).into(),
                entry.supplied_on.as_number().into(),
                day.as_number().into(),
            ]);
        }
        Ok(())
    }

    fn links_offices_references(
        &mut self,
        entry: &Entry,
        facts: &Facts,
        numbers: &Numbers,
    ) -> Result<(), StoreError> {
        let seq = number(entry.seq)?;
        for (n, link) in entry.links.iter().enumerate() {
            let (input, output) = (numbers.lot(link.input)?, numbers.lot(link.output)?);
            self.link.push(vec![
                seq.into(),
                line(n)?,
                input.into(),
                output.into(),
                link.quantity.into(),
            ]);
        }
        for office in &entry.offices {
            self.entry_office
                .push(vec![numbers.party(PartyId::from(*office))?.into(), seq.into()]);
        }
        if let Some(numbered) = Numbered::of(entry) {
            let own = number(numbered.number)?;
            self.numbered
                .push(vec![numbered.series.key().into(), own.into(), seq.into()]);
        }
        let mut seen = BTreeSet::new();
        for reference in &entry.references {
            // events, jobs and documents are no entries of the log
            let target = facts
                .known(domain::id::EntryId(reference.id))
                .ok()
                .flatten()
                .map(|known| known.seq);
            let target = target.or_else(|| seq_of(facts, domain::id::EntryId(reference.id)).ok());
            if let Some(target) = target
                && seen.insert((target, reference.role))
            {
                self.entry_ref.push(vec![
                    number(target)?.into(),
                    seq.into(),
                    role(reference.role).into(),
                ]);
            }
        }
        Ok(())
    }

    /// What the applied entries leave of each lot at each place they touched.
    fn stock(&mut self, facts: &Facts, numbers: &Numbers) -> Result<Vec<Row>, StoreError> {
        let missing = || StoreError::corrupt("stock of a lot that was not loaded");
        let rows = std::mem::take(&mut self.touched).into_iter().map(|(lot, place)| {
            let fact = facts.lot(lot).ok().flatten().ok_or_else(missing)?;
            let stock = fact.stock.get(&place).copied().ok_or_else(missing)?;
            let place_no = numbers.places.get(&place).copied().ok_or_else(missing)?;
            Ok(vec![
                numbers.lot(lot)?.into(),
                place_no.into(),
                place.is_inner().into(),
                stock.quantity.into(),
                stock.last_day.into(),
            ])
        });
        rows.collect()
    }

    /// All rows in the order of the tables.
    fn all(self, stock: Vec<Row>, tiles: Vec<Row>) -> insert::Batch {
        let balance = self.balance.into_iter();
        let balance = balance.map(|(no, (yen, day))| vec![no.into(), yen.into(), day.into()]);
        let months = self.balance_month.into_iter();
        let months = months.map(|((no, month), yen)| vec![no.into(), month.into(), yen.into()]);
        [
            self.party,
            self.product,
            self.entry,
            self.entry_text,
            self.entry_office,
            self.entry_ref,
            self.numbered,
            self.lot,
            self.lot_amendment,
            self.place,
            self.account,
            self.movement,
            self.posting,
            self.link,
            stock,
            balance.collect(),
            months.collect(),
            tiles,
        ]
    }
}

/// Position of an entry that the decision looked at.
fn seq_of(facts: &Facts, id: domain::id::EntryId) -> Result<u64, StoreError> {
    let fact = facts.entry(id).ok().flatten();
    fact.map(|fact| fact.entry.seq)
        .ok_or_else(|| StoreError::corrupt(format!("entry {id}")))
}

const fn basis(basis: Option<PriceBasis>) -> i16 {
    match basis {
        None => 0,
        Some(PriceBasis::Inclusive) => 1,
        Some(PriceBasis::Exclusive) => 2,
    }
}

/// The role of its row.
pub(crate) fn role_of(name: &str) -> Option<ReferenceRole> {
    ReferenceRole::ALL.into_iter().find(|known| role(*known) == name)
}

const fn role(role: ReferenceRole) -> &'static str {
    match role {
        ReferenceRole::Order => "order",
        ReferenceRole::Shipment => "shipment",
        ReferenceRole::Original => "original",
        ReferenceRole::Event => "event",
        ReferenceRole::Job => "job",
        ReferenceRole::Document => "document",
        ReferenceRole::Statement => "statement",
        ReferenceRole::Number => "number",
        ReferenceRole::Cleared => "cleared",
        ReferenceRole::Reverses => "reverses",
    }
}
