//! What the model knows of the world before a history begins, written down by hand beside
//! `data/small-world.jsonl` and `data/histories.jsonl`.

use domain::{
    account::{Account, AccountKind, BookUnit, Section},
    id::{CashPlaceId, CorporationId, OfficeId, PartyId, ProductId},
    masters::Masters,
    tax::{TaxCategory, TaxRate},
};

/// Master data beyond the small world's.
pub const MORE: &str = include_str!("../data/histories.jsonl");

/// Codes of the offices; the model names an office by its place in this list.
pub const OFFICES: [&str; 4] = ["a", "a2", "b", "c"];

/// Which corporation runs which office.
pub const CORPORATION: [usize; 4] = [0, 0, 1, 2];

const CORPORATIONS: [&str; 3] = ["midori", "sora", "sora2"];

/// Today in Tokyo.
pub const TODAY: i32 = 2026_07_10;

/// A product.
pub struct Product {
    pub office: usize,
    pub code: &'static str,
    pub decimals: u32,
    pub tax: TaxCategory,
    pub eat_in: TaxCategory,
    pub keeps: Option<i32>,
}

const fn product(
    office: usize,
    code: &'static str,
    decimals: u32,
    tax: TaxCategory,
    eat_in: TaxCategory,
    keeps: Option<i32>,
) -> Product {
    Product {
        office,
        code,
        decimals,
        tax,
        eat_in,
        keeps,
    }
}

use TaxCategory::{OutOfScope, Reduced, Standard};

/// All products; the model names one by its place in this list.
pub const PRODUCTS: [Product; 6] = [
    product(0, "carrot", 3, Reduced, Reduced, Some(14)),
    product(0, "craft", 0, Standard, Standard, None),
    product(2, "bento", 0, Reduced, Standard, Some(1)),
    product(2, "rice", 3, Reduced, Reduced, None),
    product(3, "bread", 0, Reduced, Reduced, Some(3)),
    product(1, "potato", 3, Reduced, Reduced, Some(20)),
];

pub const CARROT: usize = 0;
pub const BENTO: usize = 2;
pub const RICE: usize = 3;

/// Where a price holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    Retail,
    Supply,
    Internal,
    Cost,
    /// Under the agreement of this place in [`AGREEMENTS`].
    Agreed(usize),
}

/// A price: in ten-thousandths of a yen, and whether tax comes on top.
pub type Price = (i128, bool);

/// The prices valid from 2026-04-01: product, channel, price.
pub const PRICES: [(usize, Channel, Price); 15] = [
    (0, Channel::Supply, (150_0000, false)),
    (0, Channel::Internal, (100_0000, false)),
    (0, Channel::Retail, (300_0000, false)),
    (1, Channel::Retail, (1_100_0000, false)),
    (2, Channel::Retail, (500_0000, false)),
    (2, Channel::Supply, (500_0000, false)),
    (1, Channel::Supply, (700_5000, false)),
    (4, Channel::Retail, (199_0000, true)),
    (4, Channel::Supply, (170_0000, false)),
    (4, Channel::Cost, (150_2500, false)),
    (5, Channel::Retail, (250_0000, false)),
    (5, Channel::Supply, (120_0000, false)),
    (5, Channel::Internal, (90_1234, false)),
    (0, Channel::Agreed(1), (155_5000, true)),
    (4, Channel::Agreed(4), (210_0000, false)),
];

/// What an agreement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Supply,
    Commission,
    /// 消化仕入: percent of the retail price, or the cost price where none.
    BuyOnSale(Option<i128>),
}

/// How a loss is booked that the other office bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    Owners,
    Sale,
    Compensation,
}

/// An agreement.
pub struct Agreement {
    pub producer: usize,
    pub other: usize,
    pub about: About,
    pub half_up: bool,
    pub loss: Loss,
    pub until: Option<i32>,
}

/// All agreements.
pub const AGREEMENTS: [Agreement; 5] = [
    Agreement {
        // a-c-consign
        producer: 0,
        other: 3,
        about: About::Commission,
        half_up: false,
        loss: Loss::Owners,
        until: None,
    },
    Agreement {
        // a-b-supply
        producer: 0,
        other: 2,
        about: About::Supply,
        half_up: true,
        loss: Loss::Sale,
        until: None,
    },
    Agreement {
        // b-c-shelf
        producer: 2,
        other: 3,
        about: About::BuyOnSale(Some(70)),
        half_up: false,
        loss: Loss::Sale,
        until: None,
    },
    Agreement {
        // c-b-shelf
        producer: 3,
        other: 2,
        about: About::BuyOnSale(None),
        half_up: true,
        loss: Loss::Compensation,
        until: Some(2026_06_20),
    },
    Agreement {
        // c-a-shelf
        producer: 3,
        other: 0,
        about: About::Commission,
        half_up: false,
        loss: Loss::Compensation,
        until: None,
    },
];

/// The agreement by which the producer's goods lie on the other's shelf.
pub fn shelf_agreement(producer: usize, other: usize) -> Option<usize> {
    AGREEMENTS
        .iter()
        .position(|a| a.producer == producer && a.other == other && a.about != About::Supply)
}

/// The agreement by which the producer delivers.
pub fn supply_agreement(producer: usize, other: usize) -> Option<usize> {
    AGREEMENTS
        .iter()
        .position(|a| a.producer == producer && a.other == other && a.about == About::Supply)
}

/// 標準 10 %, 軽減 8 % on every day of a history.
pub fn rate(category: TaxCategory) -> TaxRate {
    let percent = match category {
        Standard => 10,
        Reduced => 8,
        TaxCategory::NonTaxable | OutOfScope => 0,
    };
    TaxRate { category, percent }
}

/// Partners: the office whose they are (none: the whole book's) and their code.
const PARTNERS: [(Option<usize>, &str); 4] = [
    (Some(0), "tane"),
    (Some(0), "city"),
    (Some(2), "komeya"),
    (None, "card"),
];

/// Cash places: office, code, kind of account; the first of a kind is the usual one.
const CASH_PLACES: [(usize, &str, AccountKind); 8] = [
    (0, "kinko", AccountKind::Cash),
    (0, "bank", AccountKind::Bank),
    (2, "kinko", AccountKind::Cash),
    (2, "bank", AccountKind::Bank),
    (3, "kinko", AccountKind::Cash),
    (3, "bank", AccountKind::Bank),
    (1, "kinko", AccountKind::Cash),
    (3, "reji", AccountKind::TillCash),
];

/// The ids that the book gave to all that.
#[derive(Clone)]
pub struct Ids {
    pub offices: Vec<OfficeId>,
    pub products: Vec<ProductId>,
    corporations: Vec<CorporationId>,
    partners: Vec<PartyId>,
    cash_places: Vec<CashPlaceId>,
    public: PartyId,
}

impl Ids {
    /// Looks them up by their codes.
    pub fn of(masters: &Masters) -> Ids {
        let code = |text: &str| text.parse().expect("a code");
        let offices: Vec<OfficeId> = (OFFICES.iter())
            .map(|office| masters.office_by_code(&code(office)).expect("an office").id)
            .collect();
        let partner = |(office, name): &(Option<usize>, &str)| {
            masters
                .partner_by_code(office.map(|office| offices[office]), &code(name))
                .expect("a partner")
        };
        let cash = |(office, name, _): &(usize, &str, AccountKind)| {
            masters
                .cash_place_by_code(offices[*office], &code(name))
                .expect("a place")
                .id
        };
        Ids {
            products: (PRODUCTS.iter())
                .map(|p| {
                    masters
                        .product_by_code(offices[p.office], &code(p.code))
                        .expect("a product")
                        .id
                })
                .collect(),
            corporations: (CORPORATIONS.iter())
                .map(|name| {
                    masters
                        .corporation_by_code(&code(name))
                        .expect("a corporation")
                        .id
                })
                .collect(),
            partners: PARTNERS.iter().map(|row| partner(row).into()).collect(),
            cash_places: CASH_PLACES.iter().map(cash).collect(),
            public: Masters::public().into(),
            offices,
        }
    }

    /// A party as a party.
    pub fn party(&self, office: usize) -> PartyId {
        self.offices[office].into()
    }

    /// Which office a party is.
    pub fn office_of(&self, party: PartyId) -> Option<usize> {
        self.offices
            .iter()
            .position(|office| PartyId::from(*office) == party)
    }

    /// A partner as an office names it.
    pub fn partner(&self, by: usize, code: &str) -> Option<PartyId> {
        if code == "public" {
            return Some(self.public);
        }
        let place = PARTNERS
            .iter()
            .position(|(office, name)| *name == code && office.is_none_or(|office| office == by))?;
        Some(self.partners[place])
    }

    /// A cash place of an office by its code, with its kind.
    pub fn cash(&self, office: usize, code: &str) -> Option<(CashPlaceId, AccountKind)> {
        let place = CASH_PLACES
            .iter()
            .position(|row| (row.0, row.1) == (office, code))?;
        Some((self.cash_places[place], CASH_PLACES[place].2))
    }

    /// The usual cash place of a kind.
    pub fn usual(&self, office: usize, kind: AccountKind) -> Option<CashPlaceId> {
        let place = CASH_PLACES
            .iter()
            .position(|row| (row.0, row.2) == (office, kind))?;
        Some(self.cash_places[place])
    }

    /// 就労支援事業 of an office, or its 福祉事業.
    pub fn unit(&self, office: usize, welfare: bool) -> BookUnit {
        let section = if welfare {
            Section::Welfare
        } else {
            Section::Production
        };
        BookUnit::Office(self.offices[office], section)
    }

    /// 本部 of an office's corporation.
    pub fn head(&self, office: usize) -> CorporationId {
        self.corporations[CORPORATION[office]]
    }

    /// An account of 就労支援事業 without a counterparty.
    pub fn plain(&self, office: usize, kind: AccountKind) -> Account {
        Account::plain(self.unit(office, false), kind)
    }

    /// An account of 就労支援事業 with another office.
    pub fn with(&self, office: usize, kind: AccountKind, other: usize) -> Account {
        Account::with(self.unit(office, false), kind, self.party(other))
    }
}

/// The place of an office in the list.
pub fn office(code: &str) -> Option<usize> {
    OFFICES.iter().position(|office| *office == code)
}

/// A product as an office names it: `carrot` its own, `a/carrot` another's.
pub fn product_named(by: usize, reference: &str) -> Option<usize> {
    let (owner, code) = match reference.split_once('/') {
        Some((owner, code)) => (office(owner)?, code),
        None => (by, reference),
    };
    PRODUCTS
        .iter()
        .position(|product| (product.office, product.code) == (owner, code))
}

const MONTH_DAYS: [i32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A day of 2026 some days later or earlier.
pub fn plus(day: i32, days: i32) -> i32 {
    let (mut month, mut day) = ((day / 100) % 100 - 1, day % 100 + days);
    while day < 1 {
        month -= 1;
        day += MONTH_DAYS[month as usize];
    }
    while day > MONTH_DAYS[month as usize] {
        day -= MONTH_DAYS[month as usize];
        month += 1;
    }
    2026_00_00 + (month + 1) * 100 + day
}

/// The last day of a month of 2026.
pub fn last_day(month: i32) -> i32 {
    month * 100 + MONTH_DAYS[(month % 100 - 1) as usize]
}

/// `2026-06-05`.
pub fn written(day: i32) -> String {
    format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}

/// The number of a written day.
pub fn read_day(text: &str) -> i32 {
    text.replace('-', "").parse().expect("a day")
}
