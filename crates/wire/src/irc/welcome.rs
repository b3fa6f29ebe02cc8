//! What a client is told of the server and of itself: the burst on arrival, LUSERS, MOTD, ADMIN, INFO, HELP.

use chat_model::id::Time;
use chat_model::mode::{ChannelFlag, Rank, UserMode, UserModes};
use chat_model::reply::{Counts, HelpRow};
use chat_model::who::Who;
use chat_model::{Text, limits};

use super::clock;
use super::numerics::{
    ERR_NOMOTD, RPL_ADMINEMAIL, RPL_ADMINLOC1, RPL_ADMINLOC2, RPL_ADMINME, RPL_CREATED, RPL_ENDOFHELP,
    RPL_ENDOFINFO, RPL_ENDOFMOTD, RPL_GLOBALUSERS, RPL_HELPSTART, RPL_HELPTXT, RPL_INFO, RPL_ISUPPORT,
    RPL_LOCALUSERS, RPL_LUSERCHANNELS, RPL_LUSERCLIENT, RPL_LUSERME, RPL_LUSEROP, RPL_LUSERUNKNOWN, RPL_MOTD,
    RPL_MOTDSTART, RPL_MYINFO, RPL_UMODEIS, RPL_WELCOME, RPL_YOURHOST,
};
use super::pen::Pen;
use crate::Context;

/// Tokens in one RPL_ISUPPORT (RFC 2812 has no more than 15 parameters).
const ISUPPORT_TOKENS_MAX: usize = 13;

/// RPL_WELCOME to RPL_ISUPPORT.
pub(super) fn welcome(pen: &mut Pen<'_>, who: &Who, started: Time) {
    let cx = pen.cx;
    pen.numeric(RPL_WELCOME).text(&format!("Welcome to the {} network, {who}", cx.network));
    pen.numeric(RPL_YOURHOST).text(&format!("Your host is {}, running {}", cx.server, cx.version));
    let started = clock::in_words(started, &cx.zone);
    pen.numeric(RPL_CREATED).text_of(&["This server was started on ", &started]);
    let user_modes: String = UserMode::ALL.into_iter().map(UserMode::letter).collect();
    let line = pen.numeric(RPL_MYINFO).word(&cx.server).word(&cx.version).word(&user_modes);
    // The last word names the modes that take a parameter.
    line.word("abhiklmnoqstv").word("abhkloqv").end();
    isupport(pen);
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
        format!("CHANNELLEN={}", limits::CHANNEL_CHARS_MAX),
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
    let users = counts.users();
    let text = format!("There are {} users and {} invisible on 1 servers", counts.visible, counts.invisible);
    pen.numeric(RPL_LUSERCLIENT).text(&text);
    pen.numeric(RPL_LUSEROP).number(counts.operators).text("operator(s) online");
    pen.numeric(RPL_LUSERUNKNOWN).number(counts.unregistered).text("unknown connection(s)");
    pen.numeric(RPL_LUSERCHANNELS).number(counts.channels).text("channels formed");
    pen.numeric(RPL_LUSERME).text(&format!("I have {users} clients and 0 servers"));
    for (code, which) in [(RPL_LOCALUSERS, "local"), (RPL_GLOBALUSERS, "global")] {
        let text = format!("Current {which} users {users}, max {}", counts.most);
        pen.numeric(code).number(users).number(counts.most).text(&text);
    }
}

/// MOTD.
pub(super) fn motd(pen: &mut Pen<'_>, lines: &[Text]) {
    if lines.is_empty() {
        return pen.numeric(ERR_NOMOTD).text("There is no message of the day");
    }
    let server = &pen.cx.server;
    pen.numeric(RPL_MOTDSTART).text_of(&["- ", server, " Message of the day -"]);
    for line in lines {
        pen.numeric(RPL_MOTD).text_of(&["- ", line]);
    }
    pen.numeric(RPL_ENDOFMOTD).text("End of /MOTD command");
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
    let cx = pen.cx;
    pen.numeric(RPL_ADMINME).word(&cx.server).text("Administrative info");
    pen.numeric(RPL_ADMINLOC1).text(&cx.description);
    pen.numeric(RPL_ADMINLOC2).text_of(&["Network: ", &cx.network]);
    let room = cx.lobby.as_ref().map_or("a channel", |lobby| lobby.as_str());
    pen.numeric(RPL_ADMINEMAIL).text_of(&["Ask in ", room, " for whoever runs this server"]);
}

/// INFO.
pub(super) fn info(pen: &mut Pen<'_>, started: Time) {
    let cx = pen.cx;
    pen.numeric(RPL_INFO).text_of(&[&cx.server, ": ", &cx.description]);
    pen.numeric(RPL_INFO).text_of(&["Running ", &cx.version]);
    pen.numeric(RPL_INFO).text_of(&["Up since ", &clock::in_words(started, &cx.zone)]);
    pen.numeric(RPL_ENDOFINFO).text("End of /INFO list");
}

/// HELP: one command, or all that the asker may use.
pub(super) fn help(pen: &mut Pen<'_>, subject: &str, rows: &[HelpRow]) {
    if let (false, [row]) = (subject.is_empty(), rows) {
        let usage = format!("{} {}", row.verb, row.words);
        pen.numeric(RPL_HELPSTART).word(subject).text(usage.trim_end());
        pen.numeric(RPL_HELPTXT).word(subject).text(&row.help);
    } else {
        pen.numeric(RPL_HELPSTART).word(subject).text("What this server understands:");
        for row in rows {
            let space = if row.words.is_empty() { "" } else { " " };
            let text = [&*row.verb, space, &row.words, " - ", &row.help];
            pen.numeric(RPL_HELPTXT).word(subject).text_of(&text);
        }
    }
    pen.numeric(RPL_ENDOFHELP).word(subject).text("End of /HELP");
}
