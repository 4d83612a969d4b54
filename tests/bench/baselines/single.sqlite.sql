-- Single commits: one act as one transaction, by one writer, no log. Handed to SQLite in one piece, so that the driver's
-- thread is woken once an act, not once a statement.
--
-- Guarded like B0: the goods are taken where there are enough, and every later statement happens only where the one
-- before it changed something.
-- Not done: the rules (price, tax, open month, later days), the hash tree.
-- $1 id, $2 acting, $3 key, $4 body hash, $5 day, $6 milliseconds, $7 canonical bytes, $8 leaf hash, $9 salt,
-- $10 office, $11 lot, $12 store, $13 sold, $14 quantity, $15 cash, $16 sales, $17 yen, $18 month, $19 position
BEGIN IMMEDIATE;
UPDATE stock SET quantity = quantity - $14, last_day = MAX(last_day, $5)
WHERE lot_no = $11 AND place_no = $12 AND quantity >= $14;
INSERT INTO entry (seq, id, kind, format, acting, key, body_hash, supplied_on, book_on, recorded_at, recorder, is_master,
                   canonical, leaf_hash, salt)
SELECT $19, $1, 'sell', 1, $2, $3, $4, $5, $5, $6, 'till', 0, $7, $8, $9 WHERE changes() = 1;
INSERT INTO entry_office (office_no, seq) SELECT $10, $19 WHERE changes() = 1;
INSERT INTO movement (seq, line, lot_no, from_no, to_no, quantity, assumed, book_on)
SELECT $19, 0, $11, $12, $13, $14, 0, $5 WHERE changes() = 1;
INSERT INTO stock (lot_no, place_no, inner_place, quantity, last_day)
SELECT $11, $13, 0, $14, $5 WHERE changes() = 1
ON CONFLICT (lot_no, place_no) DO UPDATE
SET quantity = stock.quantity + excluded.quantity, last_day = MAX(stock.last_day, excluded.last_day);
INSERT INTO posting (seq, line, account_no, yen, tax_category, tax_percent, basis, work, supplied_on, book_on)
SELECT $19, 0, $15, $17, 0, 0, 0, NULL, $5, $5 WHERE changes() = 1
UNION ALL SELECT $19, 1, $16, -$17, 1, 10, 1, 'sewing', $5, $5 WHERE changes() = 1;
INSERT INTO balance (account_no, yen, last_day)
SELECT $15, $17, $5 WHERE changes() = 2 UNION ALL SELECT $16, -$17, $5 WHERE changes() = 2
ON CONFLICT (account_no) DO UPDATE
SET yen = balance.yen + excluded.yen, last_day = MAX(balance.last_day, excluded.last_day);
INSERT INTO balance_month (account_no, month, yen)
SELECT $15, $18, $17 WHERE changes() = 2 UNION ALL SELECT $16, $18, -$17 WHERE changes() = 2
ON CONFLICT (account_no, month) DO UPDATE SET yen = balance_month.yen + excluded.yen;
COMMIT;
