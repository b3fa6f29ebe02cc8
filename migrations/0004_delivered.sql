-- Up to where an account has had everything, as far as its clients have shown, is not when it was here last: `seen` is
-- that alone now. Files of before take the one for the other, as the server did.
ALTER TABLE accounts ADD COLUMN delivered INTEGER NOT NULL DEFAULT 0;

UPDATE accounts SET delivered = coalesce(seen, (SELECT last_id FROM meta));

-- The same for devices that say which they are (account@device).
CREATE TABLE devices (
    account   TEXT    NOT NULL,
    device    TEXT    NOT NULL,
    delivered INTEGER NOT NULL,
    last_here INTEGER NOT NULL,
    PRIMARY KEY (account, device)
) STRICT, WITHOUT ROWID;
