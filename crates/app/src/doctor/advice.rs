//! From findings to advice, in plain Japanese, the most urgent first. Plain functions: nothing is read here.

mod key;
mod repair;
mod tables;

#[cfg(test)]
mod tests;

use super::{BackupVerdict, Diagnosis, HeadVerdict, Range, Reach, Safety};

/// How soon something should be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Before anything else is recorded.
    Now,
    /// In the next days.
    Soon,
    /// Good to know; a healthy book may have it.
    Note,
}

/// A piece of advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// How soon.
    pub urgency: Urgency,
    /// What it is about: a stable code.
    pub code: &'static str,
    /// What was found, one sentence each.
    pub found: Vec<String>,
    /// What to do, in this order.
    pub next: Vec<String>,
}

impl Advice {
    fn new(urgency: Urgency, code: &'static str, found: impl Into<String>) -> Advice {
        Advice {
            urgency,
            code,
            found: vec![found.into()],
            next: Vec::new(),
        }
    }

    fn next(mut self, step: impl Into<String>) -> Advice {
        self.next.push(step.into());
        self
    }
}

/// What to do about what was found. Within one urgency the order is that of doing.
pub fn advise(found: &Diagnosis) -> Vec<Advice> {
    let mut all = Vec::new();
    all.extend(reach(found));
    all.extend(tables::advise(found));
    all.extend(repair::advise(found));
    all.extend(heads(found));
    all.extend(key::advise(&found.key));
    all.extend(backups(found));
    all.extend(disk(found));
    all.extend(notes(found));
    all.sort_by_key(|advice| advice.urgency);
    all
}

/// A number in threes.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A path or address as it can be pasted into a shell.
pub(super) fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-:@=".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

impl Safety {
    /// Which entries are safe, in sentences for people.
    pub fn sentences(&self) -> Vec<String> {
        let mut said = Vec::new();
        let (signed, sound) = (self.signed_prefix(), self.sound_prefix());
        if self.size == 0 {
            return vec!["伝票はまだありません。".to_owned()];
        }
        if signed > 0 {
            said.push(format!("{}は、署名した証明のとおりで、無事です。", first(signed)));
        }
        if sound > signed {
            let from = Range {
                first: signed,
                last: sound - 1,
            };
            let which = if signed == 0 { first(sound) } else { range(from) };
            said.push(format!(
                "{which}は、まだ署名した証明がありませんが、ログに控えたハッシュのとおりです。"
            ));
        }
        if sound == 0 {
            said.push("はじめの伝票から、無事かどうかを確かめられません。".to_owned());
        }
        if !self.bad.is_empty() {
            said.push(format!(
                "{}は、なくなっているか、記録したときのままではありません。",
                list(&self.bad)
            ));
        }
        let kept = self.sound_after(sound);
        if kept > 0 && self.signed > sound {
            said.push(format!(
                "そのあとの伝票のうち{}枚は、署名した証明のとおりで、無事です。",
                count(kept)
            ));
        }
        if !self.unchecked.is_empty() {
            said.push(format!(
                "{}は、記録したときのままかどうか、確かめるものがありません。",
                list(&self.unchecked)
            ));
        }
        said
    }

    /// Entries behind the first doubtful one that a signed head vouches for.
    fn sound_after(&self, first: u64) -> u64 {
        let signed = self.signed.saturating_sub(first);
        let doubtful = self.bad.iter().chain(&self.unchecked).map(|range| {
            let (from, to) = (
                range.first.max(first),
                range.last.saturating_add(1).min(self.signed),
            );
            to.saturating_sub(from)
        });
        signed.saturating_sub(doubtful.sum())
    }
}

fn first(size: u64) -> String {
    match size {
        1 => "0番の伝票(1枚)".to_owned(),
        size => format!("0番から{}番までの{}枚", count(size - 1), count(size)),
    }
}

fn range(range: Range) -> String {
    if range.first == range.last {
        format!("{}番", count(range.first))
    } else {
        format!(
            "{}番から{}番までの{}枚",
            count(range.first),
            count(range.last),
            count(range.count())
        )
    }
}

/// The first ranges by name, the others counted.
fn list(ranges: &[Range]) -> String {
    const SHOWN: usize = 10;
    let mut names: Vec<String> = ranges.iter().take(SHOWN).map(|next| range(*next)).collect();
    let rest: u64 = ranges.iter().skip(SHOWN).map(|range| range.count()).sum();
    if rest > 0 {
        names.push(format!("ほか{}枚", count(rest)));
    }
    names.join("、")
}

fn reach(found: &Diagnosis) -> Option<Advice> {
    let place = &found.place;
    Some(match &found.reach {
        Reach::Opened => return None,
        Reach::Missing => Advice::new(
            Urgency::Now,
            "missing",
            format!("「{place}」に帳簿のファイルがありません。"),
        )
        .next("場所が正しいか、--database を確かめてください。ファイルを移したり名前を変えたりしていないか、探してください。"),
        Reach::Unreachable(why) => {
            let advice = Advice::new(
                Urgency::Now,
                "unreachable",
                format!("「{place}」を開けません({})。", why.trim_end_matches('。')),
            );
            if found.file.is_some() {
                advice.next("ファイルを読む権限があるか、ディスクがつながっているかを確かめて、もう一度 yokoito doctor を動かしてください。")
            } else {
                advice
                    .next("PostgreSQL が動いているか、サーバーの名前・利用者・パスワード・ネットワークを確かめてください。")
                    .next("記録済みの伝票は、サーバーに残っています。つながるようになったら、もう一度 yokoito doctor を動かしてください。")
            }
        }
        Reach::NotADatabase => Advice::new(
            Urgency::Now,
            "not-a-database",
            format!("「{place}」は帳簿のファイルではないか、先頭が壊れていて、中を読めません。"),
        )
        .next("場所が正しいか、--database を確かめてください。")
        .next("帳簿だったはずのファイルなら、消さずに、そのまま別の場所に写しておいてください。"),
        Reach::NoBook => Advice::new(
            Urgency::Now,
            "no-book",
            format!("「{place}」には、まだ帳簿がありません(空です)。"),
        )
        .next("場所が正しいか、--database を確かめてください(postgres なら ?schema= の名前も)。")
        .next("新しく始めるのなら、そのまま使えます。"),
        Reach::HalfWritten => Advice::new(
            Urgency::Now,
            "half-written",
            format!("「{place}」に、途中で止まった書き込み(-journal)が残っています。"),
        )
        .next("ファイルを -journal ごと、別の場所に写しておいてください。")
        .next("yokoito verify を一度動かすと、途中の書き込みが取り消されます。そのあと、もう一度 yokoito doctor を動かしてください。"),
    })
}

fn heads(found: &Diagnosis) -> Vec<Advice> {
    let mut all = Vec::new();
    for head in &found.heads {
        let place = &head.place;
        match &head.verdict {
            // the first two are damage: repair says what to do
            HeadVerdict::RolledBack { .. }
            | HeadVerdict::Rewritten { .. }
            | HeadVerdict::Continued { .. }
            | HeadVerdict::Unknown { .. } => {}
            HeadVerdict::Distrusted(why) => all.push(
                Advice::new(
                    Urgency::Soon,
                    "head-distrusted",
                    format!("控えた証明「{place}」を信じられません({})。", why.trim_end_matches('。')),
                )
                .next("yokoito log checkpoint の出力をそのまま控えたファイルか、確かめてください。帳簿の鍵が別の場所にあるなら、--key で指定してください。"),
            ),
            HeadVerdict::OtherBook(origin) => all.push(
                Advice::new(
                    Urgency::Soon,
                    "head-of-other",
                    format!("控えた証明「{place}」は、別の帳簿({origin})のものです。"),
                )
                .next("--database と --head が同じ帳簿のものか、確かめてください。"),
            ),
        }
    }
    all
}

fn backups(found: &Diagnosis) -> Vec<Advice> {
    let mut all = Vec::new();
    for backup in &found.backups {
        let path = backup.path.display();
        match &backup.verdict {
            BackupVerdict::Good { .. } => {}
            BackupVerdict::Unusable(why) => all.push(
                Advice::new(Urgency::Soon, "backup-unusable", why.clone())
                    .next("このファイルを当てにしないでください。帳簿が無事なら、yokoito backup で新しく作ってください。"),
            ),
            BackupVerdict::OtherBook(origin) => all.push(Advice::new(
                Urgency::Note,
                "backup-of-other",
                format!("バックアップ「{path}」は、別の帳簿({origin})のものです。"),
            )),
            BackupVerdict::Contradicts { at, signed: true, .. } => all.push(
                Advice::new(
                    Urgency::Soon,
                    "backup-contradicts-head",
                    format!(
                        "バックアップ「{path}」は、{}枚目までの署名した証明と合いません。書きかえられています。",
                        count(*at)
                    ),
                )
                .next("このバックアップは戻さないでください。だれが触れたかを調べるため、消さずに取っておいてください。"),
            ),
            BackupVerdict::Contradicts { at, signed: false, .. } => all.push(
                Advice::new(
                    Urgency::Soon,
                    "backup-contradicts-book",
                    format!(
                        "バックアップ「{path}」と帳簿とで、はじめの{}枚の伝票がちがいます。どちらかが書きかえられています。",
                        count(*at)
                    ),
                )
                .next("別の場所に控えた証明(yokoito log checkpoint の出力)があれば、--head で指定して、もう一度調べてください。どちらが正しいか分かります。"),
            ),
        }
    }
    let is_fine = found.reach == Reach::Opened && !repair::is_damaged(found);
    if is_fine && !found.backups.is_empty() && found.best_backup().is_none() {
        all.push(
            Advice::new(Urgency::Soon, "no-good-backup", "使えるバックアップがありません。")
                .next("いま作ってください: yokoito backup 帳簿.jsonl.gz(別のディスクに置き、鍵のファイルも別に控えてください)"),
        );
    }
    all
}

fn disk(found: &Diagnosis) -> Option<Advice> {
    let disk = found.disk.filter(|disk| disk.is_nearly_full())?;
    let free = count(disk.free >> 20);
    Some(
        Advice::new(
            Urgency::Soon,
            "disk-nearly-full",
            format!("帳簿のあるディスクの空きが、あと{free}MBしかありません。"),
        )
        .next("いらないファイルを消すか移すかして、空きを作ってください。いっぱいになると記録できなくなります(記録済みの伝票は失われません)。"),
    )
}

fn notes(found: &Diagnosis) -> Vec<Advice> {
    let mut all = Vec::new();
    if found.changed_meanwhile {
        all.push(
            Advice::new(
                Urgency::Soon,
                "changed-meanwhile",
                "調べている間に、帳簿が使われました。この結果は当てになりません。",
            )
            .next("記録していないときに、もう一度 yokoito doctor を動かしてください。"),
        );
    }
    if found.reach != Reach::Opened || repair::is_damaged(found) {
        return all;
    }
    if found.size.is_some_and(|size| size > 0) && found.signed.is_none() {
        all.push(
            Advice::new(
                Urgency::Note,
                "never-signed",
                "この帳簿には、署名した証明がまだありません。",
            )
            .next("yokoito log checkpoint > 証明.txt で作り、帳簿とは別の場所に控えておくと、あとで書きかえや巻き戻しに気づけます。"),
        );
    }
    if found.backups.is_empty() {
        all.push(
            Advice::new(Urgency::Note, "no-backup-named", "バックアップは調べていません。")
                .next("yokoito doctor --backups フォルダー で、戻せるバックアップがあるかを調べられます。"),
        );
    } else if let (Some(best), Some(size)) = (
        found.best_backup().and_then(super::ExaminedBackup::good_size),
        found.size,
    ) && best < size
    {
        all.push(
            Advice::new(
                Urgency::Note,
                "backup-behind",
                format!(
                    "いちばん新しいバックアップには、あとの{}枚の伝票が入っていません。",
                    count(size - best)
                ),
            )
            .next("yokoito backup で、新しいバックアップを作ってください。"),
        );
    }
    all
}
