//! What a client is told of the server and of itself: the burst on arrival, LUSERS, MOTD, ADMIN, INFO, HELP.

use chat_model::id::Time;
use chat_model::language::Language;
use chat_model::mode::{ChannelFlag, Rank, UserMode, UserModes};
use chat_model::reply::{Counts, HelpRow};
use chat_model::who::Who;
use chat_model::{Text, limits, phrase, sentence};

use super::clock;
use super::numerics::{
    ERR_NOMOTD, RPL_ADMINEMAIL, RPL_ADMINLOC1, RPL_ADMINLOC2, RPL_ADMINME, RPL_CREATED, RPL_ENDOFHELP,
    RPL_ENDOFINFO, RPL_ENDOFMOTD, RPL_GLOBALUSERS, RPL_HELPSTART, RPL_HELPTXT, RPL_INFO, RPL_ISUPPORT,
    RPL_LOCALUSERS, RPL_LUSERCHANNELS, RPL_LUSERCLIENT, RPL_LUSERME, RPL_LUSEROP, RPL_LUSERUNKNOWN, RPL_MOTD,
    RPL_MOTDSTART, RPL_MYINFO, RPL_UMODEIS, RPL_WELCOME, RPL_YOURHOST,
};
use super::pen::Pen;
use crate::{Context, sentences};

/// Tokens in one RPL_ISUPPORT (RFC 2812 has no more than 15 parameters).
const ISUPPORT_TOKENS_MAX: usize = 13;

/// Channel modes that take a parameter, ranks aside.
const PARAMETER_MODES: &str = "bkl";

/// RPL_WELCOME to RPL_ISUPPORT.
pub(super) fn welcome(pen: &mut Pen<'_>, who: &Who, started: Time) {
    let (cx, l) = (pen.cx, pen.cx.language);
    let Context { network, server, version, .. } = cx;
    // Who one is has to be the last word: there are clients that look for it there (RFC 2812 section 5.1).
    let welcome =
        sentence!(l, en = "Welcome to the {network} network, {who}", zh = "欢迎来到 {network}，你是 {who}");
    pen.numeric(RPL_WELCOME).text(&welcome);
    let host = sentence!(
        l,
        en = "Your host is {server}, running {version}",
        zh = "服务器是 {server}，版本 {version}"
    );
    pen.numeric(RPL_YOURHOST).text(&host);
    let started = clock::in_words(started, &cx.zone);
    let created = sentence!(l, en = "This server was started on {started}", zh = "服务器启动于 {started}");
    pen.numeric(RPL_CREATED).text(&created);
    let user_modes: String = UserMode::ALL.into_iter().map(UserMode::letter).collect();
    let line = pen.numeric(RPL_MYINFO).word(&cx.server).word(&cx.version).word(&user_modes);
    let with_parameter = sorted(PARAMETER_MODES.chars().chain(Rank::ALL.map(Rank::letter)));
    let flags = ChannelFlag::ALL.map(ChannelFlag::letter);
    let channel_modes = sorted(with_parameter.chars().chain(flags));
    line.word(&channel_modes).word(&with_parameter).end();
    isupport(pen);
}

fn sorted(letters: impl Iterator<Item = char>) -> String {
    let mut letters: Vec<_> = letters.collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

/// RPL_ISUPPORT.
pub(super) fn isupport(pen: &mut Pen<'_>) {
    tell_tokens(pen, &isupport_tokens(pen.cx));
}

/// What of it is not as it was.
pub(super) fn isupport_changed(pen: &mut Pen<'_>, old: &Context) {
    let (mut tokens, old) = (isupport_tokens(pen.cx), isupport_tokens(old));
    tokens.retain(|token| !old.contains(token));
    tell_tokens(pen, &tokens);
}

fn tell_tokens(pen: &mut Pen<'_>, tokens: &[String]) {
    for tokens in tokens.chunks(ISUPPORT_TOKENS_MAX) {
        let line = pen.numeric(RPL_ISUPPORT);
        let line = tokens.iter().fold(line, |line, token| line.word(token));
        // In one language: there are programs that know the numeric by it, and take what has no space for a token.
        line.text("are supported by this server");
    }
}

fn isupport_tokens(cx: &Context) -> Vec<String> {
    let flags: String = ChannelFlag::ALL.into_iter().map(ChannelFlag::letter).collect();
    let ranks: String = Rank::ALL.into_iter().map(Rank::letter).collect();
    let signs: String = Rank::ALL.into_iter().map(Rank::prefix).collect();
    let targets = limits::TARGETS_MAX;
    vec![
        format!("NETWORK={}", isupport_value(&cx.network)),
        "CASEMAPPING=ascii".to_owned(),
        "UTF8MAPPING=rfc8265".to_owned(),
        "UTF8ONLY".to_owned(),
        "CHANTYPES=#".to_owned(),
        format!("CHANMODES=b,k,l,{flags}"),
        format!("PREFIX=({ranks}){signs}"),
        format!("STATUSMSG={signs}"),
        format!("NICKLEN={}", limits::NICK_CHARS_MAX),
        format!("CHANNELLEN={}", limits::CHANNEL_BYTES_MAX),
        format!("TOPICLEN={}", limits::TOPIC_BYTES_MAX),
        format!("AWAYLEN={}", limits::AWAY_BYTES_MAX),
        format!("KICKLEN={}", limits::REASON_BYTES_MAX),
        format!("KEYLEN={}", limits::KEY_BYTES_MAX),
        format!("NAMELEN={}", limits::REALNAME_BYTES_MAX),
        format!("USERLEN={}", limits::USERNAME_BYTES_MAX),
        format!("MODES={}", limits::MODES_MAX),
        format!("MAXLIST=b:{}", cx.limits.bans_per_channel_max),
        format!("CHANLIMIT=#:{}", cx.limits.channels_per_user_max),
        format!(
            "TARGMAX=PRIVMSG:{targets},NOTICE:{targets},TAGMSG:{targets},JOIN:{targets},PART:{targets},\
             KICK:{targets},NAMES:1,WHOIS:1"
        ),
        format!("BOT={}", UserMode::Bot.letter()),
        format!("DEAF={}", UserMode::Deaf.letter()),
        format!("CHATHISTORY={}", cx.chathistory_max),
        "MSGREFTYPES=msgid,timestamp".to_owned(),
        "SAFELIST".to_owned(),
        format!("LANGUAGE={},{}", Language::ALL.len(), Language::ALL.map(Language::code).join(",")),
    ]
}

/// A value in ASCII, without what would end it or look like a second one (`\xHH` is ISUPPORT's own escape).
fn isupport_value(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !matches!(byte, b'=' | b'\\') {
            value.push(char::from(byte));
        } else {
            value.push_str(&format!("\\x{byte:02X}"));
        }
    }
    value
}

/// LUSERS.
pub(super) fn lusers(pen: &mut Pen<'_>, counts: &Counts) {
    let (l, users, Counts { visible, invisible, most, .. }) = (pen.cx.language, counts.users(), counts);
    let text = sentence!(
        l,
        en = "There are {visible} users and {invisible} invisible on 1 servers",
        zh = "1 台服务器上有 {visible} 个用户，{invisible} 个隐身",
    );
    pen.numeric(RPL_LUSERCLIENT).text(&text);
    let text = phrase!(l, en = "operator(s) online", zh = "位管理员在线");
    pen.numeric(RPL_LUSEROP).number(counts.operators).text(text);
    let text = phrase!(l, en = "unknown connection(s)", zh = "个连接尚未登录");
    pen.numeric(RPL_LUSERUNKNOWN).number(counts.unregistered).text(text);
    let text = phrase!(l, en = "channels formed", zh = "个频道");
    pen.numeric(RPL_LUSERCHANNELS).number(counts.channels).text(text);
    let text =
        sentence!(l, en = "I have {users} clients and 0 servers", zh = "本机有 {users} 个客户端，0 台服务器");
    pen.numeric(RPL_LUSERME).text(&text);
    let local = sentence!(
        l,
        en = "Current local users {users}, max {most}",
        zh = "本机现有 {users} 人，最多 {most} 人"
    );
    let global = sentence!(
        l,
        en = "Current global users {users}, max {most}",
        zh = "全网现有 {users} 人，最多 {most} 人"
    );
    for (code, text) in [(RPL_LOCALUSERS, local), (RPL_GLOBALUSERS, global)] {
        pen.numeric(code).number(users).number(*most).text(&text);
    }
}

/// MOTD.
pub(super) fn motd(pen: &mut Pen<'_>, lines: &[Text]) {
    let (l, server) = (pen.cx.language, &pen.cx.server);
    if lines.is_empty() {
        return pen.numeric(ERR_NOMOTD).text(phrase!(
            l,
            en = "There is no message of the day",
            zh = "没有今日公告"
        ));
    }
    let start = sentence!(l, en = "- {server} Message of the day -", zh = "- {server} 今日公告 -");
    pen.numeric(RPL_MOTDSTART).text(&start);
    for line in lines {
        pen.numeric(RPL_MOTD).text_of(&["- ", line]);
    }
    pen.numeric(RPL_ENDOFMOTD).text(phrase!(l, en = "End of /MOTD command", zh = "/MOTD 结束"));
}

/// RPL_UMODEIS on arrival, where there are modes to tell of.
pub(super) fn own_modes(pen: &mut Pen<'_>, modes: UserModes) {
    if modes != UserModes::default() {
        user_modes(pen, modes);
    }
}

/// MODE of oneself.
pub(super) fn user_modes(pen: &mut Pen<'_>, modes: UserModes) {
    pen.numeric(RPL_UMODEIS).word(&format!("+{}", modes.letters())).end();
}

/// MODE as one's own modes change.
pub(super) fn user_mode_changed(pen: &mut Pen<'_>, changes: &[(UserMode, bool)]) {
    let mut letters = String::new();
    let mut sign = None;
    for (mode, on) in changes {
        if sign != Some(*on) {
            letters.push(if *on { '+' } else { '-' });
            sign = Some(*on);
        }
        letters.push(mode.letter());
    }
    let nick = pen.nick;
    super::line::Line::new(pen.out).source(nick).command("MODE").word(nick).word(&letters).end();
}

/// ADMIN.
pub(super) fn admin(pen: &mut Pen<'_>) {
    let (cx, l) = (pen.cx, pen.cx.language);
    let about = phrase!(l, en = "Administrative info", zh = "管理信息");
    pen.numeric(RPL_ADMINME).word(&cx.server).text(about);
    pen.numeric(RPL_ADMINLOC1).text(&cx.description);
    let network = sentence!(l, en = "Network: {network}", zh = "网络：{network}", network = cx.network);
    pen.numeric(RPL_ADMINLOC2).text(&network);
    let room = cx.lobby.as_ref().map(|lobby| lobby.as_str());
    let room = room.unwrap_or(phrase!(l, en = "a channel", zh = "频道"));
    let ask =
        sentence!(l, en = "Ask in {room} for whoever runs this server", zh = "在 {room} 里可以问到管理员");
    pen.numeric(RPL_ADMINEMAIL).text(&ask);
}

/// INFO.
pub(super) fn info(pen: &mut Pen<'_>, started: Time) {
    let (cx, l) = (pen.cx, pen.cx.language);
    let (version, started) = (&cx.version, clock::in_words(started, &cx.zone));
    pen.numeric(RPL_INFO).text_of(&[&cx.server, ": ", &cx.description]);
    pen.numeric(RPL_INFO).text(&sentence!(l, en = "Running {version}", zh = "版本 {version}"));
    pen.numeric(RPL_INFO).text(&sentence!(l, en = "Up since {started}", zh = "启动于 {started}"));
    pen.numeric(RPL_ENDOFINFO).text(phrase!(l, en = "End of /INFO list", zh = "/INFO 结束"));
}

/// HELP: one command, or all that the asker may use.
pub(super) fn help(pen: &mut Pen<'_>, subject: &str, rows: &[HelpRow]) {
    let l = pen.cx.language;
    if let (false, [row]) = (subject.is_empty(), rows) {
        let usage = format!("{} {}", row.verb, sentences::usage(&row.words, l));
        pen.numeric(RPL_HELPSTART).word(subject).text(usage.trim_end());
        pen.numeric(RPL_HELPTXT).word(subject).text(sentences::help(&row.verb, l));
    } else {
        let start = phrase!(l, en = "What this server understands:", zh = "本服务器的命令：");
        pen.numeric(RPL_HELPSTART).word(subject).text(start);
        for row in rows {
            let space = if row.words.is_empty() { "" } else { " " };
            let (words, help) = (sentences::usage(&row.words, l), sentences::help(&row.verb, l));
            pen.numeric(RPL_HELPTXT).word(subject).text_of(&[&row.verb, space, &words, " - ", help]);
        }
    }
    pen.numeric(RPL_ENDOFHELP).word(subject).text(phrase!(l, en = "End of /HELP", zh = "/HELP 结束"));
}
