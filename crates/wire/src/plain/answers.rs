//! Answers as lines of text, each marked with `***` so that nobody takes one for something that was said.

use chat_model::close_reason::CloseReason;
use chat_model::id::Time;
use chat_model::invitation::Registration;
use chat_model::language::Language;
use chat_model::mode::{Rank, UserMode};
use chat_model::name::ChannelName;
use chat_model::reply::{Counts, Member, Part, Person, Reply, Topic};
use chat_model::who::Who;
use chat_model::{phrase, sentence};

use super::commands;
use super::lines::{channel_label, line, past, timed};
use crate::sentences::listed;
use crate::{Context, Face, clock, sentences};

/// Bytes that a guest is greeted with: programs that read so much at once read it whole.
const GUEST_WELCOME_BYTES_MAX: usize = 1024;

/// One line of an answer.
pub(super) fn say(text: &str, out: &mut Vec<u8>) {
    line(&format!("*** {text}"), out);
}

/// Says an answer to somebody in the room, or appends nothing where a person need not know.
pub(super) fn reply(reply: &Reply, guest: bool, now: Time, cx: &Context, out: &mut Vec<u8>) {
    let l = cx.language;
    match reply {
        Reply::Refused { verb, refusal } => {
            say(&sentences::refusal(refusal, verb, Face::Plain, l).sentence(l), out);
        }
        Reply::Welcome { who, modes, muted: is_muted, counts, motd, attached, .. } => {
            let start = out.len();
            welcome(who, guest, *counts, *attached, cx, out);
            for text in motd.iter() {
                let end = out.len();
                say(text, out);
                if guest && out.len() - start > GUEST_WELCOME_BYTES_MAX {
                    out.truncate(end);
                    break;
                }
            }
            if *is_muted {
                muted(true, l, out);
            } else if modes.has(UserMode::Deaf) {
                say(sentences::deaf(l), out);
            }
        }
        Reply::LoggedIn { account, made, .. } => {
            let text = sentences::logged_in(account, *made, l);
            text.lines().for_each(|line| say(line, out));
        }
        // Nobody asked; /ls tells a guest who is here.
        Reply::Topic { .. } | Reply::Names { .. } if guest => {}
        Reply::Topic { channel, topic } => tell_topic(channel, topic.as_ref(), cx, out),
        Reply::Names { channel, members, part, .. } => names(channel, members, *part, cx, out),
        Reply::UserModeChanged { changes } => modes_changed(changes, l, out),
        Reply::Muted { muted: yes } => muted(*yes, l, out),
        Reply::TheyAreAway { nick, message } => {
            say(&sentence!(l, en = "{nick} is away: {message}", zh = "{nick} 暂时离开：{message}"), out);
        }
        Reply::Language { changed } => say(&sentences::language(*changed, Face::Plain, l), out),
        Reply::People { channel, people } => tell_people(channel, people, l, out),
        Reply::Missed { channel: Some(channel), messages } => {
            let label = channel_label(channel, cx);
            past(
                &sentence!(l, en = "{label}earlier messages", zh = "{label}之前的消息"),
                messages,
                now,
                cx,
                out,
            );
        }
        Reply::Missed { channel: None, messages } => {
            let what = phrase!(l, en = "whispers to you meanwhile", zh = "你不在时的私聊");
            past(what, messages, now, cx, out);
        }
        Reply::Notice(notice) => {
            let (_, text) = sentences::notice(notice, Face::Plain, l);
            text.lines().for_each(|line| say(line, out));
        }
        Reply::ServerNotice { text } => timed(now, &format!("-{}- {text}", cx.server), cx, out),
        Reply::Closing(CloseReason::Closed | CloseReason::Failed(_)) => {}
        Reply::Closing(reason) => say(&sentences::close_reason(reason, l).sentence, out),
        Reply::Command(reply) => commands::answer(reply, guest, now, cx, out),
        // Nobody asks for it here, or what is told beside it says enough.
        Reply::Irc(_) | Reply::Administrator(_) => {}
    }
}

fn welcome(who: &Who, guest: bool, counts: Counts, attached: bool, cx: &Context, out: &mut Vec<u8>) {
    let (l, network, nick) = (cx.language, &cx.network, &who.nick);
    let count = match counts.users() {
        0 | 1 => phrase!(l, en = "You are the only one here", zh = "现在只有你一个人").to_owned(),
        users => sentence!(l, en = "{users} people are here", zh = "现在有 {users} 人"),
    };
    let text = sentence!(
        l,
        en = "Welcome to {network}, {nick}. {count}.",
        zh = "{nick}，欢迎来到 {network}。{count}。",
    );
    say(&text, out);
    let text = phrase!(
        l,
        en = "Type and press Enter to talk; /help shows the commands, /quit leaves.",
        zh = "输入文字后按回车即可聊天，/help 看命令，/quit 退出。",
    );
    say(text, out);
    if let (None, false, Some(words)) = (&who.account, guest, register_words(cx)) {
        let text =
            sentence!(l, en = "{words} keeps this nickname for you.", zh = "用 {words} 可以注册这个昵称。");
        say(&text, out);
    }
    if attached {
        let text = phrase!(
            l,
            en = "You are here on another connection too; each shows what the other says.",
            zh = "你还有别的连接在这里，各处看到的都一样。",
        );
        say(text, out);
    }
}

/// Not to hear the room is a mode, and told in words to all sessions of the user, whichever of them did it.
fn modes_changed(changes: &[(UserMode, bool)], l: Language, out: &mut Vec<u8>) {
    let mut modes = Vec::new();
    for (mode, on) in changes {
        match mode {
            UserMode::Deaf if *on => say(sentences::deaf(l), out),
            UserMode::Deaf => muted(false, l, out),
            _ => modes.push(format!("{}{}", if *on { '+' } else { '-' }, mode.letter())),
        }
    }
    if !modes.is_empty() {
        let modes = modes.join(" ");
        say(&sentence!(l, en = "Your modes changed: {modes}", zh = "你的模式变了：{modes}"), out);
    }
}

fn muted(muted: bool, l: Language, out: &mut Vec<u8>) {
    let text = match muted {
        true => phrase!(
            l,
            en = "The room is muted: you see none of its messages and send none. /i opens it again.",
            zh = "已屏蔽房间：看不到也发不出消息，再输 /i 解除。",
        ),
        false => phrase!(l, en = "The room is open again.", zh = "已解除屏蔽。"),
    };
    say(text, out);
}

fn tell_topic(channel: &ChannelName, topic: Option<&Topic>, cx: &Context, out: &mut Vec<u8>) {
    let l = cx.language;
    let Some(topic) = topic else {
        return say(&sentence!(l, en = "{channel} has no topic.", zh = "{channel} 没有主题。"), out);
    };
    let (text, setter) = (&topic.text, topic.setter.split('!').next().unwrap_or_default());
    let time = clock::day_and_time(topic.time, &cx.zone);
    let text = sentence!(
        l,
        en = "Topic of {channel}: {text} (set by {setter}, {time})",
        zh = "{channel} 的主题：{text}（{setter} 设于 {time}）",
    );
    say(&text, out);
}

fn names(channel: &str, members: &[Member], part: Part, cx: &Context, out: &mut Vec<u8>) {
    let l = cx.language;
    if part.total == Some(0) {
        let text = sentence!(l, en = "There is nobody to see on {channel}.", zh = "{channel} 里看不到人。");
        return say(&text, out);
    }
    if members.is_empty() {
        return;
    }
    let nicks = listed(members.iter().map(|member| &member.who.nick), l);
    let is_lobby = cx.lobby == ChannelName::new(channel).ok();
    let text = match is_lobby {
        _ if !part.is_first => sentence!(l, en = "And: {nicks}", zh = "还有：{nicks}"),
        true => sentence!(l, en = "Here: {nicks}", zh = "在这里的有：{nicks}"),
        false => sentence!(l, en = "On {channel}: {nicks}", zh = "在 {channel} 的有：{nicks}"),
    };
    say(&text, out);
}

fn tell_people(channel: &ChannelName, people: &[Person], l: Language, out: &mut Vec<u8>) {
    let (count, people) = (people.len(), listed(people.iter().map(|one| person(one, l)), l));
    say(&sentence!(l, en = "{count} on {channel}: {people}", zh = "{channel} 有 {count} 人：{people}"), out);
}

fn person(person: &Person, l: Language) -> String {
    let rank = match person.ranks.highest() {
        Some(Rank::Founder) => phrase!(l, en = "founder", zh = "频道主"),
        Some(Rank::Protected | Rank::Operator) => phrase!(l, en = "operator", zh = "频道管理员"),
        Some(Rank::HalfOperator) => phrase!(l, en = "half-operator", zh = "频道副管理员"),
        Some(Rank::Voice) | None => "",
    };
    let notes = [
        (!rank.is_empty(), rank),
        (person.account.is_none(), phrase!(l, en = "guest", zh = "访客")),
        (person.away, phrase!(l, en = "away", zh = "暂时离开")),
        (person.deaf, sentences::hearing(person, l)),
    ];
    let notes = listed(notes.into_iter().filter_map(|(holds, note)| holds.then_some(note)), l);
    format!("{}{}", person.nick, sentences::in_brackets(&notes, l))
}

/// What makes an account here; nothing does where only administrators make them.
pub(super) fn register_words(cx: &Context) -> Option<&'static str> {
    let l = cx.language;
    match cx.registration {
        Registration::Open => Some(phrase!(l, en = "/register PASSWORD", zh = "/register 密码")),
        Registration::Invite => {
            Some(phrase!(l, en = "/register PASSWORD CODE", zh = "/register 密码 邀请码"))
        }
        Registration::Closed => None,
    }
}
