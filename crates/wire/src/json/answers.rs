//! Answers as objects.

use std::sync::Arc;

use chat_model::close_reason::CloseReason;
use chat_model::id::Time;
use chat_model::language::Language;
use chat_model::message::Message;
use chat_model::mode::{UserMode, UserModes};
use chat_model::refusal::Refusal;
use chat_model::reply::Person;
use chat_model::who::Who;
use chat_model::{phrase, sentence};

use super::objects::{self, Object};
use crate::screen::sanitize;
use crate::{Context, Face, clock, sentences};

/// What is said first, before anybody has logged in.
pub(super) fn greeting(cx: &Context) -> Object<'static> {
    let Context { network, description, .. } = cx;
    let msg = sentence!(
        cx.language,
        en = "Welcome to {network}: {description}. Choose a nickname to come in.",
        zh = "欢迎来到 {network}：{description}。取个昵称就可以进来。",
    );
    let hint = Some(r#"{"type":"login","msg":"NICKNAME"}"#);
    Object { kind: "welcome", msg: msg + "\r\n", hint, ..Object::default() }
}

/// What a person types in a client of this protocol; and for programs the objects that they send.
pub(super) fn help(objects: &'static [&'static str], cx: &Context) -> Object<'static> {
    let l = cx.language;
    let rows = [
        ("/ls", sentences::help("LS", l)),
        ("/help", sentences::help("HELP", l)),
        ("/i", sentences::help("I", l)),
        (
            phrase!(l, en = "@NICK text", zh = "@昵称 内容"),
            phrase!(l, en = "whisper: only NICK sees it", zh = "私聊，只有对方看得到"),
        ),
        (
            phrase!(l, en = "anything else", zh = "其他内容"),
            phrase!(l, en = "is said to the room", zh = "发到房间里"),
        ),
    ];
    let msg = rows.map(|(typed, does)| format!("{typed} - {does}\r\n")).concat();
    Object { kind: "help", msg, objects: Some(objects), ..Object::default() }
}

pub(super) fn refused(kind: &'static str, refusal: &Refusal, cx: &Context) -> Object<'static> {
    let row = sentences::refusal(refusal, "", Face::Json, cx.language);
    let sentence = row.sentence(cx.language);
    Object {
        kind,
        success: (kind != "error").then_some(false),
        msg: format!("{}\r\n", sanitize(&sentence)),
        code: Some(row.code),
        hint: row.hint,
        ..Object::default()
    }
}

pub(super) fn welcome<'a>(
    who: &'a Who,
    modes: UserModes,
    muted: bool,
    now: Time,
    cx: &Context,
) -> Object<'a> {
    let (network, nick) = (&cx.network, &who.nick);
    let mut msg = sentence!(
        cx.language,
        en = "Welcome to {network}, {nick}. /ls shows who is here, /help what else there is.\r\n",
        zh = "{nick}，欢迎来到 {network}。/ls 看谁在，/help 看还能做什么。\r\n",
    );
    if muted {
        msg.push_str(room_is(muted, cx.language));
    } else if modes.has(UserMode::Deaf) {
        msg.push_str(sentences::deaf(cx.language));
        msg.push_str("\r\n");
    }
    Object {
        kind: "login",
        success: Some(true),
        msg,
        time: Some(clock::rfc3339(now)),
        nick: Some(who.nick.as_str()),
        account: who.account.as_ref().map(|account| account.as_str()),
        muted: muted.then_some(true),
        ..Object::default()
    }
}

pub(super) fn alive<'a>(people: &'a [Person], now: Time, cx: &Context) -> Object<'a> {
    let users: Vec<_> = people.iter().map(|person| person.nick.as_str()).collect();
    let heading = phrase!(cx.language, en = "ALIVE USER", zh = "在线用户");
    let mut msg = format!("[ SYSTEM ] {heading} : \r\n");
    for nick in &users {
        msg.push_str(nick);
        msg.push_str(",\r\n");
    }
    Object { kind: "ls", msg, time: Some(clock::rfc3339(now)), users: Some(users), ..Object::default() }
}

pub(super) fn muted(muted: bool, cx: &Context) -> Object<'static> {
    let (kind, msg, muted) = ("ignore", room_is(muted, cx.language).into(), Some(muted));
    Object { kind, success: Some(true), msg, muted, ..Object::default() }
}

fn room_is(muted: bool, l: Language) -> &'static str {
    match muted {
        true => phrase!(
            l,
            en = "The room is muted: you get none of its messages and cannot send to it. /i opens it again.\r\n",
            zh = "已屏蔽房间：收不到也发不出消息，再输 /i 解除。\r\n",
        ),
        false => phrase!(l, en = "The room is open again.\r\n", zh = "已解除屏蔽。\r\n"),
    }
}

pub(super) fn language(changed: bool, cx: &Context) -> Object<'static> {
    let msg = sentences::language(changed, Face::Json, cx.language) + "\r\n";
    Object { kind: "lang", success: Some(true), msg, lang: Some(cx.language.code()), ..Object::default() }
}

pub(super) fn past(messages: &[Arc<Message>], cx: &Context, out: &mut Vec<u8>) {
    for object in messages.iter().filter_map(|message| objects::message(message, cx)) {
        Object { past: true, ..object }.write(out);
    }
}

pub(super) fn leave(reason: &CloseReason, now: Time, cx: &Context, out: &mut Vec<u8>) {
    let row = sentences::close_reason(reason, cx.language);
    match reason {
        CloseReason::Quit(_) => objects::system(row.sentence.into(), now, cx).write(out),
        // There is nobody to tell.
        CloseReason::Closed | CloseReason::Failed(_) => {}
        _ => {
            let msg = format!("{}\r\n", sanitize(&row.sentence));
            Object { kind: "error", msg, code: Some(row.code), ..Object::default() }.write(out);
        }
    }
}
