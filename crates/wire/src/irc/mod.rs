//! The IRC face.

use chat_model::event::Event;
use chat_model::id::Time;
use chat_model::reply::Reply;

pub mod message;

use crate::{Context, Frame, Step};

/// Cuts bytes into frames.
#[derive(Debug, Default)]
pub struct Framer {}

impl Framer {
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
#[derive(Debug, Default)]
pub struct Session {}

impl Session {
    /// The capabilities that change bytes, one bit each.
    pub fn capabilities(&self) -> u32 {
        0
    }

    /// See [`crate::Session::begin`].
    pub fn begin(&mut self, _label: &chat_model::Text) {}

    /// See [`crate::Session::end`].
    pub fn end(&mut self, _cx: &Context, _out: &mut Vec<u8>) {}

    /// See [`crate::Session::ping`].
    pub fn ping(&mut self, _cx: &Context, _out: &mut Vec<u8>) {}

    /// See [`crate::Session::accept`].
    pub fn accept(&mut self, _frame: Frame, _cx: &Context, _steps: &mut Vec<Step>) {}

    /// See [`crate::Session::reply`].
    pub fn reply(&mut self, _reply: &Reply, _now: Time, _cx: &Context, _out: &mut Vec<u8>) {}

    /// See [`crate::Session::own`].
    pub fn own(&mut self, _event: &Event, _cx: &Context, _out: &mut Vec<u8>) {}
}

/// See [`crate::encode`].
pub fn encode(_capabilities: u32, _event: &Event, _cx: &Context, _out: &mut Vec<u8>) {}
