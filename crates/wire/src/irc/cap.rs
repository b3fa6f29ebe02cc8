//! Capability negotiation (IRCv3 capability-negotiation 302).

use chat_model::call::Call;
use chat_model::id::Time;
use chat_model::phrase;
use chat_model::sent::Sent;

use super::capability::{Capabilities, Capability, Row, offered};
use super::line::Line;
use super::numerics::{ERR_INVALIDCAPCMD, ERR_SASLABORTED};
use super::session::Session;
use super::{CAP, welcome};
use crate::{Accepted, Context};

impl Session {
    pub(super) fn cap(&mut self, call: &Call, cx: &Context, accepted: &mut Accepted) {
        let mut words = call.words();
        let subcommand = words.next_word().unwrap_or_default().to_ascii_uppercase();
        let rest = words.next_rest().unwrap_or_default();
        let mut out = Vec::new();
        match subcommand.as_str() {
            "LS" => self.cap_ls(rest, cx, &mut out, accepted),
            "LIST" => {
                let names = self.asked.names().join(" ");
                self.cap_line("LIST", cx, &mut out).text(&names);
            }
            "REQ" => self.cap_req(rest, cx, &mut out, accepted),
            "END" => return self.cap_end(call, cx, accepted),
            _ => {
                let line = self.numeric(ERR_INVALIDCAPCMD, cx, &mut out).word(&subcommand);
                line.text(phrase!(
                    cx.language,
                    en = "No such CAP subcommand; there are LS, LIST, REQ and END",
                    zh = "没有这个 CAP 子命令，可用的是 LS、LIST、REQ 和 END",
                ));
                accepted.refuse("INVALID_CAP_COMMAND");
            }
        }
        self.say(call.label.as_ref(), out, cx, accepted);
    }

    fn cap_ls(&mut self, version: &str, cx: &Context, out: &mut Vec<u8>, accepted: &mut Accepted) {
        self.negotiates();
        // Once 302, always 302: values are told and changes announced, whatever a later LS says.
        if version.parse().is_ok_and(|version: u32| version >= 302) {
            self.cap_302 = true;
            self.asked.set(Capability::CapNotify, true);
            accepted.sent.push(self.view());
        }
        let tokens: Vec<String> = offered(cx).map(|row| token(row, self.cap_302, cx)).collect();
        self.cap_line("LS", cx, out).text(&tokens.join(" "));
    }

    /// All of a request or nothing.
    fn cap_req(&mut self, request: &str, cx: &Context, out: &mut Vec<u8>, accepted: &mut Accepted) {
        self.negotiates();
        let Some(capabilities) = self.requested(request, cx) else {
            accepted.refuse("UNKNOWN_CAPABILITY");
            return self.cap_line("NAK", cx, out).text(request);
        };
        self.asked = capabilities;
        self.cap_line("ACK", cx, out).text(request.trim_end());
        accepted.sent.push(self.view());
    }

    fn view(&self) -> Sent {
        let knows_history = self.asked.has(Capability::Chathistory);
        Sent::View { capabilities: self.asked.bits(), knows_history }
    }

    /// What the session would have after this request; `None` when something in it cannot be.
    fn requested(&self, request: &str, cx: &Context) -> Option<Capabilities> {
        let mut capabilities = self.asked;
        for word in request.split_ascii_whitespace() {
            let (name, on) = word.strip_prefix('-').map_or((word, true), |name| (name, false));
            let row = offered(cx).find(|row| row.name == name)?;
            if row.capability == Capability::CapNotify && !on && self.cap_302 {
                return None;
            }
            capabilities.set(row.capability, on);
        }
        Some(capabilities)
    }

    fn cap_end(&mut self, call: &Call, cx: &Context, accepted: &mut Accepted) {
        let mut out = Vec::new();
        if self.sasl.abort() {
            let text = phrase!(
                cx.language,
                en = "SASL authentication aborted by CAP END",
                zh = "SASL 登录因 CAP END 中止"
            );
            self.numeric(ERR_SASLABORTED, cx, &mut out).text(text);
        }
        self.say(call.label.as_ref(), out, cx, accepted);
        self.negotiating = false;
        if let Some(user) = self.held_user.take() {
            accepted.call(*user);
        }
    }

    /// CAP LS and CAP REQ hold the registration back until CAP END.
    fn negotiates(&mut self) {
        self.negotiating |= !self.registered;
    }

    /// See [`crate::Session::context_changed`].
    pub fn context_changed(&mut self, old: &Context, new: &Context, out: &mut Vec<u8>) {
        if self.registered {
            // No time is told with it.
            welcome::isupport_changed(&mut self.pen(Time::default(), new, out), old);
        }
        let gone: Vec<&Row> = missing_from(new, old);
        let came: Vec<&Row> = missing_from(old, new);
        for row in &gone {
            self.asked.set(row.capability, false);
            self.capabilities.set(row.capability, false);
        }
        if !self.capabilities.has(Capability::CapNotify) {
            return;
        }
        if !gone.is_empty() {
            let names: Vec<_> = gone.iter().map(|row| row.name).collect();
            self.cap_line("DEL", new, out).text(&names.join(" "));
        }
        if !came.is_empty() {
            let names: Vec<_> = came.iter().map(|row| token(row, self.cap_302, new)).collect();
            self.cap_line("NEW", new, out).text(&names.join(" "));
        }
    }

    fn cap_line<'o>(&self, subcommand: &str, cx: &Context, out: &'o mut Vec<u8>) -> Line<'o> {
        Line::new(out).server(cx).command(CAP).word(self.nick()).word(subcommand)
    }
}

/// The rows that `there` offers and `here` does not.
fn missing_from(here: &Context, there: &Context) -> Vec<&'static Row> {
    let has = |row: &Row| offered(here).any(|other| other.capability == row.capability);
    offered(there).filter(|row| !has(row)).collect()
}

fn token(row: &Row, values: bool, cx: &Context) -> String {
    match row.value(cx) {
        Some(value) if values => format!("{}={value}", row.name),
        _ => row.name.to_owned(),
    }
}
