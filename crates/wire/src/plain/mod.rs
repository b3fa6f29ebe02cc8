//! The plain text face, for `nc`, telnet and any terminal: it asks for a nickname, then every line is a message,
//! a `/command` or a whisper (`@nick text`). A listener for guests asks nothing, has a few commands only, and tells
//! nobody what it was not asked for: simple programs talk there, which take each piece that comes for one line.

mod answers;
mod commands;
mod framer;
mod lines;
mod room;
mod telnet;

#[cfg(test)]
mod tests;

use chat_model::call::Call;
use chat_model::event::Event;
use chat_model::id::Time;
use chat_model::refusal::Refusal;
use chat_model::reply::Reply;
use chat_model::secret::Secret;
use chat_model::{phrase, sentence};

pub use framer::Framer;
pub(crate) use framer::SILENCE_MS;
pub use lines::encode;
use lines::line;
use room::Destination;

use crate::{Accepted, Context, Face, Frame, sentences};

/// How far the login is.
#[derive(Debug)]
enum Stage {
    /// The next line is a nickname.
    Nickname,
    /// The next line is the password of the nickname.
    Password(Attempt),
    /// The next line is the password of the server.
    ServerPassword(Attempt),
    /// The engine decides.
    Entering(Attempt),
    /// In the room.
    Room,
}

/// A nickname on its way into the room.
#[derive(Debug)]
struct Attempt {
    nick: String,
    password: Option<Secret>,
}

/// One connection.
#[derive(Debug)]
pub struct Session {
    stage: Stage,
    guest: bool,
    /// The client speaks telnet: nobody else is sent bytes that are no text.
    telnet: bool,
    /// What is typed is not to be seen: from the prompt until it is known that no password is asked for next.
    hides: bool,
    /// Where the last line went, in case that there is more of it.
    last: Destination,
}

impl Session {
    /// See [`crate::Session::new`].
    pub fn new(guest: bool) -> Self {
        Self { stage: Stage::Nickname, guest, telnet: false, hides: false, last: Destination::Room }
    }

    /// See [`crate::Session::greet`].
    pub fn greet(&mut self, cx: &Context, out: &mut Vec<u8>) -> Option<Call> {
        if self.guest {
            return Some(self.enter_as_guest());
        }
        let Context { network, description, .. } = cx;
        let text = sentence!(
            cx.language,
            en = "This is {network}: {description}.",
            zh = "这里是 {network}：{description}。",
        );
        line(&text, out);
        self.prompt(cx, out);
        None
    }

    /// See [`crate::Session::accept`].
    pub fn accept(&mut self, frame: Frame, cx: &Context, accepted: &mut Accepted) {
        let call = match frame {
            Frame::Call(call) => call,
            Frame::Bad(refusal) | Frame::BadCall { refusal, .. } => {
                return self.refuse(&refusal, cx, accepted);
            }
            Frame::Broken(reason) => return accepted.end(reason),
        };
        if call.is(framer::TELNET) {
            return self.telnet(&call, cx, accepted);
        }
        let mut words = call.words();
        let line = words.next_word().unwrap_or_default();
        self.telnet |= words.next_word() == Some(framer::CR);
        match std::mem::replace(&mut self.stage, Stage::Room) {
            Stage::Nickname if self.guest => {
                accepted.call(self.enter_as_guest());
                self.room_line(line, cx, accepted);
            }
            Stage::Nickname => self.nickname_line(line.trim(), cx, accepted),
            Stage::Password(attempt) => self.password_line(attempt, line, cx, accepted),
            Stage::ServerPassword(attempt) => self.server_password_line(attempt, line, accepted),
            stage @ (Stage::Entering(_) | Stage::Room) => {
                self.stage = stage;
                if call.is(framer::REST) {
                    self.rest_line(line, cx, accepted);
                } else {
                    self.room_line(line, cx, accepted);
                }
            }
        }
    }

    /// See [`crate::Session::reply`].
    pub fn reply(&mut self, reply: &Reply, now: Time, cx: &Context, out: &mut Vec<u8>) {
        match reply {
            Reply::Welcome { .. } => {
                self.unhide(out);
                self.stage = Stage::Room;
            }
            Reply::LoggedIn { .. } => {
                self.unhide(out);
                if let Stage::Entering(attempt) = &mut self.stage {
                    // It was right: what is refused now is not about it.
                    attempt.password = None;
                }
            }
            Reply::Refused { verb, refusal } if matches!(self.stage, Stage::Entering(_)) => {
                // PASS is always followed by ENTER, whose refusal speaks for both.
                if &**verb == "ENTER" {
                    self.refused_entry(refusal, cx, out);
                }
                return;
            }
            Reply::Closing(_) if !matches!(self.stage, Stage::Room) => self.leave_prompt(out),
            _ => {}
        }
        answers::reply(reply, self.guest, now, cx, out);
        // Whoever has no nickname yet can ask for a language, and for nothing else.
        if let (Stage::Nickname, Reply::Language { .. } | Reply::Refused { .. }) = (&self.stage, reply) {
            self.prompt(cx, out);
        }
    }

    /// See [`crate::Session::own`].
    pub fn own(&mut self, event: &Event, cx: &Context, out: &mut Vec<u8>) {
        match event {
            // The welcome and the farewell have said it.
            Event::Joined { arrived: true, .. } | Event::Quit { .. } => {}
            // What these programs send, they have shown already.
            Event::Message(_) if self.guest => {}
            Event::Message(_)
            | Event::Joined { .. }
            | Event::Parted { .. }
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

    fn prompt(&mut self, cx: &Context, out: &mut Vec<u8>) {
        let l = cx.language;
        let text = match &self.stage {
            Stage::Nickname => phrase!(l, en = "Nickname: ", zh = "昵称："),
            Stage::Password(_) => phrase!(l, en = "Password: ", zh = "密码："),
            Stage::ServerPassword(_) => phrase!(l, en = "Password of the server: ", zh = "服务器密码："),
            Stage::Entering(_) | Stage::Room => return,
        };
        if self.is_secret() {
            self.hide(out);
        }
        out.extend_from_slice(text.as_bytes());
    }

    /// Goes to a new line after a prompt that nobody answered.
    fn leave_prompt(&mut self, out: &mut Vec<u8>) {
        if matches!(self.stage, Stage::Nickname) {
            out.extend_from_slice(b"\r\n");
        }
        self.unhide(out);
    }

    fn is_secret(&self) -> bool {
        matches!(self.stage, Stage::Password(_) | Stage::ServerPassword(_))
    }
}

/// Into the room.
impl Session {
    fn enter_as_guest(&mut self) -> Call {
        self.stage = Stage::Entering(Attempt { nick: String::new(), password: None });
        Call::new("ENTER", &["", "", "0"])
    }

    fn enter(&mut self, attempt: Attempt, accepted: &mut Accepted) {
        let call = match &attempt.password {
            Some(password) => Call::new("ENTER", &[&attempt.nick, password.expose()]),
            None => Call::new("ENTER", &[&attempt.nick]),
        };
        accepted.call(call);
        self.stage = Stage::Entering(attempt);
    }

    fn nickname_line(&mut self, nick: &str, cx: &Context, accepted: &mut Accepted) {
        self.stage = Stage::Nickname;
        match nick {
            "" => self.say_and_prompt(None, cx, accepted),
            "exit" | "quit" | "/exit" | "/quit" => accepted.call(Call::new("QUIT", &[])),
            "/help" | "/h" => {
                let help = phrase!(
                    cx.language,
                    en = "Type the name that others shall know you by: one word, beginning with a letter. \
                          If it is registered, its password is asked for next. /quit leaves.",
                    zh = "输入别人怎么称呼你：中间不能有空格，以文字或字母开头。\
                          如果它已被注册，接着会问密码。/quit 退出。",
                );
                self.say_and_prompt(Some(help), cx, accepted);
            }
            line if line.split_whitespace().next() == Some("/lang") => {
                let language = line.trim_start_matches("/lang");
                accepted.call(Call::line("LANG", language));
            }
            nick => self.enter(Attempt { nick: nick.into(), password: None }, accepted),
        }
    }

    fn password_line(&mut self, attempt: Attempt, password: &str, cx: &Context, accepted: &mut Accepted) {
        if password.is_empty() {
            let mut out = Vec::new();
            self.unhide(&mut out);
            self.stage = Stage::Nickname;
            self.prompt(cx, &mut out);
            return accepted.answer(out);
        }
        self.enter(Attempt { password: Some(Secret::new(password)), ..attempt }, accepted);
    }

    fn server_password_line(&mut self, attempt: Attempt, password: &str, accepted: &mut Accepted) {
        accepted.call(Call::new("PASS", &[password]));
        self.enter(attempt, accepted);
    }

    /// The engine refused the nickname: says why, and asks for what is missing.
    fn refused_entry(&mut self, refusal: &Refusal, cx: &Context, out: &mut Vec<u8>) {
        let Stage::Entering(attempt) = std::mem::replace(&mut self.stage, Stage::Nickname) else { return };
        let l = cx.language;
        let other = || sentences::refusal(refusal, "ENTER", Face::Plain, l).sentence(l);
        let (text, stage) = match refusal {
            Refusal::NickOwned { nick } if !self.guest => {
                let text = sentence!(
                    l,
                    en = "{nick} is registered. If it is yours, type its password; else just Enter.",
                    zh = "{nick} 已被注册。如果是你的，请输入密码，否则直接按回车。",
                );
                (text, Stage::Password(Attempt { password: None, ..attempt }))
            }
            Refusal::LoginFailed if attempt.password.is_some() => {
                let text = sentence!(
                    l,
                    en = "That is not the password of {nick}. Try again, or just Enter.",
                    zh = "{nick} 的密码不对。请再试一次，或直接按回车。",
                    nick = attempt.nick,
                );
                (text, Stage::Password(attempt))
            }
            Refusal::ServerPassword if !self.guest => {
                let text = phrase!(
                    l,
                    en = "This server has a password of its own; its operator knows it.",
                    zh = "本服务器需要密码，可以问它的管理员。",
                );
                (text.into(), Stage::ServerPassword(attempt))
            }
            // The same question again, however often: whoever types on would else make the password a nickname.
            _ if attempt.password.is_some() => (other(), Stage::Password(attempt)),
            _ => (other(), Stage::Nickname),
        };
        if matches!(stage, Stage::Nickname) {
            self.unhide(out);
        } else if self.hides {
            // The line end that was typed was not seen.
            out.extend_from_slice(b"\r\n");
        }
        self.stage = stage;
        line(&text, out);
        if !self.guest {
            self.prompt(cx, out);
        }
    }

    fn say_and_prompt(&mut self, text: Option<&str>, cx: &Context, accepted: &mut Accepted) {
        let mut out = Vec::new();
        if let Some(text) = text {
            line(text, &mut out);
        }
        self.prompt(cx, &mut out);
        accepted.answer(out);
    }
}
