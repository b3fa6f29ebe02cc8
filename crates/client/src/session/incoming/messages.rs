//! What people say.

use super::super::Session;
use super::super::line::{Kind, Said, What};
use super::super::outbox::{Outgoing, State};
use super::super::services::NICKSERV;
use super::Incoming;

/// PRIVMSG
pub(super) fn privmsg(session: &mut Session, incoming: &Incoming<'_>) {
    match said(session, incoming) {
        Some(said) => heard(session, incoming, said),
        None => request(session, incoming),
    }
}

/// NOTICE
pub(super) fn notice(session: &mut Session, incoming: &Incoming<'_>) {
    let from_server = incoming.message.source.is_none_or(|source| !source.contains('!'));
    if from_server && session.is_quitting() {
        // The server's farewell is of no use to anybody.
    } else if from_server && session.support.channel_of(incoming.param(0)).is_none() {
        let text = incoming.param(1).to_owned();
        session.show_at(incoming.time, What::Server { code: "NOTICE".to_owned(), text });
    } else if let Some(said) = said(session, incoming) {
        let verdict = said.channel.is_none() && incoming.nick().eq_ignore_ascii_case(NICKSERV);
        let text = said.text.clone();
        heard(session, incoming, said);
        if verdict {
            session.nickserv_said(&text);
        }
    }
}

fn heard(session: &mut Session, incoming: &Incoming<'_>, said: Said) {
    if !said.own {
        session.receive(said);
        return;
    }
    let sent = match &incoming.label {
        Some(label) => session.outbox.take(label),
        // Another session of ours may say things too; without a label only the words tell whose they are.
        None if session.has_receipts() => None,
        None => take_same(session, incoming.param(0), &said),
    };
    match sent {
        Some(message) => session.confirmed(message, Some(said)),
        None => session.receive(said),
    }
}

fn take_same(session: &mut Session, target: &str, said: &Said) -> Option<Outgoing> {
    let support = session.support.clone();
    let same =
        |m: &Outgoing| m.state == State::Sent && support.same(&m.target, target) && m.text == said.text;
    session.outbox.take_where(same)
}

/// Reads a PRIVMSG or NOTICE. `None` for what is not meant for people.
pub(super) fn said(session: &Session, incoming: &Incoming<'_>) -> Option<Said> {
    let (target, text) = (incoming.param(0), incoming.param(1));
    let notice = match incoming.message.command {
        "PRIVMSG" => false,
        "NOTICE" => true,
        _ => return None,
    };
    let (kind, text) = match text.strip_prefix('\u{1}') {
        Some(request) => (Kind::Action, request.strip_prefix("ACTION ")?.trim_end_matches('\u{1}')),
        None if notice => (Kind::Notice, text),
        None => (Kind::Privmsg, text),
    };
    let channel = session.support.channel_of(target).map(str::to_owned);
    Some(Said {
        time: incoming.time,
        id: incoming.message.tag("msgid").map(|id| id.into_owned()),
        nick: incoming.nick().to_owned(),
        account: incoming.message.tag("account").map(|account| account.into_owned()),
        to: channel.is_none().then(|| target.to_owned()),
        channel,
        kind,
        text: text.to_owned(),
        own: session.is_me(incoming.nick()),
        mention: false,
        past: false,
        elsewhere: false,
    })
}

/// A client asks ours for something (CTCP). Only what it is called is told.
fn request(session: &mut Session, incoming: &Incoming<'_>) {
    let nick = incoming.nick().to_owned();
    if session.is_me(&nick) {
        return;
    }
    let words = incoming.param(1).trim_matches('\u{1}');
    if words.split(' ').next() == Some("VERSION") {
        let answer = concat!("\u{1}VERSION chat-client ", env!("CARGO_PKG_VERSION"), "\u{1}");
        session.call("NOTICE", &[&nick, answer]);
    }
}
