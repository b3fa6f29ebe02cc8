//! Commands about people, oneself included.

use chat_model::phrase;
use chat_model::sentence;

use super::super::{Mute, Session};
use super::{Problem, Words};

/// `/i`
pub(super) fn mute(session: &mut Session, _: &mut Words<'_>) -> Result<(), Problem> {
    match session.mute {
        Mute::Off => session.mute_room(),
        Mute::Client => session.unmuted(),
        Mute::Asked | Mute::Server => {
            let nick = session.nick.clone();
            session.call("MODE", &[&nick, "-d"]);
        }
    }
    Ok(())
}

/// `/who [mask]`
pub(super) fn who(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let mask = match words.next() {
        Some(mask) => mask.to_owned(),
        None => words.channel(session)?,
    };
    session.call("WHO", &[&mask]);
    Ok(())
}

/// `/whois nick`
pub(super) fn whois(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let nick = words.word()?;
    session.call("WHOIS", &[nick]);
    Ok(())
}

/// `/nick nick`
pub(super) fn nick(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let nick = words.word()?;
    session.wanted_nick = Some(nick.to_owned());
    session.call("NICK", &[nick]);
    Ok(())
}

/// `/away [text]`
pub(super) fn away(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    match words.rest() {
        "" => session.call("AWAY", &[]),
        text => session.call("AWAY", &[text]),
    }
    Ok(())
}

impl Session {
    /// Asks the server not to send room messages (user mode `+d`, deaf). Not every server that does not know it says
    /// so, but every one answers the PING.
    pub(in super::super) fn mute_room(&mut self) {
        self.mute = Mute::Asked;
        let nick = self.nick.clone();
        self.call("MODE", &[&nick, "+d"]);
        self.call("PING", &["muted"]);
    }

    /// The room is muted, by the server or, where it cannot, here.
    pub(in super::super) fn muted(&mut self, how: Mute) {
        let before = std::mem::replace(&mut self.mute, how);
        if before != how {
            self.info(phrase!(
                self.language(),
                en = "the room is muted: no room messages in or out until /i again; whispers still arrive",
                zh = "已屏蔽房间：收不到也发不出消息，再输 /i 解除；私聊照常收到",
            ));
        }
    }

    /// The room is not muted any more.
    pub(in super::super) fn unmuted(&mut self) {
        if std::mem::replace(&mut self.mute, Mute::Off) == Mute::Off {
            return;
        }
        match std::mem::take(&mut self.left_out) {
            0 => self.info(phrase!(self.language(), en = "the room is no longer muted", zh = "已解除屏蔽")),
            count => self.info(sentence!(
                self.language(),
                en = "the room is no longer muted; {count} messages were not shown",
                zh = "已解除屏蔽，期间有 {count} 条消息没有显示",
            )),
        }
    }
}
