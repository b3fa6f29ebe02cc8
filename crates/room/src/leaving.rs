//! Connections on their way out: first the engine lets go of the session, then the client is told, then its id is free.
//! A session that waits for an answer is told that before it goes.

use std::mem;
use std::net::IpAddr;

use chat_model::close_reason::CloseReason;
use chat_model::id::SessionId;
use chat_model::reply::Reply;
use chat_model::sent::Sent;

use crate::room::Room;
use crate::shell::{Observation, Shell};

/// Who is how far out.
#[derive(Debug, Default)]
pub(crate) struct Leaving {
    /// Sessions that the engine is asked to let go of, and what they are told when it has.
    leaving: Vec<(SessionId, CloseReason)>,
    /// Sessions that it has let go of in this batch, and what they are told.
    pub(crate) closing: Vec<(SessionId, CloseReason)>,
    /// Connections that are gone, whose ids are free when the engine has forgotten their sessions.
    ended: Vec<(SessionId, Option<IpAddr>)>,
}

impl<S: Shell> Room<S> {
    /// A session goes, or must.
    pub(crate) fn leave(&mut self, session: SessionId, farewell: CloseReason) {
        let mark = self.last_mark(session, farewell == CloseReason::Closed);
        self.deliver(mark.into_iter().collect());
        self.sent(session, Sent::End(farewell.clone()));
        self.leaving.leaving.push((session, farewell));
    }

    /// A connection is gone, and nobody can be told anything through it.
    pub(crate) fn forget(&mut self, session: SessionId, address: Option<IpAddr>) {
        self.sent(session, Sent::End(CloseReason::Closed));
        if self.connections.remove(session).is_some() {
            self.shell.observe(Observation::Closed);
        }
        self.leaving.ended.push((session, address));
    }

    /// Tells those who end with this batch so, after all else that it tells them. Comes back with who they are.
    pub(crate) fn say_farewell(&mut self) -> Vec<SessionId> {
        let mut closing = mem::take(&mut self.leaving.closing);
        let engine = &self.engine;
        // Who is gone but still waits for an answer is to be told that first: a client that has sent all it wants to
        // say may have closed its end, and read on.
        for (session, farewell) in self.leaving.leaving.extract_if(.., |(session, _)| !engine.knows(*session))
        {
            if closing.iter().all(|(other, _)| *other != session) {
                closing.push((session, farewell));
            }
        }
        let context = &self.config.context;
        for (session, farewell) in &closing {
            self.shell.observe(Observation::Closing(farewell));
            self.connections.release(*session);
            let reply = Reply::Closing(farewell.clone());
            self.connections.reply(*session, &reply, self.now, context);
        }
        closing.into_iter().map(|(session, _)| session).collect()
    }

    /// A session that waits for an answer is still there when its connection is not. Without keeping its id for so
    /// long, one address could have any number of passwords checked, and nobody else would get to have theirs.
    pub(crate) fn give_back(&mut self) {
        let (engine, shell, secrets) = (&self.engine, &mut self.shell, &mut self.secrets);
        self.leaving.ended.retain(|(session, address)| {
            let is_there = engine.knows(*session);
            if !is_there {
                secrets.forget(*session);
                shell.give_back(*session, *address);
            }
            is_there
        });
    }
}
