//! A file that becomes visible under its name only when it is whole and on the disk: written as `NAME.part`, flushed,
//! renamed. Killed at any moment, `NAME` is the old file, the new one, or not there.
//!
//! `NAME.part` is locked while it is written, so two programs never write the same one; one that a killed program left
//! is thrown away. It is never written into again: a finished file may still be linked to it.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// A file in the making. Dropped before [`PartFile::finish`], nothing stays.
#[derive(Debug)]
pub(crate) struct PartFile {
    name: PathBuf,
    part: PathBuf,
    file: File,
    /// What a killed program left: held as long as the new one, so that nobody takes that for left as well.
    _left: Option<File>,
    is_finished: bool,
}

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Its owner alone.
    Owner,
    /// As the user's other files.
    Usual,
}

impl PartFile {
    /// Begins a file; `None` while another program writes it.
    pub fn begin(name: &Path, readers: Readers) -> io::Result<Option<PartFile>> {
        let part = beside(name, ".part");
        let left = match OpenOptions::new().read(true).write(true).open(&part) {
            Ok(left) if !lock(&left)? => return Ok(None),
            Ok(left) => {
                remove(&part)?;
                Some(left)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if readers == Readers::Owner {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        let file = match options.open(&part) {
            Ok(file) => file,
            // another program was quicker
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
            Err(error) => return Err(error),
        };
        if !lock(&file)? {
            return Ok(None);
        }
        Ok(Some(PartFile {
            name: name.to_owned(),
            part,
            file,
            _left: left,
            is_finished: false,
        }))
    }

    /// Where to write.
    pub fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Makes what was written the file of that name. Without `replace`, a file that is there by now is kept:
    /// [`io::ErrorKind::AlreadyExists`].
    pub fn finish(mut self, replace: bool) -> io::Result<()> {
        self.file.sync_all()?;
        publish(&self.part, &self.name, replace)?;
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.is_finished {
            // what stays is thrown away next time
            drop(remove(&self.part));
        }
    }
}

/// Gives a whole file its name and brings the name onto the disk.
pub(crate) fn publish(part: &Path, name: &Path, replace: bool) -> io::Result<()> {
    if replace {
        fs::rename(part, name)?;
    } else {
        match fs::hard_link(part, name) {
            Ok(()) => remove(part)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
            // a file system without links
            Err(_) if name.try_exists()? => return Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(part, name)?,
        }
    }
    sync_folder(name)
}

/// A path with something behind its name.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(ending);
    name.into()
}

/// The folder a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Removes a file that may be gone already.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// A new name is on the disk only with its folder.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    // folders cannot be flushed there
    Ok(())
}

/// Whether the lock was got. A file system that knows no locks has but one program writing to it, as far as we know.
fn lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    fn begin(name: &Path) -> PartFile {
        PartFile::begin(name, Readers::Owner).unwrap().unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn it_is_there_when_it_is_finished() {
        let folder = folder();
        let name = folder.path().join("a.jsonl");
        let part = begin(&name);
        part.file().unwrap().write_all(b"one").unwrap();
        assert_eq!(names(folder.path()), ["a.jsonl.part"]);
        part.finish(false).unwrap();
        assert_eq!(names(folder.path()), ["a.jsonl"]);
        assert_eq!(fs::read(&name).unwrap(), b"one");
    }

    #[test]
    fn given_up_it_leaves_nothing() {
        let folder = folder();
        drop(begin(&folder.path().join("a")));
        assert_eq!(names(folder.path()), [""; 0]);
    }

    #[test]
    fn only_one_writes() {
        let folder = folder();
        let name = folder.path().join("a");
        let first = begin(&name);
        assert!(PartFile::begin(&name, Readers::Owner).unwrap().is_none());
        drop(first);
        begin(&name);
    }

    #[test]
    fn a_file_that_came_meanwhile_is_kept_unless_it_is_to_be_replaced() {
        let folder = folder();
        let name = folder.path().join("a");
        let part = begin(&name);
        fs::write(&name, b"other").unwrap();
        assert_eq!(
            part.finish(false).unwrap_err().kind(),
            io::ErrorKind::AlreadyExists
        );
        assert_eq!(fs::read(&name).unwrap(), b"other");
        begin(&name).finish(true).unwrap();
        assert_eq!(fs::read(&name).unwrap(), b"");
        assert_eq!(names(folder.path()), ["a"]);
    }

    /// Killed between link and removal, the part is the finished file under a second name.
    #[test]
    fn what_a_killed_program_left_is_thrown_away_and_never_written_into() {
        let folder = folder();
        let name = folder.path().join("a");
        fs::write(&name, b"whole").unwrap();
        fs::hard_link(&name, folder.path().join("a.part")).unwrap();
        let part = begin(&name);
        part.file().unwrap().write_all(b"new").unwrap();
        assert_eq!(fs::read(&name).unwrap(), b"whole");
        part.finish(true).unwrap();
        assert_eq!(fs::read(&name).unwrap(), b"new");
    }

    #[cfg(unix)]
    #[test]
    fn its_owner_alone_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = folder();
        let name = folder.path().join("a");
        begin(&name).finish(false).unwrap();
        assert_eq!(fs::metadata(&name).unwrap().permissions().mode() & 0o077, 0);
    }
}
