//! Answers to questions that any entry may change: asked within a batch, never kept.

use super::{
    column::Column,
    erase,
    load::entries,
    lookup::{Join, Lookup},
    numbers::{Numbers, account_values},
};
use crate::{Engine, StoreError};
use domain::{
    account::Account,
    calendar::Day,
    facts::{Answer, Question},
    id::{Acting, EntryId, LotId, OfficeId},
    money::Yen,
    refusal::LaterAct,
};
use sea_orm::{ConnectionTrait, Statement, Value};
use std::collections::{BTreeMap, BTreeSet};

pub(super) async fn answer(
    db: &impl ConnectionTrait,
    engine: Engine,
    question: &Question,
    numbers: &Numbers,
) -> Result<Answer, StoreError> {
    let p = |n| engine.parameter(n);
    Ok(match question {
        Question::Balance(account, day) => Answer::Yen(balance(db, engine, account, *day).await?),
        Question::LaterMovements(lot, after) => {
            Answer::Later(later_movements(db, engine, *lot, *after).await?)
        }
        Question::KeptTexts(id) => Answer::Texts(erase::kept(db, engine, *id).await?),
        Question::UnderAgreement(agreement, kinds, from, to) => {
            let named: Vec<String> = (0..kinds.len()).map(|n| p(n + 4)).collect();
            let rest = format!(
                "WHERE e.agreement_id = {} AND e.supplied_on BETWEEN {} AND {} AND e.kind IN ({}) ORDER BY e.seq",
                p(1),
                p(2),
                p(3),
                named.join(", ")
            );
            let mut values = vec![agreement.0.into(), from.as_number().into(), to.as_number().into()];
            values.extend(kinds.iter().cloned().map(Value::from));
            Answer::Entries(entries(db, &rest, values).await?)
        }
        Question::Between(office, other, (from, to), (since, after)) => {
            // an entry never counts for a day before its supply, so the index by that day narrows both halves
            let half = |days: String| {
                format!(
                    "SELECT x.seq FROM account a JOIN posting x ON x.account_no = a.no \
                     WHERE a.unit_kind = 1 AND a.unit = {} AND a.party = {} AND {days}",
                    p(1),
                    p(2)
                )
            };
            let of_days = half(format!(
                "x.book_on >= {0} AND x.supplied_on BETWEEN {0} AND {1}",
                p(3),
                p(4)
            ));
            let late = half(format!(
                "x.book_on >= {0} AND x.supplied_on BETWEEN {0} AND {1} AND x.seq > {2}",
                p(5),
                p(4),
                p(6)
            ));
            let rest = format!("WHERE e.seq IN ({of_days} UNION {late}) ORDER BY e.seq");
            let values = vec![
                office.0.into(),
                other.0.into(),
                from.as_number().into(),
                to.as_number().into(),
                since.as_number().into(),
                i64::try_from(*after)
                    .map_err(|_| StoreError::corrupt("seq"))?
                    .into(),
            ];
            Answer::Entries(entries(db, &rest, values).await?)
        }
        Question::OfKind(office, kind, from, to) => {
            let rest = format!(
                "JOIN entry_office o ON o.seq = e.seq WHERE o.office_no = {} AND e.kind = {} \
                 AND e.supplied_on BETWEEN {} AND {} ORDER BY e.seq",
                p(1),
                p(2),
                p(3),
                p(4)
            );
            let office = numbers.party(*office)?;
            let values = vec![
                office.into(),
                kind.clone().into(),
                from.as_number().into(),
                to.as_number().into(),
            ];
            Answer::Entries(entries(db, &rest, values).await?)
        }
        Question::Debts(office, other, day) => Answer::Yen(debts(db, engine, *office, *other, *day).await?),
        Question::LastNumbered(series, most) => {
            let rest = format!(
                "JOIN numbered n ON n.seq = e.seq WHERE n.series = {} ORDER BY n.number DESC LIMIT {most}",
                p(1)
            );
            Answer::Entries(entries(db, &rest, vec![series.key().into()]).await?)
        }
        Question::Issued(office, seqs, without) => {
            Answer::Issued(issued(db, engine, *office, seqs, *without).await?)
        }
    })
}

/// All debts of an office's books with another one at the end of a day: today's less what books later.
async fn debts(
    db: &impl ConnectionTrait,
    engine: Engine,
    office: OfficeId,
    other: OfficeId,
    day: Day,
) -> Result<Yen, StoreError> {
    let p = |n| engine.parameter(n);
    let sql = format!(
        "SELECT COALESCE(CAST(SUM(b.yen - COALESCE((SELECT CAST(SUM(x.yen) AS bigint) FROM posting x \
         WHERE x.account_no = a.no AND x.book_on > {}), 0)) AS bigint), 0) \
         FROM account a JOIN balance b ON b.account_no = a.no WHERE a.unit_kind = 1 AND a.unit = {} AND a.party = {}",
        p(1),
        p(2),
        p(3)
    );
    let values: [Value; 3] = [day.as_number().into(), office.0.into(), other.0.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let row = db.query_one_raw(statement).await?;
    let yen: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    Yen::try_new(yen).map_err(|_| StoreError::corrupt("balance.yen"))
}

/// Documents that cover entries, with what replaces them.
pub(crate) const COVERED: Lookup = Lookup::by(
    &[("seq", Column::Big)],
    "r.target_seq, e.acting, e.id, x.target_seq",
    &[
        Join::inner(
            "entry_ref",
            "r",
            "r.target_seq, r.seq, r.role",
            "r.target_seq = k.seq AND r.role = 'document'",
        ),
        Join::inner("entry", "e", "e.seq, e.acting, e.id", "e.seq = r.seq"),
        Join::outer(
            "entry_ref",
            "x",
            "x.target_seq, x.role",
            "x.target_seq = e.seq AND x.role = 'original'",
        ),
    ],
);

/// The documents of the office that cover these positions and were not replaced; without one document.
pub(crate) async fn issued(
    db: &impl ConnectionTrait,
    engine: Engine,
    office: OfficeId,
    seqs: &[u64],
    without: Option<EntryId>,
) -> Result<BTreeMap<u64, BTreeSet<EntryId>>, StoreError> {
    let key = |seq: &u64| {
        Ok(vec![
            i64::try_from(*seq)
                .map_err(|_| StoreError::corrupt("seq"))?
                .into(),
        ])
    };
    let keys = seqs.iter().map(key).collect::<Result<Vec<_>, StoreError>>()?;
    let acting = Acting::Office(office).to_string();
    let mut issued: BTreeMap<u64, BTreeSet<EntryId>> = BTreeMap::new();
    for row in COVERED.read(db, engine, keys).await? {
        let by: String = row.try_get_by_index(1)?;
        let id: uuid::Uuid = row.try_get_by_index(2)?;
        let replaced: Option<i64> = row.try_get_by_index(3)?;
        if by == acting && replaced.is_none() && without != Some(EntryId(id)) {
            let seq = super::load::count(row.try_get_by_index(0)?)?;
            issued.entry(seq).or_default().insert(EntryId(id));
        }
    }
    Ok(issued)
}

/// Balance at the end of a day: today's balance less what books later.
async fn balance(
    db: &impl ConnectionTrait,
    engine: Engine,
    account: &Account,
    day: Day,
) -> Result<Yen, StoreError> {
    let p = |n| engine.parameter(n);
    let sql = format!(
        "SELECT b.yen - COALESCE((SELECT CAST(SUM(x.yen) AS bigint) FROM posting x \
         WHERE x.account_no = a.no AND x.book_on > {}), 0) FROM account a JOIN balance b ON b.account_no = a.no \
         WHERE a.unit_kind = {} AND a.unit = {} AND a.section = {} AND a.kind = {} AND a.party = {} \
         AND a.cash_place = {}",
        p(1),
        p(2),
        p(3),
        p(4),
        p(5),
        p(6),
        p(7)
    );
    let mut values: Vec<Value> = vec![day.as_number().into()];
    values.extend(account_values(account));
    let row = db
        .query_one_raw(Statement::from_sql_and_values(
            db.get_database_backend(),
            sql,
            values,
        ))
        .await?;
    let yen: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    Yen::try_new(yen).map_err(|_| StoreError::corrupt("balance.yen"))
}

/// The first hundred acts that move a lot after a position and still hold. The lot's number is looked up: the rules ask
/// this of lots that nothing else was asked of, whose numbers are not known then.
async fn later_movements(
    db: &impl ConnectionTrait,
    engine: Engine,
    lot: LotId,
    after: u64,
) -> Result<Vec<LaterAct>, StoreError> {
    let sql = format!(
        "SELECT DISTINCT e.seq, e.kind, e.key, e.book_on FROM movement m JOIN entry e ON e.seq = m.seq \
         WHERE m.lot_no = (SELECT no FROM lot WHERE id = {}) AND m.seq > {} AND e.kind <> 'reverse' \
         AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_seq = e.seq) ORDER BY e.seq LIMIT 100",
        engine.parameter(1),
        engine.parameter(2)
    );
    let after = i64::try_from(after).map_err(|_| StoreError::corrupt("seq"))?;
    let values: [Value; 2] = [lot.0.into(), after.into()];
    let rows = db
        .query_all_raw(Statement::from_sql_and_values(
            db.get_database_backend(),
            sql,
            values,
        ))
        .await?;
    let acts = rows.into_iter().map(|row| {
        let book_on: i32 = row.try_get_by_index(3)?;
        Ok(LaterAct {
            seq: super::load::count(row.try_get_by_index(0)?)?,
            kind: row.try_get_by_index(1)?,
            key: row.try_get_by_index(2)?,
            book_on: Day::from_number(book_on).map_err(|_| StoreError::corrupt("entry.book_on"))?,
        })
    });
    acts.collect()
}
