//! Every entity still fits its table, on both engines.

use sea_orm::{EntityTrait, QuerySelect};
use store::entity::{
    account, balance, balance_month, book, book_key, entry, entry_office, entry_ref, entry_text, link,
    log_checkpoint, log_head, log_tile, lot, movement, party, place, posting, product, stock,
};

use crate::support::Fresh;

macro_rules! fits {
    ($store:expr, $($table:ident),*) => {
        $(
            $table::Entity::find().limit(0).all(&$store.reader).await.expect(stringify!($table));
        )*
    };
}

#[tokio::test]
async fn entities_name_the_columns_there_are() {
    for fresh in Fresh::both("drift").await {
        let store = fresh.migrated().await;
        fits!(
            store,
            account,
            balance,
            balance_month,
            book,
            book_key,
            entry,
            entry_office,
            entry_ref,
            entry_text,
            link,
            log_checkpoint,
            log_head,
            log_tile,
            lot,
            movement,
            party,
            place,
            posting,
            product,
            stock
        );
    }
}

#[tokio::test]
async fn a_row_reads_back_as_the_engine_keeps_it() {
    for fresh in Fresh::both("head").await {
        let store = fresh.migrated().await;
        let head = log_head::Entity::find_by_id(1)
            .one(&store.reader)
            .await
            .expect("read")
            .expect("the head");
        assert_eq!(head.size, 0);
        // SHA-256 of nothing begins and ends so
        assert_eq!(
            (&head.root[..4], &head.root[28..]),
            (&[0xe3, 0xb0, 0xc4, 0x42][..], &[0x78, 0x52, 0xb8, 0x55][..])
        );
        assert_eq!(head.frontier, [0; 8]);
        assert_eq!((head.next_lot_no, head.next_product_no), (1, 1));
    }
}
