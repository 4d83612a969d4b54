-- Numbers without gaps: 精算書 of a pair of offices, 書類 of a corporation and fiscal year. An entry commits to its number; the row
-- finds it, and the key refuses the same number twice.
-- Side by side with the .sqlite.sql of the same name; a test compares the two. `series` is 64 bits of a hash.
CREATE TABLE numbered (
    series bigint NOT NULL,
    number bigint NOT NULL CONSTRAINT numbered_from_one CHECK (number >= 1),
    seq bigint NOT NULL CONSTRAINT numbered_seq UNIQUE,
    CONSTRAINT numbered_series_number PRIMARY KEY (series, number)
);
CREATE TRIGGER numbered_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON numbered EXECUTE FUNCTION refuse_change();
