//! The last known head 最後の証明: the newest signed head of a book in a file beside its key, outside the database. When
//! the disk with the book is lost, it still tells that a backup is older than what was once signed.

use crate::{
    Book, key, log,
    part::{PartFile, Readers, beside, folder_of},
};
use domain::{
    calendar::{Day, business_day},
    log::Checkpoint,
};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

/// No signed head is longer; what is, is something else that happens to have the same name.
const LONGEST: u64 = 256 << 10;
/// How long another program that writes the file is waited for.
const TRIES: u32 = 250;
const PAUSE: Duration = Duration::from_millis(20);

/// A signed head as found in a file. Nobody has looked at its signature yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundHead {
    /// Where it was found.
    pub path: PathBuf,
    /// The whole signed note.
    pub note: String,
    /// What it states.
    pub stated: Checkpoint,
    /// The day of signing, where it is stated.
    pub day: Option<Day>,
}

/// What became of a head that was to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is in the file.
    Written,
    /// The file knows of more entries than the book has: the book may have been rolled back. The file was left alone.
    Ahead(u64),
    /// The file has another root for entries that the book has. It was left alone.
    Contradicts(u64),
    /// The file is about another book, or is no signed head. It was left alone.
    Foreign,
}

/// Where the last known head of a book is: `book.head` beside `book.key`.
pub fn path(key: &Path) -> PathBuf {
    key.with_extension("head")
}

/// Reads a file; `None` when it is no signed head.
///
/// # Errors
/// The file is not there or cannot be read.
pub fn read(path: &Path) -> io::Result<Option<FoundHead>> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() || metadata.len() > LONGEST {
        return Ok(None);
    }
    let Ok(note) = String::from_utf8(fs::read(path)?) else {
        return Ok(None);
    };
    Ok(stated(&note).map(|stated| FoundHead {
        path: path.to_owned(),
        day: stated.time().map(business_day),
        stated,
        note,
    }))
}

/// All signed heads of a book in a folder, in the order of their names: a restored book may have another name.
///
/// # Errors
/// The folder cannot be read; one that is not there holds none.
pub fn of_book(folder: &Path, origin: &str) -> io::Result<Vec<FoundHead>> {
    let files = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        files => files?,
    };
    let mut paths = Vec::new();
    for file in files {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "head") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        match read(&path) {
            // a link to nowhere
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            head => found.extend(head?.filter(|head| head.stated.origin() == origin)),
        }
    }
    Ok(found)
}

/// Keeps a head that was just signed, unless the file knows better.
///
/// # Errors
/// The file cannot be written.
pub async fn keep(book: &Book, path: &Path, note: &str) -> io::Result<Kept> {
    let part = begin(path).await?;
    let Some(new) = stated(note) else {
        return Ok(Kept::Foreign);
    };
    if path.try_exists()? {
        let Some(old) = read(path)?.filter(|old| old.stated.origin() == new.origin()) else {
            return Ok(Kept::Foreign);
        };
        let size = old.stated.size();
        if size > new.size() {
            return Ok(Kept::Ahead(size));
        }
        // damaged tiles: verify names them, here nothing is known
        let root = log::root_at(book.store(), size).await.ok();
        if root.is_some_and(|root| root != old.stated.root()) {
            return Ok(Kept::Contradicts(size));
        }
    }
    finish(part, note)?;
    Ok(Kept::Written)
}

/// Puts a head that has been compared with the file already; another book's is left alone.
pub(crate) async fn put(path: &Path, note: &str) -> io::Result<Kept> {
    // a restored book may have no key yet, and no folder for it
    key::make_folder(folder_of(path))?;
    let part = begin(path).await?;
    let origin = stated(note).map(|new| new.origin().to_owned());
    if path.try_exists()? && read(path)?.is_none_or(|old| Some(old.stated.origin()) != origin.as_deref()) {
        return Ok(Kept::Foreign);
    }
    finish(part, note)?;
    Ok(Kept::Written)
}

/// Takes a head whose entries were given up out of the way, so that it does not speak against later backups. It is
/// kept: it says what was lost.
pub(crate) fn set_aside(head: &FoundHead) -> io::Result<PathBuf> {
    let aside = beside(&head.path, &format!(".given-up-{}", head.stated.size()));
    fs::rename(&head.path, &aside)?;
    Ok(aside)
}

/// What a note states, whoever signed it.
fn stated(note: &str) -> Option<Checkpoint> {
    let (text, _) = note.rsplit_once("\n\n")?;
    Checkpoint::from_text(note.get(..=text.len())?).ok()
}

async fn begin(path: &Path) -> io::Result<PartFile> {
    for _ in 0..TRIES {
        if let Some(part) = PartFile::begin(path, Readers::Usual)? {
            return Ok(part);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(io::ErrorKind::WouldBlock.into())
}

fn finish(part: PartFile, note: &str) -> io::Result<()> {
    part.file()?.write_all(note.as_bytes())?;
    part.finish(true)
}
