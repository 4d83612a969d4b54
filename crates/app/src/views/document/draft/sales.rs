//! The sales of a time, with what of each no paper has.

use super::{DraftAsked, DraftError};
use crate::moment::Moment;
use domain::{
    acts::issue::{
        DocumentGoods,
        goods::{Share, Shares, add, income, is_between, left, lines_of, original_of, sold_on},
    },
    both::{IntermediaryLacks, sells_in_own_name},
    entry::{Entry, Movement, Posting},
    id::{EntryId, OfficeId, PartyId},
    statement::first_kind,
    trace::{Lines, holding},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Search, WholeEntry};

/// Entries of a time that are looked at.
const ENTRIES: u32 = 20_000;

/// A sale that could stand on a paper.
pub(super) struct Sale {
    pub entry: Entry,
    /// The act it began as.
    pub first: &'static str,
    /// Goods that it moved, in the version that holds.
    pub movements: Vec<Movement>,
    /// What no paper has.
    pub shares: Shares,
    /// A paper had it, and it was put right since.
    pub is_again: bool,
    /// Owners whose goods may not stand beside the seller's number.
    pub apart: BTreeMap<OfficeId, Apart>,
}

/// Why goods of an owner stand on a paper of their own.
pub(super) struct Apart {
    pub name: String,
    pub lacks: IntermediaryLacks,
}

impl Sale {
    pub(super) fn goods_of(&self, share: &Share) -> DocumentGoods {
        goods_of(&self.apart, share)
    }
}

/// On which paper a share stands.
pub(super) fn goods_of(apart: &BTreeMap<OfficeId, Apart>, share: &Share) -> DocumentGoods {
    match share.owner {
        Some(owner) if apart.contains_key(&owner) => DocumentGoods::Others,
        _ => DocumentGoods::Own,
    }
}

/// Sales of the seller to the buyer in the books of an office, with what papers of that office do not have of them.
pub(super) async fn sales(
    moment: &Moment,
    asked: &DraftAsked,
    (own, seller, buyer): (OfficeId, OfficeId, Option<PartyId>),
) -> Result<Vec<Sale>, DraftError> {
    let snapshot = &moment.snapshot;
    let is_nobodys = asked.with_office.is_none() && asked.partner.is_none();
    let kinds: &[&str] = if is_nobodys { &["sell", "correct"] } else { &[] };
    let other = if seller == own { buyer } else { Some(seller.into()) };
    // the books of the office itself are read: both sides stand in the same entries
    let search = Search {
        offices: Some(vec![own]),
        supplied: (Some(asked.from), Some(asked.to)),
        counterparties: other.into_iter().collect(),
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        ..Search::default()
    };
    let found = snapshot.search(&search, ENTRIES).await?;
    let whole = snapshot.whole_entries(&found).await?;
    let taken_back = snapshot.mirrors_of(&found).await?;
    let issued = issued(moment, own, &whole, asked.replaces).await?;
    let postings = held(&whole, |entry| &entry.postings);
    let movements = held(&whole, |entry| &entry.movements);
    let by_id: HashMap<EntryId, &Entry> = whole.values().map(|of| (of.entry.id, &of.entry)).collect();
    let find = |id: EntryId| by_id.get(&id).copied();
    let mut sales = Vec::new();
    for seq in found.iter().filter(|seq| !taken_back.contains_key(seq)) {
        let Some(entry) = whole.get(seq).map(|of| &of.entry) else {
            continue;
        };
        let first = first_kind(entry, &find);
        let is_wanted = asked.entry.is_none_or(|only| only == entry.id) && (!is_nobodys || first == "sell");
        // a reversal holds nothing; whom it was about its mirror says
        let held: &[Posting] = postings.get(seq).map_or(&[], Vec::as_slice);
        let between = if held.is_empty() { &entry.postings } else { held };
        if !is_wanted || !is_between(between, seller, buyer, asked.form) {
            continue;
        }
        let mut before = Shares::new();
        for version in versions(&whole, *seq) {
            for (share, yen) in issued.get(&version.id).into_iter().flatten() {
                add(&mut before, *share, *yen).map_err(|_| DraftError::TooLarge)?;
            }
        }
        let shares = income(held, seller).and_then(|income| left(income, &before));
        let shares = shares.map_err(|_| DraftError::TooLarge)?;
        if !shares.is_empty() {
            sales.push(Sale {
                entry: entry.clone(),
                first,
                movements: movements.get(seq).cloned().unwrap_or_default(),
                is_again: shares.keys().any(|share| before.contains_key(share)),
                shares,
                apart: BTreeMap::new(),
            });
        }
    }
    set_apart(moment, seller, &mut sales).await?;
    Ok(sales)
}

/// Whose goods may not stand beside the seller's number, on the day on which they were sold.
async fn set_apart(moment: &Moment, seller: OfficeId, sales: &mut [Sale]) -> Result<(), DraftError> {
    let originals: BTreeSet<EntryId> = (sales.iter())
        .filter_map(|sale| original_of(&sale.entry))
        .collect();
    let originals: Vec<EntryId> = originals.into_iter().collect();
    let originals: HashMap<EntryId, Entry> = (moment.snapshot.entries_by_id(&originals).await?.into_iter())
        .map(|entry| (entry.id, entry))
        .collect();
    let masters = &*moment.masters;
    for sale in sales {
        let original = original_of(&sale.entry).and_then(|id| originals.get(&id));
        let day = sold_on(&sale.entry, original);
        for owner in sale.shares.keys().filter_map(|share| share.owner) {
            if let Err(lacks) = sells_in_own_name(masters, owner, seller, day) {
                let name = crate::views::names::party(masters, owner.into(), day).name;
                sale.apart.insert(owner, Apart { name, lacks });
            }
        }
    }
    Ok(())
}

/// What standing papers of an office have of entries.
async fn issued(
    moment: &Moment,
    own: OfficeId,
    whole: &BTreeMap<u64, WholeEntry>,
    replaces: Option<EntryId>,
) -> Result<HashMap<EntryId, Shares>, DraftError> {
    let seqs: Vec<u64> = whole.keys().copied().collect();
    let papers = moment.snapshot.issued(own, &seqs, replaces).await?;
    let papers: BTreeSet<EntryId> = papers.into_values().flatten().collect();
    let papers: Vec<EntryId> = papers.into_iter().collect();
    let mut issued: HashMap<EntryId, Shares> = HashMap::new();
    for paper in moment.snapshot.entries_by_id(&papers).await? {
        for (entry, share, yen) in lines_of(&moment.masters, &paper) {
            add(issued.entry(entry).or_default(), share, yen).map_err(|_| DraftError::TooLarge)?;
        }
    }
    Ok(issued)
}

/// An entry and what it put right, the newest first.
fn versions(whole: &BTreeMap<u64, WholeEntry>, seq: u64) -> impl Iterator<Item = &Entry> {
    let newest = whole.get(&seq);
    let before = |of: &&WholeEntry| whole.get(&of.reverses?);
    std::iter::successors(newest, before).map(|of| &of.entry)
}

fn held<T: Clone>(
    whole: &BTreeMap<u64, WholeEntry>,
    lines: impl Fn(&Entry) -> &Vec<T>,
) -> BTreeMap<u64, Vec<T>> {
    let entries = whole.iter().map(|(seq, of)| {
        let lines = lines(&of.entry).clone();
        (
            *seq,
            Lines {
                reverses: of.reverses,
                lines,
            },
        )
    });
    holding(entries.collect())
}
