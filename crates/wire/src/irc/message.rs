//! One IRC line, taken apart and put together (Modern IRC, "Message Format"; IRCv3 message-tags).

use std::borrow::Cow;

/// A line without its end, borrowed from wherever it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The raw tags without `@`; empty for none. See [`Message::tags`].
    pub raw_tags: &'a str,
    /// `nick!user@host` or a server's name, without `:`.
    pub source: Option<&'a str>,
    /// As it came, in either case.
    pub command: &'a str,
    /// The parameters, the last one without its `:`.
    pub params: Vec<&'a str>,
}

impl<'a> Message<'a> {
    /// Takes a line apart. `None` when there is no command in it.
    pub fn parse(line: &'a str) -> Option<Self> {
        let mut rest = line.trim_end_matches(['\r', '\n']).trim_start_matches(' ');
        let raw_tags = prefixed(&mut rest, '@').unwrap_or_default();
        let source = prefixed(&mut rest, ':');
        let command = word(&mut rest);
        if command.is_empty() {
            return None;
        }
        let mut params = Vec::new();
        while !rest.is_empty() {
            if let Some(last) = rest.strip_prefix(':') {
                params.push(last);
                break;
            }
            params.push(word(&mut rest));
        }
        Some(Self { raw_tags, source, command, params })
    }

    /// Keys and unescaped values.
    pub fn tags(&self) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> {
        self.raw_tags.split(';').filter(|tag| !tag.is_empty()).map(|tag| {
            let (key, value) = tag.split_once('=').unwrap_or((tag, ""));
            (key, unescape(value))
        })
    }

    /// The value of one tag.
    pub fn tag(&self, key: &str) -> Option<Cow<'a, str>> {
        self.tags().find(|(k, _)| *k == key).map(|(_, value)| value)
    }

    /// The nickname in the source, or the server's name.
    pub fn nick(&self) -> Option<&'a str> {
        self.source.map(|source| source.split(['!', '@']).next().unwrap_or(source))
    }

    /// A parameter, or nothing.
    pub fn param(&self, index: usize) -> &'a str {
        self.params.get(index).copied().unwrap_or_default()
    }
}

fn prefixed<'a>(rest: &mut &'a str, sign: char) -> Option<&'a str> {
    let mut inner = rest.strip_prefix(sign)?;
    let found = word(&mut inner);
    *rest = inner;
    Some(found)
}

fn word<'a>(rest: &mut &'a str) -> &'a str {
    let (word, others) = rest.split_once(' ').unwrap_or((rest, ""));
    *rest = others.trim_start_matches(' ');
    word
}

/// A tag's value as it is meant (IRCv3 message-tags, "Escaping values").
pub fn unescape(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let mut plain = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(':') => plain.push(';'),
                Some('s') => plain.push(' '),
                Some('r') => plain.push('\r'),
                Some('n') => plain.push('\n'),
                Some(other) => plain.push(other),
                None => {}
            },
            c => plain.push(c),
        }
    }
    Cow::Owned(plain)
}

/// Appends a tag's value as it travels.
pub fn escape(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            ';' => out.push_str("\\:"),
            ' ' => out.push_str("\\s"),
            '\\' => out.push_str("\\\\"),
            '\r' => out.push_str("\\r"),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
}

/// Puts a line together, CR LF included. Only the last parameter may be empty, hold spaces or begin with a colon.
pub fn format(command: &str, params: &[&str]) -> String {
    let mut line = command.to_owned();
    for (index, param) in params.iter().enumerate() {
        let last = index + 1 == params.len();
        line.push(' ');
        if last && (param.is_empty() || param.contains(' ') || param.starts_with(':')) {
            line.push(':');
        }
        // Nothing that ends a line may slip into one.
        line.extend(param.chars().filter(|c| !matches!(c, '\r' | '\n' | '\0')));
    }
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> (Option<&str>, &str, Vec<&str>) {
        let message = Message::parse(line).expect("a command");
        (message.source, message.command, message.params)
    }

    #[test]
    fn lines_come_apart() {
        assert_eq!(parts("PING"), (None, "PING", vec![]));
        assert_eq!(
            parts(":a!b@c PRIVMSG #x :hi there\r\n"),
            (Some("a!b@c"), "PRIVMSG", vec!["#x", "hi there"])
        );
        assert_eq!(parts("TOPIC  #x   :"), (None, "TOPIC", vec!["#x", ""]));
        assert_eq!(parts("A b :c :d"), (None, "A", vec!["b", "c :d"]));
        assert_eq!(parts("A b  "), (None, "A", vec!["b"]));
        assert_eq!(Message::parse("  "), None);
        assert_eq!(Message::parse("@a=b"), None);
    }

    #[test]
    fn tag_values_are_unescaped_and_escaped() {
        let message = Message::parse("@+a=x\\:y\\sz\\\\;b;c= PING").expect("a command");
        let tags: Vec<_> = message.tags().map(|(key, value)| (key, value.into_owned())).collect();
        assert_eq!(tags, [("+a", "x;y z\\".to_owned()), ("b", String::new()), ("c", String::new())]);
        let mut out = String::new();
        escape("x;y z\\", &mut out);
        assert_eq!(out, "x\\:y\\sz\\\\");
    }

    #[test]
    fn a_line_put_together_is_one_line() {
        assert_eq!(format("PRIVMSG", &["#x", "hi"]), "PRIVMSG #x hi\r\n");
        assert_eq!(format("PRIVMSG", &["#x", ":)"]), "PRIVMSG #x ::)\r\n");
        assert_eq!(format("TOPIC", &["#x", ""]), "TOPIC #x :\r\n");
        assert_eq!(format("PRIVMSG", &["#x", "a\r\nQUIT"]), "PRIVMSG #x aQUIT\r\n");
    }
}
