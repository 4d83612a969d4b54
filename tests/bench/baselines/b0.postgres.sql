-- B0: one act as one guarded statement, no log.
--
-- What a plain program on the same tables would do for a sale of a scanned lot: take the goods where there are enough,
-- and only then write the entry, its movement and postings, and add to the sums. It commits by itself.
-- Not done: the rules (price, tax, open month, later days), the numbering without gaps, the hash tree.
-- $1 id, $2 acting, $3 key, $4 body hash, $5 day, $6 milliseconds, $7 canonical bytes, $8 leaf hash, $9 salt,
-- $10 office, $11 lot, $12 store, $13 sold, $14 quantity, $15 cash, $16 sales, $17 yen, $18 month
WITH guard AS (
    UPDATE stock SET quantity = quantity - $14, last_day = GREATEST(last_day, $5)
    WHERE lot_no = $11 AND place_no = $12 AND quantity >= $14
    RETURNING lot_no
), head AS (
    SELECT nextval('baseline_seq') AS seq FROM guard
), written AS (
    INSERT INTO entry (seq, id, kind, format, acting, key, body_hash, supplied_on, book_on, recorded_at, recorder,
                       is_master, canonical, leaf_hash, salt)
    SELECT seq, $1, 'sell', 1, $2, $3, $4, $5, $5, $6, 'till', false, $7, $8, $9 FROM head
    RETURNING seq
), touched AS (
    INSERT INTO entry_office (office_no, seq) SELECT $10, seq FROM written
), moved AS (
    INSERT INTO movement (seq, line, lot_no, from_no, to_no, quantity, assumed, book_on)
    SELECT seq, 0, $11, $12, $13, $14, false, $5 FROM written
), posted AS (
    INSERT INTO posting (seq, line, account_no, yen, tax_category, tax_percent, basis, work, supplied_on, book_on)
    SELECT seq, line, account_no, yen, tax_category, tax_percent, basis, work, $5, $5
    FROM written CROSS JOIN (VALUES
        (0, $15::bigint, $17::bigint, 0::smallint, 0::smallint, 0::smallint, NULL),
        (1, $16, -$17, 1::smallint, 10::smallint, 1::smallint, 'sewing')
    ) AS line (line, account_no, yen, tax_category, tax_percent, basis, work)
), placed AS (
    INSERT INTO stock (lot_no, place_no, inner_place, quantity, last_day)
    SELECT $11, $13, false, $14, $5 FROM written
    ON CONFLICT (lot_no, place_no) DO UPDATE
    SET quantity = stock.quantity + excluded.quantity, last_day = GREATEST(stock.last_day, excluded.last_day)
), summed AS (
    INSERT INTO balance (account_no, yen, last_day)
    SELECT account_no, yen, $5 FROM written CROSS JOIN (VALUES ($15, $17), ($16, -$17)) AS line (account_no, yen)
    ON CONFLICT (account_no) DO UPDATE
    SET yen = balance.yen + excluded.yen, last_day = GREATEST(balance.last_day, excluded.last_day)
), of_month AS (
    INSERT INTO balance_month (account_no, month, yen)
    SELECT account_no, $18, yen FROM written CROSS JOIN (VALUES ($15, $17), ($16, -$17)) AS line (account_no, yen)
    ON CONFLICT (account_no, month) DO UPDATE SET yen = balance_month.yen + excluded.yen
)
SELECT seq FROM written
