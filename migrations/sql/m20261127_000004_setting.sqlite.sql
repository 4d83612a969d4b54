-- How an office likes its papers, labels and files: kept beside the book. One row a name, changed in place: what it was before
-- matters to nobody. Names are a closed list of the app crate; values are JSON.
-- Side by side with the .postgres.sql of the same name; a test compares the two.
CREATE TABLE setting (
    office BLOB NOT NULL CHECK (length(office) = 16),
    name TEXT NOT NULL,
    value TEXT NOT NULL CONSTRAINT setting_value_limited CHECK (length(value) BETWEEN 1 AND 20000),
    person BLOB NOT NULL CHECK (length(person) = 16),
    set_at INTEGER NOT NULL,
    PRIMARY KEY (office, name)
) STRICT, WITHOUT ROWID;
