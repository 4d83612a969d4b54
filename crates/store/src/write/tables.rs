//! The tables as the writer fills them.

use super::{
    column::Column::{
        Big, BigOrNone, Bool, Bytes, BytesOrNone, Int, IntOrNone, Small, Text, TextOrNone, Uuid, UuidOrNone,
    },
    insert::Table,
};

/// How many there are.
pub(super) const TABLES: usize = 18;

/// All of them, in the order in which they are written.
pub(super) const ALL: [&Table; TABLES] = [
    &PARTY,
    &PRODUCT,
    &ENTRY,
    &ENTRY_TEXT,
    &ENTRY_OFFICE,
    &ENTRY_REF,
    &NUMBERED,
    &LOT,
    &LOT_AMENDMENT,
    &PLACE,
    &ACCOUNT,
    &MOVEMENT,
    &POSTING,
    &LINK,
    &STOCK,
    &BALANCE,
    &BALANCE_MONTH,
    &LOG_TILE,
];

const ENTRY: Table = Table {
    name: "entry",
    columns: &[
        ("seq", Big),
        ("id", Uuid),
        ("kind", Text),
        ("format", Int),
        ("acting", Text),
        ("key", Text),
        ("body_hash", Bytes),
        ("supplied_on", Int),
        ("book_on", Int),
        ("recorded_at", Big),
        ("recorder", Text),
        ("group_id", UuidOrNone),
        ("agreement_id", UuidOrNone),
        ("reverses_seq", BigOrNone),
        ("is_master", Bool),
        ("canonical", Bytes),
        ("leaf_hash", Bytes),
        ("salt", Bytes),
    ],
    conflict: "",
};

const ENTRY_TEXT: Table = Table {
    name: "entry_text",
    columns: &[
        ("seq", Big),
        ("line", Int),
        ("role", Text),
        ("salt", BytesOrNone),
        ("text", TextOrNone),
    ],
    conflict: "",
};

const ENTRY_OFFICE: Table = Table {
    name: "entry_office",
    columns: &[("office_no", Big), ("seq", Big)],
    conflict: "",
};

const ENTRY_REF: Table = Table {
    name: "entry_ref",
    columns: &[("target_seq", Big), ("seq", Big), ("role", Text)],
    conflict: "",
};

const PARTY: Table = Table {
    name: "party",
    columns: &[
        ("no", Big),
        ("kind", Small),
        ("id", Uuid),
        ("code", Text),
        ("seq", Big),
    ],
    conflict: "",
};

const PRODUCT: Table = Table {
    name: "product",
    columns: &[
        ("no", Big),
        ("id", Uuid),
        ("owner_no", Big),
        ("code", Text),
        ("seq", Big),
    ],
    conflict: "",
};

const NUMBERED: Table = Table {
    name: "numbered",
    columns: &[("series", Big), ("number", Big), ("seq", Big)],
    conflict: "",
};

const LOT: Table = Table {
    name: "lot",
    columns: &[
        ("no", Big),
        ("id", Uuid),
        ("code", Text),
        ("product_no", Big),
        ("maker_no", Big),
        ("birth_seq", Big),
        ("made_on", IntOrNone),
        ("best_before", IntOrNone),
        ("facts", Text),
    ],
    conflict: "",
};

const LOT_AMENDMENT: Table = Table {
    name: "lot_amendment",
    columns: &[("lot_no", Big), ("seq", Big), ("facts", Text)],
    conflict: "",
};

const PLACE: Table = Table {
    name: "place",
    columns: &[
        ("no", Big),
        ("kind", Small),
        ("owner", Uuid),
        ("holder", Uuid),
        ("ref", Uuid),
    ],
    conflict: "",
};

const ACCOUNT: Table = Table {
    name: "account",
    columns: &[
        ("no", Big),
        ("unit_kind", Small),
        ("unit", Uuid),
        ("section", Small),
        ("kind", Small),
        ("party", Uuid),
        ("cash_place", Uuid),
    ],
    conflict: "",
};

const MOVEMENT: Table = Table {
    name: "movement",
    columns: &[
        ("seq", Big),
        ("line", Int),
        ("lot_no", Big),
        ("from_no", Big),
        ("to_no", Big),
        ("quantity", Big),
        ("assumed", Bool),
        ("book_on", Int),
    ],
    conflict: "",
};

const POSTING: Table = Table {
    name: "posting",
    columns: &[
        ("seq", Big),
        ("line", Int),
        ("account_no", Big),
        ("yen", Big),
        ("tax_category", Small),
        ("tax_percent", Small),
        ("basis", Small),
        ("work", TextOrNone),
        ("supplied_on", Int),
        ("book_on", Int),
    ],
    conflict: "",
};

const LINK: Table = Table {
    name: "link",
    columns: &[
        ("seq", Big),
        ("line", Int),
        ("input_no", Big),
        ("output_no", Big),
        ("quantity", Big),
    ],
    conflict: "",
};

/// The quantity is what the batch leaves there: the head's lock and its size guard it, the CHECK is the backstop.
const STOCK: Table = Table {
    name: "stock",
    columns: &[
        ("lot_no", Big),
        ("place_no", Big),
        ("inner_place", Bool),
        ("quantity", Big),
        ("last_day", Int),
    ],
    conflict: "ON CONFLICT (lot_no, place_no) DO UPDATE SET quantity = excluded.quantity, \
               last_day = excluded.last_day",
};

/// Sums are added to: an account needs no loading to be posted to.
const BALANCE: Table = Table {
    name: "balance",
    columns: &[("account_no", Big), ("yen", Big), ("last_day", Int)],
    conflict: "ON CONFLICT (account_no) DO UPDATE SET yen = balance.yen + excluded.yen, \
               last_day = CASE WHEN balance.last_day > excluded.last_day THEN balance.last_day \
               ELSE excluded.last_day END",
};

const BALANCE_MONTH: Table = Table {
    name: "balance_month",
    columns: &[("account_no", Big), ("month", Int), ("yen", Big)],
    conflict: "ON CONFLICT (account_no, month) DO UPDATE SET yen = balance_month.yen + excluded.yen",
};

const LOG_TILE: Table = Table {
    name: "log_tile",
    columns: &[
        ("level", Small),
        ("tile_index", Big),
        ("slot", Small),
        ("hashes", Bytes),
    ],
    conflict: "",
};
