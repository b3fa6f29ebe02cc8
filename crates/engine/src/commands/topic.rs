//! TOPIC (Modern IRC): what a channel is about.

use chat_model::Text;
use chat_model::call::{Call, clip};
use chat_model::change::{Change, StoredChannel};
use chat_model::event::Event;
use chat_model::id::{ChannelId, UserId};
use chat_model::limits::TOPIC_BYTES_MAX;
use chat_model::name::ChannelName;
use chat_model::reply::{Reply, Topic, author};

use crate::cx::{Cx, Outcome};
use crate::idle;
use crate::policy;
use crate::storm;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    let lobby = cx.state.settings().lobby.clone();
    // Who types it in the plain face means the room, unless another channel is named.
    let name: ChannelName = match lobby {
        Some(lobby) if call.is_typed() && !words.peek().is_some_and(|word| word.starts_with('#')) => lobby,
        _ => words.channel()?,
    };
    match words.next_rest() {
        None => show(cx, me, &name),
        Some(text) => set(cx, me, &name, text),
    }
}

fn show(cx: &mut Cx<'_>, me: UserId, name: &ChannelName) -> Outcome {
    let channel_id = cx.known_channel(me, name.as_str())?;
    let channel = cx.channel(channel_id);
    let (channel, topic) = (channel.name.clone(), channel.topic.clone());
    cx.reply(Reply::Topic { channel, topic });
    Ok(())
}

fn set(cx: &mut Cx<'_>, me: UserId, name: &ChannelName, text: &str) -> Outcome {
    let channel_id = cx.known_channel(me, name.as_str())?;
    let right = policy::channel::may_set_topic(cx, me, channel_id)?;
    let text = clip(text, TOPIC_BYTES_MAX);
    if right.is_override() {
        let channel = cx.channel(channel_id).name.clone();
        cx.audit_override(&channel, text)?;
    }
    change(cx, channel_id, text.into())
}

fn change(cx: &mut Cx<'_>, channel_id: ChannelId, text: Text) -> Outcome {
    let by = cx.source();
    let setter = author(&by, &cx.settings().server);
    let topic = Topic { text: text.clone(), setter, time: cx.now };
    let topic = (!text.is_empty()).then_some(topic);
    cx.save(Change::Channel(StoredChannel { topic: topic.clone(), ..cx.channel(channel_id).stored() }))?;
    cx.channel_mut(channel_id).topic = topic;
    idle::used(cx, channel_id);
    if let Ok(me) = cx.me() {
        storm::reveal(cx, channel_id, me);
    }
    let (at, channel) = (cx.stamp(), cx.channel(channel_id));
    let (to, channel) = (cx.state.audience(channel_id), channel.name.clone());
    cx.publish(to, Event::Topic { at, by, channel, topic: text });
    Ok(())
}
