//! `yokoito log prove`, `consistency`, `check`, `key`: what an outsider can check with a file and the public key, in a
//! folder that holds nothing else.

use crate::run::{Ran, file, run, run_alone, run_with, yokoito};
use acceptance::{
    dealings::{dealings, lines},
    support::{Engine, TestDatabase, engines},
    world::{SMALL_WORLD, act},
};
use serde_json::{Value, json};
use std::{fs, path::Path};
use tempfile::TempDir;

/// A's goods sold by C in one slip with goods of its own, after a dealing of A and B with a note.
fn acts() -> String {
    let day = "2026-06-03";
    let acts = [
        act(
            "produce",
            "a",
            "p-1",
            "2026-06-01",
            json!({"lines": [
            {"product": "carrot", "quantity": "20", "lot": {"code": "A-0601"}},
            {"product": "craft", "quantity": "6", "lot": {"code": "M-1"}}]}),
        ),
        act(
            "ship",
            "a",
            "s-1",
            "2026-06-02",
            json!({"to": "b", "note": "朝の便です",
            "lines": [{"lot": "A-0601", "quantity": "12.5", "unit_price": "160"}]}),
        ),
        act(
            "receive",
            "b",
            "r-1",
            "2026-06-02",
            json!({"shipment": {"office": "a", "key": "s-1"}, "all": true}),
        ),
        act(
            "product",
            "c",
            "tea",
            "2026-04-01",
            json!({"code": "tea", "name": "ハーブ茶",
            "unit": {"name": "袋"}, "tax": "reduced", "allergens": {}}),
        ),
        act(
            "produce",
            "c",
            "p-1",
            "2026-06-01",
            json!({"lines": [{"product": "tea", "quantity": "9", "lot": {"code": "T-1"}}]}),
        ),
        act(
            "consign",
            "a",
            "k1",
            "2026-06-02",
            json!({"to": "c", "lines": [{"lot": "M-1", "quantity": "4"}]}),
        ),
        act(
            "sell",
            "c",
            "v1",
            day,
            json!({"lines": [{"lot": "M-1", "quantity": "2"},
            {"lot": "T-1", "quantity": "3", "unit_price": "777"}], "paid": {"by": "cash"}}),
        ),
    ];
    SMALL_WORLD.to_owned() + &lines(&acts)
}

/// A book with these acts, and its public key.
fn book(engine: Engine) -> (TestDatabase, String) {
    let database = TestDatabase::new(engine);
    run_with(&database, &["import", "-"], &acts()).ok();
    let key = log(&database, &["key"]).ok();
    (database, key)
}

/// `yokoito log …` on a book, with its key beside it.
fn log(database: &TestDatabase, arguments: &[&str]) -> Ran {
    run(database, &[&["log"], arguments, &["--key", "book.key"]].concat())
}

/// Checks a proof in a folder with nothing but the proof and the key, and nothing must be left there.
fn check(proof: &str, key: &str) -> Ran {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("proof.json"), proof).unwrap();
    fs::write(folder.path().join("key.txt"), key).unwrap();
    let before = listing(folder.path());
    let mut command = yokoito(&["log", "check", "proof.json", "--public-key", "key.txt"]);
    let ran = command
        .current_dir(folder.path())
        // whoever opened a book here would fail
        .env("YOKOITO_DATABASE", "postgres://nobody@127.0.0.1:1/none")
        .output()
        .unwrap()
        .into();
    assert_eq!(listing(folder.path()), before);
    ran
}

fn listing(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            (path.display().to_string(), fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn proved(proof: &str, key: &str) -> String {
    let said = check(proof, key).ok();
    assert!(said.starts_with("✔ 証明されました"), "{said}");
    said
}

/// Refused with this sentence in it.
fn refused(proof: &str, key: &str, expected: &str) {
    let ran = check(proof, key);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.stdout.starts_with("✘ 証明されません") && ran.stdout.contains(expected),
        "{expected}: {ran:?}"
    );
    assert!(!ran.stdout.contains('✔'), "{ran:?}");
}

#[test]
fn an_outsider_reads_the_entry_in_words() {
    for engine in engines() {
        let (database, key) = book(engine);
        let proof = log(&database, &["prove", "b/r-1"]).ok();
        let said = proved(&proof, &key);
        for expected in [
            "検収(receive)",
            "供給日      2026-06-02(令和8年6月2日)",
            "記録した側  Bキッチン(b)",
            "A-0601 にんじん(a/carrot) 12.5 kg: 配送中[A農園(a)のもの、Bキッチン(b)] → 在庫[Bキッチン(b)]",
            "借方 売掛金[Bキッチン(b)] 2,000円  ",
            "貸方 買掛金[A農園(a)] 2,000円  ",
            "入力の内容  {\"all\":true",
            "記録者      import",
        ] {
            assert!(said.contains(expected), "{expected}: {said}");
        }
        assert!(!said.contains("見せていない"), "{said}");
        // the same entry, however it is pointed at
        let seq = serde_json::from_str::<Value>(&proof).unwrap()["seq"].clone();
        assert_eq!(log(&database, &["prove", &seq.to_string()]).ok(), proof);
        let id = said.split("ID ").nth(1).unwrap().lines().next().unwrap();
        assert_eq!(log(&database, &["prove", id]).ok(), proof);
        // a note is shown with its seal
        let said = proved(&log(&database, &["prove", "a/s-1"]).ok(), &key);
        assert!(said.contains("メモ: 朝の便です"), "{said}");
        // an entry of the keeper, under an earlier head
        let said = proved(
            &log(&database, &["prove", "keeper/rate-10", "--size", "5"]).ok(),
            &key,
        );
        assert!(
            said.contains("税率(rate)") && said.contains("伝票の数    5枚"),
            "{said}"
        );
        // the key as it is typed, the proof from the standard input, a bare signed head
        let typed = run_with(
            &database,
            &["log", "check", "-", "--public-key", key.trim()],
            &proof,
        );
        assert!(typed.ok().starts_with("✔ 証明されました"));
        let note = log(&database, &["checkpoint"]).ok();
        let said = check(&note, &key).ok();
        assert!(
            said.starts_with("✔ 帳簿の鍵で署名された") && said.contains("署名した時  20"),
            "{said}"
        );
        // nothing of this was an entry, and the book is still sound
        run(&database, &["verify"]).ok();
    }
}

/// All that a file holds, with what is base64 in it decoded.
fn all_bytes(proof: &str) -> Vec<u8> {
    fn texts(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => found.push(text.clone()),
            Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
            Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    texts(&serde_json::from_str(proof).unwrap(), &mut found);
    let mut bytes = proof.as_bytes().to_vec();
    for text in found {
        bytes.extend(text.as_bytes());
        bytes.extend(base64(&text));
    }
    bytes
}

/// What a text is base64 of, as far as it is any.
fn base64(text: &str) -> Vec<u8> {
    let digits = text.bytes().map_while(|c| {
        Some(match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        })
    });
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for digit in digits {
        held = (held << 6) | u32::from(digit);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).unwrap());
        }
    }
    bytes
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

fn part<'a>(proof: &'a Value, field: &str, owner: &str) -> &'a Value {
    let parts = proof["parts"].as_array().unwrap();
    parts.iter().find(|part| part[field] == owner).expect(owner)
}

#[test]
fn a_proof_for_one_office_shows_nothing_of_the_others_part() {
    for engine in engines() {
        let (database, key) = book(engine);
        let whole = log(&database, &["prove", "c/v1"]).ok();
        let for_a = log(&database, &["prove", "c/v1", "--for", "a"]).ok();
        let for_c = log(&database, &["prove", "c/v1", "--for", "c"]).ok();

        let said = proved(&for_a, &key);
        assert!(said.contains("委託売掛金[Cショップ(c)] 2,200円"), "{said}");
        assert!(
            said.contains("見せていない部分: 入力の内容、仕訳 ") && said.contains("記録者と時刻"),
            "{said}"
        );
        // the price and the sum of C's own tea, what C got in all, where C keeps it: in C's part and in C's slip
        let secrets: [&[u8]; 7] = [
            b"\"777\"",
            b"2,331",
            &2_331_i64.to_be_bytes(),
            &(-2_331_i64).to_be_bytes(),
            &4_531_i64.to_be_bytes(),
            "金庫".as_bytes(),
            b"\"paid\"",
        ];
        let (of_a, of_c) = (all_bytes(&for_a), all_bytes(&for_c));
        for secret in secrets {
            assert!(!holds(&of_a, secret), "{secret:?} is in {for_a}");
        }
        for secret in [secrets[0], secrets[4], secrets[5], secrets[6]] {
            assert!(
                holds(&of_c, secret),
                "{secret:?} is not even in C's own: the test looks for the wrong bytes"
            );
        }
        // bytes and salts of the hidden parts are nowhere in it, their hashes are the same
        let whole: Value = serde_json::from_str(&whole).unwrap();
        let shown: Value = serde_json::from_str(&for_a).unwrap();
        let mut hidden = 0;
        for (all, mine) in whole["parts"]
            .as_array()
            .unwrap()
            .iter()
            .zip(shown["parts"].as_array().unwrap())
        {
            assert_eq!(all["hash"], mine["hash"]);
            if mine.get("bytes").is_none() {
                hidden += 1;
                for field in ["bytes", "salt"] {
                    let secret = all[field].as_str().unwrap();
                    assert!(!for_a.contains(secret));
                    assert!(!holds(&of_a, &base64(secret)));
                }
            }
        }
        assert_eq!(hidden, 3, "{for_a}");
        // A did not record the sale, C did
        assert!(part(&shown, "part", "acting").get("bytes").is_none());
        let shown: Value = serde_json::from_str(&for_c).unwrap();
        assert!(part(&shown, "part", "acting").get("bytes").is_some());
        proved(&for_c, &key);

        // parts by name
        let named = log(
            &database,
            &["prove", "c/v1", "--part", "office:a", "--part", "record"],
        )
        .ok();
        let said = proved(&named, &key);
        assert!(
            said.contains("2,200円") && said.contains("記録者      import") && !said.contains("供給日"),
            "{said}"
        );
        for (arguments, expected) in [
            (
                &["prove", "c/v1", "--for", "b"][..],
                "事業所「b」に見せる部分がありません",
            ),
            (&["prove", "c/v1", "--for", "zzz"], "コード「zzz」の事業所"),
            (&["prove", "c/v1", "--part", "office:b"], "見せる部分がありません"),
            (&["prove", "c/v9"], "伝票「c/v9」は帳簿にありません"),
            (&["prove", "100000"], "帳簿にありません"),
            (&["prove", "zzz/v1"], "コード「zzz」"),
            (&["prove", "c/v1", "--size", "5"], "5枚目までの証明には入りません"),
            (
                &["prove", "1", "--size", "100000"],
                "100000枚目までの証明は作れません",
            ),
            (&["prove", "c/v1", "--part", "all"], "--part <PART>: shared"),
        ] {
            let ran = log(&database, arguments);
            assert_eq!(ran.code, Some(2), "{arguments:?}: {ran:?}");
            assert!(
                ran.stderr.contains(expected) && ran.stdout.is_empty(),
                "{arguments:?}: {ran:?}"
            );
        }
    }
}

#[test]
fn tampering_with_any_field_is_refused() {
    for engine in engines() {
        let (database, key) = book(engine);
        let proof = log(&database, &["prove", "a/s-1"]).ok();
        let whole: Value = serde_json::from_str(&proof).unwrap();
        proved(&whole.to_string(), &key);
        let hash = "0".repeat(64);
        let salt = format!("{}=", "A".repeat(43));
        for (field, value, expected) in [
            ("/kind", json!("consistency_proof"), "証明の形になっていません"),
            ("/format", json!(2), "新しい版の証明です"),
            ("/origin", json!("yokoito/other"), "渡された公開鍵は"),
            ("/seq", json!(33), "証明が一致しません"),
            ("/parts/0/part", json!("record"), "並びが正しくありません"),
            (
                "/parts/0/hash",
                json!(hash),
                "共通の部分が、証明の中のハッシュと合いません",
            ),
            (
                "/parts/0/salt",
                json!(salt),
                "共通の部分が、証明の中のハッシュと合いません",
            ),
            (
                "/parts/0/bytes",
                json!("AAAA"),
                "共通の部分が、証明の中のハッシュと合いません",
            ),
            ("/parts/1/hash", json!(hash), "記録した側の部分"),
            ("/parts/2/salt", json!(salt), "記録者と時刻の部分"),
            ("/texts/0/line", json!(1), "1番目のメモ・理由の文が"),
            ("/texts/0/salt", json!(salt), "0番目のメモ・理由の文が"),
            ("/texts/0/text", json!("夕方の便です"), "0番目のメモ・理由の文が"),
            ("/path/0", json!(hash), "証明が一致しません"),
            ("/path", json!([]), "証明の長さが合いません"),
        ] {
            let mut changed = whole.clone();
            *changed.pointer_mut(field).expect(field) = value;
            refused(&changed.to_string(), &key, expected);
        }
        for (field, from, to, expected) in [
            ("checkpoint", "\ntime 20", "\ntime 19", "署名が文面と合いません"),
            ("checkpoint", "\n38", "\n37", "署名が文面と合いません"),
            ("names", "Bキッチン", "Cショップ", "呼び名の一覧(names)"),
        ] {
            let mut changed = whole.clone();
            let old = changed[field].as_str().unwrap();
            let new = old.replacen(from, to, 1);
            assert_ne!(old, new, "{field}");
            changed[field] = new.into();
            refused(&changed.to_string(), &key, expected);
        }
        refused(&proof[..proof.len() / 2], &key, "途中で切れています");
        refused("{}", &key, "証明の形になっていません");
        refused("", &key, "証明ですが、渡された公開鍵は");
    }
}

#[test]
fn only_the_books_own_key_counts() {
    for engine in engines() {
        let (database, key) = book(engine);
        let (_other, other_key) = book(engine);
        let proof = log(&database, &["prove", "a/s-1"]).ok();
        refused(&proof, &other_key, "帳簿「yokoito/");
        // somebody else's signature under the same name
        let name = key.split('+').next().unwrap();
        let forged = domain::log::BookKey::from_secret(name.parse().unwrap(), &[9; 32]);
        refused(
            &proof,
            &format!("{}\n", forged.public()),
            "知っている鍵の署名がありません",
        );
        // one of several keys is enough
        proved(&proof, &format!("{other_key}\n{key}"));

        let path = file(&database, "proof.json", &proof);
        let path = path.to_str().unwrap();
        let secret = database.directory().join("book.key");
        file(&database, "empty.txt", "\n");
        let empty = database.directory().join("empty.txt");
        for (arguments, expected) in [
            (
                &["log", "check", path][..],
                "「yokoito log key」の出力をもらってください",
            ),
            (
                &["log", "check", path, "--public-key", secret.to_str().unwrap()],
                "公開鍵と秘密鍵を取り違えています",
            ),
            (
                &["log", "check", path, "--public-key", empty.to_str().unwrap()],
                "公開鍵として読めません",
            ),
            (
                &["log", "check", path, "--public-key", "no-such-file"],
                "公開鍵でも、ファイルでもありません",
            ),
            (
                &["log", "check", "no-such-file", "--public-key", key.trim()],
                "no-such-file を読めません",
            ),
        ] {
            let ran = run_alone(arguments);
            assert_eq!(ran.code, Some(2), "{arguments:?}: {ran:?}");
            assert!(
                ran.stderr.contains(expected) && ran.stdout.is_empty(),
                "{arguments:?}: {ran:?}"
            );
            assert!(!ran.stderr.contains("PRIVATE"), "{ran:?}");
        }
    }
}

#[test]
fn a_later_head_continues_each_earlier_one() {
    for engine in engines() {
        let (database, key) = book(engine);
        let mut notes = Vec::new();
        for round in 0..3 {
            let path = file(
                &database,
                &format!("{round}.txt"),
                log(&database, &["checkpoint"]).ok(),
            );
            notes.push(path.to_str().unwrap().to_owned());
            let more = dealings(20 * (round + 1));
            run_with(&database, &["import", "-"], &lines(&more)).ok();
        }
        let size = log(&database, &["head"]).ok();
        let size = size.split_whitespace().nth(1).unwrap().to_owned();
        for old in [&notes[0], &notes[1], &notes[2], "0", "1", "7", &size] {
            let said = proved(&log(&database, &["consistency", old]).ok(), &key);
            assert!(said.contains(&format!("あとの{size}枚の中に")), "{said}");
        }
        let between = log(&database, &["consistency", &notes[0], &notes[2]]).ok();
        proved(&between, &key);
        proved(&log(&database, &["consistency", "3", "11"]).ok(), &key);
        let ran = log(&database, &["consistency", &notes[2], &notes[0]]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains("順番を確かめてください"), "{ran:?}");
        let ran = log(&database, &["consistency", "no-such-file"]);
        assert!(
            ran.code == Some(2) && ran.stderr.contains("no-such-file を読めません"),
            "{ran:?}"
        );

        let whole: Value = serde_json::from_str(&between).unwrap();
        let mut turned = whole.clone();
        turned["old"] = whole["new"].clone();
        turned["new"] = whole["old"].clone();
        refused(&turned.to_string(), &key, "番号や件数が合っていません");
        let mut shorter = whole.clone();
        shorter["path"].as_array_mut().unwrap().pop();
        refused(&shorter.to_string(), &key, "証明の長さが合いません");
        let mut forged = whole.clone();
        forged["path"][0] = "0".repeat(64).into();
        refused(&forged.to_string(), &key, "証明が一致しません");
        let mut signed = whole;
        signed["old"] = fs::read_to_string(&notes[1]).unwrap().into();
        refused(&signed.to_string(), &key, "証明");
    }
}

/// An older copy put back in the place of the book: by hand over the file on SQLite, from an export on PostgreSQL.
#[test]
fn a_book_that_was_rolled_back_is_noticed() {
    for engine in engines() {
        let (database, _) = book(engine);
        let early = log(&database, &["checkpoint"]).ok();
        let copy = run(&database, &["export"]).ok();
        run_with(&database, &["import", "-"], &lines(&dealings(5))).ok();
        let late = log(&database, &["checkpoint"]).ok();
        file(&database, "early.txt", &early);
        file(&database, "late.txt", &late);
        run(&database, &["verify", "--head", "late.txt"]).ok();

        let older = TestDatabase::new(engine);
        run_with(&older, &["import", "-"], &copy).ok();
        for name in ["early.txt", "late.txt", "book.key"] {
            fs::copy(database.directory().join(name), older.directory().join(name)).unwrap();
        }
        let older = if engine == Engine::Sqlite {
            fs::copy(
                older.directory().join("book.db"),
                database.directory().join("book.db"),
            )
            .unwrap();
            database
        } else {
            older
        };
        // by itself it is a sound book, and it does continue the earlier head
        run(&older, &["verify"]).ok();
        run(&older, &["verify", "--head", "early.txt"]).ok();
        let ran = run(&older, &["verify", "--head", "late.txt"]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(
            ran.stdout.contains("✘ 8") && ran.stdout.contains("帳簿が前の状態に戻されています"),
            "{ran:?}"
        );
        let ran = log(&older, &["consistency", "late.txt"]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(
            ran.stderr.contains("控えておいた証明の続きではありません"),
            "{ran:?}"
        );
    }
}

/// Back to before anything was ever signed: the book does not even know the key any more.
#[test]
fn a_book_that_was_rolled_back_to_before_its_key_is_noticed() {
    for engine in engines() {
        let (database, older) = (TestDatabase::new(engine), TestDatabase::new(engine));
        run_with(&database, &["import", "-"], SMALL_WORLD).ok();
        let copy = run(&database, &["export"]).ok();
        let late = log(&database, &["checkpoint"]).ok();
        run_with(&older, &["import", "-"], &copy).ok();
        file(&older, "late.txt", &late);
        let ran = run(&older, &["verify", "--head", "late.txt"]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stdout.contains("鍵ができる前の状態に戻されたか"), "{ran:?}");
    }
}
