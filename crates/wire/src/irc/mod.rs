//! The IRC face: everything that is an oddity of IRC and of IRCv3, so that the engine need not know it.
//!
//! A line becomes a call, an event or a reply becomes lines. Who may do what is never decided here.

mod cap;
mod capability;
mod channel;
mod clock;
mod event;
mod framer;
mod history;
mod label;
mod length;
mod line;
pub mod message;
mod notice;
pub(crate) mod numerics;
mod pen;
mod people;
mod refusal;
mod reply;
mod sasl;
mod session;
mod welcome;

#[cfg(test)]
mod tests;

use chat_model::event::Event;

pub use framer::Framer;
pub use session::Session;

use crate::Context;

const CAP: &str = "CAP";
const AUTHENTICATE: &str = "AUTHENTICATE";

/// Whether this is a verb of the negotiation, which the face leads by itself.
pub fn is_negotiation(verb: &str) -> bool {
    [CAP, AUTHENTICATE].iter().any(|ours| ours.eq_ignore_ascii_case(verb))
}

/// See [`crate::encode`].
pub fn encode(capabilities: u32, event: &Event, cx: &Context, out: &mut Vec<u8>) {
    let capabilities = capability::Capabilities::from_bits(capabilities);
    event::View { capabilities, batch: None, cx }.event(event, out);
}
