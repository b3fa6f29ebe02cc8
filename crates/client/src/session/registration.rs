//! From a new connection to a welcome: capabilities (IRCv3 capability negotiation), nickname, channels.

use std::collections::BTreeSet;

use chat_model::id::Time;
use chat_model::sentence;

use super::login::Sasl;
use super::services::Confidence;
use super::{Phase, Session};

/// The capabilities that this client knows what to do with.
const KNOWN: [&str; 19] = [
    "account-notify",
    "account-tag",
    "away-notify",
    "batch",
    "cap-notify",
    "chghost",
    "draft/account-registration",
    "draft/chathistory",
    "echo-message",
    "extended-join",
    "invite-notify",
    "labeled-response",
    "message-tags",
    "multi-prefix",
    "sasl",
    "server-time",
    "setname",
    "standard-replies",
    "userhost-in-names",
];
/// Bytes of capability names in one request, so that it and its answer fit an IRC line.
const REQUEST_BYTES_MAX: usize = 350;
/// Words in a refusal (numeric 433 has no parameter for it) that tell a registered nickname from one in use.
const OWNED_WORDS: [&str; 5] = ["regist", "owned", "log in", "password", "注册"];
/// Nicknames that are tried, each with one `_` more.
const NICK_TRIES_MAX: usize = 5;

/// How far one registration is.
#[derive(Debug, Default)]
pub(super) struct Registration {
    offered: BTreeSet<String>,
    /// Requests that are not answered yet.
    requests: usize,
    /// Capabilities that were requested alone.
    alone: BTreeSet<&'static str>,
    /// Whether all requests are answered, so that login and CAP END may follow.
    pub(super) settled: bool,
    /// Whether CAP END was sent.
    ended: bool,
    /// Whether the server's welcome has come to its end.
    complete: bool,
    pub(super) sasl: Sasl,
    /// Whether the nickname asked for was refused as taken.
    nick_taken: bool,
    /// Whether it has an owner who may log in, as far as the server's words tell.
    pub(super) nick_owned: bool,
    nick_tries: usize,
    /// Whether the user was asked for the nickname's password.
    pub(super) asked: bool,
    /// What NickServ is told when the server has vouched for it.
    pub(super) confidence: Option<Confidence>,
    /// Since when a script waits for NickServ's verdict before it does anything else.
    pub(super) identifying_since: Option<Time>,
}

impl Session {
    /// Sends what a connection begins with.
    pub(super) fn register(&mut self) {
        self.registration = Registration::default();
        self.call("CAP", &["LS", "302"]);
        let nick = self.nick.clone();
        self.call("NICK", &[&nick]);
        self.call("USER", &[&nick, "0", "*", &nick]);
    }

    /// The server's part of the capability negotiation.
    pub(super) fn capability(&mut self, subcommand: &str, more: bool, names: &str) {
        let names = names.split(' ').filter(|name| !name.is_empty());
        let bare = names.map(|name| name.split('=').next().unwrap_or(name));
        match subcommand {
            "LS" => {
                self.registration.offered.extend(bare.map(str::to_owned));
                if !more {
                    self.request_offered();
                }
            }
            "NEW" => {
                self.registration.offered = bare.map(str::to_owned).collect();
                self.request_offered();
            }
            "ACK" => {
                for name in bare {
                    match name.strip_prefix('-') {
                        Some(gone) => self.capabilities.remove(gone),
                        None => self.capabilities.insert(name.to_owned()),
                    };
                }
                self.request_answered();
            }
            "NAK" => {
                let refused: Vec<&str> = bare.collect();
                self.request_singly(&refused);
                self.request_answered();
            }
            "DEL" => bare.for_each(|name| {
                self.capabilities.remove(name);
            }),
            _ => {}
        }
    }

    fn request_offered(&mut self) {
        let offered = &self.registration.offered;
        let wanted =
            KNOWN.into_iter().filter(|name| offered.contains(*name) && !self.capabilities.contains(*name));
        let mut requests: Vec<String> = Vec::new();
        for name in wanted {
            match requests.last_mut() {
                Some(request) if request.len() + name.len() < REQUEST_BYTES_MAX => {
                    request.push(' ');
                    request.push_str(name);
                }
                _ => requests.push(name.to_owned()),
            }
        }
        self.registration.requests += requests.len();
        for request in &requests {
            self.send(format!("CAP REQ :{request}\r\n"));
        }
        if requests.is_empty() {
            self.capabilities_settled();
        }
    }

    /// A request is refused as a whole when one of its capabilities is: each is asked for alone, once.
    fn request_singly(&mut self, refused: &[&str]) {
        if refused.len() < 2 {
            return;
        }
        let known = KNOWN.into_iter().filter(|name| refused.contains(name));
        for name in known.collect::<Vec<_>>() {
            if self.registration.alone.insert(name) {
                self.registration.requests += 1;
                self.send(format!("CAP REQ :{name}\r\n"));
            }
        }
    }

    fn request_answered(&mut self) {
        self.registration.requests = self.registration.requests.saturating_sub(1);
        if self.registration.requests == 0 {
            self.capabilities_settled();
        }
    }

    /// The server knows no capabilities.
    pub(super) fn no_capabilities(&mut self) {
        self.registration.ended = true;
        self.capabilities_settled();
    }

    fn capabilities_settled(&mut self) {
        if self.phase != Phase::Registering || self.registration.settled {
            return;
        }
        self.registration.settled = true;
        if self.has("sasl") && self.logins.current().is_some() && self.may_send_password() {
            self.authenticate();
        } else {
            self.finish_registration();
        }
    }

    /// Ends the negotiation with a nickname that may be had.
    pub(super) fn finish_registration(&mut self) {
        if self.registration.nick_taken {
            if self.registration.sasl == Sasl::Done {
                let nick = self.nick.clone();
                self.registration.nick_taken = false;
                self.call("NICK", &[&nick]);
            } else if self.may_ask_for_login() {
                self.ask_for_login();
                return;
            } else {
                self.another_nick();
                if !self.options.interactive {
                    return;
                }
            }
        }
        if !std::mem::replace(&mut self.registration.ended, true) {
            self.call("CAP", &["END"]);
        }
    }

    /// The nickname is somebody's: its owner logs in, everybody else takes another. The server says `why`.
    pub(super) fn nick_taken(&mut self, why: &str) {
        self.registration.nick_taken = true;
        self.registration.nick_owned = OWNED_WORDS.iter().any(|word| why.to_ascii_lowercase().contains(word));
        if !self.registration.settled && !self.registration.offered.is_empty() {
            return;
        }
        // A question from before the connection was lost has nothing to do with this nickname.
        let asking = self.question.is_some() && !self.welcomed;
        if self.registration.sasl == Sasl::Running || asking {
            return;
        }
        if self.may_ask_for_login() {
            self.ask_for_login();
        } else {
            self.another_nick();
        }
    }

    fn another_nick(&mut self) {
        self.registration.nick_taken = false;
        if !self.options.interactive {
            self.nick_denied();
            return;
        }
        self.registration.nick_tries += 1;
        if self.registration.nick_tries >= NICK_TRIES_MAX {
            let text = sentence!(
                self.language(),
                en = "{nick} and the like are taken; choose another: chat-client NICK@HOST",
                zh = "{nick} 和类似的昵称都被占用了，请换一个：chat-client 昵称@主机",
                nick = self.nick,
            );
            self.give_up(text);
            return;
        }
        let nick = format!("{}_", self.nick);
        let taken = &self.nick;
        let text = sentence!(
            self.language(),
            en = "{taken} is taken; trying {nick}",
            zh = "{taken} 已被占用，试试 {nick}"
        );
        self.info(text);
        self.call("NICK", &[&nick]);
        self.nick = nick;
    }

    /// A script must not speak under another name than it was told to.
    fn nick_denied(&mut self) {
        let (l, nick) = (self.language(), &self.nick);
        let taken = sentence!(l, en = "the nickname {nick} is taken", zh = "昵称 {nick} 已被占用");
        if self.welcomed {
            // By our own last connection perhaps, which the server does not know yet to be lost.
            self.own_reason = Some(taken);
            self.out.push(super::Effect::Disconnect);
        } else {
            self.give_up_refused(sentence!(
                l,
                en = "{taken}; choose another, chat-client NICK@HOST, or log in with --password-command",
                zh = "{taken}，请换一个：chat-client 昵称@主机，或用 --password-command 登录",
            ));
        }
    }

    /// We are called like this now. Whether that will do: people see what they are called, scripts do not.
    pub(super) fn may_be_called(&mut self, nick: &str) -> bool {
        let wanted = self.support.same(nick, &self.options.nick) || self.registration.sasl == Sasl::Done;
        if !wanted && !self.options.interactive {
            let text = sentence!(
                self.language(),
                en = "the server calls us {nick} and not {wanted}",
                zh = "服务器给的昵称是 {nick}，而不是 {wanted}",
                wanted = self.options.nick,
            );
            self.give_up_refused(text);
        }
        wanted || self.options.interactive
    }

    /// The server knows us (numeric 001), under this nickname.
    pub(super) fn welcome(&mut self, nick: &str) {
        nick.clone_into(&mut self.nick);
        if !self.may_be_called(nick) {
            return;
        }
        self.phase = Phase::Joining;
        self.registration.ended = true;
        let (l, again) = (self.language(), std::mem::replace(&mut self.welcomed, true));
        let server = &self.options.server;
        let text = match again {
            true => sentence!(
                l,
                en = "connected again to {server} as {nick}",
                zh = "已重新连接 {server}，昵称 {nick}"
            ),
            false => {
                sentence!(l, en = "connected to {server} as {nick}", zh = "已连接 {server}，昵称 {nick}")
            }
        };
        self.show(super::What::Connection { online: true, text });
        if let Some(refusal) = self.logins.current().and_then(|_| self.password_refusal()) {
            self.logins.refused();
            self.error(sentence!(l, en = "not logged in: {refusal}", zh = "没有登录：{refusal}"));
        }
    }

    /// The welcome is complete: log in where that was not possible before, and join.
    pub(super) fn welcomed(&mut self) {
        // Servers say the same at the end of every MOTD that is asked for later.
        if std::mem::replace(&mut self.registration.complete, true) {
            return;
        }
        if let Some(language) = self.options.language {
            // This program was started so; what the account has chosen stays as it is.
            self.ask_to_speak(&[language.code(), "session"]);
        }
        if self.registration.sasl != Sasl::Done && self.identify() && !self.options.interactive {
            self.registration.identifying_since = Some(self.now);
        } else {
            self.join();
        }
    }

    /// Asks a server that speaks the user's language to do so.
    pub(super) fn ask_to_speak(&mut self, words: &[&str]) {
        if self.phase > Phase::Offline && self.support.languages.contains(&self.language()) {
            self.call("LANG", words);
        }
    }

    /// Goes to the channels.
    pub(super) fn join(&mut self) {
        if self.mute == super::Mute::Asked {
            self.mute_room();
        }
        for (channel, key) in self.channels_to_join() {
            match key {
                Some(key) => self.call("JOIN", &[&channel, &key]),
                None => self.call("JOIN", &[&channel]),
            }
        }
        // The answer comes behind those to every JOIN.
        self.call("PING", &["settled"]);
    }

    /// Those of the last connection, and those asked for from the start, which it may have been lost before.
    fn channels_to_join(&self) -> Vec<(String, Option<String>)> {
        let visited = self.channels.values().map(|channel| (channel.name.clone(), channel.key.clone()));
        let mut channels: Vec<(String, Option<String>)> = visited.collect();
        let joining = self.joining.iter().map(|joining| (&joining.name, &joining.key));
        for (name, key) in self.options.channels.iter().map(|(name, key)| (name, key)).chain(joining) {
            if !channels.iter().any(|(other, _)| self.support.same(other, name)) {
                channels.push((name.clone(), key.clone()));
            }
        }
        channels.retain(|(name, _)| !self.is_joined(name));
        channels
    }
}
