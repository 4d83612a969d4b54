-- What was recorded together (a file that was taken in, a bulk) is found and taken back together.
CREATE INDEX entry_by_group ON entry (group_id, seq) WHERE group_id IS NOT NULL;
