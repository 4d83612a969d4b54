-- What is somewhere now, apart from the many rows of places that goods have passed through: a stock page reads no history.
ALTER TABLE stock ADD COLUMN there INTEGER NOT NULL GENERATED ALWAYS AS (inner_place AND quantity <> 0) VIRTUAL;
DROP INDEX stock_by_place;
CREATE INDEX stock_there ON stock (place_no) WHERE there;
