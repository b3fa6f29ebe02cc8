//! One connection: how far its registration is, what it understands, what it is called, and which call it is
//! being answered.

use chat_model::Text;
use chat_model::call::Call;
use chat_model::event::Event;
use chat_model::id::Time;
use chat_model::language::Language;
use chat_model::refusal::Refusal;
use chat_model::reply::{IrcReply, Reply};
use chat_model::who::Who;
use chat_model::{phrase, sentence};

use super::capability::{Capabilities, Capability};
use super::event::View;
use super::label::{self, Capture};
use super::line::Line;
use super::numerics::{
    ERR_NEEDMOREPARAMS, ERR_SASLABORTED, ERR_SASLALREADY, ERR_SASLFAIL, ERR_SASLTOOLONG, RPL_SASLMECHS,
    RPL_SASLSUCCESS,
};
use super::pen::{Pen, next_batch};
use super::sasl::{Sasl, Turn};
use super::{AUTHENTICATE, CAP, refusal, reply};
use crate::{Accepted, Context, Face, Frame, sentences};

/// One connection.
#[derive(Debug, Default)]
pub struct Session {
    nick: Option<Text>,
    /// Bytes of `nick!user@host`, as others see the client.
    pub(super) source_bytes: usize,
    pub(super) registered: bool,
    /// What the client has asked for, in the lines that were read so far.
    pub(super) asked: Capabilities,
    /// What of that the answers have come to.
    pub(super) capabilities: Capabilities,
    /// The client knows values in CAP LS, and is told of new capabilities.
    pub(super) cap_302: bool,
    /// Between CAP LS or REQ and CAP END, before registration.
    pub(super) negotiating: bool,
    /// USER completes the registration, so it waits for CAP END.
    pub(super) held_user: Option<Box<Call>>,
    pub(super) sasl: Sasl,
    capture: Option<Capture>,
    batches: u32,
}

impl Session {
    /// The capabilities that change how events look, one bit each.
    pub fn capabilities(&self) -> u32 {
        self.capabilities.for_events()
    }

    /// See [`crate::Session::view_as`].
    pub fn view_as(&mut self, capabilities: u32) {
        self.capabilities = Capabilities::from_bits(capabilities);
    }

    /// See [`crate::Session::accept`].
    pub fn accept(&mut self, frame: Frame, cx: &Context, accepted: &mut Accepted) {
        match frame {
            Frame::Call(call) => self.accept_call(call, cx, accepted),
            Frame::Bad(refusal) => {
                accepted.answer(self.refused("*", &refusal, cx));
                accepted.refuse(sentences::code(&refusal));
            }
            Frame::BadCall { verb, label, refusal } => {
                // Two machines would quarrel for ever.
                let lines = match verb.eq_ignore_ascii_case("NOTICE") {
                    true => Vec::new(),
                    false => self.refused(&verb.to_ascii_uppercase(), &refusal, cx),
                };
                self.say(label.filter(|_| self.asked.labels()).as_ref(), lines, cx, accepted);
                accepted.refuse(sentences::code(&refusal));
            }
            Frame::Broken(reason) => accepted.end(reason),
        }
    }

    fn accept_call(&mut self, mut call: Call, cx: &Context, accepted: &mut Accepted) {
        if !self.asked.labels() {
            call.label = None;
        }
        if !self.asked.has(Capability::MessageTags) {
            call.tags = None;
        }
        if call.is(CAP) {
            self.cap(&call, cx, accepted);
        } else if call.is(AUTHENTICATE) {
            self.authenticate(&call, cx, accepted);
        } else if call.is("USER") {
            self.user(&call, cx, accepted);
        } else if let Err(refusal) = self.check_length(&call) {
            let lines = self.refused("PRIVMSG", &refusal, cx);
            self.say(call.label.as_ref(), lines, cx, accepted);
            accepted.refuse(sentences::code(&refusal));
        } else {
            accepted.call(call);
        }
    }

    /// `USER username 0 * :real name` is `USER username realname` to the engine.
    fn user(&mut self, call: &Call, cx: &Context, accepted: &mut Accepted) {
        let mut words = call.words();
        let username = words.next_word().unwrap_or_default();
        let server = words.next_word().and(words.next_word()).unwrap_or_default();
        // Some clients send the server's address in this place, and an IPv6 one may begin with a colon.
        let behind_colon = server.split_once(" :").map(|(_, realname)| realname);
        let realname = words.next_word().or(behind_colon).unwrap_or_default();
        if username.is_empty() || realname.is_empty() {
            let usage =
                phrase!(cx.language, en = "USER username 0 * :your name", zh = "USER 用户名 0 * :姓名");
            return self.say_missing("USER", usage, call, cx, accepted);
        }
        let mut user = Call::new("USER", &[username, realname]);
        user.label.clone_from(&call.label);
        if self.negotiating {
            self.held_user = Some(Box::new(user));
        } else {
            accepted.call(user);
        }
    }

    fn authenticate(&mut self, call: &Call, cx: &Context, accepted: &mut Accepted) {
        let Some(word) = call.words().next_word().filter(|word| !word.is_empty()) else {
            return self.say_missing(AUTHENTICATE, "AUTHENTICATE PLAIN", call, cx, accepted);
        };
        let l = cx.language;
        let mut out = Vec::new();
        let turn = self.sasl.take(word);
        let is_refused = matches!(turn, Turn::UnknownMechanism | Turn::TooLong | Turn::Malformed(_));
        match turn {
            Turn::More => {}
            Turn::Login(account, password) => {
                let mut login = Call::new("LOGIN", &[&account, &password]);
                login.label.clone_from(&call.label);
                return accepted.call(login);
            }
            // The one line that has no source, as every client expects it.
            Turn::Proceed => Line::new(&mut out).command(AUTHENTICATE).word("+").end(),
            Turn::UnknownMechanism => {
                let available = phrase!(l, en = "are available SASL mechanisms", zh = "是可用的 SASL 机制");
                self.numeric(RPL_SASLMECHS, cx, &mut out).word("PLAIN").text(available);
                let why = phrase!(l, en = "use the mechanism PLAIN", zh = "请用 PLAIN 机制");
                self.numeric(ERR_SASLFAIL, cx, &mut out).text(&sasl_failed(why, l));
            }
            Turn::TooLong => {
                let line = self.numeric(ERR_SASLTOOLONG, cx, &mut out);
                line.text(phrase!(
                    l,
                    en = "SASL message too long: send it in pieces of 400 characters",
                    zh = "SASL 消息太长：请按 400 个字符一段发送",
                ));
            }
            Turn::Aborted => {
                let text = phrase!(l, en = "SASL authentication aborted", zh = "SASL 登录已中止");
                self.numeric(ERR_SASLABORTED, cx, &mut out).text(text);
            }
            Turn::Malformed(why) => {
                self.numeric(ERR_SASLFAIL, cx, &mut out).text(&sasl_failed(why.sentence(l), l));
            }
        }
        self.say(call.label.as_ref(), out, cx, accepted);
        if is_refused {
            accepted.refuse("SASL_FAIL");
        }
    }

    fn say_missing(&mut self, verb: &str, usage: &str, call: &Call, cx: &Context, accepted: &mut Accepted) {
        let mut out = Vec::new();
        let line = self.numeric(ERR_NEEDMOREPARAMS, cx, &mut out).word(verb);
        line.text(&sentence!(cx.language, en = "Not enough parameters: {usage}", zh = "缺少参数：{usage}"));
        self.say(call.label.as_ref(), out, cx, accepted);
        accepted.refuse("NEED_MORE_PARAMS");
    }

    /// Says what answers a call without the engine.
    pub(super) fn say(
        &mut self,
        label: Option<&Text>,
        lines: Vec<u8>,
        cx: &Context,
        accepted: &mut Accepted,
    ) {
        let bytes = match label {
            None => lines,
            Some(label) => {
                let mut out = Vec::new();
                label::respond(label, &lines, &next_batch(&mut self.batches), cx, &mut out);
                out
            }
        };
        if !bytes.is_empty() {
            accepted.answer(bytes);
        }
    }

    /// What a line that was not read is answered.
    fn refused(&mut self, verb: &str, refusal: &Refusal, cx: &Context) -> Vec<u8> {
        let mut out = Vec::new();
        // A refusal is told without a time, so the time does not count.
        let capabilities = self.asked;
        refusal::render(&mut Pen { capabilities, ..self.pen(Time::default(), cx, &mut out) }, verb, refusal);
        out
    }

    /// See [`crate::Session::begin`].
    pub fn begin(&mut self, label: &Text) {
        if self.capabilities.labels() && self.capture.is_none() {
            self.capture = Some(Capture::new(label));
        }
    }

    /// See [`crate::Session::goes_on`].
    pub fn goes_on(&mut self, cx: &Context, out: &mut Vec<u8>) {
        if let Some(capture) = &mut self.capture {
            capture.goes_on(|| next_batch(&mut self.batches), cx, out);
        }
    }

    /// See [`crate::Session::end`].
    pub fn end(&mut self, cx: &Context, out: &mut Vec<u8>) {
        if let Some(capture) = self.capture.take() {
            capture.end(|| next_batch(&mut self.batches), cx, out);
        }
    }

    /// See [`crate::Session::ping`].
    pub fn ping(&mut self, token: &str, cx: &Context, out: &mut Vec<u8>) {
        Line::new(out).server(cx).command("PING").text(token);
    }

    /// See [`crate::Session::reply`].
    pub fn reply(&mut self, reply: &Reply, now: Time, cx: &Context, out: &mut Vec<u8>) {
        self.captured(out, |session, out| session.tell(reply, now, cx, out));
        if matches!(reply, Reply::Closing(_)) {
            // Nobody will say any more that the answer is complete.
            self.end(cx, out);
        }
    }

    /// See [`crate::Session::own`].
    pub fn own(&mut self, event: &Event, cx: &Context, out: &mut Vec<u8>) {
        let shown = match event {
            Event::Message(_) => self.capabilities.has(Capability::EchoMessage),
            // These are answered by a numeric.
            Event::Away { .. }
            | Event::AccountChanged { .. }
            | Event::Invited { .. }
            | Event::Crowd { .. } => false,
            Event::Quit { .. }
            | Event::Joined { .. }
            | Event::Parted { .. }
            | Event::Kicked { .. }
            | Event::Renamed { .. }
            | Event::Topic { .. }
            | Event::ChannelMode { .. }
            | Event::RealnameChanged { .. } => true,
        };
        if shown {
            let capabilities = self.capabilities;
            self.captured(out, |_, out| View { capabilities, batch: None, cx }.event(event, out));
        }
    }

    /// Lets `write` write to `out`, or to what is gathered for the label of the call that is being answered.
    fn captured(&mut self, out: &mut Vec<u8>, write: impl FnOnce(&mut Self, &mut Vec<u8>)) {
        match self.capture.take() {
            None => write(self, out),
            Some(mut capture) => {
                write(self, &mut capture.lines);
                self.capture = Some(capture);
            }
        }
    }

    /// Notes what a reply means for the session itself, then says it.
    fn tell(&mut self, reply: &Reply, now: Time, cx: &Context, out: &mut Vec<u8>) {
        match reply {
            Reply::Welcome { who, .. } => {
                (self.registered, self.negotiating) = (true, false);
                self.is_now(who);
            }
            Reply::Irc(IrcReply::YouAre { who }) => self.is_now(who),
            Reply::LoggedIn { .. } if self.sasl.answered() => {
                let mut pen = self.pen(now, cx, out);
                reply::render(&mut pen, reply);
                let text = phrase!(cx.language, en = "SASL authentication successful", zh = "SASL 登录成功");
                return pen.numeric(RPL_SASLSUCCESS).text(text);
            }
            Reply::Refused { verb, refusal } if &**verb == "LOGIN" && self.sasl.answered() => {
                let already = matches!(refusal, Refusal::AlreadyLoggedIn { .. });
                let code = if already { ERR_SASLALREADY } else { ERR_SASLFAIL };
                let language = cx.language;
                let sentence = sentences::refusal(refusal, verb, Face::Irc, language).open_sentence(language);
                return self.numeric(code, cx, out).text(&sasl_failed(&sentence, language));
            }
            _ => {}
        }
        reply::render(&mut self.pen(now, cx, out), reply);
    }

    fn is_now(&mut self, who: &Who) {
        self.nick = Some(who.nick.as_str().into());
        self.source_bytes = who.to_string().len();
    }

    pub(super) fn pen<'a>(&'a mut self, now: Time, cx: &'a Context, out: &'a mut Vec<u8>) -> Pen<'a> {
        let nick = self.nick.as_deref().unwrap_or("*");
        Pen { cx, nick, capabilities: self.capabilities, now, batches: &mut self.batches, out }
    }

    pub(super) fn nick(&self) -> &str {
        self.nick.as_deref().unwrap_or("*")
    }

    pub(super) fn numeric<'o>(&self, code: &str, cx: &Context, out: &'o mut Vec<u8>) -> Line<'o> {
        Line::new(out).server(cx).command(code).word(self.nick())
    }
}

fn sasl_failed(why: &str, l: Language) -> String {
    sentence!(l, en = "SASL authentication failed: {why}", zh = "SASL 登录失败：{why}")
}
