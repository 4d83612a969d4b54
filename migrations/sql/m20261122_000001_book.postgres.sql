-- The book: its head, its log, its entries, what they moved, and what is kept in sum.
-- Side by side with the .sqlite.sql of the same name; a test compares the two.
--
-- Days are whole numbers yyyymmdd, months yyyymm, times milliseconds since 1970 in UTC. Hashes are 32 bytes.
-- Every *_no is a small number of this book, given out by the writer under the head's lock; canonical bytes carry
-- the ids. Kinds, sections, categories and roles are closed lists of the domain crate: they grow, so they are not
-- repeated here. Text that is a key or is sorted has COLLATE "C", so that both engines order it by bytes.
-- No schema is named: the connection's search_path says whose book this is.

-- 帳簿: one schema is one book.
CREATE TABLE book (
    id integer NOT NULL CONSTRAINT book_id PRIMARY KEY CONSTRAINT book_one CHECK (id = 1),
    book_id uuid NOT NULL,
    format integer NOT NULL,
    made_at bigint NOT NULL
);

-- Public halves of the keys that sign checkpoints; the key files stay outside.
CREATE TABLE book_key (
    key_id text COLLATE "C" NOT NULL CONSTRAINT book_key_key_id PRIMARY KEY,
    public_key bytea NOT NULL CHECK (length(public_key) = 32),
    name text NOT NULL,
    from_at bigint NOT NULL
);

-- The one row every writer locks first. Updated in place, last in a batch, WHERE size = the size read.
CREATE TABLE log_head (
    id integer NOT NULL CONSTRAINT log_head_id PRIMARY KEY CONSTRAINT log_head_one CHECK (id = 1),
    size bigint NOT NULL CONSTRAINT log_head_size_counts CHECK (size >= 0),
    root bytea NOT NULL CHECK (length(root) = 32),
    frontier bytea NOT NULL CHECK (length(frontier) % 32 = 8),
    last_recorded_at bigint NOT NULL,
    next_lot_no bigint NOT NULL,
    next_place_no bigint NOT NULL,
    next_account_no bigint NOT NULL,
    next_party_no bigint NOT NULL,
    next_product_no bigint NOT NULL
) WITH (fillfactor = 70);

-- An empty book: the root of no leaves is SHA-256 of nothing (RFC 6962, 2.1); its frontier is the size, 8 bytes, and
-- no hashes.
INSERT INTO log_head
VALUES (1, 0, '\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '\x0000000000000000', 0, 1, 1, 1, 1, 1);

-- Hashes of the tree, 256 to a tile. A tile is written in pieces, each from its own slot on (the domain's offset, a
-- reserved word here), and never rewritten.
CREATE TABLE log_tile (
    level smallint NOT NULL,
    tile_index bigint NOT NULL,
    slot smallint NOT NULL CONSTRAINT log_tile_slot_in_tile CHECK (slot BETWEEN 0 AND 255),
    hashes bytea NOT NULL CHECK (length(hashes) > 0 AND length(hashes) % 32 = 0),
    CONSTRAINT log_tile_level_tile_index_slot PRIMARY KEY (level, tile_index, slot)
);

CREATE TABLE log_checkpoint (
    size bigint NOT NULL CONSTRAINT log_checkpoint_size PRIMARY KEY,
    note text NOT NULL,
    at bigint NOT NULL
);

-- 伝票. `acting` is the body that answers for it: office:ID, network:ID or keeper.
CREATE TABLE entry (
    seq bigint NOT NULL CONSTRAINT entry_seq PRIMARY KEY CONSTRAINT entry_seq_counts CHECK (seq >= 0),
    id uuid NOT NULL CONSTRAINT entry_id UNIQUE,
    kind text COLLATE "C" NOT NULL,
    format integer NOT NULL,
    acting text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    body_hash bytea NOT NULL CHECK (length(body_hash) = 32),
    supplied_on integer NOT NULL CONSTRAINT entry_supplied_on_is_day CHECK (supplied_on BETWEEN 10000101 AND 99991231),
    book_on integer NOT NULL CONSTRAINT entry_book_on_is_day CHECK (book_on BETWEEN 10000101 AND 99991231),
    recorded_at bigint NOT NULL,
    recorder text NOT NULL,
    group_id uuid,
    agreement_id uuid,
    reverses_seq bigint CONSTRAINT entry_reverses_seq UNIQUE,
    is_master boolean NOT NULL,
    canonical bytea NOT NULL,
    leaf_hash bytea NOT NULL CHECK (length(leaf_hash) = 32),
    salt bytea NOT NULL CHECK (length(salt) = 32),
    CONSTRAINT entry_acting_key UNIQUE (acting, key)
);
CREATE INDEX entry_by_master ON entry (seq) WHERE is_master;
CREATE INDEX entry_by_book_on ON entry (book_on);
CREATE INDEX entry_by_kind ON entry (kind, supplied_on);
CREATE INDEX entry_by_agreement ON entry (agreement_id, supplied_on) WHERE agreement_id IS NOT NULL;

-- Notes and reasons. The log holds only a salted commitment, so one can be erased: salt and text go, the row stays.
CREATE TABLE entry_text (
    seq bigint NOT NULL,
    line integer NOT NULL,
    role text COLLATE "C" NOT NULL,
    salt bytea CHECK (length(salt) = 32),
    text text,
    CONSTRAINT entry_text_seq_line PRIMARY KEY (seq, line),
    CONSTRAINT entry_text_whole_or_erased CHECK ((salt IS NULL) = (text IS NULL))
);

-- Offices an entry touches.
CREATE TABLE entry_office (
    office_no bigint NOT NULL,
    seq bigint NOT NULL,
    CONSTRAINT entry_office_office_no_seq PRIMARY KEY (office_no, seq)
);

-- Entries that refer to an entry, found from the one referred to.
CREATE TABLE entry_ref (
    target_seq bigint NOT NULL,
    seq bigint NOT NULL,
    role text COLLATE "C" NOT NULL,
    CONSTRAINT entry_ref_target_seq_seq_role PRIMARY KEY (target_seq, seq, role)
);

-- 事業所, 取引先, 法人, 連絡会; `seq` is the entry that named it.
CREATE TABLE party (
    no bigint NOT NULL CONSTRAINT party_no PRIMARY KEY,
    kind smallint NOT NULL,
    id uuid NOT NULL CONSTRAINT party_id UNIQUE,
    code text COLLATE "C" NOT NULL,
    seq bigint NOT NULL
);

CREATE TABLE product (
    no bigint NOT NULL CONSTRAINT product_no PRIMARY KEY,
    id uuid NOT NULL CONSTRAINT product_id UNIQUE,
    owner_no bigint NOT NULL CONSTRAINT product_owner_no REFERENCES party (no),
    code text COLLATE "C" NOT NULL,
    seq bigint NOT NULL
);

-- ロット. `facts` is canonical JSON, never asked by SQL.
CREATE TABLE lot (
    no bigint NOT NULL CONSTRAINT lot_no PRIMARY KEY,
    id uuid NOT NULL CONSTRAINT lot_id UNIQUE,
    code text COLLATE "C" NOT NULL CONSTRAINT lot_code UNIQUE,
    product_no bigint NOT NULL,
    maker_no bigint NOT NULL,
    birth_seq bigint NOT NULL,
    made_on integer,
    best_before integer,
    facts text NOT NULL
);
CREATE INDEX lot_by_product ON lot (product_no);

-- Facts of a lot as a correction amends them; the last one holds.
CREATE TABLE lot_amendment (
    lot_no bigint NOT NULL,
    seq bigint NOT NULL,
    facts text NOT NULL,
    CONSTRAINT lot_amendment_lot_no_seq PRIMARY KEY (lot_no, seq)
);

-- 置き場: ids, as the canonical bytes have them, so that a place needs no look-up of parties. The nil id is "none".
CREATE TABLE place (
    no bigint NOT NULL CONSTRAINT place_no PRIMARY KEY,
    kind smallint NOT NULL,
    owner uuid NOT NULL,
    holder uuid NOT NULL,
    ref uuid NOT NULL,
    CONSTRAINT place_kind_owner_holder_ref UNIQUE (kind, owner, holder, ref)
);

CREATE TABLE account (
    no bigint NOT NULL CONSTRAINT account_no PRIMARY KEY,
    unit_kind smallint NOT NULL,
    unit uuid NOT NULL,
    section smallint NOT NULL,
    kind smallint NOT NULL,
    party uuid NOT NULL,
    cash_place uuid NOT NULL,
    CONSTRAINT account_unit_kind_unit_section_kind_party_cash_place
        UNIQUE (unit_kind, unit, section, kind, party, cash_place)
);

-- Movements, postings and links have no foreign keys: six of them made COPY 4.7 times slower; decide and verify hold
-- the references.
CREATE TABLE movement (
    seq bigint NOT NULL,
    line integer NOT NULL,
    lot_no bigint NOT NULL,
    from_no bigint NOT NULL,
    to_no bigint NOT NULL,
    quantity bigint NOT NULL CONSTRAINT movement_quantity_positive CHECK (quantity > 0),
    assumed boolean NOT NULL,
    book_on integer NOT NULL,
    CONSTRAINT movement_seq_line PRIMARY KEY (seq, line),
    CONSTRAINT movement_goes_somewhere CHECK (from_no <> to_no)
);
CREATE INDEX movement_by_lot ON movement (lot_no, seq);
-- The two sides of a lot at a place by day: the later-day check, when stock.last_day does not settle it.
CREATE INDEX movement_out_of ON movement (lot_no, from_no, book_on);
CREATE INDEX movement_into ON movement (lot_no, to_no, book_on);

CREATE TABLE posting (
    seq bigint NOT NULL,
    line integer NOT NULL,
    account_no bigint NOT NULL,
    yen bigint NOT NULL CONSTRAINT posting_yen_not_zero CHECK (yen <> 0),
    tax_category smallint NOT NULL,
    tax_percent smallint NOT NULL,
    basis smallint NOT NULL,
    work text COLLATE "C",
    supplied_on integer NOT NULL,
    book_on integer NOT NULL,
    CONSTRAINT posting_seq_line PRIMARY KEY (seq, line)
);
CREATE INDEX posting_by_account ON posting (account_no, book_on);

-- Input lot, output lot, quantity used; negative where a reversal mirrors it.
CREATE TABLE link (
    seq bigint NOT NULL,
    line integer NOT NULL,
    input_no bigint NOT NULL,
    output_no bigint NOT NULL,
    quantity bigint NOT NULL CONSTRAINT link_quantity_not_zero CHECK (quantity <> 0),
    CONSTRAINT link_seq_line PRIMARY KEY (seq, line)
);
CREATE INDEX link_by_output ON link (output_no);
CREATE INDEX link_by_input ON link (input_no);

-- Sums, kept while writing; verify folds the entries and compares. Nothing that changes is indexed, and pages have
-- room, so that an update stays on its page.
CREATE TABLE stock (
    lot_no bigint NOT NULL,
    place_no bigint NOT NULL,
    inner_place boolean NOT NULL,
    quantity bigint NOT NULL,
    last_day integer NOT NULL,
    CONSTRAINT stock_lot_no_place_no PRIMARY KEY (lot_no, place_no),
    CONSTRAINT stock_inner_not_negative CHECK (quantity >= 0 OR NOT inner_place)
) WITH (fillfactor = 70);
CREATE INDEX stock_by_place ON stock (place_no) WHERE inner_place;

CREATE TABLE balance (
    account_no bigint NOT NULL CONSTRAINT balance_account_no PRIMARY KEY,
    yen bigint NOT NULL,
    last_day integer NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE balance_month (
    account_no bigint NOT NULL,
    month integer NOT NULL,
    yen bigint NOT NULL,
    CONSTRAINT balance_month_account_no_month PRIMARY KEY (account_no, month)
) WITH (fillfactor = 70);

-- Append-only. Statement triggers: they cost nothing a row, and refuse even a change that would hit none.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME; END$$;
CREATE TRIGGER book_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON book EXECUTE FUNCTION refuse_change();
CREATE TRIGGER book_key_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON book_key EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_tile_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON log_tile EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_checkpoint_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON log_checkpoint EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON entry EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_office_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON entry_office EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_ref_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON entry_ref EXECUTE FUNCTION refuse_change();
CREATE TRIGGER party_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON party EXECUTE FUNCTION refuse_change();
CREATE TRIGGER product_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON product EXECUTE FUNCTION refuse_change();
CREATE TRIGGER lot_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON lot EXECUTE FUNCTION refuse_change();
CREATE TRIGGER lot_amendment_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON lot_amendment EXECUTE FUNCTION refuse_change();
CREATE TRIGGER place_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON place EXECUTE FUNCTION refuse_change();
CREATE TRIGGER account_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON account EXECUTE FUNCTION refuse_change();
CREATE TRIGGER movement_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON movement EXECUTE FUNCTION refuse_change();
CREATE TRIGGER posting_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON posting EXECUTE FUNCTION refuse_change();
CREATE TRIGGER link_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON link EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_head_never_deleted BEFORE DELETE OR TRUNCATE ON log_head EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_text_only_erased BEFORE UPDATE ON entry_text FOR EACH ROW
WHEN (NOT (NEW.seq = OLD.seq AND NEW.line = OLD.line AND NEW.role = OLD.role AND NEW.salt IS NULL AND NEW.text IS NULL))
EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_text_never_deleted BEFORE DELETE OR TRUNCATE ON entry_text EXECUTE FUNCTION refuse_change();
