-- What is somewhere now, apart from the many rows of places that goods have passed through: a stock page reads no history.
-- The column changes only when a place fills or empties, so the frequent updates of quantities stay cheap (HOT).
ALTER TABLE stock ADD COLUMN there boolean NOT NULL GENERATED ALWAYS AS (inner_place AND quantity <> 0) STORED;
DROP INDEX stock_by_place;
CREATE INDEX stock_there ON stock (place_no) WHERE there;
