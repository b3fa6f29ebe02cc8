//! What a line in the room is: a message, a command or a whisper.

use chat_model::call::Call;
use chat_model::name::Nick;
use chat_model::phrase;
use chat_model::refusal::Refusal;

use super::{Session, answers};
use crate::{Accepted, Context, Face, sentences};

/// The commands of guests, who have no account to look after, and one room.
pub(super) const GUEST_COMMANDS: [&str; 8] = ["ls", "help", "h", "i", "lang", "me", "quit", "exit"];

/// Where a line went.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Destination {
    Room,
    /// To whom it was whispered.
    Whisper(String),
    /// It was obeyed, not said.
    Command,
}

impl Session {
    pub(super) fn room_line(&mut self, line: &str, cx: &Context, accepted: &mut Accepted) {
        let typed = line.trim_start();
        if typed.trim_end().is_empty() {
            return;
        }
        self.last = destination(typed);
        if let Some(command) = typed.strip_prefix('/') {
            self.command(command, cx, accepted);
        } else if let Some(whisper) = typed.strip_prefix('@') {
            self.whisper(whisper, cx, accepted);
        } else if matches!(typed.trim_end(), "exit" | "quit") {
            // What people type who want to leave, alone on a line; nobody says it to a room.
            accepted.call(Call::new("QUIT", &[]));
        } else {
            self.say_to_room(line, cx, accepted);
        }
    }

    /// The rest of a line that the network brought in two pieces, with a pause between them. It goes where its
    /// beginning went: half a whisper is no message.
    pub(super) fn rest_line(&mut self, rest: &str, cx: &Context, accepted: &mut Accepted) {
        match std::mem::replace(&mut self.last, Destination::Room) {
            Destination::Room => self.room_line(rest, cx, accepted),
            Destination::Whisper(nick) => self.whisper(&format!("{nick} {rest}"), cx, accepted),
            Destination::Command => {
                let text = phrase!(
                    cx.language,
                    en = "That came too late to belong to the command before it; type it again. Nothing was sent.",
                    zh = "来得太晚，接不上前面的命令，请重新输入。消息没有发出。",
                );
                self.refuse_with(text, cx, accepted);
            }
        }
    }

    fn say_to_room(&mut self, text: &str, cx: &Context, accepted: &mut Accepted) {
        match &cx.lobby {
            Some(lobby) => accepted.call(Call::new("PRIVMSG", &[lobby.as_str(), text])),
            None => {
                let text = phrase!(
                    cx.language,
                    en = "There is no common room here; /join #channel, then /msg #channel text.",
                    zh = "这里没有公共房间，请先 /join #频道，再 /msg #频道 内容。",
                );
                self.refuse_with(text, cx, accepted);
            }
        }
    }

    fn command(&mut self, command: &str, cx: &Context, accepted: &mut Accepted) {
        let l = cx.language;
        let (verb, rest) = command.split_once([' ', '\t']).unwrap_or((command, ""));
        let call = match verb.to_ascii_lowercase().as_str() {
            verb if self.guest && !verb.is_empty() && !GUEST_COMMANDS.contains(&verb) => {
                let text = phrase!(
                    l,
                    en = "Guests have /ls, /help, /i, /lang, /me and /quit, and @nick text whispers. Nothing was sent.",
                    zh = "访客可以用 /ls、/help、/i、/lang、/me 和 /quit，私聊用 @昵称 内容。消息没有发出。",
                );
                return self.refuse_with(text, cx, accepted);
            }
            "" => {
                let text = phrase!(
                    l,
                    en = "A / needs a command right after it; /help shows them.",
                    zh = "/ 后面要紧跟命令，用 /help 看有哪些。",
                );
                return self.refuse_with(text, cx, accepted);
            }
            "h" => Call::line("HELP", rest),
            "exit" => Call::line("QUIT", rest),
            "register" if rest.trim().is_empty() => {
                let text = phrase!(
                    l,
                    en = "/register needs a password after it: /register PASSWORD",
                    zh = "/register 后面要写密码：/register 密码",
                );
                return self.refuse_with(text, cx, accepted);
            }
            _ => Call::line(verb, rest),
        };
        accepted.call(call);
    }

    fn whisper(&mut self, whisper: &str, cx: &Context, accepted: &mut Accepted) {
        let (nick, text) = whisper.split_once([' ', '\t']).unwrap_or((whisper, ""));
        let text = text.trim_start();
        if nick.is_empty() || text.is_empty() {
            let text = phrase!(
                cx.language,
                en = "A whisper needs a nickname and a text: @nick text",
                zh = "私聊要写昵称和内容：@昵称 内容",
            );
            return self.refuse_with(text, cx, accepted);
        }
        // A list or a channel would be no whisper.
        match Nick::new(nick) {
            Ok(_) => accepted.call(Call::new("PRIVMSG", &[nick, text])),
            Err(_) => self.refuse(&Refusal::NoSuchNick { nick: nick.into() }, cx, accepted),
        }
    }

    pub(super) fn refuse(&mut self, refusal: &Refusal, cx: &Context, accepted: &mut Accepted) {
        let row = sentences::refusal(refusal, "", Face::Plain, cx.language);
        self.say_no(&row.sentence(cx.language), row.code, cx, accepted);
    }

    /// For lines that make no call.
    fn refuse_with(&mut self, text: &str, cx: &Context, accepted: &mut Accepted) {
        self.say_no(text, "INVALID_PARAMS", cx, accepted);
    }

    fn say_no(&mut self, text: &str, code: &'static str, cx: &Context, accepted: &mut Accepted) {
        let mut out = Vec::new();
        self.leave_prompt(&mut out);
        answers::say(text, &mut out);
        if !self.guest {
            self.prompt(cx, &mut out);
        }
        accepted.answer(out);
        accepted.refuse(code);
    }
}

/// Where a line goes that begins like this.
fn destination(typed: &str) -> Destination {
    let mut words = typed.split_whitespace();
    let first = words.next().unwrap_or_default();
    let is_msg = ["/msg", "/w", "/whisper"].iter().any(|verb| first.eq_ignore_ascii_case(verb));
    match (first.strip_prefix('@'), is_msg) {
        (Some(nick), _) => Destination::Whisper(nick.to_owned()),
        (None, true) => Destination::Whisper(words.next().unwrap_or_default().to_owned()),
        (None, false) if first.starts_with('/') => Destination::Command,
        (None, false) => Destination::Room,
    }
}
