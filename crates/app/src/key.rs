//! The key file 鍵: it signs the heads of the log and stays outside the database, so that who can change the book cannot
//! sign what it has become.
//!
//! Named by `--key`, else beside the SQLite file, else in the user's configuration folder. Made at first use; readable by
//! its owner alone.

use crate::{Book, log};
use domain::log::{BookKey, KeyError, KeyName, VerifierKey};
use std::{
    env,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};
use store::{DatabaseUrl, StoreError, entity::book_key};

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file cannot be read or made.
    #[error("鍵のファイル {} を使えません。場所と権限を確かめるか、--key で別の場所を指定してください。", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Others than its owner may read it.
    #[error("鍵のファイル {0} を、ほかの人も読めます。「chmod 600 {0}」で自分だけが読めるようにしてください。", path.display())]
    Open {
        /// Which.
        path: PathBuf,
    },
    /// What is in the file is no key.
    #[error("{} は鍵のファイルではありません({source})。--key で正しいファイルを指定してください。", path.display())]
    Malformed {
        /// Which.
        path: PathBuf,
        /// Why.
        source: KeyError,
    },
    /// The key of another book.
    #[error("{} は別の帳簿({name})の鍵です。--key でこの帳簿の鍵を指定してください。", path.display())]
    OtherBook {
        /// Which file.
        path: PathBuf,
        /// Whose key.
        name: String,
    },
    /// There is no folder for the user's settings.
    #[error("鍵を置く場所が分かりません。--key FILE で、鍵のファイルを指定してください。")]
    NoFolder,
}

/// Where the key of a book is: the file named, else the usual place.
///
/// # Errors
/// [`KeyFileError::NoFolder`] when the user has no home, else as any statement.
pub async fn path(book: &Book, url: &DatabaseUrl, named: Option<&Path>) -> Result<PathBuf, KeyFileError> {
    match named.map(Path::to_owned).or_else(|| url.default_key_path()) {
        Some(path) => Ok(path),
        None => path_of(&log::origin_of(book).await?, url, named),
    }
}

/// [`path`] of a book that need not be open, by the name of its log.
///
/// # Errors
/// [`KeyFileError::NoFolder`] when the user has no home.
pub fn path_of(origin: &str, url: &DatabaseUrl, named: Option<&Path>) -> Result<PathBuf, KeyFileError> {
    if let Some(path) = named.map(Path::to_owned).or_else(|| url.default_key_path()) {
        return Ok(path);
    }
    let setting = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let folder = setting("XDG_CONFIG_HOME").or_else(|| setting("HOME").map(|home| home.join(".config")));
    let folder = folder.ok_or(KeyFileError::NoFolder)?.join("yokoito");
    // a server's schema may be dropped and made anew under the same name: the book's id keeps their keys apart
    let id = origin
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .get(..8)
        .unwrap_or_default();
    let place = url.schema_at_host().unwrap_or_default();
    Ok(folder.join(format!("{place}-{id}.key")))
}

/// The public half of a key file of this book, if there is one.
pub(crate) fn public_in(path: &Path, origin: &str) -> Option<VerifierKey> {
    let key = BookKey::from_text(&fs::read_to_string(path).ok()?).ok()?;
    let public = key.public();
    (public.name().as_str() == origin).then_some(public)
}

/// What is found where a book's key should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Nothing was ever signed: there need not be a key.
    NotNeeded,
    /// The book's key, for its owner alone.
    Good(PathBuf),
    /// The book was signed with a key, and it is not there.
    Missing(PathBuf),
    /// Others than its owner may read it.
    Open(PathBuf),
    /// It cannot be read; what the system said.
    Unreadable(PathBuf, String),
    /// No key.
    Malformed(PathBuf, KeyError),
    /// The key of another book, by name.
    OtherBook(PathBuf, String),
    /// A key in the name of this book that the book does not know.
    Unknown(PathBuf),
    /// Nobody can say where it should be.
    NoPlace,
}

/// Looks at the file where the key should be, and makes none. `known` are the keys whose signatures count.
pub fn inspect(path: &Path, origin: Option<&str>, known: &[VerifierKey]) -> (KeyState, Option<VerifierKey>) {
    let at = || path.to_owned();
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && known.is_empty() => {
            return (KeyState::NotNeeded, None);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return (KeyState::Missing(at()), None),
        Err(error) => return (KeyState::Unreadable(at(), error.to_string()), None),
        Ok(text) => text,
    };
    let public = match BookKey::from_text(&text) {
        Err(error) => return (KeyState::Malformed(at(), error), None),
        Ok(key) => key.public(),
    };
    let name = public.name().as_str();
    if origin.is_some_and(|origin| origin != name) {
        return (KeyState::OtherBook(at(), name.to_owned()), None);
    }
    let state = if others_may_read(path).unwrap_or_default() {
        KeyState::Open(at())
    } else if known.is_empty() || known.contains(&public) {
        KeyState::Good(at())
    } else {
        KeyState::Unknown(at())
    };
    (state, Some(public))
}

/// The key in a file, made there when there is none, its public half made known to the book.
///
/// # Errors
/// [`KeyFileError`].
pub async fn open(book: &Book, path: &Path) -> Result<BookKey, KeyFileError> {
    let failed = |source| KeyFileError::File {
        path: path.to_owned(),
        source,
    };
    let origin = log::origin_of(book).await?;
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let malformed = |source| KeyFileError::Malformed {
                path: path.to_owned(),
                source,
            };
            let name: KeyName = origin.parse().map_err(malformed)?;
            let key = BookKey::from_secret(name, &book.outside().random.seed());
            make(path, &key).map_err(failed)?;
            // what is there counts: another program may have been quicker
            fs::read_to_string(path)
        }
        read => read,
    };
    let text = text.map_err(failed)?;
    if others_may_read(path).map_err(failed)? {
        return Err(KeyFileError::Open {
            path: path.to_owned(),
        });
    }
    let key = BookKey::from_text(&text).map_err(|source| KeyFileError::Malformed {
        path: path.to_owned(),
        source,
    })?;
    let public = key.public();
    if public.name().as_str() != origin {
        return Err(KeyFileError::OtherBook {
            path: path.to_owned(),
            name: public.name().to_string(),
        });
    }
    let row = book_key::Model {
        key_id: hex::encode(public.id()),
        public_key: public.as_bytes().to_vec(),
        name: origin,
        from_at: book.outside().clock.now().millis(),
    };
    book.store().add_book_key(row).await?;
    Ok(key)
}

/// Writes a new file whole or not at all, and never over another one.
fn make(path: &Path, key: &BookKey) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        make_folder(folder)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    // of its own for each who makes one at the same moment
    name.push(format!(".{}.new", hex::encode(key.public().as_bytes())));
    let new = path.with_file_name(name);
    let written = write_alone(&new, &key.to_text()).and_then(|()| fs::hard_link(&new, path));
    let removed = fs::remove_file(&new);
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        written => written.and(removed),
    }
}

fn write_alone(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The folder of the key and of what is kept beside it.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &Path) -> io::Result<bool> {
    // access lists are the folder's there
    Ok(false)
}
