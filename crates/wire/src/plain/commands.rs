//! What people are answered who typed a command with a slash.

use std::fmt::Write;

use chat_model::id::Time;
use chat_model::language::Language;
use chat_model::mode::{Ranks, UserModes};
use chat_model::name::ChannelName;
use chat_model::reply::{CommandReply, Counts, HelpRow, Listed, Part, WhoRow, Whois, Whowas};
use chat_model::{phrase, sentence};

use super::answers::{register_words, say};
use super::lines::past;
use super::room::GUEST_COMMANDS;
use crate::sentences::listed;
use crate::{Context, clock, sentences};

/// Says the answer to a command.
#[expect(clippy::too_many_lines, reason = "a table: a row for each reply")]
pub(super) fn answer(reply: &CommandReply, guest: bool, now: Time, cx: &Context, out: &mut Vec<u8>) {
    let l = cx.language;
    match reply {
        CommandReply::Pong { token } => {
            say(&sentence!(l, en = "The server is there: {token}", zh = "服务器在：{token}"), out);
        }
        CommandReply::NoNames => {
            say(
                phrase!(
                    l,
                    en = "Name a channel; /list shows them.",
                    zh = "请写上频道名，用 /list 看有哪些。"
                ),
                out,
            );
        }
        CommandReply::ChannelModes { channel, modes, created } => {
            let (modes, created) = (sentences::channel_modes(modes), clock::day_and_time(*created, &cx.zone));
            let text = sentence!(
                l,
                en = "{channel} has modes +{modes}, since {created}.",
                zh = "{channel} 的模式是 +{modes}，建于 {created}。",
            );
            say(&text, out);
        }
        CommandReply::ChannelBans { channel, bans } if bans.is_empty() => {
            say(&sentence!(l, en = "{channel} has no bans.", zh = "{channel} 没有封禁。"), out);
        }
        CommandReply::ChannelBans { channel, bans } => {
            for ban in bans {
                let (mask, setter, time) = (&ban.mask, &ban.setter, clock::day_and_time(ban.time, &cx.zone));
                let text = sentence!(
                    l,
                    en = "{channel} bans {mask} (set by {setter}, {time})",
                    zh = "{channel} 封禁了 {mask}（{setter} 设于 {time}）",
                );
                say(&text, out);
            }
        }
        CommandReply::UserModes { modes } => user_modes(*modes, l, out),
        CommandReply::List { channels, part } => list(channels, *part, l, out),
        CommandReply::Inviting { nick, channel } => {
            say(
                &sentence!(l, en = "{nick} is invited to {channel}.", zh = "已邀请 {nick} 加入 {channel}。"),
                out,
            );
        }
        CommandReply::Invitations { channels } if channels.is_empty() => {
            say(phrase!(l, en = "You are invited nowhere.", zh = "没有人邀请你。"), out);
        }
        CommandReply::Invitations { channels } => {
            let channels = listed(channels, l);
            say(&sentence!(l, en = "You are invited to {channels}.", zh = "你受邀加入 {channels}。"), out);
        }
        CommandReply::NowAway { away: true } => {
            let text = phrase!(
                l,
                en = "You are away; /away alone brings you back.",
                zh = "已设为暂时离开，再输 /away 就回来。"
            );
            say(text, out);
        }
        CommandReply::NowAway { away: false } => {
            say(phrase!(l, en = "You are back.", zh = "你回来了。"), out)
        }
        CommandReply::Who { mask, rows, part } => who_rows(mask, rows, *part, l, out),
        CommandReply::Whois(whois) => tell_whois(whois, cx, out),
        CommandReply::Whowas { nick, rows } => whowas(nick, rows, cx, out),
        CommandReply::Ison { nicks } if nicks.is_empty() => {
            say(phrase!(l, en = "None of them is here.", zh = "他们都不在。"), out);
        }
        CommandReply::Ison { nicks } => {
            say(&sentence!(l, en = "Here: {nicks}", zh = "在线：{nicks}", nicks = listed(nicks, l)), out);
        }
        CommandReply::Userhost { rows } => rows.iter().for_each(|(who, ..)| say(&who.to_string(), out)),
        CommandReply::Motd { lines } if lines.is_empty() => {
            say(phrase!(l, en = "There is no message of the day.", zh = "没有今日公告。"), out);
        }
        CommandReply::Motd { lines } => lines.iter().for_each(|text| say(text, out)),
        CommandReply::Version => say(&cx.version, out),
        CommandReply::Time { now } => say(&clock::ctime(*now, &cx.zone), out),
        CommandReply::Admin => {
            let server = &cx.server;
            let text = sentence!(
                l,
                en = "{server} is kept by its operator; ask in the room.",
                zh = "{server} 由它的管理员维护，可以在房间里问。",
            );
            say(&text, out);
        }
        CommandReply::Info { started } => info(*started, cx, out),
        CommandReply::Lusers { counts } => lusers(*counts, l, out),
        CommandReply::Help { subject, rows } => help(!subject.is_empty(), rows, guest, cx, out),
        CommandReply::YouAreOperator => {
            say(
                phrase!(l, en = "You are an operator of the server now.", zh = "你现在是服务器管理员了。"),
                out,
            );
        }
        CommandReply::History { target, messages } if messages.is_empty() => {
            let text = sentence!(
                l,
                en = "There is nothing in the history of {target} there.",
                zh = "{target} 在那里没有历史消息。",
            );
            say(&text, out);
        }
        CommandReply::History { target, messages } => {
            let what = sentence!(l, en = "history of {target}", zh = "{target} 的历史消息");
            past(&what, messages, now, cx, out);
        }
        CommandReply::HistoryTargets { targets } => {
            for (target, time) in targets {
                let time = clock::day_and_time(*time, &cx.zone);
                say(&sentence!(l, en = "{target}, last at {time}", zh = "{target}，最后一条在 {time}"), out);
            }
        }
    }
}

fn user_modes(modes: UserModes, l: Language, out: &mut Vec<u8>) {
    let letters = modes.letters();
    if letters.is_empty() {
        return say(phrase!(l, en = "You have no modes.", zh = "你没有设置模式。"), out);
    }
    say(&sentence!(l, en = "Your modes: +{letters}", zh = "你的模式：+{letters}"), out);
}

fn list(channels: &[Listed], part: Part, l: Language, out: &mut Vec<u8>) {
    if part.total == Some(0) {
        return say(phrase!(l, en = "There are no channels to see.", zh = "没有可以看到的频道。"), out);
    }
    let width = channels.iter().map(|row| columns(row.channel.as_str())).max().unwrap_or(0);
    for Listed { channel, members, topic } in channels {
        let space = " ".repeat(width - columns(channel.as_str()));
        say(format!("{channel}{space} {members:>5}  {topic}").trim_end(), out);
    }
}

fn who_rows(mask: &str, rows: &[WhoRow], part: Part, l: Language, out: &mut Vec<u8>) {
    if part.total == Some(0) {
        return say(&sentence!(l, en = "{mask} is nobody.", zh = "没有找到 {mask}。"), out);
    }
    for WhoRow { who, channel, away, operator } in rows {
        let mut text = format!("{who} {}", who.realname);
        if let Some((channel, ranks)) = channel {
            let channel = with_ranks(channel, *ranks);
            let _ = write!(text, "{}", sentence!(l, en = " on {channel}", zh = " 在 {channel}"));
        }
        if *away {
            text.push_str(phrase!(l, en = ", away", zh = "，暂时离开"));
        }
        if *operator {
            text.push_str(phrase!(l, en = ", operator of the server", zh = "，服务器管理员"));
        }
        say(&text, out);
    }
}

fn tell_whois(whois: &Whois, cx: &Context, out: &mut Vec<u8>) {
    let (l, who, nick) = (cx.language, &whois.who, &whois.who.nick);
    say(&sentence!(l, en = "{who} is {realname}", zh = "{who} 是 {realname}", realname = who.realname), out);
    match &who.account {
        Some(account) => {
            say(
                &sentence!(l, en = "{nick} is logged in as {account}", zh = "{nick} 登录的账号是 {account}"),
                out,
            );
        }
        None => say(&sentence!(l, en = "{nick} is a guest", zh = "{nick} 是访客"), out),
    }
    if !whois.channels.is_empty() {
        let channels: Vec<_> = whois.channels.iter().map(|(name, ranks)| with_ranks(name, *ranks)).collect();
        let channels = channels.join(" ");
        say(&sentence!(l, en = "{nick} is on {channels}", zh = "{nick} 在 {channels}"), out);
    }
    if let Some(message) = &whois.away {
        say(&sentence!(l, en = "{nick} is away: {message}", zh = "{nick} 暂时离开：{message}"), out);
    }
    if whois.operator {
        say(&sentence!(l, en = "{nick} is an operator of the server", zh = "{nick} 是服务器管理员"), out);
    }
    if let Some(address) = whois.address {
        let how = match whois.secure {
            true => phrase!(l, en = "encrypted", zh = "已加密"),
            false => phrase!(l, en = "not encrypted", zh = "未加密"),
        };
        let text = sentence!(
            l,
            en = "{nick} is connected from {address}, {how}",
            zh = "{nick} 从 {address} 连接，{how}",
        );
        say(&text, out);
    }
    let (since, idle) = (clock::day_and_time(whois.since, &cx.zone), clock::span(whois.idle_s, l));
    let text = sentence!(
        l,
        en = "{nick} came at {since} and said nothing for {idle}",
        zh = "{nick} 于 {since} 进来，已有 {idle}没说话",
    );
    say(&text, out);
}

fn whowas(nick: &str, rows: &[Whowas], cx: &Context, out: &mut Vec<u8>) {
    let l = cx.language;
    if rows.is_empty() {
        say(&sentence!(l, en = "Nobody called {nick} is remembered.", zh = "没有关于 {nick} 的记录。"), out);
    }
    for Whowas { who, left } in rows {
        let time = clock::day_and_time(*left, &cx.zone);
        say(&sentence!(l, en = "{who} left at {time}", zh = "{who} 于 {time} 离开"), out);
    }
}

fn info(started: Time, cx: &Context, out: &mut Vec<u8>) {
    let Context { server, version, description, .. } = cx;
    let started = clock::day_and_time(started, &cx.zone);
    let text = sentence!(
        cx.language,
        en = "{server} is {version}: {description}. Up since {started}.",
        zh = "{server}，版本 {version}：{description}。启动于 {started}。",
    );
    say(&text, out);
}

fn lusers(counts: Counts, l: Language, out: &mut Vec<u8>) {
    let (users, most, channels) = (counts.users(), counts.most, counts.channels);
    let text = sentence!(
        l,
        en = "{users} people on {channels} channels; {most} at the most since the start.",
        zh = "{users} 人在 {channels} 个频道，启动以来最多 {most} 人。",
    );
    say(&text, out);
}

/// The table of what people type. A command that was asked for by name is shown, whoever else types it.
fn help(subject: bool, rows: &[HelpRow], guest: bool, cx: &Context, out: &mut Vec<u8>) {
    let l = cx.language;
    let mut table: Vec<(String, &str)> = Vec::new();
    let has = |row: &HelpRow| !guest || GUEST_COMMANDS.contains(&row.verb.to_lowercase().as_str());
    for row in rows.iter().filter(|row| subject || (row.for_people && has(row))) {
        table.push((usage(row, l), sentences::help(&row.verb, l)));
    }
    if !subject {
        table.retain(|(usage, _)| !usage.starts_with("/register"));
        let register = register_words(cx).filter(|_| !guest);
        let keeps = phrase!(l, en = "make this nickname yours", zh = "注册这个昵称");
        table.extend(register.map(|words| (words.into(), keeps)));
        table.push((
            phrase!(l, en = "@nick text", zh = "@昵称 内容").into(),
            phrase!(l, en = "whisper: only nick sees it", zh = "私聊，只有对方看得到"),
        ));
        table.push((
            phrase!(l, en = "anything else", zh = "其他内容").into(),
            phrase!(l, en = "is said to the room", zh = "发到房间里"),
        ));
    }
    let width = table.iter().map(|(usage, _)| columns(usage)).max().unwrap_or(0);
    for (usage, help) in table {
        let space = " ".repeat(width - columns(&usage));
        say(&format!("{usage}{space}  {help}"), out);
    }
}

/// Columns that a text takes on a terminal, near enough for what stands in the table: Han characters are wide.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if c > '\u{2e7f}' { 2 } else { 1 }).sum()
}

fn usage(row: &HelpRow, l: Language) -> String {
    match &*row.verb {
        // The table has the words of IRC clients, which come in another order.
        "REGISTER" => phrase!(l, en = "/register PASSWORD [CODE]", zh = "/register 密码 [邀请码]").into(),
        verb => format!("/{} {}", verb.to_lowercase(), sentences::usage(&row.words, l)).trim_end().to_owned(),
    }
}

fn with_ranks(channel: &ChannelName, ranks: Ranks) -> String {
    ranks.prefixes().chain(channel.as_str().chars()).collect()
}
