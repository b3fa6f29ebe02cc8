//! What a client is told of channels: topic, names, modes, bans, invitations, the list.

use chat_model::id::Time;
use chat_model::mode::{ChannelModes, ModeChange, Ranks};
use chat_model::name::{ChannelName, Nick};
use chat_model::phrase;
use chat_model::reply::{ChannelBan, Listed, Member, Part, Topic};

use super::capability::{Capabilities, Capability};
use super::line::{BODY_BYTES_MAX, Line};
use super::numerics::{
    RPL_BANLIST, RPL_CHANNELMODEIS, RPL_CREATIONTIME, RPL_ENDOFBANLIST, RPL_ENDOFINVITELIST, RPL_ENDOFNAMES,
    RPL_INVITELIST, RPL_INVITING, RPL_LIST, RPL_LISTEND, RPL_LISTSTART, RPL_NAMREPLY, RPL_NOTOPIC, RPL_TOPIC,
    RPL_TOPICWHOTIME,
};
use super::pen::Pen;

/// TOPIC, asked for or on joining.
pub(super) fn topic(pen: &mut Pen<'_>, channel: &ChannelName, topic: Option<&Topic>) {
    let channel = channel.as_str();
    match topic {
        None => {
            let text = phrase!(pen.cx.language, en = "No topic is set", zh = "没有主题");
            pen.numeric(RPL_NOTOPIC).word(channel).text(text);
        }
        Some(topic) => {
            pen.numeric(RPL_TOPIC).word(channel).text(&topic.text);
            let line = pen.numeric(RPL_TOPICWHOTIME).word(channel).word(&topic.setter);
            line.number(topic.time.seconds()).end();
        }
    }
}

/// NAMES.
pub(super) fn names(pen: &mut Pen<'_>, channel: &str, secret: bool, members: &[Member], part: Part) {
    let capabilities = pen.capabilities;
    let line = pen.numeric(RPL_NAMREPLY).word(if secret { "@" } else { "=" }).word(channel);
    line.list(" ", members.iter().map(|member| name(member, capabilities)));
    if part.total.is_none() {
        return;
    }
    let end = phrase!(pen.cx.language, en = "End of /NAMES list", zh = "/NAMES 结束");
    pen.numeric(RPL_ENDOFNAMES).word(channel).text(end);
}

fn name(member: &Member, capabilities: Capabilities) -> String {
    let mut name = prefixes(member.ranks, capabilities);
    if capabilities.has(Capability::UserhostInNames) {
        name.push_str(&member.who.to_string());
    } else {
        name.push_str(member.who.nick.as_str());
    }
    name
}

/// The signs of a member: the highest, or with multi-prefix all.
pub(super) fn prefixes(ranks: Ranks, capabilities: Capabilities) -> String {
    let shown = if capabilities.has(Capability::MultiPrefix) { usize::MAX } else { 1 };
    ranks.prefixes().take(shown).collect()
}

/// MODE of a channel, asked for.
pub(super) fn modes(pen: &mut Pen<'_>, channel: &ChannelName, modes: &ChannelModes, created: Time) {
    let mut letters = format!("+{}", modes.letters());
    let limit = modes.limit.map(|limit| limit.to_string());
    let parameters = [('k', modes.key.as_deref()), ('l', limit.as_deref())];
    letters.extend(parameters.iter().filter(|(_, value)| value.is_some()).map(|(letter, _)| letter));
    let line = pen.numeric(RPL_CHANNELMODEIS).word(channel.as_str()).word(&letters);
    let values = parameters.into_iter().filter_map(|(_, value)| value);
    values.fold(line, |line, value| line.word(value)).end();
    pen.numeric(RPL_CREATIONTIME).word(channel.as_str()).number(created.seconds()).end();
}

/// MODE as modes change, in as many lines as it takes. `begin` writes what each begins with.
pub(super) fn mode_lines<'o>(
    changes: &[ModeChange],
    out: &'o mut Vec<u8>,
    begin: impl for<'a> Fn(&'a mut Vec<u8>) -> Line<'a>,
) {
    let room = |out: &'_ mut Vec<u8>| {
        let start = out.len();
        let room = begin(out).room();
        out.truncate(start);
        room
    };
    let room = room(out).min(BODY_BYTES_MAX);
    let (mut letters, mut parameters, mut sign) = (String::new(), Vec::new(), None);
    let mut used = 0;
    for change in changes {
        let (on, letter, parameter) = letter_of(change);
        let bytes = "+x ".len() + parameter.as_ref().map_or(0, |parameter| parameter.len());
        if used + bytes > room && !letters.is_empty() {
            flush(begin(out), &mut letters, &mut parameters);
            (sign, used) = (None, 0);
        }
        if sign != Some(on) {
            letters.push(if on { '+' } else { '-' });
            sign = Some(on);
        }
        letters.push(letter);
        parameters.extend(parameter);
        used += bytes;
    }
    flush(begin(out), &mut letters, &mut parameters);
}

fn flush(line: Line<'_>, letters: &mut String, parameters: &mut Vec<String>) {
    let line = line.word(letters);
    parameters.iter().fold(line, |line, parameter| line.word(parameter)).end();
    letters.clear();
    parameters.clear();
}

fn letter_of(change: &ModeChange) -> (bool, char, Option<String>) {
    match change {
        ModeChange::Flag { flag, on } => (*on, flag.letter(), None),
        ModeChange::Key(Some(key)) => (true, 'k', Some(key.to_string())),
        // A mode of CHANMODES' second kind has a parameter also when it is taken away.
        ModeChange::Key(None) => (false, 'k', Some("*".to_owned())),
        ModeChange::Limit(Some(limit)) => (true, 'l', Some(limit.to_string())),
        ModeChange::Limit(None) => (false, 'l', None),
        ModeChange::Rank { rank, on, nick } => (*on, rank.letter(), Some(nick.to_string())),
        ModeChange::Ban { on, mask } => (*on, 'b', Some(mask.to_string())),
    }
}

/// MODE +b, asked for.
pub(super) fn bans(pen: &mut Pen<'_>, channel: &ChannelName, bans: &[ChannelBan]) {
    for ban in bans {
        let line = pen.numeric(RPL_BANLIST).word(channel.as_str()).word(ban.mask.as_str());
        line.word(&ban.setter).number(ban.time.seconds()).end();
    }
    let end = phrase!(pen.cx.language, en = "End of channel ban list", zh = "封禁列表结束");
    pen.numeric(RPL_ENDOFBANLIST).word(channel.as_str()).text(end);
}

/// LIST.
pub(super) fn list(pen: &mut Pen<'_>, channels: &[Listed], part: Part) {
    let l = pen.cx.language;
    if part.is_first {
        pen.numeric(RPL_LISTSTART).word("Channel").text(phrase!(l, en = "Users  Name", zh = "人数  名称"));
    }
    for listed in channels {
        let line = pen.numeric(RPL_LIST).word(listed.channel.as_str());
        line.number(listed.members).text(&listed.topic);
    }
    if part.total.is_some() {
        pen.numeric(RPL_LISTEND).text(phrase!(l, en = "End of /LIST", zh = "/LIST 结束"));
    }
}

/// INVITE was sent.
pub(super) fn inviting(pen: &mut Pen<'_>, nick: &Nick, channel: &ChannelName) {
    pen.numeric(RPL_INVITING).word(nick.as_str()).word(channel.as_str()).end();
}

/// INVITE without words.
pub(super) fn invitations(pen: &mut Pen<'_>, channels: &[ChannelName]) {
    for channel in channels {
        pen.numeric(RPL_INVITELIST).word(channel.as_str()).end();
    }
    let end = phrase!(pen.cx.language, en = "End of /INVITE list", zh = "/INVITE 结束");
    pen.numeric(RPL_ENDOFINVITELIST).text(end);
}
