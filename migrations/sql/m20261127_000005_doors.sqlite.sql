-- Other ways in, beside the book: cards for tablets that many share, and links by which a forgotten password is set anew.
-- Side by side with the .postgres.sql of the same name; a test compares the two. Of a secret only its SHA-256 is here.

-- A card with a QR code: whoever holds it may work as staff of one office. Its account has no password and is the card's
-- alone. `name` says where it lies (`タブレット1`), never who holds it. One that was stopped stays so.
CREATE TABLE card (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    secret_hash BLOB NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    person BLOB NOT NULL REFERENCES person (id),
    office BLOB NOT NULL CHECK (length(office) = 16),
    name TEXT NOT NULL,
    made_by BLOB NOT NULL REFERENCES person (id),
    made_at INTEGER NOT NULL,
    stopped_at INTEGER
) STRICT;
CREATE INDEX card_by_office ON card (office);

-- A session that was begun by a card, and ends with it.
ALTER TABLE session ADD COLUMN card BLOB REFERENCES card (id);

-- Links by which an account gets another password, once. One that is taken back expires.
CREATE TABLE password_reset (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    secret_hash BLOB NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    person BLOB NOT NULL REFERENCES person (id),
    made_by BLOB NOT NULL REFERENCES person (id),
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX password_reset_by_person ON password_reset (person) WHERE used_at IS NULL;
