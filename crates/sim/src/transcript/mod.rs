//! Transcripts: who does what, and who sees what of it, as text that is run and compared line by line.
//!
//! A file holds scenarios, each in a world of its own. Lines that begin in the first column are done; those indented
//! by four spaces are all that anybody sees because of the line before:
//!
//! ```text
//! == a scenario
//! @ account alice secret          a setting, see `Setting::set`
//! alice ! irc caps server-time    comes in, unseen by the reader; also: account PASSWORD, from ADDRESS, guest, certfp HEX
//! bob + plain                     connects
//!     bob | This is TestNet: a room for tests.
//!     bob ~ Nickname:             (a piece that does not end its line)
//! bob > bob                       sends a line
//! bob >> bo                       sends a piece of one, `\xNN` being a byte
//! bob -                           hangs up
//!     bob x                       (the server closes the connection)
//! * wait 5s                       the world: wait, disk works|full|fails, hold, answer, fail, free, ping,
//!                                 together … apart (one batch), crash, stop, audit, slow bob 1000 (takes so many
//!                                 bytes more), fast bob, clock 100d (set so far ahead), clock right
//! # a comment
//! ```
//!
//! What follows RPL_WELCOME up to RPL_ENDOFMOTD is left out. Ids are random to a reader, so the first that anybody sees is `{1}`, the second `{2}`; what is sent may name them.

mod parse;
mod run;
mod shown;

pub use run::{Outcome, check};
pub(crate) use shown::Ids;
