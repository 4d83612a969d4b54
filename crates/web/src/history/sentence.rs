//! An entry in a sentence: who did what with how much of what.

use app::views::entry::{EntryView, MovementView};
use domain::{acts::Act, calendar::Instant};
use rust_decimal::Decimal;

/// Goods that are named before 「など」.
const NAMED: usize = 3;

/// Time of day it was recorded, for those who may know: 「10:42」.
pub fn at(entry: &EntryView) -> String {
    let moment = entry.recorded_at.map(Instant::in_tokyo);
    let time = moment.as_deref().and_then(|moment| moment.split(' ').nth(1));
    time.unwrap_or_default().to_owned()
}

/// The sentence.
pub fn sentence(entry: &EntryView) -> String {
    let goods = goods(&entry.movements);
    let to = entry
        .movements
        .first()
        .map(|movement| movement.to.holder.name.as_str());
    let who = &entry.acting.name;
    match (entry.kind.as_str(), goods.is_empty(), to) {
        ("reverse", ..) => format!("{who}が 記録を取り消しました"),
        ("correct", ..) => format!("{who}が 記録を正しい内容に直しました"),
        ("net", ..) => format!("{who}の申し出で、貸し借りを相殺しました"),
        ("produce", false, _) => format!("{who}が {goods} を作りました"),
        ("purchase", false, _) => format!("{who}が {goods} を仕入れました"),
        ("ship", false, Some(to)) => format!("{who}が {to}へ {goods} を届けに出しました"),
        ("receive", false, _) => format!("{who}が {goods} を受け取りました"),
        ("consign", false, Some(to)) => format!("{who}が {to}に {goods} を預けました"),
        ("sell", false, _) => format!("{who}が {goods} を売りました"),
        ("dispose", false, _) => format!("{who}が {goods} を捨てました"),
        ("use", false, _) => format!("{who}が {goods} を使いました"),
        ("process", false, _) => format!("{who}が {} を作りました", made(&entry.movements)),
        (kind, true, _) => format!("{who}: {}", Act::label(kind)),
        (kind, false, _) => format!("{who}: {} {goods}", Act::label(kind)),
    }
}

fn goods(movements: &[MovementView]) -> String {
    named(movements.iter())
}

/// What came out of a processing.
fn made(movements: &[MovementView]) -> String {
    named(movements.iter().filter(|movement| movement.from.place == "生産"))
}

fn named<'a>(movements: impl Iterator<Item = &'a MovementView>) -> String {
    let mut sums: Vec<(&str, Decimal, &str)> = Vec::new();
    for movement in movements {
        let name = movement.product.name.as_str();
        match sums.iter_mut().find(|(known, ..)| *known == name) {
            Some((_, quantity, _)) => *quantity += movement.quantity,
            None => sums.push((name, movement.quantity, &movement.unit)),
        }
    }
    let all = sums.len();
    let shown = sums.iter().take(NAMED);
    let shown = shown.map(|(name, quantity, unit)| format!("{name} {}{unit}", quantity.normalize()));
    let shown = shown.collect::<Vec<_>>().join("、");
    if all > NAMED {
        format!("{shown} など{all}品目")
    } else {
        shown
    }
}
