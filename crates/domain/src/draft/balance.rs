//! Balances as a draft sees them: what the book holds at the end of a day, and what the draft itself has posted.

use super::Draft;
use crate::{
    account::{Account, Class},
    calendar::Day,
    entry::Posting,
    facts::{Answer, Need, Question},
    id::EntryId,
    money::Yen,
    refusal::{Refusal, Stop, Why, refuse},
};
use std::collections::BTreeSet;

impl Draft<'_> {
    /// The entry that a correction or reversal in the making takes back.
    pub fn replaces(&self) -> Option<EntryId> {
        self.reverses
    }

    /// Balance of an account at the end of a day, debit +. In a correction without what the original and its earlier
    /// corrections posted.
    pub fn balance(&self, account: Account, day: Day) -> Result<Yen, Stop> {
        let Answer::Yen(booked) = self.facts.answer(&Question::Balance(account, day))? else {
            return refuse("", Why::Broken { what: "balance" });
        };
        let on_account = |postings: &[Posting]| -> i128 {
            let here = postings.iter().filter(|posting| posting.account == account);
            here.map(|posting| i128::from(posting.yen.get())).sum()
        };
        let mut sum = i128::from(booked.get());
        // what the draft says beyond the mirror of what it takes back
        let mut mine = on_account(&self.postings);
        let mut version = self.reverses;
        while let Some(fact) = version.map_or(Ok(None), |id| self.facts.entry(id))? {
            // what a closed month has moved to a later day is not in `booked`
            if fact.entry.book_on <= day {
                sum -= on_account(&fact.entry.postings);
            }
            if version == self.reverses {
                mine += on_account(self.held(&fact.entry)?.1);
            }
            version = fact.entry.reverses;
        }
        if self.book_on <= day {
            sum += mine;
        }
        Ok(Yen::from_i128(sum).map_err(|_| Refusal::at("", Why::AmountTooLarge))?)
    }

    /// The days on which a debt has to stand that is cleared: the one booked on, and today.
    pub fn days_of_debts(&self) -> [Day; 2] {
        [self.book_on, self.today.max(self.book_on)]
    }

    /// Asks for the balances of many accounts at once, so that the store loads them in one go.
    pub fn want_balances<'c>(&self, accounts: impl IntoIterator<Item = &'c Account>) -> Result<(), Stop> {
        let days = self.days_of_debts();
        let questions = accounts
            .into_iter()
            .flat_map(|account| days.map(|day| Question::Balance(*account, day)));
        // often both days are one
        let missing: BTreeSet<Need> = questions
            .filter(|question| self.facts.answer(question).is_err())
            .map(Need::Answer)
            .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Stop::Need(missing.into_iter().collect()))
        }
    }

    /// Refuses to clear more of a debt than stands, both on the day booked on and today: a payment dated back must not
    /// take what was paid since.
    pub fn not_more_than_owed(&self, field: &str, account: Account, yen: Yen) -> Result<(), Stop> {
        for day in self.days_of_debts() {
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
