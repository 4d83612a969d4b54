//! Each finding by itself: which advice it gives, how urgent, and what it says.

use super::*;
use crate::{
    doctor::{Disk, ExaminedBackup, ExaminedHead, Group, Setting},
    key::KeyState,
};
use domain::log::KeyError;
use std::path::PathBuf;
use store::{
    Engine,
    inspect::{Object, ObjectKind, Schema},
};

/// A healthy book of a hundred entries, signed, with a backup of all of them.
fn healthy() -> Diagnosis {
    let mut found = Diagnosis::unknown("sqlite:///b/book.db".to_owned(), Engine::Sqlite);
    found.file = Some(PathBuf::from("/b/book.db"));
    found.schema = Some(Schema {
        is_book: true,
        ..Schema::default()
    });
    found.origin = Some("yokoito/a".to_owned());
    found.size = Some(100);
    found.safety = Some(safety(100, 100));
    found.verified = Some(Ok(Vec::new()));
    found.key = KeyState::Good(PathBuf::from("/b/book.key"));
    found.signed = Some(100);
    found.backups = vec![good("/c/new.jsonl", 100), good("/c/old.jsonl", 60)];
    found.disk = Some(Disk {
        free: 50 << 30,
        book: 1 << 20,
    });
    found
}

fn on_postgres() -> Diagnosis {
    let mut found = healthy();
    found.place = "postgres://u@host:5432/db?schema=town".to_owned();
    found.engine = Engine::Postgres;
    found.file = None;
    found
}

fn safety(size: u64, signed: u64) -> Safety {
    Safety {
        size,
        whole: true,
        signed,
        bad: Vec::new(),
        unchecked: Vec::new(),
    }
}

fn good(path: &str, size: u64) -> ExaminedBackup {
    ExaminedBackup {
        path: PathBuf::from(path),
        verdict: BackupVerdict::Good {
            size,
            last_recorded_at: None,
            borne_out: true,
        },
    }
}

fn head(verdict: HeadVerdict) -> ExaminedHead {
    ExaminedHead {
        place: "5月末.txt".to_owned(),
        verdict,
    }
}

fn group(number: u8, count: u64) -> Group {
    Group {
        number,
        label: "決まり",
        count,
        examples: vec!["12番の伝票: ちがいます。".to_owned()],
    }
}

fn codes(advice: &[Advice]) -> Vec<(Urgency, &'static str)> {
    advice
        .iter()
        .map(|advice| (advice.urgency, advice.code))
        .collect()
}

/// The one piece of advice under a code, as one text.
fn text(found: &Diagnosis, code: &str) -> String {
    let all = advise(found);
    let mut with_code = all.iter().filter(|advice| advice.code == code);
    let advice = with_code.next().unwrap_or_else(|| panic!("no {code}: {all:?}"));
    assert!(with_code.next().is_none(), "{all:?}");
    assert!(
        advice.urgency == Urgency::Note || !advice.next.is_empty(),
        "nothing to do: {advice:?}"
    );
    [advice.found.join("\n"), advice.next.join("\n")].join("\n")
}

/// Exactly this advice is given, and it says these things.
fn only(found: &Diagnosis, urgency: Urgency, code: &'static str, says: &[&str]) {
    assert_eq!(codes(&advise(found)), [(urgency, code)]);
    says_all(&text(found, code), says);
}

fn says_all(text: &str, says: &[&str]) {
    for expected in says {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn a_healthy_book_needs_nothing() {
    for found in [healthy(), on_postgres()] {
        assert_eq!(advise(&found), []);
    }
    let mut empty = healthy();
    (empty.size, empty.signed, empty.safety) = (Some(0), None, Some(safety(0, 0)));
    empty.backups = vec![good("/c/new.jsonl", 0)];
    assert_eq!(advise(&empty), []);
}

#[test]
fn a_book_that_cannot_be_opened() {
    let mut found = healthy();
    found.reach = Reach::Missing;
    (found.size, found.safety, found.verified) = (None, None, None);
    assert_eq!(
        codes(&advise(&found)),
        [(Urgency::Now, "missing"), (Urgency::Now, "restore")]
    );
    // the name is free
    says_all(
        &text(&found, "restore"),
        &["yokoito restore /c/new.jsonl --database sqlite:///b/book.db --key /b/book.key で"],
    );
    found.backups.clear();
    says_all(
        &text(&found, "no-backup"),
        &["yokoito doctor --backups フォルダー"],
    );

    found.reach = Reach::NotADatabase;
    found.backups = vec![good("/c/new.jsonl", 100)];
    says_all(&text(&found, "not-a-database"), &["消さずに"]);
    says_all(
        &text(&found, "restore"),
        &["--database sqlite:///b/book-restored.db"],
    );

    found.reach = Reach::NoBook;
    only(&found, Urgency::Now, "no-book", &["空です", "--database"]);
    found.reach = Reach::HalfWritten;
    only(
        &found,
        Urgency::Now,
        "half-written",
        &["-journal", "yokoito verify"],
    );
    found.reach = Reach::Unreachable("permission denied".to_owned());
    only(
        &found,
        Urgency::Now,
        "unreachable",
        &["(permission denied)", "読む権限"],
    );
    let mut found = on_postgres();
    found.reach = Reach::Unreachable("Connection refused".to_owned());
    only(
        &found,
        Urgency::Now,
        "unreachable",
        &["PostgreSQL が動いているか", "サーバーに残っています"],
    );
}

#[test]
fn a_cut_off_file_and_damaged_pages() {
    let mut found = healthy();
    found.cut_off = Some((1_200, 900));
    found.pages = vec!["Page 7: never used".to_owned(), "Tree 4".to_owned()];
    found.safety = Some(Safety {
        whole: false,
        bad: vec![Range { first: 80, last: 99 }],
        ..safety(100, 100)
    });
    found.verified = Some(Err("帳簿の記録が壊れています(x)。".to_owned()));
    found.backups = vec![good("/c/my backup.jsonl", 60)];
    assert_eq!(
        codes(&advise(&found)),
        [(Urgency::Now, "damaged"), (Urgency::Now, "restore")]
    );
    says_all(
        &text(&found, "damaged"),
        &[
            "1,200ページのうち900ページ",
            "2か所。はじめは Page 7",
            "そのため、最後まで検証できませんでした。",
            "記録を止めて",
            "「/b/book.db」",
            "-wal",
        ],
    );
    says_all(
        &text(&found, "restore"),
        &[
            "'/c/my backup.jsonl'",
            "60番から99番までの40枚の伝票が入っていません",
            "そのうち60番から79番までの20枚は、いまの帳簿に無事に残っています",
        ],
    );
}

#[test]
fn damaged_rows_are_made_anew_from_sound_entries() {
    let mut found = healthy();
    found.verified = Some(Ok(vec![group(6, 7)]));
    assert_eq!(
        codes(&advise(&found)),
        [(Urgency::Now, "damaged"), (Urgency::Now, "rebuild")]
    );
    says_all(
        &text(&found, "damaged"),
        &["検証 6「決まり」に、誤りが7件", "・12番の伝票", "・ほか6件"],
    );
    says_all(
        &text(&found, "rebuild"),
        &[
            "すべて無事",
            "yokoito backup 救出.jsonl --database sqlite:///b/book.db",
            "yokoito restore 救出.jsonl --database sqlite:///b/book-restored.db --key /b/book.key",
        ],
    );
    // a table of sums that is gone is made anew too, one of entries is not
    found.verified = Some(Err("x".to_owned()));
    let missing = |table| {
        Some(Schema {
            is_book: true,
            missing: vec![Object::new(ObjectKind::Table, table)],
            ..Schema::default()
        })
    };
    found.schema = missing("stock");
    says_all(&text(&found, "damaged"), &["表がなくなっています: stock"]);
    text(&found, "rebuild");
    found.schema = missing("entry_text");
    text(&found, "restore");
    found.schema = healthy().schema;
    says_all(&text(&found, "damaged"), &["最後まで検証できませんでした(x)"]);
}

#[test]
fn a_damaged_log_is_brought_back() {
    let mut found = on_postgres();
    found.verified = Some(Ok(vec![group(8, 1)]));
    says_all(&text(&found, "damaged"), &["検証 8", "pg_dump"]);
    says_all(
        &text(&found, "restore"),
        &["--database 'postgres://u@host:5432/db?schema=town_restored' --key /b/book.key"],
    );
    found.verified = Some(Ok(Vec::new()));
    found.safety = Some(Safety {
        whole: false,
        unchecked: vec![Range { first: 40, last: 99 }],
        ..safety(100, 40)
    });
    says_all(
        &text(&found, "damaged"),
        &["記録したときのままではない伝票があります"],
    );
}

#[test]
fn a_rolled_back_book_and_one_written_anew() {
    let mut found = healthy();
    found.heads = vec![head(HeadVerdict::RolledBack { size: 150, have: 100 })];
    found.backups = vec![good("/c/new.jsonl", 150), good("/c/old.jsonl", 60)];
    says_all(
        &text(&found, "damaged"),
        &[
            "「5月末.txt」には150枚とありますが、帳簿には100枚しかありません",
            "前の状態に戻されています",
        ],
    );
    let restore = text(&found, "restore");
    says_all(&restore, &["/c/new.jsonl"]);
    assert!(
        !restore.contains("--older") && !restore.contains("入っていません"),
        "{restore}"
    );
    // nothing newer is known
    found.backups = vec![good("/c/old.jsonl", 60)];
    says_all(
        &text(&found, "restore"),
        &[
            "--older で",
            "60番から149番までの90枚の伝票",
            "もっと新しいバックアップがないか",
        ],
    );

    let mut found = healthy();
    found.heads = vec![head(HeadVerdict::Rewritten { size: 90 })];
    says_all(
        &text(&found, "damaged"),
        &["90枚目までの記録のどこかが書きかえられています"],
    );
    text(&found, "restore");
}

#[test]
fn heads_that_say_nothing() {
    let mut found = healthy();
    found.heads = vec![
        head(HeadVerdict::Continued { size: 90 }),
        head(HeadVerdict::Unknown { size: 90 }),
    ];
    assert_eq!(advise(&found), []);
    found.heads = vec![head(HeadVerdict::Distrusted("知らない鍵。".to_owned()))];
    only(
        &found,
        Urgency::Soon,
        "head-distrusted",
        &["(知らない鍵)", "--key"],
    );
    found.heads = vec![head(HeadVerdict::OtherBook("yokoito/b".to_owned()))];
    only(&found, Urgency::Soon, "head-of-other", &["別の帳簿(yokoito/b)"]);
}

#[test]
fn keys() {
    let path = || PathBuf::from("/b/book.key");
    for (key, code, says) in [
        (
            KeyState::Missing(path()),
            "key-missing",
            &["/b/book.key", "元の場所に戻す", "新しい鍵"][..],
        ),
        (
            KeyState::Open(path()),
            "key-open",
            &["ほかの人も読めます", "chmod 600 /b/book.key"],
        ),
        (
            KeyState::Unreadable(path(), "denied".to_owned()),
            "key-unreadable",
            &["(denied)"],
        ),
        (
            KeyState::Malformed(path(), KeyError::Format),
            "key-malformed",
            &["鍵のファイルではありません"],
        ),
        (
            KeyState::OtherBook(path(), "yokoito/b".to_owned()),
            "key-of-other",
            &["(yokoito/b)", "--key"],
        ),
        (
            KeyState::Unknown(path()),
            "key-unknown",
            &["帳簿はこの鍵を知りません", "--head"],
        ),
        (KeyState::NoPlace, "key-nowhere", &["--key"]),
    ] {
        let mut found = healthy();
        found.key = key;
        only(&found, Urgency::Soon, code, says);
    }
    let mut found = healthy();
    found.key = KeyState::NotNeeded;
    assert_eq!(advise(&found), []);
}

#[test]
fn settings_and_tables() {
    let mut found = on_postgres();
    found.settings = vec![Setting {
        name: "fsync",
        value: "off".to_owned(),
    }];
    only(
        &found,
        Urgency::Now,
        "unsafe-setting",
        &["fsync が off", "停電", "postgresql.conf"],
    );
    let mut found = healthy();
    found.settings = vec![Setting {
        name: "journal_mode",
        value: "delete".to_owned(),
    }];
    only(&found, Urgency::Note, "journal-mode", &["自動で元に戻ります"]);

    let schema = |change: fn(&mut Schema)| {
        let mut found = healthy();
        let mut schema = Schema {
            is_book: true,
            ..Schema::default()
        };
        change(&mut schema);
        found.schema = Some(schema);
        found
    };
    let newer = schema(|schema| schema.unknown = vec!["m2999".to_owned()]);
    only(&newer, Urgency::Soon, "newer", &["m2999", "新しい版に替えて"]);
    let mut unverified = newer;
    unverified.verified = Some(Err("no such column".to_owned()));
    only(&unverified, Urgency::Soon, "newer", &[]);
    only(
        &schema(|schema| schema.pending = vec!["m2027".to_owned()]),
        Urgency::Note,
        "pending",
        &["m2027", "自動で新しくなります"],
    );
    let triggers = schema(|schema| {
        schema.missing = (0..7)
            .map(|n| Object::new(ObjectKind::Trigger, format!("t{n}")))
            .collect();
    });
    only(
        &triggers,
        Urgency::Soon,
        "triggers-missing",
        &[
            "t0、t1、t2、t3、t4、ほか2個",
            "直接さわりました",
            "yokoito backup",
        ],
    );
    only(
        &schema(|schema| schema.disabled = vec!["t".to_owned()]),
        Urgency::Soon,
        "triggers-disabled",
        &["止められています: t", "ENABLE TRIGGER"],
    );
    only(
        &schema(|schema| schema.missing = vec![Object::new(ObjectKind::Index, "i")]),
        Urgency::Soon,
        "indexes-missing",
        &["索引", "遅くなります: i"],
    );
}

#[test]
fn backups_of_every_kind() {
    let with = |verdict| {
        let mut found = healthy();
        found.backups.push(ExaminedBackup {
            path: PathBuf::from("/c/x.jsonl"),
            verdict,
        });
        found
    };
    only(
        &with(BackupVerdict::Unusable("途中で切れています。".to_owned())),
        Urgency::Soon,
        "backup-unusable",
        &["途中で切れています", "当てにしないで"],
    );
    only(
        &with(BackupVerdict::OtherBook("yokoito/b".to_owned())),
        Urgency::Note,
        "backup-of-other",
        &["/c/x.jsonl", "yokoito/b"],
    );
    let contradicts = |signed| BackupVerdict::Contradicts {
        size: 100,
        at: 90,
        signed,
    };
    only(
        &with(contradicts(true)),
        Urgency::Soon,
        "backup-contradicts-head",
        &["90枚目まで", "戻さないで"],
    );
    only(
        &with(contradicts(false)),
        Urgency::Soon,
        "backup-contradicts-book",
        &["90枚の伝票がちがいます", "--head"],
    );
    let mut none = with(contradicts(true));
    none.backups.drain(..2);
    assert_eq!(
        codes(&advise(&none)),
        [
            (Urgency::Soon, "backup-contradicts-head"),
            (Urgency::Soon, "no-good-backup")
        ]
    );
    let mut behind = healthy();
    behind.backups.remove(0);
    only(&behind, Urgency::Note, "backup-behind", &["あとの40枚"]);
    let mut unasked = healthy();
    unasked.backups.clear();
    only(&unasked, Urgency::Note, "no-backup-named", &["--backups"]);
}

#[test]
fn the_backup_with_most_entries_is_best_and_of_equals_the_first() {
    let mut found = healthy();
    found.backups = vec![good("/a", 60), good("/b", 100), good("/c", 100)];
    found.backups.push(ExaminedBackup {
        path: PathBuf::from("/d"),
        verdict: BackupVerdict::Contradicts {
            size: 300,
            at: 100,
            signed: true,
        },
    });
    assert_eq!(
        found.best_backup().map(|best| best.path.clone()),
        Some(PathBuf::from("/b"))
    );
    assert_eq!(found.largest_known(), 100);
}

#[test]
fn disk_and_notes() {
    let mut found = healthy();
    found.disk = Some(Disk {
        free: 100 << 20,
        book: 0,
    });
    only(
        &found,
        Urgency::Soon,
        "disk-nearly-full",
        &["100MB", "空きを作って"],
    );
    found.disk = Some(Disk {
        free: 1 << 30,
        book: 8 << 30,
    });
    only(&found, Urgency::Soon, "disk-nearly-full", &["1,024MB"]);
    let mut found = healthy();
    found.signed = None;
    only(&found, Urgency::Note, "never-signed", &["yokoito log checkpoint"]);
    let mut found = healthy();
    found.changed_meanwhile = true;
    only(&found, Urgency::Soon, "changed-meanwhile", &["当てになりません"]);
}

#[test]
fn what_is_urgent_comes_first() {
    let mut found = healthy();
    found.disk = Some(Disk { free: 0, book: 0 });
    found.backups.clear();
    found.signed = None;
    found.settings = vec![Setting {
        name: "fsync",
        value: "off".to_owned(),
    }];
    let urgency: Vec<Urgency> = advise(&found).iter().map(|advice| advice.urgency).collect();
    assert_eq!(
        urgency,
        [Urgency::Now, Urgency::Soon, Urgency::Note, Urgency::Note]
    );
}

#[test]
fn which_entries_are_safe_in_words() {
    let said = |safety: &Safety| safety.sentences().join("\n");
    assert_eq!(said(&safety(0, 0)), "伝票はまだありません。");
    assert_eq!(
        said(&safety(1, 1)),
        "0番の伝票(1枚)は、署名した証明のとおりで、無事です。"
    );
    assert_eq!(
        said(&safety(1_234, 1_000)),
        "0番から999番までの1,000枚は、署名した証明のとおりで、無事です。\n\
         1,000番から1,233番までの234枚は、まだ署名した証明がありませんが、ログに控えたハッシュのとおりです。"
    );
    says_all(
        &said(&safety(7, 0)),
        &["0番から6番までの7枚は、まだ署名した証明がありません"],
    );
    let damaged = Safety {
        bad: vec![Range { first: 57, last: 57 }, Range { first: 60, last: 62 }],
        ..safety(100, 90)
    };
    assert_eq!(
        said(&damaged),
        "0番から56番までの57枚は、署名した証明のとおりで、無事です。\n\
         57番、60番から62番までの3枚は、なくなっているか、記録したときのままではありません。\n\
         そのあとの伝票のうち29枚は、署名した証明のとおりで、無事です。"
    );
    let first = Safety {
        bad: vec![Range { first: 0, last: 0 }],
        ..safety(10, 0)
    };
    says_all(&said(&first), &["はじめの伝票から", "0番は、なくなっているか"]);
    let many = Safety {
        bad: (0..20)
            .map(|n| Range {
                first: 2 * n + 1,
                last: 2 * n + 1,
            })
            .collect(),
        ..safety(100, 0)
    };
    says_all(&said(&many), &["19番、ほか10枚は"]);
    let unchecked = Safety {
        unchecked: vec![Range { first: 40, last: 99 }],
        ..safety(100, 40)
    };
    says_all(
        &said(&unchecked),
        &["40番から99番までの60枚は、記録したときのままかどうか"],
    );
}

#[test]
fn commands_can_be_pasted() {
    assert_eq!(quoted("/控え/a-1.jsonl"), "/控え/a-1.jsonl");
    assert_eq!(quoted("a b"), "'a b'");
    assert_eq!(quoted("a'b$c"), r"'a'\''b$c'");
    assert_eq!(quoted(""), "''");
    assert_eq!((count(0).as_str(), count(1_234_567).as_str()), ("0", "1,234,567"));
}
