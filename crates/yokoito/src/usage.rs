//! Reading the command line, and saying in Japanese what was wrong with it.

use crate::arguments::Arguments;
use clap::{
    Parser,
    error::{ContextKind, ContextValue, ErrorKind},
};
use std::{ffi::OsString, process::ExitCode};

/// The arguments, or the exit code when there is nothing to run: after `--help`, or when they are wrong.
pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, ExitCode> {
    Arguments::try_parse_from(arguments).map_err(|error| {
        if error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            eprintln!("{}\n使い方は「yokoito --help」で見られます。", sentence(&error));
            ExitCode::from(2)
        } else {
            let code = if error.use_stderr() {
                ExitCode::from(2)
            } else {
                ExitCode::SUCCESS
            };
            // a reader that has gone away needs no help
            drop(error.print());
            code
        }
    })
}

fn sentence(error: &clap::Error) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        _ => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::UnknownArgument => format!("「{argument}」は分かりません。つづりを確かめてください。"),
        ErrorKind::InvalidSubcommand => {
            format!(
                "「{}」というサブコマンドはありません。",
                context(ContextKind::InvalidSubcommand)
            )
        }
        ErrorKind::MissingRequiredArgument => format!("{argument} を書いてください。"),
        ErrorKind::MissingSubcommand => "サブコマンドを書いてください。".to_owned(),
        ErrorKind::InvalidValue if context(ContextKind::InvalidValue).is_empty() => {
            format!("{argument} の値を書いてください。")
        }
        // what was typed may hold a password: only the reason is said
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(error)
                .map(ToString::to_string)
                .unwrap_or_default();
            format!("{argument}: {reason}")
        }
        ErrorKind::ArgumentConflict => match context(ContextKind::PriorArg) {
            other if other.is_empty() || other == argument => format!("{argument} は一度だけ書けます。"),
            other => format!("{argument} と {other} は、どちらか1つだけ書いてください。"),
        },
        _ => "コマンドの書き方が正しくありません。".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(arguments: &[&str]) -> String {
        sentence(&Arguments::try_parse_from(arguments).unwrap_err())
    }

    #[test]
    fn wrong_arguments_are_named_in_japanese() {
        for (arguments, expected) in [
            (
                &["yokoito", "stock", "--dya"][..],
                "「--dya」は分かりません。つづりを確かめてください。",
            ),
            (&["yokoito", "stok"], "「stok」というサブコマンドはありません。"),
            (&["yokoito", "import"], "<FILE> を書いてください。"),
            (
                &["yokoito", "stock", "--day"],
                "--day <DAY> の値を書いてください。",
            ),
            (
                &["yokoito", "stock", "--day", "a", "--day", "b"],
                "--day <DAY> は一度だけ書けます。",
            ),
            (
                &["yokoito", "log", "prove", "1", "--for", "a", "--part", "shared"],
                "--for <OFFICE> と --part <PART> は、どちらか1つだけ書いてください。",
            ),
            (
                &["yokoito", "log", "prove", "x"],
                "<ENTRY>: 伝票は、番号(例: 12)、ID、または「事業所のコード/キー」(例: kitchen/r-0605。管理者の伝票は keeper/キー、連絡会のは network:コード/キー)で書いてください。",
            ),
        ] {
            assert_eq!(complaint(arguments), expected);
        }
        let wrong = complaint(&["yokoito", "stock", "--database", "mysql://user:secret@host/db"]);
        assert!(
            wrong.starts_with("--database <URL>: 帳簿の場所が分かりません"),
            "{wrong}"
        );
        assert!(!wrong.contains("secret"));
    }

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }
}
