-- When a channel was used last: one that nobody uses for long ends. Of those from before nobody knows, so they count from
-- now on.
ALTER TABLE channels ADD COLUMN last_used INTEGER NOT NULL DEFAULT 0;

UPDATE channels SET last_used = unixepoch() * 1000;
