//! How an office likes its papers and labels.

use crate::access::settings::Setting;
use domain::text::Name;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How days are written on papers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayStyle {
    /// 令和8年11月22日（2026年11月22日）.
    #[default]
    Both,
    /// 令和8年11月22日.
    Wareki,
    /// 2026年11月22日.
    Seireki,
}

/// Where the office's seal is put.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Seal {
    /// No place is drawn.
    #[default]
    None,
    /// 角印.
    Square,
    /// 丸印.
    Round,
}

/// 書類の設定.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PaperLikes {
    /// How days are written.
    pub days: DayStyle,
    /// Names of the boxes for seals, from the left; never names of people.
    #[schema(max_items = 4)]
    pub stamps: Vec<Name>,
    /// Place of the office's own seal.
    pub seal: Seal,
    /// A delivery note comes with a copy to keep (控え).
    pub copy: bool,
}

impl PaperLikes {
    /// Boxes for seals at most.
    pub const STAMPS: usize = 4;
}

impl Default for PaperLikes {
    fn default() -> PaperLikes {
        let usual = ["施設長", "サービス管理責任者", "担当"];
        PaperLikes {
            days: DayStyle::default(),
            stamps: usual.iter().filter_map(|name| name.parse().ok()).collect(),
            seal: Seal::default(),
            copy: false,
        }
    }
}

impl Setting for PaperLikes {
    const NAME: &'static str = "papers";
}

/// What a label says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabelForm {
    /// 値札: name, price, maker, QR.
    #[default]
    Price,
    /// 食品表示 with QR.
    Food,
    /// Name, lot and QR: for boxes.
    Box,
}

/// A sheet of labels, by its cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum SheetKind {
    /// 66.0 × 33.9 mm.
    #[default]
    #[serde(rename = "24")]
    Of24,
    /// 83.8 × 42.3 mm.
    #[serde(rename = "12")]
    Of12,
    /// 70.0 × 33.9 mm, without margins.
    #[serde(rename = "24-wide")]
    Of24Wide,
    /// 48.3 × 25.4 mm.
    #[serde(rename = "44")]
    Of44,
    /// 38.1 × 21.2 mm.
    #[serde(rename = "65")]
    Of65,
}

impl SheetKind {
    /// All of them, with their names in addresses.
    pub const ALL: [(&'static str, SheetKind); 5] = [
        ("24", SheetKind::Of24),
        ("12", SheetKind::Of12),
        ("24-wide", SheetKind::Of24Wide),
        ("44", SheetKind::Of44),
        ("65", SheetKind::Of65),
    ];

    /// By its name; the usual one for any other.
    pub fn named(name: &str) -> SheetKind {
        let found = SheetKind::ALL.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, kind)| kind).unwrap_or_default()
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let found = SheetKind::ALL.into_iter().find(|(_, kind)| *kind == self);
        found.map_or("", |(name, _)| name)
    }
}

/// ラベルの設定.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LabelLikes {
    /// Sheet of labels.
    pub sheet: SheetKind,
    /// What labels say.
    pub form: LabelForm,
    /// Half millimetres to the right by which a printer is off.
    #[schema(minimum = -20, maximum = 20)]
    pub right: i32,
    /// Half millimetres downwards.
    #[schema(minimum = -20, maximum = 20)]
    pub down: i32,
    /// Letters of 5.5 pt instead of 8 pt: only where there are at most 150 cm² to be labelled.
    pub small: bool,
}

impl LabelLikes {
    /// Whether the shift is one that printers have.
    pub fn is_sound(&self) -> bool {
        [self.right, self.down]
            .iter()
            .all(|half| half.abs() <= LabelLikes::OFF)
    }

    /// A printer is off by at most so many half millimetres.
    pub const OFF: i32 = 20;
}

impl Setting for LabelLikes {
    const NAME: &'static str = "labels";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_called_the_same_in_addresses_and_in_settings() {
        for (name, kind) in SheetKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), name);
            assert_eq!((SheetKind::named(name), kind.name()), (kind, name));
        }
        assert_eq!(SheetKind::named("none"), SheetKind::Of24);
    }
}
