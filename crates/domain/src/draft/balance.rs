//! Balances as a draft sees them: what the book holds at the end of a day, and what the draft itself has posted.

use super::Draft;
use crate::{
    account::{Account, Class},
    calendar::Day,
    facts::{Answer, Question},
    id::EntryId,
    money::Yen,
    refusal::{Refusal, Stop, Why, refuse},
};

impl Draft<'_> {
    /// The entry that a correction or reversal in the making takes back.
    pub fn replaces(&self) -> Option<EntryId> {
        self.reverses
    }

    /// Balance of an account at the end of a day, debit +. In a correction without what it puts right.
    pub fn balance(&self, account: Account, day: Day) -> Result<Yen, Stop> {
        let Answer::Yen(booked) = self.facts.answer(&Question::Balance(account, day))? else {
            return refuse("", Why::Broken { what: "balance" });
        };
        // a mirror may book later than its original (a closed month): it counts from the original's day on
        let replaced = match self.reverses {
            Some(original) => self.facts.entry(original)?.map(|fact| fact.entry.book_on),
            None => None,
        };
        let counts_from = replaced.map_or(self.book_on, |original| original.min(self.book_on));
        let mine = (self.postings.iter())
            .filter(|posting| counts_from <= day && posting.account == account)
            .map(|posting| posting.yen);
        let sum = Yen::sum(std::iter::once(*booked).chain(mine));
        Ok(sum.map_err(|_| Refusal::at("", Why::AmountTooLarge))?)
    }

    /// Refuses to clear more of a debt than stands, both on the day booked on and today: a payment dated back must not
    /// take what was paid since.
    pub fn not_more_than_owed(&self, field: &str, account: Account, yen: Yen) -> Result<(), Stop> {
        let days = [self.book_on, self.today.max(self.book_on)];
        for day in days {
            let balance = self.balance(account, day)?;
            let owed = if account.kind.class() == Class::Liability {
                balance.negated()
            } else {
                balance
            };
            if yen > owed {
                let (owed, amount) = (owed.get().max(0), yen.get());
                return refuse(field, Why::MoreThanOwed { owed, amount });
            }
        }
        Ok(())
    }
}
