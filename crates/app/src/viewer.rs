//! Who looks: the one gate of all reading. Every view takes a [`Viewer`] and asks it before it reads on.
//!
//! Two steps, always in this order: is the viewer entitled to the thing asked for (a lot, an entry, an office's books),
//! then what of it may be shown. A view never decides that itself. For whom a thing is not meant, it does not exist: the
//! answer is the one for something that was never there.
//!
//! | who | goods | books | master data |
//! |---|---|---|---|
//! | keeper | all | all | all |
//! | office | its own and what it holds; of what passed through it the path | its own | its networks' and counterparties' |
//! | coordinator | of the network's members, on the days they were members | likewise | likewise |
//! | operator | none | none | networks, corporations, offices |

mod masters;
mod parts;

pub use parts::Parts;

use crate::access::rights::Rights;
use domain::{
    account::BookUnit,
    calendar::Day,
    id::{Acting, CorporationId, NetworkId, OfficeId, PartyId},
    masters::Masters,
};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Who looks at the book.
#[derive(Clone, Debug)]
pub enum Viewer {
    /// The book's keeper: the program at the machine's command line. Sees all.
    Keeper,
    /// Somebody who came in over the network.
    Person(Arc<Looking>),
}

/// Somebody who looks, and whose books were opened to them as a coordinator: the register of readings is written from
/// this, before the answer goes out.
#[derive(Debug)]
pub struct Looking {
    rights: Rights,
    read: Mutex<BTreeSet<(OfficeId, NetworkId)>>,
}

/// Says that the caller sits at the machine's command line: for what names things of all offices at once, like the
/// findings of verify. Nothing that answers over the network makes one.
#[derive(Clone, Copy, Debug)]
pub struct AtTheMachine;

/// A viewer with the master data that say who belonged where on which day.
#[derive(Clone, Copy)]
pub struct Gate<'a> {
    viewer: &'a Viewer,
    masters: &'a Masters,
}

impl Viewer {
    /// Somebody with these rights.
    pub fn person(rights: Rights) -> Viewer {
        Viewer::Person(Arc::new(Looking {
            rights,
            read: Mutex::default(),
        }))
    }

    /// Offices of others whose dealings the gate has opened to this viewer as a coordinator since it was last asked, each
    /// with the network it was opened for.
    pub fn take_read(&self) -> BTreeSet<(OfficeId, NetworkId)> {
        match self {
            Viewer::Keeper => BTreeSet::new(),
            Viewer::Person(looking) => std::mem::take(&mut looking.read()),
        }
    }

    /// What they may do; the keeper needs no rights.
    pub fn rights(&self) -> Option<&Rights> {
        match self {
            Viewer::Keeper => None,
            Viewer::Person(looking) => Some(&looking.rights),
        }
    }

    /// With the master data of the moment that is read.
    pub fn gate<'a>(&'a self, masters: &'a Masters) -> Gate<'a> {
        Gate {
            viewer: self,
            masters,
        }
    }

    /// Whether this is the keeper, to whom nothing is closed.
    pub fn is_keeper(&self) -> bool {
        matches!(self, Viewer::Keeper)
    }
}

impl Looking {
    fn read(&self) -> MutexGuard<'_, BTreeSet<(OfficeId, NetworkId)>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> Gate<'a> {
    /// The master data, whole: only for names of things that the viewer has been found entitled to.
    pub fn masters(&self) -> &'a Masters {
        self.masters
    }

    /// Whether goods of this owner that this holder had on a day may be shown: what lay there, where it came from and
    /// where it went, without prices.
    pub fn sees_goods(&self, owner: PartyId, holder: PartyId, day: Day) -> bool {
        match self.viewer {
            Viewer::Keeper => true,
            Viewer::Person(looking) => {
                let own = looking.rights.is_of(owner) || looking.rights.is_of(holder);
                // each is asked: what is shown of two offices is a reading of both
                let theirs =
                    [owner, holder].map(|party| !own && self.coordinates(looking, OfficeId(party.0), day));
                own || theirs.contains(&true)
            }
        }
    }

    /// Whether money in these books on a day may be shown, and so the prices that this side paid or was paid. 本部 is
    /// open to the managers of its offices.
    pub fn sees_books(&self, unit: BookUnit, day: Day) -> bool {
        match (self.viewer, unit) {
            (Viewer::Keeper, _) => true,
            (Viewer::Person(_), BookUnit::Office(office, _)) => self.follows(office, day),
            (Viewer::Person(looking), BookUnit::Head(head)) => {
                self.is_head_of_managed(&looking.rights, head, day)
            }
        }
    }

    /// Whether what an acting body wrote about its own act (key, payload, texts, evidence) may be shown.
    pub fn sees_acting(&self, acting: Acting, day: Day) -> bool {
        match (self.viewer, acting) {
            (Viewer::Keeper, _) => true,
            (Viewer::Person(_), Acting::Keeper) => false,
            (Viewer::Person(looking), Acting::Network(network)) => looking.rights.networks.contains(&network),
            (Viewer::Person(_), Acting::Office(office)) => self.follows(office, day),
        }
    }

    /// Whether an office is the viewer's own, or a member on that day of a network the viewer coordinates.
    pub fn follows(&self, office: OfficeId, day: Day) -> bool {
        match self.viewer {
            Viewer::Keeper => true,
            Viewer::Person(looking) => {
                looking.rights.offices.contains(&office) || self.coordinates(looking, office, day)
            }
        }
    }

    /// The first day of an office's stay that lets the viewer see its books on a day; none where no day is closed to them.
    /// Sums and files of before are not shown: they would tell what happened then.
    pub fn sees_since(&self, office: OfficeId, day: Day) -> Option<Day> {
        let rights = self.viewer.rights()?;
        if rights.offices.contains(&office) {
            return None;
        }
        let coordinated = self
            .masters
            .networks()
            .filter(|network| rights.networks.contains(&network.id));
        let stays = coordinated.flat_map(|network| &network.members).filter(|stay| {
            stay.office == office && stay.from <= day && stay.to.is_none_or(|last| day <= last)
        });
        stays.map(|stay| stay.from).min()
    }

    /// Offices whose dealings can be of interest at all, on whichever day; none for the keeper, who sees all. What is
    /// found for them is asked about once more, with its day.
    pub fn offices_followed(&self) -> Option<Vec<OfficeId>> {
        let rights = self.viewer.rights()?;
        let members = self
            .masters
            .networks()
            .filter(|network| rights.networks.contains(&network.id))
            .flat_map(|network| network.members.iter().map(|member| member.office));
        let mut offices: Vec<OfficeId> = members.chain(rights.offices.iter().copied()).collect();
        offices.sort();
        offices.dedup();
        Some(offices)
    }

    /// Says yes, and remembers that it did.
    fn coordinates(&self, looking: &Looking, office: OfficeId, day: Day) -> bool {
        let mut networks = self.masters.networks();
        let network = networks
            .find(|network| looking.rights.networks.contains(&network.id) && network.has(office, day));
        if let Some(network) = network {
            looking.read().insert((office, network.id));
        }
        network.is_some()
    }

    fn is_head_of_managed(&self, rights: &Rights, head: CorporationId, day: Day) -> bool {
        rights
            .managed
            .iter()
            .any(|office| self.masters.corporation_of(*office, day) == Some(head))
    }
}
