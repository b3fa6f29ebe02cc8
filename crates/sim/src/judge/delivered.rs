//! Whether what was not delivered is shown again to whoever goes on from there, and what was is not shown twice.
//!
//! What was delivered is what clients have really got: what went into a dead link was not, whatever the server thinks.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use chat_engine::effect::Effect;
use chat_engine::input::Input;
use chat_engine::view::View;
use chat_model::Text;
use chat_model::change::Change;
use chat_model::close_reason::CloseReason;
use chat_model::event::Event;
use chat_model::id::{MsgId, SessionId};
use chat_model::message::{Message, Target};
use chat_model::name::{Account, ChannelName};
use chat_model::reply::{Notice, Reply};
use chat_model::sent::Sent;
use chat_model::who::Source;

use super::mark_in;
use crate::client::Client;

/// Up to where one device of an account has got what is for it. Of devices that do not say which they are nobody can tell
/// which goes on from where: the next one that is shown as much has to go on where most is missing.
#[derive(Debug)]
struct Place {
    account: Account,
    device: Option<Text>,
    /// What its session was shown when it came, where the device does not say which it is.
    shows: Option<Shows>,
    /// Who is there; `None` when that session has ended.
    session: Option<SessionId>,
    /// Another session has gone on from here.
    is_replaced: bool,
    /// Its own session has said something since, which may have told the server that this is a place of its own.
    may_live: bool,
    /// What is for it and has not reached it.
    owed: BTreeSet<MsgId>,
    /// What it has shown to have got.
    acknowledged: BTreeSet<MsgId>,
    /// It was told that its past could not be read.
    is_excused: bool,
}

impl Place {
    /// How its number begins in the file, where its device does not say which it is.
    fn numbered(&self) -> &'static str {
        match self.shows {
            Some(shows) if shows == mem::discriminant(&Past::Nothing) => "/nothing/",
            Some(shows) if shows == mem::discriminant(&Past::Whispers) => "/whispers/",
            _ => "/",
        }
    }
}

/// What is known of one client.
#[derive(Debug, Default)]
struct Reached {
    /// What has really reached it, or came from it.
    seen: BTreeSet<MsgId>,
    /// What it said in the batch at hand, or did not want to hear.
    has: Vec<MsgId>,
    /// Whether nothing was on its way after the last batch.
    has_all: bool,
    /// What it had at the last looks of the server: a line that comes now says that it has got the older ones.
    looks: [BTreeSet<MsgId>; 2],
    /// When the last of these looks was, by the monotonic clock.
    looked_ms: i64,
    /// When the lines came that were dealt with last.
    arrived_ms: i64,
    /// What it has shown to have got since the server's last look.
    shown: BTreeSet<MsgId>,
    /// Whether it has said anything since then.
    has_spoken: bool,
    /// What it must not be shown while it comes in: all who it may be going on from have acknowledged that.
    not_again: BTreeSet<MsgId>,
}

/// [`Past`] without the channels.
type Shows = mem::Discriminant<Past>;

/// What somebody is shown that was missed.
#[derive(Debug)]
enum Past {
    Nothing,
    Whispers,
    /// And what was said in these channels.
    All(Vec<ChannelName>),
}

impl Past {
    /// Whether what was said there is shown; `None` is a whisper.
    fn has(&self, channel: Option<&ChannelName>) -> bool {
        match (self, channel) {
            (Self::Nothing, _) | (Self::Whispers, Some(_)) => false,
            (Self::Whispers | Self::All(_), None) => true,
            (Self::All(channels), Some(channel)) => channels.contains(channel),
        }
    }
}

/// What happened in a batch, as far as it matters here.
#[derive(Debug)]
enum Happened {
    Stored { id: MsgId, sender: Option<SessionId>, accounts: Vec<Account>, deaf: Vec<SessionId> },
    Came { session: SessionId, account: Account, device: Option<Text>, past: Past },
    Went { session: SessionId, has_had_all: bool, says_so: bool },
    LeftChannel { account: Account, channel: ChannelName },
    ShownPast { session: SessionId, ids: Vec<MsgId> },
    PastIsOver { session: SessionId },
    PastCannotBeRead { session: SessionId },
    Spoke { session: SessionId },
    Ticked,
    AccountDeleted(Account),
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Delivered {
    batch: Vec<Happened>,
    places: Vec<Place>,
    clients: BTreeMap<SessionId, Reached>,
    /// How sessions said that they end, which may wait for answers.
    ending: BTreeMap<SessionId, CloseReason>,
    /// The channel of each message that is for one.
    channels: BTreeMap<MsgId, ChannelName>,
    /// What is stored of the marks; where devices do not say which they are, that there are any which are shown as much.
    stored: BTreeMap<(Account, Text), MsgId>,
}

impl Delivered {
    pub(super) fn rollback(&mut self) {
        self.batch.clear();
    }

    pub(super) fn committed(&mut self, change: &Change) {
        match change {
            Change::Device(row) if row.device.starts_with('/') => {
                let numbered = row.device.trim_end_matches(|digit: char| digit.is_ascii_digit());
                self.stored.insert((row.account.clone(), numbered.into()), MsgId::MIN);
            }
            Change::Device(row) => {
                self.stored.insert((row.account.clone(), row.device.clone()), row.delivered);
            }
            _ => {}
        }
    }

    /// Right after the engine dealt with an input.
    pub(super) fn after_input(
        &mut self,
        input: &Input,
        effects: &[Effect],
        before: Option<&View>,
        after: &View,
    ) {
        match input {
            // Which is in no batch.
            Input::Loaded(_) => self.restarts(),
            Input::Tick => self.batch.push(Happened::Ticked),
            Input::Sent { session, sent: Sent::Call(_) } => {
                self.batch.push(Happened::Spoke { session: *session });
            }
            Input::Sent { session, sent: Sent::End(reason) } => {
                self.ending.entry(*session).or_insert_with(|| reason.clone());
            }
            _ => {}
        }
        let Some(before) = before else { return };
        let changed = |session: &SessionId| place_of(before, session) != place_of(after, session);
        let sessions: Vec<_> = before.sessions.keys().chain(after.sessions.keys()).copied().collect();
        let changed: BTreeSet<_> = sessions.into_iter().filter(changed).collect();
        // Who logs in to another account, or as another device, leaves its place first; who is gone has said before what it
        // said.
        for session in changed.iter().filter(|session| after.sessions.contains_key(session)) {
            self.went(*session, input, effects, before);
            self.came(*session, after);
        }
        for effect in effects {
            self.note(effect, effects, before, after);
        }
        for session in changed.iter().filter(|session| !after.sessions.contains_key(session)) {
            self.went(*session, input, effects, before);
        }
    }

    fn went(&mut self, session: SessionId, input: &Input, effects: &[Effect], before: &View) {
        if account_of(before, &session).is_none() {
            return;
        }
        let closed = effects.iter().find_map(|effect| match effect {
            Effect::Close { session: other, reason } if *other == session => Some(reason),
            _ => None,
        });
        let reason = closed.or_else(|| self.ending.get(&session));
        let has_had_all = matches!(reason, Some(CloseReason::Quit(_)));
        let says_so = matches!(input, Input::Sent { sent: Sent::End(_), .. });
        self.batch.push(Happened::Went { session, has_had_all, says_so });
    }

    fn came(&mut self, session: SessionId, after: &View) {
        let Some(account) = account_of(after, &session).cloned() else { return };
        let device = after.devices.get(&session).cloned();
        let user = after.sessions[&session].and_then(|user| after.users.get(&user));
        let channels = user.map(|user| user.channels.clone()).unwrap_or_default();
        let past = match () {
            () if after.shown_no_past.contains(&session) => Past::Nothing,
            () if after.asked_for_lines.contains(&session) => Past::Whispers,
            () => Past::All(channels),
        };
        self.batch.push(Happened::Came { session, account, device, past });
    }

    fn note(&mut self, effect: &Effect, effects: &[Effect], before: &View, after: &View) {
        match effect {
            Effect::Save(Change::Message(message)) => {
                // What has no mark cannot be recognised when it is seen.
                if mark_in(&message.text).is_none() {
                    return;
                }
                if let Target::Channel { name, .. } = &message.target {
                    self.channels.insert(message.at.id, name.clone());
                }
                let sender = sender_of(message, effects);
                let accounts = readers(message, after);
                let deaf = deaf(message, after);
                self.batch.push(Happened::Stored { id: message.at.id, sender, accounts, deaf });
            }
            Effect::Save(Change::AccountDeleted { account }) => {
                self.batch.push(Happened::AccountDeleted(account.clone()));
            }
            Effect::Past { session, reply: Reply::Missed { messages, .. } } => {
                let ids = messages.iter().map(|message| message.at.id).collect();
                self.batch.push(Happened::ShownPast { session: *session, ids });
            }
            Effect::Release { session } => self.batch.push(Happened::PastIsOver { session: *session }),
            Effect::Past { session, reply: Reply::Notice(Notice::PastUnavailable { .. }) } => {
                self.batch.push(Happened::PastCannotBeRead { session: *session });
            }
            Effect::Publish { event, .. } | Effect::Own { event, .. } => self.note_leaving(event, before),
            Effect::SaveWhenPossible(Change::ChannelEnded { channel }) => {
                for account in before.accounts.keys().cloned() {
                    self.batch.push(Happened::LeftChannel { account, channel: channel.clone() });
                }
            }
            _ => {}
        }
    }

    fn note_leaving(&mut self, event: &Event, before: &View) {
        let (account, channel) = match event {
            Event::Parted { who, channel, .. } => (who.account.clone(), channel),
            Event::Kicked { nick, channel, .. } => {
                let user = before.nicks.get(nick).and_then(|user| before.users.get(user));
                (user.map_or_else(|| Some(nick.to_account()), |user| user.account.clone()), channel)
            }
            _ => return,
        };
        if let Some(account) = account {
            self.batch.push(Happened::LeftChannel { account, channel: channel.clone() });
        }
    }

    /// See [`super::Judge::lines_came`].
    pub(super) fn lines_came(&mut self, session: SessionId, arrived_ms: i64) {
        self.clients.entry(session).or_default().arrived_ms = arrived_ms;
    }

    /// What happened is final, and has left.
    pub(super) fn end_batch(
        &mut self,
        now_ms: i64,
        clients: &[Client],
        holding: &BTreeSet<SessionId>,
        reached: &BTreeMap<SessionId, BTreeSet<MsgId>>,
        faults: &mut Vec<String>,
    ) {
        for happened in mem::take(&mut self.batch) {
            self.happens(now_ms, happened, faults);
        }
        for client in clients {
            let known = self.clients.entry(client.id).or_default();
            known.seen.extend(reached.get(&client.id).into_iter().flatten());
            known.seen.extend(mem::take(&mut known.has));
            known.has_all = client.has_all() && !holding.contains(&client.id);
        }
        for place in &mut self.places {
            let Some(session) = place.session else { continue };
            let Some(known) = self.clients.get(&session) else { continue };
            place.owed.retain(|id| !known.seen.contains(id));
            let client = &clients[session.slot()];
            if known.has_all && client.is_alive() && !place.is_excused && !place.owed.is_empty() {
                let Place { account, device, owed, .. } = place;
                faults.push(format!("{} ({account}, {device:?}) was never shown {owed:?}", client.name));
                place.owed.clear();
            }
        }
    }

    fn happens(&mut self, now_ms: i64, happened: Happened, faults: &mut Vec<String>) {
        match happened {
            Happened::Stored { id, sender, accounts, deaf } => {
                for session in sender.into_iter().chain(deaf) {
                    self.clients.entry(session).or_default().has.push(id);
                }
                let places = self.places.iter_mut().filter(|place| accounts.contains(&place.account));
                for place in places.filter(|place| sender.is_none() || place.session != sender) {
                    place.owed.insert(id);
                }
            }
            Happened::Came { session, account, device, past } => {
                self.goes_on(session, account, device, past);
            }
            Happened::Went { session, has_had_all, says_so } => self.ends(session, has_had_all, says_so),
            Happened::LeftChannel { account, channel } => {
                let places = self.places.iter_mut().filter(|place| place.account == account);
                places.for_each(|place| place.owed.retain(|id| self.channels.get(id) != Some(&channel)));
            }
            Happened::ShownPast { session, ids } => {
                let Some(known) = self.clients.get(&session) else { return };
                let again: Vec<_> = ids.into_iter().filter(|id| known.not_again.contains(id)).collect();
                if !again.is_empty() {
                    faults.push(format!("{session:?} was shown again what its device had got: {again:?}"));
                }
            }
            Happened::PastIsOver { session } => {
                self.clients.entry(session).or_default().not_again.clear();
            }
            Happened::PastCannotBeRead { session } => {
                let mut places = self.places.iter_mut();
                if let Some(place) = places.find(|place| place.session == Some(session)) {
                    place.is_excused = true;
                }
            }
            Happened::Spoke { session } => {
                let known = self.clients.entry(session).or_default();
                if known.arrived_ms >= known.looked_ms {
                    known.shown.extend(&known.looks[0]);
                }
                known.has_spoken = true;
            }
            Happened::Ticked => self.look(now_ms),
            Happened::AccountDeleted(account) => self.places.retain(|place| place.account != account),
        }
    }

    /// A session goes on for an account, from the place of its device where most is missing.
    fn goes_on(&mut self, session: SessionId, account: Account, device: Option<Text>, past: Past) {
        let shows = device.is_none().then(|| mem::discriminant(&past));
        let is_same =
            |place: &&Place| place.account == account && place.device == device && place.shows == shows;
        let may_be_open =
            self.places.iter().filter(is_same).filter(|place| !place.is_replaced || place.may_live);
        let not_again = may_be_open.map(|place| place.acknowledged.clone());
        let not_again = not_again.reduce(|one, other| &one & &other).unwrap_or_default();
        let (mut owed, mut acknowledged) = (BTreeSet::new(), BTreeSet::new());
        let open = self.places.iter().enumerate().filter(|(_, place)| is_same(place) && !place.is_replaced);
        if let Some((index, _)) = open.max_by_key(|(_, place)| place.owed.len()) {
            let place = &mut self.places[index];
            (owed, acknowledged) = (place.owed.clone(), place.acknowledged.clone());
            (place.is_replaced, place.may_live) = (true, false);
            if place.session.is_none() {
                self.places.remove(index);
            }
        }
        owed.retain(|id| past.has(self.channels.get(id)));
        let known = self.clients.entry(session).or_default();
        known.not_again = not_again.into_iter().filter(|id| past.has(self.channels.get(id))).collect();
        (known.looks, known.shown) = Default::default();
        self.places.push(Place {
            account,
            device,
            shows,
            session: Some(session),
            is_replaced: false,
            may_live: false,
            owed,
            acknowledged,
            is_excused: false,
        });
    }

    fn ends(&mut self, session: SessionId, has_had_all: bool, says_so: bool) {
        if says_so {
            self.acknowledge(session);
        }
        let Some(index) = self.places.iter().position(|place| place.session == Some(session)) else { return };
        let place = &mut self.places[index];
        place.session = None;
        if has_had_all && !place.is_excused {
            place.owed.clear();
        }
        place.is_excused = false;
        if place.is_replaced && !place.may_live {
            self.places.remove(index);
        }
    }

    /// The server looks at what has left, and learns what was shown since the last look.
    fn look(&mut self, now_ms: i64) {
        let sessions: Vec<_> = self.clients.keys().copied().collect();
        for session in sessions {
            self.acknowledge(session);
            let Some(known) = self.clients.get_mut(&session) else { continue };
            if known.has_all {
                let [_, newer] = mem::take(&mut known.looks);
                known.looks = [newer, known.seen.clone()];
                known.looked_ms = now_ms;
            }
        }
    }

    fn acknowledge(&mut self, session: SessionId) {
        let Some(known) = self.clients.get_mut(&session) else { return };
        let (shown, has_spoken) = (mem::take(&mut known.shown), mem::take(&mut known.has_spoken));
        let Some(index) = self.places.iter().position(|place| place.session == Some(session)) else { return };
        let place = &mut self.places[index];
        place.may_live |= has_spoken;
        // Who could not be shown what it missed goes on from where it was.
        if place.is_excused || shown.is_subset(&place.acknowledged) {
            return;
        }
        if place.is_replaced && !self.takes_back(session) {
            return;
        }
        let mut places = self.places.iter_mut();
        if let Some(place) = places.find(|place| place.session == Some(session)) {
            place.is_replaced = false;
            place.acknowledged.extend(shown);
        }
    }

    /// Whether a session in whose place another one has gone on has a place all the same, since it lives. Where its device
    /// does not say which it is, it is another device. Else it is the same one, which has one place: the other session's,
    /// as long as that is there.
    fn takes_back(&mut self, session: SessionId) -> bool {
        let Some(mine) = self.places.iter().find(|place| place.session == Some(session)) else {
            return false;
        };
        let (account, device) = (mine.account.clone(), mine.device.clone());
        if device.is_none() {
            return true;
        }
        let is_other = |place: &Place| {
            place.account == account && place.device == device && place.session != Some(session)
        };
        if self.places.iter().any(|place| is_other(place) && place.session.is_some() && !place.is_replaced) {
            return false;
        }
        self.places.retain(|place| !is_other(place) || place.session.is_some());
        true
    }

    /// All that the server remembers is what it had stored.
    fn restarts(&mut self) {
        self.places.retain_mut(|place| {
            let device = place.device.clone().unwrap_or_else(|| place.numbered().into());
            let key = (place.account.clone(), device);
            // A device that could not be stored is a new one, which begins where its account is.
            let Some(mark) = self.stored.get(&key) else { return false };
            place.acknowledged.retain(|id| id <= mark);
            (place.session, place.is_excused) = (None, false);
            !place.is_replaced || place.may_live
        });
        self.ending.clear();
    }
}

fn account_of<'a>(view: &'a View, session: &SessionId) -> Option<&'a Account> {
    let user = view.sessions.get(session).copied().flatten()?;
    view.users.get(&user)?.account.as_ref()
}

/// The place that a session has: of an account, and one of its devices where it says which.
fn place_of<'a>(view: &'a View, session: &SessionId) -> Option<(&'a Account, Option<&'a Text>)> {
    Some((account_of(view, session)?, view.devices.get(session)))
}

fn sender_of(message: &Message, effects: &[Effect]) -> Option<SessionId> {
    effects.iter().find_map(|effect| match effect {
        Effect::Own { session, event: Event::Message(own) } if own.at.id == message.at.id => Some(*session),
        _ => None,
    })
}

/// The accounts that a message is for. What is for ranks alone has readers that a view does not tell.
fn readers(message: &Message, view: &View) -> Vec<Account> {
    match &message.target {
        // What one tells oneself is nothing that one could miss.
        Target::User(to) => {
            let from = match &message.from {
                Source::User(who) => who.account.as_ref(),
                Source::Server => None,
            };
            to.account.iter().filter(|to| Some(*to) != from).cloned().collect()
        }
        Target::Channel { rank: Some(_), .. } => Vec::new(),
        Target::Channel { name, rank: None } => {
            let Some(channel) = view.channels.get(name) else { return Vec::new() };
            let reads = |account: &Account| {
                let Some(user) = view.accounts.get(account).copied().flatten() else { return true };
                channel.members.contains_key(&user) && !view.users[&user].muted
            };
            let members = channel.accounts.iter().filter(|(account, (joined, _))| *joined && reads(account));
            members.map(|(account, _)| account.clone()).collect()
        }
    }
}

/// Those who are where a message is for all, and have muted it.
fn deaf(message: &Message, view: &View) -> Vec<SessionId> {
    let Target::Channel { name, .. } = &message.target else { return Vec::new() };
    let members = view.channels.get(name).into_iter().flat_map(|channel| channel.members.keys());
    let users = members.filter_map(|user| view.users.get(user)).filter(|user| user.muted);
    users.flat_map(|user| user.sessions.clone()).collect()
}
