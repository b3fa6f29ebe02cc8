-- Channels that ended because nobody used them, for those who founded them and have not been told yet.
CREATE TABLE expired_channels (
    account TEXT NOT NULL,
    channel TEXT NOT NULL,  -- as it was shown
    PRIMARY KEY (account, channel)
) STRICT, WITHOUT ROWID;
