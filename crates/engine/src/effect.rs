//! What comes out of the engine, in order. Nothing is carried out before every [`Effect::Save`] of the batch is
//! committed.

use std::net::IpAddr;
use std::sync::Arc;

use chat_model::Text;
use chat_model::change::Change;
use chat_model::close_reason::CloseReason;
use chat_model::event::Event;
use chat_model::id::{SessionId, Ticket, Time};
use chat_model::language::Language;
use chat_model::name::{Account, ChannelName, Nick};
use chat_model::refusal::Refusal;
use chat_model::reply::Reply;
#[cfg(doc)]
use chat_model::sent::Sent;
use serde::{Deserialize, Serialize};

use crate::input::Question;

/// Sessions that an event goes to. Shared, because a channel's audience is the same for many events.
pub type Audience = Arc<Vec<SessionId>>;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// Store this.
    Save(Change),
    /// Store this, but when nothing can be stored go on and store it later: nobody is shown anything because of it.
    SaveWhenPossible(Change),
    /// Show an event to all of these but one.
    Publish {
        /// To whom.
        to: Audience,
        /// The session that gets it as [`Effect::Own`], or not at all.
        except: Option<SessionId>,
        /// What.
        event: Event,
    },
    /// Show an event to the session that caused it, as its answer.
    Own {
        /// To whom.
        session: SessionId,
        /// What.
        event: Event,
    },
    /// Tell one session.
    Reply {
        /// To whom.
        session: SessionId,
        /// What.
        reply: Reply,
    },
    /// Pass on to one session what its face has answered by itself.
    Say {
        /// To whom.
        session: SessionId,
        /// As they go to the client.
        bytes: Arc<[u8]>,
    },
    /// What this session is told from here on, it wants told in this way.
    View {
        /// Which session.
        session: SessionId,
        /// From [`Sent::View`].
        capabilities: u32,
    },
    /// From here on this session is told everything in this language.
    Speak {
        /// Which session.
        session: SessionId,
        /// Which language.
        language: Language,
    },
    /// What this session is told from here to [`Effect::End`] answers a call with this label.
    Begin {
        /// Which session.
        session: SessionId,
        /// Its label.
        label: Text,
    },
    /// What was said since [`Effect::Begin`] is a part of an answer; the next part has its own.
    GoesOn {
        /// Which session.
        session: SessionId,
    },
    /// See [`Effect::Begin`].
    End {
        /// Which session.
        session: SessionId,
    },
    /// Keep back what this session is told until [`Effect::Release`]: it is about to be told of the past.
    Hold {
        /// Which session.
        session: SessionId,
    },
    /// Tell one session something of the past, before what is kept back.
    Past {
        /// To whom.
        session: SessionId,
        /// What.
        reply: Reply,
    },
    /// Tell one session what was read for it.
    Show {
        /// To whom.
        session: SessionId,
        /// On whose answer, which came with this batch.
        ticket: Ticket,
        /// As what.
        shown: ShownAs,
    },
    /// The past is over: tell a session what was kept back.
    Release {
        /// Which session.
        session: SessionId,
    },
    /// A [`Sent::Call`] or [`Sent::Answered`] of this session has been dealt with: it may send another in its place.
    Handled {
        /// Which session.
        session: SessionId,
    },
    /// The session has its nickname; the time limit for registering is off.
    Registered {
        /// Which session.
        session: SessionId,
    },
    /// Tell the session why, and close its connection when that is written.
    Close {
        /// Which session.
        session: SessionId,
        /// Why.
        reason: CloseReason,
    },
    /// Find something out, and bring the answer back.
    Ask {
        /// For whom.
        session: SessionId,
        /// To put on the answer.
        ticket: Ticket,
        /// What.
        question: Question,
    },
    /// The clock may be believed again: an administrator says so.
    BelieveClock,
    /// For the server's log.
    Log(Log),
}

/// What something is that was read for a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShownAs {
    /// The answer to CHATHISTORY.
    History {
        /// Of what, as it was asked for.
        target: Text,
    },
    /// The answer to CHATHISTORY TARGETS.
    Targets {
        /// Whose: the conversations are called by their other ends.
        account: Option<Account>,
    },
    /// Something of the past, before what is kept back.
    Missed {
        /// Of which channel; `None` for whispers.
        channel: Option<ChannelName>,
    },
}

/// What a line costs besides its words, about, in the wordiest face.
const LINE_BYTES: usize = 200;

impl Effect {
    /// Where this answers a session: which, and about how many bytes it will be.
    pub fn answer_bytes(&self) -> Option<(SessionId, usize)> {
        match self {
            Self::Reply { session, reply } | Self::Past { session, reply } => {
                Some((*session, reply.about_bytes()))
            }
            Self::Own { session, event: Event::Message(message) } => {
                Some((*session, LINE_BYTES + message.text.len()))
            }
            Self::Own { session, .. } => Some((*session, LINE_BYTES)),
            Self::Say { session, bytes } => Some((*session, bytes.len())),
            _ => None,
        }
    }
}

/// What the server's log tells of the engine's doings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Log {
    /// A session got its nickname.
    Came {
        /// Which.
        nick: Nick,
        /// Its account.
        account: Option<Account>,
        /// From where.
        address: Option<IpAddr>,
        /// Speaking what.
        client: Text,
        /// How many users are on now.
        online: usize,
    },
    /// A session ended.
    Left {
        /// Whose.
        nick: Nick,
        /// Why.
        reason: CloseReason,
        /// How many users are on now.
        online: usize,
    },
    /// A call was refused.
    Refused {
        /// Whose: a nickname, or `*` before there is one.
        nick: Text,
        /// From where.
        address: Option<IpAddr>,
        /// The verb, in capitals.
        verb: Text,
        /// Why. It repeats what was typed, so a log tells its code alone.
        refusal: Refusal,
    },
    /// A channel ended because nobody had used it for as long as one may be idle.
    ChannelExpired {
        /// Which.
        channel: ChannelName,
        /// When it was used last.
        last_used: Time,
    },
    /// An administrator or operator did something.
    Administered {
        /// Who.
        actor: Text,
        /// What.
        action: Text,
        /// To whom or what.
        target: Text,
    },
}
