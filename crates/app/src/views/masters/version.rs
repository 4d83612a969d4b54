//! A version of a thing: a hash of all that is dated of it, without what is only shown beside it (names of others).

use super::Versioned;
use domain::{
    acts::Act,
    command::{ActingRef, Command},
    masters::Masters,
    text::Code,
};
use sha2::{Digest, Sha256};
use std::fmt::Debug;

/// A thing of the master data by its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// 連絡会.
    Network(Code),
    /// 法人.
    Corporation(Code),
    /// 事業所.
    Office(Code),
    /// 取引先 of an office, or of the book.
    Partner(Option<Code>, Code),
    /// 品目.
    Product(Code, Code),
    /// レシピ.
    Recipe(Code, Code),
    /// 取り決め.
    Agreement(Code),
}

impl Subject {
    /// Kinds of acts that make or change such a thing.
    pub const KINDS: &'static [&'static str] = &[
        "network",
        "corporation",
        "office",
        "partner",
        "product",
        "recipe",
        "agreement",
    ];

    /// The thing that an act makes or changes; none for acts of no thing that has a version.
    pub fn of(command: &Command) -> Option<Subject> {
        let office = || match &command.head.acting {
            ActingRef::Office(code) => Some(code.clone()),
            ActingRef::Keeper | ActingRef::Network(_) => None,
        };
        Some(match &command.act {
            Act::Network(act) => Subject::Network(act.code.clone()),
            Act::Corporation(act) => Subject::Corporation(act.code.clone()),
            Act::Office(act) => Subject::Office(act.code.clone()),
            Act::Agreement(act) => Subject::Agreement(act.code.clone()),
            Act::Partner(act) => Subject::Partner(office(), act.code.clone()),
            Act::Product(act) => Subject::Product(office()?, act.code.clone()),
            Act::Recipe(act) => Subject::Recipe(office()?, act.code.clone()),
            _ => return None,
        })
    }
}

/// A view with the version of the thing it shows.
pub(super) fn versioned<T>(of: &impl Debug, thing: T) -> Versioned<T> {
    Versioned {
        thing,
        version: hash(of),
    }
}

/// Good only within one version of the program, which is all that is asked of it.
fn hash(thing: &impl Debug) -> String {
    let mut text = hex::encode(Sha256::digest(format!("{thing:?}")));
    text.truncate(24);
    text
}

/// The version of a thing as the master data are; none when there is no such thing.
pub fn version(masters: &Masters, subject: &Subject) -> Option<String> {
    let office = |code: &Code| masters.office_by_code(code).map(|office| office.id);
    match subject {
        Subject::Network(code) => masters.network_by_code(code).map(hash),
        Subject::Corporation(code) => masters.corporation_by_code(code).map(hash),
        Subject::Office(code) => masters.office_by_code(code).map(hash),
        Subject::Agreement(code) => masters.agreement_by_code(code).map(hash),
        Subject::Product(of, code) => masters.product_by_code(office(of)?, code).map(hash),
        Subject::Partner(of, code) => {
            let of = match of {
                Some(of) => Some(office(of)?),
                None => None,
            };
            masters
                .partners()
                .find(|partner| partner.office == of && partner.code == *code)
                .map(hash)
        }
        Subject::Recipe(of, code) => {
            let of = office(of)?;
            masters
                .recipes()
                .find(|(office, other, _)| *office == of && *other == code)
                .map(|(_, _, rows)| hash(rows))
        }
    }
}
