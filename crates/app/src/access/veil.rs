//! What a refusal may tell. The rules see the whole book; who sent the act may not know of everything that they met. A
//! refusal about an entry or a lot that does not exist for the sender is told as if it were not there.

use super::named::Names;
use crate::{
    Book,
    moment::Moment,
    viewer::{Gate, Viewer},
    views::{ViewError, trace::may_trace},
};
use domain::{
    command::{Command, entry_id},
    refs::EntryRef,
    refusal::{LaterAct, Refusal, Why},
    text::LotCode,
};

/// The refusal as its receiver may read it.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn told(
    book: &Book,
    viewer: &Viewer,
    command: &Command,
    refusal: Refusal,
) -> Result<Refusal, ViewError> {
    if viewer.is_keeper() {
        return Ok(refusal);
    }
    let moment = book.moment().await?;
    let gate = viewer.gate(&moment.masters);
    let names = Names::of(&command.act);
    for named in &names.entries {
        if !knows_entry(&moment, gate, command, &named.what).await? {
            let key = named.what.key.to_string();
            return Ok(Refusal::at(&named.field, Why::EntryUnknown { key }));
        }
    }
    for named in &names.lots {
        if !knows_lot(&moment, gate, &named.what).await? {
            let code = named.what.to_string();
            return Ok(Refusal::at(&named.field, Why::LotUnknown { code }));
        }
    }
    let Refusal { field, why } = refusal;
    let why = match why {
        Why::MustGoFirst { acts } => Why::MustGoFirst {
            acts: without_keys_of_others(&moment, viewer, acts).await?,
        },
        why => why,
    };
    Ok(Refusal { field, why })
}

/// What goods became at others may be known, under which key they wrote it down may not.
async fn without_keys_of_others(
    moment: &Moment,
    viewer: &Viewer,
    mut acts: Vec<LaterAct>,
) -> Result<Vec<LaterAct>, ViewError> {
    let seqs: Vec<u64> = acts.iter().map(|act| act.seq).collect();
    let entries = moment.snapshot.whole_entries(&seqs).await?;
    for act in &mut acts {
        let entry = entries.get(&act.seq).map(|whole| &whole.entry);
        let acting = entry.and_then(|entry| entry.acting.office());
        let is_own = acting.is_some_and(|office| {
            viewer
                .rights()
                .is_some_and(|rights| rights.offices.contains(&office))
        });
        if !is_own {
            "ほかの事業所の伝票".clone_into(&mut act.key);
        }
    }
    Ok(acts)
}

async fn knows_entry(
    moment: &Moment,
    gate: Gate<'_>,
    command: &Command,
    entry: &EntryRef,
) -> Result<bool, ViewError> {
    let Ok(by) = command.acting(&moment.masters) else {
        return Ok(false);
    };
    let Some(acting) = entry.acting(&moment.masters, by) else {
        return Ok(false);
    };
    let found = moment.snapshot.entry(entry_id(acting, &entry.key)).await?;
    Ok(found.is_some_and(|found| gate.parts(&found).is_some()))
}

async fn knows_lot(moment: &Moment, gate: Gate<'_>, code: &LotCode) -> Result<bool, ViewError> {
    let Some(lot) = moment.snapshot.lot_by_code(code).await? else {
        return Ok(false);
    };
    may_trace(&moment.snapshot, gate, &lot).await
}
