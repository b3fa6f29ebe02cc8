//! Carrying out what a batch has come to, now that it is stored.

use chat_engine::effect::Effect;
use chat_engine::input::Question;
use chat_model::event::Event;
use chat_model::id::SessionId;
use chat_model::reply::Reply;
use chat_wire::{Context, Session};

use super::{Asked, World};
use crate::client::Line;

impl World {
    pub(super) fn release(&mut self) {
        for effect in std::mem::take(&mut self.effects) {
            self.judge.shown(&effect, &self.vault);
            self.carry_out(effect);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Save(_) | Effect::SaveWhenPossible(_) | Effect::Log(_) => {}
            Effect::Publish { to, except, event } => {
                for session in to.iter().filter(|session| Some(**session) != except) {
                    self.show(*session, &event);
                }
            }
            Effect::Own { session, event } => self.tell(session, |face, cx, out| face.own(&event, cx, out)),
            Effect::Reply { session, reply } => self.reply(session, &reply),
            Effect::Say { session, bytes } => self.tell(session, |_, _, out| out.extend_from_slice(&bytes)),
            Effect::View { session, view } => {
                let client = &mut self.clients[session.slot()];
                if let Some(session) = &mut client.session {
                    session.view_as(view);
                    client.viewer = Some(session.viewer());
                }
            }
            Effect::Begin { session, label } => self.tell(session, |face, _, _| face.begin(&label)),
            Effect::End { session } => self.tell_now(session, |face, cx, out| face.end(cx, out)),
            Effect::Hold { session } => {
                self.clients[session.slot()].held.get_or_insert_default();
            }
            Effect::Release { session, past } => self.let_go(session, &past),
            Effect::Handled { session } => self.clients[session.slot()].handled += 1,
            Effect::Registered { session } => self.clients[session.slot()].registered = true,
            Effect::Close { session, farewell } => self.closing.push((session, farewell)),
            Effect::Ask { ticket, question } => {
                let delay = match &question {
                    Question::Verify { delay_ms, .. } => *delay_ms as i64,
                    _ => 0,
                };
                self.asked.push(Asked { ticket, question, due: self.now.plus(delay) });
            }
        }
    }

    fn show(&mut self, session: SessionId, event: &Event) {
        let client = &mut self.clients[session.slot()];
        let (Some(viewer), Line::Open) = (client.viewer, client.line) else { return };
        let mut bytes = Vec::new();
        chat_wire::encode(viewer, event, &self.context, &mut bytes);
        match &mut client.held {
            Some(held) => held.extend_from_slice(&bytes),
            None => client.say(&bytes),
        }
    }

    pub(super) fn reply(&mut self, session: SessionId, reply: &Reply) {
        let (client, now) = (&mut self.clients[session.slot()], self.now);
        match reply {
            Reply::Welcome { who, .. } => {
                client.names.insert(who.nick.folded().to_owned());
                client.accounts.extend(who.account.as_ref().map(|account| account.folded().to_owned()));
            }
            Reply::YouAre { nick } => drop(client.names.insert(nick.folded().to_owned())),
            Reply::AccountMade { account } => {
                client.accounts.insert(account.folded().to_owned());
            }
            Reply::LoggedIn { account, .. } => {
                let is_new = client.accounts.insert(account.folded().to_owned());
                client.sees_twice |= client.registered && is_new;
            }
            Reply::History { .. } => client.sees_twice = true,
            _ => {}
        }
        self.tell(session, |face, cx, out| face.reply(reply, now, cx, out));
    }

    /// Tells of the past, and then what was held.
    pub(super) fn let_go(&mut self, session: SessionId, past: &[Reply]) {
        let Some(held) = self.clients[session.slot()].held.take() else { return };
        for reply in past {
            self.reply(session, reply);
        }
        self.clients[session.slot()].say(&held);
    }

    fn tell(&mut self, session: SessionId, write: impl FnOnce(&mut Session, &Context, &mut Vec<u8>)) {
        let client = &mut self.clients[session.slot()];
        match (&mut client.session, &mut client.held) {
            (Some(face), Some(held)) => write(face, &self.context, held),
            _ => self.tell_now(session, write),
        }
    }

    fn tell_now(&mut self, session: SessionId, write: impl FnOnce(&mut Session, &Context, &mut Vec<u8>)) {
        let client = &mut self.clients[session.slot()];
        let Some(face) = client.session.as_mut() else { return };
        let mut out = Vec::new();
        write(face, &self.context, &mut out);
        client.say(&out);
    }
}
