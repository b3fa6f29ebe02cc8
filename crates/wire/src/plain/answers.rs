//! Answers as lines of text, each marked with `***` so that nobody takes one for something that was said.

use chat_model::invitation::Registration;
use std::fmt::Write;

use chat_model::close_reason::CloseReason;
use chat_model::id::Time;
use chat_model::language::Language;
use chat_model::mode::{Rank, Ranks, UserMode, UserModes};
use chat_model::name::ChannelName;
use chat_model::reply::{Counts, HelpRow, Listed, Member, Part, Person, Reply, Topic, WhoRow, Whois, Whowas};
use chat_model::who::Who;
use chat_model::{phrase, sentence};

use super::lines::{line, past, place, timed};
use super::room::GUEST_COMMANDS;
use crate::sentences::listed;
use crate::{Context, Face, clock, sentences};

/// Bytes that a guest is greeted with: programs that read so much at once read it whole.
const GUEST_WELCOME_BYTES_MAX: usize = 1024;

/// One line of an answer.
pub(super) fn say(text: &str, out: &mut Vec<u8>) {
    line(&format!("*** {text}"), out);
}

/// Says an answer to somebody in the room, or appends nothing where a person need not know.
#[expect(clippy::too_many_lines, reason = "a table: a row for each reply")]
pub(super) fn reply(reply: &Reply, guest: bool, now: Time, cx: &Context, out: &mut Vec<u8>) {
    let l = cx.language;
    match reply {
        Reply::Refused { verb, refusal } => {
            say(&sentences::refusal(refusal, verb, Face::Plain, l).sentence(l), out);
        }
        Reply::Welcome { who, muted: is_muted, counts, motd, attached, .. } => {
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
            if *is_muted {
                muted(true, l, out);
            }
        }
        Reply::LoggedIn { account, .. } => {
            say(&sentence!(l, en = "You are logged in as {account}.", zh = "你已登录账号 {account}。"), out);
        }
        Reply::AccountMade { account } => say(
            &sentence!(
                l,
                en = "{account} is yours: from now on this nickname takes your password.",
                zh = "{account} 归你了：以后用这个昵称要输入你的密码。",
            ),
            out,
        ),
        Reply::Pong { token } => {
            say(&sentence!(l, en = "The server is there: {token}", zh = "服务器在：{token}"), out);
        }
        // Nobody asked; /ls tells a guest who is here.
        Reply::Topic { .. } | Reply::Names { .. } if guest => {}
        Reply::Topic { channel, topic } => tell_topic(channel, topic.as_ref(), cx, out),
        Reply::Names { channel, members, .. } => names(channel, members, cx, out),
        Reply::NoNames => {
            say(
                phrase!(
                    l,
                    en = "Name a channel; /list shows them.",
                    zh = "请写上频道名，用 /list 看有哪些。"
                ),
                out,
            );
        }
        Reply::ChannelModes { channel, modes, created } => {
            let (modes, created) = (sentences::channel_modes(modes), clock::day_and_time(*created, &cx.zone));
            let text = sentence!(
                l,
                en = "{channel} has modes +{modes}, since {created}.",
                zh = "{channel} 的模式是 +{modes}，建于 {created}。",
            );
            say(&text, out);
        }
        Reply::ChannelBans { channel, bans } if bans.is_empty() => {
            say(&sentence!(l, en = "{channel} has no bans.", zh = "{channel} 没有封禁。"), out);
        }
        Reply::ChannelBans { channel, bans } => {
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
        Reply::UserModes { modes } => user_modes(*modes, l, out),
        Reply::UserModeChanged { changes } => modes_changed(changes, l, out),
        Reply::Muted { muted: yes } => muted(*yes, l, out),
        Reply::List { channels, part } => list(channels, *part, l, out),
        Reply::Inviting { nick, channel } => {
            say(
                &sentence!(l, en = "{nick} is invited to {channel}.", zh = "已邀请 {nick} 加入 {channel}。"),
                out,
            );
        }
        Reply::Invitations { channels } if channels.is_empty() => {
            say(phrase!(l, en = "You are invited nowhere.", zh = "没有人邀请你。"), out);
        }
        Reply::Invitations { channels } => {
            let channels = listed(channels, l);
            say(&sentence!(l, en = "You are invited to {channels}.", zh = "你受邀加入 {channels}。"), out);
        }
        Reply::NowAway { away: true } => {
            let text = phrase!(
                l,
                en = "You are away; /away alone brings you back.",
                zh = "已设为暂时离开，再输 /away 就回来。"
            );
            say(text, out);
        }
        Reply::NowAway { away: false } => say(phrase!(l, en = "You are back.", zh = "你回来了。"), out),
        Reply::TheyAreAway { nick, message } => {
            say(&sentence!(l, en = "{nick} is away: {message}", zh = "{nick} 暂时离开：{message}"), out);
        }
        Reply::Who { mask, rows, part } => who_rows(mask, rows, *part, l, out),
        Reply::Whois(whois) => tell_whois(whois, cx, out),
        Reply::Whowas { nick, rows } => whowas(nick, rows, cx, out),
        Reply::Ison { nicks } if nicks.is_empty() => {
            say(phrase!(l, en = "None of them is here.", zh = "他们都不在。"), out);
        }
        Reply::Ison { nicks } => {
            say(&sentence!(l, en = "Here: {nicks}", zh = "在线：{nicks}", nicks = listed(nicks, l)), out);
        }
        Reply::Userhost { rows } => rows.iter().for_each(|(who, ..)| say(&who.to_string(), out)),
        Reply::Motd { lines } if lines.is_empty() => {
            say(phrase!(l, en = "There is no message of the day.", zh = "没有今日公告。"), out);
        }
        Reply::Motd { lines } => lines.iter().for_each(|text| say(text, out)),
        Reply::Version => say(&cx.version, out),
        Reply::Time { now } => say(&clock::ctime(*now, &cx.zone), out),
        Reply::Admin => {
            let server = &cx.server;
            let text = sentence!(
                l,
                en = "{server} is kept by its operator; ask in the room.",
                zh = "{server} 由它的管理员维护，可以在房间里问。",
            );
            say(&text, out);
        }
        Reply::Info { started } => info(*started, cx, out),
        Reply::Lusers { counts } => lusers(*counts, l, out),
        Reply::Help { subject, rows } => help(!subject.is_empty(), rows, guest, cx, out),
        Reply::Language { changed } => say(&sentences::language(*changed, Face::Plain, l), out),
        Reply::YouAreOperator => {
            say(
                phrase!(l, en = "You are an operator of the server now.", zh = "你现在是服务器管理员了。"),
                out,
            );
        }
        Reply::People { channel, people } => tell_people(channel, people, l, out),
        Reply::History { target, messages } if messages.is_empty() => {
            let text = sentence!(
                l,
                en = "There is nothing in the history of {target} there.",
                zh = "{target} 在那里没有历史消息。",
            );
            say(&text, out);
        }
        Reply::History { target, messages } => {
            let what = sentence!(l, en = "history of {target}", zh = "{target} 的历史消息");
            past(&what, messages, now, cx, out);
        }
        Reply::HistoryTargets { targets } => {
            for (target, time) in targets {
                let time = clock::day_and_time(*time, &cx.zone);
                say(&sentence!(l, en = "{target}, last at {time}", zh = "{target}，最后一条在 {time}"), out);
            }
        }
        Reply::Missed { channel: Some(channel), messages } => {
            let place = place(channel, cx);
            past(
                &sentence!(l, en = "{place}earlier messages", zh = "{place}之前的消息"),
                messages,
                now,
                cx,
                out,
            );
        }
        Reply::Missed { channel: None, messages } => {
            let what = phrase!(l, en = "whispers to you meanwhile", zh = "你不在时的私聊");
            past(what, messages, now, cx, out);
        }
        Reply::Notice(notice) => {
            let (_, text) = sentences::notice(notice, Face::Plain, l);
            text.lines().for_each(|line| say(line, out));
        }
        Reply::ServerNotice { text } => timed(now, &format!("-{}- {text}", cx.server), cx, out),
        Reply::Closing(CloseReason::Closed | CloseReason::Failed(_)) => {}
        Reply::Closing(reason) => say(&sentences::close_reason(reason, l).sentence, out),
        // The welcome, the event or the change of modes beside it has said it.
        Reply::YouAre { .. } | Reply::NickServEcho { .. } | Reply::EndOfWhois { .. } => {}
        // Nobody asks for it here.
        Reply::Administrator(_) => {}
    }
}

fn welcome(who: &Who, guest: bool, counts: Counts, attached: bool, cx: &Context, out: &mut Vec<u8>) {
    let (l, network, nick) = (cx.language, &cx.network, &who.nick);
    let count = match counts.users() {
        0 | 1 => phrase!(l, en = "You are the only one here", zh = "现在只有你一个人").to_owned(),
        users => sentence!(l, en = "{users} people are here", zh = "现在有 {users} 人"),
    };
    let text = sentence!(
        l,
        en = "Welcome to {network}, {nick}. {count}.",
        zh = "{nick}，欢迎来到 {network}。{count}。",
    );
    say(&text, out);
    let text = phrase!(
        l,
        en = "Type and press Enter to talk; /help shows the commands, /quit leaves.",
        zh = "输入文字后按回车即可聊天，/help 看命令，/quit 退出。",
    );
    say(text, out);
    if let (None, false, Some(words)) = (&who.account, guest, register_words(cx)) {
        let text =
            sentence!(l, en = "{words} keeps this nickname for you.", zh = "用 {words} 可以注册这个昵称。");
        say(&text, out);
    }
    if attached {
        let text = phrase!(
            l,
            en = "You are here on another connection too; each shows what the other says.",
            zh = "你还有别的连接在这里，各处看到的都一样。",
        );
        say(text, out);
    }
}

/// Not to hear the room is a mode, and told in words to all sessions of the user, whichever of them did it.
fn modes_changed(changes: &[(UserMode, bool)], l: Language, out: &mut Vec<u8>) {
    let mut modes = Vec::new();
    for (mode, on) in changes {
        match mode {
            UserMode::Deaf if *on => say(sentences::deaf(l), out),
            UserMode::Deaf => muted(false, l, out),
            _ => modes.push(format!("{}{}", if *on { '+' } else { '-' }, mode.letter())),
        }
    }
    if !modes.is_empty() {
        let modes = modes.join(" ");
        say(&sentence!(l, en = "Your modes changed: {modes}", zh = "你的模式变了：{modes}"), out);
    }
}

fn muted(muted: bool, l: Language, out: &mut Vec<u8>) {
    let text = match muted {
        true => phrase!(
            l,
            en = "The room is muted: you see none of its messages and send none. /i opens it again.",
            zh = "已屏蔽房间：看不到也发不出消息，再输 /i 解除。",
        ),
        false => phrase!(l, en = "The room is open again.", zh = "已解除屏蔽。"),
    };
    say(text, out);
}

fn user_modes(modes: UserModes, l: Language, out: &mut Vec<u8>) {
    let letters = modes.letters();
    if letters.is_empty() {
        return say(phrase!(l, en = "You have no modes.", zh = "你没有设置模式。"), out);
    }
    say(&sentence!(l, en = "Your modes: +{letters}", zh = "你的模式：+{letters}"), out);
}

fn tell_topic(channel: &ChannelName, topic: Option<&Topic>, cx: &Context, out: &mut Vec<u8>) {
    let l = cx.language;
    let Some(topic) = topic else {
        return say(&sentence!(l, en = "{channel} has no topic.", zh = "{channel} 没有主题。"), out);
    };
    let (text, setter) = (&topic.text, topic.setter.split('!').next().unwrap_or_default());
    let time = clock::day_and_time(topic.time, &cx.zone);
    let text = sentence!(
        l,
        en = "Topic of {channel}: {text} (set by {setter}, {time})",
        zh = "{channel} 的主题：{text}（{setter} 设于 {time}）",
    );
    say(&text, out);
}

fn names(channel: &str, members: &[Member], cx: &Context, out: &mut Vec<u8>) {
    let l = cx.language;
    if members.is_empty() {
        let text = sentence!(l, en = "There is nobody to see on {channel}.", zh = "{channel} 里看不到人。");
        return say(&text, out);
    }
    let nicks = listed(members.iter().map(|member| &member.who.nick), l);
    let is_lobby = cx.lobby == ChannelName::new(channel).ok();
    let text = match is_lobby {
        true => sentence!(l, en = "Here: {nicks}", zh = "在这里的有：{nicks}"),
        false => sentence!(l, en = "On {channel}: {nicks}", zh = "在 {channel} 的有：{nicks}"),
    };
    say(&text, out);
}

fn tell_people(channel: &ChannelName, people: &[Person], l: Language, out: &mut Vec<u8>) {
    let (count, people) = (people.len(), listed(people.iter().map(|one| person(one, l)), l));
    say(&sentence!(l, en = "{count} on {channel}: {people}", zh = "{channel} 有 {count} 人：{people}"), out);
}

fn person(person: &Person, l: Language) -> String {
    let rank = match person.ranks.highest() {
        Some(Rank::Founder) => phrase!(l, en = "founder", zh = "频道主"),
        Some(Rank::Protected | Rank::Operator) => phrase!(l, en = "operator", zh = "频道管理员"),
        Some(Rank::HalfOperator) => phrase!(l, en = "half-operator", zh = "频道副管理员"),
        Some(Rank::Voice) | None => "",
    };
    let notes = [
        (!rank.is_empty(), rank),
        (person.account.is_none(), phrase!(l, en = "guest", zh = "访客")),
        (person.away, phrase!(l, en = "away", zh = "暂时离开")),
        (person.muted, phrase!(l, en = "muted the room", zh = "已屏蔽房间")),
    ];
    let notes = listed(notes.into_iter().filter_map(|(holds, note)| holds.then_some(note)), l);
    format!("{}{}", person.nick, sentences::in_brackets(&notes, l))
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

/// The table of what can be typed. A subject that was asked for is shown also where nobody types it here.
fn help(subject: bool, rows: &[HelpRow], guest: bool, cx: &Context, out: &mut Vec<u8>) {
    let l = cx.language;
    let mut table: Vec<(String, &str)> = Vec::new();
    let has = |row: &HelpRow| !guest || GUEST_COMMANDS.contains(&row.verb.to_lowercase().as_str());
    for row in rows.iter().filter(|row| subject || (row.typed && has(row))) {
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

/// What makes an account here; nothing does where only administrators make them.
fn register_words(cx: &Context) -> Option<&'static str> {
    let l = cx.language;
    match cx.registration {
        Registration::Open => Some(phrase!(l, en = "/register PASSWORD", zh = "/register 密码")),
        Registration::Invite => {
            Some(phrase!(l, en = "/register PASSWORD CODE", zh = "/register 密码 邀请码"))
        }
        Registration::Closed => None,
    }
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
