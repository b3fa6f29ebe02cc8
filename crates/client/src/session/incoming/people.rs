//! What people do outside of any one channel.

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
    let text = match code {
        "301" => format!("{nick} is away: {last}"),
        "311" => format!("{nick} is {second}@{third} ({last})"),
        "312" => format!("{nick} is on {second} ({last})"),
        "317" => match (second.parse(), third.parse()) {
            (Ok(idle_s), Ok(since_s)) => {
                let here_s = session.now.seconds().saturating_sub(since_s);
                format!("{nick} said nothing for {}, is here for {}", span(idle_s), span(here_s))
            }
            _ => incoming.sentence(1),
        },
        "319" => format!("{nick} is in {last}"),
        "330" => format!("{nick} is logged in as {second}"),
        _ => format!("{nick} {last}"),
    };
    session.show(What::Server { code: code.to_owned(), text });
}

/// Seconds as people say them.
fn span(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// One row of `/who` (numeric 352).
pub(super) fn who_row(session: &mut Session, incoming: &Incoming<'_>) {
    let [channel, user, host, nick, flags] = [1, 2, 3, 5, 6].map(|index| incoming.param(index));
    let away = if flags.starts_with('G') { ", away" } else { "" };
    let real_name = incoming.param(7).split_once(' ').map_or("", |(_, name)| name);
    let channel = if channel == "*" { String::new() } else { format!(" in {channel}") };
    let text = format!("{nick} ({user}@{host}) {real_name}{channel}{away}");
    session.show(What::Server { code: "352".to_owned(), text });
}
