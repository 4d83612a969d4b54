//! Reading whatever can be read. Each step may fail for itself: what it would have said stays unknown, the next goes on.

use super::{
    Diagnosis, Disk, Group, Question, Reach, Setting,
    backups::ReadBackup,
    entries,
    heads::{ExaminedHead, KeptHead},
    safety::Scan,
};
use crate::{
    key::{self, KeyState},
    last_head, log,
    part::{beside, folder_of},
    verify::{Verified, verify_store},
    viewer::AtTheMachine,
};
use domain::log::{Checkpoint, Hash, VerifierKey};
use std::{
    collections::BTreeSet,
    error::Error as _,
    fs,
    io::{self, Read},
    path::Path,
};
use store::{DatabaseUrl, Engine, Store, StoreError, inspect::SqliteFile};

/// Signed heads that are read at once.
const PAGE: u64 = 1_000;
/// Sentences that are shown of each line of verify.
const EXAMPLES: usize = 5;
/// What a rollback journal begins with as long as it has to be taken back.
const HOT: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
/// Settings of a PostgreSQL server without which an answered entry may be lost in a power cut.
const MUST_BE_ON: [&str; 2] = ["fsync", "full_page_writes"];

/// Examines a book. Nothing is written anywhere.
pub async fn examine(place: &DatabaseUrl, _: AtTheMachine, question: &Question) -> Diagnosis {
    // a file that nobody uses is read as one that does not change; did it?
    let alone = || {
        let file = place.path().and_then(|path| SqliteFile::look(path).ok());
        file.filter(SqliteFile::is_alone)
    };
    let before = alone();
    let found = once(place, question).await;
    if before.is_none() || alone() == before {
        return found;
    }
    let before = alone();
    let mut found = once(place, question).await;
    found.changed_meanwhile = before.is_some() && alone() != before;
    found
}

async fn once(place: &DatabaseUrl, question: &Question) -> Diagnosis {
    let mut found = Diagnosis::unknown(place.to_string(), place.engine());
    if let Some(path) = place.path() {
        look_at_file(path, &mut found);
    }
    let mut store = None;
    if found.reach == Reach::Opened {
        match Store::open_read_only(place).await {
            Ok(opened) => store = Some(opened),
            Err(StoreError::Corrupt { .. }) => found.reach = Reach::NotADatabase,
            Err(error) => found.reach = Reach::Unreachable(why(&error)),
        }
    }
    if let Some(opened) = &store {
        look_at_tables(opened, &mut found).await;
        if found.reach != Reach::Opened {
            drop(store.take());
        }
    }
    look_inside(place, store.as_ref(), question, &mut found).await;
    if let Some(store) = store {
        // nothing was written that could be lost
        drop(store.close().await);
    }
    found
}

/// An error with its cause, in one line.
fn why(error: &StoreError) -> String {
    let cause = error.source().map(|cause| cause.to_string().replace('\n', " "));
    match cause {
        Some(cause) => format!("{} 原因: {cause}", error.to_string().trim_end_matches('。')),
        None => error.to_string(),
    }
}

fn look_at_file(path: &Path, found: &mut Diagnosis) {
    found.file = Some(path.to_owned());
    let file = match SqliteFile::look(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            found.reach = Reach::Missing;
            found.disk = room(folder_of(path), 0);
            return;
        }
        Err(error) => {
            found.reach = Reach::Unreachable(error.to_string());
            return;
        }
    };
    let book = file.length.saturating_add(file.wal.unwrap_or_default());
    found.disk = room(folder_of(path), book);
    found.cut_off = file.missing_pages();
    match file.header {
        None if file.length == 0 => found.reach = Reach::NoBook,
        None => found.reach = Reach::NotADatabase,
        Some(_) if file.journal > 0 && is_hot(&beside(path, "-journal")) => found.reach = Reach::HalfWritten,
        Some(header) if !header.is_wal => found.settings.push(Setting {
            name: "journal_mode",
            value: "delete".to_owned(),
        }),
        Some(_) => {}
    }
}

fn is_hot(journal: &Path) -> bool {
    let mut first = [0; 8];
    let read = fs::File::open(journal).and_then(|mut file| file.read_exact(&mut first));
    read.is_ok() && first == HOT
}

#[cfg(unix)]
fn room(folder: &Path, book: u64) -> Option<Disk> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(Disk {
        free: disk.f_bavail.saturating_mul(disk.f_frsize),
        book,
    })
}

#[cfg(not(unix))]
fn room(_: &Path, _: u64) -> Option<Disk> {
    // only Unix is asked
    None
}

async fn look_at_tables(store: &Store, found: &mut Diagnosis) {
    match store.schema().await {
        Ok(schema) if !schema.is_book => {
            found.reach = Reach::NoBook;
            return;
        }
        Ok(schema) => found.schema = Some(schema),
        Err(StoreError::Corrupt { what }) => found.pages.push(what),
        Err(error) => {
            found.reach = Reach::Unreachable(why(&error));
            return;
        }
    }
    match store.damaged_pages().await {
        Ok(lines) => found.pages.extend(lines),
        Err(error) => found.pages.push(why(&error)),
    }
    if store.engine == Engine::Postgres {
        let settings = store.settings_of_reader().await.unwrap_or_default();
        let off = MUST_BE_ON.into_iter().filter_map(|name| {
            let value = settings.get(name).filter(|value| *value != "on")?.clone();
            Some(Setting { name, value })
        });
        found.settings.extend(off);
    }
}

async fn look_inside(place: &DatabaseUrl, store: Option<&Store>, question: &Question, found: &mut Diagnosis) {
    // who it is
    let known = match store {
        Some(store) => keys(store).await,
        None => Vec::new(),
    };
    let row = match store {
        Some(store) => store.book().await.ok().flatten(),
        None => None,
    };
    found.origin = row.map(|row| log::origin(row.book_id));
    let own = look_at_key(place, question, &known, found);
    let mut trusted = known;
    if let Some(own) = own {
        // when the book itself cannot say who it is, its key does
        if found.origin.is_none() {
            found.origin = Some(own.name().to_string());
        }
        if !trusted.contains(&own) {
            trusted.push(own);
        }
    }
    let origin = found.origin.clone();

    // what was signed
    let outside = heads_outside(place, question, origin.as_deref(), &trusted);
    let mut signed: Vec<Checkpoint> = (outside.iter())
        .filter_map(|head| head.of(origin.as_deref()).cloned())
        .collect();
    if let Some(store) = store {
        signed.extend(heads_inside(store, origin.as_deref(), &trusted).await);
    }
    found.signed = signed.iter().map(Checkpoint::size).max();

    // how much there is
    let mut root = None;
    if let Some(store) = store {
        (found.size, root) = extent(store).await;
    }
    let mut wanted: BTreeSet<u64> = signed.iter().map(Checkpoint::size).chain(found.size).collect();
    let sizes: Vec<u64> = wanted.iter().copied().collect();
    let mut backups = Vec::new();
    for path in &question.backups {
        backups.push(ReadBackup::read(path, &sizes).await);
    }
    wanted.extend(backups.iter().filter_map(ReadBackup::size));

    // the entries themselves
    let mut scan = None;
    if let (Some(store), Some(size)) = (store, found.size) {
        let mut going = Scan::new(&wanted);
        entries::scan(store, size, &mut going).await;
        scan = Some(going);
    }
    found.heads = (outside.iter())
        .map(|head| ExaminedHead {
            place: head.place.clone(),
            verdict: head.judge(origin.as_deref(), found.size, scan.as_ref()),
        })
        .collect();
    let book = scan.as_ref().zip(found.size);
    found.backups = (backups.into_iter())
        .map(|backup| backup.judge(origin.as_deref(), &signed, book))
        .collect();
    found.safety = scan.map(|scan| scan.finish(&signed, root));

    // and everything that follows from them
    if let Some(store) = store {
        found.verified = Some(match verify_store(store, AtTheMachine, None).await {
            Ok(verified) => Ok(groups(&verified)),
            Err(error) => Err(why(&error)),
        });
    }
}

async fn keys(store: &Store) -> Vec<VerifierKey> {
    let rows = store.book_keys().await.unwrap_or_default();
    rows.iter().filter_map(|row| log::public_key(row).ok()).collect()
}

fn look_at_key(
    place: &DatabaseUrl,
    question: &Question,
    known: &[VerifierKey],
    found: &mut Diagnosis,
) -> Option<VerifierKey> {
    let origin = found.origin.as_deref();
    if origin.is_none() && question.key.is_none() && place.default_key_path().is_none() {
        // a server's key is found by the book's id
        found.key = if known.is_empty() {
            KeyState::NotNeeded
        } else {
            KeyState::NoPlace
        };
        return None;
    }
    let Ok(path) = key::path_of(origin.unwrap_or_default(), place, question.key.as_deref()) else {
        if !known.is_empty() {
            found.key = KeyState::NoPlace;
        }
        return None;
    };
    let (state, own) = key::inspect(&path, origin, known);
    found.key = state;
    own
}

/// The head that was named, and those that lie beside the key.
fn heads_outside(
    place: &DatabaseUrl,
    question: &Question,
    origin: Option<&str>,
    keys: &[VerifierKey],
) -> Vec<KeptHead> {
    let mut heads = Vec::new();
    let mut named = None;
    if let Some((path, note)) = &question.head {
        named = path.canonicalize().ok();
        heads.push(KeptHead::read(path.display().to_string(), note, keys));
    }
    let Some(origin) = origin else { return heads };
    let Ok(key) = key::path_of(origin, place, question.key.as_deref()) else {
        return heads;
    };
    for head in last_head::of_book(folder_of(&key), origin).unwrap_or_default() {
        if named.is_none() || head.path.canonicalize().ok() != named {
            heads.push(KeptHead::read(head.path.display().to_string(), &head.note, keys));
        }
    }
    heads
}

/// The signed heads in the book whose signatures are good; verify names the others.
async fn heads_inside(store: &Store, origin: Option<&str>, keys: &[VerifierKey]) -> Vec<Checkpoint> {
    let mut heads = Vec::new();
    let mut from = Some(0);
    while let Some(first) = from {
        let page = store.checkpoints(first, PAGE).await.unwrap_or_default();
        from = page.last().and_then(|last| last.size.checked_add(1));
        let good = page
            .iter()
            .filter_map(|row| Checkpoint::parse_and_verify(&row.note, keys).ok());
        heads.extend(good.filter(|head| origin.is_none_or(|origin| origin == head.origin())));
    }
    heads
}

/// How many entries there should be, and the root in the head row.
async fn extent(store: &Store) -> (Option<u64>, Option<Hash>) {
    let reach = store.entries_reach().await.ok();
    let head = store.log_head().await.ok();
    let stated = head.map(|head| head.size);
    // recorded between the two statements: entries are not fewer than the head says
    let size = reach.max(stated);
    let root = head.filter(|head| Some(head.size) == size).map(|head| head.root);
    (size, root)
}

fn groups(verified: &Verified) -> Vec<Group> {
    let lines = verified.lines().iter().filter(|line| line.count > 0);
    lines
        .map(|line| Group {
            number: line.invariant.number(),
            label: line.invariant.label(),
            count: line.count,
            examples: (line.findings.iter().take(EXAMPLES))
                .map(|finding| verified.sentence(finding))
                .collect(),
        })
        .collect()
}
