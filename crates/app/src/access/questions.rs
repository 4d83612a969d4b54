//! 質問: an office asks another one about an entry of their 精算書, which answers; who asked says when it is done with. Kept beside the
//! book: it moves neither goods nor money, and stops nobody from agreeing.

use super::{AccessRefused, Caller};
use crate::{Book, viewer::Viewer};
use domain::{
    calendar::Instant,
    id::{EntryId, OfficeId},
    text::Note,
};
use store::{StoreError, entity::question};
use uuid::Uuid;

/// Questions of a list at most.
pub const LIST: u64 = 500;

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its id.
    pub id: Uuid,
    /// Who asks.
    pub by: OfficeId,
    /// Who is asked.
    pub to: OfficeId,
    /// The entry it is about.
    pub entry: EntryId,
    /// The question.
    pub text: String,
    /// When it was asked.
    pub asked_at: Instant,
    /// The answer, and when it came.
    pub answer: Option<(String, Instant)>,
    /// Who asked is done with it.
    pub is_closed: bool,
}

impl Question {
    fn read(row: question::Model) -> Result<Question, StoreError> {
        let at = |millis| Instant::from_millis(millis).map_err(|_| StoreError::corrupt("question"));
        let answer = match (row.answer, row.answered_at) {
            (Some(answer), Some(answered_at)) => Some((answer, at(answered_at)?)),
            _ => None,
        };
        Ok(Question {
            id: row.id,
            by: OfficeId(row.office),
            to: OfficeId(row.other),
            entry: EntryId(row.entry),
            text: row.text,
            asked_at: at(row.asked_at)?,
            answer,
            is_closed: row.closed_at.is_some(),
        })
    }
}

/// Questions that an office asked or is asked, the newest first.
///
/// # Errors
/// As any statement.
pub async fn questions(
    book: &Book,
    office: OfficeId,
    with: Option<OfficeId>,
    only_open: bool,
) -> Result<Vec<Question>, StoreError> {
    let with = with.map(|with| with.0);
    let found = book.store().questions(office.0, with, only_open, LIST).await?;
    found.into_iter().map(Question::read).collect()
}

/// Asks another office about an entry that both see. The same id with the same content is the same question; the answer says
/// whether it is a new one.
///
/// # Errors
/// [`AccessRefused::NotFound`] for an entry that is not of both, [`AccessRefused::NotAllowed`], [`AccessRefused::KeyReused`].
pub async fn ask(
    book: &Book,
    (viewer, caller): (&Viewer, &Caller),
    (by, to): (OfficeId, OfficeId),
    entry: EntryId,
    text: &Note,
    id: Uuid,
) -> Result<(Question, bool), AccessRefused> {
    if !caller.rights.records_for(by) {
        return Err(AccessRefused::NotAllowed);
    }
    let moment = book.moment().await?;
    let found = moment
        .snapshot
        .entry(entry)
        .await?
        .ok_or(AccessRefused::NotFound)?;
    let is_shared = by != to && found.offices.contains(&by) && found.offices.contains(&to);
    if !is_shared || viewer.gate(&moment.masters).parts(&found).is_none() {
        return Err(AccessRefused::NotFound);
    }
    let row = question::Model {
        id,
        office: by.0,
        other: to.0,
        entry: entry.0,
        text: text.as_ref().to_owned(),
        asked_by: caller.person(),
        asked_at: book.outside().clock.now().millis(),
        answer: None,
        answered_by: None,
        answered_at: None,
        closed_at: None,
    };
    let change = book.store().change_access().await?;
    if change.add_question(row.clone()).await? {
        change.commit().await?;
        return Ok((Question::read(row)?, true));
    }
    drop(change);
    let there = book.store().question(id).await?.ok_or(AccessRefused::KeyReused)?;
    let same = |row: &question::Model| (row.office, row.other, row.entry, row.text.clone());
    if same(&there) == same(&row) {
        Ok((Question::read(there)?, false))
    } else {
        Err(AccessRefused::KeyReused)
    }
}

/// Answers for the office that is asked. The same answer again is the same.
///
/// # Errors
/// [`AccessRefused::NotFound`], [`AccessRefused::NotAllowed`], [`AccessRefused::QuestionClosed`].
pub async fn answer(
    book: &Book,
    caller: &Caller,
    office: OfficeId,
    id: Uuid,
    text: &Note,
) -> Result<Question, AccessRefused> {
    let there = of(book, caller, office, id).await?;
    if there.to != office {
        return Err(AccessRefused::NotAllowed);
    }
    let now = book.outside().clock.now().millis();
    let change = book.store().change_access().await?;
    let is_new = change
        .answer_question(id, text.as_ref(), caller.person(), now)
        .await?;
    change.commit().await?;
    let now = of(book, caller, office, id).await?;
    let said = now.answer.as_ref().map(|(answer, _)| answer.as_str());
    if is_new || said == Some(text.as_ref()) {
        Ok(now)
    } else {
        Err(AccessRefused::QuestionClosed)
    }
}

/// Closes it, for the office that asked: it is answered, or no answer is needed any more.
///
/// # Errors
/// [`AccessRefused::NotFound`], [`AccessRefused::NotAllowed`].
pub async fn close(
    book: &Book,
    caller: &Caller,
    office: OfficeId,
    id: Uuid,
) -> Result<Question, AccessRefused> {
    let there = of(book, caller, office, id).await?;
    if there.by != office {
        return Err(AccessRefused::NotAllowed);
    }
    let change = book.store().change_access().await?;
    change
        .close_question(id, book.outside().clock.now().millis())
        .await?;
    change.commit().await?;
    of(book, caller, office, id).await
}

/// A question of an office for which the caller records.
async fn of(book: &Book, caller: &Caller, office: OfficeId, id: Uuid) -> Result<Question, AccessRefused> {
    if !caller.rights.offices.contains(&office) {
        return Err(AccessRefused::NotFound);
    }
    let there = book.store().question(id).await?.ok_or(AccessRefused::NotFound)?;
    let there = Question::read(there)?;
    if there.by != office && there.to != office {
        return Err(AccessRefused::NotFound);
    }
    if !caller.rights.records_for(office) {
        return Err(AccessRefused::NotAllowed);
    }
    Ok(there)
}
