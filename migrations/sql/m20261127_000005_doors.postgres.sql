-- Other ways in, beside the book: cards for tablets that many share, and links by which a forgotten password is set anew.
-- Side by side with the .sqlite.sql of the same name; a test compares the two. Of a secret only its SHA-256 is here.

-- A card with a QR code: whoever holds it may work as staff of one office. Its account has no password and is the card's
-- alone. `name` says where it lies (`タブレット1`), never who holds it. One that was stopped stays so.
CREATE TABLE card (
    id uuid NOT NULL CONSTRAINT card_id PRIMARY KEY,
    secret_hash bytea NOT NULL CONSTRAINT card_secret_hash UNIQUE CHECK (length(secret_hash) = 32),
    person uuid NOT NULL CONSTRAINT card_person_known REFERENCES person (id),
    office uuid NOT NULL,
    name text NOT NULL,
    made_by uuid NOT NULL CONSTRAINT card_made_by_known REFERENCES person (id),
    made_at bigint NOT NULL,
    stopped_at bigint
);
CREATE INDEX card_by_office ON card (office);

-- A session that was begun by a card, and ends with it.
ALTER TABLE session ADD COLUMN card uuid CONSTRAINT session_card_known REFERENCES card (id);

-- Links by which an account gets another password, once. One that is taken back expires.
CREATE TABLE password_reset (
    id uuid NOT NULL CONSTRAINT password_reset_id PRIMARY KEY,
    secret_hash bytea NOT NULL CONSTRAINT password_reset_secret_hash UNIQUE CHECK (length(secret_hash) = 32),
    person uuid NOT NULL CONSTRAINT password_reset_person_known REFERENCES person (id),
    made_by uuid NOT NULL CONSTRAINT password_reset_made_by_known REFERENCES person (id),
    made_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint
);
CREATE INDEX password_reset_by_person ON password_reset (person) WHERE used_at IS NULL;
