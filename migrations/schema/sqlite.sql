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
CREATE TABLE access_token_office (
    token BLOB NOT NULL REFERENCES access_token (id),
    office BLOB NOT NULL CHECK (length(office) = 16),
    PRIMARY KEY (token, office)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_token_office_by_office ON access_token_office (office);
CREATE TABLE account (
    no INTEGER PRIMARY KEY,
    unit_kind INTEGER NOT NULL,
    unit BLOB NOT NULL CHECK (length(unit) = 16),
    section INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    party BLOB NOT NULL CHECK (length(party) = 16),
    cash_place BLOB NOT NULL CHECK (length(cash_place) = 16),
    UNIQUE (unit_kind, unit, section, kind, party, cash_place)
) STRICT;
CREATE TRIGGER account_never_deleted BEFORE DELETE ON account BEGIN SELECT RAISE(ABORT, 'append-only: account'); END;
CREATE TRIGGER account_never_updated BEFORE UPDATE ON account BEGIN SELECT RAISE(ABORT, 'append-only: account'); END;
CREATE TABLE balance (
    account_no INTEGER PRIMARY KEY,
    yen INTEGER NOT NULL,
    last_day INTEGER NOT NULL
) STRICT;
CREATE TABLE balance_month (
    account_no INTEGER NOT NULL,
    month INTEGER NOT NULL,
    yen INTEGER NOT NULL,
    PRIMARY KEY (account_no, month)
) STRICT, WITHOUT ROWID;
CREATE TABLE book (
    id INTEGER PRIMARY KEY CONSTRAINT book_one CHECK (id = 1),
    book_id BLOB NOT NULL CHECK (length(book_id) = 16),
    format INTEGER NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER book_never_deleted BEFORE DELETE ON book BEGIN SELECT RAISE(ABORT, 'append-only: book'); END;
CREATE TRIGGER book_never_updated BEFORE UPDATE ON book BEGIN SELECT RAISE(ABORT, 'append-only: book'); END;
CREATE TABLE book_key (
    key_id TEXT NOT NULL PRIMARY KEY,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    name TEXT NOT NULL,
    from_at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER book_key_never_deleted BEFORE DELETE ON book_key BEGIN SELECT RAISE(ABORT, 'append-only: book_key'); END;
CREATE TRIGGER book_key_never_updated BEFORE UPDATE ON book_key BEGIN SELECT RAISE(ABORT, 'append-only: book_key'); END;
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
CREATE TABLE entry (
    seq INTEGER PRIMARY KEY CONSTRAINT entry_seq_counts CHECK (seq >= 0),
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    format INTEGER NOT NULL,
    acting TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash BLOB NOT NULL CHECK (length(body_hash) = 32),
    supplied_on INTEGER NOT NULL CONSTRAINT entry_supplied_on_is_day CHECK (supplied_on BETWEEN 10000101 AND 99991231),
    book_on INTEGER NOT NULL CONSTRAINT entry_book_on_is_day CHECK (book_on BETWEEN 10000101 AND 99991231),
    recorded_at INTEGER NOT NULL,
    recorder TEXT NOT NULL,
    group_id BLOB CHECK (length(group_id) = 16),
    agreement_id BLOB CHECK (length(agreement_id) = 16),
    reverses_seq INTEGER UNIQUE,
    is_master INTEGER NOT NULL CHECK (is_master IN (0, 1)),
    canonical BLOB NOT NULL,
    leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
    salt BLOB NOT NULL CHECK (length(salt) = 32),
    UNIQUE (acting, key)
) STRICT;
CREATE INDEX entry_by_agreement ON entry (agreement_id, supplied_on) WHERE agreement_id IS NOT NULL;
CREATE INDEX entry_by_book_on ON entry (book_on);
CREATE INDEX entry_by_group ON entry (group_id, seq) WHERE group_id IS NOT NULL;
CREATE INDEX entry_by_kind ON entry (kind, supplied_on);
CREATE INDEX entry_by_master ON entry (seq) WHERE is_master;
CREATE TRIGGER entry_never_deleted BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'append-only: entry'); END;
CREATE TRIGGER entry_never_updated BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'append-only: entry'); END;
CREATE TABLE entry_office (
    office_no INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (office_no, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER entry_office_never_deleted BEFORE DELETE ON entry_office BEGIN SELECT RAISE(ABORT, 'append-only: entry_office'); END;
CREATE TRIGGER entry_office_never_updated BEFORE UPDATE ON entry_office BEGIN SELECT RAISE(ABORT, 'append-only: entry_office'); END;
CREATE TABLE entry_ref (
    target_seq INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (target_seq, seq, role)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER entry_ref_never_deleted BEFORE DELETE ON entry_ref BEGIN SELECT RAISE(ABORT, 'append-only: entry_ref'); END;
CREATE TRIGGER entry_ref_never_updated BEFORE UPDATE ON entry_ref BEGIN SELECT RAISE(ABORT, 'append-only: entry_ref'); END;
CREATE TABLE entry_text (
    seq INTEGER NOT NULL,
    line INTEGER NOT NULL,
    role TEXT NOT NULL,
    salt BLOB CHECK (length(salt) = 32),
    text TEXT,
    PRIMARY KEY (seq, line),
    CONSTRAINT entry_text_whole_or_erased CHECK ((salt IS NULL) = (text IS NULL))
) STRICT;
CREATE TRIGGER entry_text_never_deleted BEFORE DELETE ON entry_text BEGIN SELECT RAISE(ABORT, 'append-only: entry_text'); END;
CREATE TRIGGER entry_text_only_erased BEFORE UPDATE ON entry_text
WHEN NOT (NEW.seq = OLD.seq AND NEW.line = OLD.line AND NEW.role = OLD.role AND NEW.salt IS NULL AND NEW.text IS NULL)
BEGIN SELECT RAISE(ABORT, 'append-only: entry_text'); END;
CREATE TABLE evidence (
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL CONSTRAINT evidence_size_limited CHECK (size BETWEEN 1 AND 5242880),
    bytes BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    CONSTRAINT evidence_size_of_bytes CHECK (length(bytes) = size)
) STRICT;
CREATE TABLE evidence_office (
    hash BLOB NOT NULL REFERENCES evidence (hash),
    office BLOB NOT NULL CHECK (length(office) = 16),
    person BLOB NOT NULL CHECK (length(person) = 16),
    made_at INTEGER NOT NULL,
    PRIMARY KEY (hash, office)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE link (
    seq INTEGER NOT NULL,
    line INTEGER NOT NULL,
    input_no INTEGER NOT NULL,
    output_no INTEGER NOT NULL,
    quantity INTEGER NOT NULL CONSTRAINT link_quantity_not_zero CHECK (quantity <> 0),
    PRIMARY KEY (seq, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_by_input ON link (input_no);
CREATE INDEX link_by_output ON link (output_no);
CREATE TRIGGER link_never_deleted BEFORE DELETE ON link BEGIN SELECT RAISE(ABORT, 'append-only: link'); END;
CREATE TRIGGER link_never_updated BEFORE UPDATE ON link BEGIN SELECT RAISE(ABORT, 'append-only: link'); END;
CREATE TABLE log_checkpoint (
    size INTEGER PRIMARY KEY,
    note TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER log_checkpoint_never_deleted BEFORE DELETE ON log_checkpoint BEGIN SELECT RAISE(ABORT, 'append-only: log_checkpoint'); END;
CREATE TRIGGER log_checkpoint_never_updated BEFORE UPDATE ON log_checkpoint BEGIN SELECT RAISE(ABORT, 'append-only: log_checkpoint'); END;
CREATE TABLE log_head (
    id INTEGER PRIMARY KEY CONSTRAINT log_head_one CHECK (id = 1),
    size INTEGER NOT NULL CONSTRAINT log_head_size_counts CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    frontier BLOB NOT NULL CHECK (length(frontier) % 32 = 8),
    last_recorded_at INTEGER NOT NULL,
    next_lot_no INTEGER NOT NULL,
    next_place_no INTEGER NOT NULL,
    next_account_no INTEGER NOT NULL,
    next_party_no INTEGER NOT NULL,
    next_product_no INTEGER NOT NULL
) STRICT;
CREATE TRIGGER log_head_never_deleted BEFORE DELETE ON log_head BEGIN SELECT RAISE(ABORT, 'append-only: log_head'); END;
CREATE TABLE log_tile (
    level INTEGER NOT NULL,
    tile_index INTEGER NOT NULL,
    slot INTEGER NOT NULL CONSTRAINT log_tile_slot_in_tile CHECK (slot BETWEEN 0 AND 255),
    hashes BLOB NOT NULL CHECK (length(hashes) > 0 AND length(hashes) % 32 = 0),
    PRIMARY KEY (level, tile_index, slot)
) STRICT;
CREATE TRIGGER log_tile_never_deleted BEFORE DELETE ON log_tile BEGIN SELECT RAISE(ABORT, 'append-only: log_tile'); END;
CREATE TRIGGER log_tile_never_updated BEFORE UPDATE ON log_tile BEGIN SELECT RAISE(ABORT, 'append-only: log_tile'); END;
CREATE TABLE lot (
    no INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    code TEXT NOT NULL UNIQUE,
    product_no INTEGER NOT NULL,
    maker_no INTEGER NOT NULL,
    birth_seq INTEGER NOT NULL,
    made_on INTEGER,
    best_before INTEGER,
    facts TEXT NOT NULL
) STRICT;
CREATE INDEX lot_by_product ON lot (product_no);
CREATE TRIGGER lot_never_deleted BEFORE DELETE ON lot BEGIN SELECT RAISE(ABORT, 'append-only: lot'); END;
CREATE TRIGGER lot_never_updated BEFORE UPDATE ON lot BEGIN SELECT RAISE(ABORT, 'append-only: lot'); END;
CREATE TABLE lot_amendment (
    lot_no INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (lot_no, seq)
) STRICT;
CREATE TRIGGER lot_amendment_never_deleted BEFORE DELETE ON lot_amendment BEGIN SELECT RAISE(ABORT, 'append-only: lot_amendment'); END;
CREATE TRIGGER lot_amendment_never_updated BEFORE UPDATE ON lot_amendment BEGIN SELECT RAISE(ABORT, 'append-only: lot_amendment'); END;
CREATE TABLE movement (
    seq INTEGER NOT NULL,
    line INTEGER NOT NULL,
    lot_no INTEGER NOT NULL,
    from_no INTEGER NOT NULL,
    to_no INTEGER NOT NULL,
    quantity INTEGER NOT NULL CONSTRAINT movement_quantity_positive CHECK (quantity > 0),
    assumed INTEGER NOT NULL CHECK (assumed IN (0, 1)),
    book_on INTEGER NOT NULL,
    PRIMARY KEY (seq, line),
    CONSTRAINT movement_goes_somewhere CHECK (from_no <> to_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX movement_by_lot ON movement (lot_no, seq);
CREATE INDEX movement_into ON movement (lot_no, to_no, book_on);
CREATE INDEX movement_out_of ON movement (lot_no, from_no, book_on);
CREATE TRIGGER movement_never_deleted BEFORE DELETE ON movement BEGIN SELECT RAISE(ABORT, 'append-only: movement'); END;
CREATE TRIGGER movement_never_updated BEFORE UPDATE ON movement BEGIN SELECT RAISE(ABORT, 'append-only: movement'); END;
CREATE TABLE numbered (
    series INTEGER NOT NULL,
    number INTEGER NOT NULL CONSTRAINT numbered_from_one CHECK (number >= 1),
    seq INTEGER NOT NULL UNIQUE,
    PRIMARY KEY (series, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER numbered_never_deleted BEFORE DELETE ON numbered BEGIN SELECT RAISE(ABORT, 'append-only: numbered'); END;
CREATE TRIGGER numbered_never_updated BEFORE UPDATE ON numbered BEGIN SELECT RAISE(ABORT, 'append-only: numbered'); END;
CREATE TABLE party (
    no INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    code TEXT NOT NULL,
    seq INTEGER NOT NULL
) STRICT;
CREATE TRIGGER party_never_deleted BEFORE DELETE ON party BEGIN SELECT RAISE(ABORT, 'append-only: party'); END;
CREATE TRIGGER party_never_updated BEFORE UPDATE ON party BEGIN SELECT RAISE(ABORT, 'append-only: party'); END;
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
CREATE TABLE person (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    login TEXT NOT NULL UNIQUE CONSTRAINT person_login_length CHECK (length(login) BETWEEN 1 AND 32),
    password TEXT,
    made_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;
CREATE TABLE person_role (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person BLOB NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    of BLOB NOT NULL CHECK (length(of) = 16),
    from_at INTEGER NOT NULL,
    until_at INTEGER
) STRICT;
CREATE INDEX person_role_by_what ON person_role (of, role) WHERE until_at IS NULL;
CREATE UNIQUE INDEX person_role_running ON person_role (person, role, of) WHERE until_at IS NULL;
CREATE TABLE place (
    no INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    owner BLOB NOT NULL CHECK (length(owner) = 16),
    holder BLOB NOT NULL CHECK (length(holder) = 16),
    ref BLOB NOT NULL CHECK (length(ref) = 16),
    UNIQUE (kind, owner, holder, ref)
) STRICT;
CREATE TRIGGER place_never_deleted BEFORE DELETE ON place BEGIN SELECT RAISE(ABORT, 'append-only: place'); END;
CREATE TRIGGER place_never_updated BEFORE UPDATE ON place BEGIN SELECT RAISE(ABORT, 'append-only: place'); END;
CREATE TABLE posting (
    seq INTEGER NOT NULL,
    line INTEGER NOT NULL,
    account_no INTEGER NOT NULL,
    yen INTEGER NOT NULL CONSTRAINT posting_yen_not_zero CHECK (yen <> 0),
    tax_category INTEGER NOT NULL,
    tax_percent INTEGER NOT NULL,
    basis INTEGER NOT NULL,
    work TEXT,
    supplied_on INTEGER NOT NULL,
    book_on INTEGER NOT NULL,
    PRIMARY KEY (seq, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX posting_by_account ON posting (account_no, book_on);
CREATE TRIGGER posting_never_deleted BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'append-only: posting'); END;
CREATE TRIGGER posting_never_updated BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'append-only: posting'); END;
CREATE TABLE product (
    no INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    owner_no INTEGER NOT NULL REFERENCES party (no),
    code TEXT NOT NULL,
    seq INTEGER NOT NULL
) STRICT;
CREATE TRIGGER product_never_deleted BEFORE DELETE ON product BEGIN SELECT RAISE(ABORT, 'append-only: product'); END;
CREATE TRIGGER product_never_updated BEFORE UPDATE ON product BEGIN SELECT RAISE(ABORT, 'append-only: product'); END;
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
CREATE TRIGGER reading_never_deleted BEFORE DELETE ON reading BEGIN SELECT RAISE(ABORT, 'append-only: reading'); END;
CREATE TRIGGER reading_never_updated BEFORE UPDATE ON reading BEGIN SELECT RAISE(ABORT, 'append-only: reading'); END;
CREATE TABLE session (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    person BLOB NOT NULL REFERENCES person (id),
    made_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
, card BLOB REFERENCES card (id)) STRICT;
CREATE INDEX session_by_person ON session (person);
CREATE TABLE setting (
    office BLOB NOT NULL CHECK (length(office) = 16),
    name TEXT NOT NULL,
    value TEXT NOT NULL CONSTRAINT setting_value_limited CHECK (length(value) BETWEEN 1 AND 20000),
    person BLOB NOT NULL CHECK (length(person) = 16),
    set_at INTEGER NOT NULL,
    PRIMARY KEY (office, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE stock (
    lot_no INTEGER NOT NULL,
    place_no INTEGER NOT NULL,
    inner_place INTEGER NOT NULL CHECK (inner_place IN (0, 1)),
    quantity INTEGER NOT NULL,
    last_day INTEGER NOT NULL, there INTEGER NOT NULL GENERATED ALWAYS AS (inner_place AND quantity <> 0) VIRTUAL,
    PRIMARY KEY (lot_no, place_no),
    CONSTRAINT stock_inner_not_negative CHECK (quantity >= 0 OR NOT inner_place)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_ever ON stock (place_no, lot_no) WHERE inner_place;
CREATE INDEX stock_there ON stock (place_no) WHERE there;
