//! Commands about channels.

use super::super::Session;
use super::{Problem, Words};

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
    if session.is_joined(&name) {
        session.activate(&name);
        return Ok(());
    }
    session.joining = Some(session.support.fold(&name));
    if !session.options.interactive {
        // What a script says next is for this channel, whether it may come in or not.
        session.active = Some(name.clone());
    }
    match words.next() {
        Some(key) => {
            session.options.channels.push((name.clone(), Some(key.to_owned())));
            session.call("JOIN", &[&name, key]);
        }
        None => session.call("JOIN", &[&name]),
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
        return Err(Problem::Because(format!("you are not in {target}: /join {target}")));
    }
    if session.is_active(target) {
        session.info(format!("already talking to {target}"));
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
