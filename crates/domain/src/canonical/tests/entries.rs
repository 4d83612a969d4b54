//! Entries to write: any, rich in everything an entry can hold; and one that is fixed for ever.

use crate::{
    account::{Account, AccountKind, BookUnit, Section},
    calendar::{Day, Instant},
    entry::{Birth, Entry, Link, Movement, Posting, Reference, ReferenceRole, TextRole, TextSeal},
    id::{
        Acting, AgreementId, CashPlaceId, CorporationId, EntryId, GroupId, LotId, NetworkId, OfficeId,
        PartyId, ProductId,
    },
    lot::{Allergens, BestBefore, Lot},
    money::{YEN_MAX, Yen},
    place::{Place, PlaceKind},
    quantity::{QUANTITY_MAX, Quantity},
    tax::{PriceBasis, TaxCategory, TaxRate},
    text::{Code, LotCode, Name},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use std::{fmt::Debug, str::FromStr};
use uuid::Uuid;

fn text<T>(pattern: &'static str) -> impl Strategy<Value = T>
where
    T: FromStr + Debug,
    T::Err: Debug,
{
    pattern.prop_map(|text| text.parse().unwrap())
}

/// Few ids, so that units, parties and lots meet.
fn uuid() -> impl Strategy<Value = Uuid> {
    prop_oneof![
        (0..4_u128).prop_map(Uuid::from_u128),
        any::<u128>().prop_map(Uuid::from_u128)
    ]
}

fn party() -> impl Strategy<Value = PartyId> {
    uuid().prop_map(PartyId)
}

fn day() -> impl Strategy<Value = Day> {
    (1900..=2199, 1..=12_u32, 1..=28_u32)
        .prop_map(|(year, month, day)| Day::from_ymd(year, month, day).unwrap())
}

fn acting() -> impl Strategy<Value = Acting> {
    prop_oneof![
        Just(Acting::Keeper),
        uuid().prop_map(|id| Acting::Network(NetworkId(id))),
        uuid().prop_map(|id| Acting::Office(OfficeId(id))),
    ]
}

fn place() -> impl Strategy<Value = Place> {
    (select(&PlaceKind::ALL[..]), party(), party(), option::of(uuid())).prop_map(
        |(kind, owner, holder, reference)| Place {
            kind,
            owner,
            holder,
            reference,
        },
    )
}

fn movement() -> impl Strategy<Value = Movement> {
    (uuid(), place(), place(), 1..=QUANTITY_MAX, any::<bool>()).prop_map(
        |(lot, from, to, quantity, assumed)| Movement {
            lot: LotId(lot),
            from,
            to,
            quantity: Quantity::try_new(quantity).unwrap(),
            assumed,
        },
    )
}

fn link() -> impl Strategy<Value = Link> {
    (uuid(), uuid(), any::<i64>()).prop_map(|(input, output, quantity)| Link {
        input: LotId(input),
        output: LotId(output),
        quantity,
    })
}

fn name() -> impl Strategy<Value = Name> {
    text("[ぁ-んァ-ヶ一-龠a-zA-Z0-9\"\\\\]{1,8}")
}

fn allergens() -> impl Strategy<Value = Allergens> {
    (vec(name(), 0..3), vec(name(), 0..3), any::<bool>()).prop_map(|(contains, may_contain, unknown)| {
        Allergens {
            contains: contains.into_iter().collect(),
            may_contain: may_contain.into_iter().collect(),
            unknown,
        }
    })
}

fn best_before() -> impl Strategy<Value = BestBefore> {
    (day(), option::of(0..=24_u8), any::<bool>()).prop_map(|(day, hour, use_by)| BestBefore {
        day,
        hour,
        use_by,
    })
}

fn birth() -> impl Strategy<Value = Birth> {
    let who = (uuid(), text::<LotCode>("[A-Za-z0-9._-]{1,12}"), uuid(), party());
    let what = (
        day(),
        option::of(best_before()),
        option::of(name()),
        option::of(name()),
    );
    let whence = (
        option::of(party()),
        option::of(name()),
        allergens(),
        any::<bool>(),
    );
    (who, what, whence, any::<bool>()).prop_map(|(who, what, whence, amends)| Birth {
        lot: Lot {
            id: LotId(who.0),
            code: who.1,
            product: ProductId(who.2),
            maker: who.3,
            made_on: what.0,
            best_before: what.1,
            origin: what.2,
            field: what.3,
            supplier: whence.0,
            supplier_lot: whence.1,
            allergens: whence.2,
            origin_unknown: whence.3,
        },
        amends,
    })
}

fn unit() -> impl Strategy<Value = BookUnit> {
    (uuid(), 0..3).prop_map(|(id, form)| match form {
        0 => BookUnit::Head(CorporationId(id)),
        1 => BookUnit::Office(OfficeId(id), Section::Welfare),
        _ => BookUnit::production(OfficeId(id)),
    })
}

fn posting() -> impl Strategy<Value = Posting> {
    let account = (
        unit(),
        select(AccountKind::ALL),
        option::of(party()),
        option::of(uuid().prop_map(CashPlaceId)),
    );
    let tax = ((0..4_u8), any::<u8>());
    let basis = select(vec![
        None,
        Some(PriceBasis::Inclusive),
        Some(PriceBasis::Exclusive),
    ]);
    let work = option::of(text::<Code>("[a-z0-9._-]{1,8}"));
    (account, -YEN_MAX..=YEN_MAX, tax, basis, work).prop_map(|(account, yen, tax, basis, work)| Posting {
        account: Account {
            unit: account.0,
            kind: account.1,
            party: account.2,
            cash_place: account.3,
        },
        yen: Yen::new(yen),
        tax: TaxRate {
            category: TaxCategory::from_number(tax.0).unwrap(),
            percent: tax.1,
        },
        basis,
        work,
    })
}

fn reference() -> impl Strategy<Value = Reference> {
    (select(&ReferenceRole::ALL[..]), uuid()).prop_map(|(role, id)| Reference { role, id })
}

fn seal() -> impl Strategy<Value = TextSeal> {
    (any::<bool>(), any::<[u8; 32]>()).prop_map(|(is_note, commitment)| TextSeal {
        role: if is_note { TextRole::Note } else { TextRole::Reason },
        commitment,
    })
}

/// Any entry that the types allow.
pub fn any_entry() -> impl Strategy<Value = Entry> {
    let head = (any::<u64>(), uuid(), "[a-z_]{1,12}", any::<u16>(), day(), day());
    let who = (
        acting(),
        text("[!-~]{1,20}"),
        "\\PC{0,12}",
        0..4_000_000_000_000_i64,
    );
    let about = (
        option::of(uuid()),
        option::of(uuid()),
        option::of(uuid()),
        vec(reference(), 0..4),
        vec(uuid(), 0..4),
    );
    let goods = (vec(birth(), 0..3), vec(movement(), 0..5), vec(link(), 0..4));
    let rest = (
        vec(posting(), 0..8),
        vec(any::<[u8; 32]>(), 0..3),
        vec(seal(), 0..3),
        vec(any::<u8>(), 0..60),
    );
    (head, who, about, goods, rest).prop_map(|(head, who, about, goods, rest)| Entry {
        seq: head.0,
        id: EntryId(head.1),
        kind: head.2,
        format: head.3,
        supplied_on: head.4,
        book_on: head.5,
        acting: who.0,
        key: who.1,
        group: about.0.map(GroupId),
        agreement: about.1.map(AgreementId),
        references: about.3,
        reverses: about.2.map(EntryId),
        births: goods.0,
        movements: goods.1,
        links: goods.2,
        postings: rest.0,
        evidence: rest.1,
        texts: rest.2,
        payload: rest.3,
        recorder: who.2,
        recorded_at: Instant::from_millis(who.3).unwrap(),
        offices: about.4.into_iter().map(OfficeId).collect(),
    })
}

/// One entry with something of everything. Its bytes are pinned: it must never change.
pub fn fixed_entry() -> Entry {
    let id = Uuid::from_u128;
    let [a, b] = [1, 2].map(|office| OfficeId(id(office)));
    let day = |text: &str| text.parse::<Day>().unwrap();
    let lot = Lot {
        id: LotId(id(20)),
        code: "A-0601".parse().unwrap(),
        product: ProductId(id(30)),
        maker: a.into(),
        made_on: day("2026-06-01"),
        best_before: Some(BestBefore {
            day: day("2026-06-15"),
            hour: Some(13),
            use_by: true,
        }),
        origin: Some("埼玉県".parse().unwrap()),
        field: Some("北の畑".parse().unwrap()),
        supplier: Some(PartyId(id(40))),
        supplier_lot: Some("T-7".parse().unwrap()),
        allergens: Allergens {
            contains: ["卵".parse().unwrap(), "乳".parse().unwrap()].into(),
            may_contain: ["くるみ".parse().unwrap()].into(),
            unknown: true,
        },
        origin_unknown: false,
    };
    let reduced = TaxRate {
        category: TaxCategory::Reduced,
        percent: 8,
    };
    let posting = |account, yen, tax, basis| Posting {
        account,
        yen: Yen::new(yen),
        tax,
        basis,
        work: None,
    };
    let head = BookUnit::Head(CorporationId(id(3)));
    let welfare = BookUnit::Office(b, Section::Welfare);
    let mut sales = posting(
        Account::plain(BookUnit::production(a), AccountKind::Sales),
        -1_800,
        reduced,
        Some(PriceBasis::Inclusive),
    );
    sales.work = Some("farm".parse().unwrap());
    Entry {
        seq: 4_711,
        id: EntryId(id(10)),
        kind: "receive".to_owned(),
        format: 1,
        supplied_on: day("2026-06-02"),
        book_on: day("2026-07-01"),
        acting: Acting::Office(b),
        key: "r-1".parse().unwrap(),
        group: Some(GroupId(id(50))),
        agreement: Some(AgreementId(id(60))),
        references: vec![
            Reference {
                role: ReferenceRole::Shipment,
                id: id(11),
            },
            Reference {
                role: ReferenceRole::Order,
                id: id(12),
            },
        ],
        reverses: Some(EntryId(id(13))),
        births: vec![Birth { lot, amends: true }],
        movements: vec![Movement {
            lot: LotId(id(20)),
            from: Place::transit(a, b, id(11)),
            to: Place::store(b),
            quantity: Quantity::try_new(12_000).unwrap(),
            assumed: true,
        }],
        links: vec![Link {
            input: LotId(id(21)),
            output: LotId(id(20)),
            quantity: -5,
        }],
        postings: vec![
            posting(
                Account::with(BookUnit::production(a), AccountKind::Receivable, b),
                1_800,
                TaxRate::OUT_OF_SCOPE,
                None,
            ),
            sales,
            posting(
                Account::plain(welfare, AccountKind::WelfareFood),
                1_800,
                reduced,
                Some(PriceBasis::Exclusive),
            ),
            posting(
                Account::cash(welfare, AccountKind::Cash, CashPlaceId(id(70))),
                -1_800,
                TaxRate::OUT_OF_SCOPE,
                None,
            ),
            posting(
                Account::with(head, AccountKind::Internal, a),
                7,
                TaxRate::OUT_OF_SCOPE,
                None,
            ),
            posting(
                Account::plain(head, AccountKind::Retained),
                -7,
                TaxRate::OUT_OF_SCOPE,
                None,
            ),
        ],
        evidence: vec![[0xee; 32]],
        texts: vec![TextSeal {
            role: TextRole::Reason,
            commitment: [0x77; 32],
        }],
        payload: br#"{"all":true,"shipment":{"key":"s-1","office":"a"}}"#.to_vec(),
        recorder: "clerk".to_owned(),
        recorded_at: Instant::from_millis(1_000_000_000_000).unwrap(),
        offices: [a, b].into(),
    }
}
