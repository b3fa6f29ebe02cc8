//! What happens besides talk, as people are told of it: without where, which each face writes in its own way.

use chat_model::event::Event;
use chat_model::mode::ModeChange;
use chat_model::sentence;

use super::{crowd, in_brackets, left};
use crate::Context;

/// An event in words. `None` for what is said, and for what is too small to interrupt a conversation with: `/whois` and
/// `/ls` tell that.
pub(crate) fn event(event: &Event, cx: &Context) -> Option<String> {
    let l = cx.language;
    Some(match event {
        Event::Joined { who, .. } => {
            sentence!(l, en = "{nick} came in", zh = "{nick} 进来了", nick = who.nick)
        }
        Event::Parted { who, reason, .. } => {
            let (nick, why) = (&who.nick, in_brackets(reason.as_deref().unwrap_or_default(), l));
            sentence!(l, en = "{nick} left{why}", zh = "{nick} 离开了{why}")
        }
        Event::Quit { who, reason, .. } => {
            let (nick, why) = (&who.nick, in_brackets(&left(reason, l), l));
            sentence!(l, en = "{nick} left{why}", zh = "{nick} 离开了{why}")
        }
        Event::Crowd { came, went, .. } => crowd(*came, *went, l),
        Event::Kicked { by, nick, reason, .. } => {
            let (by, why) = (cx.speaker(by), in_brackets(reason, l));
            sentence!(l, en = "{nick} was put out by {by}{why}", zh = "{nick} 被 {by} 踢出{why}")
        }
        Event::Renamed { who, nick, .. } => {
            sentence!(l, en = "{old} is called {nick} now", zh = "{old} 改名为 {nick}", old = who.nick)
        }
        Event::Topic { by, topic, .. } => {
            let by = cx.speaker(by);
            match topic.is_empty() {
                true => sentence!(l, en = "{by} removed the topic", zh = "{by} 取消了主题"),
                false => sentence!(l, en = "{by} set the topic: {topic}", zh = "{by} 把主题改为：{topic}"),
            }
        }
        Event::ChannelMode { by, changes, .. } => {
            let changes: Vec<_> = changes.iter().map(ModeChange::to_string).collect();
            let (by, modes) = (cx.speaker(by), changes.join(" "));
            sentence!(l, en = "{by} set {modes}", zh = "{by} 设置了模式 {modes}")
        }
        Event::Invited { to_members: true, by, nick, .. } => {
            sentence!(l, en = "{by} invited {nick}", zh = "{by} 邀请了 {nick}", by = by.nick)
        }
        Event::Invited { by, channel, .. } => sentence!(
            l,
            en = "{by} invites you to {channel}; /join {channel} goes there",
            zh = "{by} 邀请你加入 {channel}，输入 /join {channel} 即可",
            by = by.nick,
        ),
        Event::Message(_)
        | Event::Away { .. }
        | Event::AccountChanged { .. }
        | Event::RealnameChanged { .. } => return None,
    })
}
