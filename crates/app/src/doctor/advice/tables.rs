//! Tables, triggers, migrations, settings: what is not as the program makes it, though no entry is touched.

use super::{Advice, Diagnosis, Urgency, repair};
use store::{Engine, inspect::ObjectKind};

/// Names that are written out; there may be dozens.
const SHOWN: usize = 5;

pub(super) fn advise(found: &Diagnosis) -> Vec<Advice> {
    let mut all = Vec::new();
    for setting in &found.settings {
        all.push(match setting.name {
            "journal_mode" => Advice::new(
                Urgency::Note,
                "journal-mode",
                "帳簿のファイルが、別の道具で開かれたあとの設定になっています(WAL ではありません)。",
            )
            .next("次に横糸で使うときに、自動で元に戻ります。ほかの道具で開くのは、写しだけにしてください。"),
            name => Advice::new(
                Urgency::Now,
                "unsafe-setting",
                format!(
                    "PostgreSQL の設定 {name} が {} です。停電のときに、記録済みの伝票が失われたり、帳簿が壊れたりします。",
                    setting.value
                ),
            )
            .next(format!(
                "サーバーの管理者に、postgresql.conf の {name} を on にして、設定を読み直してもらってください。"
            )),
        });
    }
    let Some(schema) = &found.schema else { return all };
    if !schema.unknown.is_empty() {
        all.push(
            Advice::new(
                Urgency::Soon,
                "newer",
                format!(
                    "この帳簿は、新しい版のプログラムで使われています({})。",
                    schema.unknown.join("、")
                ),
            )
            .next("プログラムを新しい版に替えて、もう一度 yokoito doctor を動かしてください。古い版での診断は、当てにならないことがあります。"),
        );
    }
    if !schema.pending.is_empty() {
        all.push(
            Advice::new(
                Urgency::Note,
                "pending",
                format!("帳簿の表が、まだ前の版のものです({})。", schema.pending.join("、")),
            )
            .next("次に使うときに、自動で新しくなります。その前に yokoito backup でバックアップを作っておくと安心です。"),
        );
    }
    let names = |kind| {
        let of_kind = schema.missing.iter().filter(|object| object.kind == kind);
        let names: Vec<&str> = of_kind.map(|object| object.name.as_str()).collect();
        (!names.is_empty()).then(|| listed(&names))
    };
    // of a damaged book the way back has been said
    let anew = if repair::is_damaged(found) {
        "上のとおり新しい場所に戻すと、元どおりになります。"
    } else {
        "yokoito backup でバックアップを作り、yokoito restore で新しい場所に戻すと、元どおりになります。"
    };
    if let Some(names) = names(ObjectKind::Trigger) {
        all.push(
            Advice::new(
                Urgency::Soon,
                "triggers-missing",
                format!("記録の書きかえを防ぐ仕掛け(トリガー)がなくなっています: {names}。だれかが帳簿を直接さわりました。"),
            )
            .next("だれが何をしたのかを確かめ、別に控えた証明と比べてください(yokoito doctor --head ファイル)。")
            .next(anew),
        );
    }
    if !schema.disabled.is_empty() {
        let names: Vec<&str> = schema.disabled.iter().map(String::as_str).collect();
        let names = listed(&names);
        all.push(
            Advice::new(
                Urgency::Soon,
                "triggers-disabled",
                format!("記録の書きかえを防ぐ仕掛け(トリガー)が止められています: {names}。だれかが帳簿を直接さわりました。"),
            )
            .next("だれが何をしたのかを確かめ、別に控えた証明と比べてください(yokoito doctor --head ファイル)。")
            .next("サーバーの管理者に、ALTER TABLE 表 ENABLE TRIGGER ALL で動かしてもらってください。"),
        );
    }
    if let Some(names) = names(ObjectKind::Index) {
        let slow = match found.engine {
            Engine::Sqlite => "索引",
            Engine::Postgres => "インデックス",
        };
        all.push(
            Advice::new(
                Urgency::Soon,
                "indexes-missing",
                format!("{slow}がなくなっているので、遅くなります: {names}。"),
            )
            .next(anew),
        );
    }
    all
}

fn listed(names: &[&str]) -> String {
    match names.split_at_checked(SHOWN) {
        Some((first, rest)) if !rest.is_empty() => format!("{}、ほか{}個", first.join("、"), rest.len()),
        _ => names.join("、"),
    }
}
