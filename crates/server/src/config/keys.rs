//! Every configuration key, with its default and why one would change it. `config/chat-server.toml` is written from
//! this table, and a test holds the two, and the code that reads them, together.

/// One key.
pub(crate) struct Key {
    /// The table it stands in: `"server"`, or `"[listen]"` for a table that may stand there several times.
    pub(crate) table: &'static str,
    pub(crate) name: &'static str,
    /// In TOML. For several tables an example.
    pub(crate) default: &'static str,
    /// One line.
    pub(crate) why: &'static str,
    /// What it may be at the least and at the most.
    pub(crate) range: Range,
}

/// A floor and a ceiling, as people write them: below the one the server would not work, above the other the limit
/// would be none.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Range {
    /// Its type says enough.
    Any,
    /// A number.
    Count(u32, u32),
    /// A size in bytes.
    Size(&'static str, &'static str),
    /// A duration.
    Length(&'static str, &'static str),
}

const fn key(table: &'static str, name: &'static str, default: &'static str, why: &'static str) -> Key {
    Key { table, name, default, why, range: Range::Any }
}

const fn limit(
    table: &'static str,
    name: &'static str,
    default: &'static str,
    range: Range,
    why: &'static str,
) -> Key {
    Key { table, name, default, why, range }
}

use Range::{Count, Length, Size};

#[rustfmt::skip]
pub(crate) static KEYS: &[Key] = &[
    key("server", "name", "\"chat.local\"", "the server's name in IRC numerics; with at least one dot"),
    key("server", "network", "\"ChatRoom\"", "the name that IRC clients show for the whole of it; no spaces"),
    key("server", "description", "\"a chat room\"", "one line on what this is"),
    key("server", "data_dir", "\"\"", "where chat.db and the admin socket are; \"\" is $XDG_STATE_HOME/chat-server, else ~/.local/state/chat-server"),
    key("server", "lobby", "\"#lobby\"", "the channel that everybody is put in; \"\" for none (then no plain or json listener)"),
    key("server", "password", "\"\"", "what one must know to come in without an account (IRC: PASS), or to make one before; an account's own password is enough; \"\" for nothing"),
    key("server", "language", "\"en\"", "the language of whoever has chosen none with /lang: \"en\" or \"zh\" (中文)"),
    key("server", "motd", "\"\"", "message of the day, may have several lines"),
    key("[listen]", "protocol", "\"irc\"", "\"irc\", \"plain\" (nc, telnet) or \"json\" (scripts)"),
    key("[listen]", "address", "\"127.0.0.1:6667\"", "HOST:PORT; port 0 takes any free one and says which"),
    key("[listen]", "tls", "{ certificate = \"chain.pem\", key = \"key.pem\" }", "encrypt; PEM files, read again on SIGHUP"),
    key("[listen]", "websocket", "false", "speak WebSocket, for clients in browsers"),
    key("[listen]", "guest", "false", "plain and json: ask nothing, everyone is guestNNNN at once"),
    key("admin", "socket", "\"\"", "where chat-admin connects; \"\" is admin.sock in data_dir"),
    key("accounts", "registration", "\"open\"", "who may make an account: \"open\" everybody, \"invite\" who was given a code (chat-admin user invite), \"closed\" administrators only"),
    key("accounts", "guests", "true", "whether one may be here without an account"),
    key("[operator]", "name", "\"root\"", "who may become IRC operator with OPER"),
    key("[operator]", "password_hash", "\"$argon2id$…\"", "what `chat-server --hash-password` printed"),
    limit("history", "retention", "\"forever\"", Length("1s", "forever"), "how long messages are kept: \"90d\", or \"forever\"; what is older goes for good, also right after a reload"),
    limit("history", "replay", "50", Count(0, 10_000), "lines that a guest is shown of a channel when it joins"),
    limit("history", "chathistory_max", "500", Count(1, 10_000), "messages in one answer to CHATHISTORY, and the most that an account is shown of what it missed"),
    limit("limits", "line", "\"16 KiB\"", Size("512 B", "256 KiB"), "the longest line of plain text or JSON object"),
    limit("limits", "send_queue", "\"1 MiB\"", Size("64 KiB", "1 GiB"), "what may wait for a slow reader, of what others do, before it is closed; answers come in pieces"),
    limit("limits", "send_timeout", "\"1m\"", Length("5s", "1h"), "how long a reader may take nothing of what waits for it"),
    limit("limits", "receive_queue", "\"64 KiB\"", Size("8 KiB", "64 MiB"), "what may wait of a flooding client before it is closed"),
    limit("limits", "connections", "16384", Count(1, 1_000_000), "connections in all"),
    limit("limits", "connections_per_address", "256", Count(0, 1_000_000), "connections from one address (IPv6: one /64); 0 is any number"),
    limit("limits", "connection_burst", "256", Count(0, 1_000_000), "connections that one address may make at once; 0 is any number"),
    limit("limits", "connection_rate", "30", Count(1, 1_000_000), "connections that it may make in a minute after that"),
    limit("limits", "address_burst", "\"640 KiB\"", Size("64 KiB", "1 GiB"), "what others may be shown at once of what all connections of one address send, where flood is true"),
    limit("limits", "address_rate", "\"128 KiB\"", Size("1 KiB", "1 GiB"), "what they may be shown of it in a second after that; more is read later"),
    limit("limits", "logins_per_address", "600", Count(0, 1_000_000), "logins that one address may try in ten minutes, right ones too; 0 is any number, here and in the next three"),
    limit("limits", "accounts_per_address_hour", "30", Count(0, 1_000_000), "accounts that one address may make in an hour, where registration is open"),
    limit("limits", "accounts_per_address_day", "60", Count(0, 1_000_000), "accounts that it may make in a day"),
    limit("limits", "accounts_per_hour", "300", Count(0, 1_000_000), "accounts that may be made in an hour in all"),
    limit("limits", "stored_per_hour", "\"32 MiB\"", Size("1 MiB", "1 TiB"), "messages that one address, and one account wherever it is, may have stored in an hour, where flood is true; more is refused"),
    limit("limits", "register_timeout", "\"60s\"", Length("5s", "1h"), "how long a connection may take to choose a nickname"),
    limit("limits", "ping_timeout", "\"2m\"", Length("5s", "1h"), "silence until an IRC client is asked whether it is there, and again until it is closed"),
    key("limits", "flood", "true", "whether lines are read at a steady rate at all"),
    limit("limits", "flood_burst", "20", Count(1, 10_000), "lines a client may send at once"),
    limit("limits", "flood_rate", "4", Count(1, 10_000), "lines a second after that; more are read later"),
    limit("limits", "channels_per_user", "100", Count(0, 1_000_000), "channels one user may be on"),
    limit("limits", "channels_per_account", "50", Count(0, 1_000_000), "channels that one account has made and that are still there; 0 is any number"),
    limit("limits", "channels_per_address", "200", Count(0, 1_000_000), "the same for all guests of one address"),
    limit("limits", "channels_per_address_day", "100", Count(0, 1_000_000), "channels that all accounts make from one address in a day; 0 is any number"),
    limit("limits", "channels", "10000", Count(0, 1_000_000), "channels in all"),
    limit("limits", "channel_idle", "\"90d\"", Length("1d", "forever"), "how long a channel goes on that nobody is on, speaks to or changes; its messages are kept; \"forever\" is for good"),
    limit("limits", "bans_per_channel", "100", Count(0, 10_000), "bans on one channel"),
    limit("limits", "disk_free", "\"64 MiB\"", Size("4 KiB", "1 TiB"), "free space below which nothing that must be stored is accepted"),
    key("log", "format", "\"text\"", "\"text\" or \"json\", to standard error"),
    key("log", "level", "\"info\"", "\"error\", \"warn\", \"info\" or \"debug\""),
    key("metrics", "address", "\"\"", "HOST:PORT for Prometheus; \"\" is off"),
];

impl Range {
    /// For the documented file.
    fn note(self) -> String {
        match self {
            Self::Any => String::new(),
            Self::Count(floor, ceiling) => format!(" ({floor} to {ceiling})"),
            Self::Size(floor, ceiling) | Self::Length(floor, ceiling) => format!(" ({floor} to {ceiling})"),
        }
    }
}

/// The file that documents every key, as it is shipped.
pub(crate) fn document() -> String {
    let mut text = String::from(
        "# Every key of chat-server, with its default. The server runs without any file; copy what you want to change.\n\
         # Durations are written like \"90d\", \"2m\", \"1h 30m\"; sizes like \"16 KiB\", \"1 MiB\".\n\
         # `chat-server --check-config --config FILE` says whether a file is right. SIGHUP reads it again.\n",
    );
    let mut table = "";
    for key in KEYS {
        if key.table != table {
            table = key.table;
            let repeated = table.starts_with('[');
            let note = match table {
                "[listen]" => {
                    "\n# One for each port. Without any: irc on 127.0.0.1:6667 and plain on 127.0.0.1:2323."
                }
                "[operator]" => {
                    "\n# One for each IRC operator. Without any there is none; chat-admin needs none."
                }
                _ => "",
            };
            text.push_str(note);
            let comment = if repeated { "# " } else { "" };
            text.push_str(&format!("\n{comment}[{table}]\n"));
        }
        let optional = key.table.starts_with('[');
        let comment = if optional { "# " } else { "" };
        let why = format!("{}{}", key.why, key.range.note());
        text.push_str(&format!("# {why}\n{comment}{} = {}\n", key.name, key.default));
    }
    text
}
