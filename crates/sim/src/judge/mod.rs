//! Holds what the engine does against what it promises. It finds faults; it never stops the world.

mod changes;
mod delivered;
mod order;
mod sound;
mod stored;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chat_engine::effect::Effect;
use chat_engine::input::Input;
use chat_engine::view::View;
use chat_model::change::Change;
use chat_model::event::Event;
use chat_model::id::{MsgId, SessionId, Time};
use chat_model::message::{Message, MessageKind, Target};
use chat_model::name::Account;
use chat_model::reply::Reply;
use chat_model::who::Source;
use chat_store::{HistoryFilter, Reader};

use delivered::Delivered;

use changes::{accounts_are_kept, ranks_are_kept, refusals_change_nothing};
use order::Order;
use sound::{channels_are_sound, nothing_ends, owners_speak, users_are_sound};
use stored::Stored;

use crate::client::Client;

/// How the words begin that only an answer repeats; a number follows, which grows.
pub(crate) const ANSWER: &str = "ANSWER";

/// What encloses the numbers that random texts are marked with: `~17~`.
const MARK: char = '~';

/// Somebody who must see a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Expected {
    session: SessionId,
    id: MsgId,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    stopped: bool,
    /// Somebody has set the clock, and it shows what it should not.
    clock_is_wrong: bool,
    faults: Vec<String>,
    /// Faults and expectations of the batch at hand, which may be taken back.
    batch_faults: Vec<String>,
    batch_expected: Vec<Expected>,
    expected: BTreeSet<Expected>,
    /// All messages whose batch was committed.
    stored: BTreeMap<MsgId, Arc<Message>>,
    order: Order,
    /// Accounts that were ever made.
    made: BTreeSet<Account>,
    /// Who was where after the last input, and at the start of the batch at hand.
    view: Option<View>,
    view_before_batch: Option<View>,
    /// What the batch that is being carried out has committed.
    on_disk: Stored,
    /// What reached whom.
    delivered: Delivered,
    /// The messages with these marks.
    marked: BTreeMap<String, MsgId>,
    /// Up to where what each client was sent was read.
    read: BTreeMap<SessionId, usize>,
}

impl Judge {
    pub(crate) fn fault(&mut self, fault: String) {
        self.faults.push(fault);
    }

    /// What is wrong so far.
    pub(crate) fn faults(&self) -> &[String] {
        &self.faults
    }

    pub(crate) fn rollback(&mut self) {
        self.batch_faults.clear();
        self.batch_expected.clear();
        self.view.clone_from(&self.view_before_batch);
        self.delivered.rollback();
    }

    /// Lines of a client, which came then, are about to be dealt with.
    pub(crate) fn lines_came(&mut self, session: SessionId, arrived_ms: i64) {
        self.delivered.lines_came(session, arrived_ms);
    }

    /// What the batch has said has left, but for those who are shown the past first.
    pub(crate) fn end_batch(&mut self, now_ms: i64, clients: &[Client], holding: &BTreeSet<SessionId>) {
        self.faults.append(&mut self.batch_faults);
        self.view_before_batch.clone_from(&self.view);
        self.expected.extend(self.batch_expected.drain(..));
        self.expected.retain(|expected| clients[expected.session.slot()].is_alive());
        let reached = clients.iter().map(|client| (client.id, self.reached(client))).collect();
        self.delivered.end_batch(now_ms, clients, holding, &reached, &mut self.faults);
    }

    /// The messages that have reached a client since the last time.
    fn reached(&mut self, client: &Client) -> BTreeSet<MsgId> {
        let read = self.read.entry(client.id).or_default();
        let lines = client.lines_since(*read);
        *read += lines.len();
        let text = String::from_utf8_lossy(&lines);
        text.lines().flat_map(marks_of_line).filter_map(|mark| self.marked.get(mark)).copied().collect()
    }

    /// Whether the clock shows what it should.
    pub(crate) fn clock_is_right(&mut self, is_right: bool) {
        self.clock_is_wrong = !is_right;
    }

    /// What was deleted because it was too old, by whatever clock.
    pub(crate) fn expired(&mut self, messages: usize) {
        if self.clock_is_wrong {
            self.fault(format!("{messages} messages were deleted by a wrong clock"));
        }
    }

    /// Right after the engine dealt with an input.
    pub(crate) fn after_input(&mut self, now: Time, input: &Input, effects: &[Effect], view: &View) {
        self.stopped |= matches!(input, Input::Stop);
        if self.stopped {
            // Everybody was told to leave; nobody is anywhere any more.
            return;
        }
        let mut faults = Vec::new();
        users_are_sound(view, &mut faults);
        channels_are_sound(view, &mut faults);
        owners_speak(effects, view, &mut faults);
        // An administrator has seen another clock, or nobody has said for long that this one is wrong.
        self.clock_is_wrong &= !matches!(input, Input::Clock { believed: true });
        if let (true, Input::Tick) = (self.clock_is_wrong, input) {
            nothing_ends(effects, &mut faults);
        }
        if let Input::Loaded(loaded) = input {
            // The server has started; who was where before it did says nothing.
            (self.view, self.view_before_batch) = (None, None);
            self.order.started(now, loaded.last_time);
        }
        let before = self.view.replace(view.clone());
        self.delivered.after_input(input, effects, before.as_ref(), view);
        if let Some(before) = before {
            ranks_are_kept(&before, view, effects, &mut faults);
            accounts_are_kept(&before, view, effects, &mut faults);
            if let Input::Sent { .. } = input {
                refusals_change_nothing(&before, view, effects, &mut faults);
            }
        }
        self.batch_faults.extend(faults.into_iter().map(|fault| format!("{fault}, after {input:?}")));
        // An answer may set many calls free at once, and then who is where at the end says little.
        if let Input::Sent { session, .. } = input {
            self.audiences_are_right(*session, effects, view);
        }
    }

    /// Each message goes to those whom it is for, each of their sessions once.
    fn audiences_are_right(&mut self, sender: SessionId, effects: &[Effect], view: &View) {
        let mut recipients: BTreeMap<MsgId, (&Message, Vec<SessionId>)> = BTreeMap::new();
        for effect in effects {
            let (event, to): (_, Vec<SessionId>) = match effect {
                Effect::Own { session, event } => (event, vec![*session]),
                Effect::Publish { to, except, event } => {
                    (event, to.iter().copied().filter(|id| Some(*id) != *except).collect())
                }
                _ => continue,
            };
            if let Event::Message(message) = event {
                recipients.entry(message.at.id).or_insert((message, Vec::new())).1.extend(to);
            }
        }
        for (id, (message, mut to)) in recipients {
            to.sort();
            if let Target::User(_) = message.target {
                // What one tells oneself over IRC, one is told twice.
                to.dedup();
            }
            let Some(wanted) = audience(message, sender, view) else { continue };
            if to != wanted {
                self.batch_faults.push(format!("{message:?} went to {to:?} and not to {wanted:?}"));
            }
            let others = to.into_iter().filter(|session| *session != sender);
            if message.kind != MessageKind::Tagmsg {
                self.batch_expected.extend(others.map(|session| Expected { session, id }));
            }
        }
    }

    /// These are on the disk.
    pub(crate) fn committed(&mut self, changes: &[&Change], now: Time) {
        self.on_disk.committed(changes);
        for change in changes {
            self.delivered.committed(change);
            match change {
                Change::Message(message) => {
                    self.order.stored(message, now, &mut self.faults);
                    let mark = mark_in(&message.text).map(str::to_owned);
                    self.marked.extend(mark.map(|mark| (mark, message.at.id)));
                    let other = self.stored.insert(message.at.id, message.clone());
                    self.faults.extend(other.map(|other| format!("id {} was given twice", other.at.id)));
                }
                Change::Account { account, .. } => drop(self.made.insert(account.clone())),
                _ => {}
            }
        }
    }

    /// Right before an effect is carried out: whatever anybody sees of it is stored.
    pub(crate) fn shown(&mut self, effect: &Effect) {
        if let Effect::Publish { event, .. } | Effect::Own { event, .. } = effect {
            self.order.shown(event.at(), &mut self.faults);
        }
        self.on_disk.shown(effect, &mut self.faults);
        match effect {
            Effect::Publish { event: Event::Message(message), .. }
            | Effect::Own { event: Event::Message(message), .. }
                if message.kind != MessageKind::Tagmsg
                    && self.stored.get(&message.at.id) != Some(message) =>
            {
                self.fault(format!("shown and not stored: {message:?}"));
            }
            Effect::Reply { reply: Reply::LoggedIn { account, made: true, .. }, .. }
                if !self.made.contains(account) =>
            {
                self.fault(format!("made and not stored: account {account}"));
            }
            _ => {}
        }
    }

    /// At the end, from what the clients were sent: each message was seen by whom it is for, once, in one order, and
    /// by nobody else; and from what is stored: that is all of them.
    pub(crate) fn at_the_end(&mut self, clients: &[Client], reader: &Reader) {
        self.all_is_kept(reader);
        let stored: Vec<_> = self.stored.values().cloned().collect();
        let marked: BTreeMap<&str, &Message> =
            stored.iter().filter_map(|message| Some((mark_in(&message.text)?, &**message))).collect();
        for client in clients {
            let received = client.received();
            let text = String::from_utf8_lossy(&received);
            let seen: Vec<&Message> =
                text.lines().flat_map(marks_of_line).filter_map(|mark| marked.get(mark).copied()).collect();
            self.one_order(client, &seen);
            self.answers_in_order(client, &text);
            self.whispers_are_private(client, &seen);
            let ids: BTreeSet<MsgId> = seen.iter().map(|message| message.at.id).collect();
            let missed = |expected: &&Expected| expected.session == client.id && !ids.contains(&expected.id);
            let missed: Vec<_> = self.expected.iter().filter(missed).copied().collect();
            for Expected { id, .. } in missed {
                // What has no mark was not sent by the crowd, and cannot be told apart.
                if let Some(message) = self.stored.get(&id).filter(|message| mark_in(&message.text).is_some())
                {
                    let fault = format!("{} never saw {message:?}", client.name);
                    self.fault(fault);
                }
            }
        }
    }

    /// What was committed is in the file, whole and in its order, and nothing else is.
    fn all_is_kept(&mut self, reader: &Reader) {
        let filter = HistoryFilter { whispers: true, ..HistoryFilter::default() };
        let kept = reader.search(&filter).expect("memory can be read");
        // The real name is told when somebody comes, and not kept with each message.
        let part = |message: &Message| {
            (
                message.at.id,
                message.from.nick().cloned(),
                message.target.clone(),
                message.kind,
                message.text.clone(),
            )
        };
        let kept: Vec<_> = kept.iter().map(|row| part(&row.message)).collect();
        let stored: Vec<_> = self.stored.values().map(|message| part(message)).collect();
        if kept != stored {
            self.fault(format!("{} messages were committed and {} are kept", stored.len(), kept.len()));
        }
    }

    fn one_order(&mut self, client: &Client, seen: &[&Message]) {
        if client.sees_twice {
            return;
        }
        let mut latest: BTreeMap<String, MsgId> = BTreeMap::new();
        for message in seen {
            let Target::Channel { name, .. } = &message.target else { continue };
            let before = latest.insert(name.folded().to_owned(), message.at.id);
            if before.is_some_and(|before| before >= message.at.id) {
                self.fault(format!("{} saw {message:?} after {before:?}", client.name));
            }
        }
    }

    /// Whoever answers, the engine or the face, it is answered in the order in which it was asked.
    fn answers_in_order(&mut self, client: &Client, text: &str) {
        let words = text.split([' ', ':', '\r', '\n']);
        let asked = words.filter_map(|word| word.strip_prefix(ANSWER)?.parse::<usize>().ok());
        let asked: Vec<_> = asked.collect();
        if !asked.is_sorted_by(|before, after| before < after) {
            self.fault(format!("{} was answered in another order than it asked: {asked:?}", client.name));
        }
    }

    fn whispers_are_private(&mut self, client: &Client, seen: &[&Message]) {
        for message in seen {
            let Target::User(to) = &message.target else { continue };
            let mut ends = vec![to.nick.folded()];
            ends.extend(to.account.as_ref().map(Account::folded));
            if let Source::User(who) = &message.from {
                ends.push(who.nick.folded());
                ends.extend(who.account.as_ref().map(Account::folded));
            }
            if !ends.iter().any(|end| client.names.contains(*end) || client.accounts.contains(*end)) {
                self.fault(format!("{} ({:?}) saw the whisper {message:?}", client.name, client.names));
            }
        }
    }
}

/// Whom a message is for; `None` where ranks decide, which a view does not tell.
fn audience(message: &Message, sender: SessionId, view: &View) -> Option<Vec<SessionId>> {
    let sessions_of = |session: &SessionId| {
        let user = view.sessions.get(session).copied().flatten()?;
        Some(view.users.get(&user)?.sessions.clone())
    };
    let mut wanted = match &message.target {
        Target::Channel { rank: Some(_), .. } => return None,
        Target::Channel { name, rank: None } => {
            let mut wanted: Vec<SessionId> = Vec::new();
            for user in view.channels.get(name)?.members.keys() {
                let user = view.users.get(user)?;
                if !user.muted {
                    wanted.extend(&user.sessions);
                }
            }
            wanted
        }
        Target::User(to) => {
            let by_account = to.account.as_ref().and_then(|account| *view.accounts.get(account)?);
            let user = by_account.or_else(|| view.nicks.get(&to.nick).copied());
            let mut wanted = user.map(|user| view.users[&user].sessions.clone()).unwrap_or_default();
            wanted.extend(sessions_of(&sender).unwrap_or_default());
            wanted
        }
    };
    if matches!(message.from, Source::User(_)) {
        wanted.push(sender);
    }
    wanted.sort();
    wanted.dedup();
    Some(wanted)
}

/// The numbers between marks, in order.
fn marks(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split(MARK);
    pieces.filter(|piece| !piece.is_empty() && piece.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A JSON object tells a text twice: as it is, and ready to print.
fn marks_of_line(line: &str) -> Vec<&str> {
    let mut marks: Vec<_> = marks(line).collect();
    marks.dedup();
    marks
}

fn mark_in(text: &str) -> Option<&str> {
    text.contains(MARK).then(|| marks(text).next()).flatten()
}
