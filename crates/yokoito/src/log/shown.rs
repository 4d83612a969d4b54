//! What was proved, in plain Japanese, and what was not.

use domain::{
    account::BookUnit,
    acts::Act,
    calendar::{Day, wareki},
    canonical::{ActingPart, Content, PartRole, PostingsPart, RecordPart, SharedPart},
    entry::{Birth, Movement, Posting, TextRole},
    id::{Acting, PartyId},
    log::{Checkpoint, Hash},
    place::Place,
    proof::{Names, Proved, ProvedEntry},
    text::Note,
};

/// All lines.
pub fn lines(proved: &Proved) -> Vec<String> {
    match proved {
        Proved::Head(head) => {
            let mut lines = vec!["✔ 帳簿の鍵で署名された、記録の証明です。".to_owned()];
            lines.extend(head_lines(head));
            lines
        }
        Proved::Consistency { old, new } => consistency(old, new),
        Proved::Entry(entry) => entry_lines(entry),
    }
}

fn head_lines(head: &Checkpoint) -> [String; 4] {
    let time = head
        .time()
        .map_or_else(|| "記載なし".to_owned(), |time| time.in_tokyo() + "(日本時間)");
    [
        format!("帳簿        {}", head.origin()),
        format!("署名した時  {time}"),
        format!("伝票の数    {}枚", head.size()),
        format!("ハッシュ    {}", head.root()),
    ]
}

fn consistency(old: &Checkpoint, new: &Checkpoint) -> Vec<String> {
    let mut lines = vec![format!(
        "✔ 証明されました: はじめの{}枚は、あとの{}枚の中に、同じ順でそのまま残っています。",
        old.size(),
        new.size()
    )];
    lines.push("前の証明".to_owned());
    lines.extend(head_lines(old).map(|line| format!("  {line}")));
    lines.push("後の証明".to_owned());
    lines.extend(head_lines(new).map(|line| format!("  {line}")));
    lines
}

fn entry_lines(entry: &ProvedEntry) -> Vec<String> {
    let names = &entry.names;
    let mut lines = vec![format!(
        "✔ 証明されました: {}番の伝票は、この帳簿の{}枚の中に、次のとおり記録されています。",
        entry.seq,
        entry.head.size()
    )];
    lines.extend(head_lines(&entry.head));
    for (role, content) in &entry.parts {
        match content {
            Content::Shared(part) => shared(part, names, &mut lines),
            Content::Acting(part) => acting(part, &entry.texts, names, &mut lines),
            Content::Postings(part) => postings(*role, part, names, &mut lines),
            Content::Record(RecordPart {
                recorder,
                recorded_at,
            }) => {
                lines.push(format!("記録した時  {}(日本時間)", recorded_at.in_tokyo()));
                lines.push(format!("記録者      {}", plain(recorder)));
            }
        }
    }
    if !entry.hidden.is_empty() {
        let hidden: Vec<String> = (entry.hidden.iter())
            .map(|role| part_name(*role, names))
            .collect();
        lines.push(format!(
            "見せていない部分: {}(ハッシュだけが入っています)",
            hidden.join("、")
        ));
    }
    if names.iter().next().is_some() {
        lines.push(
            "事業所・品目などの呼び名は、伝票とは別に、帳簿の管理者が署名して添えたものです。".to_owned(),
        );
    }
    lines
}

fn shared(part: &SharedPart, names: &Names, lines: &mut Vec<String>) {
    let acting = match part.acting {
        Acting::Keeper => "帳簿の管理者".to_owned(),
        Acting::Network(id) => names.network(id),
        Acting::Office(id) => names.party(id.into()),
    };
    lines.push(format!(
        "伝票        {}({})、ID {}",
        Act::label(&part.kind),
        plain(&part.kind),
        part.id
    ));
    lines.push(format!("供給日      {}", day(part.supplied_on)));
    lines.push(format!("計上日      {}", day(part.book_on)));
    lines.push(format!("記録した側  {acting}"));
    let offices: Vec<String> = (part.offices.iter())
        .map(|office| names.party(PartyId::from(*office)))
        .collect();
    if !offices.is_empty() {
        lines.push(format!("関わる事業所  {}", offices.join("、")));
    }
    for reference in &part.references {
        lines.push(format!(
            "参照        {} {}",
            reference.role.label(),
            reference.id.hyphenated()
        ));
    }
    if let Some(id) = part.reverses {
        lines.push(format!("取り消す伝票  {id}"));
    }
    heading("生まれたロット", &part.births, lines, |birth| {
        birth_line(birth, names)
    });
    heading("品物の動き", &part.movements, lines, |movement| {
        movement_line(movement, names)
    });
    heading("ロットのつながり", &part.links, lines, |link| {
        format!(
            "{} のうち {} が {} に入った",
            names.lot(link.input),
            names.quantity(link.input, link.quantity),
            names.lot(link.output)
        )
    });
}

fn heading<T>(title: &str, items: &[T], lines: &mut Vec<String>, line: impl Fn(&T) -> String) {
    if items.is_empty() {
        return;
    }
    lines.push(title.to_owned());
    lines.extend(items.iter().map(|item| format!("  {}", line(item))));
}

fn birth_line(birth: &Birth, names: &Names) -> String {
    let lot = &birth.lot;
    let mut facts = vec![
        format!("{} {}", lot.code, names.product(lot.product)),
        format!("つくった日 {}", lot.made_on),
        format!("つくった所 {}", names.party(lot.maker)),
    ];
    if let Some(best) = lot.best_before {
        let kind = if best.use_by {
            "消費期限"
        } else {
            "賞味期限"
        };
        let hour = best.hour.map(|hour| format!(" {hour}時")).unwrap_or_default();
        facts.push(format!("{kind} {}{hour}", best.day));
    }
    for (label, value) in [
        ("産地", &lot.origin),
        ("畑・作業場", &lot.field),
        ("仕入先のロット", &lot.supplier_lot),
    ] {
        facts.extend(value.as_ref().map(|value| format!("{label} {value}")));
    }
    facts.extend(
        lot.supplier
            .map(|supplier| format!("仕入先 {}", names.party(supplier))),
    );
    if birth.amends {
        facts.push("(訂正後)".to_owned());
    }
    facts.join("、")
}

fn movement_line(movement: &Movement, names: &Names) -> String {
    format!(
        "{} {}: {} → {}",
        names.lot(movement.lot),
        names.quantity(movement.lot, movement.quantity.get()),
        place(&movement.from, names),
        place(&movement.to, names)
    )
}

fn place(place: &Place, names: &Names) -> String {
    let (kind, owner) = (place.kind.label(), names.party(place.owner));
    if place.owner == place.holder {
        format!("{kind}[{owner}]")
    } else {
        format!("{kind}[{owner}のもの、{}]", names.party(place.holder))
    }
}

fn acting(part: &ActingPart, texts: &[(TextRole, Option<Note>)], names: &Names, lines: &mut Vec<String>) {
    lines.push(format!("キー        {}", part.key));
    if let Some(group) = part.group {
        lines.push(format!("一括登録    {group}"));
    }
    if let Some(agreement) = part.agreement {
        lines.push(format!("取り決め    {}", names.agreement(agreement)));
    }
    for hash in &part.evidence {
        lines.push(format!("証拠書類    SHA-256 {}", Hash::new(*hash)));
    }
    for (role, text) in texts {
        let text = match text {
            Some(text) => plain(text.as_ref()),
            None => "(消去されたか、見せていません)".to_owned(),
        };
        lines.push(format!("{}: {text}", role.label()));
    }
    lines.push(format!(
        "入力の内容  {}",
        plain(&String::from_utf8_lossy(&part.payload))
    ));
}

fn postings(role: PartRole, part: &PostingsPart, names: &Names, lines: &mut Vec<String>) {
    lines.push(part_name(role, names));
    if let Some(agreement) = part.agreement {
        lines.push(format!("  取り決め {}", names.agreement(agreement)));
    }
    lines.extend(
        part.lines
            .iter()
            .map(|(_, posting)| format!("  {}", posting_line(posting, names))),
    );
}

fn posting_line(posting: &Posting, names: &Names) -> String {
    let account = &posting.account;
    let side = if posting.yen.get() < 0 { "貸方" } else { "借方" };
    let with = account.party.map(|party| names.party(party));
    let with = with.or_else(|| account.cash_place.map(|place| names.cash_place(place)));
    let with = with.map(|with| format!("[{with}]")).unwrap_or_default();
    let yen = posting.yen.to_string();
    let yen = yen.trim_start_matches('-');
    let mut facts = vec![
        format!("{side} {}{with} {yen}円", account.kind.label()),
        posting.tax.to_string(),
    ];
    facts.extend(posting.basis.map(|basis| basis.to_string()));
    if let BookUnit::Office(_, section) = account.unit {
        facts.push(section.label().to_owned());
    }
    facts.extend(posting.work.as_ref().map(|work| format!("作業種別 {work}")));
    facts.join("  ")
}

fn part_name(role: PartRole, names: &Names) -> String {
    match role {
        PartRole::Shared => "共通の部分".to_owned(),
        PartRole::Acting => "入力の内容".to_owned(),
        PartRole::Office(id) => format!("仕訳 {}", names.party(id.into())),
        PartRole::Head(id) => format!("仕訳 {}", names.party(id.into())),
        PartRole::Record => "記録者と時刻".to_owned(),
    }
}

fn day(day: Day) -> String {
    format!("{day}({})", wareki(day))
}

/// Nothing that a proof holds may move the cursor or hide what was said before it.
fn plain(text: &str) -> String {
    let unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    text.chars()
        .map(|c| match c {
            '\n' => ' ',
            c if unseen(c) => '?',
            c => c,
        })
        .collect()
}
