//! What a client is told of people: WHO, WHOIS, WHOWAS, ISON, USERHOST, LS.

use std::net::IpAddr;
use std::sync::Arc;

use chat_model::language::Language;
use chat_model::name::{ChannelName, Nick};
use chat_model::reply::{Part, Person, WhoRow, Whois, Whowas};
use chat_model::who::Who;
use chat_model::{phrase, sentence};

use super::capability::Capabilities;
use super::channel::prefixes;
use super::clock;
use super::numerics::{
    ERR_WASNOSUCHNICK, RPL_AWAY, RPL_ENDOFWHO, RPL_ENDOFWHOIS, RPL_ENDOFWHOWAS, RPL_ISON, RPL_USERHOST,
    RPL_WHOISACCOUNT, RPL_WHOISACTUALLY, RPL_WHOISBOT, RPL_WHOISCHANNELS, RPL_WHOISIDLE, RPL_WHOISOPERATOR,
    RPL_WHOISSECURE, RPL_WHOISSERVER, RPL_WHOISUSER, RPL_WHOREPLY, RPL_WHOWASUSER,
};
use super::pen::Pen;
use crate::sentences::{hearing, in_brackets, listed};

/// RPL_AWAY.
pub(super) fn away(pen: &mut Pen<'_>, nick: &Nick, message: &str) {
    pen.numeric(RPL_AWAY).word(nick.as_str()).text(message);
}

/// WHO.
pub(super) fn who(pen: &mut Pen<'_>, mask: &str, rows: &[WhoRow], part: Part) {
    let (server, capabilities) = (&pen.cx.server, pen.capabilities);
    for row in rows {
        let mut flags = String::from(if row.away { "G" } else { "H" });
        if row.operator {
            flags.push('*');
        }
        if let Some((_, ranks)) = &row.channel {
            flags.push_str(&prefixes(*ranks, capabilities));
        }
        if row.who.bot {
            flags.push('B');
        }
        let channel = row.channel.as_ref().map_or("*", |(channel, _)| channel.as_str());
        let line = pen.numeric(RPL_WHOREPLY).word(channel).word(&row.who.username).word(&row.who.host);
        let line = line.word(server).word(row.who.nick.as_str()).word(&flags);
        // No server is further away than this one.
        line.text_of(&["0 ", &row.who.realname]);
    }
    if part.total.is_some() {
        let end = phrase!(pen.cx.language, en = "End of WHO list", zh = "/WHO 结束");
        pen.numeric(RPL_ENDOFWHO).word(mask).text(end);
    }
}

/// WHOIS, up to but without its end.
pub(super) fn whois(pen: &mut Pen<'_>, whois: &Whois) {
    let (cx, l, capabilities) = (pen.cx, pen.cx.language, pen.capabilities);
    let nick = whois.who.nick.as_str();
    user(pen, RPL_WHOISUSER, &whois.who);
    let channels = whois.channels.iter();
    let channels = channels.map(|(channel, ranks)| format!("{}{channel}", prefixes(*ranks, capabilities)));
    pen.numeric(RPL_WHOISCHANNELS).word(nick).list(" ", channels);
    pen.numeric(RPL_WHOISSERVER).word(nick).word(&cx.server).text(&cx.description);
    if let Some(message) = &whois.away {
        pen.numeric(RPL_AWAY).word(nick).text(message);
    }
    if whois.operator {
        pen.numeric(RPL_WHOISOPERATOR).word(nick).text(phrase!(
            l,
            en = "is an IRC operator",
            zh = "是服务器管理员"
        ));
    }
    if let Some(account) = &whois.who.account {
        pen.numeric(RPL_WHOISACCOUNT).word(nick).word(account.as_str()).text(phrase!(
            l,
            en = "is logged in as",
            zh = "登录的账号是"
        ));
    }
    if whois.who.bot {
        pen.numeric(RPL_WHOISBOT).word(nick).text(phrase!(l, en = "is a bot", zh = "是机器人"));
    }
    if let Some(address) = whois.address {
        let line = pen.numeric(RPL_WHOISACTUALLY).word(nick).word(&address_word(address));
        line.text(phrase!(l, en = "is really using this address", zh = "是真实地址"));
    }
    if whois.secure {
        pen.numeric(RPL_WHOISSECURE).word(nick).text(phrase!(
            l,
            en = "is using a secure connection",
            zh = "使用加密连接"
        ));
    }
    let line = pen.numeric(RPL_WHOISIDLE).word(nick).number(whois.idle_s).number(whois.since.seconds());
    // In one language: irssi looks into it for what the second number is, and shows both in words of its own.
    line.text("seconds idle, signon time");
}

fn user(pen: &mut Pen<'_>, code: &str, who: &Who) {
    let line = pen.numeric(code).word(who.nick.as_str()).word(&who.username).word(&who.host);
    line.word("*").text(&who.realname);
}

/// An address as a parameter: `::1` would look like the last one.
fn address_word(address: IpAddr) -> String {
    let text = address.to_string();
    if text.starts_with(':') { format!("0{text}") } else { text }
}

/// RPL_ENDOFWHOIS.
pub(super) fn end_of_whois(pen: &mut Pen<'_>, mask: &str) {
    let end = phrase!(pen.cx.language, en = "End of /WHOIS list", zh = "/WHOIS 结束");
    pen.numeric(RPL_ENDOFWHOIS).word(mask).text(end);
}

/// WHOWAS.
pub(super) fn whowas(pen: &mut Pen<'_>, nick: &str, rows: &[Whowas]) {
    let (cx, l) = (pen.cx, pen.cx.language);
    for row in rows {
        user(pen, RPL_WHOWASUSER, &row.who);
        let left = clock::in_words(row.left, &cx.zone);
        pen.numeric(RPL_WHOISSERVER).word(row.who.nick.as_str()).word(&cx.server).text(&left);
    }
    if rows.is_empty() {
        let text = phrase!(l, en = "Nobody of that name is remembered", zh = "没有这个名字的记录");
        pen.numeric(ERR_WASNOSUCHNICK).word(nick).text(text);
    }
    pen.numeric(RPL_ENDOFWHOWAS).word(nick).text(phrase!(l, en = "End of WHOWAS", zh = "/WHOWAS 结束"));
}

/// ISON. An empty answer is an answer, too.
pub(super) fn ison(pen: &mut Pen<'_>, nicks: &[Nick]) {
    if nicks.is_empty() {
        return pen.numeric(RPL_ISON).text("");
    }
    pen.numeric(RPL_ISON).list(" ", nicks.iter().map(Nick::to_string));
}

/// USERHOST.
pub(super) fn userhost(pen: &mut Pen<'_>, rows: &[(Arc<Who>, bool, bool)]) {
    if rows.is_empty() {
        return pen.numeric(RPL_USERHOST).text("");
    }
    pen.numeric(RPL_USERHOST).list(
        " ",
        rows.iter().map(|(who, operator, away)| {
            let operator = if *operator { "*" } else { "" };
            let away = if *away { '-' } else { '+' };
            format!("{}{operator}={away}{}@{}", who.nick, who.username, who.host)
        }),
    );
}

/// LS, for people: IRC has no numeric for it.
pub(super) fn people(pen: &mut Pen<'_>, channel: &ChannelName, people: &[Person]) {
    let (l, count, capabilities) = (pen.cx.language, people.len(), pen.capabilities);
    pen.notice(&sentence!(l, en = "{channel}: {count} here", zh = "{channel}：{count} 人在"));
    pen.notice_list(", ", people.iter().map(|person| described(person, capabilities, l)));
}

/// A nickname, and in brackets what one might want to know before speaking to it.
fn described(person: &Person, capabilities: Capabilities, l: Language) -> String {
    let remarks = [
        (person.account.is_none(), phrase!(l, en = "guest", zh = "访客")),
        (person.deaf, hearing(person, l)),
        (person.away, phrase!(l, en = "away", zh = "暂时离开")),
    ];
    let remarks = listed(remarks.into_iter().filter_map(|(holds, remark)| holds.then_some(remark)), l);
    let name = prefixes(person.ranks, capabilities);
    format!("{name}{}{}", person.nick, in_brackets(&remarks, l))
}
