//! What is asked of a trace.

use domain::{quantity::StatedQuantity, text::LotCode, trace::Direction};

/// Which lot, which way, how far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Code of the lot.
    pub lot: LotCode,
    /// Which way.
    pub direction: Direction,
    /// Only this much of it; all there ever was when missing.
    pub quantity: Option<StatedQuantity>,
    /// Most steps away from the lot.
    pub levels: usize,
}

impl Question {
    /// Far more steps than goods are processed one after the other; each costs a query.
    pub const LEVELS: usize = 100;

    /// The whole of a lot.
    pub fn new(lot: LotCode, direction: Direction) -> Question {
        Question {
            lot,
            direction,
            quantity: None,
            levels: Question::LEVELS,
        }
    }
}
