-- The order and the time of what happened are two things: ids only count, and clocks may be set wrong. Until now the
-- time was in the id, which was Unix milliseconds shifted left by 20, plus a counter.
ALTER TABLE messages ADD COLUMN time INTEGER NOT NULL DEFAULT 0;
UPDATE messages SET time = id >> 20;

ALTER TABLE audit ADD COLUMN time INTEGER NOT NULL DEFAULT 0;
UPDATE audit SET time = id >> 20;

-- What the clock showed when something was stored last; NULL where nothing ever was.
ALTER TABLE meta ADD COLUMN last_time INTEGER;
UPDATE meta SET last_time = last_id >> 20 WHERE last_id > 0;

-- When an account was here last, NULL while it is on, was an id, too.
ALTER TABLE accounts RENAME COLUMN seen TO last_here;
UPDATE accounts SET last_here = last_here >> 20;

-- Up to which id an account had a channel when it left it, or went.
ALTER TABLE members RENAME COLUMN seen TO delivered;

-- Where in the order a time is to be looked for, among messages and lines of the audit log. Each row begins a stretch of
-- the order, and all that it holds is from the hour that begins at `time`.
CREATE TABLE moments (
    id   INTEGER NOT NULL PRIMARY KEY,
    time INTEGER NOT NULL
) STRICT;

-- In ids, the time never went back.
INSERT INTO moments (id, time)
    SELECT min(id), min(id) >> 20
    FROM (SELECT id FROM messages UNION ALL SELECT id FROM audit)
    GROUP BY (id >> 20) / 3600000;
