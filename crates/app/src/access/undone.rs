//! What an act undoes that takes another one back or puts it right. An agreed debt is not unagreed by one side, and what
//! binds the office is taken back by whoever may bind it.

use crate::Book;
use domain::{
    acts::Act,
    command::{Command, entry_id},
    decide::act_of,
    entry::Entry,
    refs::EntryRef,
    text::Code,
};
use store::StoreError;

/// An act in the book that is to be taken back or put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// Its kind: of corrections the kind of what they put right.
    pub kind: String,
    /// Offices that had said yes to it, or to what it put right.
    pub agreed: Vec<Code>,
}

/// What a command undoes; none when it undoes nothing that is in the book.
///
/// # Errors
/// As any statement.
pub async fn undone(book: &Book, command: &Command) -> Result<Option<Undone>, StoreError> {
    let named: &EntryRef = match &command.act {
        Act::Reverse(act) => &act.entry,
        Act::Correct(act) => &act.entry,
        _ => return Ok(None),
    };
    let moment = book.moment().await?;
    let acting = command.acting(&moment.masters).ok();
    let acting = acting.and_then(|by| named.acting(&moment.masters, by));
    let Some(mut id) = acting.map(|acting| entry_id(acting, &named.key)) else {
        return Ok(None);
    };
    let mut undone: Option<Undone> = None;
    while let Some(entry) = moment.snapshot.entry(id).await? {
        let version = of(&entry);
        let agreed = undone.map(|later| later.agreed).unwrap_or_default();
        undone = Some(Undone {
            kind: version.kind,
            agreed: [agreed, version.agreed].concat(),
        });
        match entry.reverses {
            Some(earlier) => id = earlier,
            None => break,
        }
    }
    Ok(undone)
}

fn of(entry: &Entry) -> Undone {
    let act = act_of(entry).map(|act| match act {
        Act::Correct(correct) => correct.right,
        act => act,
    });
    let agreed = match &act {
        Some(Act::Agreement(act)) => act.agreed.clone(),
        Some(Act::Open(act)) => act.agreed.clone(),
        Some(Act::WriteOff(act)) => act.agreed.clone(),
        Some(Act::Confirm(act)) => act.agreed.clone(),
        Some(Act::Net(act)) => act.agreed.clone(),
        _ => Vec::new(),
    };
    Undone {
        kind: act.map_or_else(|| entry.kind.clone(), |act| act.kind().to_owned()),
        agreed,
    }
}
