//! Saying something, and seeing what is said.

use chat_model::name::fold;
use chat_model::phrase;
use chat_model::sentence;

use super::commands::find;
use super::line::{Kind, Said, What};
use super::outbox::Outgoing;
use super::split::pieces;
use super::{Kept, Mute, Phase, Session};

/// Bytes of one IRC line, CR LF included (RFC 1459 section 2.3).
const LINE_BYTES_MAX: usize = chat_model::limits::IRC_LINE_BYTES_MAX;
/// Bytes that `!user@host` has at most, as long as the server has not shown ours.
const USER_AND_HOST_BYTES: usize = 1 + 18 + 1 + 64;
/// Around the text of an action.
const ACTION: (&str, &str) = ("\u{1}ACTION ", "\u{1}");

impl Session {
    /// A line was typed.
    pub(super) fn typed(&mut self, line: &str) {
        self.stays();
        let line = line.trim_end_matches(['\r', '\n']);
        if line.trim().is_empty() || self.is_leaving() {
            // Nothing was said, or nothing more is to be.
        } else if self.options.interactive {
            let joining = self.joining.as_ref().map(|joining| joining.name.clone());
            self.act_on(line, joining.or_else(|| self.active.clone()));
        } else {
            self.kept.push_back(Kept { line: line.to_owned(), active: None });
        }
    }

    /// Does what lines say that had to wait. A script's lines are done one after another: a command waits until all
    /// messages before it are confirmed, and everything behind a command waits for its answer.
    pub(super) fn act_on_kept(&mut self) {
        while self.phase == Phase::Online && !self.stepping {
            let ready = |kept: &mut Kept| {
                self.options.interactive || !kept.line.starts_with('/') || self.outbox.is_empty()
            };
            let Some(kept) = self.kept.pop_front_if(ready) else { return };
            self.act_on(&kept.line, kept.active);
            if !self.options.interactive && kept.line.starts_with('/') {
                self.stepping = true;
                self.call("PING", &["step"]);
            }
        }
    }

    /// Does what a line says, with what was the active target when it was typed.
    pub(super) fn act_on(&mut self, line: &str, active: Option<String>) {
        if line.starts_with('/') {
            self.command(line, active);
        } else if let Some(name) = hidden_command(line) {
            // There may be a password behind it.
            let text = sentence!(
                self.language(),
                en = "not sent: that is /{name} with a space before it",
                zh = "没有发出：/{name} 前面多了空格",
            );
            self.error(text);
        } else if self.must_wait() {
            self.keep(line, active);
        } else if let Some(rest) = line.strip_prefix('@') {
            let (nick, text) = rest.split_once(' ').unwrap_or((rest, ""));
            self.whisper(nick.trim_end_matches([':', ',']), text.trim());
        } else {
            match active.or_else(|| self.active.clone()) {
                Some(target) => self.say(&target, Kind::Privmsg, line),
                None => self.error(phrase!(
                    self.language(),
                    en = "you are in no channel: /join #channel, or @nick TEXT for a whisper",
                    zh = "你不在任何频道：/join #频道，或用 @昵称 内容 私聊",
                )),
            }
        }
    }

    /// Whether nothing can be sent now, or it is not known yet to whom.
    pub(super) fn must_wait(&self) -> bool {
        self.phase != Phase::Online || self.stepping
    }

    /// `@nick text`
    pub(super) fn whisper(&mut self, nick: &str, text: &str) {
        if nick.is_empty() || text.is_empty() {
            self.error(phrase!(self.language(), en = "a whisper is @nick TEXT", zh = "私聊写作 @昵称 内容"));
        } else {
            self.say(nick, Kind::Privmsg, text);
        }
    }

    /// Takes a message for a channel or a person, in as many pieces as it needs.
    pub(super) fn say(&mut self, target: &str, kind: Kind, text: &str) {
        if self.support.is_channel(target) && self.mute != Mute::Off {
            self.error(phrase!(
                self.language(),
                en = "the room is muted, so you cannot talk in it either; /i ends that",
                zh = "你屏蔽了房间，所以也不能发言，用 /i 解除",
            ));
            return;
        }
        if self.support.is_channel(target) && !self.is_joined(target) {
            let text = sentence!(
                self.language(),
                en = "not sent: you are not in {target}: /join {target}",
                zh = "没有发出：你不在 {target}，请先 /join {target}",
            );
            self.error(text);
            return;
        }
        let source = self.source.as_ref().map_or(self.nick.len() + USER_AND_HOST_BYTES, String::len);
        let action = if kind == Kind::Action { ACTION.0.len() + ACTION.1.len() } else { 0 };
        let around = ":  PRIVMSG  :\r\n".len() + source + target.len() + action;
        for piece in pieces(text, LINE_BYTES_MAX.saturating_sub(around)) {
            self.outbox.push(target, kind, piece);
        }
        self.pump();
    }

    /// Sends what may be sent now.
    pub(super) fn pump(&mut self) {
        while self.phase == Phase::Online
            && let Some(message) = self.outbox.next()
        {
            self.dispatch(&message);
        }
    }

    /// Whether the server's own copy of a message is the receipt, and says which message it is for.
    pub(super) fn has_receipts(&self) -> bool {
        self.has("echo-message") && self.has("labeled-response") && self.has("batch")
    }

    fn dispatch(&mut self, message: &Outgoing) {
        let Outgoing { target, text, .. } = message;
        let text = match message.kind {
            Kind::Action => format!("{}{text}{}", ACTION.0, ACTION.1),
            Kind::Privmsg | Kind::Notice => text.clone(),
        };
        let command = if message.kind == Kind::Notice { "NOTICE" } else { "PRIVMSG" };
        let line = chat_wire::irc::message::format(command, &[target, &text]);
        if self.has_receipts() {
            self.send(format!("@label={} {line}", message.token()));
        } else {
            self.send(line);
            // The PONG comes behind what there is to say against the message.
            self.call("PING", &[&message.token()]);
        }
    }

    /// The server has confirmed a message: here it is, as the server shows it or else as it was typed.
    pub(super) fn confirmed(&mut self, message: Outgoing, echo: Option<Said>) {
        let said = echo.unwrap_or_else(|| self.own_words(message));
        self.receive(said);
        self.pump();
    }

    /// The server has refused a message.
    pub(super) fn refused(&mut self, message: &Outgoing, code: &str, why: &str) {
        let Outgoing { target, text, .. } = message;
        let text = sentence!(
            self.language(),
            en = "not sent to {target}: {why} ({text})",
            zh = "没能发给 {target}：{why}（{text}）",
        );
        self.error_code(Some(code), text);
        self.pump();
    }

    fn own_words(&self, message: Outgoing) -> Said {
        let channel = self.support.channel_of(&message.target).map(str::to_owned);
        let to = if channel.is_none() { Some(message.target) } else { None };
        Said {
            time: self.now,
            id: None,
            nick: self.nick.clone(),
            account: None,
            channel,
            to,
            kind: message.kind,
            text: message.text,
            own: true,
            mention: false,
            past: false,
            elsewhere: false,
        }
    }

    /// Somebody said something that was not shown before.
    pub(super) fn present(&mut self, said: Said) {
        if let Some(channel) = &said.channel {
            let support = self.support.clone();
            if let Some(channel) = self.channel_mut(channel) {
                channel.spoke(&said.nick, &support);
            }
            if self.mute == Mute::Client && !said.own {
                self.left_out += 1;
                return;
            }
        }
        self.show_said(said);
    }

    /// Shows something said, with what only we can know of it.
    pub(super) fn show_said(&mut self, mut said: Said) {
        said.elsewhere = said.channel.as_ref().is_some_and(|channel| !self.is_active(channel));
        said.mention = !said.own && said.channel.is_some() && mentions(&said.text, &self.nick);
        let time = said.time;
        let what = if said.channel.is_some() { What::Message(said) } else { What::Whisper(said) };
        self.show_at(time, what);
    }
}

/// The command that a line was meant to be, where a space got before it.
fn hidden_command(line: &str) -> Option<&str> {
    let name = line.trim_start().strip_prefix('/')?.split_whitespace().next()?;
    find(name).map(|_| name)
}

/// Whether a text names somebody, as a word of its own.
fn mentions(text: &str, nick: &str) -> bool {
    let (text, nick) = (fold(text), fold(nick));
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    !nick.is_empty()
        && text.match_indices(&*nick).any(|(at, found)| {
            let before = text[..at].chars().next_back();
            let after = text[at + found.len()..].chars().next();
            !before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)
        })
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn a_mention_is_a_word_of_its_own() {
        for text in ["bob: hi", "hi Bob", "(bob)", "well, bob!"] {
            assert!(mentions(text, "bob"), "{text:?}");
        }
        for text in ["zoe\u{308}: hi", "ＺＯＥ\u{308}", "Zoë"] {
            assert!(mentions(text, "zoë"), "{text:?}");
        }
        for text in ["bobby", "kabob", "bob_", ""] {
            assert!(!mentions(text, "bob"), "{text:?}");
        }
    }
}
