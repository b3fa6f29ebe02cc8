//! The vocabulary of the chat room, shared by every other crate: names, ids, calls, events,
//! replies, refusals, changes and limits.
//!
//! Nothing here does I/O, reads a clock or decides what a server does.

pub mod address;
pub mod call;
pub mod change;
pub mod character;
pub mod close_reason;
pub mod ctcp;
pub mod event;
mod folded;
pub mod glob;
pub mod history;
pub mod id;
pub mod invitation;
pub mod language;
pub mod limits;
pub mod login_name;
pub mod look;
pub mod mask;
pub mod message;
pub mod mode;
pub mod name;
pub mod refusal;
pub mod reply;
pub mod secret;
pub mod sent;
pub mod slip;
pub mod username;
pub mod who;

/// Text that several events, rows and sessions share. Always UTF-8.
pub type Text = std::sync::Arc<str>;
