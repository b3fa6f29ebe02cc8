//! Carrying out what a batch has come to, now that it is on the disk.

use chat_engine::effect::{Effect, Log};
use chat_model::change::Change;

use super::EngineLoop;
use super::journal;

impl EngineLoop {
    pub(super) fn release(&mut self) {
        let effects = std::mem::take(&mut self.effects);
        for effect in &effects {
            self.carry_out(effect);
        }
        self.effects = effects;
        self.effects.clear();
    }

    fn carry_out(&mut self, effect: &Effect) {
        let context = &self.parts.context;
        match effect {
            Effect::Save(Change::Message(_)) => drop(self.parts.metrics.messages.inc()),
            Effect::Save(_) | Effect::SaveWhenPossible(_) => {}
            Effect::Publish { to, except, event } => self.seats.publish(to, *except, event, context),
            Effect::Own { session, event } => {
                self.seats.tell(*session, |seat, out| seat.own(event, context, out));
            }
            Effect::Reply { session, reply } => self.seats.reply(*session, reply, self.now, context),
            Effect::Say { session, bytes } => self.seats.say(*session, bytes),
            Effect::View { session, view } => self.seats.view_as(*session, *view),
            Effect::Begin { session, label } => self.seats.begin(*session, label),
            Effect::End { session } => self.seats.end(*session, context),
            Effect::Hold { session } => self.seats.hold(*session),
            Effect::Release { session, past } => self.seats.release(*session, past, self.now, context),
            Effect::Handled { session } => self.seats.handled(*session),
            Effect::Registered { session } => {
                if let Some(seat) = self.seats.get(*session) {
                    seat.link.register();
                }
            }
            Effect::Close { session, farewell } => self.parting.closing.push((*session, farewell.clone())),
            Effect::Ask { ticket, question } => self.parts.asks.ask(*ticket, question.clone()),
            Effect::Log(entry) => {
                if matches!(entry, Log::Refused { .. }) {
                    self.parts.metrics.refusals.inc();
                }
                journal::log(entry);
            }
        }
    }
}
