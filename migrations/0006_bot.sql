-- Whether an account says that it is a bot (user mode B).
ALTER TABLE accounts ADD COLUMN bot INTEGER NOT NULL DEFAULT 0;
