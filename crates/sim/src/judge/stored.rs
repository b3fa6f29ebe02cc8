//! Whether what anybody sees is on the disk before: what was asked to be stored, all of it and in its order, and what events
//! tell of.

use chat_engine::effect::Effect;
use chat_model::change::Change;
use chat_model::event::Event;
use chat_model::mode::{ChannelFlag, ModeChange};
use chat_model::name::ChannelName;

/// What the batch at hand has committed.
#[derive(Debug, Default)]
pub(super) struct Stored {
    changes: Vec<Change>,
    /// Which of them may come next; those before were asked for.
    next: usize,
}

fn is_of(change: &ModeChange, which: ChannelFlag) -> bool {
    matches!(change, ModeChange::Flag { flag, .. } if *flag == which)
}

impl Stored {
    pub(super) fn committed(&mut self, changes: &[&Change]) {
        self.changes = changes.iter().copied().cloned().collect();
        self.next = 0;
    }

    /// Right before an effect is carried out.
    pub(super) fn shown(&mut self, effect: &Effect, faults: &mut Vec<String>) {
        match effect {
            Effect::Save(change) => self.is_next(change, faults),
            Effect::Publish { event, .. } | Effect::Own { event, .. } if !self.tells_of_stored(event) => {
                faults.push(format!("shown and not stored: {event:?}"));
            }
            _ => {}
        }
    }

    fn is_next(&mut self, change: &Change, faults: &mut Vec<String>) {
        match self.changes[self.next..].iter().position(|stored| stored == change) {
            Some(position) => self.next += position + 1,
            None => faults.push(format!("carried out and not committed in its order: {change:?}")),
        }
    }

    /// Messages are looked at elsewhere, one by one; who comes and goes is stored when that is possible.
    fn tells_of_stored(&self, event: &Event) -> bool {
        match event {
            Event::Topic { channel, topic, .. } => self.has(|change| {
                matches!(change, Change::Channel(row) if row.name == *channel
                    && row.topic.as_ref().map_or("", |topic| &*topic.text) == &**topic)
            }),
            Event::ChannelMode { channel, changes, .. } => {
                let comes_to_nothing = |change: &&ModeChange| match change {
                    // Each of them did change something, back and forth.
                    ModeChange::Flag { flag, .. } => {
                        changes.iter().filter(|other| is_of(other, *flag)).count() % 2 == 0
                    }
                    _ => false,
                };
                changes.iter().all(|change| comes_to_nothing(&change) || self.has_mode(channel, change))
            }
            _ => true,
        }
    }

    fn has_mode(&self, channel: &ChannelName, mode: &ModeChange) -> bool {
        // A guest's rank is not stored, and an account's is looked at where ranks are.
        matches!(mode, ModeChange::Rank { .. })
            || self.has(|change| match (mode, change) {
                (
                    ModeChange::Flag { .. } | ModeChange::Key(_) | ModeChange::Limit(_),
                    Change::Channel(row),
                ) => row.name == *channel,
                (ModeChange::Ban { on: true, mask }, Change::ChannelBan { channel: banned, ban }) => {
                    banned == channel && ban.mask == *mask
                }
                (
                    ModeChange::Ban { on: false, mask },
                    Change::ChannelUnban { channel: banned, mask: lifted },
                ) => banned == channel && lifted == mask,
                _ => false,
            })
    }

    fn has(&self, is_it: impl Fn(&Change) -> bool) -> bool {
        self.changes.iter().any(is_it)
    }
}
