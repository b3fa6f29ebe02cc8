//! The loop that keeps the first promise: it takes what waits, applies it, commits once, and only then lets anybody see.
//!
//! There is one copy of it. `chat-server` drives it with sockets, threads and a file; the simulator with a virtual clock,
//! faults and a database in memory. What is outside comes in through [`Shell`] and [`Outbox`]. Nothing in here opens a
//! socket, starts a thread or reads a clock.

mod answer;
mod clock_watch;
mod commit;
mod connections;
mod delivered;
mod found;
mod in_flight;
mod item;
mod leaving;
mod log;
mod release;
mod retention;
mod room;
mod secrets;
mod shell;
mod upkeep;
mod waiting;

pub use answer::{Hasher, Work, answer};
pub use found::Found;
pub use in_flight::InFlight;
pub use item::Item;
pub use room::{Config, Room};
pub use shell::{Observation, Outbox, Overflow, Shell};
pub use waiting::Waiting;
