//! A damaged book: stop, keep what is there, bring back what is whole.

use super::{Advice, Diagnosis, HeadVerdict, Reach, Urgency, count, quoted, range};
use crate::doctor::{ExaminedBackup, ExaminedHead, Range};
use crate::key::KeyState;
use std::path::Path;
use store::inspect::ObjectKind;

/// Number of the invariant that is about the log itself.
const LOGGED: u8 = 8;

/// Whether the book is not what it was.
pub(super) fn is_damaged(found: &Diagnosis) -> bool {
    !damage(found).is_empty()
}

/// What is damaged, one sentence each.
fn damage(found: &Diagnosis) -> Vec<String> {
    let mut said = Vec::new();
    if let Some((stated, have)) = found.cut_off {
        said.push(format!(
            "帳簿のファイルが途中で切れています({}ページのうち{}ページしかありません)。",
            count(stated),
            count(have)
        ));
    }
    if let Some(first) = found.pages.first() {
        let count = count(found.pages.len() as u64);
        said.push(format!(
            "データベースの中が壊れています({count}か所。はじめは {first})。"
        ));
    }
    let missing = found.schema.iter().flat_map(|schema| &schema.missing);
    let tables: Vec<&str> = missing
        .filter(|object| object.kind == ObjectKind::Table)
        .map(|object| object.name.as_str())
        .collect();
    if !tables.is_empty() {
        said.push(format!("表がなくなっています: {}。", tables.join("、")));
    }
    for head in &found.heads {
        let place = &head.place;
        match head.verdict {
            HeadVerdict::RolledBack { size, have } => said.push(format!(
                "控えた証明「{place}」には{}枚とありますが、帳簿には{}枚しかありません。帳簿が前の状態に戻されています。",
                count(size),
                count(have)
            )),
            HeadVerdict::Rewritten { size } => said.push(format!(
                "控えた証明「{place}」のあと、{}枚目までの記録のどこかが書きかえられています。",
                count(size)
            )),
            _ => {}
        }
    }
    match &found.verified {
        Some(Ok(groups)) => {
            for group in groups {
                said.push(format!(
                    "検証 {}「{}」に、誤りが{}件あります。",
                    group.number,
                    group.label,
                    count(group.count)
                ));
                said.extend(group.examples.iter().map(|example| format!("・{example}")));
                let more = group.count.saturating_sub(group.examples.len() as u64);
                if more > 0 {
                    said.push(format!("・ほか{}件", count(more)));
                }
            }
        }
        // it has been said why
        Some(Err(_)) if !said.is_empty() => said.push("そのため、最後まで検証できませんでした。".to_owned()),
        // what could not be verified in a book of a newer program is no damage
        Some(Err(why))
            if found
                .schema
                .as_ref()
                .is_none_or(|schema| schema.unknown.is_empty()) =>
        {
            said.push(format!(
                "最後まで検証できませんでした({})。",
                why.trim_end_matches('。')
            ));
        }
        _ => {}
    }
    if said.is_empty() && found.safety.as_ref().is_some_and(|safety| !safety.is_sound()) {
        said.push("記録したときのままではない伝票があります。".to_owned());
    }
    said
}

pub(super) fn advise(found: &Diagnosis) -> Vec<Advice> {
    let damage = damage(found);
    let is_lost = matches!(found.reach, Reach::Missing | Reach::NotADatabase);
    let mut all = Vec::new();
    if !damage.is_empty() {
        let mut stop = Advice::new(
            Urgency::Now,
            "damaged",
            "帳簿が、記録したときのままではありません。",
        );
        stop.found.extend(damage);
        stop = stop.next("記録を止めてください。動いている横糸があれば、終わらせてください。");
        stop = stop.next(match &found.file {
            Some(path) => format!(
                "いまのファイルを、消さずに、そのまま別の場所に写しておいてください(「{}」と、名前の終わりに -wal・-shm・-journal が付くもの)。",
                path.display()
            ),
            None => "いまのスキーマを、消さずに残しておいてください。サーバーの管理者に、pg_dump で写しを取ってもらうと安心です。".to_owned(),
        });
        all.push(stop);
    }
    if !all.is_empty() || is_lost {
        all.push(bring_back(found));
    }
    all
}

/// Whether the entries themselves are whole, so that all other tables can be made anew from them.
fn can_be_rescued(found: &Diagnosis) -> bool {
    let log_is_sound = match &found.verified {
        Some(Ok(groups)) => groups.iter().all(|group| group.number != LOGGED),
        // verify gave up on a table that is not needed for a copy
        Some(Err(_)) => true,
        None => false,
    };
    let needed = [
        "entry",
        "entry_text",
        "book",
        "book_key",
        "log_head",
        "log_checkpoint",
    ];
    let has_all = found.schema.as_ref().is_some_and(|schema| {
        let mut missing = schema.missing.iter().map(|object| object.name.as_str());
        schema.unknown.is_empty() && !missing.any(|name| needed.contains(&name))
    });
    let is_behind = found.heads.iter().any(|head| {
        matches!(
            head.verdict,
            HeadVerdict::RolledBack { .. } | HeadVerdict::Rewritten { .. }
        )
    });
    let safe = found.safety.as_ref();
    log_is_sound && has_all && !is_behind && safe.is_some_and(|safety| safety.is_sound() && safety.whole)
}

fn bring_back(found: &Diagnosis) -> Advice {
    if can_be_rescued(found) {
        return Advice::new(
            Urgency::Now,
            "rebuild",
            "伝票そのものは、すべて無事です。ほかの表は、伝票から作り直せます。",
        )
        .next(format!(
            "yokoito backup 救出.jsonl --database {} で、伝票を取り出してください。",
            quoted(&found.place)
        ))
        .next(format!(
            "{} で、新しい場所に作り直してください。",
            restore(found, Path::new("救出.jsonl"), false)
        ))
        .next("作り直した帳簿を yokoito verify で確かめてから、そちらを使ってください。");
    }
    let Some((backup, size)) = found
        .best_backup()
        .and_then(|backup| Some((backup, backup.good_size()?)))
    else {
        return Advice::new(
            Urgency::Now,
            "no-backup",
            "戻せるバックアップが、まだ見つかっていません。",
        )
        .next("バックアップのあるフォルダーを yokoito doctor --backups フォルダー で調べてください。ほかの事業所や連絡会が控えていないかも、たずねてください。")
        .next("見つからないときは、いまのファイルに手を加えず、連絡会の管理者に相談してください。");
    };
    with_backup(found, backup, size)
}

fn with_backup(found: &Diagnosis, backup: &ExaminedBackup, size: u64) -> Advice {
    let known = found.largest_known();
    let outside = found.heads.iter().filter_map(ExaminedHead::trusted_size).max();
    let is_older = outside.is_some_and(|signed| signed > size);
    let mut advice = Advice::new(
        Urgency::Now,
        "restore",
        format!(
            "バックアップ「{}」(伝票{}枚)を戻すのが、いちばん確かです。",
            backup.path.display(),
            count(size)
        ),
    )
    .next(format!(
        "{} で、新しい場所に戻してください。",
        restore(found, &backup.path, is_older)
    ));
    if known > size {
        let lost = Range {
            first: size,
            last: known - 1,
        };
        advice = advice.next(format!(
            "このバックアップには、{}の伝票が入っていません。紙の控えなどから入れ直してください。",
            range(lost)
        ));
        let sound = found
            .safety
            .as_ref()
            .map_or(0, crate::doctor::Safety::sound_prefix);
        if sound > size && found.reach == Reach::Opened {
            let kept = Range {
                first: size,
                last: sound - 1,
            };
            advice = advice.next(format!(
                "そのうち{}は、いまの帳簿に無事に残っています。",
                range(kept)
            ));
        }
    }
    if is_older {
        advice = advice.next("証明された枚数より少ないので、--older を付けます。もっと新しいバックアップがないか、先に探してください。");
    }
    advice.next("戻した帳簿を yokoito verify で確かめてから、そちらを使ってください。")
}

/// The command line that brings a backup back, into a place of its own.
fn restore(found: &Diagnosis, backup: &Path, is_older: bool) -> String {
    let mut command = format!(
        "yokoito restore {} --database {}",
        quoted(&backup.display().to_string()),
        quoted(&new_place(found))
    );
    let key = match &found.key {
        KeyState::Good(path) | KeyState::Open(path) | KeyState::Unknown(path) => Some(path),
        _ => None,
    };
    if let Some(key) = key {
        command = format!("{command} --key {}", quoted(&key.display().to_string()));
    }
    if is_older {
        command.push_str(" --older");
    }
    command
}

/// Beside the damaged one: what is there is never overwritten.
fn new_place(found: &Diagnosis) -> String {
    match &found.file {
        // a file that is gone leaves its name free
        Some(_) if found.reach == Reach::Missing => found.place.clone(),
        Some(path) => {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let mut name = format!("{stem}-restored");
            if let Some(ending) = path.extension() {
                name = format!("{name}.{}", ending.to_string_lossy());
            }
            format!("sqlite://{}", path.with_file_name(name).display())
        }
        None => format!("{}_restored", found.place),
    }
}
