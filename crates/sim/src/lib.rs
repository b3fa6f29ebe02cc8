//! The deterministic world that the server is tested in: its loop and its database as they ship, with clients, a disk
//! that fails when it is told to and a clock that stands until it is told, in one thread. Nothing in here opens a socket
//! or a file, reads a clock, or is random without a seed.

mod client;
mod crowd;
mod hasher;
mod judge;
mod outside;
mod record;
mod script;
mod setting;
#[cfg(test)]
mod tests;
pub mod transcript;
mod world;

pub use crowd::run_seed;
pub use outside::Disk;
pub use record::{Entry, Recording, replay};
pub use setting::{START, Setting};
pub use world::{Joining, World};
