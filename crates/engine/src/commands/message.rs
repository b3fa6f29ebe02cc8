//! PRIVMSG, NOTICE, TAGMSG: what all of this is for. A message is saved by the same batch that shows it.

use std::sync::Arc;

use chat_model::Text;
use chat_model::call::Call;
use chat_model::change::Change;
use chat_model::ctcp;
use chat_model::event::Event;
use chat_model::id::{ChannelId, Stamp, UserId};
use chat_model::message::{Message, MessageKind, Party, Target};
use chat_model::mode::Rank;
use chat_model::name::Nick;
use chat_model::refusal::Refusal;
use chat_model::reply::{Notice, Reply};

use super::nickserv;
use crate::budgets::{self, Budget};
use crate::cx::{Cx, Outcome};
use crate::effect::{Audience, Effect};
use crate::idle;
use crate::policy;
use crate::state::membership::Member;
use crate::state::said::Circle;
use crate::storm;

pub(super) fn privmsg(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let text = read_text(cx, call)?;
    send(cx, call, MessageKind::Privmsg, &text)
}

pub(super) fn notice(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let text = read_text(cx, call)?;
    send(cx, call, MessageKind::Notice, &text)
}

pub(super) fn tagmsg(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let empty: Text = "".into();
    send(cx, call, MessageKind::Tagmsg, &empty)
}

/// MSG as people type it: one nickname, and the rest is text.
pub(super) fn msg(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let (nick, text) = (words.word()?, words.rest()?);
    privmsg(cx, &Call::new("PRIVMSG", &[nick, text]))
}

fn read_text(cx: &Cx<'_>, call: &Call) -> Result<Text, Refusal> {
    let mut words = call.words();
    if words.next_word().is_none_or(str::is_empty) {
        return Err(Refusal::NoRecipient { verb: cx.verb.into() });
    }
    words.next_rest().filter(|text| !text.is_empty()).map(Into::into).ok_or(Refusal::NoText)
}

fn send(cx: &mut Cx<'_>, call: &Call, kind: MessageKind, text: &Text) -> Outcome {
    let me = cx.me()?;
    let now = cx.now;
    if let Some(user) = cx.state.users.touch(&me) {
        user.active = now;
    }
    let targets = call.words().list().map_err(|refusal| match refusal {
        Refusal::NeedMoreWords { .. } => Refusal::NoRecipient { verb: cx.verb.into() },
        other => other,
    });
    let (targets, too_many) = targets?;
    for target in targets {
        if let Err(refusal) = send_one(cx, me, call, kind, target, text) {
            cx.refuse(refusal);
        }
    }
    cx.refuse_too_many(too_many);
    Ok(())
}

fn send_one(
    cx: &mut Cx<'_>,
    me: UserId,
    call: &Call,
    kind: MessageKind,
    target: &str,
    text: &Text,
) -> Outcome {
    let rank = Rank::ALL.into_iter().find(|rank| target.starts_with(rank.prefix()));
    let name = rank.map_or(target, |_| &target[1..]);
    let parts = Parts { me, call, kind, text };
    if name.starts_with('#') {
        return to_channel(cx, &parts, name, rank);
    }
    if nickserv::is_name(name) {
        // Named twice in one line it is told once: a call waits for one answer.
        return if kind == MessageKind::Privmsg && !cx.deferred {
            nickserv::message(cx, text)
        } else {
            Ok(())
        };
    }
    to_user(cx, &parts, target)
}

/// What a message is made of, its target aside.
struct Parts<'a> {
    me: UserId,
    call: &'a Call,
    kind: MessageKind,
    text: &'a Text,
}

/// What a message takes on the disk besides its text and tags, about: its names, and its places in two indexes.
const ROW_BYTES: usize = 200;

impl Parts<'_> {
    fn stored_bytes(&self) -> usize {
        ROW_BYTES + self.text.len() + self.call.tags.as_ref().map_or(0, |tags| tags.0.len())
    }
}

fn to_channel(cx: &mut Cx<'_>, parts: &Parts<'_>, name: &str, rank: Option<Rank>) -> Outcome {
    let channel_id = cx.find_channel(name)?;
    if let Err(refusal) = policy::channel::may_speak(cx, parts.me, channel_id) {
        // Who is outside a secret channel does not learn from this that there is one.
        cx.known_channel(parts.me, name)?;
        return Err(refusal);
    }
    require_storage(cx, parts)?;
    idle::used(cx, channel_id);
    storm::reveal(cx, channel_id, parts.me);
    let name = cx.channel(channel_id).name.clone();
    let to = match rank {
        None => cx.state.listeners(channel_id),
        Some(rank) => ranked_audience(cx, channel_id, rank, parts.me),
    };
    let at = cx.stamp_in(&[Circle::Channel(channel_id)]);
    deliver(cx, parts, at, Target::Channel { name, rank }, to, false)
}

/// Those on it with at least this rank, and whoever says it.
fn ranked_audience(cx: &Cx<'_>, channel_id: ChannelId, rank: Rank, me: UserId) -> Audience {
    let has_rank = |id| cx.state.ranks(channel_id, id).is_some_and(|ranks| ranks.at_least(rank));
    let ranked = cx.state.users_on(channel_id).filter(|id| *id == me || has_rank(*id));
    let users = ranked.map(|id| cx.user(id)).filter(|user| !user.is_deaf());
    Arc::new(users.flat_map(|user| user.sessions.iter().copied()).collect())
}

fn to_user(cx: &mut Cx<'_>, parts: &Parts<'_>, target: &str) -> Outcome {
    let missing = || Refusal::NoSuchNick { nick: target.into() };
    let nick = Nick::new(target).map_err(|_| missing())?;
    let Some(recipient) = cx.state.user_by_nick(&nick) else {
        let party = cx.party(&nick);
        // What programs ask each other is answered at once or never.
        let for_programs =
            parts.kind == MessageKind::Tagmsg || matches!(ctcp::body(parts.text), ctcp::Body::Ctcp(_));
        if for_programs || party.account.is_none() {
            return Err(missing());
        }
        return to_absent(cx, parts, party);
    };
    require_storage(cx, parts)?;
    let mut to = cx.user(recipient).sessions.clone();
    // What a machine without echo would show twice to itself, it is shown once.
    let to_self = recipient == parts.me;
    if !to_self {
        to.extend(&cx.user(parts.me).sessions);
    }
    let shows_both = to_self && cx.session_row().peer.hears_itself;
    let party = cx.user(recipient).party();
    let ends = [parts.me, recipient].map(|id| Circle::Member(cx.user(id).member));
    let at = cx.stamp_in(&ends);
    deliver(cx, parts, at, Target::User(party), Arc::new(to), shows_both)?;
    if parts.kind == MessageKind::Privmsg
        && let Some(message) = cx.user(recipient).away.clone()
    {
        let nick = cx.user(recipient).who.nick.clone();
        cx.reply(Reply::TheyAreAway { nick, message });
    }
    Ok(())
}

/// Stores a message for an account that nobody is on with.
fn to_absent(cx: &mut Cx<'_>, parts: &Parts<'_>, party: Party) -> Outcome {
    require_storage(cx, parts)?;
    let nick = party.nick.clone();
    let to = Arc::new(cx.user(parts.me).sessions.clone());
    let account = party.account.as_ref().and_then(|account| cx.state.accounts.get(account));
    let theirs = account.map(|row| Circle::Member(Member::Account(row.id)));
    let mine = Circle::Member(cx.user(parts.me).member);
    let ends: Vec<_> = theirs.into_iter().chain([mine]).collect();
    let at = cx.stamp_in(&ends);
    deliver(cx, parts, at, Target::User(party), to, false)?;
    if parts.kind == MessageKind::Privmsg {
        cx.reply(Reply::Notice(Notice::WhisperStored { nick }));
    }
    Ok(())
}

/// Saves and shows a message: to its audience, and to its sender as the receipt. With `to_sender_too` the sending
/// session is also one that it was sent to.
fn deliver(
    cx: &mut Cx<'_>,
    parts: &Parts<'_>,
    at: Stamp,
    target: Target,
    to: Audience,
    to_sender_too: bool,
) -> Outcome {
    let message = Arc::new(Message {
        at,
        from: cx.source(),
        target,
        kind: parts.kind,
        text: parts.text.clone(),
        tags: parts.call.tags.clone(),
    });
    if parts.kind != MessageKind::Tagmsg {
        cx.save(Change::Message(message.clone()))?;
        owners(cx, parts).for_each(|budget| budgets::spend(cx, budget, parts.stored_bytes()));
    }
    let session = cx.session;
    cx.effects.push(Effect::Own { session, event: Event::Message(message.clone()) });
    if to_sender_too {
        cx.effects.push(Effect::Publish { to, except: None, event: Event::Message(message) });
    } else {
        cx.publish_to_others(to, Event::Message(message));
    }
    Ok(())
}

/// At whose expense a message is stored, where it stays for long: that of its sender's address and account.
fn owners(cx: &Cx<'_>, parts: &Parts<'_>) -> impl Iterator<Item = Budget> + use<> {
    let account = match cx.user(parts.me).member {
        Member::Account(account) => Some(Budget::StoredBy(account)),
        Member::Guest(_) => None,
    };
    budgets::owner(cx).map(Budget::Stored).into_iter().chain(account)
}

/// Refuses a message that cannot be stored, before anything comes of it.
fn require_storage(cx: &Cx<'_>, parts: &Parts<'_>) -> Outcome {
    if parts.kind == MessageKind::Tagmsg {
        return Ok(());
    }
    if owners(cx, parts).any(|budget| budgets::lacks(cx, budget, parts.stored_bytes())) {
        return Err(Refusal::TooMuchStored);
    }
    cx.require_storage()
}
