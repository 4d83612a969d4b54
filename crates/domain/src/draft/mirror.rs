//! Mirrors: what a reversal takes back and what a correction replaces.

use super::{Draft, open_day};
use crate::{
    entry::{Entry, Link, Movement, Posting, ReferenceRole},
    facts::EntryFact,
    refusal::{Refusal, Stop, Why},
};

/// The lines of an entry that still hold: all of an ordinary entry; of a correction the right version, which stands
/// after the mirror of what it put right; of a reversal none.
struct Holding<'e> {
    movements: &'e [Movement],
    links: &'e [Link],
    postings: &'e [Posting],
}

impl<'a> Draft<'a> {
    /// Mirrors what an entry holds. The draft's days become the original's, or the first day open.
    pub fn mirror(&mut self, fact: &'a EntryFact) -> Result<(), Stop> {
        let original: &'a Entry = &fact.entry;
        let holding = self.holding(original)?;
        // a reversal holds nothing; a correction may hold nothing either (an order, a count that agreed) and still stands
        if fact.reversed_by.is_some() || original.kind == "reverse" {
            return Err(Refusal::at("entry", Why::ReversedAlready).into());
        }
        self.offices.extend(&original.offices);
        self.supplied_on = original.supplied_on;
        self.book_on = open_day(self.masters(), &self.offices, original.book_on, self.today)?;
        self.reverses = Some(original.id);
        self.agreement = original.agreement;
        self.refer(ReferenceRole::Reverses, original.id.0);
        for movement in holding.movements {
            self.push(Movement {
                from: movement.to,
                to: movement.from,
                ..*movement
            });
        }
        for link in holding.links {
            self.links.push(Link {
                quantity: -link.quantity,
                ..*link
            });
        }
        for posting in holding.postings {
            self.postings.push(Posting {
                yen: posting.yen.negated(),
                ..posting.clone()
            });
        }
        Ok(())
    }

    /// Refuses to take back the birth of a lot that later acts move.
    pub fn births_are_unused(&self, original: &Entry) -> Result<(), Stop> {
        for birth in original.births.iter().filter(|birth| !birth.amends) {
            let later = self.must_go_first(birth.lot.id, original.seq)?;
            if matches!(&later.why, Why::MustGoFirst { acts } if !acts.is_empty()) {
                return Err(later.into());
            }
        }
        Ok(())
    }

    /// Puts an entry right: mirrors it, then drafts the right version on top; its lots keep their birth.
    pub fn correct(
        &mut self,
        fact: &'a EntryFact,
        right: impl FnOnce(&mut Draft<'a>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let first = self.first_of(fact)?.clone();
        self.mirror(fact)?;
        self.corrects = Some(first);
        right(self)
    }

    fn holding(&self, entry: &'a Entry) -> Result<Holding<'a>, Stop> {
        let all = Holding {
            movements: &entry.movements,
            links: &entry.links,
            postings: &entry.postings,
        };
        let Some(target) = entry.reverses else {
            return Ok(all);
        };
        let broken = || Refusal::at("", Why::Broken { what: "reverses" });
        let target = self.facts.entry(target)?.ok_or_else(broken)?;
        let mirrored = self.holding(&target.entry)?;
        Ok(Holding {
            movements: all.movements.get(mirrored.movements.len()..).unwrap_or_default(),
            links: all.links.get(mirrored.links.len()..).unwrap_or_default(),
            postings: all.postings.get(mirrored.postings.len()..).unwrap_or_default(),
        })
    }
}

impl<'a> Draft<'a> {
    /// The kind of act that a correction has to repeat: of a correction the kind it put right.
    pub fn corrected_kind(&self, fact: &'a EntryFact) -> Result<&'a str, Stop> {
        Ok(self.first_of(fact)?.entry.kind.as_str())
    }

    /// Goods and money that an entry holds: of a correction those of its right version, of a reversal none.
    pub fn held(&self, entry: &'a Entry) -> Result<(&'a [Movement], &'a [Posting]), Stop> {
        let holding = self.holding(entry)?;
        Ok((holding.movements, holding.postings))
    }

    /// The entry at the start of a chain of corrections: it gave lots and shipment their ids, and later acts refer to
    /// it, whichever version they name.
    pub fn first_of(&self, fact: &'a EntryFact) -> Result<&'a EntryFact, Stop> {
        let mut first = fact;
        while first.entry.kind == "correct"
            && let Some(target) = first.entry.reverses
        {
            let broken = || Refusal::at("", Why::Broken { what: "reverses" });
            first = self.facts.entry(target)?.ok_or_else(broken)?;
        }
        Ok(first)
    }

    /// The shipment that transit places refer to: this entry, or in a correction the first version.
    pub fn shipment_id(&self) -> uuid::Uuid {
        self.corrects
            .as_ref()
            .map_or(self.id.0, |original| original.entry.id.0)
    }
}

impl<'a> Draft<'a> {
    /// Whether a correction is being drafted.
    pub fn is_correction(&self) -> bool {
        self.corrects.is_some()
    }

    /// The version of an entry that holds: the last of its corrections. Refused when it was taken back.
    pub fn newest_version(&self, fact: &'a EntryFact) -> Result<&'a EntryFact, Stop> {
        let mut newest = fact;
        while let Some(next) = newest.reversed_by {
            let broken = || Refusal::at("", Why::Broken { what: "reversed_by" });
            newest = self.facts.entry(next)?.ok_or_else(broken)?;
        }
        if newest.entry.kind == "reverse" {
            return Err(Refusal::at("entry", Why::ReversedAlready).into());
        }
        Ok(newest)
    }
}
