//! How each face puts things: what somebody sends to come in.

use chat_wire::Face;
use serde_json::json;

/// What a client sends to come in under a nickname. With a password it logs in to the account of that name, and says which
/// device it is where its face lets it.
pub(crate) fn entry(
    face: Face,
    nick: &str,
    password: Option<&str>,
    device: Option<&str>,
    capabilities: &str,
) -> String {
    match face {
        Face::Irc => irc_entry(nick, password, device, capabilities),
        Face::Plain => match password {
            Some(password) => format!("{nick}\n{password}\n"),
            None => format!("{nick}\n"),
        },
        Face::Json => match password {
            Some(password) => json!({"type": "login", "msg": nick, "password": password}).to_string(),
            None => json!({"type": "login", "msg": nick}).to_string(),
        },
        Face::Admin => String::new(),
    }
}

/// What a JSON client sends to log in and be shown so many lines of each room.
pub(crate) fn entry_with_lines(nick: &str, password: &str, lines: u32) -> String {
    json!({"type": "login", "msg": nick, "password": password, "history": lines}).to_string()
}

fn irc_entry(nick: &str, password: Option<&str>, device: Option<&str>, capabilities: &str) -> String {
    let mut lines = String::new();
    if !capabilities.is_empty() {
        let capabilities = capabilities.replace(',', " ");
        lines.push_str(&format!("CAP REQ :{capabilities}\r\n"));
    }
    if let Some(password) = password {
        let device = device.map(|device| format!("@{device}")).unwrap_or_default();
        lines.push_str(&format!("PASS {nick}{device}:{password}\r\n"));
    }
    lines.push_str(&format!("NICK {nick}\r\nUSER {nick} 0 * :{nick}\r\n"));
    if !capabilities.is_empty() {
        lines.push_str("CAP END\r\n");
    }
    lines
}
