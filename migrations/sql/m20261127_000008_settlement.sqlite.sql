-- What has ever lain at an inner place: a statement says what was on a shelf at its first day, and the lots that are gone since
-- have no row in `stock_there`. A row is added when a lot first comes to a place and never changes.
-- Questions about a line of a 精算書 are kept beside the book: one office asks, the other answers, the one that asked closes.
-- Side by side with the .postgres.sql of the same name; a test compares the two.
CREATE INDEX stock_ever ON stock (place_no, lot_no) WHERE inner_place;
CREATE TABLE question (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    office BLOB NOT NULL CHECK (length(office) = 16),
    other BLOB NOT NULL CHECK (length(other) = 16),
    entry BLOB NOT NULL CHECK (length(entry) = 16),
    text TEXT NOT NULL CONSTRAINT question_text_limited CHECK (length(text) BETWEEN 1 AND 1000),
    asked_by BLOB NOT NULL CHECK (length(asked_by) = 16),
    asked_at INTEGER NOT NULL,
    answer TEXT CONSTRAINT question_answer_limited CHECK (length(answer) BETWEEN 1 AND 1000),
    answered_by BLOB CHECK (length(answered_by) = 16),
    answered_at INTEGER,
    closed_at INTEGER,
    CONSTRAINT question_of_two CHECK (office <> other),
    CONSTRAINT question_answered_whole CHECK ((answer IS NULL) = (answered_by IS NULL) AND (answer IS NULL) = (answered_at IS NULL))
) STRICT;
CREATE INDEX question_by_office ON question (office, other);
CREATE INDEX question_by_other ON question (other, office);
