//! Connections on their way out: first the engine parts with the session, then the client is told, then its place is
//! free. A session that waits for an answer is told that before it goes.

use std::net::IpAddr;

use chat_engine::input::Sent;
use chat_model::id::SessionId;
use chat_model::reply::{Farewell, Reply};

use super::EngineLoop;

/// Who is how far out.
#[derive(Default)]
pub(super) struct Parting {
    /// Sessions that the engine is asked to part with, and what they are told when it has.
    leaving: Vec<(SessionId, Farewell)>,
    /// Sessions that it has parted with in this batch, and what they are told.
    pub(super) closing: Vec<(SessionId, Farewell)>,
    /// Connections that are gone, whose places are free when the engine has forgotten their sessions.
    ended: Vec<(SessionId, Option<IpAddr>)>,
}

impl EngineLoop {
    /// A session goes, or must.
    pub(super) fn leave(&mut self, session: SessionId, farewell: Farewell) {
        self.sent(session, Sent::End(farewell.clone()));
        self.parting.leaving.push((session, farewell));
    }

    /// A connection is gone, and nobody can be told anything through it.
    pub(super) fn forget(&mut self, session: SessionId, address: Option<IpAddr>) {
        self.sent(session, Sent::End(Farewell::Closed));
        if self.seats.remove(session).is_some() {
            self.parts.metrics.connections.dec();
        }
        self.parting.ended.push((session, address));
    }

    /// Tells those who end with this batch so, after all else that it tells them. Comes back with who they are.
    pub(super) fn say_farewell(&mut self) -> Vec<SessionId> {
        let mut closing = std::mem::take(&mut self.parting.closing);
        let engine = &self.engine;
        // Who is gone but still waits for an answer is to be told that first: a client that has sent all it wants to
        // say may have closed its end, and read on.
        for (session, farewell) in self.parting.leaving.extract_if(.., |(session, _)| !engine.knows(*session))
        {
            if closing.iter().all(|(other, _)| *other != session) {
                closing.push((session, farewell));
            }
        }
        for (session, farewell) in &closing {
            self.seats.release(*session, &[], self.now, &self.parts.context);
            let reply = Reply::Farewell(farewell.clone());
            self.seats.reply(*session, &reply, self.now, &self.parts.context);
        }
        closing.into_iter().map(|(session, _)| session).collect()
    }

    /// A session that waits for an answer is still there when its connection is not. Without keeping its place for so
    /// long, one address could have any number of passwords checked, and nobody else would get to have theirs.
    pub(super) fn give_back_places(&mut self) {
        let (engine, slots) = (&self.engine, &self.parts.slots);
        self.parting.ended.retain(|(session, address)| {
            let is_there = engine.knows(*session);
            if !is_there {
                slots.give_back(*session, *address);
            }
            is_there
        });
    }
}
