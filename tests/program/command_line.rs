//! Arguments and help: plain Japanese, the exit code says what happened, no password is repeated.

use crate::run::{run_alone, yokoito};
use acceptance::support::{Engine, TestDatabase};

const SUBCOMMANDS: [&str; 15] = [
    "demo", "serve", "people", "openapi", "import", "export", "backup", "restore", "verify", "doctor",
    "text", "trace", "stock", "balances", "log",
];

#[test]
fn help_is_there_for_everything_and_in_japanese() {
    let whole = run_alone(&["--help"]).ok();
    for subcommand in SUBCOMMANDS {
        assert!(whole.contains(&format!("\n  {subcommand} ")), "{whole}");
        let help = run_alone(&[subcommand, "--help"]).ok();
        assert!(help.contains("使い方: yokoito"), "{help}");
        for english in [
            "Usage",
            "Options:",
            "Arguments",
            "Print ",
            "possible values",
            "default:",
        ] {
            assert!(!help.contains(english), "{subcommand}: {help}");
        }
    }
    assert!(run_alone(&["--version"]).ok().starts_with("yokoito "));
}

#[test]
fn what_cannot_be_run_is_exit_code_2_and_a_sentence() {
    for (arguments, expected) in [
        (&["import"][..], "<FILE> を書いてください"),
        (&["stok"], "「stok」というサブコマンドはありません"),
        (&["stock", "--dya", "x"], "「--dya」は分かりません"),
        (
            &["export", "--database", "mysql://me:secret@host/db"],
            "帳簿の場所が分かりません",
        ),
        (
            &["export", "--database", "sqlite://"],
            "帳簿のファイル名がありません",
        ),
        (
            &["import", "no-such-file.jsonl"],
            "ファイル「no-such-file.jsonl」を開けません",
        ),
        (&["import", "."], "フォルダーです"),
        (
            &["export", "--database", "sqlite://no-such-book.db"],
            "帳簿「no-such-book.db」がありません",
        ),
        (
            &["export", "--database", "postgres://me:secret@127.0.0.1:1/db"],
            "帳簿につながりません",
        ),
    ] {
        let directory = TestDatabase::new(Engine::Sqlite);
        let output = yokoito(arguments)
            .current_dir(directory.directory())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
        assert!(
            !said.contains("secret") && !said.contains("panicked"),
            "{arguments:?}: {said}"
        );
        assert!(said.lines().count() <= 2, "{arguments:?}: {said}");
        assert_eq!(output.stdout, b"", "{arguments:?}");
        // a mistake leaves no empty book behind
        assert_eq!(
            std::fs::read_dir(directory.directory()).unwrap().count(),
            0,
            "{arguments:?}"
        );
    }
    // no subcommand at all: the help
    let nothing = run_alone(&[]);
    assert_eq!(nothing.code, Some(2));
    assert!(nothing.stderr.contains("使い方"), "{nothing:?}");
}

#[test]
fn the_environment_names_the_book_and_the_argument_goes_before_it() {
    let (one, other) = (
        TestDatabase::new(Engine::Sqlite),
        TestDatabase::new(Engine::Sqlite),
    );
    let import = |arguments: &[&str]| {
        yokoito(arguments)
            .env("YOKOITO_DATABASE", format!("{}?mode=rwc", one.url()))
            .output()
            .unwrap()
            .status
            .code()
    };
    assert_eq!(import(&["import", "-"]), Some(0));
    assert!(one.directory().join("book.db").exists());
    assert_eq!(import(&["import", "-", "--database", other.url()]), Some(0));
    assert!(other.directory().join("book.db").exists());
}
