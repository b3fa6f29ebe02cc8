//! Lines for machines: one JSON object each.

use std::fmt::Write as _;

use chat_wire::screen::sanitize;

use crate::session::line::Line;

/// The object for a line, with a line feed.
pub(crate) fn json_row(line: &Line) -> String {
    // These types have neither maps with odd keys nor anything that fails to serialise.
    let object = serde_json::to_string(line).expect("a line has only strings, flags and lists of them");
    let mut row = String::with_capacity(object.len() + 1);
    for c in object.chars() {
        // JSON escapes only what is below a space; a terminal obeys more than that. Such a character can only be
        // inside a string here, where its escape means the same.
        if is_special(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                write!(row, "\\u{unit:04x}").expect("a string takes everything");
            }
        } else {
            row.push(c);
        }
    }
    row.push('\n');
    row
}

/// Whether a terminal might obey a character, or show what is around it in another order.
fn is_special(c: char) -> bool {
    sanitize(c.encode_utf8(&mut [0; 4])) != *c.encode_utf8(&mut [0; 4])
}

#[cfg(test)]
mod tests {
    use chat_model::id::Time;

    use super::*;
    use crate::session::line::{Kind, Said, What};

    #[test]
    fn a_message_is_one_object_that_reads_back_and_that_no_terminal_obeys() {
        let said = Said {
            time: Time(0),
            id: Some("7".to_owned()),
            nick: "bob".to_owned(),
            account: None,
            channel: Some("#lobby".to_owned()),
            to: None,
            kind: Kind::Privmsg,
            text: "a\u{1b}[2J\u{9b}J\u{202e}".to_owned(),
            own: false,
            mention: false,
            past: false,
            elsewhere: true,
        };
        let row = json_row(&Line { time: Time(1_800_000_000_123), what: What::Message(said) });
        assert_eq!(
            row,
            "{\"time\":\"2027-01-15T08:00:00.123Z\",\"type\":\"message\",\"id\":\"7\",\"nick\":\"bob\",\
             \"account\":null,\"channel\":\"#lobby\",\"kind\":\"privmsg\",\"text\":\"a\\u001b[2J\\u009bJ\\u202e\",\
             \"own\":false,\"mention\":false,\"past\":false}\n"
        );
        let value: serde_json::Value = serde_json::from_str(&row).expect("JSON");
        assert_eq!(value["text"], "a\u{1b}[2J\u{9b}J\u{202e}");
    }
}
