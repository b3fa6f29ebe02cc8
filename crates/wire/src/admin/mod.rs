//! The administrator's face: JSON lines on the admin socket.

use chat_model::event::Event;
use chat_model::id::Time;
use chat_model::reply::Reply;

use crate::{Context, Frame, Step};

/// Cuts bytes into frames.
#[derive(Debug)]
pub struct Framer {}

impl Framer {
    /// A framer for a new connection.
    pub fn new(_line_bytes_max: usize) -> Self {
        Self {}
    }

    /// See [`crate::Framer::push`].
    pub fn push(&mut self, _bytes: &[u8], _frames: &mut Vec<Frame>) {}

    /// See [`crate::Framer::silence_ms`].
    pub fn silence_ms(&self) -> Option<u64> {
        None
    }

    /// See [`crate::Framer::silence`].
    pub fn silence(&mut self, _frames: &mut Vec<Frame>) {}
}

/// One connection.
#[derive(Debug)]
pub struct Session {}

impl Session {
    /// See [`crate::Session::new`].
    pub fn new(_cx: &Context, _steps: &mut Vec<Step>) -> Self {
        Self {}
    }

    /// See [`crate::Session::accept`].
    pub fn accept(&mut self, _frame: Frame, _cx: &Context, _steps: &mut Vec<Step>) {}

    /// See [`crate::Session::reply`].
    pub fn reply(&mut self, _reply: &Reply, _now: Time, _cx: &Context, _out: &mut Vec<u8>) {}

    /// See [`crate::Session::own`].
    pub fn own(&mut self, _event: &Event, _cx: &Context, _out: &mut Vec<u8>) {}
}

/// See [`crate::encode`].
pub fn encode(_event: &Event, _cx: &Context, _out: &mut Vec<u8>) {}
