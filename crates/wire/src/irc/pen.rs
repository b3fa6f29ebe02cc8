//! What every answer to a session is written with: who is told, what it understands, and where the bytes go.

use chat_model::id::Time;

use super::capability::{Capabilities, Capability};
use super::clock::push_time;
use super::line::{Line, Tags};
use crate::Context;

/// The nickname under which accounts are looked after.
pub(super) const NICKSERV: &str = "NickServ";

/// Writes lines to one session.
pub(super) struct Pen<'a> {
    pub(super) cx: &'a Context,
    /// What the client is called, or `*`.
    pub(super) nick: &'a str,
    pub(super) capabilities: Capabilities,
    pub(super) now: Time,
    /// How many batches there were on this connection.
    pub(super) batches: &'a mut u32,
    pub(super) out: &'a mut Vec<u8>,
}

impl Pen<'_> {
    /// A numeric, up to the client's nickname.
    pub(super) fn numeric(&mut self, code: &str) -> Line<'_> {
        Line::new(self.out).server(self.cx).command(code).word(self.nick)
    }

    /// A command from the server.
    pub(super) fn server(&mut self, command: &str) -> Line<'_> {
        Line::new(self.out).server(self.cx).command(command)
    }

    /// A standard reply (IRCv3 standard-replies), up to its code.
    pub(super) fn fail(&mut self, verb: &str, code: &str) -> Line<'_> {
        self.server("FAIL").word(verb).word(code)
    }

    /// The same for something that went as it should.
    pub(super) fn note(&mut self, verb: &str, code: &str) -> Line<'_> {
        self.server("NOTE").word(verb).word(code)
    }

    /// A sentence from the server.
    pub(super) fn notice(&mut self, text: &str) {
        self.notice_to(self.nick, text);
    }

    /// A sentence from the server, where a channel is shown.
    pub(super) fn notice_to(&mut self, target: &str, text: &str) {
        let cx = self.cx;
        self.timed().server(cx).command("NOTICE").word(target).text(text);
    }

    /// A sentence from NickServ.
    pub(super) fn nickserv(&mut self, text: &str) {
        let nick = self.nick;
        let source = format!("{NICKSERV}!{NICKSERV}@{}", self.cx.server);
        self.timed().source(&source).command("NOTICE").word(nick).text(text);
    }

    /// Sentences from the server that are a list.
    pub(super) fn notice_list(&mut self, separator: &str, items: impl IntoIterator<Item = String>) {
        let (cx, nick) = (self.cx, self.nick);
        self.timed().server(cx).command("NOTICE").word(nick).list(separator, items);
    }

    /// A line with the present time, for those who want it.
    pub(super) fn timed(&mut self) -> Line<'_> {
        let mut tags = Tags::new(self.out);
        if self.capabilities.has(Capability::ServerTime) {
            push_time(self.now, tags.tag("time="));
        }
        tags.end()
    }

    /// Opens a batch, where the client knows batches; the name for [`Pen::close`].
    pub(super) fn open(&mut self, kind: &str, target: Option<&str>) -> Option<String> {
        if !self.capabilities.has(Capability::Batch) {
            return None;
        }
        let name = next_batch(self.batches);
        let line = self.server("BATCH").signed_name("+", &name).word(kind);
        match target {
            Some(target) => line.word(target).end(),
            None => line.end(),
        }
        Some(name)
    }

    /// Closes a batch.
    pub(super) fn close(&mut self, name: &str) {
        self.server("BATCH").signed_name("-", name).end();
    }
}

/// A name for a batch that this connection has not seen yet.
pub(super) fn next_batch(batches: &mut u32) -> String {
    *batches = batches.wrapping_add(1);
    format!("b{batches}")
}
