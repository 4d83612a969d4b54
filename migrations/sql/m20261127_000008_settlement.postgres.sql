-- What has ever lain at an inner place: a statement says what was on a shelf at its first day, and the lots that are gone since
-- have no row in `stock_there`. A row is added when a lot first comes to a place and never changes.
-- Questions about a line of a 精算書 are kept beside the book: one office asks, the other answers, the one that asked closes.
-- Side by side with the .sqlite.sql of the same name; a test compares the two.
CREATE INDEX stock_ever ON stock (place_no, lot_no) WHERE inner_place;
CREATE TABLE question (
    id uuid NOT NULL CONSTRAINT question_id PRIMARY KEY,
    office uuid NOT NULL,
    other uuid NOT NULL,
    entry uuid NOT NULL,
    text text NOT NULL CONSTRAINT question_text_limited CHECK (length(text) BETWEEN 1 AND 1000),
    asked_by uuid NOT NULL,
    asked_at bigint NOT NULL,
    answer text CONSTRAINT question_answer_limited CHECK (length(answer) BETWEEN 1 AND 1000),
    answered_by uuid,
    answered_at bigint,
    closed_at bigint,
    CONSTRAINT question_of_two CHECK (office <> other),
    CONSTRAINT question_answered_whole CHECK ((answer IS NULL) = (answered_by IS NULL) AND (answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX question_by_office ON question (office, other);
CREATE INDEX question_by_other ON question (other, office);
