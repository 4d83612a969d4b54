//! What a proof shows, and that nothing else passes for one.

mod hostile;
mod small_book;

use super::*;
use crate::{
    canonical::Content,
    entry::TextRole,
    log::{BookKey, Hash, consistency_proof_of, inclusion_proof_of, root_of},
};
use small_book::{ORIGIN, SmallBook, key};

fn shown(proved: Proved) -> ProvedEntry {
    match proved {
        Proved::Entry(entry) => *entry,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_keeper_shows_all_and_an_office_its_own() {
    let book = SmallBook::new();
    let seq = book.seq("r1");
    let keys = [key(1).public()];

    let all = shown(check(&book.proof(seq, |_| true).to_text(), &keys).unwrap());
    assert_eq!(all.hidden, []);
    let entry = book.entry(seq);
    assert_eq!(all.shared().unwrap().movements, entry.movements);
    assert_eq!(all.acting().unwrap().payload, entry.payload);
    let postings: Vec<_> = (all.parts.iter())
        .filter_map(|(_, content)| match content {
            Content::Postings(part) => Some(part.lines.iter().map(|(_, posting)| posting.clone())),
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(postings.len(), 4);
    assert!(postings.iter().all(|posting| entry.postings.contains(posting)));
    assert_eq!((all.head.size(), all.seq), (book.size(), seq));

    let a = PartRole::Office(book.office("a"));
    let for_a = book.proof(seq, |role| role == PartRole::Shared || role == a);
    let mine = shown(check(&for_a.to_text(), &keys).unwrap());
    let b = PartRole::Office(book.office("b"));
    assert_eq!(mine.hidden, [PartRole::Acting, b, PartRole::Record]);
    assert_eq!(mine.parts.len(), 2);
    assert_eq!(mine.texts, []);
    // not even what the others' hashes are of
    let other = book.proof(seq, |role| role == b);
    let other = other.parts.iter().find_map(|part| part.shown.as_ref()).unwrap();
    for secret in [&other.bytes[..], &other.salt] {
        let (hex, base64) = (hex::encode(secret), base64_of(secret));
        let text = for_a.to_text();
        assert!(!text.contains(&hex) && !text.contains(&base64));
    }
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn a_text_is_shown_with_its_seal_or_not_at_all() {
    let book = SmallBook::new();
    let proof = book.proof(book.seq("s1"), |_| true);
    let keys = [key(1).public()];
    let proved = proof.check(&keys).unwrap();
    let note = "朝の便".parse().unwrap();
    assert_eq!(proved.texts, [(TextRole::Note, Some(note))]);

    let erased = EntryProof {
        texts: Vec::new(),
        ..proof.clone()
    };
    assert_eq!(
        erased.check(&keys).unwrap().texts,
        [(TextRole::Note, None)],
        "an erased text"
    );
    let mut other = proof.clone();
    other.texts[0].text = "夕方の便".parse().unwrap();
    assert_eq!(other.check(&keys), Err(NotProved::TextDiffers { line: 0 }));
    let mut twice = proof.clone();
    twice.texts.push(twice.texts[0].clone());
    assert_eq!(twice.check(&keys), Err(NotProved::TextDiffers { line: 0 }));
    let mut beyond = proof.clone();
    beyond.texts[0].line = 1;
    assert_eq!(beyond.check(&keys), Err(NotProved::TextDiffers { line: 1 }));
    // without the acting part there is no seal to compare with
    let mut unsealed = book.proof(book.seq("s1"), |role| role == PartRole::Shared);
    unsealed.texts.clone_from(&proof.texts);
    assert_eq!(unsealed.check(&keys), Err(NotProved::TextDiffers { line: 0 }));
}

#[test]
fn every_entry_at_every_size() {
    let book = SmallBook::new();
    let keys = [key(1).public()];
    for seq in 0..book.size() {
        for size in seq + 1..=book.size() {
            let proof = book.proof_at(seq, size, |role| role == PartRole::Shared);
            assert_eq!(proof.check(&keys).unwrap().head.size(), size);
        }
    }
    for old in 0..=book.size() {
        for new in old..=book.size() {
            let proof = book.consistency(old, new);
            let Ok(Proved::Consistency {
                old: first,
                new: last,
            }) = check(&proof.to_text(), &keys)
            else {
                panic!("{old} to {new}");
            };
            assert_eq!((first.size(), last.size()), (old, new));
            if old != new {
                let turned = ConsistencyProof {
                    old: proof.new.clone(),
                    new: proof.old.clone(),
                    ..proof
                };
                assert!(turned.check(&keys).is_err(), "{new} to {old}");
            }
        }
    }
}

#[test]
fn a_signed_head_by_itself_is_checked_too() {
    let book = SmallBook::new();
    let note = book.note(5);
    let Ok(Proved::Head(head)) = check(&note, &[key(1).public()]) else {
        panic!("{note}");
    };
    assert_eq!((head.size(), head.origin()), (5, ORIGIN));
    assert_eq!(head.time().unwrap().in_tokyo(), "2026-07-10 12:00");
    assert!(matches!(
        check("", &[key(1).public()]),
        Err(NotProved::OtherBook { .. })
    ));
}

#[test]
fn another_key_and_another_book_are_named() {
    let book = SmallBook::new();
    let text = book.proof(3, |_| true).to_text();
    // the same name, another key
    let error = check(&text, &[key(2).public()]).unwrap_err();
    assert_eq!(error, NotProved::Note(NoteError::UnknownKey));
    let other = BookKey::from_secret("yokoito/other".parse().unwrap(), &[1; 32]);
    let error = check(&text, &[other.public()]).unwrap_err().to_string();
    assert!(
        error.contains(ORIGIN) && error.contains("yokoito/other"),
        "{error}"
    );
    assert!(check(&text, &[]).is_err());
    // who knows both books is not shown one for the other: neither key signs for the other's name
    let both = [key(1).public(), other.public()];
    assert!(check(&text, &both).is_ok());
    let checkpoint = Checkpoint::new(ORIGIN, book.size(), book.root(book.size()))
        .unwrap()
        .sign(&other);
    let foreign = EntryProof {
        checkpoint,
        ..book.proof(3, |_| true)
    };
    assert_eq!(foreign.check(&both), Err(NotProved::Note(NoteError::UnknownKey)));
    let strange = Checkpoint::new("yokoito/other", 1, Hash::new([0; 32]))
        .unwrap()
        .sign(&key(1));
    let strange = EntryProof {
        checkpoint: strange,
        ..book.proof(3, |_| true)
    };
    assert!(matches!(
        strange.check(&both),
        Err(NotProved::OriginDiffers { .. })
    ));
}

#[test]
fn what_is_wrong_is_named() {
    let book = SmallBook::new();
    let keys = [key(1).public()];
    let seq = book.seq("r1");
    let good = book.proof(seq, |_| true);

    let mut bytes = good.clone();
    bytes.parts[2].shown.as_mut().unwrap().bytes[40] ^= 1;
    let role = bytes.parts[2].role;
    assert_eq!(bytes.check(&keys), Err(NotProved::PartDiffers(role)));
    let mut salt = good.clone();
    salt.parts[0].shown.as_mut().unwrap().salt[0] ^= 1;
    assert_eq!(salt.check(&keys), Err(NotProved::PartDiffers(PartRole::Shared)));
    let mut hash = good.clone();
    hash.parts[4].shown = None;
    hash.parts[4].hash[0] ^= 1;
    assert_eq!(hash.check(&keys), Err(NotProved::Path(VerifyError::Mismatch)));
    let mut order = good.clone();
    order.parts.swap(2, 3);
    assert_eq!(order.check(&keys), Err(NotProved::PartOrder));
    let mut fewer = good.clone();
    fewer.parts.pop();
    assert_eq!(fewer.check(&keys), Err(NotProved::Path(VerifyError::Mismatch)));
    let mut place = good.clone();
    place.seq += 1;
    assert!(matches!(place.check(&keys), Err(NotProved::Path(_))));
    let mut path = good.clone();
    path.path.pop();
    assert_eq!(path.check(&keys), Err(NotProved::Path(VerifyError::Length)));
    let mut names = good.clone();
    names.names = book.proof(seq - 1, |_| true).names;
    assert!(matches!(names.check(&keys), Err(NotProved::Names(_))));
    let mut names = good.clone();
    names.names = names.names.replace("Bキッチン", "Cショップ");
    assert!(matches!(names.check(&keys), Err(NotProved::Names(_))));
    let note_as_names = EntryProof {
        names: book.note(book.size()),
        ..good.clone()
    };
    assert!(matches!(note_as_names.check(&keys), Err(NotProved::Names(_))));
    let names_as_note = EntryProof {
        checkpoint: good.names.clone(),
        ..good.clone()
    };
    assert_eq!(
        names_as_note.check(&keys),
        Err(NotProved::Note(NoteError::NoCheckpoint))
    );
    let text = good.to_text();
    for (from, to, expected) in [
        ("\"format\": 1", "\"format\": 2", "新しい版の証明です"),
        ("\"kind\": \"entry_proof\"", "\"kind\": \"x\"", "kind と format"),
        ("\"seq\"", "\"sequence\"", "sequence"),
        ("\"path\": [", "\"path\": [\"00\",", "16進数64桁"),
        ("\"seq\":", "\"seq\": 0, \"seq\":", "2回書かれています"),
        ("\"seq\": ", "\"seq\": -", "証明の形になっていません"),
        ("\"salt\"", "\"solt\"", "solt"),
        ("\"owner\": \"", "\"owner\": \"x", "owner"),
    ] {
        let error = check(&text.replacen(from, to, 1), &keys).unwrap_err().to_string();
        assert!(error.contains(expected), "{from}: {error}");
    }
    assert_eq!(check(&"x".repeat(FILE_LIMIT + 1), &keys), Err(NotProved::TooLong));
}

/// The form is fixed for years: these texts were written by the first version and are never changed.
#[test]
fn the_first_files_ever_given_out_are_still_proofs() {
    let keys: [VerifierKey; 1] = [include_str!("tests/public_key.txt").parse().unwrap()];
    let text = include_str!("tests/entry_proof_1.json");
    let entry = shown(check(text, &keys).unwrap());
    assert_eq!((entry.seq, entry.head.size(), entry.hidden.len()), (32, 34, 0));
    let Ok(form::Form::Entry(read)) = form::read(text) else {
        panic!("{text}");
    };
    assert_eq!(EntryProof::try_from(*read).unwrap().to_text(), text);

    let text = include_str!("tests/consistency_proof_1.json");
    let Ok(Proved::Consistency { old, new }) = check(text, &keys) else {
        panic!("{text}");
    };
    assert_eq!((old.size(), new.size()), (7, 34));
    let Ok(form::Form::Consistency(read)) = form::read(text) else {
        panic!("{text}");
    };
    assert_eq!(ConsistencyProof::from(read).to_text(), text);
}

#[test]
fn the_small_book_has_the_roots_that_are_signed() {
    let book = SmallBook::new();
    let leaves = book.leaves();
    assert_eq!(book.root(book.size()), root_of(leaves));
    assert!(inclusion_proof_of(leaves, leaves.len()).is_none());
    assert!(consistency_proof_of(leaves, leaves.len() + 1).is_none());
}
