-- How an office likes its papers, labels and files: kept beside the book. One row a name, changed in place: what it was before
-- matters to nobody. Names are a closed list of the app crate; values are JSON.
-- Side by side with the .sqlite.sql of the same name; a test compares the two.
CREATE TABLE setting (
    office uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    value text NOT NULL CONSTRAINT setting_value_limited CHECK (length(value) BETWEEN 1 AND 20000),
    person uuid NOT NULL,
    set_at bigint NOT NULL,
    CONSTRAINT setting_office_name PRIMARY KEY (office, name)
);
