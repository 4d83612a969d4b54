//! The book itself: its id, the public halves of its keys, its signed heads, its tiles.

use crate::{
    Engine, Store, StoreError,
    entity::{book, book_key, log_checkpoint, log_tile},
};
use domain::log::{TileId, TileSet, unpack};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement, Value,
};
use uuid::Uuid;

const BOOK: &str =
    "INSERT INTO book (id, book_id, format, made_at) VALUES (1, {1}, {2}, {3}) ON CONFLICT (id) DO NOTHING";
const BOOK_KEY: &str = "INSERT INTO book_key (key_id, public_key, name, from_at) VALUES ({1}, {2}, {3}, {4}) \
                        ON CONFLICT (key_id) DO NOTHING";
const LOG_CHECKPOINT: &str =
    "INSERT INTO log_checkpoint (size, note, at) VALUES ({1}, {2}, {3}) ON CONFLICT (size) DO NOTHING";

impl Store {
    /// The row of the book; none before [`Store::make_book`].
    ///
    /// # Errors
    /// As any statement.
    pub async fn book(&self) -> Result<Option<book::Model>, StoreError> {
        Ok(book::Entity::find().one(&self.reader).await?)
    }

    /// Gives the book its id, unless it has one; programs that start together agree on one. `at` is UTC milliseconds.
    ///
    /// # Errors
    /// As any statement.
    pub async fn make_book(&self, id: Uuid, format: i32, at: i64) -> Result<book::Model, StoreError> {
        let values: [Value; 3] = [id.into(), format.into(), at.into()];
        self.add(BOOK, values).await?;
        self.book().await?.ok_or_else(|| StoreError::corrupt("book"))
    }

    /// Public keys whose signatures count for this book, in the order they were made known.
    ///
    /// # Errors
    /// As any statement.
    pub async fn book_keys(&self) -> Result<Vec<book_key::Model>, StoreError> {
        let keys = book_key::Entity::find()
            .order_by_asc(book_key::Column::FromAt)
            .order_by_asc(book_key::Column::KeyId);
        Ok(keys.all(&self.reader).await?)
    }

    /// Makes a public key known, unless it is.
    ///
    /// # Errors
    /// As any statement.
    pub async fn add_book_key(&self, key: book_key::Model) -> Result<(), StoreError> {
        self.add(BOOK_KEY, key_values(key)).await
    }

    /// Signed heads of a size and more, smallest first.
    ///
    /// # Errors
    /// As any statement.
    pub async fn checkpoints(&self, from: i64, limit: u64) -> Result<Vec<log_checkpoint::Model>, StoreError> {
        let found = log_checkpoint::Entity::find().filter(log_checkpoint::Column::Size.gte(from));
        Ok(found
            .order_by_asc(log_checkpoint::Column::Size)
            .limit(limit)
            .all(&self.reader)
            .await?)
    }

    /// Keeps a signed head, unless there is one of this size.
    ///
    /// # Errors
    /// As any statement.
    pub async fn add_checkpoint(&self, checkpoint: log_checkpoint::Model) -> Result<(), StoreError> {
        self.add(LOG_CHECKPOINT, checkpoint_values(checkpoint)).await
    }

    /// The pieces of the tiles of a level whose numbers lie between two, both included, in order.
    ///
    /// # Errors
    /// As any statement.
    pub async fn tile_pieces(
        &self,
        level: u8,
        first: u64,
        last: u64,
    ) -> Result<Vec<log_tile::Model>, StoreError> {
        let number = |index| i64::try_from(index).map_err(|_| StoreError::corrupt("log_tile.tile_index"));
        let pieces = log_tile::Entity::find()
            .filter(log_tile::Column::Level.eq(i16::from(level)))
            .filter(log_tile::Column::TileIndex.gte(number(first)?))
            .filter(log_tile::Column::TileIndex.lte(number(last)?))
            .order_by_asc(log_tile::Column::TileIndex)
            .order_by_asc(log_tile::Column::Slot);
        Ok(pieces.all(&self.reader).await?)
    }

    /// Whole tiles, for proofs.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for pieces that do not fit together, else as any statement.
    pub async fn tiles(&self, ids: &[TileId]) -> Result<TileSet, StoreError> {
        let mut tiles = TileSet::default();
        for id in ids {
            let damaged = || StoreError::corrupt(format!("log_tile {}-{}", id.level, id.index));
            let mut hashes = Vec::new();
            for piece in self.tile_pieces(id.level, id.index, id.index).await? {
                if usize::try_from(piece.slot) != Ok(hashes.len()) {
                    return Err(damaged());
                }
                hashes.extend(unpack(&piece.hashes).map_err(|_| damaged())?);
            }
            tiles.insert(*id, hashes).map_err(|_| damaged())?;
        }
        Ok(tiles)
    }

    async fn add(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<(), StoreError> {
        add(&self.writer, self.engine, sql, values).await
    }
}

async fn add(
    db: &impl ConnectionTrait,
    engine: Engine,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<(), StoreError> {
    let values: Vec<Value> = values.into_iter().collect();
    let mut text = sql.to_owned();
    for n in 1..=values.len() {
        text = text.replace(&format!("{{{n}}}"), &engine.parameter(n));
    }
    let statement = Statement::from_sql_and_values(db.get_database_backend(), text, values);
    db.execute_raw(statement).await?;
    Ok(())
}

/// What makes a book this one wherever it is kept: its id, its public keys, its signed heads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The row of the book.
    pub book: book::Model,
    /// Public keys whose signatures count, in the order they were made known.
    pub keys: Vec<book_key::Model>,
    /// Signed heads, smallest first.
    pub checkpoints: Vec<log_checkpoint::Model>,
}

impl Store {
    /// The book's identity as of a size of its log; none before it has an id.
    ///
    /// # Errors
    /// As any statement.
    pub async fn identity(&self, size: u64) -> Result<Option<Identity>, StoreError> {
        let Some(book) = self.book().await? else {
            return Ok(None);
        };
        let mut checkpoints = self.checkpoints(0, u64::MAX >> 1).await?;
        checkpoints.retain(|checkpoint| u64::try_from(checkpoint.size).is_ok_and(|signed| signed <= size));
        Ok(Some(Identity {
            book,
            keys: self.book_keys().await?,
            checkpoints,
        }))
    }
}

/// Gives a book an identity within a transaction; what the book has already stays.
pub(crate) async fn identify(
    db: &impl ConnectionTrait,
    engine: Engine,
    identity: Identity,
) -> Result<(), StoreError> {
    let Identity {
        book,
        keys,
        checkpoints,
    } = identity;
    let values: [Value; 3] = [book.book_id.into(), book.format.into(), book.made_at.into()];
    add(db, engine, BOOK, values).await?;
    for key in keys {
        add(db, engine, BOOK_KEY, key_values(key)).await?;
    }
    for checkpoint in checkpoints {
        add(db, engine, LOG_CHECKPOINT, checkpoint_values(checkpoint)).await?;
    }
    Ok(())
}

fn key_values(key: book_key::Model) -> [Value; 4] {
    [
        key.key_id.into(),
        key.public_key.into(),
        key.name.into(),
        key.from_at.into(),
    ]
}

fn checkpoint_values(checkpoint: log_checkpoint::Model) -> [Value; 3] {
    [
        checkpoint.size.into(),
        checkpoint.note.into(),
        checkpoint.at.into(),
    ]
}
