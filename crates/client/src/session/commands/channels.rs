//! Commands about channels.

use chat_model::sentence;

use super::super::{Joining, Session};
use super::{Problem, Words};
use crate::address::check_channel;

/// `/ls [#channel]`
pub(super) fn ls(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let name = words.channel(session)?;
    if let Some(channel) = session.channel_mut(&name) {
        channel.ls_wanted = true;
    }
    session.call("NAMES", &[&name]);
    Ok(())
}

/// `/join #channel [key]`
pub(super) fn join(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let word = words.word()?;
    let name = if session.support.is_channel(word) { word.to_owned() } else { format!("#{word}") };
    check_channel(&name, session.language()).map_err(|error| Problem::Because(error.to_string()))?;
    if session.is_joined(&name) {
        session.activate(&name);
        return Ok(());
    }
    let key = words.next();
    match key {
        Some(key) => session.call("JOIN", &[&name, key]),
        None => session.call("JOIN", &[&name]),
    }
    session.joining = Some(Joining { name, key: key.map(str::to_owned) });
    if session.options.interactive {
        // What is typed meanwhile is meant for there.
        session.stepping = true;
        session.call("PING", &["step"]);
    }
    Ok(())
}

/// `/part [#channel] [reason]`
pub(super) fn part(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let name = words.channel(session)?;
    match words.rest() {
        "" => session.call("PART", &[&name]),
        reason => session.call("PART", &[&name, reason]),
    }
    Ok(())
}

/// `/to #channel` or `/to nick`
pub(super) fn to(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let target = words.word()?;
    if session.support.is_channel(target) && !session.channels.contains_key(&session.support.fold(target)) {
        if !session.options.interactive {
            session.nowhere(target);
        }
        return Err(Problem::Because(sentence!(
            session.language(),
            en = "you are not in {target}: /join {target}",
            zh = "你不在 {target}，请先 /join {target}",
        )));
    }
    if session.is_active(target) {
        let text =
            sentence!(session.language(), en = "already talking to {target}", zh = "当前聊天已经是 {target}");
        session.info(text);
    } else {
        session.activate(target);
    }
    Ok(())
}

/// `/topic [#channel] [text]`
pub(super) fn topic(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let name = words.channel(session)?;
    match words.rest() {
        "" => session.call("TOPIC", &[&name]),
        text => session.call("TOPIC", &[&name, text]),
    }
    Ok(())
}
