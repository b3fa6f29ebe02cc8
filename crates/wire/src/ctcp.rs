//! CTCP as far as a face without it must know: actions (`/me waves`) are said, the rest is between programs.

use chat_model::message::{Message, MessageKind};

/// What a message's text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body<'a> {
    /// Words.
    Text(&'a str),
    /// What the sender does: `waves`.
    Action(&'a str),
    /// A question or answer from program to program.
    Ctcp,
}

/// Reads a message's text. `None` where there is none, in TAGMSG.
pub(crate) fn body(message: &Message) -> Option<Body<'_>> {
    if message.kind == MessageKind::Tagmsg {
        return None;
    }
    let Some(inner) = message.text.strip_prefix('\x01') else { return Some(Body::Text(&message.text)) };
    let inner = inner.strip_suffix('\x01').unwrap_or(inner);
    Some(match inner.strip_prefix("ACTION") {
        Some("") => Body::Action(""),
        Some(text) if text.starts_with(' ') => Body::Action(&text[1..]),
        _ => Body::Ctcp,
    })
}
