//! Carrying out what a batch has come to, now that it is on the disk.

use std::mem;

use chat_engine::effect::{Effect, ShownAs};
use chat_engine::input::Question;
use chat_model::id::{SessionId, Ticket};
use chat_model::secret::SecretId;

use crate::answer::Work;
use crate::found::Found;
use crate::item::Item;
use crate::room::Room;
use crate::shell::{Observation, Outbox, Shell};

impl<S: Shell> Room<S> {
    pub(crate) fn release(&mut self) {
        let effects = mem::take(&mut self.effects);
        for effect in &effects {
            match effect {
                Effect::Show { session, ticket, shown } => self.show(*session, *ticket, shown),
                effect => self.carry_out(effect),
            }
        }
        self.effects = effects;
        self.effects.clear();
    }

    /// Tells a session what was read for it.
    fn show(&mut self, session: SessionId, ticket: Ticket, shown: &ShownAs) {
        let Some(reply) = self.found.reply(ticket, shown) else { return };
        self.carry_out(&match shown {
            ShownAs::Missed { .. } => Effect::Past { session, reply },
            ShownAs::History { .. } | ShownAs::Targets { .. } => Effect::Reply { session, reply },
        });
    }

    fn carry_out(&mut self, effect: &Effect) {
        self.shell.observe(Observation::CarriesOut(effect));
        let context = &self.config.context;
        match effect {
            Effect::Save(_) | Effect::SaveWhenPossible(_) | Effect::Log(_) | Effect::Show { .. } => {}
            Effect::Publish { to, except, event } => self.connections.publish(to, *except, event, context),
            Effect::Own { session, event } => {
                self.connections.tell(*session, |face, out| face.own(event, context, out));
            }
            Effect::Reply { session, reply } => self.connections.reply(*session, reply, self.now, context),
            Effect::Say { session, bytes } => self.connections.say(*session, bytes),
            Effect::View { session, capabilities } => self.connections.view_as(*session, *capabilities),
            Effect::Speak { session, language } => self.connections.speak(*session, *language),
            Effect::Begin { session, label } => self.connections.begin(*session, label),
            Effect::GoesOn { session } => self.connections.goes_on(*session, context),
            Effect::End { session } => self.connections.end(*session, context),
            Effect::Hold { session } => self.connections.hold(*session),
            Effect::Past { session, reply } => self.connections.past(*session, reply, self.now, context),
            Effect::Release { session } => self.connections.release(*session),
            Effect::Handled { session } => self.connections.handled(*session),
            Effect::Registered { session } => {
                if let Some(connection) = self.connections.get(*session) {
                    connection.outbox.in_flight().register();
                }
            }
            Effect::Close { session, reason } => self.leaving.closing.push((*session, reason.clone())),
            Effect::BelieveClock => self.believe_clock(),
            Effect::Ask { session, ticket, question } => self.ask(*session, *ticket, question),
        }
    }

    /// Has somebody find out what the engine asks, or knows that nobody can.
    fn ask(&mut self, session: SessionId, ticket: Ticket, question: &Question) {
        let password = |id: &SecretId| self.secrets.get(session, *id).cloned();
        let work = match question {
            Question::Drained if self.connections.wait_for(session, ticket) => return,
            Question::Drained => None,
            Question::Verify { credential, password: id, delay_ms } => {
                let (credential, delay_ms) = (credential.clone(), *delay_ms);
                password(id).map(|password| Work::Verify { credential, password, delay_ms })
            }
            Question::Hash { password: id } => password(id).map(|password| Work::Hash { password }),
            Question::Lookup(lookup) => Some(Work::Lookup(lookup.clone())),
        };
        match work {
            Some(work) => self.shell.ask(ticket, work),
            None => self.own.push(Item::Answered { ticket, found: Found::Failed }),
        }
    }
}
