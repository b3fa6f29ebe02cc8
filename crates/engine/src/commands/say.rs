//! SAY of administrators: a message in the server's name, kept like any other.

use std::sync::Arc;

use chat_model::call::Call;
use chat_model::change::Change;
use chat_model::event::Event;
use chat_model::id::Stamp;
use chat_model::message::{Message, MessageKind, Target};
use chat_model::name::Nick;
use chat_model::refusal::Refusal;
use chat_model::reply::AdminReply;
use chat_model::who::Source;

use crate::cx::{Cx, Outcome};
use crate::effect::Audience;
use crate::idle;
use crate::state::said::Circle;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let target = words.word()?;
    let text = words.all_rest().filter(|text| !text.is_empty()).ok_or(Refusal::NoText)?;
    let (target, to) = if target.starts_with('#') { channel(cx, target)? } else { user(cx, target)? };
    let name = match &target {
        Target::Channel { name, .. } => name.as_str().to_owned(),
        Target::User(party) => party.nick.as_str().to_owned(),
    };
    cx.audit("say", &name, &text)?;
    let (at, text) = (stamp(cx, &target), text.into());
    let kind = MessageKind::Privmsg;
    let message = Arc::new(Message { at, from: Source::Server, target, kind, text, tags: None });
    cx.save(Change::Message(message.clone()))?;
    let count = to.len();
    cx.publish_to_others(to, Event::Message(message));
    cx.reply(AdminReply::Done { count });
    Ok(())
}

/// What is said to it now carries it: on a channel, or by the server to somebody who may be away.
fn stamp(cx: &mut Cx<'_>, target: &Target) -> Stamp {
    let circle = match target {
        Target::Channel { name, .. } => cx.state.channel_names.get(name).copied().map(Circle::Channel),
        Target::User(_) => Some(Circle::Server),
    };
    cx.stamp_in(circle.as_slice())
}

fn channel(cx: &mut Cx<'_>, name: &str) -> Result<(Target, Audience), Refusal> {
    let channel_id = cx.find_channel(name)?;
    idle::used(cx, channel_id);
    let channel = cx.channel(channel_id);
    Ok((Target::Channel { name: channel.name.clone(), rank: None }, cx.state.listeners(channel_id)))
}

/// Somebody who is on, or an account, which gets it when it comes.
fn user(cx: &Cx<'_>, name: &str) -> Result<(Target, Audience), Refusal> {
    let missing = || Refusal::NoSuchNick { nick: name.into() };
    let nick = Nick::new(name).map_err(|_| missing())?;
    let online = cx.state.user_by_nick(&nick);
    let party = cx.party(&nick);
    if online.is_none() && party.account.is_none() {
        return Err(missing());
    }
    let sessions = online.map(|id| cx.user(id).sessions.clone()).unwrap_or_default();
    Ok((Target::User(party), Arc::new(sessions)))
}
