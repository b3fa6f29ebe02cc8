//! The deterministic world that the engine is tested in: its faces, an unhurried disk and a clock that stands until
//! told, in one thread. Nothing in here opens a socket, reads a clock, or is random without a seed.

mod client;
mod crowd;

mod judge;
mod record;
mod script;
mod setting;
pub mod transcript;
mod vault;
mod world;

pub use crowd::run_seed;
pub use record::{Entry, Recording, replay};
pub use setting::{START, Setting};
pub use world::{Disk, Joining, World};
