//! Who looks: the one gate of all reading. Every view takes a [`Viewer`] and asks it before it reads on.
//!
//! Two steps, always in this order: is the viewer entitled to the thing asked for (a lot, an office's books), then what
//! of it may be shown. A view never decides that itself.

use domain::{account::BookUnit, id::PartyId};

/// Who looks at the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// The book's keeper: the program at the machine's command line. Sees all.
    Keeper,
}

impl Viewer {
    /// Whether goods of this owner that this holder has may be shown: what lies there, where it came from and where it
    /// went, without prices.
    pub fn sees_goods(&self, _owner: PartyId, _holder: PartyId) -> bool {
        match self {
            Viewer::Keeper => true,
        }
    }

    /// Whether money in these books may be shown, and so the prices that this side paid or was paid.
    pub fn sees_books(&self, _unit: BookUnit) -> bool {
        match self {
            Viewer::Keeper => true,
        }
    }
}
