-- Who comes in over the network, and what is kept beside the book: people's accounts, sessions, tokens, invitations, the
-- reading register, proposals and evidence files. Nothing of it is an entry, a leaf of the log, or in an export.
-- Side by side with the .postgres.sql of the same name; a test compares the two.
--
-- Times are milliseconds since 1970 in UTC, days whole numbers yyyymmdd, ids 16 bytes. Of a secret only its SHA-256 is
-- here, of a password only its argon2id hash. Roles, kinds and operations are closed lists of the app crate. Ids of
-- offices and networks are those of the canonical bytes; the nil id of a role is the book itself.

-- An account. `login` is a word for an account (`kitchen-2`), never a person's name.
CREATE TABLE person (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    login TEXT NOT NULL UNIQUE CONSTRAINT person_login_length CHECK (length(login) BETWEEN 1 AND 32),
    password TEXT,
    made_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;

-- Who may do what. A role that ended stays, with its end.
CREATE TABLE person_role (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person BLOB NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    of BLOB NOT NULL CHECK (length(of) = 16),
    from_at INTEGER NOT NULL,
    until_at INTEGER
) STRICT;
CREATE UNIQUE INDEX person_role_running ON person_role (person, role, of) WHERE until_at IS NULL;
CREATE INDEX person_role_by_what ON person_role (of, role) WHERE until_at IS NULL;

-- Who is logged in. `seen_at` is written now and then only.
CREATE TABLE session (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    person BLOB NOT NULL REFERENCES person (id),
    made_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX session_by_person ON session (person);

-- Keys of other programs, each of a person. `name` says what it is for.
CREATE TABLE access_token (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    person BLOB NOT NULL REFERENCES person (id),
    name TEXT NOT NULL,
    only_reads INTEGER NOT NULL CHECK (only_reads IN (0, 1)),
    made_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT;
CREATE INDEX access_token_by_person ON access_token (person);

-- Offices a token is limited to; none: all of its person. Never deleted: a token must not grow.
CREATE TABLE access_token_office (
    token BLOB NOT NULL REFERENCES access_token (id),
    office BLOB NOT NULL CHECK (length(office) = 16),
    PRIMARY KEY (token, office)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_token_office_by_office ON access_token_office (office);

-- Links by which people come in. The one that sets the book up was made by nobody. One that is withdrawn expires.
CREATE TABLE invitation (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    secret_hash BLOB NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    role TEXT NOT NULL,
    of BLOB NOT NULL CHECK (length(of) = 16),
    made_by BLOB REFERENCES person (id),
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    used_by BLOB REFERENCES person (id),
    CONSTRAINT invitation_used_by_somebody CHECK ((used_at IS NULL) = (used_by IS NULL))
) STRICT;
CREATE INDEX invitation_by_what ON invitation (of, role) WHERE used_at IS NULL;

-- 閲覧記録: each reading of an office's dealings by a coordinator, seen by the office. Written before the answer is sent.
CREATE TABLE reading (
    no INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    person BLOB NOT NULL CHECK (length(person) = 16),
    office BLOB NOT NULL CHECK (length(office) = 16),
    network BLOB NOT NULL CHECK (length(network) = 16),
    operation TEXT NOT NULL,
    subject TEXT NOT NULL
) STRICT;
CREATE INDEX reading_by_office ON reading (office, no);

-- 申し出: an act that waits for another office's yes. `command` is the act as JSON; `entry` what became of it.
CREATE TABLE proposal (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    acting TEXT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    command TEXT NOT NULL,
    made_by BLOB NOT NULL CHECK (length(made_by) = 16),
    made_at INTEGER NOT NULL,
    due_on INTEGER NOT NULL CONSTRAINT proposal_due_on_is_day CHECK (due_on BETWEEN 10000101 AND 99991231),
    state TEXT NOT NULL CONSTRAINT proposal_state_known CHECK (state IN ('open', 'done', 'contested', 'withdrawn')),
    entry BLOB CHECK (length(entry) = 16),
    closed_at INTEGER,
    UNIQUE (acting, key),
    CONSTRAINT proposal_open_or_closed CHECK ((state = 'open') = (closed_at IS NULL)),
    CONSTRAINT proposal_done_is_entry CHECK ((state = 'done') = (entry IS NOT NULL))
) STRICT;

-- Whose yes is needed, and what they said.
CREATE TABLE proposal_party (
    proposal BLOB NOT NULL REFERENCES proposal (id),
    office BLOB NOT NULL CHECK (length(office) = 16),
    answer TEXT CONSTRAINT proposal_party_answer_known CHECK (answer IN ('agreed', 'contested')),
    person BLOB CHECK (length(person) = 16),
    at INTEGER,
    note TEXT,
    PRIMARY KEY (proposal, office),
    CONSTRAINT proposal_party_answered_whole CHECK ((answer IS NULL) = (person IS NULL) AND (answer IS NULL) = (at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX proposal_party_by_office ON proposal_party (office, proposal);

-- 証拠書類: files that entries name by hash, at most 5 MiB each.
CREATE TABLE evidence (
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL CONSTRAINT evidence_size_limited CHECK (size BETWEEN 1 AND 5242880),
    bytes BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    CONSTRAINT evidence_size_of_bytes CHECK (length(bytes) = size)
) STRICT;

-- Which offices brought a file: both sides of a dealing may bring the same one.
CREATE TABLE evidence_office (
    hash BLOB NOT NULL REFERENCES evidence (hash),
    office BLOB NOT NULL CHECK (length(office) = 16),
    person BLOB NOT NULL CHECK (length(person) = 16),
    made_at INTEGER NOT NULL,
    PRIMARY KEY (hash, office)
) STRICT, WITHOUT ROWID;

-- The register is append-only. INSERT OR REPLACE is caught as well, as long as the connection has recursive_triggers on.
CREATE TRIGGER reading_never_updated BEFORE UPDATE ON reading BEGIN SELECT RAISE(ABORT, 'append-only: reading'); END;
CREATE TRIGGER reading_never_deleted BEFORE DELETE ON reading BEGIN SELECT RAISE(ABORT, 'append-only: reading'); END;
