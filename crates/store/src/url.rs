//! Where a book is: `sqlite://PATH` or `postgres://USER@HOST/DATABASE?schema=NAME`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

use crate::Engine;

/// The schema of a book on PostgreSQL when the address names none.
const DEFAULT_SCHEMA: &str = "yokoito";
/// Longest name PostgreSQL keeps whole, in bytes.
const LONGEST_SCHEMA: usize = 63;
/// What may stand behind the `?` of a PostgreSQL address, besides `schema`. The driver would write others, with their
/// values, into its log: a mistyped `passwrd=` must not get there.
const PARAMETERS: &[&str] = &[
    "host",
    "hostaddr",
    "port",
    "user",
    "password",
    "dbname",
    "application_name",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
];

/// The address of a book. It prints without a password.
#[derive(Clone)]
pub struct DatabaseUrl(pub(crate) Location);

/// What the two kinds of address say.
#[derive(Clone)]
pub(crate) enum Location {
    Sqlite {
        path: PathBuf,
    },
    Postgres {
        options: Box<PgConnectOptions>,
        schema: String,
    },
}

/// Why an address of a book is not understood. No sentence repeats what could be a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Neither kind of address.
    #[error(
        "帳簿の場所が分かりません。sqlite://ファイル名 か postgres://利用者@サーバー/データベース の形で書いてください。"
    )]
    Scheme,
    /// `sqlite://` and no file.
    #[error("帳簿のファイル名がありません。sqlite://book.db のように書いてください。")]
    NoPath,
    /// `:memory:`.
    #[error("メモリだけの帳簿は使えません。sqlite://book.db のようにファイル名を書いてください。")]
    Memory,
    /// Something else than `mode=rwc` behind the `?` of a SQLite address.
    #[error("sqlite:// の「?」のあとには mode=rwc だけを書けます。「?」から後ろを消してください。")]
    SqliteParameter,
    /// A schema name that would need quoting.
    #[error(
        "スキーマ名「{0}」は使えません。小文字の英字か _ で始め、小文字の英字・数字・_ だけで63文字までにしてください。"
    )]
    Schema(String),
    /// A parameter of a PostgreSQL address that is not known.
    #[error("postgres:// の設定「{0}」は分かりません。つづりを確かめるか、消してください。")]
    PostgresParameter(String),
    /// A PostgreSQL address that cannot be read.
    #[error(
        "postgres:// の書き方が正しくありません。postgres://利用者:パスワード@サーバー:5432/データベース の形で書いてください（記号は %40 のように書きます）。"
    )]
    Postgres,
    /// A PostgreSQL address without database.
    #[error("データベース名がありません。postgres://利用者@サーバー/データベース の形で書いてください。")]
    NoDatabase,
}

impl DatabaseUrl {
    /// The address of a SQLite book in a file.
    pub fn of_file(path: PathBuf) -> DatabaseUrl {
        DatabaseUrl(Location::Sqlite { path })
    }

    /// What the book is kept in.
    pub fn engine(&self) -> Engine {
        match self.0 {
            Location::Sqlite { .. } => Engine::Sqlite,
            Location::Postgres { .. } => Engine::Postgres,
        }
    }

    /// The file of a SQLite book.
    pub fn path(&self) -> Option<&Path> {
        match &self.0 {
            Location::Sqlite { path } => Some(path),
            Location::Postgres { .. } => None,
        }
    }

    /// Where the key that signs checkpoints is kept unless said otherwise: beside the SQLite file, `book.key` for
    /// `book.db`. A server's book has no such place.
    pub fn default_key_path(&self) -> Option<PathBuf> {
        self.path().map(|path| path.with_extension("key"))
    }

    /// What a server's book is called in file names: `schema@host`, other characters than letters, digits, `.` and `-`
    /// as `_`.
    pub fn schema_at_host(&self) -> Option<String> {
        let Location::Postgres { options, schema } = &self.0 else {
            return None;
        };
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || ".-".contains(c) {
                c
            } else {
                '_'
            }
        };
        let host: String = options.get_host().chars().map(plain).collect();
        Some(format!("{schema}@{host}"))
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("sqlite://") {
            sqlite(rest).map(Self)
        } else if let Some(rest) = text
            .strip_prefix("postgres://")
            .or_else(|| text.strip_prefix("postgresql://"))
        {
            postgres(rest).map(Self)
        } else {
            Err(UrlError::Scheme)
        }
    }
}

/// The path is taken as it stands, without %-decoding: it is a file name.
fn sqlite(rest: &str) -> Result<Location, UrlError> {
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    if !matches!(query, "" | "mode=rwc") {
        return Err(UrlError::SqliteParameter);
    }
    match path {
        "" => Err(UrlError::NoPath),
        ":memory:" => Err(UrlError::Memory),
        path if path.ends_with('/') => Err(UrlError::NoPath),
        path => Ok(Location::Sqlite {
            path: PathBuf::from(path),
        }),
    }
}

fn postgres(rest: &str) -> Result<Location, UrlError> {
    let (server, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut schema = DEFAULT_SCHEMA;
    let mut kept = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=').unwrap_or((pair, "")) {
            ("schema", name) => schema = name,
            (name, _) if PARAMETERS.contains(&name) => kept.push(pair),
            (name, _) => return Err(UrlError::PostgresParameter(name.to_owned())),
        }
    }
    if !is_schema_name(schema) {
        return Err(UrlError::Schema(schema.to_owned()));
    }
    let options = PgConnectOptions::from_str(&format!("postgres://{server}?{}", kept.join("&")))
        .map_err(|_| UrlError::Postgres)?;
    if options.get_database().is_none() {
        return Err(UrlError::NoDatabase);
    }
    Ok(Location::Postgres {
        options: Box::new(options),
        schema: schema.to_owned(),
    })
}

/// `[a-z_][a-z0-9_]{0,62}`: needs no quotes in SQL and cannot be anything but a name.
fn is_schema_name(name: &str) -> bool {
    name.len() <= LONGEST_SCHEMA
        && name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Location::Sqlite { path } => write!(f, "sqlite://{}", path.display()),
            Location::Postgres { options, schema } => {
                let server = options.get_socket().map_or_else(
                    || options.get_host().to_owned(),
                    |socket| socket.display().to_string(),
                );
                let (user, port) = (options.get_username(), options.get_port());
                let database = options.get_database().unwrap_or_default();
                write!(f, "postgres://{user}@{server}:{port}/{database}?schema={schema}")
            }
        }
    }
}

/// As it prints: the driver's own form would show the password.
impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<DatabaseUrl, UrlError> {
        text.parse()
    }

    #[test]
    fn a_file_is_relative_or_absolute() {
        assert_eq!(
            parse("sqlite://book.db").unwrap().path(),
            Some(Path::new("book.db"))
        );
        assert_eq!(
            parse("sqlite:///var/帳簿/b.db?mode=rwc").unwrap().path(),
            Some(Path::new("/var/帳簿/b.db"))
        );
        assert_eq!(parse("sqlite:///a/b.db").unwrap().to_string(), "sqlite:///a/b.db");
    }

    #[test]
    fn the_key_is_beside_the_file() {
        assert_eq!(
            parse("sqlite://d/book.db").unwrap().default_key_path(),
            Some(PathBuf::from("d/book.key"))
        );
        assert_eq!(
            parse("sqlite://d/book").unwrap().default_key_path(),
            Some(PathBuf::from("d/book.key"))
        );
        assert_eq!(parse("postgres://u@h/d").unwrap().default_key_path(), None);
    }

    #[test]
    fn a_servers_book_has_a_name_for_files() {
        let name = |text| parse(text).unwrap().schema_at_host();
        assert_eq!(
            name("postgres://u@db.example/d?schema=mura_1").as_deref(),
            Some("mura_1@db.example")
        );
        // a socket of this machine
        assert_eq!(
            name("postgres://u@%2Frun%2Fpg/d").as_deref(),
            Some("yokoito@localhost")
        );
        assert_eq!(name("postgres://u@[::1]/d").as_deref(), Some("yokoito@___1_"));
        assert_eq!(name("sqlite://book.db"), None);
    }

    #[test]
    fn no_password_is_shown() {
        for text in [
            "postgres://ana:hime%40itsu@db.example:5433/books?schema=mura_1",
            "postgresql://db.example:5433/books?user=ana&password=hime%40itsu&schema=mura_1",
        ] {
            let url = parse(text).unwrap();
            assert_eq!(
                url.to_string(),
                "postgres://ana@db.example:5433/books?schema=mura_1"
            );
            assert_eq!(
                format!("{url:?}"),
                "DatabaseUrl(postgres://ana@db.example:5433/books?schema=mura_1)"
            );
        }
    }

    #[test]
    fn the_schema_has_a_default_and_a_form() {
        assert!(
            parse("postgres://u@h/d")
                .unwrap()
                .to_string()
                .ends_with("?schema=yokoito")
        );
        let long = "a".repeat(63);
        assert!(parse(&format!("postgres://u@h/d?schema={long}")).is_ok());
        for bad in [
            "",
            "A",
            "1a",
            "a-b",
            "a\"; drop",
            "pub lic",
            &"a".repeat(64),
            "横糸",
        ] {
            assert_eq!(
                parse(&format!("postgres://u@h/d?schema={bad}")).unwrap_err(),
                UrlError::Schema(bad.to_owned())
            );
        }
    }

    #[test]
    fn what_is_not_an_address_is_said_in_plain_words() {
        for (text, error) in [
            ("book.db", UrlError::Scheme),
            ("mysql://u@h/d", UrlError::Scheme),
            ("sqlite://", UrlError::NoPath),
            ("sqlite://folder/", UrlError::NoPath),
            ("sqlite://:memory:", UrlError::Memory),
            ("sqlite://b.db?mode=ro", UrlError::SqliteParameter),
            ("postgres://u@h", UrlError::NoDatabase),
            ("postgres://u@h:port/d", UrlError::Postgres),
            (
                "postgres://u@h/d?passwrd=secret",
                UrlError::PostgresParameter("passwrd".to_owned()),
            ),
        ] {
            let said = parse(text).unwrap_err();
            assert_eq!(said, error, "{text}");
            assert!(said.to_string().ends_with('。'), "{said}");
        }
    }
}
