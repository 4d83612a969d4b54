//! 伝票: one immutable record.

use sea_orm::entity::prelude::*;

/// A row of `entry`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entry")]
pub struct Model {
    /// Place in the log.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// UUIDv7 of the entry.
    pub id: Uuid,
    /// Act or master datum: `produce`, `sell`.
    pub kind: String,
    /// Version of the canonical bytes.
    pub format: i32,
    /// `office:ID`, `network:ID` or `keeper`.
    pub acting: String,
    /// Idempotency key, unique for the acting body.
    pub key: String,
    /// Hash of the command that the key stands for.
    pub body_hash: Vec<u8>,
    /// Day of supply, yyyymmdd.
    pub supplied_on: i32,
    /// Day it counts for, yyyymmdd.
    pub book_on: i32,
    /// UTC milliseconds.
    pub recorded_at: i64,
    /// Account that recorded it, not a name.
    pub recorder: String,
    /// Import or bulk it came in.
    pub group_id: Option<Uuid>,
    /// Agreement it was made under.
    pub agreement_id: Option<Uuid>,
    /// Entry it mirrors.
    pub reverses_seq: Option<i64>,
    /// Master data: no movements, no postings.
    pub is_master: bool,
    /// The bytes that are hashed.
    pub canonical: Vec<u8>,
    /// Leaf of the log, 32 bytes.
    pub leaf_hash: Vec<u8>,
    /// Seed of the salts of its parts, 32 bytes.
    pub salt: Vec<u8>,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
