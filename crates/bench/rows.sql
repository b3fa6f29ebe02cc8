-- Puts 100,000 accounts, bans of the server and messages into a database of chat-server, for lists that operators ask for.
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
INSERT INTO accounts (name, shown, hash, created, delivered, last_here)
SELECT 'user' || i, 'user' || i, '', 1700000000000, 0, 1700000000000 FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
INSERT INTO server_bans (kind, name, shown, reason, setter, created)
SELECT 'nick', 'spam' || i, 'spam' || i, 'spam', 'root', 1700000000000 FROM n;
INSERT INTO targets (id, name, channel, shown) VALUES (1, '#old', '#old', '#old');
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
INSERT INTO messages (target, id, time, kind, nick, username, host, bot, text)
SELECT 1, i, 1700000000000 + i, 'PRIVMSG', 'ann', 'ann', 'host', 0, 'what was said there once, about as long as most lines are' FROM n;
INSERT INTO moments (id, time) VALUES (1, 1699999200000);
COMMIT;
