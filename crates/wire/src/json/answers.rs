//! Answers as objects.

use std::sync::Arc;

use chat_model::id::Time;
use chat_model::message::Message;
use chat_model::mode::{UserMode, UserModes};
use chat_model::refusal::Refusal;
use chat_model::reply::{Farewell, Person};
use chat_model::who::Who;

use super::objects::{self, Object};
use crate::screen::sanitize;
use crate::{Context, Face, clock, sentences};

pub(super) fn refused(kind: &'static str, refusal: &Refusal) -> Object<'static> {
    let sentence = sentences::refusal(refusal, Face::Json);
    Object {
        kind,
        success: (kind != "error").then_some(false),
        msg: format!("{}\r\n", sanitize(&sentence)),
        code: Some(refusal.code()),
        ..Object::default()
    }
}

pub(super) fn welcome<'a>(who: &'a Who, modes: UserModes, now: Time, cx: &Context) -> Object<'a> {
    Object {
        kind: "login",
        success: Some(true),
        msg: format!("Welcome to {}, {}.\r\n", cx.network, who.nick),
        time: Some(clock::rfc3339(now)),
        nick: Some(who.nick.as_str()),
        account: who.account.as_ref().map(|account| account.as_str()),
        muted: modes.has(UserMode::Deaf).then_some(true),
        ..Object::default()
    }
}

pub(super) fn alive(people: &[Person], now: Time) -> Object<'_> {
    let users: Vec<_> = people.iter().map(|person| person.nick.as_str()).collect();
    let mut msg = String::from("[ SYSTEM ] ALIVE USER : \r\n");
    for nick in &users {
        msg.push_str(nick);
        msg.push_str(",\r\n");
    }
    Object { kind: "ls", msg, time: Some(clock::rfc3339(now)), users: Some(users), ..Object::default() }
}

pub(super) fn muted(muted: bool) -> Object<'static> {
    let msg = match muted {
        true => "The room is muted: you get none of its messages and cannot send to it.\r\n",
        false => "The room is open again.\r\n",
    };
    let (kind, msg, muted) = ("ignore", msg.into(), Some(muted));
    Object { kind, success: Some(true), msg, muted, ..Object::default() }
}

pub(super) fn past(messages: &[Arc<Message>], cx: &Context, out: &mut Vec<u8>) {
    for object in messages.iter().filter_map(|message| objects::message(message, cx)) {
        Object { past: true, ..object }.write(out);
    }
}

pub(super) fn leave(farewell: &Farewell, now: Time, cx: &Context, out: &mut Vec<u8>) {
    let code = match farewell {
        Farewell::Quit(_) => {
            let goodbye = sentences::farewell(farewell);
            return objects::system(goodbye.into(), now, cx).write(out);
        }
        // There is nobody to tell.
        Farewell::Closed | Farewell::Failed(_) => return,
        Farewell::PingTimeout { .. } => "PING_TIMEOUT",
        Farewell::RegisterTimeout => "LOGIN_TIMEOUT",
        Farewell::Flood => "FLOOD",
        Farewell::LineTooLong { .. } => "LINE_TOO_LONG",
        Farewell::WrongProtocol(_) => "WRONG_PROTOCOL",
        Farewell::SendQueueFull => "SEND_QUEUE_FULL",
        Farewell::Killed { .. } => "KILLED",
        Farewell::Banned { .. } => "BANNED",
        Farewell::ServerPassword => "SERVER_PASSWORD",
        Farewell::Stopping => "STOPPING",
        Farewell::TooManyConnections => "TOO_MANY_CONNECTIONS",
    };
    let sentence = sentences::farewell(farewell);
    let msg = format!("{}\r\n", sanitize(&sentence));
    Object { kind: "error", msg, code: Some(code), ..Object::default() }.write(out);
}
