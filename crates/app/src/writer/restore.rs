//! Entries of another book, written as they are into an empty one: applied, never decided again, because rules and
//! master data change. One transaction, so that a file that ends too soon leaves nothing behind.

use super::{
    Failure, Restoring,
    batch::Recording,
    failure::{Remedy, failure, remedy},
};
use domain::{
    apply::apply,
    decide::Decided,
    facts::{Facts, Need},
    id::EntryId,
};
use std::{collections::BTreeSet, sync::Arc};
use store::{Batch, Identity, StoreError, WriterState};
use tokio::sync::mpsc;

impl Recording {
    /// Writes the entries that are handed over, until the end is. No second try: what was handed over is gone.
    pub async fn restore(&mut self, mut input: mpsc::Receiver<Restoring>) -> Result<(), Failure> {
        let Recording { store, state, .. } = self;
        let mut batch = store.begin_batch(state).await.map_err(|error| failure(&error))?;
        if batch.size() > 0 {
            return give_up(batch, state, not_empty()).await;
        }
        loop {
            match input.recv().await {
                Some(Restoring::Entries(entries)) => {
                    if let Err(error) = write(&mut batch, &entries, state).await {
                        return give_up(batch, state, unwritable(&error)).await;
                    }
                }
                Some(Restoring::End(identity)) => {
                    if let Some(identity) = identity {
                        match adopt(&batch, *identity).await {
                            Ok(true) => {}
                            Ok(false) => return give_up(batch, state, not_empty()).await,
                            Err(error) => return give_up(batch, state, unwritable(&error)).await,
                        }
                    }
                    return batch.commit(state).await.map_err(|error| failure(&error));
                }
                None => return give_up(batch, state, abandoned()).await,
            }
        }
    }
}

/// The empty book becomes the one that was copied; false when it has been signed as another one already.
async fn adopt(batch: &Batch, identity: Identity) -> Result<bool, StoreError> {
    let id = identity.book.book_id;
    batch.identify(identity).await?;
    Ok(batch.book_id().await? == Some(id))
}

async fn write(batch: &mut Batch, entries: &[Decided], state: &mut WriterState) -> Result<(), StoreError> {
    batch.forget_some(state);
    let needs: Vec<Need> = needs(entries, state.facts()).into_iter().collect();
    batch.load(&needs, state).await?;
    for decided in entries {
        apply(
            state.facts_mut(),
            &Arc::new(decided.entry.clone()),
            decided.body_hash,
        );
    }
    batch.write(entries, state).await
}

/// What the rows of entries are worked out from: lots with their stock, entries that are mirrored or referred to.
fn needs(entries: &[Decided], facts: &Facts) -> BTreeSet<Need> {
    let mut needs = BTreeSet::new();
    for Decided { entry, .. } in entries {
        let moved = entry.movements.iter().map(|movement| movement.lot);
        let linked = entry.links.iter().flat_map(|link| [link.input, link.output]);
        let amended = entry
            .births
            .iter()
            .filter(|birth| birth.amends)
            .map(|birth| birth.lot.id);
        let lots = moved
            .chain(linked)
            .chain(amended)
            .filter(|lot| facts.lot(*lot).is_err());
        needs.extend(lots.map(Need::LotById));
        let mirrored = entry.reverses.filter(|id| facts.entry(*id).is_err());
        needs.extend(mirrored.map(Need::Entry));
        let referred = entry.references.iter().map(|reference| EntryId(reference.id));
        needs.extend(referred.filter(|id| facts.known(*id).is_err()).map(Need::Known));
    }
    needs
}

async fn give_up(batch: Batch, state: &mut WriterState, why: Failure) -> Result<(), Failure> {
    // the connection is made anew when even this fails; without commit nothing stays
    drop(batch.roll_back(state).await);
    Err(why)
}

/// A row that the engine refuses comes from the file: the book was empty.
fn unwritable(error: &StoreError) -> Failure {
    if matches!(remedy(error), Remedy::Halve) {
        let sentence = "ファイルの伝票が帳簿の決まりに合わないため、取り込めません。もとの帳簿で yokoito verify を試してください。";
        return Failure {
            code: "entries-unsound",
            sentence: format!("{sentence}({error})"),
        };
    }
    failure(error)
}

fn not_empty() -> Failure {
    let sentence = "帳簿の写しは、空の帳簿にだけ取り込めます。--database で新しい帳簿を指定してください。";
    Failure {
        code: "book-not-empty",
        sentence: sentence.to_owned(),
    }
}

fn abandoned() -> Failure {
    Failure {
        code: "abandoned",
        sentence: "取り込みを途中でやめました。何も取り込んでいません。".to_owned(),
    }
}
