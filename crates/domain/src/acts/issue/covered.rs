//! The sales that a paper is about, as the book has them: what of each is left for a paper, and whose goods it was.

use super::{
    DocumentGoods, DocumentLine, Issue,
    goods::{Share, Shares, add, income, is_between, left, lines_of, original_of, sold_on},
    party::PartyOnPaper,
};
use crate::{
    acts::original::too_large,
    both::sells_in_own_name,
    draft::Draft,
    entry::Posting,
    facts::{Answer, EntryFact, Question},
    id::{EntryId, OfficeId, PartyId},
    refusal::{Refusal, Stop, Why, refuse},
};
use std::collections::{BTreeMap, BTreeSet};

/// An entry, with what the lines say of it.
struct Covered<'a> {
    fact: &'a EntryFact,
    /// The line's number and whose goods it is about.
    lines: Vec<(usize, Share)>,
    sums: Shares,
}

/// What the book has of it.
struct InBook<'a> {
    /// The postings that hold: of a correction those of its right version.
    held: &'a [Posting],
    /// It and what it put right, the newest first.
    versions: Vec<&'a EntryFact>,
    /// The sale that it is about, where it is no sale itself.
    original: Option<&'a EntryFact>,
}

impl Issue {
    /// The entries of the lines: each stands, is a sale between the two, and what is left of it for this paper is what the lines
    /// say. `replaced` is the paper whose place this one takes: what that one covers is free again.
    pub(super) fn covered<'a>(
        &self,
        draft: &Draft<'a>,
        office: OfficeId,
        with: Option<PartyId>,
        replaced: Option<&EntryFact>,
    ) -> Result<Vec<&'a EntryFact>, Stop> {
        let covered = self.found(draft)?;
        let in_book = all_or_needs(covered.iter(), |covered| in_book(draft, covered.fact))?;
        let (seller, buyer) = match with {
            Some(with) if !self.form.is_by_seller() => (OfficeId(with.0), Some(office.into())),
            with => (office, with),
        };
        for (covered, of) in covered.iter().zip(&in_book) {
            let postings = if of.held.is_empty() {
                &covered.fact.entry.postings
            } else {
                of.held
            };
            if !is_between(postings, seller, buyer, self.form) {
                let key = covered.fact.entry.key.to_string();
                return refuse("lines", Why::NotBetween { key });
            }
        }
        let versions = in_book.iter().flat_map(|of| &of.versions);
        let issued = issued(draft, office, versions.map(|fact| fact.entry.seq), replaced)?;
        for (covered, of) in covered.iter().zip(&in_book) {
            self.agrees(draft, seller, covered, of, &issued)?;
        }
        Ok(covered.into_iter().map(|covered| covered.fact).collect())
    }

    fn found<'a>(&self, draft: &Draft<'a>) -> Result<Vec<Covered<'a>>, Stop> {
        let facts = all_or_needs(self.lines.iter().enumerate(), |(n, line)| {
            draft.entry(&format!("lines[{n}].entry"), &line.entry)
        })?;
        let mut found: BTreeMap<EntryId, Covered<'a>> = BTreeMap::new();
        for (n, (line, fact)) in self.lines.iter().zip(facts).enumerate() {
            let field = format!("lines[{n}]");
            if fact.reversed_by.is_some() {
                return refuse(format!("{field}.entry"), Why::ReversedAlready);
            }
            if fact.entry.supplied_on != line.on {
                return refuse(format!("{field}.on"), Why::DocumentDiffers { what: "日付" });
            }
            let share = Share {
                owner: owner_of(draft, &field, line)?,
                basis: self.basis,
                rate: line.rate,
            };
            let covered = found.entry(fact.entry.id).or_insert_with(|| Covered {
                fact,
                lines: Vec::new(),
                sums: Shares::new(),
            });
            covered.lines.push((n, share));
            add(&mut covered.sums, share, line.amount).map_err(|_| too_large())?;
        }
        Ok(found.into_values().collect())
    }

    /// What is left of an entry for a paper of these goods is just what the lines say: no line twice, none left out, and none of
    /// goods that belong on the other paper.
    fn agrees<'a>(
        &self,
        draft: &Draft<'a>,
        seller: OfficeId,
        covered: &Covered<'a>,
        of: &InBook<'a>,
        issued: &BTreeMap<EntryId, Shares>,
    ) -> Result<(), Stop> {
        let day = sold_on(&covered.fact.entry, of.original.map(|fact| &*fact.entry));
        let goods_of = |owner: Option<OfficeId>| {
            let lacks = sells_in_own_name(draft.masters(), owner?, seller, day).err()?;
            Some((owner?, lacks))
        };
        for (n, share) in &covered.lines {
            let field = format!("lines[{n}].owner");
            match (self.goods, goods_of(share.owner)) {
                (DocumentGoods::Own, Some((owner, lacks))) => {
                    let owner = draft.masters().office(owner).map(|of| of.code.to_string());
                    let (owner, lacks) = (owner.unwrap_or_default(), lacks.to_string());
                    return refuse(field, Why::GoodsApart { owner, lacks });
                }
                (DocumentGoods::Others, None) => return refuse(field, Why::GoodsOnFirst),
                (DocumentGoods::Own, None) | (DocumentGoods::Others, Some(_)) => {}
            }
        }
        let mut before = Shares::new();
        for version in &of.versions {
            for (share, yen) in issued.get(&version.entry.id).into_iter().flatten() {
                add(&mut before, *share, *yen).map_err(|_| too_large())?;
            }
        }
        let all = income(of.held, seller).and_then(|income| left(income, &before));
        let mut wanted = all.map_err(|_| too_large())?;
        wanted.retain(|share, _| {
            let goods = match goods_of(share.owner) {
                None => DocumentGoods::Own,
                Some(_) => DocumentGoods::Others,
            };
            share.basis == self.basis && goods == self.goods
        });
        if wanted == covered.sums {
            return Ok(());
        }
        let is_again = |share: &Share| before.contains_key(share) && !wanted.contains_key(share);
        if covered.sums.keys().any(is_again) {
            let key = covered.fact.entry.key.to_string();
            return refuse("lines", Why::IssuedAlready { key });
        }
        refuse("lines", Why::DocumentDiffers { what: "金額" })
    }
}

/// Whose goods a line is about; their name is the one of the day of the paper.
fn owner_of(draft: &Draft<'_>, field: &str, line: &DocumentLine) -> Result<Option<OfficeId>, Refusal> {
    let Some(owner) = &line.owner else {
        return Ok(None);
    };
    let at = format!("{field}.owner");
    let Some(office) = draft.masters().office_by_code(&owner.office) else {
        let code = owner.office.to_string();
        return Err(Refusal::at(at, Why::OfficeUnknown { code }));
    };
    let named = PartyOnPaper::of(draft.masters(), office.id.into(), draft.supplied_on(), false);
    if named.is_none_or(|named| named.name != owner.name) {
        let what = "つくり手の名前";
        return Err(Refusal::at(at, Why::DocumentDiffers { what }));
    }
    Ok(Some(office.id))
}

fn in_book<'a>(draft: &Draft<'a>, fact: &'a EntryFact) -> Result<InBook<'a>, Stop> {
    let broken = || Refusal::at("lines", Why::Broken { what: "reverses" });
    let mut versions = vec![fact];
    let mut at = fact;
    while let Some(before) = at.entry.reverses {
        at = draft.facts().entry(before)?.ok_or_else(broken)?;
        versions.push(at);
    }
    let original = match original_of(&fact.entry) {
        None => None,
        Some(original) => draft.facts().entry(original)?,
    };
    Ok(InBook {
        held: draft.held(&fact.entry)?.1,
        versions,
        original,
    })
}

/// What standing papers of the office have of entries.
fn issued(
    draft: &Draft<'_>,
    office: OfficeId,
    seqs: impl Iterator<Item = u64>,
    replaced: Option<&EntryFact>,
) -> Result<BTreeMap<EntryId, Shares>, Stop> {
    let seqs: BTreeSet<u64> = seqs.collect();
    let without = replaced.map(|fact| fact.entry.id);
    let question = Question::Issued(office, seqs.into_iter().collect(), without);
    let Answer::Issued(papers) = draft.facts().answer(&question)? else {
        return refuse("", Why::Broken { what: "answer" });
    };
    let papers: BTreeSet<EntryId> = papers.values().flatten().copied().collect();
    let papers = all_or_needs(papers.into_iter(), |id| draft.facts().entry(id))?;
    let mut issued: BTreeMap<EntryId, Shares> = BTreeMap::new();
    for paper in papers.into_iter().flatten() {
        for (entry, share, yen) in lines_of(draft.masters(), &paper.entry) {
            add(issued.entry(entry).or_default(), share, yen).map_err(|_| too_large())?;
        }
    }
    Ok(issued)
}

/// All of them, or all that has to be loaded for them at once.
fn all_or_needs<I, T>(
    of: impl Iterator<Item = I>,
    mut find: impl FnMut(I) -> Result<T, Stop>,
) -> Result<Vec<T>, Stop> {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for one in of {
        match find(one) {
            Ok(one) => found.push(one),
            Err(Stop::Need(needs)) => missing.extend(needs),
            Err(refused) => return Err(refused),
        }
    }
    if missing.is_empty() {
        Ok(found)
    } else {
        Err(Stop::Need(missing))
    }
}
