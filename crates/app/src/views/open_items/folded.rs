//! What raised a debt and what made it smaller, folded out of the postings of its account.

use super::ViewError;
use crate::moment::Moment;
use domain::{
    account::Account,
    calendar::Day,
    entry::ReferenceRole,
    id::{OfficeId, PartyId},
    money::Yen,
};
use std::collections::{BTreeMap, BTreeSet};
use store::Referring;

/// A debt's entries, each with what was taken back of it and what came back afterwards.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// Position of the first version of each: by how much it raised the debt, above nought, or made it smaller, below.
    pub changes: BTreeMap<u64, Yen>,
    /// The newest version of each.
    pub newest: BTreeMap<u64, u64>,
    /// What refers to them: papers that cover them, payments that name them.
    pub referring: Vec<Referring>,
    /// Paid ahead before the first of them.
    pub carried: Yen,
}

/// A debt of an office with a party.
#[derive(Clone, Copy, Debug)]
pub(super) struct Of {
    pub office: OfficeId,
    pub party: PartyId,
    pub account: Account,
    /// The office owes.
    pub is_ours: bool,
    /// Also what was cleared long ago.
    pub from_the_beginning: bool,
}

/// Reads a debt.
pub(super) async fn read(moment: &Moment, of: Of, today: Day) -> Result<Folded, ViewError> {
    let Of { office, party, .. } = of;
    let beyond = |_| ViewError::Broken { what: "合計" };
    let lines = moment
        .snapshot
        .postings_with(office, party, (None, today))
        .await?;
    let mut by_seq: BTreeMap<u64, Yen> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.account == of.account) {
        let yen = if of.is_ours { line.yen.negated() } else { line.yen };
        let sum = by_seq.entry(line.seq).or_default();
        *sum = sum.checked_add(yen).map_err(beyond)?;
    }
    let carried = if of.from_the_beginning {
        Yen::ZERO
    } else {
        cut(&mut by_seq).map_err(beyond)?
    };
    let seqs: Vec<u64> = by_seq.keys().copied().collect();
    let referring = moment.snapshot.referring_to(&seqs).await?;
    let mut folded = Folded {
        carried,
        ..Folded::default()
    };
    // a mirror, a correction and what came back count with what they are about
    let mut first: BTreeMap<u64, u64> = seqs.iter().map(|seq| (*seq, *seq)).collect();
    for of in &referring {
        let is_about = matches!(of.role, ReferenceRole::Reverses | ReferenceRole::Original);
        let root = first.get(&of.target).copied();
        if let (true, true, Some(root)) = (is_about, by_seq.contains_key(&of.by), root) {
            first.insert(of.by, root);
            if of.role == ReferenceRole::Reverses {
                folded.newest.insert(root, of.by);
            }
        }
    }
    for (seq, yen) in by_seq {
        let root = first.get(&seq).copied().unwrap_or(seq);
        let sum = folded.changes.entry(root).or_default();
        *sum = sum.checked_add(yen).map_err(beyond)?;
    }
    let is_later = |role| matches!(role, ReferenceRole::Document | ReferenceRole::Cleared);
    let roots: BTreeSet<u64> = folded.changes.keys().copied().collect();
    folded.referring = (referring.into_iter())
        .filter(|of| is_later(of.role))
        .filter_map(|of| {
            let target = first
                .get(&of.target)
                .copied()
                .filter(|root| roots.contains(root))?;
            Some(Referring { target, ..of })
        })
        .collect();
    Ok(folded)
}

/// Leaves out what lies before the last moment at which nothing was owed: all of it is cleared by then. What was paid ahead at that
/// moment.
fn cut(by_seq: &mut BTreeMap<u64, Yen>) -> Result<Yen, domain::money::YenOverflow> {
    let (mut owed, mut ahead, mut last) = (Yen::ZERO, Yen::ZERO, None);
    for (seq, yen) in &*by_seq {
        owed = owed.checked_add(*yen)?;
        if owed <= Yen::ZERO {
            (ahead, last) = (owed.negated(), Some(*seq));
        }
    }
    if let Some(last) = last {
        by_seq.retain(|seq, _| *seq > last);
    }
    Ok(ahead)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(of: &[(u64, i64)]) -> BTreeMap<u64, Yen> {
        of.iter()
            .map(|(seq, yen)| (*seq, Yen::try_new(*yen).unwrap()))
            .collect()
    }

    #[test]
    fn what_was_cleared_to_nought_is_left_out() {
        let mut of = lines(&[(1, 500), (2, -500), (3, 700), (4, -200)]);
        assert_eq!(cut(&mut of), Ok(Yen::ZERO));
        assert_eq!(of, lines(&[(3, 700), (4, -200)]));
    }

    #[test]
    fn what_was_paid_ahead_goes_on() {
        let mut of = lines(&[(1, 500), (2, -800), (3, 700)]);
        assert_eq!(cut(&mut of), Ok(Yen::try_new(300).unwrap()));
        assert_eq!(of, lines(&[(3, 700)]));
    }
}
