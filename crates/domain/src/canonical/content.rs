//! What a part says, read back from its bytes: each part by itself, because a proof may show one without the others.

use super::{
    bytes::{CanonicalError, Reader},
    part::{Part, PartRole},
};
use crate::{
    account::{Account, AccountKind, BookUnit, Section},
    calendar::{Day, Instant},
    entry::{Birth, Entry, Link, Movement, Posting, Reference, ReferenceRole, TextRole, TextSeal},
    id::{Acting, AgreementId, CashPlaceId, EntryId, GroupId, LotId, OfficeId, PartyId},
    lot::Lot,
    money::Yen,
    place::{Place, PlaceKind},
    quantity::Quantity,
    tax::{PriceBasis, TaxCategory, TaxRate},
    text::Key,
};
use std::collections::BTreeSet;

/// The shared part: header and goods. Its fields are those of [`Entry`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of Entry, documented there")]
pub struct SharedPart {
    pub seq: u64,
    pub id: EntryId,
    pub kind: String,
    pub format: u16,
    pub supplied_on: Day,
    pub book_on: Day,
    pub acting: Acting,
    pub references: Vec<Reference>,
    pub reverses: Option<EntryId>,
    pub births: Vec<Birth>,
    pub movements: Vec<Movement>,
    pub links: Vec<Link>,
    pub offices: BTreeSet<OfficeId>,
}

/// The acting body's part. Its fields are those of [`Entry`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of Entry, documented there")]
pub struct ActingPart {
    pub key: Key,
    pub group: Option<GroupId>,
    pub agreement: Option<AgreementId>,
    pub evidence: Vec<[u8; 32]>,
    pub texts: Vec<TextSeal>,
    pub payload: Vec<u8>,
}

/// The postings of an office or a head office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingsPart {
    /// Agreement whose terms were used.
    pub agreement: Option<AgreementId>,
    /// Postings, each with its place among those of the whole entry.
    pub lines: Vec<(u64, Posting)>,
}

/// Who recorded it and when. Its fields are those of [`Entry`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of Entry, documented there")]
pub struct RecordPart {
    pub recorder: String,
    pub recorded_at: Instant,
}

/// What a part says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of the parts")]
pub enum Content {
    Shared(SharedPart),
    Acting(ActingPart),
    Postings(PostingsPart),
    Record(RecordPart),
}

impl Part {
    /// Reads what the part says.
    ///
    /// # Errors
    /// [`CanonicalError`] for bytes that no entry has.
    pub fn content(&self) -> Result<Content, CanonicalError> {
        Ok(match self.role {
            PartRole::Shared => Content::Shared(shared(&self.bytes)?),
            PartRole::Acting => Content::Acting(acting(&self.bytes)?),
            PartRole::Office(_) | PartRole::Head(_) => Content::Postings(postings(self)?),
            PartRole::Record => Content::Record(record(&self.bytes)?),
        })
    }
}

pub(super) fn join(parts: &[Part]) -> Result<Entry, CanonicalError> {
    let missing = |what| CanonicalError { at: 0, what };
    let bytes_of = |role, what| {
        (parts.iter().find(|part| part.role == role))
            .map(|part| part.bytes.as_slice())
            .ok_or(missing(what))
    };
    let shared = shared(bytes_of(PartRole::Shared, "shared part")?)?;
    let acting = acting(bytes_of(PartRole::Acting, "acting part")?)?;
    let record = record(bytes_of(PartRole::Record, "record part")?)?;
    let mut lines: Vec<(u64, Posting)> = Vec::new();
    for part in parts {
        if matches!(part.role, PartRole::Office(_) | PartRole::Head(_)) {
            lines.extend(postings(part)?.lines);
        }
    }
    lines.sort_by_key(|(line, _)| *line);
    Ok(Entry {
        seq: shared.seq,
        id: shared.id,
        kind: shared.kind,
        format: shared.format,
        supplied_on: shared.supplied_on,
        book_on: shared.book_on,
        acting: shared.acting,
        key: acting.key,
        group: acting.group,
        agreement: acting.agreement,
        references: shared.references,
        reverses: shared.reverses,
        births: shared.births,
        movements: shared.movements,
        links: shared.links,
        postings: lines.into_iter().map(|(_, posting)| posting).collect(),
        evidence: acting.evidence,
        texts: acting.texts,
        payload: acting.payload,
        recorder: record.recorder,
        recorded_at: record.recorded_at,
        offices: shared.offices,
    })
}

fn shared(bytes: &[u8]) -> Result<SharedPart, CanonicalError> {
    let mut input = Reader::new(bytes);
    let part = SharedPart {
        seq: input.u64()?,
        id: EntryId(input.uuid()?),
        kind: input.text()?.to_owned(),
        format: input.u16()?,
        supplied_on: day(&mut input)?,
        book_on: day(&mut input)?,
        acting: Acting::parse(input.text()?).ok_or_else(|| input.error("acting"))?,
        references: input.list(|input| {
            let role = ReferenceRole::from_number(input.u8()?).ok_or_else(|| input.error("reference"))?;
            Ok(Reference {
                role,
                id: input.uuid()?,
            })
        })?,
        reverses: input.owner()?.map(EntryId),
        births: input.list(|input| {
            let amends = flag(input)?;
            let lot: Lot = serde_json::from_slice(input.bytes()?).map_err(|_| input.error("lot"))?;
            Ok(Birth { lot, amends })
        })?,
        movements: input.list(|input| {
            Ok(Movement {
                lot: LotId(input.uuid()?),
                from: place(input)?,
                to: place(input)?,
                quantity: Quantity::try_new(input.i64()?).map_err(|_| input.error("quantity"))?,
                assumed: flag(input)?,
            })
        })?,
        links: input.list(|input| {
            Ok(Link {
                input: LotId(input.uuid()?),
                output: LotId(input.uuid()?),
                quantity: input.i64()?,
            })
        })?,
        offices: input
            .list(|input| input.uuid().map(OfficeId))?
            .into_iter()
            .collect(),
    };
    input.end()?;
    Ok(part)
}

fn acting(bytes: &[u8]) -> Result<ActingPart, CanonicalError> {
    let mut input = Reader::new(bytes);
    let part = ActingPart {
        key: input.text()?.parse().map_err(|_| input.error("key"))?,
        group: input.owner()?.map(GroupId),
        agreement: input.owner()?.map(AgreementId),
        evidence: input.list(Reader::array)?,
        texts: input.list(|input| {
            let role = TextRole::from_number(input.u8()?).ok_or_else(|| input.error("text"))?;
            Ok(TextSeal {
                role,
                commitment: input.array()?,
            })
        })?,
        payload: input.bytes()?.to_vec(),
    };
    input.end()?;
    Ok(part)
}

fn record(bytes: &[u8]) -> Result<RecordPart, CanonicalError> {
    let mut input = Reader::new(bytes);
    let part = RecordPart {
        recorder: input.text()?.to_owned(),
        recorded_at: Instant::from_millis(input.i64()?).map_err(|_| input.error("time"))?,
    };
    input.end()?;
    Ok(part)
}

fn postings(part: &Part) -> Result<PostingsPart, CanonicalError> {
    let mut input = Reader::new(&part.bytes);
    let agreement = input.owner()?.map(AgreementId);
    let lines = input.list(|input| {
        let line = input.u64()?;
        Ok((line, posting(input, part.role)?))
    })?;
    input.end()?;
    Ok(PostingsPart { agreement, lines })
}

fn posting(input: &mut Reader, role: PartRole) -> Result<Posting, CanonicalError> {
    let unit = match (role, input.u8()?) {
        (PartRole::Office(office), 1) => BookUnit::Office(office, Section::Production),
        (PartRole::Office(office), 2) => BookUnit::Office(office, Section::Welfare),
        (PartRole::Head(corporation), 0) => BookUnit::Head(corporation),
        _ => return Err(input.error("unit")),
    };
    let kind = AccountKind::from_number(input.u8()?).ok_or_else(|| input.error("account"))?;
    let account = Account {
        unit,
        kind,
        party: input.owner()?.map(PartyId),
        cash_place: input.owner()?.map(CashPlaceId),
    };
    let yen = Yen::try_new(input.i64()?).map_err(|_| input.error("yen"))?;
    let category = TaxCategory::from_number(input.u8()?).ok_or_else(|| input.error("tax"))?;
    let tax = TaxRate {
        category,
        percent: input.u8()?,
    };
    let basis = match input.u8()? {
        0 => None,
        1 => Some(PriceBasis::Inclusive),
        2 => Some(PriceBasis::Exclusive),
        _ => return Err(input.error("basis")),
    };
    let work = match input.text()? {
        "" => None,
        code => Some(code.parse().map_err(|_| input.error("work"))?),
    };
    Ok(Posting {
        account,
        yen,
        tax,
        basis,
        work,
    })
}

fn day(input: &mut Reader) -> Result<Day, CanonicalError> {
    let number = input.i32()?;
    Day::from_number(number).map_err(|_| input.error("day"))
}

fn flag(input: &mut Reader) -> Result<bool, CanonicalError> {
    match input.u8()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(input.error("flag")),
    }
}

fn place(input: &mut Reader) -> Result<Place, CanonicalError> {
    let kind = PlaceKind::from_number(input.u8()?).ok_or_else(|| input.error("place"))?;
    Ok(Place {
        kind,
        owner: PartyId(input.uuid()?),
        holder: PartyId(input.uuid()?),
        reference: input.owner()?,
    })
}
