-- Numbers without gaps: 精算書 of a pair of offices, 書類 of a corporation and fiscal year. An entry commits to its number; the row
-- finds it, and the key refuses the same number twice.
-- Side by side with the .postgres.sql of the same name; a test compares the two. `series` is 64 bits of a hash.
CREATE TABLE numbered (
    series INTEGER NOT NULL,
    number INTEGER NOT NULL CONSTRAINT numbered_from_one CHECK (number >= 1),
    seq INTEGER NOT NULL UNIQUE,
    PRIMARY KEY (series, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER numbered_never_updated BEFORE UPDATE ON numbered BEGIN SELECT RAISE(ABORT, 'append-only: numbered'); END;
CREATE TRIGGER numbered_never_deleted BEFORE DELETE ON numbered BEGIN SELECT RAISE(ABORT, 'append-only: numbered'); END;
