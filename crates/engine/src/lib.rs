//! The deterministic server: inputs in, effects out.
//!
//! The engine owns all live state. It has no clock, no I/O, no randomness, no threads and no log: time comes in
//! with each input, and what should be done outside goes out as an [`effect::Effect`].

pub mod effect;
pub mod input;
