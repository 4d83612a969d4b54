table access_token
    column id uuid not null
    column token_hash bytea not null
    column person uuid not null
    column name text not null
    column only_reads boolean not null
    column made_at bigint not null
    column expires_at bigint
    column revoked_at bigint
    constraint access_token_id PRIMARY KEY (id)
    constraint access_token_person_known FOREIGN KEY (person) REFERENCES person(id)
    constraint access_token_token_hash UNIQUE (token_hash)
    constraint access_token_token_hash_check CHECK ((length(token_hash) = 32))
    index CREATE INDEX access_token_by_person ON access_token USING btree (person)
table access_token_office
    column token uuid not null
    column office uuid not null
    constraint access_token_office_token_known FOREIGN KEY (token) REFERENCES access_token(id)
    constraint access_token_office_token_office PRIMARY KEY (token, office)
    index CREATE INDEX access_token_office_by_office ON access_token_office USING btree (office)
table account
    column no bigint not null
    column unit_kind smallint not null
    column unit uuid not null
    column section smallint not null
    column kind smallint not null
    column party uuid not null
    column cash_place uuid not null
    constraint account_no PRIMARY KEY (no)
    constraint account_unit_kind_unit_section_kind_party_cash_place UNIQUE (unit_kind, unit, section, kind, party, cash_place)
    trigger CREATE TRIGGER account_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON account FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table balance with fillfactor=70
    column account_no bigint not null
    column yen bigint not null
    column last_day integer not null
    constraint balance_account_no PRIMARY KEY (account_no)
table balance_month with fillfactor=70
    column account_no bigint not null
    column month integer not null
    column yen bigint not null
    constraint balance_month_account_no_month PRIMARY KEY (account_no, month)
table book
    column id integer not null
    column book_id uuid not null
    column format integer not null
    column made_at bigint not null
    constraint book_id PRIMARY KEY (id)
    constraint book_one CHECK ((id = 1))
    trigger CREATE TRIGGER book_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON book FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table book_key
    column key_id text collate "C" not null
    column public_key bytea not null
    column name text not null
    column from_at bigint not null
    constraint book_key_key_id PRIMARY KEY (key_id)
    constraint book_key_public_key_check CHECK ((length(public_key) = 32))
    trigger CREATE TRIGGER book_key_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON book_key FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table card
    column id uuid not null
    column secret_hash bytea not null
    column person uuid not null
    column office uuid not null
    column name text not null
    column made_by uuid not null
    column made_at bigint not null
    column stopped_at bigint
    constraint card_id PRIMARY KEY (id)
    constraint card_made_by_known FOREIGN KEY (made_by) REFERENCES person(id)
    constraint card_person_known FOREIGN KEY (person) REFERENCES person(id)
    constraint card_secret_hash UNIQUE (secret_hash)
    constraint card_secret_hash_check CHECK ((length(secret_hash) = 32))
    index CREATE INDEX card_by_office ON card USING btree (office)
table entry
    column seq bigint not null
    column id uuid not null
    column kind text collate "C" not null
    column format integer not null
    column acting text collate "C" not null
    column key text collate "C" not null
    column body_hash bytea not null
    column supplied_on integer not null
    column book_on integer not null
    column recorded_at bigint not null
    column recorder text not null
    column group_id uuid
    column agreement_id uuid
    column reverses_seq bigint
    column is_master boolean not null
    column canonical bytea not null
    column leaf_hash bytea not null
    column salt bytea not null
    constraint entry_acting_key UNIQUE (acting, key)
    constraint entry_body_hash_check CHECK ((length(body_hash) = 32))
    constraint entry_book_on_is_day CHECK (((book_on >= 10000101) AND (book_on <= 99991231)))
    constraint entry_id UNIQUE (id)
    constraint entry_leaf_hash_check CHECK ((length(leaf_hash) = 32))
    constraint entry_reverses_seq UNIQUE (reverses_seq)
    constraint entry_salt_check CHECK ((length(salt) = 32))
    constraint entry_seq PRIMARY KEY (seq)
    constraint entry_seq_counts CHECK ((seq >= 0))
    constraint entry_supplied_on_is_day CHECK (((supplied_on >= 10000101) AND (supplied_on <= 99991231)))
    index CREATE INDEX entry_by_agreement ON entry USING btree (agreement_id, supplied_on) WHERE (agreement_id IS NOT NULL)
    index CREATE INDEX entry_by_book_on ON entry USING btree (book_on)
    index CREATE INDEX entry_by_group ON entry USING btree (group_id, seq) WHERE (group_id IS NOT NULL)
    index CREATE INDEX entry_by_kind ON entry USING btree (kind, supplied_on)
    index CREATE INDEX entry_by_master ON entry USING btree (seq) WHERE is_master
    trigger CREATE TRIGGER entry_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table entry_office
    column office_no bigint not null
    column seq bigint not null
    constraint entry_office_office_no_seq PRIMARY KEY (office_no, seq)
    trigger CREATE TRIGGER entry_office_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON entry_office FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table entry_ref
    column target_seq bigint not null
    column seq bigint not null
    column role text collate "C" not null
    constraint entry_ref_target_seq_seq_role PRIMARY KEY (target_seq, seq, role)
    trigger CREATE TRIGGER entry_ref_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON entry_ref FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table entry_text
    column seq bigint not null
    column line integer not null
    column role text collate "C" not null
    column salt bytea
    column text text
    constraint entry_text_salt_check CHECK ((length(salt) = 32))
    constraint entry_text_seq_line PRIMARY KEY (seq, line)
    constraint entry_text_whole_or_erased CHECK (((salt IS NULL) = (text IS NULL)))
    trigger CREATE TRIGGER entry_text_never_deleted BEFORE DELETE OR TRUNCATE ON entry_text FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    trigger CREATE TRIGGER entry_text_only_erased BEFORE UPDATE ON entry_text FOR EACH ROW WHEN (NOT (new.seq = old.seq AND new.line = old.line AND new.role = old.role AND new.salt IS NULL AND new.text IS NULL)) EXECUTE FUNCTION refuse_change()
table evidence
    column hash bytea not null
    column media_type text collate "C" not null
    column size integer not null
    column bytes bytea not null
    column made_at bigint not null
    constraint evidence_hash PRIMARY KEY (hash)
    constraint evidence_hash_check CHECK ((length(hash) = 32))
    constraint evidence_size_limited CHECK (((size >= 1) AND (size <= 5242880)))
    constraint evidence_size_of_bytes CHECK ((length(bytes) = size))
table evidence_office
    column hash bytea not null
    column office uuid not null
    column person uuid not null
    column made_at bigint not null
    constraint evidence_office_hash_known FOREIGN KEY (hash) REFERENCES evidence(hash)
    constraint evidence_office_hash_office PRIMARY KEY (hash, office)
table invitation
    column id uuid not null
    column secret_hash bytea not null
    column role text collate "C" not null
    column of uuid not null
    column made_by uuid
    column made_at bigint not null
    column expires_at bigint not null
    column used_at bigint
    column used_by uuid
    constraint invitation_id PRIMARY KEY (id)
    constraint invitation_made_by_known FOREIGN KEY (made_by) REFERENCES person(id)
    constraint invitation_secret_hash UNIQUE (secret_hash)
    constraint invitation_secret_hash_check CHECK ((length(secret_hash) = 32))
    constraint invitation_used_by_known FOREIGN KEY (used_by) REFERENCES person(id)
    constraint invitation_used_by_somebody CHECK (((used_at IS NULL) = (used_by IS NULL)))
    index CREATE INDEX invitation_by_what ON invitation USING btree (of, role) WHERE (used_at IS NULL)
table link
    column seq bigint not null
    column line integer not null
    column input_no bigint not null
    column output_no bigint not null
    column quantity bigint not null
    constraint link_quantity_not_zero CHECK ((quantity <> 0))
    constraint link_seq_line PRIMARY KEY (seq, line)
    index CREATE INDEX link_by_input ON link USING btree (input_no)
    index CREATE INDEX link_by_output ON link USING btree (output_no)
    trigger CREATE TRIGGER link_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON link FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table log_checkpoint
    column size bigint not null
    column note text not null
    column at bigint not null
    constraint log_checkpoint_size PRIMARY KEY (size)
    trigger CREATE TRIGGER log_checkpoint_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON log_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table log_head with fillfactor=70
    column id integer not null
    column size bigint not null
    column root bytea not null
    column frontier bytea not null
    column last_recorded_at bigint not null
    column next_lot_no bigint not null
    column next_place_no bigint not null
    column next_account_no bigint not null
    column next_party_no bigint not null
    column next_product_no bigint not null
    constraint log_head_frontier_check CHECK (((length(frontier) % 32) = 8))
    constraint log_head_id PRIMARY KEY (id)
    constraint log_head_one CHECK ((id = 1))
    constraint log_head_root_check CHECK ((length(root) = 32))
    constraint log_head_size_counts CHECK ((size >= 0))
    trigger CREATE TRIGGER log_head_never_deleted BEFORE DELETE OR TRUNCATE ON log_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table log_tile
    column level smallint not null
    column tile_index bigint not null
    column slot smallint not null
    column hashes bytea not null
    constraint log_tile_hashes_check CHECK (((length(hashes) > 0) AND ((length(hashes) % 32) = 0)))
    constraint log_tile_level_tile_index_slot PRIMARY KEY (level, tile_index, slot)
    constraint log_tile_slot_in_tile CHECK (((slot >= 0) AND (slot <= 255)))
    trigger CREATE TRIGGER log_tile_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON log_tile FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table lot
    column no bigint not null
    column id uuid not null
    column code text collate "C" not null
    column product_no bigint not null
    column maker_no bigint not null
    column birth_seq bigint not null
    column made_on integer
    column best_before integer
    column facts text not null
    constraint lot_code UNIQUE (code)
    constraint lot_id UNIQUE (id)
    constraint lot_no PRIMARY KEY (no)
    index CREATE INDEX lot_by_product ON lot USING btree (product_no)
    trigger CREATE TRIGGER lot_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON lot FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table lot_amendment
    column lot_no bigint not null
    column seq bigint not null
    column facts text not null
    constraint lot_amendment_lot_no_seq PRIMARY KEY (lot_no, seq)
    trigger CREATE TRIGGER lot_amendment_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON lot_amendment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table movement
    column seq bigint not null
    column line integer not null
    column lot_no bigint not null
    column from_no bigint not null
    column to_no bigint not null
    column quantity bigint not null
    column assumed boolean not null
    column book_on integer not null
    constraint movement_goes_somewhere CHECK ((from_no <> to_no))
    constraint movement_quantity_positive CHECK ((quantity > 0))
    constraint movement_seq_line PRIMARY KEY (seq, line)
    index CREATE INDEX movement_by_lot ON movement USING btree (lot_no, seq)
    index CREATE INDEX movement_into ON movement USING btree (lot_no, to_no, book_on)
    index CREATE INDEX movement_out_of ON movement USING btree (lot_no, from_no, book_on)
    trigger CREATE TRIGGER movement_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON movement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table numbered
    column series bigint not null
    column number bigint not null
    column seq bigint not null
    constraint numbered_from_one CHECK ((number >= 1))
    constraint numbered_seq UNIQUE (seq)
    constraint numbered_series_number PRIMARY KEY (series, number)
    trigger CREATE TRIGGER numbered_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON numbered FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table party
    column no bigint not null
    column kind smallint not null
    column id uuid not null
    column code text collate "C" not null
    column seq bigint not null
    constraint party_id UNIQUE (id)
    constraint party_no PRIMARY KEY (no)
    trigger CREATE TRIGGER party_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON party FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table password_reset
    column id uuid not null
    column secret_hash bytea not null
    column person uuid not null
    column made_by uuid not null
    column made_at bigint not null
    column expires_at bigint not null
    column used_at bigint
    constraint password_reset_id PRIMARY KEY (id)
    constraint password_reset_made_by_known FOREIGN KEY (made_by) REFERENCES person(id)
    constraint password_reset_person_known FOREIGN KEY (person) REFERENCES person(id)
    constraint password_reset_secret_hash UNIQUE (secret_hash)
    constraint password_reset_secret_hash_check CHECK ((length(secret_hash) = 32))
    index CREATE INDEX password_reset_by_person ON password_reset USING btree (person) WHERE (used_at IS NULL)
table person
    column id uuid not null
    column login text collate "C" not null
    column password text
    column made_at bigint not null
    column disabled_at bigint
    constraint person_id PRIMARY KEY (id)
    constraint person_login UNIQUE (login)
    constraint person_login_length CHECK (((length(login) >= 1) AND (length(login) <= 32)))
table person_role
    column id uuid not null
    column person uuid not null
    column role text collate "C" not null
    column of uuid not null
    column from_at bigint not null
    column until_at bigint
    constraint person_role_id PRIMARY KEY (id)
    constraint person_role_person_known FOREIGN KEY (person) REFERENCES person(id)
    index CREATE INDEX person_role_by_what ON person_role USING btree (of, role) WHERE (until_at IS NULL)
    index CREATE UNIQUE INDEX person_role_running ON person_role USING btree (person, role, of) WHERE (until_at IS NULL)
table place
    column no bigint not null
    column kind smallint not null
    column owner uuid not null
    column holder uuid not null
    column ref uuid not null
    constraint place_kind_owner_holder_ref UNIQUE (kind, owner, holder, ref)
    constraint place_no PRIMARY KEY (no)
    trigger CREATE TRIGGER place_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON place FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table posting
    column seq bigint not null
    column line integer not null
    column account_no bigint not null
    column yen bigint not null
    column tax_category smallint not null
    column tax_percent smallint not null
    column basis smallint not null
    column work text collate "C"
    column supplied_on integer not null
    column book_on integer not null
    constraint posting_seq_line PRIMARY KEY (seq, line)
    constraint posting_yen_not_zero CHECK ((yen <> 0))
    index CREATE INDEX posting_by_account ON posting USING btree (account_no, book_on)
    trigger CREATE TRIGGER posting_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON posting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table product
    column no bigint not null
    column id uuid not null
    column owner_no bigint not null
    column code text collate "C" not null
    column seq bigint not null
    constraint product_id UNIQUE (id)
    constraint product_no PRIMARY KEY (no)
    constraint product_owner_no FOREIGN KEY (owner_no) REFERENCES party(no)
    trigger CREATE TRIGGER product_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON product FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table proposal
    column id uuid not null
    column acting text collate "C" not null
    column key text collate "C" not null
    column kind text collate "C" not null
    column command text not null
    column made_by uuid not null
    column made_at bigint not null
    column due_on integer not null
    column state text collate "C" not null
    column entry uuid
    column closed_at bigint
    constraint proposal_acting_key UNIQUE (acting, key)
    constraint proposal_done_is_entry CHECK (((state = 'done'::text) = (entry IS NOT NULL)))
    constraint proposal_due_on_is_day CHECK (((due_on >= 10000101) AND (due_on <= 99991231)))
    constraint proposal_id PRIMARY KEY (id)
    constraint proposal_open_or_closed CHECK (((state = 'open'::text) = (closed_at IS NULL)))
    constraint proposal_state_known CHECK ((state = ANY (ARRAY['open'::text, 'done'::text, 'contested'::text, 'withdrawn'::text])))
table proposal_party
    column proposal uuid not null
    column office uuid not null
    column answer text collate "C"
    column person uuid
    column at bigint
    column note text
    constraint proposal_party_answer_known CHECK ((answer = ANY (ARRAY['agreed'::text, 'contested'::text])))
    constraint proposal_party_answered_whole CHECK ((((answer IS NULL) = (person IS NULL)) AND ((answer IS NULL) = (at IS NULL))))
    constraint proposal_party_proposal_known FOREIGN KEY (proposal) REFERENCES proposal(id)
    constraint proposal_party_proposal_office PRIMARY KEY (proposal, office)
    index CREATE INDEX proposal_party_by_office ON proposal_party USING btree (office, proposal)
table question
    column id uuid not null
    column office uuid not null
    column other uuid not null
    column entry uuid not null
    column text text not null
    column asked_by uuid not null
    column asked_at bigint not null
    column answer text
    column answered_by uuid
    column answered_at bigint
    column closed_at bigint
    constraint question_answer_limited CHECK (((length(answer) >= 1) AND (length(answer) <= 1000)))
    constraint question_answered_whole CHECK ((((answer IS NULL) = (answered_by IS NULL)) AND ((answer IS NULL) = (answered_at IS NULL))))
    constraint question_id PRIMARY KEY (id)
    constraint question_of_two CHECK ((office <> other))
    constraint question_text_limited CHECK (((length(text) >= 1) AND (length(text) <= 1000)))
    index CREATE INDEX question_by_office ON question USING btree (office, other)
    index CREATE INDEX question_by_other ON question USING btree (other, office)
table reading
    column no bigint not null
    column at bigint not null
    column person uuid not null
    column office uuid not null
    column network uuid not null
    column operation text collate "C" not null
    column subject text not null
    constraint reading_no PRIMARY KEY (no)
    index CREATE INDEX reading_by_office ON reading USING btree (office, no)
    trigger CREATE TRIGGER reading_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON reading FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
table session
    column token_hash bytea not null
    column person uuid not null
    column made_at bigint not null
    column seen_at bigint not null
    column expires_at bigint not null
    column ended_at bigint
    column card uuid
    constraint session_card_known FOREIGN KEY (card) REFERENCES card(id)
    constraint session_person_known FOREIGN KEY (person) REFERENCES person(id)
    constraint session_token_hash PRIMARY KEY (token_hash)
    constraint session_token_hash_check CHECK ((length(token_hash) = 32))
    index CREATE INDEX session_by_person ON session USING btree (person)
table setting
    column office uuid not null
    column name text collate "C" not null
    column value text not null
    column person uuid not null
    column set_at bigint not null
    constraint setting_office_name PRIMARY KEY (office, name)
    constraint setting_value_limited CHECK (((length(value) >= 1) AND (length(value) <= 20000)))
table stock with fillfactor=70
    column lot_no bigint not null
    column place_no bigint not null
    column inner_place boolean not null
    column quantity bigint not null
    column last_day integer not null
    column there boolean not null
    constraint stock_inner_not_negative CHECK (((quantity >= 0) OR (NOT inner_place)))
    constraint stock_lot_no_place_no PRIMARY KEY (lot_no, place_no)
    index CREATE INDEX stock_ever ON stock USING btree (place_no, lot_no) WHERE inner_place
    index CREATE INDEX stock_there ON stock USING btree (place_no) WHERE there
function refuse_change BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME; END
