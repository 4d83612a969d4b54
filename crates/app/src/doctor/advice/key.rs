//! The key file.

use super::{Advice, Urgency, quoted};
use crate::key::KeyState;

pub(super) fn advise(key: &KeyState) -> Option<Advice> {
    let advice = |code, found: String| Advice::new(Urgency::Soon, code, found);
    Some(match key {
        KeyState::NotNeeded | KeyState::Good(_) => return None,
        KeyState::Missing(path) => advice(
            "key-missing",
            format!("鍵のファイル「{}」がありません。", path.display()),
        )
        .next("控えておいた鍵を元の場所に戻すか、--key で場所を指定してください。")
        .next("どこにもなければ、次に証明を作るときに新しい鍵ができます。そのときは yokoito log key の出力を、証明を控えている人に知らせてください。前の証明は、前の公開鍵で確かめられます。"),
        KeyState::Open(path) => advice(
            "key-open",
            format!("鍵のファイル「{}」を、ほかの人も読めます。", path.display()),
        )
        .next(format!("chmod 600 {} で、自分だけが読めるようにしてください。", quoted(&path.display().to_string())))
        .next("だれかに読まれたかもしれないときは、連絡会の管理者に知らせてください。その鍵で、にせの証明を作れます。"),
        KeyState::Unreadable(path, why) => advice(
            "key-unreadable",
            format!("鍵のファイル「{}」を読めません({why})。", path.display()),
        )
        .next("読む権限があるか、別の場所にないかを確かめてください。"),
        KeyState::Malformed(path, why) => advice(
            "key-malformed",
            format!("「{}」は鍵のファイルではありません({why})。", path.display()),
        )
        .next("控えておいた鍵と取り替えるか、--key で正しいファイルを指定してください。このファイルは消さずに取っておいてください。"),
        KeyState::OtherBook(path, name) => advice(
            "key-of-other",
            format!("「{}」は、別の帳簿({name})の鍵です。", path.display()),
        )
        .next("--key で、この帳簿の鍵を指定してください。"),
        KeyState::Unknown(path) => advice(
            "key-unknown",
            format!("「{}」はこの帳簿の名前の鍵ですが、帳簿はこの鍵を知りません。", path.display()),
        )
        .next("帳簿が、鍵を作る前の状態に戻されていないか、別に控えた証明と比べてください(yokoito doctor --head ファイル)。")
        .next("戻されていなければ、次に証明を作るときに帳簿に登録されます。"),
        KeyState::NoPlace => advice(
            "key-nowhere",
            "鍵を置く場所が分かりません。".to_owned(),
        )
        .next("--key で、鍵のファイルを指定してください。"),
    })
}
