//! The JSON face, for scripts and bots, and for clients that speak this older protocol: objects one after another.
//!
//! Of every object that is sent, `msg` may be printed as it is (it ends in CR LF, and control characters that
//! others sent are made visible in it); `text` is what was sent. An action (`/me waves`) has `"action":true` and
//! `waves` as its `text`, and reads `* alice waves` in `msg`.

mod answers;
mod framer;
mod objects;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::VecDeque;

use chat_model::call::Call;
use chat_model::event::Event;
use chat_model::id::Time;
use chat_model::message::Target;
use chat_model::mode::UserMode;
use chat_model::name::{NameError, Nick};
use chat_model::refusal::Refusal;
use chat_model::reply::Reply;
use chat_model::sentence;

use answers::{alive, leave, muted, past, refused, welcome};
pub use framer::Framer;
use objects::Object;
pub use objects::encode;

use crate::{Accepted, Context, Face, Frame, sentences};

/// The types that a client can send.
pub(crate) const TYPES: [&str; 8] = ["login", "broadcast", "sendto", "ls", "help", "ignore", "lang", "quit"];

/// What a program sends for each of them, in the answer to `help`.
const OBJECTS: [&str; 7] = [
    r#"{"type":"broadcast","msg":"TEXT"}"#,
    r#"{"type":"sendto","nickname":"NICK","msg":"TEXT"}"#,
    r#"{"type":"ls","msg":null}"#,
    r#"{"type":"ignore","msg":null}"#,
    r#"{"type":"lang","msg":"en|zh"}"#,
    r#"{"type":"help","msg":null}"#,
    r#"{"type":"quit","msg":null}"#,
];

/// One connection.
#[derive(Debug)]
pub struct Session {
    guest: bool,
    logged_in: bool,
    /// Logins that the engine has not answered yet.
    logins: usize,
    /// The types under which the messages that the engine has not answered yet will be answered.
    sent: VecDeque<&'static str>,
}

impl Session {
    /// See [`crate::Session::new`].
    pub fn new(guest: bool) -> Self {
        Self { guest, logged_in: false, logins: 0, sent: VecDeque::new() }
    }

    /// See [`crate::Session::greet`].
    pub fn greet(&mut self, cx: &Context, out: &mut Vec<u8>) -> Option<Call> {
        // A guest is answered as if it had logged in.
        if self.guest {
            self.logins += 1;
            return Some(Call::new("ENTER", &["", "", "0"]));
        }
        answers::greeting(cx).write(out);
        None
    }

    /// See [`crate::Session::accept`].
    pub fn accept(&mut self, frame: Frame, cx: &Context, accepted: &mut Accepted) {
        let call = match frame {
            Frame::Call(call) => call,
            Frame::Bad(refusal) => return refuse("error", &refusal, cx, accepted),
            Frame::BadCall { refusal, .. } => return refuse("login", &refusal, cx, accepted),
            Frame::Broken(reason) => return accepted.end(reason),
        };
        let mut words = call.words();
        let mut word = || words.next_word().unwrap_or_default();
        match call.verb() {
            "login" => self.login([word(), word(), word(), word()], cx, accepted),
            "quit" => accepted.call(Call::new("QUIT", &[])),
            // Objects that came right behind a login are for the engine to judge: it knows how that went.
            _ if !self.logged_in && self.logins == 0 => {
                refuse("error", &Refusal::NotRegistered, cx, accepted)
            }
            "broadcast" => self.broadcast(word(), cx, accepted),
            "sendto" => self.sendto(word(), word(), cx, accepted),
            "ls" => accepted.call(Call::new("LS", &[])),
            "ignore" => accepted.call(Call::new("I", &[])),
            "lang" => accepted.call(lang(word())),
            _ => say(&answers::help(&OBJECTS, cx), accepted),
        }
    }

    fn login(&mut self, fields: [&str; 4], cx: &Context, accepted: &mut Accepted) {
        let [nick, password, history, server_password] = fields;
        if nick.is_empty() {
            return refuse("login", &Refusal::NoNicknameGiven, cx, accepted);
        }
        if !server_password.is_empty() {
            accepted.call(Call::new("PASS", &[server_password]));
        }
        accepted.call(Call::new("ENTER", &[nick, password, history]));
        self.logins += 1;
    }

    fn broadcast(&mut self, text: &str, cx: &Context, accepted: &mut Accepted) {
        match &cx.lobby {
            _ if text.is_empty() => refuse("broadcast", &Refusal::NoText, cx, accepted),
            Some(lobby) => self.send("broadcast", lobby.as_str(), text, accepted),
            None => refuse("broadcast", &Refusal::NoRecipient { verb: "PRIVMSG".into() }, cx, accepted),
        }
    }

    fn sendto(&mut self, nick: &str, text: &str, cx: &Context, accepted: &mut Accepted) {
        match Nick::new(nick) {
            Err(NameError::Empty) => {
                refuse("single", &Refusal::NoRecipient { verb: "PRIVMSG".into() }, cx, accepted)
            }
            // What the service is told is no whisper, and answered in its own way.
            Ok(_) if nick.eq_ignore_ascii_case("NickServ") => {
                accepted.call(Call::new("PRIVMSG", &[nick, text]))
            }
            // Nor would a list or a channel be one.
            Err(_) => refuse("single", &Refusal::NoSuchNick { nick: nick.into() }, cx, accepted),
            Ok(_) if text.is_empty() => refuse("single", &Refusal::NoText, cx, accepted),
            Ok(_) => self.send("single", nick, text, accepted),
        }
    }

    fn send(&mut self, kind: &'static str, to: &str, text: &str, accepted: &mut Accepted) {
        accepted.call(Call::new("PRIVMSG", &[to, text]));
        self.sent.push_back(kind);
    }

    /// See [`crate::Session::reply`].
    pub fn reply(&mut self, reply: &Reply, now: Time, cx: &Context, out: &mut Vec<u8>) {
        match reply {
            Reply::Refused { verb, refusal } => self.refused(verb, refusal, cx, out),
            Reply::Welcome { who, modes, muted, .. } => {
                self.logged_in = true;
                self.logins = self.logins.saturating_sub(1);
                welcome(who, *modes, *muted, now, cx).write(out);
            }
            Reply::People { people, .. } => alive(people, now, cx).write(out),
            // To all sessions of the user, whichever of them did it.
            Reply::Muted { muted: yes } => muted(*yes, cx).write(out),
            Reply::UserModeChanged { changes } => {
                match changes.iter().rfind(|(mode, _)| *mode == UserMode::Deaf) {
                    Some((_, true)) => {
                        objects::system(sentences::deaf(cx.language).into(), now, cx).write(out);
                    }
                    Some((_, false)) => muted(false, cx).write(out),
                    None => {}
                }
            }
            Reply::Missed { messages, .. } => past(messages, cx, out),
            Reply::TheyAreAway { nick, message } => {
                let text = sentence!(
                    cx.language,
                    en = "{nick} is away: {message}",
                    zh = "{nick} 暂时离开：{message}",
                );
                objects::system(text.into(), now, cx).write(out);
            }
            Reply::Notice(notice) => {
                let (_, text) = sentences::notice(notice, Face::Json, cx.language);
                objects::lines(text, now, cx).write(out);
            }
            Reply::ServerNotice { text } => {
                let notice = objects::system(Cow::Borrowed(text), now, cx);
                Object { from: Some(&cx.server), notice: true, ..notice }.write(out);
            }
            Reply::Closing(farewell) => leave(farewell, now, cx, out),
            Reply::Language { changed } => answers::language(*changed, cx).write(out),
            Reply::LoggedIn { account, made, .. } if self.logged_in => {
                let text = sentences::logged_in(account, *made, cx.language);
                let told = objects::lines(text, now, cx);
                Object { account: Some(account.as_str()), ..told }.write(out);
            }
            // The answer to a login says this too, or the login asked for none of it.
            Reply::LoggedIn { .. } | Reply::Topic { .. } | Reply::Names { .. } => {}
            // Answers to what this protocol cannot ask.
            Reply::Command(_) | Reply::Irc(_) | Reply::Administrator(_) => {}
        }
    }

    fn refused(&mut self, verb: &str, refusal: &Refusal, cx: &Context, out: &mut Vec<u8>) {
        let kind = match verb {
            "ENTER" => {
                self.logins = self.logins.saturating_sub(1);
                "login"
            }
            "PRIVMSG" => self.sent.pop_front().unwrap_or("broadcast"),
            "LS" => "ls",
            "I" => "ignore",
            "LANG" => "lang",
            // It is always followed by ENTER, whose refusal speaks for both.
            "PASS" => return,
            _ => "error",
        };
        // A second login fails, but the first one still stands.
        let kind = match refusal {
            Refusal::NotRegistered | Refusal::AlreadyRegistered => "error",
            _ => kind,
        };
        refused(kind, refusal, cx).write(out);
    }

    /// See [`crate::Session::own`].
    pub fn own(&mut self, event: &Event, cx: &Context, out: &mut Vec<u8>) {
        match event {
            Event::Message(message) => {
                self.answered(&message.target);
                if let Some(object) = objects::receipt(message, cx) {
                    object.write(out);
                }
            }
            // The answers to the login and to `quit` say it. Clients of this protocol take what they read at once for one
            // object, so nothing that was not asked for may stand beside an answer.
            Event::Joined { .. } | Event::Quit { .. } => {}
            Event::Parted { .. }
            | Event::Kicked { .. }
            | Event::Renamed { .. }
            | Event::Topic { .. }
            | Event::ChannelMode { .. }
            | Event::Invited { .. }
            | Event::Away { .. }
            | Event::AccountChanged { .. }
            | Event::Crowd { .. }
            | Event::RealnameChanged { .. } => encode(event, cx, out),
        }
    }

    /// A message was sent, so all up to it were answered.
    fn answered(&mut self, target: &Target) {
        let kind = match target {
            Target::Channel { .. } => "broadcast",
            Target::User(_) => "single",
        };
        if let Some(position) = self.sent.iter().position(|sent| *sent == kind) {
            self.sent.drain(..=position);
        }
    }
}

/// Says no without asking the engine.
fn refuse(kind: &'static str, refusal: &Refusal, cx: &Context, accepted: &mut Accepted) {
    say(&refused(kind, refusal, cx), accepted);
    accepted.refuse(sentences::code(refusal));
}

/// Asks for a language, or without one which there are.
fn lang(language: &str) -> Call {
    match language {
        "" => Call::new("LANG", &[]),
        language => Call::new("LANG", &[language]),
    }
}

fn say(object: &Object<'_>, accepted: &mut Accepted) {
    let mut out = Vec::new();
    object.write(&mut out);
    accepted.answer(out);
}
