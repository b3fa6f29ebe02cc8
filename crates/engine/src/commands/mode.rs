//! MODE (Modern IRC): reads and changes the modes of channels. Those of users are in [`super::usermode`].

use chat_model::Text;
use chat_model::call::{Call, Cursor};
use chat_model::change::Change;
use chat_model::event::Event;
use chat_model::id::{ChannelId, UserId};
use chat_model::limits::{KEY_BYTES_MAX, MODES_MAX};
use chat_model::mask::{Mask, MaskError};
use chat_model::mode::{ChannelFlag, ModeChange, Rank};
use chat_model::name::{ChannelName, Nick};
use chat_model::refusal::Refusal;
use chat_model::reply::{ChannelBan, Reply};

use super::usermode;
use crate::cx::{Cx, Outcome};
use crate::membership::{self, Tied};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    let target = words.word()?;
    if !target.starts_with('#') {
        return usermode::run(cx, me, target, &mut words);
    }
    let missing = |_| Refusal::NoSuchChannel { channel: target.into() };
    let channel_id = cx.known_channel(me, &ChannelName::new(target).map_err(missing)?)?;
    match words.next_word().filter(|modes| !modes.is_empty()) {
        None => show(cx, me, channel_id),
        Some(modes) => change(cx, me, channel_id, modes, &mut words),
    }
}

fn show(cx: &mut Cx<'_>, me: UserId, channel_id: ChannelId) -> Outcome {
    let channel = cx.channel(channel_id);
    let mut modes = channel.modes.clone();
    if !channel.members.contains_key(&me) {
        modes.key = None;
    }
    let (name, created) = (channel.name.clone(), channel.created);
    cx.reply(Reply::ChannelModes { channel: name, modes, created });
    Ok(())
}

fn change(
    cx: &mut Cx<'_>,
    me: UserId,
    channel_id: ChannelId,
    modes: &str,
    words: &mut Cursor<'_>,
) -> Outcome {
    let overrides = cx.overrides(me, channel_id);
    let (changes, lists_bans) = change_each(cx, me, channel_id, modes, words);
    // Once, however often it is asked for: a list is much longer than a letter.
    if lists_bans {
        list_bans(cx, channel_id);
    }
    if changes.is_empty() {
        return Ok(());
    }
    let kept = |change: &ModeChange| !matches!(change, ModeChange::Rank { .. } | ModeChange::Ban { .. });
    if changes.iter().any(kept) {
        cx.save_channel(channel_id);
    }
    let (id, by) = (cx.next_id(), cx.source());
    let channel = cx.channel(channel_id);
    let (to, channel) = (channel.audience.clone(), channel.name.clone());
    let detail = described(&changes);
    cx.publish(to, Event::ChannelMode { id, by, channel: channel.clone(), changes });
    if overrides {
        cx.audit_override(&channel, &detail);
    }
    Ok(())
}

/// What was changed, for the record. A key is not.
fn described(changes: &[ModeChange]) -> String {
    let sign = |on: bool| if on { '+' } else { '-' };
    let one = |change: &ModeChange| match change {
        ModeChange::Flag { flag, on } => format!("{}{}", sign(*on), flag.letter()),
        ModeChange::Key(key) => format!("{}k", sign(key.is_some())),
        ModeChange::Limit(Some(limit)) => format!("+l {limit}"),
        ModeChange::Limit(None) => "-l".to_owned(),
        ModeChange::Rank { rank, on, nick } => format!("{}{} {nick}", sign(*on), rank.letter()),
        ModeChange::Ban { on, mask } => format!("{}b {mask}", sign(*on)),
    };
    changes.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Letter by letter. What was changed comes back, and whether the bans are asked for.
fn change_each(
    cx: &mut Cx<'_>,
    me: UserId,
    channel_id: ChannelId,
    modes: &str,
    words: &mut Cursor<'_>,
) -> (Vec<ModeChange>, bool) {
    let (mut on, mut lists_bans) = (true, false);
    let (mut changes, mut told, mut tried) = (Vec::new(), Vec::new(), 0);
    for letter in modes.chars() {
        match letter {
            '+' | '-' => on = letter == '+',
            'b' if words.is_empty() => lists_bans = true,
            // A line can hold hundreds of them, and be answered with as many lines.
            _ if told.contains(&(letter, on)) => {}
            _ if tried == MODES_MAX => {
                let channel = cx.channel(channel_id).name.clone();
                cx.refuse(Refusal::TooManyModes { letter, channel });
                break;
            }
            _ => {
                tried += 1;
                match change_one(cx, me, channel_id, letter, on, words) {
                    Ok(change) => changes.extend(change),
                    Err(refusal @ (Refusal::NotChannelOperator { .. } | Refusal::NotOnChannel { .. })) => {
                        cx.refuse(refusal);
                        break;
                    }
                    Err(refusal) => {
                        // The same letter again has the same answer.
                        match refusal {
                            Refusal::UnknownMode { .. } => told.extend([(letter, true), (letter, false)]),
                            Refusal::NeedMoreWords { .. } => told.push((letter, on)),
                            _ => {}
                        }
                        cx.refuse(refusal);
                    }
                }
            }
        }
    }
    (changes, lists_bans)
}

fn list_bans(cx: &mut Cx<'_>, channel_id: ChannelId) {
    let channel = cx.channel(channel_id);
    let (name, bans) = (channel.name.clone(), channel.bans.clone());
    cx.reply(Reply::ChannelBans { channel: name, bans });
}

/// Makes one change. `None` when it changed nothing.
fn change_one(
    cx: &mut Cx<'_>,
    me: UserId,
    channel_id: ChannelId,
    letter: char,
    on: bool,
    words: &mut Cursor<'_>,
) -> Result<Option<ModeChange>, Refusal> {
    if let Some(rank) = Rank::ALL.into_iter().find(|rank| rank.letter() == letter) {
        return change_rank(cx, me, channel_id, rank, on, words);
    }
    let known = matches!(letter, 'b' | 'k' | 'l') || ChannelFlag::from_letter(letter).is_some();
    if !known {
        let channel = cx.channel(channel_id).name.clone();
        return Err(Refusal::UnknownMode { letter, channel });
    }
    require_operator(cx, me, channel_id)?;
    match (letter, ChannelFlag::from_letter(letter)) {
        (_, Some(flag)) => {
            let changed = cx.channel_mut(channel_id).modes.set(flag, on);
            Ok(changed.then_some(ModeChange::Flag { flag, on }))
        }
        ('k', _) => change_key(cx, channel_id, on, words),
        ('l', _) => change_limit(cx, channel_id, on, words),
        _ => change_ban(cx, me, channel_id, on, words),
    }
}

/// Only operators change modes. Who is not even on the channel is told that.
fn require_operator(cx: &Cx<'_>, me: UserId, channel_id: ChannelId) -> Outcome {
    if cx.channel(channel_id).members.contains_key(&me) || cx.user(me).is_operator() {
        return cx.require_operator(me, channel_id);
    }
    Err(Refusal::NotOnChannel { channel: cx.channel(channel_id).name.clone() })
}

fn change_rank(
    cx: &mut Cx<'_>,
    me: UserId,
    channel_id: ChannelId,
    rank: Rank,
    on: bool,
    words: &mut Cursor<'_>,
) -> Result<Option<ModeChange>, Refusal> {
    let Some(word) = words.next_word() else { return Err(words.missing()) };
    require_operator(cx, me, channel_id)?;
    let missing = || Refusal::NoSuchNick { nick: word.into() };
    let nick = Nick::new(word).map_err(|_| missing())?;
    let target = cx.state.user_by_nick(&nick).ok_or_else(missing)?;
    let (channel, nick) = (cx.channel(channel_id).name.clone(), cx.user(target).who.nick.clone());
    let Some(ranks) = cx.channel_mut(channel_id).members.get_mut(&target) else {
        return Err(Refusal::TheyAreNotOnChannel { nick, channel });
    };
    if !ranks.set(rank, on) {
        return Ok(None);
    }
    let seen = cx.state.counters.last_id;
    membership::keep_tie(cx, target, channel_id, Tied::Member, seen);
    Ok(Some(ModeChange::Rank { rank, on, nick }))
}

fn change_key(
    cx: &mut Cx<'_>,
    channel_id: ChannelId,
    on: bool,
    words: &mut Cursor<'_>,
) -> Result<Option<ModeChange>, Refusal> {
    let word = words.next_word();
    if !on {
        let had = cx.channel_mut(channel_id).modes.key.take();
        return Ok(had.map(|_| ModeChange::Key(None)));
    }
    let Some(key) = word else { return Err(words.missing()) };
    let fits = !key.is_empty() && key.len() <= KEY_BYTES_MAX && !key.contains([' ', ',', ':']);
    if !fits || key.chars().any(char::is_control) {
        let expected = format!("up to {KEY_BYTES_MAX} bytes without spaces, commas and colons");
        return Err(bad_parameter(cx, channel_id, 'k', "*", &expected));
    }
    let key: Text = key.into();
    cx.channel_mut(channel_id).modes.key = Some(key.clone());
    Ok(Some(ModeChange::Key(Some(key))))
}

fn change_limit(
    cx: &mut Cx<'_>,
    channel_id: ChannelId,
    on: bool,
    words: &mut Cursor<'_>,
) -> Result<Option<ModeChange>, Refusal> {
    if !on {
        let had = cx.channel_mut(channel_id).modes.limit.take();
        return Ok(had.map(|_| ModeChange::Limit(None)));
    }
    let Some(word) = words.next_word() else { return Err(words.missing()) };
    match word.parse::<u32>() {
        Ok(limit) if limit > 0 => {
            cx.channel_mut(channel_id).modes.limit = Some(limit);
            Ok(Some(ModeChange::Limit(Some(limit))))
        }
        _ => Err(bad_parameter(
            cx,
            channel_id,
            'l',
            if word.is_empty() { "*" } else { word },
            "a number of members above zero",
        )),
    }
}

fn bad_parameter(
    cx: &Cx<'_>,
    channel_id: ChannelId,
    letter: char,
    parameter: &str,
    expected: &str,
) -> Refusal {
    let channel = cx.channel(channel_id).name.clone();
    Refusal::BadModeParameter { channel, letter, parameter: parameter.into(), expected: expected.into() }
}

fn change_ban(
    cx: &mut Cx<'_>,
    me: UserId,
    channel_id: ChannelId,
    on: bool,
    words: &mut Cursor<'_>,
) -> Result<Option<ModeChange>, Refusal> {
    let Some(word) = words.next_word() else { return Err(words.missing()) };
    let bad = |why: MaskError| bad_parameter(cx, channel_id, 'b', word, &why.to_string());
    let mask = Mask::new(word).map_err(bad)?;
    let max = cx.state.settings().limits.bans_per_channel_max;
    let (setter, time): (Text, _) = (cx.who(me).to_string().into(), cx.now);
    let channel = cx.channel_mut(channel_id);
    let name = channel.name.clone();
    let there = channel.bans.iter().position(|ban| ban.mask == mask);
    // Others know a ban by its spelling in the list.
    let (change, mask) = match (on, there) {
        (true, Some(_)) | (false, None) => return Ok(None),
        (true, None) if channel.bans.len() >= max => {
            return Err(Refusal::BanListFull { channel: name, mask: word.into() });
        }
        (true, None) => {
            let ban = ChannelBan { mask: mask.clone(), setter, time };
            channel.bans.push(ban.clone());
            (Change::ChannelBan { channel: name, ban }, mask)
        }
        (false, Some(index)) => {
            let mask = channel.bans.remove(index).mask;
            (Change::ChannelUnban { channel: name, mask: mask.clone() }, mask)
        }
    };
    cx.save(change);
    Ok(Some(ModeChange::Ban { on, mask }))
}
