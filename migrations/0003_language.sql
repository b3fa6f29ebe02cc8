-- The language in which an account is spoken to, by its code; NULL is that of the server.
ALTER TABLE accounts ADD COLUMN language TEXT;
