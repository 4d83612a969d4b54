//! Steps of a history: a kind of act and some small numbers. What they mean is decided when the step is taken, from
//! what is there then, so that a history stays a history when steps are taken out of it.

use proptest::{collection::vec, prelude::*};

/// Kinds of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Produce,
    Purchase,
    Process,
    Use,
    Order,
    Ship,
    Receive,
    Consign,
    Sell,
    Return,
    Dispose,
    Count,
    Spend,
    Earn,
    RecordWages,
    Pay,
    WriteOff,
    Net,
    MoveMoney,
    CountCash,
    Price,
    Reverse,
    Correct,
    EraseText,
    Close,
    /// An earlier act sent once more.
    Again,
    /// An earlier key with another body.
    KeyReused,
}

/// A step. Nought everywhere is the plainest act of its kind.
#[derive(Clone, Debug)]
pub struct Step {
    pub kind: Kind,
    /// Which office, as far as the kind leaves a choice.
    pub office: u8,
    /// Today, as a rule; a day back, a month back, a day to come.
    pub day: u8,
    pub a: u8,
    pub b: u8,
    pub c: u8,
    /// Texts, and whether a reason is forgotten.
    pub texts: u8,
    /// Which goods, how much, and two more choices.
    pub lines: Vec<[u8; 4]>,
}

/// How often which kind comes.
pub type Weights = &'static [(u32, Kind)];

/// All of a month's dealings.
pub const EVERYTHING: Weights = &[
    (10, Kind::Produce),
    (6, Kind::Purchase),
    (8, Kind::Process),
    (4, Kind::Use),
    (3, Kind::Order),
    (12, Kind::Ship),
    (12, Kind::Receive),
    (8, Kind::Consign),
    (16, Kind::Sell),
    (6, Kind::Return),
    (4, Kind::Dispose),
    (4, Kind::Count),
    (3, Kind::Spend),
    (2, Kind::Earn),
    (2, Kind::RecordWages),
    (5, Kind::Pay),
    (1, Kind::WriteOff),
    (2, Kind::Net),
    (2, Kind::MoveMoney),
    (2, Kind::CountCash),
    (1, Kind::Price),
    (6, Kind::Reverse),
    (8, Kind::Correct),
    (2, Kind::EraseText),
    (1, Kind::Close),
    (2, Kind::Again),
    (1, Kind::KeyReused),
];

/// Much is put right, late.
pub const CORRECTIONS: Weights = &[
    (6, Kind::Produce),
    (3, Kind::Purchase),
    (6, Kind::Process),
    (2, Kind::Use),
    (1, Kind::Order),
    (8, Kind::Ship),
    (8, Kind::Receive),
    (5, Kind::Consign),
    (10, Kind::Sell),
    (4, Kind::Return),
    (3, Kind::Dispose),
    (6, Kind::Count),
    (1, Kind::Spend),
    (3, Kind::RecordWages),
    (2, Kind::Pay),
    (1, Kind::WriteOff),
    (2, Kind::Net),
    (3, Kind::CountCash),
    (1, Kind::Price),
    (18, Kind::Reverse),
    (30, Kind::Correct),
    (4, Kind::EraseText),
    (2, Kind::Close),
    (1, Kind::Again),
];

/// Much money.
pub const MONEY: Weights = &[
    (4, Kind::Produce),
    (6, Kind::Purchase),
    (2, Kind::Process),
    (4, Kind::Ship),
    (4, Kind::Receive),
    (4, Kind::Consign),
    (12, Kind::Sell),
    (6, Kind::Return),
    (2, Kind::Dispose),
    (2, Kind::Count),
    (8, Kind::Spend),
    (6, Kind::Earn),
    (6, Kind::RecordWages),
    (12, Kind::Pay),
    (4, Kind::WriteOff),
    (6, Kind::Net),
    (6, Kind::MoveMoney),
    (6, Kind::CountCash),
    (3, Kind::Price),
    (6, Kind::Reverse),
    (8, Kind::Correct),
    (1, Kind::Close),
    (2, Kind::Again),
    (1, Kind::KeyReused),
];

fn kinds(weights: Weights) -> impl Strategy<Value = Kind> {
    let total: u32 = weights.iter().map(|(weight, _)| weight).sum();
    (0..total).prop_map(move |mut at| {
        for (weight, kind) in weights {
            if at < *weight {
                return *kind;
            }
            at -= weight;
        }
        Kind::Produce
    })
}

/// A step.
pub fn step(weights: Weights) -> impl Strategy<Value = Step> {
    let numbers = any::<[u8; 6]>();
    (kinds(weights), numbers, vec(any::<[u8; 4]>(), 1..=3)).prop_map(
        |(kind, [office, day, a, b, c, texts], lines)| Step {
            kind,
            office,
            day,
            a,
            b,
            c,
            texts,
            lines,
        },
    )
}

/// A history of up to so many steps.
pub fn history(weights: Weights, steps: usize) -> impl Strategy<Value = Vec<Step>> {
    vec(step(weights), 1..=steps)
}
