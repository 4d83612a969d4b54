//! What is kept beside the book, in a backup and back: accounts, roles, tokens, invitations, the reading register, proposals,
//! evidence files. Sessions stay behind, so everybody logs in again.

use super::{BackupError, Occupied, file};
use crate::{
    Book,
    export::{CopyWriter, ExportError},
    form::read::LINE_LIMIT,
    lines::Lines,
};
use std::{collections::BTreeSet, path::Path};
use store::{
    DatabaseUrl, Store,
    access::{AccessChange, Kept, Place},
};
use tokio::io::AsyncWrite;

/// How lines begin that are no business of this file; there may be millions.
const ENTRY: &str = "{\"kind\":\"entry\",";

/// Writes all rows as of one moment.
pub(super) async fn write(
    book: &Book,
    copy: &mut CopyWriter<'_, impl AsyncWrite + Unpin>,
) -> Result<(), ExportError> {
    let snapshot = book.store().snapshot().await?;
    let mut place = Some(Place::People);
    while let Some(here) = place {
        let (rows, next) = snapshot.kept(here).await?;
        for row in &rows {
            copy.beside(row).await?;
        }
        place = next;
    }
    Ok(())
}

/// Puts all rows of a backup back, in one transaction, before the first entry is: a restore that was killed is run again and
/// finds its own rows. The file has been examined.
pub(super) async fn put_back(store: &Store, place: &DatabaseUrl, path: &Path) -> Result<(), BackupError> {
    let mut lines = Lines::new(file::open(path).await?);
    lines.allow(LINE_LIMIT);
    let failed = |source| BackupError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let (mut change, mut people) = (None, BTreeSet::new());
    while let Some(line) = lines.next().await.map_err(failed)? {
        let text = line.text();
        if text.starts_with(ENTRY) {
            continue;
        }
        let Ok(row) = serde_json::from_str::<Kept>(text) else {
            // first and last line, signed heads: all others were looked at before
            continue;
        };
        if let Kept::Person(person) = &row {
            people.insert(person.id);
        }
        let change = match &change {
            Some(change) => change,
            None => change.insert(store.change_access().await?),
        };
        change.put_back(row).await?;
    }
    let change = match change {
        Some(change) => change,
        None => store.change_access().await?,
    };
    only_these(&change, &people, place).await?;
    change.go_on_numbering().await?;
    Ok(change.commit().await?)
}

/// Whose book it was must not be mixed with whose it is: nobody may be there who is not in the backup.
async fn only_these(
    change: &AccessChange,
    people: &BTreeSet<uuid::Uuid>,
    place: &DatabaseUrl,
) -> Result<(), BackupError> {
    let there = change.person_ids().await?;
    if there.is_subset(people) {
        return Ok(());
    }
    Err(BackupError::Occupied(Occupied::Book {
        place: place.to_string(),
        size: Some(0),
        ahead: 0,
    }))
}
