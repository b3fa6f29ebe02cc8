//! MODE (Modern IRC): reads and changes the modes of channels. Those of users are in [`super::usermode`].

use chat_model::Text;
use chat_model::call::{Call, Cursor};
use chat_model::change::{Change, StoredChannel};
use chat_model::event::Event;
use chat_model::id::{ChannelId, UserId};
use chat_model::limits::{KEY_BYTES_MAX, MODES_MAX};
use chat_model::mask::{Mask, MaskError};
use chat_model::mode::{ChannelFlag, ChannelModes, ModeChange, Rank};
use chat_model::refusal::{Expected, Refusal};
use chat_model::reply::{ChannelBan, CommandReply};

use super::{kick, usermode};
use crate::bans;
use crate::cx::{Cx, Outcome};
use crate::idle;
use crate::membership;
use crate::policy::{self, Right, sight};
use crate::storm;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    let target = words.word()?;
    if !target.starts_with('#') {
        return usermode::run(cx, me, target, &mut words);
    }
    let channel_id = cx.known_channel(me, target)?;
    match words.next_word().filter(|modes| !modes.is_empty()) {
        None => show(cx, me, channel_id),
        Some(modes) => change(cx, me, channel_id, modes, &mut words),
    }
}

fn show(cx: &mut Cx<'_>, me: UserId, channel_id: ChannelId) -> Outcome {
    let channel = cx.channel(channel_id);
    let mut modes = channel.modes.clone();
    if !sight::sees_key(cx, me, channel_id) {
        modes.key = None;
    }
    let (name, created) = (channel.name.clone(), channel.created);
    cx.reply(CommandReply::ChannelModes { channel: name, modes, created });
    Ok(())
}

/// One MODE under way.
struct Changing {
    me: UserId,
    channel_id: ChannelId,
    /// What the modes are to be, bans and ranks aside.
    modes: ChannelModes,
    /// What was changed so far.
    changes: Vec<ModeChange>,
    /// Whether anything of it was only for an operator of the server to do.
    overrides: bool,
    /// Whether the bans are asked for.
    lists_bans: bool,
}

impl Changing {
    /// Notes by what right something is changed. What goes on record must be stored for that.
    fn allow(&mut self, cx: &Cx<'_>, right: Right) -> Outcome {
        self.overrides |= right.is_override();
        if self.overrides { cx.require_storage() } else { Ok(()) }
    }
}

fn change(
    cx: &mut Cx<'_>,
    me: UserId,
    channel_id: ChannelId,
    modes: &str,
    words: &mut Cursor<'_>,
) -> Outcome {
    let draft = cx.channel(channel_id).modes.clone();
    let (changes, overrides, lists_bans) = (Vec::new(), false, false);
    let mut changing = Changing { me, channel_id, modes: draft, changes, overrides, lists_bans };
    change_each(cx, &mut changing, modes, words);
    finish(cx, changing)
}

/// Tells everybody of what was changed, and has stored what of it is the channel's own.
fn finish(cx: &mut Cx<'_>, changing: Changing) -> Outcome {
    let (channel_id, changing_user) = (changing.channel_id, changing.me);
    let Changing { modes, changes, overrides, lists_bans, .. } = changing;
    // Once, however often it is asked for: a list is much longer than a letter.
    if lists_bans {
        list_bans(cx, channel_id);
    }
    if changes.is_empty() {
        return Ok(());
    }
    idle::used(cx, channel_id);
    storm::reveal(cx, channel_id, changing_user);
    if modes != cx.channel(channel_id).modes {
        let stored = StoredChannel { modes: modes.clone(), ..cx.channel(channel_id).stored() };
        cx.save(Change::Channel(stored))?;
        cx.channel_mut(channel_id).modes = modes;
    }
    let (at, by) = (cx.stamp(), cx.source());
    let (to, channel) = (cx.state.audience(channel_id), cx.channel(channel_id).name.clone());
    let detail = changes.iter().map(ModeChange::to_string).collect::<Vec<_>>().join(" ");
    cx.publish(to, Event::ChannelMode { at, by, channel: channel.clone(), changes });
    if overrides { cx.audit_override(&channel, &detail) } else { Ok(()) }
}

/// Letter by letter.
fn change_each(cx: &mut Cx<'_>, changing: &mut Changing, modes: &str, words: &mut Cursor<'_>) {
    let (mut on, mut answered, mut tried) = (true, Vec::new(), 0);
    for letter in modes.chars() {
        match letter {
            '+' | '-' => on = letter == '+',
            'b' if words.is_empty() => changing.lists_bans = true,
            // A line can hold hundreds of them, and be answered with as many lines.
            _ if answered.contains(&(letter, on)) => {}
            _ if tried == MODES_MAX => {
                let channel = cx.channel(changing.channel_id).name.clone();
                cx.refuse(Refusal::TooManyModes { letter, channel });
                break;
            }
            _ => {
                tried += 1;
                let Err(refusal) = change_one(cx, changing, letter, on, words) else { continue };
                let is_last = ends_all(&refusal);
                match refusal {
                    // The same letter again has the same answer.
                    Refusal::UnknownMode { .. } => answered.extend([(letter, true), (letter, false)]),
                    Refusal::NeedMoreWords { .. } => answered.push((letter, on)),
                    _ => {}
                }
                cx.refuse(refusal);
                if is_last {
                    break;
                }
            }
        }
    }
}

/// Whether no other change of the same call can have another answer.
fn ends_all(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::NotChannelOperator { .. } | Refusal::NotOnChannel { .. } | Refusal::StorageUnavailable
    )
}

fn list_bans(cx: &mut Cx<'_>, channel_id: ChannelId) {
    let channel = cx.channel(channel_id);
    let (name, bans) = (channel.name.clone(), channel.bans.clone());
    cx.reply(CommandReply::ChannelBans { channel: name, bans });
}

/// Makes one change.
fn change_one(
    cx: &mut Cx<'_>,
    changing: &mut Changing,
    letter: char,
    on: bool,
    words: &mut Cursor<'_>,
) -> Outcome {
    if let Some(rank) = Rank::from_letter(letter) {
        return change_rank(cx, changing, rank, on, words);
    }
    let flag = ChannelFlag::from_letter(letter);
    if !matches!(letter, 'b' | 'k' | 'l') && flag.is_none() {
        let channel = cx.channel(changing.channel_id).name.clone();
        return Err(Refusal::UnknownMode { letter, channel });
    }
    let right = policy::channel::may_change_mode(cx, changing.me, changing.channel_id, letter)?;
    changing.allow(cx, right)?;
    // Together they are one row of the channel, which is stored in the end.
    cx.require_storage()?;
    match (letter, flag) {
        (_, Some(flag)) => {
            if changing.modes.set(flag, on) {
                changing.changes.push(ModeChange::Flag { flag, on });
            }
            Ok(())
        }
        ('k', _) => change_key(cx, changing, on, words),
        ('l', _) => change_limit(cx, changing, on, words),
        _ => change_ban(cx, changing, on, words),
    }
}

fn change_rank(
    cx: &mut Cx<'_>,
    changing: &mut Changing,
    rank: Rank,
    on: bool,
    words: &mut Cursor<'_>,
) -> Outcome {
    let (me, channel_id) = (changing.me, changing.channel_id);
    let Some(word) = words.next_word() else { return Err(words.missing()) };
    policy::channel::may_change_ranks(cx, me, channel_id)?;
    let target = kick::member(cx, channel_id, word)?;
    let right = policy::channel::may_change_rank(cx, me, &target, channel_id, rank, on)?;
    if rank == Rank::Founder && on && target.account.is_none() {
        // It would be gone with the nickname.
        return Err(bad_parameter(cx, channel_id, 'q', word, Expected::LoggedInNick));
    }
    changing.allow(cx, right)?;
    if membership::set_rank(cx, &target, channel_id, rank, on)? {
        target.user.into_iter().for_each(|id| storm::reveal(cx, channel_id, id));
        changing.changes.push(ModeChange::Rank { rank, on, nick: target.nick });
    }
    Ok(())
}

fn change_key(cx: &mut Cx<'_>, changing: &mut Changing, on: bool, words: &mut Cursor<'_>) -> Outcome {
    let word = words.next_word();
    if !on {
        if changing.modes.key.take().is_some() {
            changing.changes.push(ModeChange::Key(None));
        }
        return Ok(());
    }
    let Some(key) = word else { return Err(words.missing()) };
    let fits = !key.is_empty() && key.len() <= KEY_BYTES_MAX && !key.contains([' ', ',', ':']);
    if !fits || key.chars().any(char::is_control) {
        return Err(bad_parameter(cx, changing.channel_id, 'k', "*", Expected::ChannelKey));
    }
    let key: Text = key.into();
    changing.modes.key = Some(key.clone());
    changing.changes.push(ModeChange::Key(Some(key)));
    Ok(())
}

fn change_limit(cx: &mut Cx<'_>, changing: &mut Changing, on: bool, words: &mut Cursor<'_>) -> Outcome {
    if !on {
        if changing.modes.limit.take().is_some() {
            changing.changes.push(ModeChange::Limit(None));
        }
        return Ok(());
    }
    let Some(word) = words.next_word() else { return Err(words.missing()) };
    let Some(limit) = word.parse::<u32>().ok().filter(|limit| *limit > 0) else {
        let word = if word.is_empty() { "*" } else { word };
        return Err(bad_parameter(cx, changing.channel_id, 'l', word, Expected::Members));
    };
    changing.modes.limit = Some(limit);
    changing.changes.push(ModeChange::Limit(Some(limit)));
    Ok(())
}

fn bad_parameter(
    cx: &Cx<'_>,
    channel_id: ChannelId,
    letter: char,
    parameter: &str,
    expected: Expected,
) -> Refusal {
    let channel = cx.channel(channel_id).name.clone();
    Refusal::BadModeParameter { channel, letter, parameter: parameter.into(), expected }
}

fn change_ban(cx: &mut Cx<'_>, changing: &mut Changing, on: bool, words: &mut Cursor<'_>) -> Outcome {
    let channel_id = changing.channel_id;
    let Some(word) = words.next_word() else { return Err(words.missing()) };
    let bad = |why: MaskError| bad_parameter(cx, channel_id, 'b', word, Expected::Mask(why));
    let mask = Mask::new(word).map_err(bad)?;
    let max = cx.state.settings().limits.bans_per_channel_max;
    let (setter, time): (Text, _) = (cx.who(changing.me).to_string().into(), cx.now);
    let channel = cx.channel(channel_id);
    let name = channel.name.clone();
    let there = channel.bans.iter().position(|ban| ban.mask == mask);
    match (on, there) {
        (true, Some(_)) | (false, None) => {}
        (true, None) if channel.bans.len() >= max => {
            return Err(Refusal::BanListFull { channel: name, mask: word.into() });
        }
        (true, None) => {
            let ban = ChannelBan { mask: mask.clone(), setter, time };
            cx.save(Change::ChannelBan { channel: name, ban: ban.clone() })?;
            cx.channel_mut(channel_id).bans.push(ban);
            take_back_invitations(cx, channel_id, &mask);
            changing.changes.push(ModeChange::Ban { on, mask });
        }
        (false, Some(index)) => {
            // Others know a ban by its spelling in the list.
            let mask = channel.bans[index].mask.clone();
            cx.save(Change::ChannelUnban { channel: name, mask: mask.clone() })?;
            cx.channel_mut(channel_id).bans.remove(index);
            changing.changes.push(ModeChange::Ban { on, mask });
        }
    }
    Ok(())
}

/// An invitation opens the door past earlier bans; a later one is meant for whoever was invited, too.
fn take_back_invitations(cx: &mut Cx<'_>, channel_id: ChannelId, mask: &Mask) {
    let is_invited = |id: &UserId| cx.user(*id).invited.contains(&channel_id);
    let invited = cx.state.users.iter().map(|(id, _)| *id).filter(is_invited);
    let banned: Vec<_> = invited.filter(|id| bans::covers_user(cx, mask, *id)).collect();
    for id in banned {
        cx.user_mut(id).invited.remove(&channel_id);
    }
}
