//! What would become of the rows, before and instead of recording them; and recording them, all or none.

use super::{
    Columns, Intake, Skip,
    cells::ByName,
    rows::{Reading, Rows},
    wrong::Wrong,
};
use crate::{
    Book,
    record::{How, NotRecorded, Recorded, many},
    viewer::Viewer,
};
use domain::{command::Command, id::OfficeId, masters::Masters, refusal::Refusal};
use std::collections::BTreeMap;
use store::StoreError;

/// What would become of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It would be recorded.
    New,
    /// It would change what is known.
    Changed,
    /// It is left out.
    Skipped(Skip),
    /// It has to be put right first.
    Wrong(Vec<Wrong>),
}

/// A row and what would become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowState {
    /// Its number in the sheet.
    pub number: u32,
    /// What would become of it.
    pub state: State,
}

/// What would become of all rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// In the order of the sheet.
    pub rows: Vec<RowState>,
}

/// A cause by which rows are wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What is wrong in the first of them.
    pub first: Wrong,
    /// The rows.
    pub rows: Vec<u32>,
}

impl Preview {
    fn count(&self, is: impl Fn(&State) -> bool) -> usize {
        self.rows.iter().filter(|row| is(&row.state)).count()
    }

    /// 新規.
    pub fn new_ones(&self) -> usize {
        self.count(|state| *state == State::New)
    }

    /// 変更.
    pub fn changed(&self) -> usize {
        self.count(|state| *state == State::Changed)
    }

    /// とばす.
    pub fn skipped(&self) -> usize {
        self.count(|state| matches!(state, State::Skipped(_)))
    }

    /// エラー.
    pub fn wrong(&self) -> usize {
        self.count(|state| matches!(state, State::Wrong(_)))
    }

    /// Whether it can be recorded as it is: something to record, and nothing wrong.
    pub fn is_sound(&self) -> bool {
        self.wrong() == 0 && self.new_ones() + self.changed() > 0
    }

    /// What is wrong, by cause, the most frequent first.
    pub fn causes(&self) -> Vec<Cause> {
        let mut causes: BTreeMap<(Option<super::Field>, &str), Cause> = BTreeMap::new();
        for row in &self.rows {
            let State::Wrong(wrongs) = &row.state else {
                continue;
            };
            for wrong in wrongs {
                let cause = causes.entry((wrong.field, &wrong.code)).or_insert_with(|| Cause {
                    first: wrong.clone(),
                    rows: Vec::new(),
                });
                cause.rows.push(row.number);
            }
        }
        let mut causes: Vec<Cause> = causes.into_values().collect();
        causes.sort_by_key(|cause| std::cmp::Reverse(cause.rows.len()));
        causes
    }
}

/// Why nothing was taken in.
#[derive(Debug)]
pub enum NotTaken {
    /// Rows are wrong, or there is nothing to record: what would become of them.
    Wrong(Preview),
    /// It could not be tried or recorded.
    NotRecorded(NotRecorded),
}

impl<E: Into<NotRecorded>> From<E> for NotTaken {
    fn from(error: E) -> NotTaken {
        NotTaken::NotRecorded(error.into())
    }
}

/// What was read, and the acts of those rows that became some.
struct Read {
    preview: Preview,
    /// Position of the row, the act, whether it changes something known.
    acts: Vec<(usize, Command, bool)>,
}

fn read(masters: &Masters, office: OfficeId, intake: &Intake, columns: &Columns) -> Result<Read, Refusal> {
    let Some(known) = masters.office(office) else {
        let why = domain::refusal::Why::OfficeNeeded;
        return Err(Refusal::at("office", why));
    };
    let group = intake.group(office);
    let named = ByName::new(masters, office);
    let of = (office, known.code.clone());
    let mut rows = Rows::new(masters, of, intake, columns, (group, &named));
    let mut acts = Vec::new();
    let mut states = Vec::with_capacity(intake.lines.len());
    for (at, line) in intake.lines.iter().enumerate() {
        let state = match rows.read(line) {
            Reading::Skip(skip) => State::Skipped(skip),
            Reading::Wrong(wrong) => State::Wrong(wrong),
            Reading::Act(command, is_change) => {
                acts.push((at, *command, is_change));
                if is_change { State::Changed } else { State::New }
            }
        };
        states.push(RowState {
            number: line.number,
            state,
        });
    }
    let preview = Preview { rows: states };
    Ok(Read { preview, acts })
}

async fn read_now(
    book: &Book,
    office: OfficeId,
    intake: &Intake,
    columns: &Columns,
) -> Result<Read, NotRecorded> {
    let read = book
        .with_masters_of_now(|masters| read(masters, office, intake, columns))
        .await;
    Ok(read.map_err(|error: StoreError| NotRecorded::from(error))??)
}

/// What would become of the rows if they were recorded now.
///
/// # Errors
/// [`NotRecorded`] when they could not be tried.
pub async fn check(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
    intake: &Intake,
    columns: &Columns,
) -> Result<Preview, NotRecorded> {
    let Read { mut preview, acts } = read_now(book, office, intake, columns).await?;
    let commands = acts.iter().map(|(_, command, _)| Ok(command.clone())).collect();
    let became = many(book, viewer, commands, How::Trial).await?;
    for ((at, _, _), became) in acts.iter().zip(became) {
        let state = match became {
            Ok(recorded) if recorded.is_new => continue,
            Ok(_) => State::Skipped(Skip::Before),
            Err(error) => State::Wrong(vec![told(intake, error)?]),
        };
        if let Some(row) = preview.rows.get_mut(*at) {
            row.state = state;
        }
    }
    Ok(preview)
}

/// Records all rows, or none.
///
/// # Errors
/// [`NotTaken`]; then nothing was recorded.
pub async fn take_in(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
    intake: &Intake,
    columns: &Columns,
) -> Result<Vec<Recorded>, NotTaken> {
    let Read { preview, acts } = read_now(book, office, intake, columns).await?;
    if preview.wrong() == 0 && !acts.is_empty() {
        let commands = acts.iter().map(|(_, command, _)| Ok(command.clone())).collect();
        let became = many(book, viewer, commands, How::AllOrNothing).await?;
        if became.iter().all(Result::is_ok) {
            return Ok(became.into_iter().flatten().collect());
        }
        // what is no matter of the rows is told as it is: whether something was recorded may be unknown then
        for error in became.into_iter().filter_map(Result::err) {
            if let NotRecorded::Refused(_) | NotRecorded::NotAllowed(_) | NotRecorded::WithOthers = error {
                continue;
            }
            return Err(NotTaken::NotRecorded(error));
        }
    }
    // all that is wrong, not only what was met first
    Err(NotTaken::Wrong(
        check(book, viewer, office, intake, columns).await?,
    ))
}

/// What a row is told; what is no matter of the row is an error of all of them.
fn told(intake: &Intake, error: NotRecorded) -> Result<Wrong, NotRecorded> {
    match error {
        NotRecorded::Refused(refusal) => Ok(Wrong::of(intake.kind, &refusal)),
        NotRecorded::NotAllowed(error) => Ok(Wrong::row(error.code(), error.sentence())),
        other => Err(other),
    }
}
