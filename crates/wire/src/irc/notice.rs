//! The sentences of the server and of NickServ, and the last one of all.

use chat_model::close_reason::CloseReason;
use chat_model::mode::UserMode;
use chat_model::name::Account;
use chat_model::reply::Notice;
use chat_model::who::Who;
use chat_model::{phrase, sentence};

use super::capability::Capability;
use super::line::Line;
use super::numerics::RPL_LOGGEDOUT;
use super::pen::{NICKSERV, Pen};
use super::welcome;
use crate::Face;
use crate::sentences::{self, Speaker};

/// A sentence of a fixed kind.
pub(super) fn notice(pen: &mut Pen<'_>, notice: &Notice) {
    let (speaker, text) = sentences::notice(notice, Face::Irc, pen.cx.language);
    if let Notice::LoggedOut { mask, .. } = notice {
        // As RPL_LOGGEDIN says it of the opposite.
        return pen.numeric(RPL_LOGGEDOUT).word(mask).text(&text);
    }
    for line in text.lines() {
        match speaker {
            Speaker::Server => pen.notice(line),
            Speaker::NickServ => pen.nickserv(line),
        }
    }
}

/// What the client said to NickServ, for those who are shown what they say.
pub(super) fn nickserv_echo(pen: &mut Pen<'_>, who: &Who, text: &str) {
    if pen.capabilities.has(Capability::EchoMessage) {
        pen.timed().who(who).command("PRIVMSG").name(NICKSERV).text(text);
    }
}

/// A new account, for clients that asked with REGISTER and for those that asked NickServ.
pub(super) fn account_made(pen: &mut Pen<'_>, account: &Account) {
    let l = pen.cx.language;
    if pen.capabilities.has(Capability::AccountRegistration) {
        let line = pen.server("REGISTER").word("SUCCESS").word(account.as_str());
        line.text(phrase!(l, en = "Account created; you are logged in to it", zh = "账号已注册，你已登录"));
    } else {
        pen.nickserv(&sentence!(
            l,
            en = "The nickname {account} is yours now. Next time log in with SASL or /msg NickServ IDENTIFY password",
            zh = "昵称 {account} 现在归你了。下次请用 SASL 或 /msg NickServ IDENTIFY 密码 登录",
        ));
    }
}

/// The room is muted, or no longer.
pub(super) fn muted(pen: &mut Pen<'_>, muted: bool) {
    welcome::user_mode_changed(pen, &[(UserMode::Deaf, muted)]);
    let (l, nick) = (pen.cx.language, pen.nick);
    if muted {
        pen.notice(phrase!(
            l,
            en = "You have muted the room: no channel message comes or goes. Private messages still arrive",
            zh = "你屏蔽了房间：收不到也发不出频道消息，私聊照常收到",
        ));
        pen.notice(&sentence!(
            l,
            en = "To hear the room again: /quote i, or /mode {nick} -d",
            zh = "解除屏蔽：/quote i 或 /mode {nick} -d",
        ));
    } else {
        pen.notice(phrase!(
            l,
            en = "You hear the room again, and it hears you",
            zh = "已解除屏蔽，可以收发消息了"
        ));
    }
}

/// In which language the session is told this.
pub(super) fn language(pen: &mut Pen<'_>, changed: bool) {
    let language = pen.cx.language;
    let text = sentences::language(changed, Face::Irc, language);
    if pen.capabilities.has(Capability::StandardReplies) {
        let code = if changed { "LANGUAGE_CHANGED" } else { "LANGUAGE" };
        pen.note("LANG", code).word(language.code()).text(&text);
    } else {
        pen.notice(&text);
    }
}

/// ERROR, the last line of all.
pub(super) fn closing(pen: &mut Pen<'_>, reason: &CloseReason) {
    let error = sentences::close_reason(reason, pen.cx.language).error;
    Line::new(pen.out).command("ERROR").text_of(&["Closing link: ", &error]);
}
