//! The loop: take, accept, apply, commit, release, in the order of the real one.

use chat_engine::effect::Effect;
use chat_engine::input::{Input, Sent};
use chat_model::change::Change;
use chat_model::id::SessionId;
use chat_model::reply::{Farewell, Reply};
use chat_wire::{Frame, Session, Step, View};

use super::{Disk, Item, World};
use crate::client::Line;
use crate::record::Entry;

impl World {
    /// One batch of at most so many items.
    pub fn turn(&mut self, items_max: usize) {
        let count = self.inbox.len().min(items_max);
        let items: Vec<_> = self.inbox.drain(..count).collect();
        self.checkpoint();
        for item in items {
            self.take(item);
        }
        // While nothing can be stored, there is nothing that could have to be taken back.
        if self.doubles && self.stored {
            self.apply_again(None);
        }
        self.commit();
        self.release();
        self.inputs.clear();
        for (session, farewell) in self.who_ends() {
            self.let_go(session, &[]);
            self.reply(session, &Reply::Farewell(farewell));
            self.close(session);
        }
        for index in 0..self.clients.len() {
            self.give_back(index);
            self.forward(index);
        }
        self.judge.end_batch(&self.clients);
        if std::mem::take(&mut self.ticked) {
            self.look_after();
        }
    }

    /// Who is gone but still waits for an answer is told that first, as in the server.
    fn who_ends(&mut self) -> Vec<(SessionId, Farewell)> {
        let mut closing = std::mem::take(&mut self.closing);
        let engine = &self.engine;
        for (session, farewell) in self.leaving.extract_if(.., |(session, _)| !engine.knows(*session)) {
            if closing.iter().all(|(other, _)| *other != session) {
                closing.push((session, farewell));
            }
        }
        closing
    }

    fn close(&mut self, session: SessionId) {
        let client = &mut self.clients[session.slot()];
        if client.line == Line::Open {
            client.line = Line::Closing;
            self.inbox.push(Item::Ended(session));
        }
    }

    fn give_back(&mut self, index: usize) {
        let client = &mut self.clients[index];
        let handled = std::mem::take(&mut client.handled);
        match client.under_way.checked_sub(handled) {
            Some(left) => client.under_way = left,
            None => self.judge.fault(format!("{}: a place was given back twice", client.name)),
        }
    }

    pub(super) fn forward(&mut self, index: usize) {
        let client = &mut self.clients[index];
        if client.line != Line::Open {
            return;
        }
        let frames = client.take_frames();
        if !frames.is_empty() {
            self.inbox.push(Item::Frames(client.id, frames));
        }
    }

    fn take(&mut self, item: Item) {
        match item {
            Item::Connected(id) => self.connected(id),
            Item::Frames(session, frames) => {
                for frame in frames {
                    self.take_frame(session, frame);
                }
            }
            Item::Gone(session, farewell) => {
                self.end(session, farewell);
            }
            Item::Ended(session) => {
                self.sent(session, Sent::End(Farewell::Closed));
                self.clients[session.slot()].line = Line::Closed;
            }
            Item::Answered(ticket, answer) => self.apply(Input::Answered { ticket, answer }),
            Item::Ping(session) => {
                let (context, client) = (&self.context, &mut self.clients[session.slot()]);
                let mut out = Vec::new();
                if let Some(session) = &mut client.session {
                    session.ping(context, &mut out);
                }
                client.say(&out);
            }
            Item::Tick => {
                self.apply(Input::Tick);
                self.ticked = true;
            }
            Item::Stop => self.apply(Input::Stop),
        }
    }

    fn connected(&mut self, id: SessionId) {
        let client = &self.clients[id.slot()];
        let (face, guest, peer) = (client.face, client.guest, client.peer.clone());
        self.apply(Input::Connected { session: id, peer });
        let mut session = Session::new(face, guest);
        let mut greeting = Vec::new();
        let entering = session.greet(&self.context, &mut greeting);
        let client = &mut self.clients[id.slot()];
        client.viewer = Some(session.viewer());
        client.session = Some(session);
        client.say(&greeting);
        if let Some(call) = entering {
            // What the face asks for by itself is under way like everything else.
            client.under_way += 1;
            self.sent(id, Sent::Call(call));
        }
    }

    fn take_frame(&mut self, id: SessionId, frame: Frame) {
        let client = &mut self.clients[id.slot()];
        let Some(session) = client.session.as_mut().filter(|_| client.line == Line::Open) else { return };
        let mut steps = Vec::new();
        session.accept(frame, &self.context, &mut steps);
        match answers_due(&steps) {
            0 => client.handled += 1,
            more => client.under_way += more - 1,
        }
        self.follow(id, steps);
    }

    fn follow(&mut self, session: SessionId, steps: Vec<Step>) {
        for step in steps {
            match step {
                Step::Call(call) => self.sent(session, Sent::Call(call)),
                Step::Say(bytes) => self.sent(session, Sent::Answered(bytes.into())),
                // For the server's log, which nobody here keeps.
                Step::Refused(_) => {}
                Step::View(View { capabilities: view, knows_history }) => {
                    self.sent(session, Sent::View { view, knows_history });
                }
                Step::Close(farewell) => self.end(session, farewell),
            }
        }
    }

    fn end(&mut self, session: SessionId, farewell: Farewell) {
        self.sent(session, Sent::End(farewell.clone()));
        self.leaving.push((session, farewell));
    }

    fn sent(&mut self, session: SessionId, sent: Sent) {
        self.apply(Input::Sent { session, sent });
    }

    pub(super) fn apply(&mut self, input: Input) {
        self.apply_input(&input);
        self.inputs.push(input);
    }

    pub(super) fn apply_input(&mut self, input: &Input) {
        let start = self.effects.len();
        self.engine.apply(self.now, input, &mut self.effects);
        let effects = &self.effects[start..];
        self.recording.note(&Entry::Input(self.now, Box::new(input.clone())), effects);
        self.judge.after_input(input, effects, &self.engine.view());
    }

    fn checkpoint(&mut self) {
        self.engine.checkpoint();
        self.recording.note(&Entry::Checkpoint, &[]);
    }

    /// Makes the batch durable, or makes it as if nothing in it that must be durable had been asked for.
    fn commit(&mut self) {
        let all: Vec<&Change> =
            self.deferred.iter().chain(self.effects.iter().filter_map(change_in)).collect();
        if all.is_empty() {
            return;
        }
        if self.stored {
            if self.disk != Disk::Fails {
                self.vault.save(all);
                return self.deferred.clear();
            }
            self.stored = false;
            self.apply_again(Some(Input::Storage { available: false }));
        }
        if self.effects.iter().any(|effect| matches!(effect, Effect::Save(_))) {
            self.judge.fault("something must be stored that cannot be".to_owned());
        }
        self.deferred.extend(self.effects.iter().filter_map(deferrable_in).cloned());
    }

    fn apply_again(&mut self, first: Option<Input>) {
        self.engine.rollback();
        self.recording.note(&Entry::Rollback, &[]);
        self.judge.rollback();
        self.effects.clear();
        if let Some(input) = first {
            self.apply_input(&input);
        }
        let inputs = std::mem::take(&mut self.inputs);
        for input in &inputs {
            self.apply_input(input);
        }
        self.inputs = inputs;
    }

    /// Looks at the disk, between two batches: what a batch was promised must not change while it is made.
    fn look_after(&mut self) {
        let available = match self.disk {
            Disk::Works => true,
            Disk::Full => false,
            Disk::Fails => self.stored,
        };
        if available != self.stored {
            self.stored = available;
            self.apply_input(&Input::Storage { available });
        }
    }
}

fn answers_due(steps: &[Step]) -> u32 {
    steps.iter().filter(|step| matches!(step, Step::Call(_) | Step::Say(_))).count() as u32
}

pub(super) fn change_in(effect: &Effect) -> Option<&Change> {
    match effect {
        Effect::Save(change) | Effect::SaveWhenPossible(change) => Some(change),
        _ => None,
    }
}

fn deferrable_in(effect: &Effect) -> Option<&Change> {
    match effect {
        Effect::SaveWhenPossible(change) => Some(change),
        _ => None,
    }
}
