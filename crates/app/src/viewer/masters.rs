//! Which master data a viewer knows of: neighbours of the same networks and counterparties of agreements by name, what
//! they sell, and nothing of their books.

use super::{Gate, Viewer};
use domain::{
    calendar::Day,
    id::{CorporationId, NetworkId, OfficeId},
    masters::{Agreement, Channel, Partner, Product},
};

impl Gate<'_> {
    /// Whether a network exists for the viewer: one they coordinate, or one that an office of theirs was ever in.
    pub fn knows_network(&self, network: NetworkId) -> bool {
        match self.viewer {
            Viewer::Keeper => true,
            Viewer::Person(looking) => {
                looking.rights.is_operator
                    || looking.rights.networks.contains(&network)
                    || self.masters.networks().any(|other| {
                        other.id == network
                            && other
                                .members
                                .iter()
                                .any(|member| looking.rights.offices.contains(&member.office))
                    })
            }
        }
    }

    /// Whether an office exists for the viewer: their own, members of networks they know, counterparties of agreements.
    pub fn knows_office(&self, office: OfficeId) -> bool {
        match self.viewer {
            Viewer::Keeper => true,
            Viewer::Person(looking) => {
                looking.rights.is_operator
                    || looking.rights.offices.contains(&office)
                    || self.deals_with(office)
            }
        }
    }

    /// Whether an office is or was a neighbour or counterparty: then it has a name.
    fn deals_with(&self, office: OfficeId) -> bool {
        let Some(rights) = self.viewer.rights() else {
            return true;
        };
        let neighbours = self.masters.networks().any(|network| {
            let has = |who: OfficeId| network.members.iter().any(|member| member.office == who);
            has(office)
                && (rights.networks.contains(&network.id) || rights.offices.iter().any(|own| has(*own)))
        });
        neighbours
            || self.masters.agreements().any(|agreement| {
                let pair = [agreement.producer, agreement.other];
                pair.contains(&office) && pair.iter().any(|side| rights.offices.contains(side))
            })
    }

    /// Whether an office is a neighbour today, or an agreement with it is in force: then what it sells is known as well.
    fn deals_today_with(&self, office: OfficeId, today: Day) -> bool {
        let Some(rights) = self.viewer.rights() else {
            return true;
        };
        let neighbours = self.masters.networks().any(|network| {
            network.has(office, today)
                && (rights.networks.contains(&network.id)
                    || rights.offices.iter().any(|own| network.has(*own, today)))
        });
        neighbours
            || self.masters.agreements().any(|agreement| {
                let pair = [agreement.producer, agreement.other];
                agreement.in_force(today)
                    && pair.contains(&office)
                    && pair.iter().any(|side| rights.offices.contains(side))
            })
    }

    /// Whether a corporation exists for the viewer: it runs, or ran, an office they know.
    pub fn knows_corporation(&self, corporation: CorporationId) -> bool {
        let runs = |office: &domain::masters::Office| {
            office
                .facts
                .iter()
                .any(|(_, facts)| facts.corporation == corporation)
        };
        match self.viewer {
            Viewer::Keeper => true,
            Viewer::Person(looking) => {
                looking.rights.is_operator
                    || self
                        .masters
                        .offices()
                        .any(|office| runs(office) && self.knows_office(office.id))
            }
        }
    }

    /// Whether a product exists for the viewer: of an office of theirs, or one they deal with today.
    pub fn knows_product(&self, product: &Product, today: Day) -> bool {
        match self.viewer {
            Viewer::Keeper => true,
            Viewer::Person(looking) => {
                looking.rights.offices.contains(&product.office)
                    || self.deals_today_with(product.office, today)
            }
        }
    }

    /// Whether a price may be shown. Prices in the shop (店頭) and for offices (卸) are there to be known; those within a
    /// corporation, those under an agreement and cost prices are for its parties.
    pub fn knows_price(&self, product: &Product, channel: &Channel, today: Day) -> bool {
        if self.follows(product.office, today) {
            return true;
        }
        match channel {
            Channel::Retail | Channel::Supply => self.knows_product(product, today),
            Channel::Agreement(code) => {
                let agreement = self.masters.agreement_by_code(code);
                agreement.is_some_and(|agreement| self.knows_agreement(agreement, today))
            }
            Channel::Internal => {
                let head = |office| self.masters.corporation_of(office, today);
                let owner = head(product.office);
                owner.is_some() && self.own_offices().any(|office| head(office) == owner)
            }
            Channel::Cost => self.masters.agreements().any(|agreement| {
                agreement.in_force(today)
                    && agreement.producer == product.office
                    && self.own_offices().any(|own| own == agreement.other)
            }),
        }
    }

    /// Whether an agreement exists for the viewer: a party of it, or a coordinator of one.
    pub fn knows_agreement(&self, agreement: &Agreement, today: Day) -> bool {
        [agreement.producer, agreement.other]
            .iter()
            .any(|office| self.follows(*office, today))
    }

    /// Whether a partner exists for the viewer: of an office they follow, or of the whole book.
    pub fn knows_partner(&self, partner: &Partner, today: Day) -> bool {
        match (self.viewer, partner.office) {
            (Viewer::Person(_), Some(office)) => self.follows(office, today),
            // of the whole book: everybody who comes in records with them, or for them
            (Viewer::Keeper, _) | (Viewer::Person(_), None) => true,
        }
    }

    fn own_offices(&self) -> impl Iterator<Item = OfficeId> + '_ {
        let own = match self.viewer {
            Viewer::Keeper => None,
            Viewer::Person(looking) => Some(looking.rights.offices.iter().copied()),
        };
        own.into_iter().flatten()
    }
}
