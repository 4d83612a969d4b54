//! `yokoito text erase` as people run it.

use crate::run::{run, run_alone, run_with};
use acceptance::{
    dealings::{dealings, lines},
    support::{TestDatabase, engines},
    world::SMALL_WORLD,
};
use std::fs;

#[test]
fn a_note_is_erased_and_the_book_stays_sound() {
    for engine in engines() {
        let database = TestDatabase::new(engine);
        let acts = SMALL_WORLD.to_owned() + &lines(&dealings(11));
        run_with(&database, &["import", "-"], &acts).ok();
        assert!(run(&database, &["export"]).ok().contains("朝の便 10"));
        let ran = run(
            &database,
            &["text", "erase", "a/s10", "--reason", "名前が書かれていた"],
        )
        .ok();
        assert!(ran.starts_with("消しました: 伝票"), "{ran}");
        for expected in ["(出荷 s10)のメモ。", "番として記録しました", "バックアップ"] {
            assert!(ran.contains(expected), "{ran}");
        }
        assert!(!ran.contains("跡を"), "{ran}");
        let export = run(&database, &["export"]).ok();
        assert!(!export.contains("朝の便 10") && export.contains("名前が書かれていた"));
        run(&database, &["verify"]).ok();
        let again = run(&database, &["text", "erase", "a/s10", "--reason", "もう一度"]);
        assert_eq!(again.code, Some(2), "{again:?}");
        assert!(again.stderr.contains("すでに消されています"), "{again:?}");
        // the program has ended: nothing of it is in any file of the book
        for file in fs::read_dir(database.directory()).unwrap() {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            let name = "朝の便 10".as_bytes();
            assert!(!bytes.windows(name.len()).any(|window| window == name));
        }
    }
}

#[test]
fn what_cannot_be_erased_is_said() {
    let database = TestDatabase::new(engines()[0]);
    run_with(&database, &["import", "-"], SMALL_WORLD).ok();
    for (arguments, expected) in [
        (
            &["a/carrot", "--reason", "x"][..],
            "消せる文(メモ・理由)はありません",
        ),
        (&["a/nai", "--reason", "x"], "伝票「a/nai」は帳簿にありません"),
        (
            &["nai/x", "--reason", "x"],
            "コード「nai」の事業所・連絡会は帳簿にありません",
        ),
        (&["a", "--reason", "x"], "「事業所のコード/キー」"),
        (&["a/carrot"], "--reason <TEXT> を書いてください"),
        (&["a/carrot", "--reason", ""], "何も入力されていません"),
        (
            &["a/carrot", "--reason", "x", "--only", "memo"],
            "note(メモ)か reason(理由)",
        ),
    ] {
        let ran = run(&database, &[&["text", "erase"], arguments].concat());
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(expected), "{ran:?}");
    }
    let help = run_alone(&["text", "erase", "--help"]).ok();
    assert!(help.contains("元には戻せない"), "{help}");
    assert!(!help.contains("possible values"), "{help}");
}
