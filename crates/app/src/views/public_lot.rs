//! The public page of a lot: what the QR on its label leads to, for whoever holds the goods. Nobody is asked who they are, so
//! nothing private is in it: names of the product and of those who made it and what went into it, 期限, allergens. No
//! quantity, price, buyer, day or number of any dealing.
//!
//! A lot is found by its code and a tag that only its label has: 80 bits of a hash of the random bytes of the entry it was
//! born in. Codes of lots can be guessed (`HIN-0603-CARROT`), tags cannot, and a wrong one is answered as a lot that never
//! was. The bytes are in the book and its backups, so a label outlives a restore.

use super::{
    ViewError,
    trace::{MadeOf, made_of},
};
use crate::{Book, moment::Moment, viewer::Viewer};
use domain::{
    calendar::Day,
    id::{OfficeId, PartyId},
    lot::{Allergens, BestBefore, Lot},
    masters::Masters,
    text::LotCode,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, fmt, str::FromStr};
use utoipa::ToSchema;

/// Letters of a tag: none that is taken for another one.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Letters of a tag, five bits each.
const LENGTH: usize = 16;

/// What stands in the address behind the QR: the lot's code, and the tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicCode {
    lot: LotCode,
    tag: String,
}

impl PublicCode {
    /// Of a lot that was born in an entry with these random bytes.
    pub(super) fn of(lot: &Lot, seed: &[u8; 32]) -> PublicCode {
        let mut hash = Sha256::new();
        hash.update(b"yokoito public lot 1");
        hash.update(seed);
        hash.update(lot.id.0.as_bytes());
        let hash = hash.finalize();
        let bits = hash
            .iter()
            .take(10)
            .fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        let letter = |n: usize| {
            let five = usize::try_from((bits >> (5 * n)) & 31).unwrap_or_default();
            LETTERS.get(five).copied().map_or('0', char::from)
        };
        PublicCode {
            lot: lot.code.clone(),
            tag: (0..LENGTH).map(letter).collect(),
        }
    }

    /// As long for a wrong letter at the beginning as for one at the end.
    fn is(&self, other: &PublicCode) -> bool {
        let pairs = self.tag.bytes().zip(other.tag.bytes());
        let differs = pairs.fold(0, |differs, (one, other)| differs | (one ^ other));
        self.lot == other.lot && self.tag.len() == other.tag.len() && differs == 0
    }
}

impl fmt::Display for PublicCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.lot, self.tag)
    }
}

impl FromStr for PublicCode {
    type Err = ();

    fn from_str(text: &str) -> Result<PublicCode, ()> {
        let (lot, tag) = text.rsplit_once('-').ok_or(())?;
        let is_tag = tag.len() == LENGTH && tag.bytes().all(|byte| LETTERS.contains(&byte));
        let lot = lot.parse().map_err(|_| ())?;
        is_tag
            .then(|| PublicCode {
                lot,
                tag: tag.to_owned(),
            })
            .ok_or(())
    }
}

/// A name with its reading. No code: those are the book's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct PublicName {
    /// Name.
    pub name: String,
    /// How it is read, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kana: Option<String>,
}

/// Something made, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct PublicGoods {
    /// Product.
    pub product: PublicName,
    /// Who made it; none while that is contested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maker: Option<PublicName>,
}

/// A lot, for everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicLot {
    /// Code on the label.
    pub lot: LotCode,
    /// What it is.
    pub goods: PublicGoods,
    /// 期限.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_before: Option<BestBefore>,
    /// 産地.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Allergens of all that is in it. Unknown is not free.
    pub allergens: Allergens,
    /// What offices made that is in it.
    pub made_of: Vec<PublicGoods>,
}

/// The lot of a public code, for anybody; none when there is none, whatever is wrong with the code.
///
/// # Errors
/// [`ViewError::Store`] or [`ViewError::Broken`].
pub async fn public_lot(book: &Book, code: &PublicCode) -> Result<Option<PublicLot>, ViewError> {
    let moment = book.moment().await?;
    let Some(kept) = moment.snapshot.lot_by_code(&code.lot).await? else {
        return Ok(None);
    };
    let seed = moment.snapshot.seed_of_birth(&kept).await?;
    if !PublicCode::of(&kept.lot, &seed).is(code) {
        return Ok(None);
    }
    let found = made_of(&moment, &kept).await?;
    found.map(|found| view(&moment, &kept.lot, &found)).transpose()
}

/// An office of the viewer's that a lot names: as its maker, or because it is of a product of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedOffice {
    /// Which.
    pub office: OfficeId,
    /// It says that it is not its own.
    pub has_disowned: bool,
}

/// Offices of the viewer's that a lot names, whether or not it ever was where they may look: who is named wrongly has never had
/// it. None where there is no such lot.
///
/// # Errors
/// [`ViewError::Store`] or [`ViewError::Broken`].
pub async fn named_offices(
    book: &Book,
    viewer: &Viewer,
    code: &LotCode,
) -> Result<Vec<NamedOffice>, ViewError> {
    let moment = book.moment().await?;
    let (Some(rights), Some(kept)) = (viewer.rights(), moment.snapshot.lot_by_code(code).await?) else {
        return Ok(Vec::new());
    };
    let masters = &moment.masters;
    let product = masters
        .product(kept.lot.product)
        .ok_or(ViewError::Broken { what: "product" })?;
    let named = [OfficeId(kept.lot.maker.0), product.office];
    let own = rights.offices.iter().filter(|office| named.contains(office));
    Ok(own
        .map(|office| NamedOffice {
            office: *office,
            has_disowned: masters.disowned_by(code).any(|other| other == *office),
        })
        .collect())
}

fn view(moment: &Moment, lot: &Lot, found: &MadeOf) -> Result<PublicLot, ViewError> {
    let masters = &moment.masters;
    let parts = found.lots.iter().map(|part| goods(masters, part));
    let parts: BTreeSet<PublicGoods> = parts.collect::<Result<_, _>>()?;
    Ok(PublicLot {
        lot: lot.code.clone(),
        goods: goods(masters, lot)?,
        best_before: lot.best_before,
        origin: lot.origin.as_ref().map(ToString::to_string),
        allergens: found.allergens.clone(),
        made_of: parts.into_iter().collect(),
    })
}

fn goods(masters: &Masters, lot: &Lot) -> Result<PublicGoods, ViewError> {
    let product = masters
        .product(lot.product)
        .ok_or(ViewError::Broken { what: "product" })?;
    let facts = product.facts.on_or_first(lot.made_on);
    let is_contested = masters.disowned_by(&lot.code).next().is_some();
    Ok(PublicGoods {
        product: PublicName {
            name: facts.map_or_else(|| product.code.to_string(), |facts| facts.name.to_string()),
            kana: facts
                .and_then(|facts| facts.kana.as_ref())
                .map(ToString::to_string),
        },
        maker: maker(masters, lot.maker, lot.made_on).filter(|_| !is_contested),
    })
}

/// Only offices are named: who provides goods to be worked on is a partner, and nobody's business.
fn maker(masters: &Masters, maker: PartyId, day: Day) -> Option<PublicName> {
    let facts = masters.office(OfficeId(maker.0))?.facts.on_or_first(day)?;
    Some(PublicName {
        name: facts.name.to_string(),
        kana: facts.kana.as_ref().map(ToString::to_string),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::{LotId, ProductId};
    use uuid::Uuid;

    fn lot() -> Lot {
        Lot {
            id: LotId(Uuid::from_u128(1)),
            code: "HIN-0603-CARROT".parse().unwrap(),
            product: ProductId(Uuid::from_u128(2)),
            maker: OfficeId(Uuid::from_u128(3)).into(),
            made_on: "2026-06-03".parse().unwrap(),
            best_before: None,
            origin: None,
            field: None,
            supplier: None,
            supplier_lot: None,
            allergens: Allergens::default(),
            origin_unknown: false,
        }
    }

    #[test]
    fn a_code_is_read_as_it_is_written_and_follows_from_the_seed() {
        let code = PublicCode::of(&lot(), &[7; 32]);
        let written = code.to_string();
        assert!(written.starts_with("HIN-0603-CARROT-") && written.len() == 16 + 16);
        assert_eq!(written.parse(), Ok(code.clone()));
        assert!(code.is(&PublicCode::of(&lot(), &[7; 32])));
        assert!(!code.is(&PublicCode::of(&lot(), &[8; 32])));
        let mut other = lot();
        other.id = LotId(Uuid::from_u128(9));
        assert!(!code.is(&PublicCode::of(&other, &[7; 32])));
    }

    #[test]
    fn what_is_no_code_is_none() {
        for wrong in [
            "",
            "HIN-0603-CARROT",
            "-0123456789abcdef",
            "A-0123456789abcdeu",
            "A-0123456789abcde",
            "A B-0123456789abcdef",
        ] {
            assert!(wrong.parse::<PublicCode>().is_err(), "{wrong}");
        }
        assert!("A-0123456789abcdef".parse::<PublicCode>().is_ok());
    }
}
