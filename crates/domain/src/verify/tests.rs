//! Entries made by hand, each wrong in one way.

use super::*;
use crate::{
    calendar::{Day, Instant},
    entry::{Birth, Link, Movement, Posting},
    id::{Acting, CorporationId, EntryId},
    lot::{Allergens, Lot},
    money::Yen,
    place::Place,
    quantity::Quantity,
    tax::TaxRate,
};
use uuid::Uuid;

const A: OfficeId = OfficeId(Uuid::from_u128(0xa));
const B: OfficeId = OfficeId(Uuid::from_u128(0xb));
const PARTNER: PartyId = PartyId(Uuid::from_u128(0xc));
const CARROT: LotId = LotId(Uuid::from_u128(1));
const BENTO: LotId = LotId(Uuid::from_u128(2));

fn entry() -> Entry {
    let key: crate::text::Key = "k-1".parse().unwrap();
    let acting = Acting::Office(A);
    let day = Day::from_number(20_260_601).unwrap();
    Entry {
        seq: 3,
        id: entry_id(acting, &key),
        kind: "yet-unknown".to_owned(),
        format: 1,
        supplied_on: day,
        book_on: day,
        acting,
        key,
        group: None,
        agreement: None,
        references: Vec::new(),
        reverses: None,
        births: Vec::new(),
        movements: Vec::new(),
        links: Vec::new(),
        postings: Vec::new(),
        evidence: Vec::new(),
        texts: Vec::new(),
        payload: b"{}".to_vec(),
        recorder: "test".to_owned(),
        recorded_at: Instant::EPOCH,
        offices: BTreeSet::from([A]),
    }
}

fn moves(lot: LotId, from: Place, to: Place, quantity: i64) -> Movement {
    let quantity = Quantity::try_new(quantity).unwrap();
    Movement {
        lot,
        from,
        to,
        quantity,
        assumed: false,
    }
}

fn used(lot: LotId, quantity: i64) -> Movement {
    moves(lot, Place::store(A), Place::own(PlaceKind::Used, A), quantity)
}

fn post(account: Account, yen: i64) -> Posting {
    Posting {
        account,
        yen: Yen::new(yen),
        tax: TaxRate::OUT_OF_SCOPE,
        basis: None,
        work: None,
    }
}

fn owes(unit: OfficeId, kind: AccountKind, party: impl Into<PartyId>, yen: i64) -> Posting {
    post(Account::with(BookUnit::production(unit), kind, party), yen)
}

fn plain(unit: OfficeId, kind: AccountKind, yen: i64) -> Posting {
    post(Account::plain(BookUnit::production(unit), kind), yen)
}

/// What is wrong: invariant and problem.
fn wrong(entry: &Entry) -> Vec<(u8, Problem)> {
    let findings = EntryCheck::default().check(entry);
    let about_entry = |finding: &Finding| matches!(&finding.about[0], Subject::Entry(name) if name.seq == 3);
    assert!(findings.iter().all(about_entry), "{findings:?}");
    (findings.into_iter())
        .map(|finding| (finding.invariant.number(), finding.problem))
        .collect()
}

#[test]
fn a_sound_entry_of_a_kind_nobody_knows_passes() {
    let mut entry = entry();
    entry.offices = BTreeSet::from([A, B]);
    entry.movements = vec![
        used(CARROT, 300),
        moves(BENTO, Place::own(PlaceKind::Made, A), Place::store(A), 10),
    ];
    entry.links = vec![Link {
        input: CARROT,
        output: BENTO,
        quantity: 300,
    }];
    entry.postings = vec![
        owes(A, AccountKind::Receivable, B, 1_000),
        plain(A, AccountKind::Sales, -1_000),
        plain(B, AccountKind::Materials, 1_000),
        owes(B, AccountKind::Payable, A, -1_000),
    ];
    assert_eq!(wrong(&entry), []);
}

#[test]
fn a_movement_moves_something_somewhere() {
    let mut entry = entry();
    entry.movements = vec![used(CARROT, 0), moves(BENTO, Place::store(A), Place::store(A), 1)];
    assert_eq!(
        wrong(&entry),
        [(1, Problem::NothingMoved), (1, Problem::MovesNowhere)]
    );
}

#[test]
fn links_account_for_what_was_used() {
    let link = |quantity| Link {
        input: CARROT,
        output: BENTO,
        quantity,
    };
    let mut entry = entry();
    entry.movements = vec![used(CARROT, 300)];
    entry.links = vec![link(100), link(199)];
    let (used_up, linked) = (300, 299);
    let differ = Problem::LinksDiffer {
        used: used_up,
        linked,
    };
    assert_eq!(wrong(&entry), [(5, differ)]);
    // used up without a link beside one that has one
    entry.links = vec![link(300)];
    entry.movements.push(used(BENTO, 2));
    assert_eq!(wrong(&entry), [(5, Problem::LinksDiffer { used: 2, linked: 0 })]);
    // a correction from 300 to 120: the mirror, then the right version
    entry.reverses = Some(EntryId(Uuid::from_u128(9)));
    let back = moves(CARROT, Place::own(PlaceKind::Used, A), Place::store(A), 300);
    entry.movements = vec![back, used(CARROT, 120)];
    entry.links = vec![link(-300), link(120)];
    assert_eq!(wrong(&entry), []);
    entry.reverses = None;
    assert_eq!(wrong(&entry), [(5, Problem::LinkQuantity)]);
}

#[test]
fn a_lot_is_born_once_and_never_its_own_ingredient() {
    let birth = Birth {
        lot: Lot {
            id: CARROT,
            code: "A-1".parse().unwrap(),
            product: crate::id::ProductId(Uuid::from_u128(4)),
            maker: A.into(),
            made_on: Day::from_number(20_260_601).unwrap(),
            best_before: None,
            origin: None,
            field: None,
            supplier: None,
            supplier_lot: None,
            allergens: Allergens::default(),
            origin_unknown: false,
        },
        amends: false,
    };
    let mut entry = entry();
    entry.births = vec![birth.clone(), birth];
    entry.movements = vec![used(CARROT, 1)];
    entry.links = vec![Link {
        input: CARROT,
        output: CARROT,
        quantity: 1,
    }];
    assert_eq!(wrong(&entry), [(5, Problem::BornTwice), (5, Problem::Circle)]);
}

#[test]
fn each_unit_balances_and_no_yen_is_lost() {
    let mut entry = entry();
    entry.postings = vec![
        plain(A, AccountKind::Materials, 1_000),
        plain(A, AccountKind::OtherIncome, -999),
    ];
    assert_eq!(
        wrong(&entry),
        [
            (3, Problem::Unbalanced { sum: 1 }),
            (9, Problem::YenLost { sum: 1 })
        ]
    );
    // together they cancel, by themselves they do not
    entry.postings = vec![
        plain(A, AccountKind::Materials, 500),
        plain(B, AccountKind::OtherIncome, -500),
    ];
    assert_eq!(
        wrong(&entry),
        [
            (3, Problem::Unbalanced { sum: 500 }),
            (3, Problem::Unbalanced { sum: -500 })
        ]
    );
    entry.postings = vec![
        plain(A, AccountKind::Receivable, 5),
        plain(A, AccountKind::Sales, -5),
    ];
    assert_eq!(wrong(&entry), [(3, Problem::UnsoundAccount)]);
}

#[test]
fn debts_between_offices_are_mirrored_and_partners_have_no_mirror() {
    let mut entry = entry();
    entry.offices = BTreeSet::from([A, B]);
    entry.postings = vec![
        owes(A, AccountKind::Receivable, B, 1_000),
        plain(A, AccountKind::Sales, -1_000),
        plain(B, AccountKind::Materials, 900),
        owes(B, AccountKind::Payable, A, -900),
        owes(A, AccountKind::Receivable, PARTNER, 70),
        plain(A, AccountKind::Sales, -70),
    ];
    assert_eq!(wrong(&entry), [(4, Problem::NotMirrored { difference: 100 })]);
    // the wrong kind on the other side leaves both sides without a mirror
    entry.postings = vec![
        owes(A, AccountKind::ConsignmentReceivable, B, 400),
        plain(A, AccountKind::Sales, -400),
        plain(B, AccountKind::Materials, 400),
        owes(B, AccountKind::Payable, A, -400),
    ];
    let two = |difference| (4, Problem::NotMirrored { difference });
    let mut found = wrong(&entry);
    found.sort_by_key(|(_, problem)| format!("{problem:?}"));
    assert_eq!(found, [two(-400), two(400)]);
}

#[test]
fn head_offices_mirror_internal_accounts_only() {
    let head = CorporationId(Uuid::from_u128(0xd));
    let mut entry = entry();
    entry.postings = vec![
        owes(A, AccountKind::Internal, head, 300),
        plain(A, AccountKind::InternalIncome, -300),
        post(
            Account::plain(BookUnit::Head(head), AccountKind::InternalExpense),
            300,
        ),
        post(
            Account::with(BookUnit::Head(head), AccountKind::Internal, A),
            -300,
        ),
    ];
    assert_eq!(wrong(&entry), []);
    entry.postings.truncate(2);
    assert_eq!(wrong(&entry), [(4, Problem::NotMirrored { difference: 300 })]);
}

#[test]
fn the_id_follows_from_body_and_key() {
    let mut entry = entry();
    entry.key = "k-2".parse().unwrap();
    assert_eq!(wrong(&entry), [(7, Problem::WrongId)]);
}
