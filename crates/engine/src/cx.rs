//! What a command works with: the state, the time, who asks, and ways to tell others.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use chat_model::Text;
use chat_model::change::{AuditRow, Change};
use chat_model::event::Event;
use chat_model::id::{ChannelId, MsgId, SessionId, Stamp, Ticket, Time, UserId};
use chat_model::language::Language;
use chat_model::message::Party;
use chat_model::mode::Ranks;
use chat_model::name::{Account, ChannelName};
use chat_model::refusal::Refusal;
use chat_model::reply::Reply;
use chat_model::secret::SecretHandle;
use chat_model::who::{Source, Who};

use crate::commands::verb::Verb;
use crate::effect::{Audience, Effect, Log, ShownAs};
use crate::input::{Question, Settings, Storage};
use crate::pending::{Pending, What};
use crate::policy::sight;
use crate::state::State;
use crate::state::channel::Channel;
use crate::state::said::Circle;
use crate::state::session::Session;
use crate::state::user::User;

/// What a command says of itself when it is through.
pub(crate) type Outcome = Result<(), Refusal>;

pub(crate) struct Cx<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) effects: &'a mut Vec<Effect>,
    pub(crate) now: Time,
    /// Who asks.
    pub(crate) session: SessionId,
    /// What for, in capitals.
    pub(crate) verb: &'static str,
    /// What the answer is to be marked with.
    pub(crate) label: Option<Text>,
    /// Stands for the password that came with it.
    pub(crate) secret: Option<Box<SecretHandle>>,
    /// Channels whose names are many, and still to be told.
    pub(crate) names_due: VecDeque<ChannelId>,
    /// The answer comes later.
    pub(crate) deferred: bool,
    /// A part of the answer is here, and more of it comes later.
    pub(crate) goes_on: bool,
}

impl<'a> Cx<'a> {
    pub(crate) fn new(
        state: &'a mut State,
        effects: &'a mut Vec<Effect>,
        now: Time,
        session: SessionId,
        verb: &'static str,
    ) -> Self {
        Self {
            state,
            effects,
            now,
            session,
            verb,
            label: None,
            secret: None,
            names_due: VecDeque::new(),
            deferred: false,
            goes_on: false,
        }
    }

    // Who asks

    pub(crate) fn settings(&self) -> Arc<Settings> {
        self.state.settings().clone()
    }

    pub(crate) fn session_row(&self) -> &Session {
        self.state.sessions.get(&self.session).expect("a command runs for a session that is there")
    }

    pub(crate) fn session_mut(&mut self) -> &mut Session {
        self.state.sessions.get_mut(&self.session).expect("a command runs for a session that is there")
    }

    /// The asking user's id.
    ///
    /// # Errors
    /// [`Refusal::NotRegistered`], also for administrators, who are not users.
    pub(crate) fn me(&self) -> Result<UserId, Refusal> {
        self.session_row().user.ok_or(Refusal::NotRegistered)
    }

    pub(crate) fn user(&self, id: UserId) -> &User {
        self.state.users.get(&id).expect("a user's id is only kept while the user is there")
    }

    pub(crate) fn user_mut(&mut self, id: UserId) -> &mut User {
        self.state.users.get_mut(&id).expect("a user's id is only kept while the user is there")
    }

    pub(crate) fn who(&self, id: UserId) -> Arc<Who> {
        self.user(id).who.clone()
    }

    /// In whose name this is done: the user's, or for administrators the server's.
    pub(crate) fn source(&self) -> Source {
        match self.session_row().user {
            Some(id) => Source::User(self.who(id)),
            None => Source::Server,
        }
    }

    /// What stands for the password that came with the call.
    ///
    /// # Errors
    /// [`Refusal::NeedMoreWords`]
    pub(crate) fn secret(&self) -> Result<&SecretHandle, Refusal> {
        self.secret.as_deref().ok_or_else(|| Refusal::NeedMoreWords { verb: self.verb.into() })
    }

    /// The sessions that are on with an account, but for the asking one.
    pub(crate) fn other_sessions(&self, account: &Account) -> Vec<SessionId> {
        let user = self.state.accounts.get(account).and_then(|row| row.user);
        let sessions = user.map(|user| self.user(user).sessions.as_slice()).unwrap_or_default();
        sessions.iter().copied().filter(|session| *session != self.session).collect()
    }

    /// The account that the asking session is logged in to, whether it has come in or not.
    pub(crate) fn account(&self) -> Option<&Account> {
        let row = self.session_row();
        row.user.map_or(row.account.as_ref(), |me| self.user(me).who.account.as_ref())
    }

    // Channels

    /// A channel's name, and a user's ranks there.
    pub(crate) fn ranked(&self, channel_id: ChannelId, id: UserId) -> (ChannelName, Ranks) {
        let ranks = self.state.ranks(channel_id, id).unwrap_or_default();
        (self.channel(channel_id).name.clone(), ranks)
    }

    pub(crate) fn channel(&self, id: ChannelId) -> &Channel {
        self.state.channels.get(&id).expect("a channel's id is only kept while the channel is there")
    }

    pub(crate) fn channel_mut(&mut self, id: ChannelId) -> &mut Channel {
        self.state.channels.get_mut(&id).expect("a channel's id is only kept while the channel is there")
    }

    /// A channel, for administrators, who know of all.
    pub(crate) fn find_channel(&self, name: &str) -> Result<ChannelId, Refusal> {
        let folded = ChannelName::fold(name).ok();
        let found = folded.and_then(|folded| self.state.channel_names.get(&*folded).copied());
        found.ok_or_else(|| Refusal::NoSuchChannel { channel: name.into() })
    }

    /// A channel that the user may know of.
    pub(crate) fn known_channel(&self, me: UserId, name: &str) -> Result<ChannelId, Refusal> {
        let id = self.find_channel(name)?;
        if sight::sees_channel(self, me, id) {
            return Ok(id);
        }
        Err(Refusal::NoSuchChannel { channel: name.into() })
    }

    /// A channel that the user is on.
    pub(crate) fn my_channel(&self, me: UserId, name: &str) -> Result<ChannelId, Refusal> {
        let id = self.known_channel(me, name)?;
        if self.state.is_on(id, me) {
            return Ok(id);
        }
        Err(Refusal::NotOnChannel { channel: self.channel(id).name.clone() })
    }

    /// Puts on record what a server operator does on a channel.
    pub(crate) fn audit_override(&mut self, channel: &ChannelName, detail: &str) -> Outcome {
        self.require_storage()?;
        self.audit(&format!("override {}", self.verb.to_ascii_lowercase()), channel.as_str(), detail)
    }

    // Telling

    /// The id of what happens now.
    pub(crate) fn next_id(&mut self) -> MsgId {
        self.state.next_id()
    }

    /// What happens now carries it.
    pub(crate) fn stamp(&mut self) -> Stamp {
        self.state.stamp(self.now)
    }

    /// What is said there now carries it.
    pub(crate) fn stamp_in(&mut self, circles: &[Circle]) -> Stamp {
        Stamp { id: self.next_id(), time: self.state.time_in(circles, self.now) }
    }

    pub(crate) fn reply(&mut self, reply: impl Into<Reply>) {
        self.effects.push(Effect::Reply { session: self.session, reply: reply.into() });
    }

    /// Tells the asking session what was read for it.
    pub(crate) fn show(&mut self, ticket: Ticket, shown: ShownAs) {
        self.effects.push(Effect::Show { session: self.session, ticket, shown });
    }

    pub(crate) fn reply_to(&mut self, session: SessionId, reply: Reply) {
        self.effects.push(Effect::Reply { session, reply });
    }

    /// From here on the session is told everything in this language.
    pub(crate) fn speak(&mut self, language: Language) {
        let session = self.session;
        self.session_mut().language = Some(language);
        self.effects.push(Effect::Speak { session, language });
    }

    /// Tells all sessions of a user.
    pub(crate) fn reply_to_user(&mut self, user: UserId, reply: &Reply) {
        for session in self.user(user).sessions.clone() {
            self.reply_to(session, reply.clone());
        }
    }

    /// Says no; but never to a NOTICE, so that two machines cannot quarrel for ever (RFC 1459 section 4.4.2).
    pub(crate) fn refuse(&mut self, refusal: Refusal) {
        self.log_refused(&refusal);
        if self.verb == "NOTICE" {
            return;
        }
        self.reply(Reply::Refused { verb: self.verb.into(), refusal });
    }

    /// Says no to each target that one command may not name any more.
    pub(crate) fn refuse_too_many(&mut self, targets: Vec<&str>) {
        for target in targets {
            self.refuse(Refusal::TooManyTargets { target: target.into() });
        }
    }

    /// Shows an event to the session that caused it.
    pub(crate) fn own(&mut self, event: Event) {
        self.effects.push(Effect::Own { session: self.session, event });
    }

    /// Shows an event to an audience, and to the session that caused it as its own.
    pub(crate) fn publish(&mut self, to: Audience, event: Event) {
        if !self.session_row().is_administrator() {
            self.own(event.clone());
        }
        self.publish_to_others(to, event);
    }

    /// Shows an event to an audience, the session that caused it left out.
    pub(crate) fn publish_to_others(&mut self, to: Audience, event: Event) {
        if to.iter().any(|session| *session != self.session) {
            self.effects.push(Effect::Publish { to, except: Some(self.session), event });
        }
    }

    /// All sessions that share a channel with a user and know that it is there, and its own.
    pub(crate) fn peers(&self, id: UserId) -> Audience {
        let user = self.user(id);
        let mut shown = user.channels.iter().filter(|channel| !self.state.is_delayed(**channel, id));
        if let (1, Some(only)) = (user.channels.len(), shown.clone().next()) {
            return self.state.audience(*only);
        }
        let mut peers: BTreeSet<SessionId> = user.sessions.iter().copied().collect();
        for channel in &mut shown {
            peers.extend(self.state.audience(*channel).iter());
        }
        Arc::new(peers.into_iter().collect())
    }

    // Storing and asking

    /// Whether a change of the asking session's could be stored now.
    ///
    /// # Errors
    /// [`Refusal::StorageUnavailable`]
    pub(crate) fn require_storage(&self) -> Outcome {
        match self.state.storage {
            Storage::Works => Ok(()),
            Storage::NearlyFull if self.session_row().is_administrator() => Ok(()),
            Storage::NearlyFull | Storage::Fails => Err(Refusal::StorageUnavailable),
        }
    }

    /// Has a change stored before anybody is told of it. To be called before anything is changed, so that what is
    /// refused has changed nothing.
    pub(crate) fn save(&mut self, change: Change) -> Outcome {
        self.require_storage()?;
        self.effects.push(Effect::Save(change));
        Ok(())
    }

    pub(crate) fn save_when_possible(&mut self, change: Change) {
        self.effects.push(Effect::SaveWhenPossible(change));
    }

    /// Asks the shell; the session's next calls wait for the answer. With `deferred` the answer to this call is what
    /// the resolution says, else the call is answered already.
    pub(crate) fn ask(&mut self, question: Question, what: What, deferred: bool) {
        self.state.counters.tickets += 1;
        let ticket = Ticket(self.state.counters.tickets);
        let label = if deferred { self.label.take() } else { None };
        self.deferred = deferred;
        let pending = Pending {
            session: self.session,
            verb: Verb(self.verb),
            label,
            deferred,
            begins_with: None,
            what,
        };
        self.state.pending.insert(ticket, pending);
        self.session_mut().busy = Some(ticket);
        self.effects.push(Effect::Ask { session: self.session, ticket, question });
    }

    /// Asks when more of an answer may come, of which a part has been given.
    pub(crate) fn ask_for_more(&mut self, question: Question, what: What) {
        self.ask(question, what, true);
        self.goes_on = true;
    }

    /// What the answer that was put off by [`Cx::ask`] begins with.
    pub(crate) fn answer_begins_with(&mut self, reply: Reply) {
        let pending = self.session_row().busy.and_then(|ticket| self.state.pending.get_mut(&ticket));
        if let Some(pending) = pending {
            pending.begins_with = Some(reply);
        }
    }

    /// Puts an act of an administrator or operator into the audit log, and into the server's. Like [`Cx::save`], before
    /// it is done. It may use what is kept free for that on a disk that is nearly full.
    pub(crate) fn audit(&mut self, action: &str, target: &str, detail: &str) -> Outcome {
        if self.state.storage == Storage::Fails {
            return Err(Refusal::StorageUnavailable);
        }
        let actor: Text = match &self.session_row().peer.administrator {
            Some(name) => name.clone(),
            None => chat_model::reply::author(&self.source(), &self.settings().server),
        };
        let at = self.stamp();
        let (action, target): (Text, Text) = (action.into(), target.into());
        self.effects.push(Effect::Log(Log::Administered {
            actor: actor.clone(),
            action: action.clone(),
            target: target.clone(),
        }));
        let row = AuditRow { at, actor, action, target, detail: detail.into() };
        self.effects.push(Effect::Save(Change::Audit(row)));
        Ok(())
    }

    pub(crate) fn log_refused(&mut self, refusal: &Refusal) {
        let row = self.session_row();
        let nick = match (row.user, &row.nick) {
            (Some(id), _) => self.user(id).who.nick.as_str().into(),
            (None, Some(nick)) => nick.as_str().into(),
            (None, None) => "*".into(),
        };
        let address = row.peer.address;
        let (verb, refusal) = (self.verb.into(), refusal.clone());
        self.effects.push(Effect::Log(Log::Refused { nick, address, verb, refusal }));
    }

    /// The other end of a direct conversation by nickname: who has it now, else the account that owns it, else a
    /// guest of that name.
    pub(crate) fn party(&self, nick: &chat_model::name::Nick) -> Party {
        if let Some(id) = self.state.user_by_nick(nick) {
            return self.user(id).party();
        }
        match self.state.account(&nick.to_account()) {
            Some(account) => Party { nick: account.to_nick(), account: Some(account) },
            None => Party { nick: nick.clone(), account: None },
        }
    }
}
