//! Answers as lines of text, each marked with `***` so that nobody takes one for something that was said.

use chat_model::invitation::Registration;
use std::fmt::Write;

use chat_model::id::Time;
use chat_model::mode::{Rank, Ranks, UserMode, UserModes};
use chat_model::name::ChannelName;
use chat_model::reply::{
    Counts, Farewell, HelpRow, Listed, Member, Person, Reply, Topic, WhoRow, Whois, Whowas,
};
use chat_model::who::Who;

use super::lines::{line, past, place, timed};
use super::room::GUEST_COMMANDS;
use crate::{Context, Face, clock, sentences};

/// Bytes that a guest is greeted with: programs that read so much at once read it whole.
const GUEST_WELCOME_BYTES_MAX: usize = 1024;

/// One line of an answer.
pub(super) fn say(text: &str, out: &mut Vec<u8>) {
    line(&format!("*** {text}"), out);
}

/// Says an answer to somebody in the room, or appends nothing where a person need not know.
pub(super) fn reply(reply: &Reply, guest: bool, now: Time, cx: &Context, out: &mut Vec<u8>) {
    match reply {
        Reply::Refused { refusal, .. } => say(&sentences::refusal(refusal, Face::Plain), out),
        Reply::Welcome { who, modes, counts, motd, attached, .. } => {
            let start = out.len();
            welcome(who, guest, *counts, *attached, cx, out);
            for text in motd.iter() {
                let end = out.len();
                say(text, out);
                if guest && out.len() - start > GUEST_WELCOME_BYTES_MAX {
                    out.truncate(end);
                    break;
                }
            }
            if modes.has(UserMode::Deaf) {
                muted(true, out);
            }
        }
        Reply::LoggedIn { account, .. } => say(&format!("You are logged in as {account}."), out),
        Reply::AccountMade { account } => {
            say(&format!("{account} is yours: from now on this nickname takes your password."), out);
        }
        Reply::Pong { token } => say(&format!("The server is there: {token}"), out),
        // Nobody asked; /ls tells a guest who is here.
        Reply::Topic { .. } | Reply::Names { .. } if guest => {}
        Reply::Topic { channel, topic } => tell_topic(channel, topic.as_ref(), cx, out),
        Reply::Names { channel, members, .. } => names(channel, members, cx, out),
        Reply::NoNames => say("Name a channel; /list shows them.", out),
        Reply::ChannelModes { channel, modes, created } => {
            let created = clock::day_and_time(*created, &cx.zone);
            say(&format!("{channel} has modes +{}, since {created}.", sentences::channel_modes(modes)), out);
        }
        Reply::ChannelBans { channel, bans } if bans.is_empty() => {
            say(&format!("{channel} has no bans."), out)
        }
        Reply::ChannelBans { channel, bans } => {
            for ban in bans {
                let time = clock::day_and_time(ban.time, &cx.zone);
                say(&format!("{channel} bans {} (set by {}, {time})", ban.mask, ban.setter), out);
            }
        }
        Reply::UserModes { modes } => user_modes(*modes, out),
        Reply::UserModeChanged { changes } => modes_changed(changes, out),
        Reply::List { channels } => list(channels, out),
        Reply::Inviting { nick, channel } => say(&format!("{nick} is invited to {channel}."), out),
        Reply::Invitations { channels } if channels.is_empty() => say("You are invited nowhere.", out),
        Reply::Invitations { channels } => say(&format!("You are invited to {}.", joined(channels)), out),
        Reply::NowAway { away: true } => say("You are away; /away alone brings you back.", out),
        Reply::NowAway { away: false } => say("You are back.", out),
        Reply::TheyAreAway { nick, message } => say(&format!("{nick} is away: {message}"), out),
        Reply::Who { mask, rows } => who_rows(mask, rows, out),
        Reply::Whois(whois) => tell_whois(whois, cx, out),
        Reply::Whowas { nick, rows } => whowas(nick, rows, cx, out),
        Reply::Ison { nicks } if nicks.is_empty() => say("None of them is here.", out),
        Reply::Ison { nicks } => say(&format!("Here: {}", joined(nicks)), out),
        Reply::Userhost { rows } => rows.iter().for_each(|(who, ..)| say(&who.to_string(), out)),
        Reply::Motd { lines } if lines.is_empty() => say("There is no message of the day.", out),
        Reply::Motd { lines } => lines.iter().for_each(|text| say(text, out)),
        Reply::Version => say(&cx.version, out),
        Reply::Time { now } => say(&clock::ctime(*now, &cx.zone), out),
        Reply::Admin => say(&format!("{} is kept by its operator; ask in the room.", cx.server), out),
        Reply::Info { started } => {
            let started = clock::day_and_time(*started, &cx.zone);
            say(&format!("{} is {}: {}. Up since {started}.", cx.server, cx.version, cx.description), out);
        }
        Reply::Lusers { counts } => lusers(*counts, out),
        Reply::Help { subject, rows } => help(!subject.is_empty(), rows, guest, cx, out),
        Reply::YouAreOperator => say("You are an operator of the server now.", out),
        Reply::People { channel, people } => tell_people(channel, people, out),
        Reply::History { target, messages } if messages.is_empty() => {
            say(&format!("There is nothing in the history of {target} there."), out);
        }
        Reply::History { target, messages } => past(&format!("history of {target}"), messages, now, cx, out),
        Reply::HistoryTargets { targets } => {
            for (target, id) in targets {
                say(&format!("{target}, last at {}", clock::day_and_time(id.time(), &cx.zone)), out);
            }
        }
        Reply::Missed { channel: Some(channel), messages } => {
            past(&format!("{}earlier messages", place(channel, cx)), messages, now, cx, out);
        }
        Reply::Missed { channel: None, messages } => {
            past("whispers to you meanwhile", messages, now, cx, out)
        }
        Reply::Notice(notice) => say(&sentences::notice(notice), out),
        Reply::ServerNotice { text } => timed(now, &format!("-{}- {text}", cx.server), cx, out),
        Reply::Done { .. } => say("Done.", out),
        Reply::Farewell(Farewell::Closed | Farewell::Failed(_)) => {}
        Reply::Farewell(farewell) => say(&sentences::farewell(farewell), out),
        // The welcome, the event or the change of modes beside it has said it.
        Reply::YouAre { .. }
        | Reply::NickServEcho { .. }
        | Reply::EndOfWhois { .. }
        | Reply::Muted { .. } => {}
        // Only an administrator is told, and that on the admin socket.
        Reply::Online(_) | Reply::Channels(_) => {}
    }
}

fn welcome(who: &Who, guest: bool, counts: Counts, attached: bool, cx: &Context, out: &mut Vec<u8>) {
    let count = match counts.users() {
        0 | 1 => "You are the only one here".to_owned(),
        users => format!("{users} people are here"),
    };
    say(&format!("Welcome to {}, {}. {count}.", cx.network, who.nick), out);
    say("Type and press Enter to talk; /help shows the commands, /quit leaves.", out);
    if let (None, false, Some(words)) = (&who.account, guest, register_words(cx)) {
        say(&format!("{words} keeps this nickname for you."), out);
    }
    if attached {
        say("You are here on another connection too; each shows what the other says.", out);
    }
}

/// Muting the room is a mode, and told in words to all sessions of the user, whichever of them did it.
fn modes_changed(changes: &[(UserMode, bool)], out: &mut Vec<u8>) {
    let mut told = Vec::new();
    for (mode, on) in changes {
        match mode {
            UserMode::Deaf => muted(*on, out),
            _ => told.push(format!("{}{}", if *on { '+' } else { '-' }, mode.letter())),
        }
    }
    if !told.is_empty() {
        say(&format!("Your modes changed: {}", told.join(" ")), out);
    }
}

fn muted(muted: bool, out: &mut Vec<u8>) {
    let text = match muted {
        true => "The room is muted: you see none of its messages and send none. /i opens it again.",
        false => "The room is open again.",
    };
    say(text, out);
}

fn user_modes(modes: UserModes, out: &mut Vec<u8>) {
    let letters = modes.letters();
    say(
        &if letters.is_empty() { "You have no modes.".into() } else { format!("Your modes: +{letters}") },
        out,
    );
}

fn tell_topic(channel: &ChannelName, topic: Option<&Topic>, cx: &Context, out: &mut Vec<u8>) {
    match topic {
        Some(topic) => {
            let setter = topic.setter.split('!').next().unwrap_or_default();
            let time = clock::day_and_time(topic.time, &cx.zone);
            say(&format!("Topic of {channel}: {} (set by {setter}, {time})", topic.text), out);
        }
        None => say(&format!("{channel} has no topic."), out),
    }
}

fn names(channel: &str, members: &[Member], cx: &Context, out: &mut Vec<u8>) {
    if members.is_empty() {
        return say(&format!("There is nobody to see on {channel}."), out);
    }
    let nicks: Vec<_> = members.iter().map(|member| member.who.nick.as_str()).collect();
    let is_lobby = cx.lobby == ChannelName::new(channel).ok();
    let place = if is_lobby { "Here".into() } else { format!("On {channel}") };
    say(&format!("{place}: {}", nicks.join(", ")), out);
}

fn tell_people(channel: &ChannelName, people: &[Person], out: &mut Vec<u8>) {
    let people: Vec<_> = people.iter().map(person).collect();
    say(&format!("{} on {channel}: {}", people.len(), people.join(", ")), out);
}

fn person(person: &Person) -> String {
    let rank = match person.ranks.highest() {
        Some(Rank::Founder) => Some("founder"),
        Some(Rank::Protected | Rank::Operator) => Some("operator"),
        Some(Rank::HalfOperator) => Some("half-operator"),
        Some(Rank::Voice) | None => None,
    };
    let notes: Vec<&str> = [
        (rank.is_some(), rank.unwrap_or_default()),
        (person.account.is_none(), "guest"),
        (person.away, "away"),
        (person.muted, "muted the room"),
    ]
    .into_iter()
    .filter_map(|(holds, note)| holds.then_some(note))
    .collect();
    if notes.is_empty() { person.nick.to_string() } else { format!("{} ({})", person.nick, notes.join(", ")) }
}

fn list(channels: &[Listed], out: &mut Vec<u8>) {
    if channels.is_empty() {
        return say("There are no channels to see.", out);
    }
    let width = channels.iter().map(|row| row.channel.as_str().chars().count()).max().unwrap_or(0);
    for Listed { channel, members, topic } in channels {
        say(format!("{channel:width$} {members:>5}  {topic}").trim_end(), out);
    }
}

fn who_rows(mask: &str, rows: &[WhoRow], out: &mut Vec<u8>) {
    if rows.is_empty() {
        return say(&format!("{mask} is nobody."), out);
    }
    for WhoRow { who, channel, away, operator } in rows {
        let mut text = format!("{who} {}", who.realname);
        if let Some((channel, ranks)) = channel {
            let _ = write!(text, " on {}", with_ranks(channel, *ranks));
        }
        text.push_str(if *away { ", away" } else { "" });
        text.push_str(if *operator { ", operator of the server" } else { "" });
        say(&text, out);
    }
}

fn tell_whois(whois: &Whois, cx: &Context, out: &mut Vec<u8>) {
    let nick = &whois.who.nick;
    say(&format!("{} is {}", whois.who, whois.who.realname), out);
    match &whois.who.account {
        Some(account) => say(&format!("{nick} is logged in as {account}"), out),
        None => say(&format!("{nick} is a guest"), out),
    }
    if !whois.channels.is_empty() {
        let channels: Vec<_> = whois.channels.iter().map(|(name, ranks)| with_ranks(name, *ranks)).collect();
        say(&format!("{nick} is on {}", channels.join(" ")), out);
    }
    if let Some(message) = &whois.away {
        say(&format!("{nick} is away: {message}"), out);
    }
    if whois.operator {
        say(&format!("{nick} is an operator of the server"), out);
    }
    if let Some(address) = whois.address {
        let how = if whois.secure { "encrypted" } else { "not encrypted" };
        say(&format!("{nick} is connected from {address}, {how}"), out);
    }
    let since = clock::day_and_time(whois.since, &cx.zone);
    say(&format!("{nick} came at {since} and said nothing for {}", clock::span(whois.idle_s)), out);
}

fn whowas(nick: &str, rows: &[Whowas], cx: &Context, out: &mut Vec<u8>) {
    if rows.is_empty() {
        say(&format!("Nobody called {nick} is remembered."), out);
    }
    for Whowas { who, left } in rows {
        say(&format!("{who} left at {}", clock::day_and_time(*left, &cx.zone)), out);
    }
}

fn lusers(counts: Counts, out: &mut Vec<u8>) {
    let (users, most, channels) = (counts.users(), counts.most, counts.channels);
    say(&format!("{users} people on {channels} channels; {most} at the most since the start."), out);
}

/// The table of what can be typed. A subject that was asked for is shown also where nobody types it here.
fn help(subject: bool, rows: &[HelpRow], guest: bool, cx: &Context, out: &mut Vec<u8>) {
    let mut table: Vec<(String, &str)> = Vec::new();
    let has = |row: &HelpRow| !guest || GUEST_COMMANDS.contains(&row.verb.to_lowercase().as_str());
    for row in rows.iter().filter(|row| subject || (row.typed && has(row))) {
        table.push((usage(row), &row.help));
    }
    if !subject {
        table.retain(|(usage, _)| !usage.starts_with("/register"));
        let register = register_words(cx).filter(|_| !guest);
        table.extend(register.map(|words| (words.into(), "make this nickname yours")));
        table.push(("@nick text".into(), "whisper: only nick sees it"));
        table.push(("anything else".into(), "is said to the room"));
    }
    let width = table.iter().map(|(usage, _)| usage.chars().count()).max().unwrap_or(0);
    for (usage, help) in table {
        say(&format!("{usage:width$}  {help}"), out);
    }
}

/// What makes an account here; nothing does where only administrators make them.
fn register_words(cx: &Context) -> Option<&'static str> {
    match cx.registration {
        Registration::Open => Some("/register PASSWORD"),
        Registration::Invite => Some("/register PASSWORD CODE"),
        Registration::Closed => None,
    }
}

fn usage(row: &HelpRow) -> String {
    match &*row.verb {
        // The table has the words of IRC clients, which come in another order.
        "REGISTER" => "/register PASSWORD [CODE]".into(),
        verb => format!("/{} {}", verb.to_lowercase(), row.words).trim_end().to_owned(),
    }
}

fn with_ranks(channel: &ChannelName, ranks: Ranks) -> String {
    ranks.prefixes().chain(channel.as_str().chars()).collect()
}

fn joined<T: ToString>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}
