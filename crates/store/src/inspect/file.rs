//! The file of a SQLite book and what lies beside it, read as bytes: before SQLite is asked, and when it cannot be.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    time::SystemTime,
};

/// What every SQLite file begins with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Length of the header.
const HEADER: usize = 100;

/// What is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteFile {
    /// Length in bytes.
    pub length: u64,
    /// When it was last changed.
    pub changed: Option<SystemTime>,
    /// Its header; none when the file is empty or no SQLite file.
    pub header: Option<Header>,
    /// Length of the write-ahead log beside it, if there is one.
    pub wal: Option<u64>,
    /// Whether the index of the write-ahead log lies beside it.
    pub shm: bool,
    /// Length of a rollback journal beside it; 0 for none.
    pub journal: u64,
}

/// The numbers in the header of a SQLite file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Bytes of a page.
    pub page_size: u64,
    /// Pages the file should have; none when the header does not say.
    pub pages: Option<u64>,
    /// Whether it is written through a write-ahead log.
    pub is_wal: bool,
}

impl SqliteFile {
    /// Looks at a file. Not while this program has the book open: closing the file takes away the locks that SQLite has
    /// on it, as POSIX has it.
    ///
    /// # Errors
    /// It is not there or cannot be read.
    pub fn look(path: &Path) -> io::Result<SqliteFile> {
        let mut file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut header = Vec::with_capacity(HEADER);
        (&mut file).take(HEADER as u64).read_to_end(&mut header)?;
        let length_of = |ending| fs::metadata(beside(path, ending)).ok().map(|beside| beside.len());
        Ok(SqliteFile {
            length: metadata.len(),
            changed: metadata.modified().ok(),
            header: Header::read(&header),
            wal: length_of("-wal"),
            shm: length_of("-shm").is_some(),
            journal: length_of("-journal").unwrap_or_default(),
        })
    }

    /// Pages the header states and pages there are, when some are missing. With a write-ahead log they may be there.
    pub fn missing_pages(&self) -> Option<(u64, u64)> {
        let header = self.header?;
        let (stated, have) = (header.pages?, self.length / header.page_size);
        (self.wal.unwrap_or_default() == 0 && have < stated).then_some((stated, have))
    }

    /// Whether no program has the book open through a write-ahead log, as far as the files tell, and nothing waits in
    /// one: then the file alone is the book.
    pub fn is_alone(&self) -> bool {
        match self.wal {
            None => true,
            Some(length) => length == 0 && !self.shm,
        }
    }
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Header> {
        let bytes: &[u8; HEADER] = bytes.try_into().ok()?;
        if !bytes.starts_with(MAGIC) {
            return None;
        }
        let number = |at: usize| {
            let bytes = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
            bytes.map_or(0, u32::from_be_bytes)
        };
        let page_size = match u64::from(number(16) >> 16) {
            1 => 65_536,
            size if size.is_power_of_two() && size >= 512 => size,
            _ => return None,
        };
        // old writers do not state the size: then "version valid for" is not the change counter
        let is_stated = number(24) == number(92) && number(28) > 0;
        Some(Header {
            page_size,
            pages: is_stated.then(|| number(28).into()),
            is_wal: bytes.get(18..20) == Some(&[2, 2]),
        })
    }
}

/// A path with something behind its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(page: [u8; 2], pages: u32, counter: u32, valid_for: u32) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(page);
        bytes.extend([2, 2, 0, 64, 32, 32]);
        bytes.extend(counter.to_be_bytes());
        bytes.extend(pages.to_be_bytes());
        bytes.resize(92, 0);
        bytes.extend(valid_for.to_be_bytes());
        bytes.resize(100, 0);
        bytes
    }

    #[test]
    fn the_header_states_the_size() {
        let read = Header::read(&header([16, 0], 12, 5, 5)).unwrap();
        assert_eq!((read.page_size, read.pages, read.is_wal), (4_096, Some(12), true));
        assert_eq!(Header::read(&header([0, 1], 12, 5, 5)).unwrap().page_size, 65_536);
        assert_eq!(Header::read(&header([16, 0], 12, 5, 4)).unwrap().pages, None);
        assert_eq!(Header::read(&header([0, 3], 12, 5, 5)), None);
        assert_eq!(Header::read(b"SQLite format 3\0"), None);
        assert_eq!(Header::read(&[7; 100]), None);
    }

    #[test]
    fn pages_are_missing_only_without_a_write_ahead_log() {
        let mut file = SqliteFile {
            length: 3 * 4_096 + 5,
            changed: None,
            header: Header::read(&header([16, 0], 4, 1, 1)),
            wal: None,
            shm: false,
            journal: 0,
        };
        assert_eq!(file.missing_pages(), Some((4, 3)));
        file.wal = Some(0);
        assert_eq!(file.missing_pages(), Some((4, 3)));
        file.wal = Some(32);
        assert_eq!(file.missing_pages(), None);
        file.wal = None;
        file.length = 4 * 4_096;
        assert_eq!(file.missing_pages(), None);
    }

    #[test]
    fn what_is_beside_it_decides_whether_the_file_alone_is_the_book() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.db");
        assert_eq!(
            SqliteFile::look(&path).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
        fs::write(&path, header([16, 0], 1, 1, 1)).unwrap();
        assert!(SqliteFile::look(&path).unwrap().is_alone());
        fs::write(folder.path().join("book.db-wal"), b"").unwrap();
        assert!(SqliteFile::look(&path).unwrap().is_alone());
        fs::write(folder.path().join("book.db-shm"), b"x").unwrap();
        assert!(!SqliteFile::look(&path).unwrap().is_alone());
        fs::remove_file(folder.path().join("book.db-shm")).unwrap();
        fs::write(folder.path().join("book.db-wal"), b"x").unwrap();
        assert!(!SqliteFile::look(&path).unwrap().is_alone());
        fs::write(folder.path().join("book.db-journal"), b"xy").unwrap();
        assert_eq!(SqliteFile::look(&path).unwrap().journal, 2);
        assert!(SqliteFile::look(folder.path()).is_err());
    }
}
