//! Answers and errors, and the server's own business.

use chat_model::phrase;
use chat_model::sentence;

use super::super::line::What;
use super::super::outbox::{Outgoing, State};
use super::super::{Mute, Phase, Session};
use super::Incoming;

/// Numerics that refuse a message, with its target as their second parameter.
const MESSAGE_REFUSALS: [&str; 13] =
    ["401", "403", "404", "408", "411", "412", "413", "414", "439", "477", "486", "489", "531"];

/// Words with which servers tell, in an ERROR, those whom an operator has put out from those who timed out.
const PUT_OUT_WORDS: [&str; 7] = ["Killed", "Kicked", "-lined", "-Lined", "anned", "踢出", "封禁"];

/// PING
pub(super) fn ping(session: &mut Session, incoming: &Incoming<'_>) {
    let token = incoming.param(0).to_owned();
    session.call("PONG", &[&token]);
}

/// PONG: the server has dealt with everything before our PING.
pub(super) fn pong(session: &mut Session, incoming: &Incoming<'_>) {
    match incoming.message.params.last().copied().unwrap_or_default() {
        "settled" => settled(session),
        "step" => {
            session.stepping = false;
            session.joining_ended();
        }
        "goodbye" => session.answered_all(),
        "muted" if session.mute == Mute::Asked => session.muted(Mute::Client),
        "muted" => {}
        token => {
            if let Some(message) = session.outbox.take(token) {
                session.confirmed(message, None);
            }
        }
    }
}

/// Every JOIN is answered.
fn settled(session: &mut Session) {
    if session.phase != Phase::Joining {
        return;
    }
    session.phase = Phase::Fetching;
    session.joining_ended();
    if session.active.is_none() {
        choose_active(session);
    }
    session.catch_up_whispers();
}

/// Where lines go at first: to the channel that the user named, or else to one that the server put us in.
fn choose_active(session: &mut Session) {
    let wanted = session.options.channels.first().map(|(name, _)| name.clone());
    let first = wanted.or_else(|| session.channels.values().next().map(|channel| channel.name.clone()));
    match first {
        Some(name) if session.is_joined(&name) => session.activate(&name),
        Some(name) => session.nowhere(&name),
        None => {}
    }
}

/// ERROR: the server is about to close the connection. Who is not wanted does not come back by itself.
pub(super) fn error(session: &mut Session, incoming: &Incoming<'_>) {
    let why = incoming.param(0);
    if session.phase > Phase::Registering && PUT_OUT_WORDS.iter().any(|word| why.contains(word)) {
        let text = sentence!(
            session.language(),
            en = "you were put out of the server: {why}",
            zh = "你被踢出了服务器：{why}"
        );
        session.give_up_refused(text);
    } else {
        session.last_error = Some(why.to_owned());
    }
}

/// The server knows us (numeric 001).
pub(super) fn welcome(session: &mut Session, incoming: &Incoming<'_>) {
    session.welcome(incoming.param(0));
}

/// ISUPPORT (numeric 005)
pub(super) fn support(session: &mut Session, incoming: &Incoming<'_>) {
    for token in incoming.message.params.iter().skip(1) {
        session.support.learn(token);
    }
}

/// A line of the message of the day (numeric 372).
pub(super) fn motd(session: &mut Session, incoming: &Incoming<'_>) {
    let text = incoming.param(1).trim_start_matches("- ").to_owned();
    session.show(What::Server { code: "372".to_owned(), text });
}

/// The welcome is complete (numerics 376 and 422).
pub(super) fn motd_end(session: &mut Session, _: &Incoming<'_>) {
    session.welcomed();
}

/// The end of `/who` (numeric 315).
pub(super) fn end_of_who(session: &mut Session, incoming: &Incoming<'_>) {
    let mask = incoming.param(1);
    session.info(sentence!(session.language(), en = "that is all for {mask}", zh = "{mask} 就这些"));
}

/// No such command (numeric 421).
pub(super) fn unknown_command(session: &mut Session, incoming: &Incoming<'_>) {
    match incoming.param(1) {
        "CAP" => session.no_capabilities(),
        "CHATHISTORY" => {
            let why = phrase!(session.language(), en = "this server keeps none", zh = "本服务器不保存");
            session.history_refused(&[], why);
        }
        _ => other(session, incoming),
    }
}

/// Not a nickname (numeric 432).
pub(super) fn bad_nick(session: &mut Session, incoming: &Incoming<'_>) {
    if session.phase == Phase::Registering {
        let why = incoming.sentence(1);
        session.give_up_refused(sentence!(
            session.language(),
            en = "the server does not take this nickname: {why}; try chat-client NICK@HOST",
            zh = "服务器不接受这个昵称：{why}，请试 chat-client 昵称@主机",
        ));
    } else {
        other(session, incoming);
    }
}

/// The nickname is taken (numerics 433 and 437).
pub(super) fn nick_in_use(session: &mut Session, incoming: &Incoming<'_>) {
    if session.phase == Phase::Registering {
        session.nick_taken(incoming.param(2));
    } else {
        other(session, incoming);
    }
}

/// No such user mode (numeric 501): then the room is muted here.
pub(super) fn unknown_mode(session: &mut Session, incoming: &Incoming<'_>) {
    if session.mute == Mute::Asked {
        session.muted(Mute::Client);
    } else {
        other(session, incoming);
    }
}

/// FAIL command code context… :text (IRCv3 standard replies)
pub(super) fn fail(session: &mut Session, incoming: &Incoming<'_>) {
    let (command, code) = (incoming.param(0), incoming.param(1));
    let context = incoming.message.params.get(2..).unwrap_or_default();
    let Some((text, context)) = context.split_last() else { return };
    if command == "CHATHISTORY" {
        session.history_refused(context, text);
    } else {
        if command == "REGISTER" {
            session.logins.refused();
        }
        refuse(session, incoming, code, context.first().copied(), text);
    }
}

/// WARN and NOTE, and numerics that only tell something.
pub(super) fn remark(session: &mut Session, incoming: &Incoming<'_>) {
    if incoming.param(0) == "LANG" {
        // The user asked this program, which has said so.
        return;
    }
    let text = incoming.message.params.last().copied().unwrap_or_default().to_owned();
    session.show(What::Server { code: incoming.message.command.to_owned(), text });
}

/// Everything that has no handler: errors by their number, and what else the server tells, in its own words.
pub(super) fn other(session: &mut Session, incoming: &Incoming<'_>) {
    let command = incoming.message.command;
    if command.len() != 3 || !command.bytes().all(|byte| byte.is_ascii_digit()) {
        return;
    }
    let refuses = command.starts_with(['4', '5']);
    if session.phase == Phase::Registering {
        // Whatever the server does not like now is why it closes the connection next.
        session.last_error = Some(incoming.sentence(1)).filter(|_| refuses).or(session.last_error.take());
    } else if refuses {
        let target = MESSAGE_REFUSALS.contains(&command).then(|| incoming.param(1));
        refuse(session, incoming, command, target, &incoming.sentence(1));
    } else {
        session.show(What::Server { code: command.to_owned(), text: incoming.sentence(1) });
    }
}

/// Something was refused: a message of ours, if it is the one that this answers.
fn refuse(session: &mut Session, incoming: &Incoming<'_>, code: &str, target: Option<&str>, why: &str) {
    let support = session.support.clone();
    let to_target =
        |m: &Outgoing| m.state == State::Sent && target.is_some_and(|target| support.same(&m.target, target));
    let refused = match &incoming.label {
        Some(label) => session.outbox.take(label),
        None if session.has_receipts() => None,
        None => session.outbox.take_where(to_target),
    };
    match refused {
        // What it was about is known; only the server's reason is not.
        Some(message) => {
            session.refused(&message, code, incoming.message.params.last().copied().unwrap_or(why));
        }
        None => session.error_code(Some(code), why),
    }
}
