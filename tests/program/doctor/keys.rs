//! The key file, and signed heads kept elsewhere.

use super::{behind_its_back, book, doctor, follow, ill, more, size, sound_at, well, yokoito};
use crate::run::{file, run};
use acceptance::support::{TestDatabase, engines};
use std::{fs, os::unix::fs::PermissionsExt};

#[test]
fn a_key_that_is_not_as_it_should_be() {
    for engine in engines() {
        let (database, other) = (book(engine), book(engine));
        let path = database.directory().join("book.key");
        let key = fs::read(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        ill(
            &doctor(&database, &[]),
            &["book.key」を、ほかの人も読めます", "chmod 600 book.key"],
        );
        fs::remove_file(&path).unwrap();
        ill(
            &doctor(&database, &[]),
            &["鍵のファイル「book.key」がありません", "元の場所に戻す"],
        );
        assert!(!path.exists());
        fs::copy(other.directory().join("book.key"), &path).unwrap();
        ill(&doctor(&database, &[]), &["別の帳簿(yokoito/"]);
        fs::write(&path, "not a key\n").unwrap();
        ill(&doctor(&database, &[]), &["鍵のファイルではありません"]);
        // of the same name, but not the one the book knows
        let name = String::from_utf8(key.clone()).unwrap();
        let name = name.split('+').nth(2).unwrap();
        let stranger = domain::log::BookKey::from_secret(name.parse().unwrap(), &[9; 32]);
        fs::write(&path, stranger.to_text()).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        ill(&doctor(&database, &[]), &["帳簿はこの鍵を知りません"]);
        fs::write(&path, key).unwrap();
        well(&doctor(&database, &[]), &[]);
    }
}

#[test]
fn a_book_that_was_rolled_back_is_noticed_and_brought_forward() {
    for engine in engines() {
        let database = book(engine);
        let early = size(&database);
        more(&database, 25);
        let note = yokoito(&database, &["log", "checkpoint"]).ok();
        file(&database, "late.txt", &note);
        yokoito(&database, &["backup", "late.jsonl"]).ok();
        let late = size(&database);

        // the older backup put back elsewhere, as if it were the book
        let older = TestDatabase::new(engine);
        for name in ["full.jsonl", "late.jsonl", "late.txt", "book.key"] {
            fs::copy(database.directory().join(name), older.directory().join(name)).unwrap();
        }
        yokoito(&older, &["restore", "full.jsonl", "--older"]).ok();
        well(&doctor(&older, &[]), &[]);
        let lost = format!("「late.txt」には{late}枚とありますが、帳簿には{early}枚しかありません");
        let ran = doctor(&older, &["--head", "late.txt", "--backup", "full.jsonl"]);
        ill(
            &ran,
            &[
                &lost,
                "前の状態に戻されています",
                "--older で",
                &format!("{early}番から{}番までの", late - 1),
                &format!("✘ late.txt — {late}枚まで。帳簿には{early}枚しかありません"),
            ],
        );
        let ran = doctor(&older, &["--head", "late.txt", "--backups", "."]);
        ill(&ran, &[&lost, &format!("「./late.jsonl」(伝票{late}枚)を戻す")]);
        assert!(!ran.stdout.contains("--older で"), "{}", ran.stdout);
        sound_at(&older, &follow(&older, &ran.stdout), late);
        // the head beside the key tells it too
        fs::copy(
            database.directory().join("book.head"),
            older.directory().join("book.head"),
        )
        .unwrap();
        ill(
            &doctor(&older, &[]),
            &["book.head」には", "前の状態に戻されています"],
        );
    }
}

#[test]
fn heads_that_cannot_be_believed() {
    for engine in engines() {
        let (database, other) = (book(engine), book(engine));
        let note = yokoito(&database, &["log", "checkpoint"]).ok();
        file(&database, "head.txt", &note);
        well(&doctor(&database, &["--head", "head.txt"]), &["✔ head.txt — "]);
        file(&database, "head.txt", note.replace("\ntime 20", "\ntime 19"));
        ill(
            &doctor(&database, &["--head", "head.txt"]),
            &["「head.txt」を信じられません"],
        );
        file(
            &database,
            "head.txt",
            yokoito(&other, &["log", "checkpoint"]).ok(),
        );
        ill(
            &doctor(&database, &["--head", "head.txt"]),
            &["「head.txt」を信じられません"],
        );
        file(&database, "head.txt", "にんじん\n");
        ill(
            &doctor(&database, &["--head", "head.txt"]),
            &["「head.txt」を信じられません"],
        );
    }
}

/// The signed head in the book itself was changed: verify names it, the entries are safe by another one.
#[test]
fn a_signed_head_in_the_book_that_does_not_fit() {
    for engine in engines() {
        let database = book(engine);
        let note = yokoito(&database, &["log", "checkpoint"]).ok();
        behind_its_back(
            &database,
            &["UPDATE log_checkpoint SET note = replace(note, 'time 20', 'time 19')"],
        );
        let ran = doctor(&database, &[]);
        // book.head, kept beside the key, still vouches for all
        ill(
            &ran,
            &[
                "検証 8",
                "署名した証明を読めません",
                "署名した証明のとおりで、無事です",
            ],
        );
        fs::remove_file(database.directory().join("book.head")).unwrap();
        let ran = doctor(&database, &[]);
        ill(
            &ran,
            &["まだ署名した証明がありませんが、ログに控えたハッシュのとおりです"],
        );
        file(&database, "head.txt", &note);
        let ran = doctor(&database, &["--head", "head.txt"]);
        ill(&ran, &["署名した証明のとおりで、無事です", "✔ head.txt"]);
        assert_eq!(run(&database, &["verify"]).code, Some(1));
    }
}
