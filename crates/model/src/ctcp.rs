//! CTCP as far as a server must know it: actions (`/me waves`) are said, the rest is between programs.

/// What a message's text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body<'a> {
    /// Words.
    Text(&'a str),
    /// What the sender does: `waves`.
    Action(&'a str),
    /// A question or answer from program to program: what stands in it.
    Ctcp(&'a str),
}

/// Reads a message's text: what stands between two `\x01`, of which the second may be missing, is CTCP.
pub fn body(text: &str) -> Body<'_> {
    let Some(inner) = text.strip_prefix('\x01') else { return Body::Text(text) };
    let inner = inner.strip_suffix('\x01').unwrap_or(inner);
    match inner.strip_prefix("ACTION") {
        Some("") => Body::Action(""),
        Some(text) if text.starts_with(' ') => Body::Action(&text[1..]),
        _ => Body::Ctcp(inner),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_is_shows_in_how_it_begins() {
        let cases = [
            ("hello", Body::Text("hello")),
            ("\x01ACTION waves\x01", Body::Action("waves")),
            ("\x01ACTION waves", Body::Action("waves")),
            ("\x01ACTION\x01", Body::Action("")),
            ("\x01ACTIONS\x01", Body::Ctcp("ACTIONS")),
            ("\x01VERSION\x01", Body::Ctcp("VERSION")),
            ("\x01", Body::Ctcp("")),
        ];
        for (text, expected) in cases {
            assert_eq!(body(text), expected, "{text:?}");
        }
    }
}
