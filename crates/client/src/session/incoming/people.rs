//! What people do outside of any one channel.

use chat_model::language::Language;
use chat_model::phrase;
use chat_model::sentence;

use super::super::Session;
use super::super::line::What;
use super::Incoming;

/// QUIT
pub(super) fn quit(session: &mut Session, incoming: &Incoming<'_>) {
    let nick = incoming.nick().to_owned();
    if session.is_me(&nick) {
        return;
    }
    let support = session.support.clone();
    for channel in session.channels.values_mut() {
        channel.remove(&nick, &support);
    }
    let text = incoming.param(0).to_owned();
    session.show_at(incoming.time, What::Quit { nick, text });
}

/// NICK, also our own.
pub(super) fn nick(session: &mut Session, incoming: &Incoming<'_>) {
    let (nick, to) = (incoming.nick().to_owned(), incoming.param(0).to_owned());
    let support = session.support.clone();
    for channel in session.channels.values_mut() {
        channel.rename(&nick, &to, &support);
    }
    if session.is_me(&nick) {
        session.nick.clone_from(&to);
        session.source = None;
        if session.wanted_nick.take_if(|wanted| support.same(wanted, &to)).is_some() {
            // What services call us is not what the user wants to be called next time.
            session.options.nick.clone_from(&to);
        } else if !session.may_be_called(&to) {
            return;
        }
    }
    session.show_at(incoming.time, What::Nick { nick, to });
}

/// AWAY of others (away-notify) is not worth a line each time; `/whois` tells.
pub(super) fn away(_: &mut Session, _: &Incoming<'_>) {}

/// CHGHOST: ours decides how long our lines may be.
pub(super) fn chghost(session: &mut Session, incoming: &Incoming<'_>) {
    if session.is_me(incoming.nick()) {
        session.source = Some(format!("{}!{}@{}", session.nick, incoming.param(0), incoming.param(1)));
    }
}

/// What `/whois` tells, line by line (numerics 301 to 378).
pub(super) fn whois(session: &mut Session, incoming: &Incoming<'_>) {
    let [nick, second, third] = [1, 2, 3].map(|index| incoming.param(index));
    let last = incoming.message.params.last().copied().unwrap_or_default();
    let code = incoming.message.command;
    let l = session.language();
    let text = match code {
        "301" => sentence!(l, en = "{nick} is away: {last}", zh = "{nick} 暂时离开：{last}"),
        "311" => sentence!(
            l,
            en = "{nick} is {second}@{third} ({last})",
            zh = "{nick} 是 {second}@{third}（{last}）"
        ),
        "312" => {
            sentence!(l, en = "{nick} is on {second} ({last})", zh = "{nick} 在服务器 {second}（{last}）")
        }
        "317" => match (second.parse(), third.parse()) {
            (Ok(idle_s), Ok(since_s)) => {
                let here_s = session.now.seconds().saturating_sub(since_s);
                sentence!(
                    l,
                    en = "{nick} said nothing for {idle}, is here for {here}",
                    zh = "{nick} 已 {idle}没说话，来了 {here}",
                    idle = span(idle_s, l),
                    here = span(here_s, l),
                )
            }
            _ => incoming.sentence(1),
        },
        "338" if incoming.message.params.len() > 3 => {
            // Servers differ in how many words tell from where: an address, or user@host as well.
            let words = &incoming.message.params[2..incoming.message.params.len() - 1];
            let from = words.join(" ");
            sentence!(l, en = "{nick} is connected from {from}", zh = "{nick} 从 {from} 连接")
        }
        "319" => sentence!(l, en = "{nick} is in {last}", zh = "{nick} 在 {last}"),
        "330" => sentence!(l, en = "{nick} is logged in as {second}", zh = "{nick} 登录的账号是 {second}"),
        _ => format!("{nick} {last}"),
    };
    session.show(What::Server { code: code.to_owned(), text });
}

/// Seconds as people say them.
fn span(seconds: i64, l: Language) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600, seconds / 60 % 60);
    match seconds {
        ..60 => sentence!(l, en = "{seconds} s", zh = "{seconds} 秒"),
        60..3_600 => sentence!(l, en = "{minutes} min", zh = "{minutes} 分钟"),
        3_600..86_400 => sentence!(l, en = "{hours} h {minutes} min", zh = "{hours} 小时 {minutes} 分"),
        _ => sentence!(l, en = "{days} days", zh = "{days} 天"),
    }
}

/// One row of `/who` (numeric 352).
pub(super) fn who_row(session: &mut Session, incoming: &Incoming<'_>) {
    let [channel, user, host, nick, flags] = [1, 2, 3, 5, 6].map(|index| incoming.param(index));
    let l = session.language();
    let away = if flags.starts_with('G') { phrase!(l, en = ", away", zh = "，暂时离开") } else { "" };
    let real_name = incoming.param(7).split_once(' ').map_or("", |(_, name)| name);
    let channel = match channel {
        "*" => String::new(),
        channel => sentence!(l, en = " in {channel}", zh = " 在 {channel}"),
    };
    let text = format!("{nick} ({user}@{host}) {real_name}{channel}{away}");
    session.show(What::Server { code: "352".to_owned(), text });
}
