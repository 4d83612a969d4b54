//! The items of a debt with their papers, their days and what is left of each.

use super::{
    OpenItem, ViewError,
    folded::{self, Folded, Of},
};
use crate::{moment::Moment, views::document};
use domain::{
    acts::{
        Act,
        issue::{DocumentForm, Issue},
    },
    calendar::Day,
    clearing::{Clearing, Raised, clear},
    decide::act_of,
    entry::{Entry, ReferenceRole},
    id::{EntryId, OfficeId, PartyId},
    masters::Masters,
    money::Yen,
    statement::{next_closing, pay_on},
};
use std::collections::{BTreeMap, BTreeSet};

/// A paper that bills what is owed.
struct Paper {
    entry: Entry,
    says: Issue,
}

impl Paper {
    fn label(&self) -> &'static str {
        match self.says.form {
            DocumentForm::PurchaseStatement => "仕入明細書",
            _ => "請求書",
        }
    }
}

/// What raised the debt.
struct Item {
    seq: u64,
    yen: Yen,
    /// Position of its paper.
    paper: Option<u64>,
    due_on: Option<Day>,
    on: Day,
    number: Option<String>,
}

/// What is left of each item, what is due first at the top; and what was paid ahead.
pub(super) async fn items(moment: &Moment, of: Of, today: Day) -> Result<(Vec<OpenItem>, Yen), ViewError> {
    let Of { office, party, .. } = of;
    let folded = folded::read(moment, of, today).await?;
    let broken = |_| ViewError::Broken { what: "合計" };
    let papers = papers(moment, office, &folded).await?;
    let newest = |seq: &u64| folded.newest.get(seq).copied().unwrap_or(*seq);
    let wanted: BTreeSet<u64> = (folded.changes.keys())
        .flat_map(|seq| [*seq, newest(seq)])
        .collect();
    let whole = moment
        .snapshot
        .whole_entries(&wanted.into_iter().collect::<Vec<_>>())
        .await?;
    let entry_at = |seq: &u64| whole.get(seq).map(|whole| &whole.entry);
    let billed: BTreeMap<u64, u64> = (folded.referring.iter())
        .filter(|of| of.role == ReferenceRole::Document && papers.contains_key(&of.by))
        .map(|of| (of.target, of.by))
        .collect();
    let mut items = Vec::new();
    let mut clearings = vec![Clearing {
        yen: folded.carried,
        of: Vec::new(),
    }];
    let mut payments = Vec::new();
    for (seq, yen) in &folded.changes {
        let (Some(first), Some(act)) = (entry_at(seq), entry_at(&newest(seq)).and_then(stated)) else {
            continue;
        };
        if yen.is_positive() {
            let paper = billed.get(seq).copied();
            let says = paper.and_then(|at| papers.get(&at));
            let theirs = their_invoice(&act);
            items.push(Item {
                seq: *seq,
                yen: *yen,
                paper,
                due_on: (says.and_then(|paper| paper.says.due_on))
                    .or_else(|| theirs.as_ref().and_then(|of| of.due_on))
                    .or_else(|| agreed_on(&moment.masters, office, party, first.book_on)),
                on: first.supplied_on,
                number: theirs.and_then(|of| of.number).map(|number| number.to_string()),
            });
        } else if *yen < Yen::ZERO {
            payments.push((yen.negated(), first, act));
        }
    }
    for (yen, first, act) in payments {
        clearings.push(Clearing {
            yen,
            of: names_of(&moment.masters, first, &act, &items, &papers, &entry_at),
        });
    }
    let raised: Vec<Raised> = (items.iter())
        .map(|item| Raised {
            due: item.due_on.unwrap_or(item.on),
            yen: item.yen,
        })
        .collect();
    let left = clear(&raised, &clearings).map_err(broken)?;
    let mut shown: BTreeMap<(bool, u64), OpenItem> = BTreeMap::new();
    for (item, open) in items.into_iter().zip(left.open) {
        let key = item.paper.map_or((false, item.seq), |at| (true, at));
        let Some(entry) = (match item.paper {
            Some(at) => papers.get(&at).map(|paper| &paper.entry),
            None => entry_at(&item.seq),
        }) else {
            continue;
        };
        let line = shown.entry(key).or_insert_with(|| OpenItem {
            entry: entry.id,
            reference: crate::views::reference(&moment.masters, entry),
            label: item
                .paper
                .and_then(|at| papers.get(&at))
                .map_or_else(|| Act::label(&entry.kind), Paper::label),
            on: entry.supplied_on,
            number: if item.paper.is_some() {
                Some(document::number(entry))
            } else {
                item.number
            },
            due_on: item.due_on,
            is_overdue: false,
            yen: Yen::ZERO,
            paid: Yen::ZERO,
            open: Yen::ZERO,
        });
        line.yen = line.yen.checked_add(item.yen).map_err(broken)?;
        line.open = line.open.checked_add(open).map_err(broken)?;
        line.paid = line.yen.checked_sub(line.open).map_err(broken)?;
        line.due_on = line.due_on.min(item.due_on).or(line.due_on).or(item.due_on);
        line.is_overdue = line.open.is_positive() && line.due_on.is_some_and(|due| due < today);
    }
    let mut shown: Vec<OpenItem> = shown.into_values().collect();
    shown.sort_by_key(|item| (item.due_on.unwrap_or(item.on), item.on, item.entry));
    Ok((shown, left.ahead))
}

/// The papers that bill something of the debt and were not replaced.
async fn papers(
    moment: &Moment,
    office: OfficeId,
    folded: &Folded,
) -> Result<BTreeMap<u64, Paper>, ViewError> {
    let seqs: BTreeSet<u64> = (folded.referring.iter())
        .filter(|of| of.role == ReferenceRole::Document)
        .map(|of| of.by)
        .collect();
    let seqs: Vec<u64> = seqs.into_iter().collect();
    let replaced = moment.snapshot.replaced_by(&seqs).await?;
    let whole = moment.snapshot.whole_entries(&seqs).await?;
    let standing = (whole.into_iter())
        .filter(|(seq, whole)| !replaced.contains_key(seq) && whole.entry.offices.contains(&office));
    let papers = standing.filter_map(|(seq, whole)| match act_of(&whole.entry)? {
        Act::Issue(says) if matches!(says.form, DocumentForm::Invoice | DocumentForm::PurchaseStatement) => {
            let entry = whole.entry;
            Some((seq, Paper { entry, says: *says }))
        }
        _ => None,
    });
    Ok(papers.collect())
}

/// The act that holds: of a correction its right version.
fn stated(entry: &Entry) -> Option<Act> {
    match act_of(entry)? {
        Act::Correct(correct) => Some(correct.right),
        act => Some(act),
    }
}

fn their_invoice(act: &Act) -> Option<domain::acts::their_invoice::TheirInvoice> {
    match act {
        Act::Purchase(purchase) => purchase.invoice.clone(),
        Act::Spend(spend) => spend.invoice.clone(),
        _ => None,
    }
}

/// By when two offices agreed to pay what counts for a day.
fn agreed_on(masters: &Masters, office: OfficeId, party: PartyId, day: Day) -> Option<Day> {
    let other = masters.as_office(party)?.id;
    let is_between = |(one, two)| (one, two) == (office, other) || (one, two) == (other, office);
    let mut terms = (masters.agreements())
        .filter(|agreement| is_between((agreement.producer, agreement.other)))
        .filter_map(|agreement| agreement.terms.on(day));
    terms.find_map(|terms| pay_on(terms, next_closing(terms.closing_day, day)?))
}

/// The items that a payment names.
fn names_of<'e>(
    masters: &Masters,
    payment: &Entry,
    act: &Act,
    items: &[Item],
    papers: &BTreeMap<u64, Paper>,
    entry_at: &impl Fn(&u64) -> Option<&'e Entry>,
) -> Vec<(Vec<usize>, Yen)> {
    let Act::Pay(pay) = act else {
        return Vec::new();
    };
    let positions = |id: EntryId| {
        let is_named = |item: &Item| {
            entry_at(&item.seq).is_some_and(|entry| entry.id == id)
                || (item.paper.and_then(|at| papers.get(&at))).is_some_and(|paper| paper.entry.id == id)
        };
        let of = items.iter().enumerate().filter(|(_, item)| is_named(item));
        of.map(|(at, _)| at).collect()
    };
    let named = pay.items.iter().filter_map(|named| {
        let acting = named.entry.acting(masters, payment.acting)?;
        let id = domain::command::entry_id(acting, &named.entry.key);
        Some((positions(id), named.yen))
    });
    named.collect()
}
