//! The byte form: what is written is read back, what is changed is noticed, and the form itself never changes.

mod entries;

use super::{bytes::Writer, *};
use crate::{account::AccountKind, command::Command, decide::act_of, log::Hash};
use entries::{any_entry, fixed_entry};
use proptest::prelude::*;

fn blob(entry: &Entry) -> Vec<u8> {
    encode(&parts(entry))
}

const SEED: [u8; 32] = [9; 32];

fn leaf_of(entry: &Entry) -> Vec<u8> {
    leaf_content(entry.seq, &parts(entry), &SEED)
}

fn hex_of(bytes: &[u8]) -> String {
    Hash::new(Sha256::digest(bytes).into()).to_string()
}

/// These hashes stand in every book that was ever written. A change of one of them is not a failing test to be
/// updated: it is a new form, with a new [`VERSION`] beside the old one. (The figures were worked out by a second
/// writer of the form in another language.)
#[test]
fn the_form_of_an_entry_never_changes() {
    let entry = fixed_entry();
    assert_eq!(
        hex_of(&blob(&entry)),
        "14cb94a883c22f728f393db1fb0c9c1cea8ecd64fb5e564c3e6b492c3dc6ad40"
    );
    assert_eq!(
        hex_of(&leaf_of(&entry)),
        "c20d1446d699f26663ca310a2ae4487563b27b4b0f4737936a416f5e22e3fc54"
    );
    assert_eq!(
        hex::encode(content_hash(&entry)),
        "636a44480c2ac23c4ccb609c814b46f5f5ce98b1b248218223abd589ee386755"
    );
    assert_eq!(
        hex::encode(text_commitment(&SEED, "北の畑")),
        "2347b86be653c1179f0c06bc48a6187da76c5e868a70866a6454683b04231821"
    );
}

/// The smallest part by hand: length and letters of the recorder, milliseconds.
#[test]
fn numbers_are_big_endian_and_texts_carry_their_length() {
    let entry = fixed_entry();
    let record = parts(&entry).pop().unwrap();
    assert_eq!(record.role, PartRole::Record);
    // "clerk" is 5 letters; 1,000,000,000,000 ms = 0xE8D4A51000
    let expected = "0000000000000005".to_owned() + "636c65726b" + "000000e8d4a51000";
    assert_eq!(hex::encode(&record.bytes), expected);
    let whole = blob(&entry);
    // version 1, six parts, the first one shared and without an owner
    assert_eq!(
        hex::encode(&whole[..11]),
        "01".to_owned() + "0000000000000006" + "01" + "00"
    );
}

#[test]
fn parts_stand_in_one_order_and_each_unit_is_its_office_s_own() {
    let entry = fixed_entry();
    let parts = parts(&entry);
    let numbers: Vec<u8> = parts.iter().map(|part| part.role.number()).collect();
    assert_eq!(numbers, [1, 2, 3, 3, 4, 5]);
    for (part, posting) in parts.iter().skip(2).zip([0, 2, 4]) {
        let account = entry.postings[posting].account;
        let owner = account.unit.office().map(|office| office.0);
        assert!(part.role.owner() == owner || owner.is_none(), "{:?}", part.role);
    }
}

#[test]
fn every_flipped_bit_of_an_entry_is_noticed() {
    let entry = fixed_entry();
    let whole = blob(&entry);
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut forged = whole.clone();
            forged[at] ^= 1 << bit;
            assert_noticed(&entry, &forged);
        }
    }
}

/// A forged blob fails to decode, or another entry comes out whose leaf differs; and whose content differs too, unless
/// only the record of who typed it when, the group or a salted commitment was forged.
fn assert_noticed(entry: &Entry, forged: &[u8]) {
    let Ok(other) = decode(forged) else {
        return;
    };
    assert_ne!(&other, entry);
    assert_ne!(leaf_of(&other), leaf_of(entry));
    let beside = |entry: &Entry| {
        let seals: Vec<_> = entry.texts.iter().map(|seal| seal.commitment).collect();
        (entry.recorder.clone(), entry.recorded_at, entry.group, seals)
    };
    let same_content = content_hash(&other) == content_hash(entry);
    assert_ne!(beside(&other) == beside(entry), same_content);
}

#[test]
fn cut_or_lengthened_bytes_are_errors() {
    let whole = blob(&fixed_entry());
    for length in 0..whole.len() {
        assert!(decode(&whole[..length]).is_err(), "{length}");
    }
    for more in [0, 1, 255] {
        let mut longer = whole.clone();
        longer.push(more);
        assert_eq!(decode(&longer).unwrap_err().what, "end");
    }
    assert!(decode(&[]).is_err());
}

#[test]
fn parts_missing_doubled_or_out_of_order_are_errors() {
    let parts = parts(&fixed_entry());
    for n in 0..parts.len() {
        let mut fewer = parts.clone();
        fewer.remove(n);
        // the last unit's postings can be left out and an entry remains: its leaf is another one
        assert_noticed(&fixed_entry(), &encode(&fewer));
        let mut doubled = parts.clone();
        doubled.insert(n, parts[n].clone());
        assert!(decode(&encode(&doubled)).is_err(), "part {n} twice");
        let mut swapped = parts.clone();
        swapped.swap(n, (n + 1) % parts.len());
        assert!(decode(&encode(&swapped)).is_err(), "part {n} elsewhere");
    }
}

#[test]
fn forged_counts_and_lengths_reserve_no_memory() {
    for count in [u64::MAX, 1 << 62, 1 << 40, 1 << 20] {
        let mut list = Writer::default();
        list.u8(VERSION);
        list.u64(count);
        assert_eq!(split(&list.finish()).unwrap_err().what, "count");
        let mut text = Writer::default();
        text.u8(VERSION);
        text.u64(1);
        text.u8(PartRole::Record.number());
        text.owner(None);
        text.u64(count);
        assert_eq!(split(&text.finish()).unwrap_err().what, "length");
    }
    // also inside a part: the length of the recorder, then the count of postings
    for (n, at) in [(5, 0), (2, 17)] {
        let mut parts = parts(&fixed_entry());
        parts[n].bytes[at] = 0xff;
        assert!(decode(&encode(&parts)).is_err(), "part {n}");
    }
}

#[test]
fn a_kind_this_program_does_not_know_passes_unharmed() {
    let mut entry = fixed_entry();
    entry.kind = "barter".to_owned();
    entry.format = 7;
    entry.payload = br#"{"for":"honey"}"#.to_vec();
    assert_eq!(decode(&blob(&entry)).unwrap(), entry);
    assert_eq!(act_of(&entry), None);
}

#[test]
fn the_holder_of_one_part_rebuilds_the_leaf_from_hashes_alone() {
    let entry = fixed_entry();
    let parts = parts(&entry);
    let hashed = |part: &Part| (part.role, part.salted_hash(&salt(&SEED, part.role)));
    let shown: Vec<(PartRole, [u8; 32])> = parts.iter().map(hashed).collect();
    for (n, mine) in parts.iter().enumerate() {
        // own bytes and salt, of the others the salted hashes
        let mut known = shown.clone();
        known[n] = (mine.role, mine.salted_hash(&salt(&SEED, mine.role)));
        assert_eq!(leaf(entry.seq, known.clone()), leaf_of(&entry));
        // with one byte of the own part changed it is another leaf
        let mut forged = mine.clone();
        forged.bytes[0] ^= 1;
        known[n] = hashed(&forged);
        assert_ne!(leaf(entry.seq, known), leaf_of(&entry));
        assert_ne!(leaf(entry.seq + 1, shown.clone()), leaf_of(&entry));
    }
    // a salt shown for one part is no other part's salt
    let salts: std::collections::BTreeSet<_> = parts.iter().map(|part| salt(&SEED, part.role)).collect();
    assert_eq!(salts.len(), parts.len());
}

#[test]
fn recorder_time_group_and_salts_are_not_content() {
    let mut entry = fixed_entry();
    let before = (content_hash(&entry), leaf_of(&entry));
    entry.recorder = "other".to_owned();
    entry.group = None;
    for seal in &mut entry.texts {
        seal.commitment = [7; 32];
    }
    assert_eq!(content_hash(&entry), before.0);
    assert_ne!(leaf_of(&entry), before.1);
    assert_ne!(
        leaf_content(0, &parts(&entry), &[1; 32]),
        leaf_content(0, &parts(&entry), &[2; 32])
    );
}

/// Guards against the `preserve_order` feature of the JSON crate: any crate of the program could switch it on.
#[test]
fn a_payload_has_sorted_keys_and_no_blanks() {
    let line = r#"{"supplied_on": "2026-06-10", "yen": 5, "key": "e1", "kind": "spend", "office": "a",
        "item": "rent", "paid": {"place": "kinko", "by": "cash"}, "months": {"to": "2026-07", "from": "2026-06"}}"#;
    let payload = Command::parse(line).unwrap().payload();
    assert_eq!(
        String::from_utf8(payload).unwrap(),
        r#"{"item":"rent","months":{"from":"2026-06","to":"2026-07"},"paid":{"by":"cash","place":"kinko"},"section":"production","yen":5}"#
    );
}

#[test]
fn every_account_kind_is_written_and_read() {
    for kind in AccountKind::ALL {
        let mut entry = fixed_entry();
        entry.postings[0].account.kind = *kind;
        assert_eq!(decode(&blob(&entry)).unwrap(), entry);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read_back(entry in any_entry()) {
        let whole = blob(&entry);
        prop_assert_eq!(decode(&whole).unwrap(), entry.clone());
        prop_assert_eq!(split(&whole).unwrap(), parts(&entry));
    }

    #[test]
    fn any_flipped_byte_is_noticed(entry in any_entry(), at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let mut forged = blob(&entry);
        let at = at.index(forged.len());
        forged[at] ^= flip;
        assert_noticed(&entry, &forged);
    }

    #[test]
    fn any_cut_is_an_error(entry in any_entry(), at in any::<prop::sample::Index>()) {
        let whole = blob(&entry);
        prop_assert!(decode(&whole[..at.index(whole.len())]).is_err());
    }

    #[test]
    fn noise_is_no_entry(noise in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(decode(&noise).is_err());
        let mut with_version = vec![VERSION];
        with_version.extend(noise);
        prop_assert!(decode(&with_version).is_err());
    }
}
