//! Who comes to our channels, who goes, and what the channels are about.

use chat_model::sentence;

use super::super::line::What;
use super::super::{Mute, Phase, Session};
use super::Incoming;

/// JOIN, also our own.
pub(super) fn join(session: &mut Session, incoming: &Incoming<'_>) {
    let (nick, name) = (incoming.nick().to_owned(), incoming.param(0).to_owned());
    if session.is_me(&nick) {
        own_join(session, incoming, &name);
        return;
    }
    let support = session.support.clone();
    if let Some(channel) = session.channel_mut(&name) {
        channel.add(&nick, &support);
    }
    let account = Some(incoming.param(1)).filter(|account| !account.is_empty() && *account != "*");
    let account = account.map(str::to_owned);
    session.show_at(incoming.time, What::Join { channel: name, nick, account });
}

fn own_join(session: &mut Session, incoming: &Incoming<'_>, name: &str) {
    session.source = incoming.message.source.map(str::to_owned);
    let key = session.support.fold(name);
    let opened_by = session.options.channels.iter().find(|(channel, _)| session.support.same(channel, name));
    let channel_key = opened_by.and_then(|(_, key)| key.clone());
    let joining = session.joining.take_if(|joining| session.support.same(&joining.name, name));
    let is_goal = joining.is_some();
    let channel = session.channels.entry(key).or_default();
    name.clone_into(&mut channel.name);
    channel.joined = true;
    channel.fresh = true;
    channel.key = joining.and_then(|joining| joining.key).or(channel.key.take()).or(channel_key);
    channel.clear();
    let is_first = session.active.is_none() && session.phase == Phase::Online && session.options.interactive;
    if is_goal || is_first {
        session.activate(name);
    }
    session.catch_up_channel(name, incoming.time);
}

/// PART, also our own.
pub(super) fn part(session: &mut Session, incoming: &Incoming<'_>) {
    let (nick, channel) = (incoming.nick().to_owned(), incoming.param(0).to_owned());
    let text = incoming.param(1).to_owned();
    forget(session, &nick, &channel);
    let mine = session.is_me(&nick);
    session.show_at(incoming.time, What::Part { channel: channel.clone(), nick, text });
    if mine && session.is_active(&channel) {
        let next = session.channels.values().map(|channel| channel.name.clone()).next();
        match next.filter(|_| session.options.interactive) {
            Some(next) => session.activate(&next),
            None => session.nowhere(&channel),
        }
    }
}

/// KICK. Nobody is put into another conversation by one: where lines go then is for the user to say.
pub(super) fn kick(session: &mut Session, incoming: &Incoming<'_>) {
    let (channel, nick) = (incoming.param(0).to_owned(), incoming.param(1).to_owned());
    let (by, text) = (incoming.nick().to_owned(), incoming.param(2).to_owned());
    forget(session, &nick, &channel);
    let mine = session.is_me(&nick);
    session.show_at(incoming.time, What::Kick { channel: channel.clone(), nick, by, text });
    if mine && session.is_active(&channel) {
        session.nowhere(&channel);
    }
}

fn forget(session: &mut Session, nick: &str, channel: &str) {
    let support = session.support.clone();
    if session.is_me(nick) {
        session.channels.remove(&support.fold(channel));
        session.options.channels.retain(|(name, _)| !support.same(name, channel));
    } else if let Some(channel) = session.channel_mut(channel) {
        channel.remove(nick, &support);
    }
}

/// TOPIC, when somebody changes it.
pub(super) fn topic(session: &mut Session, incoming: &Incoming<'_>) {
    let (name, text) = (incoming.param(0).to_owned(), incoming.param(1).to_owned());
    if let Some(channel) = session.channel_mut(&name) {
        channel.topic.clone_from(&text);
    }
    let nick = Some(incoming.nick().to_owned());
    session.show_at(incoming.time, What::Topic { channel: name, nick, text });
}

/// The topic, on joining or when asked for (numeric 332).
pub(super) fn topic_is(session: &mut Session, incoming: &Incoming<'_>) {
    let (name, text) = (incoming.param(1).to_owned(), incoming.param(2).to_owned());
    match session.channel_mut(&name) {
        Some(channel) if channel.fresh => channel.topic = text,
        _ => session.show(What::Topic { channel: name, nick: None, text }),
    }
}

/// There is none (numeric 331).
pub(super) fn no_topic(session: &mut Session, incoming: &Incoming<'_>) {
    let channel = incoming.param(1);
    session.info(sentence!(session.language(), en = "{channel} has no topic", zh = "{channel} 没有主题"));
}

/// INVITE, of ourselves or (with invite-notify) of others.
pub(super) fn invite(session: &mut Session, incoming: &Incoming<'_>) {
    let (nick, channel) = (incoming.nick().to_owned(), incoming.param(1).to_owned());
    if session.is_me(incoming.param(0)) {
        session.show_at(incoming.time, What::Invite { channel, nick });
    } else {
        let guest = incoming.param(0);
        let text = sentence!(
            session.language(),
            en = "{nick} invites {guest} to {channel}",
            zh = "{nick} 邀请 {guest} 加入 {channel}",
        );
        session.info(text);
    }
}

/// MODE of a channel, or of ourselves.
pub(super) fn mode(session: &mut Session, incoming: &Incoming<'_>) {
    let (target, modes) = (incoming.param(0), incoming.param(1));
    if session.is_me(target) {
        own_mode(session, modes);
        return;
    }
    let support = session.support.clone();
    let params = incoming.message.params.get(2..).unwrap_or_default();
    if let Some(channel) = session.channel_mut(target) {
        for (letter, on, nick) in support.rank_changes(modes, params) {
            channel.rank(nick, letter, on, &support);
        }
    }
    let text = incoming.message.params.get(1..).unwrap_or_default().join(" ");
    let (target, nick) = (target.to_owned(), incoming.nick().to_owned());
    session.show_at(incoming.time, What::Mode { target, nick, text });
}

/// Our modes (numeric 221), for example those of the user that other sessions of ours have already.
pub(super) fn own_modes(session: &mut Session, incoming: &Incoming<'_>) {
    own_mode(session, incoming.param(1));
}

fn own_mode(session: &mut Session, modes: &str) {
    let mut on = true;
    for letter in modes.chars() {
        match letter {
            '+' => on = true,
            '-' => on = false,
            'd' if on => session.muted(Mute::Server),
            'd' => session.unmuted(),
            // The user is known to services (hardly any server without SASL tells it otherwise).
            'r' if on => session.identified(),
            _ => {}
        }
    }
}

/// A part of the members (numeric 353).
pub(super) fn names(session: &mut Session, incoming: &Incoming<'_>) {
    let support = session.support.clone();
    if let Some(channel) = session.channel_mut(incoming.param(2)) {
        channel.names(incoming.param(3), &support);
    }
}

/// That were all of them (numeric 366).
pub(super) fn names_end(session: &mut Session, incoming: &Incoming<'_>) {
    let Some(channel) = session.channel_mut(incoming.param(1)) else {
        let channel = incoming.param(1);
        let text = sentence!(
            session.language(),
            en = "{channel} is empty, or hidden from who is not in it",
            zh = "{channel} 没有人，或者不对外显示",
        );
        session.info(text);
        return;
    };
    channel.names_end();
    let name = channel.name.clone();
    if std::mem::take(&mut channel.ls_wanted) {
        let people = channel.people();
        session.show(What::People { channel: name, people });
    } else if std::mem::take(&mut channel.fresh) {
        let (count, topic) = (channel.len(), channel.topic.clone());
        let l = session.language();
        session.info(match count {
            1 => sentence!(
                l,
                en = "you are in {name}; nobody else is here (/ls)",
                zh = "你在 {name}，没有别人（/ls）",
            ),
            count => sentence!(
                l,
                en = "you are in {name}; {count} people are here (/ls)",
                zh = "你在 {name}，这里有 {count} 人（/ls）",
            ),
        });
        if !topic.is_empty() {
            session.show(What::Topic { channel: name, nick: None, text: topic });
        }
    }
}
