-- Never change a migration that was released: add another file.
--
-- Times are Unix milliseconds. Ids of messages are Unix milliseconds shifted left by 20, plus a counter.
-- `name` columns are folded for comparing, `shown` ones are as people typed them.
-- No table refers to another by a foreign key: a batch is refused as a whole or not at all, and one message that
-- comes a moment after its account was deleted must not take a thousand others with it.

CREATE TABLE meta (
    one     INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    last_id INTEGER NOT NULL,   -- the highest id that was ever stored
    probes  INTEGER NOT NULL    -- counted up to learn whether the disk takes writes
) STRICT;

INSERT INTO meta (one, last_id, probes) VALUES (1, 0, 0);

-- AUTOINCREMENT: the number of a deleted account is never given again, so nobody inherits its whispers.
CREATE TABLE accounts (
    id      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name    TEXT    NOT NULL UNIQUE,
    shown   TEXT    NOT NULL,
    hash    TEXT    NOT NULL,   -- PHC string
    created INTEGER NOT NULL,
    seen    INTEGER             -- up to which id it has seen everything; NULL while it is on
) STRICT;

CREATE TABLE channels (
    name         TEXT    NOT NULL PRIMARY KEY,
    shown        TEXT    NOT NULL,
    created      INTEGER NOT NULL,
    modes        TEXT    NOT NULL,  -- letters
    key          TEXT,
    member_limit INTEGER,
    topic        TEXT,
    topic_setter TEXT,
    topic_time   INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
    channel TEXT    NOT NULL,
    account TEXT    NOT NULL,
    joined  INTEGER NOT NULL,
    ranks   TEXT    NOT NULL,   -- letters
    seen    INTEGER NOT NULL,
    PRIMARY KEY (channel, account)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_account ON members (account);

CREATE TABLE channel_bans (
    id      INTEGER NOT NULL PRIMARY KEY,
    channel TEXT    NOT NULL,
    name    TEXT    NOT NULL,   -- the mask
    shown   TEXT    NOT NULL,
    setter  TEXT    NOT NULL,
    time    INTEGER NOT NULL,
    UNIQUE (channel, name)
) STRICT;

CREATE TABLE server_bans (
    id      INTEGER NOT NULL PRIMARY KEY,
    kind    TEXT    NOT NULL,   -- nick, account, address
    name    TEXT    NOT NULL,
    shown   TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    setter  TEXT    NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER,            -- NULL is for ever
    UNIQUE (kind, name)
) STRICT;

-- Codes that were neither used nor ran out. Each makes one account.
CREATE TABLE invitations (
    code    TEXT    NOT NULL PRIMARY KEY,
    created INTEGER NOT NULL,
    expires INTEGER             -- NULL is for ever
) STRICT, WITHOUT ROWID;

-- Conversations. `name` is what the living are asked for by: "#lobby", or "alice bob" for two ends. One that ended
-- has its number added to the name, behind a space, so that no question finds it and the name is free.
CREATE TABLE targets (
    id      INTEGER NOT NULL PRIMARY KEY,
    name    TEXT    NOT NULL UNIQUE,
    channel TEXT,               -- folded, of a living or ended channel; NULL for two ends
    shown   TEXT    NOT NULL,
    one     TEXT,               -- the two ends of a direct conversation: account, ~guest, or * for the server
    other   TEXT
) STRICT;

CREATE INDEX targets_by_one   ON targets (one)   WHERE one IS NOT NULL;
CREATE INDEX targets_by_other ON targets (other) WHERE other IS NOT NULL;

-- Every message, as it was sent, clustered so that one conversation lies together in its order.
CREATE TABLE messages (
    target     INTEGER NOT NULL,
    id         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,    -- PRIVMSG, NOTICE
    nick       TEXT,                -- NULL: the server said it
    username   TEXT,
    host       TEXT,
    account    TEXT,
    bot        INTEGER NOT NULL,
    rank       TEXT,                -- only for members of that rank: letter
    to_nick    TEXT,                -- direct messages: to whom
    to_account TEXT,
    inbox      INTEGER,             -- direct messages: the number of the receiving account
    text       TEXT    NOT NULL,
    tags       TEXT,
    PRIMARY KEY (target, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX messages_by_inbox ON messages (inbox, id) WHERE inbox IS NOT NULL;

CREATE TABLE audit (
    id     INTEGER NOT NULL PRIMARY KEY,
    actor  TEXT    NOT NULL,
    action TEXT    NOT NULL,
    target TEXT    NOT NULL,
    detail TEXT    NOT NULL
) STRICT;
