//! What was found out for the engine. It is told as much as it goes by; what was read for a session stays here until the
//! session is told, and goes to nobody else.

use std::collections::BTreeMap;

use chat_engine::effect::ShownAs;
use chat_engine::input::Answer;
use chat_model::Text;
use chat_model::history::{Extent, Page};
use chat_model::id::{Ticket, Time};
use chat_model::message::Conversation;
use chat_model::name::Account;
use chat_model::reply::{CommandReply, Reply};
use chat_model::secret::PasswordHash;

/// What came of a question.
#[derive(Debug)]
pub enum Found {
    /// Whether it was the password.
    Verified(bool),
    /// The hash of a password.
    Hashed(PasswordHash),
    /// Messages of the past.
    Messages(Page),
    /// Conversations, ascending by their latest message.
    Targets(Vec<(Conversation, Time)>),
    /// It could not be done; the shell has logged why.
    Failed,
}

impl Found {
    /// What the engine is told of it.
    fn answer(&self) -> Answer {
        match self {
            Self::Verified(right) => Answer::Verified(*right),
            Self::Hashed(hash) => Answer::Hashed(hash.clone()),
            Self::Messages(page) => Answer::Read(page.extent()),
            Self::Targets(_) => Answer::Read(Extent::default()),
            Self::Failed => Answer::Failed,
        }
    }

    /// What the session is told of it that it was read for.
    fn reply(&self, shown: &ShownAs) -> Option<Reply> {
        Some(match (self, shown) {
            (Self::Messages(Page { messages, .. }), ShownAs::History { target }) => {
                CommandReply::History { target: target.clone(), messages: messages.clone() }.into()
            }
            (Self::Messages(Page { messages, .. }), ShownAs::Missed { channel }) => {
                Reply::Missed { channel: channel.clone(), messages: messages.clone() }
            }
            (Self::Targets(targets), ShownAs::Targets { account }) => {
                let named = |(conversation, time): &(_, _)| (name(conversation, account.as_ref()), *time);
                CommandReply::HistoryTargets { targets: targets.iter().map(named).collect() }.into()
            }
            _ => return None,
        })
    }
}

/// What the owner of an account calls a conversation: the channel, or the other end.
fn name(conversation: &Conversation, mine: Option<&Account>) -> Text {
    match conversation {
        Conversation::Channel(name) => name.as_str().into(),
        Conversation::Direct(one, other) => {
            let is_mine = mine.is_some_and(|account| account.folded() == one);
            let theirs = if is_mine { other } else { one };
            theirs.trim_start_matches('~').into()
        }
    }
}

/// What the answers of one batch were.
#[derive(Debug, Default)]
pub(crate) struct FoundInBatch {
    found: BTreeMap<Ticket, Found>,
}

impl FoundInBatch {
    /// Keeps what was found until the batch is out, and comes back with what the engine is told of it.
    pub(crate) fn keep(&mut self, ticket: Ticket, found: Found) -> Answer {
        let answer = found.answer();
        if matches!(answer, Answer::Read(_)) {
            self.found.insert(ticket, found);
        }
        answer
    }

    /// What a session is told.
    pub(crate) fn reply(&self, ticket: Ticket, shown: &ShownAs) -> Option<Reply> {
        self.found.get(&ticket)?.reply(shown)
    }

    /// About how many bytes that is.
    pub(crate) fn bytes(&self, ticket: Ticket, shown: &ShownAs) -> Option<usize> {
        self.reply(ticket, shown).map(|reply| reply.about_bytes())
    }

    /// The batch is out.
    pub(crate) fn clear(&mut self) {
        self.found.clear();
    }
}
